"""shelterctl init: creates a store, the key of this device and the recovery key."""

import os
import shlex
from datetime import datetime, time, timedelta, timezone
from pathlib import Path
from typing import Annotated, Any

import typer

from shelterctl.act.register import first_house_kind, judge_capacity
from shelterctl.cli.options import OPTION_MISSING, Ctx, begin_command
from shelterctl.core.finding import FilledSentences, Outcome, has_refusal
from shelterctl.custody import init
from shelterctl.custody.device_notes import remember_first_store
from shelterctl.custody.recovery_paper import KEY_IS_IN_FILE, KEY_SHOWN_AT_TERMINAL_ONLY, paper_path
from shelterctl.errors import UsageError
from shelterctl.language import LabelledCode
from shelterctl.prompts.recovery import hand_over_paper
from shelterctl.prompts.trust import find_or_ask_key
from shelterctl.rulebook.rulebook import rulebook_name
from shelterctl.session import Session, may_ask, read_new_code_option
from shelterctl.store.folder import FOUNDING_FILE, is_store_folder
from shelterctl.terminal.questions import ask_line
from shelterctl.terminal.screen import print_sentence
from shelterctl.typed import readers
from shelterctl.typed.words import Clock, Mistyped
from shelterctl.ui_language import N_

HOUSE_CODE_QUESTION = N_(
    "Which house is the store for? Type a short code of small Latin letters, such as bishkek or osh."
)
STORE_EXISTS = N_("This folder already has a store; nothing was changed.")
FOLDER_INSIDE_STORE = N_(
    "This folder is inside a store; nothing was created. A store inside another would have its own recovery "
    "key, and neither would know of the other. Work in the existing store, or name a folder outside it."
)
STORE_MADE = N_("The store is created for the house {facility}, with {capacity} places.")
DEVICE_KEY_IS_NEW = N_("This device has a new key. Keep its file: without it only the recovery key opens the store.")
DEVICE_KEY_WAS_THERE = N_("This device keeps the key that it had.")
RECOVERY_KEY_SHOWN = N_(
    "The recovery key was shown and will not be shown again. It opens everything if this device is lost: "
    "keep the paper outside the house, in the safe at {issuer}. To test what was written down: shelterctl check "
    "--recovery FILE."
)
SHEET_WORDS_TO_WRITE = N_(
    "The words of this store: {words}. Write them on the paper with the key, and on a second sheet for the "
    "safe of the house; on that sheet also write the number {number} and the day. 'shelterctl backup' gives "
    "the next number."
)
INIT_GOES_ON_LATER = N_(
    "The store is not created yet. Run the same command again: it continues from here and shows the same paper."
)
GO_INTO_FOLDER = N_("Next: go into the folder with: {command}")
NEXT_REGISTER_NGO = N_("Next: register your NGO with: shelterctl ngo add CODE, then admit.")
THERE_REGISTER_NGO = N_("There register your NGO with: shelterctl ngo add CODE, then admit.")

KEY_FILE_NAMED_ONCE = N_(
    "The key is in the file that you named, where other commands do not look. Set SHELTERCTL_IDENTITY to "
    "{file}, or add --identity with it to every command."
)

