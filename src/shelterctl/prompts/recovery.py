"""The recovery paper at the terminal: its key shown once, as text and QR code, on a screen of which nothing remains,
and the replacement of the paper by a new one. After an interruption the command is run again.
"""

import sys
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from shelterctl import qr
from shelterctl.core.finding import FilledSentences, Outcome
from shelterctl.custody import recovery_paper
from shelterctl.custody.recovery_paper import (
    KEY_IS_IN_FILE,
    KEY_SHOWN_AT_TERMINAL_ONLY,
    NewPaper,
    Renewal,
    paper_path,
    write_paper,
)
from shelterctl.custody.rekey import rekey_answer
from shelterctl.errors import Conflict, ShelterError, UsageError
from shelterctl.language import Sentence
from shelterctl.platform import keyboard
from shelterctl.platform.writing import format_path, free_path, remove_file, write_new_file_atomically
from shelterctl.prompts.trust import NEWS_REFUSED, confirm_news
from shelterctl.session import Session, may_ask
from shelterctl.terminal.questions import ask_line, confirm
from shelterctl.terminal.screen import (
    alternate_screen,
    clear_screen,
    print_lines,
    print_picture,
    print_sentence,
    screen_size,
    sentence_text,
)
from shelterctl.ui_language import N_
from shelterctl.view import trust
from shelterctl.view.revocation import (
    CHECK_ASKED_NOTHING_WRITTEN,
    answer_shut_out,
    first_call_sentence,
    shut_out_consequences,
)

RECOVERY_WRITE_KEY = N_("The recovery key opens everything if this computer is lost. Write it on paper:")
RECOVERY_NO_PICTURE = N_("This window cannot show the QR code as well; the line above is the whole key.")
RECOVERY_BESIDE_KEY = N_("Below it write: store {store}, words {words}, and the day: {day}")
RECOVERY_TEXT_WIDTH = 38
"""The width of the text beside the QR code, in columns: the longest four words fit on one line."""

RECOVERY_WHEN_WRITTEN = N_("1 makes a sheet to be printed. When the key is on paper, press Enter.")
RECOVERY_SHEET_MADE = N_(
    "The sheet is in {file}. Print it now. Enter deletes the file, because anyone who has it can open everything."
)
RECOVERY_SHEET_NOT_MADE = N_("No file could be made in {folder}. Write the key down by hand.")
RECOVERY_SHEET_KEY = "1"


def hand_over_paper(session: Session, paper: NewPaper, path: Path | None, later: Sentence) -> None:
    """Write a recovery paper into the file at *path*, or show it if there is none, before it comes into force.

    A paper that nobody has must not open anything. *later* is printed if a person interrupts this.
    """
    if path:
        write_paper(path, paper)
        return
    try:
        _show_recovery_key(session, paper)
    except KeyboardInterrupt:
        print_sentence(later)
        raise


def _show_recovery_key(session: Session, paper: NewPaper) -> None:
    """Show the recovery key until Enter; the paper is not in force yet, so that Ctrl-C loses nothing.

    The sentence, key, QR code and prompt fit on a screen of 80 by 24. To be printed, the sheet is a file that is
    deleted afterwards.
    """
    with keyboard.hide_typing():  # drawing takes a moment, in which a passphrase may be typed again
        code = qr.draw_qr_code(paper.key.key)
    facts = {"store": paper.store, "words": paper.words, "day": session.computer_day}
    while True:
        with alternate_screen():
            print_sentence(RECOVERY_WRITE_KEY)
            print_lines([paper.key.key], bold=True)
            if _has_room_for_code(code):
                print_picture(code, textwrap.wrap(sentence_text(RECOVERY_BESIDE_KEY, facts), RECOVERY_TEXT_WIDTH))
            else:
                print_sentence(RECOVERY_BESIDE_KEY, facts)
                print_sentence(RECOVERY_NO_PICTURE)
            print_sentence(RECOVERY_WHEN_WRITTEN)
            while typed := ask_line():
                if typed == RECOVERY_SHEET_KEY:
                    clear_screen()
                    _print_recovery_sheet(session, paper)
                    break
            else:
                return


def _print_recovery_sheet(session: Session, paper: NewPaper) -> None:
    """Write the sheet into a file, and delete it once it is printed."""
    from shelterctl.paper.store_sheets import render_recovery_sheet  # noqa: PLC0415 - loads the code that makes PDFs; most people write the key by hand

    path = free_path(session.papers_folder / f"shelterctl-recovery-{session.computer_day.isoformat()}.pdf")
    made = render_recovery_sheet(session, paper, session.computer_day)
    try:
        write_new_file_atomically(path, made)
    except OSError:
        print_sentence(RECOVERY_SHEET_NOT_MADE, {"folder": format_path(path.parent)}, indent="  ! ")
        ask_line()
        return
    try:
        print_sentence(RECOVERY_SHEET_MADE, {"file": format_path(path)})
        ask_line()
    finally:
        remove_file(path)


def _has_room_for_code(code: Sequence[str]) -> bool:
    columns, lines = screen_size()
    room = columns >= len(code[0]) + 3 + RECOVERY_TEXT_WIDTH and lines >= len(code) + 5
    return room and keyboard.supports_escapes() and qr.can_draw_qr_code(sys.stdout.encoding)


