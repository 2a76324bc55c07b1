"""A file forged by whoever holds no key, and the journal damaged: one byte of it, or a whole line for good.

Whoever works at the device is led by that to repair the journal, and there to what lies in the store.
"""

import json
from collections.abc import Callable
from functools import partial

from attack import files
from attack.lab import Lab

ZERO = "schema: secrets/1\nsheet_codes: [{id: AAAAAA, since: 2026-01-01, key: '%s'}]\n" % ("0" * 64)
HIS_NAMES = "schema: directory/1\nstaff: {s-gulnara: {name: Чужая, phone: '0555 999 999'}}\n"


def _staff(lab: Lab) -> None:
    path = lab.house / "staff.yaml"
    path.write_text(path.read_text() + "  s-mallory: {role: manager, since: '2026-01-01'}\n")


def _all(lab: Lab) -> None:
    for forge in list(FORGERIES.values())[:-1]:
        forge(lab)


FORGERIES: dict[str, Callable[[Lab], None]] = {
    "record_forged": files.record_forged,
    "record_old": files.record_old,
    "client_invented": files.record_new,
    "staff_forged": _staff,
    "houses_forged": files.places_in_shelter,
    "names_forged": lambda lab: _put(lab, "directory.yaml.age", HIS_NAMES),
    "secrets_forged": lambda lab: _put(lab, "secrets.yaml.age", ZERO),
    "all_of_it": _all,
}
"""What is forged, by how the table names it."""


def _put(lab: Lab, name: str, text: str) -> None:
    (lab.house / name).write_bytes(lab.sealed(text.encode()))


def _byte(forge: Callable[[Lab], None], lab: Lab) -> None:
    """One byte in the middle of the journal."""
    data = bytearray(lab.journal().read_bytes())
    data[len(data) // 2] ^= 0x15
    lab.journal().write_bytes(data)
    forge(lab)


def _line(forge: Callable[[Lab], None], lab: Lab) -> None:
    """The last line about a file that is forged then, or of the journal; what it said is gone."""
    before = {path: path.read_bytes() for path in lab.house.rglob("*") if path.is_file()}
    forge(lab)
    changed = {path.relative_to(lab.house).as_posix() for path in before if path.read_bytes() != before[path]}
    lines = lab.journal().read_bytes().split(b"\n")
    about = [place for place, line in enumerate(lines) if line and (not changed or json.loads(line)["file"] in changed)]
    lines[about[-1]] = b"#" * len(lines[about[-1]])
    lab.journal().write_bytes(b"\n".join(lines))


for _name, _forge in FORGERIES.items():
    globals()[f"byte_and_{_name}"] = partial(_byte, _forge)
    globals()[f"line_and_{_name}"] = partial(_line, _forge)
