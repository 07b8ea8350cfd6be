"""Why a message is set aside: what `explain` prints, and what the digest says in the director's language."""

from __future__ import annotations

SEVERAL_SENDERS = "more than one From address, so nobody knows who wrote it"
NOT_PROVED = "the mail server says that DMARC failed: the sender is not proved"
NOT_HIS = "it says it is from the director and decides, but only turned up in INBOX: not obeyed"
FOREIGN_TICKET = "it bears a token that was made for somebody else, or was used before: not obeyed"
UNREADABLE_RESULT = "nobody can read what the mail server says of its sender: the sender is not proved"
WAITS = "it answers a letter of ours as the director, but lies only in the inbox: it waits for its copy in Sent"
UNPROVED = "it decides, but who wrote it is not proved: not obeyed, and the one it names is asked"
LOST_LETTER = "it answers a letter of ours that the store doesn't know: not obeyed, and its sender is asked"
REFUSALS = (SEVERAL_SENDERS, NOT_PROVED, NOT_HIS, FOREIGN_TICKET, UNREADABLE_RESULT)
# Those about which the one who decides is asked.
ASKED = (WAITS, UNPROVED, LOST_LETTER)
WHICH_DUTY = "it answers a letter about several duties and does not say which it is for"
