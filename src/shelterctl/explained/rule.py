"""A rule of a track in words: what would be said where something does not fit, and when that is not asked at all."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from string import Formatter
from typing import Any

from shelterctl.core.around import Around, field_of
from shelterctl.core.entry import Entry, read_entry
from shelterctl.core.field import Field, Fields
from shelterctl.core.rule import Broken, Rule
from shelterctl.core.ruling import Ruling
from shelterctl.core.sentence import PLAIN, quoted, row_of
from shelterctl.core.track import Track
from shelterctl.language import N_, SPOKEN, Text, say, shown
from shelterctl.library import Shelf
from shelterctl.library.trial.sentence import ways

ONLY = N_("{sentence} Asked only where {label} is answered with: {answers}.")
ACT = N_("{sentence} Otherwise refused: {act}.")
OPEN_END = "…"
OTHERS = {"dated.early": ("from",), "dated.too-early": ("from",), "dated.late": ("to",), "dated.too-late": ("to",)}
"""Where a rule names the other side of a sentence."""

BOUNDS = ("at_least", "at_most", "exactly")
"""What a rule says a number may be."""

THERE: Mapping[str, Any] = {"there": N_("anything"), "absent": N_("nothing"), "part": N_("a part of a date")}
"""Answers that are no codes."""

HOUSE = N_("what kind of house it is")


def fields_of(fields: Fields, above: str = "") -> Iterator[tuple[str, Field]]:
    """Every field with its dotted name, and in the place of a group what stands inside it."""
    for name, one in fields.items():
        if one.kind == "group":
            yield from fields_of(one.fields, f"{above}{name}.")
        else:
            yield f"{above}{name}", one


def asked_beside(shelf: Shelf, of: Track, name: str, answers: Iterable[str]) -> dict[str, Any]:
    """A field and the answers that are meant of it, in words."""
    one = named(shelf, of, name)
    kinds = {kind: each.text for kind, each in shelf.kinds.items()} if name == "house" else {}
    known = {**PLAIN, **THERE, **(one.codes if one else {}), **kinds}
    return {
        "label": quoted(one.text) if one and one.text else HOUSE if kinds else name,
        "answers": [known.get(each, each) for each in answers],
    }


def named(shelf: Shelf, of: Track, name: str) -> Field | None:
    """The field that a condition of a track names: its own, or one of another track."""
    first, _, rest = name.partition(".")
    every = dict(fields_of(of.fields))
    if name in every or not rest or first not in shelf.tracks:
        return every.get(name)
    return dict(fields_of(shelf.tracks[first].fields)).get(rest)


def of_rule(shelf: Shelf, of: Track, rule: Rule, day: date) -> dict[str, Any] | None:
    """A rule that is in force on *day*: its words for a person, and what it is for a program."""
    ruling = rule.on(day)
    if ruling is None:
        return None
    said = once(_sentences(shelf, of, rule, ruling, day))
    texts = {spoken: " ".join(shown(each, spoken) for each in said) for spoken in SPOKEN}
    names = {"verb": rule.verb, "names": list(rule.names), "clause": ruling.clause, "strength": ruling.strength.value}
    when = {"when": {name: list(answers) for name, answers in rule.when.items()}} if rule.when else {}
    more = {name: it for name, it in {"act": rule.act, "unless": rule.unless, "code": rule.code}.items() if it}
    only = [asked_beside(shelf, of, name, answers) for name, answers in rule.when.items() if named(shelf, of, name)]
    refused = next((deed.text for name, deed in of.deeds.items() if name == rule.act), None)
    return {**names, **more, **when, "says": texts, "only": only, "refused": refused} if said else None


def said_of(rule: Mapping[str, Any]) -> Text:
    """The words of a rule, with the act that it refuses, and the answers without which it is not asked."""
    said: Text = rule["says"]
    if act := rule["refused"]:
        said = {spoken: say(ACT, {"act": act, "sentence": said}, spoken) for spoken in SPOKEN}
    for facts in rule["only"]:
        said = {spoken: say(ONLY, {**facts, "sentence": said}, spoken) for spoken in SPOKEN}
    return said


def once(texts: Iterable[Text]) -> list[Text]:
    """Texts, each of them once."""
    return list({shown(each, "en"): each for each in texts}.values())


def _sentences(shelf: Shelf, of: Track, rule: Rule, ruling: Ruling, day: date) -> Iterator[Text]:
    """What would be said of each way in which a rule may be broken; what only an entry can say is left out."""
    if rule.code and rule.code in shelf.findings:
        yield shelf.findings[rule.code]["means"]
        return
    entry, around = read_entry(of, {}), Around(day=day, tracks=shelf.tracks)
    for way in ways(rule, ruling):
        for names in [list(rule.names)] if way == "needs.any" else [[name] for name in rule.names]:
            if _fits(way, field_of(entry, names[0], around)):
                yield _sentence(rule, ruling, way, names, entry, around)


def _fits(way: str, one: Field | None) -> bool:
    """Whether a field of that kind can break a rule so: months are told apart from all else, and periods too."""
    if way == "needs.order":
        return one is not None and one.kind == "span"
    return way.partition(".")[0] != "once" or (one is not None and one.kind == "months") is (way != "once")


def _sentence(rule: Rule, ruling: Ruling, way: str, names: list[str], entry: Entry, around: Around) -> Text:
    asks = ruling.asks
    others = (asks.get(key) for key in (*OTHERS.get(way, ()), "in", "not", "of"))
    other = next((each for each in others if isinstance(each, str | Mapping)), None)
    bounds = {key: _bound(asks[key], entry, around) for key in BOUNDS if key in asks}
    given = {
        "names": names,
        "other": _known(other["of"] if isinstance(other, Mapping) else other, entry, around),
        "roles": asks.get("role") or asks.get("each"),
        "lacking": asks.get("all"),
        "text": asks.get("contains"),
        "most": bounds.get("at_most"),
        "where": asks.get("where"),
        **{key: asks[key] for key in ("codes", "minor_under") if key in asks},
        **bounds,
    }
    broken = Broken(names[0], way.partition(".")[2], {key: it for key, it in given.items() if it is not None})
    row = row_of(rule, way, broken, entry, around)
    facts = row.told({"clause": ruling.clause})
    message: Any = row.message
    return {spoken: _filled(message, facts, spoken) for spoken in SPOKEN}


def _known(name: str | None, entry: Entry, around: Around) -> str | None:
    """A name as far as it means a field without an entry: what it points at lies behind that."""
    first, _, _ = (name or "").partition(".")
    return first if name and first in entry.fields and not field_of(entry, name, around) else name


def _bound(asked: Any, entry: Entry, around: Around) -> Any:
    """The number of a rule, or where an answer gives it, how that is called, else what it is an answer about."""
    if not isinstance(asked, Mapping) or "of" not in asked:
        return asked
    first, _, _ = asked["of"].partition(".")
    said = field_of(entry, asked["of"], around) or field_of(entry, first, around)
    return quoted(said.text) if said else None


def _filled(message: Any, facts: Mapping[str, Any], spoken: str) -> str:
    """A sentence with an open end for whatever only an entry can say."""
    words = message if isinstance(message, str) else shown(message, spoken)
    named = {name for _, name, _, _ in Formatter().parse(words) if name}
    kept = {name: facts[name] for name in named if isinstance(facts.get(name), str | int | list | tuple | Mapping)}
    kept = {name: it for name, it in kept.items() if it not in ("", [], None) and name not in ("value", "day", "entry")}
    said = say(message, {**dict.fromkeys(named, OPEN_END), **kept}, spoken)
    return re.sub(rf"{OPEN_END}\.", OPEN_END, re.sub(rf" \({OPEN_END}\)", "", said))
