"""The directory in a running process: opened once as long as it is what was read, and read again once it is not."""

from typing import TYPE_CHECKING

import pytest

from shelterctl.desk import Desk as Sitting
from shelterctl.identity import Identity
from shelterctl.store import DIRECTORY

if TYPE_CHECKING:
    from conftest import Desk


@pytest.fixture
def here(admitted: "Desk") -> Sitting:
    return sitting(admitted)


def sitting(desk: "Desk") -> Sitting:
    """A process that goes on in the store."""
    return Sitting({"shelterctl.store": str(desk.store), "shelterctl.identity": str(desk.key)})


def test_what_lies_as_it_was_read_is_opened_once(here: Sitting, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[int] = []
    _ = here.store
    monkeypatch.setattr(Identity, "open", _counting(opened))
    names = [{**here.store.registers[name]} for name in ("ngos", "providers", "ngos")]
    assert here.store.directory is here.store.directory
    assert (len(opened), names[0]) == (1, names[2])


def _counting(opened: list[int]) -> object:
    before = Identity.open

    def counted(self: Identity, ciphertext: bytes) -> bytes:
        opened.append(len(ciphertext))
        return before(self, ciphertext)

    return counted


def test_what_another_process_writes_is_seen_at_once(here: Sitting, admitted: "Desk") -> None:
    assert "elsewhere" not in here.store.registers["ngos"]
    other = sitting(admitted)
    held = other.store.directory
    ngos = {**other.store.ngos, "elsewhere": {"name": "Elsewhere"}}
    other.write([(DIRECTORY, {**held.value, "ngos": ngos}, held.version)], "ngo")
    assert here.store.registers["ngos"]["elsewhere"] == {"name": "Elsewhere"}
    assert other.store.ngos == here.store.ngos
