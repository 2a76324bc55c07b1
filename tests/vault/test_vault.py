"""Files at rest: what is written is read again, nothing else is, and a second command waits for the first."""

import os
import re
import shutil
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import filelock
import pexpect
import pyrage
import pytest

from shelterctl import errors, identity, limits
from shelterctl.identity.key_file import load_identity, save_identity
from shelterctl.identity.keys import Identity, create_identity, create_unrelated_identity
from shelterctl.trust.chain import add_device_to_chain
from shelterctl.trust.key_standing import judge_key
from shelterctl.vault.protocol import FileToSave, Vault
from shelterctl.vault.sealed_bytes import AgeHeader, pad_text, read_age_header
from tests.support.stores import ACT, AT, Ground
from tests.support.terminal import spawned

if TYPE_CHECKING:
    from tests.support.desk import Desk


RECORD, OTHER = "residents/7QF2-M9KD.yaml.age", "residents/0ABC-1DEF.yaml.age"
OLD, NEW = b"schema: resident/1\nid: 7QF2-M9KD\n", b"schema: resident/1\nid: 7QF2-M9KD\nstays: []\n"


class House(Ground):
    """A store with one record."""

    def opened(self, reader: Identity | None = None) -> Vault:
        """The vault as the next command finds it."""
        return self.vault(reader)

    def refused(self, name: str = RECORD) -> str:
        """The code of the damage that a reader is told of."""
        with pytest.raises(errors.Damaged) as trouble:
            self.opened().read(name)
        assert trouble.value.exit == errors.ExitCode.DAMAGED
        return trouble.value.code


@pytest.fixture
def house(tmp_path: Path) -> House:
    house = House(tmp_path)
    house.opened().write(RECORD, OLD, None, **ACT)
    return house


def test_what_is_written_is_read_by_the_next_command(house: House) -> None:
    version = house.opened().read(RECORD)[1]
    written = house.opened().write(RECORD, NEW, version, **ACT)
    assert written.finished
    assert house.opened().read(RECORD) == (NEW, written.version)
    assert house.opened().journal.verify() == []


@pytest.mark.parametrize("data", [b"", b"\0" * 5, b"x" * 300_000], ids=["empty", "zeros", "large"])
def test_any_bytes_come_back_as_they_were(house: House, data: bytes) -> None:
    house.opened().write(OTHER, data, None, **ACT)
    assert house.opened().read(OTHER)[0] == data


def test_a_record_is_sealed_and_the_house_file_is_in_clear(house: House) -> None:
    house.opened().write("shelter.yaml", b"kind: shelter\n", None, **ACT)
    assert (house.root / "shelter.yaml").read_bytes() == b"kind: shelter\n"
    assert (house.root / RECORD).read_bytes().startswith(b"age-encryption.org/v1\n")
    assert not [file for file in house.root.rglob("*") if file.is_file() and b"resident/1" in file.read_bytes()]


def test_nobody_else_on_the_computer_can_look_into_the_store(house: House) -> None:
    for path in house.root.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    assert not list(house.root.rglob("*.tmp"))


def test_a_record_that_was_never_written_is_not_found(house: House) -> None:
    with pytest.raises(errors.NotFound):
        house.opened().read(OTHER)


@pytest.mark.parametrize("base", [None, "0" * 64], ids=["as a new file", "from another version"])
def test_a_write_that_did_not_start_from_the_newest_version_is_a_conflict(house: House, base: str | None) -> None:
    with pytest.raises(errors.Conflict) as refused:
        house.opened().write(RECORD, NEW, base, **ACT)
    assert refused.value.code == "vault/changed"
    assert house.opened().read(RECORD)[0] == OLD


def test_several_files_are_saved_together_or_not_at_all(house: House) -> None:
    version = house.opened().read(RECORD)[1]
    with pytest.raises(errors.Conflict):
        house.opened().write_all([FileToSave(OTHER, NEW, None), FileToSave(RECORD, NEW, None)], **ACT)
    assert house.opened().journal.files() == {RECORD}
    assert not house.opened().needs_recovery()
    house.opened().write_all([FileToSave(OTHER, NEW, None), FileToSave(RECORD, NEW, version)], **ACT)
    assert [house.opened().read(name)[0] for name in (OTHER, RECORD)] == [NEW, NEW]


def test_the_lock_is_free_to_whoever_has_it(house: House) -> None:
    version = house.opened().read(RECORD)[1]
    with house.opened().lock(), house.opened().lock():
        assert house.opened().write(RECORD, NEW, version, **ACT).finished


