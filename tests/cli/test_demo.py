"""The recording that is played as a film is what the program shows, in each language of the screen; and a house that is
invented has every kind of entry, none of which is refused.
"""

import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from shelterctl.cli.demo import NIGHT, RECORDED_ID
from shelterctl.document.reading import read_document
from shelterctl.document.subset import LARGEST_STORED
from shelterctl.identity.key_file import load_identity
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.terminal.recording import RECORDINGS, readable_text
from tests.support.desk import TODAY, Desk
from tests.support.revised_rulebook import LANGUAGES
from tests.support.terminal import LiveTerminal, Terminal

RULEBOOK = open_rulebook()

ANSWERS = (
    "1", "1999.13", "05.1999", "1", "24.11 23:40", "?", "ночь, координатор не отвечает", "", "Айжан", "", "Примерова",
    ".", "",
)  # fmt: skip
"""A woman is received at night: one answer is mistyped, one question is asked about, and the rest is left for later."""
SECONDS_PER_KEY, SECONDS_PER_CHARACTER, LONGEST_PAUSE = 0.07, 0.02, 6.0
"""Seconds a key, seconds a character that was written before the next answer, and the longest pause."""
SIZE = (24, 80)
HEADER = {"version": 2, "width": SIZE[1], "height": SIZE[0]}
PASTING = re.compile(r"\x1b\[\?2004[hl]\r?")
"""What the library for typing lines writes besides, in some of its versions."""
ID = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b")


def recorded(live: LiveTerminal) -> str:
    """The whole sitting as a file: what was written, and what was typed key by key, after how many seconds."""
    seconds, begun, echo = 0.0, 0, ""
    events: list[tuple[float, str, str]] = []
    for answer in (*ANSWERS, None):
        piece = ID.sub(RECORDED_ID, PASTING.sub("", live.raw[begun:].decode())).removeprefix(echo)
        begun = len(live.raw)
        events.append((round(seconds, 2), "o", piece))
        if answer is None:
            break
        seconds += min(len(readable_text(piece)) * SECONDS_PER_CHARACTER, LONGEST_PAUSE)
        for key in answer:
            seconds += SECONDS_PER_KEY
            events.append((round(seconds, 2), "o", key))
        live.type(answer)
        echo = answer
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in (HEADER, *events))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_film_is_what_the_program_shows(language: str, desk: Desk) -> None:
    with Terminal(desk, language, size=SIZE).live("admit") as live:
        seen = recorded(live)
        assert live.over
    recording = RECORDINGS / f"{NIGHT}.{language}.cast"
    if os.environ.get("SHELTERCTL_TRANSCRIPTS") == "write":
        recording.write_text(seen, "utf-8")
    assert seen == recording.read_text("utf-8")


