"""What each verb of a rule may be told, held against the shelf: names of the right kind, codes, reaches and tracks."""

from collections.abc import Callable, Mapping
from typing import Any

from shelterctl.core.field import Field
from shelterctl.core.reach import COUNTS, several
from shelterctl.core.track import Track
from shelterctl.language import N_
from shelterctl.library.file import below
from shelterctl.library.trial.rule import CLASH, KIND, Held, answers, hold_frame, hold_keys, labelled
from shelterctl.library.trial.scope import field_in, names_in, roles

ONE = N_("one name only can stand here")
OPENS = N_("this would open every file; only rules of acts, of tracks that an act writes, and once may do that")
NOT_HERE = N_("{word} finds nothing in the track {track}, which has no {key}")
NOT_PART = N_("a rule of a part does not reach so far")
NO_GROUP = N_("this is no group with a first and a last day under life")
DIRECTORY = N_("a register is reached through a field: of")
INSIDE = N_("{name} lies inside the seal; seen from outside are only {markers}")
NOT_STAFF = N_("only members of staff have a role")

DAYS = ("day", "time", "span", "partial")
NUMBERS = ("whole", "som", "months")
CODES = ("text", "code", "party", "entry")
ALONE: Mapping[str, int] = {"amount": 1, "once": 2, "by": 1, "stands": 1, "suits": 1}
"""How many names a verb binds at most; once binds one, or the beginning and the end of a time."""

At = Callable[..., str]
"""Where a key of what the verb is told is written, at first or since a later day."""


def hold(held: Held) -> None:
    """The rule is whole, or BrokenRulebook says where it is not."""
    hold_frame(held)
    if len(held.names) > (most := ALONE.get(held.verb, len(held.names))):
        raise held.broken(held.names[most][1], ONE)
    for asks, at in held.versions():
        hold_keys(held, asks, at)
        VERBS[held.verb](held, asks, at)
    for name, place in () if held.verb in ("stands", "suits") else held.names:
        labelled(held, place, name, held.field(place, name))


def _day(held: Held, place: str, wanted: Any) -> None:
    """A day that is named, with its offset."""
    if isinstance(wanted, Mapping):
        place, wanted = below(place, "of"), wanted["of"]
    labelled(held, place, wanted, held.field(place, wanted, *DAYS, alone=True))


def _number(held: Held, place: str, wanted: Any) -> None:
    """A limit as it stands, or what is counted for it."""
    if isinstance(wanted, Mapping):
        (kind, name), *_ = wanted.items()
        _counted(held, below(place, kind), kind, name)


def _counted(held: Held, place: str, kind: str, name: str) -> None:
    if kind == "of":
        held.field(place, name, "whole", "som", alone=True)
    elif kind != "count":
        kinds = ("span", "partial") if kind == "months_of" else ("span",)
        held.field(place, name, *(kinds if name != "stay" else ()), alone=True)
    else:
        held.written.known(place, [name], COUNTS)
        if name == "sleeping" and not held.far:
            raise held.broken(place, OPENS)


def _counts(held: Held, place: str, name: str) -> None:
    """A name that counts for something: a number, months, or how many stand in a list."""
    if not held.field(place, name).several:
        held.field(place, name, *NUMBERS)


def _reach(held: Held, asks: Mapping[str, Any], at: At, track: Track | None) -> None:
    """How far it looks among the entries of a track, and which of these count."""
    within = asks.get("within", "client")
    if within == "store" and not held.far and held.verb != "once":
        raise held.broken(at("within"), OPENS)
    in_a_stay = track and ("stay" in track.home or "stay" in track.fields)
    dated = track and track.day
    called = track.name if track else ""
    if within == "store" and held.part:
        raise held.broken(at("within"), NOT_PART)
    if (within == "stay" and not in_a_stay) or (within == "referral" and not dated):
        key = "stay" if within == "stay" else "day"
        raise held.broken(at("within"), NOT_HERE, word=within, track=called, key=key)
    for number, name in enumerate(several(asks.get("same"))):
        place = at("same") if isinstance(asks["same"], str) else at("same", number)
        _alike(held, place, name, track, *CODES, *DAYS, "whole", "som", "yes_no")
    if "overlaps" in asks:
        _alike(held, at("overlaps"), asks["overlaps"], track, "span")
    if "per" in asks and (not dated or not (held.track and held.track.day)):
        raise held.broken(at("per"), NOT_HERE, word="per", track=called, key="day")
    for key in ("same", "overlaps", "per"):
        if key in asks and within in ("entry", "store"):
            raise held.broken(at(key), CLASH, key=key, other=f"within: {within}")


def _alike(held: Held, place: str, name: str, track: Track | None, *kinds: str) -> None:
    """A name that means something here and in the entries of another track, if that is another one."""
    held.field(place, name, *kinds, alone=True)
    there = held.scope.within(track.fields) if track and track is not held.track else None
    if there is not None and there.find(name) is None:
        raise held.written.unknown(place, name, names_in(track.fields if track else {}))


def _needs(held: Held, asks: Mapping[str, Any], at: At) -> None:
    for name, place in held.names:
        found = held.field(place, name)
        for number, code in enumerate(asks.get("codes") or ()):
            held.written.known(at("codes", number), [code], held.scope.answers(found))


