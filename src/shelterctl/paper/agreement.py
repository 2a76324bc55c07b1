"""The pink and the blue form, and whatever form lies beside them: blank, or as an agreement stands in her file."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from shelterctl.act.discretion import hides
from shelterctl.act.perform import surroundings, unsigned
from shelterctl.core.agreement import Agreement, read_agreement
from shelterctl.core.days import read_day
from shelterctl.core.field import Field, read_field
from shelterctl.core.finding import Finding, Severity
from shelterctl.core.record import Client, Facts, live
from shelterctl.core.signature import TO_SIGN, asks, languages
from shelterctl.core.track import Track
from shelterctl.desk import Desk
from shelterctl.language import N_, shown
from shelterctl.paper.budget import Budget
from shelterctl.paper.code import code_of
from shelterctl.paper.facts import SheetFacts
from shelterctl.paper.request import Paper, Request, around, language_of, said_in
from shelterctl.press import Sheet, long_day, sheet

NUMBERED = "identification_number"
PARTIES = ("ngo", "iom")
SEEN = ("ngo", NUMBERED, "number", "place", "date", "person")
"""The places of an agreement that every form shows, beside its lines and what only this form has."""

MARK = "/not_for_signature"
"""The mark of a draft is a fact of its sheet: without it, it is another sheet."""

OF_HER_STAY = ("agreement/days-beyond-stay",)
OF_A_SUM = (*OF_HER_STAY, "agreement/persons-differ")
"""What may be open of a line so that its sum is not to be signed; of whatever else is open, IOM decides on paper."""

WAS_DRAFT = N_(
    "A sheet of it that was printed before this is marked as a draft, not to be signed. If that is the sheet that was "
    "signed, print it again and have it signed once more."
)

KEPT = "as"
"""Where a signature keeps what her file and the registers said when it was written."""


def blank(here: Desk, form: Track, wanted: Request) -> Paper:
    """The form with lines to write on, and the limits in force on the day taken as today."""
    return _paper(here, form, wanted, here.day, SheetFacts(), {}, None, None)


def filled(here: Desk, her: Client, form: Track, facts: Facts, wanted: Request) -> Paper:
    """The form as the agreement stands in her file, with the limits in force on its own day; a signed one as signed."""
    agreement, signed = read_agreement(form, facts), facts.get("signed") or {}
    told = SheetFacts(hides=hides(here.shelf, form.name) if wanted.bare else None)
    around_it = signed[KEPT] if KEPT in signed else surroundings(here, her, facts)
    heading: dict[str, Any] = {
        name: told.text(f"/{name}", facts.get(name)) for name in ("ngo_representative", "iom_representative", "number")
    }
    for party in PARTIES:  # who signed is told once, unless it was somebody else
        own, other = facts.get(f"{party}_representative"), signed.get(f"{party}_name")
        name = told.text(f"/signed/{party}_name", other) if other and other != own else None
        heading[f"{party}_name"] = name or heading[f"{party}_representative"]
        heading[f"{party}_representative"] = heading[f"{party}_representative"] or name
    ngo = around_it.get("ngo")
    if ngo in (None, facts.get("ngo")):  # it had no name when it was signed, for which 0.3.1 kept its code
        ngo = surroundings(here, her, facts).get("ngo")
    heading["ngo"] = told.name("/ngo", ngo)
    heading["place"] = told.text("/place", around_it.get("place"))
    heading[NUMBERED] = told.text(f"/{NUMBERED}", around_it.get(NUMBERED))
    heading["date"] = told.day("/date", facts["date"])
    heading |= _own(form, facts, told, wanted.language or language_of(here, signed_in(form, agreement.day)))
    return _paper(here, form, wanted, agreement.day, told, heading, agreement, her)


def _own(form: Track, facts: Facts, told: SheetFacts, language: str) -> Iterator[tuple[str, Any]]:
    """What only this form has in its heading: days as such, a code or an answer in words, a period by its two days."""
    for name in form.own:
        one, said = form.fields[name], facts.get(name)
        if one.kind == "span":
            yield from ((f"{name}_{end}", told.day(f"/{name}/{end}", (said or {}).get(end))) for end in ("from", "to"))
        elif one.kind == "day":
            yield name, told.day(f"/{name}", said)
        else:
            yield name, told.text(f"/{name}", None if said is None else _in_words(one, said, language))


def _in_words(one: Field, said: object, language: str) -> str:
    """An answer as paper has it: codes by their texts, som and times as the language writes them."""
    value = read_field(one, said)
    listed = value if isinstance(value, tuple) else (said if value is None else value,)
    return shown(
        [one.codes[each] if isinstance(each, str) and each in one.codes else each for each in listed], language
    )


def _paper(
    here: Desk, form: Track, wanted: Request, day: date, told: SheetFacts, heading: Mapping[str, Any],
    agreement: Agreement | None, her: Client | None,
) -> Paper:  # fmt: skip
    """The sheets of one form: as many as it is signed in, or one to be read, each with what has no room on it."""
    own = asks(form, "is", "signed.language", day).get("codes") or [None]
    language = wanted.language or language_of(here, own[0])
    reading = own[0] is not None and language not in own
    signed: Facts = (agreement.facts.get("signed") or {}) if agreement else {}
    prepared: Facts = (agreement.facts.get(TO_SIGN) or {}) if agreement else {}
    copies = int(asks(form, "amount", "signed.copies", day).get("exactly", prepared.get("copies") or 1))
    copies = 1 if reading or signed else copies
    other = next((each for each in [signed.get("language") or own[0]] if signed and each not in (None, language)), None)
    groups = list(Budget(form, day, language, agreement, told).groups())
    total = told.som("/total", agreement.total) if agreement else None
    entry = agreement.facts.get("id") if agreement else None
    lacks = lacking(here, her, form, agreement.facts) if her and agreement else ()
    told.facts |= {MARK: "yes"} if lacks else {}
    key = here.store.sheet_key.secret if her and not told.left else None
    code = code_of(key, her.id, form.name, language, entry, told.facts) if her else None
    prefix = str(asks(form, "is", "number", day).get("contains", ""))
    number = heading.get("number")
    words = form.sheet.texts
    facts = {
        "words": words,
        "sentences": form.sheet.sentences,
        "groups": groups,
        "said": [
            (group.mark if line is group else f"{group.mark} {line.mark}", line)
            for group in groups
            for line in (group, *group.lines)
            if line.stated
        ],
        "total": total,
        "number": number,
        "prefix": "" if number and prefix in number else prefix,
        "place": heading.get("place"),
        "date": heading.get("date"),
        "client_number": heading.get(NUMBERED),
        "numbered": _beside_the_number(form),
        "signatories": {party: heading.get(f"{party}_name") for party in PARTIES},
        "heading": {**_heading(form, heading, language), "total": None if total is None else shown(total, language)},
    }
    facts |= around(
        here.shelf, language, her.id if her else None, code, copies=copies, reading_copy=reading,
        not_for_signature=bool(lacks), issued=None if her else day, signed_on=read_day(signed.get("on")),
        signed_in=said_in(here.shelf, "agreement.signed.language", other) if other else None,
        terminated_on=read_day(((agreement.facts if agreement else {}).get("terminated") or {}).get("on")),
        kept=not signed or KEPT in signed,
    )  # fmt: skip
    tint = "white" if wanted.white else form.sheet.tint
    about: dict[str, Any] = {"title": shown(words["title"], language), "language": language, "tint": tint, "day": day}
    made: list[Sheet] = []
    for copy in range(1, copies + 1):
        made.append(sheet("agreement", {**facts, "copy": copy}, **about))
        if facts["said"]:
            made.append(sheet("agreement-annex", {**facts, "copy": copy}, **about, behind=True, long=True))
    about_her: dict[str, Any] = {"record": her.id, "findings": (*told.of(her.id), *lacks)} if her else {}
    return Paper(
        form.name, form.text, language, tuple(made), facts=told.facts, of=entry, code=code, left=told.left, **about_her
    )


def _heading(form: Track, heading: Mapping[str, Any], language: str) -> dict[str, str | None]:
    """What stands in the braces of the form's sentences, as text; None leaves a blank."""
    names = ("ngo", "ngo_representative", "iom_representative", NUMBERED, *form.in_braces)
    told = {name: heading.get(name) for name in names}
    return {name: long_day(fact, language) if isinstance(fact, date) else fact for name, fact in told.items()}


