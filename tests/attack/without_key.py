"""What can be done to the list, journals and files by whoever can write to the folder and holds no key."""

import base64
import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

from shelterctl import limits
from shelterctl.document.reading import read_document
from shelterctl.document.writing import format_document
from shelterctl.identity.keys import Identity, create_identity, create_recovery_key
from shelterctl.journal.line import FileChange, LinePlace, sign_line
from shelterctl.trust import statement as statements
from shelterctl.trust.chain import add_device_to_chain, end_device_in_chain, found_chain
from shelterctl.trust.statement import STATEMENT_PURPOSE
from tests.attack.lab import AT, BY, ELSEWHERE, Forger, Lab, Misled, named


def nothing(lab: Lab) -> None:
    pass


def own_device_by_forged_signature(lab: Lab) -> None:
    lab.state(lab.next("device", device=named(lab.mallory)), lab.mallory, forged=[lab.key])


def own_device_by_himself(lab: Lab) -> None:
    lab.state(lab.next("device", device=named(lab.mallory)), lab.mallory)


def own_device_in_staff(lab: Lab) -> None:
    """The attack on 0.1.0: a device in staff.yaml, and a journal of its own that vouches for that staff.yaml."""
    said = read_document((lab.house / "staff.yaml").read_bytes()).value
    me = lab.mallory
    devices = said.get("devices") or {}
    devices[me.device] = {"staff": BY, "since": "2026-11-01", "age": me.recipient, "signing": me.signing_public}
    data = format_document({**said, "devices": devices}).encode()
    own_line(lab, "staff.yaml", data)


def own_line(lab: Lab, name: str, data: bytes) -> None:
    (lab.house / name).write_bytes(data)
    me = lab.mallory
    root = lab.chain.root if (lab.house / "trust.jsonl").exists() else ""
    place = LinePlace(0, root.encode() or b"0" * 64, root, root[:16] or "0" * 16, {})
    change = FileChange(name, lab.version(name), hashlib.sha256(data).hexdigest())
    lab.add(me, sign_line(change, place, me, did="admit", by=BY, at=AT))


def statement_unknown(lab: Lab) -> None:
    lab.state(lab.next("welcome"), lab.mallory)


def root_renamed(lab: Lab) -> None:
    _in_trust(lab, rb'"store":"S(.)', lambda found: b'"store":"S' + (b"Y" if found[1] == b"Z" else b"Z"))


def statement_spaced(lab: Lab) -> None:
    _in_trust(lab, rb'"sigs":\{("[^"]+"):', rb'"sigs":{\1: ')


def statement_reordered(lab: Lab) -> None:
    _in_trust(lab, rb'^\{("v":1),("kind":"root"),', rb"{\2,\1,")


def statement_signed_twice_over(lab: Lab) -> None:
    _in_trust(lab, rb'"sigs":\{("[^"]+":"[^"]+"),', rb'"sigs":{\1,\1,')


def statement_escaped(lab: Lab) -> None:
    _in_trust(lab, rb'"kind":"root"', rb'"kind":"\\u0072oot"')


def statement_signature_respelt(lab: Lab) -> None:
    """The unused last bits of base64 set: other letters for the same signature."""
    _in_trust(lab, rb'(["AQgw])==("\}\}\n)\Z', lambda found: chr(found[1][0] + 1).encode() + b"==" + found[2])


def statements_crossed_with_lines(lab: Lab) -> None:
    """A statement of his device that the store's own device signed as a line of its journal."""
    as_line = Misled(lab.key, b"shelterctl journal/2 %s\n" % lab.chain.root.encode())
    lab.state(lab.next("device", device=named(lab.mallory)), as_line, lab.mallory)


def line_crossed_with_statements(lab: Lab) -> None:
    """A forged record, and a line for it that the store's own device signed as a statement."""
    lab.save(Misled(lab.key, STATEMENT_PURPOSE), f"residents/{lab.her}.yaml.age", lab.sealed(lab.forged()))


def trust_cut(lab: Lab) -> None:
    path = lab.house / "trust.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))


def trust_cut_and_nothing_written_since(lab: Lab) -> None:
    lines = lab.journal(lab.second).read_bytes()
    head = (lines.count(b"\n"), hashlib.sha256(lines).hexdigest())
    chain = end_device_in_chain(lab.chain, str(lab.second.device), head, "left", BY, AT, lab.key)
    (lab.house / "trust.jsonl").write_bytes(chain.lines)
    lab.desk().do("trust --accept")
    lab.number += 1
    trust_cut(lab)


