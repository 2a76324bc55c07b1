"""The question into which file papers go: a new file outside the store, whose name does not identify the client."""

import os
from pathlib import Path

from shelterctl.act.output_path import SHEET_MEDIA, OutputTarget, unsafe_path_reason
from shelterctl.core.record.client import Client
from shelterctl.language import Sentence
from shelterctl.platform.writing import can_create_file, format_path, free_path
from shelterctl.session import Session
from shelterctl.terminal.questions import Move, ask_question
from shelterctl.terminal.screen import print_sentence, sentence_text
from shelterctl.typed.question import Question
from shelterctl.ui_language import N_

INTO_WHICH_FILE = N_("Into which file?")
INTO_FILE_HINT = N_(
    "Type a name for the file, without any person's name, or a folder. It becomes a PDF; .html, .md and .txt "
    "are possible too."
)
INTO_FILE_HOME = N_("~ is your own folder on this computer.")
INTO_FILE_EXISTS = N_("A file with this name exists already and is not changed. Take the name offered now, or another.")
INTO_FOLDER_MISSING = N_("That folder does not exist. Make it first, or choose another.")
INTO_FOLDER_CLOSED = N_("You cannot write into that folder on this computer. Choose another.")
INTO_FILE_NAME_REFUSED = N_("This computer does not allow that name. Choose another.")


def ask_output_path(session: Session, stem: str, her: Client | None) -> OutputTarget | None:
    """Return where to write, asked until it is possible; None if nothing is to be written.

    *stem* is the offered name without its ending.
    """
    offer = free_path(session.papers_folder / f"{stem}.pdf")
    while True:
        offered = format_path(offer)
        hints = [INTO_FILE_HINT, INTO_FILE_HOME] if offered.startswith("~") else [INTO_FILE_HINT]
        asked = Question("file", INTO_WHICH_FILE, "text", hint=" ".join(map(sentence_text, hints)))
        answer = ask_question(asked, session.clock, default=offered)
        if isinstance(answer.value, Move):
            return None
        try:
            path = _path_as_typed(session, answer.value, f"{stem}.pdf")
            wrong = _path_refusal(session, path, her)
        except (OSError, RuntimeError, ValueError):  # a path that is too long, or an unknown home folder
            path, wrong = offer, INTO_FILE_NAME_REFUSED
        if wrong is None:
            return OutputTarget(str(path), path.suffix.lstrip(".").lower(), overwrite=False)
        print_sentence(wrong, indent="  ! ")
        offer = free_path(path) if wrong == INTO_FILE_EXISTS else offer


def _path_as_typed(session: Session, typed: str, name: str) -> Path:
    """Return the file for what was typed: in a folder, under the offered *name*; without a known ending, a PDF."""
    path = session.papers_folder / Path(typed.strip("\"'")).expanduser()
    if path.is_dir():
        return free_path(path / name)
    return path if path.suffix.lstrip(".").lower() in SHEET_MEDIA else path.with_name(f"{path.name}.pdf")


def _path_refusal(session: Session, path: Path, her: Client | None) -> Sentence | None:
    """Return why the file cannot be written there, or None."""
    if wrong := unsafe_path_reason(path, session.identity_file, her.facts if her else None):
        return wrong
    if not path.parent.is_dir():
        return INTO_FOLDER_MISSING
    if os.path.lexists(path):
        return INTO_FILE_EXISTS
    return None if can_create_file(path) else INTO_FOLDER_CLOSED
