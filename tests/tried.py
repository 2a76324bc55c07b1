"""Cases of tracks and of acts judged as the program judges them: by a real desk, over a store with their registers.

``cases/tracks/_client.yaml`` has the invented client, her stay and the registers; a case lays other keys over them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from conftest import Desk as Typed
from small import yaml

from shelterctl.act.check import judge_client_file
from shelterctl.act.client_file import judge_admission, judge_client_track, stay_context
from shelterctl.act.discharge import judge_discharge
from shelterctl.act.terminate import judge_termination as terminated
from shelterctl.core.finding import Finding
from shelterctl.core.manual.track import Track
from shelterctl.core.record.client import Client
from shelterctl.core.record.entries import read_entry
from shelterctl.core.rules.context import Context, entries_of_client
from shelterctl.core.values.days import read_time
from shelterctl.core.values.facts import Facts
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.session import Options, Session

CASES = Path(__file__).parent / "cases"
SHELF = open_rulebook()
AROUND: Mapping[str, Any] = yaml((CASES / "tracks" / "_client.yaml").read_text("utf-8"))
NEW = "NEW"
"""The id of the entry that a case is about."""

Case = Mapping[str, Any]
COMMANDS = {"staff": "staff", "ngos": "ngo", "providers": "provider", "facilities": "facility"}
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
            typed.do(f"{COMMANDS[register]} add {code}{flags}", {"name": code} if register == "providers" else None)
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


def her_file(file: Case, case: Case, track: Track, entries: list[dict[str, Any]]) -> dict[str, Any]:
    """Her file as a case has it, with these entries of the track in their place."""
    stay = laid(AROUND["stay"], file.get("stay"), case.get("stay"))
    if "left" in case:
        stay |= {"discharge": {**stay.get("discharge", {}), "on": case["left"]}}
    record = laid(AROUND["record"], file.get("hers"), case.get("hers"))
    record["stays"] = record.get("stays", [stay])
    home: dict[str, Any] = record["stays"][-1] if track.of_a_stay and record["stays"] else record
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
    return record


def judged(name: str, file: Case, case: Case, track: Track | None = None) -> list[str]:
    """What the program finds wrong with the entry of a case, as ``check`` does: severity, verb, place, clause."""
    return [told for _, told in findings(name, file, case, track)]


def findings(name: str, file: Case, case: Case, track: Track | None = None) -> list[tuple[Finding, str]]:
    """The findings themselves, each with how a case writes it; the rules are those of *track* where one is given."""
    track = track or SHELF.tracks[name]
    entry = laid({"id": NEW} if track.many else {}, file.get("entry"), case["entry"])
    if "act" in case:
        writes, on = track.entry_acts[case["act"]].writes, read_entry(track, entry).day or day_of(file, case)
        entry[writes] = {"on": str(on), "by": "s-boss", **entry.get(writes, {})}
    record = her_file(file, case, track, [entry])
    desk, her = session(day_of(file, case)), Client(record)
    others = [where for where, one in _lying(track, her) if one.get("id", NEW) != NEW]
    own = next(where for where, one in _lying(track, her) if one.get("id", NEW) == NEW)
    found = [one for one in _all(desk, her, track) if not one.where.startswith(tuple(f"{each}/" for each in others))]
    return [(one, as_told(one, own)) for one in found if one.where not in others]


def _all(desk: Session, her: Client, track: Track) -> Iterator[Finding]:
    """What is found of all entries of a track; reports and terminations have commands of their own."""
    _reshelved(desk, "tracks", {**SHELF.tracks, track.name: track})
    if track.name == "report":
        return (one for one in judge_client_file(desk, her) if "/monitoring/reports/" in one.where)
    if track.name == "agreement":
        return (replace(one, where=f"/agreements/0{one.where}") for one in terminated(desk, her, her.agreements[0]))
    return judge_client_track(desk, her, track)


def _reshelved(desk: Session, kind: str, those: Mapping[str, Any]) -> None:
    """Have a desk judge by these tracks or acts of the shelf."""
    vars(desk)["rulebook"] = rulebook = replace(SHELF)
    vars(rulebook)[kind] = those


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
    her = Client(her_file(file, case, SHELF.tracks[name], entries))
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
