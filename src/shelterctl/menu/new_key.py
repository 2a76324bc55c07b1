"""A key for a person who has none at this computer: she chooses its passphrase here, and a manager who is at the menu
accepts it in the same sitting.
"""

from dataclasses import replace

from shelterctl.act.permission import is_by_role
from shelterctl.cli.options import Ctx, session_of
from shelterctl.core.finding import FilledSentence, Outcome
from shelterctl.custody import person_key as act
from shelterctl.custody.keys_here import list_keys_here, list_people_without_key, note_owner_of_first_key
from shelterctl.errors import Conflict
from shelterctl.language import LabelledCode
from shelterctl.prompts.person_key import (
    KEY_MADE,
    KEY_OPENS_LATER,
    KEY_OPENS_ROSTER_LATER,
    accept_person_key,
    make_person_key,
)
from shelterctl.session import Session
from shelterctl.terminal.questions import ask_line, choose_option, confirm
from shelterctl.terminal.screen import clear_screen, print_sentence
from shelterctl.ui_language import N_

WHO_GETS_A_KEY = N_("Who gets a key at this computer? Enter goes back.")
PERSON_WITH_ROLE = N_("{who} · {role}")
EVERYBODY_HAS_A_KEY = N_("Everybody who works here has a key at this computer. Register new people first.")
NO_KEY_AT_THIS_COMPUTER = N_("{staff} has no key at this computer.")
MAKE_KEY_NOW = N_("Make a key for {staff} now? {staff} chooses the passphrase.")
LET_PERSON_CHOOSE = N_(
    "{staff} sits down now and chooses a passphrase that nobody else knows. Everybody else looks away. This is not the "
    "manager's passphrase."
)
LET_PERSON_TYPE = N_(
    "The list has changed since {staff} made the key. {staff} sits down now and types the passphrase of that key once "
    "more; this is not the manager's passphrase."
)
PRESS_ENTER_TO_CHOOSE = N_("{staff}: press Enter to begin.")
MANAGER_SITS_DOWN = N_("Now the manager sits down again and accepts the key. Press Enter.")
MANAGER_ACCEPTS_IN_MENU = N_(
    "The key opens nothing yet. A manager now chooses the manager's own line here, and then: the house, give a person "
    "a key."
)
OPENS_ONCE_ROLES_DECIDE = N_("It opens files once roles decide. You begin this in the menu: the house, roles.")
OPENS_ROSTER_ONCE_ROLES_DECIDE = N_(
    "Once roles decide, it opens the list of who sleeps in the house, by number, and no client's file. You begin this "
    "in the menu: the house, roles."
)
ROLES_CANNOT_DECIDE_YET = N_("Roles cannot decide yet:")
ROLES_WAIT = N_(
    "Roles do not decide yet: one key opens everything until they do. Has everybody a key who needs one, and should "
    "roles decide from now on?"
)


def person_line(session: Session, code: str, role: str | None) -> FilledSentence:
    """Return the line of a person before anything is unlocked: the code, and the role in words where it is known."""
    known = session.rulebook.lists["roles"]
    if role is None:
        return "{who}", {"who": code}
    return PERSON_WITH_ROLE, {"who": code, "role": LabelledCode(role, known.get(role, {"en": role}))}


def choose_person_without_key(session: Session) -> str | None:
    """Return the code of somebody who works here and has no key at this computer; None where nobody is chosen."""
    people = list_people_without_key(session)
    if not people:
        return None
    chosen = choose_option(WHO_GETS_A_KEY, [person_line(session, code, role) for code, role in people.items()])
    return None if chosen is None else list(people)[chosen]


def offer_new_key(session: Session) -> None:
    """Offer to make a key for somebody who has none here; it then waits for a manager to accept it."""
    code = choose_person_without_key(session)
    if code is None:
        if not list_people_without_key(session):
            print_sentence(EVERYBODY_HAS_A_KEY, indent="  ! ")
        return
    print_sentence(NO_KEY_AT_THIS_COMPUTER, {"staff": code})
    if confirm(MAKE_KEY_NOW, {"staff": code}):
        _let_person_choose(session, code)
        print_sentence(MANAGER_ACCEPTS_IN_MENU)


def give_key(ctx: Ctx) -> Outcome | None:
    """Give a person a key in one sitting: who, a passphrase, the four words, and the manager's acceptance.

    Where roles do not decide yet, this is offered next.
    """
    session = session_of(ctx)
    session.reopen()
    session.store.vault.require_writable()
    act.require_authority(session.store, None)
    note_owner_of_first_key(session)
    clear_screen()
    code = choose_person_without_key(session)
    if code is None:
        return None if list_people_without_key(session) else Outcome(said=((EVERYBODY_HAS_A_KEY, {}),))
    given = _accept_waiting(session, code) or _make_and_accept(session, code)
    session.reopen()
    if given.refused or given.harm or "roles" not in given.data or is_by_role(session):
        return given
    accepted = tuple(one for one in given.prose if one[0] not in (KEY_OPENS_LATER, KEY_OPENS_ROSTER_LATER))
    if not confirm(ROLES_WAIT):
        no_file = any(one[0] == KEY_OPENS_ROSTER_LATER for one in given.prose)
        opens = OPENS_ROSTER_ONCE_ROLES_DECIDE if no_file else OPENS_ONCE_ROLES_DECIDE
        return replace(given, prose=(*accepted, (opens, {})))
    begun = begin_roles(session)
    if begun.refused:
        why = tuple((one.message, one.facts) for one in begun.findings)
        return replace(given, prose=(*accepted, (ROLES_CANNOT_DECIDE_YET, {}), *why))
    return replace(begun, said=(), prose=(*accepted, *begun.said, *begun.prose))


def begin_roles(session: Session) -> Outcome:
    """Let roles decide from now on, once what changes is confirmed; the unlocked key then says who is here."""
    from shelterctl.prompts.roles import decide_by_roles  # noqa: PLC0415 - rarely chosen

    done = decide_by_roles(session, True, None, check=False)
    if is_by_role(session):
        session.name_by_key()
    return replace(done, data={}) if done.refused else done


def _accept_waiting(session: Session, code: str) -> Outcome | None:
    """Accept a key that waits already; None where there is none, or where it must be asked for anew."""
    if not any(one.waits for one in list_keys_here(session) if one.staff == code):
        return None
    try:
        return accept_person_key(session, code, None, [], None)
    except Conflict as error:
        if error.code != "key/outdated":
            raise
        return None


def _make_and_accept(session: Session, code: str) -> Outcome:
    _let_person_choose(session, code)
    print_sentence(MANAGER_SITS_DOWN)
    ask_line()
    clear_screen()
    return accept_person_key(session, code, None, [], None)


def _let_person_choose(session: Session, code: str) -> None:
    """Let the person choose a passphrase, or type that of a key which waits already, and show the key's four words."""
    made_before = (session.people_folder / code).exists()
    clear_screen()
    print_sentence(LET_PERSON_TYPE if made_before else LET_PERSON_CHOOSE, {"staff": code}, bold=True)
    print_sentence(PRESS_ENTER_TO_CHOOSE, {"staff": code})
    ask_line()
    made = make_person_key(session, code, None, renew=False, no_passphrase=False)
    clear_screen()
    print_sentence(KEY_MADE, {"staff": code, "words": made.data["words"]}, bold=True)
