"""An entry that contradicts itself, such as a visit that ends before it began: it is refused wherever it is written."""

from typing import TYPE_CHECKING, Any

import pytest

from shelterctl.document.writing import format_document
from tests.support.revised_rulebook import LANGUAGES, Revised

if TYPE_CHECKING:
    from tests.support.desk import Desk

VISIT = {"kind": "iom", "name": "Эркин из МОМ", "at": "2026-11-24T10:00", "left_at": "2026-11-24T11:00"}
BACKWARDS = {**VISIT, "left_at": "2026-11-24T09:59"}
SHIFT = {"kind": "shift", "staff": "s-aida", "starts_at": "2026-11-24T18:00", "ends_at": "2026-11-25T08:00"}


def refused_at(desk: "Desk", words: str, given: Any) -> list[tuple[str, str]]:
    """The places of what is refused, with nothing written."""
    before = desk.digest()
    answer = desk.refused(words, given)
    assert (answer.code, desk.digest()) == (1, before)
    return [
        (one["code"], one["where"].rpartition("/")[2]) for one in answer.page["findings"] if one["severity"] == "refuse"
    ]


def test_what_ends_before_it_begins_is_not_written_and_says_where(admitted: "Desk") -> None:
    assert refused_at(admitted, "add bishkek visit", BACKWARDS) == [("track/dated", "left_at")]
    assert refused_at(admitted, "add bishkek visit --check", BACKWARDS) == [("track/dated", "left_at")]
    late = {**SHIFT, "ends_at": "2026-11-24T08:00"}
    assert refused_at(admitted, "add bishkek shift", late) == [("track/dated", "ends_at")]
    admitted.do("add bishkek visit", {**VISIT, "left_at": VISIT["at"]})
    admitted.do("add bishkek shift", SHIFT)


def test_an_agreement_that_would_shorten_how_long_files_are_kept_is_not_written(admitted: "Desk") -> None:
    paper = {"kind": "retention_agreement", "on": "2026-11-20", "months": 5}
    assert refused_at(admitted, "add bishkek house-paper", paper) == [("track/too-little", "months")]
    admitted.do("add bishkek house-paper", {**paper, "months": 6})


def test_of_a_stream_nothing_is_written_where_one_is_malformed(admitted: "Desk") -> None:
    given = "---\n".join(format_document(one) for one in (VISIT, BACKWARDS))
    assert refused_at(admitted, "add bishkek visit", given) == [("track/dated", "left_at")]
    answer = admitted.ask("add bishkek visit --each", given)
    assert [row["written"] for row in answer.data["rows"]] == [True, False]


def test_a_change_and_an_act_are_refused_as_long_as_it_contradicts_itself(admitted: "Desk") -> None:
    entry = admitted.do("add bishkek visit", VISIT).data["entry"]
    moved = {"at": "2026-11-24T12:00"}
    assert refused_at(admitted, f"add bishkek visit {entry}", moved) == [("track/dated", "left_at")]
    admitted.do(f"add bishkek visit {entry}", {**moved, "left_at": "2026-11-24T12:30"})
    assert refused_at(admitted, f"add bishkek visit {entry}", {"left_at": VISIT["at"]}) == [("track/dated", "left_at")]
    coming = admitted.do("add bishkek visit", {**VISIT, "at": "2026-11-27T10:00", "left_at": None}).data["entry"]
    ended = {"left_at": "2026-11-27T09:00"}
    assert ("track/dated", "left_at") in refused_at(admitted, f"permit bishkek visit {coming}", ended)


RULE = "{dated: left_at, from: at, strength: malformed, clause: M2.1.9}"


def test_what_is_kept_already_is_refused_by_check_and_shown(admitted: "Desk") -> None:
    """A store can hold such an entry: another rulebook wrote it, or two computers changed it."""
    desk = Revised(admitted)
    desk.edit("tracks/visit.yaml", RULE, RULE.replace("malformed", "should"))
    entry = desk.do("add bishkek visit", BACKWARDS).data["entry"]
    desk.edit("tracks/visit.yaml", RULE.replace("malformed", "should"), RULE)
    assert desk.refused("check").refusals == ["sealed/inside"]
    assert entry in desk.do("show bishkek visit").out
    desk.do(f"add bishkek visit {entry}", {"left_at": "2026-11-24T10:30"})
    assert desk.do("check").code == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_at_a_terminal_it_has_to_be_mended_first(admitted: "Desk", language: str) -> None:
    desk = Revised(admitted)
    typed = ("iom", "Эркин из МОМ", "24.11.2026 10:00", "2", "24.11.2026 9:59", "1")
    seen = desk.sit(language, "add bishkek visit", *typed, "8", "24.11.2026 10:30", "1")
    assert {"en": "Not yet: first do what is listed above.", "ru": "Пока нельзя"}[language] in seen
    assert "2026-11-24T10:30" in desk.do("show bishkek visit --names").out


def test_explain_says_that_it_is_not_saved(admitted: "Desk") -> None:
    assert "An entry with this is not saved." in admitted.run("explain shift").out


def test_an_act_beside_it_does_nothing_and_the_rulebook_says_so(admitted: "Desk") -> None:
    desk = Revised(admitted)
    desk.edit("tracks/visit.yaml", RULE, RULE.replace("strength", "act: permit, strength"))
    told = desk.refused("list")
    assert (told.code, told.error) == (4, "shelf/rule")
    assert "visit.yaml" in told.page["error"]["message"]
    assert "strength: malformed" in told.page["error"]["message"]
