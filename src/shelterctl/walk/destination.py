"""Into which file papers go: a new one, in a folder outside the store, under a name that tells nobody who she is."""

import os
from itertools import count
from pathlib import Path

from shelterctl import ask, machine, screen
from shelterctl.act.target import MEDIA, Target, unsafe
from shelterctl.core.question import Question
from shelterctl.core.record import Client
from shelterctl.desk import Desk
from shelterctl.language import N_, Sentence

WHERE = N_("Into which file?")
HINT = N_("What the file is to be called, without anyone's name, or a folder. It becomes a PDF; .html, .md, .txt too.")
HOME = N_("~ is your own folder on this computer.")
THERE = N_("There is a file of this name already, and it stays as it is. Another name is free.")
NO_FOLDER = N_("There is no such folder. Make it first, or choose another.")
CLOSED = N_("This computer does not let you write into that folder. Choose another.")
NO_NAME = N_("This computer takes no such name. Choose another.")


def where(here: Desk, stem: str, her: Client | None) -> Target | None:
    """Where to, asked until it can be; None where nothing is to be written. *stem* is the name that is offered."""
    offer = free(here.papers / f"{stem}.pdf")
    while True:
        offered = machine.spelt(offer)
        hints = [HINT, HOME] if offered.startswith("~") else [HINT]
        asked = Question("file", WHERE, "text", hint=" ".join(map(screen.said, hints)))
        answer = ask.question(asked, here.clock, offer=offered)
        if isinstance(answer.value, ask.Move):
            return None
        try:
            path = _meant(here, answer.value, f"{stem}.pdf")
            wrong = _wrong(here, path, her)
        except (OSError, RuntimeError, ValueError):  # too long, or a home that nobody has
            path, wrong = offer, NO_NAME
        if wrong is None:
            return Target(str(path), path.suffix.lstrip(".").lower(), overwrite=False)
        screen.tell(wrong, indent="  ! ")
        offer = free(path) if wrong == THERE else offer


def free(path: Path) -> Path:
    """The path itself, or with the first number behind its name that no file has yet."""
    numbered = (path.with_stem(f"{path.stem}-{number}") for number in count(2))
    return path if not os.path.lexists(path) else next(each for each in numbered if not os.path.lexists(each))


def _meant(here: Desk, typed: str, name: str) -> Path:
    """The file that is meant: in a folder that is typed alone under the name that was offered, else a PDF."""
    path = here.papers / Path(typed.strip("\"'")).expanduser()
    if path.is_dir():
        return free(path / name)
    return path if path.suffix.lstrip(".").lower() in MEDIA else path.with_name(f"{path.name}.pdf")


def _wrong(here: Desk, path: Path, her: Client | None) -> Sentence | None:
    """Why it cannot go there."""
    if wrong := unsafe(path, here.identity_file, her.facts if her else None):
        return wrong
    if not path.parent.is_dir():
        return NO_FOLDER
    if os.path.lexists(path):
        return THERE
    return None if machine.can_be_made(path) else CLOSED
