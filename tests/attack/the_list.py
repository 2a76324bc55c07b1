"""What can be done to the list of devices by whoever can write to the folder, and holds no key."""

import hashlib
import re
import shutil

from attack.lab import AT, BY, Lab, Misled, named
from shelterctl.document.reading import read_document
from shelterctl.document.writing import format_document
from shelterctl.identity.keys import create_identity
from shelterctl.journal.line import FileChange, LinePlace, sign_line
from shelterctl.trust.chain import add_device_to_chain, end_device_in_chain
from shelterctl.trust.statement import STATEMENT_PURPOSE


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
