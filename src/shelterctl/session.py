"""The session of one run: the options that every command takes, the key, the store, the rulebook, the day and who is
at the device. Each is read when it is first asked for, so that a command pays only for what it needs.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import cache, cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shelterctl.errors import ShelterError, UsageError
from shelterctl.output import stdio
from shelterctl.output.page import Format
from shelterctl.platform.writing import format_path
from shelterctl.terminal.screen import alternate_screen, fact_text, is_interactive, screen_size, truncate_line
from shelterctl.ui_language import N_

if TYPE_CHECKING:
    from shelterctl.core.merge.changes import Stamp
    from shelterctl.identity.keys import Identity
    from shelterctl.rulebook.rulebook import Rulebook
    from shelterctl.store.store import Store
    from shelterctl.typed.words import Clock


FLAG_NEEDS_DAY = N_("{flag} needs a day, such as 2026-11-25, 25.11 or yesterday.")
FLAG_NEEDS_CODE = N_("{flag} needs a short code of small letters, digits and hyphens, such as s-gulnara.")

USING_REMEMBERED_STORE = N_("The store that this computer remembers: {folder}")
_STORE_MENTIONED = "shelterctl.store-said"  # where a run keeps that it was said

UNLOCKED_KEY = "shelterctl.unlocked"
"""Where the menu keeps the key of this device for the commands that it calls, in memory alone."""

IN_MENU = "shelterctl.stays"
"""Where the menu says that its passphrase is asked for until it is right, or leaving is chosen."""

OPEN_FILE_NAME = "shelterctl.whose"
"""Where the menu says whose file is open; it stands in the first line of each screen."""

OPENED_STORES = "shelterctl.opened"
"""Where the stores that a command opened are found, once it is done, by whoever says what is to be told of them."""

LAST_MINUTE = time(23, 59)
"""The time of a day that is given with --as-of and is not the real one."""


@dataclass(frozen=True, repr=False)
class Session:
    """Where a command sits down: everything that it may ask of the world outside, each read when first asked."""

    given: Mapping[str, Any]

    def option(self, name: str) -> Any:
        """What was given for an option that every command takes."""
        return self.given.get(f"shelterctl.{name}")

    @cached_property
    def rulebook(self) -> "Rulebook":
        """The manual."""
        from shelterctl.rulebook.rulebook import open_rulebook  # noqa: PLC0415

        return open_rulebook()

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
        from shelterctl.store.folder import find_store_folder  # noqa: PLC0415 - pyrage is not needed for help

        folder, remembered = find_store_folder(Path(named) if (named := self.option("store")) else None, self.heads)
        if remembered and not self.stays and isinstance(self.given, dict) and not self.given.get(_STORE_MENTIONED):
            self.given[_STORE_MENTIONED] = True
            stdio.print_note(USING_REMEMBERED_STORE, {"folder": format_path(folder)})
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
        if UNLOCKED_KEY in self.given:
            return self.given[UNLOCKED_KEY]  # type: ignore[no-any-return]
        from shelterctl.identity.key_file import load_identity  # noqa: PLC0415

        if not self.protected:
            return load_identity(self.identity_file, None)
        from shelterctl.terminal.passphrase import (  # noqa: PLC0415 - only where there is something to ask
            ENDLESS_TRIES,
            endless_passphrase_asker,
            passphrase_asker,
            show_unlocking,
        )

        given = self.option("passphrase_fd")
        asker, tries = (
            (endless_passphrase_asker(), ENDLESS_TRIES)
            if IN_MENU in self.given and given is None
            else passphrase_asker(given)
        )
        busy = partial(show_unlocking, given, quiet=self.json)
        return load_identity(self.identity_file, asker, tries=tries, busy=busy)

    @property
    def protected(self) -> bool:
        """Whether the key of this device is under a passphrase. Raises CannotOpen where there is none."""
        from shelterctl.identity.key_file import needs_passphrase  # noqa: PLC0415

        return needs_passphrase(self.identity_file, named=bool(self.option("identity")))

    @cached_property
    def store(self) -> "Store":
        """The store, opened with the identity of this device."""
        from shelterctl.store import attribution  # noqa: PLC0415
        from shelterctl.store.opening import open_store  # noqa: PLC0415

        opened = open_store(self.root, self.key, self.rulebook, self.heads)
        opened.clock_confirmations.extend(filter(None, [self.option("sure")]))
        if isinstance(self.given, dict):
            self.given.setdefault(OPENED_STORES, []).append(opened)
        vars(self)["store"] = opened  # who sits here, and on which day, is asked of it
        with suppress(ShelterError):  # staff.yaml is damaged: nothing says who has left
            opened.vault.files_closed_because = opened.vault.files_closed_because or attribution.signer_left_error(
                opened, self.by, self.today
            )
        return opened

    @property
    def stays(self) -> bool:
        """Whether this is an act of the menu, where the line of a list is the remedy, and no command."""
        return IN_MENU in self.given

    def over(self, store: "Store") -> "Session":
        """The same desk over another view of its store."""
        other = Session(self.given)
        vars(other).update(vars(self), store=store)
        return other

    @property
    def today(self) -> date:
        """The day taken as today: --as-of, else the real one where the store is."""
        given = self.option("as_of")
        return read_day_option(given, "--as-of") if given else self.now.date()

    @property
    def moment(self) -> datetime:
        """What is taken as now: the real clock on the real day, else the last minute of the day given with --as-of."""
        now, given = self.now, self.option("as_of")  # once: midnight may pass between two looks at the clock
        return now if not given or self.today == now.date() else datetime.combine(self.today, LAST_MINUTE, now.tzinfo)

    @property
    def day(self) -> date:
        """The same where there is no store yet, and so no time zone but the computer's."""
        given = self.option("as_of")
        return read_day_option(given, "--as-of") if given else date.today()

    def dated(self, written: str, flag: str) -> date:
        """A date from the command line, where ``today`` is the day taken as today; Usage if it does not exist."""
        return read_day_option(written, flag, lambda: self.today)

    def open(self) -> None:
        """Ask for the passphrase now, where a page is to be shown under which its prompt would be out of place."""
        _ = self.store

    @property
    def head(self) -> str:
        """The first line of each screen: the houses, the day taken as today, who is here, and whose file is open."""
        houses, day = ", ".join(self.store.shelter.value["facilities"]), fact_text(self.today)
        whose, room, why = self.given.get(OPEN_FILE_NAME), screen_size()[0] - 1, self.store.vault.files_closed_because
        by = None if why and why.code == "staff/left" else self.by  # nobody knows who sits here
        kept = ((houses, day, by, whose), (day, by, whose), (day, whose))  # what matters least gives way
        lines = [" · ".join(filter(None, parts)) for parts in kept]
        return truncate_line(next((line for line in lines if len(line) <= room), lines[-1]), room)

    def alone(self) -> AbstractContextManager[None]:
        """A screen of its own under that line; a passphrase is asked before it is taken."""
        return alternate_screen(self.head)

    @property
    def now(self) -> datetime:
        """The real clock, in the store's time zone; whoever answers questions at night may pass midnight."""
        return now_at(self.store.offset)

    @cached_property
    def by(self) -> str:
        """Who is at the device: --staff, else the staff code that the device is bound to."""
        given = self.option("staff")
        return read_code_option(given, "--staff") if given else self._bound

    @cached_property
    def signs(self) -> str:
        """Who is named in the journal, which anybody may read: a code that nobody registered may be somebody's name.

        Then it is the code that the device is bound to, and that is told; her file keeps what was given, sealed.
        """
        from shelterctl.store import attribution  # noqa: PLC0415 - where something is written

        return attribution.choose_signing_code(self.store, self.by)

    @property
    def _bound(self) -> str:
        """The staff code that the device is bound to."""
        from shelterctl.store import attribution  # noqa: PLC0415 - where there is one

        return attribution.device_staff_code(self.store)

    @property
    def clock(self) -> "Clock":
        """What is taken as now, by which typed days and times are read."""
        from shelterctl.typed.words import Clock  # noqa: PLC0415

        moment = self.moment
        return Clock(moment.date(), moment.time())

    @property
    def early(self) -> "Clock":
        """The same where there is no store yet, by the computer's own clock."""
        from shelterctl.typed.words import Clock  # noqa: PLC0415

        now = datetime.now()
        return Clock(self.day, now.time() if self.day == now.date() else LAST_MINUTE)

    @property
    def at(self) -> str:
        """The real time, as entries are stamped with it."""
        return self.now.isoformat(timespec="minutes")

    @property
    def stamp(self) -> "Stamp":
        """What new entries are stamped with."""
        from shelterctl.core.merge.changes import Stamp  # noqa: PLC0415
        from shelterctl.store.folder import new_entry_id  # noqa: PLC0415

        sealed = (self.rulebook.tracks[name].seal for name in self.rulebook.blocks)
        return Stamp(new_entry_id, self.at, self.by, [word for seal in sealed if seal for word in seal.words])

    def write(self, changes: Any, did: str) -> None:
        """Save what a command decided, as one act of whoever is at the device."""
        self.store.write(changes, did=did, by=self.signs, at=self.at)


