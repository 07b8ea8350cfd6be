"""The month's detail for other programs: the rows of the workbook as CSV or JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from enum import StrEnum

from mailflow.rules.ledger import Row
from mailflow.rules.office import Office
from mailflow.rules.submission import Standing

# What a spreadsheet would run, were it the beginning of a cell.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Format(StrEnum):
    """What a month can be exported as."""

    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"


def flat(office: Office, rows: Sequence[Row], form: Format) -> bytes:
    """The rows' bytes: CSV in UTF-8 with a BOM, as Excel opens it, or one JSON array. Instants bear their offset."""
    records = list(_records(office, rows))
    if form is Format.JSON:
        return (json.dumps(records, ensure_ascii=False, indent=1) + "\n").encode()
    out = io.StringIO()
    writer = csv.DictWriter(out, list(records[0]) if records else [])
    writer.writeheader()
    writer.writerows({name: _inert(value) for name, value in record.items()} for record in records)
    return out.getvalue().encode("utf-8-sig")


def _inert(value: object) -> object:
    text = isinstance(value, str) and value.startswith(_FORMULA)
    return f"'{value}" if text else value


def _records(office: Office, rows: Sequence[Row]) -> Iterator[dict[str, object]]:
    for row in rows:
        held = row.held
        received, decided = row.received_at, held.decided_at if held else None
        yield {
            "id": row.person.id,
            "name": row.person.name,
            "department": row.person.department,
            "duty": row.duty.id,
            "period": row.period.label,
            "cutoff": row.cutoff.astimezone(office.zone).isoformat(timespec="seconds"),
            "received_at": received.astimezone(office.zone).isoformat(timespec="seconds") if received else None,
            "standing": row.judged.standing.value,
            "excuse": row.judged.excuse.value
            if row.judged.excuse and row.judged.standing is Standing.EXCUSED
            else None,
            "late_by_seconds": int(row.judged.late_by.total_seconds()),
            "version": held.version if held else 0,
            "state": row.state.value,
            "score": float(held.score) if held and held.score is not None else None,
            "decided_at": decided.astimezone(office.zone).isoformat(timespec="seconds") if decided else None,
            "comment": held.comment if held else "",
        }
