"""The codes of findings, read from findings.yaml: what each says, which facts it publishes, and how it is explained."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from shelterctl.core.manual.published_code import PublishedCode, Wording
from shelterctl.core.manual.rule import read_answers
from shelterctl.language import CountedText, Text
from shelterctl.rulebook.files import RulebookFile, pointer_below
from shelterctl.ui_language import N_

LAST_WORDING_CONDITIONAL = N_("the last text fits only sometimes: leave its when out")

CODES_WITHOUT_RULE = (
    "admission/no-stay",
    "discharge/left-already",
    "discharge/no-stay",
    "discharge/reported",
    "monitoring/not-discharged",
)
"""Codes that the program raises by itself, without a rule."""

FACTS_OF_EVERY_CODE = ("line", "clause", "reading", "opens")
"""What is published with every code, where the rule gives it."""


def build_published_codes(written: Mapping[str, Mapping[str, Any]]) -> Mapping[str, PublishedCode]:
    """Codes as they are written, each by its name."""
    return {name: _build_code(name, value) for name, value in written.items()}


def _build_code(name: str, value: Mapping[str, Any]) -> PublishedCode:
    return PublishedCode(
        code=name,
        means=value["means"],
        remedy=value["remedy"],
        example=value.get("example"),
        says=tuple(_build_wordings(value.get("says") or ())),
        in_file=tuple(_build_wordings(value.get("in_file") or ())),
        where=value.get("where"),
        facts=dict(_read_facts(value.get("facts") or ())),
        gathered_as=value.get("gathered"),
        parts=tuple(value.get("parts") or ()),
    )


def _build_wordings(written: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> Iterator[Wording]:
    """One text, or several, each with the facts by which it is chosen and counted."""
    listed: Sequence[Mapping[str, Any]] = [{"text": written}] if isinstance(written, Mapping) else written
    for each in listed:
        text: Text | CountedText = CountedText(each["text"], each["count"]) if "count" in each else each["text"]
        yield Wording(text, read_answers(each.get("when") or {}), tuple(each.get("facts") or ()))


def _read_facts(written: Iterable[str | Mapping[str, str]]) -> Iterator[tuple[str, str]]:
    """Each fact by the name under which it is published, and the one under which the rule gives it."""
    for each in written:
        yield from each.items() if isinstance(each, Mapping) else [(each, each)]


def check_published_codes(file: RulebookFile, codes: Mapping[str, PublishedCode]) -> None:
    """Each sentence is filled from facts that its code publishes, and one fits always; else BrokenRulebook."""
    for name in CODES_WITHOUT_RULE:
        file.require_known("/findings", name, [code for code, one in codes.items() if one.says])
    for name, code in codes.items():
        for key, wordings in (("says", code.says), ("in_file", code.in_file)):
            place = pointer_below("/findings", name, key)
            if key == "says" and wordings and wordings[-1].when:
                raise file.error_at("rule", place, LAST_WORDING_CONDITIONAL)
            for number, wording in enumerate(wordings):
                listed = not isinstance(file.value["findings"][name][key], Mapping)
                _check_wording(file, pointer_below(place, number) if listed else place, code, wording)


def _check_wording(file: RulebookFile, place: str, code: PublishedCode, wording: Wording) -> None:
    counted = [word for words in wording.when.get("counted", ()) for word in words.split(" × ")]
    known = {*FACTS_OF_EVERY_CODE, *code.facts, *wording.facts, *counted}
    if isinstance(wording.text, CountedText):
        file.require_known(pointer_below(place, "count"), wording.text.by, known)
        for language, forms in wording.text.forms.items():
            file.require_facts(pointer_below(place, "text", language), forms, known)
    else:
        file.require_facts(place, wording.text, known)
