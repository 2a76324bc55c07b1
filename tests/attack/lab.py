"""What an attacker has: stores made once, copies of them to spoil, and keys, statements and lines of his own."""

import hashlib
import json
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyrage

from shelterctl import limits
from shelterctl.identity.key_file import load_identity, save_identity
from shelterctl.identity.keys import Identity, create_identity
from shelterctl.journal.line import FileChange, LinePlace, hash_line, last_line, sign_line
from shelterctl.trust.chain import end_device_in_chain, verify_chain
from shelterctl.trust.chain_state import Chain
from shelterctl.trust.statement import STATEMENT_PURPOSE
from shelterctl.vault.sealed_bytes import pad_text
from tests.support.clock import house_now
from tests.support.desk import Desk
from tests.support.inputs import REFERRAL, USUAL_ENTRIES
from tests.support.paths import PROJECT
from tests.support.register_files import SHIFT, VISIT, about

OLD_STORE = PROJECT / "tests" / "stores" / "0.1.0"
AT = house_now().isoformat(timespec="minutes")
BY = "manager"

ELSEWHERE = hashlib.sha256(b"another store").hexdigest()
"""The root of another store of the same key."""


@dataclass
class Lab:
    """A folder with a store to be attacked: its keys, how it was before, and who he is that attacks."""

    folder: Path
    her: str
    other: str
    later: str
    number: int = 0
    """The number that was written on the sheet in the safe before the attack."""
    words: str = ""
    """The words of the store, and those of that moment, where an observer has them."""
    moment: str = ""
    at: str = ""
    """The place that a step is about, where the table names one."""
    whole: Path = Path()
    """The folder of the same store, not attacked."""

    @property
    def house(self) -> Path:
        return self.folder / "house"

    @property
    def old(self) -> Path:
        """The store two saved changes ago."""
        return self.folder / "old"

    @property
    def older(self) -> Path:
        """The store before the last line of the second device, where that was shut out since."""
        return self.folder / "older"

    @property
    def key(self) -> Identity:
        return load_identity(self.folder / "key", None)

    @property
    def second(self) -> Identity:
        return load_identity(self.folder / "second", None)

    @property
    def paper(self) -> Identity:
        return load_identity(self.folder / "paper", None)

    @property
    def old_paper(self) -> Identity:
        """The paper that was replaced, where one was."""
        return load_identity(self.folder / "old-paper", None)

    @property
    def mallory(self) -> Identity:
        return load_identity(self.folder / "mallory", None)

    def person(self, code: str) -> Identity:
        """The key of a person of the house by role."""
        return load_identity(self.folder / "key.people" / code, None)

    @property
    def chain(self) -> Chain:
        """The chain as it lies, its signatures taken on trust."""
        return verify_chain((self.house / "trust.jsonl").read_bytes(), limits.TRUST_CHAIN_LINES)

    @property
    def place(self) -> Path:
        return self.house / self.at.format(her=self.her, device=self.key.device)

    @property
    def record(self) -> Path:
        return self.house / f"residents/{self.her}.yaml.age"

    def journal(self, key: Identity | None = None) -> Path:
        return self.house / f"journal/{(key or self.key).device}.jsonl"

    def read_the_words(self) -> None:
        """What a person wrote on the paper and on the sheet in the safe before the attack."""
        said = self.desk().do("trust").data["sheet"]
        self.words, self.moment = said["words"], said["moment"]

    def desk(self) -> Desk:
        """An honest person at the first computer."""
        return Desk(self.folder, self.her)

    # What is added to the list of devices.

    def next(self, kind: str, **said: Any) -> dict[str, Any]:
        """The heading of a statement that goes on from the last one, and what it says."""
        chain = self.chain
        return {
            "v": 1, "kind": kind, "root": chain.root, "prev": [chain.digests[-1]], "at": AT, "by": BY, **said,
        }  # fmt: skip

    def state(self, said: Mapping[str, Any], *signers: Any, forged: Sequence[Identity] = ()) -> None:
        """Append a statement, with true signatures of some and made-up ones of others."""
        payload = json.dumps(said, separators=(",", ":")).encode()
        signatures = {
            one.signing_public: one.sign(STATEMENT_PURPOSE + payload) for one in (*signers, *map(Forger, forged))
        }
        line = payload[:-1] + b',"sigs":' + json.dumps(signatures, separators=(",", ":")).encode() + b"}\n"
        with (self.house / "trust.jsonl").open("ab") as file:
            file.write(line)

    # What is added to a journal.

    def line(self, writer: Any, name: str, now: str | None, *, base: str | None = None, **how: Any) -> bytes:
        """A line about a file behind the last one of the writer's journal; *how* says what is wrong with it."""
        path = self.journal(writer)
        lies = path.read_bytes() if path.exists() else b""
        last = last_line(lies)
        root, mark = how.get("root", self.chain.root), how.get("mark", self.chain.last_mark)
        seq = how.get("seq", json.loads(last)["seq"] + 1 if last else 0)
        place = LinePlace(seq, hash_line(last, self.chain.root), root, mark, how.get("seen", {}))
        change = FileChange(name, base if base is not None else self.version(name), now, how.get("more"))
        at = how.get("at") or house_now().isoformat(timespec="minutes")
        return sign_line(change, place, writer, did=how.get("did", "admit"), by=BY, at=at)

    def version(self, name: str) -> str | None:
        """The version that no line has gone on from."""
        lines = [json.loads(line) for path in (self.house / "journal").glob("*.jsonl") for line in _lines(path)]
        about = [line for line in lines if line["file"] == name]
        gone_on_from = {line["base"] for line in about if line["base"] != line["now"]}
        return next((line["now"] for line in about[::-1] if line["now"] not in gone_on_from), None)

    def add(self, writer: Any, line: bytes) -> None:
        self.journal(writer).parent.mkdir(exist_ok=True)
        with self.journal(writer).open("ab") as file:
            file.write(line + b"\n")

    def save(self, writer: Any, name: str, data: bytes, **how: Any) -> None:
        """Put a file in its place with the writer's line for it: what a device's own key can always do."""
        line = self.line(writer, name, hashlib.sha256(data).hexdigest(), **how)
        (self.house / name).parent.mkdir(exist_ok=True)
        (self.house / name).write_bytes(data)
        self.add(writer, line)

    def opened(self, path: Path | None = None) -> bytes:
        return self.key.open((path or self.record).read_bytes())

    def sealed(self, data: bytes, *recipients: str) -> bytes:
        keys = recipients or self.chain.readership.everyone
        return bytes(pyrage.encrypt(data, [pyrage.x25519.Recipient.from_str(key) for key in keys]))

    def sealed_for(self, part: str, data: bytes) -> bytes:
        """The same for those who read that part of the store by their roles."""
        return self.sealed(pad_text(data), *self.chain.readership.recipients(part))

    def seen_by(self, writer: Identity) -> dict[str, tuple[int, str]]:
        """The last line of every journal but the writer's, as a line of hers names them."""
        others = [path for path in (self.house / "journal").glob("*.jsonl") if path.stem != writer.device]
        last = {path.stem: _lines(path)[-1] for path in others if path.stat().st_size}
        return {code: (json.loads(line)["seq"], hashlib.sha256(line).hexdigest()[:16]) for code, line in last.items()}

    def forged(self) -> bytes:
        """Her record with another number than it has."""
        return re.sub(rb"KG-2026-\d+", b"KG-1999-999", self.opened())

    def mine(self, path: Path) -> bool:
        """Whether the attacker's key opens the file."""
        try:
            self.mallory.open(path.read_bytes())
        except Exception:
            return False
        return True


