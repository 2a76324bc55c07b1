"""Damage costs what was damaged, and every hint on it leads to a store that is whole, or says what is lost for ever."""

import csv
import io
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.inputs import REFERRAL
from tests.support.killed_acts import house

if TYPE_CHECKING:
    from tests.support.command import Answer
    from tests.support.desk import Desk


RECORD, OTHER = "residents/{her}.yaml.age", "residents/{other}.yaml.age"
JOURNAL, TRUST, SHELTER, STAFF = "journal", "trust.jsonl", "shelter.yaml", "staff.yaml"
DIRECTORY, SECRETS = "directory.yaml.age", "secrets.yaml.age"
FILES = (RECORD, SHELTER, STAFF, DIRECTORY, SECRETS, TRUST, JOURNAL)
SWAPPED = {RECORD: OTHER, SHELTER: STAFF, STAFF: SHELTER, DIRECTORY: SECRETS, SECRETS: DIRECTORY}
SWAPPED |= {TRUST: JOURNAL, JOURNAL: TRUST}

COMMAND = re.compile(r"shelterctl (repair .+?)(?:[.;,](?:\s|$)|$)")
"""A command in a sentence, up to the end of the sentence."""


@pytest.fixture(scope="module")
def _house(tmp_path_factory: pytest.TempPathFactory) -> "Desk":
    """A store with two clients and a backup, and changes of every file that are younger than it."""
    desk = house(tmp_path_factory.mktemp("made") / "desk")
    shutil.copytree(desk.store, desk.folder / "yesterday")
    desk.do(f"admit {desk.her}", {"identification_number": "KG-2026-118"})
    desk.do("staff add s-dana --role psychologist")
    desk.do("house --others 1")
    desk.do("ngo add sezim --memorandum 2026-01-16 --contract 2026-01-20")
    (desk.folder / "empty").mkdir()
    return desk


@pytest.fixture
def desk(_house: "Desk", tmp_path: Path) -> "Desk":
    shutil.copytree(_house.folder, tmp_path / "desk", symlinks=True)
    return type(_house)(tmp_path / "desk", _house.her)


def place(desk: "Desk", file: str, store: Path | None = None) -> Path:
    store = store or desk.store
    if file == JOURNAL:
        return next((store / "journal").glob("*.jsonl"))
    other = next((name[:9] for name in os.listdir(store / "residents") if not name.startswith(desk.her)), "")
    return store / file.format(her=desk.her, other=other)


def byte_changed(desk: "Desk", file: str) -> None:
    path = place(desk, file)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def gone(desk: "Desk", file: str) -> None:
    place(desk, file).unlink()


def older(desk: "Desk", file: str) -> None:
    place(desk, file).write_bytes(place(desk, file, desk.folder / "yesterday").read_bytes())


def swapped(desk: "Desk", file: str) -> None:
    place(desk, file).write_bytes(place(desk, SWAPPED[file]).read_bytes())


def emptied(desk: "Desk", file: str) -> None:
    place(desk, file).write_bytes(b"")


def a_link(desk: "Desk", file: str) -> None:
    copy = desk.folder / "copy"
    place(desk, file).rename(copy)
    place(desk, file).symlink_to(copy) if file != JOURNAL else (desk.store / "journal" / own(desk)).symlink_to(copy)


def a_pipe(desk: "Desk", file: str) -> None:
    path = place(desk, file)
    path.unlink()
    os.mkfifo(path)


def a_folder(desk: "Desk", file: str) -> None:
    path = place(desk, file)
    path.unlink()
    (path / "within").mkdir(parents=True)


def too_large(desk: "Desk", file: str) -> None:
    with place(desk, file).open("ab") as sparse:
        sparse.truncate(20 << 30)


def own(desk: "Desk") -> str:
    return f"{desk.key.read_text().partition('# device: ')[2][:8]}.jsonl"


MANY = 20
"""More commands than any damage takes: a file each, and the journal."""