UTC_OFFSET = "+06:00"

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl init house --shelter bishkek --capacity 8")
def make_store(
    ctx: Ctx,
    folder: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="The folder of the store; default: the current one.")
    ] = Path(),
    shelter: Annotated[
        str | None,
        typer.Option("--shelter", metavar="CODE", help="A short code for the house; asked for at a terminal."),
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option(metavar="KIND", help="The kind of house, such as shelter; default: the manual's first."),
    ] = None,
    capacity: Annotated[int | None, typer.Option(metavar="N", help="How many places it has.")] = None,
    no_passphrase: Annotated[
        bool, typer.Option("--no-passphrase", help="Leave the key without a passphrase, for scripts.")
    ] = False,
    recovery: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="Write the recovery key into FILE; needed if there is no terminal to show it."
        ),
    ] = None,
) -> Outcome:
    """Create a store and the keys of this device.

    At a terminal it asks for the house and shows the recovery key; otherwise it needs --shelter and --recovery.
    """
    # Gather.
    session = begin_command(ctx)
    staff = read_new_code_option(session.options.staff or "manager", "--staff")
    unfinished = os.path.lexists(folder / FOUNDING_FILE)
    if is_store_folder(folder) and not unfinished:
        raise UsageError("init/exists", STORE_EXISTS)
    if any(is_store_folder(above) for above in folder.resolve().parents):
        raise UsageError("init/inside", FOLDER_INSIDE_STORE)
    paper = paper_path(recovery, folder, begun=unfinished)
    if not paper and not may_ask(session):
        raise UsageError("usage/missing", KEY_SHOWN_AT_TERMINAL_ONLY)
    facility = read_new_code_option(_ask_house_code(session) if shelter is None else shelter, "--shelter")

    # Decide.
    kind = kind or first_house_kind(session.rulebook)
    places, findings = judge_capacity(session.rulebook, kind, capacity, session.computer_day)
    if has_refusal(findings):
        return Outcome(findings=findings)

    # Act.
    key, fresh = find_or_ask_key(session, no_passphrase)
    if session.in_menu:  # the menu continues with this key
        session.unlocked = key
    at = datetime.now(timezone(timedelta(hours=int(UTC_OFFSET[1:3])))).isoformat(timespec="minutes")
    begun = init.begin_founding(folder, key, staff, at)
    hand_over_paper(session, begun.paper, paper, INIT_GOES_ON_LATER)
    house, day = {"kind": kind, "capacity": places}, session.computer_day.isoformat()
    files = init.make_first_files(
        begun.chain.store,
        house,
        facility,
        staff,
        day,
        UTC_OFFSET,
        rulebook_name(session.rulebook),
        # The menu asks for the role, and records it next.
        is_managed=not session.in_menu and init.HOUSE_MANAGER_FIELD in session.rulebook.tracks["facility"].fields,
        languages=[code for code, one in session.rulebook.languages.items() if not one.get("original")],
    )
    number = init.finish_founding(folder, session.memory_folder, key, begun, files, by=staff, at=at)
    remember_first_store(session.memory_folder, folder)
    data: dict[str, Any] = {
        "facility": facility,
        "kind": LabelledCode(kind, session.rulebook.house_kinds[kind].text),
        "capacity": places,
        "device": key.device,
        "identity": str(session.identity_file),
        "sheet": {"store": begun.chain.store, "words": begun.paper.words, "number": number},
    }
    said: FilledSentences = (
        (STORE_MADE, {"facility": facility, "capacity": places}),
        (DEVICE_KEY_IS_NEW if fresh else DEVICE_KEY_WAS_THERE, {}),
        (KEY_IS_IN_FILE if paper else RECOVERY_KEY_SHOWN, {}),
        (SHEET_WORDS_TO_WRITE, {"words": begun.paper.words, "number": number}),
        *_next_steps(folder),
        *_key_place_notice(session),
    )
    return Outcome(data=data, findings=findings, said=said)


def _next_steps(folder: Path) -> FilledSentences:
    """Return the next steps, first the way into the folder as it was typed, if it is not the current one."""
    if folder.resolve() == Path.cwd():
        return ((NEXT_REGISTER_NGO, {}),)
    return ((GO_INTO_FOLDER, {"command": f"cd {shlex.quote(str(folder))}"}), (THERE_REGISTER_NGO, {}))


def _key_place_notice(session: Session) -> FilledSentences:
    """Return a notice where the key is, if only this command was told so and the next would look elsewhere."""
    if "identity" not in session.options.typed and (
        not session.options.identity or session.identity_file.is_absolute()
    ):
        return ()
    return ((KEY_FILE_NAMED_ONCE, {"file": str(session.identity_file.absolute())}),)


def _ask_house_code(session: Session) -> str:
    """Ask for the code of the house. Raises UsageError without a terminal."""
    if not may_ask(session):
        raise UsageError("usage/missing", OPTION_MISSING, option="--shelter", see="shelterctl init")
    print_sentence(HOUSE_CODE_QUESTION, bold=True)
    while isinstance(read := readers.read_typed_code(ask_line(), Clock(session.computer_day, time())), Mistyped):
        print_sentence(read.sentence, read.facts, indent="  ! ")
    return read
