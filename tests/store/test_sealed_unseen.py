"""Whether a file has an HIV report: neither size nor journal tells, nor any answer to who does not ask for it."""

import json
import random
import subprocess
from typing import Any

import pytest
import yaml

from shelterctl import limits
from shelterctl.document.reading import read_document
from shelterctl.document.subset import LARGEST_STORED
from shelterctl.document.writing import format_document
from shelterctl.prompts.fill_in import WRITE_DOWN
from shelterctl.store.folder import record_file
from shelterctl.vault.sealed_bytes import pad_text, strip_padding
from tests.support.desk import Desk
from tests.support.revised_rulebook import LANGUAGES, Revised
from tests.support.sealed_entries import HIV, decrypted, desk_with, doctored, lying, opened

GREASE = 300
"""How many bytes age writes at random into the header of a file, at most."""

PAGES = (
    "list", "list --stays", "list --columns id,state", "due", "due {her}", "show {her}", "show {her} --all", "check",
    "check {her}", "agreements {her}", "house", "monitor due", "find", "admit {her}", "show {her} health",
    "show {her} health --names", "show {her} hiv", "show {her} hiv --format csv", "schema columns", "monitor",
    "due --format csv",
)  # fmt: skip
WRITES: dict[str, tuple[str, dict[str, Any]]] = {
    "report": ("add {her} hiv", HIV),
    "health": ("add {her} health", {"kind": "checkup", "on": "2026-11-23"}),
    "need": ("add {her} need", {"need": "обувь", "class": "primary", "on": "2026-11-23"}),
    "note": ("admit {her}", {"notes": "Придумано."}),
    "number": ("admit {her}", {"identification_number": "KG-2026-118"}),
    "long": ("admit {her}", {"notes": "Придумано. " * 500}),
}


def text(desk: Desk, id_: str | None = None, name: str = "") -> bytes:
    """What stock age shows of a file."""
    return decrypted((desk.store / (name or record_file(id_ or desk.her))).read_bytes(), desk.key)


def stepped(data: bytes) -> bool:
    """Whether a text ends at a step, and has nothing but empty lines behind its last one."""
    return (
        len(data) == limits.padded_size(len(strip_padding(data))) == limits.padded_size(len(data))
        and pad_text(strip_padding(data)) == data
    )


def size(desk: Desk, id_: str | None = None) -> int:
    return (desk.store / record_file(id_ or desk.her)).stat().st_size


def written(desk: Desk, kind: str, id_: str | None = None, **more: Any) -> int:
    """By how much a file grows that something is written into."""
    before, (words, given) = size(desk, id_), WRITES[kind]
    desk.do(words.format(her=id_ or desk.her), {**given, **more})
    return size(desk, id_) - before


