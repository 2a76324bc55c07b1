"""Commands that give keys and roles, or write by them, struck down: nothing is half shut, and all is finished again."""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shelterctl.document.reading import read_document
from shelterctl.document.subset import LARGEST_STORED
from shelterctl.errors import ShelterError
from shelterctl.identity.key_file import load_identity
from shelterctl.identity.keys import Identity
from shelterctl.session import Options, Session
from shelterctl.trust.chain import grant_roles_in_chain
from shelterctl.vault.sealed_bytes import strip_armour
from tests.support.desk import TODAY
from tests.support.faults import kill, kill_half_way
from tests.support.inputs import REFERRAL
from tests.support.killed_commands import FULL, KILLED, Here, fresh, left

STAFF = {"s-aida": "psychologist", "s-gulnara": "social_worker", "s-med": "medical_adviser", "s-guard": "security"}
SESSION = {"at": "2026-11-24T10:00+06:00", "by": "s-aida", "approach": "individual", "note": "says more"}


@dataclass(frozen=True)
class RoleWork:
    """A command, the stage of the house before it, and what is done first."""

    words: str
    stage: str = "by role"
    given: object = None
    made: Callable[[Here], object] | None = None
    again: frozenset[str] = frozenset()
    """What the same words may be refused with once it was done."""


def granted_and_not_sealed(desk: Here) -> None:
    """The guard has another role, and nothing was sealed anew since."""
    session = Session(options=Options(store=str(desk.store), identity=str(desk.key)))
    store = session.store
    chain = grant_roles_in_chain(
        store.vault.journal.chain, "s-guard", ["medical_adviser"], "manager", session.timestamp, store.identity
    )
    store.vault.save_chain(chain)


def new_key(desk: Here) -> None:
    desk.do("staff add s-new --role psychologist")
    desk.do("staff key s-new --no-passphrase")


ROLE_WORKS: Mapping[str, RoleWork] = {
    "staff key": RoleWork("staff key s-new --no-passphrase", "keys",
                          made=lambda desk: desk.do("staff add s-new --role psychologist")),
    "staff key, accepted": RoleWork("staff key s-new --accept", "keys", made=new_key,
                                    again=frozenset({"key/no-request"})),
    "staff key, accepted by role": RoleWork("staff key s-new --accept", made=new_key,
                                            again=frozenset({"key/no-request"})),
    "staff key, on a stick": RoleWork("staff key s-new --no-passphrase --out stick.request", "keys",
                                      made=lambda desk: desk.do("staff add s-new --role psychologist")),
    "staff key, accepted by the paper": RoleWork(
        "staff key s-new --accept --from key.people/s-new.request --role psychologist --recovery paper", made=new_key,
        again=frozenset({"key/no-request"})),
    "staff key, renewed": RoleWork("staff key s-guard --renew --no-passphrase", "keys"),
    "roles, one key": RoleWork("roles --one-key"),
    "roles, given back": RoleWork("roles --restore social_worker=person --recovery paper",
                                  made=lambda desk: desk.do("roles --less social_worker=person")),
    "roles, closed": RoleWork("roles --close manager=psychological"),
    "roles, opened again": RoleWork("roles --reopen manager=psychological",
                                    made=lambda desk: desk.do("roles --close manager=psychological")),
    "roles, begun": RoleWork("roles --begin", "keys", again=frozenset({"roles/begun"})),
    "roles, given": RoleWork("roles --give s-guard=medical_adviser"),
    "roles, taken": RoleWork("roles --take s-gulnara=social_worker"),
    "roles, less": RoleWork("roles --less social_worker=person"),
    "rules overlay, added": RoleWork("rules overlay add pink 2a --at-most 1500 --since 2026-11-25",
                                     again=frozenset({"overlay/twice"})),
    "rules overlay, added by the paper": RoleWork(
        "rules overlay add pink 2b --at-most 1500 --since 2026-11-25 --recovery paper",
        again=frozenset({"overlay/twice"}),
    ),
    "rekey by role": RoleWork("rekey", made=granted_and_not_sealed),
    "rekey by the paper": RoleWork("rekey --recovery paper", made=granted_and_not_sealed),
    "a write that changes the roster": RoleWork("admit {other} --complete --on 2026-11-22"),
    "a write of a person": RoleWork("add {her} session --staff s-aida", given=SESSION),
}  # fmt: skip


