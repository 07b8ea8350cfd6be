"""Submitting: whether a mail of the staff is a submission, and of what. An answer of one is looked at first for what it
answers; then its subject, its files and its words say for which duty and period it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from mailflow.reading import learned
from mailflow.reading.context import Answered, Disposition, Inputs, Reading
from mailflow.reading.opening.attachments import Attachment, read_attachment
from mailflow.reading.opening.charsets import fold
from mailflow.reading.opening.letter import Letter
from mailflow.reading.staff.correction import refiling
from mailflow.reading.staff.naming import named_duties
from mailflow.reading.staff.purpose import Purpose, by_wording, purposes, sources
from mailflow.reading.staff.staff_features import StaffMail, of_staff_mail
from mailflow.reading.trusting.refusals import WHICH_DUTY
from mailflow.reading.words import ABOUT_ONE, ACKNOWLEDGEMENT, ANSWERS_ABOUT_ONE, EXCUSES, bare_subject
from mailflow.rules.duties import Duty
from mailflow.rules.periods import Period

# A whole plan in the mail, of which the rules know the duty, needs no second opinion; nor is more read of a file.
_LONG, _CONTENT = 1500, 600
# Who writes after midnight still speaks of the evening's day.
_NIGHT = timedelta(hours=5)
_ANSWERED_WITH_ONE = ("revision", "reminder", "missing")


@dataclass(frozen=True)
class _Mail:
    """What of a mail counts here. `body`: own and forwarded words; `bare`: nothing is attached or forwarded."""

    inputs: Inputs
    arrival: date
    is_reply: bool
    filenames: list[str]
    body: str
    bare: bool

    @classmethod
    def of(cls, inputs: Inputs) -> _Mail:
        letter, words = inputs.letter, inputs.words
        filenames = [part.filename for part in letter.parts]
        return cls(
            inputs,
            arrival=(inputs.received_at.astimezone(inputs.office.zone) - _NIGHT).date(),
            is_reply=bare_subject(letter.subject)[1] or bool(letter.in_reply_to),
            filenames=filenames,
            body="\n".join(part for part in (words.text, words.forwarded) if part),
            bare=not filenames and not words.forwarded,
        )

    @property
    def answered(self) -> Answered | None:
        """The letter of ours that it answers."""
        return self.inputs.context.answered_letter

    @property
    def substantial(self) -> bool:
        """Whether it has more in it than a word or two."""
        return bool(self.filenames) or len(self.body) >= 40 or "\n" in self.body

    def told(self) -> list[tuple[Duty, Period]]:
        """What the letter that it answers is about."""
        dues = self.answered.dues if self.answered else ()
        return [(duty, period) for duty_id, period in dues if (duty := self.inputs.office.duty(duty_id))]

    def read_as(self, disposition: Disposition, *reasons: str) -> Reading:
        inputs = self.inputs
        own = f"own words: {inputs.words.rule}"
        return Reading(inputs.letter, inputs.person, disposition, (*reasons, own), inputs.words)


def submission(inputs: Inputs) -> Reading:
    """A mail of the staff: a version of one submission or of several, or none of our business."""
    mail = _Mail.of(inputs)
    if why := _says_too_little(mail):
        return mail.read_as(Disposition.OTHER, why)
    if reading := _to_our_receipt(mail):
        return reading
    attachments: tuple[Attachment, ...] = ()
    if mail.answered and mail.answered.kind in _ANSWERED_WITH_ONE and mail.answered.dues:
        found = _by_letter(mail, mail.answered.kind)
        if not found and len(mail.answered.dues) > 1 and mail.substantial:
            return replace(mail.read_as(Disposition.QUARANTINE, WHICH_DUTY), why=WHICH_DUTY)
        if not found:
            return mail.read_as(Disposition.OTHER, f"an answer to our {mail.answered.kind} letter with nothing to book")
    else:
        found, attachments = _by_content(mail)
    if not found:
        return mail.read_as(Disposition.OTHER, "names no duty")
    if mail.bare and (why := _about_one(inputs.letter.subject, mail.body, mail.is_reply)):
        return mail.read_as(Disposition.OTHER, why)
    attachments = attachments or _attached(inputs.letter)
    empty = not mail.body.strip() and not any(attachment.has_content for attachment in attachments)
    reasons = [reason for purpose in found for reason in purpose.reasons]
    booked = mail.read_as(Disposition.SUBMISSION, *reasons)
    return replace(booked, purposes=found, attachments=attachments, empty=empty)


def _says_too_little(mail: _Mail) -> str:
    """Why a few words are none, whatever they are about; empty where that must be looked at."""
    context = mail.inputs.context
    if not mail.answered and not mail.inputs.words.forwarded and not mail.substantial:
        if context.lost:
            return "a few words to a letter that the store doesn't know"
        if {target.submission.key.person for target in context.answered} - {mail.inputs.person.id}:
            return "a few words to somebody else's submission"
    if mail.bare and mail.is_reply and ACKNOWLEDGEMENT.fullmatch(fold(mail.body) or "好"):
        return "an answer that only acknowledges"
    return ""


def _to_our_receipt(mail: _Mail) -> Reading | None:
    """An answer to our receipt that corrects what was booked, or says nothing to book."""
    if not (mail.answered and mail.answered.kind == "receipt" and mail.bare):
        return None
    if corrected := refiling(mail.body, mail.told(), mail.inputs.office.duties, mail.arrival):
        was, meant = (f"{duty.id} {period}" for duty, period in (corrected.booked, corrected.meant))
        booked = mail.read_as(Disposition.SUBMISSION, f"an answer to our receipt corrects it: {meant}, not {was}")
        return replace(booked, refiling=replace(corrected, original=mail.answered.in_reply_to))
    return (
        None if mail.substantial else mail.read_as(Disposition.OTHER, "an answer to our receipt with nothing to book")
    )


def _by_content(mail: _Mail) -> tuple[tuple[Purpose, ...], tuple[Attachment, ...]]:
    """What subject, files and words say that it is, and the files where they had to be read for that."""
    inputs, duties, arrival = mail.inputs, mail.inputs.office.duties, mail.arrival
    # The subject of an answer to a letter of ours is our own wording and says nothing.
    subject = "" if mail.answered else inputs.letter.subject
    named_in, missing = sources(subject, mail.filenames, mail.body), _missing(inputs)
    named = purposes(named_in, duties, arrival, missing, mail.is_reply)
    found = tuple(named)
    attachments: tuple[Attachment, ...] = ()
    if len(mail.body) <= _LONG or not named:
        attachments = _attached(inputs.letter)
        content = "\n".join(attachment.text[:_CONTENT] for attachment in attachments)
        seen = StaffMail(subject, mail.body, mail.filenames, content, arrival, mail.is_reply)
        likely = learned.of_staff_mail(of_staff_mail(seen))
        found = tuple(by_wording(named, likely, named_in, duties, arrival, missing))
    if not found and mail.is_reply and mail.filenames:
        found = tuple(_of_the_thread(inputs))
    elif found and mail.is_reply and not mail.answered:
        found = tuple(_same_thread(inputs, purpose) for purpose in found)
    return found, attachments


def _of_the_thread(inputs: Inputs) -> Iterator[Purpose]:
    """What is attached to an answer of his in the thread of a submission of his is that submission anew."""
    for target in inputs.context.thread:
        key = target.submission.key
        if key.person == inputs.person.id and (duty := inputs.office.duty(key.duty)):
            yield Purpose(duty, key.period, ("an answer in the thread with an attachment",))


def _attached(letter: Letter) -> tuple[Attachment, ...]:
    """What is attached, read."""
    return tuple(read_attachment(part) for part in letter.parts)


def _about_one(subject: str, body: str, is_reply: bool) -> str:
    """Why one line is no submission: it only asks, puts one off, or thanks for what was said of it; else empty."""
    line = body.strip()
    # Folding costs more than all else that is done with a whole plan.
    if "\n" in line or len(line) > 200 or len(folded := fold(line).strip()) > 60:
        return ""
    if is_reply and folded.endswith(("?", "吗", "呢", "么")):
        return "an answer that only asks"
    if EXCUSES.search(fold(subject)):
        return "speaks of who need not send one and is none"
    about = ABOUT_ONE.search(folded) or (is_reply and ANSWERS_ABOUT_ONE.search(folded))
    return "speaks of a submission and is none" if about and ":" not in folded else ""


def _by_letter(mail: _Mail, kind: str) -> tuple[Purpose, ...]:
    """An answer to `revision`, `reminder` or `missing` belongs to the duty and period of that letter."""
    told, named = mail.told(), set[str]()
    for source in sources("", mail.filenames, mail.body):
        named |= set(named_duties(source.text, [duty for duty, _ in told]))
    chosen = [(duty, period) for duty, period in told if duty.id in named] or (told if len(told) == 1 else [])
    if not named and not mail.substantial:
        return ()
    return tuple(
        Purpose(duty, period, (f"answers our {kind} letter about {duty.id} {period}",)) for duty, period in chosen
    )


def _same_thread(inputs: Inputs, purpose: Purpose) -> Purpose:
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


def _missing(inputs: Inputs) -> Callable[[str, Period], bool]:
    held = {(s.key.duty, s.key.period) for s in inputs.context.held.get(inputs.person.id, ())}
    office = inputs.office

    def is_missing(duty_id: str, period: Period) -> bool:
        duty = office.duty(duty_id)
        owed = duty is not None and office.calendar.excuse(inputs.person, duty, period) is None
        return owed and (duty_id, period) not in held

    return is_missing
