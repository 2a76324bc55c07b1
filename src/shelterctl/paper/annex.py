"""The annexes that are signed as they stand: the rules of the shelter, her rights, the confidentiality agreement."""

from typing import Any

from shelterctl.act.discretion import hides
from shelterctl.core.days import read_day
from shelterctl.core.record import Client, Facts, at
from shelterctl.core.sheet import Annex
from shelterctl.desk import Desk
from shelterctl.errors import NotFound
from shelterctl.language import N_, shown
from shelterctl.paper.code import code_of
from shelterctl.paper.facts import SheetFacts
from shelterctl.paper.request import Paper, Request, around, language_of, said_in
from shelterctl.press import sheet

NO_STAFF = N_("There is no such code of staff. Register it: shelterctl staff add CODE --role ROLE")

FOR_HER = "representative"
"""Who may sign in her place."""


def _language(here: Desk, more: dict[str, Any]) -> str:
    """The language that she signed it in, if paper has it and no other is asked for."""
    own = more.get("own")
    return language_of(here, own if own in here.shelf.languages else None)


def blank(here: Desk, annex: Annex, wanted: Request) -> Paper:
    """The annex as the manual has it."""
    return _paper(here, annex, wanted, SheetFacts(), None, {})


def of_client(here: Desk, her: Client, annex: Annex, wanted: Request) -> Paper:
    """The annex for one client; once its signature is recorded, a copy: the text of that day, in the language of it."""
    facts: Facts = (at(her.stay.facts, annex.recorded_in) or {}) if annex.recorded_in and her.stay else {}
    told = SheetFacts()
    number = told.text("/identification_number", her.facts.get("identification_number"))
    signed: dict[str, Any] = {}
    if facts.get("signed") and (on := read_day(facts.get("signed_on"))):
        signed = {"signed_on": on, "own": facts.get("language"), "for_her": facts.get("signed_by") == FOR_HER}
    return _paper(here, annex, wanted, told, her.id, {"client_number": number, **signed})


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
    language, day = wanted.language or _language(here, more), here.day if record is None else here.today
    day = more.get("signed_on") or day
    entries = list(annex.standing(day))
    if record:
        for number, entry in enumerate(entries, 1):
            told.facts[f"/entries/{number}"] = shown(entry, language)
    key = here.store.sheet_key.secret if record and not told.left else None
    code = code_of(key, record, annex.name, language, None, told.facts) if record else None
    title = shown(annex.title, language)
    facts = around(here.shelf, language, record, code, of_staff=annex.by_staff, issued=None if record else day)
    facts |= {"annex": annex, "entries": entries, "staff": None, "client_number": None, "for_her": False, **more}
    if annex.recorded_in and more.get("own") not in (None, language):
        facts["signed_in"] = said_in(here.shelf, f"{annex.recorded_in}.language", more["own"])
    made = sheet("annex", facts, title=title, language=language, tint="white", day=day, large=True)
    findings = told.of(record) if record else ()
    return Paper(annex.name, annex.title, language, (made,), findings, told.facts, record, None, code, told.left)
