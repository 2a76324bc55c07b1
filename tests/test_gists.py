"""What explain says that the tool does is what the tool does: every gist is held to the shelf, claim by claim.

tests/claims.py says by which words a gist claims something, and what the shelf says of a clause; tests/gists.yaml has
what a gist rests on besides its own clause, and what no machine can check, each with its reason.
"""

import re
from pathlib import Path
from typing import Any

import claims
import pytest
from claims import Held

from shelterctl.cli.app import CommandGroup
from shelterctl.cli.commands import COMMAND_SUMMARIES
from shelterctl.core.tables.derived_columns import AGREEMENT_COLUMNS, CLIENT_COLUMNS, REPORT_COLUMNS
from shelterctl.rulebook.files import read_errors
from shelterctl.rulebook.rulebook import open_rulebook

ROOT = Path(__file__).parents[1]
SHELF = open_rulebook()
HELD = claims.held(SHELF)
DATA = claims.data("gists.yaml")
CLAUSES = [pytest.param(name, known["gist"]["en"], id=name) for name, known in SHELF.clauses.items()]
READINGS = [pytest.param(name, known["gist"]["en"], id=name) for name, known in SHELF.readings.items()]
EVERY = {**SHELF.clauses, **SHELF.readings}


def of(clause: str) -> Held:
    """What the program does by a clause, with all that its gist rests on."""
    whole = HELD.get(clause, Held()).with_all(HELD[other] for other in DATA["rests"].get(clause, ()))
    whole.refuses |= {*DATA["codes"].get(clause, {}).get("refuses", ())}
    whole.printed |= {DATA["printed"][clause]["sheet"]} if clause in DATA["printed"] else set()
    return whole


def of_reading(name: str) -> Held:
    """What the program does by the clauses that a reading reads."""
    return Held().with_all(of(clause) for clause in SHELF.readings[name]["clauses"])


def sums(gist: str) -> set[int]:
    """The sums in som that a gist names."""
    return {int(number.replace(",", "")) for number in re.findall(claims.SOM, gist)}


def unheld(gist: str, does: Held) -> list[str]:
    """The claims of a gist that something happens, and that nothing does."""
    found = [part for acts, part in claims.refusals(gist) if not does.refuses or acts - does.refuses]
    backed = {
        claims.OPEN: bool(does.opens or does.dues),
        claims.NOTICE: bool(does.notes),
        claims.PRINTS: bool(does.printed),
        claims.FIRST: does.first,
        claims.CHECKLIST: bool(does.items),
    }
    return found + [pattern for pattern, true in backed.items() if claims.says(pattern, gist) and not true]


@pytest.mark.parametrize(("clause", "gist"), CLAUSES)
def test_what_a_clause_is_said_to_do_it_does(clause: str, gist: str) -> None:
    """What a gist says is refused, stays open, is noted, printed or on the checklist is so by a rule of the clause."""
    assert unheld(gist, of(clause)) == []


@pytest.mark.parametrize(("name", "gist"), READINGS)
def test_what_a_reading_is_said_to_do_its_clauses_do(name: str, gist: str) -> None:
    """A reading claims no more than the rules of the clauses that it reads."""
    assert unheld(gist, of_reading(name)) == []


@pytest.mark.parametrize(("clause", "gist"), CLAUSES)
def test_what_a_clause_is_said_not_to_do_it_does_not(clause: str, gist: str) -> None:
    """A gist that says that nothing is refused, checked, due or kept has no rule, deadline or place against it."""
    does = HELD.get(clause, Held())
    denied: dict[str, Any] = {
        claims.NEVER_REFUSED: does.refuses,
        claims.IDLE: does.judges or does.dues,
        claims.SHOWN: does.places or does.judges or does.dues or does.printed,
        claims.ABSENT: does.places,
        claims.NOT_DUE: [due for due in does.dues if due.never != "listed"],
        claims.NEVER_LATE: [due for due in does.dues if due.never is None],
        claims.NO_COMMAND: {"erase", "delete", "remove"} & {*COMMAND_SUMMARIES},
    }
    assert [pattern for pattern, there in denied.items() if claims.says(pattern, gist) and there] == []


