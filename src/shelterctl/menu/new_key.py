"""A key for a person who has none at this computer, or whose passphrase is forgotten: she chooses a passphrase here,
and a manager who is at the menu accepts the key in the same sitting.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from shelterctl.act.permission import is_by_role
from shelterctl.cli.options import Ctx, session_of
from shelterctl.core.finding import FilledSentence, Outcome
from shelterctl.custody import person_key as act
from shelterctl.custody.keys_here import (
    list_keys_here,
    list_people_with_key,
    list_people_without_key,
    note_owner_of_first_key,
)
from shelterctl.errors import CannotOpen, Conflict
from shelterctl.identity.key_file import load_identity, needs_passphrase
from shelterctl.language import LabelledCode, Sentence
from shelterctl.prompts.person_key import (
    KEY_MADE,
    KEY_OPENS_LATER,
    KEY_OPENS_ROSTER_LATER,
    OLD_KEY_ENDED,
    OLD_KEY_NOT_ENDED,
    OLD_KEY_UNKNOWN,
    accept_person_key,
    end_set_aside_keys,
    make_person_key,
)
from shelterctl.session import Session
from shelterctl.terminal.passphrase import PASSPHRASE_FORGOTTEN, show_locking
from shelterctl.terminal.questions import ask_line, choose_option, confirm
from shelterctl.terminal.screen import clear_screen, print_sentence, sentence_text
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
FORGOT_LINE = N_("{who}: forgot the passphrase; a new key")
OLD_KEY_LEFT_LINE = N_("{who}: has a new key; end the old one")
NEW_KEY_MEANS = N_(
    "{staff} gets a new key, and the old one is ended. What {staff} wrote in sealed parts stays readable to their "
    "other readers, and opens for {staff} again once one of them, or the recovery paper, encrypts the files again."
)
RENEW_KEY_NOW = N_("Has {staff} forgotten the passphrase, and should a new key be made now?")
MANAGERS_PASSPHRASE = N_("This is the manager's passphrase. Choose another.")


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
            print_sentence(PASSPHRASE_FORGOTTEN, indent="  ")
        return
    print_sentence(NO_KEY_AT_THIS_COMPUTER, {"staff": code})
    if confirm(MAKE_KEY_NOW, {"staff": code}):
        _let_person_choose(session, code)
        print_sentence(MANAGER_ACCEPTS_IN_MENU)


def give_key(ctx: Ctx) -> Outcome | None:
    """Give a person a key in one sitting: who, a passphrase, the four words, and the manager's acceptance.

    A person with a key that is forgotten gets a new one, and the old one is ended. Where roles do not decide yet,
    this is offered next.
    """
    session = session_of(ctx)
    session.reopen()
    session.store.vault.require_writable()
    act.require_authority(session.store, None)
    note_owner_of_first_key(session)
    clear_screen()
    without, having = list_people_without_key(session), list_people_with_key(session)
    if not without and not having:
        return Outcome(said=((EVERYBODY_HAS_A_KEY, {}),))
    old = {code: bool(act.list_set_aside_keys(session, code)) for code in having}
    lines = [
        *(person_line(session, code, role) for code, role in without.items()),
        *(_line_with_key(session, code, role, has_old=old[code]) for code, role in having.items()),
    ]
    chosen = choose_option(WHO_GETS_A_KEY, lines)
    if chosen is None:
        return None
    code = [*without, *having][chosen]
    given: Outcome | None
    if code in without:
        given = _accept_waiting(session, code) or _make_and_accept(session, code)
    else:
        given = end_set_aside_keys(session, code) if old[code] else _renew_and_accept(session, code)
    session.reopen()
    return given and _offer_roles(session, given)


def _line_with_key(session: Session, code: str, role: str, *, has_old: bool) -> FilledSentence:
    """Return the line of a person who has a key here: a new one, or the end of an old one that was left on the list."""
    who = sentence_text(*person_line(session, code, role))
    return OLD_KEY_LEFT_LINE if has_old else FORGOT_LINE, {"who": who}


def _offer_roles(session: Session, given: Outcome) -> Outcome:
    """Offer that roles decide from now on, where they do not yet; return what was done in all."""
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


def _renew_and_accept(session: Session, code: str) -> Outcome | None:
    """Make a new key for a person who forgot her passphrase, and accept it; None if the manager does not want it."""
    print_sentence(NEW_KEY_MEANS, {"staff": code})
    if not confirm(RENEW_KEY_NOW, {"staff": code}):
        return None
    given = _make_and_accept(session, code, renew=True)
    named = any(one[0] in (OLD_KEY_ENDED, OLD_KEY_NOT_ENDED) for one in given.prose)
    if named or "roles" not in given.data:
        return given
    return replace(given, prose=(*given.prose, (OLD_KEY_UNKNOWN, {"staff": code})))


def _make_and_accept(session: Session, code: str, *, renew: bool = False) -> Outcome:
    _let_person_choose(session, code, renew=renew, refuse=partial(_refuse_passphrase_of_first_key, session))
    print_sentence(MANAGER_SITS_DOWN)
    ask_line()
    clear_screen()
    return accept_person_key(session, code, None, [], None)


def _refuse_passphrase_of_first_key(session: Session, typed: str) -> Sentence | None:
    """Return what is wrong with a passphrase that opens the first key of this computer; None for any other."""
    first = session.computer_key_file
    try:
        if not needs_passphrase(first):
            return None
        with show_locking(None):
            load_identity(first, lambda: typed)
    except CannotOpen:
        return None
    return MANAGERS_PASSPHRASE


def _let_person_choose(
    session: Session, code: str, *, renew: bool = False, refuse: Callable[[str], Sentence | None] | None = None
) -> None:
    """Let the person choose a passphrase, or type that of a key which waits already, and show the key's four words."""
    made_before = not renew and (session.people_folder / code).exists()
    clear_screen()
    print_sentence(LET_PERSON_TYPE if made_before else LET_PERSON_CHOOSE, {"staff": code}, bold=True)
    print_sentence(PRESS_ENTER_TO_CHOOSE, {"staff": code})
    ask_line()
    made = make_person_key(session, code, None, renew=renew, no_passphrase=False, refuse=refuse)
    clear_screen()
    print_sentence(KEY_MADE, {"staff": code, "words": made.data["words"]}, bold=True)
