"""Repair of damaged journals: lines are put back if their content can be proved, else signed for as broken or lost."""

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from shelterctl import errors, limits
from shelterctl.custody.backup_choice import find_backups, refuse_passed_over
from shelterctl.custody.recovery import MAKE_ROOM_ON_DISK, STORE_NOT_NOTED
from shelterctl.custody.rekey import real_time
from shelterctl.custody.repair import lay_aside
from shelterctl.journal.broken_lines import (
    find_broken_lines,
    is_genuine,
    next_line_number,
    put_words_back,
    split_into_lines,
)
from shelterctl.journal.claims import BrokenLineClaim, LineReference, is_written_by
from shelterctl.journal.compare_copies import CopyProgress, count_lines_beyond
from shelterctl.journal.device_log import DeviceLog, read_device_log
from shelterctl.journal.line import hash_beginning, iterate_lines, measure_lines
from shelterctl.journal.store_journal import Journal
from shelterctl.platform.disk_errors import translate_disk_errors
from shelterctl.platform.reading import read_plain_file
from shelterctl.platform.writing import create_private_folder, replace_file
from shelterctl.session import Session
from shelterctl.store.store import Store
from shelterctl.trust import problems
from shelterctl.trust.chain_state import Chain
from shelterctl.trust.key_standing import judge_key
from shelterctl.trust.memory import JournalHead, StoreMemory
from shelterctl.ui_language import N_
from shelterctl.vault.protocol import Vault

BROKEN_LINE_OF_OTHER_DEVICE = N_(
    "A line of {place} is damaged. It is another computer's journal, so this computer cannot sign for it."
)
BRING_LINE_FROM_BACKUP = N_("Bring the line back from a backup: shelterctl repair journal --from BACKUP")

CANNOT_SIGN_FOR_LINES = N_(
    "{place} has lines that cannot be brought back. This computer remembers nothing of the store, so it "
    "cannot sign for them."
)
NAME_BACKUP_OR_RESTORE = N_(
    "Name a backup with --from BACKUP, or restore the newest undamaged backup: shelterctl restore BACKUP --store NEW"
)

NAME_BACKUP_OR_GIVE_UP_LINES = N_(
    "Name the folder of a backup, or the folder that holds the backups. Only if there is no backup: "
    "shelterctl repair journal --give-up"
)

NO_LINES_SEEN: JournalHead = (0, 0, "")


class JournalRepair(NamedTuple):
    """The result of repairing the journals: lines put back, signed for as broken, lost permanently; the store as it is
    now.

    *known* counts false statements about lines, and *behind* lines after the ends of devices, that a person knows of
    from now on. *store* is None if the repair was not completed.
    """

    restored: int = 0
    signed: int = 0
    lost: int = 0
    known: int = 0
    behind: int = 0
    store: Store | None = None


class _RepairContext(NamedTuple):
    """The material of a repair: the store's chain, the memory of this computer, and the backups that may have a journal
    whole.
    """

    root: Path
    chain: Chain
    memory: StoreMemory
    backups: Sequence[Path]

    def last_seen(self, device: str) -> JournalHead:
        """Return the head of a journal as this computer saw it last."""
        known = self.memory.recall()
        return known.journals.get(device, NO_LINES_SEEN) if known else NO_LINES_SEEN

    def is_ended_copy(self, device: str, lines: bytes) -> bool:
        """Whether the lines are, or begin with, those of a shut-out device as they were signed at its end."""
        end = self.chain.devices[device].ended if device in self.chain.devices else None
        return end is not None and DeviceLog.from_lines(lines).cut_at(end) is not None

    def next_number(self, device: str, lost: int = 0) -> int:
        """Return the number of the next line of a journal, never lower than one that it had before."""
        return max(
            next_line_number(_read_whole_lines(self.root, device, head=True), device, self.chain),
            self.last_seen(device)[0] + lost,
        )


