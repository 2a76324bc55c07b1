"""The ledger of publications: each release with its published figures, as facts of signed journal lines.

A release is one line that says what was published, after the lines that hold its figures. They hold places of figures,
published numbers and the sign of hidden ones, never the true number of a hidden figure, and no name.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date
from hashlib import sha256
from typing import Any

from shelterctl.core.tables.small_counts import FigurePlace, Withheld
from shelterctl.core.values.days import Span
from shelterctl.immutable import immutable

RELEASE_FACT, CELLS_FACT, ASKED_FACT = "publish", "publish-cells", "publish-asked"
"""The facts of lines: a release, a part of its figures, and the request for a release that overlaps others."""

PLAN_KIND, REPORT_KIND = "plan", "report"
"""The two kinds of a release: a plan of the rulebook, or the copy of a report for people outside."""

LETTERS_OF_LINE = 1800
"""The letters of figures in one line; a journal line has room for them beside its own fields."""

HIDDEN_IN_LEDGER, NO_ANSWER_IN_LEDGER = "c", "-"
"""The sign of a hidden figure, and of entries without an answer."""

CELLS_MARK_LETTERS, DAY_LENGTH = 16, len("2026-12-31")
NO_FILTER: Mapping[str, frozenset[str]] = {}


@immutable
class ReleaseSubject:
    """The subject of a release: *kind* and *name* of a plan or report, the *period*, and the *houses* that are counted.

    *answers* is its filter: by column, the answers of which one must be there. *scope* is ``all`` or one house.
    """

    kind: str
    name: str
    period: str
    during: Span
    scope: str
    houses: tuple[str, ...]
    answers: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The name of the release: equal ones are one release."""
        return ".".join((self.kind, self.name, self.period, self.scope))


@immutable(eq=True)
class PublishedNumbers:
    """The published numbers by place, in their smallest unit, the *hidden* places, and what counts nobody as text.

    A place that is neither shown nor hidden is 0. *others* are figures that count no people, and are not protected.
    """

    shown: Mapping[FigurePlace, int]
    hidden: frozenset[FigurePlace]
    others: Mapping[FigurePlace, str | None] = field(default_factory=dict)

    def lines(self) -> list[str]:
        """Return the figures as the ledger writes them, in the order of their places; parts that are 0 are left out."""
        shown = {place: str(number) for place, number in self.shown.items() if number or len(place) == 1}
        numbers = {**shown, **dict.fromkeys(self.hidden, HIDDEN_IN_LEDGER)}
        texts = {place: HIDDEN_IN_LEDGER if text is None else text for place, text in self.others.items()}
        return [
            *(_write_cell(place, numbers[place]) for place in sorted(numbers)),
            *(_write_cell(place, f"{texts[place]}+") for place in sorted(texts)),
        ]

    @classmethod
    def from_lines(cls, lines: Iterable[str]) -> "PublishedNumbers":
        """Return the figures that lines of the ledger hold."""
        shown, hidden, others = {}, set(), {}
        for line in lines:
            place, _, number = line.rpartition(":")
            where = tuple("" if part == NO_ANSWER_IN_LEDGER else part for part in place.split("/"))
            if number.endswith("+"):
                others[where] = None if number[:-1] == HIDDEN_IN_LEDGER else number[:-1]
            elif number == HIDDEN_IN_LEDGER:
                hidden.add(where)
            else:
                shown[where] = int(number)
        return cls(shown, frozenset(hidden), others)


def _write_cell(place: FigurePlace, number: str) -> str:
    return f"{'/'.join(part or NO_ANSWER_IN_LEDGER for part in place)}:{number}"


@immutable
class ReleaseTerms:
    """The terms of a release: for whom (*audience*), the threshold *least*, the base of *rounding* (0 without), and the
    *method*; the keyed digest of the *rows* that were counted, and the fingerprint of the *rulebook*.
    """

    audience: str
    least: int
    rounding: int
    method: str
    rows: str
    rulebook: str
    verified: int
    why: str | None = None
    asked_by: str | None = None


@immutable
class LedgerRelease:
    """A release as the ledger has it: what, how, which tables were shown or withheld and why, and the figures.

    *numbers* is None where a line with its figures is missing. *by* signed it *at* that time on the *device*.
    """

    subject: ReleaseSubject
    terms: ReleaseTerms
    tables: Mapping[str, str]
    numbers: PublishedNumbers | None
    at: str
    by: str
    device: str

    @property
    def id(self) -> str:
        """The name of the release."""
        return self.subject.id

    @property
    def day(self) -> date:
        """The day on which it was published."""
        return date.fromisoformat(self.at[:DAY_LENGTH])


@immutable
class AskedRelease:
    """A request for a release that overlaps others: what, *why* by a code, and who asked, when and on which device."""

    release: str
    why: str
    at: str
    by: str
    device: str

    @property
    def day(self) -> date:
        """The day on which it was asked for."""
        return date.fromisoformat(self.at[:DAY_LENGTH])


