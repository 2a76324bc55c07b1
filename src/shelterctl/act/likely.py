"""Whose files may be of the same person, and how that is said where nobody can be asked."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from shelterctl.core.double import struck
from shelterctl.core.finding import Finding, Severity
from shelterctl.core.likeness import Degree, Likeness, likeness
from shelterctl.core.person import Called, Person
from shelterctl.core.record import NAMES, Client, Facts, at
from shelterctl.desk import Desk
from shelterctl.language import N_, Both

SAME = N_("{id} may be the same person.")
DIFFERS = N_("{id} may be the same person: {reasons}.")
GO_ON = N_("Go on in her file with admit {id}, or say --new-person.")
ONE_OF_TWO = N_("If she is, go on in one of the two files, and in the other strike through what was entered twice.")

PERSON = "her names"
"""Where that is kept beside what else was read of a client."""

Key = tuple[str, int, int]
"""The sound of a word, a year of birth and the number of words in a name: files of one person have each in common."""

MOST = 5
"""So many files are told, the likeliest first."""


class Likely(NamedTuple):
    """A client who may be the same person, and how likely that is."""

    client: Client
    how: Likeness


def likely(here: Desk, facts: Facts, besides: str | None = None) -> Sequence[Likely]:
    """Clients who may be the one of whom a file says *facts*, the likeliest first; *besides* is the file's own id.

    None while her first or her last name is not known, and never one whose file is struck through.
    """
    asked = Person(facts.get("identity") or {})
    if not asked.whole:
        return ()
    found = [
        Likely(her, how)
        for her in here.store.clients()
        if her.id != besides and (how := likeness(asked, _person(her))).degree <= Degree.NEAR
    ]
    found = [one for one in found if not struck(one.client)]
    return sorted(found, key=lambda one: (one.how.rank, one.client.id))[:MOST]


def _person(her: Client) -> Person:
    """Whom a file speaks of, her names taken apart once however many are compared with her."""
    if PERSON not in her.read:
        her.read[PERSON] = Person(her.facts["identity"])
    person: Person = her.read[PERSON]
    return person


def refusing(found: Sequence[Likely]) -> tuple[Finding, ...]:
    """What is found where a new file is to be opened: names that are equal in any spelling stop it, others do not."""
    stops = [one.how.degree is Degree.SAME for one in found]
    return tuple(replace(_found(one, stops=stop), record=one.client.id) for one, stop in zip(found, stops, strict=True))


def renamed(here: Desk, before: Facts, after: Facts) -> tuple[Finding, ...]:
    """The same where a file that is there already has other names now: nothing is stopped."""
    if all(at(before, f"identity.{name}") == at(after, f"identity.{name}") for name in NAMES):
        return ()
    return tuple(_found(one, stops=False) for one in likely(here, after, str(after["id"])))


def twice(clients: Iterable[Client]) -> Iterator[Finding]:
    """Files that say the same person: the same names in any spelling, and one year of birth in both.

    Each file is told with the nearest one before it; none that counts nowhere, such as one that was left behind.
    """
    by_word: dict[Key, list[Client]] = {}
    for her in clients:
        if her.idle or not (born := her.birth) or not _person(her).whole:
            continue
        forms = [[_keys(word, born.first.year, len(form)) for word in form] for form in _person(her).own]
        for other in _sharing(by_word, forms):
            how = likeness(_person(other), _person(her))
            if how.degree is Degree.SAME:
                yield replace(_found(Likely(other, how), stops=False), record=her.id)
                break
        for key in {key for form in forms for keys in form for key in keys}:
            by_word.setdefault(key, []).append(her)


def _keys(called: Called, year: int, length: int) -> frozenset[Key]:
    return frozenset((sound, year, length) for sound in (*called.word.sounds, called.word.text))


def _sharing(by_word: Mapping[Key, Sequence[Client]], forms: Iterable[Sequence[frozenset[Key]]]) -> Iterator[Client]:
    """Files that share the rarest word of a name with her, the last one first.

    Files of one person share each word, so the rarest is enough, and few files are compared in a house of thousands.
    """
    met: set[str] = set()
    for form in forms:
        rarest = min(form, key=lambda keys: sum(len(by_word.get(key, ())) for key in keys))
        for key in rarest:
            for other in reversed(by_word.get(key, ())):
                if other.id not in met:
                    met.add(other.id)
                    yield other


def _found(one: Likely, *, stops: bool) -> Finding:
    said = Finding(
        code="admission/same-person",
        message=Both(DIFFERS if one.how.reasons else SAME, GO_ON if stops else ONE_OF_TWO),
        where="/identity",
        facts={"id": one.client.id, "reasons": one.how.reasons},
    )
    if one.how.degree is not Degree.SAME:
        said = replace(said, code="admission/alike")
    return said if stops else replace(said, severity=Severity.WARN)
