"""What is known of the commands before the module of any is imported: what each does in one line, the rows from which
the commands of the registers and of the acts on an entry are made, the schema of the file that --from reads, and how
the module of a command is imported.

A rulebook that is being revised may have registers and acts of its own. Their commands are made from its tracks, and
its words of help are said in the language of the screen, for no catalogue has them. The shipped rulebook has none,
and is not read for that; another one is named by SHELTERCTL_MANUAL.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from inspect import Parameter, Signature
from typing import TYPE_CHECKING, Any, NamedTuple

import typer

from shelterctl.cli.options import Ctx, FromOption
from shelterctl.edition import MANUAL_VARIABLE
from shelterctl.errors import ShelterError
from shelterctl.language import Sentence, current_language, format_sentence, translate
from shelterctl.ui_language import N_

if TYPE_CHECKING:
    from shelterctl.core.manual.track import Track

COMMAND_SUMMARIES = {
    "menu": N_("The menu; at a terminal, shelterctl alone opens it."),
    "init": N_("Make a store and the keys of this device."),
    "facility": N_("The houses of the store: register or change, and list."),
    "ngo": N_("Partner NGOs, their memoranda and contracts: register or change, and list."),
    "staff": N_("Who is staff, by code and role: register or change, say who leaves, and list."),
    "provider": N_("Whoever gives courses and services: register or change, and list."),
    "admit": N_("Take a referral in, keep her checklist, admit her."),
    "add": N_("Write an entry of any track into a client's file."),
    "approve": N_("Approve an entry, such as a plan."),
    "start": N_("Begin what was approved, such as a plan."),
    "authorise": N_("Authorise beforehand that something is told of her."),
    "permit": N_("Permit something beforehand, such as an outing."),
    "close": N_("Close an entry, such as a plan or a finding."),
    "show": N_("Show a client's file, or her entries of one track."),
    "list": N_("List clients by id and state, without names."),
    "find": N_("Find a client by name, also with a typing mistake."),
    "house": N_("Who sleeps here tonight, and the places left."),
    "due": N_("What is due, danger first, then overdue: of all clients or of one."),
    "check": N_("Hold records against the manual, and the store against damage."),
    "backup": N_("Copy the store, still encrypted, and read the copy back."),
    "restore": N_("Put a store back from a backup."),
    "trust": N_("Who may read and write, and why this computer believes it."),
    "device": N_("The computers that may read and write: list them, or shut one out."),
    "rekey": N_("Seal every file anew to just those who may read now."),
    "recovery": N_("The recovery paper: put a new one in the place of a lost one."),
    "repair": N_("Put right what is damaged in a store, with a signed line for each."),
    "passphrase": N_("Change the passphrase of this device's key, or set one."),
    "void": N_("Strike an entry through; it stays in the file."),
    "agreement": N_("Judge, save or sign a financial agreement."),
    "agreements": N_("List financial agreements."),
    "correct": N_("Put right the day on which an agreement was signed."),
    "terminate": N_("Record that a signed agreement was terminated, and who decided it."),
    "form": N_("Print a form of the manual, blank or filled."),
    "paper": N_("Say whether a printed sheet is what the record says now."),
    "discharge": N_("Record that she left, or take it back."),
    "monitor": N_("What is due after discharge, and what was done."),
    "schema": N_("Print the JSON Schemas."),
    "explain": N_("What the manual rules, and what a code means."),
    "help": N_("Read about a topic: admission, agreements, monitoring, backup, privacy."),
    "completion": N_("Let your shell complete commands, options, forms and topics."),
    "demo": N_("The main job, on invented clients."),
}
"""Every command in the order of the work, and what it does."""

HELP_FLAGS = ["-h", "--help"]
"""How help is asked for; every command has it of the one above."""


class EntryActWords(NamedTuple):
    """What is said of one act: what its command does, and an example."""

    help: str
    example: str


ENTRY_ACT_COMMANDS = {
    "approve": EntryActWords("Approve an entry of her file, such as a plan.", "7QF2-M9KD plan --on 2026-11-25"),
    "start": EntryActWords("Begin what was approved, such as a plan; refused without her consent.", "7QF2-M9KD plan"),
    "authorise": EntryActWords("Authorise beforehand that something is told of her.", "7QF2-M9KD disclosure"),
    "permit": EntryActWords("Permit something beforehand, such as an outing.", "7QF2-M9KD absence"),
    "close": EntryActWords(
        "Close an entry of her file, such as a plan or a finding.", "7QF2-M9KD plan --from outcome.yaml"
    ),
}
"""Every act that may be done to an entry; to which of them is said by the tracks."""


class RegisterWords(NamedTuple):
    """What is typed of one register: what add does, whose code it takes, an example, and what is said then.

    Each of the *options*, with placeholder and meaning, is a field of the track, or a group whose first is meant.
    Beside add and list a register may have *more_commands*, each with an example.
    """

    help: str
    code_help: str
    example: str
    saved: Sentence
    unchanged: Sentence
    options: tuple[tuple[str, str, str], ...] = ()
    more_commands: tuple[tuple[str, str], ...] = ()


REGISTER_COMMANDS = {
    "facility": RegisterWords(
        "Register a house, or change what is registered; name and address are asked for, or come from --from.",
        "A code for the house; at a terminal it is proposed from the name.",
        "osh --kind shelter --capacity 8 --ngo sezim",
        N_("The house {facility} is registered, with {capacity} places."),
        N_("The house {facility} was registered just so, with {capacity} places; nothing changed."),
        (
            ("kind", "KIND", "shelter or carc."),
            ("capacity", "N", "How many sleep there at most."),
            ("ngo", "CODE", "The NGO that manages it."),
        ),
    ),
    "ngo": RegisterWords(
        "Register an NGO, or change what is registered; name and address are asked for, or come from --from.",
        "A code for the NGO; at a terminal it is proposed from the name.",
        "sezim --memorandum 2026-01-15 --contract 2026-01-20",
        N_("The NGO {ngo} is registered."),
        N_("The NGO {ngo} was registered just so; nothing changed."),
        (
            ("memorandum", "DATE", "When its memorandum was signed."),
            ("contract", "DATE", "When its contract is dated."),
        ),
    ),
    "staff": RegisterWords(
        "Register a member of staff, or change the role; name and telephone are asked for, or come from --from.",
        "A code for the member of staff; at a terminal it is proposed from the name.",
        "s-gulnara --role social_worker",
        N_("{staff} is registered as {role}."),
        N_("{staff} was registered just so, as {role}; nothing changed."),
        (
            ("role", "ROLE", "manager, social_worker, psychologist …; default: as registered, else social_worker."),
            ("since", "DATE", "From which day; of somebody who left, the day from which that person is back."),
        ),
        (("end", "s-gulnara --on 2026-11-25"),),
    ),
    "provider": RegisterWords(
        "Register a provider, or change it; name, address and telephone are asked for, or come from --from.",
        "A code for the provider; at a terminal it is proposed from the name.",
        "lyceum-12 --from lyceum.yaml",
        N_("The provider {provider} is registered."),
        N_("The provider {provider} was registered just so; nothing changed."),
    ),
}


def register_signature(it: RegisterWords) -> Signature:
    """The words of add as typer reads them off a function: the code, the register's own options, and --from."""
    taken: list[tuple[str, Any, Any]] = [
        ("ctx", Ctx, Parameter.empty),
        ("entry", str | None, typer.Argument(None, metavar="[CODE]", help=it.code_help)),
        *(
            (name, int if of == "N" else str, typer.Option(None, metavar=of, help=means))
            for name, of, means in it.options
        ),
        ("source", FromOption, None),
    ]
    return Signature(
        [Parameter(name, Parameter.KEYWORD_ONLY, annotation=kind, default=none) for name, kind, none in taken]
    )


