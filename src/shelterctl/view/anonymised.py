"""Rows of clients that leave the house without a recipient: in which stores, how often, and which rows.

A row leaves only if enough others are alike in all its columns, so that nobody is found by them. One release protects
that well; several that overlap do not, so the journal decides when the next may come.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from shelterctl.act.export import list_releases
from shelterctl.core.finding import Finding
from shelterctl.core.manual.export_rules import AnonymisedRelease
from shelterctl.core.tables.exported import export_name, keep_common_rows
from shelterctl.core.values.days import add_months
from shelterctl.errors import UsageError
from shelterctl.session import Session
from shelterctl.tabular.table import Table
from shelterctl.ui_language import N_
from shelterctl.view.exported import CLIENTS_TABLE, ExportRequest, make_tables, open_tables

ANONYMISED_ALONE = N_(
    "--anonymised writes the table clients with the columns of the rulebook. Leave out every other table, condition, "
    "period and column, --exact and --for."
)
NOT_ANONYMISED_HERE = N_("The rulebook in use has no rule for rows without a recipient. Name a recipient with --for.")
TOO_FEW_CLIENTS = N_(
    "Clients in this store: {clients}. Below {least} their rows are not anonymous, whatever is left out. "
    "Publish a report instead: shelterctl report NAME --public; or name a recipient with --for."
)
TOO_SOON = N_(
    "Such rows went out on {on}. Two releases that overlap give away what each hides. The next may come on {next}."
)


class AnonymisedRows(NamedTuple):
    """The table of a release, the number of rows left out because too few others were alike, and what forbids it."""

    table: Table
    left_out: int
    findings: tuple[Finding, ...]


def make_anonymised(session: Session, wish: ExportRequest) -> AnonymisedRows:
    """Return the rows of clients that may leave without a recipient, and the findings that forbid it.

    Raises UsageError for a request of anything but the table of clients.
    """
    rule = session.rulebook.export_rules.anonymised
    if rule is None:
        raise UsageError("usage/anonymised", NOT_ANONYMISED_HERE)
    names = tuple(export_name(name) for name in rule.columns)
    wanted = ExportRequest((CLIENTS_TABLE,), columns=names)
    if wish != ExportRequest((CLIENTS_TABLE,)):
        raise UsageError("usage/anonymised", ANONYMISED_ALONE)
    (table,) = make_tables(session, wanted, open_tables(session, wanted), b"")
    rows = keep_common_rows(table.rows, rule.least_alike)
    findings = (*_judge_number(rule, len(table.rows)), *_judge_time(session, rule))
    return AnonymisedRows(table._replace(rows=rows), len(table.rows) - len(rows), findings)


def _judge_number(rule: AnonymisedRelease, clients: int) -> Sequence[Finding]:
    if clients >= rule.least_clients:
        return ()
    facts = {"clients": clients, "least": rule.least_clients}
    return (Finding(code="export/too-few", message=TOO_FEW_CLIENTS, where="--anonymised", facts=facts),)


def _judge_time(session: Session, rule: AnonymisedRelease) -> Sequence[Finding]:
    last = max((_day(one) for one in list_releases(session) if one["anonymised"]), default=None)
    if last is None or session.today >= (free := add_months(last, rule.months_between)):
        return ()
    facts = {"on": last, "next": free}
    return (Finding(code="export/too-soon", message=TOO_SOON, where="--anonymised", facts=facts),)


def _day(release: Any) -> date:
    return datetime.fromisoformat(release["at"]).date()
