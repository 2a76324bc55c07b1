"""Cases a caseworker can read, judged by the forms as they really lie on the shelf.

cases/in-order.yaml has an agreement, a client and NGOs for each form; a case writes only what is different there (null
takes a key out), and what it expects: what is refused, what stays open, what is warned of, each as code, clause and
place. Whatever a case does not expect must not be found.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from shelterctl.core.finding import Finding, Severity
from shelterctl.core.manual.rule import Rule, Ruling
from shelterctl.core.money import agreement as rules
from shelterctl.core.money.agreement import Agreement
from shelterctl.core.record.client import Client
from shelterctl.core.rules.context import AllClients
from shelterctl.core.values.days import read_day
from shelterctl.document.reading import read_document
from shelterctl.language import format_sentence
from shelterctl.rulebook.rulebook import open_rulebook

SHELF = open_rulebook()
KEYS = {
    "name",
    "form",
    "agreement",
    "others",
    "client",
    "ngos",
    "today",
    "taken",
    "elsewhere",
    "signing",
    "expect",
    "open",
    "warn",
}
WORD = re.compile(r"\w+")
EXPECTED = {Severity.REFUSE: "expect", Severity.OPEN: "open", Severity.WARN: "warn"}

Case = Mapping[str, Any]


def read(path: Path) -> Iterator[Case]:
    """The cases of one file, each with what is in order filled in."""
    written = read_document(path.read_bytes()).value
    for case in written["cases"]:
        assert not set(case) - KEYS, (path.name, case["name"], set(case) - KEYS)
        form = case.get("form", written["form"])
        given = {name: over(IN_ORDER[form][name], case.get(name, {})) for name in ("agreement", "client", "ngos")}
        yield {**case, **given, "form": form, "file": path.stem}


def over(order: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """What is in order, with a case's own keys in its place; null takes a key out."""
    return {name: value for name, value in {**order, **own}.items() if value is not None}


FOLDER = Path(__file__).parent / "cases"
IN_ORDER = read_document((FOLDER / "in-order.yaml").read_bytes()).value
CASES = [case for path in sorted((FOLDER / "agreement").glob("*.yaml")) for case in read(path)]
NAMES = [f"{case['file']}: {case['name']}" for case in CASES]


def agreement_of(case: Case) -> Agreement:
    """The agreement with everything around it, put together as the command does."""
    form = SHELF.form(case["form"])
    others = [{"id": f"OTHER{number}", **facts} for number, facts in enumerate(case.get("others", ()))]
    stays = case["client"].get("stays") or []
    stay = {"stay": stays[-1]["id"]} if stays else {}
    agreements = [{"form": form.name, **stay, **facts} for facts in others]
    client = Client({**case["client"], "agreements": [over({}, facts) for facts in agreements]})
    facts = {"id": "THIS", "form": form.name, **stay, **case["agreement"]}
    taken = case.get("taken") or case.get("elsewhere")
    same = {"id": "OTHE-R000", "agreements": [{**facts, "id": "FOREIGN"}]} if taken else None
    alike = [{**facts, "id": "TAKEN", "lines": {}}] if case.get("taken") else []
    return rules.read_agreement(
        form,
        facts,
        signing=case.get("signing", False),
        other_entries=(
            *rules.read_other_agreements(client, SHELF.forms, facts),
            *(rules.read_agreement(form, one).entry for one in alike),
        ),
        client=client,
        stay=client.stay,
        registers={"ngos": case["ngos"]},
        today=read_day(case.get("today")),
        tracks=SHELF.tracks,
        all_clients=AllClients(lambda: [Client(same)] if same else []),
    )


def judged(case: Case) -> tuple[Finding, ...]:
    return rules.judge_agreement(agreement_of(case))


def told(findings: tuple[Finding, ...]) -> dict[str, list[str]]:
    """What was found, by weight, as a case expects it."""
    found: dict[str, list[str]] = {name: [] for name in EXPECTED.values()}
    for finding in findings:
        found[EXPECTED[finding.severity]].append(f"{finding.code} {finding.clause} {finding.where}")
    return {name: sorted(lines) for name, lines in found.items()}


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_an_agreement_is_judged_as_its_case_says(case: Case) -> None:
    expected = {name: sorted(case.get(name, [])) for name in EXPECTED.values()}
    assert expected == told(judged(case))


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_every_clause_that_a_finding_cites_is_in_the_manual(case: Case) -> None:
    assert [finding.clause for finding in judged(case) if finding.clause not in SHELF.clauses] == []


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_what_is_said_names_the_clause_and_nothing_strange_that_was_typed(case: Case) -> None:
    lines = SHELF.form(case["form"]).parts.values()
    known = {word for line in lines for name, one in line.fields.items() for word in (name, *one.codes, *one.fields)}
    strange = {
        word
        for word in texts(case["agreement"].get("lines", {}))
        if word not in known and len(word) > len("from") and word.isalpha()
    }
    for finding in judged(case):
        said = format_sentence(finding.message, finding.facts)
        assert (True, set()) == (f"({finding.clause})" in said, strange & set(WORD.findall(said)))


