"""Broken journals put right: lines brought back where their words can be proved, signed for where they cannot."""

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from shelterctl import bound, errors, machine
from shelterctl.act.backups import backups_at, passed_over
from shelterctl.act.comparison import NOT_NOTED, ROOM
from shelterctl.act.repair import aside, offset_of
from shelterctl.desk import Desk, now_at
from shelterctl.journal import (
    Claim,
    Copy,
    Journal,
    Mend,
    Strand,
    each,
    genuine,
    joined,
    laid_out,
    lines_beyond,
    reached,
    read,
    whole_again,
    wrote,
)
from shelterctl.journal.line import digest_of, length_of
from shelterctl.language import N_
from shelterctl.store import Store
from shelterctl.trust import Chain, Head, Memory, stand, verdict
from shelterctl.vault import Vault

OTHERS = N_("A line of {place} is broken, and this computer cannot sign for another device's journal.")
FROM_BACKUP = N_("Bring the line back from a backup: shelterctl repair journal --from BACKUP")

NOT_HERE = N_(
    "{place} has lines that cannot be brought back, and this computer, which remembers nothing of the store, cannot "
    "sign for them."
)
RESTORE = N_(
    "Name a backup with --from BACKUP; or restore the newest whole backup: shelterctl restore BACKUP --store NEW"
)

NO_COPY = N_(
    "Name the folder of a backup, or the folder that the backups lie in. Only where there is none: "
    "shelterctl repair journal --give-up"
)

NOTHING: Head = (0, 0, "")


class Mended(NamedTuple):
    """What was done to the journals: lines brought back, signed for as broken, lost for ever; the store as it is now.

    Of *known*, the lines that say what is not so, and of those *behind* the ends of devices a person knows from here
    on. There is no store where it was left as it is.
    """

    back: int = 0
    signed: int = 0
    lost: int = 0
    known: int = 0
    behind: int = 0
    store: Store | None = None


class _Bench(NamedTuple):
    """What lies ready: the store's chain, what this computer remembers, and where a journal may be whole."""

    root: Path
    chain: Chain
    memory: Memory
    backups: Sequence[Path]

    def known(self, device: str) -> Head:
        """How far that journal had come when this computer saw it last."""
        known = self.memory.recall()
        return known.journals.get(device, NOTHING) if known else NOTHING

    def ends(self, device: str, lines: bytes) -> bool:
        """Whether these are the lines of a device that was shut out, or begin with them as they were signed then."""
        end = self.chain.devices[device].ended if device in self.chain.devices else None
        return end is not None and Strand.of(lines).ended(end) is not None

    def beyond(self, device: str, lost: int = 0) -> int:
        """The number of the next line of that journal: no lower than any that it ever bore."""
        return max(reached(_lines_of(self.root, device, head=True), device, self.chain), self.known(device)[0] + lost)


