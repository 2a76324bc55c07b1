"""Pages on codes and words: a word of the program, a code that stands in a file, and the code of a finding, an error
or an item of a checklist, with how to resolve it.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from shelterctl.act.admit import fragment_template, tracks_meeting_item
from shelterctl.core.finding import Outcome
from shelterctl.core.manual.act import SOFTENED_REASON, Item
from shelterctl.core.manual.field import Field
from shelterctl.core.manual.published_code import ErrorCodes, PublishedCode
from shelterctl.core.manual.rule import Strength, latest_clause
from shelterctl.core.rules.checklist import ITEM_DAY_TRACK
from shelterctl.core.rules.verbs.persons import By
from shelterctl.explain.layout import (
    MEANING_HEADING,
    MET_BY_HEADING,
    REMEDY_HEADING,
    SEE_ALSO_HEADING,
    TOOL_HEADING,
    WHILE_MISSING_HEADING,
    WHO_CAN_GIVE_HEADING,
    example_part,
    lay_out_page,
    manual_words_part,
    names_part,
    text_part,
)
from shelterctl.explain.manual import see_also_part
from shelterctl.language import Text, format_fact
from shelterctl.rulebook.derivations import read_as
from shelterctl.rulebook.files import DOCS_FOLDER, read_glossary, read_rulebook_file
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.ui_language import N_


def glossary_synonyms() -> Iterator[tuple[str, str]]:
    """Other ways to say a word, in Russian too, each with the word."""
    for name, it in read_glossary().items():
        yield from ((other, name) for other in it.get("also", ()))


def explain_word(rulebook: Rulebook, name: str, day: date) -> Outcome:
    """What a word means here, and what it is seen with."""
    known = read_glossary()[name]
    prose = lay_out_page(
        name,
        known["text"],
        text_part(MEANING_HEADING, known["means"]),
        names_part(SEE_ALSO_HEADING, _related_names(rulebook, known)),
    )
    return Outcome(data={"word": name, **known}, prose=prose)


def _related_names(rulebook: Rulebook, known: Mapping[str, Any]) -> Iterator[tuple[str, Text]]:
    for name in known.get("see", ()):
        about = rulebook.states.get(name) or read_glossary().get(name)
        yield name, about["text"] if about else rulebook.clauses[name]["heading"]


WHERE_CODE_STANDS_HEADING = N_("Where it stands")
OTHER_CODES_HEADING = N_("What may stand there")


def stored_codes(rulebook: Rulebook) -> Mapping[str, Mapping[str, Field]]:
    """Every code of a closed list, with the places that it may stand in; others may have a page already."""
    found: dict[str, dict[str, Field]] = {}
    known = {*rulebook.states, *rulebook.forms, *rulebook.house_kinds, *rulebook.items}
    known |= {*read_glossary(), *(other for other, _ in glossary_synonyms())}
    for path, place in rulebook.places.items():
        for code in () if place.open else place.codes:
            if code not in known:
                found.setdefault(code, {})[path] = place
    return found


def explain_stored_code(rulebook: Rulebook, name: str, day: date) -> Outcome:
    """What a code says in each place, and the other codes of a place that is the only one."""
    places = stored_codes(rulebook)[name]
    first = next(iter(places.values()))
    listed = first.codes if len(places) == 1 else {}
    prose = lay_out_page(
        name,
        first.codes[name],
        names_part(WHERE_CODE_STANDS_HEADING, [(path, place.text) for path, place in places.items()]),
        names_part(OTHER_CODES_HEADING, listed.items()),
        see_also_part(rulebook, [place.clause for place in places.values() if place.clause]),
    )
    told = [{"place": path, "text": place.text, "means": place.codes[name]} for path, place in places.items()]
    return Outcome(data={"code": name, "places": told, "codes": list(listed)}, prose=prose)


class ItemReason(NamedTuple):
    """An item of an act, and a reason for which it may be missing; without one, the item's own name."""

    act: str
    item: Item
    reason: str


@cache
def read_errors() -> Mapping[str, PublishedCode]:
    """What goes wrong outside the manual, by code: errors of the program, and mistakes in a text that is read."""
    file = read_rulebook_file(DOCS_FOLDER, "errors.yaml", schema="errors")
    return read_as(ErrorCodes, file, {}, trusted=True)["errors"]


def finding_codes(rulebook: Rulebook) -> Mapping[str, PublishedCode]:
    """Every code of a finding or an error that is not an item's: of the manual first, then of the program."""
    return {**read_errors(), **rulebook.findings}