@pytest.mark.parametrize(
    ("length", "filled"),
    [
        (1, 4096), (4096, 4096), (4097, 8192), (131_071, 131_072), (131_073, 135_168), (262_145, 270_336),
        (300_000, 303_104), (4 << 20, 4 << 20), (8 << 20, 8 << 20),
    ],
)  # fmt: skip
def test_a_size_is_filled_up_to_the_next_step_and_never_beyond_what_a_file_may_have(length: int, filled: int) -> None:
    assert limits.padded_size(length) == filled == limits.padded_size(filled)
    assert filled < length + max(limits.PADDING_STEP_BYTES, length // 8)
    data = b"x" * (length - 1) + b"\n"
    assert len(pad_text(data)) == filled
    assert strip_padding(pad_text(data)) == data
    assert pad_text(pad_text(data)) == pad_text(data)


def test_every_sealed_file_ends_at_a_step_by_whatever_it_was_written(admitted: Desk, usb: Any) -> None:
    names = ["directory.yaml.age", "secrets.yaml.age", record_file(admitted.her)]
    assert all(stepped(text(admitted, name=name)) for name in names)
    for words, given in WRITES.values():
        admitted.do(words.format(her=admitted.her), given)
        assert stepped(text(admitted))
    other = admitted.do("admit --new-person", {"identity": {"sex": "female"}, "referral": {"sources": ["scme"]}}).data
    assert stepped(text(admitted, other["id"]))
    admitted.do("backup usb", today=None)
    before = (admitted.store / record_file(admitted.her)).read_bytes()
    (admitted.store / record_file(admitted.her)).write_bytes(b"")
    admitted.do(f"repair {admitted.her} --from usb", today=None)
    assert (admitted.store / record_file(admitted.her)).read_bytes() == before
    admitted.do("check")


def test_so_does_one_that_0_3_2_wrote_once_it_is_changed(admitted: Desk) -> None:
    session = Revised(admitted)
    store = opened(session)
    data, version = store.vault.read(record_file(session.her))
    assert not data.endswith(b"\n\n")
    assert not stepped(data)
    import pyrage

    from shelterctl.vault.protocol import FileToSave

    keys = [pyrage.x25519.Recipient.from_str(one) for one in store.vault.journal.chain.readership.everyone]
    bare = FileToSave(record_file(session.her), bytes(pyrage.encrypt(data, keys)), version, sealed=True)
    store.vault.write_all([bare], did="add", by="manager", at="2026-11-25T12:00+06:00")
    assert text(session) == data
    assert session.do("check").code == 0
    written(session, "note")
    assert stepped(text(session))


def test_sealed_anew_a_file_ends_at_a_step(admitted: Desk) -> None:
    from tests.custody.test_unproven_file import shared

    shared(admitted, 1)
    admitted.do(f"repair {admitted.her} --reseal")
    assert stepped(text(admitted))


def test_the_largest_text_that_a_file_may_have_is_written_and_read(admitted: Desk) -> None:
    store = opened(Revised(admitted))
    data = b"a: " + b"x" * ((4 << 20) - 4) + b"\n"
    place = "residents/0000-0000.yaml.age"
    store.vault.write(place, data, None, did="add", by="manager", at="2026-11-25T12:00+06:00")
    assert store.vault.read(place)[0] == data
    assert read_document(decrypted((admitted.store / place).read_bytes(), admitted.key), LARGEST_STORED).value


@pytest.mark.program("yq", "jq")
def test_stock_readers_read_it_as_it_stands(admitted: Desk) -> None:
    data = text(admitted)
    assert stepped(data)
    assert data.endswith(b"\n\n")
    said = read_document(data, LARGEST_STORED).value
    assert yaml.safe_load(data)["id"] == said["id"]
    told = subprocess.run(["yq", "-c", "."], input=data, capture_output=True, check=True)
    assert json.loads(told.stdout)["id"] == said["id"]


def test_no_write_is_told_from_another_by_the_size_within_a_step(admitted: Desk) -> None:
    """By its size a file of 20 with a report is none other than one without; and a save moves it by whole steps."""
    rolled, moved = random.Random(7), dict[str, set[int]]()  # noqa: S311
    for number in range(20):
        id_ = admitted.do(
            "admit --new-person",
            {"identity": {"sex": "female"}, "notes": "x" * rolled.randrange(4000), "referral": {"sources": ["scme"]}},
        ).data["id"]
        for kind in rolled.sample(["report", "health", "need", "note", "number"], 3 if number % 2 else 5):
            grown = written(admitted, kind, id_)
            steps = round(grown / limits.PADDING_STEP_BYTES)
            assert abs(grown - steps * limits.PADDING_STEP_BYTES) <= GREASE, kind
            moved.setdefault(kind, set()).add(steps)
        assert stepped(text(admitted, id_))
    assert all(0 in steps for steps in moved.values())
    assert moved["report"] <= moved["note"] | {0, 1, -1}


def test_what_a_long_text_adds_is_a_step_or_more_and_is_seen(admitted: Desk) -> None:
    """What the steps still tell: the docs say so."""
    assert written(admitted, "long") >= limits.PADDING_STEP_BYTES - GREASE


def test_a_report_changes_nothing_that_is_seen_without_asking_for_it(admitted: Desk) -> None:
    desk = desk_with(Revised(admitted))
    written(desk, "health")
    written(desk, "note")
    before, pages, lines = lying(desk), _pages(desk), _lines(desk)
    desk.do(f"add {desk.her} hiv", {**HIV, "on": "2031-01-01"})
    after = lying(desk)
    assert {name: page for name, page in _pages(desk).items() if page != pages[name]} == {}
    assert _without(after) == _without(before)
    assert after["sealed"]["revisions"]["hiv"] == before["sealed"]["revisions"]["hiv"] + 1
    written(desk, "note", notes="Другое.")
    health, note, report, other = _lines(desk)[len(lines) - 2 :]
    assert {**health, **_own(report)} == report
    assert {**note, **_own(report), "did": "add"} == report
    assert {**other, **_own(report), "did": "add"} == report


OWN = ("seq", "prev", "base", "now", "sig", "at")
"""What is another one in every line."""


def _own(line: dict[str, Any]) -> dict[str, Any]:
    return {name: line[name] for name in OWN}


def _lines(desk: Desk) -> list[dict[str, Any]]:
    (journal,) = (desk.store / "journal").glob("*.jsonl")
    return [json.loads(line) for line in journal.read_text("utf-8").splitlines()]


def _without(record: Any) -> dict[str, Any]:
    sealed = {name: said for name, said in record["sealed"].items() if name not in ("hiv", "revisions")}
    revisions = {name: number for name, number in record["sealed"]["revisions"].items() if name != "hiv"}
    return {**record, "sealed": {**sealed, "revisions": revisions}}


def _pages(desk: Desk) -> dict[str, str]:
    """What is answered to who does not ask for it with --names, as a person reads it and as a program does."""
    told = {}
    for words in PAGES:
        for form in ("", " --json") if "--format" not in words else ("",):
            answer = desk.run(words.format(her=desk.her) + form)
            told[words + form] = f"{answer.code} {_timeless(answer.out)} {_timeless(answer.err)}"
    return told


def _timeless(said: str) -> str:
    """An answer without the number of the copy, which every save raises."""
    return "\n".join(line for line in said.splitlines() if "number" not in line)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_who_asks_without_names_is_told_one_page_of_every_file(admitted: Desk, lang: str) -> None:
    desk = Revised(admitted)
    words = f"show {desk.her} hiv --lang {lang}"
    said, data = desk.run(words).out, desk.do(f"show {desk.her} hiv").data
    desk.do(f"add {desk.her} hiv", HIV)
    assert (desk.run(words).out, desk.do(f"show {desk.her} hiv").data) == (said, data)
    assert data["rows"] == []
    assert "--names" in said
    assert desk.do(f"show {desk.her} hiv --names").data["rows"][0]["fields"] == HIV


def test_what_is_written_is_answered_as_if_it_were_the_first(admitted: Desk) -> None:
    desk = Revised(admitted)
    answers = [
        desk.ask(f"add {desk.her} hiv", given) for given in (HIV, HIV, {**HIV, "report": "другой"}, {**HIV, "by": "А."})
    ]
    pages = [{**answer.page, "data": answer.data} for answer in answers]
    assert all(page == pages[0] for page in pages)
    assert [line["did"] for line in _lines(desk)[-4:]] == ["add"] * 4
    desk.do(f"add {desk.her} hiv", HIV)
    assert desk.do(f"show {desk.her} hiv --names").data["rows"][0]["fields"] == HIV  # whole: who gave the other is gone


@pytest.mark.parametrize("given", [{"report": "другой"}, {"on": "2026-11-23"}, {"by": "А."}, {**HIV, "by": None}])
def test_a_part_of_it_is_refused_whether_or_not_there_is_one(admitted: Desk, given: dict[str, Any]) -> None:
    desk = Revised(admitted)
    before = desk.ask(f"add {desk.her} hiv", given)
    desk.do(f"add {desk.her} hiv", HIV)
    after = desk.ask(f"add {desk.her} hiv", given)
    assert before.code == after.code == 1
    assert before.page["findings"] == after.page["findings"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_answers_wait_in_no_file_and_each_is_a_save_like_any_other(admitted: Desk, language: str) -> None:
    desk = desk_with(Revised(admitted))
    before, count = lying(desk), len(_lines(desk))
    seen = desk.sit(language, f"add {desk.her} hiv", "23.11", "А. Врачева", "^C")
    assert {
        "en": "Unfinished answers to these questions are not kept",
        "ru": "Незаконченные ответы на эти вопросы не сохраняются",
    }[language] in seen
    desk.do(f"admit {desk.her}", {"notes": "Придумано."})
    assert {**_without(lying(desk)), "stays": []} == {
        **_without(before),
        "stays": [],
        "edition": lying(desk)["edition"],
    }
    ours = [line["did"] for line in _lines(desk)[count:]]
    desk.sit(language, f"add {desk.her} tonic", "1", "23.11", "^C")
    theirs = [line["did"] for line in _lines(desk)[count + len(ours) :]]
    assert ours == [*theirs, "admit"] == ["unfinished", "unfinished", "admit"]


def test_a_draft_that_0_3_2_left_is_gone_on_with(admitted: Desk) -> None:
    desk = desk_with(Revised(admitted))
    store = opened(desk)
    kept = store.seals.draft({"id": desk.her}, "hiv", {"on": "2026-11-23"})
    doctored(desk, lambda record: record.update(unfinished={"hiv": kept}))
    desk.sit("en", f"add {desk.her} hiv", "А. Врачева", "отрицательный", WRITE_DOWN)
    (row,) = desk.do(f"show {desk.her} hiv --names").data["rows"]
    assert row["fields"] == {"on": "2026-11-23", "by": "А. Врачева", "report": "отрицательный"}
    assert "unfinished" not in lying(desk)


def test_the_texts_of_two_saves_are_never_compared_with_their_empty_lines(admitted: Desk) -> None:
    """The vault takes them away: what is read is what was written, and what is written again is no longer."""
    store = opened(Revised(admitted))
    data, _ = store.vault.read(record_file(admitted.her))
    assert not data.endswith(b"\n\n")
    assert format_document(read_document(data, LARGEST_STORED).value).encode() == data
    assert len(text(admitted)) == limits.padded_size(len(data))
