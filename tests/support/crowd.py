"""Invented clients with whole files drawn by lot, and one file of ten years: for counts, and for speed."""

import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from shelterctl.store.folder import record_file
from shelterctl.store.store import Store
from tests.support.invented_people import women

FIRST, LAST = date(2024, 1, 5), date(2026, 11, 20)
EXPLOITATION = ("sexual_exploitation", "forced_labour_or_services", "slavery", "servitude")
COUNTRIES = ("KG", "KZ", "RU", "TR", "AE", "KR")
SOURCES = ("iom_ngo_coordinator", "law_enforcement", "scme", "partner_ngo")
ANSWERS = (True, False, "unknown")
STAMP = {"recorded_at": "2026-11-25T10:00+06:00", "recorded_by": "s-gulnara"}
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Crowd(random.Random):
    """Chance, the same for the same seed, with which files are made."""

    def mark(self, letters: int) -> str:
        return "".join(self.choices(LETTERS, k=letters))

    def entry(self, **facts: Any) -> dict[str, Any]:
        return {"id": self.mark(6), **STAMP, **facts}

    def client(self, identity: dict[str, Any], houses: tuple[str, ...]) -> dict[str, Any]:
        """A file: who she is, what happened to her, one stay or two, agreements, and reports after it."""
        stays, day = [], FIRST + timedelta(self.randrange((LAST - FIRST).days))
        for _ in range(self.choice((1, 1, 1, 2))):
            stay = self.stay(day, self.choice(houses))
            stays.append(stay)
            left = stay.get("discharge", {}).get("on")
            if not left or (day := date.fromisoformat(left) + timedelta(60)) > LAST:
                break
        trafficking: dict[str, Any] = {"months_trafficked": self.randrange(40)}
        if self.random() < 0.9:
            kinds = self.sample(EXPLOITATION, self.choice((1, 1, 2)))
            trafficking |= {"exploitation": kinds, "country_of_exploitation": self.choice(COUNTRIES)}
        return {
            "schema": "resident/1",
            "id": f"{self.mark(4)}-{self.mark(4)}",
            "identity": {**identity, "sex": self.choice(("female",) * 9 + ("male",)), "languages": ["ky", "ru"]},
            "trafficking": trafficking,
            "children": [self.entry(birth_date=2019, sex="female") for _ in range(self.choice((0, 0, 1, 2)))],
            "stays": stays,
            "agreements": [self.agreement(stay) for stay in stays if "discharge" in stay],
            **STAMP,
        }

    def stay(self, day: date, house: str) -> dict[str, Any]:
        """One stay, from the referral to as far as it has come by 25 November 2026."""
        stay = self.entry(
            facility=house, referral={"sources": [self.choice(SOURCES)], "received_at": f"{day}T21:30+06:00"}
        )
        if self.random() < 0.1:
            stay["admission"] = {"not_admitted": {"on": f"{day + timedelta(1)}", "reason": "Нет показаний"}}
            return stay
        came, signed = day + timedelta(1), {"signed": True, "signed_on": f"{day + timedelta(1)}"}
        assured = {"safety_assured": True, "confidentiality_assured": True}
        interview = {"at": f"{day}T22:00+06:00", "by": "s-gulnara", "role": "social_worker", **assured}
        stay["admission"] = {
            "primary_interview": interview,
            "primary_evaluation": {"on": f"{day}", "by": "s-aida", "outcome": "admit"},
            "coordinator_agreement": {"at": f"{day}T22:30+06:00", "by": "NGO Coordinator", "channel": "phone"},
            "rules": signed,
            "rights": {**signed, "language": "ky"},
            "admitted_on": f"{came}",
        }
        left = came + timedelta(self.randrange(1, 200))
        if left < LAST:
            stay["discharge"] = {"on": f"{left}", "by_own_decision": self.random() < 0.3, "social_worker": "s-gulnara"}
            stay |= self.after(left)
        return stay

    def after(self, left: date) -> dict[str, Any]:
        """Her monitoring, where she was followed up by then."""
        day = left + timedelta(self.randrange(150, 260))
        if day > LAST or self.random() < 0.4:
            return {}
        if self.random() < 0.3:
            return {"monitoring": {"closed": {"on": f"{day}", "by": "manager", "reason": "Связи нет"}}}
        return {"monitoring": {"reports": [self.report(day)]}}

    def report(self, day: date) -> dict[str, Any]:
        employed, threats = self.choice(ANSWERS), self.choice(ANSWERS)
        paid = {"job_paid": self.choice(("regularly", "partial", "not_paid"))} if employed is True else {}
        told = {"addressed_for_assistance": "К родным"} if threats is True else {}
        return self.entry(
            **{"date": f"{day}", "social_worker": "s-gulnara", "signed": True, "contact_duration": "Полгода"},
            **{
                "last_meeting_on": f"{day}",
                "problems": "Нет",
                "employed": employed,
                **paid,
                "threats": threats,
                **told,
            },
            **{
                "law_enforcement_contact": self.choice(ANSWERS),
                "agrees_to_cooperate": self.choice(ANSWERS),
                "plans": "Учёба",
            },
        )

    def agreement(self, stay: dict[str, Any]) -> dict[str, Any]:
        day = stay["discharge"]["on"]
        lines = {"7a": {"amount": self.randrange(1, 9) * 100}, "1c": {"amount": "750.50", "justification": "Нужно"}}
        if self.random() < 0.5:
            lines["4"] = {"rate": 1000, "months": 3}
        more = {"signed": {"on": day, "language": "ru", "copies": 2}} if self.random() < 0.6 else {}
        return self.entry(stay=stay["id"], form="blue", date=day, number=f"S-NGO-{self.mark(4)}", lines=lines, **more)


def files(count: int, houses: tuple[str, ...] = ("bishkek",), seed: int = 7) -> Iterator[dict[str, Any]]:
    """So many files; the same for the same seed."""
    lot = Crowd(seed)  # invented people, not keys
    return (lot.client(identity, houses) for identity in women(count, seed))


def settle(store: str, identity: str, count: int) -> None:
    """Write so many files into a store that is there, as one act."""
    from shelterctl.session import Options, Session

    session = Session(options=Options(store=store, identity=identity))
    houses = tuple(sorted(session.store.shelter.value["facilities"]))
    session.save([(record_file(one["id"]), one, None) for one in files(count, houses)], "admit")


if __name__ == "__main__":
    settle(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 200)


ENTRY_STAMP = {"recorded_at": "2026-11-20T10:00+06:00", "recorded_by": "s-gulnara"}


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
    stay, sealed = record["stays"][-1], record.setdefault("sealed", {})
    replaced = {one["id"] for one in sealed.get("entries") or ()}
    if counted := sealed.get("revisions"):  # of blocks that give way nothing is counted any more
        sealed["revisions"] = {block: number for block, number in counted.items() if block not in replaced}
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
        (sealed, "entries", session),
    ):  # fmt: skip
        place[name] = [
            {"id": _entry_id(count + number), **common, **_dated(name, day), **ENTRY_STAMP}
            for number, day in enumerate(days)
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
