"""A file of ten years: so many entries that whoever reads all of them for each of them would never end."""

from datetime import date, timedelta
from typing import Any

from shelterctl.store.folder import record_file
from shelterctl.store.store import Store

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
STAMP = {"recorded_at": "2026-11-20T10:00+06:00", "recorded_by": "s-gulnara"}


def _entry_id(number: int) -> str:
    """An id of six letters, another one for each number."""
    return "".join(LETTERS[number // 32**place % 32] for place in range(5, -1, -1))


def grow(store: Store, id_: str, entries: int) -> None:
    """So many entries of six kinds more in a file, one of each a day since 2016; a sixth of them are sealed."""
    held = store.read(id_)
    write(store, [(record_file(id_), grown(dict(held.value), entries), held.version)])


def write(store: Store, files: list[tuple[str, dict[str, Any], str | None]]) -> None:
    """These files as one act."""
    store.write(files, did="add", by="s-gulnara", at="2026-11-25T10:00+06:00")


def grown(record: dict[str, Any], entries: int) -> dict[str, Any]:
    """The file with its entries; she has been there since the first of them."""
    stay = record["stays"][-1]
    stay["referral"]["received_at"] = "2016-01-01T08:00+06:00"
    stay.setdefault("received", {})["at"] = "2016-01-01T09:00+06:00"
    days = [str(date(2016, 1, 1) + timedelta(days=number)) for number in range(entries // 6)]
    need = {"class": "primary", "need": "жильё", "source": "resident"}
    consent = {"kind": "service", "about": "консультация", "language": "ky", "by": "s-gulnara"}
    payment = {"amount": "50.00", "signed_by_her": True, "by": "s-gulnara"}
    service = {"kind": "counselling_social", "what": "консультация", "by": "s-gulnara"}
    outing = {"kind": "outing", "permitted_by": "s-gulnara", "entry_permitted_by": "s-gulnara", "purpose": "рынок"}
    session = {"track": "session", "part": "psychological", "by": "s-aida", "approach": "individual", "note": "тише"}
    count = 1000
    for place, name, common in (
        (record, "needs", need), (record, "consents", consent), (stay, "pocket_money", payment),
        (stay, "services", service), (stay, "absences", outing),
        (record.setdefault("sealed", {}), "entries", session),
    ):  # fmt: skip
        place[name] = [
            {"id": _entry_id(count + number), **common, **_dated(name, day), **STAMP} for number, day in enumerate(days)
        ]
        count += len(days)
    return record


def _dated(name: str, day: str) -> dict[str, Any]:
    """When it was, as each kind has it."""
    if name == "pocket_money":
        return {"on": day, "span": {"from": day, "to": day}}
    if name == "absences":
        return {"left_at": f"{day}T10:00+06:00", "back_at": f"{day}T12:00+06:00"}
    if name == "entries":
        return {"at": f"{day}T10:00+06:00"}
    return {"given_on" if name == "consents" else "on": day}
