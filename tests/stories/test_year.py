"""A simulated year: every hour of 2026, twelve people, random behaviour, random stops; every letter exactly once.

What should have been written is worked out here anew, from what happened and the rule book, and compared.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import chinese_calendar
import pytest

from mailflow import shipped
from mailflow.rules.calendar import Calendar
from mailflow.rules.duties import Duty
from mailflow.rules.office import Office
from mailflow.rules.owing import Leave
from mailflow.rules.people import Person, Roster
from mailflow.rules.periods import Period, PeriodKind
from mailflow.store import inbox, outbox
from mailflow.store.session import open_store
from mailflow.wire import Folder, Place, RawMail
from mailflow.workflow.desk import Desk
from mailflow.workflow.handling import handle
from mailflow.workflow.timetable import keep_time
from mailflow.writing.wording import Wording
from tests.office import mail, message_id
from tests.offices import DIRECTOR, PLAN, SUMMARY, ZONE, an_office, at

HOUR = timedelta(hours=1)
BEGIN, END = at("2026-01-01T00:00"), at("2027-01-01T00:00")
HOLIDAYS = dict.fromkeys(chinese_calendar.holidays, False) | dict.fromkeys(chinese_calendar.workdays, True)


@dataclass
class World:
    """What happens in the year: mail with its instant, and passes at some of the hours."""

    office: Office
    mails: list[tuple[datetime, Folder, bytes]] = field(default_factory=list)
    arrived: dict[tuple[str, str, Period], datetime] = field(default_factory=dict)
    decided: dict[tuple[str, str, Period], datetime] = field(default_factory=dict)
    passes: list[datetime] = field(default_factory=list)


def weeks() -> list[Period]:
    first = Period.of(PeriodKind.WEEK, BEGIN.date())
    return [first.shift(n) for n in range(54)]


def a_world(dice: random.Random) -> World:
    people = []
    leaves = []
    for n in range(12):
        joined = date(2026, 1, 1) + timedelta(days=dice.randrange(300)) if n == 10 else None
        left = date(2026, 3, 1) + timedelta(days=dice.randrange(300)) if n == 11 else None
        people.append(Person(f"p{n:02d}", f"员工{n:02d}", f"p{n:02d}@example.com", joined=joined, left=left))
        for _ in range(dice.randrange(3)):
            first = date(2026, 1, 1) + timedelta(days=dice.randrange(350))
            leaves.append(Leave(f"p{n:02d}", first, first + timedelta(days=dice.randrange(21))))
    base = an_office(*people)
    office = Office(
        **{
            **{name: getattr(base, name) for name in base.__dataclass_fields__},
            "calendar": Calendar(ZONE, tuple(leaves), HOLIDAYS, known_until=2026, start=date(2025, 12, 1)),
            "roster": Roster((DIRECTOR, *people), "wang"),
            "hr": ("hr@example.com",),
        }
    )
    world = World(office)
    for week in weeks():
        for duty in (PLAN, SUMMARY):
            for person in people:
                _submit(world, dice, person, duty, week)
    now = BEGIN
    while now < END:
        if dice.random() < 0.012:
            now += HOUR * dice.randrange(1, 80)
            continue
        world.passes.append(now)
        now += HOUR
    world.mails.sort(key=lambda item: item[0])
    return world


def _submit(world: World, dice: random.Random, person: Person, duty: Duty, week: Period) -> None:
    cutoff = duty.due.of(week, ZONE)
    fate = dice.random()
    if fate < 0.12 or not BEGIN < cutoff < END:
        return
    late = timedelta(minutes=dice.randrange(1, 1600))
    early = timedelta(minutes=dice.randrange(1, 2600))
    instant = cutoff + late if fate < 0.22 else cutoff - early
    if instant >= END:
        return
    name = {"weekly-plan": "工作计划", "weekly-summary": "工作总结"}[duty.id]
    raw = mail(
        person.email, DIRECTOR.email, f"第{week.first.isocalendar()[1]}周{name}", "1. 回访\n2. 台账", date=instant
    )
    world.mails.append((instant, Folder.INBOX, raw))
    key = (person.id, duty.id, week)
    world.arrived[key] = instant
    if dice.random() < 0.1:
        return
    answered = max(instant, cutoff) + timedelta(minutes=dice.randrange(30, 3800))
    if answered < END:
        words = "同意" if duty is PLAN else str(dice.randrange(60, 101))
        answer = mail(DIRECTOR.email, person.email, f"Re: {name}", words, reply_to=message_id(raw), date=answered)
        world.mails.append((answered, Folder.SENT, answer))
        world.decided[key] = answered


def owes(world: World, person: Person, duty: Duty, week: Period) -> bool:
    """The rule book anew: owed by whoever is there on the first working day and at the cutoff, unless all the week is
    his leave."""
    days = [d for d in (week.first + timedelta(days=n) for n in range(7)) if HOLIDAYS.get(d, d.weekday() < 5)]
    ends = [*days[:1], duty.due.of(week, ZONE).date()]
    if any((person.joined and d < person.joined) or (person.left and d > person.left) for d in ends):
        return False
    days = [d for d in days if not person.left or d <= person.left]
    mine = [leave for leave in world.office.calendar.leaves if leave.person == person.id]
    return any(not any(leave.first <= day <= leave.last for leave in mine) for day in days)


def first_pass(world: World, begin: datetime, end: datetime) -> datetime | None:
    return next((moment for moment in world.passes if begin <= moment < end), None)


def waits(world: World, due: tuple[Duty, Period], moment: datetime) -> bool:
    """Whether anybody's submission is open then: also one that he didn't owe."""
    keys = [(person.id, due[0].id, due[1]) for person in world.office.roster.staff]
    return any(world.arrived.get(key, END) <= moment < world.decided.get(key, END) for key in keys)


def expected(world: World) -> Counter[str]:
    """How often each letter should have been written."""
    found: Counter[str] = Counter()
    since = world.passes[0] - timedelta(days=1)
    for week in weeks():
        cutoff = SUMMARY.due.of(week, ZONE)
        dues = [(SUMMARY, week), (PLAN, week.shift(1))]
        if not since <= cutoff < END:
            continue
        for kind, moment in (
            ("reminder", first_pass(world, cutoff - 3 * HOUR, cutoff)),
            ("missing", first_pass(world, cutoff + timedelta(minutes=15), cutoff + timedelta(days=7))),
        ):
            if moment is None:
                continue
            owed = [d for d in dues if any(owes(world, p, *d) for p in world.office.roster.staff)]
            for person in world.office.roster.staff:
                lacking = [
                    d
                    for d in owed
                    if owes(world, person, *d) and world.arrived.get((person.id, d[0].id, d[1]), END) > moment
                ]
                if lacking:
                    found[f"{kind} {cutoff:%m-%d} {person.id}"] += 1
            if kind == "missing" and (owed or any(waits(world, due, moment) for due in dues)):
                found[f"digest {cutoff:%m-%d}"] += 1
    for instant, dues in _nudges().items():
        end = min([n for n in _nudges() if n > instant and _same(n, instant, dues)] + [dues[1]])
        moment = first_pass(world, instant, end)
        if moment is None or instant < since:
            continue
        if waits(world, dues[0], moment):
            found[f"nudge {instant:%m-%d %H}"] += 1
    return found


def _nudges() -> dict[datetime, tuple[tuple[Duty, Period], datetime]]:
    """Every nudge's instant, what it is about, and the deadline."""
    found = {}
    for week in weeks():
        monday = datetime.combine(week.first, datetime.min.time(), ZONE)
        for instant in (monday - 4 * HOUR, monday + 8 * HOUR):
            found[instant] = ((PLAN, week), monday + 9 * HOUR)
        for instant in (monday + 188 * HOUR, monday + 202 * HOUR):
            found[instant] = ((SUMMARY, week), monday + 204 * HOUR)
    return {instant: what for instant, what in found.items() if what[1] < END}