def texts(written: Any) -> Iterator[str]:
    """Every key and every text below, word for word."""
    if isinstance(written, Mapping):
        yield from (str(name) for name in written)
        yield from (text for below in written.values() for text in texts(below))
    elif isinstance(written, str):
        yield from WORD.findall(written)


def test_every_case_has_a_name_of_its_own() -> None:
    assert [name for name, times in Counter(NAMES).items() if times > 1] == []


def capped() -> list[tuple[str, str]]:
    return [
        (form.name, number) for form in SHELF.forms.values() for number, line in form.parts.items() if any(line.caps())
    ]


@pytest.mark.parametrize(("form", "line"), capped())
def test_every_cap_has_a_case_at_its_limit_and_one_a_tyiyn_above(form: str, line: str) -> None:
    above = {Decimal("0.00"): False, Decimal("0.01"): False}
    for case in CASES:
        if case["form"] != form:
            continue
        refused = any(f"/lines/{line}/" in found for found in case.get("expect", []))
        for row in rules.tabulate_lines(agreement_of(case)):
            amount, cap = row["amount"], row["cap"]
            if row["line"] == line and isinstance(amount, Decimal) and isinstance(cap, Decimal):
                over_it = amount - cap
                above[over_it] = above.get(over_it, False) or refused is (over_it > 0)
    assert (above[Decimal("0.00")], above[Decimal("0.01")]) == (True, True)


@pytest.mark.parametrize("signing", [False, True])
@pytest.mark.parametrize("form", SHELF.forms)
def test_every_condition_of_a_form_has_a_case_where_it_fails(form: str, signing: bool) -> None:
    weights, first = set(), {rule.code: rule for rule in reversed(SHELF.form(form).rules)}
    for rule in SHELF.form(form).rules:
        for ruling in rule.history:
            if isinstance(ruling, Ruling) and rule.code and (signing or "signed" not in first[rule.code].when):
                weights.add((rule.code, ruling.clause, EXPECTED[weighed(rule, ruling, signing)]))
    shown = {
        (found.split()[0], found.split()[1], weight)
        for case in CASES
        if case["form"] == form and case.get("signing", False) is signing
        for weight in EXPECTED.values()
        for found in case.get(weight, [])
    }
    assert set() == weights - shown


def weighed(rule: Rule, ruling: Ruling, signing: bool) -> Severity:
    """How heavy a rule of a whole form is when the agreement is saved, or signed."""
    light = {"should": Severity.OPEN, "note": Severity.WARN}
    refuses = signing or rule.act != "sign"
    return light.get(ruling.strength, Severity.REFUSE if refuses else Severity.OPEN)


def bound() -> set[tuple[str, str, str]]:
    """Every rule that binds a key of a line, as the code and the place under which it is found."""
    own = {"needs": ("agreement/missing-key", ""), "is": ("agreement/bad-code", "/{key}")}
    once = ("agreement/month-twice", "/{key}")
    day = date(2026, 11, 25)
    return {
        (code, ruling.clause, f"/lines/{number}" + place.format(key=name.replace(".", "/")))
        for form in SHELF.forms.values()
        for number, line in form.parts.items()
        for rule in line.rules
        if (ruling := rule.on(day)) and (rule not in [*line.caps()] or "at_least" in ruling.params)
        for name in rule.names
        for code, place in [
            (rule.code or f"track/{rule.verb}", "" if rule.verb == "stands" else "/{key}")
            if rule.code or rule.says or "all" in ruling.params
            else own.get(rule.verb, once)
        ]
        if name != "course.profession"
    }


def test_every_word_that_binds_a_line_has_a_case_where_it_fails() -> None:
    shown = {tuple(found.split()) for case in CASES for weight in EXPECTED.values() for found in case.get(weight, [])}
    assert set() == bound() - shown
