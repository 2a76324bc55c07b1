"""Files that may be about the same person: find them by names and year of birth, say so where a file is opened, renamed
or checked, and join two files into one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from shelterctl.core.finding import Finding, Severity, about_client, has_refusal
from shelterctl.core.merge.two_files import ENTERED_TWICE, build_carried_fragment, is_struck_as_twice, strip_struck_file
from shelterctl.core.people import MatchDegree, Person, PersonMatch, RoleWord, match_persons, split_compared_words
from shelterctl.core.record.client import IDENTITY_NAMES, Client, value_at
from shelterctl.core.values.facts import Facts
from shelterctl.language import LabelledCode, TwoSentences, current_language, format_sentence, words_about
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.session import Session
from shelterctl.store.folder import record_file
from shelterctl.store.store import StoredFile
from shelterctl.ui_language import N_

MAY_BE_SAME_PERSON = N_("{id} may be the same person.")
MAY_BE_SAME_PERSON_DIFFERING = N_("{id} may be the same person: {reasons}.")
CONTINUE_OR_NEW_PERSON = N_(
    "Continue in {her|his} file with admit {id}; if {she|he} is another person, add --new-person."
)
CONTINUE_IN_ONE_FILE = N_(
    "If {she|he} is, continue in one of the two files, and strike through the duplicate entries in the other."
)

PERSON_CACHE_KEY = "her names"
"""The key in ``Client.cache`` of the parsed names of a client."""

NameKey = tuple[str, int, int]
"""The sound of a word, a year of birth and the number of words in a name; files of one person share these keys."""

MOST_LIKELY_CLIENTS = 5
"""The most clients that are listed as perhaps the same person, the likeliest first."""

SAME_PERSON_OTHER_FILE = N_("The same person as {id}; {her|his} file is that one.")


class NamedPerson(NamedTuple):
    """The names in a file, with its *id*."""

    id: str
    person: Person


class LikelyClient(NamedTuple):
    """A client who may be the same person, and how likely that is."""

    client: Client
    match: PersonMatch


def find_likely_clients(session: Session, facts: Facts, besides: str | None = None) -> Sequence[LikelyClient]:
    """Return the clients who may be the person in *facts*, the likeliest first; *besides* is the id of that file
    itself.

    Empty while her first or last name is unknown. A file struck through as a duplicate is never returned.
    """
    asked = Person(facts.get("identity") or {})
    if not asked.whole:
        return ()
    found = [
        LikelyClient(her, how)
        for her in session.store.clients()
        if her.id != besides and (how := match_persons(asked, _read_person(her))).degree <= MatchDegree.NEAR
    ]
    found = [one for one in found if not is_struck_as_twice(one.client)]
    return sorted(found, key=lambda one: (one.match.rank, one.client.id))[:MOST_LIKELY_CLIENTS]


def _read_person(her: Client) -> Person:
    """Return the person of a file; her names are parsed once, however many files are compared with hers."""
    if PERSON_CACHE_KEY not in her.cache:
        her.cache[PERSON_CACHE_KEY] = Person(her.facts["identity"])
    person: Person = her.cache[PERSON_CACHE_KEY]
    return person


def judge_new_file(likely: Sequence[LikelyClient]) -> tuple[Finding, ...]:
    """Return the findings when a new file is to be opened: equal names in any spelling refuse it, similar ones only
    warn.
    """
    stops = [one.match.degree is MatchDegree.SAME for one in likely]
    return tuple(
        replace(_same_person_finding(one.client.id, one.match, stops=stop), record=one.client.id)
        for one, stop in zip(likely, stops, strict=True)
    )


def judge_new_names(session: Session, before: Facts, after: Facts) -> tuple[Finding, ...]:
    """Return warnings if the new names in an existing file may be those of another client."""
    if all(value_at(before, f"identity.{name}") == value_at(after, f"identity.{name}") for name in IDENTITY_NAMES):
        return ()
    return tuple(
        _same_person_finding(one.client.id, one.match, stops=False)
        for one in find_likely_clients(session, after, str(after["id"]))
    )


def reasons_about(session: Session, her: Client, how: PersonMatch) -> tuple[LabelledCode, ...]:
    """Return what differs from what is known of a client, in the form of words for her."""
    form = session.rulebook.form_for_sex(her.sex)
    return tuple(LabelledCode(each, words_about(each.text, form)) for each in how.reasons)


def find_duplicate_files(rulebook: Rulebook, clients: Iterable[Client]) -> Iterator[Finding]:
    """Yield a warning for each file that may be about the same person as an earlier one: the same names in any
    spelling, and one year of birth.

    A file is reported with the nearest such file before it. Closed files (``Client.is_idle``) are skipped. Of the
    earlier files only the names are kept in memory.
    """
    by_word: dict[NameKey, list[NamedPerson]] = {}
    read_words = cache(split_compared_words)  # for these files alone: no name is kept once they are compared
    for her in clients:
        if her.is_idle or not (born := her.birth):
            continue
        named = NamedPerson(her.id, Person(her.facts["identity"], read_words=read_words))
        if not named.person.whole:
            continue
        forms = [[_name_keys(word, born.first.year, len(form)) for word in form] for form in named.person.own_forms]
        for other in _files_sharing_word(by_word, forms):
            how = match_persons(other.person, named.person)
            if how.degree is MatchDegree.SAME:
                found = _same_person_finding(other.id, how, stops=False)
                yield about_client(found, rulebook.form_for_sex(her.sex), her.id)
                break
        for key in {key for form in forms for keys in form for key in keys}:
            by_word.setdefault(key, []).append(named)


def _name_keys(role_word: RoleWord, year: int, length: int) -> frozenset[NameKey]:
    return frozenset((sound, year, length) for sound in (*role_word.word.sounds, role_word.word.text))


def _files_sharing_word(
    by_word: Mapping[NameKey, Sequence[NamedPerson]], forms: Iterable[Sequence[frozenset[NameKey]]]
) -> Iterator[NamedPerson]:
    """Yield the files that share the rarest word of a name with her, the latest first.

    Files of one person share every word, so the rarest is enough, and few of thousands of files are compared.
    """
    met: set[str] = set()
    for form in forms:
        rarest = min(form, key=lambda keys: sum(len(by_word.get(key, ())) for key in keys))
        for key in rarest:
            for other in reversed(by_word.get(key, ())):
                if other.id not in met:
                    met.add(other.id)
                    yield other


def _same_person_finding(id_: str, match: PersonMatch, *, stops: bool) -> Finding:
    said = Finding(
        code="admission/same-person",
        message=TwoSentences(
            MAY_BE_SAME_PERSON_DIFFERING if match.reasons else MAY_BE_SAME_PERSON,
            CONTINUE_OR_NEW_PERSON if stops else CONTINUE_IN_ONE_FILE,
        ),
        where="/identity",
        facts={"id": id_, "reasons": match.reasons},
    )
    if match.degree is not MatchDegree.SAME:
        said = replace(said, code="admission/alike")
    return said if stops else replace(said, severity=Severity.WARN)


def join_files(session: Session, gone: StoredFile, hers: StoredFile) -> tuple[Finding, ...]:
    """Copy the content of *gone* into *hers* and leave *gone* struck through, as one act. Return the findings that
    refuse it.
    """
    from shelterctl.act.change import merge_into_file  # noqa: PLC0415 - to find files needs neither
    from shelterctl.act.input import Input  # noqa: PLC0415

    old = Client(gone.value)
    given = Input(build_carried_fragment(old, Client(hers.value)), (), None)
    found = merge_into_file(session, hers.value, given, without_stay=not old.stays)
    if has_refusal(found.findings):
        return found.findings
    void = {"on": session.today.isoformat(), "by": session.staff, "reason": ENTERED_TWICE}
    new = Client(found.record)
    left = strip_struck_file(
        old, new, void, format_sentence(SAME_PERSON_OTHER_FILE, {"id": new.id}, current_language())
    )
    session.save([(record_file(new.id), new.facts, hers.version), (record_file(old.id), left, gone.version)], "admit")
    return ()
