"""Print every paper of the program as text and as boxes, to compare two versions of the program.

    python -m tools.papers --store DESK        make a store of invented clients in the new folder DESK
    python -m tools.papers --of DESK FOLDER    print from a copy of it into the new folder FOLDER; no boxes: --text
    python -m tools.papers --compare A B       list what differs between two such folders; exit code 1 if anything

With PYTHONPATH naming the `src` of another version, that version prints. Each paper of each person gets a file with its
sheets as text, Markdown and HTML, the facts behind its code, and the result of checking that code; `.boxes.json` has
the boxes of the words of its PDF, in millimetres. All forms and all sheets of tracks are printed: blank, filled, with
names, without names, in three languages and in the form's own; agreements, reports and annexes, signed in the language
of the paper or in another one, and unsigned; the packs; and the screens of a file.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

from shelterctl.core.manual.field import COORDINATOR_TITLE, UNKNOWN_ANSWER, Field, Fields
from shelterctl.core.record.client import list_live_entries
from shelterctl.core.record.sameness import BEFORE_KEY, CHANGES_KEY
from shelterctl.errors import ShelterError
from shelterctl.language import format_sentence, set_language
from shelterctl.paper.code import fact_traces
from shelterctl.paper.forms import client_papers, make_pack, make_paper, reprint_paper
from shelterctl.paper.request import PaperRequest, PreparedPaper, form_titles, printable_tracks
from shelterctl.press.sheet import Medium, Sheet, render_sheets
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.session import Options, Session
from shelterctl.store.folder import REMEMBERED_STORE_FILE, record_file
from shelterctl.view.record import entry_lines, record_lines
from tests.support.crowd import files
from tests.support.papers import NAME, OTHER, PAPERS, answered
from tests.support.pdf import words

LANGUAGES = ("en", "ru", "ky")
SCREEN_LANGUAGES = ("en", "ru")
TODAY = "2027-06-10"
"""The day taken as today: after the monitoring of the clients who left."""

TOLERANCE = 0.1
"""The distance in millimetres that a box may have moved."""

WAYS: Mapping[str, Mapping[str, Any]] = {"plain": {}, "names": {"names": True}, "nameless": {"nameless": True}}
"""The ways to print a paper, by how much of the client is on it."""

DAY, STAMP = "2026-11-24", {"recorded_at": "2026-11-25T10:00+06:00", "recorded_by": "s-gulnara"}
LONG = "Очень длинное объяснение, которому не хватит места в строке бланка. " * 5
IDENTITY: Mapping[str, Any] = {
    "first_name": "Айгуль", "last_name": "Примерова", "sex": "female", "birth_date": "1999-03",
    "languages": ["ky", "ru"], "marital_status": "не замужем", "children_text": "нет", "address": "Ош, Тихая 7",
    "phone": "0555 01",
}  # fmt: skip
NAMES: Mapping[str, Mapping[str, Any]] = {
    "staff add s-gulnara --role social_worker": {"name": "Гульнара Образцова"},
    "staff add s-zh17 --role social_worker": {"name": NAME},
    "staff add s-bare --role psychologist": {},
    "ngo add sezim --memorandum 2026-01-15 --contract 2026-01-20": {"name": "Сезим"},
    "ngo add ngo-bare": {},
    "provider add clinic": {"name": OTHER},
}
PARTIES: tuple[Mapping[str, str], ...] = (
    {"staff": "s-zh17", "ngos": "sezim", "providers": "clinic"},
    {"staff": "s-bare", "ngos": "ngo-bare", "providers": "s-bare"},
)
"""Codes in registers, some with a name behind them and some without."""

ANNEX_SIGNATURES: tuple[Mapping[str, Any] | None, ...] = (
    None,
    {"signed": True, "signed_on": DAY, "language": "ru"},
    {"signed": True, "signed_on": DAY, "language": "ky", "signed_by": "representative"},
    {"signed": True, "signed_on": DAY, "language": "tr"},
    {"signed": False, "signed_on": DAY},
)
"""The recorded signatures under an annex: a different one for each client."""

AS_SIGNED = {"ngo": "Сезим, как было", "identification_number": "KG-OLD-1", "place": "Ош", "edition": "kg-2008"}
AGREEMENT_STATES: tuple[Mapping[str, Any], ...] = (
    {},
    {"signed": {"on": DAY, "language": "ru", "copies": 2, "as": AS_SIGNED}},
    {"signed": {"on": DAY, "language": "ky", "ngo_name": "Кто Другой", "iom_name": "А. Примеров"}},
    {
        "signed": {"on": DAY, "language": "en", "as": {"ngo": "sezim"}},
        "terminated": {"on": "2026-12-01", "by": "manager"},
    },
    {"to_sign": {"copies": 3, "language": "ky"}, "ngo_representative": None, "period": {"from": "2026-12-01"}},
)  # fmt: skip
"""The states of an agreement in a file."""

LINES: Mapping[str, Mapping[str, Any]] = {
    "pink": {
        "1.2": {"amount": 300}, "2a": {"amount": 2000}, "3": {"amount": 1200, "days": 3, "persons": 2},
        "4b": {"amount": 70}, "4c": {"amount": 1000, "point": LONG}, "5": {"amount": 700, "proceeding": "criminal"},
    },
    "blue": {
        "1a": {"amount": 2000, "course": {"from": "2026-12-01", "to": "2027-02-20", "profession": "швея"}},
        "1c": {"amount": "750.50", "justification": LONG}, "4": {"rate": "999.50", "months": ["2026-12", "2027-01"]},
        "5": {"amount": 100, "months": 2}, "7c": {"amount": 1000},
    },
}  # fmt: skip
REPORTS: tuple[Mapping[str, Any], ...] = (
    {
        "date": "2027-05-28", "social_worker": "s-gulnara", "signed": True, "contact_duration": "полгода",
        "last_meeting_on": "2027-05-27", "problems": "нет", "employed": True, "job_paid": "not_paid", "threats": False,
        "law_enforcement_contact": True, "law_enforcement_note": "звонил следователь", "agrees_to_cooperate": "unknown",
        "plans": f"Айгуль: {LONG}", "address": "Каракол",
    },
    {
        "date": "2027-05-29", "contact_duration": "unknown", "last_meeting_on": "unknown", "employed": False,
        "job_paid": "unknown", "threats": True, "addressed_for_assistance": "к Примеровой", "phone": "0555 02",
        "law_enforcement_contact": "unknown", "law_enforcement_note": "не помнит", "agrees_to_cooperate": True,
    },
    {"date": "2027-05-30", "social_worker": "s-bare", "threats": "unknown", "law_enforcement_contact": False},
)  # fmt: skip


KEPT_AS_GIVEN = ("person", "stay", "identity", "referral", "discharge", "rules", "rights")
"""Tracks whose entries are not drawn, because each file sets them as it needs them."""


def make_store(desk: Path) -> None:
    """Make a store with its registers, and clients whose files have an entry for every code of every track."""
    desk.mkdir(parents=True)
    around = {
        "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": str(desk), "SHELTERCTL_STORE": str(desk / "house"),
        "SHELTERCTL_IDENTITY": str(desk / "key"), "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
    }  # fmt: skip
    commands: dict[str, Any] = {"init house --shelter bishkek --no-passphrase --recovery paper": {}, **NAMES}
    for typed, given in commands.items():
        file = desk / "given.json"
        file.write_text(json.dumps(given, ensure_ascii=False), "utf-8")
        more = ["--from", str(file)] if given else []
        command = [sys.executable, "-m", "shelterctl", *typed.split(), *more]
        subprocess.run(command, cwd=desk, env=around, check=True, stdout=subprocess.DEVNULL)
    session = sit_down(desk)
    made = [*map(make_client, range(len(AGREEMENT_STATES))), *files(2)]
    session.save([(record_file(one["id"]), one, None) for one in made], "admit")


def make_client(number: int) -> dict[str, Any]:
    """Return a file: of a track that keeps one entry the one with this number, of all others every entry; the last
    client has almost none.
    """
    stay: dict[str, Any] = {"id": f"ST0Y0{number}", **STAMP, "facility": "bishkek"}
    her: dict[str, Any] = {
        "schema": "resident/1", "id": f"AAA{number}-BBB{number}", **STAMP, "identity": dict(IDENTITY), "stays": [stay],
    }  # fmt: skip
    last = number == len(AGREEMENT_STATES) - 1
    printed = [track for track in printable_tracks(open_rulebook()) if not track.paper]
    ids = {track.name: f"E{number}{letters(place)}00" for place, track in enumerate(printed)}
    ids |= {"stay": stay["id"], "agreement": f"Q0{number}000", "pink": f"Q0{number}000", "blue": f"Q0{number}001"}
    for track in printed:
        if track.seal or track.is_coded or track.name in KEPT_AS_GIVEN or last:
            continue
        home = stay if {"stay", "left"} & {*track.home} else her
        told = [dict(each) for party in PARTIES for each in answered(track, party, ids)]
        told += [otherwise(track.fields, each, turn) for turn, each in enumerate(told[:2])]
        if not track.many:
            put(home, track.at, told[number % len(told)])
            continue
        first = ids[track.name][:4]
        listed = [{"id": f"{first}{letters(index)}", **STAMP, **each} for index, each in enumerate(told)]
        listed[0] |= {CHANGES_KEY: [{"at": "2026-11-26T09:05+06:00", "by": "s-bare", BEFORE_KEY: dict(told[1])}]}
        listed[1] |= {"void": {"on": DAY, "by": "s-gulnara", "reason": "entered_twice"}}
        put(home, track.at, [*(found(home, track.at) or []), *listed])
    for name in ("rules", "rights"):
        put(stay, f"admission.{name}", dict(ANNEX_SIGNATURES[number] or {}) or None)
    stay["referral"] = {"sources": ["iom_ngo_coordinator"], "received_at": "2026-11-20T21:30+06:00"}
    her |= {"identification_number": "KG-2026-118"} if number % 2 else {}
    her["agreements"] = [
        {
            **{"id": f"Q0{number}00{index}", **STAMP, "stay": stay["id"], **PAPERS[form]},
            **{"form": form, "drafted_by": ["NGO Coordinator", "manager"]},
            **({"lines": LINES[form]} if number % 2 else {}),
            **{name: said for name, said in AGREEMENT_STATES[number].items() if name != "period" or form == "blue"},
        }
        for index, form in enumerate(("pink", "blue"))
    ]
    her["agreements"] = [{name: said for name, said in each.items() if said is not None} for each in her["agreements"]]
    if number % 2:
        stay["discharge"] = {"on": "2026-11-25", "by_own_decision": False, "social_worker": "s-gulnara"}
    reports = [{"id": f"R0{number}000", **STAMP, **REPORTS[number]}] if number < len(REPORTS) else []
    put(stay, "monitoring.reports", reports)
    return {name: said for name, said in her.items() if said not in (None, [])}


def otherwise(fields: Fields, written: Mapping[str, Any], turn: int) -> dict[str, Any]:
    """Return the entry with rare answers: unknown, titles, years alone, own words and long words."""
    return {name: rare(fields[name], said, turn) if name in fields else said for name, said in written.items()}


def rare(one: Field, said: Any, turn: int) -> Any:
    """Return a rare answer to a field, or *said* if it has none."""
    if one.kind == "group":
        groups = [otherwise(one.fields, each, turn) for each in (said if one.several else [said])]
        return groups if one.several else groups[0]
    if one.unknown and turn:
        return UNKNOWN_ANSWER
    told: Mapping[str, Any] = {"partial": "1999", "months": 2, "som": "1250.50"}
    if one.offers == "coordinator":
        told = {one.kind: str(COORDINATOR_TITLE)}
    elif one.kind == "text" and not one.letters:
        told = {"text": (LONG, "первое\nвторое, Айгуль")[turn]}
    elif one.kind == "party" and one.open and turn:
        told = {"party": "кто-то другой"}
    elif one.kind == "code":
        own = one.open and one.of not in (("languages",), ("countries",))
        told = {"code": "своими словами" if own else said[0] if one.several else said}
    rarely = told.get(one.kind, said)
    return [rarely, *said[1:]] if one.several and isinstance(rarely, str) else rarely


def letters(number: int) -> str:
    """Return two letters of an id, different for each number."""
    drawn = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    return drawn[number // len(drawn)] + drawn[number % len(drawn)]


def found(home: dict[str, Any], place: str) -> Any:
    """Return the value at a dotted place."""
    for step in place.split("."):
        home = home.get(step) or {}
    return home


def put(home: dict[str, Any], place: str, said: Any) -> None:
    """Write a value at a dotted place; nothing is written for None."""
    *above, last = place.split(".")
    for step in above:
        home = home.setdefault(step, {})
    if said not in (None, []):
        home[last] = said


def sit_down(desk: Path, language: str | None = None) -> Session:
    """Return a session with that store on the day taken as today."""
    typed = frozenset({"lang"} if language else ())
    store, key = str(desk / "house"), str(desk / "key")
    return Session(options=Options(store=store, identity=key, as_of=TODAY, lang=language, typed=typed))


class Printer:
    """Prints from one store into a folder."""

    def __init__(self, desk: Path, folder: Path, *, text: bool) -> None:
        self.folder, self.text, self.count = folder, text, 0
        self.sessions = {language: sit_down(desk, language) for language in (None, *LANGUAGES)}
        self.rulebook = open_rulebook()
        self.forms = [*form_titles(self.rulebook), *(track.form for track in printable_tracks(self.rulebook))]

    def print_all(self) -> None:
        """Print everything: blank forms, the papers of every client and of staff, packs, and the screens."""
        for form in self.forms:
            self.form("blank", form, None, {"plain": {}})
        staff = (name for name, annex in self.rulebook.annexes.items() if "staff" in annex.signers)
        for form, code in product(staff, ("s-gulnara", "s-bare", "s-nobody")):
            self.form(code, form, code, WAYS)
        for her in [*self.sessions[None].store.clients()]:
            for form in self.forms:
                self.form(her.id, form, her.id, WAYS)
                self.entries(her.id, form)
            self.packs(her.id)
            self.screen(her.id)

    def form(self, whose: str, form: str, subject: str | None, ways: Mapping[str, Mapping[str, Any]]) -> None:
        """Print one form in every language and way, and the boxes of it."""
        sheets: list[Sheet] = []
        for (way, how), language in product(ways.items(), self.sessions):
            made = self.paper(f"{whose}/{form}/{way}-{language or 'own'}", language, form, subject, how)
            sheets += made.sheets if made and language and way != "nameless" else ()
        self.boxes(f"{whose}/{form}/boxes.json", sheets)

    def entries(self, whose: str, form: str) -> None:
        """Print each entry separately, for forms and sheets that print one entry."""
        her, sheets = self.sessions[None].store.client(whose)[0], list[Sheet]()
        agreement = form in self.rulebook.forms
        listed = [one["id"] for one in her.agreements if one["form"] == form] if agreement else []
        if not agreement and form in self.rulebook.tracks:
            track = self.rulebook.tracks[form]
            last = track.at.rpartition(".")[2]
            listed = [one["id"] for place, one in list_live_entries(her.facts) if f"/{last}/" in place]
        for id_, language in product(listed, LANGUAGES):
            how = {"number" if agreement else "entry": id_}
            made = self.paper(f"{whose}/{form}/{id_}-{language}", language, form, whose, {}, **how)
            sheets += made.sheets if made and language == "ru" else ()
        self.boxes(f"{whose}/{form}/boxes-of-entries.json", sheets)

    def paper(
        self, place: str, language: str | None, form: str, subject: str | None, how: Mapping[str, Any], **which: str
    ) -> PreparedPaper | None:
        """Print one paper into its own file; None if it cannot be printed, which is written there too."""
        session = self.sessions[language]
        try:
            made = make_paper(session, subject, PaperRequest(form, **how), **which)
        except ShelterError as error:
            self.write(f"{place}.txt", f"{type(error).__name__} {error} {error.facts}\n")
            return None
        self.write(f"{place}.txt", paper_in_full(made) + self.printed_again(session, made))
        self.count += 1
        return made

    def printed_again(self, session: Session, made: PreparedPaper) -> str:
        """Write the result of checking the code of a client's paper."""
        if made.code is None or made.record is None or not made.record[0].isupper():
            return ""
        her = session.store.client(made.record)[0]
        noted = {"form": made.form, "language": made.language, "facts": fact_traces(made.record, made.facts)}
        again = reprint_paper(session, her, {**noted, **({"of": made.entry} if made.entry else {})})
        return f"again: {again and (again.code, again.facts == made.facts, again.entry)}\n"

    def packs(self, whose: str) -> None:
        """Write the packs to be signed by a client in each language, and the state of each paper."""
        for language, session in self.sessions.items():
            place, her = f"{whose}/pack-{language or 'own'}", session.store.client(whose)[0]
            stands = [
                f"{one.form} {format_sentence(one.state, {'on': one.on})} {one[3:7]} {(one.entry or {}).get('id')}\n"
                for one in client_papers(session, her)
            ]
            try:
                made = make_pack(session, whose, PaperRequest("pack"))
                stands += map(paper_in_full, made)
                self.count += len(made)
            except ShelterError as error:
                stands.append(f"{type(error).__name__} {error}\n")
            self.write(f"{place}.txt", "".join(stands))

    def screen(self, whose: str) -> None:
        """Write the file and the entries of each track in words, in the languages of the screen."""
        her = self.sessions[None].store.client(whose)[0]
        for language in SCREEN_LANGUAGES:
            set_language(language)
            lines = record_lines(her.facts, self.rulebook, language)
            for name, names in product(self.rulebook.track_names, (True, False)):
                lines += ["", f"{name} {names}"]
                lines += entry_lines(self.rulebook, her, self.rulebook.tracks[name], language, names=names)
            self.write(f"{whose}/screen-{language}.txt", "\n".join(lines) + "\n")
        set_language("en")

    def boxes(self, place: str, sheets: list[Sheet]) -> None:
        """Write the words of these sheets as their PDF has them, each with its page and its box in millimetres."""
        if self.text or not sheets:
            return
        told = [
            [word.page, *(round(each * 25.4 / 72, 2) for each in word[1:5]), word.text]
            for word in words(render_sheets(sheets, Medium.PDF).data)
        ]
        self.write(place, "[\n" + ",\n".join(json.dumps(each, ensure_ascii=False) for each in told) + "\n]\n")

    def write(self, place: str, said: str) -> None:
        """Write a file of the folder."""
        file = self.folder / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(said, "utf-8")


