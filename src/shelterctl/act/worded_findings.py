"""Findings whose papers and languages are codes for programs and words for people."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from shelterctl.core.finding import Finding
from shelterctl.core.manual.act import IOM_PAPER_TRACK
from shelterctl.language import LabelledCode, Text
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.ui_language import N_

INSTRUCTIONS_IN_WORDS = N_("instructions")
PAPER_FACTS = ("kind", "lacking")
"""The facts of a finding that name IOM's papers and are shown in words; other codes are shown as they are typed."""


def word_findings(rulebook: Rulebook, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings with papers and languages as codes for programs and in words for people."""
    return tuple(_word_finding(rulebook, one) for one in findings)


def _word_finding(rulebook: Rulebook, finding: Finding) -> Finding:
    if finding.code == "agreement/language":
        names = rulebook.tracks["agreement"].fields["signed"].fields["language"].codes
        return replace(finding, facts={**finding.facts, "codes": _word_fact(finding.facts["codes"], names)})
    if finding.facts.keys().isdisjoint(PAPER_FACTS):
        return finding
    papers = rulebook.tracks.get(IOM_PAPER_TRACK)
    kinds = papers.fields["kind"].codes if papers else {}
    worded = {name: _word_fact(finding.facts[name], kinds) for name in PAPER_FACTS if name in finding.facts}
    return replace(finding, facts={**finding.facts, **worded})


def _word_fact(fact: object, words: Mapping[str, Text]) -> object:
    if isinstance(fact, list | tuple):
        return [_word_fact(each, words) for each in fact]
    if fact == INSTRUCTIONS_IN_WORDS:
        return INSTRUCTIONS_IN_WORDS
    return LabelledCode(fact, words[fact]) if isinstance(fact, str) and fact in words else fact