def _beside_the_number(form: Track) -> bool:
    """Whether the identification number stands beside the agreement's, since no sentence names it (X19)."""
    said = (*form.sheet.texts.values(), *(sentence.text for sentence in form.sheet.sentences))
    return not any(f"{{{NUMBERED}}}" in words for text in said for words in text.values())


def signed_in(form: Track, day: date) -> str | None:
    """The language in which a form is signed, where there is only one."""
    codes = languages(form, {"date": day.isoformat()})
    return str(codes[0]) if codes else None


def lacking(here: Desk, her: Client, form: Track, facts: Facts) -> tuple[Finding, ...]:
    """Why a sheet is no paper to sign yet: a signature would be refused, or what stands on the sheet is open.

    What the manual only asks of a line is none of that: nobody shall tick what is not so to get a paper. What is signed
    already is as it is. How long she stays is not known while she does (X20).
    """
    if "signed" in facts:
        return ()
    staying = any(stay.id == facts.get("stay") and stay.open for stay in her.stays)
    found = (one for one in unsigned(here, her, form, facts) if not (staying and one.code in OF_HER_STAY))
    seen = (one for one in found if one.severity is Severity.REFUSE or one.code in OF_A_SUM or _seen(form, one.where))
    return tuple(replace(one, severity=Severity.OPEN, record=her.id) for one in seen)


def drafted_before(here: Desk, her: Client, form: Track, before: Facts | None) -> tuple[Finding, ...]:
    """That a sheet which was printed of an agreement as it stood *before* its signature is marked as a draft."""
    if not before or not _was_printed(her, before) or not lacking(here, her, form, before):
        return ()
    return (
        Finding(code="paper/draft-signed", severity=Severity.WARN, message=WAS_DRAFT, where="/signed", record=her.id),
    )


def _was_printed(her: Client, facts: Facts) -> bool:
    """Whether a sheet of this agreement is noted in her file."""
    return any(one.get("of") == facts.get("id") for one in live(her.facts.get("printed")))


def _seen(form: Track, where: str) -> bool:
    """Whether a place is one of the heading that the sheet shows."""
    return where.removeprefix("/").partition("/")[0] in (*SEEN, *form.own)
