"""One message, read: who wrote it, what it is, and what it says, with the reasons. `read` is the one way in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from mailflow.reading.attachments import Attachment, read_attachment
from mailflow.reading.authenticity import Vouched, vouched
from mailflow.reading.automatic import Automatic, automatic
from mailflow.reading.charsets import fold
from mailflow.reading.correction import Refiling, refiling
from mailflow.reading.letter import Letter
from mailflow.reading.purpose import Purpose, named_duties, purposes, sources
from mailflow.reading.quoting import OwnWords, beside_original, own_words
from mailflow.reading.verdict import read_verdicts
from mailflow.reading.words import ACKNOWLEDGEMENT, CODE, bare_subject
from mailflow.rules.duties import Review
from mailflow.rules.office import Office
from mailflow.rules.people import Person, Role
from mailflow.rules.periods import Period
from mailflow.rules.review import Decision, Verdict
from mailflow.rules.submission import Submission, Target
from mailflow.wire import Folder

# Why a message is set aside; the digest says these in the director's language.
SEVERAL_SENDERS = "more than one From address, so nobody knows who wrote it"
NOT_PROVED = "the mail server says that DMARC failed: the sender is not proved"
_DIGEST = "it answers the digest, which is about many"
NOT_HIS = "it says it is from the director and decides, but only turned up in INBOX: not obeyed"
WHICH_DUTY = "it answers a letter about several duties and does not say which it is for"


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
    """The letter of ours that a message answers."""

    kind: str
    to_director_alone: bool
    dues: tuple[tuple[str, Period], ...] = ()
    in_reply_to: str = ""


@dataclass(frozen=True)
class Context:
    """All that the handling of one message needs to know of what is remembered. Without a store: the defaults.

    `answers_chat`: the mail that is answered is one of the staff's that was no submission. `original` is the text of
    the submission that is answered.
    """

    own_message_ids: frozenset[str] = frozenset()
    answered_letter: Answered | None = None
    thread: tuple[Target, ...] = ()
    by_code: tuple[Target, ...] = ()
    held: Mapping[str, tuple[Submission, ...]] = field(default_factory=dict)
    answers_chat: bool = False
    original: str = ""
    knows_store: bool = False


@dataclass(frozen=True)
class Ruling:
    """The director's decision on one submission; `target` is None where it isn't known which."""

    duty_id: str
    decision: Decision
    target: Target | None = None


@dataclass(frozen=True)
class Reading:
    """What a message says. `why` is for quarantine, `reasons` for everybody; `marks` are the words that decided."""

    letter: Letter
    person: Person | None
    disposition: Disposition
    reasons: tuple[str, ...]
    words: OwnWords
    attachments: tuple[Attachment, ...] = ()
    purposes: tuple[Purpose, ...] = ()
    refiling: Refiling | None = None
    rulings: tuple[Ruling, ...] = ()
    subject_person: Person | None = None
    empty: bool = False
    why: str = ""
    marks: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The sender's own words; of a forwarded submission, the forwarded text after them."""
        return "\n".join(part for part in (self.words.text, self.words.forwarded) if part)


@dataclass(frozen=True)
class _Inputs:
    letter: Letter
    office: Office
    context: Context
    received_at: datetime
    role: Folder
    person: Person
    words: OwnWords


