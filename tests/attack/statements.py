"""Statements that the second device makes with the key that it holds, and whoever found the paper."""

import hashlib
import json

from attack.lab import AT, BY, Forger, Lab, named
from shelterctl import limits
from shelterctl.identity.keys import Identity, create_identity, create_recovery_key
from shelterctl.trust.statement import STATEMENT_PURPOSE, sign_statement

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
