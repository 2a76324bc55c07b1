"""What the second device signs with its true key and is not so, in its journal and in statements."""

import hashlib
import json
import shutil

from shelterctl import limits
from shelterctl.identity.keys import Identity, create_identity, create_recovery_key
from shelterctl.journal.line import hash_line, last_line
from shelterctl.trust.statement import STATEMENT_PURPOSE, sign_statement
from tests.attack.lab import AT, BY, Forger, Lab, named
from tests.support.hostile_lines import fields, sign, spelt


def line_without_a_field(lab: Lab) -> None:
    said = _next(lab, lab.second)
    _signed(lab, lab.second, spelt({key: value for key, value in said.items() if key != "trust"}))


def line_nested_without_end(lab: Lab) -> None:
    _signed(lab, lab.second, spelt({**_next(lab, lab.second), "more": b"[" * 1900 + b"]" * 1900}))


def line_of_no_time(lab: Lab) -> None:
    _signed(lab, lab.second, spelt({**_next(lab, lab.second), "at": b'"zzz"'}))


def line_with_letters_that_turn(lab: Lab) -> None:
    _signed(lab, lab.second, spelt({**_next(lab, lab.second), "by": '"\x1b[31m\u202egnp"'.encode()}))


def line_of_a_number_beyond_all(lab: Lab) -> None:
    _signed(lab, lab.second, spelt({**_next(lab, lab.second), "seq": b"1e400"}))


def own_line_that_is_none(lab: Lab) -> None:
    """The same with a copy of the first device's key."""
    _signed(lab, lab.key, spelt({**_next(lab, lab.key), "seen": b'{"zzzzzzzz":7}'}))


def line_signed_for_by_the_last_in_force(lab: Lab) -> None:
    """A whole line of the first device signed for as broken, with a copy of its key, where no other device is left."""
    place = lab.journal()
    before = b"".join(place.read_bytes().splitlines(keepends=True)[:3])
    broken = {"device": lab.key.device, "line": 3, "sha256": hashlib.sha256(before).hexdigest()}
    lab.add(lab.key, lab.line(lab.key, f"journal/{place.name}", None, more={"mend": broken}, did="repair"))


def line_that_is_none_and_was_noted(lab: Lab) -> None:
    """The first device took note of it with an older version, which looked at no line's shape."""
    line_of_no_time(lab)
    (note,) = [path for path in (lab.folder / "key.heads").iterdir() if path.suffix == "" and len(path.name) == 16]
    said = json.loads(note.read_text().rpartition(" ")[0])
    lines = lab.journal(lab.second).read_bytes()
    said["journals"][lab.second.device] = [lines.count(b"\n"), len(lines), hashlib.sha256(lines).hexdigest()]
    del said["held"]
    text = json.dumps({**said, "newest": "zzz"}, separators=(",", ":"))
    note.write_text(f"{text} {lab.key.mark(text.encode())}")


def whole_line_signed_for_as_broken(lab: Lab) -> None:
    """The last line about her record is unsaid, and the record from before is put back."""
    _mend(lab, lab.key, _last_about(lab, lab.key, f"residents/{lab.her}.yaml.age"))
    _put_back(lab, f"residents/{lab.her}.yaml.age")


def own_whole_line_signed_for_as_broken(lab: Lab) -> None:
    _mend(lab, lab.second, _last_about(lab, lab.second, f"residents/{lab.other}.yaml.age"))
    _put_back(lab, f"residents/{lab.other}.yaml.age")


def line_signed_for_that_is_not_there(lab: Lab) -> None:
    _mend(lab, lab.key, 500)


def line_destroyed_and_signed_for(lab: Lab) -> None:
    """What a whole line said is made unreadable, and signed for: then the record from before is put back."""
    number = _last_about(lab, lab.key, f"residents/{lab.her}.yaml.age")
    lines = lab.journal().read_bytes().split(b"\n")
    lines[number - 1] = b"#" * len(lines[number - 1])
    lab.journal().write_bytes(b"\n".join(lines))
    _mend(lab, lab.key, number)
    _put_back(lab, f"residents/{lab.her}.yaml.age")


