"""A track taken down from the shelf: its fields, rules and parts, each word held against what is known there."""

from collections.abc import Mapping
from typing import Any

from shelterctl.core.days import read_day
from shelterctl.core.field import KINDS, Field, Fields, Term, timed
from shelterctl.core.rule import Rule, answers, read_rule, unrolled
from shelterctl.core.ruling import OutOfOrderError, read_history
from shelterctl.core.track import Alarm, Deed, Due, Part, Seal, Titled, Track
from shelterctl.core.tree import SEALED
from shelterctl.language import Text
from shelterctl.library.annex import printed
from shelterctl.library.file import OUT_OF_ORDER, Written, below

STANDING = ("clause", "strength", "reading", "repealed")
"""What every ruling may say besides what it asks."""

Lists = Mapping[str, Mapping[str, Text]]

TERM = {"since", "later"}
"""What a code says besides its words: the day on which it begins, and that on which it is repealed."""


def track(written: Written, family: Track | None, lists: Lists) -> Track:
    """The track of one file; *family* is the one whose fields it has besides its own."""
    value = written.value
    each = _fields(written, "/each", value.get("each") or {}, lists)
    fields = {**(family.fields if family else {}), **_fields(written, "/fields", value.get("fields") or {}, lists)}
    inherited: Any = {} if family is None else {"home": family.home, "at": family.at, "day": family.day}
    seal = _seal(value.get("sealed"))
    if seal:
        alone = value.get("keeps") == "one"
        at = f"{SEALED.partition('.')[0]}.{seal.part}" if alone else SEALED
        inherited = {
            "home": ("client",),
            "at": at,
            "tells": {} if alone else {"track": value["track"], "part": seal.part},
        }
    return Track(
        name=value["track"],
        text=value["text"],
        clause=value["clause"],
        home=_several(value.get("home", inherited.get("home", ()))),
        at=value.get("at", inherited.get("at", "")),
        fields=fields,
        rules=rules(written, "/rules", value.get("rules") or ()),
        own=tuple(value.get("fields") or ()),
        tells=value.get("tells") or inherited.get("tells", {}),
        family=family.name if family else None,
        act=value.get("act", family.act if family else None),
        day=_day(value.get("day", inherited.get("day"))),
        keeps=value.get("keeps", family.keeps if family else "one"),
        per=tuple(value.get("per") or ()),
        apart=tuple(value.get("apart") or ()),
        life=tuple(value["life"]) if "life" in value else None,
        unlisted=value.get("unlisted"),
        unasked=value.get("unasked"),
        advice=value.get("advice") or {},
        groups=value.get("groups") or {},
        each=each,
        parts={
            number: _part(written, number, part, family.each if family else each, lists)
            for number, part in (value.get("parts") or {}).items()
        },
        sheet=printed(value.get("sheet") or {}),
        due=dues(written, "/due", value.get("due")),
        alarms=tuple(_alarm(each) for each in value.get("alarms") or ()),
        clear=_fields(written, "/clear", value.get("clear") or {}, lists),
        timed=tuple(timed(fields)),
        seal=seal,
        deeds={
            name: Deed(each["text"], each["clause"], each["writes"], answers(each.get("when") or {}))
            for name, each in (value.get("acts") or {}).items()
        },
        chosen=value.get("chosen"),
        titled=tuple(Titled(answers(each["when"]), each["text"]) for each in value.get("titled") or ()),
    )


def owes(written: Mapping[str, Any]) -> bool:
    """Whether a track as it is written has a deadline, of its own or of a part."""
    return "due" in written or any("due" in part for part in (written.get("parts") or {}).values())


def _alarm(value: Mapping[str, Any]) -> Alarm:
    """Answers that are raised, as the shelf writes them."""
    return Alarm(answers(value["when"]), value["text"], value["clause"], value.get("owner"), value.get("row"))


def _seal(written: Mapping[str, Any] | None) -> Seal | None:
    if not written:
        return None
    marker, words, readers = (tuple(written.get(name) or ()) for name in ("marker", "words", "readers"))
    return Seal(written["part"], marker, words, readers)


def _day(written: Any) -> str | tuple[str, ...] | None:
    return written if written is None or isinstance(written, str) else tuple(written)


def _several(written: Any) -> tuple[str, ...]:
    return (written,) if isinstance(written, str) else tuple(written)


def _part(written: Written, number: str, value: Mapping[str, Any], each: Fields, lists: Lists) -> Part:
    place = below("/parts", number)
    own = {name: value[name] for name in ("clause", "repealed") if name in value}
    return Part(
        number=number,
        text=value["text"],
        fields={**each, **_fields(written, f"{place}/fields", value.get("fields") or {}, lists)},
        rules=rules(written, f"{place}/rules", value.get("rules") or ()),
        standing=history(written, place, unrolled(own, value.get("later") or ())),
        group=value.get("group"),
        mark=value.get("mark"),
        product=tuple(value.get("product") or ()),
        due=dues(written, f"{place}/due", value.get("due")),
    )


