"""Many at once: an answer to a letter that lists many, of which each part is about somebody.

names: how people are called; segments: whom each part is about; tables: parts written as rows and columns; rows: what a
part says of one row. `mailflow.reading.answers.lines` puts them together.
"""