Damage = Callable[["Desk", str], None]
EVERY: tuple[Damage, ...] = (byte_changed, gone, older, swapped, emptied)
STRANGE: tuple[Damage, ...] = (a_link, a_pipe, a_folder, too_large)
TRIED = [
    (file, damage) for file in FILES for damage in EVERY if (file, damage) not in {(TRUST, older), (SECRETS, older)}
]


def advised(answer: "Answer") -> list[str]:
    """The commands that an answer names, in its hint, its notes and its sentences."""
    page = answer.page
    said = [str((page["error"] or {}).get("hint") or "")]
    said += [found.get("whole") or found["message"] for found in page["findings"] if found["severity"] == "warn"]
    said += [str(sentence) for sentence in (page["data"] or {}).get("said") or ()]
    return [command for sentence in said for command in COMMAND.findall(sentence)]


def followed(desk: "Desk", backup: str | None) -> tuple["Answer", list[str]]:
    """What check says in the end, whoever does what each answer advises; and what was typed."""
    answer, typed = desk.ask("check"), list[str]()
    while (advice := advised(answer)) and len(typed) < MANY:
        command = advice[0].replace("CODE", "no_backup")
        if backup:
            command = re.sub(r"\[?--from BACKUP\]?", f"--from {backup}", command)
        command = command.replace("[--from BACKUP]", "").replace("BACKUP", "empty").strip()
        typed.append(command)
        answer = desk.ask(command)
        if not advised(answer):
            answer = desk.ask("check")
    return answer, typed


def works(desk: "Desk", clients: int) -> None:
    assert desk.do("check").codes("refuse") == []
    assert len(desk.do("list").data["rows"]) == clients
    assert desk.do("staff add s-nina --role psychologist").code == 0
    assert desk.do("backup usb", today=None).code == 0


@pytest.mark.parametrize(("file", "damage"), TRIED, ids=lambda each: getattr(each, "__name__", each))
def test_with_a_backup_the_hint_on_any_damage_leads_to_a_whole_store(desk: "Desk", file: str, damage: Damage) -> None:
    damage(desk, file)
    assert desk.ask("check").code == 6
    answer, typed = followed(desk, "usb")
    assert answer.code == 0, (typed, answer.out)
    assert 1 <= len(typed) <= (3 if file != JOURNAL or damage is byte_changed else 6)
    assert "store/repaired" in answer.codes()
    works(desk, 2)


@pytest.mark.parametrize(("file", "damage"), TRIED, ids=lambda each: getattr(each, "__name__", each))
def test_without_any_backup_the_hint_leads_to_a_store_that_says_what_is_lost(
    desk: "Desk", file: str, damage: Damage
) -> None:
    damage(desk, file)
    answer, typed = followed(desk, None)
    assert answer.code == 0, (typed, answer.out)
    assert "store/repaired" in answer.codes()
    # Of the older journal a line names another version of her file: what lies there is not signed for.
    works(desk, 1 if file == RECORD or (file, damage) == (JOURNAL, older) else 2)
    assert "store/repaired" in desk.do("check").codes()


@pytest.mark.posix("links, pipes and folders of POSIX in the place of a file", "windows/test_names.py")
@pytest.mark.parametrize("damage", STRANGE, ids=lambda each: each.__name__)
@pytest.mark.parametrize("file", FILES)
def test_whatever_stands_in_the_place_of_a_file_it_is_not_opened_and_can_be_put_right(
    desk: "Desk", file: str, damage: Damage
) -> None:
    damage(desk, file)
    assert desk.ask("check").code == 6
    what = {TRUST: "--trust", JOURNAL: "journal"}.get(file, desk.her if file == RECORD else file)
    desk.do(f"repair {what} --from usb" + " --give-up" * (file == JOURNAL))
    if file == JOURNAL:
        assert followed(desk, "usb")[0].code == 0
    works(desk, 2)
    laid = os.listdir(desk.store / "set-aside")
    assert len([name for name in laid if name.endswith(".jsonl")] if file == JOURNAL else laid) == 1