RENEW_SHUT_OUT_FIRST = N_(
    "First shut out the computer that nobody knows: shelterctl device end CODE --lost. Then replace the paper."
)
RENEW_SURE = N_("Replace the recovery paper with a new one?")
RENEW_BEGUN_BEFORE = N_("A new paper was already begun on this computer, but is not in force yet. It is shown again.")
RENEW_NOTHING_CHANGED = N_("Nothing was changed; the recovery paper is still the old one.")
RENEW_GIVEN_UP = N_(
    "The new paper begun on this computer is cancelled. Destroy what was written down of it: it opens "
    "nothing. The recovery paper is still the old one."
)
RENEW_GO_ON_LATER = N_(
    "The old recovery paper is still in force. Run the same command again to go on; it shows the same new paper."
)

RENEW_IN_FORCE = N_(
    "The new recovery paper is in force. The old one opens nothing saved from now on, and admits no computer."
)
RENEW_FINISHED = N_(
    "The interrupted replacement is finished: the paper shown then is in force. If that one is lost too, run "
    "the command again."
)
RENEW_NOT_ALL_SEALED = N_("Some files are not sealed for the new paper yet. To finish: shelterctl recovery renew")
RENEW_LOOK_AT_LIST = N_(
    "If someone else had the old paper, check that every computer on the list belongs to the house: shelterctl trust"
)
RENEW_NEXT = N_(
    "Make a backup on each stick at once: shelterctl backup DIR. The new paper does not open older backups: "
    "if the computers are lost before that, only the old paper helps. Then try the new paper: shelterctl "
    "check --recovery FILE. Take it to the safe at {issuer}, and destroy the old one if you have it."
)
RENEW_SHEET = N_(
    "The words of the store have not changed: {words}. Its number for the sheet in the safe: {number}. If "
    "the key is on that sheet, print a new one: shelterctl trust --out FILE"
)
RENEW_OVERTAKEN = N_(
    "Another recovery paper has come into force since a new one was begun on this computer. Destroy what was "
    "written down here: it opens nothing."
)
RENEW_RUN_AGAIN = N_("See the list: shelterctl trust. To replace the paper in force too, run the command again.")


def ask_renewal(session: Session, named: str | None, *, only_said: bool) -> Outcome:
    """Put a new recovery paper in force, shown to the person at the terminal or written into the file that is *named*.

    With *only_said*, only describe the consequences and write nothing. Raises Conflict if another paper came into force
    since the one begun on this computer.
    """
    # Gather.
    if named is None and not (only_said or may_ask(session)):
        raise UsageError("usage/missing", KEY_SHOWN_AT_TERMINAL_ONLY)
    path = paper_path(named, session.root, begun=recovery_paper.is_renewal_begun(session))
    session.open_store()
    begun = recovery_paper.read_renewal(session)
    if may_ask(session) and not only_said and not confirm_news(session):
        return Outcome(said=((NEWS_REFUSED, {}), (RENEW_SHUT_OUT_FIRST, {})))
    recovery_paper.require_may_renew(session)
    if begun and begun.state == "overtaken":
        if not only_said:
            recovery_paper.forget_renewal(session)
        raise Conflict("recovery/overtaken", RENEW_OVERTAKEN, hint=RENEW_RUN_AGAIN)

    # Decide.
    meant = shut_out_consequences(session, "paper", [session.store.vault.journal.chain.paper[0]])
    told: FilledSentences = (*first_call_sentence(session, "paper"), *meant.said)
    if only_said:
        data = {"keeps": meant.data, "state": begun.state if begun else None}
        return answer_shut_out(session, data, (*told, (CHECK_ASKED_NOTHING_WRITTEN, {})))
    if begun and begun.state == "in_force":
        return _finish_renewal(session, {}, ((RENEW_FINISHED, {}),))
    if may_ask(session) and (said := _ask_whether_to_renew(session, begun, told)):
        return Outcome(said=said)

    # Act.
    begun = begun or recovery_paper.begin_renewal(session)
    hand_over_paper(session, begun.paper, path, RENEW_GO_ON_LATER)
    recovery_paper.sign_renewal(session, begun)
    told = () if may_ask(session) else told  # at a terminal it was shown before the question
    said = (*told, (RENEW_IN_FORCE, {}), *([(KEY_IS_IN_FILE, {})] if path else []))
    return _finish_renewal(session, {"keeps": meant.data}, said)


def _ask_whether_to_renew(session: Session, begun: Renewal | None, meant: FilledSentences) -> FilledSentences:
    """Explain the consequences and ask; return no sentences if the person agrees, else those for the end.

    A paper that was begun and shown before is then given up, and a message asks to destroy it.
    """
    for sentence, facts in (*meant, *(((RENEW_BEGUN_BEFORE, {}),) if begun else ())):
        print_sentence(sentence, facts)
    if confirm(RENEW_SURE):
        return ()
    if begun:
        recovery_paper.forget_renewal(session)
    return ((RENEW_GIVEN_UP if begun else RENEW_NOTHING_CHANGED, {}),)


def _finish_renewal(session: Session, meant: Mapping[str, Any], said: FilledSentences) -> Outcome:
    """Seal every file for the paper in force, and return the outcome with what to do next; damaged files are left out.

    If something stops this, such as a full disk, the paper is in force all the same and the command is run again.
    """
    try:
        done = rekey_answer(recovery_paper.finish_renewal(session))
    except ShelterError as error:
        done = Outcome(said=((RENEW_NOT_ALL_SEALED, {}),), harm=error)
    sheet = trust.safe_sheet_facts(session)
    said = (*said, *done.said, (RENEW_LOOK_AT_LIST, {}), (RENEW_NEXT, {}), (RENEW_SHEET, sheet))
    return answer_shut_out(session, {**meant, "state": "in_force", "sheet": sheet}, said, done)