def test_the_recovery_key_opens_everything_and_changes_nothing(house: House, tmp_path: Path) -> None:
    (tmp_path / "paper").write_text(house.paper.key + "\n")
    vault = house.opened(load_identity(tmp_path / "paper", None))
    assert vault.read(RECORD)[0] == OLD
    with pytest.raises(errors.CannotOpen) as refused:
        vault.write(OTHER, NEW, None, **ACT)
    assert refused.value.code == "vault/read-only-key"


def test_someone_it_was_not_sealed_to_is_told_so(house: House) -> None:
    with pytest.raises(errors.CannotOpen) as refused:
        house.opened(create_unrelated_identity()).read(RECORD)
    assert refused.value.code == "vault/not-a-recipient"
    with pytest.raises(errors.Damaged) as stranger:
        judge_key(house.root, create_identity(), house.heads)
    assert stranger.value.code == "trust/not-mine"


def test_a_record_that_its_writer_could_not_read_back_is_not_written(house: House) -> None:
    vault = house.opened()
    vars(vault)["recipients"] = lambda name: (house.paper.recipient,)
    with pytest.raises(errors.CannotOpen):
        vault.write(OTHER, NEW, None, **ACT)
    with pytest.raises(errors.NotFound):
        house.opened().read(OTHER)
    assert not house.opened().needs_recovery()


BAD = "|/etc/passwd|../key|residents/../../key|residents//a|residents/|.lock|residents/.a|a\0b|residents\\a|a\n|~/a"
BAD += "|C:/a|имя|.|..|a/./b|-a| a|a b|a*|$(a)|a;b|a/../b"


@pytest.mark.parametrize("name", BAD.split("|"))
def test_a_name_that_leads_out_of_the_store_is_no_name(house: House, name: str) -> None:
    for act in (house.opened().read, lambda bad: house.opened().write(bad, NEW, None, **ACT)):
        with pytest.raises(errors.UsageError):
            act(name)


def test_a_link_in_the_place_of_a_file_or_folder_is_not_followed(house: House, tmp_path: Path) -> None:
    place, copy = house.root / RECORD, tmp_path / RECORD
    shutil.copytree(house.root, tmp_path, dirs_exist_ok=True)
    for stand_in in (place.symlink_to, place.hardlink_to, lambda _: os.mkfifo(place)):
        place.unlink()
        stand_in(copy)
        assert house.refused() == "disk/not-a-plain-file"
    shutil.rmtree(house.root / "residents")
    (house.root / "residents").symlink_to(tmp_path / "residents")
    assert house.refused() == "vault/strange-folder"
    (house.root / ".lock").unlink()
    (house.root / ".lock").symlink_to(tmp_path / "victim")
    with pytest.raises(errors.Damaged):
        house.opened().recover()
    assert not (tmp_path / "victim").exists()


def test_a_record_that_is_cut_or_has_a_bit_flipped_is_damaged_and_never_a_wrong_key(house: House) -> None:
    place = house.root / RECORD
    whole = place.read_bytes()
    cuts = [whole[:length] for length in range(0, len(whole), 3)]
    flips = [whole[:at] + bytes([whole[at] ^ 1 << at % 8]) + whole[at + 1 :] for at in range(len(whole))]
    for broken in [*cuts, *flips, whole + b"\n", whole[1:], b"not age at all"]:
        place.write_bytes(broken)
        assert house.refused() == "vault/damaged"


def old_version(house: House) -> None:
    before = (house.root / RECORD).read_bytes()
    house.opened().write(RECORD, NEW, house.opened().read(RECORD)[1], **ACT)
    (house.root / RECORD).write_bytes(before)


def made_with_public_keys_only(house: House) -> None:
    recipients = [pyrage.x25519.Recipient.from_str(key) for key in (house.me.recipient, house.paper.recipient)]
    (house.root / RECORD).write_bytes(pyrage.encrypt(NEW, recipients))


def swapped(house: House) -> None:
    house.opened().write(OTHER, NEW, None, **ACT)
    one, other = (house.root / name for name in (RECORD, OTHER))
    kept = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(kept)
    assert house.refused(OTHER) == "vault/forged"


@pytest.mark.parametrize("attack", [old_version, made_with_public_keys_only, swapped])
def test_a_record_that_no_command_wrote_is_forged(house: House, attack: Callable[[House], None]) -> None:
    attack(house)
    assert house.refused() == "vault/forged"
    with pytest.raises(errors.Damaged):
        house.opened().write(RECORD, NEW, None, **ACT)