def read(letter: Letter, received_at: datetime, role: Folder, office: Office, context: Context) -> Reading:
    """What the message says, for a mail that lies in that folder since that instant. Pure and never raises."""
    senders = [address for _, address in letter.senders]
    words = own_words(letter.text, letter.quoted, senders)
    person = office.roster.by_address(senders[0]) if len(senders) == 1 else None
    if context.original and person is office.roster.director:
        words = beside_original(words, context.original)

    def result(disposition: Disposition, *reasons: str, why: str = "") -> Reading:
        return Reading(letter, person, disposition, reasons, words, why=why)

    if _is_own(letter, senders, office, context):
        return result(Disposition.OWN_LETTER, "a letter that mailflow wrote itself")
    if auto := automatic(letter):
        kind, reason = auto
        return result(Disposition.BOUNCE if kind is Automatic.BOUNCE else Disposition.AUTO_REPLY, reason)
    if len(senders) > 1 or len(letter.headers.get("from", ())) > 1:
        if office.roster.known(senders):
            return result(Disposition.QUARANTINE, SEVERAL_SENDERS, why=SEVERAL_SENDERS)
        return result(Disposition.STRANGER, "more than one From address")
    if person is None:
        return result(Disposition.STRANGER, "the sender is not in the roster")
    inputs = _Inputs(letter, office, context, received_at, role, person, words)
    if role is Folder.SENT:
        if person.role is not Role.DIRECTOR:
            return result(Disposition.OTHER, "in Sent, but not from the director's address")
        return _decision(inputs, "it lies in the Sent folder, where only he can put it")
    vouch = vouched(letter, office.trusted_authserv)
    if vouch is Vouched.FAILED:
        return result(Disposition.QUARANTINE, NOT_PROVED, why=NOT_PROVED)
    if person.role is Role.DIRECTOR:
        return _from_director_in_inbox(inputs, vouch)
    if person.role is Role.OBSERVER:
        return result(Disposition.OTHER, "an observer owes nothing")
    return _submission(inputs)


def _is_own(letter: Letter, senders: list[str], office: Office, context: Context) -> bool:
    if letter.message_id in context.own_message_ids:
        return True
    director = office.roster.director.addresses
    return bool(letter.header("x-mailflow")) and any(sender in director for sender in senders)


def _from_director_in_inbox(inputs: _Inputs, vouch: Vouched) -> Reading:
    answered = inputs.context.answered_letter
    believed = answered is not None and answered.to_director_alone and vouch in (Vouched.PASSED, Vouched.UNSAID)
    if believed:
        return _decision(inputs, "it answers a letter that went to him alone")
    reading = _decision(inputs, "it merely turned up in INBOX")
    if reading.disposition is Disposition.DECISION:
        return Reading(inputs.letter, inputs.person, Disposition.QUARANTINE, (NOT_HIS,), inputs.words, why=NOT_HIS)
    return Reading(inputs.letter, inputs.person, Disposition.OTHER, reading.reasons, inputs.words)


def _submission(inputs: _Inputs) -> Reading:
    """A mail of the staff: a version of one submission or of several, or none of our business."""
    letter, office, words = inputs.letter, inputs.office, inputs.words
    arrival = inputs.received_at.astimezone(office.zone).date()
    _, is_reply = bare_subject(letter.subject)
    is_reply = is_reply or bool(letter.in_reply_to)
    answered = inputs.context.answered_letter
    filenames = [part.filename for part in letter.parts]
    body = "\n".join(part for part in (words.text, words.forwarded) if part)

    def result(disposition: Disposition, *reasons: str) -> Reading:
        return Reading(letter, inputs.person, disposition, (*reasons, f"own words: {words.rule}"), words)

    if is_reply and not filenames and not words.forwarded and ACKNOWLEDGEMENT.fullmatch(fold(body) or "好"):
        return result(Disposition.OTHER, "an answer that only acknowledges")
    if answered and answered.kind == "receipt" and not filenames and not words.forwarded:
        told = [(duty, period) for duty_id, period in answered.dues if (duty := office.duty(duty_id))]
        if corrected := refiling(body, told, office.duties, arrival):
            was, meant = (f"{duty.id} {period}" for duty, period in (corrected.booked, corrected.meant))
            booked = result(Disposition.SUBMISSION, f"an answer to our receipt corrects it: {meant}, not {was}")
            return replace(booked, refiling=replace(corrected, original=answered.in_reply_to))
        if not _substantial(filenames, body):
            return result(Disposition.OTHER, "an answer to our receipt with nothing to book")
    if answered and answered.kind in ("revision", "reminder", "missing") and answered.dues:
        found = _by_letter(inputs, answered, filenames, body)
        if not found and len(answered.dues) > 1 and _substantial(filenames, body):
            return replace(result(Disposition.QUARANTINE, WHICH_DUTY), why=WHICH_DUTY)
        if not found:
            return result(Disposition.OTHER, f"an answer to our {answered.kind} letter with nothing to book")
    else:
        # The subject of an answer to a letter of ours is our own wording and says nothing.
        subject = "" if answered else letter.subject
        found = tuple(purposes(sources(subject, filenames, body), office.duties, arrival, _missing(inputs, arrival)))
        if not found and inputs.context.thread and is_reply and filenames:
            found = tuple(
                Purpose(duty, target.submission.key.period, ("an answer in the thread with an attachment",))
                for target in inputs.context.thread
                if (duty := office.duty(target.submission.key.duty))
                and target.submission.key.person == inputs.person.id
            )
        elif found and is_reply and not answered:
            found = tuple(_same_thread(inputs, purpose) for purpose in found)
    if not found:
        return result(Disposition.OTHER, "names no duty")
    if is_reply and not filenames and not words.forwarded and _only_asks(body):
        return result(Disposition.OTHER, "an answer that only asks")
    attachments = tuple(read_attachment(part) for part in letter.parts)
    empty = not body.strip() and not any(a.has_content for a in attachments)
    reasons = [reason for purpose in found for reason in purpose.reasons]
    booked = result(Disposition.SUBMISSION, *reasons)
    return replace(booked, purposes=found, attachments=attachments, empty=empty)


