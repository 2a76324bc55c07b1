"""Questions: each is a property of a schema and the shelf's text for it; there is no other list of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from shelterctl import contract
from shelterctl.core.field import Field
from shelterctl.core.fragment import OF_A_STAY
from shelterctl.core.question import YES_NO, Question
from shelterctl.core.track import Part
from shelterctl.language import N_, Text
from shelterctl.library import Shelf, read_schema

Offers = Mapping[str, Mapping[Any, Text | str]]
"""What a house knows already, by register: codes of staff, NGOs and facilities, names, each with its text."""

REGISTERS = {
    "by": "staff",
    "organised_by": "staff",
    "social_worker": "staff",
    "partner_ngo": "ngos",
    "ngo": "ngos",
    "facility": "facilities",
    "ngo_representative": "people",
    "drafted_by": "drafters",
    "provider": "providers",
}
"""Which register is offered for the last name of a place."""

KINDS = {"text": "text", "day": "day", "time": "time", "partial": "partial", "code": "code",
         "language": "language", "country": "country"}  # fmt: skip
"""The kind of question that a definition of the frame makes."""

DATED = {"date": "day", "time": "time", "partial-date": "partial"}
"""The same for a property that says itself what is dated in it."""

COORDINATOR = N_("NGO Coordinator")
OF_IOM = ("discharge.iom_representative",)
"""Places beside every ``by`` where someone of IOM is named, who has no code: the title is offered."""

AMOUNT = N_("Amount in som")
FROM_THE_LIST = ("text", "texts", "code")


@dataclass(frozen=True)
class Questionnaire:
    """The questions that may be asked over one shelf in one house."""

    shelf: Shelf
    offers: Offers = field(default_factory=dict)

    def of(self, path: str, **more: Any) -> Question:
        """The question for one place of a record: ``identity.sex``, ``admission.rules.signed_on``."""
        place = self.shelf.places[path]
        node, beside = self._node(path), None
        if with_ := node.get("x-with"):
            beside = next(iter(with_.items()))
        asked = Question(path, place.text, "text", clause=place.clause, hint=place.hint, beside=beside)
        asked = replace(asked, names="x-letters" in node.get("items", node))
        asked = self._shaped(asked, node, place.codes, place.open)
        return replace(self._offered(asked, path.rpartition(".")[2]), **more)

    def of_line(self, line: Part, name: str) -> Question:
        """The question for one key of a form's line, or for its amount."""
        clause = line.standing[-1].clause
        if name == "amount":
            return Question("amount", AMOUNT, "som", clause=clause)
        key = line.fields[name]
        if key.kind == "code":
            return Question(name, key.text, "code", key.codes, clause=clause)
        return Question(name, key.text, "texts" if key.several else key.kind, clause=clause)

    def of_report(self, printed: Field) -> Question:
        """The question of the monitoring report that is printed under this number; any may be answered unknown."""
        choices: Mapping[Any, Text | str] = {}
        if printed.kind == "yes_no":
            choices = {True: YES_NO[0], False: YES_NO[1], "unknown": N_("unknown")}
        elif printed.kind == "code":
            choices = {**printed.codes, "unknown": N_("unknown")}
        kind = "day" if printed.kind == "day" else "text"
        beside = next(((name, answers[0]) for name, answers in printed.asked_with.items()), None)
        return Question(printed.name, printed.text, kind, choices, unknown=True, clause=printed.clause, beside=beside)

    def _shaped(self, asked: Question, node: Mapping[str, Any], codes: Mapping[str, Text], open_: bool) -> Question:
        """The question with the kind and the choices that the property's schema allows."""
        if listed := node.get("enum") or node.get("x-codes"):
            return replace(asked, kind="code", choices={code: codes[code] for code in listed if code in codes})
        if node.get("type") == "boolean":
            return replace(asked, kind="yes_no")
        if node.get("type") == "integer":
            return replace(asked, kind="whole" if node.get("minimum") else "count")
        if node.get("type") == "array":
            one = self._shaped(asked, node["items"], codes, open_)
            return replace(one, several=True, kind="texts" if one.kind == "text" else one.kind)
        if node.get("x-is") == "date":
            return replace(asked, kind="day")
        name = str(node.get("$ref", "")).rpartition("/")[2]
        kind = KINDS.get(name) or DATED.get(node.get("x-is", ""), "text")
        return replace(asked, kind=kind, choices=codes if open_ else {}, open=open_, past=kind == "partial")

    def _offered(self, asked: Question, name: str) -> Question:
        """The question with what the house knows already, where such a thing is asked for."""
        if asked.kind == "text" and (name == "by" or asked.path in OF_IOM):
            return replace(asked, choices={str(COORDINATOR): COORDINATOR}, open=True)
        known = self.offers.get(REGISTERS.get(name, ""), {})
        if not known or asked.choices or asked.kind not in FROM_THE_LIST:
            return asked
        return replace(asked, choices=known, open=REGISTERS[name] != "staff")  # whoever works here is registered

    def _node(self, path: str) -> Mapping[str, Any]:
        """The property's schema, followed from definition to definition, lists passed through."""
        first, *rest = path.split(".")
        defs = self._frame["$defs"]
        top: Mapping[str, Any]
        if first == "directory":
            register, *rest = rest
            top, defs = self._directory[contract.SINGULAR[register]], self._directory
        elif first == "facility" and rest:
            top, defs = self._shelter["properties"]["facilities"]["additionalProperties"], self._shelter["$defs"]
        elif first == "staff":
            top = read_schema("staff")["properties"]["staff"]["additionalProperties"]
        elif first in WHOLE:
            top = defs[first] if first in defs else contract.KINDS[first]
        else:
            rest = [first, *rest]
            top = defs["stay"] if first in OF_A_STAY else self._frame
        node: Mapping[str, Any] = top
        for name in rest:
            below = self._inside(node, defs)["properties"][name]
            node = below
        name = str(node.get("$ref", "")).rpartition("/")[2]
        return defs[name] if name and name not in KINDS else node

    def _inside(self, node: Mapping[str, Any], defs: Mapping[str, Any]) -> Mapping[str, Any]:
        node = node.get("items", node)
        name = str(node.get("$ref", "")).rpartition("/")[2]
        return defs[name] if name else node

    @cached_property
    def _frame(self) -> Mapping[str, Any]:
        return contract.resident(self.shelf)

    @cached_property
    def _shelter(self) -> Mapping[str, Any]:
        return contract.shelter(self.shelf)

    @cached_property
    def _directory(self) -> Mapping[str, Any]:
        return dict(read_schema("directory")["$defs"])


WHOLE = ("agreement", "report", "course", "span", "void")
"""First names of a place that are a definition of their own."""
