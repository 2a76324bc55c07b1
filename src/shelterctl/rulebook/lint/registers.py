"""Checks of the registers: the tracks of the directory.

A register is kept by code, each answer is saved at once, and no client is known when an entry is judged, is due or is
printed. A word that would have no effect there is refused.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from shelterctl.core.manual.field import Fields
from shelterctl.core.manual.sheet import CARD_SHEET
from shelterctl.core.manual.track import REGISTER_EVENT, REGISTER_HOMES, Track
from shelterctl.core.rules.context import Tracks
from shelterctl.core.rules.names import RESERVED_NAMES
from shelterctl.core.rules.verbs.vocabulary import VERBS
from shelterctl.rulebook.files import RulebookFile, pointer_below
from shelterctl.rulebook.lint.scope import CheckedScope
from shelterctl.ui_language import N_, Marked

HOMES_OF_CODES = (*REGISTER_HOMES, "directory")
"""The homes of registers of codes."""

HOMES_WITH_LIFE = ("staff", "ngo", "provider")
"""The homes of codes whose registers begin and end with what is registered under the code."""

REGISTERS_IN_CLEAR = ("staff", "facilities")
"""Registers that keep some fields unencrypted, in a file of their own."""

KEYS_IDLE_IN_REGISTER = (
    "act", "acts", "family", "tells", "sealed", "per", "apart", "parts", "each", "unlisted", "advice", "groups",
    "alarms", "holds", "titled", "chosen",
)  # fmt: skip
"""Keys of a track that have no effect in the directory."""

KEYS_IDLE_IN_REGISTER_OF_HOME = (
    "act", "family", "tells", "parts", "each", "unlisted", "unasked", "advice", "groups", "alarms", "clear",
)  # fmt: skip
"""Keys of a track that have no effect in a register of a house, a member of staff, an NGO or a provider."""

FIELD_KEYS_IDLE_IN_REGISTER = (
    "enter", "filled", "marks", "by_file", "afterwards", "card", "number", "note", "printed", "unit",
)  # fmt: skip
SHEET_KEYS_IDLE_IN_REGISTER = ("signed", "signs", "columns", "texts", "sentences", "general", "names", "tint")
FIELD_KINDS_OF_REGISTER = (
    "text", "code", "party", "yes_no", "whole", "som", "day", "time", "clock", "partial", "months", "group",
)  # fmt: skip
"""Kinds of fields that one question asks for, and that are saved separately."""

VERBS_OF_REGISTER = ("needs", "is", "dated", "amount", "once", "by", "stands")
HOUSE = "house"
NAMES_OF_CLIENT = ("stay", "client", "referral", "arrival", "admission", "discharge")
"""Names that mean something only for an entry of a client."""

NAMES_WITHOUT_CLIENT = frozenset(RESERVED_NAMES - {"today", "act"})
"""Names that mean nothing for what is registered under a code."""

KEYS_WITHOUT_NAMES = ("says", "in_file", "clause", "codes", "all", "role", "contains")
"""Keys of a rule that name neither a field nor a fact around the entry."""

PLACES_OF_DIRECTORY = ("schema", "given_up")
NAME_FIELD = "name"

IDLE_IN_REGISTER = N_("{key} has no effect in the directory; leave it out")
IDLE_IN_REGISTER_OF_HOME = N_(
    "{key} has no effect in a register of a house, a member of staff, an NGO or a provider; leave it out"
)
PLACE_WANTED = N_("{key} cannot be the place of a register; write one word that nothing else uses, without a full stop")
PLACE_EMPTY = N_("a register needs a place; write one word that nothing else uses, such as its name")
REGISTER_NEEDS_NAME = N_("a register needs a field {name} of the kind text: new entries are registered by it")
REGISTER_ANSWER_SAVED_AT_ONCE = N_(
    "answers are saved separately here, so none can be required; leave this key out and write a rule"
)
REGISTER_ONCE_NEEDS_WORDS = N_("in the directory this rule needs its own text under says, with {whose}")
REGISTER_HAS_NO_EVENT = N_("a deadline of a register must begin with one of its days or times, not with an event")
REGISTER_SHEETS = N_("a register is printed by entry; write kind: {kind} for its sheet")


def is_register_of_codes(track: Track) -> bool:
    """Whether a track is kept by code, in a home that has codes."""
    return track.is_coded and track.home[0] in HOMES_OF_CODES and not track.home[1:]


def scope_of_track(scope: CheckedScope, track: Track) -> CheckedScope:
    """Return the rulebook as an entry of a track sees it.

    An entry sees the registers of codes; one of a register also what is registered under its code, and the other tracks
    of its home; one of a client, hers.
    """
    if is_register_of_codes(track):
        codes = {name: each for name, each in scope.tracks.items() if each.is_coded}
        return replace(scope.within(*scope.layers, tracks=Tracks(codes)), hidden=NAMES_WITHOUT_CLIENT)
    if home := track.of_register:
        seen = {name: each for name, each in scope.tracks.items() if each.is_coded or each.of_register == home}
        hidden = NAMES_OF_CLIENT if home == HOUSE else (*NAMES_OF_CLIENT, HOUSE)
        own = next((name for name, each in seen.items() if each.is_coded and home in each.home), "")
        return replace(scope.within(*scope.layers, tracks=Tracks(seen)), hidden=hidden, registered=own)
    return scope_of_clients(scope)


def scope_of_clients(scope: CheckedScope) -> CheckedScope:
    """Return the rulebook as an entry of a client and an act see it: without registers of houses and the like."""
    hers = {name: each for name, each in scope.tracks.items() if not each.of_register}
    return replace(scope.within(*scope.layers, tracks=Tracks(hers)), hidden=(REGISTER_EVENT,))


def check_register(file: RulebookFile, track: Track) -> None:
    """Collect in its file everything that has no effect in a track of a register; skip a client's tracks."""
    value, errors = file.value, file.errors
    if track.of_register:
        _check_register_of_home(file, track)
    if not is_register_of_codes(track):
        return
    idle = [*KEYS_IDLE_IN_REGISTER, *(["clear"] if track.at not in REGISTERS_IN_CLEAR else [])]
    idle += [] if track.home[0] in HOMES_WITH_LIFE else ["life"]
    _collect_idle_keys(file, "", value, idle)
    if track.at in PLACES_OF_DIRECTORY or "." in track.at or not track.at:
        errors.append(file.error_at("twice", "/at", PLACE_WANTED if track.at else PLACE_EMPTY, key=track.at))
    if track.fields.get(NAME_FIELD) is None or track.fields[NAME_FIELD].kind != "text":
        errors.append(file.error_at("shape", "/fields", REGISTER_NEEDS_NAME, name=NAME_FIELD))
    _check_fields(file, "/fields", value.get("fields") or {}, track.fields, in_clear=False)
    _check_fields(file, "/clear", value.get("clear") or {}, track.clear, in_clear=True)
    for number, rule in enumerate(value.get("rules") or ()):
        file.collect(_check_rule, file, pointer_below("/rules", number), rule)
    for number, due in enumerate(value.get("due") or ()):
        at = pointer_below("/due", number)
        _collect_idle_keys(file, at, due, ("where", "every", "during"))
        if due["from"] in RESERVED_NAMES:
            errors.append(file.error_at("rule", pointer_below(at, "from"), REGISTER_HAS_NO_EVENT))
    sheet = value.get("sheet") or {}
    _collect_idle_keys(file, "/sheet", sheet, SHEET_KEYS_IDLE_IN_REGISTER)
    if "sheet" in value and sheet.get("kind") != CARD_SHEET:
        place = "/sheet/kind" if "kind" in sheet else "/sheet"
        errors.append(file.error_at("rule", place, REGISTER_SHEETS, kind=CARD_SHEET))


