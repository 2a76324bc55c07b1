"""The sheet of any track that has no form of its own: a card or letter of one entry, a log or ledger of many."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from shelterctl.act.file import beside
from shelterctl.core.entry import Entry, read_entry, title_of
from shelterctl.core.field import day_in
from shelterctl.core.person import NAMES
from shelterctl.core.record import Client, Stay, at
from shelterctl.core.sameness import WAS
from shelterctl.core.sheet import CARD, LEDGER, LETTER, LOG
from shelterctl.core.track import Track, as_title
from shelterctl.desk import Desk
from shelterctl.language import Text, shown
from shelterctl.library import Shelf
from shelterctl.paper.answer import Answers
from shelterctl.paper.code import code_of
from shelterctl.paper.facts import SheetFacts
from shelterctl.paper.grid import askable, grid_of
from shelterctl.paper.request import Paper, Request, around, language_of
from shelterctl.paper.section import BLANK, Section, Sections
from shelterctl.press import sheet

ROWS = 30
"""So many rows a log has at most to be gone on with by hand; no page has room for more."""

NUMBER = "identification_number"
"""IOM's number of her, which stands at the head of every sheet."""

RECIPIENT = "recipient"
"""The field of a letter that says to whom it goes, and stands at its head."""


def blank(here: Desk, track: Track, wanted: Request) -> Paper:
    """The sheet with lines and rows to write on; no store and no key is needed for it."""
    return _Sheet(here, track, wanted).paper(())


def of(here: Desk, her: Client, stay: Stay | None, track: Track, wanted: Request, entries: Sequence[Entry]) -> Paper:
    """The sheet of these entries of hers; of none it is blank but for her id, to be taken along."""
    return _Sheet(here, track, wanted, her, stay).paper(entries)


def rowed(track: Track) -> bool:
    """Whether all entries stand in the rows of one sheet."""
    return track.sheet.kind in (LOG, LEDGER)


def stands_beside(track: Track, place: str) -> bool:
    """Whether a place on the sheet of all entries is below the row of one, and in no column."""
    _, _, name = place.removeprefix("/").partition("/")
    path = name.replace("/", ".")
    return (
        rowed(track)
        and bool(path)
        and not path.startswith(f"{WAS}.")
        and not any(f"{path}.".startswith(f"{column}.") for column in track.sheet.columns or askable(track.fields))
    )


def telling(shelf: Shelf, track: Track) -> frozenset[str]:
    """The fields of a track that tell who she is: her names, and what the report prints with --names alone (X17)."""
    report = shelf.report
    hers = {f"identity.{name}" for name in NAMES} | {report.sheet.general[name] for name in report.sheet.names}
    own = (report.fields[name].absent for name in hers & report.fields.keys())
    hers |= {str(absent["of"]) for absent in own if isinstance(absent, dict)}
    return frozenset(name for name in track.fields if f"{track.at}.{name}" in hers)


