"""The session of one run: the common options, the key, the store, the rulebook, the day, and who uses the device. Each
is read when it is first needed, so that a command pays only for what it uses.
"""

import gc
import re
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, timezone
from functools import cache, cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shelterctl.errors import ShelterError, UsageError
from shelterctl.immutable import immutable
from shelterctl.language import set_gender_forms
from shelterctl.output import stdio
from shelterctl.output.page import Format
from shelterctl.platform.writing import format_path
from shelterctl.terminal.screen import alternate_screen, fact_text, is_interactive, screen_size, truncate_line
from shelterctl.ui_language import N_

if TYPE_CHECKING:
    from shelterctl.core.finding import Finding
    from shelterctl.core.manual.own_limit import OwnLimit
    from shelterctl.core.merge.changes import Stamp
    from shelterctl.identity.keys import Identity
    from shelterctl.index.client_index import ClientIndex
    from shelterctl.rulebook.rulebook import Rulebook
    from shelterctl.store.attribution import ClockConfirmation
    from shelterctl.store.store import Store
    from shelterctl.typed.words import Clock


FLAG_NEEDS_DAY = N_("{flag} needs a day, such as 2026-11-25, 25.11 or yesterday.")
CODE_LIKE_CLIENT_ID = N_("The code {typed} could be taken for a client's id. Choose a longer or a shorter one.")
FLAG_NEEDS_CODE = N_("{flag} needs a short code of small letters, digits and hyphens, such as s-gulnara.")

USING_REMEMBERED_STORE = N_("The store that this computer remembers: {folder}")

STAFF_CODE = re.compile("[a-z][a-z0-9-]{0,31}", re.ASCII)
"""The form of a staff code, which is also the name of a person's key file."""

LAST_MINUTE = time(23, 59)
"""The time of a day given with --as-of that is not the real day."""


@immutable(eq=True, slots=False, kw_only=True)
class Options:
    """The options that every command takes, as typed or as set by a variable of the computer.

    *as_of* is kept as it was typed, since "yesterday" is another day after midnight. *typed* names the options that
    were typed on the command line.
    """

    json: bool = False
    format: str | None = None
    store: str | None = None
    identity: str | None = None
    as_of: str | None = None
    staff: str | None = None
    lang: str | None = None
    wait: str | None = None
    passphrase_fd: int | None = None
    typed: frozenset[str] = frozenset()


@immutable(slots=False)
class StoreNotes:
    """The notices about a store that was opened: the store's own lists, which grow while it is used.

    *notices* are shown with every answer. *damaged* and *read_only_files* say by file name why a file was not read or
    is not written. *asked_for* are the clients who were asked for by id, *remarks* the findings still open in files
    when they were written, by file name, and *acts_saved* what was written. The store and its key cannot be reached
    from here.
    """

    notices: list[ShelterError]
    damaged: dict[str, ShelterError]
    read_only_files: dict[str, ShelterError]
    asked_for: set[str]
    remarks: dict[str, tuple["Finding", ...]]
    acts_saved: list[str]

    def release(self) -> None:
        """Drop the stack frames of these errors, since they hold on to the store."""
        for error in (*self.notices, *self.damaged.values(), *self.read_only_files.values()):
            error.__traceback__ = error.__context__ = error.__cause__ = None


_READ_OF_STORE = ("rulebook", "root", "store", "staff", "journal_staff", "persons_keys_open")
"""The properties that a session keeps of a store until it reads the disk again."""