def _check_register_of_home(file: RulebookFile, track: Track) -> None:
    """Collect what has no effect in a register of a house, a member of staff, an NGO or a provider."""
    value, said = file.value, IDLE_IN_REGISTER_OF_HOME
    _collect_idle_keys(file, "", value, KEYS_IDLE_IN_REGISTER_OF_HOME, said)
    for place, fields in (("/fields", value.get("fields") or {}),):
        for name, one in fields.items():
            _collect_idle_keys(file, pointer_below(place, name), one, ("card",), said)
    for number, rule in enumerate(value.get("rules") or ()):
        _collect_idle_keys(file, pointer_below("/rules", number), rule, ("suits",), said)
        if rule.get("act", "") not in ("", *track.entry_acts):  # an act on a stay or an agreement
            file.errors.append(file.error_at("rule", pointer_below("/rules", number, "act"), said, key="act"))


def _collect_idle_keys(
    file: RulebookFile,
    place: str,
    value: Mapping[str, Any],
    keys: Iterable[str],
    said: Marked = IDLE_IN_REGISTER,
) -> None:
    for key in keys:
        if key in value:
            file.errors.append(file.error_at("rule", pointer_below(place, key), said, key=key))


def _check_fields(file: RulebookFile, place: str, value: Mapping[str, Any], fields: Fields, *, in_clear: bool) -> None:
    """Collect what a field cannot have there; ``must`` is only for unencrypted fields, given with the code."""
    for name, written in value.items():
        at, one = pointer_below(place, name), fields[name]
        _collect_idle_keys(file, at, written, FIELD_KEYS_IDLE_IN_REGISTER)
        file.collect(file.require_known, pointer_below(at, "is"), one.kind, FIELD_KINDS_OF_REGISTER)
        if one.kind == "group" and one.several:
            file.errors.append(file.error_at("rule", pointer_below(at, "several"), IDLE_IN_REGISTER, key="several"))
        if one.must and not in_clear and place + name != "/fields" + NAME_FIELD:
            file.errors.append(file.error_at("rule", pointer_below(at, "must"), REGISTER_ANSWER_SAVED_AT_ONCE))
        if one.fields:
            _check_fields(file, pointer_below(at, "fields"), written["fields"], one.fields, in_clear=in_clear)