class _Sheet:
    """One sheet while it is made; without *her* it is blank."""

    def __init__(
        self, here: Desk, track: Track, wanted: Request, her: Client | None = None, stay: Stay | None = None
    ) -> None:
        self.here, self.track, self.wanted, self.her, self.stay = here, track, wanted, her, stay
        self.language = wanted.language or language_of(here)
        self.day: date = here.today if her else here.day
        self.told = SheetFacts()
        self.answers = self._answers(her) if her else None
        self.veiled = frozenset() if wanted.names or not her else telling(here.shelf, track)

    def _answers(self, her: Client) -> Answers:
        house = self.here.store.house(her, self.stay or her.stay, self.day, count=False)
        near = beside(self.here, her, self.stay, self.day, house=house)
        reader = None if self.wanted.names else her.facts
        bare, brief = self.wanted.bare, rowed(self.track)
        return Answers(self.here, self.told, self.language, near, reader, bare=bare, brief=brief)

    def paper(self, entries: Sequence[Entry]) -> Paper:
        """The sheet of these entries, ready for the press."""
        track, her, told = self.track, self.her, self.told
        name = self._name() if her and self.wanted.names else None
        facts = {"name": name, **(self._rows(entries) if rowed(track) else self._one(entries))}
        number = her.facts.get(NUMBER) if her else None
        facts["client_number"] = told.text("/identification_number", number)
        of = None if not her else self._of(entries)
        key = self.here.store.sheet_key.secret if her and not told.left else None
        code = code_of(key, her.id, track.name, self.language, of, told.facts) if her else None
        record, title = her.id if her else None, shown(self._title(entries), self.language)
        facts |= {"kind": track.sheet.kind or CARD, "title": title, "clause": track.clause, "counted_on": self.day}
        facts = around(self.here.shelf, self.language, record, code, issued=None if her else self.day) | facts
        about: dict[str, Any] = {"title": title, "language": self.language, "tint": "white", "day": self.day}
        wide = any(section.grid and section.grid.wide for section in facts["sections"])
        made = sheet("sheet", facts, **about, long=True, wide=wide)
        about = {"record": record, "of": of, "code": code, "left": told.left, "findings": told.of(record or "")}
        return Paper(track.name, self._title(entries), self.language, (made,), facts=told.facts, **about)

    def _title(self, entries: Sequence[Entry]) -> Text:
        """What stands above it: of one entry by what was decided, where the track has words for that."""
        called = title_of(self.track, entries[0].written) if entries and not rowed(self.track) else self.track.text
        return self.track.title if called == self.track.text else as_title(called)

    def _of(self, entries: Sequence[Entry]) -> str | None:
        """The entry that is printed; of a sheet of many or of one that stands alone, the stay."""
        if self.track.many and not rowed(self.track) and entries:
            return entries[0].written.get("id")
        return self.stay.id if self.stay and self.track.of_a_stay else None

    def _name(self) -> str:
        """Her name, where it is asked for."""
        identity = at(self.her.facts, "identity") or {} if self.her else {}
        told = (self.told.text(f"/identity/{key}", identity.get(key)) for key in NAMES if key != "also_known_as")
        return " ".join(each for each in told if each)

    def _rows(self, entries: Sequence[Entry]) -> dict[str, Any]:
        """What stands on a log or ledger: one table, and below it whoever does not sign in its rows."""
        printed, signed = self.track.sheet, self.track.sheet.kind == LEDGER
        listed = [replace(one, where=f"/{one.written.get('id', number)}") for number, one in enumerate(entries)]
        columns = printed.columns or askable(self.track.fields)
        grid = grid_of(
            self.track.fields, columns, listed, self.answers, self.language, spare=ROWS,
            sheet=printed, hidden=self.veiled,
        )  # fmt: skip
        return {"sections": [Section(grid=grid)], "signers": printed.signed_by[int(signed) :]}

    def _one(self, entries: Sequence[Entry]) -> dict[str, Any]:
        """What stands on a card or a letter, whose head has what is known of it."""
        track, letter = self.track, self.track.sheet.kind == LETTER
        entry = replace(entries[0], where="") if entries else read_entry(track, BLANK)
        head = self._head(entry) if letter else {}
        skipped = frozenset((RECIPIENT, self._dated) if letter else (NUMBER,) if NUMBER in track.fields else ())
        signed = {"signed_on": entry.day, "kept": False} if track.sheet.has_hers(entry.values) else {}
        sections = Sections(
            track, self.day, self.language, self.answers, self.veiled, skipped, letter, copy=bool(signed)
        )
        return {**head, **signed, "sections": sections.of(entry), "signers": track.sheet.signed_by}

    def _head(self, entry: Entry) -> dict[str, Any]:
        """To whom a letter goes, and its day."""
        one, answers = self.track.fields.get(RECIPIENT), self.answers
        to = answers.of(one, entry.written.get(RECIPIENT), f"/{RECIPIENT}") if one and answers else None
        day = day_in(entry.values.get(self._dated))
        on = self.told.day(f"/{self._dated}", day.isoformat()) if day else None
        return {"recipient": to.said if to else None, "date": on}

    @property
    def _dated(self) -> str:
        """The field of its day; of several the first."""
        day = self.track.day or ""
        return day if isinstance(day, str) else day[0]