def trust_cut_within_the_last_line(lab: Lab) -> None:
    path = lab.house / "trust.jsonl"
    path.write_bytes(path.read_bytes()[:-40])


def trust_without_its_middle(lab: Lab) -> None:
    """The line that shut a device out is taken from between two others."""
    chain = add_device_to_chain(lab.chain, create_identity(), BY, BY, AT, lab.key)
    lines = chain.lines.splitlines(keepends=True)
    (lab.house / "trust.jsonl").write_bytes(b"".join([*lines[:-2], lines[-1]]))


def trust_deleted(lab: Lab) -> None:
    (lab.house / "trust.jsonl").unlink()


def trust_emptied(lab: Lab) -> None:
    (lab.house / "trust.jsonl").write_bytes(b"")


def made_to_look_like_0_1_0(lab: Lab) -> None:
    """No list, no journal, and a staff.yaml of 0.1.0 that names the device and the paper as they are."""
    key = lab.key
    trust_deleted(lab)
    shutil.rmtree(lab.house / "journal")
    device = {"staff": BY, "since": "2026-11-01", "age": key.recipient, "signing": key.signing_public}
    said = {"schema": "staff/1", "staff": {BY: {"role": "manager", "since": "2026-11-01"}}}
    devices = {"devices": {key.device: device}, "recovery": {"age": lab.paper.recipient}}
    (lab.house / "staff.yaml").write_text(format_document({**said, **devices}))


def trust_of_many_lines(lab: Lab) -> None:
    with (lab.house / "trust.jsonl").open("ab") as file:
        file.write(b"{}\n" * 80_000)


def trust_nested(lab: Lab) -> None:
    with (lab.house / "trust.jsonl").open("ab") as file:
        file.write(b"[" * 4000 + b"\n")


def _in_trust(lab: Lab, pattern: bytes, now: object) -> None:
    path = lab.house / "trust.jsonl"
    before = path.read_bytes()
    after, count = re.subn(pattern, now, before, count=1)  # type: ignore[call-overload]
    assert count == 1
    assert after != before
    path.write_bytes(after)


def own_store(lab: Lab) -> None:
    """His device and journal under our id, his files sealed to our paper and our device."""
    _founded(lab, lab.mallory, found_chain(_id(lab), lab.mallory, BY, lab.paper.recipient, AT).lines)


def own_store_with_his_paper(lab: Lab) -> None:
    _founded(lab, lab.mallory, found_chain(_id(lab), lab.mallory, BY, create_recovery_key(), AT).lines)


def own_store_that_names_us(lab: Lab) -> None:
    """A root that names our device and our paper, under signatures that he made up."""
    root = _root(lab, named(lab.key), _public(lab.paper))
    _founded(lab, lab.mallory, statements.sign_statement(root, [Forger(lab.key), Forger(lab.paper)]).line + b"\n")


def own_store_under_our_devices_name(lab: Lab) -> None:
    """A root with his own keys under the code of our device, which his key alone signed."""
    me = Identity(lab.mallory.key, lab.mallory.seed, lab.key.device)
    _founded(lab, me, found_chain(_id(lab), me, BY, lab.paper.recipient, AT).lines)


def own_store_that_admits_our_device(lab: Lab) -> None:
    """Our device's true keys admitted by his; ours signed nothing."""
    chain = found_chain(_id(lab), lab.mallory, BY, lab.paper.recipient, AT)
    _founded(lab, lab.mallory, chain.lines)
    lab.state(lab.next("device", device=named(lab.key)), lab.mallory)


def own_store_that_takes_our_paper(lab: Lab) -> None:
    """Our paper's true keys put on the list by his device; the paper signed nothing."""
    chain = found_chain(_id(lab), lab.mallory, BY, create_recovery_key(), AT)
    _founded(lab, lab.mallory, chain.lines)
    lab.state(lab.next("recovery", recovery=_public(lab.paper)), lab.mallory)


def own_store_of_0_1_0(lab: Lab) -> None:
    """A store of 0.1.0 under our id, with our device and our paper in its staff.yaml, and a journal of his own."""
    made_to_look_like_0_1_0(lab)
    own_line(lab, "staff.yaml", (lab.house / "staff.yaml").read_bytes())


def another_store_of_the_same_key(lab: Lab) -> None:
    """A store that the same key file founded for another house."""
    lab.desk().do("init elsewhere --shelter osh --no-passphrase --recovery elsewhere-paper", today=None)
    shutil.rmtree(lab.house)
    (lab.folder / "elsewhere").rename(lab.house)


