"""The annexes that are signed without changes: the code of conduct, the rules of the shelter, the rights of residents,
the confidentiality agreement.
"""

from typing import Any

from shelterctl.act.redaction import make_hides
from shelterctl.core.manual.sheet import NGO_SIGNS, SECTIONS_LAYOUT, STAFF_SIGNS, Annex
from shelterctl.core.record.client import Client, value_at
from shelterctl.core.values.days import read_day
from shelterctl.core.values.facts import Facts
from shelterctl.errors import NotFound, UsageError
from shelterctl.language import format_fact
from shelterctl.paper.preparation import BegunPaper, begin_paper
from shelterctl.paper.request import PaperRequest, PreparedPaper, language_name
from shelterctl.session import Session
from shelterctl.ui_language import N_

ANNEX_STAFF_UNKNOWN = N_("No member of staff has this code. Register one with: shelterctl staff add CODE --role ROLE")
ANNEX_SIGNER_UNKNOWN = N_(
    "No NGO and no member of staff has this code. See the codes with: shelterctl ngo list, shelterctl staff list"
)
ANNEX_SIGNER_TWICE = N_(
    "This code is that of a member of staff and of an NGO. Register one of them under another code."
)

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


def print_signer_annex(session: Session, wanted: PaperRequest, code: str) -> PreparedPaper:
    """Return the annex for one member of staff or NGO, whose name is printed below the text.

    The sheet of a member of staff is noted under the code; that of an NGO has no code and is noted nowhere.
    """
    annex = session.rulebook.annex(wanted.form)
    signer = _find_signer(session, annex, code)
    hides = make_hides(session.rulebook) if wanted.nameless else None
    by_staff = signer == STAFF_SIGNS
    record, registered = (code, None) if by_staff else (None, code)
    paper = begin_paper(session, wanted, record, registered=registered, hides=hides)
    at = session.rulebook.tracks[signer].at
    name = paper.filled.fill_name("/name", (session.store.directory.value.get(at) or {}).get(code, {}).get("name"))
    return _finish_annex(paper, annex, {"signers": (signer,), f"{signer}_name": name, "of_staff": by_staff})


def _find_signer(session: Session, annex: Annex, code: str) -> str:
    """Return the register that has the code: that of staff or of NGOs. Raises NotFound, or UsageError if both do."""
    known = {
        STAFF_SIGNS: session.store.staff.value["staff"],
        NGO_SIGNS: session.store.directory.value.get("ngos") or {},
    }
    found = [signer for signer in annex.signers if code in known.get(signer, ())]
    if not found:
        only_staff = annex.signers == (STAFF_SIGNS,)
        raise NotFound("staff/unknown", ANNEX_STAFF_UNKNOWN if only_staff else ANNEX_SIGNER_UNKNOWN)
    if len(found) > 1:
        raise UsageError("usage/one-thing", ANNEX_SIGNER_TWICE)
    return found[0]


def _finish_annex(paper: BegunPaper, annex: Annex, more: dict[str, Any]) -> PreparedPaper:
    entries = list(annex.standing(paper.day))
    if not paper.is_blank:
        for number, entry in enumerate(entries, 1):
            paper.filled.facts[f"/entries/{number}"] = format_fact(entry.text, paper.language)
    facts: dict[str, Any] = {"annex": annex, "entries": entries, "signers": annex.signers}
    facts |= {"staff_name": None, "ngo_name": None, "client_number": None, "for_her": False, **more}
    facts["room"] = annex.room if NGO_SIGNS in facts["signers"] else 0
    sections = annex.layout == SECTIONS_LAYOUT
    return paper.finish(annex.title, {"annex": {"large": not sections, "long": sections}}, facts)
