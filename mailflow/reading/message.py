"""One message, read: who wrote it, what it is, and what it says, with the reasons. `read` is the one way in."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from mailflow.reading.answers.ruling import decision
from mailflow.reading.context import Context, Disposition, Inputs, Reading
from mailflow.reading.opening.charsets import fold
from mailflow.reading.opening.letter import Letter
from mailflow.reading.opening.quoting import OwnWords, beside_original, own_words
from mailflow.reading.opening.signing import without_signature
from mailflow.reading.opening.wrapping import requoted
from mailflow.reading.staff.submitting import submission
from mailflow.reading.trusting.authenticity import Vouched, vouched
from mailflow.reading.trusting.automatic import Automatic, automatic
from mailflow.reading.trusting.belief import Belief, believed
from mailflow.reading.trusting.claiming import claim_of
from mailflow.reading.trusting.refusals import (
    FOREIGN_TICKET,
    LOST_LETTER,
    NOT_HIS,
    NOT_PROVED,
    SEVERAL_SENDERS,
    UNPROVED,
    UNREADABLE_RESULT,
    WAITS,
)
from mailflow.reading.words import ACKNOWLEDGEMENT
from mailflow.rules.office import Office
from mailflow.rules.people import Person, Role
from mailflow.wire import Folder

_REFUSED = {Vouched.FAILED: NOT_PROVED, Vouched.UNREADABLE: UNREADABLE_RESULT}
_BELIEVED = {
    Belief.BY_PLACE: "it lies in the Sent folder, where only he can put it",
    Belief.BY_LETTER: "it answers a letter that went to him alone",
    Belief.BY_TOKEN: "it bears a token that was made for him",
}
_UNDECIDED = {Belief.WAITS: WAITS, Belief.UNPROVED: UNPROVED, Belief.SHOWN: NOT_HIS}


def read(letter: Letter, received_at: datetime, role: Folder, office: Office, context: Context) -> Reading:
    """What the message says, for a mail that lies in that folder since that instant. Pure and never raises."""
    senders = [address for _, address in letter.senders]
    words = _words(letter, senders, context.original or context.letter)
    person = office.roster.by_address(senders[0]) if len(senders) == 1 else None
    if context.original and person is office.roster.director:
        words = beside_original(words, context.original)
    unread = Reading(letter, person, Disposition.OTHER, (), words)
    if found := _nobodys(unread, senders, office, context):
        return found
    if person is None:
        return _as(unread, Disposition.STRANGER, "the sender is not in the roster")
    inputs = Inputs(letter, office, context, received_at, role, person, words)
    vouch = Vouched.UNSAID if role is Folder.SENT else vouched(letter, office.trusted_authserv)
    return _refused(unread, inputs, vouch) or _by_belief(unread, inputs, vouch)


def _words(letter: Letter, senders: list[str], original: str) -> OwnWords:
    """What the sender wrote himself; where lines below quoted ones may be the other's, `above` is surely his."""
    text = requoted(letter.text, original)
    words = own_words(text.text, letter.quoted, senders)
    if text.sure is None:
        return words
    surely = own_words(text.sure, letter.quoted, senders).text
    return replace(words, above=surely) if surely != words.text else words


def _as(unread: Reading, disposition: Disposition, *reasons: str) -> Reading:
    """The message as what it turned out to be; one that is set aside says why."""
    why = reasons[0] if disposition is Disposition.QUARANTINE else ""
    return replace(unread, disposition=disposition, reasons=reasons, why=why)


def _nobodys(unread: Reading, senders: list[str], office: Office, context: Context) -> Reading | None:
    """What no one person wrote: our own letters, what a program sends by itself, what several say they wrote."""
    letter = unread.letter
    if _is_own(letter, senders, office, context):
        return _as(unread, Disposition.OWN_LETTER, "a letter that mailflow wrote itself")
    if auto := automatic(letter):
        kind, reason = auto
        return _as(unread, Disposition.BOUNCE if kind is Automatic.BOUNCE else Disposition.AUTO_REPLY, reason)
    if len(senders) > 1 or len(letter.headers.get("from", ())) > 1:
        if office.roster.known(senders):
            return _as(unread, Disposition.QUARANTINE, SEVERAL_SENDERS)
        return _as(unread, Disposition.STRANGER, "more than one From address")
    return None


def _refused(unread: Reading, inputs: Inputs, vouch: Vouched) -> Reading | None:
    """What is not looked at for where it lies, or for what the mail server says of its sender."""
    if inputs.role is Folder.SENT and inputs.person.role is not Role.DIRECTOR:
        return _as(unread, Disposition.OTHER, "in Sent, but not from the director's address")
    if inputs.context.aside and vouch not in (Vouched.PASSED, Vouched.UNSAID):
        return _as(unread, Disposition.STRANGER, "it was filed as junk and its sender is not proved")
    return _as(unread, Disposition.QUARANTINE, _REFUSED[vouch]) if vouch in _REFUSED else None


def _by_belief(unread: Reading, inputs: Inputs, vouch: Vouched) -> Reading:
    """What it decides, where it is believed; else what it brings."""
    person, claim = inputs.person, claim_of(inputs, vouch)
    belief = believed(claim)
    if belief.obeyed:
        return _lost(inputs) or _decision(inputs, _BELIEVED[belief])
    if belief in _UNDECIDED:
        said = _lost(inputs) or _decision(inputs, "it merely turned up in INBOX")
        if said.disposition in (Disposition.DECISION, Disposition.QUARANTINE):
            why = _UNDECIDED[belief]
            return replace(said, disposition=Disposition.QUARANTINE, why=why, reasons=(why, *said.reasons))
        if person.role is Role.DIRECTOR:
            return replace(said, disposition=Disposition.OTHER)
    if belief is Belief.FOREIGN:
        return _as(unread, Disposition.QUARANTINE, FOREIGN_TICKET)
    if person.role is Role.OBSERVER:
        return _as(unread, Disposition.OTHER, "an observer owes nothing")
    if claim.ticketed:
        return _as(unread, Disposition.QUARANTINE, FOREIGN_TICKET)
    found = submission(inputs)
    return (_lost(inputs) or found) if found.disposition is Disposition.OTHER else found


def _decision(inputs: Inputs, why: str) -> Reading:
    """What a decider's words decide, read without the signature that he types below them: its numbers are no scores."""
    names, words = _names(inputs.person, inputs.letter), inputs.words
    above = words.above and without_signature(words.above, names)
    unsigned = replace(words, text=without_signature(words.text, names), above=above)
    return replace(decision(replace(inputs, words=unsigned), why), words=words)


def _names(person: Person, letter: Letter) -> list[str]:
    return [person.name, *(name for name, _ in letter.senders)]


def _lost(inputs: Inputs) -> Reading | None:
    """An answer to a letter that the store has lost (a backup was restored): what it is about must be asked."""
    context = inputs.context
    if not context.lost or context.answered or context.answered_letter or context.tickets:
        return None
    if ACKNOWLEDGEMENT.fullmatch(fold(inputs.words.text) or "好") and not inputs.letter.parts:
        return None
    reasons = (LOST_LETTER, f"own words: {inputs.words.rule}")
    return Reading(inputs.letter, inputs.person, Disposition.QUARANTINE, reasons, inputs.words, why=LOST_LETTER)


def _is_own(letter: Letter, senders: list[str], office: Office, context: Context) -> bool:
    if letter.message_id in context.own_message_ids:
        return True
    director = office.roster.director.addresses
    return bool(letter.header("x-mailflow")) and any(sender in director for sender in senders)
