"""shelterctl repair: what is damaged put right, each by a signed line that check shows for ever."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from shelterctl import ask, contract, output, screen
from shelterctl.act import damage, vouching
from shelterctl.act import repair as act
from shelterctl.act.damage import reasons
from shelterctl.act.device import put_back
from shelterctl.act.discretion import named, note
from shelterctl.act.input import read_input
from shelterctl.act.mending import journals
from shelterctl.cli.options import Ctx, InPages, desk
from shelterctl.core.finding import Finding, Outcome, Said
from shelterctl.desk import Desk, walked
from shelterctl.errors import Usage
from shelterctl.journal import WHY_ENDED, lacking
from shelterctl.language import N_, Plural, current, with_codes
from shelterctl.store import ASIDE
from shelterctl.vault.header import repair_of
from shelterctl.view import card, unproven
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
NOTHING = N_("Nothing in the journals is broken.")
JOURNALS = N_("The journals are put right: lines brought back {back}, signed for as broken {signed}, lost {lost}.")
KNOWN = N_("Noted that you know of it: untrue lines about other lines: {known}. They count for nothing.")
BEHIND = N_(
    "Noted that you know of it: lines behind the ends of devices that were shut out: {behind}. They count for nothing."
)
GONE = N_(
    "Lines of the journals that nothing here brings back: {lost}. A backup may have them, or an older copy was put "
    "back: if so, answer no, and name a backup or find the newest copy. Are they to be given up?"
)
REMEMBERED = N_("Lines of the journals that nothing here brings back: {lost}. Nothing was given up.")
BACKUP_FIRST = N_(
    "A backup may have them: shelterctl repair journal --from BACKUP. If an older copy was put back, look for the "
    "newest one. Only where there is none: shelterctl repair journal --give-up"
)
NOT_IN_IT = N_(
    "No backup there has them. Only where no other backup and no newer copy has them: "
    "shelterctl repair journal --give-up"
)
MAYBE = N_(
    "{place} is put right, from a backup. Lines of the journal are lost, and so later versions of it may be: look "
    "through what was written."
)
WAITING = N_(
    "Files here that no line of a journal names: {files}. Lines that were lost: {lines}. What nobody of the house "
    "knows may be a stranger's."
)
WAITING_OUT = N_(
    "Files here that only a device saved which was shut out: {files}. Whoever has that device may have put anything "
    "into them; somebody of the house may also have worked there who did not know of it. Where a backup has an earlier "
    "version, put that one back rather than sign."
)
SHOWN = N_(
    "If you know all that, sign for just this file, as it was shown: "
    "shelterctl repair journal --vouch {place} {sha256}. If nobody knows it, lay it aside: {aside}"
)
LEFT = N_("{place} was not signed for. If nobody knows it, lay it aside: {aside}")
SHOWN_BEFORE = N_(
    "Put what was saved before back from a backup: {repair}. If you know all that, sign for just this file, as it was "
    "shown: shelterctl repair journal --vouch {place} {sha256}. If there is no backup and nobody knows it, lay it "
    "aside: {aside}"
)
LEFT_BEFORE = N_(
    "{place} was not signed for. Put what was saved before back from a backup: {repair}. Only if there is none, lay it "
    "aside: {aside}"
)
VOUCH = N_("{place}: its line in the journal was lost. Do you know what you have just seen, and is it right?")
VOUCH_OUT = N_(
    "{place}: the device {device} saved it, which was shut out ({why}). Was it somebody of the house, do you know what "
    "you have just seen, and is it right?"
)
VOUCHED = N_("Signed for as they were shown: {places}.")
TAMPERED = "--give-up --reason-code tampered_with"
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
        return _vouched(here, *vouch) if vouch else _journals(here, source, give_up, names)
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


def _vouched(here: Desk, what: str, version: str) -> Outcome:
    one = vouching.chosen(here.store, what, version)
    vouching.vouch(here, one)
    return Outcome(data={"repaired": {"vouched": [one.name]}}, said=((VOUCHED, {"places": [one.name]}),))


def _recognised(here: Desk, one: vouching.Unproven) -> bool:
    """Whether whoever sits here signs for a file that nothing proves, once she has seen what it says."""
    said = unproven.lines(one, here.store, current(), names=True)
    output.tell(Outcome(prose=tuple((card.LINE, {"line": line}) for line in said), private=True), current())
    return ask.confirm(VOUCH_OUT if one.device else VOUCH, _named(here, one))


def _named(here: Desk, one: vouching.Unproven) -> dict[str, Any]:
    """A file by its place, and the device that saved it behind its end, with why that was shut out."""
    device = here.store.vault.journal.chain.devices.get(one.device)
    said = {"device": one.device, "why": WHY_ENDED[device.ended.why]} if device and device.ended else {}
    return {"place": one.name, **said}


def _lost(here: Desk, lines: int, source: str | None, give_up: bool) -> bool:
    """Whether lines that nothing here brings back are really to be given up; a script says so with --give-up."""
    if walked(here):
        return ask.confirm(GONE, {"lost": lines})
    if not give_up:
        raise Usage("repair/remembered", REMEMBERED, hint=NOT_IN_IT if source else BACKUP_FIRST, lost=lines)
    return True


def _journals(here: Desk, source: str | None, give_up: bool, names: bool) -> Outcome:
    folder = Path(source) if source else None
    done = journals(here, folder, lambda lines: _lost(here, lines, source, give_up))
    facts = {"back": done.back, "signed": done.signed, "lost": done.lost}
    said: Said = ((JOURNALS, facts),) if any(facts.values()) else ()
    said = (*said, *(((KNOWN, {"known": done.known}),) if done.known else ()))
    said = (*said, *(((BEHIND, {"behind": done.behind}),) if done.behind else ())) or ((NOTHING, {}),)
    if done.store is None:
        return Outcome(data={"repaired": {**facts, "vouched": [], "unvouched": []}}, said=said)
    waiting = list(vouching.unproven(done.store))
    for one in waiting:
        done.store.wrong.pop(one.name, None)  # what to do about it is told here
    signed = _signed_for(here, waiting) if waiting and walked(here) else []
    left = [one for one in waiting if one.name not in signed]
    shown = [_shown(here, one, names) for one in left]
    told = (line for one, each in zip(left, shown, strict=True) for line in _told(one, each["says"], walked(here)))
    said = (
        *said,
        *(() if walked(here) else _announced(here, waiting)),
        *(((VOUCHED, {"places": signed}),) if signed else ()),
        *told,
        *(note(here, names) if left else ()),
    )
    data = {**facts, "vouched": signed, "unvouched": [one.name for one in left], "waiting": shown}
    findings = tuple(damage.note(error, name) for name, error in vouching.others(done.store, waiting))
    return Outcome(data={"repaired": data}, said=said, findings=findings)


def _signed_for(here: Desk, waiting: Sequence[vouching.Unproven]) -> list[str]:
    """The files that whoever sits here knows, each signed for as soon as she has seen it and said so."""
    for sentence, facts in _announced(here, waiting):
        screen.tell(sentence, facts)
    signed = []
    for one in waiting:
        if (one.device or lacking(here.store.vault.journal) > 0) and _recognised(here, one):
            vouching.vouch(here, one)
            signed.append(one.name)
    return signed


def _announced(here: Desk, waiting: Sequence[vouching.Unproven]) -> Said:
    """How many files somebody may sign for: those whose line was lost, and those that a device saved behind its end."""
    out = sum(bool(one.device) for one in waiting)
    lines = lacking(here.store.vault.journal)
    lost: Said = ((WAITING, {"files": len(waiting) - out, "lines": lines}),) if len(waiting) > out else ()
    return (*lost, *(((WAITING_OUT, {"files": out}),) if out else ()))


def _shown(here: Desk, one: vouching.Unproven, names: bool) -> dict[str, Any]:
    """A file as a page shows it: its place, the SHA-256 of its bytes, and what they say."""
    language = "en" if here.json else current()
    told = unproven.lines(one, here.store, language, names=named(here, names))
    by = {"device": one.device} if one.device else {}
    return {"place": one.name, "sha256": one.version, **by, "says": told}


def _told(one: vouching.Unproven, says: Sequence[str], sitting: bool) -> Said:
    """What is said of a file that was not signed for: all of it, where nobody sits here who has seen it."""
    facts = {"place": one.name, "sha256": one.version, "aside": repair_of(one.name, TAMPERED)}
    facts |= {"repair": repair_of(one.name)} if one.before else {}
    if sitting:
        return ((LEFT_BEFORE if one.before else LEFT, facts),)
    lines = tuple((card.LINE, {"line": line}) for line in ("", *says, ""))
    return (*lines, (SHOWN_BEFORE if one.before else SHOWN, facts))
