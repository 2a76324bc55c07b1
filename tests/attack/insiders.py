"""What the second device does with the key that it holds, to files and in its journal."""

import hashlib
import json
import re

import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from attack.files import all_put_back
from attack.lab import Lab


def another_reader(lab: Lab) -> None:
    """Her record sealed to one key more, with a true line of the second device."""
    save(lab, lab.sealed(lab.opened(), *lab.chain.recipients, lab.mallory.recipient))


def paper_dropped(lab: Lab) -> None:
    """Sealed to the devices, and to the attacker in the place of the paper: the count is right."""
    devices = [device.age for device in lab.chain.devices.values()]
    save(lab, lab.sealed(lab.opened(), *devices, lab.mallory.recipient))


def paper_left_out(lab: Lab) -> None:
    save(lab, lab.sealed(lab.opened(), *[device.age for device in lab.chain.devices.values()]))


def one_reader_twice(lab: Lab) -> None:
    """Sealed twice to the first device, and not to the paper: the count is right."""
    devices = [device.age for device in lab.chain.devices.values()]
    save(lab, lab.sealed(lab.opened(), *devices, lab.key.recipient))


def another_kind_of_reader(lab: Lab) -> None:
    """Sealed to the devices, and to a key of ssh in the place of the paper."""
    public = Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    devices = [pyrage.x25519.Recipient.from_str(device.age) for device in lab.chain.devices.values()]
    save(lab, bytes(pyrage.encrypt(lab.opened(), [*devices, pyrage.ssh.Recipient.from_str(public.decode())])))


def ten_thousand_readers(lab: Lab) -> None:
    stanza = b"-> X25519 " + b"A" * 43 + b"\n" + b"A" * 43 + b"\n"
    save(lab, b"age-encryption.org/v1\n" + stanza * 10_000 + b"--- " + b"A" * 43 + b"\n" + b"\0" * 64)


def wrong_id_inside(lab: Lab) -> None:
    """Another client's record under her name, vouched for."""
    save(lab, lab.sealed(lab.opened(lab.record.with_name(f"{lab.other}.yaml.age"))))


def a_false_fact(lab: Lab) -> None:
    """What is not true, under the code of somebody who did not save it."""
    save(lab, lab.sealed(lab.forged()))


def no_yaml_inside(lab: Lab) -> None:
    save(lab, lab.sealed(b"&a [*a, *a]\n\0: {"))


def too_large_inside(lab: Lab) -> None:
    save(lab, lab.sealed(lab.opened() + b"# " + b"x" * (9 << 20) + b"\n"))


def tail_rewritten(lab: Lab) -> None:
    """The second device takes its last line back, and says something else in its place."""
    path = lab.journal(lab.second)
    lines = path.read_bytes().splitlines(keepends=True)
    name, base = (json.loads(lines[-1])[key] for key in ("file", "base"))
    path.write_bytes(b"".join(lines[:-1]))
    other = lab.house / f"residents/{lab.other}.yaml.age"
    data = lab.sealed(lab.opened(other).replace(b"by the second", b"nothing was said"))
    lab.save(lab.second, name, data, base=base)


def old_mark(lab: Lab) -> None:
    """Sealed to the readers of an earlier time, with a line that says so."""
    first = lab.chain
    devices = list(first.devices.values())
    save(lab, lab.sealed(lab.opened(), devices[0].age, first.paper[0]), mark=first.digests[0][:16])


def unknown_mark(lab: Lab) -> None:
    save(lab, lab.sealed(lab.opened(), *lab.chain.recipients, lab.mallory.recipient), mark="0" * 16)


def numbers_left_out(lab: Lab) -> None:
    """A line a thousand numbers on, so that the number of the sheet seems reached."""
    save(lab, lab.record.read_bytes(), seq=1000)


def line_far_ahead(lab: Lab) -> None:
    """Her record as it is, with a line of the year 2099."""
    save(lab, lab.record.read_bytes(), at="2099-01-01T00:00+06:00")


def words_that_turn_what_follows(lab: Lab) -> None:
    """A sign that a record may have and that nobody sees, in a text of her record."""
    save(lab, lab.sealed(re.sub(rb"KG-2026-(\d+)", "\u200fKG-2026-\\1".encode(), lab.opened())))


def put_back_and_times_set_aside(lab: Lab) -> None:
    """All put back, and a line of the second device that says of every time that it counts no more."""
    all_put_back(lab)
    own = f"journal/{lab.second.device}.jsonl"
    more = {"clock": {str(lab.key.device): 1000, str(lab.second.device): 1000}}
    lab.add(lab.second, lab.line(lab.second, own, None, did="check", at="2020-01-01T00:00+06:00", more=more))


def store_renamed_and_vouched_for(lab: Lab) -> None:
    path = lab.house / "shelter.yaml"
    save(lab, re.sub(rb"store: \S+", b"store: S000000000000", path.read_bytes()), "shelter.yaml")


def line_of_others_file(lab: Lab) -> None:
    """A line about the list of devices itself, and about a place outside of the store."""
    lab.add(lab.second, lab.line(lab.second, "trust.jsonl", "0" * 64))


def put_back_and_said_to_be_restored(lab: Lab) -> None:
    """All put back, and a line of the second device that says it was restored, with a number beyond all."""
    all_put_back(lab)
    save(lab, lab.record.read_bytes(), seq=1000, did="restore")


def save(lab: Lab, data: bytes, name: str = "", **how: object) -> None:
    """Her record, or a file of that name, with a line of the second device, which has seen what the first wrote."""
    last = lab.journal().read_bytes().splitlines()[-1]
    seen = {str(lab.key.device): (json.loads(last)["seq"], hashlib.sha256(last).hexdigest()[:16])}
    lab.save(lab.second, name or f"residents/{lab.her}.yaml.age", data, **{"seen": seen, **how})
