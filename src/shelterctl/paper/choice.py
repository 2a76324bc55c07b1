"""Which entries of hers a sheet prints: the last one, the one that is named, or all of her stay."""

from collections.abc import Iterator

from shelterctl.act.file import beside
from shelterctl.core import duty
from shelterctl.core.entry import Entry, lasting, latest, listed
from shelterctl.core.letter import capitals
from shelterctl.core.person import NAMES
from shelterctl.core.record import Client, Facts, Stay, entries
from shelterctl.core.track import Track
from shelterctl.desk import Desk
from shelterctl.errors import NotFound, Usage
from shelterctl.language import N_
from shelterctl.paper import sheet
from shelterctl.paper.request import Paper, Request

NO_ENTRY = N_("She has no such entry with that id. See the ids with: shelterctl show {id} {form}")
STRUCK = N_("This entry is struck through, and what is struck through is not printed.")
ALL = N_("On this sheet stand all entries of its kind. Leave --entry out.")


def filled(here: Desk, her: Client, track: Track, wanted: Request, id_: str | None = None) -> Paper:
    """The sheet as her file has it: its last entry, or the one with that id; of a log, all of her stay."""
    stay = _home(here, her, track)
    found = _there(here, her, track, stay)
    if id_ is not None:
        found = [_named(here, her, track, capitals(id_))]
    elif not sheet.rowed(track):
        found = [last] if (last := latest(found)) else []
    return sheet.of(here, her, stay, track, wanted, found)


def waiting(here: Desk, her: Client, track: Track, wanted: Request) -> Iterator[Paper]:
    """Her sheets of that kind that she has still to sign; one that she signs row by row, while she is here."""
    stay = _home(here, her, track)
    if not track.sheet.signed or (track.of_a_stay and not (stay and stay.open)):
        return
    found = _there(here, her, track, stay)
    unsigned = [one for one in lasting(track, found) if track.sheet.waits_for_hers(one.values)]
    if sheet.rowed(track):
        unsigned = unsigned[:1]
    for one in unsigned:
        yield sheet.of(here, her, stay, track, wanted, found if sheet.rowed(track) else [one])


def again(here: Desk, her: Client, track: Track, noted: Facts) -> Paper | None:
    """The same sheet as it would be printed now; None where what it printed is struck through."""
    telling = {f"/identity/{name}" for name in NAMES} | {f"/{name}" for name in sheet.telling(here.shelf, track)}
    wanted = Request(noted["form"], noted["language"], names=bool(telling & noted["facts"].keys()))
    of = noted.get("of")
    found = [one for one in _all(here, her, track) if of and one.written.get("id") == of]
    stay = next((each for each in her.stays if of and each.id == of), None)
    if of and not found and stay is None:
        return None
    stay = stay or _home(here, her, track)
    if sheet.rowed(track) or not track.many:
        found = _there(here, her, track, stay)
    return sheet.of(here, her, stay, track, wanted, found)


def _home(here: Desk, her: Client, track: Track) -> Stay | None:
    """The stay whose entries are printed: hers now, or of what follows a stay the one whose duty is owed."""
    if "left" in track.home:
        return duty.owed(here.shelf.report, her)
    return her.stay if track.of_a_stay else None


def _there(here: Desk, her: Client, track: Track, stay: Stay | None) -> list[Entry]:
    """Her live entries in that stay, or beside all of them, oldest first; of one day in their order."""
    found = listed(track, *beside(here, her, stay, here.today).home(track))
    return sorted(found, key=_moment)


def _moment(entry: Entry) -> str:
    """When it was, as letters that can be put in order; what has no day comes last."""
    named = entry.of.day if isinstance(entry.of, Track) else None
    said = (entry.values.get(name) for name in ((named,) if isinstance(named, str) else named or ()))
    return next((each.isoformat() for each in said if each is not None), "~")


def _all(here: Desk, her: Client, track: Track) -> list[Entry]:
    """Every live entry of hers, wherever it lies in her file."""
    return [*beside(here, her, None, here.today).hers(track.name)]


def _named(here: Desk, her: Client, track: Track, id_: str) -> Entry:
    """The entry with that id; Usage where all are printed, NotFound where it is not there or struck through."""
    if sheet.rowed(track) or not track.many:
        raise Usage("usage/entry", ALL)
    found = next((one for one in _all(here, her, track) if one.written.get("id") == id_), None)
    if found is None:
        struck = any(one["id"] == id_ and "void" in one for _, one in entries(her.facts))
        if struck:
            raise NotFound("entry/struck", STRUCK)
        raise NotFound("entry/unknown", NO_ENTRY, id=her.id, form=track.name)
    return found
