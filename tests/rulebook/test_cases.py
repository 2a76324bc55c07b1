"""Case files that a caseworker can read, of agreements, acts and tracks, judged by the shipped rule book; no rule is
silent.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import pytest

from shelterctl.act.check import judge_client_file
from shelterctl.act.client_file import judge_admission, judge_client_track
from shelterctl.act.discharge import judge_discharge
from shelterctl.act.register import register_context
from shelterctl.act.stay_context import stay_context
from shelterctl.act.terminate import judge_termination as terminated
from shelterctl.act.worded_findings import word_findings
from shelterctl.core.finding import Finding, Severity, soften_findings
from shelterctl.core.manual.rule import Bound, Rule, Ruling, Verb
from shelterctl.core.manual.track import DANGER_LATE, Track
from shelterctl.core.money import agreement as rules
from shelterctl.core.money.agreement import Agreement
from shelterctl.core.record.client import Client, Registered
from shelterctl.core.record.entries import read_entry
from shelterctl.core.rules.context import AllClients, Context, Tracks, entries_of_client
from shelterctl.core.rules.deadlines import list_track_obligations
from shelterctl.core.rules.judgement import judge_stored_entry
from shelterctl.core.rules.obligation import Obligation
from shelterctl.core.values.days import read_day, read_time
from shelterctl.core.values.facts import Facts
from shelterctl.document.reading import read_document
from shelterctl.language import format_sentence
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.session import Options, Session
from shelterctl.ui_language import SCREEN_LANGUAGES
from tests.support.desk import Desk as Typed
from tests.support.paths import TESTS
from tests.support.small_rulebook import yaml

CASES = TESTS / "cases"
SHELF = open_rulebook()
AROUND: Mapping[str, Any] = yaml((CASES / "tracks" / "_client.yaml").read_text("utf-8"))
NEW = "NEW"
"""The id of the entry that a case is about."""

Case = Mapping[str, Any]
COMMANDS = {
    "staff": "staff",
    "ngos": "ngo",
    "providers": "provider",
    "facilities": "facility",
    "iom_contacts": "iom-contact",
}
"""The command of each register."""


def files(kind: str) -> dict[str, Any]:
    """The case files of a kind, each by the name of its track or act."""
    return {path.stem: yaml(path.read_text("utf-8")) for path in sorted((CASES / kind).glob("[a-z]*.yaml"))}


def each_of(file: Mapping[str, Any], under: str = "cases") -> Iterator[tuple[str, Case]]:
    """The cases of a file, each with the sentence under which it stands."""
    for group, listed in (file.get(under) or {}).items():
        yield from ((group, case) for case in listed)


@cache
def _house() -> tuple[TemporaryDirectory[str], Options, Any]:
    """A store with the registers of the cases, opened once; its folder lasts as long as the tests."""
    folder = TemporaryDirectory(prefix="cases-")
    typed = Typed(Path(folder.name) / "desk")
    typed.folder.mkdir()
    typed.do("init house --shelter bishkek --no-passphrase --recovery ../recovery", today=None)
    for register, known in AROUND["registers"].items():
        for code, said in known.items():
            flags = "".join(f" --{key} {one}" for key, one in said.items())
            named = {"name": code} if register in ("providers", "iom_contacts") else None
            typed.do(f"{COMMANDS[register]} add {code}{flags}", named)
    for code, papers in AROUND["ngo_papers"].items():
        for paper in papers:
            typed.do(f"add {code} ngo-paper", paper, today=None)
    options = Options(identity=str(typed.key), store=str(typed.store))
    return folder, options, Session(options=options).store


def session(today: str | date) -> Session:
    """A desk in that house, on a day taken as today."""
    _, options, store = _house()
    return Session(options=replace(options, as_of=str(today))).with_store(store)


def laid(under: Facts, *over: Facts | None) -> dict[str, Any]:
    """Keys laid over others; null takes one out."""
    whole = dict(under)
    for each in over:
        whole |= each or {}
    return {name: value for name, value in whole.items() if value is not None}


def day_of(file: Case, case: Case) -> str:
    """The day taken as today."""
    return str(case.get("today", file.get("today", AROUND["today"])))


def whose_file(file: Case, case: Case, track: Track, entries: list[dict[str, Any]]) -> Client:
    """Whose entries a case is about: a client's file, or all registers of a house."""
    if track.of_register is None:
        return Client(her_file(file, case, track, entries))
    record = laid(AROUND[track.of_register], file.get("hers"), case.get("hers"))
    _lay_entries(record, track, entries)
    return Registered(record)


