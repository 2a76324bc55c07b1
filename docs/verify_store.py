"""Verify a store of shelterctl without shelterctl: who signed what, and whether each file is the one signed last.

    python verify_store.py STORE [ROOT]

It needs no key and opens no file. ROOT is the sha256 of the first line of trust.jsonl, as you know it from elsewhere;
without it a store that was forged whole passes. Exit code 0: nothing is wrong; 1: each wrong place is named; 2: the
store cannot be read. The formats: docs/topics/en/formats.md. It needs Python 3.11 and the package cryptography.
"""

import base64
import hashlib
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Fields = dict[str, Any]


def sha256(data: bytes) -> str:
    """Return the hash by which a line, a version of a file and a store are named."""
    return hashlib.sha256(data).hexdigest()


def read_lines(path: Path) -> list[bytes]:
    """Return the whole lines of a file without their ends; half a line at the end was never saved."""
    return path.read_bytes().split(b"\n")[:-1] if path.is_file() else []


def parse_line(line: bytes, last: str, needed: Iterable[str] = ()) -> tuple[Fields, bytes]:
    """Return the fields of a line and the bytes that were signed: all before the field *last*. Raises ValueError."""
    fields = json.loads(line)
    if json.dumps(fields, separators=(",", ":")).encode() != line or list(fields)[-1] != last or {*needed} - {*fields}:
        raise ValueError  # a field given twice, or after the signature, would be read and not be signed
    return fields, line[: line.rindex(b',"%s":' % last.encode())] + b"}"


def is_signed(key: str, signature: str, text: bytes) -> bool:
    """Return whether the owner of this key signed the text, and the signature is spelt as base64 spells it."""
    try:
        raw = base64.b64decode(signature, validate=True)
        Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True)).verify(raw, text)
    except (InvalidSignature, ValueError):
        return False
    return base64.b64encode(raw).decode() == signature


class Trust(NamedTuple):
    """What holds after a statement: devices by code, the key of the paper, roles by person, whether roles decide."""

    devices: dict[str, Fields]
    paper: str | None
    roles: dict[str, list[str]]
    roles_decide: bool

    def authorities(self) -> set[str | None]:
        """Return the keys that may make the next statement."""
        may = {
            code: "manager" in self.roles.get(one["staff"], ()) if self.roles_decide else "trust" in one["may"]
            for code, one in self.devices.items()
        }
        return {one["sign"] for code, one in self.devices.items() if may[code] and "end" not in one} | {self.paper}


def may_make(said: Fields, signers: set[str], before: list[Trust]) -> bool:
    """Return whether these signers may make a statement that continues these states."""
    if said["kind"] == "root":
        return signers == {said["device"]["sign"], said["recovery"]["sign"]} - {None}
    if said["kind"] == "settle":
        return len(before) > 1 and signers == {one.paper for one in before}
    place = {"device": "device", "recovery": "recovery", "accept": "recovery"}.get(said["kind"])
    added = {said[place]["sign"]} if place else set()  # a key that is added agrees by signing
    resigns = said["kind"] == "end" and signers == {before[-1].devices[said["device"]]["sign"]}
    makers = signers - added
    return added <= signers and bool(makers) and (makers <= before[-1].authorities() or resigns)


def apply_statement(said: Fields, before: list[Trust]) -> Trust:
    """Return what holds after a statement."""
    kind, trust = said["kind"], before[-1] if before else Trust({}, None, {}, False)
    if kind == "settle":
        return join_branches(said, before)
    if kind in ("root", "device"):
        trust = trust._replace(devices=trust.devices | {said["device"]["code"]: said["device"]})
    if kind in ("root", "recovery", "accept"):
        trust = trust._replace(paper=said["recovery"]["sign"])
    if kind == "end":
        ended = trust.devices[said["device"]] | {"end": said}
        trust = trust._replace(devices=trust.devices | {said["device"]: ended})
    if kind == "roles":
        trust = trust._replace(roles=trust.roles | {said["staff"]: said["roles"]})
    return trust._replace(roles_decide=bool(said["parts"])) if kind == "access" else trust


def join_branches(said: Fields, before: list[Trust]) -> Trust:
    """Return what holds after the paper joined branches: who was shut out in one is out, unless the paper keeps it."""
    devices: dict[str, Fields] = {}
    for code, device in (pair for one in before for pair in one.devices.items()):
        devices[code] = devices.get(code, {}) | device
    for code in said["keep"]:
        devices[code].pop("end", None)
    deciding = [one for one in before if one.roles_decide] or before
    roles = {
        staff: [role for role in granted if all(role in one.roles.get(staff, ()) for one in deciding)]
        for staff, granted in deciding[0].roles.items()
    }
    return Trust(devices, said["recovery"]["sign"], roles, deciding[0].roles_decide)


