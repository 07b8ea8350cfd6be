"""How a message of the corpus is read, for the tests and for the table of accuracy."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mailflow import reading
from mailflow.reading import Context, Disposition
from mailflow.rules.office import Office
from mailflow.rules.people import Person
from mailflow.wire import Folder
from tests.offices import LISI, SMITH, ZHANGSAN, an_office

OFFICE = an_office(ZHANGSAN, LISI, SMITH, Person("wangwu", "王五", "wangwu@example.com"))


def found_in(raw: bytes, given: Mapping[str, str], office: Office = OFFICE) -> dict[str, Any]:
    """What reading finds, in the form of the JSON beside each message."""
    letter = reading.open_letter(raw)
    arrived = datetime.fromisoformat(given["received"])
    found = reading.read(letter, arrived, Folder(given["folder"]), office, Context())
    return {
        "person": found.person.id if found.person else None,
        "disposition": (Disposition.OTHER if found.empty else found.disposition).value,
        "duties": {} if found.empty else {p.duty.id: p.period.label for p in found.purposes},
        "new_text": found.text,
        "attachments": [part.filename for part in letter.parts],
        "rulings": {
            ruling.duty_id: {
                "verdict": ruling.decision.verdict.value,
                "score": float(ruling.decision.score) if ruling.decision.score is not None else None,
                "comment": ruling.decision.comment,
                "proposal": ruling.decision.proposal.verdict.value if ruling.decision.proposal else None,
            }
            for ruling in found.rulings
        },
    }