INPUT_SCHEMAS = {
    "admit": "fragment",
    "add": "track-TRACK",
    "agreement": "agreement-FORM",
    "discharge": "discharge",
    "find": "find",
    "terminate": "termination",
    "repair": "given-up",
    "monitor record": "monitoring-report",
    "monitor attempt": "attempt",
    "monitor close": "closing",
    "monitor schedule": "schedule",
    **dict.fromkeys(ENTRY_ACT_COMMANDS, "track-TRACK"),
    **{f"{name} add": f"{name}-entry" for name in REGISTER_COMMANDS},
}
"""By the command as it is typed; what stands in capitals is typed too, and ends the name."""


def input_schema_name(typed: str) -> str | None:
    """The schema of the file that --from of a command reads, by the command as it is typed; None where it has none.

    A command that a rulebook of one's own has is that of a register, or else of an act.
    """
    if typed in INPUT_SCHEMAS or typed.partition(" ")[0] in COMMAND_SUMMARIES:
        return INPUT_SCHEMAS.get(typed)
    register, _, add = typed.partition(" ")
    return f"{register}-entry" if add == "add" else "track-TRACK"


REGISTER_SUMMARY = N_("{what}: register or change, and list.")
REGISTER_ADD_HELP = N_("Register or change: {what}; what is known is asked for, or comes from --from.")
REGISTER_CODE_HELP = N_("A code; at a terminal it is proposed from the name.")
REGISTER_SAVED = N_("{what}, {code}: it is registered.")
REGISTER_UNCHANGED = N_("{what}, {code}: it was registered just so; nothing changed.")
ENTRY_ACT_SUMMARY = N_("{act}: {tracks}.")
OWN_EXAMPLE = N_("Example: shelterctl {command}")
EXAMPLE_ID, EXAMPLE_CODE = "7QF2-M9KD", "code-1"
"""The id of a client and the code of a register that examples of commands have."""


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
    for name in own_entry_acts():
        yield name, entry_act_words(name).help


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


def register_words(name: str) -> RegisterWords:
    """The words, options and help of the commands of a register."""
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
    """The words and help of the command of an act on entries."""
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


def load_command(name: str) -> Any:
    """The command or group of that name; one module makes those of all registers, and one those of all acts on entries.

    None where there is no such command; BrokenRulebook where that cannot be known.
    """
    known = name in COMMAND_SUMMARIES
    if name == "menu":
        return import_module("shelterctl.menu.main").app
    if name in (REGISTER_COMMANDS if known else own_registers()):
        return import_module("shelterctl.cli.register").make_register_app(name)
    if name in (ENTRY_ACT_COMMANDS if known else own_entry_acts()):
        return import_module("shelterctl.cli.entry_act").make_entry_act_app(name)
    return import_module(f"shelterctl.cli.{name}").app if known else None
