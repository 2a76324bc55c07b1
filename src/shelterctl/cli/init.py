"""shelterctl init: a store, the key of this device and the recovery key."""

import secrets
import shlex
from datetime import datetime, time, timedelta, timezone
from pathlib import Path
from typing import Annotated, Any

import typer

from shelterctl import ask, document, identity, machine, screen, store
from shelterctl.act.capacity import capacity_of
from shelterctl.cli.app import LACKING
from shelterctl.cli.options import Ctx, desk
from shelterctl.core import typed
from shelterctl.core.finding import Outcome, Said, refused
from shelterctl.core.identifier import ALPHABET
from shelterctl.desk import Desk, code, walked
from shelterctl.errors import Usage
from shelterctl.identity import Identity
from shelterctl.journal import Journal
from shelterctl.language import N_, Coded
from shelterctl.vault import Change, Vault
from shelterctl.walk.reveal import reveal

WHICH_CODE = N_("Which house is the store for? A short code of small Latin letters, such as bishkek or osh.")
EXISTS = N_("There is a store in this folder already; nothing was changed.")
INSIDE = N_(
    "This folder lies within a store. A store inside another would have a recovery key of its own, and neither would "
    "know of the other; nothing was made. Work in the store that is there, or name a folder outside it."
)
KEPT = N_("The recovery key must be written outside the store, to a file that does not exist yet.")
MADE = N_("The store is made, for the house {facility} with {capacity} places.")
NEW_KEY = N_("The key of this device is new. Keep its file: without it only the recovery key opens the store.")
OLD_KEY = N_("The key that this device had is used.")
RECOVERY = N_(
    "The recovery key opens everything if this device is lost. It is shown once. Write it on paper, keep it outside "
    "the house, in the safe at IOM, and then clear the screen."
)
RECOVERY_SEEN = N_(
    "The recovery key was shown, and is not shown again. It opens everything if this device is lost: keep the paper "
    "outside the house, in the safe at IOM. Whether it was written down rightly: shelterctl check --recovery FILE."
)
RECOVERY_FILE = N_("The recovery key is in the file that you named. Take it out of the house, then erase the file.")
GO_IN = N_("Next: go into the folder with: {command}")
NEXT = N_("Next: register your NGO with: shelterctl ngo add CODE, then admit.")
THEN = N_("There register your NGO with: shelterctl ngo add CODE, then admit.")

OFFSET = "+06:00"

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl init house --shelter bishkek --capacity 8")
def init(
    ctx: Ctx,
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where; default: here.")] = Path(),
    shelter: Annotated[
        str | None, typer.Option("--shelter", metavar="CODE", help="A code for the house; asked for at a terminal.")
    ] = None,
    kind: Annotated[str, typer.Option(help="shelter or carc.")] = "shelter",
    capacity: Annotated[int | None, typer.Option(help="How many sleep there at most.")] = None,
    no_passphrase: Annotated[
        bool, typer.Option("--no-passphrase", help="Leave the key unprotected, for scripts.")
    ] = False,
    recovery: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the recovery key here, not shown.")
    ] = None,
) -> Outcome:
    """Make a store and the keys of this device."""
    # Gather.
    here = desk(ctx)
    staff = code(here.option("staff") or "manager", "--staff")
    if (folder / store.SHELTER).exists():
        raise Usage("init/exists", EXISTS)
    if any((above / store.SHELTER).exists() for above in folder.resolve().parents):
        raise Usage("init/inside", INSIDE)
    if recovery and (recovery.exists() or folder.resolve() in recovery.resolve().parents):
        raise Usage("init/recovery", KEPT)
    facility = code(_called(here) if shelter is None else shelter, "--shelter")

    # Decide.
    places, findings = capacity_of(here.shelf, kind, capacity, here.day)
    if refused(findings):
        return Outcome(findings=findings)

    # Act.
    key, fresh = _key(here, no_passphrase)
    secret, recipient = identity.recovery()
    secret = secret.strip().splitlines()[-1]
    seen = not recovery and not here.json and ask.at_terminal()
    if recovery:  # first: a store whose recovery key nobody has must not come to be
        with machine.disk(recovery.name):
            machine.write_new(recovery, secret.encode())
    elif seen:
        reveal(secret)
    _write(folder, here, key, recipient, facility, {"kind": kind, "capacity": places}, staff)
    data: dict[str, Any] = {
        "facility": facility,
        "kind": Coded(kind, here.shelf.kinds[kind].text),
        "capacity": places,
        "device": key.device,
        "identity": str(here.identity_file),
    }
    shown = {} if recovery or seen else {"recovery_key": secret}
    said: Said = (
        (MADE, {"facility": facility, "capacity": places}),
        (NEW_KEY if fresh else OLD_KEY, {}),
        (RECOVERY_FILE if recovery else RECOVERY_SEEN if seen else RECOVERY, {}),
        *_next(folder),
    )
    return Outcome(data=data | shown, findings=findings, said=said)


