"""What is done with a recovery paper that was replaced, and to the note of a new one that is not in force yet."""

import hashlib
import shutil

from attack.files import all_put_back
from attack.lab import AT, BY, Lab, named
from shelterctl.custody.recovery_paper import write_sealed_note
from shelterctl.identity.keys import create_recovery_key


def device_by_the_old_paper(lab: Lab) -> None:
    """The old paper admits a device behind the statement that replaced it."""
    lab.state(lab.next("device", device=named(lab.mallory)), lab.old_paper, lab.mallory)


def paper_by_the_old_paper(lab: Lab) -> None:
    """The old paper puts a paper of the attacker's in the place of the new one."""
    his = create_recovery_key()
    lab.state(lab.next("recovery", recovery={"age": his.recipient, "sign": his.signing_public}), lab.old_paper, his)


def our_device_ended_by_the_old_paper(lab: Lab) -> None:
    lines = lab.journal().read_bytes()
    said = {"device": lab.key.device, "lines": lines.count(b"\n"), "sha256": hashlib.sha256(lines).hexdigest()}
    lab.state(lab.next("end", **said, why="left"), lab.old_paper)


def old_paper_back(lab: Lab) -> None:
    """The list is the one from before the renewal, and goes on with a device that the old paper admits."""
    shutil.copy(lab.old / "trust.jsonl", lab.house / "trust.jsonl")
    device_by_the_old_paper(lab)


def all_put_back_and_joined_by_the_old_paper(lab: Lab) -> None:
    """A whole copy from before the renewal, to which the old paper admitted a computer that works with it."""
    all_put_back(lab)
    desk = lab.desk()
    desk.do("trust --join --recovery old-paper --identity his --no-passphrase")
    desk.do(f"admit {lab.other} --identity his", {"notes": "by the computer that the old paper admitted"})


def record_from_before_the_renewal(lab: Lab) -> None:
    """Her record as the old paper still opens it."""
    shutil.copy(lab.old / f"residents/{lab.her}.yaml.age", lab.record)


def note_of_a_paper_of_his(lab: Lab) -> None:
    """A note that a renewal was begun with a paper which the attacker has, sealed to our device as anybody can."""
    (place := lab.folder / f"key.heads/{lab.chain.root[:16]}.renewal").unlink(missing_ok=True)
    note = {"schema": "renewal/1", "paper": lab.mallory.key, "instead_of": lab.chain.paper[0], "mark": "0" * 64}
    write_sealed_note(place, lab.key, note)


def settled_by_the_old_paper(lab: Lab) -> None:
    """The list goes on in a second way, by the old paper, which alone makes one list of both with itself in force."""
    chain, old = lab.chain, lab.old_paper
    heading = {"v": 1, "kind": "device", "root": chain.root, "prev": [chain.digests[0]], "at": AT, "by": BY}
    lab.state({**heading, "device": named(lab.mallory)}, old, lab.mallory)
    last = (lab.house / "trust.jsonl").read_bytes().splitlines()[-1]
    tips = sorted([chain.digests[-1], hashlib.sha256(last).hexdigest()])
    paper = {"age": old.recipient, "sign": old.signing_public}
    lab.state({**heading, "kind": "settle", "prev": tips, "keep": [], "recovery": paper}, old)
