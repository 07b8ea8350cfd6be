"""Opening: a message's bytes → a letter, its sender's own words, and the texts of what is attached."""
