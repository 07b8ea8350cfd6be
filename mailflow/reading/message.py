"""One message, read: who wrote it, what it is, and what it says, with the reasons. `read` is the one way in."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from mailflow.reading import learned
from mailflow.reading.answers.ruling import decision
from mailflow.reading.answers.scorebook import keys_in, workbooks_in
from mailflow.reading.context import Answered, Context, Disposition, Inputs, Reading
from mailflow.reading.opening.attachments import Attachment, read_attachment
from mailflow.reading.opening.charsets import decode, fold
from mailflow.reading.opening.letter import Letter, content_of, parse
from mailflow.reading.opening.quoting import beside_original, own_words
from mailflow.reading.staff.correction import refiling
from mailflow.reading.staff.purpose import Purpose, by_wording, named_duties, purposes, sources
from mailflow.reading.staff.staff_features import StaffMail, of_staff_mail
from mailflow.reading.trusting.authenticity import Vouched, vouched
from mailflow.reading.trusting.automatic import Automatic, automatic
from mailflow.reading.trusting.belief import Belief, Claim, Sender, believed
from mailflow.reading.words import (
    ABOUT_ONE,
    ACKNOWLEDGEMENT,
    ANSWERS_ABOUT_ONE,
    CODE,
    EXCUSES,
    OURS,
    SHOWN_TOKEN,
    TOKEN,
    bare_subject,
)
from mailflow.rules.office import Office
from mailflow.rules.people import Role
from mailflow.rules.periods import Period
from mailflow.wire import Folder, bare_address

# Why a message is set aside; the digest says these in the director's language.
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
    inputs = Inputs(letter, office, context, received_at, role, person, words)
    if role is Folder.SENT and person.role is not Role.DIRECTOR:
        return result(Disposition.OTHER, "in Sent, but not from the director's address")
    vouch = Vouched.UNSAID if role is Folder.SENT else vouched(letter, office.trusted_authserv)
    if context.aside and vouch not in (Vouched.PASSED, Vouched.UNSAID):
        return result(Disposition.STRANGER, "it was filed as junk and its sender is not proved")
    if vouch in _REFUSED:
        return result(Disposition.QUARANTINE, _REFUSED[vouch], why=_REFUSED[vouch])
    claim = _claim(inputs, vouch)
    belief = believed(claim)
    if belief.obeyed:
        return _lost(inputs) or decision(inputs, _BELIEVED[belief])
    if belief in _UNDECIDED:
        said = _lost(inputs) or decision(inputs, "it merely turned up in INBOX")
        if said.disposition in (Disposition.DECISION, Disposition.QUARANTINE):
            why = _UNDECIDED[belief]
            return replace(said, disposition=Disposition.QUARANTINE, why=why, reasons=(why, *said.reasons))
        if person.role is Role.DIRECTOR:
            return replace(said, disposition=Disposition.OTHER)
    if belief is Belief.FOREIGN:
        return result(Disposition.QUARANTINE, FOREIGN_TICKET, why=FOREIGN_TICKET)
    if person.role is Role.OBSERVER:
        return result(Disposition.OTHER, "an observer owes nothing")
    if claim.ticketed:
        return result(Disposition.QUARANTINE, FOREIGN_TICKET, why=FOREIGN_TICKET)
    found = _submission(inputs)
    return (_lost(inputs) or found) if found.disposition is Disposition.OTHER else found


# A whole plan in the mail, of which the rules know the duty, needs no second opinion; nor is more read of a file.
_LONG, _CONTENT = 1500, 600
_NIGHT = timedelta(hours=5)
_REFUSED = {Vouched.FAILED: NOT_PROVED, Vouched.UNREADABLE: UNREADABLE_RESULT}
_BELIEVED = {
    Belief.BY_PLACE: "it lies in the Sent folder, where only he can put it",
    Belief.BY_LETTER: "it answers a letter that went to him alone",
    Belief.BY_TOKEN: "it bears a token that was made for him",
}
_UNDECIDED = {Belief.WAITS: WAITS, Belief.UNPROVED: UNPROVED, Belief.SHOWN: NOT_HIS}


def _claim(inputs: Inputs, vouch: Vouched) -> Claim:
    """What the mail has to show for its right to decide."""
    office, context, person, letter = inputs.office, inputs.context, inputs.person, inputs.letter
    answered = context.answered_letter
    his = answered is not None and answered.direct and answered.to == person.id and answered.asks_a_decider
    tickets = [ticket for ticket in context.tickets if ticket.reviewer == person.id and not ticket.used]
    day = inputs.received_at.astimezone(office.zone).date()
    decides = his or tickets or person in office.reviewers(day)
    sender = Sender.DIRECTOR if person.role is Role.DIRECTOR else Sender.DECIDER if decides else Sender.OTHER
    known = {*person.addresses, *office.roster.director.addresses, bare_address(office.sender)}
    return Claim(
        folder=inputs.role,
        sender=sender,
        vouched=vouch,
        require_pass=office.require_pass,
        letter=his and answered is not None and not answered.shown,
        proof=answered is not None and answered.proof,
        token=any(not ticket.shown for ticket in tickets),
        alone=known >= {*letter.to, *letter.cc} != set(),
        cites=context.cites or context.lost,
        ticketed=bool(TOKEN.search(letter.subject)),
        answers=any(
            office.may_decide(person, whose, duty, day)
            for target in context.answered
            if (whose := office.roster.get(target.submission.key.person))
            and (duty := office.duty(target.submission.key.duty))
        ),
        waited=context.waited,
    )


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


def _submission(inputs: Inputs) -> Reading:
    """A mail of the staff: a version of one submission or of several, or none of our business."""
    letter, office, words = inputs.letter, inputs.office, inputs.words
    # Who writes after midnight still speaks of the evening's day.
    arrival = (inputs.received_at.astimezone(office.zone) - _NIGHT).date()
    _, is_reply = bare_subject(letter.subject)
    is_reply = is_reply or bool(letter.in_reply_to)
    answered = inputs.context.answered_letter
    filenames = [part.filename for part in letter.parts]
    body = "\n".join(part for part in (words.text, words.forwarded) if part)
    bare = not filenames and not words.forwarded
    attachments: tuple[Attachment, ...] = ()

    def result(disposition: Disposition, *reasons: str) -> Reading:
        return Reading(letter, inputs.person, disposition, (*reasons, f"own words: {words.rule}"), words)

    if inputs.context.lost and not answered and not words.forwarded and not _substantial(filenames, body):
        return result(Disposition.OTHER, "a few words to a letter that the store doesn't know")
    theirs = {target.submission.key.person for target in inputs.context.answered} - {inputs.person.id}
    if theirs and not answered and not words.forwarded and not _substantial(filenames, body):
        return result(Disposition.OTHER, "a few words to somebody else's submission")
    if bare and is_reply and ACKNOWLEDGEMENT.fullmatch(fold(body) or "好"):
        return result(Disposition.OTHER, "an answer that only acknowledges")
    if answered and answered.kind == "receipt" and bare:
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
        named_in, missing = sources(subject, filenames, body), _missing(inputs, arrival)
        named = purposes(named_in, office.duties, arrival, missing, is_reply)
        found = tuple(named)
        if len(body) <= _LONG or not named:
            attachments = _attached(letter)
            content = "\n".join(attachment.text[:_CONTENT] for attachment in attachments)
            seen = StaffMail(subject, body, filenames, content, arrival, is_reply)
            likely = learned.of_staff_mail(of_staff_mail(seen))
            found = tuple(by_wording(named, likely, named_in, office.duties, arrival, missing))
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
    if bare and (why := _about_one(letter.subject, body, is_reply)):
        return result(Disposition.OTHER, why)
    attachments = attachments or _attached(letter)
    empty = not body.strip() and not any(a.has_content for a in attachments)
    reasons = [reason for purpose in found for reason in purpose.reasons]
    booked = result(Disposition.SUBMISSION, *reasons)
    return replace(booked, purposes=found, attachments=attachments, empty=empty)


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


def _substantial(filenames: list[str], body: str) -> bool:
    """Whether an answer has more in it than a word or two."""
    return bool(filenames) or len(body) >= 40 or "\n" in body


def _by_letter(inputs: Inputs, answered: Answered, filenames: list[str], body: str) -> tuple[Purpose, ...]:
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


def _missing(inputs: Inputs, arrival: date) -> Callable[[str, Period], bool]:
    held = {(s.key.duty, s.key.period) for s in inputs.context.held.get(inputs.person.id, ())}
    office = inputs.office

    def is_missing(duty_id: str, period: Period) -> bool:
        duty = office.duty(duty_id)
        owed = duty is not None and office.calendar.excuse(inputs.person, duty, period) is None
        return owed and (duty_id, period) not in held

    return is_missing


def codes_in(subject: str) -> tuple[str, ...]:
    """The short codes that our letters bear in their subjects."""
    return tuple(CODE.findall(subject))


def tokens_in(letter: Letter) -> tuple[str, ...]:
    """The tokens that a message bears: in its subject, and in a score workbook that it brings back."""
    keys = [key for text in workbooks_in(letter) for key in keys_in(text)]
    return tuple(dict.fromkeys([*TOKEN.findall(letter.subject), *keys]))


def subject_key(subject: str) -> str:
    """A hash of the bare subject, by which it is known whose it was; empty for none."""
    bare = "".join(fold(bare_subject(subject)[0]).split())
    return hashlib.sha256(bare.encode()).hexdigest()[:16] if bare else ""


def ours_in(message_ids: Iterable[str]) -> tuple[str, ...]:
    """Those of these Message-IDs that are of our making, whether the store knows them or not."""
    return tuple(message_id for message_id in message_ids if OURS.fullmatch(message_id))


def tokens_shown(letter: Letter, raw: bytes) -> tuple[str, ...]:
    """Every token that whoever gets this message can read in it: in subject, text, links, and files."""
    texts = [letter.subject, letter.text, letter.quoted]
    texts += [
        decode(content_of(part), None)
        for part in parse(raw).walk()
        if part.get_content_maintype() in ("text", "message")
    ]
    found = [token for text in texts for token in SHOWN_TOKEN.findall(text)]
    return tuple(dict.fromkeys([*found, *tokens_in(letter)]))
