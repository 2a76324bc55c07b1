"""What is sealed of a client: read by whoever may, in no list, counted elsewhere, and not said to be secret."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from shelterctl.document.reading import read_document
from shelterctl.document.writing import format_document
from shelterctl.prompts.fill_in import WRITE_DOWN
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.vault.sealed_bytes import (
    FIRST_REVISION,
    PADDED_BLOCK_SIZE,
    BlockPlace,
    open_block,
    seal_block,
    strip_armour,
)
from tests.support.desk import Desk
from tests.support.inputs import REFERRAL
from tests.support.paths import PROJECT
from tests.support.revised_rulebook import LANGUAGES, Revised, without_progress
from tests.support.sealed_entries import (
    BITTER,
    HIV,
    SAID,
    STRANGER,
    SWEET,
    add,
    desk_with,
    doctored,
    entries,
    lying,
    opened,
    strange,
    unsealed,
)
from tests.support.terminal import WRITE, Terminal

EVERYWHERE = (
    "list --columns id,state", "list --stays", "due", "due {her}", "show {her}", "show {her} --all", "check {her}",
    "agreements {her}", "house", "monitor due", "find", "admit {her}", "show {her} tonic", "show {her} --all --names",
    "show {her} --names", "schema columns", "form shelter-rules {her} --out ../rules.txt",
)  # fmt: skip


@pytest.fixture
def desk(admitted: Any) -> Revised:
    return desk_with(Revised(admitted))


def test_it_lies_encrypted_once_more_with_its_markers_outside(desk: Revised) -> None:
    entry = add(desk)
    (one,) = entries(record := lying(desk))
    assert {key: one[key] for key in ("id", "track", "part", "kind", "on")} == {
        "id": entry, "track": "tonic", "part": "medical", "kind": "sweet", "on": "2026-11-23",
    }  # fmt: skip
    assert one.keys() == {"id", "track", "part", "kind", "on", "recorded_at", "recorded_by", "age"}
    assert SAID not in str(record)
    inside = unsealed(desk, one["age"])
    assert read_document(inside.encode()).value == {
        "record": desk.her, "part": "medical", "track": "tonic", "entry": entry, "revision": 1, "content": SWEET,
    }  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_read_under_its_own_name_alone(desk: Revised, language: str) -> None:
    add(desk)
    seen = desk.sit(language, f"show {desk.her} tonic")
    assert SAID in seen
    assert {"en": "A tonic: sweet, 2026-11-23", "ru": "Микстура: сладкая, 23.11.2026"}[language] in seen
    (row,) = desk.do(f"show {desk.her} tonic --names").data["rows"]
    assert row["fields"] == SWEET
    (row,) = desk.do(f"show {desk.her} tonic").data["rows"]
    assert row["fields"] == {"kind": "sweet", "on": "2026-11-23"}


def test_it_comes_out_nowhere_else(desk: Revised) -> None:
    add(desk)
    add(desk, HIV, "hiv")
    for words in EVERYWHERE:
        for pages in ("", " --json"):
            answer = desk.run(words.format(her=desk.her) + pages)
            for word in (SAID, "отрицательный", "BEGIN AGE"):
                assert word not in answer.out + answer.err, words
    assert SAID not in (desk.folder.parent / "rules.txt").read_text("utf-8")
    for file in desk.store.rglob("*"):
        assert not file.is_file() or SAID.encode() not in file.read_bytes()


def test_no_list_counts_it_or_has_a_column_of_it(desk: Revised) -> None:
    add(desk)
    for name in ("tonic.kind", "tonic", "sealed", "entries", "hiv.on", "hiv"):
        assert desk.refused(f"list --columns {name}").error.startswith("usage/")


def test_whoever_writes_elsewhere_leaves_its_block_as_it_is(desk: Revised) -> None:
    add(desk)
    before = lying(desk)
    desk.do(f"admit {desk.her}", {"notes": "Придумано."})
    after = lying(desk)
    assert entries(after) == entries(before)
    assert after["sealed"]["hiv"] != before["sealed"]["hiv"]


def test_every_file_has_one_block_for_hiv_of_one_size_written_anew_each_time(desk: Revised) -> None:
    desk.do(f"admit {desk.her}", {"notes": "Придумано."})
    empty = lying(desk)["sealed"]["hiv"]
    add(desk, HIV, "hiv")
    filled = lying(desk)["sealed"]["hiv"]
    assert desk.do(f"show {desk.her} hiv --names").data["rows"][0]["fields"] == HIV
    sizes = {
        len(strip_armour(block)) // 64 for block in (empty, filled)
    }  # what age adds for nobody differs by some bytes
    assert max(sizes) - min(sizes) <= 2
    assert len(unsealed(desk, empty).encode()) == len(unsealed(desk, filled).encode()) == PADDED_BLOCK_SIZE
    desk.do(f"admit {desk.her}", {"notes": "Ещё."})
    assert lying(desk)["sealed"]["hiv"] != filled
    other = desk.do("admit --new-person", {"identity": {"sex": "female"}, "referral": {"sources": ["scme"]}}).data["id"]
    assert len(unsealed(desk, lying(desk, other)["sealed"]["hiv"]).encode()) == PADDED_BLOCK_SIZE


def test_what_does_not_fit_into_that_block_is_refused(desk: Revised) -> None:
    told = desk.refused(f"add {desk.her} hiv", {**HIV, "report": "слишком много слов " * 90})
    assert (told.code, told.error) == (2, "sealed/too-long")


def test_changed_by_its_id_it_is_sealed_anew(desk: Revised) -> None:
    entry = add(desk)
    block = entries(lying(desk))[0]["age"]
    desk.do(f"add {desk.her} tonic", {"id": entry, "dose": "ложка"})
    (one,) = entries(lying(desk))
    assert one["age"] != block
    assert desk.do(f"show {desk.her} tonic --names").data["rows"][0]["fields"]["dose"] == "ложка"
    again = desk.do(f"add {desk.her} tonic", {**SWEET, "dose": "ложка"})
    assert again.data["said"] == [
        "Her file already has all of this; nothing changed.",
        "Already in her file, so not written again: /sealed/entries/0. If it happened again, add --again.",
    ]
    assert entries(lying(desk)) == [one]


def test_its_rules_are_judged_where_it_is_written_and_by_check(desk: Revised) -> None:
    told = desk.do(f"add {desk.her} tonic", "kind: sweet\non: 2031-01-01\ndose: ложка\n")
    assert [one["code"] for one in told.page["findings"]] == ["track/in-future", "track/needs"]
    assert [one["line"] for one in told.page["findings"]] == [2, 1]
    assert desk.do(f"check {desk.her}").finding("sealed/inside")["facts"] == {"count": 2}
    assert desk.do(f"show {desk.her} tonic").codes("open") == ["track/in-future", "track/needs"]


def test_a_doctor_of_another_house_is_no_member_of_staff_that_nobody_registered(desk: Revised) -> None:
    """What a sealed entry says is judged by its own track: another one may have staff at a key of that name."""
    told = desk.do(f"add {desk.her} health", {"kind": "checkup", "on": "2026-11-24", "by": "А. Врачева"})
    assert "admission/unregistered-staff" not in told.codes()
    assert "admission/unregistered-staff" not in desk.do(f"check {desk.her}").codes()
    told = desk.do(f"add {desk.her} tonic", {**SWEET, "by": "s-nobody"})
    assert "track/unregistered" in told.codes("open")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({**SWEET, "doze": 1}, "shape/unknown-key"),
        ({"kind": "sour", "on": "2026-11-23", "dose": "x"}, "shape/code"),
        ({"kind": "sweet", "on": "2026-11-23"}, "shape/missing-key"),
        ({**SWEET, "times": ["25:00"]}, "shape/pattern"),
    ],
)
def test_what_is_misshapen_is_refused(desk: Revised, given: object, code: str) -> None:
    assert code in desk.refused(f"add {desk.her} tonic", given).codes("refuse")


@pytest.mark.parametrize("gone", ["kind", "on", "dose"])
def test_what_it_is_malformed_without_is_not_taken_away(desk: Revised, gone: str) -> None:
    entry = add(desk)
    told = desk.refused(f"add {desk.her} tonic", {"id": entry, gone: None})
    assert told.codes("refuse") == ["shape/missing-key"]


@pytest.mark.parametrize("given", [{"on": "2026-11-23"}, {"report": "обследована"}])
def test_nor_is_it_missing_in_the_one_block_of_a_part(desk: Revised, given: dict[str, str]) -> None:
    assert desk.refused(f"add {desk.her} hiv", given).codes("refuse") == ["shape/missing-key"]
    add(desk, HIV, "hiv")
    told = desk.refused(f"add {desk.her} hiv", dict.fromkeys(given))
    assert sorted(told.codes("refuse")) == ["shape/kind", "shape/missing-key"]


def test_a_part_of_a_record_holds_nothing_sealed(desk: Revised) -> None:
    told = desk.refused(f"admit {desk.her}", {"sealed": {"entries": [{"track": "tonic"}]}})
    assert told.codes("refuse") == ["shape/unknown-key"]


def test_struck_through_it_stays_sealed(desk: Revised) -> None:
    entry = add(desk)
    desk.do(f"void {desk.her} {entry} --reason-code wrong_value")
    (one,) = entries(lying(desk))
    assert (one["void"]["reason"], "age" in one) == ("wrong_value", True)
    assert desk.do(f"show {desk.her} tonic").data["rows"][0]["void"] == "wrong_value"


def test_whoever_may_not_read_a_part_adds_to_it_and_cannot_read_or_change_it(desk: Revised) -> None:
    entry = add(desk)
    doctored(desk, strange)
    told = desk.refused(f"show {desk.her} tonic --names")
    assert (told.code, told.error) == (5, "sealed/not-a-reader")
    changed = desk.refused(f"add {desk.her} tonic", {"id": entry, "dose": "ложка"})
    assert (changed.code, changed.error) == (5, "sealed/not-a-reader")

    block = entries(lying(desk))[0]["age"]
    second = add(desk, BITTER)
    assert [one["age"] == block for one in entries(lying(desk))] == [True, False]
    shut, open_ = desk.do(f"show {desk.her} tonic --names").data["rows"]
    assert (shut["entry"], shut["fields"]) == (entry, {"kind": "sweet", "on": "2026-11-23"})
    assert (open_["entry"], open_["fields"]) == (second, BITTER)
    assert "does not open with this key" in desk.run(f"show {desk.her} tonic --names").out
    told = desk.do(f"check {desk.her}")
    assert told.finding("sealed/withheld")["facts"] == {"record": desk.her, "part": "medical", "entry": entry}
    assert "track/needs" not in told.codes("open")


def test_nor_writes_he_over_the_one_block_of_a_part(desk: Revised) -> None:
    add(desk, HIV, "hiv")

    def shut(record: dict[str, Any]) -> None:
        record["sealed"]["hiv"] = seal_block(
            BlockPlace(record["id"], "hiv", "hiv"), HIV, [STRANGER.recipient], padded=True
        )

    doctored(desk, shut)
    block = lying(desk)["sealed"]["hiv"]
    told = desk.refused(f"add {desk.her} hiv", {**HIV, "report": "другой"})
    assert (told.code, told.error) == (5, "sealed/not-a-reader")
    assert desk.refused(f"show {desk.her} hiv --names").code == 5
    desk.do(f"admit {desk.her}", {"notes": "Придумано."})
    assert lying(desk)["sealed"]["hiv"] == block


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sitting_that_was_left_waits_sealed_and_goes_on(desk: Revised, language: str) -> None:
    desk.sit(language, f"add {desk.her} tonic", "1", "23.11", "полынь", "^C")
    waiting = lying(desk)["unfinished"]["tonic"]
    assert waiting.keys() == {"age"}
    assert SAID not in desk.run(f"show {desk.her} --all --names").out
    seen = desk.sit(language, f"add {desk.her} tonic", "8, 20", "3", WRITE_DOWN)
    assert {"en": "Saved: a tonic.", "ru": "Запись сохранена: микстура."}[language] in seen
    (row,) = desk.do(f"show {desk.her} tonic --names").data["rows"]
    assert row["fields"] == {**SWEET, "dose": "полынь"}
    assert "unfinished" not in lying(desk)


def test_a_word_of_it_elsewhere_is_warned_of_by_place(desk: Revised) -> None:
    told = desk.do(f"admit {desk.her}", {"notes": "Ждём ответа на ВИЧ-инфекцию."})
    found = told.finding("sealed/told-elsewhere")
    assert (found["severity"], found["where"], found["clause"]) == ("warn", "/stays/0/notes", "R4.0.9")
    assert "ВИЧ" not in told.out
    told = desk.do(f"add {desk.her} tonic", {**SWEET, "dose": "АРВТ"})
    assert told.finding("sealed/told-elsewhere")["where"] == "/sealed/entries/0/dose"
    assert [one["where"] for one in desk.do(f"check {desk.her}").page["findings"] if one["severity"] == "warn"] == [
        "/stays/0/notes", "/sealed",
    ]  # fmt: skip
    add(desk, {**HIV, "report": "ВИЧ: нет"}, "hiv")
    assert len([one for one in desk.do(f"check {desk.her}").page["findings"] if one["severity"] == "warn"]) == 2
    desk.do(f"admit {desk.her}", {"notes": "Переписка с СВИЧ и живичным маслом."})
    assert "sealed/told-elsewhere" not in desk.do(f"admit {desk.her}", {"notes": "Живица."}).codes("warn")


def test_a_file_that_is_sealed_anew_opens_for_whoever_may_read_it_now(desk: Revised) -> None:
    add(desk)
    store = opened(desk)
    (one,) = entries(lying(desk))
    renewed = read_document(store.seals.renewed(format_document(lying(desk)).encode())).value
    assert entries(renewed)[0]["age"] != one["age"]
    inside = open_block(entries(renewed)[0]["age"], BlockPlace(desk.her, "medical", "tonic", one["id"]), store.identity)
    assert (inside.content, inside.revision) == (SWEET, FIRST_REVISION.next(one["age"]))
    doctored(desk, strange)
    record = lying(desk)
    assert entries(read_document(store.seals.renewed(format_document(record).encode())).value) == entries(record)


def test_a_computer_that_joins_reads_what_was_sealed_before(tmp_path: Path) -> None:
    old = Desk(tmp_path / "desk")
    old.folder.mkdir()
    old.do("init house --shelter bishkek --no-passphrase --recovery paper", today=None)
    old.do("staff add s-aida --role psychologist")
    old.her = old.do("admit", {"identity": {"sex": "female"}, "referral": {"sources": ["scme"]}}).data["id"]
    desk = desk_with(Revised(old))
    add(desk)
    add(desk, HIV, "hiv")
    desk.key.rename(desk.folder / "old-key")
    desk.key.with_name("key.heads").rename(desk.folder / "old-key.heads")
    assert desk.do("trust --join --recovery paper --no-passphrase --staff s-aida", today=None).data["staff"] == "s-aida"
    assert desk.do(f"show {desk.her} tonic --names").data["rows"][0]["fields"] == SWEET
    assert desk.do(f"show {desk.her} hiv --names").data["rows"][0]["fields"] == HIV


QUESTION = {
    "en": "Show the sealed part too? Everyone who looks at the screen will see it.",
    "ru": "Показать и закрытую часть? Её увидит каждый, кто смотрит на экран.",
}
EVERYONE = {"en": "veryone who uses this computer can read it", "ru": "каждый, кто работает за этим компьютером"}
WITH_ONE_KEY = {
    "en": "With one key for all, everyone who uses the computer can read it",
    "ru": "При одном ключе на всех прочесть может каждый, кто работает за компьютером",
}
"""What is said where no house is: who reads it there depends on its keys."""

SHELF = open_rulebook()


def words_of(track: str) -> str:
    """A field of a sealed track in which somebody's own words stand, inside the seal."""
    of = SHELF.tracks[track]
    seal = of.seal
    assert seal is not None
    return next(name for name, one in of.fields.items() if one.kind == "text" and name not in seal.marker)


