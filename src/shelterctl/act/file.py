"""What the commands on one client's file share: merging, judging and saving it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from shelterctl import contract
from shelterctl.act.discretion import shrouded
from shelterctl.act.input import Input, checked, read_input, shape_of
from shelterctl.act.wording import worded
from shelterctl.core import act as acts
from shelterctl.core import state as states
from shelterctl.core.around import Around, home_of
from shelterctl.core.entry import listed
from shelterctl.core.finding import Finding, Said, refused, softened
from shelterctl.core.fragment import merge
from shelterctl.core.judgement import judge_listed
from shelterctl.core.merging import Merge
from shelterctl.core.record import Client, Stay, at
from shelterctl.core.stranger import strangers
from shelterctl.core.term import judge_written
from shelterctl.core.track import Track
from shelterctl.desk import Desk
from shelterctl.errors import ShelterError
from shelterctl.language import N_, Coded
from shelterctl.shape import ENOUGH
from shelterctl.store import file_of

ADMISSION, DISCHARGE = "admission", "discharge"
"""The acts that are done to a stay."""

UNFINISHED = "unfinished"
"""Where a file keeps the answers to a paper that is not saved yet, by the paper's name."""

SAME = N_("Everything in this file was there already; nothing changed.")
CHECKED = N_("Nothing would be refused. As --check asked, nothing was written.")
REPLACED = N_("Replaced: {places}.")
LEFT_OUT = N_("Already there, not written once more: {places}. If it happened again, add --again.")
STRUCK = N_("There already, but struck through: {places}. If it is true after all, add --again.")
BY_COMMAND = N_("This is not written down by hand: {command}. Leave it out.")

ACTS = {
    "admission.admitted_on": "admit ID --complete --on DATE",
    "discharge.on": "discharge ID --on DATE",
    "monitoring.reports": "monitor record ID --from FILE",
}
"""Places of a stay that only an act fills, with the command that does."""

COMMANDS = {
    **ACTS,
    "agreements": "agreement ID --form FORM",
    "stays": "admit ID --from FILE",
    "referral": "admit ID --from FILE",
    "done": "admit ID --done ITEM",
    "monitoring.attempts": "monitor attempt ID",
    "monitoring.closed": "monitor close ID",
    "monitoring.scheduled": "monitor schedule ID --on DATE",
}
"""Places that have a command of their own, which knows more of them than the rules of their track."""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Merged:
    """A file with a fragment merged in, and every finding that stops it from being saved."""

    record: Mapping[str, Any]
    merge: Merge
    findings: tuple[Finding, ...]


def read_fragment(here: Desk, source: str | None) -> Input:
    """The fragment that --from names; what only an act may write is refused."""
    return _without_acts(read_input(source, contract.fragment(here.shelf), here.store.offset))


def fragments(here: Desk, given: Iterable[Input]) -> Iterator[Input]:
    """Check fragments that were parsed already against their schema; all of them share one limit of findings."""
    schema, offset = contract.fragment(here.shelf), here.store.offset
    shape, left = shape_of(schema), ENOUGH
    for one in given:
        read = _without_acts(checked(one, schema, offset, shape, max(left, 1)))
        left -= len(read.findings)
        yield read


def _without_acts(given: Input) -> Input:
    if given.findings:
        return given
    found = [
        Finding(
            code="fragment/act",
            message=BY_COMMAND,
            where=(f"/stays/{place}" if place is not None else "") + "/" + path.replace(".", "/"),
            facts={"command": command},
        )
        for path, command in ACTS.items()
        for place, facts in [(None, given.value), *enumerate(given.value.get("stays") or ())]
        if _is_given(facts, path)
    ]
    return Input(given.value, given.located(found), given.document)


def _is_given(facts: Mapping[str, Any], path: str) -> bool:
    """Whether anything is said at a path, be it null, which would take away what stands there."""
    above, _, last = path.rpartition(".")
    holder = at(facts, above) if above else facts
    return isinstance(holder, Mapping) and last in holder


def merged(
    here: Desk, record: Mapping[str, Any], given: Input, *, without_stay: bool = False, again: bool = False
) -> Merged:
    """The file with the fragment in it; its shape is judged as a whole."""
    here.store.writable(file_of(record["id"]))
    keys = contract.keys_of_stay(here.shelf)
    new, going = merge(record, given.value, here.stamp, keys, without_stay=without_stay, again=again)
    new = here.store.moving.merged(new, going) if going.apart else new
    findings = tuple(going.findings) or here.store.misshapen(new)
    if not refused(findings):
        from shelterctl.core.telltale import telltales  # noqa: PLC0415 - where something is written

        findings = (*findings, *telltales(new, contract.nameless(here.shelf), {*going.added, *going.replaced}))
    return Merged(new, going, given.located(findings))


