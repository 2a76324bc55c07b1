"""The annexes that are signed as they stand: the rules of the shelter, her rights, the confidentiality agreement."""

from typing import Any

from shelterctl.act.discretion import hides
from shelterctl.core.record import Client
from shelterctl.core.sheet import Annex
from shelterctl.desk import Desk
from shelterctl.errors import NotFound
from shelterctl.language import N_, shown
from shelterctl.paper.code import code_of
from shelterctl.paper.facts import SheetFacts
from shelterctl.paper.request import Paper, Request, around, language_of
from shelterctl.press import sheet

NO_STAFF = N_("There is no such code of staff. Register it: shelterctl staff add CODE --role ROLE")


def blank(here: Desk, annex: Annex, wanted: Request) -> Paper:
    """The annex as the manual has it."""
    return _paper(here, annex, wanted, SheetFacts(), None, {})


def of_client(here: Desk, her: Client, annex: Annex, wanted: Request) -> Paper:
    """The annex for one client: with the day on which she signed it, once that is recorded."""
    signed = her.stay.day(f"{annex.recorded_in}.signed_on") if annex.recorded_in and her.stay else None
    return _paper(here, annex, wanted, SheetFacts(), her.id, {"day": signed})


def of_staff(here: Desk, code: str, annex: Annex, wanted: Request) -> Paper:
    """The annex for one member of staff: the name stands in a line outside its text (X53)."""
    if code not in here.store.staff.value["staff"]:
        raise NotFound("staff/unknown", NO_STAFF)
    told = SheetFacts(hides=hides(here.shelf) if wanted.bare else None)
    name = (here.store.directory.value.get("staff") or {}).get(code, {}).get("name")
    return _paper(here, annex, wanted, told, code, {"staff": told.name("/name", name)})


def _paper(
    here: Desk, annex: Annex, wanted: Request, told: SheetFacts, record: str | None, more: dict[str, Any]
) -> Paper:
    language, day = wanted.language or language_of(here), here.day if record is None else here.today
    entries = list(annex.standing(day))
    if record:
        for number, entry in enumerate(entries, 1):
            told.facts[f"/entries/{number}"] = shown(entry, language)
    key = here.store.sheet_key.secret if record and not told.left else None
    code = code_of(key, record, annex.name, language, None, told.facts) if record else None
    facts = {"annex": annex, "entries": entries, "day": None, **({"staff": None} if annex.by_staff else {}), **more}
    title = shown(annex.title, language)
    facts |= around(here.shelf, language, record, code, blank=record is None and not annex.by_staff)
    made = sheet("annex", facts, title=title, language=language, tint="white", day=day, large=True)
    findings = told.of(record) if record else ()
    return Paper(annex.name, annex.title, language, (made,), findings, told.facts, record, None, code, told.left)
