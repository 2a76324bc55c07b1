"""Tracks that the program needs have other names on a trial rulebook, or are not there at all: it works even so."""

import re
import shutil
from pathlib import Path

import pytest

from shelterctl.core.manual.track import PURPOSES
from tests.support.desk import Desk
from tests.support.revised_rulebook import Revised, copy_of_the_manual
from tests.support.smaller_rulebook import slips_of, without_tracks
from tests.support.terminal import LEAVE, OPEN

NEW_NAMES = {
    "pocket-money": "allowance", "outlay": "spending", "shift": "duty", "pink": "rose", "report": "follow-up",
    "absence": "way-out", "monthly-report": "month", "closing": "monitoring-over", "done": "given-day",
}  # fmt: skip
LISTS = "(?:of|order|tracks|writes|does|but|until|blocks|form)"
"""Keys that hold a list in which a track can be named."""

SINGLE = "(?:of|rests|opens|stands|count|sum|list|family|form)"
"""Keys under which one track can be named."""

KEPT = (
    "agreement", "discharge", "facility", "identity", "ngo", "staff", "stay", "admission", "referral", "reception",
)  # fmt: skip
"""The tracks that every rulebook has, and two that an admission asks for: ten are enough."""


def rename_tracks(folder: Path) -> None:
    """Rename tracks wherever a rulebook can name one; the same words elsewhere are fields, lines and texts."""
    for path in sorted(folder.rglob("*.yaml")):
        text = path.read_text("utf-8")
        for old, new in NEW_NAMES.items():
            text = re.sub(rf"(^track: |\b{SINGLE}: ){old}(?=[,}}\s.])", rf"\g<1>{new}", text, flags=re.M)
            text = re.sub(rf"((?:permit|close|confirm|approve|start)-){old}(?=[,\]\s])", rf"\g<1>{new}", text)
            text = re.sub(rf"(?<=[ \[{{]){old}(?=\.lines\b)", new, text)
            text = re.sub(rf"((?:add|show|close|permit) [A-Z]+ |--form |form ){old}\b(?!-)", rf"\g<1>{new}", text)
            text = re.sub(rf"(, track: |^ +track: |\{{track: ){old}(?=[,\s}}])", rf"\g<1>{new}", text, flags=re.M)
            if path.name == "tracks.yaml":
                text = re.sub(rf"(^  [a-z_]+: ){old}$", rf"\g<1>{new}", text, flags=re.M)
            listed = re.compile(rf"(\b{LISTS}: ?\[(?:[^\]]*[\s,\[])?){old}(?=[\s,\]])")
            while (again := listed.sub(rf"\g<1>{new}", text)) != text:
                text = again
        path.write_text(text, "utf-8")
    for old, new in NEW_NAMES.items():
        (folder / "tracks" / f"{old}.yaml").rename(folder / "tracks" / f"{new}.yaml")


@pytest.fixture
def renamed(admitted: Desk) -> Revised:
    session = Revised(admitted)
    shutil.rmtree(session.manual / "coverage")  # its rows name this manual's commands and tests
    rename_tracks(session.manual)
    assert not slips_of(session.manual)
    return session


def test_a_track_is_called_otherwise_everywhere(renamed: Revised) -> None:
    desk, her = renamed, renamed.her
    paid = {"on": "2026-11-23", "span": {"from": "2026-11-22", "to": "2026-11-23"}, "amount": 100}
    desk.do(f"add {her} allowance", paid)
    desk.do(f"add {her} spending", {"on": "2026-11-23", "item": "food", "amount": 300})
    desk.do("add bishkek duty", {"kind": "shift", "starts_at": "2026-11-25T00:00+06:00", "staff": "s-gulnara"})
    desk.do(f"add {her} way-out", {"kind": "outing", "left_at": "2026-11-24T10:00+06:00"})
    desk.do(f"admit {her} --done orientation")
    assert len(desk.do(f"show {her} allowance").data["rows"]) == 1
    (row,) = desk.do("agreements --pocket-money").data["rows"]
    assert (row["paid"], row["left"]) == ("100.00", "100.00")
    assert desk.do("agreements --outlays --columns amount,left").data["rows"] == [{"amount": "300.00", "left": None}]
    assert [one["kind"] for one in desk.do("list duty").data["rows"]] == ["shift"]
    assert desk.do("house").data["rows"]
    for words in ("due", "today", "list", "check", "monitor due", "form list", "schema columns", "schema report-words"):
        desk.do(words)
    assert "s-gulnara" in desk.run("today").out
    assert desk.do(f"agreement {her} --form rose --example").data
    for form in ("allowance", "spending", "way-out", "rose"):
        assert desk.paper(f"{form} --blank", "ru")
    desk.do("report financial --month 2026-11")
    desk.do("report progress --month 2026-11 --from -", {"narrative": "спокойный месяц"})
    assert "спокойный месяц" in desk.run("report progress --month 2026-11").out
    desk.do(f"discharge {her} --on 2026-11-25 --own-decision", {"discharge": {"reason_text": "уехала"}})
    desk.do(f"monitor record {her}", {"date": "2026-11-25", "problems": "никаких"})
    assert desk.do("monitor reports").data["rows"]
    assert "никаких" in desk.run(f"show {her} --all --names").out
    desk.do(f"monitor close {her} --on 2026-11-25", {"reason": "уехала"})
    assert desk.do(f"show {her}").data["state"] == "monitored"


