"""The sitting over a list that parted: who did what, who stays, and what the recovery paper signs."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from shelterctl import ask, screen
from shelterctl.act import settlement as act
from shelterctl.act.recovery import BACK, paper_in
from shelterctl.act.settlement import Parted, Settled
from shelterctl.core.finding import Outcome, Said
from shelterctl.desk import Desk, walked
from shelterctl.errors import ShelterError, Usage
from shelterctl.language import N_, Marked
from shelterctl.trust import Chain
from shelterctl.trust.verdict import NOBODY, PAPER

PARTED = N_("The list of who may read and write has parted: since then it was continued separately, {count} times.")
BRANCH = N_("Continued by {by}, from {on}.")
DONE = {
    "device": N_("{at}: computer {device} of {staff} was admitted."),
    "end": N_("{at}: computer {device} of {staff} was shut out."),
    "recovery": N_("{at}: another recovery paper took the place of the old one."),
    "accept": N_("{at}: the recovery paper signed the list."),
    "settle": N_("{at}: an earlier parting was settled by the recovery paper."),
}
NEWER = N_("{at}: something was done that only a newer shelterctl knows.")
MEANS = N_(
    "A computer that stays reads and writes as before, and all that it saved counts. One that does not stay opens "
    "nothing that is saved from now on, and what it saved after it was shut out does not count. Nothing is erased."
)
ONE = N_(
    "If both wrote in one file since, neither version of it opens while both stay. Then let one of them stay, and the "
    "other join anew afterwards."
)
STAYS = N_("Does computer {device} of {staff} stay?")
STAYS_HERE = N_("Does computer {device} of {staff} stay, at which you sit?")
SURE = N_("These stay: {stay}. These are shut out: {out}. Does the recovery paper sign that?")
SURE_ALL = N_("Neither shuts anybody out whom the other keeps: all of it will hold. Does the recovery paper sign that?")
UNSIGNED = N_("Nothing was signed, and nothing was changed.")
WHO = N_("Say who stays: --keep DEVICE for each, or --keep none. The computers in dispute: {devices}.")
NOT_DISPUTED = N_("These computers are not in dispute: {devices}. Whom the recovery paper itself shut out stays out.")
SETTLED = N_("The list of who may read and write is one again; entries on it: {statements}.")
OUTCOME = N_("Computers that stay: {stay}. Shut out: {out}.")
UNDONE = N_("Undone, because who did it is out: computers {devices} were admitted. To come back, each joins anew.")
PAPER_GONE = N_("Of two recovery papers one counts for nothing any more: the one that was not named first.")
NEXT = N_(
    "Next, at each other computer that stays: shelterctl trust --accept. Then at each of them, and here: "
    "shelterctl rekey"
)
NEXT_OUT = N_(
    "This computer is shut out. Next, at each computer that stays: shelterctl trust --accept, then shelterctl rekey"
)
NONE_LEFT = N_("No computer may write any more. Let one join by the paper: shelterctl trust --join --recovery FILE")
OWN = N_(
    "You can go on with this computer's own list alone. Then what the others did to the list counts for nothing here, "
    "and their computers say that it parted. That is right only where a stranger did it. Do you want that?"
)
NONE = "none"


def settle(here: Desk, recovery: Sequence[Path], keep: Sequence[str], source: Path | None) -> Outcome:
    """Bring a list together that parted, by the paper, once a person has seen who did what and said who stays."""
    # Gather.
    papers = [paper_in(file)[0] for file in recovery]
    lists = act.parted(here, source)
    act.agreed(lists, papers)
    if len(lists.branches) < 2:
        return _answer(here, lists, Settled(act.settled_already(lists), (), (), paper=False), ())

    # Decide.
    chosen = _named(lists, keep) if keep else None
    if walked(here):
        _show(lists)
        chosen = _asked(here, lists) if chosen is None else chosen
    if chosen is None and lists.disputed:
        raise Usage("repair/keep", WHO, devices=list(lists.disputed))
    stay = tuple(sorted(chosen or ()))
    done = act.proposed(here, lists, stay, papers)
    if walked(here) and not _sure(lists, done, stay):
        return Outcome(said=((UNSIGNED, {}),))

    # Act.
    act.settle(here, lists, done.chain)
    return _answer(here, lists, done, stay)


def alone(here: Desk, trouble: ShelterError) -> bool:
    """Whether the person at the terminal goes on with this computer's own list, as if nobody else had continued it."""
    if not walked(here):
        return False
    screen.tell(trouble.message, trouble.facts)
    return ask.confirm(OWN)


