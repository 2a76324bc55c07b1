"""The table of commands, which is read before the module of any command is imported: a summary of each, the words from
which the commands of registers and of acts on an entry are made, the schema of the file that --from reads, and how
the module of a command is imported.

A rulebook that is being revised may have registers and acts of its own. Their commands are made from its tracks, and
their help is in the language of the screen already, since no catalogue has it. The shipped rulebook has none and is not
read for that; SHELTERCTL_MANUAL names another one.
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
    "menu": N_("Open the menu; at a terminal, shelterctl alone does it too."),
    "init": N_("Create a store and the keys of this device."),
    "facility": N_("Register, change and list the houses of the store."),
    "ngo": N_("Register, change and list partner NGOs, their memoranda and contracts."),
    "staff": N_("Register, change and list staff by code and role, and record who leaves."),
    "provider": N_("Register, change and list providers of courses and services."),
    "iom-contact": N_("Register, change and list contacts at {issuer}: coordinators, project assistants."),
    "admit": N_("Take in a referral, keep the checklist of admission, admit a client."),
    "add": N_("Write an entry of any kind into a client's file."),
    "approve": N_("Approve an entry, such as a plan."),
    "start": N_("Begin an approved entry, such as a plan."),
    "authorise": N_("Authorise in advance that something about a client is disclosed."),
    "permit": N_("Permit something in advance, such as an outing."),
    "close": N_("Close an entry, such as a plan or a finding."),
    "confirm": N_("Confirm that you have read something, such as the handover of a shift."),
    "show": N_("Show a client's file, or her entries of one track."),
    "list": N_("List clients by id and state, without names."),
    "find": N_("Find a client by name, even with a typing mistake."),
    "today": N_("Show what a shift needs to know: dangers, who is here, medicines, what is due, the handover."),
    "house": N_("Show who sleeps here tonight, and the places left."),
    "report": N_("Count a report of a month, print it, close it."),
    "publish": N_("Publish tables for people outside, each period once, with small numbers hidden."),
    "export": N_("Write tables for other programs: csv, xlsx, Parquet, with their description."),
    "query": N_("Ask the tables of export a question in SQL; nothing is written."),
    "hub": N_("Keep exports of many houses in one dataset; find with another house, blindly, whom both know."),
    "import": N_("Take in cases from before the program, from a sheet."),
    "due": N_("List what is due, danger first, then overdue, for all clients or one."),
    "check": N_("Check records against the manual, and the store for damage."),
    "backup": N_("Copy the store, still encrypted, and check the copy."),
    "restore": N_("Restore a store from a backup."),
    "trust": N_("Show who may read and write in the store; accept a change, or join."),
    "device": N_("List the computers and keys that may read and write, or shut one out."),
    "roles": N_("Show what each role reads, records and does; give and take roles."),
    "who-can-read": N_("Say who can read a client's file, or a part of it."),
    "rekey": N_("Encrypt every file again, for those who may read now."),
    "recovery": N_("Replace a lost recovery paper."),
    "repair": N_("Repair what is damaged in a store; each repair is signed."),
    "passphrase": N_("Change the passphrase of this device's key, or set one."),
    "void": N_("Strike through a wrong entry; it stays in the file."),
    "agreement": N_("Check, save, sign or print a financial agreement."),
    "agreements": N_("List financial agreements."),
    "correct": N_("Correct the day on which an agreement was signed."),
    "terminate": N_("Record that a signed agreement was terminated, and who decided it."),
    "form": N_("Print a form of the manual, blank or filled in."),
    "paper": N_("Say whether a printed sheet still matches the record."),
    "discharge": N_("Record that a client left, or take it back."),
    "monitor": N_("List and record the monitoring after discharge."),
    "schema": N_("Print the JSON Schemas."),
    "explain": N_("Explain what the manual rules, or what a code means."),
    "coverage": N_("Count which rows of the manual the program does, and say what is missing."),
    "rules": N_("List the rules in force on a day, and what a changed rulebook would change."),
    "help": N_("Read about a topic: admission, agreements, monitoring, backup, privacy."),
    "completion": N_("Let your shell complete commands, options, forms and topics."),
    "demo": N_("Show the main work, on invented clients."),
}
"""Every command with its summary, in the order of the work."""

MODULES_OF_COMMANDS = {"import": "import_cases"}
"""The modules of commands whose name no module can have."""

HELP_FLAGS = ["-h", "--help"]
"""The options that show the help of any command."""


class EntryActWords(NamedTuple):
    """The words of one act on an entry: the help of its command, and an example."""

    help: str
    example: str


ENTRY_ACT_COMMANDS = {
    "approve": EntryActWords("Approve an entry of her file, such as a plan.", "7QF2-M9KD plan --on 2026-11-25"),
    "start": EntryActWords("Begin an approved entry, such as a plan; her consent must be recorded.", "7QF2-M9KD plan"),
    "authorise": EntryActWords(
        "Authorise in advance that something about a client is disclosed.", "7QF2-M9KD disclosure"
    ),
    "permit": EntryActWords("Permit something in advance, such as an outing.", "7QF2-M9KD absence"),
    "close": EntryActWords(
        "Close an entry of her file, such as a plan or a finding.", "7QF2-M9KD plan --from outcome.yaml"
    ),
    "confirm": EntryActWords(
        "Confirm that you have read something, such as the handover of a shift.", "bishkek occasion"
    ),
}
"""Every act on an entry; the tracks say which of them have it."""


class RegisterWords(NamedTuple):
    """The words of one register: the help of add, its code, an example, and the sentences after saving.

    Each of the *options*, with placeholder and meaning, is a field of the track, or a group whose first field is meant.
    *more_commands* are those beside add and list, each with an example.
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
        "Register or change a house; its name and address are asked for, or read with --from.",
        "A short code for the house; at a terminal one is suggested from the name.",
        "osh --kind shelter --capacity 8 --ngo sezim",
        N_("The house {facility} is registered, with {capacity} places."),
        N_("The house {facility} is already registered with {capacity} places; nothing changed."),
        (
            ("kind", "KIND", "The kind of house, such as shelter."),
            ("capacity", "N", "How many places it has."),
            ("ngo", "CODE", "The NGO that manages it."),
            ("manager", "CODE", "The member of staff who manages it."),
            ("coordinator", "CODE", "The contact at {issuer} who is the NGO Coordinator for it."),
            ("registers_since", "DATE", "The day from which its registers are kept here."),
        ),
    ),
    "ngo": RegisterWords(
        "Register or change an NGO; its name and address are asked for, or read with --from.",
        "A short code for the NGO; at a terminal one is suggested from the name.",
        "sezim --memorandum 2026-01-15 --contract 2026-01-20",
        N_("The NGO {ngo} is registered."),
        N_("The NGO {ngo} is already registered like this; nothing changed."),
        (
            ("memorandum", "DATE", "The day its memorandum was signed."),
            ("contract", "DATE", "The date of its contract."),
        ),
    ),
    "staff": RegisterWords(
        "Register or change a member of staff; name and telephone are asked for, or read with --from.",
        "A short code for the member of staff; at a terminal one is suggested from the name.",
        "s-gulnara --role social_worker",
        N_("{staff} is registered as {role}."),
        N_("{staff} is already registered as {role}; nothing changed."),
        (
            (
                "role",
                "ROLE",
                "The role: manager, social_worker, psychologist …; default: as registered, else social_worker.",
            ),
            ("role_since", "DATE", "The first day in a new role; default: today."),
            ("since", "DATE", "The first day of work; for somebody who left, the day of the return."),
            ("supervisor", "CODE", "The immediate supervisor: a member of staff or a contact at {issuer}."),
        ),
        (("end", "s-gulnara --on 2026-11-25"), ("key", "s-gulnara")),
    ),
    "provider": RegisterWords(
        "Register or change a provider; name, address and telephone are asked for, or read with --from.",
        "A short code for the provider; at a terminal one is suggested from the name.",
        "lyceum-12 --from lyceum.yaml",
        N_("The provider {provider} is registered."),
        N_("The provider {provider} is already registered like this; nothing changed."),
    ),
    "iom-contact": RegisterWords(
        "Register or change a contact at {issuer}; name, roles and telephone are asked for, or read with --from.",
        "A short code for the contact; at a terminal one is suggested from the name.",
        "iom-coordinator --since 2026-11-25",
        N_("The contact at {issuer} {code} is registered."),
        N_("The contact at {issuer} {code} is already registered like this; nothing changed."),
        (
            ("since", "DATE", "The first day in this role."),
            ("until", "DATE", "The last day in this role."),
        ),
    ),
}


