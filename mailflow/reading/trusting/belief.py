"""Belief: whether a mail is taken as its decider's own word. The rule book's "Who is believed" as one function.

In Sent only the director himself can lay a mail. In INBOX nothing but a secret tells who decides (the Message-ID of a
letter that went to him alone, or a token made for him), and a secret that others have seen tells nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mailflow.reading.trusting.authenticity import Vouched
from mailflow.wire import Folder


class Belief(StrEnum):
    """What becomes of a mail that would decide.

    `obeyed` by its place, its letter or its token; `waits`: the director's in INBOX, until its twin lies in Sent;
    `unproved`: its decider is asked whether it is his; `shown`: it cites nothing of ours and is only shown to the
    director; `foreign`: it bears a token of somebody else's; `nothing`: he is no decider, so it decides nothing.
    """

    BY_PLACE = "by-place"
    BY_LETTER = "by-letter"
    BY_TOKEN = "by-token"  # noqa: S105 - no password
    WAITS = "waits"
    UNPROVED = "unproved"
    SHOWN = "shown"
    FOREIGN = "foreign"
    NOTHING = "nothing"

    @property
    def obeyed(self) -> bool:
        """Whether what it says is done."""
        return self in (Belief.BY_PLACE, Belief.BY_LETTER, Belief.BY_TOKEN)


class Sender(StrEnum):
    """Who a mail says it is from: the director, somebody who decides for him or beside him, or anybody else."""

    DIRECTOR = "director"
    DECIDER = "decider"
    OTHER = "other"


@dataclass(frozen=True)
class Claim:
    """What is known of a mail's right to decide.

    `vouched`: the word of the mail server. `letter`: it answers a letter that went to its sender alone, which nobody
    else has seen; `proof`: that letter asked whether an earlier mail was his. `token`: it bears an unused token that
    was made for its sender, which nobody else has seen. `alone`: it went to nobody but the mailbox. `cites`: it names
    a Message-ID or token of ours anywhere; `ticketed`: its subject bears one; `answers`: it answers a submission.
    `waited`: its time for a twin in Sent is over.
    """

    folder: Folder
    sender: Sender
    vouched: Vouched = Vouched.UNSAID
    require_pass: bool = False
    letter: bool = False
    proof: bool = False
    token: bool = False
    alone: bool = True
    cites: bool = False
    ticketed: bool = False
    answers: bool = False
    waited: bool = False


def believed(claim: Claim) -> Belief:
    """What becomes of the mail, whatever it decides."""
    if claim.folder is Folder.SENT:
        return Belief.BY_PLACE if claim.sender is Sender.DIRECTOR else Belief.NOTHING
    vouched = claim.vouched is Vouched.PASSED or (claim.vouched is Vouched.UNSAID and not claim.require_pass)
    secret = vouched and claim.alone
    if claim.sender is Sender.DIRECTOR:
        if not claim.cites:
            return Belief.SHOWN
        if not claim.waited:
            return Belief.WAITS
        return Belief.BY_LETTER if secret and claim.letter and claim.proof else Belief.UNPROVED
    if claim.sender is Sender.DECIDER:
        if secret and claim.letter:
            return Belief.BY_LETTER
        if secret and claim.token:
            return Belief.BY_TOKEN
        if claim.cites or claim.answers:
            return Belief.UNPROVED
    return Belief.FOREIGN if claim.ticketed else Belief.NOTHING
