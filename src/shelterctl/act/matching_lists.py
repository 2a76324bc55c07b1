"""Lists of a blind matching: which clients are on one, their blinded points, and what two lists have in common."""

import base64
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from random import SystemRandom
from typing import NamedTuple

from shelterctl.act.export import recipient_names
from shelterctl.core.manual.export_rules import MatchingRule
from shelterctl.core.manual.track import SHARING_CONSENT
from shelterctl.core.name_keys import KeyKind, make_name_keys
from shelterctl.core.people import Person
from shelterctl.core.record.client import Client
from shelterctl.core.rules.sharing import SharingAnswer, find_sharing_answer
from shelterctl.core.values.codes import ID_ALPHABET
from shelterctl.core.values.days import age_range
from shelterctl.custody.matching import Match, Matching, OwnEntry, OwnList, TheirList
from shelterctl.custody.matching_letter import LIST_SIZES, POINTS_OF_CLIENT, PointList, unsound_letter_error
from shelterctl.identity.blinding import POINT_BYTES, blind_points, hash_to_point
from shelterctl.session import Session

_KEY_OF_NAMES = b"shelterctl hub-match names/1\n"
_INVENTED = b"invented "


class ListedClients(NamedTuple):
    """The clients for a list, and the numbers of those left out: who did not agree, who no longer does, and those
    without a name or a year of birth.
    """

    agreed: Sequence[Client]
    withheld: int
    ended: int
    incomplete: int


def count_listed_clients(session: Session, rule: MatchingRule, recipient: str, day: date) -> ListedClients:
    """Return the clients who agree on a day to be compared with the *recipient*, and count the others."""
    track = session.rulebook.tracks.serving(SHARING_CONSENT)
    names = recipient_names(session, recipient)
    agreed: list[Client] = []
    numbers = Counter[str]()
    for her in session.store.clients():
        if her.is_idle or track is None:
            continue
        may_be_minor = her.birth is not None and age_range(her.birth, day)[0] < rule.minor_under
        wanted = {**rule.consent, **(rule.of_minor if may_be_minor else {})}
        answer = find_sharing_answer(track, her, wanted, names, day)
        if answer is not SharingAnswer.AGREED:
            numbers[answer.value] += 1
        elif not make_name_keys(Person(her.facts["identity"]), POINTS_OF_CLIENT):
            numbers["incomplete"] += 1
        else:
            agreed.append(her)
    over = numbers[SharingAnswer.OVER.value]
    return ListedClients(agreed, numbers[SharingAnswer.MISSING.value] + over, over, numbers["incomplete"])


def make_own_list(kept: Matching, agreed: Sequence[Client]) -> OwnList:
    """Return a list of blinded points: clients and entries of nobody, shuffled, as many as the next size of a list."""
    secret = bytes.fromhex(kept.secret)
    made: list[tuple[OwnEntry, list[bytes]]] = []
    taken = set[str]()
    for her in (*agreed, *[None] * (next(size for size in LIST_SIZES if size >= len(agreed)) - len(agreed))):
        keys = make_name_keys(Person(her.facts["identity"]), POINTS_OF_CLIENT) if her else ()
        kind_of_text = _KEY_OF_NAMES + (_INVENTED if kept.invented else b"")
        points = [hash_to_point(secret, kind_of_text + f"{key.kind}|{key.text}".encode()) for key in keys]
        points += [_draw_point() for _ in range(POINTS_OF_CLIENT - len(keys))]
        token = _draw_token(taken)
        made.append((OwnEntry(token, her.id if her else None, tuple(key.kind for key in keys)), points))
    SystemRandom().shuffle(made)
    blinded = blind_points(bytes.fromhex(kept.number), (point for _, points in made for point in points))
    return OwnList("", tuple(entry for entry, _ in made), tuple(_join_points(blinded)))


def _draw_token(taken: set[str]) -> str:
    """Return a new random token that is not *taken* yet, and take it."""
    while (token := "".join(secrets.choice(ID_ALPHABET) for _ in range(8))) in taken:
        continue
    taken.add(token)
    return token


def _draw_point() -> bytes:
    """Return a random point, of which nobody knows a text."""
    return hash_to_point(secrets.token_bytes(32), b"")


def blind_their_list(kept: Matching, said: PointList, digest: str) -> TheirList:
    """Return the list of the other house, blinded by this one too. Raises Damaged where something is no point."""
    try:
        blinded = blind_points(bytes.fromhex(kept.number), (point for one in said.entries for point in one.points))
    except ValueError as trouble:
        raise unsound_letter_error() from trouble
    return TheirList(digest, tuple(one.token for one in said.entries), tuple(_join_points(blinded)))


def find_matches(own: OwnList, theirs: TheirList, said: PointList) -> Iterable[Match]:
    """Yield each client who shares a key with an entry of the other house, by the surest of these keys."""
    tokens: dict[bytes, list[str]] = {}
    for token, points in zip(theirs.tokens, theirs.points, strict=True):
        for point in split_points(points):
            tokens.setdefault(point, []).append(token)
    for mine, back in zip(own.entries, said.entries, strict=True):
        best: dict[str, KeyKind] = {}
        for kind, point in sorted(zip(mine.kinds, back.points, strict=False), key=lambda one: [*KeyKind].index(one[0])):
            for token in tokens.get(point, ()):
                best.setdefault(token, kind)
        if mine.client:
            yield from (Match(mine.client, mine.token, token, kind) for token, kind in best.items())


def _join_points(points: Sequence[bytes]) -> Iterator[str]:
    """Yield the points of each entry as one text."""
    for first in range(0, len(points), POINTS_OF_CLIENT):
        yield base64.b64encode(b"".join(points[first : first + POINTS_OF_CLIENT])).decode()


def split_points(text: str) -> tuple[bytes, ...]:
    """Return the points of an entry from their text."""
    data = base64.b64decode(text)
    return tuple(data[first : first + POINT_BYTES] for first in range(0, len(data), POINT_BYTES))
