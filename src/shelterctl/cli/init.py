"""shelterctl init: a store, the key of this device and the recovery key."""

import os
import shlex
from datetime import datetime, time, timedelta, timezone
from pathlib import Path
from typing import Annotated, Any

import typer

from shelterctl import ask, screen, store
from shelterctl.act import founding
from shelterctl.act.capacity import capacity_of
from shelterctl.act.computer import key_of
from shelterctl.act.paper import IN_FILE, ON_PAPER, place_for
from shelterctl.act.reminder import remember_first
from shelterctl.cli.options import LACKING, Ctx, desk
from shelterctl.core import notation
from shelterctl.core.finding import Outcome, Said, refused
from shelterctl.desk import STAYS, UNLOCKED, Desk, code, walked
from shelterctl.errors import Usage
from shelterctl.language import N_, Coded
from shelterctl.library import shelf_name
from shelterctl.walk.reveal import hand_over

WHICH_CODE = N_("Which house is the store for? A short code of small Latin letters, such as bishkek or osh.")
EXISTS = N_("There is a store in this folder already; nothing was changed.")
INSIDE = N_(
    "This folder lies within a store. A store inside another would have a recovery key of its own, and neither would "
    "know of the other; nothing was made. Work in the store that is there, or name a folder outside it."
)
MADE = N_("The store is made, for the house {facility} with {capacity} places.")
NEW_KEY = N_("The key of this device is new. Keep its file: without it only the recovery key opens the store.")
OLD_KEY = N_("The key that this device had is used.")
RECOVERY_SEEN = N_(
    "The recovery key was shown, and is not shown again. It opens everything if this device is lost: keep the paper "
    "outside the house, in the safe at IOM. Whether it was written down rightly: shelterctl check --recovery FILE."
)
SHEET = N_(
    "The words of this store: {words}. They belong on the paper with the key, and on a second sheet for the safe of "
    "the house; there write the number {number} below them, with the day. 'shelterctl backup' says the next number."
)
LATER = N_("There is no store yet. The same command goes on here, and shows the same paper.")
GO_IN = N_("Next: go into the folder with: {command}")
NEXT = N_("Next: register your NGO with: shelterctl ngo add CODE, then admit.")
THEN = N_("There register your NGO with: shelterctl ngo add CODE, then admit.")

TELL = N_(
    "The key lies where you named it, and is not looked for there by itself: set SHELTERCTL_IDENTITY to {file}, or add "
    "--identity with it to every command."
)

OFFSET = "+06:00"

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl init house --shelter bishkek --capacity 8")
def init(
    ctx: Ctx,
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where; default: here.")] = Path(),
    shelter: Annotated[
        str | None, typer.Option("--shelter", metavar="CODE", help="A code for the house; asked for at a terminal.")
    ] = None,
    kind: Annotated[str, typer.Option(metavar="KIND", help="shelter or carc.")] = "shelter",
    capacity: Annotated[int | None, typer.Option(metavar="N", help="How many sleep there at most.")] = None,
    no_passphrase: Annotated[
        bool, typer.Option("--no-passphrase", help="Leave the key unprotected, for scripts.")
    ] = False,
    recovery: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="Write the recovery key here; needed where nobody sits at a terminal to see it."
        ),
    ] = None,
) -> Outcome:
    """Make a store and the keys of this device."""
    # Gather.
    here = desk(ctx)
    staff = code(here.option("staff") or "manager", "--staff")
    unfinished = os.path.lexists(folder / store.FOUNDING)
    if store.is_store(folder) and not unfinished:
        raise Usage("init/exists", EXISTS)
    if any(store.is_store(above) for above in folder.resolve().parents):
        raise Usage("init/inside", INSIDE)
    paper = place_for(recovery, folder, begun=unfinished)
    if not paper and not walked(here):
        raise Usage("usage/missing", ON_PAPER)
    facility = code(_called(here) if shelter is None else shelter, "--shelter")

    # Decide.
    places, findings = capacity_of(here.shelf, kind, capacity, here.day)
    if refused(findings):
        return Outcome(findings=findings)

    # Act.
    key, fresh = key_of(here, no_passphrase)
    if STAYS in ctx.meta:  # the menu goes on with it
        ctx.meta[UNLOCKED] = key
    at = datetime.now(_zone()).isoformat(timespec="minutes")
    begun = founding.begun(folder, key, staff, at)
    hand_over(here, begun.paper, paper, LATER)
    house, day = {"kind": kind, "capacity": places}, here.day.isoformat()
    files = founding.first_files(begun.chain.store, house, facility, staff, day, OFFSET, shelf_name(here.shelf))
    number = founding.finish(folder, here.heads, key, begun, files, by=staff, at=at)
    remember_first(here.heads, folder)
    data: dict[str, Any] = {
        "facility": facility,
        "kind": Coded(kind, here.shelf.kinds[kind].text),
        "capacity": places,
        "device": key.device,
        "identity": str(here.identity_file),
        "sheet": {"store": begun.chain.store, "words": begun.paper.words, "number": number},
    }
    said: Said = (
        (MADE, {"facility": facility, "capacity": places}),
        (NEW_KEY if fresh else OLD_KEY, {}),
        (IN_FILE if paper else RECOVERY_SEEN, {}),
        (SHEET, {"words": begun.paper.words, "number": number}),
        *_next(folder),
        *_looked_for(here),
    )
    return Outcome(data=data, findings=findings, said=said)


def _next(folder: Path) -> Said:
    """What comes next; first into the folder, by the words that were typed, where it is another one."""
    if folder.resolve() == Path.cwd():
        return ((NEXT, {}),)
    return ((GO_IN, {"command": f"cd {shlex.quote(str(folder))}"}), (THEN, {}))


def _looked_for(here: Desk) -> Said:
    """Where the key lies, if only this command was told so: the next one looks elsewhere, or from another folder."""
    if not here.option("typed.identity") and (not here.option("identity") or here.identity_file.is_absolute()):
        return ()
    return ((TELL, {"file": str(here.identity_file.absolute())}),)


def _called(here: Desk) -> str:
    """The code of the house, asked for at a terminal."""
    if not walked(here):
        raise Usage("usage/missing", LACKING, option="--shelter", see="shelterctl init")
    screen.tell(WHICH_CODE, bold=True)
    while isinstance(read := notation.code(ask.line(), notation.Clock(here.day, time())), notation.Mistyped):
        screen.tell(read.sentence, read.facts, indent="  ! ")
    return read


def _zone() -> timezone:
    return timezone(timedelta(hours=int(OFFSET[1:3])))
