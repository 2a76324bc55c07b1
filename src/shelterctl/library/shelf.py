"""The shelf: everything of the manual that is data, each file read once and checked."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from shelterctl.core import house, monitoring
from shelterctl.core.act import Act
from shelterctl.core.checklist import Checklist
from shelterctl.core.form import Form
from shelterctl.core.place import Place
from shelterctl.core.printed import Annex
from shelterctl.core.track import Track
from shelterctl.errors import NotFound, Usage
from shelterctl.language import N_, Text, with_codes
from shelterctl.library.act import act as read_act
from shelterctl.library.annex import annex as read_annex
from shelterctl.library.annex import printed
from shelterctl.library.checklist import checklist as read_checklist
from shelterctl.library.form import form as read_form
from shelterctl.library.place import places as read_places
from shelterctl.library.track import track as read_track
from shelterctl.library.written import PACKAGE, Taken, history, known, take, take_written

NO_FORM = N_("There is no such form. The forms are {forms}.")
NO_SHELF = N_("SHELTERCTL_MANUAL names a folder that is not there.")


@dataclass(frozen=True, eq=False)
class Shelf:
    """The manual as data, each file checked against its schema when it is first taken down."""

    folder: Path

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
        return str(self._take("edition.yaml", "edition")["edition"])

    @cached_property
    def forms(self) -> Mapping[str, Form]:
        """The financial forms, by the name that a user types: whatever lies in the folder with that schema."""
        return {name: self.form(name) for name in self.form_names}

    @cached_property
    def form_names(self) -> tuple[str, ...]:
        """The names of the financial forms."""
        names = sorted(path.stem for path in (self.folder / "forms").glob("*.yaml"))
        return tuple(name for name in names if name != "monitoring-report")

    def form(self, name: str) -> Form:
        """The form of that name; Usage if there is none."""
        if name not in self.form_names:
            titles = {known: form.title for known, form in self.forms.items()}
            raise Usage("usage/form", NO_FORM, forms=with_codes(titles))
        if name not in self._forms:
            self._forms[name] = read_form(self.folder, name)
        return self._forms[name]

    @cached_property
    def _forms(self) -> dict[str, Form]:
        """The forms that were taken down already."""
        return {}

    @cached_property
    def annexes(self) -> Mapping[str, Annex]:
        """The annexes that are signed as they stand, by the name that a user types, in the manual's order."""
        read = sorted((self.annex(name) for name in self.annex_names), key=lambda annex: int(annex.number))
        return {annex.name: annex for annex in read}

    @cached_property
    def annex_names(self) -> frozenset[str]:
        """The names of the annexes."""
        return frozenset(path.stem for path in (self.folder / "annexes").glob("*.yaml"))

    def annex(self, name: str) -> Annex:
        """The annex of that name, which is there."""
        if name not in self._annexes:
            self._annexes[name] = read_annex(self.folder, name)
        return self._annexes[name]

    @cached_property
    def _annexes(self) -> dict[str, Annex]:
        """The annexes that were taken down already."""
        return {}

    @cached_property
    def lists(self) -> Mapping[str, Mapping[str, Text]]:
        """Lists of codes that several fields share, and those whose words stand beside what they name."""
        written = dict(self._take("lists.yaml", "lists")["lists"])
        items = (item for name in ("admission", "discharge") for item in self.checklist(name).items)
        return {
            **written,
            "items": {item.name: item.text for item in items},
            "forms": {name: form.title for name, form in self.forms.items()},
            "houses": {name: kind.text for name, kind in self.kinds.items()},
        }

    @cached_property
    def acts(self) -> Mapping[str, Act]:
        """Every act by its name."""
        names = sorted(path.stem for path in (self.folder / "acts").glob("*.yaml"))
        return Taken(names, lambda name: read_act(take_written(self.folder, f"acts/{name}.yaml")))

    @cached_property
    def track_names(self) -> tuple[str, ...]:
        """The names of all tracks."""
        return tuple(sorted(path.stem for path in (self.folder / "tracks").glob("*.yaml")))

    @cached_property
    def tracks(self) -> Mapping[str, Track]:
        """Every track by its name, each taken down when it is first asked for."""
        return Taken(self.track_names, self._track)

    def _track(self, name: str) -> Track:
        written = take_written(self.folder, f"tracks/{name}.yaml")
        family = written.value.get("family")
        return read_track(written, self.tracks[family] if family else None, self.lists)

    @cached_property
    def languages(self) -> Mapping[str, Mapping[str, Any]]:
        """The languages of the shelf's texts: their names, which is the manual's own, and who reviewed the others."""
        return dict(self._take("languages.yaml", "languages")["languages"])

    def checklist(self, name: str) -> Checklist:
        """A checklist in the manual's order."""
        if name not in self._checklists:
            self._checklists[name] = read_checklist(self.folder, name)
        return self._checklists[name]

    @cached_property
    def _checklists(self) -> dict[str, Checklist]:
        """The lists that were taken down already."""
        return {}

    @cached_property
    def kinds(self) -> Mapping[str, house.Kind]:
        """The kinds of house."""
        return {name: _kind(name, written) for name, written in self._take("houses.yaml", "houses")["kinds"].items()}

    @cached_property
    def places(self) -> Mapping[str, Place]:
        """The places of a record and of the register, in the words by which a person is asked for them, by path."""
        items = (item for name in ("admission", "discharge") for item in self.checklist(name).items)
        elsewhere: Mapping[str, Mapping[str, Text]] = {
            "items": {item.name: item.text for item in items},
            "forms": {name: form.title for name, form in self.forms.items()},
            "houses": {name: kind.text for name, kind in self.kinds.items()},
        }
        return read_places(self.folder, elsewhere)

    @cached_property
    def report(self) -> monitoring.ReportForm:
        """The monitoring report and the duty that it answers."""
        written = self._take("forms/monitoring-report.yaml", "report")
        duty = self.duties["monitoring"]
        return monitoring.ReportForm(
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
                    tuple(question.get("boxes") or ()),
                )
                for question in written["questions"]
            ),
            alarms=tuple(
                monitoring.Alarm(alarm["key"], alarm["answer"], alarm["text"], alarm["clause"])
                for alarm in written["alarms"]
            ),
            due=history("duties.yaml", "/duties/monitoring/after_discharge", duty["after_discharge"]),
            printed=printed(written["printed"]),
            identifying=tuple(written["identifying"]),
        )

    @cached_property
    def states(self) -> Mapping[str, Mapping[str, Any]]:
        """Every state of a client, in the manual's order: its name, what it means, and what comes next."""
        return dict(self._take("states.yaml", "states")["states"])

    @cached_property
    def duties(self) -> Mapping[str, Mapping[str, Any]]:
        """The deadlines of the main job, each with its row, what it means and its clause."""
        return dict(self._take("duties.yaml", "duties")["duties"])

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
        return dict(self._take("findings.yaml", "findings")["findings"])

    @cached_property
    def _clauses(self) -> Mapping[str, Any]:
        return self._take("clauses.yaml", "clauses")

    def _take(self, name: str, schema: str) -> Mapping[str, Any]:
        return take(self.folder, name, schema)


def _kind(name: str, written: Mapping[str, Any]) -> house.Kind:
    file, place = "houses.yaml", f"/kinds/{name}"
    known(file, f"{place}/admits", written["admits"], house.ADMITS)
    admits = {word: history(file, f"{place}/admits/{word}", rulings) for word, rulings in written["admits"].items()}
    return house.Kind(name, written["text"], history(file, f"{place}/capacity", written["capacity"]), admits)


def open_shelf() -> Shelf:
    """The shelf of the program, or the one that SHELTERCTL_MANUAL names, to try a revision before it holds."""
    named = os.environ.get("SHELTERCTL_MANUAL")
    if not named:
        return _shipped()
    if not Path(named).is_dir():
        raise NotFound("shelf/none", NO_SHELF)
    return Shelf(Path(named))


@cache
def _shipped() -> Shelf:
    """The shelf of the program, which is the same for every act of a sitting."""
    return Shelf(PACKAGE / "manual")
