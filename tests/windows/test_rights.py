"""Who may open what is written: the account that wrote it and nobody else, by the access lists of Windows."""

from pathlib import Path

import pytest

from tests.support.desk import Desk
from tests.support.paths import ACCEPTED
from tests.windows import computer

ASKED = """
import sys
from pathlib import Path
from shelterctl.platform.writing import is_private
for name in sys.argv[1:]:
    print(is_private(Path(name)))
"""


MADE = ASKED.replace("is_private", "write_new_file").replace(
    "print(write_new_file(Path(name)))", "write_new_file(Path(name), b'')"
)


def private(*paths: Path) -> list[str]:
    """Of each, as Windows itself sees it."""
    return computer.run("-c", ASKED, *map(computer.windows, paths)).stdout.decode().split()


def test_key_store_recovery_sheet_and_papers_are_their_owners_alone(desk: Desk) -> None:
    own = {"SHELTERCTL_IDENTITY": str(desk.folder / "own" / "key"), "SHELTERCTL_STORE": str(desk.folder / "new")}
    desk.do("init new --shelter osh --no-passphrase --recovery paper", env=own, today=None)
    her = desk.do("admit", ACCEPTED / "referral.yaml", env=own).data["id"]
    desk.do(f"form resident-rights {her} --out blue.txt", env=own)
    store = desk.folder / "new"
    every = [path for path in (store, *store.rglob("*")) if path.name != ".lock"]
    papers = [desk.folder / "own", desk.folder / "own" / "key", desk.folder / "paper", desk.folder / "blue.txt"]
    assert len(every) > 8
    assert {*private(*every, *papers)} == {"True"}


def test_check_says_that_others_can_open_the_key_and_how_to_close_it(desk: Desk) -> None:
    desk.key.chmod(0o644)
    assert private(desk.key) == ["False"]
    (told,) = [found for found in desk.ask("check", today=None).page["findings"] if found["code"] == "key/readable"]
    assert 'icacls FILE /inheritance:r /grant:r "%USERNAME%:F"' in told["message"]


def test_a_disk_that_keeps_no_such_lists_is_not_private(desk: Desk, small_disk: Path) -> None:
    """As sticks are sold. Whatever lies there can be opened by whoever has it; written it is all the same."""
    asked = "from shelterctl.platform import writing\nimport sys\nfrom pathlib import Path\n"
    asked += "writing._has_access_lists = lambda path: False\nprint(writing.is_private(Path(sys.argv[1])))"
    assert computer.run("-c", asked, computer.windows(desk.key)).stdout.split() == [b"False"]


@pytest.mark.parametrize("name", ["own key", "Өмүр"])
def test_a_path_with_other_letters_has_its_list_too(name: str, desk: Desk) -> None:
    file = desk.folder / name
    assert computer.run("-c", MADE, computer.windows(file)).returncode == 0
    assert private(file) == ["True"]
