"""A deadline of a track held against the shelf: where it begins, what answers it, who owes it and who sees to it."""

from shelterctl.core.around import EVENTS
from shelterctl.core.field import Field
from shelterctl.core.track import Due, Part, Track
from shelterctl.language import N_
from shelterctl.library.file import Written, below
from shelterctl.library.trial.rule import KIND, answers
from shelterctl.library.trial.scope import Scope, field_in, names_in, roles

BEGINS = frozenset({"referral", "arrival", "admission", "discharge"})
"""Events of a stay at which a deadline may begin."""

DAYS = ("day", "time", "span")
NEVER_EVERY = N_("what is due every day, week or month begins with an event of the stay: {events}")


def hold_due(written: Written, place: str, due: Due, of: Track | Part, scope: Scope) -> None:
    """The deadline is whole, or BrokenRulebook says where it is not."""
    found = None if due.event in EVENTS else scope.find(due.event)
    if found is None:
        if isinstance(of, Part) or due.event not in BEGINS:
            raise written.unknown(below(place, "from"), due.event, [*BEGINS, *names_in(of.fields)])
    elif found.kind not in DAYS:
        raise written.broken("rule", below(place, "from"), KIND, name=due.event, kind=found.kind, kinds=DAYS)
    for ruling in due.history:
        if found is not None and "every" in getattr(ruling, "asks", {}):
            raise written.broken("rule", below(place, "every"), NEVER_EVERY, events=sorted(BEGINS))
    _answered(written, place, due, of, found, scope)
    answers(written, below(place, "when"), due.when, scope)
    written.known(below(place, "owner"), [due.owner] if due.owner else [], roles(scope))


def _answered(written: Written, place: str, due: Due, of: Track | Part, found: Field | None, scope: Scope) -> None:
    """What answers it is there: fields of the entry at which it begins, or tracks of the stay."""
    for number, name in enumerate(due.until):
        at = below(place, "until", number)
        if found is not None:
            if scope.find(name) is None and (isinstance(of, Part) or name not in scope.tracks):
                raise written.unknown(at, name, names_in(of.fields))
        else:
            written.known(at, [name], scope.tracks)
    tracks = [scope.tracks[name] for name in due.until if name in scope.tracks] or (
        [of] if isinstance(of, Track) else []
    )
    for name in due.where:
        if all(field_in(track.fields, name) is None for track in tracks):
            raise written.unknown(below(place, "where", name), name, names_in(of.fields))
    answers(written, below(place, "where"), due.where, scope.within(*(track.fields for track in tracks)))