def test_a_record_with_no_line_in_the_journal_is_unsaved_and_one_that_was_deleted_is_missed(house: House) -> None:
    (house.root / RECORD).rename(house.root / OTHER)
    assert house.refused(OTHER) == "vault/unsaved"
    assert house.refused(RECORD) == "vault/gone"


def test_the_whole_folder_put_back_is_noticed_by_what_this_computer_remembers(house: House, tmp_path: Path) -> None:
    shutil.copytree(house.root, tmp_path / "yesterday")
    house.opened().write(RECORD, NEW, house.opened().read(RECORD)[1], **ACT)
    shutil.rmtree(house.root)
    shutil.copytree(tmp_path / "yesterday", house.root)
    assert house.refused() == "journal/rolled-back"
    assert [problem.code for problem in house.opened().journal.verify()] == ["journal/rolled-back"]


@pytest.mark.program("age")
def test_stock_age_opens_a_record_with_the_key_file(house: House, tmp_path: Path) -> None:
    save_identity(tmp_path / "key", house.me, None)
    (tmp_path / "paper").write_text(house.paper.key + "\n")
    for key in ("key", "paper"):
        command = ["age", "-d", "-i", str(tmp_path / key), str(house.root / RECORD)]
        assert subprocess.check_output(command) == pad_text(OLD)


def test_no_source_file_calls_what_loses_data_in_pyrage() -> None:
    source = Path(identity.__file__).parents[1].rglob("*.py")
    assert not [file for file in source if re.search(r"(en|de)crypt_(file|io)", file.read_text())]


# The header is read before age sees it.

X25519 = b"-> X25519 " + b"A" * 43 + b"\n" + b"B" * 43 + b"\n"
GREASE = b"-> x!-grease y\nQUJD\n"


def header(*stanzas: bytes, end: bytes = b"--- " + b"C" * 43 + b"\n") -> bytes:
    return b"age-encryption.org/v1\n" + b"".join(stanzas) + end + b"\0" * 40


def test_a_header_says_for_how_many_keys_a_file_opens_and_grease_is_none() -> None:
    assert read_age_header(header(X25519), RECORD) == AgeHeader(1, 0)
    assert read_age_header(header(X25519, X25519, GREASE), RECORD) == AgeHeader(2, 0)
    assert read_age_header(header(X25519, GREASE, GREASE), RECORD) == AgeHeader(1, 1)
    assert read_age_header(header(X25519, b"-> scrypt abc 18\nabc\n"), RECORD) == AgeHeader(1, 1)
    assert read_age_header(header(X25519, b"-> ssh-ed25519 abc abc\nabc\n"), RECORD) == AgeHeader(1, 1)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"age",
        b"age-encryption.org/v1\n",
        b"age-encryption.org/v2\n" + X25519 + b"--- x\n",
        header(*[X25519] * (limits.SEALED_HEADER_STANZAS + 1)),
        header(*[X25519] * 10_000),
        header(X25519, b"-> x " + b"y" * limits.SEALED_HEADER_BYTES + b"\nabc\n"),
        header(X25519, end=b""),
        b"-----BEGIN AGE ENCRYPTED FILE-----\n",
    ],
    ids=range(9),
)
def test_a_header_that_none_of_ours_can_have_is_not_handed_to_age(data: bytes) -> None:
    with pytest.raises(errors.Damaged) as trouble:
        read_age_header(data, RECORD)
    assert trouble.value.code == "vault/damaged"
    assert trouble.value.facts["repair"] == "shelterctl repair 7QF2-M9KD --from BACKUP"


def test_as_many_keys_as_a_store_may_have_fit_into_a_header(house: House) -> None:
    keys = [pyrage.x25519.Identity.generate().to_public() for _ in range(limits.SEALED_HEADER_STANZAS)]
    for count in (1, 20, limits.SEALED_HEADER_STANZAS - 1):
        assert read_age_header(pyrage.encrypt(OLD, keys[:count]), RECORD) == AgeHeader(count, 0)


def resealed(house: House, *keys: str) -> None:
    """What a device does that seals its own write to others than may read it."""
    vault = house.opened()
    vars(vault)["recipients"] = lambda name: keys
    vault.write(RECORD, NEW, vault.read(RECORD)[1], **ACT)


