"""Every item of both checklists and every act of every track at a terminal, from an entry that lacks everything."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from shelterctl.core.manual.track import Track
from shelterctl.language import Sentence
from shelterctl.prompts.agreement import AGREEMENT_SAVE_DRAFT as DRAFT
from shelterctl.prompts.discharge import DISCHARGE_WRITE_DAY
from shelterctl.prompts.entry_act import ACT_FIRST_AN_ENTRY, ACT_FIRST_ANOTHER, ACT_YES
from shelterctl.prompts.fill_in import ANSWER_THE_REST, LEAVE_FOR_LATER, WRITE_DOWN
from shelterctl.rulebook.rulebook import Rulebook, open_rulebook
from tests.support.answering import AnsweringPerson
from tests.support.desk import Desk
from tests.support.revised_rulebook import Revised
from tests.support.terminal import OPEN, Terminal

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
    with Terminal(desk, LANGUAGE, TODAY, SIZE).live(words) as live:
        return AnsweringPerson(SHELF, LANGUAGE, HER).until_it_ends(live, *ways)


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
    assert "но вопрос остаётся открытым." in " ".join(seen.split())  # who may not have done it is told at once
    open_ = {one["facts"].get("item") for one in session.ask(f"discharge {session.her} --check").page["findings"]}
    assert open_.isdisjoint(item.name for item in SHELF.acts["discharge"].items)
    assert session.record()["stays"][0]["discharge"]["on"] == TODAY


def test_what_refuses_an_agreement_when_it_is_saved_is_said(admitted: Desk) -> None:
    """Others read its number, where her name must not stand (M1.1.4): that is told, not that the answers are kept."""
    session = Revised(admitted)
    number = SHELF.tracks["agreement"].fields["number"].text[LANGUAGE]
    with Terminal(session, LANGUAGE, TODAY, SIZE).live(f"agreement {session.her} --form pink") as live:
        seen = AnsweringPerson(SHELF, LANGUAGE, {number: "Айгуль-7"}).until_it_ends(live, DRAFT)
    assert "в нём есть её имя" in seen
    assert "agreements" not in session.record()


NOW = "2026-11-25"
SAID = {"day": NOW, "time": f"{NOW}T00:00+06:00", "text": "слово"}
"""What is said of a field of each kind that an entry must have."""
CODES = {"house": "bishkek", "staff": "s-aida", "ngo": "sezim"}
"""Whom an entry of a register is about."""

APART = {
    SHELF.places["incident.named_staff"].text[LANGUAGE]: "2",
    SHELF.places["visit.iom_approval.at"].text[LANGUAGE]: "24.11.2026 12:00",
}
"""Who is complained of: not everybody, so that somebody else can settle it; and what has to be before the visit."""


def whom(desk: Desk, track: Track) -> str:
    """The id or the code of whom an entry of a track is about."""
    return CODES[track.of_register] if track.of_register else desk.her


def musts(track: Track) -> Iterator[dict[str, Any]]:
    """Every least entry of a track: the answers that it must have, once with each of the codes of such an answer."""
    said: dict[str, Any] = {
        name: SAID[one.kind] for name, one in track.fields.items() if one.must and one.kind != "code"
    }
    coded = [one for one in track.fields.values() if one.must and one.kind == "code"]
    if not coded:
        yield said
    for one in coded:
        yield from ({**said, one.name: code} for code in one.codes)


def deeds(rulebook: Rulebook) -> Iterator[Any]:
    """Each act of each track, with each least entry of it; but a report of a month is closed by ``report --close``,
    with the figures that the program counts.
    """
    for name in (name for name in rulebook.track_names if name != "monthly-report"):
        for act in rulebook.tracks[name].entry_acts:
            for least in musts(rulebook.tracks[name]):
                kind = str(next((said for said in least.values() if said not in SAID.values()), ""))
                yield pytest.param(name, act, least, id=f"{act} {name} {kind}".strip())


def done(desk: Desk, name: str, act: str, entry: str, rulebook: Rulebook, language: str = "ru") -> bool:
    """Whether the act is done once every question was answered and every page led on."""
    whoever, of = AnsweringPerson(rulebook, language, APART), whom(desk, rulebook.tracks[name])
    with Terminal(desk, language, NOW, (250, 100)).live(f"{act} {of} {name} {entry}") as live:
        whoever.until_it_ends(live, ACT_YES, WRITE_DOWN, ACT_FIRST_ANOTHER, ACT_FIRST_AN_ENTRY, ANSWER_THE_REST)
    (row,) = (one for one in desk.do(f"show {of} {name} --names").data["rows"] if one["entry"] == entry)
    return rulebook.tracks[name].entry_acts[act].writes in row["fields"]


@pytest.mark.parametrize(("name", "act", "least"), [*deeds(SHELF)])
def test_every_act_is_done_at_a_terminal_from_an_entry_that_lacks_everything(
    name: str, act: str, least: dict[str, Any], admitted: Desk
) -> None:
    desk = Revised(admitted)
    desk.do("provider add lyceum-12", {"name": "Лицей 12"})
    entry = desk.do(f"add {whom(desk, SHELF.tracks[name])} {name}", least).data["entry"]
    assert done(desk, name, act, entry, SHELF)


@pytest.mark.parametrize(
    ("language", "lacks", "waits"),
    [
        ("en", "missing for this:", "individual plan – Approve"),
        ("ru", "Осталось дополнить (", "индивидуальный план – Утвердить"),
    ],
)
def test_an_act_says_what_is_still_to_be_added_and_its_line_names_it_while_it_waits(
    language: str, lacks: str, waits: str, admitted: Desk
) -> None:
    entry = admitted.do(f"add {admitted.her} plan", next(musts(SHELF.tracks["plan"]))).data["entry"]
    with Terminal(admitted, language, NOW, (60, 100)).live(f"approve {admitted.her} plan {entry}") as live:
        live.type("1")
        seen = live.type(".")
        assert lacks in seen
        assert "или исправить (" not in seen
        assert "added or put right" not in seen
        live.type(LEAVE_FOR_LATER)
    with Terminal(admitted, language, today=None).live(f"menu --as-of {NOW}") as live:
        live.type(OPEN)
        seen = live.type("1")
        assert waits in seen
        live.type(str(re.search(rf"(\d+) [^\n]*{waits}", seen)[1]))  # type: ignore[index]
        assert lacks in live.type(".")


def test_an_act_that_is_data_alone_asks_for_what_it_lacks(admitted: Desk) -> None:
    """Another track that an act is done to, with a field beside its end and a rule on another one."""
    desk = Revised(admitted)
    ends = """  closed:
    is: group
    by_file: true
    text: {en: Settled, ru: Улажено}
    fields:
      "on": {is: day, text: {en: Settled on, ru: Когда улажено}}
      by: {is: party, of: [staff], text: {en: Who settled it, ru: Кто уладил}}
  how: {is: text, with: {closed.on: [there]}, text: {en: How it was settled, ru: Как улажено}}
rules:
  - {needs: [by, how], act: close, clause: M2.2.3}
  - {by: closed.by, role: [social_worker], clause: M2.2.3}
"""
    acts = "acts:\n  close: {text: {en: Settle, ru: Уладить}, clause: M2.2.3, writes: closed}\nfields:\n"
    desk.edit("tracks/need.yaml", "\nrules:\n", f"\n{ends}")
    desk.edit("tracks/need.yaml", "\nfields:\n", f"\n{acts}")
    (least, *_) = musts(desk.rulebook.tracks["need"])
    entry = desk.do(f"add {desk.her} need", {**least, "need": "жильё"}).data["entry"]
    assert done(desk, "need", "close", entry, desk.rulebook)
    (need,) = (one for one in desk.record()["needs"] if one["id"] == entry)
    assert (need["how"], need["closed"]) == ("слово", {"by": "s-gulnara", "on": NOW})
