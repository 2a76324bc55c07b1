"""Make a store of many invented clients: a generated one, filled up with copies of its discharged clients.

    python -m tools.many_files FOLDER COUNT [--from STORE]

FOLDER gets `house`, `key` and what lies beside them, as `demo generate` makes it; a generated STORE of that form is
copied instead of a new one. Each copy has an id, a name, a number and days of its own, and its case is settled:
nothing is due in it. Files are sealed and the journal is signed as always, but nothing is put on disk before the end.
"""

import argparse
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from shelterctl.act.check import judge_opened_file
from shelterctl.act.due import list_due
from shelterctl.core.record.client import Client
from shelterctl.session import Options, Session
from shelterctl.store.folder import DIRECTORY_FILE, new_client_id, record_file
from tests.support.invented_people import women

STOCK_SIZE = ("--days", "60", "--clients", "40", "--seed", "1")
"""The size of the store that is generated where none is given."""

FILES_OF_AN_ACT = 1000
SEALED_ENTRIES = 2
"""The most sealed entries in a copy: of most cases that ended years ago little is read."""

YEARS_BACK = 5
SETTLED_FOR = 250
"""A copy's stay ended so many days to so many years before the one it is copied from."""

WHEN = re.compile(r"\d{4}-\d{2}-\d{2}(?=T|$)")
LEFT_OUT = ("belongings", "plans", "measures", "disclosures", "rentals", "old_number")
"""Lists of entries that wait for something after she has left, or that belong to those."""

LATER = ("admission/", "discharge/")
"""What a checklist lacks may stay open in a file that was closed."""

ROUNDS = 5
"""The most rounds in which entries are taken out: one may have been needed by another."""