def stages(folder: Path) -> dict[str, Here]:
    """A house in which each person has a key, before roles decide and after; two clients, and a sealed entry each."""
    (folder / "keys").mkdir(parents=True)
    desk = Here(folder / "keys")
    desk.do("init house --shelter bishkek --no-passphrase --recovery sheet", today=None)
    (desk.folder / "paper").write_text((desk.folder / "sheet").read_text().splitlines()[-1] + "\n")
    desk.do("ngo add sezim --memorandum 2026-01-15 --contract 2026-01-20")
    for code, role in STAFF.items():
        desk.do(f"staff add {code} --role {role}")
    desk.her = desk.do("admit", REFERRAL).data["id"]
    desk.do(f"admit {desk.her} --complete --on 2026-11-22")
    desk.do("admit --new-person", REFERRAL)
    desk.do(f"add {desk.her} session", SESSION)
    desk.do(f"add {desk.her} health", {"kind": "checkup", "on": "2026-11-24"})
    for code in STAFF:
        desk.do(f"staff key {code} --no-passphrase")
        desk.do(f"staff key {code} --accept")
    fresh(desk.folder, folder / "by role")
    later = Here(folder / "by role", desk.her)
    later.do("roles --begin")
    for code in STAFF:
        later.do(f"trust --accept --staff {code}")
    return {"keys": desk, "by role": later}


def keys(desk: Here) -> dict[str, Identity]:
    """Every key of the house, by whose it is."""
    people = desk.folder / "key.people"
    held = {path.name: path for path in people.iterdir() if path.is_file() and path.suffix == ""}
    places = {"manager": desk.key, "paper": desk.folder / "paper", **held}
    return {name: load_identity(path, None) for name, path in places.items()}


def openers(desk: Here, held: Mapping[str, Identity]) -> dict[str, tuple[str, ...]]:
    """Who opens each file, and each sealed entry in it, by their names."""
    found = dict[str, tuple[str, ...]]()
    for path in sorted(desk.store.rglob("*.age")):
        name, data = path.relative_to(desk.store).as_posix(), path.read_bytes()
        found[name] = _who(data, held)
        if path.parent.name == "residents":
            sealed = read_document(held["paper"].open(data), LARGEST_STORED).value.get("sealed") or {}
            blocks = {one["id"]: one["age"] for one in sealed.get("entries") or ()}
            blocks |= {part: block for part, block in sealed.items() if isinstance(block, str)}
            found |= {f"{name} {entry}": _who(strip_armour(block), held) for entry, block in blocks.items()}
    return found


def _who(data: bytes, held: Mapping[str, Identity]) -> tuple[str, ...]:
    return tuple(name for name, key in held.items() if _opens(key.recipient, key, data))


OPENED: dict[tuple[str, bytes], bool] = {}
"""Whether a key opens bytes that were seen before: most files are the same in every run."""


def _opens(whose: str, key: Identity, data: bytes) -> bool:
    if (whose, data) not in OPENED:
        try:
            key.open(data)
            OPENED[whose, data] = True
        except ShelterError:
            OPENED[whose, data] = False
    return OPENED[whose, data]


def roles_of_list(desk: Here) -> str:
    """What the statements of the list say, but for when and by whom."""
    lines = (desk.store / "trust.jsonl").read_bytes()
    said = [json.loads(line) for line in lines[: lines.rfind(b"\n") + 1].splitlines()]
    return json.dumps([[one["kind"], one.get("staff"), one.get("roles"), one.get("parts")] for one in said])


