"""The directory in a running process: opened once as long as it is what was read, and read again once it is not."""

from typing import TYPE_CHECKING

import pytest

from shelterctl.identity.keys import Identity
from shelterctl.session import Options
from shelterctl.session import Session as Sitting
from shelterctl.store.folder import DIRECTORY_FILE

if TYPE_CHECKING:
    from conftest import Desk


@pytest.fixture
def session(admitted: "Desk") -> Sitting:
    return sitting(admitted)


def sitting(desk: "Desk") -> Sitting:
    """A process that goes on in the store."""
    return Sitting(options=Options(store=str(desk.store), identity=str(desk.key)))


def test_what_lies_as_it_was_read_is_opened_once(session: Sitting, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[int] = []
    _ = session.store
    monkeypatch.setattr(Identity, "open", _counting(opened))
    names = [{**session.store.registers[name]} for name in ("ngos", "providers", "ngos")]
    assert session.store.directory is session.store.directory
    assert (len(opened), names[0]) == (1, names[2])


def _counting(opened: list[int]) -> object:
    before = Identity.open

    def counted(self: Identity, ciphertext: bytes) -> bytes:
        opened.append(len(ciphertext))
        return before(self, ciphertext)

    return counted


def test_what_another_process_writes_is_seen_at_once(session: Sitting, admitted: "Desk") -> None:
    assert "elsewhere" not in session.store.registers["ngos"]
    other = sitting(admitted)
    held = other.store.directory
    ngos = {**other.store.ngos, "elsewhere": {"name": "Elsewhere"}}
    other.save([(DIRECTORY_FILE, {**held.value, "ngos": ngos}, held.version)], "ngo")
    assert session.store.registers["ngos"]["elsewhere"] == {"name": "Elsewhere"}
    assert other.store.ngos == session.store.ngos
