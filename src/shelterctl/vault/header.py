"""The header of a sealed file, read before age sees it: how many keys open it, and that it cannot keep us busy."""

from typing import NamedTuple

from shelterctl import bound, errors
from shelterctl.language import N_, Marked

_AGE = b"age-encryption.org/v1\n"
_GREASE = b"-grease"


class Header(NamedTuple):
    """How many X25519 keys a file opens for, and whether it opens for anything of another kind."""

    keys: int
    others: int


def header_of(data: bytes, name: str) -> Header:
    """The header of a sealed file. Raises Damaged where it is none, or has more in it than one of ours can have."""
    head = data[: bound.HEADER]
    end = head.find(b"\n---")
    kinds = [line[3:].split(b" ", 1)[0] for line in head[:end].split(b"\n") if line.startswith(b"-> ")]
    if not head.startswith(_AGE) or end < 0 or len(kinds) > bound.STANZAS:
        raise unreadable(name)
    keys, grease = kinds.count(b"X25519"), sum(kind.endswith(_GREASE) for kind in kinds)
    return Header(keys, len(kinds) - keys - min(grease, 1))


def unreadable(name: str) -> errors.Damaged:
    """The error of a file whose header is none of ours."""
    return errors.Damaged(
        "vault/damaged",
        N_("{place} is damaged: it is not what was saved."),
        hint=N_("Put it back from a backup: {repair}. Until then everything else works; tell the data officer."),
        place=name,
        repair=repair_of(name),
    )


def sealed_apart(name: str) -> errors.Conflict:
    """The error of a file that was sealed anew on two computers apart, of which what lies here is the other one's."""
    return errors.Conflict(
        "vault/sealed-apart",
        N_("{place} was sealed anew on two computers, each on its own, and lies here as the other one sealed it."),
        hint=N_("Nothing is lost. Run on the other computer: shelterctl rekey. Then it opens here too."),
        place=name,
    )


def opened_for(name: str, found: int, expected: int, device: str) -> errors.Damaged:
    """The error of a file that opens for more or fewer keys than may read it, though its own device saved it so."""
    return errors.Damaged(
        "vault/readers",
        N_("{place} opens for {found} keys instead of {expected}; the device {device} saved it so."),
        hint=N_(
            "See whose device it is, and who may read, with: shelterctl trust. Ask her, tell the data officer, and "
            "seal the file anew, for those alone who may read it: {repair}"
        ),
        repair=repair_of(name, "--reseal"),
        place=name,
        found=found,
        expected=expected,
        device=device,
    )


def repair_of(name: str, how: str = "--from BACKUP") -> Marked:
    """The command that puts a file right: a client's by her id, any other by its place."""
    record = name.removeprefix("residents/").removesuffix(".yaml.age") if name.startswith("residents/") else name
    return Marked(f"shelterctl repair {record} {how}")
