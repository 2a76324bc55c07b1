"""A small house whose days pass at random: what people, clocks and disks do to its store."""

import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from shelterctl.session import Options, Session
from shelterctl.store.folder import record_file
from tests.support.clock import HOUSE_ZONE
from tests.support.command import Answer, import_everything
from tests.support.crowd import files, write
from tests.support.desk import Desk
from tests.support.inputs import REFERRAL, read
from tests.support.killable_commands import TWO, WORKS
from tests.support.moved_clock import MOMENT, ClockServer
from tests.support.role_house import house_by_role

BEGUN = datetime(2026, 11, 25, 12, 0, tzinfo=HOUSE_ZONE)
CLIENTS = 7
"""Invented clients of a house beside the one who was admitted by commands."""


class PassingHouse(Desk):
    """A desk whose clock is moved; *log* is what happened, as somebody would type it again."""

    def __init__(self, folder: Path, server: ClockServer, her: str = "", moment: datetime = BEGUN) -> None:
        super().__init__(folder, her)
        self.server, self.moment = server, moment
        self.log: list[str] = []
        self.older: dict[str, list[bytes]] = {}
        """Every version of each client's file that was seen, oldest first."""

    @property
    def env(self) -> dict[str, str]:
        return {**super().env, MOMENT: self.moment.isoformat()}

    def _how(self, how: Mapping[str, Any]) -> Callable[..., Answer]:
        def served(words: Sequence[str], *, cwd: Path, env: Mapping[str, str]) -> Answer:
            return self.server.answer(words, cwd, env, b"")

        return served

    @property
    def clients(self) -> list[Path]:
        """The files of clients, as they lie."""
        return sorted((self.store / "residents").glob("*.age"))

    @property
    def registers(self) -> list[Path]:
        """The files of registers, as they lie."""
        return sorted((self.store / "registers").rglob("*.age"))

    def tell(self, what: str) -> None:
        self.log.append(f"{self.moment:%Y-%m-%d %H:%M}  {what}")

    def act(self, words: str, given: object = None, *, today: str | None = None) -> Answer:
        """A command, whatever comes of it: what is refused changes nothing."""
        answer = self.run(words, given, today=today)
        self.tell(f"{words}{f' --as-of {today}' if today else ''}  [exit {answer.code}]")
        for path in (*self.clients, *self.registers):
            seen, now = self.older.setdefault(path.name, []), path.read_bytes()
            if now not in seen:
                seen.append(now)
        return answer

    def indexes(self) -> list[Path]:
        """The files of the index, of every key at this computer."""
        return sorted(self.folder.rglob("*.index"))

    def end(self) -> None:
        """The folder removed, and whatever was closed in it."""
        for path in self.folder.rglob("*"):
            if path.is_dir() and not path.is_symlink():
                path.chmod(0o700)
        shutil.rmtree(self.folder)


def begin_house(folder: Path, server: ClockServer) -> PassingHouse:
    """Two houses, one key: clients with long files, one who was admitted by commands, a second computer, a backup."""
    import_everything()
    folder.mkdir(parents=True)
    house = PassingHouse(folder, server)
    do = partial(house.do, today=None)
    do("init house --shelter bishkek --capacity 6 --no-passphrase --recovery sheet")
    (folder / "paper").write_text((folder / "sheet").read_text().splitlines()[-1] + "\n")
    (folder / "usb").mkdir()
    do("ngo add sezim --memorandum 2026-01-15 --contract 2026-01-20")
    do("staff add s-gulnara --role social_worker")
    do("staff add s-aida --role psychologist")
    house.her = do("admit", REFERRAL).data["id"]
    do(f"admit {house.her}", {"identification_number": "KG-2026-118"})
    do(f"admit {house.her} --complete --on 2026-11-22")
    do("facility add osh --capacity 8 --ngo sezim")
    seat = Session(options=Options(store=str(house.store), identity=str(house.key)))
    write(seat.store, [(record_file(one["id"]), one, None) for one in files(CLIENTS, ("bishkek", "osh"))])
    for words, given in TWO:
        do(words, given)
    house.run("check --identity other", today=None)
    do("backup usb")
    return house


def begin_house_by_role(folder: Path, server: ClockServer) -> PassingHouse:
    """A house of the same clients, in which each person has a key and sees what her role sees."""
    house = begin_house(folder, server)
    house_by_role(house, folder / "paper")
    return house


def copy_of(house: PassingHouse, folder: Path) -> PassingHouse:
    """The same house once more, at its first day."""
    shutil.copytree(house.folder, folder)
    copy = PassingHouse(folder, house.server, house.her)
    copy.older = {path.name: [path.read_bytes()] for path in (*copy.clients, *copy.registers)}
    return copy


Deed = Callable[[PassingHouse, int], None]
"""What happens to a house; the number says to whom, or by how much."""


def _pick(some: Sequence[Any], number: int) -> Any:
    return some[number % len(some)]