def may_ask(session: Session) -> bool:
    """Whether questions may be asked: a person sits at the terminal and wants no page for a program."""
    return is_interactive() and session.option("format") in (None, Format.TABLE) and not session.option("json")


def now_at(offset: str) -> datetime:
    """The real clock where the time zone has that *offset*, such as +06:00."""
    return datetime.now(_timezone_of(offset))


@cache
def _timezone_of(offset: str) -> timezone:
    sign, hours, minutes = offset[0], int(offset[1:3]), int(offset[4:])
    return timezone(timedelta(hours=hours, minutes=minutes) * (-1 if sign == "-" else 1))


def read_day_option(written: str, flag: str, today: Callable[[], date] = date.today) -> date:
    """A date from the command line, written as a person types it at a question; Usage if it does not exist."""
    from shelterctl.core.values.days import read_day  # noqa: PLC0415 - the same
    from shelterctl.typed.dates import read_typed_day  # noqa: PLC0415 - most commands name no day
    from shelterctl.typed.words import Clock  # noqa: PLC0415 - most commands name no day

    if exact := read_day(written):
        return exact
    read = read_typed_day(written, Clock(today(), time()))
    if not isinstance(read, str):
        raise UsageError("usage/date", FLAG_NEEDS_DAY, hint=read.sentence, flag=flag, **read.facts)
    return date.fromisoformat(read)


def read_code_option(written: str, flag: str) -> str:
    """A short code from the command line, read as at a question; Usage if the text cannot be one."""
    from shelterctl.typed import readers  # noqa: PLC0415 - most commands name no code

    if not isinstance(read := readers.read_typed_code(written), str):
        raise UsageError("usage/code", FLAG_NEEDS_CODE, flag=flag)
    return read
