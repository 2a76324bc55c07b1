"""The shelf: manual, schemas and catalogues, read once and checked."""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from shelterctl import document
from shelterctl.core import agreement, condition, house, monitoring, together
from shelterctl.core.checklist import VERBS, Checklist, Item
from shelterctl.core.form import Form, Key, Line
from shelterctl.core.ruling import History, OutOfOrderError, read_history
from shelterctl.errors import BrokenRulebook, NotFound, ShelterError, Usage
from shelterctl.language import N_
from shelterctl.shape import Shape

BROKEN = N_("The shelf is broken in {file} at {place}: {what}")
OUT_OF_ORDER = N_("the days of a history must increase, and only its first ruling has no since")
NO_FORM = N_("There is no such form. The forms are {forms}.")

PACKAGE = Path(__file__).parent
SHIPPED = PACKAGE / "_shipped"
BESIDE = SHIPPED if SHIPPED.is_dir() else PACKAGE.parent.parent
SCHEMAS, EXAMPLES = BESIDE / "schemas", BESIDE / "examples" / "accepted"
"""The published schemas and the examples: beside the package in a checkout, inside it once it is installed."""


def read_schema(name: str) -> Mapping[str, Any]:
    """One schema file, by its name without ending: ``resident``, ``shelf/form``."""
    try:
        loaded: Mapping[str, Any] = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        place = f"{name}.schema.json"
        raise BrokenRulebook("shelf/schema", BROKEN, file=place, place="/", what=type(error).__name__) from error
    return loaded


