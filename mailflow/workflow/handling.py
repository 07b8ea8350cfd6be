"""Handling one message, from its bytes to what is booked and written: the paragraph that intake and retry share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from mailflow import reading
from mailflow.reading import Context, Disposition, Letter, Reading
from mailflow.reading.answers.findings import Item
from mailflow.reading.context import Answered, Ticket
from mailflow.reading.keys import codes_in, ours_in, subject_key, tokens_in
from mailflow.reading.trusting.bounce import returned
from mailflow.reading.trusting.refusals import UNPROVED, WAITS
from mailflow.rules.submission import Target
from mailflow.store import events, grants, inbox, outbox, records, secrets, threads, tokens
from mailflow.store.events import Event
from mailflow.store.session import Book
from mailflow.store.threads import FoundLetter
from mailflow.store.tokens import Token
from mailflow.wire import Folder, RawMail
from mailflow.workflow.booking import book_versions
from mailflow.workflow.deciding import carry_out
from mailflow.workflow.desk import Desk
from mailflow.workflow.refiling import refile
from mailflow.workflow.secrecy import note_shown

# How far back what is decided already can still be what a mail is about.
_RECENT = timedelta(days=70)
# How far back it matters for a mail what was fixed.
_FIXED = timedelta(days=150)
# How much is kept of what a reviewer wrote without deciding anything.
_SAID = 200
_COUNTS = (Disposition.SUBMISSION, Disposition.DECISION, Disposition.QUARANTINE)


@dataclass(frozen=True)
class Handled:
    """What one message led to."""

    disposition: Disposition | None = None
    submissions: int = 0
    decisions: int = 0

    @property
    def ignored(self) -> bool:
        """Whether it led to nothing."""
        return self.disposition not in _COUNTS


def handle(desk: Desk, book: Book, mail: RawMail, now: datetime) -> Handled:
    """Read the message, book what follows from it and write the letters, all in the caller's transaction.

    The same content is never handled twice; only a copy of the director's answer that lay in INBOX, where it is
    not believed, is handled again when it turns up in Sent, where it is.
    """
    desk = replace(desk, office=grants.office_as_of(book, desk.office, mail.received_at - _FIXED))
    letter = reading.open_letter(mail.raw)
    account = mail.place.account
    digest = digest_of(letter, mail)
    for twin in inbox.twins(book, account, digest):
        if twin.counted or twin.role is mail.role:
            if twin.role is mail.role or {twin.role, mail.role} == {Folder.INBOX, Folder.ASIDE}:
                inbox.moved(book, twin.id, mail.place, mail.role)
            return Handled()
        if mail.role is not Folder.SENT:
            if Folder.SENT is twin.role:
                return Handled()
            continue
        inbox.close_quarantine(book, twin.id, "settled", "the same message lies in Sent", now)
    note_shown(desk, book, letter, mail, now)
    context = _context(desk, book, letter, mail)
    found = reading.read(letter, mail.received_at, mail.role, desk.office, context)
    return settle(desk, book, mail, found, digest, now)


def settle(desk: Desk, book: Book, mail: RawMail, found: Reading, digest: str, now: datetime) -> Handled:
    """Book what a reading says and write the letters that follow."""
    letter = found.letter
    same_id = inbox.same_id_other_content(book, mail.place.account, letter.message_id, digest)
    ref = inbox.remember(book, fetched(mail, found, digest))
    if found.refiling:
        refile(desk, book, mail, found, ref, now)
        return Handled(found.disposition)
    if found.disposition is Disposition.SUBMISSION:
        count = book_versions(desk, book, mail, found, ref, now, same_id=same_id)
        return Handled(found.disposition, submissions=count)
    if found.disposition is Disposition.DECISION:
        decided = carry_out(desk, book, mail, found, ref, now)
        if decided:
            inbox.settle_asked(book, letter.in_reply_to, now)
        return Handled(found.disposition, decisions=decided)
    if found.disposition is Disposition.OTHER and mail.role is Folder.SENT:
        _remember_said(book, mail, found, now)
    if found.disposition is Disposition.QUARANTINE:
        set_aside(desk, book, ref, found, mail, found.why, now)
    if found.disposition is Disposition.BOUNCE:
        _sent_back(desk, book, mail, found, now)
    if found.disposition is Disposition.AUTO_REPLY and found.person == desk.office.roster.director:
        _director_away(desk, book, mail, now)
    return Handled(found.disposition)


def _remember_said(book: Book, mail: RawMail, found: Reading, now: datetime) -> None:
    """What a reviewer wrote of a submission without deciding on it stands beside it in the next letter to him."""
    for target in found.spoken_of:
        if found.words.text and target.submission.is_open:
            words, by = found.words.text[:_SAID], found.person.id if found.person else ""
            events.remember_said(book, target.submission.key, words, by, found.letter.message_id, mail.received_at, now)


def _sent_back(desk: Desk, book: Book, mail: RawMail, found: Reading, now: datetime) -> None:
    """A letter of ours that came back is parked against its person, and the operator is told once; it is no answer."""
    bounced = returned(mail.raw)
    if bounced is None:
        return
    for letter in outbox.mark_returned(book, bounced.message_ids, bounced.reason):
        whom = ", ".join(a for a in letter.recipients if a in bounced.recipients) or ", ".join(letter.recipients)
        data = {"kind": letter.kind, "address": whom, "said": bounced.reason}
        events.append(book, Event(now, "letter-returned", letter.person, message_id=letter.message_id, data=data))
        if letter.kind != "alert":
            details = [f"{letter.id}: {letter.kind} → {whom}: {bounced.reason}"]
            desk.alert(book, "returned", details, f"alert/returned/{letter.id}", now)


def _director_away(desk: Desk, book: Book, mail: RawMail, now: datetime) -> None:
    """The director's own automatic answer: without a deputy the operator is asked for one, once a day."""
    day = mail.received_at.astimezone(desk.office.zone).date()
    if not desk.office.deputies_on(day):
        desk.alert(book, "away", [desk.office.roster.director.name], f"alert/away/{day.isoformat()}", now)


