"""Make a small store of this version for `tests/stores`, with roles, limits of the house itself and registers, and note
in `expected.json` what the program reads out of it: rows, records and facts, no sentences.

Run it once when a version is released: `python -m tools.released_store FOLDER`.
"""

import json
import sys
from pathlib import Path
from typing import Any

from tests.support.desk import Desk
from tests.support.papers import PAPERS

LAST_DAY = "2026-12-01"
SIZE = "--days 10 --clients 2 --seed 5"
PEOPLE = ("s-gulnara", "s-aida", "s-meerim", "s-chinara", "s-talant")
"""A social worker, a psychologist, a medical and a legal adviser and a guard, each with a key of her own."""

OLD_CASE = {
    "person.old_number": "J-1", "identity.last_name": "Вымыслова", "identity.first_name": "Бермет",
    "identity.sex": "female", "identity.birth_date": "1991", "referral.sources": "law_enforcement",
    "referral.received_at": "03.02.2021", "reception.at": "03.02.2021", "on-paper.seen_by": "s-gulnara",
    "on-paper.seen_on": "20.11.2026", "paper.primary-interview": "03.02.2021", "paper.primary-evaluation": "03.02.2021",
    "paper.coordinator-agreement": "03.02.2021", "paper.rules": "04.02.2021", "paper.rights": "04.02.2021",
    "paper.iom-consulted": "05.02.2021", "act.admission": "04.02.2021", "act.discharge": "11.02.2021",
}  # fmt: skip
"""An invented stay of years ago, by the columns of the sheet for old cases."""

FINDING_PARTS = ("code", "severity", "record", "where", "clause")
LIMIT_FACTS = ("amount", "cap", "manual_limit", "overlay_id", "overlay_number", "overlay_since", "overlay_by")
"""What is kept of a finding: no sentence, and no word of one."""


def make_store(folder: Path) -> tuple[Desk, list[str]]:
    """Make the store by commands as each person types them; return its desk and the ids of its clients."""
    folder.mkdir(parents=True)
    desk = Desk(folder)
    made = Desk(folder.parent).run(f"demo generate {folder} {SIZE}", today=LAST_DAY)
    if made.code:
        raise SystemExit(made.err)
    for code in PEOPLE:
        do(desk, f"staff key {code} --no-passphrase")
        do(desk, f"staff key {code} --accept")
    do(desk, "roles --begin")
    for code in PEOPLE:
        do(desk, f"trust --accept --staff {code}")
    rows = do(desk, "list")["rows"]  # the old case comes later
    desk.her = next(row["id"] for row in rows if row["state"] == "admitted")
    do(
        desk,
        f"agreement {desk.her} --form pink",
        {**PAPERS["pink"], "date": LAST_DAY, "lines": {"2a": {"amount": 1800}}},
    )
    do(desk, "rules overlay add pink 2a --at-most 1500 --since 2026-11-20 --decided-by s-gulnara --reason-code donor")
    do(desk, "rules overlay add shelter capacity --at-most 9 --since 2026-11-20 --house bishkek")
    ended = do(desk, "rules overlay add blue 1a --months 2 --since 2026-11-20")["limit"]["id"]
    do(desk, f"rules overlay end {ended} --on {LAST_DAY}")
    session = {"at": "2026-11-30T10:00", "by": "s-aida", "approach": "individual", "note": "вымышленная запись"}
    do(desk, f"add {desk.her} session --staff s-aida", session)
    visit = {"at": "2026-11-30T15:00", "left_at": "2026-11-30T15:40", "kind": "utility", "name": "А. Примерова"}
    do(desk, "add bishkek visit --staff s-talant", visit)
    do(desk, "report progress --month 2026-11 --close")
    take_in_old_case(desk)
    do(desk, "export stays --for manager --out stays.csv.age --exact --reason audit")
    (desk.folder / "stays.csv.age").unlink()
    do(desk, "report occupancy --month 2026-11 --public")
    return desk, sorted(row["id"] for row in rows)


def take_in_old_case(desk: Desk) -> None:
    """Import one stay of years ago, whose gates are met by papers."""
    sheet = desk.folder / "old.csv"
    sheet.write_text(f"{';'.join(OLD_CASE)}\n{';'.join(OLD_CASE.values())}\n", "utf-8")
    do(desk, "import old.csv")
    sheet.unlink()


def do(desk: Desk, words: str, given: object = None) -> Any:
    """Carry out a command on the last day; return its answer, or end with what it said."""
    answer = desk.ask(words, given, today=LAST_DAY)
    if answer.code:
        raise SystemExit(f"{words}\n{answer.out}")
    return answer.data


def questions(her: str, ids: list[str]) -> list[str]:
    """Return the commands whose answers are kept: of the manager, and of people by their roles."""
    sealed = f"show {her} session --names"
    visitors = "list visit --columns kind,let_in --count"
    return [
        "list", "agreements", "rules overlay", "house", "export --log", "publish --log", "list on-paper", visitors,
        "show bishkek occasion --names",
        "report progress --month 2026-11", *(f"show {id_} --names" for id_ in ids), sealed,
        f"{sealed} --staff s-aida",
        "house --staff s-talant", f"{visitors} --staff s-talant",
    ]  # fmt: skip


def kept_answer(data: dict[str, Any]) -> dict[str, Any]:
    """Return the rows and the record of an answer, and who sleeps in the house."""
    return {name: data[name] for name in ("rows", "record", "sleeping") if name in data}


def own_limits_broken(desk: Desk) -> list[dict[str, Any]]:
    """Return what `check` finds against the limits of the house itself: where, and by which numbers."""
    found = desk.ask("check", today=LAST_DAY).page["findings"]
    return [
        {**{name: one[name] for name in FINDING_PARTS}, **{name: one["facts"][name] for name in LIMIT_FACTS}}
        for one in found
        if one["facts"].get("overlay")
    ]


def main(folder: Path) -> None:
    """Make the store in a new folder, with `expected.json` beside it."""
    desk, ids = make_store(folder)
    said = {words: kept_answer(do(desk, words)) for words in questions(desk.her, ids)}
    expected = {"ids": ids, "her": desk.her, "said": said, "own_limits_broken": own_limits_broken(desk)}
    text = json.dumps(expected, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / "expected.json").write_text(text + "\n", "utf-8")
    (folder / "given.yaml").unlink()


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute())
