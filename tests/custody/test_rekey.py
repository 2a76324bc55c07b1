"""Somebody may read no longer: every file is sealed anew to just those who may, whatever happens meanwhile."""

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from shelterctl.custody.rekey import Rekeyed, rekey_files
from shelterctl.document.reading import read_document
from shelterctl.errors import CannotOpen
from shelterctl.identity.key_file import load_identity
from shelterctl.identity.keys import Identity, create_recovery_key, parse_recovery_key
from shelterctl.session import Options
from shelterctl.session import Session as Seat
from shelterctl.store.folder import SECRETS_FILE
from shelterctl.store.store import Store
from shelterctl.trust.chain import end_device_in_chain, replace_paper_in_chain
from shelterctl.vault import lock, protocol
from shelterctl.vault.protocol import list_files_to_rekey
from shelterctl.vault.sealed_bytes import read_age_header, strip_armour
from tests.support.desk import Desk
from tests.support.inputs import REFERRAL
from tests.support.killable_commands import HIV, SESSION, unnamed_record
from tests.support.register_files import INCIDENT, VISIT
from tests.support.sealed_entries import decrypted
from tests.support.terminal import LEAVE, Terminal

JOIN = "trust --join --recovery paper --no-passphrase --staff s-aida --identity"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A store with two clients, in one of whose files something is sealed and something waits; a visit and an incident
    of the house; two more computers.
    """
    desk = Desk(tmp_path_factory.mktemp("made") / "desk")
    desk.folder.mkdir()
    (desk.folder / "usb").mkdir()
    desk.do("init house --shelter bishkek --no-passphrase --recovery paper", today=None)
    desk.do("ngo add sezim --memorandum 2026-01-15 --contract 2026-01-20")
    desk.do("staff add s-aida --role psychologist")
    desk.do("staff add s-gulnara --role social_worker")
    desk.her = desk.do("admit", REFERRAL).data["id"]
    desk.do("admit --new-person", REFERRAL)
    desk.do(f"admit {desk.her} --complete --on 2026-11-22")
    desk.do(f"add {desk.her} session", SESSION)
    desk.do(f"add {desk.her} hiv", HIV)
    desk.do("add bishkek visit", {**VISIT, "manager_informed_at": "2026-11-25T10:01"})
    desk.do("add bishkek incident", {**INCIDENT, "reported_to_iom": {"at": "2026-11-25T10:30", "to": "Примеров"}})
    begun(desk)
    for name in ("other", "third"):
        desk.do(f"{JOIN} {name}")
        desk.do("trust --accept")
    return desk


def begun(desk: Desk) -> None:
    """Answers to a sealed entry wait in her file."""
    store = seat(desk).store
    held = store.read(desk.her)
    draft = store.seals.draft(held.value, "session", {"kind": "crisis"})
    changed = {**held.value, "unfinished": {"session": draft}}
    store.write([(f"residents/{desk.her}.yaml.age", changed, held.version)], did="unfinished", by="manager", at=AT)


AT = "2026-11-25T10:00+06:00"


@pytest.fixture
def desk(made: Desk, tmp_path: Path) -> Desk:
    shutil.copytree(made.folder, tmp_path / "desk")
    return Desk(tmp_path / "desk", made.her)


def seat(desk: Desk, key: str = "key") -> Seat:
    return Seat(options=Options(store=str(desk.store), identity=str(desk.folder / key)))


def key_of(desk: Desk, name: str) -> Identity:
    return load_identity(desk.folder / name, None)


def end_of(store: Store, device: str) -> tuple[int, str]:
    lines = store.vault.journal.whole_lines(device)[1]
    return lines.count(b"\n"), hashlib.sha256(lines).hexdigest()


def ended(desk: Desk, name: str = "other") -> Seat:
    """That computer is shut out, and nothing was sealed anew yet."""
    session = seat(desk)
    store, out = session.store, str(key_of(desk, name).device)
    chain = end_device_in_chain(
        store.vault.journal.chain, out, end_of(store, out), "lost", "manager", session.timestamp, store.identity
    )
    store.vault.save_chain(chain)
    return session


def renewed(desk: Desk) -> tuple[Seat, Identity]:
    """Another paper takes the place of the old one, and nothing was sealed anew yet."""
    session, paper = seat(desk), create_recovery_key()
    chain = replace_paper_in_chain(
        session.store.vault.journal.chain, paper, "manager", session.timestamp, session.store.identity
    )
    session.store.vault.save_chain(chain)
    return session, paper


def sealed_files(store: Store) -> list[str]:
    return sorted(name for name in store.vault.journal.files() if name.endswith(".age"))


def blocks(said: Any) -> Iterator[str]:
    """Whatever is sealed inside a file."""
    if isinstance(said, str) and said.startswith("-----BEGIN AGE"):
        yield said
    for one in said.values() if isinstance(said, dict) else said if isinstance(said, list) else ():
        yield from blocks(one)


def within(desk: Desk, name: str) -> list[bytes]:
    """The sealed bytes in a file, as its own device opens it."""
    value = read_document(key_of(desk, "key").open((desk.store / name).read_bytes()).rstrip(b"\n")).value
    return [strip_armour(block) for block in blocks(value)]


def opens(key: Identity, data: bytes) -> bool:
    try:
        key.open(data)
    except CannotOpen:
        return False
    return True


def opened_by(desk: Desk, key: Identity) -> set[bool]:
    """Whether that key opens the files, and whether it opens what is sealed inside of them."""
    names = sealed_files(seat(desk).store)
    found = {opens(key, (desk.store / name).read_bytes()) for name in names}
    inside = [one for name in names for one in within(desk, name)]
    assert len(inside) >= 4
    return found | {opens(key, one) for one in inside}


def test_whoever_was_shut_out_opens_nothing_any_more_and_the_others_everything(desk: Desk) -> None:
    before = seat(desk).store.unsealed(seat(desk).store.read(desk.her)).value
    session = ended(desk)
    names = sealed_files(session.store)
    assert list_files_to_rekey(session.store.vault) == names
    assert rekey_files(session) == Rekeyed(len(names), {})
    assert list_files_to_rekey(session.store.vault) == list_files_to_rekey(seat(desk).store.vault) == []
    assert opened_by(desk, key_of(desk, "other")) == {False}
    paper = parse_recovery_key((desk.folder / "paper").read_text().splitlines()[-1])
    for key in (paper, key_of(desk, "key"), key_of(desk, "third")):
        assert opened_by(desk, key) == {True}
    for name in names:
        assert {
            read_age_header(each, name).keys for each in ((desk.store / name).read_bytes(), *within(desk, name))
        } == {3}
    store = seat(desk).store
    after = store.unsealed(store.read(desk.her)).value
    assert {**after, "sealed": {**after["sealed"], "revisions": {}}, "unfinished": {}} == {
        **before, "sealed": {**before["sealed"], "revisions": {}}, "unfinished": {},
    }  # fmt: skip
    waits = store.seals.open_draft(after, "session", after["unfinished"]["session"])
    assert waits == {"kind": "crisis"}
    checked = desk.do("check")
    assert "Nothing in the store is damaged." in checked.data["said"]
    assert not [code for code in checked.codes() if code.startswith(("store/", "vault/", "sealed/", "journal/"))]


@pytest.mark.program("age")
def test_stock_age_opens_them_with_a_key_that_may_and_with_no_other(desk: Desk) -> None:
    rekey_files(ended(desk))
    for name in sealed_files(seat(desk).store):
        data = (desk.store / name).read_bytes()
        assert decrypted(data, desk.key).rstrip(b"\n") == key_of(desk, "key").open(data).rstrip(b"\n")
        with pytest.raises(Exception, match=r".*"):
            decrypted(data, desk.folder / "other")


def test_it_is_done_once_and_a_second_time_there_is_nothing_to_do(desk: Desk) -> None:
    told = desk.do("rekey").data
    assert (told["sealed"], told["left"]) == (0, [])
    assert told["said"] == ["No file needs to be encrypted again: only those who may read now can open the files."]
    ended(desk)
    digest = desk.digest_of_store()
    listed = desk.do("rekey --check").data
    assert digest == desk.digest_of_store()
    names = sealed_files(seat(desk).store)
    assert [row["file"] for row in listed["rows"]] == names
    assert listed["said"] == [f"Files to encrypt again: {len(names)}."]
    assert desk.do("rekey").data["sealed"] == len(names)
    digest = desk.digest_of_store()
    assert desk.do("rekey").data["sealed"] == 0
    assert desk.do("rekey --check").data["rows"] == []
    assert digest == desk.digest_of_store()


def test_each_line_of_it_says_that_it_was_that(desk: Desk) -> None:
    ended(desk)
    before = len(journal(desk).read_bytes().splitlines())
    desk.do("rekey")
    lines = [json.loads(line) for line in journal(desk).read_bytes().splitlines()[before:]]
    assert {line["did"] for line in lines} == {"rekey"}
    assert [line["file"] for line in lines] == sealed_files(seat(desk).store)


def journal(desk: Desk, name: str = "key") -> Path:
    return desk.store / "journal" / f"{key_of(desk, name).device}.jsonl"


def test_while_it_waits_check_says_so_and_the_first_screen_and_a_backup(desk: Desk) -> None:
    assert "store/not-resealed" not in desk.do("check").codes()
    ended(desk)
    found = desk.do("check").finding("store/not-resealed")
    assert (found["severity"], found["facts"]["count"]) == ("warn", 5)
    assert "shelterctl rekey" in found["message"]
    told = desk.do("backup usb", today=None).finding("store/not-resealed")
    assert "Then make another backup." in told["message"]
    desk.do("rekey")
    assert "store/not-resealed" not in desk.do("check").codes()
    assert "store/not-resealed" not in desk.do("backup usb", today=None).codes()


@pytest.mark.parametrize(
    ("language", "said"), [("en", "not encrypted again since"), ("ru", "Ещё не зашифровано заново файлов")]
)
def test_the_first_screen_says_how_many_files_wait(desk: Desk, language: str, said: str) -> None:
    def first() -> str:
        return " ".join(
            Terminal(desk, language, today=None, size=(40, 80)).run("menu --as-of 2026-11-25", [LEAVE]).text.split()
        )

    assert said not in first()
    ended(desk)
    assert re.search(rf"{said}[^!]*: 5\. [^!]*shelterctl rekey", first())


def damaged(path: Path) -> None:
    *sealed, last = path.read_bytes()
    path.write_bytes(bytes([*sealed, last ^ 1]))


def test_what_is_damaged_is_passed_over_and_named_and_finished_once_it_is_whole(desk: Desk) -> None:
    desk.do("backup usb", today=None)
    session = ended(desk)
    names, hers = sealed_files(session.store), f"residents/{desk.her}.yaml.age"
    whole = (desk.store / hers).read_bytes()
    damaged(desk.store / hers)
    told = desk.ask("rekey")
    assert (told.code, told.error) == (6, "rekey/left")
    assert (told.data["sealed"], told.data["left"]) == (len(names) - 1, [hers])
    assert hers in told.page["error"]["message"]
    assert told.codes("warn") == ["vault/damaged"]
    assert list_files_to_rekey(seat(desk).store.vault) == [hers]
    again = desk.ask("rekey")
    assert (again.code, again.data["sealed"]) == (6, 0)
    (desk.store / hers).write_bytes(whole)
    assert desk.do("rekey").data["sealed"] == 1
    assert opened_by(desk, key_of(desk, "other")) == {False}


def test_what_is_put_back_from_a_backup_that_was_made_before_opens_for_just_those_who_may_read_now(desk: Desk) -> None:
    desk.do("backup usb", today=None)
    ended(desk)
    desk.do("rekey")
    hers = f"residents/{desk.her}.yaml.age"
    for name, typed in ((hers, desk.her), (SECRETS_FILE, SECRETS_FILE)):
        damaged(desk.store / name)
        assert desk.do(f"repair {typed} --from usb").data["repaired"]["place"] == name
        assert not opens(key_of(desk, "other"), (desk.store / name).read_bytes())
    assert opened_by(desk, key_of(desk, "other")) == {False}
    assert list_files_to_rekey(seat(desk).store.vault) == []
    assert "vault/readers" not in desk.do("check").codes()


def test_what_is_signed_for_that_was_sealed_before_opens_for_just_those_who_may_read_now(admitted: Desk) -> None:
    unnamed_record(admitted)
    (one,) = admitted.do("repair journal --names").data["repaired"]["waiting"]
    _, paper = renewed(admitted)
    assert not opens(paper, (admitted.store / one["place"]).read_bytes())
    admitted.do(f"repair journal --vouch {one['place']} {one['sha256']}")
    assert opens(paper, (admitted.store / one["place"]).read_bytes())
    assert all(opens(paper, each) for each in within(admitted, one["place"]))
    assert one["place"] not in list_files_to_rekey(seat(admitted).store.vault)
    assert "vault/readers" not in admitted.ask("check").codes()
    assert "Seen by whoever signs." in str(admitted.record())


def test_who_puts_an_old_file_back_is_told_as_ever(desk: Desk) -> None:
    hers = desk.store / f"residents/{desk.her}.yaml.age"
    old = hers.read_bytes()
    ended(desk)
    desk.do("rekey")
    hers.write_bytes(old)
    told = desk.refused("check")
    assert (told.code, told.codes("warn").count("vault/forged")) == (6, 1)
    shown = desk.refused(f"show {desk.her}", env={"SHELTERCTL_IDENTITY": str(desk.folder / "third")})
    assert (shown.code, shown.error) == (6, "vault/forged")


def test_with_a_new_paper_one_ordinary_save_is_enough_for_a_file_and_all_that_is_sealed_in_it(desk: Desk) -> None:
    _, paper = renewed(desk)
    hers = f"residents/{desk.her}.yaml.age"
    assert not opens(paper, (desk.store / hers).read_bytes())
    desk.do(f"admit {desk.her}", {"identification_number": "KG-2026-118"})
    assert hers not in list_files_to_rekey(seat(desk).store.vault)
    inside = within(desk, hers)
    assert len(inside) >= 3
    assert all(opens(paper, one) for one in [(desk.store / hers).read_bytes(), *inside])
    again = {*within(desk, hers)}
    desk.do(f"admit {desk.her}", {"identification_number": "KG-2026-119"})
    assert len(again & {*within(desk, hers)}) == len(inside) - 1, "only the block of one size is sealed at each save"
    desk.do("rekey")
    assert opened_by(desk, paper) == {True}
    old = parse_recovery_key((desk.folder / "paper").read_text().splitlines()[-1])
    assert opened_by(desk, old) == {False}


def test_an_ordinary_save_is_not_stopped_by_another_block_that_is_damaged(desk: Desk) -> None:
    session, paper = renewed(desk)
    hers, store = f"residents/{desk.her}.yaml.age", session.store
    held = store.read(desk.her)
    entries = held.value["sealed"]["entries"]
    *before, last, end, empty = entries[0]["age"].split("\n")
    spoilt = [{**entries[0], "age": "\n".join((*before, last.swapcase(), end, empty))}, *entries[1:]]
    value = {**held.value, "sealed": {**held.value["sealed"], "entries": spoilt}}
    store.write([(hers, value, held.version)], did="admit", by="manager", at=AT)
    assert opens(paper, (desk.store / hers).read_bytes())
    assert [opens(paper, one) for one in within(desk, hers)].count(False) == 1
    told = desk.ask("rekey")  # her file has been sealed anew; the damage is told as ever
    assert (told.code, told.data["left"]) == (0, [])
    assert "sealed/damaged" in desk.ask("check").codes() or "sealed/withheld" in desk.ask("check").codes()


def test_the_codes_of_sheets_get_one_new_key_and_old_codes_are_found(desk: Desk) -> None:
    def keys() -> list[str]:
        return [one["key"] for one in seat(desk).store.secrets.value["sheet_codes"]]

    def printed() -> str:
        told = desk.do(f"form resident-rights {desk.her} --lang ru --overwrite --out sheet.txt")
        return str(told.data["printed"][0]["code"])

    old, before = printed(), keys()
    ended(desk)
    desk.do("rekey")
    assert len(after := keys()) == 2
    assert after[0] == before[0]
    desk.do("rekey")
    assert keys() == after
    new = printed()
    assert new != old
    for code in (old, new):
        assert desk.do(f"paper {code}").data["state"] == "same"
    renewed(desk)  # whoever found the paper had the keys too
    desk.do("rekey")
    assert len(keys()) == 3
    assert keys()[:2] == after


def test_who_only_joined_gives_the_codes_no_new_key(desk: Desk) -> None:
    before = seat(desk).store.secrets.value
    desk.do(f"{JOIN} fourth")
    desk.do("trust --accept")
    assert seat(desk).store.secrets.value == before
    assert list_files_to_rekey(seat(desk).store.vault) == []


def test_a_computer_that_joins_before_it_is_done_finishes_it(desk: Desk) -> None:
    ended(desk)
    desk.do(f"{JOIN} fourth")
    desk.do("trust --accept")
    store = seat(desk).store
    assert list_files_to_rekey(store.vault) == []
    assert len(store.secrets.value["sheet_codes"]) == 2
    assert opened_by(desk, key_of(desk, "other")) == {False}
    assert opened_by(desk, key_of(desk, "fourth")) == {True}


def brought(desk: Desk, copy: Desk, name: str) -> None:
    """What a computer wrote on its own copy comes into the store: its journal, and every file that it changed."""
    lies = journal(copy, name)
    shutil.copy(lies, desk.store / "journal" / lies.name)
    for line in map(json.loads, lies.read_bytes().splitlines()):
        if line["did"] != "join":
            shutil.copy(copy.store / line["file"], desk.store / line["file"])


def test_what_a_computer_wrote_that_had_not_heard_of_it_waits_and_is_sealed_anew(desk: Desk, tmp_path: Path) -> None:
    shutil.copytree(desk.folder, tmp_path / "copy")
    copy = Desk(tmp_path / "copy", desk.her)
    copy.key = copy.folder / "third"
    ended(desk)
    desk.do("rekey")
    new = copy.do("admit --new-person", REFERRAL).data["id"]
    brought(desk, Desk(tmp_path / "copy"), "third")
    store = seat(desk).store
    assert list_files_to_rekey(store.vault) == [f"residents/{new}.yaml.age"]
    assert desk.do("check").finding("store/not-resealed")["facts"]["count"] == 1
    assert desk.do("rekey").data["sealed"] == 1
    assert opened_by(desk, key_of(desk, "other")) == {False}
    assert desk.do("check").codes("warn").count("store/not-resealed") == 0


def test_a_file_that_two_computers_went_on_from_is_left_and_named(desk: Desk, tmp_path: Path) -> None:
    shutil.copytree(desk.folder, tmp_path / "copy")
    copy = Desk(tmp_path / "copy", desk.her)
    copy.key = copy.folder / "third"
    desk.do(f"admit {desk.her}", {"identification_number": "KG-2026-118"})
    copy.do(f"admit {desk.her}", {"identification_number": "KG-2026-119"})
    lies = journal(copy, "third")
    shutil.copy(lies, desk.store / "journal" / lies.name)
    ended(desk)
    hers = f"residents/{desk.her}.yaml.age"
    told = desk.ask("rekey")
    assert (told.code, told.error, told.data["left"]) == (7, "rekey/left", [hers])
    assert told.codes("warn") == ["journal/forked"]
    assert list_files_to_rekey(seat(desk).store.vault) == [hers]


class Meanwhile:
    """As soon as the lock of a store is asked for, something else is done first, once."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
        self.act: Callable[[], object] | None = act
        self.real = lock.lock_store
        monkeypatch.setattr(protocol, "lock_store", self.held)

    def held(self, root: Path, timeout: float | None) -> AbstractContextManager[None]:
        if act := self.act:
            self.act = None
            act()
        return self.real(root, timeout)