def her_file(file: Case, case: Case, track: Track, entries: list[dict[str, Any]]) -> dict[str, Any]:
    """Her file as a case has it, with these entries of the track in their place."""
    stay = laid(AROUND["stay"], file.get("stay"), case.get("stay"))
    if "left" in case:
        stay |= {"discharge": {**stay.get("discharge", {}), "on": case["left"]}}
    record = laid(AROUND["record"], file.get("hers"), case.get("hers"))
    record["stays"] = record.get("stays", [stay])
    _lay_entries(record["stays"][-1] if track.of_a_stay and record["stays"] else record, track, entries)
    return record


def _lay_entries(home: dict[str, Any], track: Track, entries: list[dict[str, Any]]) -> None:
    """Put entries of a track in their place."""
    *above, last = track.at.split(".") if track.at else [""]
    for key in above:
        home[key] = {**home.get(key, {})}
        home = home[key]
    told = [{**track.discriminator, **one} for one in entries]
    if track.many:
        home[last] = [*home.get(last, []), *told]
    elif told and last:
        home[last] = told[-1]
    elif told:
        home.update(told[-1])


def judged(name: str, file: Case, case: Case, track: Track | None = None) -> list[str]:
    """What the program finds wrong with the entry of a case, as ``check`` does: severity, verb, place, clause."""
    return [told for _, told in findings(name, file, case, track)]


def findings(name: str, file: Case, case: Case, track: Track | None = None) -> list[tuple[Finding, str]]:
    """The findings themselves, each with how a case writes it; the rules are those of *track* where one is given."""
    track = track or SHELF.tracks[name]
    if track.is_coded:
        return coded_findings(file, case, track)
    entry = laid({"id": NEW} if track.many else {}, file.get("entry"), case["entry"])
    if "act" in case:
        writes, on = track.entry_acts[case["act"]].writes, read_entry(track, entry).day or day_of(file, case)
        entry[writes] = {"on": str(on), "by": "s-boss", **entry.get(writes, {})}
    desk, her = session(day_of(file, case)), whose_file(file, case, track, [entry])
    others = [where for where, one in _lying(track, her) if one.get("id", NEW) != NEW]
    own = next(where for where, one in _lying(track, her) if one.get("id", NEW) == NEW)
    found = [one for one in _all(desk, her, track) if not one.where.startswith(tuple(f"{each}/" for each in others))]
    return [(one, as_told(one, own)) for one in found if one.where not in others]


def coded_findings(file: Case, case: Case, track: Track) -> list[tuple[Finding, str]]:
    """What is found of an entry of a register of codes, beside the *others* of the case."""
    desk, own = session(day_of(file, case)), f"/{track.at}/{NEW}"
    written = {NEW: laid(file.get("entry") or {}, case["entry"]), **(case.get("others") or {})}
    entries = {code: read_entry(track.whole, one, f"/{track.at}/{code}") for code, one in written.items()}
    found = soften_findings(judge_stored_entry(entries[NEW], register_context(desk, entries, NEW)))
    return [(one, as_told(one, own)) for one in word_findings(SHELF, found)]


def _all(desk: Session, her: Client, track: Track) -> Iterator[Finding]:
    """What is found of all entries of a track; reports and terminations have commands of their own."""
    _reshelved(
        desk,
        "tracks",
        Tracks({**SHELF.tracks, track.name: track}, cast("Mapping[str, str]", SHELF.track_order.purposes)),
    )
    if track.name == "report":
        return (one for one in judge_client_file(desk, her) if "/monitoring/reports/" in one.where)
    if track.name == "agreement":
        return (replace(one, where=f"/agreements/0{one.where}") for one in terminated(desk, her, her.agreements[0]))
    return judge_client_track(desk, her, track)


def _reshelved(desk: Session, kind: str, those: Mapping[str, Any]) -> None:
    """Have a desk judge by these tracks or acts of the shelf; the tracks are not read anew for other acts."""
    vars(desk)["rulebook"] = rulebook = replace(SHELF)
    vars(rulebook).update({"tracks": SHELF.tracks, kind: those})


