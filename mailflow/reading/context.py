"""What reading goes by and what it finds, as values: the context of a message, and what a message says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from mailflow.reading.answers.findings import Item, Unsettled
from mailflow.reading.opening.attachments import Attachment
from mailflow.reading.opening.letter import Letter
from mailflow.reading.opening.quoting import OwnWords
from mailflow.reading.staff.correction import Refiling
from mailflow.reading.staff.purpose import Purpose
from mailflow.rules.duties import Duty
from mailflow.rules.office import Office
from mailflow.rules.people import Person
from mailflow.rules.periods import Period
from mailflow.rules.review import Decision, Likely
from mailflow.rules.submission import Submission, Target
from mailflow.wire import TO_DECIDERS, Folder


class Disposition(StrEnum):
    """What a message is to mailflow. `own-letter` is one it wrote; `other` is none of its business."""

    SUBMISSION = "submission"
    DECISION = "decision"
    AUTO_REPLY = "auto-reply"
    BOUNCE = "bounce"
    OWN_LETTER = "own-letter"
    OTHER = "other"
    STRANGER = "stranger"
    QUARANTINE = "quarantine"


@dataclass(frozen=True)
class Answered:
    """The letter of ours that a message answers: to whom alone it went, and the rows of one to a reviewer.

    `direct`: it is the one message in In-Reply-To, and not merely among the References. `shown`: its Message-ID was
    seen in a mail to somebody else. `proof`: it asks whether an earlier mail was his.
    `taps` are what it proposed of one thing with the words of each, `likely` what it proposed of many, `token` that
    by which it was found where the mail answers no message, `proposed_at` when his mail arrived that it asks about, or
    when it was written itself.
    """

    kind: str
    to: str = ""
    dues: tuple[tuple[str, Period], ...] = ()
    in_reply_to: str = ""
    items: tuple[Item, ...] = ()
    direct: bool = True
    shown: bool = False
    proof: bool = False
    taps: tuple[tuple[str, Decision], ...] = ()
    likely: Likely | None = None
    token: str = ""
    proposed_at: datetime | None = None

    @property
    def proposal(self) -> Decision | None:
        """What it proposed where it was one thing: what a plain yes means."""
        return self.taps[0][1] if len(self.taps) == 1 else None

    @property
    def asks_a_decider(self) -> bool:
        """Whether it is one that only deciders get."""
        return bool(self.items) or self.kind in TO_DECIDERS


@dataclass(frozen=True)
class Ticket:
    """A token of ours that a message bears: for whom it was made, what it answers, whether it was used before, and
    whether somebody else has seen it. `proposed_at`: it says yes to what was proposed then;
    `taps` are the decisions that its letter proposes, with the words that a tap sends."""

    token: str
    target: Target
    reviewer: str
    used: bool
    shown: bool = False
    proposed_at: datetime | None = None
    taps: tuple[tuple[str, Decision], ...] = ()


@dataclass(frozen=True)
class Context:
    """All that the handling of one message needs to know of what is remembered. Without a store: the defaults.

    `answered` is what the one message in In-Reply-To is about, if that very message is a submission or a letter of
    ours; `thread` what the nearest known message of its thread is about. `original` is the text of the submission that
    is answered, `letter` that of the letter of ours, `borne_twice` that other mail bears its Message-ID too.
    `cites`: it names a letter to a decider, or a token; `lost`: it names one of our making that the store doesn't know.
    `foreign_subject`: somebody else of the roster has used the same subject before. `waited`: the time that the
    director's mail in INBOX has for its twin in Sent is over. `aside`: it lies in a folder such as Junk.
    """

    own_message_ids: frozenset[str] = frozenset()
    answered_letter: Answered | None = None
    answered: tuple[Target, ...] = ()
    thread: tuple[Target, ...] = ()
    by_code: tuple[Target, ...] = ()
    held: Mapping[str, tuple[Submission, ...]] = field(default_factory=dict)
    original: str = ""
    letter: str = ""
    borne_twice: bool = False
    tickets: tuple[Ticket, ...] = ()
    cites: bool = False
    lost: bool = False
    foreign_subject: bool = False
    waited: bool = False
    aside: bool = False
    knows_store: bool = False


@dataclass(frozen=True)
class Ruling:
    """The director's decision on one submission; `target` is None where it isn't known which.

    `proposed_at`: he only says yes to what we proposed then, so what he has decided since stands. `empty`: he sent a
    link's mail as it opened, without a word of what is to be changed or a mark.
    """

    duty_id: str
    decision: Decision
    target: Target | None = None
    words: str = ""
    token: str = ""
    proposed_at: datetime | None = None
    empty: bool = False


@dataclass(frozen=True)
class Grant:
    """Something that a person is excused from by name."""

    person: Person
    duty: Duty
    period: Period
    reason: str


@dataclass(frozen=True)
class Reading:
    """What a message says. `why` is for quarantine, `reasons` for everybody; `marks` are the words that decided.

    `many`: an answer with a line a person, to a letter with these `items`; its `unsettled` words were not sure.
    `excused` and `deputy` are what the director grants besides; `spoken_of` the submissions that words are about which
    decide nothing.
    """

    letter: Letter
    person: Person | None
    disposition: Disposition
    reasons: tuple[str, ...]
    words: OwnWords
    attachments: tuple[Attachment, ...] = ()
    purposes: tuple[Purpose, ...] = ()
    refiling: Refiling | None = None
    rulings: tuple[Ruling, ...] = ()
    many: bool = False
    items: tuple[Item, ...] = ()
    unsettled: tuple[Unsettled, ...] = ()
    excused: tuple[Grant, ...] = ()
    deputy: tuple[Person, date, date] | None = None
    subject_person: Person | None = None
    spoken_of: tuple[Target, ...] = ()
    empty: bool = False
    why: str = ""
    marks: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The sender's own words; of a forwarded submission, the forwarded text after them."""
        return "\n".join(part for part in (self.words.text, self.words.forwarded) if part)


@dataclass(frozen=True)
class Inputs:
    """One message and all that is known of it."""

    letter: Letter
    office: Office
    context: Context
    received_at: datetime
    role: Folder
    person: Person
    words: OwnWords