def repair_all_journals(session: Session, folder: Path | None, agreed: Callable[[int], bool]) -> JournalRepair:
    """Repair all journals as far as possible and return the result.

    *agreed* is asked, with their number, before lines are given up that nothing here brings back, since another backup
    may have them. Raises Damaged if the trust chain is damaged, which is repaired first, or if a backup that may have
    the lines cannot be read.
    """
    # Gather.
    standing, key = judge_key(session.root, session.key, session.memory_folder), session.key
    if standing is None or standing.memory is None:
        raise problems.take_over_first_error()
    forgetful = standing.closed is not None and standing.closed.code == "trust/no-memory"
    if standing.closed and not forgetful:
        raise standing.closed
    bench = _RepairContext(session.root, standing.chain, standing.memory, _find_backups(folder))
    own = str(key.device)
    staff, at = bench.chain.devices[own].staff, real_time(session.root)
    journal = Journal(session.root / "journal", bench.chain, key, bench.memory)
    vault = Vault(session.root, key, journal)

    # Decide and act together: a line that is put back decides what the next one is checked against.
    with vault.lock():
        back, mends, remains = _repair_each_journal(bench, journal, own)
        journal.refresh()  # so that a large broken journal is in memory only once
        if forgetful:
            return _finish_unsigned(back, mends)
        lost = _count_lost_lines(bench, remains)
        gone = (lost or 0) + len(mends)
        if gone:
            refuse_passed_over(_unreadable_backups(bench), bench.backups, "journal")
        if gone and not agreed(
            gone
        ):  # another backup may have them, or an older copy was put back, so nothing is forgotten
            return JournalRepair(back)
        # Sign first, then remember: after an interruption the question comes again, and nothing is forgotten.
        bare = Journal(journal.folder, bench.chain, key)
        _sign_repair(bare, bench, back, mends, remains, lost, by=staff, at=at)
        known, behind = _sign_known_lines(bare, bench, by=staff, at=at)
        bare.refresh()
        mended = Journal(journal.folder, bench.chain, key, bench.memory)
        forgets = bool(mends) or lost is not None
        if forgets and not mended.remember_anew():
            raise errors.DiskError("check/not-noted", STORE_NOT_NOTED, hint=MAKE_ROOM_ON_DISK)
        if (back or known or behind) and not forgets:
            mended.remember()
    return JournalRepair(back, len(mends), lost or 0, known, behind, session.store)


def _repair_each_journal(
    bench: _RepairContext, journal: Journal, own: str
) -> tuple[int, list[LineReference], list[LineReference]]:
    """Repair each journal as far as possible. Return the number of lines put back, the broken lines, and the last lines
    that remain of shut-out devices.

    Raises Damaged if this computer cannot sign for a broken line.
    """
    back, mends, remains, order = 0, list[LineReference](), list[LineReference](), list(bench.chain.devices)
    for device in journal.devices:
        lines, broken = _bring_back_lines(bench, device, journal.logs.claims_about(device))
        lying, back = _read_whole_lines(bench.root, device, head=True), back + lines
        if bench.chain.devices[device].ended:
            if not bench.is_ended_copy(device, lying):
                remains.append(journal.logs.remaining_lines(device, lying))
            continue
        if order.index(device) > order.index(own) and any(
            not is_written_by(next(islice(iterate_lines(lying), mend.line - 1, None), b""), device, bench.chain)
            for mend in broken
        ):
            message, place = BROKEN_LINE_OF_OTHER_DEVICE, f"journal/{device}.jsonl"
            raise errors.Damaged("repair/another-device", message, hint=BRING_LINE_FROM_BACKUP, place=place)
        mends += broken
    return back, mends, remains


def _sign_repair(
    bare: Journal, bench: _RepairContext, back: int, mends: Sequence[LineReference],
    remains: Sequence[LineReference], lost: int | None, *, by: str, at: str,
) -> None:  # fmt: skip
    """Sign for broken lines, for the remains of shut-out devices, and for the numbers of lines put back and *lost*."""
    own = str(bare.writer.device)
    for key, lines in {"mend": mends, "remains": remains}.items():
        if lines:
            bare.sign_for([{key: line._asdict()} for line in lines], by=by, at=at, beyond=bench.next_number(own))
    if back or lost is not None:
        bare.finish()
        facts = {"lines": back, "lost": lost or 0}
        bare.sign_for([facts], by=by, at=at, beyond=bench.next_number(own, lost or 0))


def _sign_known_lines(bare: Journal, bench: _RepairContext, *, by: str, at: str) -> tuple[int, int]:
    """Sign that a person knows of the false statements about lines and of the lines after the ends of devices. Return
    the number of each.
    """
    own, known = str(bare.writer.device), list(bare.logs.false_claims())
    if known:
        bare.sign_for([{"refused": one._asdict()} for one in known], by=by, at=at, beyond=bench.next_number(own))
    behind = bare.lines_behind_ends()
    count = sum(one.lines for one in behind)
    if behind:  # they may have been counted here once, and the number for the sheet never falls
        beyond = bench.next_number(own) + sum(one.counted for one in behind)
        bare.sign_for([{"behind": one.last._asdict()} for one in behind], by=by, at=at, beyond=beyond)
    return len(known), count


def _find_backups(folder: Path | None) -> list[Path]:
    """Return the backup that the folder is, or the backups in it; empty if no folder is named."""
    try:
        return find_backups(folder) if folder else []
    except errors.NotFound as none:
        raise errors.NotFound(none.code, none.message, hint=NAME_BACKUP_OR_GIVE_UP_LINES) from none


def _finish_unsigned(back: int, mends: Sequence[LineReference]) -> JournalRepair:
    """Return the result on a computer that remembers nothing of the store and so signs nothing. Raises Damaged if
    broken lines are left.
    """
    if mends:
        place = f"journal/{mends[0].device}.jsonl"
        raise errors.Damaged("repair/no-memory", CANNOT_SIGN_FOR_LINES, hint=NAME_BACKUP_OR_RESTORE, place=place)
    return JournalRepair(back)


