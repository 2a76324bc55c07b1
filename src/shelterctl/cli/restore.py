"""shelterctl restore: a store put back from a backup into an empty place, verified, and opened."""

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from shelterctl import ask, machine, screen
from shelterctl.act.damage import note, shortened
from shelterctl.cli.backup import counted
from shelterctl.cli.options import Ctx, desk
from shelterctl.core.finding import Finding, Outcome, Said, Severity
from shelterctl.desk import Desk, walked
from shelterctl.errors import Damaged, Disk, ShelterError, Usage
from shelterctl.language import N_, Both, Plural

if TYPE_CHECKING:
    from shelterctl.act.backups import Choice
    from shelterctl.vault import Copy

DONE = N_("The store is restored from {name}. Every file is the one that the signed journal names, and opens.")
OLDER = Plural(
    N_("{lacking} change that this computer saw is not in this backup."),
    N_("{lacking} changes that this computer saw are not in this backup."),
    "lacking",
)
OTHER = N_("This computer saw changes that are not in this backup; others are in their place.")
ALONE = N_("From then on this computer works with the restored store alone, and the other one opens no more.")
SURE = N_("Go on with the restored store?")
LEFT = N_("Nothing was restored.")
GO_ON = N_(
    "From now on work in the restored folder only. If the old one is still there, put it away and do not use it."
)
READING = N_(
    "This key opens the files and cannot change them: list, show and check work. "
    "To work with the store on this computer: shelterctl trust --join --recovery FILE"
)
UNPROVEN = N_(
    "Nothing proves that this is the store that the paper belongs to, for 0.1.0 made it. You can read it; "
    "rely on nothing in it."
)
NUMBER = N_("The number of this copy is {number}.")
NOT_COMPARED = N_(
    "Nobody compared this copy with the sheet in the safe: there may be a newer one. When you have the sheet: "
    "shelterctl check --number N"
)
WHERE = N_("Say where the store is to be restored to, with --store DIR.")
NOT_EMPTY = N_("The folder for the restored store must be empty or not there yet, and not the one that you are in.")
WITHIN = N_("The store cannot be restored into the backup itself.")
PLACE = N_("the restored store")
DAMAGED = N_(
    "The backup {name} is damaged: {count} things in it are not as its journal says, first {place} ({reason})."
)
PASSED_OVER = N_(
    "Backups there that cannot be taken as they are, and may have what the others lack: {count} ({places})."
)
TAKE_IT = N_(
    "Nothing was restored. A note says what is wrong with each. Look for another copy of it. The newest whole backup "
    "here is {name}: if there is no better one, name its folder instead of this one."
)
NONE_WHOLE = N_(
    "Nothing was restored, and no whole backup lies there. Look for another copy. If there is none: with --store and "
    "a backup's own folder, show ID still shows each client whose file is whole."
)
SKIPPED = N_("{backup} was passed over.")
OLD = N_("{backup} was passed over; it has nothing that a whole one there lacks.")
NEXT = N_(
    "Nothing was restored. Look for another copy of it. If there is none, name the folder of the next one, {next}; "
    "changes of this one that it lacks: {lacking}."
)
ANOTHER = N_(
    "Nothing was restored. Take another backup. If there is none: with --store and this backup's folder, "
    "show ID still shows each client whose file is whole."
)
app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl restore /media/usb --store house")
def restore(
    ctx: Ctx,
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DIR",
            help="One backup, or the folder of several: then the newest, unless a damaged one may be newer.",
        ),
    ],
    number: Annotated[
        int | None, typer.Option("--number", metavar="N", help="The last number on the sheet in the safe.")
    ] = None,
    words: Annotated[
        str | None, typer.Option(metavar="WORDS", help="The four words on the paper, to be compared.")
    ] = None,
    unproven: Annotated[
        bool, typer.Option("--unproven", help="Only to read a backup of 0.1.0 with the recovery key alone.")
    ] = False,
) -> Outcome:
    """Put a store back from a backup into the empty folder --store, verify it and open it.

    On a new computer, --identity names a file with the recovery key, which only reads.
    """
    from shelterctl.store import TRUST  # noqa: PLC0415 - pyrage is not needed for help

    # Gather.
    here = desk(ctx)
    if here.option("store") is None:
        raise Usage("restore/where", WHERE)
    target = Path(here.option("store"))
    choice = _chosen(folder, target)
    source = choice.best or folder
    if source.resolve() in (target.resolve(), *target.resolve().parents):
        raise Usage("restore/within", WITHIN)
    if target.resolve() == Path.cwd() or (os.path.lexists(target) and not _is_empty(target)):
        raise Usage("restore/not-empty", NOT_EMPTY)

    # Decide.
    if refused := _passed_over(choice):
        return refused

    # Act.
    try:
        put = _put_back(here, source, target.resolve(), Proof(number, words, unproven))
    except Damaged as damaged:
        raise _with_next(damaged, source, folder) from None
    if put is None:
        return Outcome(said=((LEFT, {}),))
    copy, opened, lacking, number, held = put
    said: Said = (*_alone(lacking), (DONE, {"name": source.name}))
    then = GO_ON if here.own_key.device else READING if TRUST in copy.versions else UNPROVEN
    said = (*said, (NUMBER, {"number": number}), *(() if held else ((NOT_COMPARED, {}),)), (then, {}))
    data = {"from": source.name, "folder": str(target), **counted(copy), "opened": opened, "lacking": lacking}
    sheet = {"number": number, "compared": held}
    findings = (*map(note, copy.told), *_notes(choice))
    return Outcome(data={**data, "sheet": sheet, **_told(choice)}, findings=findings, said=said)


