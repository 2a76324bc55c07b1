"""Stores of 0.1.0, before they are taken over and after."""

import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

from shelterctl.document.reading import read_document
from shelterctl.document.writing import format_document
from shelterctl.trust.chain import found_chain
from tests.attack.lab import AT, BY, Lab
from tests.attack.without_key import all_put_back, own_line


def begun(lab: Lab) -> None:
    lab.desk().do("trust --begin")
    lab.number = lab.desk().do("check").data["sheet"]["number"]


def old_device_added(lab: Lab) -> None:
    _old_staff(lab, lambda said: said["devices"].update(_old_device(lab)))


def old_device_added_with_a_journal(lab: Lab) -> None:
    old_device_added(lab)
    own_line(lab, "staff.yaml", (lab.house / "staff.yaml").read_bytes())


def old_stranger(lab: Lab) -> None:
    own_line(lab, "staff.yaml", (lab.house / "staff.yaml").read_bytes())


def old_recovery_replaced(lab: Lab) -> None:
    _old_staff(lab, lambda said: said["recovery"].update(age=lab.mallory.recipient))


def old_device_replaced(lab: Lab) -> None:
    """The store's own device, with the attacker's keys."""

    def change(said: dict[str, Any]) -> None:
        said["devices"] = {lab.key.device: next(iter(_old_device(lab).values()))}

    _old_staff(lab, change)


def old_id_replaced(lab: Lab) -> None:
    path = lab.house / "shelter.yaml"
    path.write_text(re.sub(r"store: \S+", "store: S000000000000", path.read_text()))


def old_all_put_back(lab: Lab) -> None:
    all_put_back(lab)


def old_all_put_back_after_it_was_begun(lab: Lab) -> None:
    lab.desk().do("trust --begin")
    all_put_back(lab)


def all_but_the_list_put_back_after_it_was_begun(lab: Lab) -> None:
    """The store as it was before it was taken over, under the list of today."""
    begun(lab)
    lines = (lab.house / "trust.jsonl").read_bytes()
    all_put_back(lab)
    (lab.house / "trust.jsonl").write_bytes(lines)


def old_root_of_his_own(lab: Lab) -> None:
    """A list that takes the store over by his own key, with our paper."""
    chain = found_chain(_store(lab), lab.mallory, BY, lab.paper.recipient, AT)
    (lab.house / "trust.jsonl").write_bytes(chain.lines)


def old_journal_edited_after_it_was_begun(lab: Lab) -> None:
    """A line of 0.1.0 taken out of the journal that was taken over."""
    begun(lab)
    path = lab.journal()
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:2], lines[2].replace(b'"by":"', b'"by":"x'), *lines[3:]]))


def old_lines_after_it_was_begun(lab: Lab) -> None:
    """A line as 0.1.0 wrote them behind those of today, with the device's own key."""
    begun(lab)
    path = lab.journal()
    lines = path.read_bytes().splitlines()
    name, data = f"residents/{lab.her}.yaml.age", lab.record.read_bytes()
    old = {
        "seq": json.loads(lines[-1])["seq"] + 1, "prev": hashlib.sha256(lines[-1]).hexdigest(), "at": AT, "by": BY,
        "did": "admit", "file": name, "base": lab.version(name), "now": hashlib.sha256(data).hexdigest(),
    }  # fmt: skip
    payload = json.dumps(old, separators=(",", ":")).encode()
    line = payload[:-1] + b',"sig":"%s"}\n' % lab.key.sign(payload).encode()
    with path.open("ab") as file:
        file.write(line)


def _store(lab: Lab) -> str:
    return str(read_document((lab.house / "shelter.yaml").read_bytes()).value["store"])


def _old_device(lab: Lab) -> dict[str, object]:
    me = lab.mallory
    return {str(me.device): {"staff": BY, "since": "2026-11-01", "age": me.recipient, "signing": me.signing_public}}


def _old_staff(lab: Lab, change: Callable[[dict[str, Any]], None]) -> None:
    path = lab.house / "staff.yaml"
    said = read_document(path.read_bytes()).value
    change(said)
    path.write_text(format_document(said))
