"""The journals mended, and files signed for whose line was lost or does not count, each once it was seen."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from shelterctl import ask, output, screen
from shelterctl.act import damage, vouching
from shelterctl.act.discretion import named, note
from shelterctl.act.mending import journals
from shelterctl.core.finding import Outcome, Said
from shelterctl.desk import Desk, walked
from shelterctl.errors import Usage
from shelterctl.journal import WHY_ENDED, lacking
from shelterctl.language import N_, current
from shelterctl.vault.header import repair_of
from shelterctl.view import card, unproven

NOTHING = N_("Nothing in the journals is broken.")
JOURNALS = N_("The journals are put right: lines brought back {back}, signed for as broken {signed}, lost {lost}.")
KNOWN = N_("Noted that you know of it: untrue lines about other lines: {known}. They count for nothing.")
BEHIND = N_(
    "Noted that you know of it: lines behind the ends of computers that were shut out: {behind}. They count for "
    "nothing."
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
WAITING = N_(
    "Files here that no line of a journal names: {files}. Lines that were lost: {lines}. What nobody of the house "
    "knows may be a stranger's."
)
WAITING_OUT = N_(
    "Files here that only a computer saved which was shut out: {files}. Whoever has it may have put anything "
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
    "{place}: the computer {device} saved it, which was shut out ({why}). Was it somebody of the house, do you know "
    "what you have just seen, and is it right?"
)
VOUCHED = N_("Signed for as they were shown: {places}.")
TAMPERED = "--give-up --reason-code tampered_with"


def sign_for(here: Desk, what: str, version: str) -> Outcome:
    """Sign for one file just as it was shown: by its place, and the SHA-256 of its bytes."""
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


def mend(here: Desk, source: str | None, give_up: bool, names: bool) -> Outcome:
    """Mend the journals, then show each file that nothing proves; whoever sits here may sign for it."""
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
    """The number of files to sign for: those whose line was lost, and those that a device saved behind its end."""
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
    """The sentences on a file that was not signed for, with all that it says where nobody has seen it at a terminal."""
    facts = {"place": one.name, "sha256": one.version, "aside": repair_of(one.name, TAMPERED)}
    facts |= {"repair": repair_of(one.name)} if one.before else {}
    if sitting:
        return ((LEFT_BEFORE if one.before else LEFT, facts),)
    lines = tuple((card.LINE, {"line": line}) for line in ("", *says, ""))
    return (*lines, (SHOWN_BEFORE if one.before else SHOWN, facts))
