"""Commands that a rulebook has besides those of the shipped one: for each register and each act of entries of its own.

They are made from its tracks. The shipped rulebook has none, and is not read for that; one that is being revised is
named by SHELTERCTL_MANUAL. A word of help is said here in the language of the screen, for no catalogue has it.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from shelterctl.cli.commands import (
    COMMAND_SUMMARIES,
    ENTRY_ACT_COMMANDS,
    REGISTER_COMMANDS,
    EntryActWords,
    RegisterWords,
    load_command,
)
from shelterctl.edition import MANUAL_VARIABLE
from shelterctl.errors import ShelterError
from shelterctl.language import Sentence, current_language, format_sentence, translate
from shelterctl.ui_language import N_

if TYPE_CHECKING:
    from shelterctl.core.manual.track import Track


REGISTER_SUMMARY = N_("{what}: register or change, and list.")
REGISTER_ADD_HELP = N_("Register or change: {what}; what is known is asked for, or comes from --from.")
REGISTER_CODE_HELP = N_("A code; at a terminal it is proposed from the name.")
REGISTER_SAVED = N_("{what}, {code}: it is registered.")
REGISTER_UNCHANGED = N_("{what}, {code}: it was registered just so; nothing changed.")
ENTRY_ACT_SUMMARY = N_("{act}: {tracks}.")
OWN_EXAMPLE = N_("Example: shelterctl {command}")
EXAMPLE_ID, EXAMPLE_CODE = "7QF2-M9KD", "code-1"
"""What stands in an example for a client's id, and for a code of a register."""


def _tracks_on_trial() -> Iterable["Track"]:
    """The tracks of the rulebook that SHELTERCTL_MANUAL names; none of the shipped one."""
    if MANUAL_VARIABLE not in os.environ:
        return ()
    from shelterctl.rulebook.rulebook import open_rulebook  # noqa: PLC0415 - help does without it

    return open_rulebook().tracks.values()


def own_registers() -> dict[str, "Track"]:
    """The registers for which the program has no words of its own, by name."""
    return {
        each.name: each
        for each in _tracks_on_trial()
        if "directory" in each.home and each.name not in REGISTER_COMMANDS
    }


def own_entry_acts() -> dict[str, "list[Track]"]:
    """The acts of entries for which the program has no words of its own, by name, with the tracks that have them."""
    found: dict[str, list[Track]] = {}
    for track in _tracks_on_trial():
        for name in track.entry_acts.keys() - ENTRY_ACT_COMMANDS.keys():
            found.setdefault(name, []).append(track)
    return found


def _own_summaries() -> Iterator[tuple[str, str]]:
    """Each command of one's own, and what it does."""
    from shelterctl.core.manual.track import as_title  # noqa: PLC0415 - help does without it

    for name, track in own_registers().items():
        yield name, _say(REGISTER_SUMMARY, what=as_title(track.text))
    for name, tracks in own_entry_acts().items():
        yield name, _say(ENTRY_ACT_SUMMARY, act=tracks[0].entry_acts[name].text, tracks=[one.text for one in tracks])


def command_summaries() -> Mapping[str, str]:
    """Every command in the order of the work and what it does, said in the language of the screen.

    A rulebook that is broken has no command of its own: which slip it has is said by what opens it.
    """
    known = {name: translate(text, current_language()) for name, text in COMMAND_SUMMARIES.items()}
    try:
        return {**known, **dict(_own_summaries())}
    except ShelterError:
        return known


def is_command(name: str) -> bool:
    """Whether a command is called so; a rulebook of one's own is read where the program has none."""
    return name in COMMAND_SUMMARIES or name in command_summaries()


def load_any_command(name: str) -> Any:
    """What takes in the words of a command; None where there is none, BrokenRulebook where that cannot be known."""
    if name in COMMAND_SUMMARIES:
        return load_command(name)
    if name in own_registers():
        return import_module("shelterctl.cli.register").make_register_app(name)
    return import_module("shelterctl.cli.entry_act").make_entry_act_app(name) if name in own_entry_acts() else None


def register_words(name: str) -> RegisterWords:
    """What is typed of a register and said of it."""
    if name in REGISTER_COMMANDS:
        return REGISTER_COMMANDS[name]
    what = own_registers()[name].text
    return RegisterWords(
        _say(REGISTER_ADD_HELP, what=what),
        _say(REGISTER_CODE_HELP),
        f"{EXAMPLE_CODE} --from {name}.yaml",
        REGISTER_SAVED,
        REGISTER_UNCHANGED,
    )


def entry_act_words(name: str) -> EntryActWords:
    """What is said of an act."""
    if name in ENTRY_ACT_COMMANDS:
        return ENTRY_ACT_COMMANDS[name]
    tracks = own_entry_acts()[name]
    said = _say(ENTRY_ACT_SUMMARY, act=tracks[0].entry_acts[name].text, tracks=[one.text for one in tracks])
    return EntryActWords(said, f"{EXAMPLE_ID} {tracks[0].name}")


def example_line(command: str) -> str:
    """The example below the help of a command as it is typed; of one that no catalogue has, in words of the screen."""
    known = command.partition(" ")[0] in COMMAND_SUMMARIES
    return f"Example: shelterctl {command}" if known else _say(OWN_EXAMPLE, command=command)


def _say(sentence: Sentence, **facts: object) -> str:
    return format_sentence(sentence, facts, current_language())