def test_who_is_out_is_back_by_the_menu_on_a_track_of_another_name(renamed: Revised) -> None:
    renamed.do(f"add {renamed.her} way-out", {"kind": "outing", "left_at": "2026-11-24T10:00+06:00"})
    seen = renamed.sit("en", "menu", OPEN, renamed.her, "?", "", "", LEAVE)
    assert f"add {renamed.her} way-out" in seen


@pytest.fixture(scope="module")
def few_tracks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A rulebook of ten tracks, without forms, money, monitoring, registers of a house and reports in words."""
    folder = copy_of_the_manual(tmp_path_factory.mktemp("few") / "manual")
    every = {path.stem for path in (folder / "tracks").glob("*.yaml")}
    rulebook = without_tracks(folder, sorted(every - {*KEPT}))
    assert {*rulebook.track_names} == {*KEPT}
    assert not any(rulebook.tracks.serving(purpose) for purpose in PURPOSES)
    return folder


def test_a_rulebook_of_ten_tracks_is_enough(admitted: Desk, few_tracks: Path) -> None:
    desk = Revised(admitted)
    desk.manual = few_tracks
    for words in ("list", "list --stays", "agreements", "agreements --account", "house", "due", "today",
                  f"show {desk.her}", "form list", "report list", "report progress --month 2026-11", "schema columns",
                  "explain monitoring", "monitor due"):  # fmt: skip
        desk.do(words)
    for words in ("agreements --pocket-money", "agreements --outlays", "monitor reports", "monitor form",
                  f"monitor attempt {desk.her} --how phone --outcome reached", "provider list"):  # fmt: skip
        error = desk.refused(words).page["error"]
        assert error["code"] == "usage/not-in-rulebook"
    assert not re.search("MEDICINE|OUT OF THE HOUSE|ON DUTY|HANDOVER|handover", desk.run("today").out)
    seen = desk.sit("en", "menu", OPEN, desk.her, "", "7", "", "8", "", LEAVE)
    assert all(words in seen for words in ("leaves", "The house. What", "The shift: what"))
    assert not re.search("monitoring report|[Pp]ocket money|money: agreed|medicine|handover", seen)


def test_a_sentence_that_tells_people_to_type_an_old_name_is_a_slip(tmp_path: Path) -> None:
    folder = copy_of_the_manual(tmp_path / "manual")
    edits = {
        "acts/admission.yaml": ("Record it: add ID meeting.", "Record it: add ID meting; show ID lists more."),
        "annexes/code-of-conduct.yaml": (
            'title:\n  en: "',
            'title:\n  en: "close ID no-such, agreement --form rose, form rose ID; ',
        ),
    }
    for name, (old, new) in edits.items():
        text = (folder / name).read_text("utf-8")
        assert text.count(old) == 1, name
        (folder / name).write_text(text.replace(old, new), "utf-8")
    told = [(slip.facts["file"], slip.word) for slip in slips_of(folder)]
    assert told == [
        ("acts/admission.yaml", "meting"),
        *(("annexes/code-of-conduct.yaml", word) for word in ("no-such", "rose", "rose")),
    ]


@pytest.mark.parametrize("track", ["pocket-money", "report", "hiv", "document"])
def test_a_track_can_be_left_out(track: str, tmp_path: Path) -> None:
    rulebook = without_tracks(copy_of_the_manual(tmp_path / "manual"), [track])
    assert track not in rulebook.track_names


def test_what_a_purpose_needs_is_held_to(tmp_path: Path) -> None:
    folder = copy_of_the_manual(tmp_path / "manual")
    path = folder / "tracks.yaml"
    text = path.read_text("utf-8").replace("  outing: absence\n", "  outing: shift\n")
    path.write_text(text.replace("  spending: outlay\n", "  spending: outlays\n"), "utf-8")
    told = {slip.position[0] if slip.position else "": str(slip.facts["what"]) for slip in slips_of(folder)}
    assert "outlay?" in told["/purposes/spending"]
    assert "back_at" in told["/purposes/outing"] or "absences" in told["/purposes/outing"]
