"""Checks of a deadline: its beginning and length, what answers it, who owes it, and who is responsible."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from shelterctl.core.manual.field import Field
from shelterctl.core.manual.rule import Ruling
from shelterctl.core.manual.track import REGISTER_EVENT, Deadline, FormPart, LongerTerm, Track
from shelterctl.core.record.keyed_groups import is_list_of_groups
from shelterctl.core.rules.context import EVENTS
from shelterctl.core.rules.deadlines import NEVER_LISTED
from shelterctl.core.rules.names import KIND_UNSUITABLE, find_field_among, names_of_fields
from shelterctl.core.rules.verbs.verb import PARAMETER_IDLE_BESIDE, PARAMETER_NEEDS_OTHER
from shelterctl.errors import BrokenRulebook
from shelterctl.rulebook.files import RulebookFile, pointer_below, words_with_places
from shelterctl.rulebook.lint.scope import CheckedScope
from shelterctl.ui_language import N_

STAY_EVENTS = frozenset({"referral", "arrival", "admission", "discharge"})
"""Events of a stay at which a deadline may begin."""

REGISTER_EVENTS = frozenset({REGISTER_EVENT})
"""Events of a register at which a deadline may begin."""

DEADLINE_KINDS = ("day", "time", "span")
RECURRENCE_NEEDS_STAY_EVENT = N_("a deadline that repeats must begin with an event of the stay: {events}")
RECURRENCE_NEEDS_OPENING = N_("a deadline that repeats in a register must begin with {event}")
HOURS_NEED_FIELD = N_("hours count from a time; name a field of the kind time under from")
OWNER_NEEDS_FIELD = N_("a field names who is responsible only where the deadline begins at a field of that entry")
TERM_OF_NO_DAY = N_("before needs at least one day; leave it out where nothing is listed beforehand")
PARTY_OF_STAFF_WANTED = N_("name a field here that is a party of staff")


def check_deadline(file: RulebookFile, place: str, due: Deadline, of: Track | FormPart, scope: CheckedScope) -> None:
    """Collect the mistakes of a deadline in its file; raise BrokenRulebook if it has no valid beginning."""
    part, inside = of.group_of_deadline(due) if isinstance(of, Track) else (None, due)
    if part is not None:
        scope, due = scope.within(part.fields, *scope.layers), inside
    _DeadlineCheck(file, place, due, of, scope, part).run()


class _DeadlineCheck(NamedTuple):
    """One deadline at a place of its file, of a track or part, and what it is checked against.

    *group* is the list of groups from whose field it begins, if any; its names then leave out the name of the list.
    """

    file: RulebookFile
    place: str
    due: Deadline
    of: Track | FormPart
    scope: CheckedScope
    group: FormPart | None

    def run(self) -> None:
        """Collect the mistakes in the file; raise BrokenRulebook if the deadline has no valid beginning."""
        file, due = self.file, self.due
        found = self._find_beginning()
        file.collect(self._check_answers, found)
        file.collect(self.scope.require_answers, file, self._at("when"), due.when)
        file.collect_unknown(self._at("owner"), due.owner, self.scope.staff_roles)
        file.collect(self._check_owner, found)
        if due.longer:
            file.collect(self._check_longer, due.longer)
        file.errors += self._find_idle_terms(found)
        file.errors += (
            file.error_at("rule", self._place_of("before"), TERM_OF_NO_DAY)
            for terms in self._terms()
            if "before" in terms and not any(terms["before"].values())
        )

    @property
    def events(self) -> Collection[str]:
        """The events at which the deadline may begin."""
        if isinstance(self.of, FormPart):
            return ()
        return REGISTER_EVENTS if self.of.of_register else STAY_EVENTS

    @property
    def is_recurring(self) -> bool:
        """Whether it recurs by one of its rulings."""
        return any("every" in terms for terms in self._terms())

    def _at(self, *keys: str) -> str:
        return pointer_below(self.place, *keys)

    def _terms(self) -> Iterator[Mapping[str, Any]]:
        """Yield the terms of each ruling."""
        return (each.params for each in self.due.history if isinstance(each, Ruling))

    def _place_of(self, key: str) -> str:
        """Return the place at which a term is written: of the deadline itself, or of the first later ruling with it."""
        written: Any = self.file.value
        for step in self.place.split("/")[1:]:
            written = written[int(step) if isinstance(written, list) else step]
        if key in written:
            return self._at(key)
        later = (number for number, each in enumerate(written.get("later") or ()) if key in each)
        return pointer_below(self.place, "later", next(later, 0), key)

    def _find_beginning(self) -> Field | None:
        """Return the field at which it begins, or None for an event; raise BrokenRulebook if it is neither."""
        file, due, at = self.file, self.due, self._at("from")
        found = None if due.event in EVENTS else self.scope.find(due.event)
        if found is None:
            if due.event not in self.events:
                raise file.unknown_word_error(at, due.event, [*self.events, *self._names()])
            return None
        if found.kind not in DEADLINE_KINDS:
            raise file.error_at("rule", at, KIND_UNSUITABLE, name=due.event, kind=found.kind, kinds=DEADLINE_KINDS)
        if self.is_recurring:
            of_register = isinstance(self.of, Track) and self.of.of_register
            what = RECURRENCE_NEEDS_OPENING if of_register else RECURRENCE_NEEDS_STAY_EVENT
            facts = {"event": REGISTER_EVENT} if of_register else {"events": sorted(STAY_EVENTS)}
            raise file.error_at("rule", self._place_of("every"), what, **facts)
        return found

    def _names(self) -> Iterator[str]:
        """Yield the names that mean a field: those of the group, else of the entry and of its lists of groups."""
        if self.group is not None:
            yield from names_of_fields(self.group.fields)
            return
        yield from names_of_fields(self.of.fields)
        for name, one in self.of.fields.items() if isinstance(self.of, Track) else ():
            if is_list_of_groups(one):
                yield from (f"{name}.{each}" for each in names_of_fields(one.fields))

    def _check_answers(self, found: Field | None) -> None:
        """Raise BrokenRulebook unless what meets the deadline exists: fields of its entry, or tracks around it."""
        file, due, scope, of = self.file, self.due, self.scope, self.of
        in_register = isinstance(of, Track) and of.of_register is not None and self.is_recurring
        for name, at in words_with_places(self._at("until"), due.until):
            if found is not None or in_register:
                own = find_field_among(of.fields, name) if found is None else scope.find(name)
                if own is None and (isinstance(of, FormPart) or name not in scope.tracks):
                    raise file.unknown_word_error(at, name, self._names())
            else:
                file.require_known(at, name, scope.tracks)
        tracks = [scope.tracks[name] for name in due.until if name in scope.tracks] or (
            [of] if isinstance(of, Track) else []
        )
        for name in due.where:
            if all(find_field_among(track.fields, name) is None for track in tracks):
                raise file.unknown_word_error(self._at("where", name), name, names_of_fields(of.fields))
        scope.within(*(track.fields for track in tracks)).require_answers(file, self._at("where"), due.where)

    def _check_owner(self, found: Field | None) -> None:
        """Raise BrokenRulebook unless the field of who is responsible is in the entry, and names members of staff."""
        name = self.due.owner_field
        if name is None:
            return
        at = self._at("owner", "of")
        if found is None:
            raise self.file.error_at("rule", at, OWNER_NEEDS_FIELD)
        one = self.scope.require_name(self.file, at, name, "party")
        if "staff" not in one.of:
            raise self.file.error_at("rule", at, PARTY_OF_STAFF_WANTED)

    def _check_longer(self, longer: LongerTerm) -> None:
        """Raise BrokenRulebook unless the longer time is a whole number in a register of the house with a life."""
        file, at = self.file, self._at("longer", "of")
        if self.due.never != NEVER_LISTED:
            raise file.error_at("rule", self._at("longer"), PARAMETER_NEEDS_OTHER, key="longer", other="never: listed")
        papers = {name: one for name, one in self.scope.every_track.items() if one.of_register == "house" and one.life}
        name, field = longer.track_and_field
        file.require_known(at, name, papers)
        scope = self.scope.within(papers[name].fields)
        scope.require_name(file, at, field, "whole")
        scope.require_answers(file, self._at("longer", "where"), longer.where)

    def _find_idle_terms(self, found: Field | None) -> Iterator[BrokenRulebook]:
        """Yield an error for each term that has no effect beside the others, or in this kind of track."""
        for terms in self._terms():
            recurs = "every" in terms
            for key in ("after", "before") if recurs else ("during", "calendar"):
                if key in terms:
                    what, other = (PARAMETER_IDLE_BESIDE if recurs else PARAMETER_NEEDS_OTHER), "every"
                    yield self.file.error_at("rule", self._place_of(key), what, key=key, other=other)
            if terms.get("every") == "hour" and "calendar" in terms:
                place = self._place_of("calendar")
                yield self.file.error_at("rule", place, PARAMETER_IDLE_BESIDE, key="calendar", other="every: hour")
            during = "house" if isinstance(self.of, Track) and self.of.of_register else "stay"
            if recurs and terms.get("during", during) != during:
                yield self.file.unknown_word_error(self._place_of("during"), terms["during"], [during])
            if hours := terms.get("after", {}).get("hours"):
                place = pointer_below(self._place_of("after"), "hours")
                if found is None:
                    yield self.file.error_at("rule", place, HOURS_NEED_FIELD)
                for other in ("months", "days"):
                    if hours and other in terms["after"]:
                        yield self.file.error_at("rule", place, PARAMETER_IDLE_BESIDE, key="hours", other=other)
