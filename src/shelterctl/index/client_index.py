"""Answers about every client's file, each made once and believed while nothing changed from which it was made.

A question has a name, and a function that answers it for one client. Answers are JSON values without names and free
text. An answer is believed while

* the journals go on from those that it was made from, and no later line is about her file or the shelter's own files;
* her file, and the shelter's own, have the size, the times, the rights and the place on the disk that they had;
* the chain of trust, the rulebook and the program are those that made it;
* the day taken as today lies in the days for which it holds (see `core.values.watched_day`).

Everything else is read from the file, which is verified against the journal as ever. So an answer may be missing, and
never be wrong, but for one case on Windows: a file that was replaced by another of equal size, with its time set back,
is found only when it is next read, by an act or by `check`.
"""

import hashlib
import json
import os
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from struct import Struct
from typing import Any, NamedTuple

from shelterctl import __version__
from shelterctl.core.record.client import Client
from shelterctl.core.values.watched_day import Watch
from shelterctl.errors import CannotOpen, Conflict, Damaged
from shelterctl.index.column import AnswerColumn, Held, SharedValues, dump_value
from shelterctl.index.image import Image, read_image, write_image
from shelterctl.index.register_answers import RegisterAnswers
from shelterctl.journal.device_log import DeviceLog, iterate_files
from shelterctl.journal.line import GIVEN_UP
from shelterctl.platform.disk_errors import translate_disk_errors
from shelterctl.progress import report_steps
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.store.folder import (
    DIRECTORY_FILE,
    RECORD_FILE_NAME,
    SECRETS_FILE,
    SHELTER_FILE,
    STAFF_FILE,
    list_register_files,
    record_file,
)
from shelterctl.store.store import READING_FILES, Store
from shelterctl.trust.chain_state import MARK_LENGTH
from shelterctl.trust.readership import FILE_PART

HOUSE_FILES = (SHELTER_FILE, STAFF_FILE, DIRECTORY_FILE, SECRETS_FILE)
"""The shelter's own files: an answer may depend on any of them."""

FEWEST_TO_SAVE = 16
"""The fewest new answers for which the index is written; fewer are cheaper to make again than to write down."""

MOST_QUESTIONS = 64
"""The most questions whose answers are kept, those asked last."""

INDEX_VARIABLE = "SHELTERCTL_INDEX"
"""The variable that keeps no index if it says ``off``."""

RECORDS_FOLDER, RECORD_ENDING = "residents", ".yaml.age"

STAMP = Struct("=3qQ2q")
"""The numbers that say of a file whether it may have changed: its size, the times of its content and of its entry on
the disk, its place there, its kind with its rights, and the number of its names.
"""

PLACE_BITS = (1 << 64) - 1

STAMPS_AT_ONCE = 64
"""The stamps that are compared at once, since most files did not change."""

_CLIENTS, _NAMES, _STAMPS, _SHARED, _REGISTERS = "clients", "names", "stamps", "shared", "registers"
_QUESTION = "question "


class IndexState(NamedTuple):
    """The files from which answers were made: the clients in order of ids, the names of their files as the system
    lists them, the stamps of these one after the other, and those of the shelter's own files.
    """

    ids: tuple[str, ...] = ()
    names: Sequence[str] = ()
    stamps: bytes = b""
    house: Sequence[Sequence[int]] = ()


class JournalChanges(NamedTuple):
    """The files that lines of the journals name which are new since answers were made, and whether one gives a file
    up.
    """

    files: frozenset[str] = frozenset()
    gives_up: bool = False