def _lying(track: Track, her: Client) -> Iterator[tuple[str, Facts]]:
    for one in entries_of_client(track, her):
        assert not one.malformed, one.malformed
        yield one.where, one.written


def as_told(one: Finding, where: str) -> str:
    """A finding as a case writes it: its place is told from the entry on."""
    place = one.where.removeprefix(where)
    return f"{one.severity} {one.code.removeprefix('track/')} {place or '/'} {one.clause}"


def around(name: str, file: Case, case: Case, entries: list[dict[str, Any]]) -> Context:
    """What stands around her with some entries of a track, for the list of what is due."""
    her = whose_file(file, case, SHELF.tracks[name], entries)
    desk = session(day_of(file, case))
    now = read_time(f"{desk.today}T{case['now']}+06:00") if "now" in case else None
    return stay_context(desk, her, None, desk.today, now=now)


def act_judged(name: str, file: Case, case: Case, act: Any = None) -> list[str]:
    """What an act is refused for, and what stays open of it, on the day of a case: severity, code, clause."""
    desk = session(day_of(file, case))
    if act is not None:
        _reshelved(desk, "acts", {**SHELF.acts, name: act})
    stay = laid(file["in_order"]["stay"], case.get("stay"))
    stay["admission"] = laid(stay.get("admission") or {}, case.get("admission"))
    stay["discharge"] = laid(stay.get("discharge") or {}, case.get("discharge"))
    hers = laid(file["in_order"]["hers"], case.get("hers"))
    her = Client({**hers, "stays": [laid(stay, {key: None for key in ("admission", "discharge") if not stay[key]})]})
    on = date.fromisoformat(str(case.get("on", file["in_order"]["on"])))
    before = Client({**her.facts, "stays": [laid(her.facts["stays"][0], {"discharge": None})]})
    found = judge_admission(desk, her, on) if name == "admission" else judge_discharge(desk, before.stay, her, on)
    return [f"{one.severity} {one.code} {one.clause}" for one in found]


AGREEMENT_CASE_KEYS = {
    "name",
    "form",
    "agreement",
    "others",
    "client",
    "ngos",
    "ngo_papers",
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

AgreementCase = Mapping[str, Any]


def read(path: Path) -> Iterator[AgreementCase]:
    """The cases of one file, each with what is in order filled in."""
    written = read_document(path.read_bytes()).value
    for case in written["cases"]:
        assert not set(case) - AGREEMENT_CASE_KEYS, (path.name, case["name"], set(case) - AGREEMENT_CASE_KEYS)
        form = case.get("form", written["form"])
        given = {name: over(IN_ORDER[form][name], case.get(name, {})) for name in ("agreement", "client", "ngos")}
        yield {**case, **given, "form": form, "file": path.stem}


def over(order: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """What is in order, with a case's own keys in its place; null takes a key out."""
    return {name: value for name, value in {**order, **own}.items() if value is not None}


FOLDER = TESTS / "cases"
IN_ORDER = read_document((FOLDER / "in-order.yaml").read_bytes()).value
AGREEMENT_CASES = [case for path in sorted((FOLDER / "agreement").glob("*.yaml")) for case in read(path)]
NAMES = [f"{case['file']}: {case['name']}" for case in AGREEMENT_CASES]


def agreement_of(case: AgreementCase) -> Agreement:
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
    papers: Mapping[str, Any] = case.get("ngo_papers") or {}

    def read_ngo_papers(home: str, code: str) -> Registered | None:
        return Registered({"id": code, "papers": papers[code]}) if home == "ngo" and code in papers else None

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
        read_register=read_ngo_papers if papers else None,
    )


def judge_agreement_case(case: AgreementCase) -> tuple[Finding, ...]:
    return rules.judge_agreement(agreement_of(case))


def findings_by_weight(findings: tuple[Finding, ...]) -> dict[str, list[str]]:
    """What was found, by weight, as a case expects it."""
    found: dict[str, list[str]] = {name: [] for name in EXPECTED.values()}
    for finding in findings:
        found[EXPECTED[finding.severity]].append(f"{finding.code} {finding.clause} {finding.where}")
    return {name: sorted(lines) for name, lines in found.items()}


@pytest.mark.parametrize("case", AGREEMENT_CASES, ids=NAMES)
def test_an_agreement_is_judged_as_its_case_says(case: AgreementCase) -> None:
    expected = {name: sorted(case.get(name, [])) for name in EXPECTED.values()}
    assert expected == findings_by_weight(judge_agreement_case(case))


@pytest.mark.parametrize("case", AGREEMENT_CASES, ids=NAMES)
def test_every_clause_that_a_finding_cites_is_in_the_manual(case: AgreementCase) -> None:
    assert [finding.clause for finding in judge_agreement_case(case) if finding.clause not in SHELF.clauses] == []


@pytest.mark.parametrize("case", AGREEMENT_CASES, ids=NAMES)
def test_what_is_said_names_the_clause_and_nothing_strange_that_was_typed(case: AgreementCase) -> None:
    lines = SHELF.form(case["form"]).parts.values()
    known = {word for line in lines for name, one in line.fields.items() for word in (name, *one.codes, *one.fields)}
    strange = {
        word
        for word in texts(case["agreement"].get("lines", {}))
        if word not in known and len(word) > len("from") and word.isalpha()
    }
    for finding in judge_agreement_case(case):
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
    for case in AGREEMENT_CASES:
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
        for case in AGREEMENT_CASES
        if case["form"] == form and case.get("signing", False) is signing
        for weight in EXPECTED.values()
        for found in case.get(weight, [])
    }
    assert set() == weights - shown


