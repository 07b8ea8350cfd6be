"""What `mailflow explain` finds in one file, as values that both of its outputs print."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from mailflow import reading
from mailflow.reading import Context, Disposition, Reading
from mailflow.reading.opening.attachments import read_attachment
from mailflow.reading.opening.letter import received_at
from mailflow.rules.office import Office
from mailflow.rules.people import Role
from mailflow.rules.review import Decision, Verdict
from mailflow.rules.submission import standing_of
from mailflow.wire import Folder


@dataclass(frozen=True)
class Explained:
    """One message, understood."""

    path: Path
    found: Reading
    duties: dict[str, str]
    standing: dict[str, str]
    decision: dict[str, object] | None
    attachments: list[dict[str, object]]
    reasons: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """The line for programs."""
        found = self.found
        disposition = Disposition.OTHER if found.empty else found.disposition
        return {
            "file": str(self.path),
            "message_id": found.letter.message_id,
            "person": found.person.id if found.person else None,
            "role": found.person.role.value if found.person else None,
            "disposition": disposition.value,
            "duties": self.duties,
            "standing": self.standing,
            "decision": self.decision,
            "new_text": found.text,
            "attachments": self.attachments,
            "reasons": list(self.reasons),
        }


def explain_file(path: Path, raw: bytes, folder: Folder, arrival: datetime | None, office: Office) -> Explained:
    """How the message would be understood if it lay in that folder since `arrival` (else by its own headers)."""
    letter = reading.open_letter(raw)
    arrived = arrival or received_at(letter) or datetime.fromtimestamp(0, UTC)
    found = reading.read(letter, arrived, folder, office, Context())
    duties: dict[str, str] = {}
    standing: dict[str, str] = {}
    reasons = found.reasons
    if found.empty:
        reasons = (*reasons, "no text of its own and no readable attachment: no submission")
    else:
        for purpose in found.purposes:
            duties[purpose.duty.id] = purpose.period.label
            cutoff = office.calendar.cutoff(purpose.duty, purpose.period)
            judged = standing_of([arrived], cutoff, None, arrived, office.grace)
            standing[purpose.duty.id] = judged.standing.value
    attachments = found.attachments or (tuple(read_attachment(part) for part in letter.parts) if found.person else ())
    return Explained(
        path,
        found,
        duties,
        standing,
        _decision(found),
        [
            {
                "filename": a.filename,
                "characters": len(a.text),
                "problem": a.problem or None,
                "picture": a.picture,
            }
            for a in attachments
        ],
        reasons,
    )


def _proposal(proposal: Decision | None) -> dict[str, object]:
    """What an unclear answer most likely means, where that is known."""
    if proposal is None:
        return {}
    return {"proposal": _told(proposal)}


def _told(decision: Decision) -> dict[str, object]:
    score = float(decision.score) if decision.score is not None else None
    return {"verdict": decision.verdict.value, "score": score, "comment": decision.comment}


def _decision(found: Reading) -> dict[str, object] | None:
    """The decision in a director's message: of several the one that acts, and all of them by duty."""
    if (
        found.person is None
        or found.person.role is not Role.DIRECTOR
        or found.disposition
        not in (
            Disposition.DECISION,
            Disposition.OTHER,
        )
    ):
        return None
    if not found.rulings:
        return {"verdict": Verdict.NONE.value, "score": None, "comment": ""}
    by_duty: dict[str, dict[str, object]] = {
        ruling.duty_id: {
            **_told(ruling.decision),
            **_proposal(ruling.decision.proposal),
        }
        for ruling in found.rulings
    }
    first = next((d for d in by_duty.values() if Verdict(str(d["verdict"])).acts), next(iter(by_duty.values())))
    return {**first, "duties": by_duty} if len(by_duty) > 1 else first
