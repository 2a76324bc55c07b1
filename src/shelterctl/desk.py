"""The desk at which an act sits down: store, key, day and staff, each asked of the world when it is first needed."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import cache, cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shelterctl import machine, output, screen
from shelterctl.errors import ShelterError, Usage
from shelterctl.language import N_
from shelterctl.output import Format

if TYPE_CHECKING:  # what reads YAML and age is imported by the act that needs it, not for help
    from shelterctl.core.merging import Stamp
    from shelterctl.core.notation import Clock
    from shelterctl.identity import Identity
    from shelterctl.library import Shelf
    from shelterctl.store import Store

NOT_A_DAY = N_("{flag} needs a day, such as 2026-11-25, 25.11 or yesterday.")
NOT_A_CODE = N_("{flag} needs a short code of small letters, digits and hyphens, such as s-gulnara.")

WORKS_IN = N_("The store that this computer remembers: {folder}")
_SAID = "shelterctl.store-said"  # where a run keeps that it was said

UNLOCKED = "shelterctl.unlocked"
"""Where the menu keeps the key of this device for the commands that it calls, in memory alone."""

STAYS = "shelterctl.stays"
"""Where the menu says that its passphrase is asked for until it is right, or leaving is chosen."""

WHOSE = "shelterctl.whose"
"""Where the menu says whose file is open; it stands in the first line of each screen."""

OPENED = "shelterctl.opened"
"""Where the stores that a command opened are found, once it is done, by whoever says what is to be told of them."""

LAST = time(23, 59)
"""The time of a day that is given with --as-of and is not the real one."""


@dataclass(frozen=True, repr=False)
class Desk:
    """Where a command sits down: everything that it may ask of the world outside, each read when first asked."""

    given: Mapping[str, Any]

    def option(self, name: str) -> Any:
        """What was given for an option that every command takes."""
        return self.given.get(f"shelterctl.{name}")

    @cached_property
    def shelf(self) -> "Shelf":
        """The manual."""
        from shelterctl.library import open_shelf  # noqa: PLC0415

        return open_shelf()

    @property
    def json(self) -> bool:
        """Whether the answer is one JSON page."""
        return bool(self.option("json")) or self.option("format") == Format.JSON

    @property
    def identity_file(self) -> Path:
        """Where the key of this device lies."""
        named = self.option("identity")
        if named:
            return Path(named)
        import platformdirs  # noqa: PLC0415 - 11 ms, and not needed where the file is named

        return platformdirs.user_config_path("shelterctl") / "identity"

    @cached_property
    def root(self) -> Path:
        """The folder of the store; that it is the one which this computer remembers is said once, on stderr."""
        from shelterctl import store  # noqa: PLC0415 - pyrage is not needed for help

        folder, remembered = store.find_root(Path(named) if (named := self.option("store")) else None, self.heads)
        if remembered and not self.stays and isinstance(self.given, dict) and not self.given.get(_SAID):
            self.given[_SAID] = True
            output.mention(WORKS_IN, {"folder": machine.spelt(folder)})
        return folder

    @property
    def papers(self) -> Path:
        """Where whoever sits here looks for papers: her documents, else her desktop, else her home."""
        import platformdirs  # noqa: PLC0415 - only where something is printed

        folders = (platformdirs.user_documents_path(), platformdirs.user_desktop_path())
        return next((folder for folder in folders if folder.is_dir()), Path.home())

    @property
    def heads(self) -> Path:
        """The folder in which this device remembers stores, outside of them."""
        return self.identity_file.with_name(self.identity_file.name + ".heads")

    @property
    def key(self) -> "Identity":
        """The identity of this device, which is asked for where there is a store to be opened with it."""
        _ = self.root
        return self.own_key

    @cached_property
    def own_key(self) -> "Identity":
        """The same where a store is only to come; a passphrase that is typed may be wrong twice."""
        if UNLOCKED in self.given:
            return self.given[UNLOCKED]  # type: ignore[no-any-return]
        from shelterctl import identity  # noqa: PLC0415

        if not self.protected:
            return identity.load(self.identity_file, None)
        from shelterctl import ask  # noqa: PLC0415 - only where there is something to ask

        given = self.option("passphrase_fd")
        asker, tries = (ask.lock(), ask.EVER) if STAYS in self.given and given is None else ask.asking(given)
        busy = partial(ask.unlocking, given, quiet=self.json)
        return identity.load(self.identity_file, asker, tries=tries, busy=busy)

    @property
    def protected(self) -> bool:
        """Whether the key of this device is under a passphrase. Raises CannotOpen where there is none."""
        from shelterctl import identity  # noqa: PLC0415

        return identity.protected(self.identity_file, named=bool(self.option("identity")))

    @cached_property
    def store(self) -> "Store":
        """The store, opened with the identity of this device."""
        from shelterctl import store  # noqa: PLC0415
        from shelterctl.store import signatory  # noqa: PLC0415

        opened = store.open_store(self.root, self.key, self.shelf, self.heads)
        opened.sure.extend(filter(None, [self.option("sure")]))
        if isinstance(self.given, dict):
            self.given.setdefault(OPENED, []).append(opened)
        vars(self)["store"] = opened  # who sits here, and on which day, is asked of it
        with suppress(ShelterError):  # staff.yaml is damaged: nothing says who has left
            opened.vault.kept = opened.vault.kept or signatory.gone(opened, self.by, self.today)
        return opened

    @property
    def stays(self) -> bool:
        """Whether this is an act of the menu, where the line of a list is the remedy, and no command."""
        return STAYS in self.given

    def over(self, store: "Store") -> "Desk":
        """The same desk over another view of its store."""
        other = Desk(self.given)
        vars(other).update(vars(self), store=store)
        return other

    @property
    def today(self) -> date:
        """The day taken as today: --as-of, else the real one where the store is."""
        given = self.option("as_of")
        return day(given, "--as-of") if given else self.now.date()

    @property
    def moment(self) -> datetime:
        """What is taken as now: the real clock on the real day, else the last minute of the day given with --as-of."""
        now, given = self.now, self.option("as_of")  # once: midnight may pass between two looks at the clock
        return now if not given or self.today == now.date() else datetime.combine(self.today, LAST, now.tzinfo)

    @property
    def day(self) -> date:
        """The same where there is no store yet, and so no time zone but the computer's."""
        given = self.option("as_of")
        return day(given, "--as-of") if given else date.today()

    def dated(self, written: str, flag: str) -> date:
        """A date from the command line, where ``today`` is the day taken as today; Usage if it does not exist."""
        return day(written, flag, lambda: self.today)

    def open(self) -> None:
        """Ask for the passphrase now, where a page is to be shown under which its prompt would be out of place."""
        _ = self.store

    @property
    def head(self) -> str:
        """The first line of each screen: the houses, the day taken as today, who is here, and whose file is open."""
        houses, day = ", ".join(self.store.shelter.value["facilities"]), screen.shown(self.today)
        whose, room, why = self.given.get(WHOSE), screen.size()[0] - 1, self.store.vault.kept
        by = None if why and why.code == "staff/left" else self.by  # nobody knows who sits here
        kept = ((houses, day, by, whose), (day, by, whose), (day, whose))  # what matters least gives way
        lines = [" · ".join(filter(None, parts)) for parts in kept]
        return screen.cut(next((line for line in lines if len(line) <= room), lines[-1]), room)

    def alone(self) -> AbstractContextManager[None]:
        """A screen of its own under that line; a passphrase is asked before it is taken."""
        return screen.alone(self.head)

    @property
    def now(self) -> datetime:
        """The real clock, in the store's time zone; whoever answers questions at night may pass midnight."""
        return now_at(self.store.offset)

    @cached_property
    def by(self) -> str:
        """Who is at the device: --staff, else the staff code that the device is bound to."""
        given = self.option("staff")
        return code(given, "--staff") if given else self._bound

    @cached_property
    def signs(self) -> str:
        """Who is named in the journal, which anybody may read: a code that nobody registered may be somebody's name.

        Then it is the code that the device is bound to, and that is told; her file keeps what was given, sealed.
        """
        from shelterctl.store import signatory  # noqa: PLC0415 - where something is written

        return signatory.signs(self.store, self.by)

    @property
    def _bound(self) -> str:
        """The staff code that the device is bound to."""
        from shelterctl.store import signatory  # noqa: PLC0415 - where there is one

        return signatory.bound_to(self.store)

    @property
    def clock(self) -> "Clock":
        """What is taken as now, by which typed days and times are read."""
        from shelterctl.core.notation import Clock  # noqa: PLC0415

        moment = self.moment
        return Clock(moment.date(), moment.time())

    @property
    def early(self) -> "Clock":
        """The same where there is no store yet, by the computer's own clock."""
        from shelterctl.core.notation import Clock  # noqa: PLC0415

        now = datetime.now()
        return Clock(self.day, now.time() if self.day == now.date() else LAST)

    @property
    def at(self) -> str:
        """The real time, as entries are stamped with it."""
        return self.now.isoformat(timespec="minutes")

    @property
    def stamp(self) -> "Stamp":
        """What new entries are stamped with."""
        from shelterctl.core.merging import Stamp  # noqa: PLC0415
        from shelterctl.store import new_entry_id  # noqa: PLC0415

        sealed = (self.shelf.tracks[name].seal for name in self.shelf.blocks)
        return Stamp(new_entry_id, self.at, self.by, [word for seal in sealed if seal for word in seal.words])

    def write(self, changes: Any, did: str) -> None:
        """Save what a command decided, as one act of whoever is at the device."""
        self.store.write(changes, did=did, by=self.signs, at=self.at)