SIZE_OF_HOUSE = "--days 250 --clients 6 --seed 3"


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A store of an invented house."""
    desk = Desk(tmp_path_factory.mktemp("invented"))
    answer = desk.run(f"demo generate there {SIZE_OF_HOUSE} --json")
    assert answer.code == 0, answer.err
    (desk.folder / "answer.json").write_text(answer.out, "utf-8")
    return desk


def _in_it(invented: Desk, words: str) -> Any:
    return invented.run(f"{words} --json --store there/house --identity there/key")


def test_an_invented_house_has_an_entry_of_every_track(invented: Desk) -> None:
    answer = json.loads((invented.folder / "answer.json").read_text("utf-8"))
    counted = {row["track"]: row["count"] for row in answer["data"]["rows"]}
    families = {track.family for track in RULEBOOK.tracks.values()}
    assert {*RULEBOOK.tracks} - {*counted} - families == {"monthly-report"}, "reports are closed by their command"
    assert answer["data"]["clients"] == 6


def test_check_refuses_nothing_in_an_invented_house(invented: Desk) -> None:
    page = json.loads(_in_it(invented, "check").out)
    assert page["error"] is None
    assert [one for one in page["findings"] if one["severity"] == "refuse"] == []
    assert [one for one in page["findings"] if one["severity"] == "open"]


def test_the_same_seed_draws_the_same_house(invented: Desk) -> None:
    invented.do(f"demo generate again {SIZE_OF_HOUSE}")
    ids = [row["id"] for row in json.loads(_in_it(invented, "list").out)["data"]["rows"]]
    for shown in (*ids[:2], "bishkek shift", "s-gulnara staff-paper"):
        one, other = (
            json.loads(invented.run(f"show {shown} --json --names --store {place}/house --identity {place}/key").out)[
                "data"
            ]
            for place in ("there", "again")
        )
        assert {**one, "changed": None} == {**other, "changed": None}  # when a file was written is the clock's


def test_an_invented_house_has_entries_that_were_changed_and_struck_through(invented: Desk) -> None:
    shown = _in_it(invented, "show bishkek shift --names").out
    assert '"was"' in shown
    assert '"void"' in shown


def _entries(facts: Any, key: str) -> Iterator[dict[str, Any]]:
    """The entries of every list of that name in a file, however deep, without what is struck through."""
    if isinstance(facts, dict) and "void" not in facts:
        for name, below in facts.items():
            if name == key and isinstance(below, list):
                yield from (one for one in below if "void" not in one)
            else:
                yield from _entries(below, key)
    elif isinstance(facts, list):
        for one in facts:
            yield from _entries(one, key)


@pytest.mark.parametrize("month", ["2026-06", "2026-10"])
def test_a_report_counts_what_lies_in_the_files(invented: Desk, month: str) -> None:
    """The files are opened and counted here by a few lines of their own, and the numbers are the report's."""
    key, store = load_identity(invented.folder / "there/key", None), invented.folder / "there/house"
    files = [read_document(key.open(path.read_bytes()), LARGEST_STORED).value for path in store.glob("residents/*.age")]
    days = [f"{month}-{day:02}" for day in range(1, 32) if month != "2026-06" or day < 31]
    stays = [
        (
            her["id"],
            stay["received"]["at"][:10],
            (stay.get("discharge") or stay["admission"].get("not_admitted") or {}).get("on"),
        )
        for her in files
        for stay in _entries(her, "stays")
        if "received" in stay
    ]
    slept = [(id_, day) for id_, came, left in stays for day in days if came <= day and (left is None or day < left)]
    services = [one["kind"] for one in _entries(files, "services") if one.get("on", "").startswith(month)]
    spent = [Decimal(one["amount"]) for one in _entries(files, "outlays") if one.get("on", "").startswith(month)]
    rows = {
        (one["row"], one["answer"]): one["number"]
        for report in ("progress", "financial")
        for one in json.loads(_in_it(invented, f"report {report} --month {month}").out)["data"]["rows"]
    }
    assert rows["nights", None] == len(slept) > 0
    assert rows["persons", None] == len({id_ for id_, _ in slept})
    assert rows["last_night", None] == len({id_ for id_, day in slept if day == days[-1]})
    assert rows["arrived", None] == len([came for _, came, _ in stays if came.startswith(month)])
    gone = [one["discharge"]["on"] for one in _entries(files, "stays") if one.get("discharge")]
    assert rows["left", None] == len([left for left in gone if left.startswith(month)])
    assert rows["services", None] == len(services)
    assert {kind: rows["services", kind] for kind in services} == Counter(services)
    assert Decimal(rows["spent", None]) == sum(spent)


def test_a_house_is_invented_in_an_empty_folder_alone(invented: Desk) -> None:
    answer = invented.run("demo generate there")
    assert answer.code == 2
    assert "empty" in answer.err


def test_it_is_said_how_many_invented_clients_are_possible_and_nothing_is_made(desk: Desk) -> None:
    answer = desk.ask("demo generate crowd --years 10 --clients 9000", today=TODAY)
    assert (answer.code, answer.error) == (2, "demo/too-many")
    assert "2488" in answer.page["error"]["message"]
    assert not (desk.folder / "crowd").exists()


def test_an_invented_shelter_may_have_several_houses(desk: Desk) -> None:
    desk.do("demo generate two --days 20 --clients 8 --seed 3 --houses 2", today=TODAY)
    there = "--store two/house --identity two/key"
    lived = {row["facility"] for row in desk.do(f"list {there}", today=TODAY).data["rows"]}
    assert lived == {"bishkek", "bishkek-2"}
    told = {house: desk.do(f"show {house} visit {there}", today=TODAY).data["rows"] for house in lived}
    assert all(told.values())
    page = desk.ask(f"check {there}", today=TODAY).page
    assert [one for one in page["findings"] if one["severity"] == "refuse"] == []


def test_the_demonstration_has_the_file_that_is_typed_in_the_film(desk: Desk) -> None:
    seen = Terminal(desk).run("admit", ANSWERS).text
    typed = desk.record(ID.findall(seen)[0])
    told = desk.run("demo run shown", today=None).out
    assert RECORDED_ID not in told
    (her,) = re.findall(r"are saved in file (\S+)\.", told)
    stored = desk.do(f"show {her} --names --store shown/house --identity shown/key", today=None).data["record"]
    assert stored["identity"] == typed["identity"]
    for part in ("referral", "received"):
        kept, meant = ({**each["stays"][0][part], "recorded_at": None} for each in (stored, typed))
        assert kept == meant
