"""A file that was left behind as a double: it counts nowhere, and nothing is asked of it."""

from conftest import Desk
from seated import received

from shelterctl.core.record.client import Client
from shelterctl.prompts import same_person


def test_nothing_is_asked_of_it_and_its_name_is_not_missed(desk: Desk) -> None:
    hers, new = (received(desk, first_name="Айгуль", last_name="Примерова", birth_date=1999) for _ in range(2))
    left = str(new.id)
    assert desk.do(f"check {left}").codes("open")
    other, _ = new.session.store.client(str(hers.id))
    same_person._join_files(new, other)
    assert desk.do(f"show {left}").data["state"] == "struck"
    for words in ("check", "show", "admit"):
        assert desk.do(f"{words} {left}").codes() == []
    assert desk.do(f"admit {left}").data["checklist"] == []
    assert {one["record"] for one in desk.do("check").page["findings"] if one["severity"] == "open"} == {hers.id}
    nobody = {"first_name": "Лола"}
    assert "no name" not in desk.run("find", nobody).out
    desk.do("admit --without-stay", {"identity": {"sex": "female"}})
    assert "1 client has no name in her file yet" in desk.run("find", nobody).out


def test_without_a_stay_it_is_one_that_is_closed_and_has_no_name() -> None:
    closed = {"identity": {"sex": "male"}, "stays": [], "monitoring": {"closed": {"on": "2026-11-25"}}}
    assert Client(closed).is_idle
    assert not Client({**closed, "identity": {"sex": "male", "last_name": "Примеров"}}).is_idle
    assert not Client({**closed, "monitoring": {}}).is_idle
