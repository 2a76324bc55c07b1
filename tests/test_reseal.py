"""A file that opens for one key too many, though its own device saved it so: seen, read by nobody, and sealed anew."""

from typing import TYPE_CHECKING

import pyrage
import pytest

from shelterctl.identity.key_file import load_identity
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.store.folder import record_file
from shelterctl.store.opening import open_store
from shelterctl.vault.protocol import FileToSave

if TYPE_CHECKING:
    from conftest import Desk


def shared(desk: "Desk", keys: int) -> None:
    """Her file as a device might save it that adds readers to those of the store, or leaves one out."""
    session = open_store(desk.store, load_identity(desk.key, None), open_rulebook(), desk.folder / "key.heads")
    name = record_file(desk.her)
    data, version = session.vault.read(name)
    own = [pyrage.x25519.Recipient.from_str(each) for each in session.vault.recipients]
    strangers = [pyrage.x25519.Identity.generate().to_public() for _ in range(keys)]
    sealed = bytes(pyrage.encrypt(data, [*own, *strangers][: len(own) + keys]))
    change = FileToSave(name, sealed, version, sealed=True)
    session.vault.write_all([change], did="admit", by="manager", at="2026-11-26T16:40+06:00")


@pytest.mark.parametrize("keys", [1, 5, -1], ids=["one more", "five more", "without the paper"])
def test_it_is_damage_that_names_the_device_and_resealing_cures_it(keys: int, admitted: "Desk") -> None:
    before = admitted.record()
    device = admitted.do("trust").data["rows"][0]["device"]
    shared(admitted, keys)
    told = admitted.refused(f"show {admitted.her}")
    assert (told.code, told.error) == (6, "vault/readers")
    assert device in told.page["error"]["message"]
    assert f"shelterctl repair {admitted.her} --reseal" in told.page["error"]["hint"]
    assert admitted.ask("list").code == 6
    admitted.do(f"repair {admitted.her} --reseal")
    assert admitted.record() == before
    assert admitted.do("check").codes("warn") == ["store/repaired"]


def test_what_is_sealed_to_just_its_readers_is_not_touched(admitted: "Desk") -> None:
    assert admitted.refused(f"repair {admitted.her} --reseal").refusals == ["repair/whole"]