@dataclass
class Forger:
    """Whoever has the public key of somebody, and signs all the same."""

    of: Identity

    @property
    def signing_public(self) -> str:
        return self.of.signing_public

    @property
    def device(self) -> str | None:
        return self.of.device

    def sign(self, data: bytes) -> str:
        return create_identity().sign(data)


@dataclass
class Misled:
    """A key that signs for another purpose than the one that it is asked for."""

    of: Identity
    prefix: bytes

    @property
    def signing_public(self) -> str:
        return self.of.signing_public

    @property
    def device(self) -> str | None:
        return self.of.device

    def sign(self, data: bytes) -> str:
        return self.of.sign(self.prefix + data.partition(b"\n")[2])


def _lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines()


def named(key: Identity, staff: str = BY, may: Sequence[str] = ("write", "trust")) -> dict[str, Any]:
    return {"code": key.device, "staff": staff, "age": key.recipient, "sign": key.signing_public, "may": list(may)}


# The stores, each made once by the program itself.


def worlds(folder: Path) -> dict[str, Lab]:
    one = _one(folder / "one")
    two = _two(one, folder / "two")
    ended, renewed = _ended(two, folder / "ended"), _renewed(one, folder / "renewed")
    left = {name: _left(two, folder / name, keep=name == "kept") for name in ("left", "kept")}
    older = _older(folder / "0.1.0")
    roles = _roles(folder / "roles")
    registers = _registers(roles, folder / "registers")
    return {
        "one": one, "two": two, "ended": ended, "renewed": renewed, **left, "0.1.0": older, "roles": roles,
        "registers": registers,
    }  # fmt: skip