def write_facts(
    subject: ReleaseSubject, terms: ReleaseTerms, tables: Mapping[str, str], numbers: PublishedNumbers
) -> list[dict[str, Any]]:
    """Return the facts of the lines of a release, that of the release itself last."""
    lines = numbers.lines()
    mark = _mark_cells(subject.id, lines)
    parts = [*_split_lines(lines)]
    cells = [{CELLS_FACT: {"release": subject.id, "mark": mark, "cells": part}} for part in parts]
    facts = {
        "release": subject.id, "kind": subject.kind, "name": subject.name, "period": subject.period,
        "first": subject.during.first.isoformat(), "last": subject.during.last.isoformat(), "scope": subject.scope,
        "houses": [*subject.houses], "answers": _write_answers(subject.answers), "audience": terms.audience,
        "least": terms.least, "rounding": terms.rounding, "method": terms.method, "rows": terms.rows,
        "rulebook": terms.rulebook, "verified": terms.verified, "why": terms.why, "asked_by": terms.asked_by,
        "tables": dict(tables), "mark": mark,
    }  # fmt: skip
    return [*cells, {RELEASE_FACT: facts}]


def _write_answers(answers: Mapping[str, frozenset[str]]) -> list[str]:
    return [f"{column}:{answer}" for column in sorted(answers) for answer in sorted(answers[column])]


def _read_answers(written: Iterable[str]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for one in written:
        column, _, answer = one.partition(":")
        found[column].add(answer)
    return {column: frozenset(answers) for column, answers in found.items()}


def _mark_cells(release: str, lines: Sequence[str]) -> str:
    """Return the mark that ties a release to its figures; it says nothing that the lines do not say."""
    return sha256("\n".join((release, *lines)).encode()).hexdigest()[:CELLS_MARK_LETTERS]


def _split_lines(lines: Sequence[str]) -> Iterator[list[str]]:
    part: list[str] = []
    for line in lines:
        if sum(len(one) + 3 for one in (*part, line)) > LETTERS_OF_LINE:
            yield part
            part = []
        part.append(line)
    if part:
        yield part


def read_releases(lines: Iterable[tuple[str, Mapping[str, Any]]]) -> list[LedgerRelease]:
    """Return every release of the ledger, the oldest first, from the lines of all journals with their device."""
    cells: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    found = []
    for device, line in lines:
        more = line["more"]
        if part := more.get(CELLS_FACT):
            cells[device, part["release"], part["mark"]] += part["cells"]
        elif RELEASE_FACT in more:
            found.append((device, line, more[RELEASE_FACT]))
    releases = [_read_release(device, line, facts, cells) for device, line, facts in found]
    return sorted(releases, key=lambda one: (one.at, one.id, one.device))


def _read_release(
    device: str, line: Mapping[str, Any], facts: Mapping[str, Any], cells: Mapping[tuple[str, str, str], list[str]]
) -> LedgerRelease:
    during = Span(date.fromisoformat(facts["first"]), date.fromisoformat(facts["last"]))
    subject = ReleaseSubject(
        facts["kind"], facts["name"], facts["period"], during, facts["scope"], tuple(facts["houses"]),
        _read_answers(facts["answers"]),
    )  # fmt: skip
    terms = ReleaseTerms(
        facts["audience"], facts["least"], facts["rounding"], facts["method"], facts["rows"], facts["rulebook"],
        facts["verified"], facts["why"], facts["asked_by"],
    )  # fmt: skip
    mark = facts["mark"]
    own = [*dict.fromkeys(cells.get((device, facts["release"], mark), ()))]
    whole = _mark_cells(facts["release"], own) == mark
    numbers = PublishedNumbers.from_lines(own) if whole else None
    return LedgerRelease(subject, terms, facts["tables"], numbers, line["at"], line["by"], device)


def read_requests(lines: Iterable[tuple[str, Mapping[str, Any]]]) -> list[AskedRelease]:
    """Return every request for a release that overlaps others, the oldest first."""
    asked = [
        AskedRelease(facts["release"], facts["why"], line["at"], line["by"], device)
        for device, line in lines
        if (facts := line["more"].get(ASKED_FACT))
    ]
    return sorted(asked, key=lambda one: one.at)


def find_twice_published(releases: Iterable[LedgerRelease]) -> list[tuple[LedgerRelease, LedgerRelease]]:
    """Return each pair of lines about one release whose figures differ: two devices published it before they met."""
    first: dict[str, LedgerRelease] = {}
    found = []
    for one in releases:
        earlier = first.setdefault(one.id, one)
        if earlier is not one and earlier.numbers != one.numbers:
            found.append((earlier, one))
    return found


def find_silent_releases(releases: Iterable[LedgerRelease]) -> set[str]:
    """Return the releases that withheld their nights, also in the copy of another device that published the period."""
    silent, heard = set[str](), set[str]()
    for one in releases:
        (silent if Withheld.NEIGHBOURS in one.tables.values() else heard).add(one.id)
    return silent - heard
