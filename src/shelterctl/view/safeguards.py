"""The safeguards against the loss of a store, in sentences for a person: backups on other disks, and a tested recovery
paper.
"""

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

NO_BACKUP_YET = N_("No backup has been made on this computer yet.")
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
NO_BACKUP_ON_OTHER_DISK = N_("Backups made here, on other disks: none of {wanted}. Make one on a stick.")
FEW_BACKUPS_ON_OTHER_DISKS = N_(
    "Backups made here, on other disks: {verified} of {wanted}. Make one on a second stick."
)
BACKUPS_TOO_OLD = N_("Backups made here, on other disks: {verified} of {wanted}. Too old: {folder}.")
ENOUGH_BACKUPS = N_("Backups made here, on other disks: {verified} of {wanted}.")
BACKUPS_OPEN_TO_SHUT_OUT = N_(
    "Backups that somebody who was shut out can still open: {count}, on disks: {disks} ({folders}). Make a "
    "new backup on each of these disks, then erase the older ones there."
)
TRY_RECOVERY_PAPER = N_("Test the recovery paper this quarter: shelterctl check --recovery FILE")

BACKUP_DAYS = 7
"""The age in days from which the last backup causes a reminder."""


def overview_reminder(session: Session) -> FilledSentences:
    """Return the reminders of the first screen: on backups in one line, and on the recovery paper."""
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
    """Return the sentence on the backup that is missing on another disk, if one is."""
    facts: dict[str, object] = {"verified": len(verified), "wanted": BACKUPS_WANTED}
    if len(verified) >= BACKUPS_WANTED:
        return ()
    if len(verified) + len(stale) >= BACKUPS_WANTED:
        return ((BACKUPS_TOO_OLD, {**facts, "folder": stale[0].place}),)
    return ((FEW_BACKUPS_ON_OTHER_DISKS if verified else NO_BACKUP_ON_OTHER_DISK, facts),)


def _split_backups(session: Session, today: date, chain: Chain) -> tuple[Sequence[NotedBackup], Sequence[NotedBackup]]:
    """Return the newest backup on each other disk, in two groups: those that count, and those that do not.

    A backup does not count if it is too old or opens with an old recovery paper.
    """
    split: dict[bool, list[NotedBackup]] = {True: [], False: []}
    for row in backups_on_other_disks(session):
        split[is_backup_current(row, today, chain)].append(row)
    return split[True], split[False]


def _trial_advice(session: Session) -> FilledSentences:
    """Return the advice to test the recovery paper, if that is due on a computer that remembers the store."""
    due = read_drill(session)
    return ((TRY_RECOVERY_PAPER, {}),) if due and session.today >= due.due_on else ()


def lacking_safeguards(session: Session) -> FilledSentences:
    """Return the sentences of a check on missing backups and an untested recovery paper.

    There is no note if the store is itself a backup, or on a computer that does not remember it.
    """
    if not _is_remembered_store(session):
        return ()
    return (
        *_lacking_backups(*_split_backups(session, session.today, session.store.vault.journal.chain)),
        *_open_backups_sentence(session),
        *_trial_advice(session),
    )


def sentences_after_backup(session: Session, today: date) -> FilledSentences:
    """Return the sentences after a backup: how many there are now, and which of them can be opened by somebody shut
    out.
    """
    verified, stale = _split_backups(session, today, read_unproven_chain(session.root))
    enough: FilledSentences = ((ENOUGH_BACKUPS, {"verified": len(verified), "wanted": BACKUPS_WANTED}),)
    return (*(_lacking_backups(verified, stale) or enough), *_open_backups_sentence(session))


def safeguards_as_data(session: Session) -> dict[str, Any]:
    """Return the backups and the last test of the paper, for a program; empty where a check says nothing of them."""
    if not _is_remembered_store(session):
        return {}
    due = read_drill(session)
    days = {"tried_on": due.tried_on and due.tried_on.isoformat(), "due_on": due.due_on.isoformat()} if due else {}
    return {**copies_as_data(session, session.today), **({"recovery": days} if days else {})}


def copies_as_data(session: Session, today: date) -> dict[str, Any]:
    """Return the number of backups on other disks that count, the number wanted, and the newest backup on each disk."""
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
    """Return the sentence on backups that somebody who was shut out can still open, with their disks."""
    rows = backups_open_to_shut_out(session)
    facts = {"count": len(rows), "disks": len({row.disk for row in rows}), "folders": list_backup_places(rows)}
    return ((BACKUPS_OPEN_TO_SHUT_OUT, facts),) if rows else ()


def _is_remembered_store(session: Session) -> bool:
    """Whether this computer remembers the store, and the folder is no backup of it."""
    is_backup = BACKUP_FOLDER_NAME.fullmatch(session.root.resolve().name)
    return session.store.vault.journal.remembered is not None and not is_backup