@dataclass(repr=False, eq=False, kw_only=True)
class Session:
    """One run of the program: the options, and everything read from outside, each when it is first needed.

    It is made once and passed on. The menu runs many commands in one session; each begins with `reopen`. *unlocked* is
    the key of this device, which the menu keeps in memory for the commands that it runs. *store_mentioned* says whether
    the user was told that the remembered store is used. *different_people* are pairs of files that a person compared
    and did not join. *confirm_clock* asks whether a clock that is far ahead is right. *notes* are those of every store
    that the present action opened. With *only_looks* a store is opened without finishing what another command left
    behind. *open_file* is the client whose file is open, for the first line of each screen: her name in the menu, her
    id elsewhere.
    """

    options: Options = field(default_factory=Options)
    in_menu: bool = False
    unlocked: "Identity | None" = None
    store_mentioned: bool = False
    different_people: set[frozenset[str]] = field(default_factory=set)
    confirm_clock: "ClockConfirmation | None" = None
    notes: list[StoreNotes] = field(default_factory=list)
    only_looks: bool = False
    open_file: str | None = None
    _device_key: "Identity | None" = field(default=None, init=False)
    _unlocked_file: Path | None = field(default=None, init=False)
    _index: "ClientIndex | None" = field(default=None, init=False)

    def reopen(self) -> None:
        """Forget what was read of the store and the key, so that it is read from the disk again.

        Another computer may have written to the store meanwhile, or a memory stick may be back.
        """
        self._device_key = self._index = None
        for name in _READ_OF_STORE:
            vars(self).pop(name, None)

    def only_look(self) -> None:
        """Change nothing in the store while it is opened: a command that only looks leaves everything as it is."""
        self.only_looks = True
        self.reopen()

    def begin_action(self) -> None:
        """Begin an action of the menu: read the disk again, and keep only the notes of its own stores."""
        self.notes = []
        self.reopen()

    def unlock(self) -> None:
        """Keep the key of this device until `lock`; ask for its passphrase if it has one."""
        self.reopen()
        self.unlocked, self._unlocked_file = self.key, self.identity_file
        self.options = replace(self.options, passphrase_fd=None)  # a file descriptor can be read only once

    def lock(self) -> None:
        """Forget the key and everything that was read with it; the notes stay, since they are shown at the end."""
        self.unlocked = self._unlocked_file = None
        self.reopen()
        for note in self.notes:
            note.release()
        gc.collect()  # the objects of a store refer to each other in cycles

    def change_staff(self, code: str) -> None:
        """Set who uses the device from now on, and forget whether that person may write.

        A key that was unlocked for another file is forgotten: the next person types her own passphrase.
        """
        before = self.identity_file
        self.options = replace(self.options, staff=code)
        if self._file_of_person != before:
            self.lock()
        self.reopen()

    def sit_down(self, code: str | None) -> None:
        """Let another person sit down: forget all of the earlier one, and set whose key is unlocked next.

        Without a *code* it is the first key of this computer, which says itself whose it is.
        """
        self.lock()
        self.notes, self.different_people, self.open_file = [], set(), None
        self.options = replace(self.options, staff=code)
        self.reopen()

    def name_by_key(self) -> None:
        """Take who uses the device from the unlocked key from now on, since each person has a key of her own."""
        self.options = replace(self.options, staff=None)
        self.reopen()

    def change_store(self, folder: Path) -> None:
        """Set the store to work with from now on."""
        self.options = replace(self.options, store=str(folder))
        self.reopen()

    @property
    def index(self) -> "ClientIndex | None":
        """The index of the clients of this store; None where all answers are read from the files.

        That is so in a dry run, in a backup, with a recovery key, for a role that opens no file, with
        SHELTERCTL_INDEX=off, and where shelter.yaml is damaged: nothing then says which day it is in the house. What
        was answered for another day, with --as-of, is not written down.
        """
        from shelterctl.index.client_index import ClientIndex, may_keep_index  # noqa: PLC0415 - only lists need it

        if not may_keep_index(self.store):
            return None
        try:
            today, saves = self.today, self.today == self.now.date()
        except ShelterError:
            return None
        if self._index is None or self._index.store is not self.store or self._index.watch.first != today:
            self._index = ClientIndex(self.store, today, self.memory_folder, saves=saves)
        return self._index

    @property
    def watched_today(self) -> date:
        """The day taken as today, which notes for how long answers hold if there is an index."""
        index = self.index
        return index.watch.today if index else self.today

    def with_store(self, store: "Store") -> "Session":
        """Return a copy of this session with another view of its store, and the rulebook by which that one reads."""
        other = copy(self)
        vars(other).update(store=store, rulebook=store.rulebook)
        return other

    @cached_property
    def rulebook(self) -> "Rulebook":
        """The rulebook, with the stricter limits that the house set itself, if there is a store.

        They are those of its trust list as it lies there. Opening the store proves the list, or fails.
        """
        from shelterctl.rulebook.rulebook import open_rulebook  # noqa: PLC0415
        from shelterctl.store.folder import find_store_folder  # noqa: PLC0415
        from shelterctl.trust.key_standing import read_limits  # noqa: PLC0415

        limits: tuple[OwnLimit, ...] = ()
        with suppress(ShelterError):
            named = Path(self.options.store) if self.options.store else None
            limits = read_limits(find_store_folder(named, self.notes_folder)[0])
        rulebook = open_rulebook().with_limits(limits)
        words = {language: said.get("masculine", {}) for language, said in rulebook.languages.items()}
        set_gender_forms(rulebook.form_for_sex(None), words)
        return rulebook

    @property
    def json(self) -> bool:
        """Whether the answer is one JSON page."""
        return self.options.json or self.options.format == Format.JSON

    @property
    def identity_file(self) -> Path:
        """The path of the key file in use: the one that is unlocked, else that of the person at the computer if she has
        one here, else the computer's.
        """
        return self._unlocked_file or self._file_of_person

    @property
    def _file_of_person(self) -> Path:
        """The path of the key file of the person at the computer; where one key opens everything, the computer's."""
        if self.options.staff and "identity" not in self.options.typed:
            person = self.person_key_file(self.options.staff)
            if person is not None and person.is_file() and self.persons_keys_open:
                return person
        return self.computer_key_file

    @cached_property
    def persons_keys_open(self) -> bool:
        """Whether keys of persons open the store, by its trust list as it lies there, which no key proves yet."""
        from shelterctl.trust.key_standing import opens_by_role  # noqa: PLC0415 - most computers have one key

        with suppress(ShelterError):
            return opens_by_role(self.root)
        return True

    @property
    def computer_key_file(self) -> Path:
        """The path of the first key of this computer; keys of further persons lie in a folder beside it."""
        if self.options.identity:
            return Path(self.options.identity)
        import platformdirs  # noqa: PLC0415 - 11 ms, and not needed where the file is named

        return platformdirs.user_config_path("shelterctl") / "identity"

    @property
    def people_folder(self) -> Path:
        """The folder with the keys of persons at this computer, by staff code."""
        return self.computer_key_file.with_name(self.computer_key_file.name + ".people")

    def person_key_file(self, code: str) -> Path | None:
        """Return the path of a person's key at this computer, whether or not it exists; None if that is no code."""
        return self.people_folder / code if STAFF_CODE.fullmatch(code) else None

    @cached_property
    def root(self) -> Path:
        """The folder of the store; if this device remembered it, a note on stderr says so once."""
        from shelterctl.store.folder import find_store_folder  # noqa: PLC0415 - pyrage is not needed for help

        named = Path(self.options.store) if self.options.store else None
        folder, remembered = find_store_folder(named, self.notes_folder)
        if remembered and not self.in_menu and not self.store_mentioned:
            self.store_mentioned = True
            stdio.print_note(USING_REMEMBERED_STORE, {"folder": format_path(folder)})
        return folder

    @property
    def papers_folder(self) -> Path:
        """The folder where people look for papers: the documents folder, else the desktop, else the home folder."""
        import platformdirs  # noqa: PLC0415 - only where something is printed

        folders = (platformdirs.user_documents_path(), platformdirs.user_desktop_path())
        return next((folder for folder in folders if folder.is_dir()), Path.home())

    @property
    def memory_folder(self) -> Path:
        """The folder with what the key in use remembers of stores, outside of them."""
        return self.identity_file.with_name(self.identity_file.name + ".heads")

    @property
    def notes_folder(self) -> Path:
        """The folder with what this computer notes for everybody at it: where the store is, who was here last."""
        return self.computer_key_file.with_name(self.computer_key_file.name + ".heads")

    @property
    def key(self) -> "Identity":
        """The key of this device, for a store: its folder is found first, so nobody types a passphrase for nothing."""
        _ = self.root
        return self.device_key

    @property
    def device_key(self) -> "Identity":
        """The key of this device, also where there is no store yet; a passphrase may be typed wrongly twice."""
        if self.unlocked is not None:
            return self.unlocked
        if self.in_menu:
            return self._read_key()  # kept in `unlocked` alone, so that `lock` forgets it
        if self._device_key is None:
            self._device_key = self._read_key()
        return self._device_key

    def _read_key(self) -> "Identity":
        from shelterctl.identity.key_file import load_identity  # noqa: PLC0415

        if not self.protected:
            return load_identity(self.identity_file, None)
        from shelterctl.terminal.passphrase import (  # noqa: PLC0415 - only where there is something to ask
            ENDLESS_TRIES,
            endless_passphrase_asker,
            passphrase_asker,
            show_unlocking,
        )

        descriptor = self.options.passphrase_fd
        asker, tries = (
            (endless_passphrase_asker(is_persons=self.identity_file.parent == self.people_folder), ENDLESS_TRIES)
            if self.in_menu and descriptor is None
            else passphrase_asker(descriptor)
        )
        busy = partial(show_unlocking, descriptor, quiet=self.json)
        return load_identity(self.identity_file, asker, tries=tries, busy=busy)

    @property
    def protected(self) -> bool:
        """Whether the key of this device has a passphrase. Raises CannotOpen if there is no key."""
        from shelterctl.identity.key_file import needs_passphrase  # noqa: PLC0415

        return needs_passphrase(self.identity_file, named=bool(self.options.identity))

    @cached_property
    def store(self) -> "Store":
        """The store, opened with the key of this device."""
        from shelterctl.store import attribution  # noqa: PLC0415
        from shelterctl.store.opening import open_store  # noqa: PLC0415

        opened = open_store(self.root, self.key, self.rulebook, self.memory_folder, finish=not self.only_looks)
        if self.confirm_clock:
            opened.clock_confirmations.append(self.confirm_clock)
        self.notes.append(
            StoreNotes(
                opened.notices,
                opened.damaged,
                opened.read_only_files,
                opened.asked_for,
                opened.remarks,
                opened.acts_saved,
            )
        )
        vars(self)["rulebook"] = opened.rulebook
        vars(self)["store"] = opened  # the next lines need it for the staff code and the day
        opened.home_registers.person_here = lambda: self.staff
        attribution.require_own_key(opened, self.options.staff and read_code_option(self.options.staff, "--staff"))
        with suppress(ShelterError):  # staff.yaml is damaged: nothing says who has left
            opened.vault.files_closed_because = opened.vault.files_closed_because or attribution.signer_left_error(
                opened, self.staff, self.today
            )
        return opened

    @property
    def today(self) -> date:
        """The day taken as today: --as-of, else the real day in the store's time zone."""
        given = self.options.as_of
        return read_day_option(given, "--as-of") if given else self.now.date()

    @property
    def moment(self) -> datetime:
        """The time taken as now: the real time on the real day, else the last minute of the day given with --as-of."""
        now, given = self.now, self.options.as_of  # once: midnight may pass between two looks at the clock
        return now if not given or self.today == now.date() else datetime.combine(self.today, LAST_MINUTE, now.tzinfo)

    @property
    def computer_day(self) -> date:
        """The day taken as today where there is no store yet: --as-of, else the computer's own day."""
        given = self.options.as_of
        return read_day_option(given, "--as-of") if given else date.today()

    def read_day(self, written: str, flag: str) -> date:
        """Return a date from the command line; ``today`` is the day taken as today. UsageError if there is no such
        date.
        """
        return read_day_option(written, flag, lambda: self.today)

    def open_store(self) -> None:
        """Open the store now, before a page is shown that its passphrase prompt would spoil."""
        _ = self.store

    @property
    def header(self) -> str:
        """The first line of each screen: the houses, the day taken as today, who is here, and whose file is open."""
        houses, day = ", ".join(self.store.shelter.value["facilities"]), fact_text(self.today)
        whose, room, why = self.open_file, screen_size()[0] - 1, self.store.vault.files_closed_because
        by = None if why and why.code == "staff/left" else self.staff  # this code has left: who is here is unknown
        kept = ((houses, day, by, whose), (day, by, whose), (day, whose))  # the least important part is dropped first
        lines = [" · ".join(filter(None, parts)) for parts in kept]
        return truncate_line(next((line for line in lines if len(line) <= room), lines[-1]), room)

    def own_screen(self) -> AbstractContextManager[None]:
        """Return a screen of its own under the header; a passphrase is asked for before it opens."""
        return alternate_screen(self.header)

    @property
    def now(self) -> datetime:
        """The real time in the store's time zone. It is read anew each time: midnight may pass during questions."""
        return now_at(self.store.offset)

    @cached_property
    def staff(self) -> str:
        """The code of the person at the device: with a key for each person, that of the key; else --staff, or the code
        that the device is bound to.
        """
        given = self.options.staff
        by_role = self.store.is_by_role
        return read_code_option(given, "--staff") if given and not by_role else self._bound

    @cached_property
    def journal_staff(self) -> str:
        """The staff code that the journal names, which is not encrypted.

        A code that nobody registered may be a person's name. The journal then gets the code that the device is bound
        to, and a note says so; her file keeps the given code, encrypted.
        """
        from shelterctl.store import attribution  # noqa: PLC0415 - only needed to write

        return attribution.choose_signing_code(self.store, self.staff)

    @property
    def _bound(self) -> str:
        """The staff code that the device is bound to."""
        from shelterctl.store import attribution  # noqa: PLC0415 - only needed with a store

        return attribution.device_staff_code(self.store)

    @property
    def clock(self) -> "Clock":
        """The time taken as now, by which typed days and times are read."""
        from shelterctl.typed.words import Clock  # noqa: PLC0415

        moment = self.moment
        return Clock(moment.date(), moment.time())

    @property
    def computer_clock(self) -> "Clock":
        """The time by which typed days are read where there is no store yet: the computer's own clock."""
        from shelterctl.typed.words import Clock  # noqa: PLC0415

        now = datetime.now()
        return Clock(self.computer_day, now.time() if self.computer_day == now.date() else LAST_MINUTE)

    @property
    def timestamp(self) -> str:
        """The real time that new entries are stamped with."""
        return self.now.isoformat(timespec="minutes")

    @property
    def stamp(self) -> "Stamp":
        """The ids, time and author that new entries are stamped with."""
        from shelterctl.core.merge.changes import Stamp  # noqa: PLC0415
        from shelterctl.store.folder import new_entry_id  # noqa: PLC0415

        sealed = (self.rulebook.tracks[name].seal for name in self.rulebook.blocks)
        return Stamp(new_entry_id, self.timestamp, self.staff, [word for seal in sealed if seal for word in seal.words])

    def save(self, changes: Any, did: str) -> None:
        """Save what a command decided, as one act of the person at the device."""
        self.store.write(changes, did=did, by=self.journal_staff, at=self.timestamp)


