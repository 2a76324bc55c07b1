"""A field of the shelf held against the rest: its codes, what it points at, beside what it is asked, what it means."""

from collections.abc import Iterator, Mapping
from typing import Any

from shelterctl.core.field import ENDS, KINDS, Field, Fields, read_field
from shelterctl.language import N_
from shelterctl.library.file import Written, below
from shelterctl.library.trial.circle import Edge, refuse_circles
from shelterctl.library.trial.rule import answers
from shelterctl.library.trial.scope import Scope, field_in

IDLE = N_("{key} does nothing at a field of the kind {kind}")
WANTED = N_("a field of the kind {kind} needs one of these: {keys}")
CODES = N_("the codes stand here or in a list, not in both")
ONE_LIST = N_("one list is wanted here")
NO_TEXT = N_("a field needs a text, unless it is a group")
NOT_READ = N_("this cannot be read as the kind {kind}")
INSIDE = N_("a {kind} has days under from and to, and texts under whatever else")
LIFE = N_("a first day and at least one that ends it are wanted here, fields of the kind day")

MEANT: Mapping[str, tuple[str, ...]] = {
    "codes": ("code",), "of": ("code", "party", "entry"), "open": ("code", "party"), "zero": ("whole", "som", "months"),
    "letters": ("text",), "ahead": ("day", "time"), "nameless": ("text",), "boxes": ("code", "yes_no"),
    "fields": ("group", "span"),
    "life": ("group",), "offers": ("text",), "marks": ("day", "partial"),
}  # fmt: skip
"""The kinds of fields at which a key is looked at."""

OFFERS = ("staff", "ngos", "facilities", "providers", "people", "drafters", "coordinator")
"""What a house knows already and may offer as an answer."""

NEEDS: Mapping[str, tuple[str, ...]] = {
    "code": ("codes", "of"), "party": ("of",), "entry": ("of",), "group": ("fields",),
}  # fmt: skip


def hold_fields(written: Written, place: str, value: Mapping[str, Any], fields: Fields, scope: Scope) -> None:
    """All fields of a mapping are whole, those inside them too, and none is asked or meant in a circle."""
    for name, each in value.items():
        _hold(written, below(place, name), each, fields[name], scope, {})
    for key in ("with", "else"):
        edges: dict[str, list[Edge]] = {}
        for name, to, at in _named(place, value, key):
            edges.setdefault(name, []).append(Edge(to, written, at))
        refuse_circles(edges)


def _named(place: str, value: Mapping[str, Any], key: str, inside: str = "") -> Iterator[tuple[str, str, str]]:
    """Every field with each other one that it names under a key, and where."""
    for name, each in value.items():
        at = below(place, name)
        if key == "else" and isinstance(each.get(key), Mapping):
            yield f"{inside}{name}", each[key]["of"], below(at, key, "of")
        for other in each.get(key) or () if key == "with" else ():
            yield f"{inside}{name}", f"{inside}{other}" if other in value else other, below(at, key, other)
        yield from _named(below(at, "fields"), each.get("fields") or {}, key, f"{inside}{name}.")


def _hold(written: Written, place: str, value: Mapping[str, Any], one: Field, scope: Scope, beside: Fields) -> None:
    """One field; what stands inside a group is asked with its neighbours *beside* it there, else with the rest."""
    for key, kinds in MEANT.items():
        if key in value and one.kind not in kinds:
            raise written.broken("rule", below(place, key), IDLE, key=key, kind=one.kind)
    if one.kind in NEEDS and not any(key in value for key in NEEDS[one.kind]):
        raise written.broken("shape", place, WANTED, kind=one.kind, keys=NEEDS[one.kind])
    if "codes" in value and "of" in value:
        raise written.broken("rule", below(place, "codes"), CODES)
    if not one.text and one.kind != "group":
        raise written.broken("shape", place, NO_TEXT)
    _of(written, place, value, one, scope)
    answers(written, below(place, "with"), one.asked_with, scope.within(beside, *scope.fields))
    written.known(below(place, "offers"), [one.offers] if one.offers else [], OFFERS)
    for number, name in enumerate(one.ahead_of):
        place_of = below(place, "ahead") if isinstance(value["ahead"], str) else below(place, "ahead", number)
        written.known(place_of, [name], [*scope.names()])
    for number, name in enumerate(one.enter):
        if scope.find(name) is None:
            at = below(place, "enter") if isinstance(value["enter"], str) else below(place, "enter", number)
            raise written.unknown(at, name, scope.names())
    if one.marks:
        beside_it = [name for fields in scope.fields for name, each in fields.items() if each.kind == "yes_no"]
        written.known(below(place, "marks"), [one.marks], beside_it)
    if one.was:
        written.known(below(place, "was"), [one.was], KINDS)
    _meaning(written, below(place, "else"), value, one, scope)
    for number, code in enumerate(one.boxes):
        written.known(below(place, "boxes", number), [code], scope.answers(one))
    if one.note and scope.find(one.note) is None:
        raise written.unknown(below(place, "note"), one.note, scope.names())
    _inside(written, place, value, one, scope)


def _of(written: Written, place: str, value: Mapping[str, Any], one: Field, scope: Scope) -> None:
    """What a field points at: a list of codes, registers, or entries."""
    if one.kind == "code" and len(one.of) > 1:
        raise written.broken("rule", below(place, "of"), ONE_LIST)
    registers = [track.at for track in scope.tracks.values() if "directory" in track.home]
    known = {"code": scope.lists, "party": registers, "entry": scope.tracks}
    for number, name in enumerate(one.of):
        at = below(place, "of") if isinstance(value["of"], str) else below(place, "of", number)
        first, dot, inside = name.partition(".") if one.kind == "entry" else (name, "", "")
        if not dot:
            written.known(at, [first], known[one.kind])
            continue
        whole = scope.find(first)
        if whole is None or whole.kind != "entry":
            raise written.unknown(at, first, [each for fields in scope.fields for each in fields])
        for track in (scope.tracks[each] for each in whole.of if each in scope.tracks):
            parts = [each for each, field in track.fields.items() if field.kind == "parts"]
            written.known(at, [inside], parts)


def _meaning(written: Written, place: str, value: Mapping[str, Any], one: Field, scope: Scope) -> None:
    """What it means that nothing is written: what another field says, or a value of the field's own kind."""
    if "else" not in value:
        return
    if isinstance(one.absent, Mapping):
        if scope.find(one.absent["of"]) is None:
            raise written.unknown(below(place, "of"), one.absent["of"], scope.names())
    elif read_field(one, one.absent) is None:
        raise written.broken("rule", place, NOT_READ, kind=one.kind)
    elif one.kind == "code":
        written.known(place, [str(one.absent)], scope.answers(one))


def _inside(written: Written, place: str, value: Mapping[str, Any], one: Field, scope: Scope) -> None:
    for name, each in (value.get("fields") or {}).items():
        inner, at = one.fields[name], below(place, "fields", name)
        _hold(written, at, each, inner, scope, one.fields)
        if one.kind == "span" and inner.kind != ("day" if name in ENDS else "text"):
            raise written.broken("rule", below(at, "is"), INSIDE, kind=one.kind)
    life = [field_in(one.fields, name) for name in one.life]
    if one.life and (len(life) < len(ENDS) or any(each is None or each.kind != "day" for each in life)):
        raise written.broken("rule", below(place, "life"), LIFE)
