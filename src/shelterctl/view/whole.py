"""A client's whole file in words: the shelf's labels and texts of codes, and the ids by which entries are struck."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shelterctl.act.entry import told
from shelterctl.core.agreement import printed
from shelterctl.core.days import read_day
from shelterctl.core.field import Field
from shelterctl.core.line import AMOUNT as AMOUNT_KEY
from shelterctl.core.money import read_som
from shelterctl.core.notation import as_written
from shelterctl.core.record import Facts
from shelterctl.core.sameness import BEFORE, WAS, changes
from shelterctl.core.track import Track
from shelterctl.core.tree import SEALED
from shelterctl.language import N_, Sentence, Text, say, shown
from shelterctl.library import Shelf
from shelterctl.questionnaire import TITLES
from shelterctl.view.first import paper_of

OPENED = N_("File {id}, opened on {on} by {by}")
ENTRY = N_("{what}, {on}, recorded by {by} ({entry})")
STRUCK = N_("STRUCK THROUGH: {what}")
CHANGED = N_("Changed on {at} by {by}. Before it said:")
UNSAVED = N_("answers that are not saved yet: {paper}")
CLOSED = N_("Sealed: {part}. Meant for: {roles}, and who wrote it. But everyone who uses this computer can read it.")
COUNTED = N_("Sealed entries, which are not shown here: {count}.")
SIGNATURE = N_("signature: {form}")
AMOUNT = N_("Amount in som")
UNKNOWN = N_("unknown")

PARTS: Mapping[str, Sentence] = {
    "identity": N_("who she is"),
    "trafficking": N_("what happened to her"),
    "iom": N_("what IOM said"),
    "referral": N_("referral"),
    "received": N_("arrival"),
    "admission": N_("admission"),
    "discharge": N_("discharge"),
    "monitoring": N_("monitoring"),
    "agreement.corrections": N_("days of signing that were put right"),
}
"""What stands over a part of a file; other parts have labels that say enough."""

WITHIN = {"stays": "", "agreements": "agreement", "monitoring.reports": "report"}
"""Where the places of an entry begin on the shelf, where they do not under the list's own name."""

BEGUN = {
    "monitoring-report": "report",
    "monitoring-attempt": "monitoring.attempts",
    "monitoring-closed": "monitoring.closed",
    "monitoring-scheduled": "monitoring.scheduled",
}
"""The same for the answers to a paper that is not saved yet."""

SEALED_KEYS = ("part", "track", "age")
STAMPS = ("schema", "edition", "id", "recorded_at", "recorded_by", "void", WAS, "unfinished", "printed", *SEALED_KEYS)
"""What is said in another place, or means nothing to a person."""


def lines(record: Facts, shelf: Shelf, language: str) -> list[str]:
    """The file from its head to the answers that are not saved yet, in the order in which it is written."""
    return [line.rstrip() for line in _Whole(shelf, language).all(record)]


def of_track(track: Track, facts: Facts, shelf: Shelf, language: str) -> list[str]:
    """One entry of a track in words, field by field."""
    own = {name: facts[name] for name in track.fields if name in facts}
    whole = _Whole(shelf, language)
    return [line.rstrip() for line in (*whole.part(prefix(track), own), *whole.changes(prefix(track), facts, ""))]


def prefix(track: Track) -> str:
    """Where the places of a track begin on the shelf."""
    if track.seal:
        return track.name
    return WITHIN.get(track.at, track.at)