def _id(lab: Lab) -> str:
    return lab.chain.store


def _public(paper: Identity) -> dict[str, str]:
    return {"age": paper.recipient, "sign": paper.signing_public}


def _root(lab: Lab, device: object, paper: object) -> dict[str, object]:
    heading = {"v": 1, "kind": "root", "at": AT, "by": BY, "store": _id(lab)}
    return {**heading, "device": device, "recovery": paper}


def _founded(lab: Lab, me: Identity, chain: bytes) -> None:
    """The house as he wants it read, every file vouched for by a journal of his."""
    everyone = (lab.key.recipient, lab.paper.recipient)
    files = {path.relative_to(lab.house).as_posix(): path for path in lab.house.rglob("*") if path.is_file()}
    clear = {
        name: lab.sealed(lab.opened(path), *everyone) if name.endswith(".age") else path.read_bytes()
        for name, path in files.items()
        if not name.startswith((".", "journal", "trust"))
    }
    shutil.rmtree(lab.house / "journal")
    (lab.house / "journal").mkdir()
    (lab.house / "trust.jsonl").write_bytes(chain)
    for name, data in clear.items():
        lab.save(me, name, data)


def own_journal(lab: Lab) -> None:
    own_line(lab, f"residents/{lab.her}.yaml.age", lab.record.read_bytes())


def own_journal_and_record(lab: Lab) -> None:
    own_line(lab, f"residents/{lab.her}.yaml.age", lab.sealed(lab.forged()))


def own_line_in_our_journal(lab: Lab) -> None:
    me = Identity(lab.mallory.key, lab.mallory.seed, lab.key.device)
    lab.save(me, f"residents/{lab.her}.yaml.age", lab.sealed(lab.forged()))


def line_edited(lab: Lab) -> None:
    _in_journal(lab, lambda lines: [*lines[:2], lines[2].replace(b'"by":"', b'"by":"x'), *lines[3:]])


def last_line_edited(lab: Lab) -> None:
    """The last line names a record of his."""
    data = lab.sealed(lab.opened(lab.house / f"residents/{lab.later}.yaml.age").replace(b"a third", b"nobody "))
    name, now = json.loads(lab.journal().read_bytes().splitlines()[-1])["file"], hashlib.sha256(data).hexdigest()
    (lab.house / name).write_bytes(data)
    _in_journal(lab, lambda lines: [*lines[:-1], re.sub(rb'"now":"\w+"', b'"now":"%s"' % now.encode(), lines[-1])])


def last_signature_respelt(lab: Lab) -> None:
    respell = lambda found: chr(found[1][0] + 1).encode() + b'=="}'  # noqa: E731
    _in_journal(lab, lambda lines: [*lines[:-1], re.sub(rb'([AQgw])=="\}', respell, lines[-1])])


def line_taken_out(lab: Lab) -> None:
    """The one by which her record came, and which a later one goes on from."""
    about = lab.record.relative_to(lab.house).as_posix().encode()
    came = next(number for number, line in enumerate(_lines(lab)) if about in line)
    _in_journal(lab, lambda lines: [*lines[:came], *lines[came + 1 :]])


def first_line_taken_out(lab: Lab) -> None:
    _in_journal(lab, lambda lines: lines[1:])


def journal_cut(lab: Lab) -> None:
    _in_journal(lab, lambda lines: lines[:-1])


def journal_emptied(lab: Lab) -> None:
    _in_journal(lab, lambda lines: [])


def journal_deleted(lab: Lab) -> None:
    lab.journal().unlink()


def journals_deleted(lab: Lab) -> None:
    shutil.rmtree(lab.house / "journal")


def second_journal_deleted(lab: Lab) -> None:
    """The journal of the other device, and the file that it speaks of last as it was before."""
    lab.journal(lab.second).unlink()


def second_journal_put_back(lab: Lab) -> None:
    name = lab.journal(lab.second).relative_to(lab.house)
    shutil.copy(lab.old / name, lab.house / name)
    other = f"residents/{lab.other}.yaml.age"
    shutil.copy(lab.old / other, lab.house / other)


def journal_under_another_name(lab: Lab) -> None:
    lab.journal().rename(lab.journal(lab.mallory))


def journal_of_our_other_store(lab: Lab) -> None:
    """The journal that the same device wrote in another store, and the file that it speaks of."""
    lab.desk().do("init elsewhere --shelter osh --no-passphrase --recovery elsewhere-paper", today=None)
    elsewhere = lab.folder / "elsewhere"
    for name in ("shelter.yaml", "staff.yaml", f"journal/{lab.key.device}.jsonl"):
        shutil.copy(elsewhere / name, lab.house / name)