def explain_finding_code(rulebook: Rulebook, name: str, day: date) -> Outcome:
    """What a finding or an error means, how it is resolved, and how that is typed."""
    known = finding_codes(rulebook)[name]
    clauses = list(dict.fromkeys(_condition_clauses(rulebook, name, day)))
    remedy, shown = text_part(REMEDY_HEADING, known.remedy), example_part(known.example)
    mistaken = isinstance(known.example, Mapping)  # a case in words; else what is to be typed
    parts = (shown, remedy) if mistaken else (remedy, shown)
    prose = lay_out_page(name, known.means, *parts, see_also_part(rulebook, clauses))
    more = {"example": known.example, "clauses": clauses}
    about = {"code": name, "means": known.means, "remedy": known.remedy}
    return Outcome(data={**about, **{key: it for key, it in more.items() if it}}, prose=prose)


def _condition_clauses(rulebook: Rulebook, name: str, day: date) -> Iterator[str]:
    """The clauses of the forms' conditions that have this code."""
    for form in rulebook.forms.values():
        for rule in form.rules:
            if name == rule.code and (cited := latest_clause(rule.history, day)):
                yield cited


def items_by_code(rulebook: Rulebook) -> Mapping[str, ItemReason]:
    """Every item by its name, and every code that an item's absence gives."""
    found = {}
    for act in rulebook.acts.values():
        for item in act.items:
            found[item.name] = ItemReason(act.name, item, item.name)
            reasons = [item.name, *(reason for reason in item.says if reason not in (item.name, SOFTENED_REASON))]
            found |= {f"{act.name}/{reason}": ItemReason(act.name, item, reason) for reason in reasons}
    return found


def explain_item(rulebook: Rulebook, name: str, day: date) -> Outcome:
    """What an item asks for, who can give it, and how it is written down."""
    kind, it, reason = items_by_code(rulebook)[name]
    cited = latest_clause(it.history, day) or it.history[0].clause
    known = rulebook.clause(cited)
    told = [texts[reason] for texts in (it.says, it.in_file) if reason in texts]
    missing = message_without_facts(*told) if told else None
    typed, met = item_commands(rulebook, it), [rulebook.tracks[each] for each in it.tracks]
    prose = lay_out_page(
        name,
        it.text,
        manual_words_part(known["text"]),
        text_part(WHILE_MISSING_HEADING, missing),
        text_part(WHO_CAN_GIVE_HEADING, it.who),
        names_part(MET_BY_HEADING, ((f"track {track.name}", track.text) for track in met)),
        text_part(TOOL_HEADING, known["gist"]),
        example_part(typed),
        see_also_part(rulebook, [cited]),
    )
    about = {"code": f"{kind}/{reason}", "item": it.name, "means": it.text, "remedy": missing, "clauses": [cited]}
    about |= {"met_by": [track.name for track in met]} if met else {}
    return Outcome(data={**about, **({"example": "\n".join(typed)} if typed else {})}, prose=prose)


def item_commands(rulebook: Rulebook, item: Item) -> list[str]:
    """How an item is written down: a fragment, entries, a day; nothing where it follows from the rest of a file."""
    if item.names or item.papers:  # discharge would be the act itself
        return ["shelterctl admit ID --from FILE", *fragment_template(rulebook, item).splitlines()]
    entries = [f"shelterctl add ID {track.name}" for track in tracks_meeting_item(rulebook, item)]
    who = " --by CODE" if item.may_be_given and _counts_only_by_role(rulebook, item) else ""
    return [*entries, *([f"shelterctl admit ID --done {item.name}{who}"] if item.may_be_given else [])]


def _counts_only_by_role(rulebook: Rulebook, item: Item) -> bool:
    """Whether a day that is given for an item counts only if somebody of a certain role did it."""
    rules = (
        rule
        for rule in rulebook.tracks[ITEM_DAY_TRACK].rules
        if rule.verb == "by" and item.name in rule.when.get("item", ())
    )
    rulings = (one for rule in rules for one in rule.rulings)
    return any(isinstance(one.params, By) and one.params.role and one.strength is Strength.SHALL for one in rulings)


def message_without_facts(message: Text, *behind: Text) -> Text:
    """A message, and what is said behind it, as they read before their facts are known."""
    whole = {
        spoken: " ".join([words, *(format_fact(each, spoken) for each in behind)]) for spoken, words in message.items()
    }
    return {spoken: re.sub(r"\{\w+\}", "…", re.sub(r" \(\{clause\}\)", "", words)) for spoken, words in whole.items()}