def _only_asks(body: str) -> bool:
    folded = fold(body).strip()
    return len(folded) <= 60 and "\n" not in folded and folded.endswith(("?", "吗", "呢", "么"))


def _substantial(filenames: list[str], body: str) -> bool:
    """Whether an answer has more in it than a word or two."""
    return bool(filenames) or len(body) >= 40 or "\n" in body


def _by_letter(inputs: _Inputs, answered: Answered, filenames: list[str], body: str) -> tuple[Purpose, ...]:
    """An answer to `revision`, `reminder` or `missing` belongs to the duty and period of that letter."""
    office = inputs.office
    told = [(duty, period) for duty_id, period in answered.dues if (duty := office.duty(duty_id))]
    named: set[str] = set()
    for source in sources("", filenames, body):
        named |= set(named_duties(source.text, [duty for duty, _ in told]))
    chosen = [(duty, period) for duty, period in told if duty.id in named] or (told if len(told) == 1 else [])
    if not named and not _substantial(filenames, body):
        return ()
    reason = f"answers our {answered.kind} letter"
    return tuple(Purpose(duty, period, (f"{reason} about {duty.id} {period}",)) for duty, period in chosen)


def _same_thread(inputs: _Inputs, purpose: Purpose) -> Purpose:
    """In a thread, a period that isn't named anew is the thread's own: a corrected plan is for the same week."""
    if not purpose.assumed:
        return purpose
    for target in inputs.context.thread:
        key = target.submission.key
        if key.duty == purpose.duty.id and key.person == inputs.person.id:
            return replace(
                purpose, period=key.period, reasons=(purpose.reasons[0], f"the thread is about {key.period}")
            )
    return purpose


def _missing(inputs: _Inputs, arrival: date) -> Callable[[str, Period], bool]:
    held = {(s.key.duty, s.key.period) for s in inputs.context.held.get(inputs.person.id, ())}
    office = inputs.office

    def is_missing(duty_id: str, period: Period) -> bool:
        duty = office.duty(duty_id)
        owed = duty is not None and office.calendar.excuse(inputs.person, duty, period) is None
        return owed and (duty_id, period) not in held

    return is_missing