def test_a_whole_file_is_not_repaired(desk: "Desk") -> None:
    before = desk.digest()
    for what in (desk.her, SHELTER, STAFF, DIRECTORY, SECRETS):
        for how in ("--from usb", "--give-up --reason-code other"):
            answer = desk.ask(f"repair {what} {how}")
            assert (answer.code, answer.codes()) == (1, ["repair/whole"])
    assert desk.digest() == before
    assert desk.refused("repair --trust").error == "repair/whole"
    assert desk.do("repair journal").data["repaired"]["lost"] == 0


@pytest.mark.parametrize(
    ("words", "code", "exit"),
    [
        ("repair", "repair/what", 2),
        ("repair {her}", "repair/how", 2),
        ("repair {her} --give-up", "repair/reason", 2),
        ("repair {her} --give-up --reason-code because", "repair/reason", 2),
        ("repair 0000-0000 --from usb", "repair/unknown", 3),
        ("repair registers/x --from usb", "repair/unknown", 3),
        ("repair ../key --from usb", "repair/unknown", 3),
        ("repair {her} --from empty", "repair/no-backup", 3),
        ("repair {her} --from nowhere", "repair/no-folder", 2),
        ("repair journal --from nowhere", "repair/no-folder", 2),
        ("repair journal --from empty", "repair/no-backup", 3),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(desk: "Desk", words: str, code: str, exit: int) -> None:
    byte_changed(desk, RECORD)
    answer = desk.refused(words.format(her=desk.her))
    assert (answer.error, answer.code) == (code, exit)


def test_a_backup_of_another_store_has_nothing_of_ours(desk: "Desk", tmp_path: Path) -> None:
    other = house(tmp_path / "other")
    there = next((other.folder / "usb").iterdir())
    (there / "residents" / f"{desk.her}.yaml.age").write_bytes(next((there / "residents").iterdir()).read_bytes())
    for file in (RECORD, SHELTER, DIRECTORY):
        byte_changed(desk, file)
    for what in (desk.her, SHELTER, DIRECTORY):
        assert desk.refused(f"repair {what} --from {there}").error == "repair/not-in-backup"
    byte_changed(desk, TRUST)
    shutil.rmtree(desk.folder / "key.heads")
    assert desk.refused(f"repair --trust --from {there}").error == "repair/no-list"


@pytest.mark.parametrize("taken", ["another's", "a bit", "never saved"])
def test_a_version_that_no_line_names_for_this_file_is_never_put_back(desk: "Desk", taken: str) -> None:
    """Whoever can write to the stick would else put words of his own, or another client's, into her file."""
    backup = next((desk.folder / "usb").iterdir())
    hers, others = place(desk, RECORD, backup), place(desk, OTHER, backup)
    given = {
        "another's": others.read_bytes(),
        "a bit": hers.read_bytes()[:-1] + bytes([hers.read_bytes()[-1] ^ 1]),
        "never saved": place(desk, DIRECTORY).read_bytes(),
    }[taken]
    byte_changed(desk, RECORD)
    hers.write_bytes(given)
    assert desk.refused(f"repair {desk.her} --from {backup}").error == "repair/not-in-backup"


def test_of_several_backups_the_newest_version_is_taken_and_nothing_else_is_lost(desk: "Desk") -> None:
    desk.do("backup usb", today=None)
    byte_changed(desk, RECORD)
    repaired = desk.do(f"repair {desk.her} --from usb")
    assert repaired.data["repaired"]["lost"] == 0
    assert desk.record()["identification_number"] == "KG-2026-118"


def test_what_is_given_up_is_said_for_ever_with_its_words_sealed(desk: "Desk") -> None:
    byte_changed(desk, RECORD)
    given_up = f"repair {desk.her} --give-up --reason-code disk_failed"
    assert desk.ask(given_up, {"wrong": "key"}).code == 1
    desk.do(given_up, {"words": "Ноутбук упал со стола"})
    told = desk.do("check").finding("store/repaired")
    assert told["facts"]["place"] == f"residents/{desk.her}.yaml.age"
    shown = desk.ask(f"show {desk.her}")
    assert (shown.code, shown.error) == (3, "client/given-up")
    assert len(os.listdir(desk.store / "set-aside")) == 1
    assert not [path for path in desk.store.rglob("*") if path.is_file() and "упал".encode() in path.read_bytes()]
    # She can be taken in again, and what was given up stays told.
    desk.do("admit --new-person", REFERRAL)
    works(desk, 2)
    assert desk.ask(given_up).error == "repair/unknown"


@pytest.mark.parametrize("file", [SHELTER, STAFF, DIRECTORY, SECRETS])
def test_a_file_of_the_house_that_is_given_up_leaves_a_house_that_can_be_worked_in(desk: "Desk", file: str) -> None:
    emptied(desk, file)
    desk.do(f"repair {file} --give-up --reason-code no_backup")
    if file == SHELTER:
        desk.do("facility add bishkek --kind shelter --capacity 8")
    if file == DIRECTORY:
        desk.do("ngo add sezim --memorandum 2026-01-15 --contract 2026-01-20")
    if file == STAFF:
        desk.do("staff add s-gulnara --role social_worker")
        desk.do("staff add s-aida --role psychologist")
    desk.do(f"admit {desk.her}", {"identification_number": "KG-2026-120"})
    desk.do(f"form shelter-rules {desk.her} --out rules.html")
    works(desk, 2)
    desk.do("house")


# Lists beside damage.


@pytest.fixture
def damaged(desk: "Desk") -> "Desk":
    byte_changed(desk, RECORD)
    return desk


@pytest.mark.parametrize("words", ["list", "house", "monitor due", "agreements"])
def test_a_list_tells_what_is_whole_and_is_exit_6_for_the_rest(damaged: "Desk", words: str) -> None:
    answer = damaged.ask(words)
    assert (answer.code, answer.error) == (6, "store/part")
    assert answer.page["error"]["message"].count(damaged.her) == 1
    assert [found["record"] for found in answer.page["findings"] if found["code"] == "vault/damaged"] == [damaged.her]


@pytest.mark.parametrize("form", ["csv", "ndjson", "table"])
def test_a_list_for_a_program_has_whole_rows_alone_and_the_damage_is_told_beside_it(damaged: "Desk", form: str) -> None:
    answer = damaged.run(f"list --format {form}")
    assert answer.code == 6
    read: dict[str, Callable[[], list[str]]] = {
        "csv": lambda: [row["id"] for row in csv.DictReader(io.StringIO(answer.out))],
        "ndjson": lambda: [json.loads(line)["id"] for line in answer.out.splitlines()],
        "table": lambda: re.findall(r"^\s*([0-9A-Z]{4}-[0-9A-Z]{4})\b", answer.out, re.MULTILINE),
    }
    rows = read[form]()
    other = next(name[:9] for name in os.listdir(damaged.store / "residents") if not name.startswith(damaged.her))
    assert rows == [other]
    assert damaged.her in answer.out + answer.err
    if form != "table":
        assert damaged.her not in answer.out


def test_a_search_says_that_it_did_not_see_all(damaged: "Desk") -> None:
    answer = damaged.ask("find", {"first_name": "Айгуль", "last_name": "Примерова"})
    assert (answer.code, len(answer.data["rows"])) == (6, 1)
    assert "vault/damaged" in answer.codes("warn")


def test_beside_damage_a_new_client_is_taken_in_and_the_damage_is_a_note(damaged: "Desk") -> None:
    admitted = damaged.ask("admit --new-person", REFERRAL)
    assert admitted.code == 0, admitted.out
    assert "vault/damaged" in admitted.codes("warn")
    other = admitted.data["id"]
    assert damaged.ask(f"admit {other}", {"identification_number": "KG-2026-300"}).code == 0
    assert damaged.ask("house --others 2").code == 0
    assert damaged.ask(f"show {other}").code == 0
    assert damaged.ask("staff add s-nina --role psychologist").code == 0


def test_a_damaged_file_takes_one_place(damaged: "Desk") -> None:
    """Nobody knows whether she sleeps here: the house must not be filled over it."""
    her = damaged.do("admit --new-person", REFERRAL).data["id"]
    damaged.do(f"admit {her}", {"identification_number": "KG-2026-121"})
    places = damaged.ask("house").data["rows"][0]["capacity"]
    complete = f"admit {her} --complete --on 2026-11-22 --check"
    damaged.do(f"house --others {places - 1}")
    assert "admission/full-house" in damaged.ask(complete).codes()
    damaged.do(f"repair {damaged.her} --from usb")
    assert "admission/full-house" not in damaged.ask(complete).codes()
    damaged.do(f"house --others {places}")
    assert "admission/full-house" in damaged.ask(complete).codes()


def test_check_names_all_that_is_damaged_and_not_the_first_alone(desk: "Desk") -> None:
    for file in (RECORD, SHELTER, DIRECTORY, STAFF):
        byte_changed(desk, file)
    answer = desk.ask("check")
    assert answer.code == 6
    told = {str(found["facts"]["place"]) for found in answer.page["findings"] if found["code"].startswith("vault/")}
    assert told == {f"residents/{desk.her}.yaml.age", SHELTER, DIRECTORY, STAFF}


def test_a_stranger_s_journal_beside_ours_is_told_and_stops_nothing(desk: "Desk", tmp_path: Path) -> None:
    other = house(tmp_path / "other")
    shutil.copy(place(other, JOURNAL), desk.store / "journal")
    assert "journal/stranger" in desk.ask("check").codes()
    assert len(desk.do("list").data["rows"]) == 2
    desk.do("staff add s-nina --role psychologist")
    desk.do("repair journal")
    byte_changed(desk, JOURNAL)
    desk.do("repair journal --from usb")
    desk.do("list")


def test_two_devices_each_put_right_what_they_may(desk: "Desk") -> None:
    desk.do("trust --join --recovery paper --no-passphrase --identity other --staff s-gulnara", today=None)
    desk.do("trust --accept")
    desk.do("staff add s-nina --role psychologist --identity other")
    mine = desk.store / "journal" / own(desk)
    theirs = next(path for path in (desk.store / "journal").iterdir() if path != mine)
    for path, words, may in ((theirs, "", False), (mine, "--identity other", True)):
        whole = path.read_bytes()
        lines = whole.split(b"\n")
        lines[0] = lines[0].replace(b'"by":"', b'"by":"xx', 1)
        path.write_bytes(b"\n".join(lines))
        assert desk.ask("check").code == 6
        answer = desk.ask(f"repair journal --give-up {words}")
        assert (answer.code == 0) == may, answer.out
        if not may:
            assert answer.error == "repair/another-device"
            path.write_bytes(whole)
        # Whoever remembers the line as it was is told that it is missing, and takes note of it by the same command.
        answer, typed = followed(desk, None)
        assert answer.code == 0, (typed, answer.out)
        assert desk.ask("check --identity other").code == 0


def flips(desk: "Desk", step: int) -> Iterator[tuple[Path, int]]:
    """Places in the files of a store, a few hundred bytes apart."""
    for path in sorted(desk.store.rglob("*")):
        if path.is_file() and path.name != ".lock":
            for at in range(step // 3, path.stat().st_size, step):
                yield path, at


def test_one_damaged_byte_anywhere_costs_that_file_and_its_hint_puts_it_right(desk: "Desk") -> None:
    """One in every 900 bytes; many more is tried by tests/support/byte_damage.py."""
    from tests.support.byte_damage import wrong

    tried = list(flips(desk, 900))
    bad: list[Any] = [found for path, at in tried if (found := wrong(desk, path, at, 1 << at % 8))]
    assert bad == []
    assert len(tried) >= 8