def _bring_back_lines(
    bench: _RepairContext, device: str, claimed: Collection[BrokenLineClaim]
) -> tuple[int, list[LineReference]]:
    """Rewrite one journal with every line that can be put back. Return their number and the lines that could not be."""
    path, raw, plain = bench.root / "journal" / f"{device}.jsonl", b"", True
    try:
        with suppress(errors.NotFound), translate_disk_errors(f"journal/{device}.jsonl"):
            raw = read_plain_file(path, limits.JOURNAL_BYTES)
    except errors.Damaged:
        plain = False
        with (
            suppress(errors.Damaged),
            translate_disk_errors(f"journal/{device}.jsonl"),
        ):  # of one that is too long its beginning
            raw = read_plain_file(path, limits.JOURNAL_BYTES, head=True)
    others = [lines for backup in bench.backups if (lines := _read_whole_lines(backup, device))]
    if bench.is_ended_copy(device, begun := raw[: raw.rfind(b"\n") + 1]):
        if not plain:
            _replace_journal(bench.root, device, begun)
        return 0, []  # lines after its end do not count, broken or not
    if counted := next((lines for lines in others if bench.is_ended_copy(device, lines)), b""):
        _replace_journal(bench.root, device, counted)
        return count_lines_beyond(CopyProgress(b"", {device: counted}), CopyProgress(b"", {device: raw})), []
    lines = split_into_lines(raw)
    found = find_broken_lines(lines, device, bench.chain, others, claimed, bench.last_seen(device)[2])
    whole, lost = put_words_back(lines, found), [one.number for one in found if one.words is None]
    if len(lost) > limits.BROKEN_LINES_GUESSED:
        # Too many broken lines to guess: those before them are kept, the rest is set aside and counted as lost.
        found = [one for one in found if one.number < lost[0]]
        whole = whole[: measure_lines(whole, lost[0] - 1)]
    # A backup may also have lines after the last one here.
    after = [other for other in others if other.startswith(whole) and is_genuine(other, device, bench.chain, claimed)]
    longest = max((whole, *after), key=len)
    if bench.chain.devices[device].ended and not bench.is_ended_copy(device, longest):
        if not plain and not raw:
            _replace_journal(bench.root, device, b"")
        return 0, []  # what is left of them is signed for
    if not plain or len(longest) != raw.rfind(b"\n") + 1 or not raw.startswith(longest):
        _replace_journal(bench.root, device, longest)
    proved = sum(one.words is not None for one in found) + (not found and not raw.startswith(lines))
    broken = [
        LineReference(device, one.number, DeviceLog.from_lines(longest).hash_up_to(one.number))
        for one in found
        if one.words is None
    ]
    return proved + longest.count(b"\n") - whole.count(b"\n"), broken


def _replace_journal(root: Path, device: str, lines: bytes) -> None:
    """Replace a journal by these lines; the old file is set aside."""
    place = f"journal/{device}.jsonl"
    with translate_disk_errors(place):
        lay_aside(root, place)
        create_private_folder((root / place).parent)
        replace_file(root / place, lines)


def _count_lost_lines(bench: _RepairContext, remains: Collection[LineReference]) -> int | None:
    """Return the number of lines that this computer remembers and no copy has; None if none is missing.

    Of a shut-out device, the lines that counted at its end are lost, except those that *remain*.
    """
    known, left = bench.memory.recall(), {one.device: one.line for one in remains}
    lacking = [
        max(0, head[0] - next_line_number(lines, device, bench.chain))
        for device, head in (known.journals if known else {}).items()
        if device not in left
        and hash_beginning(lines := _read_whole_lines(bench.root, device, head=True), head[1]) != head[2]
        and not bench.is_ended_copy(device, lines)
    ]
    for device, count in left.items():
        lines, seen = _read_whole_lines(bench.root, device, head=True), bench.last_seen(device)[0]
        kept = lines[: measure_lines(lines, count)]
        lacking.append(max(1, seen - next_line_number(kept, device, bench.chain)))
    return sum(lacking) if lacking else None


def _unreadable_backups(bench: _RepairContext) -> dict[Path, str]:
    """Return the backups with a journal that cannot be read at all, each with the code of the error."""
    broken: dict[Path, str] = {}
    for backup in bench.backups:
        for device in bench.chain.devices:
            try:
                with suppress(errors.NotFound):
                    read_device_log(backup / "journal" / f"{device}.jsonl")
            except errors.ShelterError as trouble:
                broken[backup] = trouble.code
    return broken


def _read_whole_lines(folder: Path, device: str, *, head: bool = False) -> bytes:
    """Return the complete lines of a journal in a store or a backup; empty if it cannot be read.

    With *head*, a journal that is too long gives the lines at its beginning.
    """
    with suppress(errors.ShelterError), translate_disk_errors(device):
        data = read_plain_file(folder / "journal" / f"{device}.jsonl", limits.JOURNAL_BYTES, head=head)
        end = data.rfind(b"\n") + 1
        return data if end == len(data) else data[:end]
    return b""
