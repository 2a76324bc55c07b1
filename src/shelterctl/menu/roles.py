"""The page of the roles: who has which, what each reads and writes, and for a manager the choice between roles and one
key.
"""

from dataclasses import replace

from shelterctl.act.permission import is_by_role
from shelterctl.cli.options import Ctx, session_of
from shelterctl.core.finding import FilledSentence, Outcome
from shelterctl.menu.new_key import begin_roles
from shelterctl.output import stdio
from shelterctl.prompts.roles import decide_by_roles
from shelterctl.terminal.questions import choose_option
from shelterctl.terminal.screen import clear_screen, screen_language
from shelterctl.ui_language import N_
from shelterctl.view.roles import GIVE_EACH_A_KEY, answer_roles

ROLES_QUESTION = N_("As a manager you can change this. Enter goes back.")
LET_ROLES_DECIDE = N_("let roles decide who reads what")
KEEP_ONE_KEY = N_("keep one key that opens everything")


def open_roles(ctx: Ctx) -> Outcome | None:
    """Show the roles; a manager may then let roles decide, or keep one key for the house."""
    session = session_of(ctx)
    session.reopen()
    told = answer_roles(session)
    store = session.store
    if not store.vault.journal.chain.may_change_trust(str(store.identity.device)):
        return told
    clear_screen()
    stdio.print_outcome(
        replace(told, said=tuple(one for one in told.said if one[0] != GIVE_EACH_A_KEY)), screen_language(), codes=False
    )
    begins = not is_by_role(session)
    lines: list[FilledSentence] = [(LET_ROLES_DECIDE, {})] if begins else []
    if not begins or store.vault.journal.chain.access is None:
        lines.append((KEEP_ONE_KEY, {}))
    chosen = choose_option(ROLES_QUESTION, lines)
    if chosen is None:
        return None
    clear_screen()
    if lines[chosen][0] is LET_ROLES_DECIDE:
        return begin_roles(session)
    own = session.identity_file
    kept = decide_by_roles(session, False, None, check=False)
    if own != session.computer_key_file and not is_by_role(session):  # a person's key opens nothing any more
        session.sit_down(None)
    return kept