def _one(folder: Path) -> Lab:
    """One device and three clients; after ``old`` her file was changed and the third client came."""
    folder.mkdir(parents=True)
    desk = Desk(folder)
    desk.do("init house --shelter bishkek --capacity 8 --no-passphrase --recovery sheet", today=None)
    (folder / "paper").write_text((folder / "sheet").read_text().splitlines()[-1] + "\n")
    desk.do("ngo add sezim --memorandum 2026-01-15 --contract 2026-01-20")
    desk.do("staff add s-gulnara --role social_worker")
    desk.do("staff add s-aida --role psychologist")
    her = desk.do("admit", REFERRAL).data["id"]
    other = desk.do("admit", {"notes": "another", "identity": {"sex": "female"}}).data["id"]
    for day, doctor, found in (("2026-11-23", "А. Врачева", "infection"), ("2026-11-24", "Б. Докторова", "none")):
        given = {"kind": "checkup", "on": day, "by": doctor, "finding": found}
        desk.do(f"add {her} health", {**given, "follow_up": found == "infection"})
    _kept(folder)
    desk.do(f"admit {her}", {"identification_number": "KG-2026-118"})
    later = desk.do("admit", {"notes": "a third", "identity": {"sex": "male"}}).data["id"]
    save_identity(folder / "mallory", create_identity(), None)
    return _known(Lab(folder, her, other, later))


def _two(one: Lab, folder: Path) -> Lab:
    """A second device, which the paper admitted and the first one knows of; both wrote after ``old``."""
    shutil.copytree(one.folder, folder)
    lab = Lab(folder, one.her, one.other, one.later)
    desk = lab.desk()
    desk.do("trust --join --recovery paper --identity second --no-passphrase --staff s-aida")
    desk.do("trust --accept")
    _kept(folder)
    desk.do(f"admit {lab.other} --identity second", {"notes": "by the second"})
    desk.do(f"admit {lab.her}", {"identification_number": "KG-2026-119"})
    return _known(lab)


def _ended(two: Lab, folder: Path) -> Lab:
    """The second device was shut out, and the first one wrote since."""
    shutil.copytree(two.folder, folder)
    lab = Lab(folder, two.her, two.other, two.later)
    (folder / "old").rename(folder / "older")
    _kept(folder)
    lines = lab.journal(lab.second).read_bytes()
    head = (lines.count(b"\n"), hashlib.sha256(lines).hexdigest())
    chain = end_device_in_chain(lab.chain, str(lab.second.device), head, "left", BY, AT, lab.key)
    (lab.house / "trust.jsonl").write_bytes(chain.lines)
    lab.desk().do("trust --accept")
    lab.desk().do("rekey")
    lab.desk().do(f"admit {lab.her}", {"identification_number": "KG-2026-120"})
    return _known(lab)


def _renewed(one: Lab, folder: Path) -> Lab:
    """Another paper took the place of the first one, and the device wrote since."""
    shutil.copytree(one.folder, folder)
    lab = Lab(folder, one.her, one.other, one.later)
    _kept(folder)
    (folder / "paper").rename(folder / "old-paper")
    lab.desk().do("recovery renew --recovery paper")
    lab.desk().do(f"admit {lab.her}", {"identification_number": "KG-2026-121"})
    return _known(lab)


def _left(two: Lab, folder: Path, *, keep: bool) -> Lab:
    """Whoever worked at the second device left the staff; the device was shut out with it, or stays in the house."""
    shutil.copytree(two.folder, folder)
    lab = Lab(folder, two.her, two.other, two.later)
    lab.desk().do("staff add s-aida --since 2026-11-01")
    _kept(folder)
    kept = f" --keep {lab.second.device}" if keep else ""
    lab.desk().do(f"staff end s-aida --on 2026-11-24{kept}")
    lab.desk().do(f"admit {lab.her}", {"identification_number": "KG-2026-121"})
    if keep:
        lab.desk().do(f"admit {lab.other} --identity second --staff s-gulnara", {"notes": "by another one there"})
    return _known(lab)


STAFF = {
    "s-guard": "security", "s-officer": "data_officer", "s-other": "other", "s-gulnara": "social_worker",
    "s-aida": "psychologist", "s-med": "medical_adviser", "s-law": "legal_adviser", "s-iom": "iom_coordinator",
    "s-gone": "psychologist",
}  # fmt: skip
"""Everybody of the house by role beside the manager; the last one was dismissed."""