def line_of_our_other_store(lab: Lab) -> None:
    """A line that the same device signed in another store, and that fits behind the last one here."""
    elsewhere = Misled(lab.key, b"shelterctl journal/2 %s\n" % ELSEWHERE.encode())
    lab.save(elsewhere, f"residents/{lab.her}.yaml.age", (lab.old / lab.record.relative_to(lab.house)).read_bytes())


def ends_of_lines_behind_our_journal(lab: Lab) -> None:
    _filled(lab, b"\n")


def last_line_over_and_over(lab: Lab) -> None:
    _filled(lab, _lines(lab)[-1] + b"\n")


def _filled(lab: Lab, rubbish: bytes) -> None:
    room = limits.JOURNAL_BYTES - lab.journal().stat().st_size
    with lab.journal().open("ab") as file:
        file.write(rubbish * (room // len(rubbish)))


def _lines(lab: Lab) -> list[bytes]:
    return lab.journal().read_bytes().splitlines()


def _in_journal(lab: Lab, change: Callable[[list[bytes]], list[bytes]]) -> None:
    path = lab.journal()
    path.write_bytes(b"".join(line + b"\n" for line in change(path.read_bytes().splitlines())))


OBEYED = "x\x1b[2Jy\x1b]0;z\x07\x9b1m\u202eq\u2066"
"""What clears the screen, gives the window a title, and turns the direction of writing."""


def record_forged(lab: Lab) -> None:
    lab.record.write_bytes(lab.sealed(lab.forged()))


def record_new(lab: Lab) -> None:
    data = lab.opened().replace(lab.her.encode(), b"7QF2-M9KD")
    (lab.house / "residents/7QF2-M9KD.yaml.age").write_bytes(lab.sealed(data))


def record_old(lab: Lab) -> None:
    _back(lab, lab.record)


def records_swapped(lab: Lab) -> None:
    other = lab.record.with_name(f"{lab.other}.yaml.age")
    mine, theirs = lab.record.read_bytes(), other.read_bytes()
    lab.record.write_bytes(theirs)
    other.write_bytes(mine)


def record_and_tail_put_back(lab: Lab) -> None:
    """Her record, and the journal, as they were; the client who came later stays."""
    _back(lab, lab.record)
    _back(lab, lab.journal())
    (lab.house / f"residents/{lab.later}.yaml.age").unlink()


def with_another_reader(lab: Lab) -> None:
    """Her record sealed to his key as well as to ours."""
    lab.record.write_bytes(lab.sealed(lab.opened(), *lab.chain.readership.everyone, lab.mallory.recipient))


def deleted(lab: Lab) -> None:
    lab.place.unlink()


def one_bit(lab: Lab) -> None:
    data = bytearray(lab.place.read_bytes())
    data[len(data) // 2] ^= 1
    lab.place.write_bytes(data)


def renamed_in_shelter(lab: Lab) -> None:
    """shelter.yaml says that the store is another one, of which this computer remembers nothing."""
    path = lab.house / "shelter.yaml"
    path.write_text(re.sub(r"store: \S+", "store: S000000000000", path.read_text()))


def places_in_shelter(lab: Lab) -> None:
    path = lab.house / "shelter.yaml"
    path.write_text(re.sub(r"capacity: \d+", "capacity: 80", path.read_text()))


def stray_files(lab: Lab) -> None:
    (lab.house / "residents/readme.txt").write_text("x")
    (lab.house / "run.sh").write_text("x")


def folder_named_as_a_leaving(lab: Lab) -> None:
    lab.record.with_name(f".{lab.record.name}.{'0' * 16}.tmp").mkdir()


def pipe_named_as_an_announcement(lab: Lab) -> None:
    os.mkfifo(lab.journal().with_name(f".{lab.key.device}.act"))


def _back(lab: Lab, path: Path) -> None:
    shutil.copy(lab.old / path.relative_to(lab.house), path)


def all_put_back(lab: Lab) -> None:
    shutil.rmtree(lab.house)
    shutil.copytree(lab.old, lab.house)


def all_put_back_and_own_journal(lab: Lab) -> None:
    all_put_back(lab)
    own_journal(lab)


def all_put_back_and_renamed(lab: Lab) -> None:
    all_put_back(lab)
    renamed_in_shelter(lab)


def all_put_back_own_device_and_renamed(lab: Lab) -> None:
    all_put_back_and_renamed(lab)
    own_journal(lab)
    own_device_by_himself(lab)


def huge(lab: Lab) -> None:
    os.truncate(lab.place, 20 << 30)


def pipe(lab: Lab) -> None:
    lab.place.unlink(missing_ok=True)
    os.mkfifo(lab.place)


def link(lab: Lab) -> None:
    """A link to a file that says just the same, but lies where he can change it at any moment."""
    away = lab.folder / "away"
    if lab.place.exists():
        lab.place.rename(away)
    else:
        away.write_bytes(b"")
    lab.place.symlink_to(away)


def folder(lab: Lab) -> None:
    lab.place.unlink(missing_ok=True)
    lab.place.mkdir()


def stanzas(lab: Lab) -> None:
    """A header of ten thousand keys."""
    lab.place.write_bytes(b"age-encryption.org/v1\n" + _stanzas(10_000) + b"--- " + b"A" * 43 + b"\n" + b"\0" * 64)


def some_stanzas(lab: Lab) -> None:
    """A header of five hundred keys: some seconds of work, if anybody tries them."""
    lab.place.write_bytes(b"age-encryption.org/v1\n" + _stanzas(500) + b"--- " + b"A" * 43 + b"\n" + b"\0" * 64)


def header_without_end(lab: Lab) -> None:
    lab.place.write_bytes(b"age-encryption.org/v1\n-> X25519 " + b"A" * (1 << 20))


def many_files(lab: Lab) -> None:
    for number in range(200_000):
        os.close(os.open(lab.house / "residents" / f"{number}", os.O_CREAT | os.O_WRONLY))


def _stanzas(count: int) -> bytes:
    drawn = (base64.b64encode(os.urandom(32)).rstrip(b"=") for _ in range(2 * count))
    return b"".join(b"-> X25519 %s\n%s\n" % pair for pair in zip(drawn, drawn, strict=True))


def names_that_a_terminal_obeys(lab: Lab) -> None:
    """Files whose names clear the screen and turn what stands behind them round."""
    for place in (lab.house, lab.house / "residents", lab.house / "journal"):
        for ending in ("", ".yaml", ".yaml.age", ".jsonl"):
            (place / f"{OBEYED}{ending}").write_bytes(b"x")


ZERO = "schema: secrets/1\nsheet_codes: [{id: AAAAAA, since: 2026-01-01, key: '%s'}]\n" % ("0" * 64)
HIS_NAMES = "schema: directory/1\nstaff: {s-gulnara: {name: Чужая, phone: '0555 999 999'}}\n"


def _staff(lab: Lab) -> None:
    path = lab.house / "staff.yaml"
    path.write_text(path.read_text() + "  s-mallory: {role: manager, since: '2026-01-01'}\n")


def _all(lab: Lab) -> None:
    for forge in list(FORGERIES.values())[:-1]:
        forge(lab)


FORGERIES: dict[str, Callable[[Lab], None]] = {
    "record_forged": record_forged,
    "record_old": record_old,
    "client_invented": record_new,
    "staff_forged": _staff,
    "houses_forged": places_in_shelter,
    "names_forged": lambda lab: _put(lab, "directory.yaml.age", HIS_NAMES),
    "secrets_forged": lambda lab: _put(lab, "secrets.yaml.age", ZERO),
    "all_of_it": _all,
}
"""What is forged, by how the table names it."""


def _put(lab: Lab, name: str, text: str) -> None:
    (lab.house / name).write_bytes(lab.sealed(text.encode()))


def _byte(forge: Callable[[Lab], None], lab: Lab) -> None:
    """One byte in the middle of the journal."""
    data = bytearray(lab.journal().read_bytes())
    data[len(data) // 2] ^= 0x15
    lab.journal().write_bytes(data)
    forge(lab)


def _line(forge: Callable[[Lab], None], lab: Lab) -> None:
    """The last line about a file that is forged then, or of the journal; what it said is gone."""
    before = {path: path.read_bytes() for path in lab.house.rglob("*") if path.is_file()}
    forge(lab)
    changed = {path.relative_to(lab.house).as_posix() for path in before if path.read_bytes() != before[path]}
    lines = lab.journal().read_bytes().split(b"\n")
    about = [place for place, line in enumerate(lines) if line and (not changed or json.loads(line)["file"] in changed)]
    lines[about[-1]] = b"#" * len(lines[about[-1]])
    lab.journal().write_bytes(b"\n".join(lines))


for _name, _forge in FORGERIES.items():
    globals()[f"byte_and_{_name}"] = partial(_byte, _forge)
    globals()[f"line_and_{_name}"] = partial(_line, _forge)
