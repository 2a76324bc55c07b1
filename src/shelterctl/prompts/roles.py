"""The questions about roles: what would change is shown and confirmed, then signed, and the files are sealed anew."""

from pathlib import Path

from shelterctl.core.finding import FilledSentences, Outcome, has_refusal
from shelterctl.custody import roles as act
from shelterctl.custody.recovery import read_paper
from shelterctl.session import Session, may_ask
from shelterctl.terminal.questions import confirm
from shelterctl.terminal.screen import print_sentence
from shelterctl.trust.chain_state import Chain
from shelterctl.ui_language import N_
from shelterctl.view.revocation import CHECK_ASKED_NOTHING_WRITTEN, answer_shut_out
from shelterctl.view.roles import describe_role_change

ROLES_CONFIRM = N_("Is all of this right, and should it be done now?")
ROLES_NOT_CHANGED = N_("Nothing was changed.")
ROLES_AS_BEFORE = N_("The roles are like this already; nothing changed.")
ROLES_BEGUN = N_("From now on roles decide who reads what. Each person opens the program with her own passphrase.")
ONE_KEY_CHOSEN = N_("This house keeps one key: everyone who uses a computer of the house can read everything.")
ROLES_CHANGED = N_("The roles are changed.")
KEEP_OLD_BACKUPS_APART = N_(
    "Earlier backups and copies still open with the keys of their time. Make a backup now, and erase the older ones."
)


def decide_by_roles(session: Session, begin: bool, recovery: Path | None, *, check: bool) -> Outcome:
    """Let roles decide from now on, or one key, once a person has confirmed what changes."""
    paper = read_paper(recovery)[0] if recovery else None
    chain = act.plan_roles(session, paper) if begin else act.plan_one_key(session, paper)
    done: FilledSentences = ((ROLES_BEGUN, {}), (KEEP_OLD_BACKUPS_APART, {})) if begin else ((ONE_KEY_CHOSEN, {}),)
    return _change(session, chain, done, check=check)


def change_roles(session: Session, asked: act.RoleChange, recovery: Path | None, *, check: bool) -> Outcome:
    """Give and take roles, and what roles may do, once a person has confirmed what changes."""
    paper = read_paper(recovery)[0] if recovery else None
    return _change(session, act.plan_role_change(session, asked, paper), ((ROLES_CHANGED, {}),), check=check)


def _change(session: Session, chain: Chain, done: FilledSentences, *, check: bool) -> Outcome:
    # Decide.
    before = session.store.vault.journal.chain
    means = describe_role_change(session, before, chain)
    data = {"changes": [{"kind": kind, "who": who, "what": what} for kind, who, what in means.rows]}
    findings = act.judge_roles(session, chain)
    if has_refusal(findings):
        return Outcome(data=data, findings=findings)
    if chain.digests == before.digests:
        return answer_shut_out(session, data, ((ROLES_AS_BEFORE, {}),), act.save_roles(session, chain))
    if check:
        return answer_shut_out(session, data, (*means.said, (CHECK_ASKED_NOTHING_WRITTEN, {})))
    said = means.said
    if may_ask(session):
        for sentence, facts in said:
            print_sentence(sentence, facts)
        if not confirm(ROLES_CONFIRM):
            return Outcome(said=((ROLES_NOT_CHANGED, {}),))
        said = ()

    # Act.
    saved = act.save_roles(session, chain)
    return answer_shut_out(session, data, (*said, *done, *saved.said), saved)