@dataclass(frozen=True)
class Shelf:
    """The manual as data, each file checked against its schema when it is first taken down."""

    folder: Path

    def take(self, name: str, schema: str) -> Mapping[str, Any]:
        """One file of the shelf as it is written; BrokenRulebook with file and place if it is not whole."""
        try:
            read = document.read((self.folder / name).read_bytes())
        except OSError as error:
            raise BrokenRulebook("shelf/file", BROKEN, file=name, place="/", what=type(error).__name__) from error
        except ShelterError as error:
            place = f"{error.facts.get('line', '?')}:{error.facts.get('column', '?')}"
            raise BrokenRulebook("shelf/file", BROKEN, file=name, place=place, what=error.code) from error
        for finding in Shape(read_schema(f"shelf/{schema}")).findings(read.value):
            raise BrokenRulebook("shelf/shape", BROKEN, file=name, place=finding.where or "/", what=finding.code)
        return read.value

    @cached_property
    def digest(self) -> str:
        """A fingerprint of every file, so that an audit can say which manual a check used."""
        sum_ = hashlib.sha256()
        for file in sorted(self.folder.rglob("*.yaml")):
            sum_.update(file.relative_to(self.folder).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
        return sum_.hexdigest()[:16]

    @cached_property
    def edition(self) -> str:
        """The edition of the manual."""
        return str(self.take("edition.yaml", "edition")["edition"])

    @cached_property
    def forms(self) -> Mapping[str, Form]:
        """The financial forms, by the name that a user types: whatever lies in the folder with that schema."""
        names = sorted(path.stem for path in (self.folder / "forms").glob("*.yaml"))
        return {name: self._form(f"forms/{name}.yaml") for name in names if name != "monitoring-report"}

    def form(self, name: str) -> Form:
        """The form of that name; Usage if there is none."""
        if name not in self.forms:
            raise Usage("usage/form", NO_FORM, forms=sorted(self.forms))
        return self.forms[name]

    def _form(self, file: str) -> Form:
        written = self.take(file, "form")
        lines = {
            number: self._line(file, number, line) for number, line in written["lines"].items()
        }
        conditions = {
            word: self._history(file, f"/conditions/{word}", history)
            for word, history in written["conditions"].items()
        }
        self._known(file, "/conditions", conditions, condition.CONDITIONS)
        return Form(
            name=written["form"],
            clause=written["clause"],
            title=written["title"],
            heading=tuple(written["heading"]),
            unlisted=written["unlisted"],
            advice=written["advice"],
            groups=written.get("groups") or {},
            lines=lines,
            conditions=conditions,
        )

    def _line(self, file: str, number: str, written: Mapping[str, Any]) -> Line:
        own = ("group", "text", "keys", "product", "standing")
        place = f"/lines/{number}"
        rules: dict[str, Mapping[str, History]] = {}
        for word, bound in written.items():
            if word not in own:
                by_key = {"amount": bound} if isinstance(bound, list) else bound
                rules[word] = {
                    key: self._history(file, f"{place}/{word}/{key}", history) for key, history in by_key.items()
                }
        self._known(file, place, rules, agreement.VOCABULARY)
        for ruling in (entry for entry in rules.get("cap", {}).get("amount", ()) if hasattr(entry, "asks")):
            self._known(file, f"{place}/cap", [ruling.asks["within"]], together.REACHES)
        keys = {
            name: Key(key["is"], key["text"], key.get("codes") or {}) for name, key in written["keys"].items()
        }
        return Line(
            number,
            written.get("group"),
            written["text"],
            keys,
            tuple(written.get("product") or ()),
            self._history(file, f"{place}/standing", written["standing"]),
            rules,
        )

    def checklist(self, name: str) -> Checklist:
        """A checklist in the manual's order."""
        file = f"checklists/{name}.yaml"
        return Checklist(name, tuple(self._item(file, item) for item in self.take(file, "checklist")["items"]))

    def _item(self, file: str, written: Mapping[str, Any]) -> Item:
        verb = next(verb for verb in VERBS if verb in written)
        place = f"/items/{written['item']}/standing"
        return Item(
            name=written["item"],
            text=written["text"],
            standing=self._history(file, place, written["standing"]),
            verb=verb,
            asks=written[verb],
            missing={written["item"]: written["text"], **written["missing"]},
            applies=written.get("applies", "stay"),
        )

    @cached_property
    def kinds(self) -> Mapping[str, house.Kind]:
        """The kinds of house."""
        file = "houses.yaml"
        kinds = {}
        for name, written in self.take(file, "houses")["kinds"].items():
            admits = {
                word: self._history(file, f"/kinds/{name}/admits/{word}", history)
                for word, history in written["admits"].items()
            }
            self._known(file, f"/kinds/{name}/admits", admits, house.ADMITS)
            capacity = self._history(file, f"/kinds/{name}/capacity", written["capacity"])
            kinds[name] = house.Kind(name, written["text"], capacity, admits)
        return kinds

    @cached_property
    def annex(self) -> monitoring.Annex:
        """The monitoring report and the duty that it answers."""
        written = self.take("forms/monitoring-report.yaml", "report")
        duty = self.take("duties.yaml", "duties")["duties"]["monitoring"]
        return monitoring.Annex(
            general=written["general"],
            questions=tuple(
                monitoring.Question(
                    question["key"],
                    question["printed"],
                    question["is"],
                    question["text"],
                    question["clause"],
                    question.get("codes") or {},
                    question.get("follows"),
                )
                for question in written["questions"]
            ),
            alarms=tuple(
                monitoring.Alarm(alarm["key"], alarm["answer"], alarm["text"], alarm["clause"])
                for alarm in written["alarms"]
            ),
            due=self._history("duties.yaml", "/duties/monitoring/after_discharge", duty["after_discharge"]),
        )

    @cached_property
    def clauses(self) -> Mapping[str, Mapping[str, Any]]:
        """Every clause that is cited: heading, gist and the manual's own words."""
        return dict(self._clauses["clauses"])

    @cached_property
    def readings(self) -> Mapping[str, Mapping[str, Any]]:
        """How the manual is read where it is unclear."""
        return dict(self._clauses["readings"])

    @cached_property
    def findings(self) -> Mapping[str, Mapping[str, Any]]:
        """What each finding's code means, and how it is resolved; items of checklists have their own texts."""
        return dict(self.take("findings.yaml", "findings")["findings"])

    @cached_property
    def _clauses(self) -> Mapping[str, Any]:
        return self.take("clauses.yaml", "clauses")

    def _history(self, file: str, place: str, entries: list[Mapping[str, Any]]) -> History:
        try:
            return read_history(entries)
        except OutOfOrderError as error:
            at = f"{place}/{error.place}"
            raise BrokenRulebook("shelf/order", BROKEN, file=file, place=at, what=OUT_OF_ORDER) from error

    def _known(self, file: str, place: str, used: Any, vocabulary: Any) -> None:
        for word in used:
            if word not in vocabulary:
                raise BrokenRulebook("shelf/word", BROKEN, file=file, place=f"{place}/{word}", what=N_("unknown word"))


def open_shelf() -> Shelf:
    """The shelf that came with the program, or the one that SHELTERCTL_MANUAL names, to try a revision before it holds."""
    named = os.environ.get("SHELTERCTL_MANUAL")
    folder = Path(named) if named else PACKAGE / "manual"
    if not folder.is_dir():
        raise NotFound("shelf/none", N_("SHELTERCTL_MANUAL names a folder that is not there."))
    return Shelf(folder)
