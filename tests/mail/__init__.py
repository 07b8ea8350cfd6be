"""The corpus: messages as Chinese offices write them, each beside what it says. People and texts are invented.

`python -m tests.mail.generate` writes the files anew from the tables beside this one; the files are what counts.
"""