def test_a_file_that_opens_for_one_key_too_many_or_too_few_is_not_read_though_it_was_signed(house: House) -> None:
    me, paper = house.me.recipient, house.paper.recipient
    for keys, found in (((me,), 1), ((me, paper, create_identity().recipient), 3)):
        resealed(house, *keys)
        with pytest.raises(errors.Damaged) as trouble:
            house.opened().read(RECORD)
        assert (trouble.value.code, trouble.value.facts["found"]) == ("vault/readers", found)
        assert trouble.value.facts["expected"] == 2
        version = house.opened().read_stored(RECORD)[1]
        house.opened().write_all([FileToSave(RECORD, OLD, version)], **ACT)
        assert house.opened().read(RECORD)[0] == OLD


def test_how_large_each_file_may_be_stands_in_one_table_and_is_held(house: House, tmp_path: Path) -> None:
    assert (limits.TRUST_CHAIN_BYTES, limits.TRUST_CHAIN_LINES, limits.TRUST_LINE_BYTES) == (512 << 10, 512, 8 << 10)
    assert (
        limits.JOURNAL_BYTES,
        limits.JOURNAL_LINE_BYTES,
        limits.SEALED_HEADER_BYTES,
        limits.SEALED_HEADER_STANZAS,
    ) == (64 << 20, 4 << 10, 8 << 10, 64)
    assert [limits.largest_file_size(name) for name in (RECORD, "directory.yaml.age", "shelter.yaml")] == [
        8 << 20,
        8 << 20,
        1 << 20,
    ]
    house.opened().write("shelter.yaml", b"x", None, **ACT)
    for name in (RECORD, "shelter.yaml"):
        with (house.root / name).open("wb") as sparse:
            sparse.truncate(20 << 30)
        with pytest.raises(errors.Damaged) as trouble:
            house.opened().read(name)
        assert trouble.value.code == "disk/too-large"
        with pytest.raises(errors.UsageError) as refused:
            house.opened().write(
                "x" + name.rpartition("/")[2], b"x" * (limits.largest_file_size(name) + 1), None, **ACT
            )
        assert refused.value.code == "vault/too-large"
    assert not house.opened().needs_recovery()


# A longer chain, and lines about no file.


def test_a_longer_chain_is_saved_and_files_are_sealed_by_it_from_then_on(house: House) -> None:
    other, vault = create_identity(), house.opened()
    chain = add_device_to_chain(house.chain, other, "s-nina", "s-aida", AT, house.me)
    vault.save_chain(chain)
    assert (house.root / "trust.jsonl").read_bytes() == chain.lines
    vault.write(RECORD, NEW, vault.read(RECORD)[1], **ACT)
    key = pyrage.x25519.Identity.from_str(other.key)
    assert pyrage.decrypt((house.root / RECORD).read_bytes(), [key]) == pad_text(NEW)
    known = house.memory.recall()
    assert known
    assert known.trust[0] == 2
    standing = judge_key(house.root, house.me, house.heads)
    assert standing
    assert standing.closed is None


def test_a_chain_that_somebody_continued_meanwhile_is_not_written_over(house: House) -> None:
    mine = add_device_to_chain(house.chain, create_identity(), "s-nina", "s-aida", AT, house.me)
    theirs = add_device_to_chain(house.chain, create_identity(), "s-nina", "s-aida", AT, house.paper)
    early = house.opened()
    (house.root / "trust.jsonl").write_bytes(theirs.lines)
    with pytest.raises(errors.Conflict) as refused:
        early.save_chain(mine)
    assert refused.value.code == "vault/changed"
    assert (house.root / "trust.jsonl").read_bytes() == theirs.lines
    with pytest.raises(errors.Conflict):
        house.opened().save_chain(house.chain if house.chain.lines != theirs.lines else mine)


def test_half_a_statement_of_an_interrupted_command_is_cut_when_the_next_is_written(house: House) -> None:
    chain = add_device_to_chain(house.chain, create_identity(), "s-nina", "s-aida", AT, house.me)
    (house.root / "trust.jsonl").write_bytes(chain.lines[:-30])
    house.opened().save_chain(chain)
    assert (house.root / "trust.jsonl").read_bytes() == chain.lines


def test_what_was_done_to_the_store_as_a_whole_is_a_line_about_no_file(house: House) -> None:
    before = house.opened().journal.files()
    house.opened().add_journal_note({"lost": 3}, did="restore", by="s-aida", at=AT, beyond=9)
    assert house.opened().journal.files() == before
    assert house.opened().journal.verify() == []
    assert house.opened().journal.sheet_number() == 1 + 10