def replaced(places: Sequence[str]) -> Said:
    """The places of her file where something else stood before, as a sentence of an answer; none where nothing did."""
    return ((REPLACED, {"places": places}),) if places else ()


def left_out(going: Merge) -> Said:
    """The places of entries that stood there already and were not written once more, as a sentence of an answer."""
    live = [place for place in going.left_out if place not in going.struck]
    said: Said = ((LEFT_OUT, {"places": live}),) if live else ()
    return (*said, (STRUCK, {"places": going.struck})) if going.struck else said


def save(here: Desk, record: Mapping[str, Any], version: str | None, did: str) -> None:
    """Save one client's file as one act; codes of staff in it that nobody registered are told with the answer."""
    name = file_of(record["id"])
    here.write([(name, record, version)], did)
    here.store.remarks[name] = strange(here, record)


def strange(here: Desk, record: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Codes of staff in a file that nobody registered, wherever one may stand; none where the list is damaged.

    Of what is sealed only what stands outside: the same key inside may take a doctor's name.
    """
    try:
        registered = here.store.staff_in()
    except ShelterError:  # told by check; what concerns her is saved and shown all the same
        return ()
    return shrouded(strangers(here.store.outside(record), contract.tree_of(here.shelf, "staff"), registered))


def around(here: Desk, client: Client, day: date, *, count: bool = True, **more: Any) -> Around:
    """What an admission is held against: the client, her stay, and her house that night.

    Who else sleeps there is counted, by opening every file, only where a place is still to be had.
    """
    her = client.stay
    count = count and her is not None and her.open and her.admitted_on is None
    return beside(here, client, her, day, house=here.store.house(client, her, day, count=count), **more)


def beside(here: Desk, client: Client, stay: Stay | None, day: date, **more: Any) -> Around:
    """What stands around one stay of a client on *day*."""
    registers = here.store.registers if here.store else None
    return Around(
        day=day, today=here.today, client=client, stay=stay, registers=registers, tracks=here.shelf.tracks, **more
    )


def judged_admission(here: Desk, client: Client, day: date, *, count: bool = True) -> tuple[Finding, ...]:
    """Everything that an admission on *day* would be refused for, and what stays open behind it."""
    act, her = here.shelf.acts[ADMISSION], client.stay
    if her is None:
        return (acts.said_of(act, "no-stay", ""),)
    over = her.discharged_on is not None and her.admitted_on != day
    none = (acts.said_of(act, "no-stay", f"/stays/{her.index}/admission"),) if over else ()
    held = around(here, client, day, count=count, acts=frozenset({ADMISSION}))
    return worded(here.shelf, (*none, *acts.judge_act(act, held)))


def way(here: Desk, client: Client) -> dict[str, Any]:
    """Where she is on the manual's way: id, state and checklist, as every form of admit answers."""
    her = client.stay
    day = (her.admitted_on if her else None) or here.today
    asked = acts.rows(here.shelf.acts[ADMISSION], around(here, client, day))
    return {"id": client.id, "state": state(here, client), "checklist": [] if client.idle else list(asked)}


def state(here: Desk, client: Client) -> Coded:
    """Where she is on the manual's way: a code for programs, the shelf's name of it for people."""
    code = states.state(here.shelf.report, client, client.stay)
    return Coded(code, here.shelf.states[code]["text"])


def still_open(here: Desk, client: Client) -> tuple[Finding, ...]:
    """What is open in her file before any act is asked for; nothing in one that counts nowhere."""
    return () if client.idle else (*_of_the_way(here, client), *strange(here, client.facts))


def entries(
    here: Desk, client: Client, before: Client | None = None, changed: Collection[str] = ()
) -> tuple[Finding, ...]:
    """What her entries break of the rules of their own tracks, as open: what has happened is stored.

    Nothing is told of a file that counts nowhere. It is asked where something is written by file, and by check, since
    all tracks are taken down for it. With the file *before*, what is written today is judged by today, and what only
    others' files can tell is looked for where it was *changed*; these are the pointers to it.
    """
    from shelterctl.core.telltale import telltales  # noqa: PLC0415 - where something is written

    found: list[Finding] = []
    for track in () if client.idle else here.shelf.ruled:
        far = before is None or looks_far(track, changed)
        found += of_track(here, client, track, before, far=far)
    told = () if before is not None else telltales(client.facts, contract.nameless(here.shelf))
    spilt = spilled_of(here, client.facts, None if before is None else changed)
    # What has happened stays open; an act that was done refuses where it would not be granted any more.
    return (*worded(here.shelf, found if before is None else softened(found)), *told, *spilt)


def spilled_of(here: Desk, record: Mapping[str, Any], places: Collection[str] | None = None) -> Iterator[Finding]:
    """Words of a part of which every file has one sealed block, where they stand anywhere else in a file."""
    from shelterctl.core.telltale import spilled  # noqa: PLC0415 - where something is written

    for track in (here.shelf.tracks[name] for name in here.shelf.blocks):
        if track.seal and track.seal.words:
            yield from spilled(record, track.seal.words, f"/{track.at.replace('.', '/')}", track.clause, places)


def looks_far(track: Track, changed: Iterable[str]) -> bool:
    """Whether a field was changed, at one of these places, of which only everybody's files can tell what is wrong."""
    return any(place.rpartition("/")[2] in track.alone for place in changed)


def of_track(
    here: Desk, client: Client, track: Track, before: Client | None = None, *, far: bool = False
) -> Iterator[Finding]:
    """What her entries of one track break of its rules; with *far* everybody's files are opened for it.

    What can have no day of its own is held to the day of her admission; what has none yet, to the day taken as today.
    """
    beside_stays = (None,) if not client.stays or {"stay", "client"} <= {*track.home} else ()
    for stay in (*client.stays, *beside_stays) if track.of_a_stay else (client.stay,):
        if before is None and track.at and not at(home_of(track, client, stay)[0], track.at):
            continue  # most files have entries of few tracks, and what stands around none of them is costly to know
        more = {"everyone": here.store.everyone} if far and track.alone else {}
        day = (stay.admitted_on or stay.arrived_on) if stay and not track.day else None
        yield from judge_listed(track, beside(here, client, stay, day or here.today, **more))
        if before is not None and track.timed:
            yield from _written(track, before, beside(here, client, stay, here.today))


def told_of(here: Desk, client: Client, names: Iterable[str], places: Collection[str]) -> tuple[Finding, ...]:
    """The same of some tracks alone, of what was written at these *places* just now."""
    tracks = (here.shelf.tracks[name] for name in names if not client.idle)
    found = (one for track in tracks for one in of_track(here, client, track))
    return worded(here.shelf, softened(one for one in found if any(one.where.startswith(place) for place in places)))


def inside(here: Desk, client: Client, track: Track) -> tuple[Finding, ...]:
    """What is to be looked at in the entries of a sealed track that were opened to be read; elsewhere it is counted."""
    place = f"/{track.at.replace('.', '/')}"
    kept = [one.where for one in listed(track, client.facts, "")]
    found = (*told_of(here, client, (track.name,), (place,)), *spilled_of(here, client.facts, kept))
    return tuple(one for one in found if one.where.startswith(place))


def _written(track: Track, before: Client, around: Around) -> Iterable[Finding]:
    facts, root = around.home(track)
    then = next((each.facts for each in before.stays if root and each.index == around.stay.index), {})  # type: ignore[union-attr]
    known, now = (at(home, track.at) if track.at else home for home in (then if root else before.facts, facts))
    return judge_written(track, known or {}, now or {}, f"{root}/{track.at.replace('.', '/')}", around)


def _of_the_way(here: Desk, client: Client) -> tuple[Finding, ...]:
    if client.stay is None:
        return lacking(here, client)
    if not client.stay.open:
        return ()
    return softened(judged_admission(here, client, client.stay.admitted_on or here.today))


def lacking(here: Desk, client: Client) -> tuple[Finding, ...]:
    """What the file of a client without a stay lacks, as open: no act rests on it yet."""
    found = acts.missing(here.shelf.acts[ADMISSION], around(here, client, here.today))
    return worded(here.shelf, softened(found))


def finished(record: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """The file without the unfinished answers to these papers."""
    rest = {other: facts for other, facts in (record.get(UNFINISHED) or {}).items() if other not in names}
    kept = {key: value for key, value in record.items() if key != UNFINISHED}
    return {**kept, UNFINISHED: rest} if rest else kept
