"""shelterctl repair: what is damaged put right, each by a signed line that check shows for ever."""

from pathlib import Path
from typing import Annotated

import typer

from shelterctl import ask, contract, output, screen
from shelterctl.act import repair as act
from shelterctl.act.damage import reasons
from shelterctl.act.device import put_back
from shelterctl.act.input import read_input
from shelterctl.act.mending import journals, unproven
from shelterctl.cli.options import Ctx, desk
from shelterctl.core.finding import Finding, Outcome, Said
from shelterctl.desk import Desk, walked
from shelterctl.errors import Usage
from shelterctl.language import N_, Plural, current, with_codes
from shelterctl.store import ASIDE, RECORD
from shelterctl.view import card, whole

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
SURE = N_("{place} will be given up: nobody can read it here any more. Is there really no backup of it?")
KEPT = N_("Nothing was given up.")
WHY = N_("In your own words: what happened? It is kept sealed, with the names of staff. Enter leaves it out.")
GIVEN_UP = N_("{place} is given up, and check says so for ever. The damaged file is laid aside in the folder {aside}.")
NOTHING = N_("Nothing in the journals is broken.")
JOURNALS = N_("The journals are put right: lines brought back {back}, signed for as broken {signed}, lost {lost}.")
GONE = N_(
    "Changes that this computer remembers and that are in no copy named here: {lost}. If an older copy was put back, "
    "answer no, and look for the newest one. Are they to be given up?"
)
REMEMBERED = N_(
    "Changes that this computer remembers and that are in no copy named here: {lost}. Nothing was given up."
)
SAY_SO = N_(
    "If an older copy was put back, look for the newest one. Only where there is none: "
    "shelterctl repair journal --give-up"
)
UNVOUCHED = N_(
    "{place} is whole and opens, and no line of the journal names it any more. If it says what you know of her, "
    "sign for it: shelterctl repair journal --vouch"
)
VOUCH = N_("{place}: whole, and no line of the journal names it any more. Is it to be signed for as it is?")
VOUCHED = N_("Signed for as they are: {places}.")
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
        bool, typer.Option("--reseal", help="Seal a file anew that opens for more keys than may read it, or for fewer.")
    ] = False,
    list_: Annotated[
        bool, typer.Option("--trust", help="Put the list of who may read and write back, from memory or a backup.")
    ] = False,
    vouch: Annotated[
        bool, typer.Option("--vouch", help="With journal: sign for whole files that no line names any more.")
    ] = False,
) -> Outcome:
    """Put right what is damaged in the store; nothing is deleted, and each repair is a signed line."""
    # Gather.
    here = desk(ctx)
    if list_:
        count = put_back(here, Path(source) if source else None)
        return Outcome(data={"repaired": {"statements": count}}, said=((LIST, {"statements": count}),))
    if what is None:
        raise Usage("repair/what", WHAT)
    if what == "journal":
        return _journals(here, source, vouch, give_up)
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
        act.reseal(here, name)
        return Outcome(data={"repaired": {"place": name}}, said=((RESEALED, {"place": name}),))
    if give_up:
        return _given_up(here, name, str(reason), source)
    lost = act.from_backup(here, name, Path(str(source)))
    facts = {"place": name, "lost": lost}
    return Outcome(data={"repaired": facts}, said=((LOST if lost else DONE, facts),))


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


def _recognised(here: Desk, name: str) -> bool:
    """Whether whoever sits here signs for a file that nothing proves, once she has seen what it says."""
    if RECORD.fullmatch(name):
        said = whole.lines(unproven(here.store, name), here.shelf, current())
        output.tell(Outcome(prose=tuple((card.LINE, {"line": line}) for line in said), private=True), current())
    return ask.confirm(VOUCH, {"place": name})


def _lost(here: Desk, lines: int, give_up: bool) -> bool:
    """Whether changes that this computer remembers are really to be given up; a script says so with --give-up."""
    if walked(here):
        return ask.confirm(GONE, {"lost": lines})
    if not give_up:
        raise Usage("repair/remembered", REMEMBERED, hint=SAY_SO, lost=lines)
    return True


def _journals(here: Desk, source: str | None, vouch: bool, give_up: bool) -> Outcome:
    folder = Path(source) if source else None
    done, waiting = journals(here, folder, vouch=vouch, agreed=lambda lines: _lost(here, lines, give_up))
    if waiting and walked(here) and all(_recognised(here, name) for name in waiting):
        more, waiting = journals(here, None, vouch=True)
        done = done._replace(vouched=more.vouched)
    facts = {"back": done.back, "signed": done.signed, "lost": done.lost}
    changed = any(facts.values()) or done.vouched
    said: Said = ((JOURNALS, facts),) if changed else ((NOTHING, {}),)
    if done.vouched:
        said = (*said, (VOUCHED, {"places": list(done.vouched)}))
    said = (*said, *((UNVOUCHED, {"place": name}) for name in waiting))
    data = {**facts, "vouched": list(done.vouched), "unvouched": waiting}
    return Outcome(data={"repaired": data}, said=said)