def _next(folder: Path) -> Said:
    """What comes next; first into the folder, by the words that were typed, where it is another one."""
    if folder.resolve() == Path.cwd():
        return ((NEXT, {}),)
    return ((GO_IN, {"command": f"cd {shlex.quote(str(folder))}"}), (THEN, {}))


def _called(here: Desk) -> str:
    """The code of the house, asked for at a terminal."""
    if not walked(here):
        raise Usage("usage/missing", LACKING, option="--shelter", command="init")
    screen.tell(WHICH_CODE, bold=True)
    while isinstance(read := typed.code(ask.line(), typed.Clock(here.day, time())), typed.Mistyped):
        screen.tell(read.sentence, read.facts, indent="  ! ")
    return read


def _zone() -> timezone:
    return timezone(timedelta(hours=int(OFFSET[1:3])))


def _key(here: Desk, no_passphrase: bool) -> tuple[Identity, bool]:
    """The key of this device: the one that is there, or a new one, never written over another."""
    descriptor = here.option("passphrase_fd")
    if here.identity_file.exists():
        return here.own_key, False
    phrase = None if no_passphrase else ask.passphrase(descriptor, twice=True)
    key = identity.make()
    identity.save(here.identity_file, key, phrase)
    return key, True


def _write(
    folder: Path, here: Desk, key: Identity, recovery: str, facility: str, house: dict[str, Any], staff: str
) -> None:
    """The store's first files as one act; shelter.yaml, by which a store is known, comes last."""
    now = datetime.now(_zone())
    today, at = here.day.isoformat(), now.isoformat(timespec="minutes")
    store_id = "".join(secrets.choice(ALPHABET) for _ in range(12))
    people = {
        "schema": "staff/1",
        "staff": {staff: {"role": "manager", "since": today}},
        "devices": {key.device: {"staff": staff, "age": key.recipient, "signing": key.signing_public, "since": today}},
        "recovery": {"age": recovery},
    }
    houses = {
        "schema": "shelter/1",
        "store": "S" + store_id,
        "facilities": {facility: house},
        "time_zone": OFFSET,
        "languages": ["ru", "ky"],
    }
    with machine.disk("."):
        machine.private_folder(folder)
        machine.private_folder(folder / "residents")
    heads = here.identity_file.with_name(here.identity_file.name + ".heads") / str(houses["store"])
    journal = Journal(folder / "journal", {str(key.device): key.signing_public}, key, heads)
    vault = Vault(folder, key, [key.recipient, recovery], journal)
    vault.write_all(
        [
            Change(store.STAFF, document.write(people).encode(), None),
            Change(store.DIRECTORY, document.write({"schema": "directory/1"}).encode(), None),
            Change(store.SHELTER, document.write(houses).encode(), None),
        ],
        did="init",
        by=staff,
        at=at,
    )
