"""Who sits at a computer that several people share, each with a key of her own: asked before anything is unlocked, then
the passphrase of that person's key. On a computer with one key only its passphrase is asked for.
"""

from shelterctl.core.finding import FilledSentence
from shelterctl.custody.keys_here import KeyHere, is_computer_shared, list_keys_here, note_owner_of_first_key
from shelterctl.errors import ShelterError
from shelterctl.menu.new_key import offer_new_key, person_line
from shelterctl.output import stdio
from shelterctl.session import Session
from shelterctl.terminal.passphrase import LeaveChosen
from shelterctl.terminal.questions import choose_option
from shelterctl.terminal.screen import clear_screen, print_sentence, screen_language, sentence_text
from shelterctl.ui_language import N_

WHO_IS_HERE = N_("Who is using this computer?")
KEY_OF_THIS_COMPUTER = N_("the key of this computer")
KEY_WAITS_LINE = N_("{who} (a manager has not accepted the key yet)")
SOMEBODY_WITHOUT_KEY = N_("somebody who has no key here")
LEAVE_PROGRAM = N_("leave and close the program")
KEY_STILL_WAITS = N_("The key of {staff} opens nothing until a manager accepts it: the house, give a person a key.")
PASSPHRASE_OF_PERSON = N_("{who}: type your own passphrase. To choose somebody else, press Ctrl-C, then 1.")
NO_PASSPHRASE_OF_PERSON = N_("{who}: this key has no passphrase, so anyone at this computer can open it.")


def asks_who(session: Session) -> bool:
    """Whether it is asked who is here when the program starts: several people share it, and nobody was named."""
    return is_computer_shared(session) and session.identity_file == session.computer_key_file


def unlock(session: Session, *, asks: bool) -> bool:
    """Unlock the key of the person who is here; return False if the person leaves. Ctrl-C does not end it.

    Where it *asks* who is here, a key that does not open the store leads back to that question.
    """
    while True:
        try:
            if asks and not _choose_key(session):
                return False
            session.unlock()
            if asks:
                session.open_store()
                note_owner_of_first_key(session)
        except LeaveChosen:
            if not asks:
                return False
            session.lock()
        except KeyboardInterrupt:
            continue
        except ShelterError as error:
            if not asks:
                raise
            session.lock()
            stdio.print_error(error, screen_language())
        else:
            return True


def _choose_key(session: Session) -> bool:
    """Ask who is here until a key is chosen; return False if the person leaves."""
    while True:
        keys = list_keys_here(session)
        lines = [*(_key_line(session, one) for one in keys), (SOMEBODY_WITHOUT_KEY, {}), (LEAVE_PROGRAM, {})]
        chosen = choose_option(WHO_IS_HERE, lines, by_number_only=(len(lines) - 1,))
        if chosen == len(lines) - 1:
            return False
        if chosen == len(keys):
            offer_new_key(session)
        elif chosen is not None and keys[chosen].waits:
            print_sentence(KEY_STILL_WAITS, {"staff": keys[chosen].staff}, indent="  ! ")
        elif chosen is not None:
            _sit_down(session, keys[chosen])
            return True


def _sit_down(session: Session, key: KeyHere) -> None:
    """Let the person of a key sit down: the screen is cleared, and a line says whose passphrase is asked for."""
    session.sit_down(None if key.is_first else key.staff)
    clear_screen()
    who = sentence_text(*_key_line(session, key))
    print_sentence(PASSPHRASE_OF_PERSON if session.protected else NO_PASSPHRASE_OF_PERSON, {"who": who}, bold=True)


def _key_line(session: Session, key: KeyHere) -> FilledSentence:
    """Return the line of a key: whose it is and which role that person has, by the register."""
    if key.staff is None:
        return KEY_OF_THIS_COMPUTER, {}
    line = person_line(session, key.staff, key.role)
    return (KEY_WAITS_LINE, {"who": sentence_text(*line)}) if key.waits else line