def _same(other: datetime, instant: datetime, dues: tuple[tuple[Duty, Period], datetime]) -> bool:
    return _nudges()[other][0] == dues[0]


def written(world: World, folder: Path) -> tuple[Counter[str], list[outbox.StoredLetter]]:
    """What mailflow writes when it lives through the world, its passes doing what passes do."""
    store = open_store(f"sqlite:///{folder / 'year.db'}")
    store.migrate()
    desk = Desk(world.office, store, Wording([shipped.templates()], ZONE), "wang@imap.example.com", "wang@example.com")
    waiting = list(enumerate(world.mails, start=1))
    for moment in world.passes:
        while waiting and waiting[0][1][0] <= moment:
            uid, (received, role, raw) = waiting.pop(0)
            place = Place(desk.account, role.value, 1, uid)
            with store.transaction() as book:
                handle(desk, book, RawMail(raw, received, role, place), moment)
        with store.transaction() as book:
            inbox.pass_finished(book, desk.account, moment)
        keep_time(desk, moment)
    with store.snapshot() as book:
        letters = outbox.letters(book)
        keys = outbox.keys(book)
    store.close()
    found: Counter[str] = Counter()
    for key in keys:
        kind, _, rest = key.partition("/")
        moment = re_instant(rest)
        if kind in ("reminder", "missing") and moment:
            cutoff = moment + 3 * HOUR if kind == "reminder" else moment
            found[f"{kind} {cutoff:%m-%d} {rest.rpartition('/')[2]}"] += 1
        elif kind == "digest" and moment:
            found[f"digest {moment:%m-%d}"] += 1
        elif kind == "nudge" and moment:
            found[f"nudge {moment:%m-%d %H}"] += 1
    return found, letters


def re_instant(text: str) -> datetime | None:
    for part in text.split("/"):
        if part.startswith("2026-") and "T" in part:
            return datetime.fromisoformat(part)
    return None


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", [2026, None])
def test_every_letter_of_a_year_is_written_exactly_once(tmp_path: Path, seed: int | None) -> None:
    seed = random.SystemRandom().randrange(10**6) if seed is None else seed
    world = a_world(random.Random(seed))
    found, letters = written(world, tmp_path)
    wanted = expected(world)
    assert found == wanted, f"seed {seed}: too many {found - wanted}, too few {wanted - found}"
    assert sum(found.values()) > 500
    monthly = sorted(letter.subject for letter in letters if letter.kind == "monthly")
    assert len(monthly) == len(set(monthly)) == 11, f"seed {seed}: {monthly}"
    sheets = [letter.subject for letter in letters if letter.kind == "sheets"]
    assert len(sheets) > 10, f"seed {seed}"
    corrections = [letter.subject for letter in letters if letter.kind == "correction"]
    assert len(corrections) == len(set(corrections)), f"seed {seed}: {corrections}"