def _check_rule(file: RulebookFile, place: str, rule: Mapping[str, Any]) -> None:
    """Collect what a rule cannot ask without a client; raise BrokenRulebook if its verb has no effect there."""
    verb = next(each for each in VERBS if each in rule)
    if verb not in VERBS_OF_REGISTER or (verb == "stands" and "of" not in rule):
        raise file.error_at("rule", pointer_below(place, verb), IDLE_IN_REGISTER, key=verb)
    _collect_idle_keys(file, place, rule, ("act", "opens", *(("overlaps", "same", "each") if verb != "by" else ())))
    for key, said in rule.items():
        for name in () if key in KEYS_WITHOUT_NAMES else _names_in([*said] if key == "when" else said):
            if name.partition(".")[0] in NAMES_WITHOUT_CLIENT:
                file.errors.append(file.error_at("rule", pointer_below(place, key), IDLE_IN_REGISTER, key=name))
    if verb == "once" and "says" not in rule:
        raise file.error_at("rule", pointer_below(place, verb), REGISTER_ONCE_NEEDS_WORDS, whose="{whose}")


def _names_in(said: Any) -> Iterator[str]:
    """Yield every text of a rule's parameter, and every key of a mapping in it."""
    if isinstance(said, Mapping):
        for key, each in said.items():
            if key == "count":
                yield "client"  # a count is of a client and of the house
            yield from (key, *_names_in(each))
    elif isinstance(said, list | tuple):
        for each in said:
            yield from _names_in(each)
    elif isinstance(said, str):
        yield said