def walked(here: Desk) -> bool:
    """Whether questions may be asked: a person sits at the terminal and wants no page for a program."""
    return screen.interactive() and here.option("format") in (None, Format.TABLE) and not here.option("json")


def now_at(offset: str) -> datetime:
    """The real clock where the time zone has that *offset*, such as +06:00."""
    return datetime.now(_zone(offset))


@cache
def _zone(offset: str) -> timezone:
    sign, hours, minutes = offset[0], int(offset[1:3]), int(offset[4:])
    return timezone(timedelta(hours=hours, minutes=minutes) * (-1 if sign == "-" else 1))


def day(written: str, flag: str, today: Callable[[], date] = date.today) -> date:
    """A date from the command line, written as a person types it at a question; Usage if it does not exist."""
    from shelterctl.core import notation  # noqa: PLC0415 - most commands name no day
    from shelterctl.core.days import read_day  # noqa: PLC0415 - the same

    if exact := read_day(written):
        return exact
    read = notation.day(written, notation.Clock(today(), time()))
    if not isinstance(read, str):
        raise Usage("usage/date", NOT_A_DAY, hint=read.sentence, flag=flag, **read.facts)
    return date.fromisoformat(read)


def code(written: str, flag: str) -> str:
    """A short code from the command line, read as at a question; Usage if the text cannot be one."""
    from shelterctl.core import notation  # noqa: PLC0415 - most commands name no code

    if not isinstance(read := notation.code(written), str):
        raise Usage("usage/code", NOT_A_CODE, flag=flag)
    return read
