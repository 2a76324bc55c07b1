"""The question about a house's own limit: what it means is shown and confirmed, then it is signed."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from shelterctl.core.finding import FilledSentence, Finding, Outcome, has_refusal
from shelterctl.core.manual.own_limit import OwnLimit
from shelterctl.custody import overlay as act
from shelterctl.custody.recovery import read_paper
from shelterctl.identity.keys import Identity
from shelterctl.session import Session, may_ask
from shelterctl.terminal.questions import confirm
from shelterctl.terminal.screen import print_sentence
from shelterctl.ui_language import N_
from shelterctl.view.overlay import end_sentences, judge_sleepers, limit_row, new_limit_sentences
from shelterctl.view.revocation import CHECK_ASKED_NOTHING_WRITTEN, answer_shut_out

LIMIT_CONFIRM = N_("Is this right, and should it be signed now?")
LIMIT_NOT_SIGNED = N_("Nothing was changed.")
LIMIT_SIGNED = N_("Signed as the limit {id}.")


def add_limit(session: Session, asked: act.LimitRequest, recovery: Path | None, *, check: bool) -> Outcome:
    """Set a limit of the house, once a person has confirmed what it means."""
    paper = read_paper(recovery)[0] if recovery else None
    act.require_may_set_limits(session, paper)
    plan = act.plan_limit(session, asked)
    if has_refusal(plan.findings):
        return Outcome(findings=plan.findings)
    means = [*new_limit_sentences(session.rulebook, plan.limit, [*plan.manual])]
    return _sign(session, plan.limit, means, [*judge_sleepers(session, plan.limit)], paper, check=check)


def end_limit(session: Session, limit: str, on: date, recovery: Path | None, *, check: bool) -> Outcome:
    """Give a limit of the house its last day, once a person has confirmed it."""
    paper = read_paper(recovery)[0] if recovery else None
    act.require_may_set_limits(session, paper)
    ended = act.plan_end(session, limit, on)
    return _sign(session, ended, [*end_sentences(session.rulebook, ended)], [], paper, check=check)


def _sign(
    session: Session,
    limit: OwnLimit,
    means: Sequence[FilledSentence],
    findings: Sequence[Finding],
    paper: Identity | None,
    *,
    check: bool,
) -> Outcome:
    # Decide.
    data = {"limit": limit_row(session.rulebook, limit, session.today)}
    if check:
        said = (*means, (CHECK_ASKED_NOTHING_WRITTEN, {}))
        return answer_shut_out(session, data, said, Outcome(findings=tuple(findings)))
    if may_ask(session):
        for sentence, facts in means:
            print_sentence(sentence, facts)
        if not confirm(LIMIT_CONFIRM):
            return Outcome(said=((LIMIT_NOT_SIGNED, {}),))
        means = ()

    # Act.
    act.save_limit(session, limit, paper)
    said = (*means, (LIMIT_SIGNED, {"id": limit.id}))
    return answer_shut_out(session, data, said, Outcome(findings=tuple(findings)))