def _decision(inputs: _Inputs, believed: str) -> Reading:
    """An answer of the director's: his rulings on the submissions it can be about."""
    letter, office = inputs.letter, inputs.office
    people = [p for p in office.roster.known([*letter.to, *letter.cc]) if p.role is Role.STAFF]
    targets, how = _targets(inputs, people)
    if not targets and not how:
        return Reading(letter, inputs.person, Disposition.OTHER, ("answers no submission",), inputs.words)
    if how == _DIGEST:
        return _digest_answer(inputs, believed)
    if targets:
        duties = {target.submission.key.duty for target in targets}
        subject_id = targets[0].submission.key.person
    else:
        duties = set(named_duties(fold(bare_subject(letter.subject)[0]), office.duties))
        subject_id = people[0].id if len(people) == 1 else ""
    reviews = {duty.id: duty.review for duty in office.duties if duty.id in duties and duty.review is not Review.NONE}
    others = [p.name for p in office.roster.staff if p.id != subject_id]
    subject_person = office.roster.get(subject_id) if subject_id else None
    about = subject_person.name if subject_person else ""
    verdicts = read_verdicts(
        inputs.words.text, set(reviews.values()), office.scores, others, about, office.verdict_words
    )
    rulings = []
    for duty_id, review in reviews.items():
        decision = verdicts.by_review.get(review, Decision(Verdict.NONE))
        if decision.verdict is Verdict.NONE:
            continue
        if inputs.context.answers_chat and decision.verdict.acts:
            # "可以" to somebody who asked for a day off is no approval of his plan.
            decision = Decision(Verdict.UNCLEAR, comment=inputs.words.text)
            how = "the mail that he answers was no submission"
        mine = [target for target in targets if target.submission.key.duty == duty_id]
        rulings.append(Ruling(duty_id, decision, mine[0] if len(mine) == 1 else None))
    reasons = (believed, how, *verdicts.reasons, f"own words: {inputs.words.rule}")
    return Reading(
        letter,
        inputs.person,
        Disposition.DECISION if rulings else Disposition.OTHER,
        reasons,
        inputs.words,
        rulings=tuple(rulings),
        subject_person=subject_person,
        marks=verdicts.marks,
    )


def _digest_answer(inputs: _Inputs, believed: str) -> Reading:
    """An answer to the digest decides nothing by itself: it is asked back as one question, if it decides at all."""
    reviews: dict[Review, str] = {duty.review: duty.id for duty in reversed(inputs.office.duties)}
    reviews.pop(Review.NONE, None)
    verdicts = read_verdicts(inputs.words.text, set(reviews), inputs.office.scores)
    decisive = [review for review, found in verdicts.by_review.items() if found.verdict is not Verdict.NONE]
    unclear = Decision(Verdict.UNCLEAR, comment=inputs.words.text)
    rulings = tuple(Ruling(reviews[review], unclear) for review in decisive[:1])
    disposition = Disposition.DECISION if rulings else Disposition.OTHER
    reasons = (believed, _DIGEST, *verdicts.reasons)
    return Reading(inputs.letter, inputs.person, disposition, reasons, inputs.words, rulings=rulings)


def _targets(inputs: _Inputs, people: list[Person]) -> tuple[tuple[Target, ...], str]:
    """The submissions that the answer can be about, and how they were found; no way found is an empty word."""
    context, letter = inputs.context, inputs.letter
    if context.thread:
        return context.thread, "found by the thread"
    if context.by_code:
        return context.by_code, "found by the code in the subject"
    if context.answered_letter and context.answered_letter.kind == "digest":
        return (), _DIGEST
    bare, is_reply = bare_subject(letter.subject)
    named = named_duties(fold(bare), inputs.office.duties)
    if not named:
        return (), ""
    if not context.knows_store:
        return (), "the subject names the duty"
    if not people or (not is_reply and len(people) > 1):
        return (), ""
    candidates = [
        Target(held)
        for person in people
        for held in context.held.get(person.id, ())
        if held.is_open and held.key.duty in named
    ]
    return tuple(candidates), "found by subject and recipient"


def codes_in(subject: str) -> tuple[str, ...]:
    """The short codes that our letters bear in their subjects."""
    return tuple(CODE.findall(subject))
