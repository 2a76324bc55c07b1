"""The safeguards against the loss of a store, as a person reads them: backups on other disks, and a tried paper."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from shelterctl.act.copies import WANTED, Copied, counts, last_backup, on_other_disks, opened_by_who_is_out, places
from shelterctl.act.drill import drill
from shelterctl.core.days import days_from
from shelterctl.core.finding import Said
from shelterctl.desk import Desk
from shelterctl.language import N_, Plural
from shelterctl.store import BACKUP, unproven
from shelterctl.trust import Chain

NEVER = N_("No backup was made on this device yet.")
OLD = Plural(
    N_("The last backup is {count} day old."),
    N_("The last backup is {count} days old."),
    "count",
)
OLD_AND_FEW = Plural(
    N_("The last backup is {count} day old; on other disks: {verified} of {wanted}."),
    N_("The last backup is {count} days old; on other disks: {verified} of {wanted}."),
    "count",
)
NONE = N_("Backups from here on other disks: none of {wanted}. Make one on a stick.")
FEW = N_("Backups from here on other disks: {verified} of {wanted}. Make one on a second stick.")
STALE = N_("Backups from here on other disks: {verified} of {wanted}. Too old: {folder}.")
ENOUGH = N_("Backups from here on other disks: {verified} of {wanted}.")
OPEN = N_(
    "Backups that somebody who was shut out can still open: {count}; disks with them: {disks} ({folders}). Make a new "
    "backup on each of these disks, then erase the older ones there."
)
TRY = N_("Try the recovery paper this quarter: shelterctl check --recovery FILE")

BACKUP_DAYS = 7
"""A week after the last backup the next one is reminded of."""


def reminded(here: Desk) -> Said:
    """The reminder of the first screen: of backups, in one line, and of the paper."""
    return (*_of_backups(here), *_to_try(here))


def _of_backups(here: Desk) -> Said:
    last = last_backup(here)
    if last is None:
        return ((NEVER, {}),)
    days, (verified, stale) = days_from(last, here.today), _counted(here, here.today, here.store.vault.journal.chain)
    if days < BACKUP_DAYS:
        return _lacking(verified, stale)
    facts = {"count": days, "verified": len(verified), "wanted": WANTED}
    return ((OLD if len(verified) >= WANTED else OLD_AND_FEW, facts),)


def _lacking(verified: Sequence[Copied], stale: Sequence[Copied]) -> Said:
    """Which backup on another disk is lacking, if one is."""
    facts: dict[str, object] = {"verified": len(verified), "wanted": WANTED}
    if len(verified) >= WANTED:
        return ()
    if len(verified) + len(stale) >= WANTED:
        return ((STALE, {**facts, "folder": stale[0].place}),)
    return ((FEW if verified else NONE, facts),)


def _counted(here: Desk, today: date, chain: Chain) -> tuple[Sequence[Copied], Sequence[Copied]]:
    """The newest backup on each other disk: those that count, and those that are too old, or open with an old paper."""
    split: dict[bool, list[Copied]] = {True: [], False: []}
    for row in on_other_disks(here):
        split[counts(row, today, chain)].append(row)
    return split[True], split[False]


def _to_try(here: Desk) -> Said:
    """The advice to try the recovery paper, once that is due on a computer that remembers the store."""
    due = drill(here)
    return ((TRY, {}),) if due and here.today >= due.due_on else ()


def lacking(here: Desk) -> Said:
    """The backups and the trial that are lacking, as a check says it.

    Nothing is said of a backup that is looked at, or on a computer that remembers nothing.
    """
    if not _at_home(here):
        return ()
    return (*_lacking(*_counted(here, here.today, here.store.vault.journal.chain)), *_open(here), *_to_try(here))


def made(here: Desk, today: date) -> Said:
    """The sentences after a backup was made: how many there are now, and which of them others can open."""
    verified, stale = _counted(here, today, unproven(here.root))
    enough: Said = ((ENOUGH, {"verified": len(verified), "wanted": WANTED}),)
    return (*(_lacking(verified, stale) or enough), *_open(here))


def data(here: Desk) -> dict[str, Any]:
    """The backups and the last trial of the paper, for a program; nothing where a check says nothing of them."""
    if not _at_home(here):
        return {}
    due = drill(here)
    days = {"tried_on": due.tried_on and due.tried_on.isoformat(), "due_on": due.due_on.isoformat()} if due else {}
    return {**of_copies(here, here.today), **({"recovery": days} if days else {})}


def of_copies(here: Desk, today: date) -> dict[str, Any]:
    """The number of backups on other disks that count, how many are wanted, and the newest on each disk."""
    chain = unproven(here.root)
    verified, stale = _counted(here, today, chain)
    out = {row.folder for row in opened_by_who_is_out(here)}
    disks = [
        {
            "disk": row.disk,
            "folder": row.folder,
            "on": row.on.isoformat(),
            "number": row.number,
            "counts": counts(row, today, chain),
        }
        for row in sorted([*verified, *stale], key=lambda row: row.on, reverse=True)
    ]
    return {"copies": {"verified": len(verified), "wanted": WANTED, "disks": disks, "open_to_who_is_out": sorted(out)}}


def _open(here: Desk) -> Said:
    """The backups that somebody who was shut out can still open, by disk."""
    rows = opened_by_who_is_out(here)
    facts = {"count": len(rows), "disks": len({row.disk for row in rows}), "folders": places(rows)}
    return ((OPEN, facts),) if rows else ()


def _at_home(here: Desk) -> bool:
    """Whether this is a store that this computer remembers, and no backup of it."""
    return here.store.vault.journal.known is not None and not BACKUP.fullmatch(here.root.resolve().name)
