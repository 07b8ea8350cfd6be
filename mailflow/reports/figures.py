"""Figures: a month in so many facts, by ids, so that two months can be compared and a correction says what changed."""

from __future__ import annotations

from collections.abc import Sequence

from mailflow.reports.titles import Titles
from mailflow.rules.ledger import Row, person_months
from mailflow.rules.office import Office

# By `person|duty|period` a standing and the score that counts, by `person|month|` the month's score.
Figures = dict[str, str]
_MONTH = "month"


def figures(office: Office, rows: Sequence[Row]) -> Figures:
    """Every figure of a month, whatever anybody or anything is called meanwhile."""
    found = {}
    for row in rows:
        score = row.held.score if row.held else None
        said = [row.judged.standing.value, *([] if score is None else [f"{score.normalize():f}"])]
        found[f"{row.person.id}|{row.duty.id}|{row.period}"] = " ".join(said)
    for month in person_months(office, rows):
        total = month.result.score
        found[f"{month.person.id}|{_MONTH}|"] = "" if total is None else f"{total.normalize():f}"
    return found


def named(office: Office, key: str) -> tuple[str, str]:
    """Whose figure this is, told apart from namesakes, and which, in the office's language."""
    person_id, what = key.split("|")[0], _what(office, key)
    name = _name(office, person_id)
    namesakes = sum(person.name == name for person in office.roster.people) > 1
    return (f"{name}（{person_id}）" if namesakes else name), what


def in_words(office: Office, value: str) -> str:
    """A figure as a person reads it."""
    standing, _, score = value.partition(" ")
    words = {known.value: said for known, said in Titles.of(office.language).standings.items()}
    return " ".join(filter(None, (words.get(standing, standing), score))) or "—"


def by_name(office: Office, shown: Figures) -> dict[str, str]:
    """The figures in words, by `name / what`, as the first versions of mailflow kept them."""
    return {
        f"{_name(office, key.split('|')[0])} / {_what(office, key)}": in_words(office, value)
        for key, value in shown.items()
    }


def _name(office: Office, person_id: str) -> str:
    person = office.roster.get(person_id)
    return person.name if person else person_id


def _what(office: Office, key: str) -> str:
    _, duty_id, label = key.rsplit("|", 2)
    if duty_id == _MONTH:
        return Titles.of(office.language).summary[8]
    duty = office.duty(duty_id)
    return f"{label} {duty.name(office.language) if duty else duty_id}"