def weighed(rule: Rule, ruling: Ruling[Verb], signing: bool) -> Severity:
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
        if (ruling := rule.on(day)) and (rule not in [*line.caps()] or "at_least" in ruling.params.facts)
        for name in rule.names
        for code, place in [
            (
                rule.code or SHELF.published.code_of_way[first_way(rule, ruling)],
                "" if rule.verb == "stands" else "/{key}",
            )
            if rule.code or rule.says or "all" in ruling.params.facts
            else own.get(rule.verb, once)
        ]
        if name != "course.profession"
    }


def first_way(rule: Rule, ruling: Ruling[Any]) -> str:
    """The first way in which a rule can be broken."""
    reason = next(iter(ruling.params.reasons(rule)))
    return f"{rule.verb}.{reason}" if reason else rule.verb


def test_every_word_that_binds_a_line_has_a_case_where_it_fails() -> None:
    shown = {
        tuple(found.split())
        for case in AGREEMENT_CASES
        for weight in EXPECTED.values()
        for found in case.get(weight, [])
    }
    assert set() == bound() - shown


ACT_FILES = files("acts")
ACT_CASE_KEYS = {"hers", "stay", "admission", "discharge", "on", "found"}


def act_cases() -> Iterator[Any]:
    for name, file in ACT_FILES.items():
        for number, (group, case) in enumerate(each_of(file)):
            assert not {*case} - ACT_CASE_KEYS, (name, group, {*case} - ACT_CASE_KEYS)
            yield pytest.param(name, case, id=f"{name}: {group} ({number + 1})")


@pytest.mark.parametrize(("name", "case"), list(act_cases()))
def test_what_an_act_is_refused_for_and_what_stays_open(name: str, case: Case) -> None:
    assert act_judged(name, ACT_FILES[name], case) == case["found"]


TRACK_FILES = files("tracks")
TRACK_CASE_KEYS = {"entry", "found", "act", "left", "today", "hers", "stay", "clear", "others"}
DUE_KEYS = {"entries", "rows", "left", "today", "now", "hers", "stay"}


def track_cases(under: str, keys: set[str]) -> Iterator[Any]:
    for name, file in TRACK_FILES.items():
        for number, (group, case) in enumerate(each_of(file, under)):
            assert not {*case} - keys, (name, group, {*case} - keys)
            yield pytest.param(name, case, id=f"{name}: {group} ({number + 1})")


@pytest.mark.parametrize(("name", "case"), list(track_cases("cases", TRACK_CASE_KEYS)))
def test_what_an_entry_breaks(name: str, case: Case) -> None:
    found = findings(name, TRACK_FILES[name], case)
    assert [words for _, words in found] == case["found"]
    for one, _ in found:
        for language in SCREEN_LANGUAGES:
            words = format_sentence(one.message, one.facts, language)
            assert words
            assert "{" not in words


