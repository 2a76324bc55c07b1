"""Publishing: the ledger of what was published, what forbids a release, the second person of an exception, and the
signed lines that keep a release as it was published.
"""

import hmac
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, NoReturn

from shelterctl.act.permission import refuse_tasks
from shelterctl.act.report import last_day, months_of_period
from shelterctl.core.finding import Finding, Severity
from shelterctl.core.manual.plan import (
    EACH_HOUSE,
    HOUSES_TOGETHER,
    MONTHS_OF_GRIDS,
    PUBLIC_AUDIENCE,
    QUARTER_GRID,
    YEAR_GRID,
    Plan,
)
from shelterctl.core.manual.report import Report
from shelterctl.core.manual.role import Task
from shelterctl.core.tables.ledger import (
    ASKED_FACT,
    DAY_LENGTH,
    PLAN_KIND,
    REPORT_KIND,
    AskedRelease,
    LedgerRelease,
    ReleaseSubject,
    find_twice_published,
    read_releases,
    read_requests,
)
from shelterctl.core.tables.release_scopes import Relation, ReleaseScope, relate_scopes
from shelterctl.core.tables.small_counts import Withheld
from shelterctl.core.values.days import Span, add_months
from shelterctl.errors import Damaged, NotFound, UsageError
from shelterctl.immutable import immutable
from shelterctl.language import LabelledCode, OwnHeading, Text, codes_with_texts, label_code
from shelterctl.session import Session
from shelterctl.ui_language import N_, Marked

PUBLISH_ACT = "publish"
"""The act of roles.yaml that publishing is."""

PUBLISH_REASONS = "publish_reasons"
"""The list of the rulebook with the reasons for an exception, by code."""

PERIOD_WRITTEN = re.compile(r"(19|[2-9][0-9])[0-9]{2}(-(Q[1-4]|0[1-9]|1[0-2]))?", re.ASCII)

NOT_A_PERIOD = N_("--period needs a year, a quarter or a month: 2026, 2026-Q1 or 2026-03.")
NOT_ENDED_YET = N_("{period}: it lasts until {last}. Only a period that has ended can be published ({clause}).")
NOT_ENDED_BY_CLOCK = N_(
    "{period}: it lasts until {last}. Only a period that has ended can be published ({clause}), by the clock of the "
    "computer: a later day of --as-of ends none."
)
OTHER_GRID = N_(
    "This plan is published by {grid}. A period of another length could be subtracted from its periods ({clause}). "
    "Name a period such as {example}."
)
ALL_TOGETHER = N_("This plan counts all houses together, so no single house can be named. Leave out --of.")
ONE_HOUSE_OF_PLAN = N_("This plan is published for one house at a time. Name it with --of: {houses}.")
OVERLAPS = {
    "date": N_(
        "{release} has days of this period already, so one could be subtracted from the other ({clause}). What is "
        "recorded later is counted in no second copy. Print that release instead."
    ),
    "house": N_(
        "{release} has figures of these days for other houses: all less one house is one house ({clause}). Stay with "
        "the houses of that release."
    ),
    "filter": N_(
        "{release} has figures of these days for other persons: all less some of them are the others ({clause}). "
        "Print that release instead."
    ),
}
"""The sentences on an overlap with an earlier release, by what differs."""