# What people do.


def work(title: str, house: PassingHouse, number: int) -> None:
    """One of the works that write, with what goes before it; every second one on the day of the works."""
    one, entry, written = WORKS[title], "", house.her
    if number > 1 and house.clients:
        written = _pick(house.clients, number).name[:9]
    today = one.today if number % 2 else None
    left = [(WORKS["discharge"].words, WORKS["discharge"].given)] if one.stage == "discharged" else []
    for words, given in (*left, *one.before, (one.words, one.given)):
        typed = words.format(her=written, entry=entry, made=entry, other="", own="")
        typed += " --of bishkek" * words.startswith("report ") + " --facility bishkek" * words.startswith("house ")
        answer = house.act(f"{typed} --json", _with_entry(given, entry), today=today)
        data = json.loads(answer.out)["data"] or {}
        entry = str(data.get("entry") or (data.get("id") if words.startswith("admit") else None) or entry)


def _with_entry(given: Any, entry: str) -> Any:
    """What --from reads, about the entry that was written before."""
    if given == REFERRAL:
        return {**read(REFERRAL), "facility": "osh"}
    if not isinstance(given, dict):
        return given
    return {key: entry if value == "{entry}" else value for key, value in given.items()}


def admit_somebody(house: PassingHouse, number: int) -> None:
    """A woman who may be taken for one whose file is there."""
    names = (("Айгуль", "Примерова"), ("Айгул", "Премерова"), ("Асель", "Токтосунова"), ("Жылдыз", "Ким"))
    first, last = _pick(names, number)
    identity = {"first_name": first, "last_name": last, "sex": "female", "birth_date": 1995 + number}
    day = house.moment.date()
    referral = {"sources": ["partner_ngo"], "received_at": f"{day}T08:00+06:00"}
    facility = _pick(("bishkek", "osh"), number)
    house.act("admit --new-person", {"identity": identity, "referral": referral, "facility": facility})


def move_clock(days: int, house: PassingHouse, number: int) -> None:
    """Days pass, or the battery of the clock is empty."""
    house.moment += timedelta(days=days, hours=number)
    house.tell("the clock")


def write_elsewhere(house: PassingHouse, number: int) -> None:
    """Another computer writes to the same store."""
    whom = _pick(house.clients, number).name[:9] if house.clients else house.her
    house.act(f"admit {whom} --identity other", {"notes": f"from the other computer {len(house.log)}"})


def shut_other_out(house: PassingHouse, number: int) -> None:
    """The second computer may read no longer."""
    codes = [row["device"] for row in house.run("device list --json", today=None).data.get("rows") or ()]
    if len(codes) > 1:
        house.act(f"device end {codes[1]} --lost")


def change_role(house: PassingHouse, number: int) -> None:
    """Another role for somebody, or one less; where roles do not decide yet it is refused."""
    house.act(_pick((
        "roles --give s-guard=social_worker", "roles --take s-gulnara=social_worker", "roles --give s-else=manager",
        "roles --close manager=psychological", "roles --less social_worker=person", "roles --one-key",
    ), number))  # fmt: skip
    house.act(f"trust --accept{_pick(('', ' --staff s-guard', ' --staff s-gulnara', ' --staff s-else'), number)}")


def tighten_limit(house: PassingHouse, number: int) -> None:
    """A limit of the house's own."""
    house.act(_pick((
        "rules overlay add shelter capacity --at-most 2 --since 2026-11-01",
        "rules overlay add pocket-money --at-least 60 --since 2026-11-01",
        "rules overlay add pink 2a --at-most 1500 --since 2026-11-01",
        "rules overlay add report --months 4 --since 2020-01-01",
    ), number))  # fmt: skip


def change_codes(house: PassingHouse, number: int) -> None:
    """A house, a member of staff or an NGO changes."""
    house.act(_pick((
        "facility add osh --capacity 3", "facility add bishkek --kind carc", "facility add naryn --capacity 2",
        "staff end s-aida --on 2026-11-25", "staff add s-aida --role social_worker", "ngo add ulybka",
    ), number))  # fmt: skip


# What is done with the store as a folder.


def back_up(house: PassingHouse, number: int) -> None:
    house.act("backup usb")


def restore_backup(house: PassingHouse, number: int) -> None:
    """The newest backup is restored, and the house goes on there."""
    place = f"again{len(house.log)}"
    if house.act(f"restore usb --store {place}").code == 0:
        house.store = house.folder / place


