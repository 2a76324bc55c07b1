"""Checks of names that become commands: acts on entries, and registers. A name must be free and easy to type.

`cli.commands` makes each command from its track; there is no other list of them.
"""

import re
from collections.abc import Collection, Mapping

from shelterctl.core.manual.track import Track
from shelterctl.rulebook.files import RulebookFile, pointer_below
from shelterctl.ui_language import N_

COMMANDS_OF_PROGRAM = frozenset({
    "menu", "init", "admit", "add", "show", "list", "find", "house", "due", "check", "backup", "restore", "trust",
    "device", "rekey", "recovery", "repair", "passphrase", "void", "agreement", "agreements", "correct", "terminate",
    "form", "paper", "discharge", "monitor", "schema", "explain", "help", "completion", "demo", "roles", "who-can-read",
    "report", "today", "coverage", "rules",
})  # fmt: skip
"""Commands that are not made from a track (a test compares them with `COMMAND_SUMMARIES`)."""

SHEETS_OF_PROGRAM = ("list", "pack", "monitoring-report")
"""Papers that can be printed besides forms, annexes and sheets of tracks (a test compares them with `paper.request`).
"""

COMMAND_NAME = re.compile("[a-z][a-z0-9-]{0,31}")

NAME_IS_COMMAND = N_("{name} is already the name of a command, or of something else here; choose another one")
ANNEX_NAMED_LIKE_TRACK = N_(
    "{name} is also a track, so form {name} could print only one of the two; rename the annex and its file"
)
NAME_CANNOT_BE_TYPED = N_(
    "this becomes a command; use small Latin letters, digits and hyphens, beginning with a letter"
)


def check_command_names(
    files: Mapping[str, RulebookFile], tracks: Mapping[str, Track], acts_of_program: Collection[str]
) -> None:
    """Collect an error for each act on entries and each register whose name is taken, or cannot be typed.

    *acts_of_program* are acts on no entry; rules name them too.
    """
    registers = {name for name, track in tracks.items() if track.is_coded}
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
    """Collect an error for each annex or form whose name is that of a command, or of something else that is printed."""
    registers = {name for name, track in tracks.items() if track.is_coded}
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


def check_paper_names(files: Mapping[str, RulebookFile], tracks: Mapping[str, Track], annexes: Collection[str]) -> None:
    """Collect an error for each further paper whose name is that of something else that is printed, or a command."""
    taken = {*COMMANDS_OF_PROGRAM, *SHEETS_OF_PROGRAM, *annexes, *tracks}
    for name, track in tracks.items():
        for paper in track.papers:
            files[name].collect(_check_name, files[name], pointer_below("/papers", paper), paper, taken)
            taken.add(paper)


def _check_name(file: RulebookFile, place: str, name: str, taken: Collection[str]) -> None:
    if not COMMAND_NAME.fullmatch(name):
        raise file.error_at("shape", place, NAME_CANNOT_BE_TYPED)
    if name in taken:
        raise file.error_at("twice", place, NAME_IS_COMMAND, name=name)