def paper_in_full(made: PreparedPaper) -> str:
    """Return a paper's kind, the facts behind its code, and its sheets in every text medium."""
    about = {
        "form": made.form, "language": made.language, "record": made.record, "entry": made.entry, "code": made.code,
        "left_blank": made.left_blank, "registered": made.registered,
        "title": [format_sentence(made.title, {}, language) for language in SCREEN_LANGUAGES],
    }  # fmt: skip
    lines = [f"{name}: {said}" for name, said in about.items()]
    lines += [f"fact {place}: {said!r}" for place, said in made.facts.items()]
    lines += [f"finding {one.code} {one.severity} {one.where} {one.record} {one.facts}" for one in made.findings]
    for sheet in made.sheets:
        marks = {name: getattr(sheet, name) for name in ("large", "behind", "long", "wide", "grows")}
        lines += ["", f"sheet {sheet.title!r} {sheet.language} {sheet.tint} {sheet.day} {marks}", sheet.body]
    for medium in (Medium.TEXT, Medium.MARKDOWN):
        lines += ["", medium, render_sheets(made.sheets, medium).data.decode()]
    return "\n".join(lines) + "\n"


def differences(one: Path, other: Path) -> Iterator[str]:
    """Yield each file that is not in both folders, or differs."""
    there = [{str(file.relative_to(each)) for file in each.rglob("*") if file.is_file()} for each in (one, other)]
    yield from (f"only in {one}: {name}" for name in sorted(there[0] - there[1]))
    yield from (f"only in {other}: {name}" for name in sorted(there[1] - there[0]))
    for name in sorted(there[0] & there[1]):
        mine, its = ((each / name).read_text("utf-8") for each in (one, other))
        if mine != its and not (name.endswith(".json") and are_near(json.loads(mine), json.loads(its))):
            pairs = zip(mine.splitlines(), its.splitlines(), strict=False)
            yield f"{name}: {next((pair for pair in pairs if pair[0] != pair[1]), None)}"


