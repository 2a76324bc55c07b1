"""What becomes a command: acts that are done to entries, and registers. Its name is free, and can be typed.

The command of each is made from its track, by `cli.commands`; no list of them is kept elsewhere.
"""

import re
from collections.abc import Collection, Mapping

from shelterctl.core.manual.track import Track
from shelterctl.rulebook.files import RulebookFile, pointer_below
from shelterctl.ui_language import N_

COMMANDS_OF_PROGRAM = frozenset({
    "menu", "init", "admit", "add", "show", "list", "find", "house", "due", "check", "backup", "restore", "trust",
    "device", "rekey", "recovery", "repair", "passphrase", "void", "agreement", "agreements", "correct", "terminate",
    "form", "paper", "discharge", "monitor", "schema", "explain", "help", "completion", "demo",
})  # fmt: skip
"""The commands that are made from no track (a test holds them to `COMMAND_SUMMARIES`)."""

SHEETS_OF_PROGRAM = ("list", "pack", "monitoring-report")
"""What can be printed besides forms, annexes and sheets of tracks (a test holds them to `paper.request`)."""

COMMAND_NAME = re.compile("[a-z][a-z0-9-]{0,31}")

NAME_IS_COMMAND = N_("{name} is a command of the program, or a name that something else here has; choose another one")
ANNEX_NAMED_LIKE_TRACK = N_(
    "{name} is a track too, and form {name} would print only one of the two; call the annex and its file something else"
)
NAME_CANNOT_BE_TYPED = N_("this becomes a command: small Latin letters, digits and hyphens, beginning with a letter")


def check_command_names(
    files: Mapping[str, RulebookFile], tracks: Mapping[str, Track], acts_of_program: Collection[str]
) -> None:
    """Collect in its file where an act of entries or a register has a name of another command, or one not to be typed.

    *acts_of_program* are acts that are done to no entry, and that rules name too.
    """
    registers = {name for name, track in tracks.items() if "directory" in track.home}
    for name, track in tracks.items():
        if name in registers:
            files[name].collect(_check_name, files[name], "/track", name, COMMANDS_OF_PROGRAM)
        for act in track.entry_acts:
            taken = {*COMMANDS_OF_PROGRAM, *acts_of_program, *registers}
            files[name].collect(_check_name, files[name], pointer_below("/acts", act), act, taken)


def check_form_names(
    annexes: Mapping[str, RulebookFile],
    forms: Collection[str],
    files: Mapping[str, RulebookFile],
    tracks: Mapping[str, Track],
) -> None:
    """Collect in its file where an annex or a form has the name of what is printed too, or of a command."""
    registers = {name for name, track in tracks.items() if "directory" in track.home}
    acts = {act for track in tracks.values() for act in track.entry_acts}
    taken = {*COMMANDS_OF_PROGRAM, *SHEETS_OF_PROGRAM, *registers, *acts}
    for name in forms:
        if name in taken and name not in registers:
            files[name].errors.append(files[name].error_at("twice", "/track", NAME_IS_COMMAND, name=name))
    for name, file in annexes.items():
        if name in tracks:
            file.errors.append(file.error_at("twice", "/annex", ANNEX_NAMED_LIKE_TRACK, name=name))
        elif name in taken:
            file.errors.append(file.error_at("twice", "/annex", NAME_IS_COMMAND, name=name))


def _check_name(file: RulebookFile, place: str, name: str, taken: Collection[str]) -> None:
    if not COMMAND_NAME.fullmatch(name):
        raise file.error_at("shape", place, NAME_CANNOT_BE_TYPED)
    if name in taken:
        raise file.error_at("twice", place, NAME_IS_COMMAND, name=name)
