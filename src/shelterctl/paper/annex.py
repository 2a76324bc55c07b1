"""The annexes that are signed without changes: the rules of the shelter, the rights of residents, the confidentiality
agreement.
"""

from typing import Any

from shelterctl.act.redaction import make_hides
from shelterctl.core.manual.sheet import Annex
from shelterctl.core.record.client import Client, value_at
from shelterctl.core.values.days import read_day
from shelterctl.core.values.facts import Facts
from shelterctl.errors import NotFound
from shelterctl.language import format_fact
from shelterctl.paper.preparation import BegunPaper, begin_paper
from shelterctl.paper.request import PaperRequest, PreparedPaper, language_name
from shelterctl.session import Session
from shelterctl.ui_language import N_

ANNEX_STAFF_UNKNOWN = N_("No member of staff has this code. Register one with: shelterctl staff add CODE --role ROLE")

SIGNED_FOR_HER = "representative"
"""The answer that says that somebody signed in her place."""


def recorded_signature(her: Client, annex: Annex) -> Facts:
    """Return what is recorded of a client's signature under an annex; empty unless it says that it was signed."""
    facts: Facts = (value_at(her.stay.facts, annex.recorded_in) or {}) if annex.recorded_in and her.stay else {}
    return facts if facts.get("signed") else {}


def print_annex(session: Session, wanted: PaperRequest, her: Client | None = None) -> PreparedPaper:
    """Return the annex, blank or for one client; after a recorded signature as a copy, in the text of that day and its
    language.
    """
    rulebook, annex = session.rulebook, session.rulebook.annex(wanted.form)
    if her is None:
        return _finish_annex(begin_paper(session, wanted), annex, {})
    signature = recorded_signature(her, annex)
    on = read_day(signature.get("signed_on"))
    own = signature.get("language") if on else None
    known = own if own in rulebook.languages else None
    paper = begin_paper(session, wanted, her, day=on, own_language=known)
    facts: dict[str, Any] = {"client_number": paper.filled.fill_client_number(her.facts), "signed_on": on}
    if own not in (None, paper.language):
        facts["signed_in"] = language_name(rulebook, f"{annex.recorded_in}.language", own)
    return _finish_annex(paper, annex, {**facts, "for_her": signature.get("signed_by") == SIGNED_FOR_HER})


def print_staff_annex(session: Session, wanted: PaperRequest, code: str) -> PreparedPaper:
    """Return the annex for one member of staff, whose name is printed below the text."""
    if code not in session.store.staff.value["staff"]:
        raise NotFound("staff/unknown", ANNEX_STAFF_UNKNOWN)
    hides = make_hides(session.rulebook) if wanted.nameless else None
    paper = begin_paper(session, wanted, code, hides=hides)
    name = (session.store.directory.value.get("staff") or {}).get(code, {}).get("name")
    annex = session.rulebook.annex(wanted.form)
    return _finish_annex(paper, annex, {"staff": paper.filled.fill_name("/name", name)})


def _finish_annex(paper: BegunPaper, annex: Annex, more: dict[str, Any]) -> PreparedPaper:
    entries = list(annex.standing(paper.day))
    if not paper.is_blank:
        for number, entry in enumerate(entries, 1):
            paper.filled.facts[f"/entries/{number}"] = format_fact(entry, paper.language)
    facts = {"annex": annex, "entries": entries, "of_staff": annex.by_staff}
    facts |= {"staff": None, "client_number": None, "for_her": False, **more}
    return paper.finish(annex.title, {"annex": {"large": True}}, facts)
