"""The annexes that are signed as they stand: the rules of the shelter, her rights, the confidentiality agreement."""

from typing import Any

from shelterctl.act.redaction import make_hides
from shelterctl.core.manual.sheet import Annex
from shelterctl.core.record.client import Client, value_at
from shelterctl.core.values.days import read_day
from shelterctl.core.values.facts import Facts
from shelterctl.errors import NotFound
from shelterctl.language import format_fact
from shelterctl.paper.code import make_filled_sheet_code
from shelterctl.paper.facts import SheetFacts
from shelterctl.paper.request import PaperRequest, PreparedPaper, choose_paper_language, common_facts, language_name
from shelterctl.press.sheet import make_sheet
from shelterctl.session import Session
from shelterctl.ui_language import N_

ANNEX_STAFF_UNKNOWN = N_("There is no such code of staff. Register it: shelterctl staff add CODE --role ROLE")

SIGNED_FOR_HER = "representative"
"""Who may sign in her place."""


def blank_annex(session: Session, annex: Annex, wanted: PaperRequest) -> PreparedPaper:
    """The annex as the manual has it."""
    return _annex_paper(session, annex, wanted, SheetFacts(), None, {})


def client_annex(session: Session, her: Client, annex: Annex, wanted: PaperRequest) -> PreparedPaper:
    """The annex for one client; once its signature is recorded, a copy: the text of that day, in the language of it."""
    facts: Facts = (value_at(her.stay.facts, annex.recorded_in) or {}) if annex.recorded_in and her.stay else {}
    filled = SheetFacts()
    number = filled.fill_client_number(her.facts)
    signed: dict[str, Any] = {}
    if facts.get("signed") and (on := read_day(facts.get("signed_on"))):
        signed = {"signed_on": on, "own": facts.get("language"), "for_her": facts.get("signed_by") == SIGNED_FOR_HER}
    return _annex_paper(session, annex, wanted, filled, her.id, {"client_number": number, **signed})


def staff_annex(session: Session, code: str, annex: Annex, wanted: PaperRequest) -> PreparedPaper:
    """The annex for one member of staff: the name stands in a line outside its text."""
    if code not in session.store.staff.value["staff"]:
        raise NotFound("staff/unknown", ANNEX_STAFF_UNKNOWN)
    filled = SheetFacts(hides=make_hides(session.rulebook) if wanted.nameless else None)
    name = (session.store.directory.value.get("staff") or {}).get(code, {}).get("name")
    return _annex_paper(session, annex, wanted, filled, code, {"staff": filled.fill_name("/name", name)})


def _annex_paper(
    session: Session, annex: Annex, wanted: PaperRequest, filled: SheetFacts, record: str | None, more: dict[str, Any]
) -> PreparedPaper:
    own = more.get("own")  # the language that she signed it in, if paper has it
    language = wanted.language or choose_paper_language(session, own if own in session.rulebook.languages else None)
    day = more.get("signed_on") or (session.computer_day if record is None else session.today)
    entries = list(annex.standing(day))
    if record:
        for number, entry in enumerate(entries, 1):
            filled.facts[f"/entries/{number}"] = format_fact(entry, language)
    code = make_filled_sheet_code(session, filled, record, annex.name, language)
    title = format_fact(annex.title, language)
    facts = common_facts(
        session.rulebook, language, record, code, of_staff=annex.by_staff, issued=None if record else day
    )
    facts |= {"annex": annex, "entries": entries, "staff": None, "client_number": None, "for_her": False, **more}
    if annex.recorded_in and own not in (None, language):
        facts["signed_in"] = language_name(session.rulebook, f"{annex.recorded_in}.language", own)
    made = make_sheet("annex", facts, title=title, language=language, tint="white", day=day, large=True)
    findings = filled.findings_about(record) if record else ()
    return PreparedPaper(
        annex.name, annex.title, language, (made,), findings, filled.facts, record, None, code, filled.left_blank
    )
