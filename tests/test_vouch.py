"""A file that no line names any more is signed for by whoever has seen what it says, and by nobody else."""

from typing import TYPE_CHECKING

from terminal import At

if TYPE_CHECKING:
    from conftest import Desk


def unnamed(desk: "Desk") -> None:
    """Her newest version, and the last line of the journal, which named it, beyond what can be brought back."""
    desk.do(f"admit {desk.her}", {"notes": "Seen by whoever signs."})
    (journal,) = (desk.store / "journal").iterdir()
    lines = journal.read_bytes().split(b"\n")
    journal.write_bytes(b"\n".join([*lines[:-2], b"#" * 40, b""]))


def test_it_is_shown_on_a_screen_of_its_own_and_then_signed_for(admitted: "Desk") -> None:
    unnamed(admitted)
    seen = At(admitted).run("repair journal", ["", "", "", "yes"])
    assert seen.code == 0, seen.text
    assert "Seen by whoever signs." in seen.text
    assert "Seen by whoever signs." not in seen.left
    assert admitted.record()["stays"][0]["notes"] == "Seen by whoever signs."
    assert set(admitted.do("check").codes("warn")) == {"store/repaired"}


def test_whoever_does_not_know_it_leaves_it_as_it_is(admitted: "Desk") -> None:
    unnamed(admitted)
    seen = At(admitted).run("repair journal", ["", "", "", "no"])
    assert seen.code == 0, seen.text
    assert "repair journal --vouch" in seen.text
    assert admitted.ask(f"show {admitted.her}").error == "vault/forged"


def test_nobody_gives_up_what_a_computer_remembers_without_being_asked(admitted: "Desk") -> None:
    (journal,) = (admitted.store / "journal").iterdir()
    lines = journal.read_bytes().split(b"\n")
    journal.write_bytes(b"\n".join([*lines[:-3], b""]))  # as an older copy has it
    seen = At(admitted).run("repair journal", ["no"])
    assert "Are they to be given up?" in " ".join(seen.text.split())
    assert admitted.ask("list").error == "journal/rolled-back"


def test_the_number_does_not_fall_where_lines_are_given_up(admitted: "Desk") -> None:
    before = admitted.do("check").data["sheet"]["number"]
    (journal,) = (admitted.store / "journal").iterdir()
    lines = journal.read_bytes().split(b"\n")
    journal.write_bytes(b"\n".join([*lines[:-3], b""]))
    told = admitted.refused("repair journal")
    assert (told.code, told.error) == (2, "repair/remembered")
    assert admitted.do("repair journal --give-up").data["repaired"]["lost"] == 2
    assert admitted.do("trust").data["sheet"]["number"] > before
