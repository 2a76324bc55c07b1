"""Blind matchings with other houses, as this device keeps them: beside its key, and nowhere in the store.

The secret of both houses and the own secret number are in one file for each matching, encrypted for this device alone
and marked by it. They are not in the store, because a backup would keep them for ever, and they end with the matching.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from shelterctl import errors, limits
from shelterctl.core.name_keys import KeyKind
from shelterctl.custody.matching_letter import HouseKeys, Letter, foreign_letter_error
from shelterctl.platform.disk_errors import translate_disk_errors
from shelterctl.platform.reading import list_folder, read_plain_file
from shelterctl.platform.writing import create_private_folder, remove_file, replace_file
from shelterctl.session import Session
from shelterctl.store.opening import find_memory_name
from shelterctl.ui_language import N_

MATCHING_UNKNOWN = N_("This computer keeps no such matching: it was not begun here with this key, or was ended.")
SEE_MATCHINGS = N_("See those that are kept: shelterctl hub match")
KEPT_MATCHING_DAMAGED = N_("What this computer keeps of the matching {matching} is damaged.")
END_AND_BEGIN_ANEW = N_("End it, and begin another one: shelterctl hub match --end --matching {matching}")


class OwnEntry(NamedTuple):
    """An entry of the own list: its token, the client whom it stands for or None, and the kinds of her keys."""

    token: str
    client: str | None
    kinds: tuple[KeyKind, ...]


class OwnList(NamedTuple):
    """The own list as it was sent: the digest, the entries, and their points as text, in the same order."""

    digest: str
    entries: tuple[OwnEntry, ...]
    points: tuple[str, ...]


class TheirList(NamedTuple):
    """The list of the other house: its digest, its tokens, and its points as text, multiplied by the own number."""

    digest: str
    tokens: tuple[str, ...]
    points: tuple[str, ...]


class Match(NamedTuple):
    """A client who may be one with somebody in the other house: the own token, the other's, and what they share."""

    client: str
    own: str
    other: str
    kind: KeyKind


class Matching(NamedTuple):
    """A matching as this device keeps it.

    *recipient* is the code of the other house here, *others* its keys, of which *sign* is empty until its first letter.
    *number* blinds points. *told* are the own tokens whose clients' ids went out, *heard* the ids that came in, by the
    other house's token.
    """

    id: str
    recipient: str
    invited: bool
    ends_on: str
    invented: bool
    words: str
    secret: str
    number: str
    others: HouseKeys
    own: OwnList | None = None
    theirs: TheirList | None = None
    matches: tuple[Match, ...] | None = None
    told: tuple[tuple[str, str], ...] = ()
    heard: Mapping[str, str] = {}

    def is_over(self, day: date) -> bool:
        """Whether its last day has passed."""
        return day.isoformat() > self.ends_on

    def require_sender(self, letter: Letter) -> "Matching":
        """Return the matching with the key that signed a letter of the other house.

        The first letter shows that key, since only who opened the invitation has the secret. Raises Damaged for a
        letter by somebody else.
        """
        if not letter.has_code_of(bytes.fromhex(self.secret)) or letter.sender.age != self.others.age:
            raise foreign_letter_error()
        if self.others.sign and letter.sender != self.others:
            raise foreign_letter_error()
        return self._replace(others=letter.sender)


def unknown_matching_error() -> errors.NotFound:
    """Return the error for a matching that this device does not keep."""
    return errors.NotFound("match/unknown", MATCHING_UNKNOWN, hint=SEE_MATCHINGS)


def keep_matching(session: Session, kept: Matching) -> None:
    """Save a matching, in place of how it was before."""
    identity, place = session.device_key, _matching_path(session, kept.id)
    text = json.dumps(kept, separators=(",", ":"))
    data = f"{text} {identity.mark(_marked(session, kept.id, text))}".encode()
    with translate_disk_errors("matching"):
        create_private_folder(place.parent)
        _remove_unfinished(session)
        replace_file(place, identity.seal(data))


def find_matching(session: Session, id_: str) -> Matching:
    """Return a matching that this device keeps. Raises NotFound, or Damaged if the file is not as it was kept."""
    place = _matching_path(session, id_)
    damaged = errors.Damaged("match/kept-damaged", KEPT_MATCHING_DAMAGED, hint=END_AND_BEGIN_ANEW, matching=id_)
    try:
        with translate_disk_errors("matching"):
            sealed = read_plain_file(place, 2 * limits.MATCHING_LETTER_BYTES)
        text, mark = session.device_key.open(sealed).decode().rsplit(" ", 1)
        if mark != session.device_key.mark(_marked(session, id_, text)):
            raise damaged
        return _parse_matching(json.loads(text))
    except errors.NotFound as missing:
        raise unknown_matching_error() from missing
    except (errors.CannotOpen, ValueError, TypeError) as trouble:
        raise damaged from trouble


def list_matchings(session: Session) -> Iterator[str]:
    """Yield the ids of the matchings that this device keeps for this store."""
    start = _matching_path(session, "").name
    with suppress(errors.NotFound), translate_disk_errors("matching"):
        yield from sorted(name[len(start) :] for name in list_folder(session.memory_folder) if name.startswith(start))


def forget_matching(session: Session, id_: str) -> None:
    """Remove what this device keeps of a matching, its secret above all. Raises NotFound."""
    place = _matching_path(session, id_)
    if not place.exists():
        raise unknown_matching_error()
    with translate_disk_errors("matching"):
        remove_file(place)
        _remove_unfinished(session)


def _remove_unfinished(session: Session) -> None:
    """Remove the halves of files that a command left which was killed: they have a secret too."""
    start = f".{_matching_path(session, '').name}"
    for name in list_folder(session.memory_folder):
        if name.startswith(start) and name.endswith(".tmp"):
            remove_file(session.memory_folder / name)


def _matching_path(session: Session, id_: str) -> Path:
    return session.memory_folder / f"{find_memory_name(session.root)}.matching-{id_}"


def _marked(session: Session, id_: str, text: str) -> bytes:
    """Return the bytes that are marked: of this store, and of this matching."""
    return f"matching {find_memory_name(session.root)} {id_} {text}".encode()


def _parse_matching(said: Any) -> Matching:
    """Return a matching from the lists of JSON."""
    kept = Matching(*said)
    own, theirs = kept.own and OwnList(*kept.own), kept.theirs and TheirList(*kept.theirs)
    if own:
        entries = (OwnEntry(token, client, tuple(map(KeyKind, kinds))) for token, client, kinds in own.entries)
        own = own._replace(entries=tuple(entries))
    matches = None if kept.matches is None else tuple(Match(*one[:3], KeyKind(one[3])) for one in kept.matches)
    told = tuple((one, other) for one, other in kept.told)
    return kept._replace(others=HouseKeys(*kept.others), own=own, theirs=theirs, matches=matches, told=told)
