"""Pages on codes and words: a word of the program, a code in a file, and the code of a finding, an error or an item of
a checklist, with how to resolve it.
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
from shelterctl.core.manual.track import ITEM_DAY
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
from shelterctl.language import Text, choose_gender_forms, current_language, format_fact
from shelterctl.rulebook.derivations import read_as
from shelterctl.rulebook.files import DOCS_FOLDER, read_glossary, read_rulebook_file
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.ui_language import N_


def glossary_synonyms() -> Iterator[tuple[str, str]]:
    """Yield other names of the words in the glossary, also in Russian, each with the word."""
    for name, it in read_glossary().items():
        yield from ((other, name) for other in it.get("also", ()))


def explain_word(rulebook: Rulebook, name: str, day: date) -> Outcome:
    """Return the page of a word: its meaning in the program, and related names."""
    known = read_glossary()[name]
    prose = lay_out_page(
        name,
        known["text"],
        text_part(MEANING_HEADING, known["means"]),
        names_part(SEE_ALSO_HEADING, _related_names(rulebook, known)),
    )
    if current_language() != "en":  # the word by which a page is named is English
        prose = (("{it}", {"it": known["text"]}), *prose[1:])
    return Outcome(data={"word": name, **known}, prose=prose)


def _related_names(rulebook: Rulebook, known: Mapping[str, Any]) -> Iterator[tuple[str, Text]]:
    for name in known.get("see", ()):
        about = rulebook.states.get(name) or read_glossary().get(name)
        yield name, about["text"] if about else rulebook.clauses[name]["heading"]


WHERE_CODE_STANDS_HEADING = N_("Where it is used")
OTHER_CODES_HEADING = N_("Other possible codes")


def stored_codes(rulebook: Rulebook) -> Mapping[str, Mapping[str, Field]]:
    """Return every code of a closed list with the places that may have it, except codes that have a page of their
    own.
    """
    found: dict[str, dict[str, Field]] = {}
    known = {*rulebook.states, *rulebook.forms, *rulebook.house_kinds, *rulebook.items}
    known |= {*read_glossary(), *(other for other, _ in glossary_synonyms())}
    for path, place in rulebook.places.items():
        for code in () if place.open else place.codes:
            if code not in known:
                found.setdefault(code, {})[path] = place
    return found


def explain_stored_code(rulebook: Rulebook, name: str, day: date) -> Outcome:
    """Return the page of a code: its meaning in each place, and the other codes if it has only one place."""
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
    """An item of an act, and a reason for which it may be missing; without a reason, the name of the item."""

    act: str
    item: Item
    reason: str


@cache
def read_errors() -> Mapping[str, PublishedCode]:
    """Return the published errors by code: errors of the program, and mistakes in a text that it reads."""
    file = read_rulebook_file(DOCS_FOLDER, "errors.yaml", schema="errors")
    return read_as(ErrorCodes, file, {}, trusted=True)["errors"]


def finding_codes(rulebook: Rulebook) -> Mapping[str, PublishedCode]:
    """Return every code of a finding or an error except those of items: first the manual's, then the program's."""
    return {**read_errors(), **rulebook.findings}


def explain_finding_code(rulebook: Rulebook, name: str, day: date) -> Outcome:
    """Return the page of a finding or an error: its meaning, its remedy and an example."""
    known = finding_codes(rulebook)[name]
    clauses = list(dict.fromkeys(_condition_clauses(rulebook, name, day)))
    remedy, shown = text_part(REMEDY_HEADING, known.remedy), example_part(known.example)
    mistaken = isinstance(known.example, Mapping)  # an example is a case in words, or else a command to type
    parts = (shown, remedy) if mistaken else (remedy, shown)
    prose = lay_out_page(name, known.means, *parts, see_also_part(rulebook, clauses))
    more = {"example": known.example, "clauses": clauses}
    about = {"code": name, "means": known.means, "remedy": known.remedy}
    return Outcome(data={**about, **{key: it for key, it in more.items() if it}}, prose=prose)


def _condition_clauses(rulebook: Rulebook, name: str, day: date) -> Iterator[str]:
    """Yield the clauses of the forms' conditions with this code."""
    for form in rulebook.forms.values():
        for rule in form.rules:
            if name == rule.code and (cited := latest_clause(rule.history, day)):
                yield cited


def items_by_code(rulebook: Rulebook) -> Mapping[str, ItemReason]:
    """Return every item of a checklist by its name and by the codes of its absence."""
    found = {}
    for act in rulebook.acts.values():
        for item in act.items:
            found[item.name] = ItemReason(act.name, item, item.name)
            reasons = [item.name, *(reason for reason in item.says if reason not in (item.name, SOFTENED_REASON))]
            found |= {f"{act.name}/{reason}": ItemReason(act.name, item, reason) for reason in reasons}
    return found


def explain_item(rulebook: Rulebook, name: str, day: date) -> Outcome:
    """Return the page of an item: what it asks for, who can give it, and how to record it."""
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
    """Return the commands that record an item, with the template of a file if it takes one; empty if it follows from
    other entries.
    """
    if item.names or item.papers:  # --done cannot meet an item that needs fields or papers
        return ["shelterctl admit ID --from FILE", *fragment_template(rulebook, item).splitlines()]
    entries = [f"shelterctl add ID {track.name}" for track in tracks_meeting_item(rulebook, item)]
    who = " --by CODE" if item.may_be_given and _counts_only_by_role(rulebook, item) else ""
    return [*entries, *([f"shelterctl admit ID --done {item.name}{who}"] if item.may_be_given else [])]


def _counts_only_by_role(rulebook: Rulebook, item: Item) -> bool:
    """Whether the day of an item counts only if somebody with a certain role was responsible."""
    days = rulebook.tracks.serving(ITEM_DAY)
    rules = (
        rule for rule in (days.rules if days else ()) if rule.verb == "by" and item.name in rule.when.get("item", ())
    )
    rulings = (one for rule in rules for one in rule.rulings)
    return any(isinstance(one.params, By) and one.params.role and one.strength is Strength.SHALL for one in rulings)


def message_without_facts(message: Text, *behind: Text) -> Text:
    """Return a message and its continuation with … in place of its facts."""
    whole = {
        spoken: " ".join([words, *(format_fact(each, spoken) for each in behind)]) for spoken, words in message.items()
    }
    return {
        spoken: choose_gender_forms(re.sub(r"\{\w+\}", "…", re.sub(r" \(\{clause\}\)", "", words)))
        for spoken, words in whole.items()
    }