def tried(folder: Path, titles: Sequence[str], stride: int) -> dict[str, Any]:
    """Each command struck at every so many calls that change the disk: killed, and with a full disk.

    Half-way it is killed at every write, or in a sample at every other.
    """
    begun, bad, ends = stages(folder / "begun"), list[str](), Counter[str]()
    for number, title in enumerate(titles):
        work, kept, copy = ROLE_WORKS[title], folder / f"{number} kept", folder / f"{number} copy"
        fresh(begun[work.stage].folder, kept)
        desk = Here(kept, begun[work.stage].her)
        if work.made:
            work.made(desk)
        other = next(path.name[:9] for path in desk.store.glob("residents/*") if path.name[:9] != desk.her)
        words, known = work.words.format(her=desk.her, other=other), keys(desk)
        old = openers(desk, known)
        fresh(kept, copy)
        desk = Here(copy, desk.her)
        calls = desk.struck(words, work.given, 0, kill, False, TODAY)
        assert calls.code == 0, (title, calls.out, calls.err)
        new, said = openers(desk, known), roles_of_list(desk)
        count = len(calls.calls)
        places = {1, count, *range(1 + number % stride, 1 + count, stride)}
        writes = [at for at, name in enumerate(calls.calls, 1) if name == "write"]
        writes = writes if stride == 1 else writes[number % 2 :: 2]
        for at in sorted({*places, *writes}):
            ways = [(kill, False)] * (at in places) + [(kill_half_way, False)] * (at in writes)
            for strike, lasting in ways + [FULL[at % len(FULL)]] * (at in places and at % 3 == 0):
                fresh(kept, copy)
                struck = desk.struck(words, work.given, at, strike, lasting, TODAY)
                ends["killed" if struck.code == KILLED else str(struck.code)] += 1
                place = f"{title} {getattr(strike, '__name__', 'full')} at {at} of {count} ({struck.code})"
                bad += [f"{place}: {each}" for each in _aftermath(desk, work, words, known, (old, new, said), ends)]
    return {"bad": bad, "ends": ends}


def _aftermath(
    desk: Here, work: RoleWork, words: str, known: Mapping[str, Identity],
    expected: tuple[Mapping[str, tuple[str, ...]], Mapping[str, tuple[str, ...]], str], ends: Counter[str],
) -> list[str]:  # fmt: skip
    """What is wrong once the command was struck, and once the same words were given again."""
    old, new, said = expected
    bad, there = list[str](), openers(desk, known)
    bad += [f"{name} opens for {who}" for name, who in there.items() if who not in _may(name, old, new)]
    second = desk.ask(words, work.given)
    if second.code and not {second.error, *second.refusals} & work.again:
        bad.append(f"again: {second.code} {second.error} {second.err[-200:]}")
    done = openers(desk, known)
    bad += [f"at last {name} opens for {who}" for name, who in done.items() if name in new and who != new[name]]
    bad += ["another list"] * (roles_of_list(desk) != said)
    place = desk.store if "--renew" in words else desk.folder  # what lies beside a forgotten key is set aside with it
    if left(place):
        desk.do("ngo add cleared --memorandum 2026-01-15 --contract 2026-01-20")
        bad += [f"left: {name}" for name in left(place)]
    if sum(ends.values()) % CHECKED:  # what check says is looked at every so often
        return bad
    if (told := desk.ask("check")).code or {*told.codes()} & {"store/not-resealed", "roster/differs", "roster/none"}:
        bad.append(f"check at last: {told.code} {told.codes()}")
    return bad


def _may(
    name: str, old: Mapping[str, tuple[str, ...]], new: Mapping[str, tuple[str, ...]]
) -> Sequence[tuple[str, ...]]:
    """For whom a file or an entry may open; one that the command made, as one of its kind."""
    if name in old or name in new:
        return [sets[name] for sets in (old, new) if name in sets]
    return [who for other, who in {**old, **new}.items() if other.count(" ") == name.count(" ")]


CHECKED = 4
LANES = 2
TITLES = {f"{lane + 1} of {LANES}": [*ROLE_WORKS][lane::LANES] for lane in range(LANES)}
