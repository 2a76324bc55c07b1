"""The recovery paper at the terminal: its key shown once as text and QR code on a screen that keeps nothing of it, and
a new paper put in the place of the old one. Whoever is interrupted gives the command again.
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

RECOVERY_WRITE_KEY = N_("The recovery key opens everything if this device is lost. Write it on paper:")
RECOVERY_NO_PICTURE = N_("This window cannot show it as a QR code as well; the line is the whole key.")
RECOVERY_BESIDE_KEY = N_("Below it write: store {store}, words {words}, and the day: {day}")
RECOVERY_TEXT_WIDTH = 38
"""How wide a text stands beside the code: the longest of four words fit into one line."""

RECOVERY_WHEN_WRITTEN = N_("1 makes a sheet to be printed. When the key is on paper, press Enter.")
RECOVERY_SHEET_MADE = N_(
    "The sheet is in {file}. Print it now. Enter deletes the file, for whoever has it can open everything."
)
RECOVERY_SHEET_NOT_MADE = N_("No file could be made in {folder}. Write the key down by hand.")
RECOVERY_SHEET_KEY = "1"


def hand_over_paper(session: Session, paper: NewPaper, path: Path | None, later: Sentence) -> None:
    """Write a recovery paper into the file at *path*, or show it where none is named; before it counts.

    A paper that nobody has must open nothing. *later* is said where somebody interrupts that.
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
    """Show the recovery key to whoever sits here, until Enter: before it counts, so that Ctrl-C loses nothing.

    At 80 by 24 the sentence, the key, the code and the prompt are seen at once. As a sheet it is printed from a file
    that is gone once that is done.
    """
    with keyboard.hide_typing():  # drawing takes a moment after the passphrase, which may be typed once more
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
    """The sheet in a file for as long as it takes to print it."""
    from shelterctl.paper.store_sheets import render_recovery_sheet  # noqa: PLC0415 - most write it down by hand

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
    "A computer that nobody knows is shut out first: shelterctl device end CODE --lost. Then the paper is renewed."
)
RENEW_SURE = N_("Put a new recovery paper in the place of the old one?")
RENEW_BEGUN_BEFORE = N_(
    "A new paper was begun on this computer already, and is not in force yet. The same one is shown again."
)
RENEW_NOTHING_CHANGED = N_("Nothing was changed; the recovery paper is the one that it was.")
RENEW_GIVEN_UP = N_(
    "The new paper that was begun on this computer is given up. What was written down of it opens nothing: destroy it. "
    "The recovery paper is the one that it was."
)
RENEW_GO_ON_LATER = N_(
    "The recovery paper is still the old one. The same command goes on here, and shows the same new paper."
)

RENEW_IN_FORCE = N_(
    "The new recovery paper is in force. The old one opens nothing that is saved from now on, and admits no computer."
)
RENEW_FINISHED = N_(
    "The renewal that was interrupted is finished: the paper that was shown then is in force. If that one is lost too, "
    "run the command again."
)
RENEW_NOT_ALL_SEALED = N_("Not every file is sealed for the new paper yet. To finish: shelterctl recovery renew")
RENEW_LOOK_AT_LIST = N_(
    "If somebody else had the old paper, look whether each computer on the list is one of the house: shelterctl trust"
)
RENEW_NEXT = N_(
    "Make a backup on each stick at once: shelterctl backup DIR. The new paper opens none of the older ones: if the "
    "computers were lost before that, only the old paper would help. Then try the new paper: shelterctl check "
    "--recovery FILE. Take it to the safe at IOM, and destroy the old one, if it is there."
)
RENEW_SHEET = N_(
    "The words of the store are the same: {words}. Its number for the sheet in the safe: {number}. If the key stands "
    "on that sheet, print a new one: shelterctl trust --out FILE"
)
RENEW_OVERTAKEN = N_(
    "Another recovery paper came into force since a new one was begun on this computer. The one that was begun here "
    "opens nothing: destroy what was written down of it."
)
RENEW_RUN_AGAIN = N_(
    "See the list with: shelterctl trust. If the paper in force is to be replaced too, run the command again."
)


def ask_renewal(session: Session, named: str | None, *, only_said: bool) -> Outcome:
    """Put a new recovery paper in force, shown to whoever sits here or written into the file that is *named*.

    Where it is *only_said* what would be so, nothing is written. Raises Conflict where another paper overtook one that
    was begun here.
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
    told = () if may_ask(session) else told  # it was shown before it was asked
    said = (*told, (RENEW_IN_FORCE, {}), *([(KEY_IS_IN_FILE, {})] if path else []))
    return _finish_renewal(session, {"keeps": meant.data}, said)


def _ask_whether_to_renew(session: Session, begun: Renewal | None, meant: FilledSentences) -> FilledSentences:
    """The sentences where the person at the terminal, told what it means, does not want it; none where she does.

    A paper that was begun and shown before is given up then, and said to be worth nothing.
    """
    for sentence, facts in (*meant, *(((RENEW_BEGUN_BEFORE, {}),) if begun else ())):
        print_sentence(sentence, facts)
    if confirm(RENEW_SURE):
        return ()
    if begun:
        recovery_paper.forget_renewal(session)
    return ((RENEW_GIVEN_UP if begun else RENEW_NOTHING_CHANGED, {}),)


def _finish_renewal(session: Session, meant: Mapping[str, Any], said: FilledSentences) -> Outcome:
    """Every file sealed for the paper in force, and what is to be done with it; damage costs what was damaged.

    The paper is in force whatever stops that, such as a full disk: then the command is to be given again.
    """
    try:
        done = rekey_answer(recovery_paper.finish_renewal(session))
    except ShelterError as error:
        done = Outcome(said=((RENEW_NOT_ALL_SEALED, {}),), harm=error)
    sheet = trust.safe_sheet_facts(session)
    said = (*said, *done.said, (RENEW_LOOK_AT_LIST, {}), (RENEW_NEXT, {}), (RENEW_SHEET, sheet))
    return answer_shut_out(session, {**meant, "state": "in_force", "sheet": sheet}, said, done)
