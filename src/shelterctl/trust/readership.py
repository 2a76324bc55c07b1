"""Who may read each part of a store: by the keys of the trust list, the roles that were granted to each person, and the
roles that open each part.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple, Protocol

from shelterctl.immutable import immutable

FILE_PART, DIRECTORY_PART, SECRETS_PART, ROSTER_PART = "file", "directory", "secrets", "roster"
SHELTER_PART, STAFF_PART = "shelter", "staff"

WRITER_PART = "writer"
"""The part of what nobody but its writer opens, such as answers that may still come to name one of their readers."""

REGISTER_PARTS = {f"registers/{home}": f"register-{home}" for home in ("house", "staff", "ngo", "provider")}
"""The part of each folder of registers: what is recorded about houses, staff, NGOs and providers."""

FILE_PARTS = (
    DIRECTORY_PART, FILE_PART, ROSTER_PART, SECRETS_PART, SHELTER_PART, STAFF_PART, *REGISTER_PARTS.values(),
)  # fmt: skip
"""The parts of a store that are whole files; the sealed parts inside a file have the names of the rulebook."""

CLEAR_PARTS = (SHELTER_PART, STAFF_PART)
"""The parts that are not encrypted: everybody reads them, and the roles say who may save them."""

MANAGER_ROLE = "manager"
"""The role whose keys change the trust list once each person has a key."""


def part_of_file(name: str) -> str:
    """Return the part that a file of the store belongs to, by its name; a file of no other part is a client's."""
    if name.startswith("registers/"):
        return REGISTER_PARTS.get("/".join(name.split("/")[:2]), FILE_PART)
    stem = name.removesuffix(".age").removesuffix(".yaml")
    return stem if stem in FILE_PARTS else FILE_PART


def folder_of_part(part: str) -> str:
    """Return the folder in whose files a sealed part lies: the parts of a register begin with its home."""
    return next((place for place in REGISTER_PARTS if part.startswith(f"{place.partition('/')[2]}-")), "residents")


def is_sealed_inside(part: str, name: str) -> bool:
    """Whether entries of a sealed part may be in a file of that name."""
    inside = folder_of_part(part)
    return name.startswith(f"{inside}/") if name.startswith("registers/") else inside not in REGISTER_PARTS


class AccessRules(NamedTuple):
    """Content of a signed `access` statement: the roles that open each part, and what a house takes from a role.

    Without *parts* the keys of computers open everything, as before there were roles, and keys of persons nothing:
    because the house chose one key for all, or because its people are being given keys. *less* names, by role, tracks
    and acts of the rulebook that the role may not write or do in this house.
    """

    parts: Mapping[str, tuple[str, ...]]
    less: Mapping[str, tuple[str, ...]]


class KeyHolder(Protocol):
    """A key of the trust list: the person's staff code, the age recipient, and whether it was shut out."""

    @property
    def staff(self) -> str:
        """The staff code of the person."""

    @property
    def age(self) -> str:
        """The age recipient."""

    @property
    def rights(self) -> Sequence[str]:
        """Its rights: to write, and to change the trust list."""

    @property
    def is_in_force(self) -> bool:
        """Whether the key was not shut out."""


@immutable(eq=True, slots=False)
class Readership:
    """Who may read what at one moment of the trust list; everyone reads everything until each person has a key.

    *holders* are the keys in the order of the list, *paper* is the recipient of the recovery paper, which opens
    everything. *roles* are the granted roles by staff code.
    """

    holders: tuple[KeyHolder, ...]
    paper: str
    roles: Mapping[str, tuple[str, ...]]
    access: AccessRules | None = None

    @property
    def is_by_role(self) -> bool:
        """Whether each person has a key, and roles decide who reads what."""
        return self.access is not None and bool(self.access.parts)

    @cached_property
    def everyone(self) -> tuple[str, ...]:
        """The recipients of every key that opens anything, and of the paper."""
        return (*(one.age for one in self._readers), self.paper)

    @cached_property
    def _readers(self) -> tuple[KeyHolder, ...]:
        """The keys in force that open anything: before roles decide, those of computers alone."""
        persons = self.access is None or self.is_by_role
        return tuple(one for one in self.holders if one.is_in_force and (persons or "trust" in one.rights))

    def is_own_key(self, holder: KeyHolder) -> bool:
        """Whether a key is one person's own, and not that of a computer which others use too."""
        return self.is_by_role or (self.access is not None and "trust" not in holder.rights)

    def roles_of(self, staff: str) -> tuple[str, ...]:
        """Return the roles granted to a person."""
        return self.roles.get(staff, ())

    def roles_for(self, part: str) -> tuple[str, ...]:
        """Return the roles that open a part.

        A part that the list does not name opens like a client's file; one sealed inside a register, to managers alone.
        """
        if part == WRITER_PART:
            return ()
        parts = self.access.parts if self.access else {}
        if part not in parts and any(is_sealed_inside(part, place) for place in REGISTER_PARTS):
            return (MANAGER_ROLE,)
        return parts.get(part, parts.get(FILE_PART, ()))

    def opens(self, staff: str, part: str) -> bool:
        """Whether a person opens a part, by her role; before roles decide, by having the key of a computer."""
        if not self.is_by_role:
            return self.access is None or any(one.staff == staff for one in self._readers)
        return bool({*self.roles_of(staff)} & {*self.roles_for(part)})

    def may_save(self, staff: str, file: str) -> bool:
        """Whether lines of a person's key about a file count. All roles read the roster, and those who open clients'
        files write it.
        """
        part = part_of_file(file)
        return self.opens(staff, FILE_PART if part == ROSTER_PART else part)

    def staff_for(self, part: str) -> tuple[str, ...]:
        """Return the staff codes with a key in force that opens a part, in the order of the list."""
        codes = dict.fromkeys(one.staff for one in self._readers)
        return tuple(code for code in codes if self.opens(code, part))

    def recipients(self, part: str, writers: Collection[str] = (), but: Collection[str] = ()) -> tuple[str, ...]:
        """Return the keys to which a part is sealed, also those of an entry's *writers*; the paper's key is last.

        Keys of the staff *but*, whom the entry names, are left out.
        """
        if not self.is_by_role:
            return self.everyone
        cached, asked = self._by_part, (part, tuple(writers), tuple(but))
        if asked not in cached:
            staff = {*self.staff_for(part), *writers} - {*but}
            keys = (one.age for one in self._readers if one.staff in staff)
            cached[asked] = (*keys, self.paper)
        return cached[asked]

    @cached_property
    def _by_part(self) -> dict[tuple[str, tuple[str, ...], tuple[str, ...]], tuple[str, ...]]:
        return {}

    def recipients_of_file(self, name: str) -> tuple[str, ...]:
        """Return the keys to which a file of the store is sealed."""
        return self.recipients(part_of_file(name)) if self.is_by_role else self.everyone

    @property
    def sealed_parts(self) -> tuple[str, ...]:
        """The sealed parts of a client's file."""
        return tuple(part for part in (self.access.parts if self.access else ()) if part not in FILE_PARTS)

    def manages(self, staff: str) -> bool:
        """Whether a person may change the trust list, once roles decide."""
        return MANAGER_ROLE in self.roles_of(staff)
