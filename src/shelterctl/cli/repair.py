"""shelterctl repair: what is damaged put right, each by a signed line that check shows for ever."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from shelterctl import ask, contract, screen
from shelterctl.act import repair as act
from shelterctl.act.damage import reasons
from shelterctl.act.device import put_back
from shelterctl.act.input import read_input
from shelterctl.cli import mending
from shelterctl.cli.options import Ctx, InPages, desk
from shelterctl.core.finding import Finding, Outcome
from shelterctl.desk import Desk, walked
from shelterctl.errors import Usage
from shelterctl.journal import lacking
from shelterctl.language import N_, Plural, with_codes
from shelterctl.store import ASIDE
from shelterctl.walk import settlement

WHAT = N_("Say what is to be repaired: a client's id, a file as check names it, journal, or --trust.")
HOW = N_("Say how: --from BACKUP, --reseal, or --give-up with --reason-code.")
WHICH = N_("Say why it is given up, with --reason-code. The reasons are {reasons}.")
DONE = N_("{place} is put right, from a backup. Nothing that was saved is lost.")
LOST = Plural(
    N_("{place} is put right, from a backup. {lost} later version of it is lost: look through what was written."),
    N_("{place} is put right, from a backup. {lost} later versions of it are lost: look through what was written."),
    "lost",
)
RESEALED = N_("{place} is sealed anew: it opens for those who may read it, and for nobody else.")
COUNTED = N_("{place} is sealed anew. Blocks that had no number: {uncounted}. Look through the file.")
COUNT = N_(
    "Sealed blocks without their number: {uncounted} ({place}). If no computer with an older shelterctl joined or "
    "sealed files, somebody may have put older blocks back: answer no. Is the file to be sealed anew?"
)
UNCOUNTED = N_("Nothing was sealed anew.")
SURE = N_("{place} will be given up: nobody can read it here any more. Is there really no backup of it?")
KEPT = N_("Nothing was given up.")
WHY = N_("In your own words: what happened? It is kept sealed, with the names of staff. Enter leaves it out.")
GIVEN_UP = N_("{place} is given up, and check says so for ever. The damaged file is laid aside in the folder {aside}.")
MAYBE = N_(
    "{place} is put right, from a backup. Lines of the journal are lost, and so later versions of it may be: look "
    "through what was written."
)
LIST = N_("The list of who may read and write is put back; entries on it: {statements}. See it with: shelterctl trust")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl repair 7QF2-M9KD --from /media/usb")
def repair(
    ctx: Ctx,
    what: Annotated[
        str | None,
        typer.Argument(metavar="[ID|FILE|journal]", help="A client's id, a file as check names it, or journal."),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="BACKUP",
            help="A backup, or the folder of several; with --give-up: what happened, in a file.",
        ),
    ] = None,
    give_up: Annotated[
        bool, typer.Option("--give-up", help="Sign that the file is lost; with journal: that changes are.")
    ] = False,
    reason: Annotated[str | None, typer.Option("--reason-code", metavar="REASON", help="Why it is given up.")] = None,
    reseal: Annotated[
        bool,
        typer.Option("--reseal", help="Seal a file anew: it opens for the wrong keys, or blocks in it have no number."),
    ] = False,
    list_: Annotated[
        bool, typer.Option("--trust", help="Put the list of who may read and write back, from memory or a backup.")
    ] = False,
    recovery: Annotated[
        list[str] | None,
        typer.Option(
            "--recovery",
            metavar="FILE",
            help="With --trust: the line of the recovery paper, which settles a parted list.",
        ),
    ] = None,
    keep: Annotated[
        list[str] | None,
        typer.Option("--keep", metavar="DEVICE", help="With --recovery: a computer that stays; none, if none does."),
    ] = None,
    vouch: Annotated[
        tuple[str, str] | None,
        typer.Option(
            "--vouch",
            metavar="FILE SHA256",
            help="With journal: sign for one file whose line was lost, just as it was shown.",
        ),
    ] = None,
    names: InPages = False,
) -> Outcome:
    """Put right what is damaged in the store; nothing is deleted, and each repair is a signed line."""
    # Gather.
    here = desk(ctx)
    if list_:
        return _list(here, Path(source) if source else None, recovery or [], keep or [])
    if what is None or recovery or keep:
        raise Usage("repair/what", WHAT)
    if what == "journal":
        return mending.sign_for(here, *vouch) if vouch else mending.mend(here, source, give_up, names)
    if give_up and reason not in (known := reasons()):
        raise Usage("repair/reason", WHICH, reasons=with_codes(known))
    if not give_up and not reseal and source is None:
        raise Usage("repair/how", HOW)

    # Decide.
    name = act.named(here.store, what)
    if act.is_whole(here.store, name):
        return Outcome(findings=(Finding(code="repair/whole", message=act.WHOLE, facts={"place": name}),))

    # Act.
    if reseal:
        return _resealed(here, name)
    if give_up:
        return _given_up(here, name, str(reason), source)
    lost = act.from_backup(here, name, Path(str(source)))
    facts = {"place": name, "lost": lost}
    later = LOST if lost else MAYBE if lacking(here.store.vault.journal) > 0 else DONE
    return Outcome(data={"repaired": facts}, said=((later, facts),))


def _list(here: Desk, source: Path | None, recovery: Sequence[str], keep: Sequence[str]) -> Outcome:
    """The list of who may read and write put back; or, where it parted, made one again by the recovery paper."""
    if recovery or keep:
        return settlement.settle(here, [Path(file) for file in recovery], keep, source)
    count = put_back(here, source, partial(settlement.alone, here))
    return Outcome(data={"repaired": {"statements": count}}, said=((LIST, {"statements": count}),))


def _resealed(here: Desk, name: str) -> Outcome:
    sealed = act.resealed(here, name)
    facts = {"place": name, **({"uncounted": sealed.uncounted} if sealed.uncounted else {})}
    if sealed.uncounted and walked(here) and not ask.confirm(COUNT, facts):
        return Outcome(said=((UNCOUNTED, {}),))
    act.save(here, sealed.change)
    return Outcome(data={"repaired": facts}, said=((COUNTED if sealed.uncounted else RESEALED, facts),))


def _given_up(here: Desk, name: str, reason: str, source: str | None) -> Outcome:
    words = None
    if source:
        given = read_input(source, contract.given_up(here.shelf))
        if given.findings:
            return Outcome(findings=given.findings)
        words = given.value.get("words")
    elif walked(here):
        if not ask.confirm(SURE, {"place": name}):
            return Outcome(said=((KEPT, {}),))
        screen.tell(WHY, bold=True)
        words = ask.line() or None
    act.give_up(here, name, reason, words)
    facts = {"place": name, "reason": reason, "aside": ASIDE}
    return Outcome(data={"repaired": facts}, said=((GIVEN_UP, facts),))