class ClientIndex:
    """The answers about the clients of one store, as they hold on the day that *watch* takes as today.

    *folder* is where this key keeps what it remembers of stores. An index that does not *save* keeps what it learns for
    this run alone.
    """

    def __init__(self, store: Store, day: date, folder: Path, *, saves: bool = True) -> None:
        self.store = store
        self.watch = Watch(day)
        chain = store.vault.journal.chain
        self._path, self._saves = folder / f"{chain.root[:MARK_LENGTH]}.index", saves
        self._state: IndexState | None = None
        self._logs: Mapping[str, DeviceLog] = {}
        self._columns: dict[str, AnswerColumn] = {}
        self._packed: dict[str, bytes] = {}
        self._gone: set[int] = set()
        """The places whose answers in the columns that are still packed hold no more."""

        self._seen: dict[str, int] = {}
        self._shared = SharedValues()
        self._registers = RegisterAnswers()
        self._made = 0

    def read(
        self,
        names: Sequence[str],
        answer: Callable[[Client], Sequence[Any]],
        read_client: Callable[[str], Client] | None = None,
        *,
        wanted: Sequence[Callable[[Any], bool]] | None = None,
    ) -> Iterator[tuple[str, Sequence[Any]]]:
        """Yield the id of each client whose file is whole, with her answers to the named questions, in order of ids.

        *answer* gives the answers for one client, whose file is read only where one of them is not known. It takes the
        day from *watch*, and notes there what it read elsewhere. Damaged files are kept in the store's *damaged*.
        *read_client* reads what the questions need of a file; without it the whole file is read. With *wanted*, one
        function for each of the first questions, only clients are yielded of whom one answer is wanted: each function
        is asked once about answers that are alike.
        """
        ids, columns, unkept = self._answer(names, answer, read_client)
        places: Iterable[int] = range(len(ids))
        if wanted is not None:
            found = (one.places_having(is_wanted) for one, is_wanted in zip(columns, wanted, strict=False))
            places = sorted({at for at, made in unkept.items() if _is_one_wanted(made, wanted)}.union(*found))
        kept = [(one.values.values, one.value_numbers[:]) for one in columns]  # another question may forget some
        for at in places:
            made = unkept[at] if at in unkept else [values[numbers[at]] for values, numbers in kept]
            if made is not None:
                yield ids[at], made

    def count(
        self, names: Sequence[str], answer: Callable[[Client], Sequence[Any]]
    ) -> Iterator[tuple[Sequence[Any], int]]:
        """Yield the answers to the named questions that clients whose files are whole have, each with how many have
        them; see `read`.
        """
        _, columns, unkept = self._answer(names, answer)
        alike = Counter(zip(*(one.value_numbers for one in columns), strict=True))
        for at in unkept:
            alike[tuple(one.value_numbers[at] for one in columns)] -= 1
        for numbers, times in alike.items():
            if times:
                yield [one.values.values[number] for one, number in zip(columns, numbers, strict=True)], times
        yield from ((made, 1) for made in unkept.values() if made is not None)

    def choose(self, name: str, answer: Callable[[Client], Any], is_wanted: Callable[[Any], bool]) -> Iterator[Client]:
        """Yield each client whose file is whole and whose answer to the named question *is wanted*, in order of ids.

        Other files are opened only where the answer is not known. One file is kept at a time.
        """
        ids, columns = self._begin([name])
        lacking = {at for one in columns for at in one.places_lacking(date.toordinal(self.watch.first))}
        wanted = {at for one in columns for at in one.places_having(is_wanted)} | lacking
        for at in report_steps(sorted(wanted), READING_FILES):
            if at in lacking:
                columns[0].forget(at)
            if (her := self._read_client(ids[at])) is None:
                continue
            if at not in lacking or is_wanted(self._answer_for(at, her, columns, lambda one: [answer(one)])[0]):
                yield Client(her.facts)  # not the one that was answered: it may have kept what holds today alone
        self._save_if_worth()

    def read_of_registers(self, name: str, answer: Callable[[], Any]) -> Any:
        """Return the answer to a named question about the registers as a whole, a JSON value.

        *answer* gives it where it is not known; it takes the day from *watch*, and notes there if it read more than the
        registers and the shelter's own files. An answer without a file that could not be read is not kept.
        """
        self._look()
        with translate_disk_errors("registers"):
            files = list_register_files(self.store.root)
        self._registers.look([name, *_stamp_file(self.store.root / name)] for name in files)
        today = date.toordinal(self.watch.first)
        if known := self._registers.known(name, today):
            return known[0]
        self.watch.begin()
        made = answer()
        if not (self.watch.elsewhere or self._has_trouble_besides_clients()):
            self._registers.keep(name, made, Held(today, self.watch.until))
            self.save()
        return made

    def _has_trouble_besides_clients(self) -> bool:
        store = self.store
        return not all(map(RECORD_FILE_NAME.fullmatch, (*store.damaged, *store.read_only_files)))

    def keep_once(self, said: Any) -> int:
        """Keep a JSON value that many answers share, and return its number for `kept_once`."""
        return self._shared.add(said)

    def kept_once(self, number: int) -> Any:
        """Return the value that answers share."""
        return self._shared.values[number]

    @property
    def key_for_names(self) -> bytes:
        """The key under which names are hashed, of this device and this store alone."""
        return bytes.fromhex(
            self.store.identity.mark(b"index of names " + self.store.vault.journal.chain.root.encode())
        )

    def _answer(
        self,
        names: Sequence[str],
        answer: Callable[[Client], Sequence[Any]],
        read_client: Callable[[str], Client] | None = None,
    ) -> tuple[Sequence[str], Sequence[AnswerColumn], Mapping[int, Sequence[Any] | None]]:
        """Return the ids of all clients, the answers to these questions as they are kept, and by the place of the
        client those that were made now and are not kept; None where her file could not be read.
        """
        ids, columns = self._begin(names)
        today = date.toordinal(self.watch.first)
        lacking = sorted({at for one in columns for at in one.places_lacking(today)})
        unkept: dict[int, Sequence[Any] | None] = {}
        for at in report_steps(lacking, READING_FILES):
            for one in columns:
                one.forget(at)
            her = self._read_client(ids[at], read_client)
            made = None if her is None else self._answer_for(at, her, columns, answer)
            if made is None or not columns[0].is_known(at):
                unkept[at] = made
        self._save_if_worth()
        return ids, columns, unkept

    def _begin(self, names: Sequence[str]) -> tuple[Sequence[str], Sequence[AnswerColumn]]:
        """Return the ids of all clients, and the answers to these questions as far as they are known."""
        self.store.require_files_open()
        ids = self._look().ids
        return ids, [self._column(name) for name in names]

    def _save_if_worth(self) -> None:
        """Write what is known, if enough of it is new."""
        if self._made >= FEWEST_TO_SAVE:
            self.save()

    def _answer_for(
        self, at: int, her: Client, columns: Sequence[AnswerColumn], answer: Callable[[Client], Sequence[Any]]
    ) -> Sequence[Any]:
        """Return the answers for one client, and keep them as long as they hold."""
        self.watch.begin()
        made = answer(her)
        if not self.watch.elsewhere and record_file(her.id) not in self.store.read_only_files:
            self._made += 1
            for one, value in zip(columns, made, strict=True):
                one.keep(at, value, Held(date.toordinal(self.watch.first), self.watch.until))
        return made

    def _read_client(self, id_: str, read_client: Callable[[str], Client] | None = None) -> Client | None:
        """Return a client from her file; None, with the error kept, if it could not be read."""
        try:
            return read_client(id_) if read_client else Client(self.store.read(id_).value)
        except (Damaged, CannotOpen, Conflict) as error:
            self.store.damaged[record_file(id_)] = error
            return None

    def save(self) -> None:
        """Write what is known beside the key, if it can be written; else the next command makes it again."""
        self._made = 0
        if not self._saves or self._state is None:
            return
        if self._gone:
            self._columns, self._gone = {name: self._column(name) for name in [*self._packed, *self._columns]}, set()
        kept = {**self._packed, **{question: one.pack() for question, one in self._columns.items()}}
        asked_last = list(kept.items())[-MOST_QUESTIONS:]
        sections = {
            _CLIENTS: "\n".join(self._state.ids).encode(),
            _NAMES: os.fsencode("\0".join(self._state.names)),
            _STAMPS: self._state.stamps,
            _SHARED: dump_value(self._shared.values).encode(),
            _REGISTERS: self._registers.pack(),
            **{_QUESTION + question: data for question, data in asked_last},
        }
        journals = {device: _describe_log(log) for device, log in self._logs.items() if log.lines}
        head = {"journals": journals, "house": self._state.house}
        write_image(self._path, self.store.identity, self._bound(), Image(head, sections))

    def _read_file(self) -> None:
        """Take what the file beside the key has, if this key wrote it for this store as it was or is."""
        image = read_image(self._path, self.store.identity, self._bound())
        if image is None:
            return
        logs = {device: log for device, log in self._logs.items() if log.lines}
        told = image.head["journals"]
        if not all(device in logs and _goes_on(logs[device], said) for device, said in told.items()):
            return
        packed = {}
        for name, data in image.sections.items():
            if name.startswith(_QUESTION):
                packed[name.removeprefix(_QUESTION)] = data
        ids = tuple(image.sections[_CLIENTS].decode().split())
        self._shared, self._packed = SharedValues(json.loads(image.sections[_SHARED])), packed
        self._registers = RegisterAnswers(*json.loads(image.sections[_REGISTERS]))
        names = os.fsdecode(image.sections[_NAMES]).split("\0")
        self._state = IndexState(ids, names, image.sections[_STAMPS], image.head["house"])
        self._seen = {device: int(said[0]) for device, said in told.items()}

    def _bound(self) -> bytes:
        """Return what an index is bound to: the store, its chain of trust, the key, the rulebook and the program."""
        chain = self.store.vault.journal.chain
        trust = hashlib.sha256(chain.lines).hexdigest()
        parts = (chain.root, trust, self.store.identity.device, __version__, fingerprint_rulebook(self.store.rulebook))
        return json.dumps(parts).encode()

    def _column(self, question: str) -> AnswerColumn:
        """Return the answers to a question as far as they are known; the one asked last comes last."""
        found = self._columns.pop(question, None)
        if found is None:
            count, packed = len(self._state.ids) if self._state else 0, self._packed.pop(question, None)
            found = AnswerColumn.unpack(packed) if packed is not None else AnswerColumn(count)
            for at in self._gone if packed is not None else ():
                found.forget(at)
        self._columns[question] = found
        return found

    def _look(self) -> IndexState:
        """Return the files as they are now, and forget the answers for those that may have changed."""
        journal = self.store.vault.journal
        logs, before = dict(journal.logs.by_device()), self._logs
        if self._state is not None and all(before.get(device) is log for device, log in logs.items()):
            return self._state
        self._logs = logs
        if self._state is None:
            self._read_file()
        changes = self._find_changes(before) if self._state else None
        house = [_stamp_file(self.store.root / name) for name in HOUSE_FILES]
        state = self._state
        if state is None or changes is None or house != state.house or not changes.files.isdisjoint(HOUSE_FILES):
            self._columns, self._packed, state, changes = {}, {}, IndexState(), JournalChanges()
            self._gone = set()
            self._shared, self._registers = SharedValues(), RegisterAnswers()
        self._registers.forget_changed(changes.files)
        names, stamps = _stamp_records(self.store.root / RECORDS_FOLDER)
        ids = self._list_ids(state, changes, names)
        if ids != state.ids:
            self._reorder(state.ids, ids)
        self._forget_changed(ids, (*changes.files, *_find_changed_files(state, names, stamps)))
        self._state = IndexState(ids, names, stamps, house)
        self._seen = {device: len(log.lines) for device, log in logs.items()}
        return self._state

    def _find_changes(self, before: Mapping[str, DeviceLog]) -> JournalChanges | None:
        """Return what lines say that are new since answers were made; None if the journals do not go on from there."""
        files, gives_up = set[str](), False
        for device, log in self._logs.items():
            old = before.get(device)
            if old is not None and not (
                log.lines.startswith(old.lines) and (log.broken, log.behind_end) == (old.broken, old.behind_end)
            ):
                return None
            new = log.lines[self._seen.get(device, 0) :]
            files.update(iterate_files(new))
            gives_up = gives_up or GIVEN_UP in new
        return JournalChanges(frozenset(files), gives_up)

    def _list_ids(self, state: IndexState, changes: JournalChanges, names: Sequence[str]) -> tuple[str, ...]:
        """Return the ids of all clients in order, of missing files too."""
        are_new = not all(
            _is_listed(state.ids, one[1]) for one in map(RECORD_FILE_NAME.fullmatch, changes.files) if one
        )
        if state.ids and names == state.names and not (changes.gives_up or are_new):
            return state.ids
        return tuple(self.store.ids())

    def _reorder(self, before: Sequence[str], ids: Sequence[str]) -> None:
        """Give each client the answers that she had at her place before."""
        old = {id_: at for at, id_ in enumerate(before)}
        places = [old.get(id_) for id_ in ids]
        for name in [*self._columns, *self._packed]:
            self._columns[name] = self._column(name).reordered(places)
        self._gone = set()

    def _forget_changed(self, ids: Sequence[str], names: Iterable[str]) -> None:
        """Forget the answers for each client whose file has one of these names.

        Columns that are still packed forget them when they are unpacked: most commands ask for a few columns.
        """
        changed = (name.removeprefix(f"{RECORDS_FOLDER}/").removesuffix(RECORD_ENDING) for name in names)
        gone = {bisect_left(ids, id_) for id_ in changed if _is_listed(ids, id_)}
        self._gone |= gone
        for column in self._columns.values():
            for at in gone:
                column.forget(at)