SAME_PERSONS = N_(
    "{release} counts these persons in this period already, in other tables ({clause}). The two could be compared. "
    "Print that release instead: {command}"
)
EXCEPTION_MAY_DO = N_("If it is needed all the same, a second person has to agree: --exception --reason CODE")
GRID_PARTLY = N_(
    "{release} merges other answers of one column, so nobody can prove that the two hide enough together ({clause}). "
    "Print that release instead."
)
LOOSER_THAN_BEFORE = N_(
    "{release} hides numbers below {earlier}; this one would hide those below {least} ({clause}). The limit of what is "
    "published cannot become looser."
)
UNREAD_FILES_COUNT = N_(
    "Some files cannot be read, so the figures would be wrong ({clause}). Repair them first: shelterctl check"
)
REGISTERS_OF_OTHERS = N_(
    "It counts registers that your role does not read: {registers} ({clause}). Let somebody publish it who reads them."
)
NOTHING_LEFT = N_(
    "No table of it can be shown: fewer than {least} persons stand behind each, or everything would have to be hidden "
    "({clause}). Use a plan of longer periods or with fewer columns; nothing was entered."
)
BEFORE_RECORDS = N_(
    "Nobody is recorded in {period}, and this store begins later, on {begun}. Zeros would say that nobody came "
    "({clause}). Take a period after that."
)
WOULD_EXPOSE = N_(
    "Together with what was published before, it would give away small numbers: {count} ({clause}). It cannot be "
    "published, with or without an exception."
)
RECOUNT_DIFFERS = N_(
    "{release} cannot be counted again as it was published, so nobody can prove what the two give away together "
    "({clause}). It cannot be published beside it."
)
TWO_DEVICES = N_(
    "{release}: two computers published it with different figures, on {first} and on {second}. Withdraw one "
    "copy, and say so to those who have it."
)
SECOND_PERSON = N_(
    "You asked for this exception yourself. Another person has to agree, with her own key on her own device ({clause})."
)
WAITS_FOR_SECOND = N_(
    "{release}: {by} asked for it on {on}. It waits for a second person: shelterctl publish --confirm {release}"
)
NOT_ASKED = N_("Nobody asked for an exception of this name. See all with: shelterctl publish --log")
REASON_OF_EXCEPTION = N_("--exception needs --reason CODE. The reasons are: {codes}.")
REASON_WITHOUT = N_("--reason belongs to --exception.")
NO_EXCEPTIONS_HERE = N_("The rulebook in use names no reasons for an exception, so there are none.")
PUBLISHED_ALREADY = N_("{release} is published already. Leave out --exception and --reason to print it: {command}")
NO_OVERLAP_HERE = N_("{release} overlaps nothing that was published, so it needs no exception. Leave out --exception.")
FIGURES_MISSING = N_(
    "{release}: the journal no longer has all lines with its figures, so it cannot be printed again. It still counts "
    "as published."
)


class Ledger(NamedTuple):
    """The releases of a store, and what was asked for, the oldest first."""

    releases: Sequence[LedgerRelease]
    requests: Sequence[AskedRelease]

    def find(self, release: str) -> LedgerRelease | None:
        """Return the release of that name: the first line about it."""
        return next((one for one in self.releases if one.id == release), None)

    def find_request(self, release: str) -> AskedRelease | None:
        """Return the newest request for a release that is not published yet."""
        asked = [one for one in self.requests if one.release == release]
        return asked[-1] if asked and self.find(release) is None else None

    @property
    def waiting(self) -> Sequence[AskedRelease]:
        """The newest request for each release that waits for its second person."""
        return [*{one.release: one for one in self.requests if self.find(one.release) is None}.values()]


@immutable
class Publication:
    """A wish to publish: a report, or a *plan* as the *report* of its tables, for a subject, with the
    limit *least* below which numbers are hidden. *of* is the house, None for all together.
    """

    subject: ReleaseSubject
    report: Report
    audience: str
    least: int
    rounding: int
    of: str | None
    plan: Plan | None = None

    @property
    def clause(self) -> str:
        """The clause on which it rests."""
        return self.report.clause

    @property
    def id(self) -> str:
        """The name of the release."""
        return self.subject.id

    @property
    def release(self) -> LabelledCode:
        """The name of the release with the words for it."""
        return LabelledCode(self.id, self.report.text)


def open_ledger(session: Session) -> Ledger:
    """Return the ledger of a store, from the journals of all its devices."""
    lines = session.store.vault.journal.publish_lines()
    return Ledger(read_releases(lines), read_requests(lines))


def read_days(period: str) -> Span:
    """Return the days of a period ``2026``, ``2026-Q1`` or ``2026-03``."""
    months = months_of_period(period)
    return Span(date.fromisoformat(f"{months.first}-01"), last_day(months.last))


def read_publish_period(typed: str) -> str:
    """Return a typed period. Raises UsageError for any other text."""
    period = typed.strip().upper()
    if not PERIOD_WRITTEN.fullmatch(period):
        raise UsageError("usage/period", NOT_A_PERIOD)
    return period


