"""The recovery paper is lost, or somebody saw it: a new one takes its place, and the old one opens nothing any more."""

import fcntl
import json
import os
import re
import shutil
import signal
import stat
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pexpect
import pyrage
import pytest
from filelock import FileLock
from pypdf import PdfReader

from shelterctl.custody import recovery_paper
from shelterctl.custody.recovery_paper import write_sealed_note
from shelterctl.document.reading import read_document
from shelterctl.identity.key_file import change_passphrase, load_identity, save_identity
from shelterctl.identity.keys import create_identity, create_recovery_key
from shelterctl.prompts import recovery as sitting
from shelterctl.vault.sealed_bytes import read_age_header
from tests.attack.lab import Lab, named
from tests.support.desk import Desk, copied, make_house_with_paper
from tests.support.inputs import REFERRAL
from tests.support.killed_commands import ARMOUR
from tests.support.passphrases import OLD, QUICK, handed, never
from tests.support.revised_rulebook import copy_of_the_manual
from tests.support.sealed_entries import decrypted
from tests.support.terminal import Seen, Terminal, spawned

RENEW = "recovery renew --recovery new-paper"
SESSION = {"approach": "individual", "at": "2026-11-24T10:00+06:00", "by": "s-aida", "kind": "crisis"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A store with two clients, something sealed inside a file, its paper in a file, and a backup on a stick."""
    desk = make_house_with_paper(tmp_path_factory.mktemp("made") / "desk")
    desk.do("admit --new-person", REFERRAL)
    desk.do(f"admit {desk.her} --complete --on 2026-11-22")
    desk.do(f"add {desk.her} session", SESSION)
    desk.do("backup usb", today=None)
    return desk


@pytest.fixture
def desk(made: Desk, tmp_path: Path) -> Desk:
    """The same, to be worked at."""
    return copied(made, tmp_path / "desk")


def blocks(data: bytes) -> list[bytes]:
    """What is sealed inside a file that was opened."""
    return [b"".join(line.strip() + b"\n" for line in found[0].splitlines()) for found in ARMOUR.finditer(data)]


def opened(desk: Desk, paper: str) -> tuple[int, int]:
    """How many files stock age opens by the line on a paper, and how many blocks inside of them."""
    paths = [path for path in desk.store.rglob("*.age") if path.parent.name != "set-aside"]
    inside = [block for path in paths for block in blocks(decrypted(path.read_bytes(), desk.key))]
    return opened_of(desk, paper, paths), sum(opens(block, desk.folder / paper) for block in inside)


def opened_of(desk: Desk, paper: str, paths: Iterable[Path]) -> int:
    """How many of these files stock age opens by the line on a paper."""
    return sum(opens(path.read_bytes(), desk.folder / paper) for path in paths)


def opens(data: bytes, paper: Path) -> bool:
    """Whether stock age opens this by the line on a paper."""
    try:
        decrypted(data, paper)
    except pyrage.DecryptError:
        return False
    return True


def flat(seen: Seen) -> str:
    """What was on the screen, as one line."""
    return " ".join(seen.text.split())


def statements(desk: Desk) -> list[str]:
    """The kinds of the statements on the list."""
    return [json.loads(line)["kind"] for line in (desk.store / "trust.jsonl").read_text().splitlines()]


def note(desk: Desk) -> Path | None:
    """Where a renewal is noted that is not finished."""
    return next(iter(desk.folder.glob("key.heads/*.renewal")), None)


def key_in(desk: Desk, paper: str) -> str:
    return next(line for line in (desk.folder / paper).read_text().splitlines() if line.startswith("AGE-"))


def test_the_new_paper_opens_every_file_and_what_is_sealed_inside_and_the_old_one_opens_none(desk: Desk) -> None:
    files, inside = opened(desk, "paper")
    assert inside >= 1
    before = desk.do("trust").data["sheet"]
    told = desk.do(RENEW).data
    assert (opened(desk, "paper"), opened(desk, "new-paper")) == ((0, 0), (files, inside))
    assert (told["sealed"], told["left"], told["state"]) == (files, [], "in_force")
    assert statements(desk) == ["root", "recovery"]
    sheet = desk.do("trust").data["sheet"]
    assert (sheet["words"], sheet["store"], sheet["paper_signed"]) == (before["words"], before["store"], True)
    assert sheet["number"] > before["number"]
    assert told["sheet"] == {name: sheet[name] for name in ("store", "words", "number")}
    assert desk.do("check --recovery new-paper").data["opened"] == files + 2
    assert note(desk) is None
    checked = desk.do("check")
    assert not [code for code in checked.codes() if code.startswith(("trust/", "recovery/", "store/", "vault/"))]
    desk.do(f"admit {desk.her}", {"notes": "sealed for the new paper"})
    desk.do("admit --new-person", REFERRAL)
    assert opened(desk, "paper") == (0, 0)
    assert opened(desk, "new-paper")[0] == files + 1


def test_the_file_of_the_new_paper_is_the_owners_alone_and_no_answer_holds_the_key(desk: Desk) -> None:
    answer = desk.run(RENEW)
    assert answer.code == 0
    file = desk.folder / "new-paper"
    key = key_in(desk, "new-paper")
    assert key not in answer.out + answer.err
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    words = desk.do("trust").data["sheet"]["words"]
    assert f"# words: {words}\n{key}\n" in file.read_text()
    assert not [path for path in desk.folder.rglob("*") if path.is_file() and path != file
                and key.encode() in path.read_bytes()]  # fmt: skip


def test_the_old_paper_is_told_that_a_later_one_took_its_place(desk: Desk) -> None:
    desk.do(RENEW)
    (newer := desk.folder / "newer").mkdir()
    desk.do("backup newer", today=None)
    for words in (
        "check --recovery paper",
        "trust --join --recovery paper --identity other --no-passphrase",
        "restore newer --store again --identity paper",
    ):
        told = desk.refused(words, today=None)
        assert (told.code, told.error) == (5, "trust/paper-replaced"), words
    assert not (desk.folder / "other").exists()
    assert desk.do("restore newer --store again --identity new-paper", today=None).data["opened"] == 6
    assert not list(newer.rglob("*.renewal"))


def test_a_backup_from_before_is_named_and_opens_with_the_old_paper_alone(desk: Desk) -> None:
    made = desk.do("backup usb", today=None).data["folder"]
    told = desk.do(RENEW)
    assert any("every earlier backup" in line for line in told.data["said"])
    assert {Path(each).name for each in told.data["keeps"]["backups"]} >= {Path(made).name}
    assert desk.do("recovery renew --check").data["keeps"]["backups"] == []  # none was made since
    assert desk.do("restore usb --store again --identity paper", today=None).data["opened"] == 6
    told = desk.ask("restore usb --store more --identity new-paper", today=None)
    assert (told.code, told.error) == (6, "trust/not-mine")


def test_it_is_only_said_and_nothing_is_done(desk: Desk) -> None:
    before = desk.digest()
    told = desk.do("recovery renew --check").data
    assert told["keeps"]["clients"] == 2
    assert told["state"] is None
    assert any("every earlier backup" in line for line in told["said"])
    assert desk.digest() == before


def test_off_a_terminal_it_needs_a_file(desk: Desk) -> None:
    told = desk.refused("recovery renew")
    assert (told.code, told.error) == (2, "usage/missing")
    assert "--recovery FILE" in told.page["error"]["message"]


def pipe(path: Path) -> None:
    os.mkfifo(path)


def link(path: Path) -> None:
    path.symlink_to(path.with_name("nowhere"))


TAKEN: dict[str, tuple[str, Callable[[Path], object] | None]] = {
    "a file": ("taken", lambda path: path.write_text("x")),
    "a longer file": ("taken", lambda path: path.write_text("x" * 10_000)),
    "a folder": ("taken", Path.mkdir),
    "a pipe": ("taken", pipe),
    "a link": ("taken", link),
    "the old paper": ("paper", None),
    "in the store": ("house/new-paper", None),
    "in a folder of it": ("house/residents/new-paper", None),
    "no text": ("new-paper.PDF", None),
}


@pytest.mark.posix("a pipe and a link", "windows/test_two.py")
@pytest.mark.parametrize("how", TAKEN)
@pytest.mark.parametrize("begun", [False, True])
def test_a_file_that_cannot_be_the_papers_is_refused(
    desk: Desk, how: str, begun: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if begun:
        cut_off(desk, monkeypatch, "before the statement", "recovery renew --recovery elsewhere")
    name, make = TAKEN[how]
    if make:
        make(desk.folder / name)
    told = desk.refused(f"recovery renew --recovery {name}")
    assert (told.code, told.error) == (2, "init/recovery")
    assert statements(desk) == ["root"]
    assert bool(note(desk)) == begun


def test_a_folder_for_it_that_is_not_there_is_said_and_the_same_paper_comes_later(desk: Desk) -> None:
    told = desk.ask("recovery renew --recovery nowhere/new-paper")
    assert (told.code, statements(desk)) == (3, ["root"])
    assert "recovery/unfinished" in desk.do("check").codes("warn")
    desk.do(RENEW)
    assert desk.do("check --recovery new-paper").code == 0


# Where it is cut off.

CUTS: dict[str, tuple[Any, str]] = {
    "before the note": (recovery_paper, "begin_renewal"),
    "before the file": (sitting, "hand_over_paper"),
    "before the statement": (recovery_paper, "sign_renewal"),
    "before the files are sealed": (recovery_paper, "finish_renewal"),
    "before the note is erased": (recovery_paper, "forget_renewal"),
}


def cut_off(desk: Desk, patch: pytest.MonkeyPatch, where: str, words: str = RENEW) -> None:
    """The command is killed there."""
    with patch.context() as cut:
        cut.setattr(*CUTS[where], lambda *_: os.kill(os.getpid(), signal.SIGKILL))
        assert desk.run(words).code == -signal.SIGKILL


@pytest.mark.posix("a process that is killed", "windows/test_two.py")
@pytest.mark.parametrize("where", CUTS)
def test_cut_off_anywhere_the_same_command_goes_on_with_the_same_paper(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    cut_off(desk, monkeypatch, where)
    noted, written = where != "before the note", (desk.folder / "new-paper").exists()
    assert bool(note(desk)) == noted
    assert written == (where not in ("before the note", "before the file"))
    signed = where in ("before the files are sealed", "before the note is erased")
    assert statements(desk) == ["root", *["recovery"] * signed]
    checked = desk.do("check")
    assert ("recovery/unfinished" in checked.codes("warn")) == noted
    assert "trust/new-device" not in checked.codes()
    key = key_in(desk, "new-paper") if written else None
    told = desk.do(RENEW)
    assert statements(desk) == ["root", "recovery"]
    assert key in (None, key_in(desk, "new-paper"))
    assert note(desk) is None
    assert opened(desk, "paper") == (0, 0)
    assert desk.do("check --recovery new-paper").code == 0
    assert any(line.startswith("The interrupted replacement is finished") for line in told.data["said"]) == signed


def test_what_was_begun_is_written_into_another_file_too_and_after_the_statement_into_none(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_off(desk, monkeypatch, "before the statement")
    cut_off(desk, monkeypatch, "before the files are sealed", "recovery renew --recovery once-more")
    assert key_in(desk, "new-paper") == key_in(desk, "once-more")
    desk.do("recovery renew --recovery never")
    assert not (desk.folder / "never").exists()
    desk.do("recovery renew --recovery later")  # it is finished: that is another one
    assert statements(desk) == ["root", "recovery", "recovery"]
    assert key_in(desk, "later") != key_in(desk, "new-paper")
    assert desk.refused("check --recovery new-paper").error == "trust/paper-replaced"


def test_a_note_that_this_computer_did_not_write_is_none(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever can write beside the key, and has none, seals a paper of his own to us; it must not be shown."""
    cut_off(desk, monkeypatch, "before the file")
    place = note(desk)
    assert place
    key, his = load_identity(desk.key, None), create_recovery_key()
    known = read_document(key.open(place.read_bytes())).value
    for said in ({**known, "paper": his.key}, {**known, "mark": "0" * 64}, {"schema": "renewal/1"}, {"paper": his.key}):
        write_sealed_note(place, key, {**said, "instead_of": known["instead_of"]})
        assert "recovery/unfinished" in desk.do("check").codes("warn")
        assert desk.do("recovery renew --check").data["state"] is None
    for data in (b"", b"half a no", key.seal(b"&a [*a"), key.seal(b"- x\n"), create_identity().seal(b"x: 1\n")):
        place.write_bytes(data)
        assert desk.do("recovery renew --check").data["state"] is None
    write_sealed_note(place, key, {**known, "paper": his.key})
    desk.do(RENEW)
    assert key_in(desk, "new-paper") not in (his.key, known["paper"])
    assert note(desk) is None


def test_another_paper_that_came_into_force_meanwhile_is_not_replaced_in_silence(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.do("trust --join --recovery paper --identity other --no-passphrase --staff s-aida")
    desk.do("trust --accept")
    cut_off(desk, monkeypatch, "before the statement")
    desk.do("recovery renew --recovery theirs --identity other")
    told = desk.refused(RENEW)
    assert (told.code, told.error) == (7, "trust/new-device")
    desk.do("trust --accept")
    assert desk.refused("recovery renew --check").error == "recovery/overtaken"
    before = desk.digest_of_store()
    told = desk.ask(RENEW)
    assert (told.code, told.error, desk.digest_of_store()) == (7, "recovery/overtaken", before)
    assert "Destroy what was written down here" in told.page["error"]["message"]
    assert note(desk) is None
    assert desk.do("check --recovery theirs").code == 0
    assert desk.refused("check --recovery new-paper").error == "trust/not-mine"
    desk.do("recovery renew --recovery mine")
    assert desk.refused("check --recovery theirs").error == "trust/paper-replaced"


# Who may, and what is in the way.


def test_a_device_that_may_only_write_renews_none(desk: Desk) -> None:
    key, third = load_identity(desk.key, None), create_identity()
    lab = Lab(desk.folder, desk.her, desk.her, desk.her)
    lab.state(lab.next("device", device=named(third, may=["write"])), key, third)
    save_identity(desk.folder / "third", third, None)
    desk.do("trust --accept")
    told = desk.refused("recovery renew --check --identity third")
    assert told.error == "trust/no-memory"
    number = desk.do("check").data["sheet"]["number"]
    desk.do(f"check --remember --number {number} --identity third")
    told = desk.refused(f"{RENEW} --identity third")
    assert (told.code, told.error) == (5, "trust/may-not")


def test_what_is_new_on_the_list_is_looked_at_first(desk: Desk) -> None:
    desk.do("trust --join --recovery paper --identity other --no-passphrase --staff s-aida")
    for words in (RENEW, "recovery renew --check"):
        told = desk.refused(words)
        assert (told.code, told.error) == (7, "trust/new-device")
    at = Terminal(desk)
    refused = at.run("recovery renew", ["no"])
    assert refused.code == 0
    assert "Nothing was accepted. Stop" in flat(refused)
    assert statements(desk) == ["root", "device"]
    assert note(desk) is None
    said = at.run("recovery renew", ["yes", "no"])
    assert "may read and write; admitted by" in flat(said)
    assert "Nothing was changed; the recovery paper is still the old one." in flat(said)
    assert "trust/new-device" not in desk.do("check").codes()
    desk.do(RENEW)
    assert statements(desk) == ["root", "device", "recovery"]
    assert opened(desk, "paper") == (0, 0)
    assert desk.do("check --recovery new-paper").code == 0


def test_a_store_that_is_locked_is_not_renewed_and_later_it_is_the_same_paper(desk: Desk) -> None:
    with FileLock(desk.store / ".lock"):
        told = desk.ask(f"{RENEW} --wait 0")
    assert (told.code, told.error, statements(desk)) == (7, "vault/locked", ["root"])
    key = key_in(desk, "new-paper")
    desk.do(RENEW)
    assert key_in(desk, "new-paper") == key


def test_once_it_is_in_force_a_store_that_is_locked_is_finished_later(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        real = recovery_paper.sign_renewal

        def signed(*given: Any) -> None:
            real(*given)
            fcntl.flock(os.open(desk.store / ".lock", os.O_RDWR), fcntl.LOCK_EX)  # as if another one got it first

        patch.setattr(recovery_paper, "sign_renewal", signed)
        told = desk.ask(f"{RENEW} --wait 0")
    assert (told.code, told.error) == (7, "vault/locked")
    assert "Some files are not sealed for the new paper yet. To finish: shelterctl recovery renew" in told.data["said"]
    assert statements(desk) == ["root", "recovery"]
    assert "recovery/unfinished" in desk.do("check").codes("warn")
    desk.do(RENEW)
    assert statements(desk) == ["root", "recovery"]
    assert opened(desk, "paper") == (0, 0)


def test_a_damaged_file_is_named_and_all_others_are_sealed_anew(desk: Desk) -> None:
    file = desk.store / f"residents/{desk.her}.yaml.age"
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    told = desk.ask(RENEW)
    assert (told.code, told.error) == (6, "rekey/left")
    assert told.data["left"] == [f"residents/{desk.her}.yaml.age"]
    assert f"residents/{desk.her}.yaml.age" in told.page["error"]["message"]
    assert told.data["sealed"] == 4 - 1
    assert told.codes("warn") == ["vault/damaged"]
    desk.do(f"repair {desk.her} --from usb", today=None)
    desk.do("rekey")
    assert opened(desk, "paper") == (0, 0)
    assert desk.do("check --recovery new-paper").code == 0
    assert note(desk) is None
    names = [path for path in desk.store.rglob("*.age") if path != file]
    assert {read_age_header(path.read_bytes(), path.name).keys for path in names} == {2}
    assert opened_of(desk, "paper", names) == 0


def test_a_store_of_another_shelf_or_in_a_backup_is_not_renewed(desk: Desk, tmp_path: Path) -> None:
    (backup,) = (desk.folder / "usb").iterdir()
    told = desk.refused(f"{RENEW} --store {backup}")
    assert (told.code, told.error) == (2, "vault/backup")
    other = {"SHELTERCTL_MANUAL": str(copy_of_the_manual(tmp_path / "other"))}
    told = desk.refused(RENEW, env=other)
    assert (told.code, told.error) == (7, "shelf/other")
    assert statements(desk) == ["root"]


def test_a_paper_that_never_signed_is_replaced_too(old: Desk) -> None:
    told = old.refused("recovery renew --recovery new-paper")
    assert (told.code, told.error) == (7, "trust/begin")
    words = old.do("trust --begin").data["sheet"]["words"]
    old.do("recovery renew --recovery new-paper")
    assert statements(old) == ["root", "recovery"]
    sheet = old.do("trust").data["sheet"]
    assert (sheet["words"], sheet["paper_signed"]) == (words, True)
    assert old.do("check --recovery new-paper").code == 0
    told = old.refused(f"check --recovery recovery --words '{words}'")
    assert (told.code, told.error) == (6, "trust/not-mine")  # it never signed: nothing shows that this was its store
    assert opened_of(old, "recovery", [*old.store.rglob("*.age")]) == 0


def forgetful(desk: Desk) -> None:
    shutil.rmtree(desk.folder / "key.heads")


def shut_out(desk: Desk) -> None:
    """Another computer shut this one out."""
    own = desk.do("device list").data["rows"][0]["device"]
    desk.do("trust --join --recovery paper --identity other --no-passphrase --staff s-aida")
    desk.do(f"device end {own} --identity other")


def of_a_later_version(desk: Desk) -> None:
    lab = Lab(desk.folder, desk.her, desk.her, desk.her)
    lab.state(lab.next("readers", part="health", devices=[]), load_identity(desk.key, None))


CLOSED: dict[str, tuple[Callable[[Desk], None], tuple[int, str]]] = {
    "nothing is remembered": (forgetful, (6, "trust/no-memory")),
    "this computer is shut out": (shut_out, (5, "trust/shut-out")),
    "a later version was here": (of_a_later_version, (7, "trust/newer")),
}


@pytest.mark.parametrize("how", CLOSED)
def test_where_nothing_may_be_written_no_paper_is_renewed(desk: Desk, how: str) -> None:
    make, answer = CLOSED[how]
    make(desk)
    for words in (RENEW, "recovery renew --check"):
        told = desk.refused(words)
        assert (told.code, told.error) == answer
    assert Terminal(desk).run("recovery renew", []).code == answer[0]
    assert note(desk) is None
    assert "recovery" not in statements(desk)


def test_an_older_backup_that_is_restored_opens_with_the_old_paper_until_it_is_sealed_anew(desk: Desk) -> None:
    desk.do(RENEW)
    desk.do("restore usb --store again", today=None)
    again = Desk(desk.folder, desk.her)
    again.store = desk.folder / "again"
    assert opened(again, "paper")[0] == 4
    assert statements(again) == ["root", "recovery"]  # the computer remembers that the paper was replaced
    checked = again.do("check")
    assert "store/not-resealed" in checked.codes("warn")
    again.do("rekey")
    assert (opened(again, "paper"), opened(again, "new-paper")[0]) == ((0, 0), 4)
    assert again.do("check --recovery new-paper").code == 0


# The paper was found, and used before anybody noticed.


def test_a_computer_that_the_found_paper_admitted_is_shut_out_and_the_paper_is_renewed(desk: Desk) -> None:
    desk.do("trust --join --recovery paper --identity his --no-passphrase --staff s-aida")
    desk.do(f"admit {desk.her} --identity his", {"notes": "by nobody of the house"})
    his = desk.do("trust --identity his").data["rows"][1]["device"]
    assert desk.do("check").codes("warn")[0] == "trust/new-device"
    for words in (f"admit {desk.her}", RENEW):
        told = desk.refused(words, {"notes": "x"} if words != RENEW else None)
        assert (told.code, told.error) == (7, "trust/new-device")
    seen = Terminal(desk).run("recovery renew", ["no"])
    assert (
        "First shut out the computer that nobody knows: shelterctl device end CODE --lost. Then replace the paper."
        in flat(seen)
    )
    desk.do(f"device end {his} --lost")
    desk.do(RENEW)
    assert statements(desk) == ["root", "device", "end", "recovery"]
    files = [path for path in desk.store.rglob("*.age") if path.parent.name != "set-aside"]
    assert (opened_of(desk, "his", files), opened(desk, "his")[1]) == (0, 0)
    assert opened(desk, "paper") == (0, 0)
    assert opened(desk, "new-paper")[0] == len(files)
    desk.do(f"admit {desk.her}", {"identification_number": "KG-2026-118"})
    assert "by nobody of the house" in json.dumps(desk.record())  # it stands, until somebody of the house changes it
    assert not {"trust/new-device", "recovery/unfinished"} & {*desk.do("check").codes()}
    assert (opened_of(desk, "his", files), opened(desk, "paper")) == (0, (0, 0))
    # Neither says or writes anything any more.
    told = desk.refused("admit --new-person --identity his", REFERRAL)
    assert (told.code, told.error) == (5, "trust/shut-out")
    told = desk.refused("trust --join --recovery paper --identity again --no-passphrase")
    assert (told.code, told.error) == (5, "trust/paper-replaced")
    lab = Lab(desk.folder, desk.her, desk.her, desk.her)
    key, number = load_identity(desk.folder / "his", None), desk.do("check").data["sheet"]["number"]
    name = f"residents/{desk.her}.yaml.age"
    lab.add(key, lab.line(key, name, "0" * 64))
    told = desk.ask("check")
    assert (told.code, "journal/shut-out" in told.codes()) == (6, True)
    assert "KG-2026-118" in json.dumps(desk.record())
    assert desk.do("list").data["rows"]
    desk.do("repair journal")  # a person knows of it
    assert desk.do("check --recovery new-paper").data["sheet"]["number"] > number


# Whoever sits at a terminal.


def shown(text: str) -> str:
    """The key that stands on a screen."""
    (key,) = set(re.findall(r"AGE-SECRET-KEY-1[A-Z0-9]+", text))
    return str(key)


def test_at_a_terminal_it_is_said_what_it_means_and_the_new_paper_is_seen_once(desk: Desk) -> None:
    with Terminal(desk, "ru").live("recovery renew") as live:
        said = " ".join(live.begun.split())
        assert said.index("Прежде всего позвоните") < said.index("можно было открыть всё")
        assert "Что ещё откроется: каждая прежняя копия" in live.begun
        assert live.begun.count("\n") <= 23
        assert "Заменить бумагу восстановления новой?" in live.asked
        assert note(desk) is None
        paper = live.type("да")
        key = shown(paper)
        assert note(desk)
        assert statements(desk) == ["root"]  # nobody has it yet
        words = desk.do("trust").data["sheet"]["words"]
        assert words in re.sub(r"[▄▀█ \n]+", " ", paper)
        assert "25.11.2026" in paper
        live.type("")
        seen = live.end()
    assert seen.code == 0
    assert key not in seen.left
    assert "Новая бумага восстановления действует" in " ".join(seen.left.split())
    assert f"Слова хранилища не изменились: {words}" in " ".join(seen.left.split())
    (desk.folder / "new-paper").write_text(key + "\n")
    assert desk.do("check --recovery new-paper").code == 0
    assert (opened(desk, "paper"), note(desk)) == ((0, 0), None)
    told = " ".join(desk.run("trust").out.split())
    assert "The valid recovery paper is of" in told


def test_interrupted_at_a_terminal_the_same_paper_is_shown_and_it_can_be_given_up(desk: Desk) -> None:
    at = Terminal(desk)
    with at.live("recovery renew") as live:
        key = shown(live.type("yes"))
        live.type("^C")
        seen = live.end()
    assert seen.code == 130
    assert "The old recovery paper is still in force. Run the same command again to go on" in flat(seen)
    with at.live("recovery renew") as live:
        assert "A new paper was already begun on this computer" in " ".join(live.begun.split())
        assert shown(live.type("yes")) == key
        live.type("^C")
    seen = at.run("recovery renew", ["no"])
    assert "is cancelled. Destroy what was written down of it: it opens nothing." in flat(seen)
    assert (seen.code, note(desk), statements(desk)) == (0, None, ["root"])
    assert "recovery/unfinished" not in desk.do("check").codes()
    assert desk.do("check --recovery paper").code == 0
    with at.live("recovery renew") as live:
        assert shown(live.type("yes")) != key
        live.type("")
        assert live.end().code == 0
    assert statements(desk) == ["root", "recovery"]


def test_it_is_printed_as_a_sheet_that_is_gone_again(desk: Desk) -> None:
    with Terminal(desk, "ru").live("recovery renew") as live:
        key = shown(live.type("да"))
        live.type("1")
        (sheet,) = desk.folder.rglob("*.pdf")
        told = "".join(page.extract_text() for page in PdfReader(sheet).pages)
        assert key in "".join(told.split())
        assert stat.S_IMODE(sheet.stat().st_mode) == 0o600
        assert shown(live.type("")) == key
        live.type("")
        assert live.end().code == 0
    assert not sheet.exists()
    assert statements(desk) == ["root", "recovery"]


def test_at_a_terminal_a_file_takes_the_place_of_the_screen(desk: Desk) -> None:
    seen = Terminal(desk).run(RENEW, ["no"])
    assert (seen.code, (desk.folder / "new-paper").exists()) == (0, False)
    seen = Terminal(desk).run(RENEW, ["yes"])
    assert seen.code == 0
    assert "AGE-SECRET" not in seen.text
    assert desk.do("check --recovery new-paper").code == 0


def test_under_a_passphrase_it_is_asked_for_once(desk: Desk) -> None:
    change_passphrase(desk.key, never, lambda: OLD, work_factor=QUICK)
    child = spawned(desk, RENEW)
    child.expect("Passphrase: ")
    child.send(OLD + "\r")
    child.expect("Replace the recovery paper with a new one")
    child.send("yes\r")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert handed(desk, "check --recovery new-paper", old=OLD).code == 0