def retry(desk: Desk, book: Book, message_ref: int, now: datetime) -> Disposition:
    """Handle a message in quarantine again, as of its own arrival; one that still can't be handled stays there."""
    desk = replace(desk, office=grants.office_as_of(book, desk.office))
    mail, found, digest = read_again(desk, book, message_ref)
    letter = found.letter
    if found.disposition is not Disposition.QUARANTINE:
        settle(desk, book, mail, found, digest, now)
        inbox.close_quarantine(book, message_ref, "settled", f"handled again as {found.disposition.value}", now)
        person = found.person.id if found.person else None
        events.append(book, Event(now, "retried", person, message_id=letter.message_id, received_at=mail.received_at))
    return found.disposition


def read_again(desk: Desk, book: Book, message_ref: int, *, waited: bool = False) -> tuple[RawMail, Reading, str]:
    """A remembered message, what it says as of now, and its content's hash."""
    mail = inbox.raw_of(book, message_ref)
    letter = reading.open_letter(mail.raw)
    context = _context(desk, book, letter, mail, waited=waited)
    found = reading.read(letter, mail.received_at, mail.role, desk.office, context)
    return mail, found, digest_of(letter, mail)


def fetched(mail: RawMail, found: Reading, digest: str) -> inbox.Fetched:
    """What is remembered of a message: all of what counts, of anything else its keys only."""
    letter = found.letter
    return inbox.Fetched(
        mail=mail,
        message_id=letter.message_id,
        content_hash=digest,
        header_date=letter.date,
        person=found.person.id if found.person else None,
        subject=letter.subject,
        thread=tuple(dict.fromkeys([*letter.references, *letter.in_reply_to])),
        disposition=found.disposition.value,
        reasons=found.reasons,
        keep_raw=found.disposition in _COUNTS,
        subject_key=subject_key(letter.subject),
    )


def digest_of(letter: Letter, mail: RawMail) -> str:
    """What the message is, whichever folder it lies in: the second of its two keys."""
    headers = [letter.header(name) for name in ("from", "to", "cc", "subject", "date")]
    return inbox.content_hash(letter.message_id, headers, mail.raw)


def set_aside(desk: Desk, book: Book, ref: int, found: Reading | None, mail: RawMail, why: str, now: datetime) -> None:
    """Quarantine: kept with its bytes and the reason, told to the operator at most once an hour."""
    number = inbox.set_aside(book, ref, why, now)
    person = found.person.id if found and found.person else None
    message_id = found.letter.message_id if found else ""
    events.append(
        book,
        Event(
            now,
            "quarantined",
            person,
            message_id=message_id,
            received_at=mail.received_at,
            data={"reason": why, "number": number},
        ),
    )
    if why in (WAITS, UNPROVED):
        return  # Its decider is asked (workflow.proving); there is nothing for an operator to mend.
    here = mail.received_at.astimezone(desk.office.zone)
    details = [f"{number}: {here:%Y-%m-%d %H:%M:%S} {person or '?'}: {why}"]
    desk.alert(book, "quarantine", details, f"alert/quarantine/{now.astimezone(desk.office.zone):%Y-%m-%dT%H}", now)