@dataclass(frozen=True, repr=False)
class _Whole:
    shelf: Shelf
    language: str

    def all(self, record: Facts) -> Iterator[str]:
        on = as_written(record.get("recorded_at", ""), self.language)
        yield self._say(OPENED, id=record["id"], on=on, by=record.get("recorded_by", ""))
        yield from self._part("", record, "")
        for name, facts in (record.get("unfinished") or {}).items():
            form = name.removesuffix("-signature")
            paper: Any = paper_of(self.shelf, name)
            track = self.shelf.tracks.get(name.partition(" ")[0])
            prefix = BEGUN.get(name) or (track.at if track else name)
            if form in self.shelf.forms:
                title, prefix = self.shelf.form(form).text, "agreement"
                paper = title if form == name else self._say(SIGNATURE, form=title)
                prefix = prefix if form == name else "agreement.signed"
            yield from ("", self._head(UNSAVED, paper=paper))
            if track and track.seal:
                continue
            yield from self._part(prefix, {**facts, "form": form} if prefix == "agreement" else facts, "  ")

    def part(self, prefix: str, facts: Facts) -> Iterator[str]:
        """Everything of one mapping, at the margin."""
        return self._part(prefix, facts, "")

    def _part(self, prefix: str, facts: Facts, indent: str) -> Iterator[str]:
        """Everything of one mapping; *prefix* is where its places begin on the shelf."""
        for name, value in facts.items():
            path = f"{prefix}.{name}" if prefix else name
            if path == SEALED.partition(".")[0]:
                listed = value.get(SEALED.partition(".")[2]) or ()
                if isinstance(listed, int):  # names are left out, and sealed entries with them
                    yield ""
                    yield indent + self._say(COUNTED, count=listed)
                    continue
                for entry in listed:
                    yield from self._entry(SEALED, entry["track"], entry, indent)
                yield from self._blocks(value, indent)
                continue
            if name in STAMPS or path == "agreement.form":  # the form stands in the head of the entry
                continue
            place = self.shelf.places.get(path)
            if path == "agreement.lines":
                yield from self._lines(facts, indent)
            elif place and isinstance(value, Mapping):
                yield f"{indent}{self._head(place.text)}"
                yield from self._inside(place, value, indent + "  ")
            elif isinstance(value, Mapping):
                over = path in PARTS
                yield from ["", indent + self._head(PARTS[path])] if over else []
                yield from self._part(path, value, indent + "  " * over)
            elif isinstance(value, list) and value and isinstance(value[0], Mapping):
                within = indent + "  "
                yield from ["", indent + self._head(PARTS[path])] if path in PARTS else []
                for entry in value:
                    own = self._part(path, entry, within) if path in PARTS else None
                    yield from own or self._entry(path, WITHIN.get(path, path), entry, indent)
            else:
                label, codes = self._place(path)
                yield self._leaf(label, codes, value, indent, som=bool(place and place.kind == "som"))

    def _entry(self, path: str, prefix: str, entry: Facts, indent: str) -> Iterator[str]:
        """An entry of a list under what it is, its day, and the id by which it can be struck."""
        said = told(self.shelf, f"/{path.replace('.', '/')}/0", entry)
        head = self._head(ENTRY, **{**said, **({"what": N_("stay")} if path == "stays" else {})})
        yield from ("", indent + (self._say(STRUCK, what=head) if "void" in entry else head))
        yield from self._part("void", entry.get("void") or {}, indent + "  ")
        yield from self._part(prefix, entry, indent + "  ")
        yield from self.changes(prefix, entry, indent + "  ")
        if path == SEALED and "age" in entry and (track := self.shelf.tracks.get(entry["track"])) and track.seal:
            roles = [self.shelf.lists["roles"][role] for role in track.seal.readers]
            yield indent + "  " + self._say(CLOSED, part=self.shelf.lists["parts"][track.seal.part], roles=roles)

    def _blocks(self, sealed: Facts, indent: str) -> Iterator[str]:
        """What every file has a block of, where that was opened and says something; nothing tells of a closed one."""
        for track in (self.shelf.tracks[name] for name in self.shelf.blocks):
            said = sealed.get(track.at.rpartition(".")[2])
            if isinstance(said, Mapping) and said:
                yield from ("", indent + self._head(track.text))
                yield from self._part(prefix(track), said, indent + "  ")

    def changes(self, prefix: str, entry: Facts, indent: str) -> Iterator[str]:
        """What stood in an entry before each change, with who changed it and when; the last change first."""
        for change in reversed(changes(entry)):
            yield indent + self._say(CHANGED, at=as_written(change["at"], self.language), by=change["by"])
            yield from self._part(prefix, change[BEFORE], indent + "  ")

    def _lines(self, agreement: Facts, indent: str) -> Iterator[str]:
        """The lines of an agreement, each under what the form prints on the agreement's day."""
        form, day = self.shelf.forms.get(str(agreement.get("form"))), read_day(agreement.get("date")) or date.max
        order = {number: place for place, number in enumerate(form.parts if form else ())}
        for number, facts in sorted(agreement["lines"].items(), key=lambda one: order.get(one[0], len(order))):
            line = form.parts.get(number) if form else None
            yield f"{indent}{number}  {shown(printed(line, day), self.language) if line else ''}"
            for name, value in (facts or {}).items():
                key = line.fields.get(name) if line and name != AMOUNT_KEY else None
                label = AMOUNT if name == AMOUNT_KEY else key.text if key else name
                if key and isinstance(value, Mapping):
                    yield f"{indent}  {self._head(label)}"
                    yield from self._inside(key, value, indent + "    ")
                else:
                    som = name == AMOUNT_KEY or bool(key and key.kind == "som")
                    yield self._leaf(label, key.codes if key else {}, value, indent + "  ", som=som)

    def _inside(self, field: Field, value: Facts, indent: str) -> Iterator[str]:
        """What stands inside a period, in its own words where it has some."""
        known = self.shelf.within(field)
        for name, each in value.items():
            yield self._leaf(known[name].text if name in known else name, {}, each, indent)

    def _place(self, path: str) -> tuple[Sentence, Mapping[Any, Text | Sentence]]:
        """The label of a place and the texts of its codes: a question of the report, else what the shelf says."""
        asked = self.shelf.report.fields.get(path.removeprefix("report.")) if path.startswith("report.") else None
        if asked:
            return asked.text, asked.codes
        place = self.shelf.places.get(path)
        if place is None:
            return path, {}
        return place.text, {**TITLES.get(place.offers or "", {}), **place.codes}

    def _leaf(
        self, label: Sentence, codes: Mapping[Any, Text | Sentence], value: object, indent: str, *, som: bool = False
    ) -> str:
        amount = read_som(value) if som else None
        head = self._head(label)
        words = self._words(codes, value if amount is None else amount)
        return f"{indent}{head}{'' if head.endswith('?') else ':'} {words}"

    def _words(self, codes: Mapping[Any, Text | Sentence], value: object) -> str:
        if isinstance(value, list):
            return ", ".join(self._words(codes, each) for each in value)
        if isinstance(value, str) and value in codes:
            return shown(codes[value], self.language)
        if value == UNKNOWN:
            return shown(UNKNOWN, self.language)
        return "" if value is None else shown(as_written(value, self.language), self.language)

    def _head(self, sentence: Sentence, **facts: object) -> str:
        said = self._say(sentence, **facts)
        return said[:1].upper() + said[1:]

    def _say(self, sentence: Sentence, **facts: object) -> str:
        return say(sentence, facts, self.language)
