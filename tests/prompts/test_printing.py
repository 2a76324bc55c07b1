"""Papers printed at the terminal: where they go, what is refused, and whoever leaves in the middle loses nothing."""

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from shelterctl.paper.forms import client_papers, papers_to_sign
from shelterctl.platform.writing import free_path
from shelterctl.prompts.agreement import AGREEMENT_SAVE_DRAFT
from shelterctl.prompts.sign import SIGN_RECORD
from tests.support.answering import open_session
from tests.support.paths import ACCEPTED
from tests.support.terminal import BLANK, LEAVE, OPEN, PRINT_PAPERS, LiveTerminal, Terminal, heard_by_others

if TYPE_CHECKING:
    from tests.support.desk import Desk


MENU = "What would you like to do in her file?"
WHO = {
    "identity": {"sex": "female", "birth_date": 1999, "first_name": "Айгуль", "last_name": "Примерова"},
    "referral": {"sources": ["scme"]},
    "received": {"at": "2026-11-24T22:00"},
}
OFFERED = "shelterctl-{}-2026-11-25.pdf"
RECORDED = ("General shelter rules: is it signed?", "Rights of shelter residents: is it signed?")


@pytest.fixture
def received(desk: "Desk") -> "Desk":
    """The desk with one client who understands Uzbek and Russian, and has signed nothing yet."""
    desk.her = desk.do("admit", WHO | {"identity": WHO["identity"] | {"languages": ["uz", "ru"]}}).data["id"]  # type: ignore[operator]
    return desk


def to_her_papers(live: LiveTerminal) -> None:
    """From the menu to the papers of the first client."""
    for answer in (OPEN, "1", PRINT_PAPERS):
        live.type(answer)


def printed(desk: "Desk") -> list[str]:
    """What lies at her home besides the store and the key."""
    return sorted(path.name for path in desk.folder.iterdir() if path.suffix in (".pdf", ".html", ".md", ".txt"))


def test_whoever_leaves_before_there_is_a_file_has_printed_nothing(received: "Desk") -> None:
    Terminal(received, today=None).run("menu", [LEAVE])  # which remembers where the store lies
    before = received.digest()
    answers = [OPEN, "1", PRINT_PAPERS, "1", "", ""]
    for number in range(len(answers)):
        with Terminal(received, today=None).live("menu --as-of 2026-11-25") as live:
            for answer in answers[:number]:
                live.type(answer)
            live.type("^C")
            assert live.end().code in (0, 129, 130)
        assert received.digest() == before


def test_whoever_leaves_while_it_is_recorded_keeps_what_was_answered(received: "Desk") -> None:
    steps: list[tuple[str, dict[str, object]]] = [
        ("", {}),  # the file; whether it is signed is asked
        ("1", {"signed": True}),
        ("", {"signed_on": "2026-11-25"}),
        ("1", {"signed_by": "resident"}),
        ("", {"language": "ru"}),
    ]
    standing: dict[str, object] = {}
    for number, (_, gives) in enumerate(steps, 1):
        desk = type(received)(received.folder.parent / str(number), received.her)
        shutil.copytree(received.folder, desk.folder)
        with Terminal(desk, today=None).live("menu --as-of 2026-11-25") as live:
            to_her_papers(live)
            for answer in ("3", "", *(answer for answer, _ in steps[:number])):
                live.type(answer)
            assert "The papers are in ~/" in live.type("^C")
            live.type("")
            assert live.asked.startswith(MENU)
        assert printed(desk) == [OFFERED.format(desk.her)]
        record, standing = desk.record(), standing | gives
        assert record["stays"][0].get("admission", {}).get("rights", {}) == standing
        assert [entry["form"] for entry in record["printed"]] == ["resident-rights"]


