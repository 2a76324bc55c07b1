"""Fields of tracks as questions: of her file as it stands, or of an entry that is still in the making."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from shelterctl import screen
from shelterctl.act.entry import told
from shelterctl.act.file import beside
from shelterctl.core import around as core
from shelterctl.core.agreement import printed
from shelterctl.core.around import Around, pointed
from shelterctl.core.days import read_day
from shelterctl.core.entry import Entry, read_entry
from shelterctl.core.field import Field, Fields
from shelterctl.core.finding import Finding
from shelterctl.core.question import Question
from shelterctl.core.record import Facts, Stay
from shelterctl.core.rule import Rule
from shelterctl.core.ruling import Ruling
from shelterctl.core.track import Part, Track
from shelterctl.core.verb import broken
from shelterctl.language import N_, Sentence, Text
from shelterctl.questionnaire import Questionnaire, moment_of
from shelterctl.walk.step import CERTAIN, GUESSED, Head, Step
from shelterctl.walk.table import Table
from shelterctl.walk.unfinished import Unfinished

HERS = N_("{what}, {on} ({entry})")

Put = Callable[[str, Any], Sequence[Finding]]
Ask = Callable[[str, Field], Question]
"""How the question of a field is put, by its dotted name."""

BY = "by"
"""How a track calls who did it, and the verb that says who may."""

STANDS = "stands"
"""The verb that says at what a field may point."""

BY_FILE = ("parts",)
"""Kinds that are too much for one question."""


def of_file(table: Table, names: Sequence[str], head: Head, besides: frozenset[str] = frozenset()) -> Iterator[Step]:
    """The step of each field, or of every field of a track, that is asked of her; not of those *besides*."""
    for name in _fields(table, names):
        if name not in besides and is_asked(table, name):
            yield step(table, table.here.shelf.path(name), head)


def step(table: Table, path: str, head: Head | None = None, **more: Any) -> Step:
    """The step of one place of her file, and with it of the field of yes and no that it marks."""
    question, now, marks = table.question(path), table.at(path), table.here.shelf.places[path].marks
    if marks is None:
        return Step(path, question, now, partial(_put_with_filled, table, path), head, **more)
    beside = ".".join((*path.split(".")[:-1], marks))
    if question.signs:
        now = False if now is None and table.at(beside) is False else now
        return Step(path, question, now, partial(_signed, table, path, marks), head, **more)
    guess = partial(_guessed, table.at, table.put, beside)
    return Step(path, question, now, partial(table.put, path), head, guessed=guess, **more)


def _guessed(at: Callable[[str], Any], put: Put, beside: str, value: Any, guess: bool) -> Sentence | None:
    """Mark a date as a guess where it was told as one, and take the mark away where a whole day is certain."""
    stands = at(beside)
    if guess:
        return GUESSED if stands is True or not put(beside, True) else None
    return CERTAIN if stands is True and read_day(value) and not put(beside, None) else None


def _put_with_filled(table: Table, path: str, value: Any) -> tuple[Finding, ...]:
    """Save an answer, and with it what a register says of the code that was answered, where the shelf has that filled
    in: it is not asked.
    """
    inside, _, name = path.rpartition(".")
    if value is None or not inside or table.here.shelf.places[path].kind != "party":
        return table.put(path, value)
    facts = {**(table.at(inside) or {}), name: value}
    tracks = [track for track in table.here.shelf.tracks.values() if track.at == inside]
    filled = {other: said for track in tracks for other, said in _filled(track, facts, table.held, name)}
    return table.put(inside, {name: value, **filled})


def _filled(track: Track, facts: Facts, around: Around, name: str) -> Iterator[tuple[str, Any]]:
    """The fields that are filled in by what a register says of the code in the field of that name."""
    entry = read_entry(track, facts)
    for other, one in asked_of(track.fields):
        behind = [each for each in one.enter if one.filled and each.rpartition(".")[0] == name]
        said = next((said for each in behind if (said := core.value(entry, each, around)) in one.codes), None)
        if said is not None:
            yield other, said


def _signed(table: Table, path: str, marks: str, on: Any) -> tuple[Finding, ...]:
    """Save a day together with the yes that it means; a no has no day, and what is taken away has neither."""
    inside, _, name = path.rpartition(".")
    return table.put(inside, {marks: None if on is None else on is not False, name: on or None})


def _fields(table: Table, names: Sequence[str]) -> Iterator[str]:
    """Names of fields as they stand; of a track all that is asked at a terminal, in its order."""
    for name in names:
        if "." in name:
            yield name
        else:
            yield from _leaves(name, table.here.shelf.tracks[name].fields)


def _leaves(above: str, fields: Fields) -> Iterator[str]:
    """What is asked of these fields, and in the place of a group of what stands inside it."""
    for name, one in fields.items():
        if one.fields and not one.by_file:
            yield from _leaves(f"{above}.{name}", one.fields)
        elif not one.by_file:
            yield f"{above}.{name}"


def is_asked(table: Table, name: str) -> bool:
    """Whether a field of her file is asked beside what the file says."""
    track, _, field = name.partition(".")
    of = table.here.shelf.tracks[track]
    around = table.held if table.record else beside(table.here, table.client, None, table.here.today)
    entry = next(iter(around.entries(track)), read_entry(of, {})) if table.record else read_entry(of, {})
    return core.is_asked(entry, field, around)


def in_making(
    table: Table, track: Track, answers: Unfinished, put: Put, head: Head | None = None, question: Ask | None = None,
    stay: Stay | None = None, fields: Sequence[tuple[str, Field]] | None = None,
) -> Iterator[Step]:  # fmt: skip
    """A step for each field of an entry that is asked beside its other answers; its own day is offered as today.

    A day that is still to come is not, nor one of several that it may have: nobody knows whether there was one. What
    an older version took, and is no code now, is asked anew; what only excuses a broken rule comes last, while it is
    broken. *stay* is the one that it belongs to, else the one on the table; these *fields* are asked, where they are
    named, and no others.
    """
    entry = read_entry(track, answers.facts)
    around = beside(table.here, table.client, stay or table.stay, table.here.today)
    asking = replace(table.questionnaire, day=entry.day or table.here.today)

    def put_with_filled(name: str, value: Any) -> Sequence[Finding]:
        found = put(name, value)
        if not found and value is not None:
            for other, said in _filled(track, answers.facts, around, name):
                put(other, said)
        return found

    for name, one in _to_ask(track, entry, around) if fields is None else fields:
        asked = question(name, one) if question else _of_field(table, asking, track, name, one, entry, around)
        since = next((answers.at(*each.split(".")) for each in one.ahead_of if answers.at(*each.split("."))), None)
        asked = replace(asked, since=moment_of(since)) if asked and since else asked
        for part, to_ask in asking.inside(asked, one, answers.at(*name.split("."))) if asked else ():
            path = f"{name}.{part}" if part else name
            now = answers.at(*path.split("."))
            offer = screen.shown(around.day) if path == track.day and _is_past_day(to_ask) else ""
            offer = offer or offered_at(table, track, entry, around, name, one, to_ask)
            offer = _only_one(track, name, to_ask) if one.kind == "entry" else offer
            marked = ".".join((*path.split(".")[:-1], one.marks)) if one.marks and one.kind == "partial" else None
            guess = partial(_guessed, lambda at: answers.at(*at.split(".")), put, marked) if marked else None
            now, keep = now if _stands(now, to_ask) else None, partial(put_with_filled, path)
            yield Step(path, to_ask, now, keep, head, offer=offer, guessed=guess)


def offered_at(
    table: Table, track: Track, entry: Entry, around: Around, name: str, one: Field, question: Question
) -> str:
    """What Enter alone answers: what the shelf names for the field and her file or a register has, else who is at the
    device where it is asked who did it; or nothing.
    """
    for each in one.enter:
        said = core.value(entry, each, around)
        said = said[0] if isinstance(said, list | tuple) and said else said
        if said is not None and (not question.choices or said in question.choices):
            return question.shown(said, screen.spoken())
    return whoever_types(table, track, entry.written, question) if name == BY else ""


def _only_one(track: Track, name: str, question: Question) -> str:
    """The entry that Enter takes: the only one of hers that the rules of the track let a field point at."""
    if len(question.choices) > 1 or not any(_narrowing(track, name)):
        return ""
    return question.shown(next(iter(question.choices)), screen.spoken())


def _narrowing(track: Track, name: str) -> Iterator[Rule]:
    """The rules of a track that say at which entries of another one a field of it may point."""
    for rule in track.rules:
        asks = (ruling.asks for ruling in rule.history if isinstance(ruling, Ruling))
        if rule.verb == STANDS and any(each.get("of") == name and {"same", "where"} & {*each} for each in asks):
            yield rule


def whoever_types(table: Table, track: Track, facts: Facts, question: Question) -> str:
    """Who is at the device, offered as who did it, where the rules of the track let that person have done it."""
    here, one = table.here, track.fields[BY]
    if here.by not in question.choices or one.of != ("staff",) or one.open:
        return ""
    return question.shown(here.by, screen.spoken()) if may(table, track, facts, BY, here.by) else ""


def may(table: Table, track: Track, facts: Facts, name: str, code: str) -> bool:
    """Whether the rules of a track let somebody have done what a field of it names, by the dotted name of the field."""
    group, _, leaf = name.rpartition(".")
    inside = {**(facts.get(group) or {}), leaf: code} if group else code
    entry = read_entry(track, {**facts, group or leaf: inside})
    around = beside(table.here, table.client, table.stay, table.here.today)
    return not any(broken(rule, entry, around) for rule in track.rules if rule.verb == BY and name in rule.names)


def _is_past_day(question: Question) -> bool:
    return question.kind == "day" and not question.ahead


def _to_ask(track: Track, entry: Entry, around: Around) -> Iterator[tuple[str, Field]]:
    """The fields that are asked beside what the entry says, in their order, and behind them what excuses it."""
    excuses = {rule.unless for rule in track.rules if rule.unless}
    wanted = [each for each in asked_of(track.fields) if core.is_asked(entry, each[0], around)]
    yield from (each for each in wanted if each[0] not in excuses)
    yield from (each for each in wanted if each[0] in excuses and _excuses(each[0], track, entry, around))


def _excuses(name: str, track: Track, entry: Entry, around: Around) -> bool:
    """Whether a rule is broken that the words of this field would excuse, or they are written already."""
    rules = [replace(rule, unless=None) for rule in track.rules if rule.unless == name]
    return entry.values.get(name) is not None or any(broken(rule, entry, around) for rule in rules)


def asked_of(fields: Fields, above: str = "") -> Iterator[tuple[str, Field]]:
    """Every field with its dotted name that a terminal asks for, and in the place of a group what stands inside it."""
    for name, one in fields.items():
        if one.by_file or one.kind in BY_FILE or (one.kind == "group" and one.several):
            continue
        if one.kind == "group":
            yield from asked_of(one.fields, f"{above}{name}.")
        else:
            yield f"{above}{name}", one


def _of_field(
    table: Table, asking: Questionnaire, track: Track, name: str, one: Field, entry: Entry, around: Around
) -> Question | None:
    """The question of a field as the shelf has it; one that points at an entry offers those of hers that may be meant.

    Without any it is no question.
    """
    asked = asking.of_field(one, name)
    asked = replace(asked, clause=asked.clause or track.clause)
    if one.kind != "entry":
        return asked
    hers = dict(_pointed(table, one, entry, around))
    for rule in _narrowing(track, name):
        fit = (read_entry(track, {**entry.written, name: id_}) for id_ in hers)
        hers = {str(each.written[name]): hers[each.written[name]] for each in fit if not broken(rule, each, around)}
    return replace(asked, kind="code", choices=hers) if hers else None


def _pointed(table: Table, one: Field, entry: Entry, around: Around) -> Iterator[tuple[str, Text | str]]:
    """What a field may point at: her live entries by id, or the parts of the one that another field points at."""
    for of in one.of:
        first, _, parts = of.partition(".")
        if parts and first in entry.fields:
            whole = pointed(entry, first, around)
            on = (whole.day if whole else None) or around.day
            parts_of = [part.of for part in whole.parts if isinstance(part.of, Part)] if whole else []
            yield from ((part.number, _numbered(part, on)) for part in parts_of)
        else:
            yield from ((str(each.written["id"]), _hers(table, each)) for each in around.hers(first))


def _numbered(part: Part, day: date) -> Text:
    """A line of a form behind its number, as it is printed."""
    return {language: f"{part.number}: {words}" for language, words in printed(part, day).items()}


def _hers(table: Table, entry: Entry) -> str:
    return screen.said(HERS, told(table.here.shelf, entry.where, entry.written))


def _stands(now: Any, question: Question) -> bool:
    """Whether what was answered before is an answer still."""
    listed = now if isinstance(now, list) else [now]
    known = {**question.former, **question.choices}
    return not question.choices or question.open or question.unknown or all(one in known for one in listed)