@pytest.fixture
def interviewed(admitted: Any) -> Revised:
    """Somebody who talked with the psychologist, as the psychologist wrote down, and whom the doctor saw."""
    desk = Revised(admitted)
    desk.do("staff add s-meder --role medical_adviser")
    talk = {"kind": "primary_interview", "on": "2026-11-23", "by": "s-aida", words_of("examination"): "СЛОВО-О-СЕСТРЕ"}
    desk.do(f"add {desk.her} examination --staff s-aida", talk)
    desk.do(f"add {desk.her} health --staff s-gulnara", {"kind": "checkup", "on": "2026-11-24", "by": "СЛОВО-ВРАЧА"})
    desk.do(f"add {desk.her} hiv --staff s-meder", {"on": "2026-11-23", "report": "СЛОВО-ОТЧЁТ"})
    return desk


INSIDE = {"examination": "СЛОВО-О-СЕСТРЕ", "health": "СЛОВО-ВРАЧА", "hiv": "СЛОВО-ОТЧЁТ"}
SHOWN = {
    "s-aida": {"examination"},  # its author, and a psychologist
    "s-gulnara": {"health"},  # its author alone, a social worker
    "s-meder": {"health", "hiv"},
    "manager": {"examination", "health"},
}
"""What each is shown after yes."""


