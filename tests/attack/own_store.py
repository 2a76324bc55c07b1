"""A whole store of the attacker's own in the place of ours."""

import shutil

from attack.lab import AT, BY, Forger, Lab, named
from attack.the_list import made_to_look_like_0_1_0, own_line
from shelterctl.identity.keys import Identity, create_recovery_key
from shelterctl.trust import statement as statements
from shelterctl.trust.chain import found_chain


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