def plan_publication(session: Session, plan: Plan, period: str, house: str | None) -> Publication:
    """Return a plan for a period as something to publish. Raises UsageError for houses that do not fit it."""
    houses = sorted(session.store.shelter.value["facilities"])
    if plan.houses == HOUSES_TOGETHER and house is not None:
        raise UsageError("usage/which-house", ALL_TOGETHER)
    if plan.houses == EACH_HOUSE and house is None:
        if len(houses) > 1:
            raise UsageError("usage/which-house", ONE_HOUSE_OF_PLAN, houses=houses)
        house = houses[0]
    own = None if plan.houses == HOUSES_TOGETHER else house
    answers = {column: frozenset(codes) for column, codes in plan.where.items()}
    subject = _make_subject(PLAN_KIND, plan.name, period, own, houses, answers)
    least = session.rulebook.least_of_plan(plan) or 0
    rounding = plan.rounding or 0
    return Publication(subject, plan.as_report(), plan.audience, least, rounding, own, plan)


def report_publication(session: Session, report: Report, month: str, house: str | None) -> Publication:
    """Return the copy of a report for people outside as something to publish."""
    houses = sorted(session.store.shelter.value["facilities"])
    subject = _make_subject(REPORT_KIND, report.name, month, house, houses, {})
    least = session.rulebook.report_order.least_shown
    return Publication(subject, report, PUBLIC_AUDIENCE, least, 0, house)


def find_publication(session: Session, subject: ReleaseSubject) -> Publication | None:
    """Return an earlier release as something to publish again; None if the rulebook no longer has its plan."""
    house = None if subject.scope == HOUSES_TOGETHER else subject.scope
    if subject.kind == PLAN_KIND:
        plan = session.rulebook.plans.get(subject.name)
        return plan_publication(session, plan, subject.period, house) if plan else None
    report = session.rulebook.house_reports.get(subject.name)
    return report_publication(session, report, subject.period, house) if report else None


def _make_subject(
    kind: str, name: str, period: str, house: str | None, houses: Iterable[str], answers: Mapping[str, frozenset[str]]
) -> ReleaseSubject:
    counted = tuple(houses) if house is None else (house,)
    return ReleaseSubject(kind, name, period, read_days(period), house or HOUSES_TOGETHER, counted, answers)


