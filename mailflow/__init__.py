"""mailflow: weekly plans and summaries, reviewed and scored from the director's own mailbox."""

__version__ = "0.1.0"
