"""Check of the entries that a track writes for all residents at once: its questions, proposals and offers."""

from collections.abc import Iterator

from shelterctl.core.manual.field import Field
from shelterctl.core.manual.rule import Measure
from shelterctl.core.manual.track import OWED, AtOnce, Track
from shelterctl.core.rules.verbs.amounts import Amount
from shelterctl.rulebook.files import RulebookFile, collecting, pointer_below, words_with_places
from shelterctl.rulebook.lint.scope import CheckedScope, require_field_of
from shelterctl.ui_language import N_

AT_ONCE_IDLE = N_(
    "only a list of entries of a stay is written for all residents at once, without an act and not sealed; leave "
    "at_once out"
)
AT_ONCE_DAY_FIRST = N_("name the field of the day first: {day}")
AT_ONCE_GROUP = N_("a field with fields inside is not written for all residents at once; leave it out")
AT_ONCE_LACKS = N_("every entry needs these fields too; name them under ask or each: {names}")
AT_ONCE_OWED = N_(
    "{word} is for a span and its amount together, where a rule gives the least amount for each day of that span"
)
AT_ONCE_ASKED_AND_OWED = N_("what is owed is not asked; leave it out under ask")
AT_ONCE_NOT_ASKED = N_("only a field that is asked once for all can have an offer; name it under ask")


def check_at_once(file: RulebookFile, track: Track, scope: CheckedScope) -> None:
    """Collect in its file the mistakes of what a track writes for all residents at once."""
    once = track.at_once
    if once is None:
        return
    if track.keeps == "one" or track.is_coded or track.act or track.family or track.seal or "stay" not in track.home:
        file.errors.append(file.error_at("rule", "/at_once", AT_ONCE_IDLE))
        return
    asked = dict(words_with_places("/at_once/ask", file.value["at_once"]["ask"]))
    for name, at in {**asked, **{name: pointer_below("/at_once/each", name) for name in once.each}}.items():
        with collecting(file.errors):
            if require_field_of(file, at, name, track.fields).kind in ("group", "parts"):
                raise file.error_at("rule", at, AT_ONCE_GROUP)
    if once.ask[0] in track.fields and once.ask[0] != track.day:
        file.errors.append(file.error_at("rule", asked[once.ask[0]], AT_ONCE_DAY_FIRST, day=track.day))
    if lacks := [name for name, one in track.fields.items() if one.must and name not in (*once.ask, *once.each)]:
        file.errors.append(file.error_at("shape", "/at_once", AT_ONCE_LACKS, names=lacks))
    with collecting(file.errors):
        _check_proposals(file, track, once)
    for name, code in once.offers.items():
        with collecting(file.errors):
            _check_offer(file, track.fields.get(name), once, name, code, scope)


def _check_proposals(file: RulebookFile, track: Track, once: AtOnce) -> None:
    """Raise BrokenRulebook where what is owed cannot be computed, or is asked as well."""
    owed = {name for name, said in once.each.items() if said == OWED}
    for name in owed & {*once.ask}:
        raise file.error_at("rule", pointer_below("/at_once/each", name), AT_ONCE_ASKED_AND_OWED)
    if owed and owed not in [*_owed_fields(track)]:
        raise file.error_at("rule", "/at_once/each", AT_ONCE_OWED, word=OWED)


def _owed_fields(track: Track) -> Iterator[set[str]]:
    """Yield each amount with the span for each day of which a rule gives the least amount."""
    first = next((name for name, one in track.fields.items() if one.kind == "span"), "")
    for rule in track.rules:
        limits = (each.params for each in rule.rulings if isinstance(each.params, Amount))
        for limit in limits:
            days = [one.name for one in limit.times if isinstance(one, Measure) and one.kind == "days_of"]
            if limit.at_least is not None and days == [first]:
                yield {*rule.names, first}


def _check_offer(
    file: RulebookFile, field: Field | None, once: AtOnce, name: str, code: str, scope: CheckedScope
) -> None:
    """Raise BrokenRulebook unless an offer is a known answer to a question that is asked once for all."""
    at = pointer_below("/at_once/offers", name)
    if field is None or name not in once.ask:
        raise file.error_at("rule", at, AT_ONCE_NOT_ASKED)
    file.require_known(at, code, scope.allowed_answers(field))
