"""Findings in which a code of the record is read by a person as what the shelf calls it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from shelterctl.core.finding import Finding
from shelterctl.language import N_, Coded, Text
from shelterctl.library import Shelf

INSTRUCTIONS = N_("instructions")
NAMING = ("kind", "lacking")
"""Facts that name papers of IOM; whatever else is a code has to be typed as it stands."""


def worded(shelf: Shelf, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings, their papers and languages as codes for programs and in words for people."""
    return tuple(_worded(shelf, one) for one in findings)


def _worded(shelf: Shelf, finding: Finding) -> Finding:
    if finding.code == "agreement/language":
        names = shelf.tracks["agreement"].fields["signed"].fields["language"].codes
        return replace(finding, facts={**finding.facts, "codes": _called(finding.facts["codes"], names)})
    if finding.facts.keys().isdisjoint(NAMING):
        return finding
    named = [name for name in NAMING if name in finding.facts]
    called = shelf.tracks["document"].fields["kind"].codes
    return replace(finding, facts={**finding.facts, **{name: _called(finding.facts[name], called) for name in named}})


def _called(fact: object, called: Mapping[str, Text]) -> object:
    if isinstance(fact, str):
        return INSTRUCTIONS if fact == INSTRUCTIONS else Coded(fact, called[fact]) if fact in called else fact
    return [_called(each, called) for each in fact] if isinstance(fact, list | tuple) else fact