def journals(here: Desk, folder: Path | None, agreed: Callable[[int], bool]) -> Mended:
    """Mend the journals, and say what was done.

    *agreed* is asked before lines are given up that nothing here brings back: a backup may have them. Raises Damaged
    where the trust chain is not whole: it is put right first; and where a backup that may have them cannot be read.
    """
    # Gather.
    standing, key = stand(here.root, here.key, here.heads), here.key
    if standing is None or standing.memory is None:
        raise verdict.of_0_1_0()
    forgetful = standing.closed is not None and standing.closed.code == "trust/no-memory"
    if standing.closed and not forgetful:
        raise standing.closed
    bench = _Bench(here.root, standing.chain, standing.memory, _copies(folder))
    own = str(key.device)
    staff, at = bench.chain.devices[own].staff, now_at(offset_of(here.root)).isoformat(timespec="minutes")
    journal = Journal(here.root / "journal", bench.chain, key, bench.memory)
    vault = Vault(here.root, key, bench.chain.recipients, journal)

    # Decide, and act: a line that is brought back decides what the next one is held against.
    with vault.lock():
        back, mends, remains = _looked_through(bench, journal, own)
        journal.refresh()  # a journal of rubbish is kept in memory once, and not for each who looks at it
        if forgetful:
            return _unsigned(back, mends)
        lost = _lost(bench, remains)
        gone = (lost or 0) + len(mends)
        if gone:
            passed_over(_unreadable(bench), bench.backups, "journal")
        if gone and not agreed(gone):  # a backup may have them, or an older copy was put back: nothing is forgotten
            return Mended(back)
        # Signed first, and remembered then: whoever is cut off in between is asked again, and nothing is forgotten.
        bare = Journal(journal.folder, bench.chain, key)
        if mends:
            bare.sign_for([{"mend": mend._asdict()} for mend in mends], by=staff, at=at, beyond=bench.beyond(own))
        if remains:
            bare.sign_for([{"remains": one._asdict()} for one in remains], by=staff, at=at, beyond=bench.beyond(own))
        if back or lost is not None:
            bare.finish()
            facts = {"lines": back, "lost": lost or 0}
            bare.sign_for([facts], by=staff, at=at, beyond=bench.beyond(own, lost or 0))
        known, behind = _known(bare, bench, by=staff, at=at)
        bare.refresh()
        mended = Journal(journal.folder, bench.chain, key, bench.memory)
        forgets = bool(mends) or lost is not None
        if forgets and not mended.adopt():
            raise errors.Disk("check/not-noted", NOT_NOTED, hint=ROOM)
        if (back or known or behind) and not forgets:
            mended.remember()
    return Mended(back, len(mends), lost or 0, known, behind, here.store)


def _looked_through(bench: _Bench, journal: Journal, own: str) -> tuple[int, list[Mend], list[Mend]]:
    """Every journal as far as it can be put right: lines brought back, those that are broken, and what remains of ends.

    Raises Damaged where this computer cannot sign for a broken line.
    """
    back, mends, remains, order = 0, list[Mend](), list[Mend](), list(bench.chain.devices)
    for device in journal.devices:
        lines, broken = _brought_back(bench, device, journal.mends(device))
        lying, back = _lines_of(bench.root, device, head=True), back + lines
        if bench.chain.devices[device].ended:
            if not bench.ends(device, lying):
                remains.append(journal.remains(device, lying))
            continue
        if order.index(device) > order.index(own) and any(
            not wrote(next(islice(each(lying), mend.line - 1, None), b""), device, bench.chain) for mend in broken
        ):
            raise errors.Damaged("repair/another-device", OTHERS, hint=FROM_BACKUP, place=f"journal/{device}.jsonl")
        mends += broken
    return back, mends, remains


def _known(bare: Journal, bench: _Bench, *, by: str, at: str) -> tuple[int, int]:
    """Sign of which lines a person knows now: those that say what is not so, and those behind the ends of devices."""
    own, known = str(bare.writer.device), bare.refused()
    if known:
        bare.sign_for([{"refused": one._asdict()} for one in known], by=by, at=at, beyond=bench.beyond(own))
    behind = bare.behind()
    count = sum(one.lines for one in behind)
    if behind:  # they may have been counted here once, and the number for the sheet never falls
        beyond = bench.beyond(own) + sum(one.counted for one in behind)
        bare.sign_for([{"behind": one.last._asdict()} for one in behind], by=by, at=at, beyond=beyond)
    return len(known), count


def _copies(folder: Path | None) -> list[Path]:
    """The backups that the folder is or has; none where none is named."""
    try:
        return backups_at(folder) if folder else []
    except errors.NotFound as none:
        raise errors.NotFound(none.code, none.message, hint=NO_COPY) from none


def _unsigned(back: int, mends: Sequence[Mend]) -> Mended:
    """Where this computer remembers nothing it signs nothing: what can be is brought back, and nothing else done."""
    if mends:
        raise errors.Damaged("repair/no-memory", NOT_HERE, hint=RESTORE, place=f"journal/{mends[0].device}.jsonl")
    return Mended(back)


