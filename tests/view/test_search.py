"""A search with an index opens few files, and finds what a search of all files finds."""

from typing import TYPE_CHECKING, Any

import pytest

from shelterctl.core.people import Person
from shelterctl.index.client_index import INDEX_VARIABLE
from shelterctl.session import Options, Session
from shelterctl.store.folder import record_file
from shelterctl.vault.protocol import Vault
from shelterctl.view.search import SearchResult, find_matching_files
from tests.support.crowd import files

if TYPE_CHECKING:
    from tests.support.desk import Desk

COUNT = 60


class CountingVault(Vault):
    """A vault that notes which files were opened."""

    def read(self, name: str) -> tuple[bytes, str]:
        vars(self).setdefault("opened", []).append(name)
        return super().read(name)


def sitting(desk: "Desk") -> Session:
    """A run of its own with this store."""
    session = Session(options=Options(store=str(desk.store), identity=str(desk.key)))
    session.store.vault.__class__ = CountingVault
    return session


def opened(session: Session) -> int:
    """How many clients' files were opened since it was last asked."""
    names: list[str] = vars(session.store.vault).pop("opened", [])
    return sum(name.startswith("residents/") for name in names)


def told(result: SearchResult) -> tuple[list[Any], int]:
    return [(one.client.id, one.match) for one in result.files], result.nameless


@pytest.fixture
def crowded(desk: "Desk") -> "Desk":
    """A store with sixty files, of which two have no name."""
    session, made = sitting(desk), list(files(COUNT))
    for one in made[:2]:
        one["identity"] = {"sex": "female"}
    session.save([(record_file(one["id"]), one, None) for one in made], "admit")
    return desk


def test_few_files_are_opened_and_the_answer_is_that_of_all_files(
    crowded: "Desk", monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = []
    for one in list(files(COUNT))[2::6]:
        first, last = one["identity"]["first_name"], one["identity"]["last_name"]
        wanted += [{"first_name": first, "last_name": last}, {"first_name": f"{last[:-1]} {first}"}]
        wanted += [
            {"last_name": last[1:5]},
            {"first_name": first, "birth_date": one["identity"].get("birth_date", 1990)},
        ]
    wanted += [{"birth_date": 1990}, {"first_name": "Ъ"}, {"first_name": "---"}]
    assert sitting(crowded).index is not None
    find_matching_files(sitting(crowded), Person(wanted[0], partly=True))  # makes the index
    session, answers, most = sitting(crowded), [], 0
    for each in wanted:
        answers.append(told(find_matching_files(session, Person(each, partly=True))))
        count = opened(session)
        assert len(answers[-1][0]) <= count < COUNT
        most = max(most, count if len(each) == 2 else 0)
    assert most <= 6
    monkeypatch.setenv(INDEX_VARIABLE, "off")
    plain = sitting(crowded)
    assert plain.index is None
    assert answers == [told(find_matching_files(plain, Person(each, partly=True))) for each in wanted]
    assert opened(plain) == COUNT * len(wanted)
    assert answers[0][1] == 2


def test_a_changed_name_and_a_damaged_file_are_noticed(crowded: "Desk") -> None:
    asked = Person({"first_name": "Ўғилойхон"}, partly=True)
    session = sitting(crowded)
    assert told(find_matching_files(session, asked)) == ([], 2)
    (id_, gone) = list(session.store.ids())[4:6]
    session = sitting(crowded)
    her, stored = session.store.client_to_change(id_)
    new = {**her.facts, "identity": {**her.facts["identity"], "first_name": "Угилойхон"}}
    session.save([(record_file(id_), new, stored.version)], "correct")
    path = crowded.store / record_file(gone)
    path.write_bytes(path.read_bytes()[:-1])
    for each in (session, sitting(crowded)):
        assert [one.client.id for one in find_matching_files(each, asked).files] == [id_]
        assert set(each.store.damaged) == {record_file(gone)}


def test_no_name_is_in_the_index(crowded: "Desk") -> None:
    session = sitting(crowded)
    find_matching_files(session, Person({"first_name": "Айгүл"}, partly=True))
    assert session.index is not None
    for one in list(files(COUNT))[2:]:
        for packed in (column.pack() for column in session.index._columns.values()):
            assert one["identity"]["first_name"].encode() not in packed