@pytest.mark.parametrize(("clause", "gist"), CLAUSES)
def test_for_what_a_form_is_said_to_be_refused_it_is(clause: str, gist: str) -> None:
    """Each reason that a gist gives for a refusal has a rule that refuses for it."""
    if not clause.startswith(("A5.", "A6.", "G2.", "G3.")):
        return
    does = of(clause)
    lacking = [
        (part, verb, name)
        for _, part in claims.refusals(gist)
        for words, (verb, names) in claims.CONDITIONS.items()
        if claims.says(words, part)
        for name in names
        if (verb, name) not in does.refusing
    ]
    assert lacking == []


@pytest.mark.parametrize(("clause", "gist"), CLAUSES)
def test_an_amount_in_a_gist_is_one_that_a_rule_counts_with(clause: str, gist: str) -> None:
    """No gist keeps a sum that the rules of its clause do not have."""
    assert sums(gist) <= of(clause).numbers


@pytest.mark.parametrize(("name", "gist"), [*CLAUSES, *READINGS])
def test_whatever_a_gist_names_is_there(name: str, gist: str) -> None:
    """Tracks, lines, commands, options, columns and files that a gist names are those of the program."""
    numbers = {number for form in SHELF.forms.values() for number in form.parts}
    assert {found["track"] for found in re.finditer(claims.UNDER, gist)} <= {*SHELF.tracks}
    columns = {*CLIENT_COLUMNS, *AGREEMENT_COLUMNS, *REPORT_COLUMNS}
    assert {found["column"] for found in re.finditer(claims.COLUMN, gist)} <= columns
    for found in re.finditer(claims.LINE, gist):
        assert any(number.startswith(found["line"]) for number in numbers), found[0]
    for path in re.findall(claims.FILE, gist):
        assert (ROOT / path).is_file(), path
    for found in re.finditer(claims.COMMAND, gist):
        assert found["command"] in COMMAND_SUMMARIES
        command: Any = CommandGroup(name="shelterctl").get_command(None, found["command"])
        options = {option for param in command.params for option in param.opts}
        assert not found["option"] or found["option"].strip() in options
    for known in re.findall(r"\breadings? (X\d+)(?: and (X\d+))?", gist):
        for reading in filter(None, known):
            assert name in SHELF.readings[reading]["clauses"] or name in SHELF.readings, reading


@pytest.mark.parametrize("name", EVERY)
def test_a_gist_claims_the_same_in_every_language(name: str) -> None:
    """What is refused, stays open or is not checked in English is so in Russian and in Kyrgyz."""
    gist = EVERY[name]["gist"]
    told = re.sub(claims.NEVER_REFUSED, "", gist["en"])
    for language in ("ru", "ky"):
        assert claims.says(claims.OPEN_IN[language], gist[language]) is claims.says(claims.OPEN, gist["en"]), language
        assert claims.says(claims.IDLE_IN[language], gist[language]) is claims.says(claims.IDLE, gist["en"]), language
        assert claims.says(claims.REFUSED_IN[language], gist[language]) or not claims.says(claims.REFUSED, told)


def test_every_sentence_about_the_tool_is_held_or_says_why_it_is_not() -> None:
    """A sentence that says what the tool does is held by a test above, or stands in the list of the others."""
    unread = {
        name
        for name, known in EVERY.items()
        for sentence in re.split(r"(?<=\.)\s", known["gist"]["en"])
        if re.search(r"\b[Tt]he tool\b", sentence) and not any(claims.says(each, sentence) for each in claims.HELD)
    }
    assert unread == {*DATA["unchecked"]}