def ended_periods(grid: str, today: date, count: int) -> list[str]:
    """Return the last periods of a grid that have ended, the newest first: ``2026``, ``2026-Q1`` or ``2026-03``."""
    months = MONTHS_OF_GRIDS[grid]
    current = date(today.year, (today.month - 1) // months * months + 1, 1)
    return [_write_period(grid, add_months(current, -months * back)) for back in range(1, count + 1)]


def _write_period(grid: str, first: date) -> str:
    if grid == QUARTER_GRID:
        return f"{first.year}-Q{first.month // MONTHS_OF_GRIDS[grid] + 1}"
    return f"{first.year}" if grid == YEAR_GRID else f"{first:%Y-%m}"


def judge_publisher(session: Session) -> tuple[Finding, ...]:
    """Return what refuses publishing to the role of the person at this computer."""
    return refuse_tasks(session, [Task(PUBLISH_ACT, True)])


def judge_request(session: Session, wanted: Publication) -> tuple[Finding, ...]:
    """Return what refuses a publication before any file is read: the role, the grid of the plan, and a period that has
    not ended, by the computer's clock too: the day of --as-of ends none.
    """
    return judge_publisher(session) or tuple(_judge_period(session, wanted))


def _judge_period(session: Session, wanted: Publication) -> Iterator[Finding]:
    subject, clause = wanted.subject, wanted.clause
    if wanted.plan is not None and _months_of(subject.period) != MONTHS_OF_GRIDS[wanted.plan.grid]:
        facts: dict[str, object] = {
            "grid": LabelledCode(wanted.plan.grid, GRID_WORDS[wanted.plan.grid]),
            "clause": clause,
        }
        facts |= {"example": EXAMPLES_OF_GRIDS[wanted.plan.grid].format(year=subject.during.first.year)}
        yield Finding(code="publish/grid", message=OTHER_GRID, clause=clause, facts=facts)
    elif subject.during.last >= min(session.today, date.fromisoformat(session.timestamp[:DAY_LENGTH])):
        facts = {"period": subject.period, "last": subject.during.last, "clause": clause}
        said = NOT_ENDED_BY_CLOCK if session.today > subject.during.last else NOT_ENDED_YET
        yield Finding(code="publish/not-ended", message=said, clause=clause, facts=facts)


AUDIENCE_WORDS: Mapping[str, Text] = {
    "public": {"en": "everybody", "ru": "для всех", "ky": "баары үчүн"},
    "partner": {"en": "a partner", "ru": "для партнёра", "ky": "өнөктөш үчүн"},
}
HOUSES_WORDS: Mapping[str, Text] = {
    "each": {"en": "each house by itself", "ru": "каждый приют отдельно", "ky": "ар бир жай өзүнчө"},
    "all": {"en": "all houses together", "ru": "все приюты вместе", "ky": "бардык жайлар чогуу"},
}
GRID_NAMES: Mapping[str, Text] = {
    "month": {"en": "month", "ru": "месяц", "ky": "ай"},
    "quarter": {"en": "quarter", "ru": "квартал", "ky": "чейрек"},
    "year": {"en": "year", "ru": "год", "ky": "жыл"},
}
GRID_WORDS: Mapping[str, Text] = {
    "month": {"en": "month", "ru": "месяцам", "ky": "ай"},
    "quarter": {"en": "quarter", "ru": "кварталам", "ky": "чейрек"},
    "year": {"en": "year", "ru": "годам", "ky": "жыл"},
}
"""The grids in the words that follow “published by”."""

EXAMPLES_OF_GRIDS = {"month": "{year}-01", "quarter": "{year}-Q1", "year": "{year}"}


def _months_of(period: str) -> int:
    months = months_of_period(period)
    return int(months.last[-2:]) - int(months.first[-2:]) + 1


class LedgerVerdict(NamedTuple):
    """The answer of the ledger to a publication: the findings that refuse it, and whether two persons may allow it."""

    findings: tuple[Finding, ...]
    allows_exception: bool


def judge_by_ledger(session: Session, wanted: Publication, ledger: Ledger) -> LedgerVerdict:
    """Return what earlier releases say to a publication.

    One that counts exactly what an earlier one counts, or that overlaps one without either containing the other, is
    refused for good. One that contains another, or lies in it, can be an exception.
    """
    new = scope_of(wanted.subject)
    found: list[Finding] = []
    never = False
    for one in ledger.releases:
        related = relate_scopes(new, scope_of(one.subject), ())
        if related.relation is Relation.DISJOINT:
            continue
        facts = {"release": LabelledCode(one.id, {"en": one.id}), "clause": wanted.clause}
        if related.relation is Relation.SAME:
            command = _command_of(one.subject)
            never = True
            found.append(_refusal("publish/overlap", SAME_PERSONS, wanted, {**facts, "command": command}))
            continue
        never = never or not related.nested
        found += _overlap_refusals(wanted, related.by, facts)
        if _merges_otherwise(session, wanted, one):
            never = True
            found.append(_refusal("publish/merged-otherwise", GRID_PARTLY, wanted, facts))
    looser = [one for one in ledger.releases if one.terms.least > wanted.least]
    if looser:
        limits: dict[str, object] = {"release": looser[0].id, "earlier": looser[0].terms.least, "least": wanted.least}
        found.append(_refusal("publish/looser", LOOSER_THAN_BEFORE, wanted, {**limits, "clause": wanted.clause}))
    return LedgerVerdict(tuple(found), bool(found) and not never and not looser)


def _command_of(subject: ReleaseSubject) -> str:
    """Return the command that prints a release."""
    if subject.kind == PLAN_KIND:
        own = "" if subject.scope == HOUSES_TOGETHER else f" --of {subject.scope}"
        return f"shelterctl publish {subject.name} --period {subject.period}{own}"
    return f"shelterctl report {subject.name} --month {subject.period} --of {subject.scope} --public"


def _overlap_refusals(wanted: Publication, by: Iterable[str], facts: Mapping[str, object]) -> list[Finding]:
    """Return a finding for each of ``date``, ``house`` and ``filter`` by which an overlapping release differs."""
    found = {
        "date": _refusal("publish/overlap-date", OVERLAPS["date"], wanted, facts),
        "house": _refusal("publish/overlap-house", OVERLAPS["house"], wanted, facts),
        "filter": _refusal("publish/overlap-filter", OVERLAPS["filter"], wanted, facts),
    }
    return [found[name] for name in by]


def _refusal(code: str, message: Any, wanted: Publication, facts: Mapping[str, object]) -> Finding:
    return Finding(code=code, message=message, clause=wanted.clause, facts=facts)


def scope_of(subject: ReleaseSubject) -> ReleaseScope:
    """Return the persons, days and houses that a release counts."""
    return ReleaseScope(frozenset(subject.houses), subject.during.first, subject.during.last, dict(subject.answers))


def _merges_otherwise(session: Session, wanted: Publication, earlier: LedgerRelease) -> bool:
    """Whether a column by which both releases are broken down has other merged answers in each, so that their parts
    are not comparable; also if the rulebook no longer says how the earlier one was merged.
    """
    then = find_publication(session, earlier.subject)
    if then is None:
        return True
    ours, theirs = _merged_columns(wanted), _merged_columns(then)
    return any(ours[column] != theirs[column] for column in {*ours} & {*theirs})


def _merged_columns(wanted: Publication) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return the merged answers of each column by which a publication is broken down, by the last word of its name."""
    merged = wanted.plan.merged if wanted.plan else {}
    own = {name: {code: tuple(sorted(one.of)) for code, one in codes.items()} for name, codes in merged.items()}
    columns = {column for row in wanted.report.rows.values() for column in row.by}
    return {column.rpartition(".")[2]: own.get(column, {}) for column in columns}


def judge_reading(session: Session, wanted: Publication, unread: Sequence[Text]) -> tuple[Finding, ...]:
    """Return what refuses a publication because something of what it counts could not be read."""
    found = []
    if session.store.damaged or session.store.unread_count:
        found.append(_refusal("publish/unread", UNREAD_FILES_COUNT, wanted, {"clause": wanted.clause}))
    if unread:
        facts = {"registers": [*unread], "clause": wanted.clause}
        found.append(_refusal("publish/not-reader", REGISTERS_OF_OTHERS, wanted, facts))
    return tuple(found)


def judge_records(wanted: Publication, begun: Iterable[date]) -> tuple[Finding, ...]:
    """Return what refuses a publication without any figure: its period ended before anything that is recorded had
    *begun*.
    """
    first = min(begun, default=date.max)
    if first <= wanted.subject.during.last:
        return ()
    facts: dict[str, object] = {"period": wanted.subject.period, "begun": first, "clause": wanted.clause}
    return (_refusal("publish/before-records", BEFORE_RECORDS, wanted, facts),)


def judge_figures(
    wanted: Publication, *, is_empty: bool, exposed: int, recounted: Sequence[str]
) -> tuple[Finding, ...]:
    """Return what refuses a publication by its figures: that no number of people is left in any table of a plan, how
    many small numbers would be *exposed*, and the releases that cannot be *recounted* as they were published.
    """
    found = []
    if is_empty and wanted.plan is not None:
        facts: dict[str, object] = {"least": wanted.least, "clause": wanted.clause}
        found.append(_refusal("publish/nothing-left", NOTHING_LEFT, wanted, facts))
    if exposed:
        found.append(_refusal("publish/exposed", WOULD_EXPOSE, wanted, {"count": exposed, "clause": wanted.clause}))
    found += [
        _refusal("publish/recounted", RECOUNT_DIFFERS, wanted, {"release": one, "clause": wanted.clause})
        for one in recounted
    ]
    return tuple(found)


def judge_second_person(session: Session, wanted: Publication, asked: AskedRelease) -> tuple[Finding, ...]:
    """Return the finding that the person who confirms is the one who asked, or sits at the computer that asked."""
    own = session.store.vault.journal.writer.device
    if asked.by != session.journal_staff and asked.device != own:
        return ()
    return (_refusal("publish/same-person", SECOND_PERSON, wanted, {"clause": wanted.clause}),)


def waiting_finding(wanted: Publication, asked: AskedRelease) -> Finding:
    """Return the finding that a publication waits for its second person."""
    facts = {"release": wanted.id, "by": asked.by, "on": asked.day}
    return _refusal("publish/waits", WAITS_FOR_SECOND, wanted, facts)


def find_twice(session: Session) -> list[Finding]:
    """Return an open finding for each release that two computers published with different figures."""
    return [
        Finding(
            code="publish/twice", message=TWO_DEVICES, severity=Severity.OPEN,
            clause=_clause_of(session, one.subject), facts={"release": one.id, "first": one.day, "second": other.day},
        )
        for one, other in find_twice_published(open_ledger(session).releases)
    ]  # fmt: skip


def _clause_of(session: Session, subject: ReleaseSubject) -> str | None:
    """Return the clause of the plan or report that was published; None if the rulebook no longer has it."""
    rulebook = session.rulebook
    found = (rulebook.plans if subject.kind == PLAN_KIND else rulebook.house_reports).get(subject.name)
    return found.clause if found else None


def require_numbers(release: LedgerRelease) -> None:
    """Raise Damaged if the figures of a release are no longer in the journal."""
    if release.numbers is None:
        raise Damaged("publish/incomplete", FIGURES_MISSING, release=release.id)


def read_publish_reason(session: Session, reason: str | None, *, exception: bool) -> str | None:
    """Return the code of the reason for an exception. Raises UsageError if it is missing, unknown or not wanted."""
    codes = codes_with_texts(list_reasons(session))
    if reason is not None and not exception:
        raise UsageError("usage/publish-reason", REASON_WITHOUT)
    if not exception:
        return None
    if not codes:
        raise UsageError("usage/publish-reason", NO_EXCEPTIONS_HERE)
    if reason not in list_reasons(session):
        raise UsageError("usage/publish-reason", REASON_OF_EXCEPTION, codes=codes)
    return reason


def find_asked(ledger: Ledger, release: str) -> AskedRelease:
    """Return the open request of that name. Raises NotFound if there is none."""
    if (asked := ledger.find_request(release)) is None:
        raise NotFound("publish/not-asked", NOT_ASKED)
    return asked


def publication_of(session: Session, asked: AskedRelease) -> Publication:
    """Return what was asked for, by its name. Raises NotFound if the rulebook no longer has the plan."""
    kind, name, period, scope = asked.release.split(".", 3)
    house = None if scope == HOUSES_TOGETHER else scope
    plan = session.rulebook.plans.get(name) if kind == PLAN_KIND else None
    if plan is not None:
        return plan_publication(session, plan, period, house)
    report = session.rulebook.house_reports.get(name) if kind == REPORT_KIND else None
    if report is None:
        raise NotFound("publish/not-asked", NOT_ASKED)
    return report_publication(session, report, period, house)


def refuse_needless(wanted: Publication) -> NoReturn:
    """Raise UsageError for an exception that nothing needs."""
    raise UsageError("usage/publish-reason", NO_OVERLAP_HERE, release=wanted.id)


def refuse_published(release: LedgerRelease) -> NoReturn:
    """Raise UsageError for an exception for what is published already."""
    raise UsageError(
        "usage/publish-reason", PUBLISHED_ALREADY, release=release.id, command=_command_of(release.subject)
    )


def require_release(session: Session, wanted: Publication) -> LedgerRelease:
    """Return the release that was entered just now, by this command or by another one that was faster."""
    found = open_ledger(session).find(wanted.id)
    if found is None:
        raise Damaged("publish/incomplete", FIGURES_MISSING, release=wanted.id)
    require_numbers(found)
    return found


def ask_exception(session: Session, wanted: Publication, why: str) -> None:
    """Sign the request for a publication that overlaps others; a second person has to confirm it.

    Raises the reason why nothing may be written, such as another rulebook than the store's.
    """
    session.store.vault.require_writable()
    facts = {"release": wanted.id, "why": why}
    session.store.vault.add_journal_note(
        {ASKED_FACT: facts}, did=PUBLISH_ACT, by=session.journal_staff, at=session.timestamp
    )


def write_publication(session: Session, notes: Sequence[Mapping[str, Any]], wanted: Publication) -> None:
    """Sign the lines of a release, unless another command of this store has published it meanwhile.

    Raises the reason why nothing may be written, such as another rulebook than the store's.
    """
    vault = session.store.vault
    vault.require_writable()
    with vault.lock():
        vault.journal.refresh()
        if open_ledger(session).find(wanted.id) is None:
            vault.add_journal_notes(notes, did=PUBLISH_ACT, by=session.journal_staff, at=session.timestamp)
    vault.journal.refresh()


def digest_rows(session: Session, rows: Iterable[tuple[str, ...]]) -> str:
    """Return the keyed digest of the rows that were counted: nobody without the key of the store can try out rows."""
    own = session.store.sheet_key.secret or b""
    return hmac.digest(own, "\n".join(sorted(map(repr, rows))).encode(), "sha256").hex()


def list_ledger(session: Session) -> list[dict[str, Any]]:
    """Return every release and every open request as a row, the oldest first."""
    ledger = open_ledger(session)
    rows = [_release_row(session, one) for one in ledger.releases]
    for one in ledger.waiting:
        _, name, period, scope = one.release.split(".", 3)
        rows.append({
            "at": one.at, "published_by": one.by, "release": one.release, "plan": name, "period": period,
            "scope": scope, "audience": None, "least": None, "shown": [], "withheld": [], "verified": None,
            "exception": reason_word(session, one.why), "asked_by": one.by, "state": "waits",
        })  # fmt: skip
    return sorted(rows, key=lambda row: str(row["at"]))


def _release_row(session: Session, one: LedgerRelease) -> dict[str, Any]:
    tables = {name: _table_word(session, one.subject, name) for name in one.tables}
    return {
        "at": one.at, "published_by": one.by, "release": one.id, "plan": one.subject.name,
        "period": one.subject.period, "scope": one.subject.scope,
        "audience": label_code(one.terms.audience, AUDIENCE_WORDS), "least": one.terms.least,
        "shown": [tables[name] for name, state in one.tables.items() if state == SHOWN],
        "withheld": [tables[name] for name, state in one.tables.items() if state != SHOWN],
        "verified": one.terms.verified, "exception": reason_word(session, one.terms.why),
        "asked_by": one.terms.asked_by, "state": "published" if one.numbers is not None else "incomplete",
    }  # fmt: skip


def _table_word(session: Session, subject: ReleaseSubject, name: str) -> LabelledCode:
    """Return the name of a table of a release with its words; with the name alone if the rulebook no longer has it."""
    plan = session.rulebook.plans.get(subject.name) if subject.kind == PLAN_KIND else None
    report = plan.as_report() if plan else session.rulebook.house_reports.get(subject.name)
    row = report.rows.get(name) if report else None
    return LabelledCode(name, row.text if row else {"en": name})


SHOWN = "shown"
"""The word in the ledger for a table that is shown; any other word says why it is withheld."""

TABLE_STATES: Mapping[str, Marked] = {
    SHOWN: N_("shown"),
    Withheld.FEW: N_("withheld: too few persons stand behind it"),
    Withheld.NOTHING_LEFT: N_("withheld: every number of it would be hidden"),
    Withheld.NEIGHBOURS: N_("withheld: the periods before and after would give something away"),
}
"""The words for each state of a table."""


def describe_tables(wanted: Publication, states: Mapping[str, str]) -> dict[str, str]:
    """Return the state of each table of a publication, tables and states with their words."""
    rows = wanted.report.rows
    return {OwnHeading(name, rows[name].text): label_code(state, TABLE_STATES) for name, state in states.items()}


def list_reasons(session: Session) -> Mapping[str, Text]:
    """Return the reasons for an exception by code, in the words of the rulebook."""
    return session.rulebook.lists.get(PUBLISH_REASONS, {})


def reason_word(session: Session, code: str | None) -> LabelledCode | None:
    """Return a reason for an exception with its words; None where there was no exception."""
    reasons = list_reasons(session)
    return LabelledCode(code, reasons.get(code, {"en": code})) if code else None
