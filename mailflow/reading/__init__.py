"""A message's bytes → what it says. Pure: no store, no wires, no clock. `reading.read` is the one way in."""

from mailflow.reading.context import Context, Disposition, Reading
from mailflow.reading.message import read
from mailflow.reading.opening.letter import Letter, open_letter

__all__ = ["Context", "Disposition", "Letter", "Reading", "open_letter", "read"]