def _fields(written: Written, place: str, value: Mapping[str, Any], lists: Lists) -> Fields:
    return {name: field(written, below(place, name), name, one, lists) for name, one in value.items()}


def field(written: Written, place: str, name: str, value: Mapping[str, Any], lists: Lists) -> Field:
    """One field; its codes stand beside it, or in the list that it names."""
    written.known(below(place, "is"), [value["is"]], KINDS)
    of = _several(value.get("of", ()))
    own = value.get("codes") or {}
    codes = _said(own)
    if value["is"] == "code" and of:
        written.known(below(place, "of") if isinstance(value["of"], str) else below(place, "of", 0), of[:1], lists)
        codes = lists[of[0]]
    return Field(
        name=name,
        kind=value["is"],
        text=value.get("text") or {},
        hint=value.get("hint"),
        clause=value.get("clause"),
        codes=codes,
        terms=_terms(written, below(place, "codes"), own),
        of=of,
        open=value.get("open", False),
        several=value.get("several", False),
        must=value.get("must", False),
        asked_with=answers(value.get("with") or {}),
        unknown=value.get("unknown", False),
        zero=value.get("zero", False),
        letters=bool(value.get("letters", False)),
        person=value.get("letters") == "name",
        ahead=bool(value.get("ahead", False)),
        ahead_of=_several(value["ahead"]) if isinstance(value.get("ahead"), str | list) else (),
        begun=value.get("begun", False),
        nameless=value.get("nameless", False),
        offers=value.get("offers"),
        was=value.get("was"),
        absent=value.get("else"),
        number=value.get("number"),
        on_paper=value.get("on_paper"),
        boxes=tuple(value.get("boxes") or ()),
        note=value.get("note"),
        printed=value.get("printed", False),
        unit=value.get("unit"),
        by_file=value.get("by_file", False),
        card=value.get("card", False),
        enter=_several(value.get("enter", ())),
        filled=value.get("filled", False),
        marks=value.get("marks"),
        life=tuple(value.get("life") or ()),
        fields=_fields(written, below(place, "fields"), value.get("fields") or {}, lists),
    )


def _said(codes: Mapping[str, Any]) -> Mapping[str, Text]:
    """The codes with what each is called, in every language."""
    if not any(said.keys() & TERM for said in codes.values()):
        return codes
    return {code: {key: words for key, words in said.items() if key not in TERM} for code, said in codes.items()}


def _terms(written: Written, place: str, codes: Mapping[str, Any]) -> Mapping[str, Term]:
    """Those of the codes that begin or end on a day; BrokenRulebook where one would end before it begins."""
    found: dict[str, Term] = {}
    no_end: Mapping[str, Any] = {}
    for code, said in codes.items():
        if said.keys() & TERM:
            (repeal,) = said.get("later") or [no_end]
            term = Term(read_day(said.get("since")), read_day(repeal.get("since")), repeal.get("clause"))
            if term.since and term.until and term.until <= term.since:
                raise written.broken("order", below(place, code, "later", 0, "since"), OUT_OF_ORDER)
            found[code] = term
    return found


def rules(written: Written, place: str, listed: Any) -> tuple[Rule, ...]:
    """The rules of a list; BrokenRulebook where the days of one are not in order."""
    found = []
    for number, rule in enumerate(listed):
        try:
            found.append(read_rule(rule))
        except OutOfOrderError as error:
            at = below(place, number, "later", error.place - 1, "since")
            raise written.broken("order", at, OUT_OF_ORDER) from error
    return tuple(found)


def history(written: Written, place: str, entries: Any) -> Any:
    """The rulings of one matter; BrokenRulebook if their days are not in order."""
    try:
        return read_history(entries)
    except OutOfOrderError as error:
        raise written.broken("order", below(place, "later", error.place - 1, "since"), OUT_OF_ORDER) from error


def dues(written: Written, place: str, listed: Any) -> tuple[Due, ...]:
    """The deadlines of a list."""
    return tuple(_due(written, below(place, number), each) for number, each in enumerate(listed or ()))


def _due(written: Written, place: str, value: Mapping[str, Any]) -> Due:
    own = {name: each for name, each in value.items() if name in ("after", "every", "during", *STANDING)}
    return Due(
        event=value["from"],
        row=value.get("row"),
        history=history(written, place, unrolled(own, value.get("later") or ())),
        text=value.get("text"),
        owner=value.get("owner"),
        until=_several(value.get("until", ())),
        when=answers(value.get("when") or {}),
        where=answers(value.get("where") or {}),
        first=value.get("first", False),
        danger=value.get("danger"),
        never=value.get("never"),
    )