def _alone(lacking: int | None) -> Said:
    """What this computer gives up with an older copy, which is said before anything else."""
    return () if lacking is None else ((OLDER if lacking else OTHER, {"lacking": lacking}), (ALONE, {}))


class Proof(NamedTuple):
    """What a person brings along to prove a backup: the number and the words on her sheet, or that there is nothing."""

    number: int | None
    words: str | None
    unproven: bool


def _chosen(folder: Path, target: Path) -> "Choice":
    """The backup that *folder* is, or the newest that it holds, with those that are passed over for it.

    What an interrupted restore to *target* left there is none.
    """
    from shelterctl.act.backups import Choice, chosen  # noqa: PLC0415 - pyrage is not needed for help
    from shelterctl.store import is_store  # noqa: PLC0415

    return Choice(folder, ()) if is_store(folder) else chosen(folder, [_part(folder / target.name)])


def _passed_over(choice: "Choice") -> Outcome | None:
    """Why nothing is restored, where a backup that was passed over may have what the chosen one lacks."""
    newer = [each.name for each in choice.passed if each.more]
    if not newer:
        return None
    best = choice.best.name if choice.best else None
    facts = {"count": len(newer), "places": shortened(newer), "name": best}
    harm = Damaged("restore/passed-over", PASSED_OVER, hint=TAKE_IT if best else NONE_WHOLE, **facts)
    return Outcome(data=_told(choice), findings=_notes(choice), harm=harm)


def _told(choice: "Choice") -> dict[str, object]:
    """The backups that were passed over, for programs."""
    rows = [
        {"backup": each.name, "reason": each.why.code, "place": each.why.facts.get("place"), "may_be_newer": each.more}
        for each in choice.passed
    ]
    return {"passed_over": rows} if rows else {}


def _notes(choice: "Choice") -> tuple[Finding, ...]:
    """Each backup that was passed over, with what is wrong with it."""
    return tuple(
        Finding(
            code=each.why.code,
            severity=Severity.WARN,
            message=Both(SKIPPED if each.more else OLD, each.why.message),
            facts={**each.why.facts, "backup": each.name},
        )
        for each in choice.passed
    )


def _part(target: Path) -> Path:
    """Where a store is put together before it gets its name."""
    return target.with_name(f".{target.name}.part")


def _is_empty(folder: Path) -> bool:
    return machine.is_plain_folder(folder) and not any(folder.iterdir())


def _put_back(here: Desk, source: Path, target: Path, proof: Proof) -> "tuple[Copy, int, int | None, int, bool] | None":
    """The copy, how many files the key opened, how many lines this device remembers beyond it, the number, and whether
    it was compared with anything; None where whoever sits here would not give these lines up.

    All of it happens under another name, so that a store that is there is whole. What is remembered is brought in line
    last before that: a device that remembers less than it did has lost a guard, one that remembers more cannot work.
    """
    from shelterctl import store, vault  # noqa: PLC0415
    from shelterctl.act import copy as back  # noqa: PLC0415

    key, part = here.own_key, _part(target)
    with machine.disk(PLACE):
        machine.remove_folder(part)
        try:
            machine.private_folder(part / "residents")  # also where there is no client yet
            files, trouble = store.sealed(source)
            copy = vault.copied(files, store.present(source), part, store.ASIDE)
            copy.damage = [*trouble, *copy.damage]
            _refuse(copy, source)
            vault.compared(copy, part)
            fresh, held = back.believed(here, part, key, proof.number, proof.words, unproven=proof.unproven)
            for wrong in fresh.wrong.values():
                raise wrong
            for name in (names := sorted(fresh.vault.journal.files())):
                fresh.vault.read(name)
            for id_ in fresh.ids():
                fresh.read(id_)
            lost = back.given_up(here, fresh)
            lacking = None if lost is None else sum(lost.values())
            if lacking is not None and not _agreed(here, lacking):
                machine.remove_folder(part)
                return None
            back.brought_in_line(here, fresh, lost)
            number = fresh.vault.journal.number()
            with suppress(FileNotFoundError):
                os.rmdir(target)  # Windows puts no folder in the place of another
            machine.rename(part, target)
        except BaseException:
            with suppress(ShelterError, OSError):
                machine.remove_folder(part)
            raise
    return copy, len(names), lacking, number, held


def _agreed(here: Desk, lacking: int) -> bool:
    """Whether the older copy is to be gone on with; who restores in a script wants it so, and is told."""
    if not walked(here):
        return True
    for sentence, facts in _alone(lacking):
        screen.tell(sentence, facts, bold=True)
    return ask.confirm(SURE)


def _refuse(copy: "Copy", source: Path) -> None:
    """A damaged backup is not taken for a store: one that reads a part of its clients would be counted wrong."""
    if not copy.damage:
        return
    first = copy.damage[0]
    if isinstance(first, Disk):
        raise first
    where = first.facts.get("place") or N_("a file of it")
    facts = {"name": source.name, "count": len(copy.damage), "place": where, "reason": first.code}
    raise Damaged("restore/damaged", DAMAGED, hint=ANOTHER, **facts)


def _with_next(damaged: Damaged, source: Path, folder: Path) -> Damaged:
    """The error of a damaged backup; of the newest in a *folder* with the next one, and how many changes that lacks."""
    from shelterctl.act.backups import chosen  # noqa: PLC0415
    from shelterctl.journal import lines_beyond  # noqa: PLC0415
    from shelterctl.store import copy_of  # noqa: PLC0415

    if damaged.code == "restore/damaged" and source != folder:
        with suppress(ShelterError):
            if after := chosen(folder, [source]).best:
                facts = {"next": after.name, "lacking": lines_beyond(copy_of(source), copy_of(after))}
                return Damaged("restore/damaged", DAMAGED, hint=NEXT, **damaged.facts, **facts)
    return damaged