def row(one: Obligation) -> str:
    gaps = f" gaps {one.gaps}" if one.gaps else ""
    late = f" {one.minutes_since_due} minutes" if one.danger == DANGER_LATE and one.minutes_since_due else ""
    return f"{one.state} {one.row or one.what} {one.due_on}{gaps}{late}"


@pytest.mark.parametrize(("name", "case"), list(track_cases("due", DUE_KEYS)))
def test_what_is_due(name: str, case: Case) -> None:
    entries = [{"id": f"E{number}", **one} for number, one in enumerate(case.get("entries") or ())]
    held = around(name, TRACK_FILES[name], case, entries)
    assert [row(one) for one in list_track_obligations([SHELF.tracks[name]], held, 60)] == case["rows"]


TRACKS, ACTS = files("tracks"), files("acts")
UNBROKEN = yaml((CASES / "unbroken.yaml").read_text("utf-8"))
RULED = [name for name in SHELF.track_names if name not in SHELF.forms]
"""The tracks whose entries are judged here; those of forms have tests above, by cap, condition and line."""


def describe_rule(rule: Rule) -> str:
    """A rule as the list names it: verb, what it binds, how far, when, clause."""
    ruling = rule.history[-1]
    asks = ruling.params.facts if isinstance(ruling, Ruling) else {}
    bounds = {name: asks[name] for name in ("from", "to", "of") if name in asks}
    far = "".join(f" {name} {_describe_bound(bound)}" for name, bound in bounds.items())
    when = "".join(f" when {name} is {'/'.join(map(str, wanted))}" for name, wanted in rule.when.items())
    return f"{rule.code or rule.verb} {', '.join(rule.names)}{far}{when} ({ruling.clause or '–'})"


def _describe_bound(bound: object) -> object:
    """A day with its offset, as far as it has any."""
    if not isinstance(bound, Bound):
        return bound
    moved = {name: value for name, value in asdict(bound).items() if value}
    return moved if len(moved) > 1 else bound.of


def without(rules: tuple[Rule, ...], one: Rule) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules if rule is not one)


def of_track(track: Track) -> Iterator[tuple[str, Track]]:
    """Each rule of a track and of its parts, with the track as it is without."""
    for rule in track.rules:
        yield describe_rule(rule), replace(track, rules=without(track.rules, rule))
    for number, part in track.parts.items():
        for rule in part.rules:
            rest = replace(part, rules=without(part.rules, rule))
            yield f"{number}: {describe_rule(rule)}", replace(track, parts={**track.parts, number: rest})


def of_act(act: Any) -> Iterator[tuple[str, Any]]:
    """Each rule of an act and of its items, with the act as it is without."""
    for rule in act.rules:
        yield describe_rule(rule), replace(act, rules=without(act.rules, rule))
    for item in act.items:
        for rule in item.rules:
            rest = replace(item, rules=without(item.rules, rule))
            items = tuple(rest if each is item else each for each in act.items)
            yield f"{item.name}: {describe_rule(rule)}", replace(act, items=items)


@pytest.mark.parametrize("name", RULED)
def test_every_rule_of_a_track_is_broken_by_a_case(name: str) -> None:
    file = TRACKS.get(name, {})
    cases = [case for _, case in each_of(file) if case["found"]]
    found = [judged(name, file, case) for case in cases]
    silent = {
        rule
        for rule, track in of_track(SHELF.tracks[name])
        if all(judged(name, file, case, track) == said for case, said in zip(cases, found, strict=True))
    }
    assert silent == {*UNBROKEN["tracks"].get(name, {})}


@pytest.mark.parametrize("name", SHELF.acts)
def test_every_rule_of_an_act_and_its_items_is_broken_by_a_case(name: str) -> None:
    file = ACTS[name]
    cases = [case for _, case in each_of(file)]
    found = [act_judged(name, file, case) for case in cases]
    silent = {
        rule
        for rule, act in of_act(SHELF.acts[name])
        if all(act_judged(name, file, case, act) == said for case, said in zip(cases, found, strict=True))
    }
    assert silent == {*UNBROKEN["acts"].get(name, {})}


def test_each_of_those_that_no_case_breaks_has_its_reason() -> None:
    listed = (rules for kind in UNBROKEN.values() for rules in kind.values())
    assert [rule for rules in listed for rule, why in rules.items() if not why] == []