def line_of_the_second_destroyed_and_signed_for(lab: Lab) -> None:
    """What the second device wrote is made unreadable by whoever has the older device, which signs for it."""
    name = f"residents/{lab.other}.yaml.age"
    number = _last_about(lab, lab.second, name)
    lines = lab.journal(lab.second).read_bytes().split(b"\n")
    lines[number - 1] = b"#" * len(lines[number - 1])
    lab.journal(lab.second).write_bytes(b"\n".join(lines))
    _mend(lab, lab.second, number, by=lab.key)
    _put_back(lab, name)


def vouched_for_what_a_line_names_otherwise(lab: Lab) -> None:
    """The record from before is put back, and signed for as if no line spoke of it."""
    name = f"residents/{lab.her}.yaml.age"
    _put_back(lab, name)
    now = hashlib.sha256(lab.record.read_bytes()).hexdigest()
    said = {
        **_next(lab, lab.second),
        "did": b'"repair"',
        "file": b'"%s"' % name.encode(),
        "base": b"null",
        "seen": b"{}",
    }
    _signed(lab, lab.second, spelt({**said, "now": b'"%s"' % now.encode(), "more": b'{"vouched":true}'}))


def her_record_given_up(lab: Lab) -> None:
    """It is signed that no backup has her record, and the record is taken away."""
    name = f"residents/{lab.her}.yaml.age"
    last = last_line(lab.journal().read_bytes())
    seen = b'{"%s":[%d,"%s"]}' % (str(lab.key.device).encode(), json.loads(last)["seq"], hash_line(last)[:16])
    base = str(lab.version(name)).encode()
    said = {**_next(lab, lab.second), "did": b'"repair"', "file": b'"%s"' % name.encode(), "base": b'"%s"' % base}
    _signed(lab, lab.second, spelt({**said, "now": b"null", "seen": seen, "more": b'{"reason":"no_backup"}'}))
    lab.record.unlink()


def end_of_lines_that_never_were(lab: Lab) -> None:
    _end(lab, 999, "0" * 64)


def end_over_other_lines(lab: Lab) -> None:
    _end(lab, lab.journal().read_bytes().count(b"\n"), "0" * 64)


def end_that_leaves_lines_out(lab: Lab) -> None:
    lines = lab.journal().read_bytes().splitlines(keepends=True)[:3]
    _end(lab, 3, hashlib.sha256(b"".join(lines)).hexdigest())


def _end(lab: Lab, lines: int, sha256: str) -> None:
    """The first device is shut out by the second one."""
    lab.state(lab.next("end", device=lab.key.device, lines=lines, sha256=sha256, why="left"), lab.second)


def _next(lab: Lab, writer: Identity) -> dict[str, bytes]:
    """What the next line of that device would say, without facts of a repair."""
    last = last_line(lab.journal(writer).read_bytes())
    said = {key: value for key, value in fields(last).items() if key != "more"}
    return {
        **said,
        "seq": b"%d" % (json.loads(last)["seq"] + 1),
        "prev": b'"%s"' % hash_line(last),
        "base": said["now"],
    }


def _signed(lab: Lab, writer: Identity, head: bytes) -> None:
    lab.add(writer, sign(head, writer, lab.chain.root))


def _mend(lab: Lab, whose: Identity, number: int, by: Identity | None = None) -> None:
    """The second device, or another one, signs that a line is broken."""
    writer = by or lab.second
    lines = lab.journal(whose).read_bytes().splitlines(keepends=True)[:number]
    mend = {"device": whose.device, "line": number, "sha256": hashlib.sha256(b"".join(lines)).hexdigest()}
    said = {**_next(lab, writer), "did": b'"repair"', "base": b"null", "now": b"null", "seen": b"{}"}
    said["file"] = b'"journal/%s.jsonl"' % str(writer.device).encode()
    said["more"] = json.dumps({"mend": mend}, separators=(",", ":")).encode()
    _signed(lab, writer, spelt(said))


def _last_about(lab: Lab, writer: Identity, name: str) -> int:
    lines = lab.journal(writer).read_bytes().splitlines()
    return max(number for number, line in enumerate(lines, 1) if json.loads(line)["file"] == name)