def _context(desk: Desk, book: Book, letter: Letter, mail: RawMail, *, waited: bool = False) -> Context:
    """The one look-up of all that reading needs to know of what is remembered."""
    addresses = [*(address for _, address in letter.senders), *letter.to, *letter.cc]
    people = [person.id for person in desk.office.roster.known(addresses)]
    held = records.held(book, people, mail.received_at - _RECENT)
    borne = tokens_in(letter)
    known_tokens = tokens.find(book, borne) if borne else []
    tickets = _tickets(desk, book, letter, known_tokens)
    ours = ours_in(letter.thread)
    to_deciders = threads.letters_to_deciders(book, ours)
    found = threads.answered_letter(book, letter.thread)
    known = threads.own_message_ids(book, ours)
    return Context(
        own_message_ids=threads.own_message_ids(book, [letter.message_id]),
        answered_letter=_letter_answered(desk, book, letter, found, known_tokens),
        answered=tuple(threads.answered(book, letter.in_reply_to)),
        thread=tuple(threads.by_thread(book, letter.thread)),
        by_code=tuple(target for code in codes_in(letter.subject) for target in threads.by_code(book, code)),
        held=held,
        borne_twice=threads.borne_twice(book, letter.in_reply_to),
        original=threads.answered_text(book, letter.thread),
        letter=reading.open_letter(found.message).text if found and ">" in letter.text else "",
        tickets=tickets,
        cites=bool(to_deciders or borne),
        lost=len(known) < len(ours) or len(tickets) < len(borne),
        foreign_subject=inbox.subject_of_somebody_else(
            book, subject_key(letter.subject), desk.office.roster.director_id
        ),
        waited=waited,
        aside=mail.role is Folder.ASIDE,
        knows_store=True,
    )


def _letter_answered(
    desk: Desk, book: Book, letter: Letter, in_thread: FoundLetter | None, borne: Sequence[Token]
) -> Answered | None:
    """The letter of ours that a mail answers: by its thread, or by the one tap for all that a letter proposed."""
    if in_thread:
        return _answered(desk, book, in_thread, letter)
    for token in borne:
        found = threads.answered_letter(book, [token.message_id]) if token.message_id and not token.used else None
        if found and found.likely:
            return replace(_answered(desk, book, found, letter), direct=True, token=token.token)
    return None


def _answered(desk: Desk, book: Book, found: FoundLetter, letter: Letter) -> Answered:
    """The letter that is answered, each of its rows with the submission that it showed."""
    items = []
    held = records.of_periods(book, {place.key.period for place in found.rows})
    for place in found.rows:
        person, duty = desk.office.roster.get(place.key.person), desk.office.duty(place.key.duty)
        if person is None or duty is None:
            continue
        submission = held.get(place.key)
        target = Target(submission, place.version or None) if submission and submission.arrivals else None
        items.append(Item(place.number, person, duty, place.key.period, target))
    return Answered(
        found.kind,
        found.to,
        tuple((key.duty, key.period) for key in found.dues),
        found.in_reply_to,
        tuple(items),
        direct=letter.in_reply_to == (found.message_id,),
        shown=bool(secrets.shown(book, [found.message_id])),
        proof=found.proof,
        taps=found.taps,
        likely=found.likely,
        proposed_at=found.proposed_at,
    )


def _tickets(desk: Desk, book: Book, letter: Letter, found: Sequence[Token]) -> tuple[Ticket, ...]:
    """The tokens of ours that a mail of somebody in the roster bears."""
    if not desk.office.roster.known([address for _, address in letter.senders]):
        return ()
    shown = secrets.shown(book, [secret for t in found for secret in (t.token, t.message_id)])
    return tuple(
        Ticket(
            each.token,
            each.target,
            each.reviewer,
            each.used,
            shown=bool({each.token, each.message_id} & shown),
            proposed_at=threads.arrived_at(book, each.asked_about),
            taps=each.taps,
        )
        for each in found
    )