SEALED = {
    "session": ("s-aida", {"at": "2026-11-24T10:00+06:00", "by": "s-aida", "note": "говорит о сыне"}),
    "opinion": ("s-gone", {**USUAL_ENTRIES["opinion"], "by": "s-gone", "words": "мнение уволенной"}),
    "health": ("s-med", {"kind": "checkup", "on": "2026-11-23", "by": "А. Врачева", "finding": "none"}),
    "hiv": ("s-med", {"on": "2026-11-24", "report": "отрицательный"}),
    "legal": ("s-law", {"on": "2026-11-24", "kind": "hearing", "attorney": "Ходатаев В."}),
}
"""A sealed entry of each track, and who records it."""


def _roles(folder: Path) -> Lab:
    """A house in which each person has a key of her own, and roles decide; a psychologist was dismissed since."""
    folder.mkdir(parents=True)
    desk = Desk(folder)
    desk.do("init house --shelter bishkek --capacity 8 --no-passphrase --recovery sheet", today=None)
    (folder / "paper").write_text((folder / "sheet").read_text().splitlines()[-1] + "\n")
    desk.do("ngo add sezim --memorandum 2026-01-15 --contract 2026-01-20")
    for code, role in STAFF.items():
        desk.do(f"staff add {code} --role {role}")
    her = desk.do("admit", REFERRAL).data["id"]
    desk.do(f"admit {her} --complete --on 2026-11-22")
    other = desk.do("admit", {"notes": "another", "identity": {"sex": "female"}}).data["id"]
    for code in STAFF:
        desk.do(f"staff key {code} --no-passphrase")
        desk.do(f"staff key {code} --accept")
    desk.do("roles --begin")
    for code in STAFF:
        desk.do(f"trust --accept --staff {code}")
    for track, (code, given) in SEALED.items():
        desk.do(f"add {her} {track} --staff {code}", given)
    _kept(folder)
    (folder / "old").rename(folder / "older")
    desk.do("staff end s-gone --on 2026-11-25")
    desk.do("roles --give s-aida=social_worker")
    desk.do("roles --take s-aida=social_worker")
    _kept(folder)
    later = desk.do("admit --new-person", REFERRAL).data["id"]
    desk.do(f"admit {later} --complete --on 2026-11-22")
    desk.do(f"admit {her}", {"identification_number": "KG-2026-118"})
    for code in {*STAFF} - {"s-gone"}:
        desk.do(f"trust --accept --staff {code}")
    save_identity(folder / "mallory", create_identity(), None)
    return _known(Lab(folder, her, other, later))


def _registers(roles: Lab, folder: Path) -> Lab:
    """The house by role, whose people keep registers: a shift, a visit at the door, an incident about the guard, and
    a complaint about the manager. The social worker added to a visit that the guard wrote down.
    """
    shutil.copytree(roles.folder, folder)
    lab = Lab(folder, roles.her, roles.other, roles.later)
    desk = lab.desk()
    desk.do("add bishkek shift --staff s-gulnara", SHIFT)
    visit = desk.do("add bishkek visit --staff s-guard", VISIT).data["entry"]
    desk.do("add bishkek incident --staff s-gulnara", {**about("s-guard"), "description": "охранник кричал"})
    desk.do("add bishkek incident --staff s-other", {**about("manager"), "description": "руководитель кричал"})
    _kept(folder)
    desk.do(f"add bishkek visit {visit} --staff s-guard", {"left_at": "2026-11-25T10:40"})
    desk.do(f"add bishkek visit {visit} --staff s-gulnara", {"left_at": "2026-11-25T10:45"})
    for code in {*STAFF} - {"s-gone"}:
        desk.do(f"trust --accept --staff {code}")
    return _known(lab)


def _older(folder: Path) -> Lab:
    """The store that 0.1.0 made, which nobody took over yet."""
    shutil.copytree(OLD_STORE, folder)
    (folder / "recovery").rename(folder / "paper")
    for key in ("key", "paper"):
        (folder / key).chmod(0o600)
    shutil.copytree(next((folder / "usb").iterdir()), folder / "old")
    save_identity(folder / "mallory", create_identity(), None)
    ids = sorted(path.name[:9] for path in folder.glob("house/residents/*"))
    return Lab(folder, ids[0], ids[1], ids[2])


def _kept(folder: Path) -> None:
    """The store as it is now, and what the first device remembers of it."""
    for name, copy in (("house", "old"), ("key.heads", "old.heads")):
        shutil.rmtree(folder / copy, ignore_errors=True)
        shutil.copytree(folder / name, folder / copy)


def _known(lab: Lab) -> Lab:
    lab.number = lab.desk().do("check").data["sheet"]["number"]
    return lab


def copied(lab: Lab, folder: Path, at: str = "") -> Lab:
    shutil.copytree(lab.folder, folder, symlinks=True)
    return Lab(folder, lab.her, lab.other, lab.later, lab.number, at=at, whole=lab.folder)
