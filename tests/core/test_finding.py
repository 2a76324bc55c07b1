"""What stops an act, and what of it stays open where nothing is asked for."""

import pytest

from shelterctl.core.finding import Finding, Outcome, Severity, has_refusal, soften_findings

FOUND = {severity: Finding(code=f"test/{severity}", message="text", severity=severity) for severity in Severity}


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ([], False),
        ([Severity.WARN], False),
        ([Severity.OPEN], False),
        ([Severity.REFUSE], True),
        ([Severity.OPEN, Severity.REFUSE, Severity.WARN], True),
    ],
)
def test_only_a_refusal_stops_an_act(weights: list[Severity], expected: bool) -> None:
    findings = tuple(FOUND[weight] for weight in weights)
    assert (has_refusal(findings), Outcome(findings=findings).refused) == (expected, expected)


def test_where_nothing_is_asked_for_a_refusal_stays_open_and_the_rest_is_as_it_was() -> None:
    found = soften_findings([FOUND[Severity.REFUSE], FOUND[Severity.OPEN], FOUND[Severity.WARN]])
    assert [(one.code, one.severity) for one in found] == [
        ("test/refuse", Severity.OPEN),
        ("test/open", Severity.OPEN),
        ("test/warn", Severity.WARN),
    ]


def test_a_finding_refuses_where_nothing_else_is_said() -> None:
    assert Finding(code="test/x", message="text").severity is Severity.REFUSE
