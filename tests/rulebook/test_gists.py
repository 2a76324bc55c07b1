"""What explain says that the tool does: the words by which a gist claims something, held to the rules."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from shelterctl.cli.app import CommandGroup
from shelterctl.cli.commands import COMMAND_SUMMARIES
from shelterctl.core.manual.act import Item
from shelterctl.core.manual.field import Fields
from shelterctl.core.manual.rule import Bound, Rule, Ruling, Strength, Verb
from shelterctl.core.manual.track import Deadline, Track
from shelterctl.core.tables.derived_columns import DERIVED_COLUMNS
from shelterctl.document.reading import read_document
from shelterctl.edition import LARGEST_RULEBOOK_FILE
from shelterctl.explain.codes import read_errors
from shelterctl.rulebook.rulebook import Rulebook, open_rulebook
from tests.support.paths import PROJECT, TESTS

ACTS = {
    "admission": r"\b[Cc]ompleting (?:her|an|the) admission",
    "sign": r"\b[Ss]igning\b|no agreement is signed|signed report|report as signed",
    "agreement": r"\b[Ss]aving\b(?! leaves)",
    "approve": r"\b[Aa]pproving\b",
    "start": r"\bstarting\b",
    "permit": r"\b[Pp]ermitting\b",
    "close": r"\b[Cc]losing\b",
    "authorise": r"\b[Aa]uthorising\b|\b[Aa]sking (?:for it|to disclose|to pass it on)",
    "report": r"\b[Rr]ecording\b(?! the report as signed)",
}
"""By which words a gist names the act that it says is refused."""

NEVER_REFUSED = (
    r"(?i:\bnothing(?: \w+)* is refused|\brefuses? nothing|\b(?:not|never) refused|\bno (?:child|date) is refused|"
    r"\bblocks nothing|\bno reason to refuse)"
)
REFUSED = r"\brefus(?:ed|es?)\b|is turned back"
OPEN = r"\bstays? open\b|\bleav\w+ (?:that|it|items) open\b|\bwith that open\b|\bkeeps a point open\b"
NOTICE = r"\bnotice\b|\bpoints to it\b|\btool says so\b|\bis (?:only )?marked\b"
IDLE = r"\bchecks (?:nothing|\w+, not)\b|\bnothing is checked\b"
SHOWN = r"\bshows (?:it|this) here\b"
ABSENT = r"\bkeeps no (?:log|code)\b|\bhas no (?:form|field)\b"
PRINTS = r"\btool prints it\b|\bsentence is printed\b|\bprinted word for word\b"
FIRST = r"\bheads the list of what is due\b|\bfirst in the list\b"
NEVER_LATE = r"\bnever (?:calls? it|called) late\b|\b[Nn]o deadline\b"
NOT_DUE = r"\bnothing is (?:due|owed)\b"
CHECKLIST = r"\bopen on her checklist\b|\bon her checklist and stays open\b"
NO_COMMAND = r"\bno command that erases\b"

UNDER = r"(?:\b[Ww]ritten|\b[Ww]rite(?: \w+){1,10}|\bgoes|, trip or) under (?P<track>[a-z]+(?:-[a-z]+)*)"
LINE = r"\b(?:[Pp]ink|[Bb]lue) line (?P<line>\d(?:\.\d|[a-d])?)\b"
COMMAND = r"\bshelterctl (?P<command>[a-z]+)(?: ID)?(?P<option> --[a-z-]+)?"
COLUMN = r"\bthe column (?P<column>[a-z_]+)"
FILE = r"\b(?:examples|docs)/[\w/.-]+[a-z]"
SOM = r"\b(\d[\d,]*) som\b"

CLAIM_KINDS = (
    NEVER_REFUSED, REFUSED, OPEN, NOTICE, IDLE, SHOWN, ABSENT, PRINTS, FIRST, NEVER_LATE, NOT_DUE, CHECKLIST,
    NO_COMMAND, UNDER, COMMAND, COLUMN,
)  # fmt: skip
"""Whatever a gist may claim that is held against the program."""

CONDITIONS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    r"\bover (?:it|either)\b|\babove that rate\b": ("amount", ("amount",)),
    r"\bmore months than the period\b": ("amount", ("months",)),
    r"\bmonth (?:already paid|paid twice|would be paid twice)\b": ("once", ("months",)),
    r"\bwithout months\b": ("needs", ("months",)),
    r"\bdays and persons\b": ("needs", ("days", "persons")),
    r"\bits trade\b|\bwithout trade\b": ("needs", ("course.profession",)),
    r"\bprovider\b": ("needs", ("course.provider",)),
    r"\bfirst and last day\b": ("needs", ("course.from", "course.to")),
    r"\bgoods (?:are|have to be) named\b": ("needs", ("goods",)),
    r"\bwritten justification\b": ("needs", ("justification",)),
    r"\bwithout a purpose\b": ("needs", ("purpose",)),
    r"\bno document is named\b": ("needs", ("document",)),
    r"\bproceeding is named as criminal\b": ("is", ("proceeding",)),
    r"\bboth are the same\b|\bthe same as (?:IOM|the NGO)'s\b": ("by", ("signed.iom_name",)),
    r"\bname is missing\b|\bwithout the name\b": ("needs", ("signed.ngo_name", "signed.iom_name")),
}
"""For what a gist says that a form is refused, with the verb and the names of the rule that does so."""

REFUSED_IN = {
    "ru": r"нельзя|отклон|отказ|откаж|не будет принят|не примет|не принимается|можно, только|можно лишь|запрещ",
    "ky": r"болбойт|четке каг|тыюу сал|жол бербе|кабыл алынба|берилбейт|үчүн гана|жок деш",
}
OPEN_IN = {"ru": r"открыт(?:ым|ыми|ой|о|а|ы)\b", "ky": r"\bачык (?:маселе )?(?:бойдон|турат|кал|болот)"}
IDLE_IN = {"ru": r"ничего не провер", "ky": r"эч нерсе(?:ни)? текшер"}


@dataclass
class Held:
    """What the shelf says of one clause: where it refuses, what it leaves open or notes, and where it is written.

    *beside* says that one of its fields is asked beside another, so that an idle answer there stays open.
    """

    refuses: set[str] = field(default_factory=set)
    opens: set[str] = field(default_factory=set)
    notes: set[str] = field(default_factory=set)
    items: set[str] = field(default_factory=set)
    dues: list[Deadline] = field(default_factory=list)
    first: bool = False
    places: set[str] = field(default_factory=set)
    printed: set[str] = field(default_factory=set)
    numbers: set[int] = field(default_factory=set)
    refusing: set[tuple[str, str]] = field(default_factory=set)
    beside: bool = False

    def with_all(self, others: "Iterable[Held]") -> "Held":
        """This together with what the shelf says of other clauses."""
        whole = replace(self)
        for other in others:
            for name in ("refuses", "opens", "notes", "items", "places", "printed", "numbers", "refusing"):
                setattr(whole, name, getattr(whole, name) | getattr(other, name))
            whole.dues, whole.first = [*whole.dues, *other.dues], whole.first or other.first
        return whole

    @property
    def judges(self) -> set[str]:
        """Everything that may be found by this clause."""
        return self.refuses | self.opens | self.notes


BEFORE = {"sign", "approve", "start", "authorise", "permit", "close", "terminate", "admission", "discharge"}
"""Acts before which the same rule stays open."""


def held(rulebook: Rulebook) -> Mapping[str, Held]:
    """What the shelf says, by clause."""
    found: dict[str, Held] = defaultdict(Held)
    for track in rulebook.tracks.values():
        _of_track(found, track)
    for act in rulebook.acts.values():
        found[act.clause].places.add(f"act {act.name}")
        for rule in act.rules:
            _of_rule(found, rule, act.name, {})
        for item in act.items:
            _of_item(found, item, act.name)
    for path in (rulebook.folder / "annexes").glob("*.yaml"):
        for clause in _cited(read_document(path.read_bytes(), LARGEST_RULEBOOK_FILE).value):
            found[clause].printed.add(path.stem)
    found.pop("", None)
    return found


def _cited(written: Any) -> Iterator[str]:
    """Every clause that stands in a file of the shelf, however deep."""
    if isinstance(written, Mapping):
        yield from [written["clause"]] if isinstance(written.get("clause"), str) else []
    for below in written.values() if isinstance(written, Mapping) else written if isinstance(written, list) else ():
        yield from _cited(below)


def _of_item(found: Mapping[str, Held], item: Item, act: str) -> None:
    for ruling in _rulings(item.history):
        gate = bool(ruling.params.get("gate")) and ruling.strength is Strength.SHALL
        for clause in {ruling.clause, *(one.clause for rule in item.rules for one in _rulings(rule.history))}:
            about = found[clause]
            about.items.add(item.name)
            about.opens.add(item.name)
            about.refuses |= {act} if gate else set()
    for rule in item.rules:
        for one in _rulings(rule.history):
            found[one.clause].numbers |= _numbers(one)


def _of_track(found: Mapping[str, Held], track: Track) -> None:
    found[track.clause].places.add(f"track {track.name}")
    own = {**{name: one for name, one in track.fields.items() if not track.family or name in track.own}, **track.clear}
    _of_fields(found, track, own, track.name)
    for rule in track.rules:
        _of_rule(found, rule, track.act, track.fields)
    if track.unlisted:
        found[track.unlisted].refuses |= {"agreement", "sign"}
    for part in track.parts.values():
        for clause in {ruling.clause for ruling in _rulings(part.standing)}:
            found[clause].places.add(f"line {track.name} {part.number}")
            found[clause].printed.add(track.name)
            found[clause].refuses |= {"agreement", "sign"}  # what cannot be read: an amount that is zero or negative
        for rule in part.rules:
            _of_rule(found, rule, track.act, part.fields)
        _of_dues(found, part.due)
        _of_fields(found, track, part.fields, f"{track.name} {part.number}")
    _of_dues(found, track.due)
    for name, deed in track.entry_acts.items():
        found[deed.clause].places.add(f"act {name}")
    for alarm in track.alarms:
        found[alarm.clause].first = True
    for sentence in track.sheet.sentences:
        found[sentence.clause].printed.add(track.name)


def _of_dues(found: Mapping[str, Held], dues: Any) -> None:
    for due in dues:
        for ruling in _rulings(due.history):
            found[ruling.clause].dues.append(due)
            found[ruling.clause].first |= due.first


def _of_fields(found: Mapping[str, Held], track: Track, fields: Fields, above: str) -> None:
    for name, one in fields.items():
        if one.clause:
            found[one.clause].places.add(f"{above}.{name}")
            if one.number:
                found[one.clause].printed.add(track.name)
            found[one.clause].beside |= bool(one.asked_with)
            if one.asked_with and track.unasked_code:
                found[one.clause].refuses.add(track.act or "")
        _of_fields(found, track, one.fields, f"{above}.{name}")


def _of_rule(found: Mapping[str, Held], rule: Rule, writes: str | None, fields: Fields) -> None:
    for ruling in _rulings(rule.history):
        own = {one.clause for name in rule.names if (one := fields.get(name)) and one.clause}
        for clause in {ruling.clause} if ruling.clause else own:
            about, act = found[clause], rule.act or writes
            about.numbers |= _numbers(ruling)
            if ruling.strength is Strength.NOTE:
                about.notes.add(rule.verb)
            elif ruling.strength is Strength.MALFORMED:
                about.refuses.add("add")
            elif ruling.strength is Strength.SHOULD or act is None:
                about.opens.add(rule.verb)
            else:
                about.refusing |= {(rule.verb, name) for name in rule.names}
                about.refuses |= {act, *(["sign"] if act in ("agreement", "report") else [])}
                about.opens |= {rule.verb} if act in BEFORE else set()


def _rulings(history: Any) -> Iterator[Ruling[Any]]:
    return (each for each in history if isinstance(each, Ruling))


def _numbers(ruling: Ruling[Any]) -> set[int]:
    """Every number that a ruling counts with, offsets too."""
    found: set[int] = set()
    asked = ruling.params.facts if isinstance(ruling.params, Verb) else ruling.params
    waiting: list[Any] = [*asked.values()]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Mapping):
            waiting += one.values()
        elif isinstance(one, Bound):
            waiting += [one.months, one.days]
        elif isinstance(one, int) and not isinstance(one, bool):
            found.add(one)
    return found


def says(pattern: str, gist: str) -> bool:
    """Whether a gist says that anywhere."""
    return re.search(pattern, gist) is not None


def refusals(gist: str) -> Iterator[tuple[set[str], str]]:
    """What a gist says is refused: the acts that it names in that part of the sentence, and that part."""
    for part in re.split(r"[.;:]\s", gist):
        told = re.sub(NEVER_REFUSED, "", part)
        if re.search(REFUSED, told):
            yield {act for act, words in ACTS.items() if re.search(words, told)}, part


def data(name: str) -> Any:
    """A file of what no machine can check, with the reason of each line."""
    return read_document((TESTS / name).read_bytes()).value


ROOT = PROJECT
SHELF = open_rulebook()
HELD = held(SHELF)
DATA = data("gists.yaml")
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
    return {int(number.replace(",", "")) for number in re.findall(SOM, gist)}


def unheld(gist: str, does: Held) -> list[str]:
    """The claims of a gist that something happens, and that nothing does."""
    found = [part for acts, part in refusals(gist) if not does.refuses or acts - does.refuses]
    backed = {
        OPEN: bool(does.opens or does.dues),
        NOTICE: bool(does.notes),
        PRINTS: bool(does.printed),
        FIRST: does.first,
        CHECKLIST: bool(does.items),
    }
    return found + [pattern for pattern, true in backed.items() if says(pattern, gist) and not true]


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
        NEVER_REFUSED: does.refuses,
        IDLE: does.judges or does.dues,
        SHOWN: does.places or does.judges or does.dues or does.printed,
        ABSENT: does.places,
        NOT_DUE: [due for due in does.dues if due.never != "listed"],
        NEVER_LATE: [due for due in does.dues if due.never is None],
        NO_COMMAND: {"erase", "delete", "remove"} & {*COMMAND_SUMMARIES},
    }
    assert [pattern for pattern, there in denied.items() if says(pattern, gist) and there] == []


@pytest.mark.parametrize(("clause", "gist"), CLAUSES)
def test_for_what_a_form_is_said_to_be_refused_it_is(clause: str, gist: str) -> None:
    """Each reason that a gist gives for a refusal has a rule that refuses for it."""
    if not clause.startswith(("A5.", "A6.", "G2.", "G3.")):
        return
    does = of(clause)
    lacking = [
        (part, verb, name)
        for _, part in refusals(gist)
        for words, (verb, names) in CONDITIONS.items()
        if says(words, part)
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
    assert {found["track"] for found in re.finditer(UNDER, gist)} <= {*SHELF.tracks}
    columns = {one.name for one in DERIVED_COLUMNS}
    assert {found["column"] for found in re.finditer(COLUMN, gist)} <= columns
    for found in re.finditer(LINE, gist):
        assert any(number.startswith(found["line"]) for number in numbers), found[0]
    for path in re.findall(FILE, gist):
        assert (ROOT / path).is_file(), path
    for found in re.finditer(COMMAND, gist):
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
    told = re.sub(NEVER_REFUSED, "", gist["en"])
    for language in ("ru", "ky"):
        assert says(OPEN_IN[language], gist[language]) is says(OPEN, gist["en"]), language
        assert says(IDLE_IN[language], gist[language]) is says(IDLE, gist["en"]), language
        assert says(REFUSED_IN[language], gist[language]) or not says(REFUSED, told)


def test_every_sentence_about_the_tool_is_held_or_says_why_it_is_not() -> None:
    """A sentence that says what the tool does is held by a test above, or stands in the list of the others."""
    unread = {
        name
        for name, known in EVERY.items()
        for sentence in re.split(r"(?<=\.)\s", known["gist"]["en"])
        if re.search(r"\b[Tt]he tool\b", sentence) and not any(says(each, sentence) for each in CLAIM_KINDS)
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
        said = says(r"\btool does not list it\b|\bno deadline, ever\b", duty["means"]["en"])
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
    for path in sorted((TESTS / "cases" / "agreement").glob("*.yaml")):
        for case in data(f"cases/agreement/{path.name}")["cases"]:
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
    for path in (TESTS / "cases" / "tracks").glob("*.yaml"):
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