def test_a_closed_store_is_read_and_not_written(house: House) -> None:
    vault = house.opened()
    vault.closed_because = errors.UsageError("vault/backup", "closed")
    assert vault.read(RECORD)[0] == OLD
    with pytest.raises(errors.UsageError):
        vault.write(OTHER, NEW, None, **ACT)
    assert house.opened().journal.files() == {RECORD}


# Repair: bytes in the place of what is damaged.


def test_what_repairs_goes_into_the_place_of_what_is_damaged_and_says_so_for_ever(house: House) -> None:
    stored, version = house.opened().read_stored(RECORD)
    (house.root / RECORD).write_bytes(stored[:-1])
    change = FileToSave(RECORD, stored, version, repairs=True, sealed=True, more={"lost": 0})
    house.opened().write_all([change], **{**ACT, "did": "repair"})
    assert house.opened().read(RECORD) == (OLD, version)
    assert [line["more"] for line in house.opened().journal.repair_lines()] == [{"lost": 0}]


def test_what_is_given_up_is_not_found_and_can_be_begun_anew(house: House) -> None:
    version = house.opened().read_stored(RECORD)[1]
    (house.root / RECORD).write_bytes(b"rubbish")
    given_up = FileToSave(RECORD, None, version, repairs=True, more={"reason": "no_backup"})
    house.opened().write_all([given_up], **{**ACT, "did": "repair"})
    assert house.opened().journal.files() == set()
    assert house.opened().journal.verify() == []


@pytest.mark.parametrize("folder", ["", "residents", "registers/track/2026-11"])
def test_what_was_left_on_its_way_is_looked_for_in_the_folders_of_a_store_alone(house: House, folder: str) -> None:
    place = house.root / folder
    place.mkdir(parents=True, exist_ok=True)
    (place / f".x.yaml.age.{'0' * 16}.tmp").write_bytes(b"half a reco")
    deep = house.root / "residents/a/b"
    deep.mkdir(parents=True)
    (deep / f".x.yaml.age.{'0' * 16}.tmp").write_bytes(b"somebody's")
    (house.root / "set-aside").mkdir()
    (house.root / "set-aside" / f".x.yaml.age.{'0' * 16}.tmp").write_bytes(b"somebody's")
    house.opened().recover_if_possible()
    assert not house.opened().needs_recovery()
    assert len(list(house.root.rglob("*.tmp"))) == 2


@pytest.mark.parametrize("seconds", ["-1", "abc", "nan", "1e400", "inf", "3601", "0x5", "٥", "''", "1_0", "0.0001"])
def test_what_is_no_number_of_seconds_is_exit_2(seconds: str, desk: "Desk") -> None:
    told = desk.refused(f"list --wait {seconds}")
    assert (told.code, told.error) == (2, "usage/wait")
    assert "from 0 to 3600" in told.page["error"]["message"]


@pytest.mark.parametrize("seconds", ["0", "0.01"])
def test_who_does_not_wait_is_told_how_to(seconds: str, desk: "Desk") -> None:
    with filelock.FileLock(desk.store / ".lock"):
        told = desk.refused(f"ngo add late --wait {seconds}")
    assert (told.code, told.error) == (7, "vault/locked")
    assert f"after {seconds} seconds" in told.page["error"]["message"]
    assert "--wait SECONDS" in told.page["error"]["hint"]
    desk.do("ngo add late --wait 0")


@pytest.mark.parametrize("words", ["ngo add late", "backup usb", "trust"])
def test_whatever_takes_the_lock_waits_as_long_as_it_was_told(words: str, desk: "Desk") -> None:
    (desk.folder / "usb").mkdir()
    with filelock.FileLock(desk.store / ".lock"):
        told = desk.ask(f"{words} --wait 0")
    assert (told.code, told.error) == ((0, "None") if words == "trust" else (7, "vault/locked"))


def test_a_command_that_waits_says_so_and_goes_on_when_the_other_is_done(admitted: "Desk") -> None:
    lock = filelock.FileLock(admitted.store / ".lock")
    lock.acquire()
    child = spawned(admitted, f"admit {admitted.her} --done orientation --wait 3600 --as-of 2026-11-25")
    child.expect("Another command is using this store; waiting for it")
    lock.release()
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert "orientation" in [done["item"] for done in admitted.record()["stays"][0]["done"]]


def test_what_only_reads_does_not_wait(desk: "Desk") -> None:
    with filelock.FileLock(desk.store / ".lock"):
        desk.do("list --wait 3600")