def test_whatever_stands_in_the_list_is_still_needed_and_there() -> None:
    """No line of the list outlives its gist, and whatever it points at exists."""
    for clause, others in DATA["rests"].items():
        gist, alone = SHELF.clauses[clause]["gist"]["en"], HELD.get(clause, Held())
        assert {*others} <= {*HELD}
        assert unheld(gist, alone) or sums(gist) - alone.numbers, clause
    for known in DATA["codes"].values():
        for code in known["by"]:
            assert code in {*SHELF.findings, *read_errors()}
            assert (ROOT / "examples" / "refused" / f"{code.replace('/', '-')}.yaml").is_file(), code
    for known in DATA["printed"].values():
        assert known["text"] in SHELF.tracks[known["sheet"]].sheet.texts
    for reason in DATA["unchecked"].values():
        assert all((ROOT / path).is_file() for path in re.findall(r"tests/[\w/.-]+[a-z]", reason)), reason


def test_a_deadline_that_nothing_lists_says_so() -> None:
    """A deadline of the manual is one of a track or an item, or it is explained as none that the tool lists."""
    parts = [part for track in SHELF.tracks.values() for part in track.parts.values()]
    listed = {due.row for track in SHELF.tracks.values() for due in track.due}
    listed |= {due.row for part in parts for due in part.due}
    listed |= {item.row for act in SHELF.acts.values() for item in act.items}
    for name, duty in SHELF.duties.items():
        said = claims.says(r"\btool does not list it\b|\bno deadline, ever\b", duty["means"]["en"])
        assert said is (duty["row"] not in listed), name


@pytest.mark.parametrize("language", ["en", "ru", "ky"])
@pytest.mark.parametrize("name", SHELF.states)
def test_what_comes_next_can_be_typed(name: str, language: str) -> None:
    """Commands that a state names, their options, and the tracks and acts of entries behind them, are there."""
    said = SHELF.states[name]["next"][language]
    for command, rest in re.findall(
        r"\b(admit|add|agreement|discharge|monitor|close) (ID|record|due|schedule)\b", said
    ):
        assert command in COMMAND_SUMMARIES, rest
    for track in re.findall(r"\badd ID ([a-z]+(?:-[a-z]+)*)", said):
        assert track in SHELF.tracks
    for act, track in re.findall(r"\b(approve|start|permit|authorise|close) ID ([a-z]+(?:-[a-z]+)*)", said):
        assert act in SHELF.tracks[track].entry_acts


def cases() -> list[Any]:
    """Every finding that a case of an agreement expects: its weight, clause and code, and whether it is signed."""
    found = []
    for path in sorted((Path(__file__).parent / "cases" / "agreement").glob("*.yaml")):
        for case in claims.data(f"cases/agreement/{path.name}")["cases"]:
            for weight in ("expect", "open", "warn"):
                for line in case.get(weight) or ():
                    code, clause, _ = line.split()
                    found.append((weight, clause, code, bool(case.get("signing"))))
    return sorted({*found})


@pytest.mark.parametrize(("weight", "clause", "code", "signing"), cases())
def test_what_is_read_off_the_shelf_is_what_is_found_in_the_cases(
    weight: str, clause: str, code: str, signing: bool
) -> None:
    """The weight of a clause as these tests read it is that with which the program finds it in an agreement."""
    does = of(clause)
    if weight == "expect":
        assert ("sign" if signing else "agreement") in does.refuses, code
    else:
        assert does.opens if weight == "open" else does.notes, code


def test_what_is_read_off_the_shelf_is_what_is_found_of_the_tracks() -> None:
    """A case of a track expects no weight of a clause that these tests do not read off the shelf there."""
    found = set()
    for path in (Path(__file__).parent / "cases" / "tracks").glob("*.yaml"):
        found |= {*re.findall(r"\b(refuse|open|warn) [a-z-]+ [^\s,]+ ([A-Z]\.?\d?[\w.]*\w)", path.read_text("utf-8"))}
    assert {weight for weight, _ in found} == {"refuse", "open", "warn"}
    weights = {
        name: {
            *(["refuse"] if does.refuses else []),
            *(["open"] if does.opens or does.beside else []),
            *(["warn"] if does.notes else []),
        }
        for name, does in HELD.items()
    }
    assert {(weight, clause) for weight, clause in found if weight not in weights.get(clause, ())} == set()