def may_keep_index(store: Store) -> bool:
    """Whether answers about this store may be kept: it is no plan of acts and no backup, its chain has a root, and our
    key is of a device whose role opens files.
    """
    if type(store) is not Store or os.environ.get(INDEX_VARIABLE) == "off":
        return False
    vault, closed = store.vault, store.vault.closed_because
    return bool(store.identity.device and vault.journal.chain.root and not closed and vault.opens(FILE_PART))


def _is_one_wanted(answers: Sequence[Any] | None, wanted: Sequence[Callable[[Any], bool]]) -> bool:
    pairs = zip(wanted, answers or (), strict=False)
    return any(is_wanted(answer) for is_wanted, answer in pairs)


def _find_changed_files(state: IndexState, names: Sequence[str], stamps: bytes) -> Iterable[str]:
    """Return the names of the files that are new, gone, or have other stamps than before."""
    if names == state.names:
        return (names[at] for at in _find_changed_stamps(state.stamps, stamps))
    old, new = _stamps_by_name(state.names, state.stamps), _stamps_by_name(names, stamps)
    return (name for name in {*old, *new} if old.get(name) != new.get(name))


def _find_changed_stamps(before: bytes, now: bytes) -> Iterator[int]:
    """Yield the places of the stamps that are others than *before*."""
    length = STAMP.size
    for first in range(0, len(now), length * STAMPS_AT_ONCE):
        last = min(first + length * STAMPS_AT_ONCE, len(now))
        if before[first:last] == now[first:last]:
            continue
        for start in range(first, last, length):
            if now[start : start + length] != before[start : start + length]:
                yield start // length


