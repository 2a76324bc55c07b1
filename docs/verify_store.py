"""Verify a store of shelterctl without shelterctl: who signed what, and whether every file is the one that was signed.

    python verify_store.py STORE [ROOT]

It needs no key and opens no file. ROOT is the sha256 of the first line of trust.jsonl, as you know it from elsewhere;
without it, a store that was forged whole passes. Formats: docs/topics/en/formats.md. Needs: cryptography.
"""

import base64
import hashlib
import json
import sys
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

sha = lambda data: hashlib.sha256(data).hexdigest()


def signed(key: str, signature: str, data: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(base64.b64decode(key)).verify(base64.b64decode(signature), data)
        return True
    except (InvalidSignature, ValueError):
        return False


def verify(store: Path, root: str | None = None) -> list[str]:
    wrong, devices, roles, by_role, paper, digests = [], {}, {}, False, None, []
    for number, line in enumerate((store / "trust.jsonl").read_bytes().split(b"\n")[:-1], 1):
        said, at = json.loads(line), line.rindex(b',"sigs":')
        text, keys = b"shelterctl trust/1\n" + line[:at] + b"}", set(said["sigs"])
        may = {one["sign"] for one in devices.values() if one["lines"] is None
               and ("manager" in roles.get(one["staff"], ()) if by_role else "trust" in one["may"])} | {paper}
        itself = said["kind"] == "end" and keys == {devices[said["device"]]["sign"]}
        if not all(signed(key, sig, text) for key, sig in said["sigs"].items()):
            wrong.append(f"trust.jsonl line {number}: a signature does not fit")
        if number > 1 and not ((keys & may or itself) and said["root"] == digests[0] and set(said["prev"]) <= set(digests)):
            wrong.append(f"trust.jsonl line {number}: signed by nobody who may, or out of place")
        if said["kind"] in ("root", "device"):
            devices[said["device"]["code"]] = {**said["device"], "lines": None}
        if said["kind"] in ("root", "recovery", "accept"):
            paper = said["recovery"]["sign"]
        if said["kind"] == "end":
            devices[said["device"]]["lines"] = said["lines"]
        if said["kind"] == "roles":
            roles[said["staff"]] = said["roles"]
        if said["kind"] == "access":
            by_role = bool(said["parts"])
        digests.append(sha(line))
    if root and digests[0] != root:
        wrong.append("trust.jsonl: another root than the one you know")
    lines = {}
    for code, device in devices.items():
        path, before = store / "journal" / f"{code}.jsonl", digests[0]
        written = path.read_bytes().split(b"\n")[:-1] if path.is_file() else []
        for number, line in enumerate(written[: device["lines"]]):
            said, at = json.loads(line), line.rindex(b',"sig":')
            text = b"shelterctl journal/2 %s\n" % digests[0].encode() + line[:at] + b"}"
            if not signed(device["sign"], said["sig"], text) or said["prev"] != before:
                wrong.append(f"journal/{code}.jsonl line {number + 1}: not signed, or out of place")
                break
            before = sha(line)
            if not said["file"].startswith("journal/"):
                lines.setdefault(said["file"], {})[code, said["seq"]] = said
    for file, known in lines.items():
        newest = {code: max(seq for one, seq in known if one == code) for code, _ in known}
        seen = lambda code, seq: any(s.get("seen", {}).get(code, [-1])[0] >= seq for (c, _), s in known.items() if c != code)
        heads = {known[code, seq]["now"] for code, seq in newest.items() if not seen(code, seq)}
        there = sha((store / file).read_bytes()) if (store / file).is_file() else None
        if there not in heads:
            wrong.append(f"{file}: not the version that was signed last")
    listed = {path.relative_to(store).as_posix() for path in store.rglob("*") if path.is_file()}
    own = {"trust.jsonl", ".lock", *(f"journal/{code}.jsonl" for code in devices)}
    return wrong + [f"{file}: no line of a journal names it" for file in sorted(listed - own - set(lines))]


if __name__ == "__main__":
    found = verify(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None)
    print("\n".join(found) or "Every file is the one that was signed last.")
    sys.exit(1 if found else 0)
