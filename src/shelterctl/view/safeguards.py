"""The safeguards against the loss of a store, as a person reads them: backups on other disks, and a tried paper."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from shelterctl.core.finding import FilledSentences
from shelterctl.core.values.days import days_between
from shelterctl.custody.safeguards import (
    BACKUPS_WANTED,
    NotedBackup,
    backups_on_other_disks,
    backups_open_to_shut_out,
    is_backup_current,
    last_backup_day,
    list_backup_places,
    read_drill,
)
from shelterctl.language import Plural
from shelterctl.session import Session
from shelterctl.store.folder import BACKUP_FOLDER_NAME
from shelterctl.store.opening import read_unproven_chain
from shelterctl.trust.chain_state import Chain
from shelterctl.ui_language import N_

NO_BACKUP_YET = N_("No backup was made on this device yet.")
LAST_BACKUP_OLD = Plural(
    N_("The last backup is {count} day old."),
    N_("The last backup is {count} days old."),
    "count",
)
LAST_BACKUP_OLD_AND_FEW = Plural(
    N_("The last backup is {count} day old; on other disks: {verified} of {wanted}."),
    N_("The last backup is {count} days old; on other disks: {verified} of {wanted}."),
    "count",
)
NO_BACKUP_ON_OTHER_DISK = N_("Backups from here on other disks: none of {wanted}. Make one on a stick.")
FEW_BACKUPS_ON_OTHER_DISKS = N_("Backups from here on other disks: {verified} of {wanted}. Make one on a second stick.")
BACKUPS_TOO_OLD = N_("Backups from here on other disks: {verified} of {wanted}. Too old: {folder}.")
ENOUGH_BACKUPS = N_("Backups from here on other disks: {verified} of {wanted}.")
BACKUPS_OPEN_TO_SHUT_OUT = N_(
    "Backups that somebody who was shut out can still open: {count}; disks with them: {disks} ({folders}). Make a new "
    "backup on each of these disks, then erase the older ones there."
)
TRY_RECOVERY_PAPER = N_("Try the recovery paper this quarter: shelterctl check --recovery FILE")

BACKUP_DAYS = 7
"""A week after the last backup the next one is reminded of."""


def overview_reminder(session: Session) -> FilledSentences:
    """The reminder of the first screen: of backups, in one line, and of the paper."""
    return (*_backup_reminder(session), *_trial_advice(session))


def _backup_reminder(session: Session) -> FilledSentences:
    last = last_backup_day(session)
    if last is None:
        return ((NO_BACKUP_YET, {}),)
    days = days_between(last, session.today)
    verified, stale = _split_backups(session, session.today, session.store.vault.journal.chain)
    if days < BACKUP_DAYS:
        return _lacking_backups(verified, stale)
    facts = {"count": days, "verified": len(verified), "wanted": BACKUPS_WANTED}
    return ((LAST_BACKUP_OLD if len(verified) >= BACKUPS_WANTED else LAST_BACKUP_OLD_AND_FEW, facts),)


def _lacking_backups(verified: Sequence[NotedBackup], stale: Sequence[NotedBackup]) -> FilledSentences:
    """Which backup on another disk is lacking, if one is."""
    facts: dict[str, object] = {"verified": len(verified), "wanted": BACKUPS_WANTED}
    if len(verified) >= BACKUPS_WANTED:
        return ()
    if len(verified) + len(stale) >= BACKUPS_WANTED:
        return ((BACKUPS_TOO_OLD, {**facts, "folder": stale[0].place}),)
    return ((FEW_BACKUPS_ON_OTHER_DISKS if verified else NO_BACKUP_ON_OTHER_DISK, facts),)


def _split_backups(session: Session, today: date, chain: Chain) -> tuple[Sequence[NotedBackup], Sequence[NotedBackup]]:
    """The newest backup on each other disk: those that count, and those that are too old, or open with an old paper."""
    split: dict[bool, list[NotedBackup]] = {True: [], False: []}
    for row in backups_on_other_disks(session):
        split[is_backup_current(row, today, chain)].append(row)
    return split[True], split[False]


def _trial_advice(session: Session) -> FilledSentences:
    """The advice to try the recovery paper, once that is due on a computer that remembers the store."""
    due = read_drill(session)
    return ((TRY_RECOVERY_PAPER, {}),) if due and session.today >= due.due_on else ()


def lacking_safeguards(session: Session) -> FilledSentences:
    """The backups and the trial that are lacking, as a check says it.

    Nothing is said of a backup that is looked at, or on a computer that remembers nothing.
    """
    if not _is_remembered_store(session):
        return ()
    return (
        *_lacking_backups(*_split_backups(session, session.today, session.store.vault.journal.chain)),
        *_open_backups_sentence(session),
        *_trial_advice(session),
    )


def sentences_after_backup(session: Session, today: date) -> FilledSentences:
    """The sentences after a backup was made: how many there are now, and which of them others can open."""
    verified, stale = _split_backups(session, today, read_unproven_chain(session.root))
    enough: FilledSentences = ((ENOUGH_BACKUPS, {"verified": len(verified), "wanted": BACKUPS_WANTED}),)
    return (*(_lacking_backups(verified, stale) or enough), *_open_backups_sentence(session))


def safeguards_as_data(session: Session) -> dict[str, Any]:
    """The backups and the last trial of the paper, for a program; nothing where a check says nothing of them."""
    if not _is_remembered_store(session):
        return {}
    due = read_drill(session)
    days = {"tried_on": due.tried_on and due.tried_on.isoformat(), "due_on": due.due_on.isoformat()} if due else {}
    return {**copies_as_data(session, session.today), **({"recovery": days} if days else {})}


def copies_as_data(session: Session, today: date) -> dict[str, Any]:
    """The number of backups on other disks that count, how many are wanted, and the newest on each disk."""
    chain = read_unproven_chain(session.root)
    verified, stale = _split_backups(session, today, chain)
    out = {row.folder for row in backups_open_to_shut_out(session)}
    disks = [
        {
            "disk": row.disk,
            "folder": row.folder,
            "on": row.on.isoformat(),
            "number": row.number,
            "counts": is_backup_current(row, today, chain),
        }
        for row in sorted([*verified, *stale], key=lambda row: row.on, reverse=True)
    ]
    counts = {"verified": len(verified), "wanted": BACKUPS_WANTED}
    return {"copies": {**counts, "disks": disks, "open_to_who_is_out": sorted(out)}}


def _open_backups_sentence(session: Session) -> FilledSentences:
    """The backups that somebody who was shut out can still open, by disk."""
    rows = backups_open_to_shut_out(session)
    facts = {"count": len(rows), "disks": len({row.disk for row in rows}), "folders": list_backup_places(rows)}
    return ((BACKUPS_OPEN_TO_SHUT_OUT, facts),) if rows else ()


def _is_remembered_store(session: Session) -> bool:
    """Whether this is a store that this computer remembers, and no backup of it."""
    is_backup = BACKUP_FOLDER_NAME.fullmatch(session.root.resolve().name)
    return session.store.vault.journal.remembered is not None and not is_backup