def register_signature(it: RegisterWords) -> Signature:
    """Return the signature of add that typer reads: the code, the register's own options, and --from."""
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
    "report": "report-words",
    "monitor record": "monitoring-report",
    "monitor attempt": "attempt",
    "monitor close": "closing",
    "monitor schedule": "schedule",
    **dict.fromkeys(ENTRY_ACT_COMMANDS, "track-TRACK"),
    **{f"{name} add": f"{name}-entry" for name in REGISTER_COMMANDS},
}
"""The schema of --from by command; a word in capitals means the word typed at that place, and ends the name."""


def input_schema_name(typed: str) -> str | None:
    """Return the schema of the file that --from of a command reads; None if it has none. *typed* is the command as
    typed.

    A command that only a revised rulebook has belongs to a register or to an act.
    """
    if typed in INPUT_SCHEMAS or typed.partition(" ")[0] in COMMAND_SUMMARIES:
        return INPUT_SCHEMAS.get(typed)
    register, _, add = typed.partition(" ")
    return f"{register}-entry" if add == "add" else "track-TRACK"


REGISTER_SUMMARY = N_("{what}: register, change and list.")
REGISTER_ADD_HELP = N_("Register or change: {what}; the fields are asked for, or read with --from.")
REGISTER_CODE_HELP = N_("A short code; at a terminal one is suggested from the name.")
REGISTER_SAVED = N_("{what}, {code}: registered.")
REGISTER_UNCHANGED = N_("{what}, {code}: already registered like this; nothing changed.")
ENTRY_ACT_SUMMARY = N_("{act}: {tracks}.")
OWN_EXAMPLE = N_("Example: shelterctl {command}")
EXAMPLE_ID, EXAMPLE_CODE = "7QF2-M9KD", "code-1"
"""The client's id and the code of a register in examples of commands."""


