"""The budget-control sheet (M2.1.11): agreed, spent and left by NGO, form and line, and what lacks a receipt. Pocket
money is no part of the agreements (X23). It shows ids, codes, numbers of agreements and sums alone.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from shelterctl.act.output_path import OutputTarget, judge_target, write_output
from shelterctl.core.finding import FilledSentences, Outcome
from shelterctl.core.manual.track import SPENDING
from shelterctl.core.money.account import AGREEMENT_STATES, agreement_state
from shelterctl.core.money.account_rows import AccountRow
from shelterctl.core.tables.columns import ListRow
from shelterctl.custody.damage import damaged_files_error
from shelterctl.paper.delivery import MAKING_PDF
from shelterctl.paper.request import choose_paper_language, common_facts
from shelterctl.press.sheet import Medium, Sheet, make_sheet, render_sheets
from shelterctl.session import Session
from shelterctl.terminal.screen import show_busy
from shelterctl.ui_language import N_, SCREEN_LANGUAGES
from shelterctl.view.house_account import HouseAccount, group_accounts, sum_accounts, sum_pocket_money

BUDGET_IN_FILE = N_("File: {file}. It names nobody, but shows what was paid for each client: print it, then delete it.")
NO_NGO = "–"


def print_budget_control(session: Session, seen: HouseAccount, to: OutputTarget) -> Outcome:
    """Write the sheet into the named file. The answer reports files of clients that could not be read."""
    if stopped := judge_target(to, session.identity_file):
        return Outcome(findings=stopped)
    language = choose_paper_language(session)
    with show_busy(MAKING_PDF, quiet=session.json or to.kind != Medium.PDF):
        made = render_sheets([make_budget_sheet(session, seen, language)], Medium(to.kind))
    stream = write_output(to, made.data)
    said: FilledSentences = () if to.is_pipe else ((BUDGET_IN_FILE, {"file": to.out}),)
    return Outcome(said=said, stream=stream, harm=damaged_files_error(session.store.damaged))


def make_budget_sheet(session: Session, seen: HouseAccount, language: str) -> Sheet:
    """Return the sheet before it is rendered."""
    rows, forms = [*_money_rows(session, seen.rows)], session.rulebook.forms
    lines, spending = (row for row in rows if row["state"]), session.rulebook.tracks.serving(SPENDING)
    facts = {
        **common_facts(session.rulebook, language, None, None, draft=language not in SCREEN_LANGUAGES),
        "clause": spending.clause if spending else "",
        "day": session.today,
        "houses": ", ".join(session.store.shelter.value["facilities"]),
        "chosen": not seen.is_whole,
        "lines": sorted(lines, key=lambda row: (row["client"], AGREEMENT_STATES.index(row["state"]))),
        "outside": [row for row in rows if not row["state"]],
        "groups": [
            {"ngo": group.ngo or NO_NGO, "form": forms[group.form].text, "total": group.total}
            for group in group_accounts(seen.rows, session.store.ngos)
        ],
        "total": sum_accounts(seen.rows),
        "pocket_money": [{"client": row.client.id, "money": row.money} for row in seen.pocket_money],
        "pocket_total": sum_pocket_money(seen.pocket_money),
        "damaged": ", ".join(sorted(session.store.damaged)),
    }
    return make_sheet("budget-control", facts, language=language, tint="white", day=session.today, long=True)


def _money_rows(session: Session, rows: Iterable[ListRow]) -> Iterator[dict[str, Any]]:
    """Yield the rows of lines with their codes."""
    forms = session.rulebook.forms
    for row in rows:
        if isinstance(row.money, AccountRow):
            agreement = row.money.agreement
            yield {
                "client": row.client.id,
                "number": row.entry.get("number"),
                "form": forms[row.entry["form"]].text if agreement else "",
                "state": agreement_state(agreement) if agreement else None,
                "line": row.money.line,
                "money": row.money,
            }
