"""Who is in the office. A person is known by address, never by display name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Role(StrEnum):
    """What a person is in the roster."""

    STAFF = "staff"
    DIRECTOR = "director"
    OBSERVER = "observer"


@dataclass(frozen=True)
class Span:
    """A time of employment, both days included; open where a day is None."""

    first: date | None = None
    last: date | None = None

    def covers(self, day: date) -> bool:
        """Whether the day lies in it."""
        return (self.first is None or day >= self.first) and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Person:
    """One row of the roster. `joined` and `left` are the first and the last day of work; whoever came back has
    `earlier` times of employment besides. One who is `former` has history and no row any more; he has no address
    either."""

    id: str
    name: str
    email: str
    aliases: tuple[str, ...] = ()
    department: str = ""
    role: Role = Role.STAFF
    supervisor: str | None = None
    joined: date | None = None
    left: date | None = None
    language: str = "zh-CN"
    former: bool = False
    earlier: tuple[Span, ...] = ()

    @property
    def spans(self) -> tuple[Span, ...]:
        """Every time of employment, the oldest first."""
        return (*self.earlier, Span(self.joined, self.left))

    def employed_on(self, day: date) -> bool:
        """Whether he works here on that day."""
        return any(span.covers(day) for span in self.spans)

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every address that is theirs, lower-case, the one we write to first."""
        return tuple(address for address in (self.email, *self.aliases) if address)


@dataclass(frozen=True)
class Roster:
    """Everybody, in the roster's order, and the director among them."""

    people: tuple[Person, ...]
    director_id: str
    _by_address: dict[str, Person] = field(init=False, repr=False, compare=False)
    _by_id: dict[str, Person] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_address", {a: p for p in self.people for a in p.addresses})
        object.__setattr__(self, "_by_id", {p.id: p for p in self.people})

    @property
    def director(self) -> Person:
        """The operations director, whose mailbox this is."""
        return self._by_id[self.director_id]

    @property
    def staff(self) -> tuple[Person, ...]:
        """Those who owe submissions."""
        return tuple(p for p in self.people if p.role is Role.STAFF)

    def by_address(self, address: str) -> Person | None:
        """The person whose address or alias this is."""
        return self._by_address.get(address.strip().lower())

    def get(self, person_id: str) -> Person | None:
        """The person with this id."""
        return self._by_id.get(person_id)

    def find(self, wanted: str) -> list[Person]:
        """Everybody whom an id, an address or a name can mean; several people may bear one name."""
        exact = self._by_id.get(wanted) or self.by_address(wanted)
        return [exact] if exact else [p for p in self.people if p.name == wanted]

    def known(self, addresses: Iterable[str]) -> list[Person]:
        """The people among these addresses, each once, in order."""
        found = (self.by_address(address) for address in addresses)
        return list(dict.fromkeys(person for person in found if person))
