"""A device that may sign fills the list, or adds what nobody knows: the house can still shut it out."""

import pytest
from attack import statements
from attack.lab import Lab
from conftest import Desk
from terminal import At

from shelterctl import limits
from shelterctl.identity.key_file import save_identity
from shelterctl.identity.keys import create_identity


@pytest.fixture
def lab(admitted: Desk, _empty: Desk) -> Lab:
    """A store with a second device, which the first one knows of."""
    sheet = _empty.folder.parent / "recovery"
    (admitted.folder / "paper").write_text(sheet.read_text().splitlines()[-1] + "\n")
    admitted.do("trust --join --recovery paper --identity second --no-passphrase --staff s-aida")
    admitted.do("trust --accept")
    save_identity(admitted.folder / "mallory", create_identity(), None)
    return Lab(admitted.folder, admitted.her, admitted.her, admitted.her)


@pytest.mark.parametrize(
    "filled",
    [statements.list_filled_with_statements, statements.list_filled_with_signatures],
    ids=lambda one: one.__name__,
)
def test_up_to_the_room_that_is_kept_the_list_is_filled_and_whoever_did_so_is_shut_out(
    lab: Lab, admitted: Desk, filled: object
) -> None:
    place = lab.house / "trust.jsonl"
    before = place.read_bytes()
    filled(lab)  # type: ignore[operator]
    whole = place.read_bytes().splitlines(keepends=True)
    assert admitted.ask("check").error == "trust/changed"
    # Put there again only as far as it is one, it is a list: nobody who shuts him out needs the room that he filled.
    for count in range(len(whole), 0, -1):
        place.write_bytes(b"".join(whole[:count]))
        if admitted.ask("list").error != "trust/changed":
            break
    assert len(before) < place.stat().st_size <= limits.TRUST_CHAIN_BYTES_PER_DEVICE + limits.TRUST_LINE_BYTES
    admitted.do("trust --accept")
    for row in admitted.do("device list").data["rows"]:
        if row["state"] == "in_force":
            admitted.do(f"device end {row['device']} --lost")
    admitted.do(f"admit {lab.her}", {"notes": "the work goes on"})
    assert admitted.ask("check").code == 0


def test_what_nobody_knows_is_accepted_by_nobody_and_taken_off_the_list_at_a_terminal(lab: Lab, admitted: Desk) -> None:
    before = (lab.house / "trust.jsonl").read_bytes()
    statements.statement_of_a_later_version(lab)
    longer = (lab.house / "trust.jsonl").read_bytes()
    for words in ("trust --accept", "repair --trust", f"device end {lab.second.device} --lost"):
        assert admitted.ask(words).error == "trust/newer", words
    assert At(admitted).run("repair --trust", ["no"]).code == 7
    assert (lab.house / "trust.jsonl").read_bytes() == longer
    assert At(admitted).run("repair --trust", ["yes"]).code == 0
    assert (lab.house / "trust.jsonl").read_bytes() == before
    admitted.do(f"device end {lab.second.device} --lost")
    admitted.do(f"admit {lab.her}", {"notes": "the work goes on"})


def test_a_backup_that_lacks_lines_of_a_device_shut_out_since_goes_on_with_the_paper(lab: Lab, admitted: Desk) -> None:
    (admitted.folder / "usb").mkdir()
    admitted.do("backup usb", today=None)
    admitted.do(f"admit {lab.her} --identity second", {"notes": "after the backup"})
    admitted.do(f"device end {lab.second.device} --lost")
    answer = admitted.ask("restore usb --store again", today=None)
    assert (answer.code, answer.error) == (6, "journal/shut-out")
    assert "--identity PAPER" in answer.page["error"]["hint"]
    admitted.do("restore usb --store again --identity paper", today=None)
    again = Desk(admitted.folder, lab.her)
    again.store = admitted.folder / "again"
    again.do("trust --join --recovery paper --identity fresh --no-passphrase", today=None)
    again.key = admitted.folder / "fresh"
    again.do(f"device end {lab.second.device} --lost", today=None)
    again.do(f"admit {lab.her}", {"notes": "the work goes on"})
    assert again.ask("check", today=None).code == 0
