"""Aim: what a decider's answer is about. One ladder, from the surest step down.

1. A token of ours in the subject of a mail that he began, or in an answer to a letter of ours.
2. The message in In-Reply-To, if that very message is a submission or a letter of ours, and no other bears its id.
3. Without In-Reply-To and from Sent: the code in the subject, if the mail goes to nobody but its person and nobody of
   the staff has used that subject; else the one open submission of the one person he writes to, of a duty that the
   subject names.
Whatever else points to a submission (References alone, In-Reply-To to anything else, a code or token that somebody
else wrote into a subject) may be what he means and may not be: he is asked.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from mailflow.reading.context import Inputs
from mailflow.reading.opening.charsets import fold
from mailflow.reading.staff.naming import named_duties
from mailflow.reading.words import bare_subject
from mailflow.rules.people import Person
from mailflow.rules.submission import Target
from mailflow.wire import Folder


@dataclass(frozen=True)
class Aim:
    """The submissions that an answer can be about, how they were found, and whether it is sure that it is about
    these. Without a store there are none: `duties` is what the subject names."""

    targets: tuple[Target, ...]
    how: str
    sure: bool
    duties: frozenset[str] = frozenset()


def began(inputs: Inputs) -> bool:
    """Whether the mail answers nothing, so that its subject is its writer's own."""
    letter = inputs.letter
    _, is_reply = bare_subject(letter.subject)
    return not (letter.in_reply_to or letter.references or is_reply or inputs.context.foreign_subject)


def answers_ours(inputs: Inputs) -> bool:
    """Whether the message in In-Reply-To is a letter of ours that went to him."""
    answered = inputs.context.answered_letter
    return answered is not None and answered.direct and answered.to == inputs.person.id


def aim(inputs: Inputs, people: Collection[Person]) -> Aim | None:
    """What the answer is about, None where it points to nothing. `people` are the staff that he writes to."""
    context = inputs.context
    if mine := tuple(ticket.target for ticket in context.tickets if ticket.reviewer == inputs.person.id):
        sure = began(inputs) or answers_ours(inputs)
        return _about(mine, "found by the token in the subject", sure)
    if inputs.letter.in_reply_to:
        if context.answered:
            # Whoever sends another mail under the same Message-ID would have an answer to one decide on the other.
            how = (
                "several mails bear the Message-ID that it answers"
                if context.borne_twice
                else "found by what it answers"
            )
            return _about(context.answered, how, not context.borne_twice)
        possible = context.thread or context.by_code
        if possible:
            return _about(possible, "what it answers is no submission; it only mentions one", False)
        return _by_subject(inputs, people, sure=False)
    from_sent = inputs.role is Folder.SENT
    if context.by_code:
        theirs = {target.submission.key.person for target in context.by_code}
        sure = from_sent and {person.id for person in people} <= theirs and not context.foreign_subject
        return _about(context.by_code, "found by the code in the subject", sure)
    if context.thread:
        return _about(context.thread, "its References mention a submission", False)
    return _by_subject(inputs, people, sure=from_sent)


def _about(targets: tuple[Target, ...], how: str, sure: bool) -> Aim:
    return Aim(targets, how, sure, frozenset(target.submission.key.duty for target in targets))


def _by_subject(inputs: Inputs, people: Collection[Person], *, sure: bool) -> Aim | None:
    bare, is_reply = bare_subject(inputs.letter.subject)
    named = frozenset(named_duties(fold(bare), inputs.office.duties))
    if not named:
        return None
    if not inputs.context.knows_store:
        return Aim((), "the subject names the duty", True, named)
    if not people or (len(people) > 1 and not is_reply):
        return None
    candidates = tuple(
        Target(held)
        for person in people
        for held in inputs.context.held.get(person.id, ())
        if held.is_open and held.key.duty in named
    )
    return Aim(candidates, "found by subject and recipient", sure and len(people) == 1, named)
