"""The files that a search compares with what is looked for: with an index those that may match, else all."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from shelterctl.core.candidates import CandidateFilter, NameHasher
from shelterctl.core.people import MatchDegree, Person, PersonMatch, match_persons
from shelterctl.core.record.client import Client
from shelterctl.session import Session
from shelterctl.ui_language import N_
from shelterctl.view.client import client_names

if TYPE_CHECKING:
    from shelterctl.index.client_index import ClientIndex

FIND_NOBODY = N_("No file in this store fits.")

WORD_QUESTIONS = ("name 1", "name 2", "name 3")
"""The questions of the index for the first words of a name, one each: many clients share a word, which is kept once."""

NAME_QUESTIONS = (*WORD_QUESTIONS, "names beyond", "birth", "nameless")
"""All questions of the index by which files are found: the further words together, the year of birth, and whether
there is no name in a file that is in use.
"""


class MatchingFile(NamedTuple):
    """A client who matches, and how well."""

    match: PersonMatch
    client: Client


class SearchResult(NamedTuple):
    """The files that match, the likeliest first, and how many files in use have no name."""

    files: Sequence[MatchingFile]
    nameless: int


def find_matching_files(session: Session, asked: Person) -> SearchResult:
    """Return the clients who match what is looked for; with an index only files that may match are opened."""
    if index := session.index:
        candidates = CandidateFilter(asked, index.key_for_names)
        wanted = [*(candidates.may_match_word for _ in WORD_QUESTIONS), candidates.may_match_words, _never, bool]
        kept = list(index.read(NAME_QUESTIONS, _make_answer(index), wanted=wanted))
        clients = session.store.clients(_choose_ids(candidates, kept))
        nameless = sum(answers[-1] for _, answers in kept)
    else:
        clients, nameless = session.store.clients(), 0
    found: list[MatchingFile] = []
    for her in clients:
        match = match_persons(asked, Person(her.facts["identity"]))
        if match.degree < MatchDegree.NONE:
            found.append(MatchingFile(match, her))
        nameless += not index and _is_nameless(her)
    return SearchResult(sorted(found, key=lambda one: one.match.rank), nameless)


def _make_answer(index: "ClientIndex") -> Callable[[Client], list[Any]]:
    """Return the function that answers the questions for a client: hashes under the key of the index."""
    hasher = NameHasher(index.key_for_names)

    def answer(her: Client) -> list[Any]:
        words, birth = hasher.hash_person(Person(her.facts["identity"]))
        first, beyond = words[: len(WORD_QUESTIONS)], words[len(WORD_QUESTIONS) :]
        lacking = [""] * (len(WORD_QUESTIONS) - len(first))
        return [*first, *lacking, " ".join(beyond), birth, _is_nameless(her)]

    return answer


def _never(_: object) -> bool:
    return False


def _choose_ids(candidates: CandidateFilter, kept: Sequence[tuple[str, Sequence[Any]]]) -> Iterator[str]:
    """Yield the ids of the clients whose hashes may match what is looked for."""
    for id_, (*words, beyond, birth, _) in kept:
        if candidates.may_match((*words, *beyond.split()), birth):
            yield id_


def _is_nameless(her: Client) -> bool:
    return not any(client_names(her).values()) and not her.is_idle
