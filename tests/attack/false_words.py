"""What the second device signs with its true key and is not so: lines that are none, mends of whole lines, ends."""

import hashlib
import json
import shutil

from hostile_lines import fields, sign, spelt

from attack.lab import Lab
from shelterctl.identity.keys import Identity
from shelterctl.journal.line import hash_line, last_line


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
