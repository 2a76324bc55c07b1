"""Whose files may be of the same person, and how that is said where nobody can be asked."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import NamedTuple

from shelterctl.core.double import struck
from shelterctl.core.finding import Finding, Severity
from shelterctl.core.likeness import Degree, Likeness, likeness
from shelterctl.core.person import FIRST, LAST, Form, Person
from shelterctl.core.record import NAMES, Client, Facts, at
from shelterctl.desk import Desk
from shelterctl.language import N_, Both

SAME = N_("{id} may be the same person.")
DIFFERS = N_("{id} may be the same person: {reasons}.")
GO_ON = N_("Go on in her file with admit {id}, or say --new-person.")
ONE_OF_TWO = N_("If she is, go on in one of the two files, and in the other strike through what was entered twice.")

PERSON = "her names"
"""Where that is kept beside what else was read of a client."""

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

    Each file is told with the one before it; none that counts nowhere, such as one that was left behind.
    """
    by_name: dict[frozenset[str], list[Client]] = {}
    for her in clients:
        if her.idle or not (born := her.birth) or not _person(her).whole:
            continue
        alike: dict[str, Client] = {}
        for key in {key for form in _person(her).own for key in _keys(form, born.first.year)}:
            alike |= {other.id: other for other in by_name.get(key, ())}
            by_name.setdefault(key, []).append(her)
        for other in alike.values():
            how = likeness(_person(other), _person(her))
            if how.degree is Degree.SAME:
                yield replace(_found(Likely(other, how), stops=False), record=her.id)


def _keys(form: Form, year: int) -> Iterator[frozenset[str]]:
    """By what two files are held against each other at all: how her first and her last name sound, and the year."""
    first, last = ([one.word for one in form if one.role == role] for role in (FIRST, LAST))
    sounds = ({sound for word in words for sound in word.sounds} for words in (first, last))
    yield from (frozenset((one, other, str(year))) for one, other in product(*sounds))


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