def are_near(mine: list[list[Any]], its: list[list[Any]]) -> bool:
    """Whether the same words have the same boxes, apart from invisible differences."""
    return len(mine) == len(its) and all(
        (one[0], one[5]) == (other[0], other[5])
        and all(abs(a - b) <= TOLERANCE for a, b in zip(one[1:5], other[1:5], strict=True))
        for one, other in zip(mine, its, strict=True)
    )


def main(typed: list[str]) -> int:
    """Make a store, print from one, or compare, as the arguments say."""
    if typed[:1] == ["--store"]:
        make_store(Path(typed[1]).absolute())
        return 0
    if typed[:1] == ["--compare"]:
        found = [*differences(Path(typed[1]), Path(typed[2]))]
        compared = sum(1 for each in Path(typed[1]).rglob("*") if each.is_file())
        sys.stdout.write("\n".join([*found, f"{compared} files, {len(found)} differ"]) + "\n")
        return 1 if found else 0
    with tempfile.TemporaryDirectory() as folder:
        desk = Path(folder) / "desk"
        shutil.copytree(typed[1], desk)
        (desk / "key.heads" / REMEMBERED_STORE_FILE).unlink(missing_ok=True)  # it names the folder that was copied
        printer = Printer(desk, Path(typed[2]), text="--text" in typed)
        printer.print_all()
    sys.stdout.write(f"{printer.count} papers\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
