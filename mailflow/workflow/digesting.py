"""The digest: one letter to each reviewer with everybody's standing, every submission in full, and ways to answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from mailflow.reading.opening.attachments import is_picture
from mailflow.reading.opening.letter import open_letter
from mailflow.reports.scorebook import ScoreLine, score_workbook
from mailflow.rules.due import Occasion
from mailflow.rules.duties import Duty, Review
from mailflow.rules.ledger import Row
from mailflow.rules.people import Person
from mailflow.rules.periods import Period
from mailflow.rules.submission import Key, Standing
from mailflow.store import events, inbox, mailboxes, records, tokens
from mailflow.store.records import VersionText
from mailflow.store.session import Book
from mailflow.workflow.desk import XLSX, Desk
from mailflow.workflow.waiting import overdue_for
from mailflow.writing.mime import Enclosure
from mailflow.writing.to_deciders import Digest, DigestDue, DigestPerson, DigestRow, SetAside

_SHOWN_CHARACTERS = 20_000
_PICTURES_BYTES = 8 * 1024 * 1024
_TREND = 4
_TREND_DAYS = timedelta(days=180)


def send_digests(desk: Desk, book: Book, occasion: Occasion, now: datetime) -> None:
    """A digest to the director and his deputies, and to each supervisor who reviews his own people."""
    office = desk.office
    today = now.astimezone(office.zone).date()
    gathered = _gather(desk, book, occasion, now)
    for reviewer in office.reviewers(today):
        rows = [row for row in gathered.rows if office.may_decide(reviewer, row.person, row.duty, today)]
        if rows or reviewer == office.roster.director:
            _send(desk, book, occasion, replace(gathered, rows=tuple(rows)), reviewer, now)


@dataclass(frozen=True)
class _Gathered:
    """All that digests of one occasion show."""

    rows: tuple[Row, ...]
    newest: Mapping[int, VersionText]
    plans: Mapping[tuple[str, Period], str]
    trends: Mapping[Key, tuple[str, ...]]


def _gather(desk: Desk, book: Book, occasion: Occasion, now: datetime) -> _Gathered:
    rows = records.due_rows(book, desk.office, occasion.dues, now)
    texts = records.versions(book, [row.held.id for row in rows if row.held])
    scored = {period for duty, period in occasion.dues if duty.review is Review.SCORE}
    newest = {number: versions[-1] for number, versions in texts.items() if versions}
    return _Gathered(
        tuple(rows),
        newest,
        records.plans(book, desk.office, scored),
        records.trends(book, rows, _TREND, now - _TREND_DAYS),
    )


def _send(desk: Desk, book: Book, occasion: Occasion, gathered: _Gathered, reviewer: Person, now: datetime) -> None:
    office = desk.office
    key = f"digest/{occasion.key}" + ("" if reviewer == office.roster.director else f"/{reviewer.id}")
    pictures = _Pictures()
    numbers: dict[Key, tuple[int, int]] = {}
    lines: list[ScoreLine] = []
    people: list[DigestPerson] = []
    arrived = [row.held.arrivals[-1] for row in gathered.rows if row.held and row.held.is_open]
    spoken = events.said_by(book, reviewer.id, min(arrived)) if arrived else {}
    # A supervisor's digest holds only what he may decide.
    there = {(row.duty, row.period) for row in gathered.rows}
    theirs = [due for due in occasion.dues if due in there or reviewer == office.roster.director]
    for person in dict.fromkeys(row.person for row in gathered.rows):
        number = len(people) + 1
        shown = []
        for row in (row for row in gathered.rows if row.person == person):
            version = row.held.version if row.held and row.held.arrivals else 0
            numbers[row.key] = number, version
            token = ""
            if row.held and row.held.is_open and row.duty.review is not Review.NONE:
                token = tokens.make(book, row.held.id, version, reviewer.id, key, now)
                lines.append(ScoreLine(number, token, row, _first_lines(gathered, row)))
            said = spoken.get(row.key) if token else None
            shown.append(_digest_row(book, gathered, row, token, said, pictures))
        by_due = {(row.duty, row.period): row for row in shown}
        people.append(DigestPerson(number, person, shown, [by_due.get(due) for due in theirs]))
    dues = [_digest_due(desk, duty, period, gathered.rows) for duty, period in theirs]
    quarantined = inbox.quarantine(book) if reviewer == office.roster.director else []
    cutoff_day = occasion.at.astimezone(office.zone).date()
    notice = Digest(
        office=office.name,
        director=reviewer,
        cutoff=occasion.at,
        dues=dues,
        people=people,
        totals={standing.value: sum(due.totals[standing.value] for due in dues) for standing in Standing},
        mailbox=office.roster.director.email,
        open=len(lines),
        lowest=office.scores.low,
        highest=office.scores.high,
        quarantined=[SetAside(q.received_at, q.person or "", q.subject, q.reason) for q in quarantined],
        unknown_year=office.calendar.unknown_year(cutoff_day),
        no_sent=not mailboxes.has_sent(book, desk.account),
        overdue=overdue_for(desk, book, reviewer, key, now, numbers),
    )
    enclosures = list(pictures.enclosures)
    if lines:
        content = score_workbook(office, reviewer.language, lines)
        enclosures.append(Enclosure(f"review-{cutoff_day.isoformat()}.xlsx", XLSX, content))
    desk.write(book, notice, reviewer, key, now, numbers=numbers, enclosures=enclosures)


def _digest_due(desk: Desk, duty: Duty, period: Period, rows: Sequence[Row]) -> DigestDue:
    counted = Counter(row.judged.standing.value for row in rows if (row.duty, row.period) == (duty, period))
    deadline = desk.office.calendar.review_deadline(duty, period)
    return DigestDue(duty, period, deadline, {standing.value: counted[standing.value] for standing in Standing})


def _first_lines(gathered: _Gathered, row: Row) -> str:
    newest = gathered.newest.get(row.held.id) if row.held else None
    return newest.whole[:500] if newest else ""


def _digest_row(
    book: Book,
    gathered: _Gathered,
    row: Row,
    token: str,
    said: tuple[str, datetime] | None,
    pictures: _Pictures,
) -> DigestRow:
    newest = gathered.newest.get(row.held.id) if row.held else None
    excuse = row.judged.excuse.value if row.judged.excuse else ""
    if row.held is None or newest is None:
        return DigestRow(row.duty, row.period, row.judged.standing, row.judged.late_by, row.state.value, excuse)
    claims = newest.header_date is not None and newest.header_date < row.cutoff <= newest.received_at
    summary = row.duty.review is Review.SCORE
    return DigestRow(
        duty=row.duty,
        period=row.period,
        standing=row.judged.standing,
        late_by=row.judged.late_by,
        state=row.state.value,
        excuse=excuse,
        version=row.held.version,
        received_at=newest.received_at,
        text=newest.text[:_SHOWN_CHARACTERS],
        attachments=[{**a, "text": a["text"][:_SHOWN_CHARACTERS]} for a in newest.attachments],
        pictures=pictures.of(book, newest),
        contradiction=newest.header_date if claims else None,
        plan=gathered.plans.get((row.person.id, row.period), "")[:_SHOWN_CHARACTERS] if summary else "",
        trend=gathered.trends.get(row.key, ()) if summary else (),
        token=token,
        lay_in=newest.lay_in,
        said=said if said and said[1] >= newest.received_at else None,
    )


class _Pictures:
    """The pictures that a digest shows inline, as long as there is room for them."""

    def __init__(self) -> None:
        self.enclosures: list[Enclosure] = []
        self._left = _PICTURES_BYTES

    def of(self, book: Book, version: VersionText) -> list[tuple[str, str]]:
        """The photographed pages of a version: (content id, file name) of each that is enclosed."""
        if not any(attachment.get("picture") for attachment in version.attachments):
            return []
        shown = []
        for part in open_letter(inbox.raw_of(book, version.message_ref).raw).parts:
            if part.content and is_picture(part) and len(part.content) <= self._left:
                self._left -= len(part.content)
                content_id = f"picture{len(self.enclosures) + 1}"
                kind = part.content_type if part.content_type.startswith("image/") else _picture_type(part.filename)
                self.enclosures.append(
                    Enclosure(f"{content_id}.{kind.rpartition('/')[2]}", kind, part.content, content_id)
                )
                shown.append((content_id, part.filename))
        return shown


def _picture_type(filename: str) -> str:
    ending = filename.rpartition(".")[2].lower()
    return f"image/{ {'jpg': 'jpeg', 'tif': 'tiff'}.get(ending, ending) }"