def verify_trust(lines: list[bytes]) -> tuple[Trust, list[str], list[str]]:
    """Return what holds at the end of the list, the hashes of its statements, and what is wrong with it."""
    states: dict[str, Trust] = {}
    last, tips = Trust({}, None, {}, False), set[str]()
    for number, line in enumerate(lines, 1):
        fault = "changed, or not signed by those who may"
        try:
            said, text = parse_line(line, "sigs")
            signed = all(is_signed(key, one, b"shelterctl trust/1\n" + text) for key, one in said["sigs"].items())
            placed = sha256(line) not in states and set(said.get("prev", ())) <= set(states)
            if signed and not placed:
                fault = "signed, but out of place: a line before it was left out, or it was moved or doubled"
            before = [states[digest] for digest in said.get("prev", ())]
            rooted = not states if said["kind"] == "root" else said["root"] == next(iter(states)) and bool(before)
            if not (signed and placed and rooted and may_make(said, set(said["sigs"]), before)):
                raise ValueError
            last = states[sha256(line)] = apply_statement(said, before)
        except (ValueError, LookupError, TypeError, StopIteration, RecursionError):
            return last, list(states), [f"trust.jsonl line {number}: {fault}"]
        tips = tips - set(said.get("prev", ())) | {sha256(line)}
    parted = ["trust.jsonl: it was continued in two ways, and nobody joined them"] if len(tips) > 1 else []
    return last, list(states), parted if states else ["trust.jsonl: missing or empty, so nothing can be believed"]


class Journal(NamedTuple):
    """The journal of a device: its lines that count, its key, and the hash before its first line."""

    code: str
    device: Fields
    lines: list[bytes]
    root: str

    def read_line(self, number: int) -> Fields | None:
        """Return the fields of a line, from 0; None unless this device signed it."""
        line = self.lines[number]
        kind = b"shelterctl journal/2 %s\n" % self.root.encode() if line.startswith(b'{"v":2,') else b""
        try:
            said, text = parse_line(line, "sig", ("seq", "prev", "did", "file", "now"))
        except (ValueError, LookupError, TypeError, RecursionError):
            return None
        return said if is_signed(self.device["sign"], said["sig"], kind + text) else None


def read_facts(journals: Iterable[Journal], kind: str) -> set[tuple[str, int, str]]:
    """Return device, number and hash up to it: of broken lines (``mend``), or of the ends of journals (``remains``)."""
    beginning = b'"%s":{"device"' % kind.encode()
    places = ((journal, at) for journal in journals for at, line in enumerate(journal.lines) if beginning in line)
    facts = [said["more"].get(kind) for journal, at in places if (said := journal.read_line(at)) and "more" in said]
    return {(fact["device"], fact["line"], fact["sha256"]) for fact in facts if fact}


def cut_journal(journal: Journal, remains: set[tuple[str, int, str]]) -> Journal | None:
    """Return the journal of a device that was shut out, with the lines that count; None if they are others."""
    if "end" not in journal.device:
        return journal
    end = journal.device["end"]
    counts = {(end["lines"], end["sha256"])} | {(at, digest) for code, at, digest in remains if code == journal.code}
    for number, digest in sorted(counts, reverse=True):
        lines = journal.lines[:number]
        if sha256(b"".join(line + b"\n" for line in lines)) == digest:
            return journal._replace(lines=lines)
    return None


def verify_journal(
    journal: Journal, marks: set[str], mended: set[tuple[str, int, str]]
) -> tuple[list[Fields], list[str]]:
    """Return the lines that count, and what is wrong. What follows from a fault is no fault of the line after it."""
    found, wrong, so_far, was_linked = list[Fields](), list[str](), hashlib.sha256(), True
    before: str | None = journal.root if journal.lines and journal.lines[0].startswith(b'{"v":2,') else "0" * 64
    for number, line in enumerate(journal.lines, 1):
        said, place = journal.read_line(number - 1), f"journal/{journal.code}.jsonl line {number}"
        so_far.update(line + b"\n")
        is_linked = said is None or before in (None, said["prev"])
        if said is not None and is_linked and said.get("trust", journal.root[:16]) in marks:
            found.append(said)
        elif (journal.code, number, so_far.hexdigest()) in mended:
            is_linked = True
        elif said is None:
            wrong.append(f"{place}: changed, or not written by its device")
        elif is_linked:
            wrong.append(f"trust.jsonl: a statement is missing that journal/{journal.code}.jsonl names")
        elif was_linked:
            wrong.append(f"{place}: signed, but not after the line before it: lines were left out, moved or doubled")
        before, was_linked = sha256(line) if said is not None else None, is_linked
    return found, wrong


def find_last_lines(lines: list[tuple[str, Fields]]) -> list[Fields]:
    """Return the last of all *lines* about a file; or one of each device that did not know those of the others."""
    newest, seen = dict[str, int](), dict[str, int]()
    for code, said in lines:
        newest[code] = max(newest.get(code, -1), said["seq"])
        for other, (number, _) in said.get("seen", {}).items():
            seen[other] = max(seen.get(other, -1), number)
    return [said for code, said in lines if newest[code] == said["seq"] > seen.get(code, -1)]


