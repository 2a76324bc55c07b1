"""The entries of a file as a person is shown them: what each is, its day, and who recorded it."""

from collections.abc import Iterator, Mapping
from typing import Any

from shelterctl.core.days import day_of
from shelterctl.core.record import Facts, at, entries
from shelterctl.language import N_, SPOKEN, Sentence, Text, say
from shelterctl.library import Shelf

KINDS: Mapping[str, Sentence] = {
    "stays": N_("a whole stay"),
    "children": N_("a child"),
    "instructions": N_("an instruction of the NGO Coordinator"),
    "documents": N_("a paper of IOM"),
    "done": N_("an item of the checklist"),
    "attempts": N_("an attempt to reach her"),
    "reports": N_("a monitoring report"),
    "agreements": N_("a financial agreement"),
    "printed": N_("a printed sheet"),
}
SHEET = N_("a printed sheet: {title}, {code}")
"""What an entry is, by the list in which it stands."""


def live(record: Facts) -> Iterator[tuple[str, Facts]]:
    """Every entry that is not struck through, nor a part of one that is, with the pointer to it."""
    void: list[str] = []
    for where, facts in entries(record):
        if "void" in facts:
            void.append(f"{where}/")
        elif not where.startswith(tuple(void)):
            yield where, facts


def _title(shelf: Shelf, form: str) -> Text:
    """A form of the manual as it is called inside a sentence: paper prints some titles in capitals."""
    annexes = {name: annex.title for name, annex in shelf.annexes.items()}
    known: dict[str, Text] = {name: one.text for name, one in shelf.forms.items()} | annexes
    title = known.get(form, shelf.report.sheet.texts["title"])
    return {language: text.capitalize() if text.isupper() else text for language, text in title.items()}


def told(shelf: Shelf, where: str, facts: Facts) -> dict[str, object]:
    """What an entry is, its day and who recorded it; nothing that someone wrote in words of her own."""
    kind = where.split("/")[-2]
    what: Any = KINDS.get(kind, kind)
    if kind == "done":
        what = shelf.places["done.item"].codes.get(facts["item"], what)
    elif kind == "documents":
        what = shelf.places["iom.documents.kind"].codes.get(facts["kind"], what)
    elif kind == "agreements" and facts["form"] in shelf.forms:
        what = shelf.form(facts["form"]).text
    elif kind == "printed":
        sheet = {"title": _title(shelf, facts["form"]), "code": facts["code"]}
        what = {each: say(SHEET, sheet, each) for each in SPOKEN}
    on = facts.get("on") or facts.get("date") or at(facts, "referral.received_at") or facts.get("recorded_at")
    return {"what": what, "on": day_of(on) or "", "by": facts.get("recorded_by", ""), "entry": facts["id"]}