def test_a_file_that_somebody_writes_to_meanwhile_is_looked_at_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = ended(desk)
    names = list_files_to_rekey(session.store.vault)
    meanwhile = Meanwhile(monkeypatch, lambda: desk.do(f"admit {desk.her}", {"identification_number": "KG-2026-118"}))
    done = rekey_files(session)
    assert meanwhile.act is None
    assert done == Rekeyed(len(names) - 1, {}), "her file was sealed anew by whoever saved it"
    assert list_files_to_rekey(seat(desk).store.vault) == []
    assert desk.record()["identification_number"] == "KG-2026-118"
    assert opened_by(desk, key_of(desk, "other")) == {False}


def test_a_file_that_is_damaged_meanwhile_stops_none_of_the_others(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    session = ended(desk)
    names, hers = list_files_to_rekey(session.store.vault), f"residents/{desk.her}.yaml.age"
    Meanwhile(monkeypatch, lambda: damaged(desk.store / hers))
    done = rekey_files(session)
    assert (done.sealed, {name: error.code for name, error in done.failed.items()}) == (
        len(names) - 1, {hers: "vault/damaged"},
    )  # fmt: skip
    assert list_files_to_rekey(seat(desk).store.vault) == [hers]


def test_whoever_was_shut_out_seals_nothing(desk: Desk) -> None:
    ended(desk)
    told = desk.refused("rekey", env={"SHELTERCTL_IDENTITY": str(desk.folder / "other")})
    assert (told.code, told.error) == (5, "trust/shut-out")


def test_the_house_s_own_files_may_be_damaged_meanwhile(desk: Desk) -> None:
    ended(desk)
    for name in ("shelter.yaml", "staff.yaml"):
        (desk.store / name).write_bytes(b"rubbish: [\n")
    told = desk.ask("rekey")
    assert (told.code, told.data["sealed"]) == (0, 5)
    assert opened_by(desk, key_of(desk, "other")) == {False}
