"""Every item of both checklists at a terminal, from nothing: each is asked for and done, and so are the two acts."""

import pytest
from conftest import Desk
from revised import Revised
from terminal import At
from whoever import Whoever

from shelterctl.language import Sentence
from shelterctl.prompts.agreement import AGREEMENT_SAVE_DRAFT as DRAFT
from shelterctl.prompts.discharge import DISCHARGE_WRITE_DAY
from shelterctl.prompts.entry_act import ACT_YES
from shelterctl.prompts.review import WRITE_DOWN
from shelterctl.rulebook.rulebook import open_rulebook

SHELF = open_rulebook()
TODAY, SIZE = "2026-11-25", (300, 100)
LANGUAGE = "ru"
HER = {
    SHELF.tracks["identity"].fields["birth_date"].text[LANGUAGE]: "14.03.1999",
    SHELF.tracks["child"].fields["birth_date"].text[LANGUAGE]: "",  # she has none
    SHELF.tracks["agreement"].fields["number"].text[LANGUAGE]: "S-NGO-7",  # where no name of hers may stand
}
"""What is answered to a few questions."""


def answered(desk: Desk, words: str, *ways: Sentence) -> str:
    """The command with every question answered and every item of its list chosen; what was seen."""
    with At(desk, LANGUAGE, TODAY, SIZE).live(words) as live:
        return Whoever(SHELF, LANGUAGE, HER).until_it_ends(live, *ways)


@pytest.fixture
def admitted_by_hand(desk: Desk) -> Desk:
    """Somebody taken in from nothing, with every open item of the list chosen, and the agreement drawn up."""
    desk.do("staff add s-vera --role medical_adviser")
    session = Revised(desk)
    answered(session, "admit", WRITE_DOWN, ACT_YES)
    (row,) = session.do("list").data["rows"]
    session.her = row["id"]
    seen = answered(session, f"agreement {session.her} --form pink", DRAFT)
    assert session.record().get("agreements"), seen[-3000:]
    return session


def test_every_item_of_both_lists_is_done_at_a_terminal_from_nothing(admitted_by_hand: Desk) -> None:
    session = admitted_by_hand
    told = session.do(f"admit {session.her}").data
    assert {
        row["item"]: row["state"] for row in told["checklist"] if row["state"] not in ("done", "not_applicable")
    } == {}
    assert [row["item"] for row in told["checklist"]] == [item.name for item in SHELF.acts["admission"].items]
    assert session.record()["stays"][0]["admission"]["admitted_on"] == TODAY
    seen = answered(session, f"discharge {session.her}", DISCHARGE_WRITE_DAY, WRITE_DOWN, ACT_YES)
    assert "останется открытым; * – вернуться" in " ".join(seen.split())  # who may not have done it is told at once
    open_ = {one["facts"].get("item") for one in session.ask(f"discharge {session.her} --check").page["findings"]}
    assert open_.isdisjoint(item.name for item in SHELF.acts["discharge"].items)
    assert session.record()["stays"][0]["discharge"]["on"] == TODAY


def test_what_refuses_an_agreement_when_it_is_saved_is_said(admitted: Desk) -> None:
    """Others read its number, where her name must not stand (M1.1.4): that is told, not that the answers are kept."""
    session = Revised(admitted)
    number = SHELF.tracks["agreement"].fields["number"].text[LANGUAGE]
    with At(session, LANGUAGE, TODAY, SIZE).live(f"agreement {session.her} --form pink") as live:
        seen = Whoever(SHELF, LANGUAGE, {number: "Айгуль-7"}).until_it_ends(live, DRAFT)
    assert "в нём стоит её имя" in seen
    assert "agreements" not in session.record()
