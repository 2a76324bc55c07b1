"""One byte of a whole store damaged, again and again: what each command answers, and where its hint leads.

`support/byte_damage.py FOLDER COUNT` damages that many bytes, spread over all files, and prints what was seen as JSON.
"""

import json
import random
import shutil
import sys
import tempfile
from collections import Counter
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.support.desk import Desk


READING = cycle(("check", "show {her}", "house", "monitor due", "agreements", "trust", "show {other}"))


def wrong(desk: "Desk", path: Path, at: int, flip: int) -> list[str]:
    """What is not as it should be with that byte changed; the store is whole again afterwards."""
    from tests.custody.test_repair import followed

    with tempfile.TemporaryDirectory(dir=desk.folder.parent) as folder:
        copy = type(desk)(Path(folder) / "desk", desk.her)
        shutil.copytree(desk.folder, copy.folder)
        place = copy.store / path.relative_to(desk.store)
        data = bytearray(place.read_bytes())
        data[at] ^= flip
        place.write_bytes(data)
        name = path.relative_to(desk.store).as_posix()
        complaints = _beside(copy, name)
        answer, typed = followed(copy, "usb")
        if answer.code:
            complaints.append(f"{typed} leads to {answer.code} {answer.error}")
        if (written := copy.ask("staff add s-nina --role psychologist")).code:
            complaints.append(f"not written: {written.error}")
        return [f"{name} {at} {flip}: {complaint}" for complaint in complaints]


def _beside(desk: "Desk", name: str) -> list[str]:
    """Whether damage in a record costs that record, and a command or two answer at all."""
    complaints = []
    names = [path.name[:9] for path in (desk.store / "residents").iterdir()]
    other = next(each for each in names if each != desk.her)
    words = next(READING).format(her=desk.her, other=other)
    answer = desk.ask(words)
    if answer.code not in (0, 6):
        complaints.append(f"{words}: {answer.code} {answer.error}")
    listed = desk.ask("list")
    rows = {row["id"] for row in (listed.page["data"] or {}).get("rows") or ()}
    if name.startswith("residents/") and (listed.code != 6 or rows != set(names) - {name[10:19]}):
        complaints.append(f"list: {listed.code} {sorted(rows)}")
    if name in ("staff.yaml", "directory.yaml.age", "secrets.yaml.age") and rows != set(names):
        complaints.append(f"list: {listed.code} {sorted(rows)}")
    return complaints


if __name__ == "__main__":
    from tests.support.command import import_everything
    from tests.support.killed_acts import house

    import_everything()
    draw = random.Random(20261126)  # noqa: S311 - which bytes are tried, the same every time
    seen: Counter[str] = Counter()
    bad: list[str] = []
    with tempfile.TemporaryDirectory(dir=sys.argv[1]) as folder:
        desk = house(Path(folder) / "desk")
        desk.do(f"admit {desk.her}", {"identification_number": "KG-2026-118"})
        (desk.folder / "empty").mkdir()
        files = [path for path in sorted(desk.store.rglob("*")) if path.is_file() and path.stat().st_size]
        for number in range(int(sys.argv[2])):
            path = files[number % len(files)]
            bad += wrong(desk, path, draw.randrange(path.stat().st_size), 1 << draw.randrange(8))
            seen[
                path.parent.name if path.suffix in (".age", ".jsonl") and path.parent != desk.store else path.name
            ] += 1
    sys.stdout.write(json.dumps({"bad": bad, "damaged": seen}) + "\n")