def put_older_back(house: PassingHouse, number: int) -> None:
    """The folder of the store is replaced by an older copy of it; with it, sometimes, what this key remembers."""
    copies = sorted((house.folder / "usb").iterdir())
    shutil.rmtree(house.store)
    shutil.copytree(_pick(copies, number // 2), house.store)
    if number % 2:
        shutil.rmtree(house.folder / "key.heads", ignore_errors=True)
    house.tell(f"an older copy of the store put back{', and nothing remembered' * (number % 2)}")


def harm_file(how: str, house: PassingHouse, number: int) -> None:
    """The file of a client is lost, cut, changed or another one."""
    if house.clients:
        _harm(how, house, house.clients, number)


def harm_register(how: str, house: PassingHouse, number: int) -> None:
    """A file of a register is lost, cut, changed or another one."""
    if house.registers:
        _harm(how, house, house.registers, number)


def _harm(how: str, house: PassingHouse, there: Sequence[Path], number: int) -> None:
    path = _pick(there, number)
    house.tell(f"{how}: {path.name[:9]}")
    data = path.read_bytes()
    if how == "lost":
        path.unlink()
    elif how == "cut":
        path.write_bytes(data[: len(data) // 2])
    elif how == "flipped":
        path.write_bytes(data[:-40] + bytes([data[-40] ^ 1]) + data[-39:])
    elif how == "older":
        path.write_bytes(house.older[path.name][0])
    elif how == "another's":
        path.write_bytes(_pick(there, number + 1).read_bytes())
    elif how == "copied in":
        copy = path.with_suffix(".copy")
        shutil.copyfile(path, copy)
        os.utime(copy, ns=(10**18 + number, 10**18 + number))
        copy.replace(path)
    elif how == "closed":
        path.chmod(0)
    elif how == "link" and not path.is_symlink():
        path.symlink_to(path.rename(house.folder / path.name))


def harm_house_file(house: PassingHouse, number: int) -> None:
    """A file of the house itself is lost or changed."""
    names = ("directory.yaml.age", "staff.yaml", "roster.yaml.age", "trust.jsonl", "shelter.yaml")
    path = house.store / _pick(names, number)
    house.tell(f"flipped: {path.name}")
    if path.exists():
        data = path.read_bytes()
        path.write_bytes(data[:-20] + bytes([data[-20] ^ 1]) + data[-19:])


def cut_journal(house: PassingHouse, number: int) -> None:
    """The last lines of a journal are lost."""
    path = _pick(sorted((house.store / "journal").glob("*.jsonl")), number)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[: -1 - number]))
    house.tell(f"the last {1 + number} lines of a journal lost")


def mend(house: PassingHouse, number: int) -> None:
    """What is damaged is taken out of the backup, or given up."""
    for path in sorted((house.store / "residents").glob("*.age")):
        if house.run(f"show {path.name[:9]} --json", today=None).code:
            house.act(f"repair {path.name[:9]} {_pick(('--from usb', '--give-up --reason-code no_backup'), number)}")
    house.act(_pick(("repair journal", "repair journal --give-up", "trust --accept", "check"), number))


# What is done with the index alone.


def harm_index(how: str, house: PassingHouse, number: int) -> None:
    """The index is lost, changed, older, or of another key."""
    found = house.indexes()
    house.tell(f"the index {how}")
    if not found:
        return
    path, other = _pick(found, number), _pick(found, number + 1)
    data = path.read_bytes()
    if how == "lost":
        path.unlink()
    elif how == "flipped":
        at = number * 997 % len(data)
        path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
    elif how == "kept aside":
        shutil.copy(path, house.folder / f"{path.name}.aside")
    elif how == "put back" and (aside := house.folder / f"{path.name}.aside").exists():
        shutil.copy(aside, path)
    elif how == "of another key":
        path.write_bytes(other.read_bytes())


WRITTEN = tuple(
    title for title, one in WORKS.items()
    if not (one.made or one.secrets) and one.stage in ("referred", "admitted", "discharged")
    and not title.startswith(("device end", "repair", "check", "trust", "recovery", "backup", "form", "import"))
    and " --out " not in one.words
)  # fmt: skip
"""The works that change what is recorded."""

DEEDS: Mapping[str, Deed] = {
    **{f"{days:+} days": partial(move_clock, days) for days in (1, 7, 31, 200, -180)},
    "admit somebody": admit_somebody,
    **{title: partial(work, title) for title in WRITTEN},
    "another computer writes": write_elsewhere,
    "another computer shut out": shut_other_out,
    "another role": change_role,
    "a limit of the house": tighten_limit,
    "codes": change_codes,
    "backup": back_up,
    "restore": restore_backup,
    "an older copy put back": put_older_back,
    **{
        f"a file {how}": partial(harm_file, how)
        for how in ("lost", "cut", "flipped", "older", "another's", "copied in", "closed", "link")
    },
    **{
        f"a file of a register {how}": partial(harm_register, how)
        for how in ("lost", "cut", "flipped", "older", "copied in", "closed")
    },
    "a file of the house": harm_house_file,
    "a journal cut": cut_journal,
    "mend": mend,
    **{
        f"the index {how}": partial(harm_index, how)
        for how in ("lost", "flipped", "kept aside", "put back", "of another key")
    },
}
"""All that may happen, by what it is called."""