def _tracks_on_trial() -> Iterable["Track"]:
    """Return the tracks of the rulebook that SHELTERCTL_MANUAL names; none for the shipped one."""
    if MANUAL_VARIABLE not in os.environ:
        return ()
    from shelterctl.rulebook.rulebook import open_rulebook  # noqa: PLC0415 - help does without it

    return open_rulebook().tracks.values()


def own_registers() -> dict[str, "Track"]:
    """Return the registers for which the program has no words of its own, by name."""
    return {each.name: each for each in _tracks_on_trial() if each.is_coded and each.name not in REGISTER_COMMANDS}


def missing_registers() -> frozenset[str]:
    """Return the registers for which the program has words, and that the rulebook on trial lacks."""
    tracks = {track.name for track in _tracks_on_trial()}
    return frozenset(REGISTER_COMMANDS.keys() - tracks if tracks else ())


def own_entry_acts() -> dict[str, "list[Track]"]:
    """Return the acts on entries for which the program has no words of its own, by name, with their tracks."""
    found: dict[str, list[Track]] = {}
    for track in _tracks_on_trial():
        for name in track.entry_acts.keys() - ENTRY_ACT_COMMANDS.keys():
            found.setdefault(name, []).append(track)
    return found


def _own_summaries() -> Iterator[tuple[str, str]]:
    """Yield each command that only a revised rulebook has, with its summary."""
    from shelterctl.core.manual.track import as_title  # noqa: PLC0415 - help does without it

    for name, track in own_registers().items():
        yield name, _say(REGISTER_SUMMARY, what=as_title(track.text))
    for name in own_entry_acts():
        yield name, entry_act_words(name).help


def command_summaries() -> Mapping[str, str]:
    """Return every command with its summary, in the order of the work and the language of the screen.

    A broken rulebook adds no command; its error is reported when it is opened.
    """
    known = {name: translate(text, current_language()) for name, text in COMMAND_SUMMARIES.items()}
    try:
        return {**known, **dict(_own_summaries())}
    except ShelterError:
        return known


def is_command(name: str) -> bool:
    """Whether there is a command of that name; a revised rulebook is read only if the program has none."""
    return name in COMMAND_SUMMARIES or name in command_summaries()


def register_words(name: str) -> RegisterWords:
    """Return the words, options and help of the commands of a register."""
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
    """Return the words and help of the command of an act on entries."""
    if name in ENTRY_ACT_COMMANDS:
        return ENTRY_ACT_COMMANDS[name]
    tracks = own_entry_acts()[name]
    said = _say(ENTRY_ACT_SUMMARY, act=tracks[0].entry_acts[name].text, tracks=[one.text for one in tracks])
    return EntryActWords(said, f"{EXAMPLE_ID} {tracks[0].name}")


def example_line(command: str) -> str:
    """Return the example below the help of a command; in the screen's language if no catalogue has it."""
    known = command.partition(" ")[0] in COMMAND_SUMMARIES
    return f"Example: shelterctl {command}" if known else _say(OWN_EXAMPLE, command=command)


def _say(sentence: Sentence, **facts: object) -> str:
    return format_sentence(sentence, facts, current_language())


def load_command(name: str) -> Any:
    """Return the command or group of that name; None if there is none. Raises BrokenRulebook if that cannot be known.

    One module makes the commands of all registers, and one those of all acts on entries.
    """
    known = name in COMMAND_SUMMARIES
    if name == "menu":
        return import_module("shelterctl.menu.main").app
    if name in (REGISTER_COMMANDS if known else own_registers()):
        return import_module("shelterctl.cli.register").make_register_app(name)
    if name in (ENTRY_ACT_COMMANDS if known else own_entry_acts()):
        return import_module("shelterctl.cli.entry_act").make_entry_act_app(name)
    module = MODULES_OF_COMMANDS.get(name, name.replace("-", "_"))
    return import_module(f"shelterctl.cli.{module}").app if known else None