def _put_back(lab: Lab, name: str) -> None:
    shutil.copy(lab.old / name, lab.house / name)


PAD = {"A": "B", "E": "F", "I": "J", "M": "N", "Q": "R", "U": "V", "Y": "Z", "c": "d", "g": "h", "k": "l", "o": "p"}
PAD |= {"s": "t", "w": "x", "0": "1", "4": "5", "8": "9"}
LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def device_that_did_not_agree(lab: Lab) -> None:
    lab.state(lab.next("device", device=named(lab.mallory)), lab.second)


def device_under_a_forged_agreement(lab: Lab) -> None:
    lab.state(lab.next("device", device=named(lab.mallory)), lab.second, forged=[lab.mallory])


def device_added(lab: Lab) -> None:
    """A device that whoever may admit it admitted, and of which the first computer does not know."""
    lab.state(lab.next("device", device=named(lab.mallory)), lab.second, lab.mallory)


def list_filled_with_statements(lab: Lab) -> None:
    """Admits and shuts out devices of his own, until no line of the list is left in which he could be shut out."""
    nothing = {"lines": 0, "sha256": hashlib.sha256(b"").hexdigest(), "why": "left"}
    for _ in range((limits.TRUST_CHAIN_LINES - len(lab.chain.digests)) // 2):
        key = create_identity()
        _behind_the_last(lab, "device", lab.second, key, device=named(key))
        _behind_the_last(lab, "end", lab.second, device=key.device, **nothing)


def list_filled_with_signatures(lab: Lab) -> None:
    """Lets twenty devices of his own sign one paper after another, until no end would be short enough for the list."""
    keys = [lab.second, *(create_identity() for _ in range(20))]
    for key in keys[1:]:
        _behind_the_last(lab, "device", lab.second, key, device=named(key))
    while (lab.house / "trust.jsonl").stat().st_size < limits.TRUST_CHAIN_BYTES - limits.TRUST_LINE_BYTES:
        paper = create_recovery_key()
        said = {"age": paper.recipient, "sign": paper.signing_public}
        _behind_the_last(lab, "recovery", *keys, paper, recovery=said)


def _behind_the_last(lab: Lab, kind: str, *signers: Identity, **said: object) -> None:
    """A statement behind the last one, whether the list may go on so or not."""
    place = lab.house / "trust.jsonl"
    lines = place.read_bytes().splitlines()
    root, last = (hashlib.sha256(line).hexdigest() for line in (lines[0], lines[-1]))
    heading = {"v": 1, "kind": kind, "root": root, "prev": [last], "at": AT, "by": BY}
    with place.open("ab") as file:
        file.write(sign_statement({**heading, **said}, signers).line + b"\n")


def device_with_our_age_key(lab: Lab) -> None:
    twin = Identity(lab.key.key, lab.mallory.seed, lab.mallory.device)
    lab.state(lab.next("device", device=named(twin)), lab.second, twin)


def device_with_our_age_key_respelt(lab: Lab) -> None:
    """The unused bits at the end of the recipient set: another word for the same key."""
    said = {**named(Identity(lab.key.key, lab.mallory.seed, lab.mallory.device)), "age": _respelt(lab.key.recipient)}
    lab.state(lab.next("device", device=said), lab.second, lab.mallory)


def device_with_our_signing_key_respelt(lab: Lab) -> None:
    """The unused bits at the end of base64 set: another word for the second device's own signing key."""
    respelt = lab.second.signing_public[:-2] + PAD[lab.second.signing_public[-2]] + "="
    said = {**named(lab.mallory), "sign": respelt}

    class Again(Forger):
        signing_public = respelt

        def sign(self, data: bytes) -> str:
            return self.of.sign(data)

    lab.state(lab.next("device", device=said), lab.second, Again(lab.second))


def device_by_two_statements_in_one(lab: Lab) -> None:
    """A statement with a key twice: one reader sees the one device, another the other."""
    evil, good = named(lab.mallory), named(create_identity())
    said = lab.next("device", device=evil)
    plain = json.dumps(said, separators=(",", ":")).encode()
    twice = plain.replace(b',"device":{', b',"device":%s,"device":{' % json.dumps(good, separators=(",", ":")).encode())
    signatures = {one.signing_public: one.sign(STATEMENT_PURPOSE + twice) for one in (lab.second, lab.mallory)}
    line = twice[:-1] + b',"sigs":' + json.dumps(signatures, separators=(",", ":")).encode() + b"}\n"
    with (lab.house / "trust.jsonl").open("ab") as file:
        file.write(line)


def device_for_another_root(lab: Lab) -> None:
    lab.state({**lab.next("device", device=named(lab.mallory)), "root": "0" * 64}, lab.second, lab.mallory)


def device_behind_another_statement(lab: Lab) -> None:
    lab.state({**lab.next("device", device=named(lab.mallory)), "prev": ["0" * 64]}, lab.second, lab.mallory)


def statement_signed_by_a_bystander(lab: Lab) -> None:
    third = create_identity()
    lab.state(lab.next("device", device=named(third)), lab.second, third, lab.mallory)


def continued_twice_by_one(lab: Lab) -> None:
    said = lab.next("device", device=named(lab.mallory))
    third = create_identity()
    lab.state(said, lab.second, lab.mallory)
    lab.state({**said, "device": named(third)}, lab.second, third)


def continued_twice_by_two(lab: Lab) -> None:
    said = lab.next("device", device=named(lab.mallory))
    third = create_identity()
    lab.state(said, lab.second, lab.mallory)
    lab.state({**said, "device": named(third)}, lab.key, third)


def statement_of_a_later_version(lab: Lab) -> None:
    """What a later shelterctl will say of who reads what."""
    lab.state(lab.next("readers", part="health", devices=[lab.key.device]), lab.second)


def device_that_may_only_write_admits(lab: Lab) -> None:
    """A device that may write and no more was admitted; it admits one of its own."""
    third, fourth = create_identity(), create_identity()
    lab.state(lab.next("device", device=named(third, may=["write"])), lab.key, third)
    lab.desk().do("trust --accept")
    lab.number += 1
    lab.state(lab.next("device", device=named(fourth)), third, fourth)


def device_that_may_not_write_writes(lab: Lab) -> None:
    third = create_identity()
    lab.state(lab.next("device", device=named(third, may=[])), lab.key, third)
    lab.desk().do("trust --accept")
    lab.number += 1
    lab.save(third, f"residents/{lab.her}.yaml.age", lab.sealed(lab.opened().replace(b"KG-", b"XX-")))


def founder_shut_out(lab: Lab) -> None:
    """The second device shuts the first one out, as it may."""
    lines = lab.journal().read_bytes()
    said = {"device": lab.key.device, "lines": lines.count(b"\n"), "sha256": hashlib.sha256(lines).hexdigest()}
    lab.state(lab.next("end", **said, why="left"), lab.second)


def paper_replaced(lab: Lab) -> None:
    paper = create_recovery_key()
    lab.state(lab.next("recovery", recovery={"age": paper.recipient, "sign": paper.signing_public}), lab.second, paper)


def paper_replaced_by_one_that_did_not_sign(lab: Lab) -> None:
    paper = create_recovery_key()
    lab.state(lab.next("recovery", recovery={"age": paper.recipient, "sign": paper.signing_public}), lab.second)


def paper_as_found(lab: Lab) -> None:
    """Whoever found the paper admits a device of his own, by a true statement."""
    lab.state(lab.next("device", device=named(lab.mallory)), lab.paper, lab.mallory)


def _respelt(recipient: str) -> str:
    """The same key with its last unused bits set, and the checksum of that."""
    data = [LETTERS.index(letter) for letter in recipient[4:-6]]
    data[-1] |= 1
    prefix = [ord(letter) >> 5 for letter in "age"] + [0] + [ord(letter) & 31 for letter in "age"]
    sum_ = 1
    for value in [*prefix, *data, *[0] * 6]:
        top, sum_ = sum_ >> 25, (sum_ & 0x1FFFFFF) << 5 ^ value
        for bit, each in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            sum_ ^= each if top >> bit & 1 else 0
    sum_ ^= 1
    return "age1" + "".join(LETTERS[value] for value in [*data, *[sum_ >> 5 * (5 - at) & 31 for at in range(6)]])
