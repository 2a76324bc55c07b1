"""What a gist claims of the program, read off its words, and what the shelf says of the same clause."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from shelterctl.core.manual.field import Fields
from shelterctl.core.manual.rule import Rule, Ruling, Strength
from shelterctl.core.manual.track import Deadline, Track
from shelterctl.document.reading import read_document
from shelterctl.edition import LARGEST_RULEBOOK_FILE
from shelterctl.rulebook.rulebook import Rulebook

ACTS = {
    "admission": r"\b[Cc]ompleting (?:her|an|the) admission",
    "sign": r"\b[Ss]igning\b|no agreement is signed|signed report|report as signed",
    "agreement": r"\b[Ss]aving\b(?! leaves)",
    "approve": r"\b[Aa]pproving\b",
    "start": r"\bstarting\b",
    "permit": r"\b[Pp]ermitting\b",
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

HELD = (
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
            for ruling in _rulings(item.history):
                gate = bool(ruling.params.get("gate")) and ruling.strength is Strength.SHALL
                for clause in {ruling.clause, *(one.clause for rule in item.rules for one in _rulings(rule.history))}:
                    about = found[clause]
                    about.items.add(item.name)
                    about.opens.add(item.name)
                    about.refuses |= {act.name} if gate else set()
            for rule in item.rules:
                for one in _rulings(rule.history):
                    found[one.clause].numbers |= _numbers(one)
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
            elif ruling.strength is Strength.SHOULD or act is None:
                about.opens.add(rule.verb)
            else:
                about.refusing |= {(rule.verb, name) for name in rule.names}
                about.refuses |= {act, *(["sign"] if act in ("agreement", "report") else [])}
                about.opens |= {rule.verb} if act in BEFORE else set()


def _rulings(history: Any) -> Iterator[Ruling]:
    return (each for each in history if isinstance(each, Ruling))


def _numbers(ruling: Ruling) -> set[int]:
    """Every number that a ruling counts with, offsets too."""
    found: set[int] = set()
    waiting: list[Any] = [*ruling.params.values()]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Mapping):
            waiting += one.values()
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
    return read_document((Path(__file__).parent / name).read_bytes()).value
