"""What may be written down of one kind: its fields with their codes, what is held against it, and when it is due."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from string import Formatter
from typing import Any

from shelterctl.act.addition import command_of
from shelterctl.core.around import Around, field_of
from shelterctl.core.entry import Entry, read_entry
from shelterctl.core.field import Field, Fields, called, offered
from shelterctl.core.finding import Outcome, Said
from shelterctl.core.rule import Broken, Rule
from shelterctl.core.ruling import Ruling
from shelterctl.core.sentence import PLAIN, quoted, row_of
from shelterctl.core.track import Track
from shelterctl.core.tree import HOMES
from shelterctl.explained.layout import layout
from shelterctl.explained.layout import quoted as words_of
from shelterctl.explained.meaning import headings
from shelterctl.language import N_, SPOKEN, Text, say, shown
from shelterctl.library import Shelf
from shelterctl.library.trial.sentence import ways

ASKED = N_("What is asked")
HELD = N_("What is said where something does not fit")
DUE = N_("When it is due")
HOW = N_("How it is written down")
FIELD = N_("{label} ({key}): {kind}")
MUST = N_("{label} ({key}): {kind}; it must be there")
CODES = N_("{label} ({key}): one of {codes}")
SEVERAL = N_("{label} ({key}): any of {codes}")
PARTY = N_("{label} ({key}): a code, as it is registered: {commands}")
PARTY_OR_WORDS = N_("{label} ({key}): a code, as it is registered, or words: {commands}")
ENTRY = N_("{label} ({key}): the id of an entry: {tracks}")
NEVER_LEFT = N_("    it must be there")
BESIDE = N_("    only where {label} is answered with: {answers}")
ONLY = N_("{sentence} Asked only where {label} is answered with: {answers}.")
ALONE = N_("Only one stands there. A wrong one is corrected by the same command, and never struck through.")
OPEN_END = "…"
OTHERS = {"dated.early": ("from",), "dated.too-early": ("from",), "dated.late": ("to",), "dated.too-late": ("to",)}
"""Where a rule names the other side of a sentence."""

NAMED = "track {}"
"""Under which name each can be asked for; under its own alone where nothing else is called so."""

THERE: Mapping[str, Any] = {"there": N_("anything"), "absent": N_("nothing"), "part": N_("a part of a date")}
"""Answers that are no codes."""


def tracks(shelf: Shelf) -> list[str]:
    """Every track, by the name under which none is taken for anything else."""
    return [NAMED.format(name) for name in shelf.track_names]


def track(shelf: Shelf, name: str, day: date) -> Outcome:
    """What may be written down there: fields, codes, rules in force on *day*, what is due, and how it is typed."""
    of = shelf.tracks[name.rpartition(" ")[2]]
    known, fields = shelf.clause(of.clause), [*_fields({**of.fields, **of.clear})]
    rules = [one for rule in of.rules if (one := _rule(shelf, of, rule, day))]
    known_rows = {it["row"]: it["text"] for it in shelf.duties.values()}
    dues = [(due.row, due.text or known_rows.get(due.row, of.text)) for due in of.due]
    typed = _typed(of)
    prose = layout(
        name,
        of.text,
        words_of(known["text"]),
        (ASKED, [line for key, one in fields for line in _field(shelf, of, key, one, day)]),
        (HELD, [("{it}", {"it": one}) for one in _once(_said(one) for one in rules)]),
        (DUE, [("{it}", {"it": words}) for _, words in dues]),
        (HOW, [*(("    {it}", {"it": line}) for line in typed), *([(ALONE, {})] if of.keeps == "one" else [])]),
        headings(shelf, [of.clause, *(rule["clause"] for rule in rules if rule["clause"])]),
    )
    about = {"track": of.name, "text": of.text, "clause": of.clause, "home": list(of.home), "at": of.at}
    told = [{"field": key, **_told(one, day)} for key, one in fields]
    plain = [{name: each for name, each in rule.items() if name != "only"} for rule in rules]
    listed = {"keeps": of.keeps, "fields": told, "rules": plain, "due": [row for row, _ in dues if row], "typed": typed}
    return Outcome(data={**about, **listed}, prose=prose)


def _typed(of: Track) -> list[str]:
    """The commands by which it is written down."""
    if not HOMES.keys() & {*of.home}:
        return [f"shelterctl {of.name} add CODE"]
    command = command_of(of)
    return (
        [f"shelterctl {command}"] if command else [f"shelterctl add ID {of.name}{end}" for end in ("", " --from FILE")]
    )


def _fields(fields: Fields, above: str = "") -> Iterator[tuple[str, Field]]:
    """Every field with its dotted name, and in the place of a group what stands inside it."""
    for name, one in fields.items():
        if one.kind == "group":
            yield from _fields(one.fields, f"{above}{name}.")
        else:
            yield f"{above}{name}", one


def _field(shelf: Shelf, of: Track, key: str, one: Field, day: date) -> Said:
    """A field in words: how it is called, under which key a file has it, what may stand there, and when it is asked."""
    codes = [
        {spoken: f"{code} ({shown(said, spoken)})" for spoken in SPOKEN} for code, said in offered(one, day).items()
    ]
    sentence = (SEVERAL if one.several else CODES) if codes else MUST if one.must else FIELD
    registers = [f"{each.name} list" for each in shelf.tracks.values() if each.at in one.of and one.kind == "party"]
    pointed = [shelf.tracks[name].text for name in one.of if one.kind == "entry" and name in shelf.tracks]
    sentence = (PARTY_OR_WORDS if one.open else PARTY) if registers else ENTRY if pointed else sentence
    facts: dict[str, Any] = {"label": one.text or key, "key": key, "kind": called(one), "codes": codes}
    facts |= {"commands": registers, "tracks": pointed}
    left: Said = [(NEVER_LEFT, {})] if one.must and sentence is not MUST else []
    beside = [(BESIDE, _when(shelf, of, name, said)) for name, said in one.asked_with.items()]
    return [(sentence, facts), *left, *beside]


def _told(one: Field, day: date) -> dict[str, Any]:
    """A field for a program."""
    flags = {name: getattr(one, name) for name in ("must", "several", "open", "unknown", "zero", "by_file")}
    beside = {name: list(said) for name, said in one.asked_with.items()}
    more = {"of": list(one.of), "codes": list(offered(one, day)), "with": beside, "clause": one.clause}
    return {"text": one.text, "kind": one.kind, **{name: it for name, it in {**flags, **more}.items() if it}}


def _when(shelf: Shelf, of: Track, name: str, answers: Iterable[str]) -> dict[str, Any]:
    """A field and the answers that are meant of it, in words."""
    one = _named(shelf, of, name)
    known = {**PLAIN, **THERE, **(one.codes if one else {})}
    return {
        "label": quoted(one.text) if one and one.text else name,
        "answers": [known.get(each, each) for each in answers],
    }


def _named(shelf: Shelf, of: Track, name: str) -> Field | None:
    first, _, rest = name.partition(".")
    every = dict(_fields(of.fields))
    if name in every or not rest or first not in shelf.tracks:
        return every.get(name)
    return dict(_fields(shelf.tracks[first].fields)).get(rest)


def _rule(shelf: Shelf, of: Track, rule: Rule, day: date) -> dict[str, Any] | None:
    """A rule that is in force on *day*: its words for a person, and what it is for a program."""
    ruling = rule.on(day)
    if ruling is None:
        return None
    said = _once(_sentences(shelf, of, rule, ruling, day))
    texts = {spoken: " ".join(shown(each, spoken) for each in said) for spoken in SPOKEN}
    names = {"verb": rule.verb, "names": list(rule.names), "clause": ruling.clause, "strength": ruling.strength.value}
    when = {"when": {name: list(answers) for name, answers in rule.when.items()}} if rule.when else {}
    more = {name: it for name, it in {"act": rule.act, "unless": rule.unless, "code": rule.code}.items() if it}
    only = [_when(shelf, of, name, answers) for name, answers in rule.when.items() if _named(shelf, of, name)]
    return {**names, **more, **when, "says": texts, "only": only} if said else None


def _said(rule: Mapping[str, Any]) -> Text:
    """The words of a rule, with the answers without which it is not asked."""
    said: Text = rule["says"]
    for facts in rule["only"]:
        said = {spoken: say(ONLY, {**facts, "sentence": said}, spoken) for spoken in SPOKEN}
    return said


def _once(texts: Iterable[Text]) -> list[Text]:
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
    """Whether a field of that kind can break a rule so: months are told apart from all else."""
    return way.partition(".")[0] != "once" or (one is not None and one.kind == "months") is (way != "once")


def _sentence(rule: Rule, ruling: Ruling, way: str, names: list[str], entry: Entry, around: Around) -> Text:
    asks = ruling.asks
    others = (asks.get(key) for key in (*OTHERS.get(way, ()), "in", "not", "of"))
    other = next((each for each in others if isinstance(each, str | Mapping)), None)
    given = {
        "names": names,
        "other": other["of"] if isinstance(other, Mapping) else other,
        "roles": asks.get("role") or asks.get("each"),
        "lacking": asks.get("all"),
        "text": asks.get("contains"),
        "most": asks.get("at_most"),
        "where": asks.get("where"),
        **{key: asks[key] for key in ("codes", "at_least", "at_most", "exactly", "minor_under") if key in asks},
    }
    broken = Broken(names[0], way.partition(".")[2], {key: it for key, it in given.items() if it is not None})
    row = row_of(rule, way, broken, entry, around)
    facts = row.told({"clause": ruling.clause})
    message: Any = row.message
    return {spoken: _filled(message, facts, spoken) for spoken in SPOKEN}


def _filled(message: Any, facts: Mapping[str, Any], spoken: str) -> str:
    """A sentence with an open end for whatever only an entry can say."""
    words = message if isinstance(message, str) else shown(message, spoken)
    named = {name for _, name, _, _ in Formatter().parse(words) if name}
    kept = {name: facts[name] for name in named if isinstance(facts.get(name), str | int | list | tuple | Mapping)}
    kept = {name: it for name, it in kept.items() if it not in ("", [], None) and name not in ("value", "day", "entry")}
    said = say(message, {**dict.fromkeys(named, OPEN_END), **kept}, spoken)
    return re.sub(rf"{OPEN_END}\.", OPEN_END, re.sub(rf" \({OPEN_END}\)", "", said))