def _is(held: Held, asks: Mapping[str, Any], at: At) -> None:
    text = "contains" in asks
    kinds = ("text",) if text else ("code", "yes_no", "party")
    found = [held.field(place, name, *kinds, alone=text) for name, place in held.names]
    for key in ("codes", "all"):
        for number, code in enumerate(asks.get(key) or ()):
            held.written.known(at(key, number), [code], [each for one in found for each in held.scope.answers(one)])
    if "of" in asks:
        labelled(held, at("of"), asks["of"], held.field(at("of"), asks["of"], "code", "party"))


def _dated(held: Held, asks: Mapping[str, Any], at: At) -> None:
    for name, place in held.names:
        held.field(place, name, *DAYS, *(["months"] if "in" in asks else []), alone=True)
    for key in ("from", "to"):
        if key in asks:
            _day(held, at(key), asks[key])
    if "in" in asks:
        kinds = () if asks["in"] == "stay" else ("span",)
        labelled(held, at("in"), asks["in"], held.field(at("in"), asks["in"], *kinds, alone=True))


def _amount(held: Held, asks: Mapping[str, Any], at: At) -> None:
    if isinstance(asks["amount"], Mapping):
        _counted(held, at("amount", "count"), "count", asks["amount"]["count"])
    for name, place in held.names:
        _counts(held, place, name)
    for key in ("at_most", "at_least", "exactly"):
        _number(held, at(key), asks.get(key))
    for number, name in enumerate(asks.get("times") or ()):
        if isinstance(name, Mapping):
            _number(held, at("times", number), name)
        else:
            _counts(held, at("times", number), name)
    if "each" in asks:
        held.field(at("each"), asks["each"], "months", alone=True)
    if "within" in asks:
        _reach(held, asks, at, held.track)


def _once(held: Held, asks: Mapping[str, Any], at: At) -> None:
    kinds = ("day", "time") if len(held.names) > 1 else (*CODES, "day", "time", "span", "months", "som")
    for name, place in held.names:
        held.field(place, name, *kinds)
    _reach(held, asks, at, held.track)


def _by(held: Held, asks: Mapping[str, Any], at: At) -> None:
    for name, place in held.names:
        found = held.field(place, name, *(("text", "party") if asks.keys() & {"not", "outside"} else ("party",)))
        for key in ("role", "each"):
            if key in asks and "staff" not in found.of:
                raise held.broken(at(key), NOT_STAFF)
    if "not" in asks:
        labelled(held, at("not"), asks["not"], held.field(at("not"), asks["not"], "text", "party"))
    for key in ("role", "each"):
        for number, role in enumerate(asks.get(key) or ()):
            held.written.known(at(key, number), [role], roles(held.scope))


def _stands(held: Held, asks: Mapping[str, Any], at: At) -> None:
    (name, place), *_ = held.names
    tracks = held.scope.tracks
    whose = held.field(at("of"), asks["of"], "party", "entry", alone=True) if "of" in asks else None
    if whose and whose.kind == "party":
        _behind(held, asks, at, whose)
        return
    pointed = [each for each in whose.of if each in tracks] if whose else [name]
    if name not in tracks and not (whose and name == asks["of"]):
        raise held.written.unknown(place, name, tracks)
    for each in pointed:
        track = tracks[each]
        if "directory" in track.home:
            raise held.broken(place, DIRECTORY)
        for key in ("where", "each"):
            for inside in asks.get(key) or {}:
                if field_in(track.fields, inside) is None:
                    raise held.written.unknown(at(key, inside), inside, names_in(track.fields))
                if track.seal and inside.partition(".")[0] not in track.seal.marker:
                    raise held.broken(at(key, inside), INSIDE, name=inside, markers=track.seal.marker)
            answers(held.written, at(key), asks.get(key) or {}, held.scope.within(track.fields))
        held.written.known(at("within"), [asks.get("within", "client")], ("stay", "referral", "client"))
        _reach(held, asks, at, track)
    if len(asks.get("each") or "1") > 1:
        raise held.broken(at("each"), ONE)
    for key in ("from", "to"):
        if key in asks:
            _day(held, at(key), asks[key])


def _behind(held: Held, asks: Mapping[str, Any], at: At, whose: Field) -> None:
    """What stands behind the code of a register, such as a memorandum that is in force."""
    (name, place), *_ = held.names
    first, _, inside = name.partition(".")
    if first not in held.scope.tracks:
        raise held.written.unknown(place, name, held.scope.tracks)
    track = held.scope.tracks[first]
    found = field_in(track.fields, inside)
    if found is None or not found.life:
        raise held.broken(place, NO_GROUP)
    if track.at not in whose.of:
        raise held.broken(at("of"), KIND, name=asks["of"], kind="party", kinds=f"of: [{track.at}]")
    for key in ("where", "each", "from", "to", "within", "same", "overlaps", "per"):
        if key in asks:
            raise held.broken(at(key), CLASH, key=key, other="of")


def _suits(held: Held, asks: Mapping[str, Any], at: At) -> None:
    (name, place), *_ = held.names
    if name != "identity":
        held.field(place, name, "partial", alone=True)
    if "sex" in asks:
        held.written.known(at("sex"), [asks["sex"]], held.scope.lists["sexes"])


VERBS: Mapping[str, Callable[[Held, Mapping[str, Any], At], None]] = {
    "needs": _needs, "is": _is, "dated": _dated, "amount": _amount,
    "once": _once, "by": _by, "stands": _stands, "suits": _suits,
}  # fmt: skip
"""How each verb is held, by the word that the shelf has for it."""
