"""Checks of the registers: the tracks of the directory.

A register is kept by code, each answer is saved at once, and no client is known when an entry is judged, is due or is
printed. A word that would have no effect there is refused.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from shelterctl.core.manual.field import Fields
from shelterctl.core.manual.sheet import CARD_SHEET
from shelterctl.core.manual.track import Track
from shelterctl.core.rules.context import Tracks
from shelterctl.core.rules.names import RESERVED_NAMES
from shelterctl.core.rules.verbs.vocabulary import VERBS
from shelterctl.rulebook.files import RulebookFile, pointer_below
from shelterctl.rulebook.lint.scope import CheckedScope
from shelterctl.ui_language import N_

REGISTERS_IN_CLEAR = ("staff", "facilities")
"""Registers that keep some fields unencrypted, in a file of their own."""

KEYS_IDLE_IN_REGISTER = (
    "act", "acts", "family", "tells", "sealed", "per", "apart", "life", "parts", "each", "unlisted", "advice", "groups",
    "alarms", "titled", "chosen",
)  # fmt: skip
"""Keys of a track that have no effect in the directory."""

FIELD_KEYS_IDLE_IN_REGISTER = ("enter", "filled", "marks", "by_file", "card", "number", "note", "printed", "unit")
SHEET_KEYS_IDLE_IN_REGISTER = ("signed", "signs", "columns", "texts", "sentences", "general", "names", "tint")
FIELD_KINDS_OF_REGISTER = (
    "text", "code", "party", "yes_no", "whole", "som", "day", "time", "clock", "partial", "months", "group",
)  # fmt: skip
"""Kinds of fields that one question asks for, and that are saved separately."""

VERBS_OF_REGISTER = ("needs", "is", "dated", "amount", "once", "by", "stands")
NAMES_WITHOUT_CLIENT = frozenset(RESERVED_NAMES - {"today", "act"})
"""Names that mean something only for an entry of a client."""

KEYS_WITHOUT_NAMES = ("says", "in_file", "clause", "codes", "all", "role", "contains")
"""Keys of a rule that name neither a field nor a fact around the entry."""

PLACES_OF_DIRECTORY = ("schema", "given_up")
NAME_FIELD = "name"

IDLE_IN_REGISTER = N_("{key} has no effect in the directory; leave it out")
PLACE_WANTED = N_("{key} cannot be the place of a register; write one word that nothing else uses, without a full stop")
PLACE_EMPTY = N_("a register needs a place; write one word that nothing else uses, such as its name")
REGISTER_NEEDS_NAME = N_("a register needs a field {name} of the kind text: new entries are registered by it")
REGISTER_ANSWER_SAVED_AT_ONCE = N_(
    "answers are saved separately here, so none can be required; leave this key out and write a rule"
)
REGISTER_ONCE_NEEDS_WORDS = N_("in the directory this rule needs its own text under says, with {whose}")
REGISTER_HAS_NO_EVENT = N_("a deadline of a register must begin with one of its days or times, not with an event")
REGISTER_SHEETS = N_("a register is printed by entry; write kind: {kind} for its sheet")


def registers_in_scope(scope: CheckedScope) -> CheckedScope:
    """Return the rulebook as an entry of the directory sees it: other registers, and no track of a client."""
    registers = {name: track for name, track in scope.tracks.items() if "directory" in track.home}
    return replace(scope.within(*scope.layers, tracks=Tracks(registers)), hidden=NAMES_WITHOUT_CLIENT)


def check_register(file: RulebookFile, track: Track) -> None:
    """Collect in its file everything that has no effect in a track of the directory; skip other tracks."""
    value, errors = file.value, file.errors
    if "directory" not in track.home:
        return
    idle = [*KEYS_IDLE_IN_REGISTER, *(["clear"] if track.at not in REGISTERS_IN_CLEAR else [])]
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


def _collect_idle_keys(file: RulebookFile, place: str, value: Mapping[str, Any], keys: Iterable[str]) -> None:
    for key in keys:
        if key in value:
            file.errors.append(file.error_at("rule", pointer_below(place, key), IDLE_IN_REGISTER, key=key))


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