def test_she_is_offered_a_language_that_she_understands(received: "Desk") -> None:
    with Terminal(received, today=None).live("menu --as-of 2026-11-25") as live:
        to_her_papers(live)
        asked = live.type("1")
        assert "She understands Uzbek, Russian." in " ".join(asked.split())
        assert "Press Enter for Russian" in asked
        live.type("<")
        assert live.asked.startswith("Which paper do you want to print?")
    received.do(f"admit {received.her}", {"identity": {"languages": ["tg"]}})
    # What is merged unites: so she is asked about as she is, in another file.
    other = received.do("admit --new-person", WHO | {"identity": {"sex": "female", "languages": ["tg"]}}).data["id"]
    with Terminal(received, today=None).live("menu --as-of 2026-11-25") as live:
        for answer in (OPEN, other, PRINT_PAPERS):
            live.type(answer)
        asked = " ".join(live.type("1").split())
    assert "She understands Tajik. The paper does not exist in these languages, so someone has to interpret." in asked
    assert "Press Enter for" not in asked


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("Айгуль", "like her name"),
        ("aigul primerova.pdf", "like her name"),
        ("Documents/примирова.html", "like her name"),
        ("nowhere/rules.pdf", "That folder does not exist."),
        ("house/residents", "That place is inside the store"),
        ("house/../house/rules", "That place is inside the store"),
        ("/proc/rules.pdf", "You cannot write"),
        ("key", ""),
        ("a" * 300, "does not allow that name"),
        ("~nobody-lives-here/rules.pdf", "does not allow that name"),
    ],
)
def test_a_file_that_would_tell_or_cannot_be_is_refused_and_asked_for_again(
    typed: str, says: str, received: "Desk"
) -> None:
    with Terminal(received, today=None).live("menu --as-of 2026-11-25") as live:
        to_her_papers(live)
        live.type("2")
        live.type("1")
        seen = " ".join(live.type(typed).split())
        if says:
            assert says in seen
            assert live.asked == "Into which file?"
            assert "printed" not in received.record()
            live.type("")
        assert live.asked.startswith(RECORDED[0])
    assert printed(received) == [OFFERED.format(received.her)] if says else ["key.pdf"]
    assert all(path.stat().st_mode & 0o077 == 0 for path in received.folder.glob("*.pdf"))


def test_a_folder_is_enough_and_no_file_is_written_over(received: "Desk") -> None:
    for name in ("Documents", "usb"):
        (received.folder / name).mkdir()
    typed = ["", "usb", "../usb", "", "again.md", "again.md", "", "my papers.txt"]
    shown = []
    for answer in typed:
        with Terminal(received, today=None).live("menu --as-of 2026-11-25") as live:
            to_her_papers(live)
            live.type("2")
            live.type("2")
            seen = live.type(str(received.folder / "usb") if answer == "usb" else answer)
            if live.asked == "Into which file?":
                assert "A file with this name exists already" in " ".join(seen.split())
                live.type("")
            shown.append(live.asked)
    assert {asked.startswith(RECORDED[0]) for asked in shown} == {True}
    stem = f"shelterctl-{received.her}-2026-11-25"
    files = {
        str(path.relative_to(received.folder))
        for name in ("Documents", "usb")
        for path in (received.folder / name).iterdir()
    }
    assert files == {
        f"Documents/{stem}.pdf", f"Documents/{stem}-2.pdf", f"Documents/{stem}-3.pdf", f"usb/{stem}.pdf",
        f"usb/{stem}-2.pdf", "Documents/again.md", "Documents/again-2.md", "Documents/my papers.txt",
    }  # fmt: skip


