"""Annexes, tracks and acts, built from what their files say.

Each function takes a part of a file and returns a type of core: fields, rules, deadlines, parts, items, printed
sheets. Codes and kinds are checked here against the words that are known; all else is checked by rulebook.lint.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from shelterctl.core.manual.act import Act, Item
from shelterctl.core.manual.field import FIELD_KINDS, CodeValidity, Field, Fields, find_timed_fields
from shelterctl.core.manual.rule import (
    History,
    OutOfOrderError,
    Rule,
    read_answers,
    read_history,
    read_rule,
    unroll_history,
)
from shelterctl.core.manual.sheet import Annex, AnnexEntry, AnnexFoot, NumberedSentence, PrintedForm
from shelterctl.core.manual.track import Alarm, ConditionalTitle, Deadline, EntryAct, FormPart, Seal, Track
from shelterctl.core.record.file_tree import SEALED_LIST
from shelterctl.core.values.days import read_day
from shelterctl.language import Text
from shelterctl.rulebook.files import RulebookFile, broken_rulebook, pointer_below, words_with_places
from shelterctl.ui_language import N_

ANNEX_NAME_DIFFERS = N_("the annex must be named like its file")
DAYS_OUT_OF_ORDER = N_("the days of a history must increase, and only its first ruling has no since")


def build_annex(file: RulebookFile, name: str) -> Annex:
    """The annex of one file, which must have that name."""
    value = file.value
    if value["annex"] != name:
        raise broken_rulebook("name", file.name, "/annex", ANNEX_NAME_DIFFERS)
    return Annex(
        name=name,
        number=value["number"],
        clause=value["clause"],
        title=value["title"],
        opening=value.get("opening"),
        by_staff=value["signed_by"] == "staff",
        recorded_in=value.get("recorded_in"),
        listed=value["layout"] == "list",
        entries={
            number: AnnexEntry(
                build_listed_history(file, f"/entries/{number}/standing", entry["standing"]), entry["text"]
            )
            for number, entry in value["entries"].items()
        },
        closing=value["closing"]["text"] if "closing" in value else None,
        foot=tuple(AnnexFoot(foot["is"], foot["clause"], foot["text"]) for foot in value["foot"]),
    )


def build_printed(value: Mapping[str, Any]) -> PrintedForm:
    """The words of a form as it is printed."""
    sentences = value.get("sentences") or ()
    return PrintedForm(
        value.get("tint", "white"),
        value.get("texts") or {},
        tuple(NumberedSentence(each["mark"], each["clause"], each["text"]) for each in sentences),
        value.get("general") or {},
        tuple(value.get("names") or ()),
        kind=value.get("kind"),
        title=value.get("title") or {},
        signed_by=tuple(value.get("signed_by") or ()),
        signed=tuple(value.get("signed") or ()),
        columns=tuple(value.get("columns") or ()),
        signs=tuple(value.get("signs") or ()),
        leaves_out=value.get("leaves_out") or {},
    )


KEYS_OF_EVERY_RULING = ("clause", "strength", "reading", "repealed")
"""What every ruling may say besides what it asks."""

CodeLists = Mapping[str, Mapping[str, Text]]

KEYS_OF_CODE_VALIDITY = {"since", "later"}
"""What a code says besides its words: the day on which it begins, and that on which it is repealed."""


def build_track(file: RulebookFile, family: Track | None, lists: CodeLists) -> Track:
    """The track of one file; *family* is the one whose fields it has besides its own."""
    value = file.value
    each = _build_fields(file, "/each", value.get("each") or {}, lists)
    fields = {**(family.fields if family else {}), **_build_fields(file, "/fields", value.get("fields") or {}, lists)}
    inherited: Any = {} if family is None else {"home": family.home, "at": family.at, "day": family.day}
    seal = _build_seal(value.get("sealed"))
    if seal:
        alone = value.get("keeps") == "one"
        at = f"{SEALED_LIST.partition('.')[0]}.{seal.part}" if alone else SEALED_LIST
        inherited = {
            "home": ("client",),
            "at": at,
            "tells": {} if alone else {"track": value["track"], "part": seal.part},
        }
    day = value.get("day", inherited.get("day"))
    return Track(
        name=value["track"],
        text=value["text"],
        clause=value["clause"],
        home=_as_tuple(value.get("home", inherited.get("home", ()))),
        at=value.get("at", inherited.get("at", "")),
        fields=fields,
        rules=build_rules(file, "/rules", value.get("rules") or ()),
        own=tuple(value.get("fields") or ()),
        discriminator=value.get("tells") or inherited.get("tells", {}),
        family=family.name if family else None,
        act=value.get("act", family.act if family else None),
        day=tuple(day) if isinstance(day, list) else day,
        keeps=value.get("keeps", family.keeps if family else "one"),
        per=tuple(value.get("per") or ()),
        identifying_fields=tuple(value.get("apart") or ()),
        life=tuple(value["life"]) if "life" in value else None,
        unlisted=value.get("unlisted"),
        unasked_code=value.get("unasked"),
        advice=value.get("advice") or {},
        groups=value.get("groups") or {},
        part_fields=each,
        parts={
            number: _build_part(file, number, part, family.part_fields if family else each, lists)
            for number, part in (value.get("parts") or {}).items()
        },
        sheet=build_printed(value.get("sheet") or {}),
        due=build_deadlines(file, "/due", value.get("due")),
        alarms=tuple(
            Alarm(read_answers(each["when"]), each["text"], each["clause"], each.get("owner"), each.get("row"))
            for each in value.get("alarms") or ()
        ),
        clear=_build_fields(file, "/clear", value.get("clear") or {}, lists),
        dated_code_fields=tuple(find_timed_fields(fields)),
        seal=seal,
        entry_acts={
            name: EntryAct(each["text"], each["clause"], each["writes"], read_answers(each.get("when") or {}))
            for name, each in (value.get("acts") or {}).items()
        },
        choice_title=value.get("chosen"),
        conditional_titles=tuple(
            ConditionalTitle(read_answers(each["when"]), each["text"]) for each in value.get("titled") or ()
        ),
    )


def _as_tuple(names: str | Sequence[str]) -> tuple[str, ...]:
    """One name or several, as a rulebook writes them."""
    return (names,) if isinstance(names, str) else tuple(names)


def has_deadline(track: Mapping[str, Any]) -> bool:
    """Whether a track as it is written has a deadline, of its own or of a part."""
    return "due" in track or any("due" in part for part in (track.get("parts") or {}).values())


def _build_seal(value: Mapping[str, Any] | None) -> Seal | None:
    if not value:
        return None
    marker, words, readers = (tuple(value.get(name) or ()) for name in ("marker", "words", "readers"))
    return Seal(value["part"], marker, words, readers)


def _build_part(file: RulebookFile, number: str, value: Mapping[str, Any], each: Fields, lists: CodeLists) -> FormPart:
    place = pointer_below("/parts", number)
    own = {name: value[name] for name in ("clause", "repealed") if name in value}
    return FormPart(
        number=number,
        text=value["text"],
        fields={**each, **_build_fields(file, f"{place}/fields", value.get("fields") or {}, lists)},
        rules=build_rules(file, f"{place}/rules", value.get("rules") or ()),
        standing=build_history(file, place, own, value.get("later")),
        group=value.get("group"),
        mark=value.get("mark"),
        product=tuple(value.get("product") or ()),
        due=build_deadlines(file, f"{place}/due", value.get("due")),
    )


def _build_fields(file: RulebookFile, place: str, value: Mapping[str, Any], lists: CodeLists) -> Fields:
    return {name: build_field(file, pointer_below(place, name), name, one, lists) for name, one in value.items()}


def build_field(file: RulebookFile, place: str, name: str, value: Mapping[str, Any], lists: CodeLists) -> Field:
    """One field; its codes stand beside it, or in the list that it names."""
    file.require_known(pointer_below(place, "is"), value["is"], FIELD_KINDS)
    of = _as_tuple(value.get("of", ()))
    own = value.get("codes") or {}
    codes = _texts_of_codes(own)
    if value["is"] == "code" and of:
        (listed, at), *_ = words_with_places(pointer_below(place, "of"), value["of"])
        file.require_known(at, listed, lists)
        codes = lists[listed]
    return Field(
        name=name,
        kind=value["is"],
        text=value.get("text") or {},
        hint=value.get("hint"),
        clause=value.get("clause"),
        codes=codes,
        terms=_build_code_validity(file, pointer_below(place, "codes"), own),
        of=of,
        open=value.get("open", False),
        several=value.get("several", False),
        must=value.get("must", False),
        asked_with=read_answers(value.get("with") or {}),
        unknown=value.get("unknown", False),
        zero=value.get("zero", False),
        letters=bool(value.get("letters", False)),
        person=value.get("letters") == "name",
        ahead=bool(value.get("ahead", False)),
        ahead_of=_as_tuple(value["ahead"]) if isinstance(value.get("ahead"), str | list) else (),
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
        enter=_as_tuple(value.get("enter", ())),
        filled=value.get("filled", False),
        marks=value.get("marks"),
        life=tuple(value.get("life") or ()),
        fields=_build_fields(file, pointer_below(place, "fields"), value.get("fields") or {}, lists),
    )


def _texts_of_codes(codes: Mapping[str, Any]) -> Mapping[str, Text]:
    """The codes with what each is called, in every language."""
    if not any(said.keys() & KEYS_OF_CODE_VALIDITY for said in codes.values()):
        return codes
    return {
        code: {key: words for key, words in said.items() if key not in KEYS_OF_CODE_VALIDITY}
        for code, said in codes.items()
    }


def _build_code_validity(file: RulebookFile, place: str, codes: Mapping[str, Any]) -> Mapping[str, CodeValidity]:
    """Those of the codes that begin or end on a day; BrokenRulebook where one would end before it begins."""
    found: dict[str, CodeValidity] = {}
    no_end: Mapping[str, Any] = {}
    for code, said in codes.items():
        if said.keys() & KEYS_OF_CODE_VALIDITY:
            (repeal,) = said.get("later") or [no_end]
            term = CodeValidity(read_day(said.get("since")), read_day(repeal.get("since")), repeal.get("clause"))
            if term.since and term.until and term.until <= term.since:
                raise file.error_at("order", pointer_below(place, code, "later", 0, "since"), DAYS_OUT_OF_ORDER)
            found[code] = term
    return found


def build_rules(file: RulebookFile, place: str, listed: Any) -> tuple[Rule, ...]:
    """The rules of a list; BrokenRulebook where the days of one are not in order."""
    found = []
    for number, rule in enumerate(listed):
        try:
            found.append(read_rule(rule))
        except OutOfOrderError as error:
            at = pointer_below(place, number, "later", error.place - 1, "since")
            raise file.error_at("order", at, DAYS_OUT_OF_ORDER) from error
    return tuple(found)


def build_listed_history(file: RulebookFile, place: str, entries: Sequence[Mapping[str, Any]]) -> History:
    """The rulings of one matter that stand in a list; BrokenRulebook if their days are not in order."""
    try:
        return read_history(entries)
    except OutOfOrderError as error:
        at = f"{place}/{error.place}" + ("/since" if error.place else "")
        raise file.error_at("order", at, DAYS_OUT_OF_ORDER) from error


def build_history(file: RulebookFile, place: str, own: Mapping[str, Any], later: Any) -> History:
    """The rulings of one matter: its *own* and the *later* ones; BrokenRulebook if their days are not in order."""
    try:
        return read_history(unroll_history(own, later or ()))
    except OutOfOrderError as error:
        at = pointer_below(place, "later", error.place - 1, "since")
        raise file.error_at("order", at, DAYS_OUT_OF_ORDER) from error


def build_deadlines(file: RulebookFile, place: str, listed: Any) -> tuple[Deadline, ...]:
    """The deadlines of a list."""
    return tuple(_build_deadline(file, pointer_below(place, number), each) for number, each in enumerate(listed or ()))


def _build_deadline(file: RulebookFile, place: str, value: Mapping[str, Any]) -> Deadline:
    own = {name: each for name, each in value.items() if name in ("after", "every", "during", *KEYS_OF_EVERY_RULING)}
    return Deadline(
        event=value["from"],
        row=value.get("row"),
        history=build_history(file, place, own, value.get("later")),
        text=value.get("text"),
        owner=value.get("owner"),
        until=_as_tuple(value.get("until", ())),
        when=read_answers(value.get("when") or {}),
        where=read_answers(value.get("where") or {}),
        first=value.get("first", False),
        danger=value.get("danger"),
        never=value.get("never"),
    )


DAY_SUFFICED_FORMERLY = "former"
"""What an item says under done for which a day was enough once."""


def build_act(file: RulebookFile) -> Act:
    """The act of one file."""
    value = file.value
    return Act(
        name=value["act"],
        text=value["text"],
        clause=value["clause"],
        of=value["of"],
        writes=value["writes"],
        rules=build_rules(file, "/rules", value.get("rules") or ()),
        items=tuple(_build_item(file, f"/items/{place}", each) for place, each in enumerate(value["items"])),
        rests=value.get("rests"),
        asks={part: tuple(names) for part, names in (value.get("asks") or {}).items()},
        softens=read_answers(value.get("softens") or {}),
    )


def _build_item(file: RulebookFile, place: str, value: Mapping[str, Any]) -> Item:
    own = {name: value[name] for name in ("clause", "gate", "strength", "reading", "repealed") if name in value}
    own.setdefault("gate", False)
    return Item(
        name=value["item"],
        text=value["text"],
        history=build_history(file, place, own, value.get("later")),
        rules=build_rules(file, f"{place}/rules", value.get("rules") or ()),
        says={value["item"]: value["text"], **(value.get("says") or {})},
        in_file=value.get("in_file") or {},
        on=value.get("on"),
        asked_with_it=tuple(value.get("also") or ()),
        of=value.get("of", "stay"),
        who=value.get("who"),
        may_be_given=value.get("done") is True,
        could_be_given=value.get("done") == DAY_SUFFICED_FORMERLY,
        owner=value.get("owner"),
        row=value.get("row"),
    )
