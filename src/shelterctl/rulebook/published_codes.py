"""The codes of findings, read from findings.yaml: what each says, which facts it publishes, and how it is explained."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from shelterctl.core.manual.published_code import PublishedCode, Wording
from shelterctl.core.manual.rule import read_answers
from shelterctl.language import CountedText, Text


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
