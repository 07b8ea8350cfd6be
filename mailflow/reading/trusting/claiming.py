"""Claiming: what a mail has to show for its right to decide, gathered from all that is known of it."""

from __future__ import annotations

from mailflow.reading.context import Inputs
from mailflow.reading.trusting.authenticity import Vouched
from mailflow.reading.trusting.belief import Claim, Sender
from mailflow.reading.words import TOKEN
from mailflow.rules.people import Role
from mailflow.wire import bare_address


def claim_of(inputs: Inputs, vouch: Vouched) -> Claim:
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