def _brought_back(bench: _Bench, device: str, claimed: Collection[Claim]) -> tuple[int, list[Mend]]:
    """One journal written anew with every line that could be brought back; how many, and those that could not."""
    path, raw, plain = bench.root / "journal" / f"{device}.jsonl", b"", True
    try:
        with suppress(errors.NotFound), machine.disk(f"journal/{device}.jsonl"):
            raw = machine.read_regular(path, bound.JOURNAL)
    except errors.Damaged:
        plain = False
        with suppress(errors.Damaged), machine.disk(f"journal/{device}.jsonl"):  # of one that is too long its beginning
            raw = machine.read_regular(path, bound.JOURNAL, head=True)
    others = [lines for backup in bench.backups if (lines := _lines_of(backup, device))]
    if bench.ends(device, begun := raw[: raw.rfind(b"\n") + 1]):
        if not plain:
            _replaced(bench.root, device, begun)
        return 0, []  # what lies behind its end counts for nothing, broken or not
    if counted := next((lines for lines in others if bench.ends(device, lines)), b""):
        _replaced(bench.root, device, counted)
        return lines_beyond(Copy(b"", {device: counted}), Copy(b"", {device: raw})), []
    lines = laid_out(raw)
    found = whole_again(lines, device, bench.chain, others, claimed, bench.known(device)[2])
    whole, lost = joined(lines, found), [one.number for one in found if one.words is None]
    if len(lost) > bound.BROKEN:
        # Rubbish more than damage: what stands before it is kept, the rest lies aside, and is counted as lost.
        found = [one for one in found if one.number < lost[0]]
        whole = whole[: length_of(whole, lost[0] - 1)]
    # A backup may also have the lines behind the last one that lies here.
    after = [other for other in others if other.startswith(whole) and genuine(other, device, bench.chain, claimed)]
    longest = max((whole, *after), key=len)
    if bench.chain.devices[device].ended and not bench.ends(device, longest):
        if not plain and not raw:
            _replaced(bench.root, device, b"")
        return 0, []  # what is left of them is signed for
    if not plain or len(longest) != raw.rfind(b"\n") + 1 or not raw.startswith(longest):
        _replaced(bench.root, device, longest)
    proved = sum(one.words is not None for one in found) + (not found and not raw.startswith(lines))
    broken = [Mend(device, one.number, Strand.of(longest).up_to(one.number)) for one in found if one.words is None]
    return proved + longest.count(b"\n") - whole.count(b"\n"), broken


def _replaced(root: Path, device: str, lines: bytes) -> None:
    """Put these lines in the place of a journal; the one that lies there is laid aside."""
    place = f"journal/{device}.jsonl"
    with machine.disk(place):
        aside(root, place)
        machine.private_folder((root / place).parent)
        machine.replace(root / place, lines)


def _lost(bench: _Bench, remains: Collection[Mend]) -> int | None:
    """The number of lines that this computer remembers and no copy has; None where none of them is missing.

    Of a device that was shut out those are lost that counted at its end, but for what *remains* of them.
    """
    known, left = bench.memory.recall(), {one.device: one.line for one in remains}
    lacking = [
        max(0, head[0] - reached(lines, device, bench.chain))
        for device, head in (known.journals if known else {}).items()
        if device not in left
        and digest_of(lines := _lines_of(bench.root, device, head=True), head[1]) != head[2]
        and not bench.ends(device, lines)
    ]
    for device, count in left.items():
        lines = _lines_of(bench.root, device, head=True)
        lacking.append(max(1, bench.known(device)[0] - reached(lines[: length_of(lines, count)], device, bench.chain)))
    return sum(lacking) if lacking else None


def _unreadable(bench: _Bench) -> dict[Path, str]:
    """The backups of which a journal cannot be read at all, and by which code that is told."""
    broken: dict[Path, str] = {}
    for backup in bench.backups:
        for device in bench.chain.devices:
            try:
                with suppress(errors.NotFound):
                    read(backup / "journal" / f"{device}.jsonl")
            except errors.ShelterError as trouble:
                broken[backup] = trouble.code
    return broken


def _lines_of(folder: Path, device: str, *, head: bool = False) -> bytes:
    """The whole lines of that journal in a store or a backup; none where it cannot be read.

    Of one that is too long those at its *head*, where that is asked for.
    """
    with suppress(errors.ShelterError), machine.disk(device):
        data = machine.read_regular(folder / "journal" / f"{device}.jsonl", bound.JOURNAL, head=head)
        end = data.rfind(b"\n") + 1
        return data if end == len(data) else data[:end]
    return b""