def may_ask(session: Session) -> bool:
    """Whether questions may be asked: a person is at a terminal and wants no page for a program."""
    return is_interactive() and session.options.format in (None, Format.TABLE) and not session.options.json


def now_at(offset: str) -> datetime:
    """Return the real time in the time zone with this *offset*, such as +06:00."""
    return datetime.now(_timezone_of(offset))


@cache
def _timezone_of(offset: str) -> timezone:
    sign, hours, minutes = offset[0], int(offset[1:3]), int(offset[4:])
    return timezone(timedelta(hours=hours, minutes=minutes) * (-1 if sign == "-" else 1))


def read_day_option(written: str, flag: str, today: Callable[[], date] = date.today) -> date:
    """Return a date from the command line, written as in an answer; UsageError if there is no such date."""
    from shelterctl.core.values.days import read_day  # noqa: PLC0415 - most commands name no day
    from shelterctl.typed.dates import read_typed_day  # noqa: PLC0415 - most commands name no day
    from shelterctl.typed.words import Clock  # noqa: PLC0415 - most commands name no day

    if exact := read_day(written):
        return exact
    read = read_typed_day(written, Clock(today(), time()))
    if not isinstance(read, str):
        raise UsageError("usage/date", FLAG_NEEDS_DAY, hint=read.sentence, flag=flag, **read.facts)
    return date.fromisoformat(read)


def read_new_code_option(written: str, flag: str) -> str:
    """Return a code from the command line under which something is registered for the first time.

    Raises UsageError if it cannot be a code, or could be read as a client's id.
    """
    from shelterctl.store.folder import could_be_client_id  # noqa: PLC0415 - most commands make no code

    if could_be_client_id(code := read_code_option(written, flag)):
        raise UsageError("usage/code", CODE_LIKE_CLIENT_ID, typed=code)
    return code


def read_code_option(written: str, flag: str) -> str:
    """Return a short code from the command line, read like an answer; UsageError if the text cannot be a code."""
    from shelterctl.typed import readers  # noqa: PLC0415 - most commands name no code

    if not isinstance(read := readers.read_typed_code(written), str):
        raise UsageError("usage/code", FLAG_NEEDS_CODE, flag=flag)
    return read