def test_a_disk_that_fills_meanwhile_is_said_and_another_file_asked_for(received: "Desk") -> None:
    resource = pytest.importorskip("resource")
    if not hasattr(resource, "prlimit"):
        pytest.skip("only Linux makes a disk full for one program")
    before = received.record()
    with Terminal(received, today=None, env={"PYTHONDONTWRITEBYTECODE": "1"}).live("menu --as-of 2026-11-25") as live:
        to_her_papers(live)
        live.type("2")
        live.type("1")
        resource.prlimit(live.pid, resource.RLIMIT_FSIZE, (400, resource.RLIM_INFINITY))
        assert "There is no room left on the disk" in " ".join(live.type("").split())
        assert live.asked == "Into which file?"
        resource.prlimit(live.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert (printed(received), received.record()) == ([], before)
        live.type("")
        assert live.asked.startswith(RECORDED[0])
    assert printed(received) == [OFFERED.format(received.her)]


def test_no_name_gets_into_a_file_name_an_argument_or_the_journal(received: "Desk") -> None:
    with Terminal(received, today=None).live("menu --as-of 2026-11-25") as live:
        to_her_papers(live)
        for answer in ("1", "", "Примерова.pdf", ""):
            live.type(answer)
            assert "Примеров".encode() not in heard_by_others(live)
        for answer in ("", "", ""):
            live.type(answer)
        seen = live.end()
    assert "Айгуль" in seen.text
    assert not {"Айгуль", "Примерова"} & set(seen.left.split())
    for path in received.folder.rglob("*"):
        assert "Примеров" not in path.name
        if path.is_file() and path.name != "given.yaml":
            assert "Примеров".encode() not in path.read_bytes()


def test_a_signature_gives_a_draft_without_a_number_its_number(admitted: "Desk") -> None:
    text = (ACCEPTED / "blue.yaml").read_text("utf-8").replace("number: S-NGO-12\n", "")
    admitted.do(f"agreement {admitted.her} --form blue", text)
    with Terminal(admitted, today=None).live("menu --as-of 2026-11-25") as live:
        to_her_papers(live)
        assert "no number yet: to be signed" in live.raw.decode()
        for answer in ("3", "", "", "1"):
            live.type(answer)
        assert live.asked.startswith("Number of the agreement")
        live.type("S-NGO-12")
        for answer in ("", "", "", SIGN_RECORD):
            live.type(answer)
        assert "Agreement S-NGO-12 is signed on 2026-11-25" in live.end().text
    (agreement,) = admitted.record()["agreements"]
    assert (agreement["number"], agreement["signed"]["on"]) == ("S-NGO-12", "2026-11-25")
    assert "number" not in agreement["signed"]


@pytest.mark.parametrize("answers", [["^C"], ["1", "^C"], ["1", "", "^C"], ["1", "", "", "^C"]])
def test_an_agreement_that_is_saved_stays_so_wherever_its_printing_is_left(
    answers: list[str], admitted: "Desk"
) -> None:
    admitted.do(f"agreement {admitted.her} --form blue", ACCEPTED / "blue.yaml")
    (before,) = admitted.record()["agreements"]
    with Terminal(admitted).live(f"agreement {admitted.her} --form blue") as live:
        assert live.asked.startswith("Place")
        live.type("Osh")
        live.type(".")
        assert live.asked == "What now?"
        live.type(AGREEMENT_SAVE_DRAFT)
        assert live.asked.startswith("Print it now")
        for answer in answers:
            live.type(answer)
        seen = live.end()
    assert seen.code == 0
    (saved,) = admitted.record()["agreements"]
    assert (saved["place"], saved["id"]) == ("Osh", before["id"])
    said = " ".join(seen.left.split())
    assert f"record it. Go on with: shelterctl agreement {admitted.her} --form blue --sign" in said
    assert ("The papers are in ~/" in said) is (len(answers) > 3)
    assert len(printed(admitted)) == (len(answers) > 3)


def test_two_drafts_of_one_form_are_told_apart_by_their_numbers(admitted: "Desk") -> None:
    text = (ACCEPTED / "blue.yaml").read_text("utf-8")
    lines = text.index("lines:")
    admitted.do(f"agreement {admitted.her} --form blue", text)
    other = text[:lines].replace("S-NGO-12", "S-NGO-13") + "lines: {7b: {amount: 800}}\n"
    admitted.do(f"agreement {admitted.her} --form blue", other)
    typed = [OPEN, "1", PRINT_PAPERS, "1", "", "", "", "", ""]
    said = " ".join(Terminal(admitted, today=None).run("menu --as-of 2026-11-25", typed).text.split())
    assert "blue form S-NGO-12 of 2026-11-25 2 blue form S-NGO-13 of 2026-11-25" in said
    assert said.count("When both sides have signed the paper, record it.") == 1
    seen = " ".join(Terminal(admitted).run(f"admit {admitted.her}", [".", "print", *typed[3:]]).text.split())
    for number in ("S-NGO-12", "S-NGO-13"):
        assert f"shelterctl agreement {admitted.her} --form blue --number {number} --sign" in seen


def test_what_cannot_be_signed_is_printed_and_not_counted_among_what_is_to_be_signed(admitted: "Desk") -> None:
    text = (ACCEPTED / "blue.yaml").read_text("utf-8").replace("ngo: sezim", "ngo: nobody")
    admitted.ask(f"agreement {admitted.her} --form blue", text)
    session = open_session(admitted)
    her, _ = session.store.client(admitted.her)
    drafts = [one for one in client_papers(session, her) if one.form == "blue"]
    assert [one.to_sign for one in drafts] == [False] * len(drafts)
    assert papers_to_sign(session, her) == []


def test_a_report_that_is_due_is_printed_to_be_taken_along(discharged: "Desk") -> None:
    with Terminal(discharged, today=None).live("menu --as-of 2027-06-01") as live:
        for answer in (OPEN, discharged.her, PRINT_PAPERS):
            live.type(answer)
        assert "Monitoring implementation report: due since 2027-05-25, take it along" in live.raw.decode()
        for answer in ("3", "", ""):
            live.type(answer)
        seen = live.end()
    said = " ".join(seen.text.split())
    assert "When the form is filled in and signed, record it." in said
    assert (discharged.folder / f"shelterctl-{discharged.her}-2027-06-01.pdf").read_bytes().startswith(b"%PDF")


def test_every_blank_form_comes_in_one_file_and_is_noted_nowhere(received: "Desk") -> None:
    before = received.digest_of_store()
    seen = Terminal(received, today=None).run("menu --as-of 2026-11-25", [BLANK, "1", "3", "all forms.txt", "", LEAVE])
    assert seen.code == 0
    assert received.digest_of_store() == before
    text = (received.folder / "all forms.txt").read_text("utf-8")
    assert "РОЗОВАЯ ФОРМА" in text.upper()  # signed in Russian whatever language is chosen
    assert "БАШ КАЛКАЛООЧУ ЖАЙДЫН ЖАЛПЫ ЭРЕЖЕЛЕРИ" in text


def test_the_next_free_name(tmp_path: Path) -> None:
    path = tmp_path / "papers.pdf"
    assert free_path(path) == path
    os.symlink(tmp_path / "nowhere", path)
    assert free_path(path) == tmp_path / "papers-2.pdf"
    (tmp_path / "papers-2.pdf").touch()
    assert free_path(path) == tmp_path / "papers-3.pdf"


def test_in_the_menu_the_pack_has_what_she_signs_besides_forms_too(admitted: "Desk") -> None:
    admitted.do(f"add {admitted.her} consent", {"kind": "plan", "given_on": "2026-11-25"})
    admitted.do(f"add {admitted.her} plan", {"kind": "assistance", "on": "2026-11-25"})
    with Terminal(admitted, today=None).live("menu --as-of 2026-11-25") as live:
        for answer in (OPEN, admitted.her):
            live.type(answer)
        assert "1 everything to be signed today, in one file (2)" in live.type(PRINT_PAPERS)
        live.type("1")
        assert live.asked == "Into which file?"  # nothing that she has to understand is without its language
        live.type("")
    printed = [(one["form"], one["language"]) for one in admitted.record()["printed"]]
    assert printed == [("consent", "ky"), ("plan", "ky")]