def _stamps_by_name(names: Sequence[str], stamps: bytes) -> Mapping[str, bytes]:
    return {name: stamps[at * STAMP.size : (at + 1) * STAMP.size] for at, name in enumerate(names)}


def _describe_log(log: DeviceLog) -> list[Any]:
    """Return what a journal must go on from: its length, its hash, the lines signed for as broken, and the length of
    what follows its end, -1 without one.
    """
    behind = -1 if log.behind_end is None else len(log.behind_end)
    return [len(log.lines), log.hash_beginning(len(log.lines)), sorted(log.broken), behind]


def _is_listed(ids: Sequence[str], id_: str) -> bool:
    at = bisect_left(ids, id_)
    return at < len(ids) and ids[at] == id_


def _goes_on(log: DeviceLog, said: Sequence[Any]) -> bool:
    """Whether a journal goes on from the state that was described."""
    length, digest, broken, behind = said
    ended = -1 if log.behind_end is None else len(log.behind_end)
    alike = (sorted(log.broken), ended) == (broken, behind)
    return alike and len(log.lines) >= length and log.hash_beginning(length) == digest


def _stamp_records(folder: Path) -> tuple[list[str], bytes]:
    """Return the names of all files in the folder of clients' files, as the system lists them, and their stamps one
    after the other; none without a folder.

    Where the system can, the folder is opened once, so that its path is not walked anew for each file.
    """
    names, stamps, opened, pack = list[str](), list[bytes](), None, STAMP.pack
    with suppress(FileNotFoundError, NotADirectoryError), translate_disk_errors(RECORDS_FOLDER):
        try:
            opened = os.open(folder, os.O_RDONLY) if os.scandir in os.supports_fd else None
            with os.scandir(folder if opened is None else opened) as there:
                for each in there:
                    stamps.append(pack(*make_stamp(each.stat(follow_symlinks=False))))
                    names.append(each.name)
        finally:
            if opened is not None:
                os.close(opened)
    return names, b"".join(stamps)


def _stamp_file(path: Path) -> list[int]:
    """Return the stamp of a file as numbers; a single zero if there is none."""
    try:
        return [*make_stamp(path.lstat())]
    except OSError:
        return [0]


def make_stamp(found: os.stat_result) -> tuple[int, ...]:
    """Return the numbers of a stamp. Of a place on the disk that has more than 64 bits the lower ones are taken."""
    place = found.st_ino & PLACE_BITS
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, place, found.st_mode, found.st_nlink


def fingerprint_rulebook(rulebook: Rulebook) -> str:
    """Return what tells a rulebook from another: of the shipped one the sizes and times of its files, else its digest.

    To read the shipped files for a digest would take as long as a list.
    """
    if not rulebook.trusted:
        return rulebook.digest
    stamps = sorted(
        (str(path.relative_to(rulebook.folder)), *make_stamp(path.lstat())[:2])
        for pattern in ("*.yaml", "*/*.yaml")
        for path in rulebook.folder.glob(pattern)
    )
    return hashlib.sha256(repr(stamps).encode()).hexdigest()