def read_version(path: Path, version: str | None) -> str | None:
    """Return the version of a file on disk; a saved one may still lie beside it, if the command was cut off."""
    beside = path.with_name(f".{path.name}.{str(version)[:16]}.tmp")
    found = {sha256(one.read_bytes()) for one in (path, beside) if one.is_file() and not one.is_symlink()}
    return version if version in found else next(iter(found), None)


def verify_seen(journals: dict[str, list[Fields]], read: dict[str, list[bytes]]) -> Iterator[str]:
    """Yield each journal that lacks the line of it that another device saw last."""
    marks = {code: {sha256(line)[:16] for line in lines} for code, lines in read.items()}
    for code, lines in journals.items():
        for other, (_, mark) in (lines[-1].get("seen", {}) if lines else {}).items():
            if mark not in marks.get(other, ()):
                yield f"journal/{other}.jsonl: a line is missing that the device {code} knew"


def verify_files(store: Path, journals: dict[str, list[Fields]], own: set[str]) -> Iterator[str]:
    """Yield each file that is not the version signed last, and each that no line names; *own* are list and journals."""
    by_file = defaultdict[str, list[tuple[str, Fields]]](list)
    for code, said in ((code, said) for code, lines in journals.items() for said in lines):
        if not said["file"].startswith("journal/"):  # a line about a repair, and no file
            by_file[said["file"]].append((code, said))
    for file, about in by_file.items():
        last, older = find_last_lines(about), {said["now"] for _, said in about}
        changed = {said["now"] for said in last if said["did"] != "rekey"}  # which seals it anew for other readers
        if len(changed) > 1:
            yield f"{file}: two computers changed it, each on its own"
        elif not any(read_version(store / file, one) == one for one in changed or {said["now"] for said in last}):
            lies = read_version(store / file, None)
            why = "it is missing" if lies is None else "it is an older one" if lies in older else "it was changed"
            yield f"{file}: not the version that was signed last: {why}, or the last line of a journal was cut off"
    for path in sorted(store.rglob("*")):
        file = path.relative_to(store).as_posix()
        if not path.is_dir() and file not in own | set(by_file) and not file.startswith("set-aside/"):
            yield f"{file}: no line of a journal names it"


def verify(store: Path, root: str | None) -> tuple[str, list[str]]:
    """Return the root of a store, and what is wrong with it."""
    trust, digests, wrong = verify_trust(read_lines(store / "trust.jsonl"))
    if not digests or root not in (None, digests[0]):
        return next(iter(digests), "none"), wrong or ["trust.jsonl: another root than the one you know"]
    parted = bool(wrong)  # then a line may be right that names a statement behind the fault
    writers = {code: device for code, device in trust.devices.items() if "write" in device["may"]}
    read = {code: read_lines(store / f"journal/{code}.jsonl") for code in writers}
    journals = [Journal(code, device, read[code], digests[0]) for code, device in writers.items()]
    mended, remains = read_facts(journals, "mend"), read_facts(journals, "remains")
    counting = dict[str, list[Fields]]()
    for journal in journals:
        counted = cut_journal(journal, remains)
        if counted is None:
            wrong.append(f"journal/{journal.code}.jsonl: not the lines with which its device was shut out")
            continue
        counting[journal.code], bad = verify_journal(counted, {digest[:16] for digest in digests}, mended)
        wrong += [one for one in bad if not (parted and one.startswith("trust.jsonl:"))]
    wrong = sorted(dict.fromkeys(wrong), key=lambda one: not one.startswith("trust.jsonl"))
    own = {"trust.jsonl", ".lock", *(f"journal/{code}.jsonl" for code in trust.devices)}
    rest = [*verify_seen(counting, read), *verify_files(store, counting, own)]
    return digests[0], [*wrong, *(f"perhaps because of that: {one}" if wrong else one for one in rest)]


def main() -> int:
    """Verify the store of the command line, and print what is wrong, without signs that a terminal would obey."""
    words, asked = sys.argv[1:], sys.argv[1:] == ["--help"]
    if asked or len(words) not in (1, 2):
        (sys.stdout if asked else sys.stderr).write(f"{__doc__}")
        return 0 if asked else 2
    try:
        any(Path(words[0]).iterdir())  # which says so of a folder that is not there, or closed
        root, wrong = verify(Path(words[0]), words[1] if words[1:] else None)
    except OSError as trouble:
        sys.stderr.write(f"{trouble.strerror}: {ascii(str(trouble.filename))[1:-1]}\n")
        return 2
    sys.stdout.write(f"Root: {root}\n")
    for each in wrong or ["Every file is the one that was signed last."]:
        sys.stdout.write(f"{ascii(each)[1:-1]}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
