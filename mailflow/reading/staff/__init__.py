"""Staff: what a mail of the staff is meant as, and for which period."""