def _named(lists: Parted, keep: Sequence[str]) -> set[str]:
    """The devices that were named with --keep. Raises Usage for one over which nobody disagrees."""
    named = {code.strip().lower() for code in keep} - {NONE}
    if strange := sorted(named - set(lists.disputed)):
        known = _known(lists)
        raise Usage("repair/not-disputed", NOT_DISPUTED, devices=[code if code in known else "…" for code in strange])
    return named


def _known(lists: Parted) -> set[str]:
    return {code for branch in lists.branches for code in branch.state.devices}


def _show(lists: Parted) -> None:
    screen.tell(PARTED, {"count": len(lists.branches)})
    for branch in lists.branches:
        by: list[Any] = [f"{code} ({lists.staff(code)})" if code else PAPER for code in branch.made_by()]
        screen.write([""])
        screen.tell(BRANCH, {"by": by, "on": branch.since}, bold=True)
        for statement in branch.said:
            screen.tell(DONE.get(statement.kind, NEWER), _facts(lists, statement.said), indent="  ")
    if lists.disputed:
        screen.write([""])
        screen.tell(MEANS)
    if len(lists.disputed) > 1:
        screen.tell(ONE)


def _facts(lists: Parted, said: Mapping[str, Any]) -> dict[str, Any]:
    about = said.get("device")
    device = str(about["code"] if isinstance(about, dict) else about or "")
    staff = lists.staff(device) if device in _known(lists) else ""
    return {"at": str(said["at"]), "device": device, "staff": staff}


def _asked(here: Desk, lists: Parted) -> set[str]:
    """The devices that stay, each asked for."""
    own = str(here.key.device)
    return {
        code
        for code in lists.disputed
        if ask.confirm(STAYS_HERE if code == own else STAYS, {"device": code, "staff": lists.staff(code)})
    }


def _sure(lists: Parted, done: Settled, stay: Sequence[str]) -> bool:
    for sentence, facts in _lost(done):
        screen.tell(sentence, facts)
    return ask.confirm(SURE if lists.disputed else SURE_ALL, {"stay": _or_nobody(stay), "out": _or_nobody(done.out)})


def _lost(done: Settled) -> Said:
    """The sentences on admissions and papers that have no effect once the paper has signed."""
    gone: Said = ((UNDONE, {"devices": list(done.undone)}),) if done.undone else ()
    return (*gone, *(((PAPER_GONE, {}),) if done.paper else ()))


def _answer(here: Desk, lists: Parted, done: Settled, stay: Sequence[str]) -> Outcome:
    facts = {"statements": len(done.chain.digests)}
    data = {**facts, "kept": list(stay), "ended": list(done.out), "undone": list(done.undone)}
    said: Said = ((SETTLED, facts),)
    if lists.disputed:
        said = (*said, (OUTCOME, {"stay": _or_nobody(stay), "out": _or_nobody(done.out)}))
    return Outcome(
        data={"repaired": data},
        said=(*said, *_lost(done), (_next(done.chain, str(here.key.device)), {}), (BACK, {})),
    )


def _next(chain: Chain, here: str) -> Marked:
    """The next step, seen from the device that is *here*."""
    left = [device.code for device in chain.devices.values() if device.writes and not device.ended]
    return NONE_LEFT if not left else NEXT if here in left else NEXT_OUT


def _or_nobody(codes: Sequence[str]) -> list[Any]:
    return list(codes) or [NOBODY]