def whole(desk: Revised, who: str, *typed: str, language: str = "en") -> str:
    with Terminal(desk, language, size=(120, 80)).live(f"show {desk.her} --all --staff {who}") as live:
        for answer in typed:
            live.type(answer)
        while not live.over:
            live.type("")
        return without_progress(live.end().text)


@pytest.mark.parametrize("who", SHOWN)
def test_its_author_and_whose_work_it_is_are_asked_and_shown_it(interviewed: Revised, who: str) -> None:
    seen = whole(interviewed, who, "yes")
    assert QUESTION["en"] in seen
    assert {track for track, word in INSIDE.items() if word in seen} == SHOWN[who]


@pytest.mark.parametrize("who", SHOWN)
def test_enter_says_no(interviewed: Revised, who: str) -> None:
    seen = whole(interviewed, who, "")
    assert QUESTION["en"] in seen
    assert not any(word in seen for word in INSIDE.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_others_are_not_asked_and_see_that_it_is_there_by_whom_and_for_whom(
    interviewed: Revised, language: str
) -> None:
    interviewed.do("staff add s-night --role security")
    seen = whole(interviewed, "s-night", language=language)
    assert QUESTION[language] not in seen
    assert not any(word in seen for word in INSIDE.values())
    told = {
        "en": ("recorded by s-aida", "Sealed: psychological. For: psychologist, manager of the shelter, and the "
               "author. Everyone who uses this computer can read it."),
        "ru": ("записано: s-aida", "Закрыто: психологическая часть. Для кого: психолог, руководитель приюта и "
               "тот, кто записал. Прочесть может каждый, кто работает за этим компьютером."),
    }  # fmt: skip
    for words in told[language]:
        assert words in seen
    assert "HIV" not in seen
    assert "ВИЧ" not in seen


@pytest.mark.parametrize("how", ["", "--names", "--json", "--json --names", "--format json"])
def test_off_a_terminal_nothing_is_asked_and_nothing_sealed_leaves(interviewed: Revised, how: str) -> None:
    for who in SHOWN:
        told = interviewed.run(f"show {interviewed.her} --all --staff {who} {how}")
        assert told.code == 0
        assert not any(word in told.out + told.err for word in INSIDE.values())


def test_where_nothing_sealed_is_hers_to_read_nothing_is_asked(admitted: Any) -> None:
    assert QUESTION["en"] not in whole(Revised(admitted), "s-aida")


def test_from_the_menu_it_is_asked_too(interviewed: Revised) -> None:
    with Terminal(interviewed, "ru", today=None).live("menu --as-of 2026-11-25 --staff s-aida") as live:
        for answer in (interviewed.her, "прочитать дело целиком"):
            live.type(answer)
        assert QUESTION["ru"] in " ".join(live.raw.decode().split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_menu_says_so_where_it_is_chosen_and_where_it_is_written(interviewed: Revised, language: str) -> None:
    with Terminal(interviewed, language, today=None, size=(60, 80)).live("menu --as-of 2026-11-25") as live:
        live.type(interviewed.her)
        seen = " ".join(live.type(WRITE).split())
        for track in ("health", "psychologist", "law"):
            said = {"en": "sealed; e", "ru": "закрытая часть; прочитать может "}[language] + EVERYONE[language]
            assert f"{SHELF.groups[track]['text'][language]} ({said})" in seen
    seen = interviewed.sit(language, f"add {interviewed.her} session", "^C")
    assert EVERYONE[language] in seen


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [name for name, one in SHELF.tracks.items() if one.seal])
def test_explain_says_for_whom_it_is_and_who_can_read_it(admitted: Any, name: str, language: str) -> None:
    told = " ".join(admitted.run(f"explain track {name} --lang {language}", today=None).out.split())
    assert WITH_ONE_KEY[language] in told


PROMISES = re.compile(
    r"by whoever may read|more people read|read by few|Кому можно это читать|читает больше людей"
    r"|только те, кому открыта|читает только тот",
    re.IGNORECASE,
)
"""Words that promised that a part is read by few."""


def told() -> list[Path]:
    """Every text that is read by somebody who works with the program."""
    places = ("README.md", "README.ru.md", "docs", "src/shelterctl/manual", "src/shelterctl/locale")
    found = [PROJECT / place for place in places]
    files = [file for each in found for file in (each.rglob("*") if each.is_dir() else [each])]
    return [file for file in files if file.suffix in (".md", ".yaml", ".po")]


def test_no_text_promises_that_what_is_sealed_is_read_by_few() -> None:
    files = told()
    assert len(files) > 100
    for file in files:
        text = " ".join(file.read_text("utf-8").split())
        assert not PROMISES.search(text), file


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("topic", ["privacy", "security", "file"])
def test_each_topic_that_speaks_of_it_says_who_can_read_it(topic: str, language: str) -> None:
    text = " ".join((PROJECT / "docs" / "topics" / language / f"{topic}.md").read_text("utf-8").split())
    said = {
        "en": r"everyone who uses (this computer|one of these computers) can read"
        r"|one key (opens everything, |it is )everyone at the computer",
        "ru": r"(каждый|все), кто (работает )?за (этим компьютером|одним из этих компьютеров)"
        r"|один ключ, за компьютером каждый читает всё|если ключ один – каждый за компьютером",
    }
    assert re.search(said[language], text, re.IGNORECASE)


PSYCHIATRIC = {"kind": "psychiatric", "on": "2026-11-24", "follow_up": True}
CHECKED = {"kind": "checkup", "on": "2026-11-24", "finding": "std"}
TELLING = ("R5.3.5", "R4.0.2", "X47", "psychiatr", "psychiatric", "checkup", "Therapy", "лечение", "психиатр", "std")
"""Words, codes and clauses by which the kind of an entry is known."""


@pytest.fixture
def seen(admitted: "Desk") -> "Desk":
    """A client with two entries of her health record in which something is still lacking."""
    for entry in (PSYCHIATRIC, CHECKED):
        told = admitted.do(f"add {admitted.her} health", entry)
        assert {one["where"].rpartition("/")[0][:16] for one in told.page["findings"]} == {"/sealed/entries/"}
    return admitted


def inside(page: dict[str, Any]) -> list[tuple[str, Any, int]]:
    return [
        (one["severity"], one["clause"], one["facts"]["count"])
        for one in page["findings"]
        if one["where"].startswith("/sealed")
    ]


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize(
    "words", ["check", "check HER", "show HER", "show HER --all", "admit HER", "list", "find HER", "due", "due HER"]
)
def test_no_command_tells_which_kind_of_entry_there_is(words: str, language: str, seen: "Desk") -> None:
    typed = words.replace("HER", seen.her)
    given = {"last_name": "Примерова"} if words.startswith("find") else None
    typed = "find" if given else typed
    for said in (seen.run(f"{typed} --lang {language}", given).out, seen.run(f"{typed} --json", given).out):
        assert said
        assert not [word for word in TELLING if word in said], said


def test_check_counts_them_and_ends_as_before(seen: "Desk") -> None:
    told = seen.do(f"check {seen.her}")
    (found,) = inside(told.page)
    assert found[:2] == ("open", None)
    assert found[2] > 3
    (one,) = [each for each in told.page["findings"] if each["where"] == "/sealed"]
    assert (one["code"], one["record"], set(one["facts"])) == ("sealed/inside", seen.her, {"count"})
    assert seen.ask(f"check {seen.her} --strict").code == 1
    assert seen.ask("check").code == 0


def test_a_later_document_tells_of_it_as_little(seen: "Desk") -> None:
    told = seen.do(f"admit {seen.her}", {"notes": "Заметка."})
    assert not [word for word in TELLING if word in told.out]
    assert all(one["where"] == "/sealed" for one in told.page["findings"] if one["where"].startswith("/sealed"))


def test_whoever_opens_the_part_reads_place_and_clause(seen: "Desk") -> None:
    told = seen.do(f"show {seen.her} health")
    found = {(one["where"], one["clause"]) for one in told.page["findings"]}
    assert ("/sealed/entries/0/therapy", "R5.3.5") in found
    (counted,) = inside(seen.do(f"check {seen.her}").page)
    assert counted[2] == len(told.page["findings"])
    assert "R5.3.5" in seen.run(f"show {seen.her} health").out
    assert seen.do(f"show {seen.her} medication").page["findings"] == []


def test_show_counts_what_is_sealed_and_names_no_kind(seen: "Desk") -> None:
    for record in (
        seen.do(f"show {seen.her}").data["record"],
        json.loads(seen.run(f"show {seen.her} --all --json").out)["data"]["record"],
    ):
        assert record["sealed"] == {"entries": 2}
    text = seen.run(f"show {seen.her} --all").out
    assert "2" in next(line for line in text.splitlines() if "ealed" in line)
    named = seen.record()["sealed"]["entries"]
    assert [one["kind"] for one in named] == ["psychiatric", "checkup"]


def test_a_client_of_whom_nothing_is_sealed_has_nothing_there(admitted: "Desk") -> None:
    other = admitted.do("admit --new-person", REFERRAL).data["id"]
    assert "sealed" not in admitted.do(f"show {other}").data["record"]
    assert inside(admitted.do(f"check {other}").page) == []