def settle_client(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the file of a discharged client with everything done that is due: paid, reviewed, monitored."""
    settled = {name: value for name, value in facts.items() if name not in LEFT_OUT}
    settled["stays"] = [_settle_stay(stay) for stay in facts["stays"]]
    return settled


def _settle_stay(stay: Mapping[str, Any]) -> dict[str, Any]:
    came, left = stay["received"]["at"][:10], stay["discharge"]["on"]
    stamp = {"recorded_at": f"{left}T12:00+06:00", "recorded_by": "manager"}
    paid = {"span": {"from": came, "to": left}, "on": left, "amount": 1000, "by": "s-gulnara", "signed_by_her": True}
    reviewed = {"on": left, "item": "interim-review", "by": "s-aida"}
    closed = {"on": str(date.fromisoformat(left) + timedelta(200)), "by": "manager", "reason": "invented"}
    return {
        **{name: value for name, value in stay.items() if name not in LEFT_OUT},
        "pocket_money": [{"id": "PQ0000", **paid, **stamp}],
        "done": [*stay.get("done", ()), {"id": "DN0000", **reviewed, **stamp}],
        "monitoring": {"closed": closed},
    }


def move_days(value: Any, days: timedelta) -> Any:
    """Return facts with every day and hour in them moved back by so many *days*."""
    if isinstance(value, Mapping):
        return {name: move_days(each, days) for name, each in value.items()}
    if isinstance(value, list):
        return [move_days(each, days) for each in value]
    return WHEN.sub(lambda day: str(date.fromisoformat(day[0]) - days), value) if isinstance(value, str) else value


def copy_client(facts: Mapping[str, Any], name: Mapping[str, Any], number: int, days: timedelta) -> dict[str, Any]:
    """Return a copy with an id, a *name*, a *number* and days of its own; only the day of birth stays."""
    made: dict[str, Any] = move_days({key: value for key, value in facts.items() if key != "identity"}, days)
    names = {key: name[key] for key in ("first_name", "last_name", "middle_name") if key in name}
    made |= {"id": new_client_id(), "identity": {**facts["identity"], **names}}
    made["identification_number"] = f"KG-M-{number}"
    made["agreements"] = [{**each, "number": f"{each['number']}-{number}"} for each in made.get("agreements", ())]
    return made


def list_stock(session: Session) -> list[dict[str, Any]]:
    """Return the files of all discharged clients, opened and settled, without the entries in which `check` would find
    something; one in which something is due is left out.
    """
    store, stock = session.store, []
    for her in store.clients():
        if not all("discharge" in stay and "received" in stay for stay in her.facts["stays"]):
            continue
        facts = settle_client(store.unsealed(store.read(her.id)).value)
        moved = Client(move_days(facts, timedelta(SETTLED_FOR)))
        entries = facts["sealed"].pop("entries", [])
        due = {row.entry for row in list_due(session, moved)}
        facts["sealed"].pop("revisions", None)
        facts["sealed"]["entries"] = [one for one in entries if one["id"] not in due][:SEALED_ENTRIES]
        for _ in range(ROUNDS):
            moved = Client(move_days(facts, timedelta(SETTLED_FOR)))
            found = {one.where for one in judge_opened_file(session, moved) if not one.code.startswith(LATER)}
            if not sum(_take_out(facts, where.split("/")[1:]) for where in sorted(found, reverse=True)):
                break
        if not list_due(session, Client(move_days(facts, timedelta(SETTLED_FOR)))):
            stock.append(facts)
    return stock


def _take_out(facts: dict[str, Any], steps: list[str]) -> bool:
    """Take the innermost entry of a list on the way of a pointer out of a file, but no stay; return whether there was
    one.
    """
    above: Any = facts
    found: tuple[list[Any], int] | None = None
    for step in steps:
        if isinstance(above, list):
            if not step.isdecimal() or int(step) >= len(above):
                break
            if isinstance(above[int(step)], dict) and above is not facts["stays"]:
                found = above, int(step)
            above = above[int(step)]
        elif step in above:
            above = above[step]
        else:
            break
    if found:
        del found[0][found[1]]
    return found is not None


def move_memoranda(session: Session, act: Mapping[str, str]) -> None:
    """Let the memoranda with NGOs be as old as the oldest copy."""
    held = session.store.directory
    back = timedelta(SETTLED_FOR + YEARS_BACK * 365)
    ngos = {code: move_days(ngo, back) for code, ngo in held.value["ngos"].items()}
    session.store.write([(DIRECTORY_FILE, {**held.value, "ngos": ngos}, held.version)], **act)


def make_copies(stock: list[dict[str, Any]], count: int) -> Iterator[dict[str, Any]]:
    """Yield so many copies of the *stock* in turn."""
    lot = random.Random(count)  # noqa: S311 - invented people, not keys
    for number, name in enumerate(women(count)):
        days = timedelta(SETTLED_FOR + lot.randrange(YEARS_BACK * 365))
        yield copy_client(stock[number % len(stock)], name, number + 1, days)


def fill(folder: Path, count: int) -> int:
    """Add copies to the store in *folder* until it has *count* clients; return how many were added."""
    session = Session(options=Options(store=str(folder / "house"), identity=str(folder / "key")))
    store = session.store
    act = {"did": "admit", "by": "manager", "at": session.moment.isoformat(timespec="minutes")}
    move_memoranda(session, act)
    missing = count - sum(1 for _ in store.ids())
    copies = make_copies(list_stock(session), missing)
    for done in range(0, missing, FILES_OF_AN_ACT):
        taken = list(islice(copies, FILES_OF_AN_ACT))
        store.write([(record_file(each["id"]), each, None) for each in taken], **act)
        sys.stderr.write(f"\r{done + len(taken)} of {missing}")
    return missing


def main() -> None:
    """Make the store, and print where it is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("count", type=int)
    parser.add_argument("--from", dest="stock", type=Path)
    given = parser.parse_args()
    if given.stock:
        shutil.copytree(given.stock, given.folder)
    else:
        words = (sys.executable, "-m", "shelterctl", "demo", "generate", str(given.folder), *STOCK_SIZE)
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    vars(os)["fsync"] = lambda _: None  # of this process alone
    fill(given.folder, given.count)
    os.sync()
    sys.stdout.write(f"\nSHELTERCTL_STORE={given.folder / 'house'} SHELTERCTL_IDENTITY={given.folder / 'key'}\n")


if __name__ == "__main__":
    main()
