"""A whole store is judged, and what is due of it listed, one file after the other: none stays in memory."""

import gc
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from shelterctl.act.check import JudgedStore, judge_listed_client, unshared_names
from shelterctl.act.due_of_all import gather_due
from shelterctl.act.same_person import find_duplicate_files
from shelterctl.core.finding import Finding
from shelterctl.core.record.client import Client
from shelterctl.session import Options, Session
from shelterctl.store.folder import record_file
from tests.support import crowd
from tests.support.desk import TODAY, copied

if TYPE_CHECKING:
    from tests.support.desk import Desk


FEW, MANY = 10, 40
NUMBERS = ("S-NGO-1", "S-NGO-2", "S-NGO-1", "S-NGO-1", "S-NGO-2")
"""Numbers of agreements, which no two files may share: the first file of each is judged before the others are read."""


@pytest.fixture(scope="module")
def houses(_empty: "Desk", tmp_path_factory: pytest.TempPathFactory) -> dict[int, "Desk"]:
    """Two stores, one with four times as many files as the other."""
    desks = {count: copied(_empty, tmp_path_factory.mktemp("let go") / "desk") for count in (FEW, MANY)}
    for count, desk in desks.items():
        crowd.settle(str(desk.store), str(desk.key), count)
    return desks


def seat(desk: "Desk") -> Session:
    return Session(options=Options(store=str(desk.store), identity=str(desk.key), as_of=TODAY, staff="s-aida"))


def counted(clients: Iterable[Client], seen: list[int]) -> Iterator[Client]:
    """The same clients; each time one is handed on, how many files are in memory."""
    for her in clients:
        gc.collect()
        seen.append(sum(type(one) is Client for one in gc.get_objects()))
        yield her


def most_alive(session: Session, read: Callable[[Iterable[Client]], object]) -> int:
    seen: list[int] = []
    read(counted(session.store.clients(), seen))
    return max(seen) - seen[0]


def judged(session: Session, clients: Iterable[Client]) -> list[Finding]:
    judging = JudgedStore(session)
    doubles = list(find_duplicate_files(session.rulebook, judging.judge_each(clients)))
    return [*judging.findings(), *doubles]


@pytest.mark.parametrize("count", [FEW, MANY])
def test_of_however_many_files_only_that_one_is_in_memory_which_is_judged(
    houses: dict[int, "Desk"], count: int
) -> None:
    session = seat(houses[count])
    assert most_alive(session, partial(judged, session)) <= 2


@pytest.mark.parametrize("count", [FEW, MANY])
def test_what_is_due_is_listed_one_file_after_the_other(houses: dict[int, "Desk"], count: int) -> None:
    session = seat(houses[count])
    assert most_alive(session, partial(gather_due, session)) <= 2


def test_nothing_that_is_sealed_stays_open(houses: dict[int, "Desk"]) -> None:
    session = seat(houses[FEW])
    for _ in JudgedStore(session).judge_each(session.store.clients()):
        assert len(session.store.seals.opened_blocks) <= 1


def everything(finding: Finding) -> tuple[Any, ...]:
    return finding.record, finding.code, finding.where, finding.severity, finding.message, str(finding.facts)


@pytest.fixture
def numbered(houses: dict[int, "Desk"], tmp_path: Path) -> Session:
    """A store in which several files have one number of a signed agreement."""
    session = seat(copied(houses[FEW], tmp_path / "desk"))
    files = []
    for id_, number in zip(session.store.ids(), NUMBERS, strict=False):
        held, signed = session.store.read(id_), {"on": "2026-11-21", "language": "ru", "copies": 2}
        paper = {"id": "AAAAAA", "form": "blue", "date": "2026-11-20", "number": number, "signed": signed, "lines": {}}
        files.append((record_file(id_), {**held.value, "agreements": [{**paper, **crowd.STAMP}]}, held.version))
    crowd.write(session.store, files)
    return session


def test_what_files_share_is_found_as_if_all_were_open(numbered: Session) -> None:
    together = [one for her in numbered.store.clients() for one in judge_listed_client(numbered, her)]
    apart = [one for one in judged(numbered, numbered.store.clients()) if one.code != "admission/same-person"]
    assert [*map(everything, apart)] == [*map(everything, together)]
    shared = [one.record for one in apart if one.code == "agreement/number-free"]
    assert shared == [*numbered.store.ids()][: len(NUMBERS)]


def test_every_name_that_nobody_may_share_is_remembered(houses: dict[int, "Desk"]) -> None:
    session = seat(houses[FEW])
    list(JudgedStore(session).judge_each(session.store.clients()))
    assert "clients" not in vars(session.store.all_clients)
    names = {(track.name, name) for track, name in unshared_names(session.rulebook)}
    of_person = {("person", "identification_number"), ("person", "old_number")}
    assert names == {*of_person, ("blue", "number"), ("pink", "number")}
