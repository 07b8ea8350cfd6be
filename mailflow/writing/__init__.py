"""What is to be said → a letter's bytes, the mirror of reading. Pure: wording, notices, MIME."""
