"""A store with sealed entries, whoever writes into it what no command would, and what we sealed opened by key alone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyrage

from shelterctl.document.reading import read_document
from shelterctl.document.subset import LARGEST_STORED
from shelterctl.document.writing import format_document
from shelterctl.identity.key_file import load_identity
from shelterctl.identity.keys import create_recovery_key
from shelterctl.store.folder import record_file
from shelterctl.store.opening import open_store
from shelterctl.store.store import Store
from shelterctl.vault.protocol import FileToSave
from shelterctl.vault.sealed_bytes import BlockPlace, seal_block
from tests.support.revised_rulebook import Revised

TONIC = """schema: track/1
track: tonic
text: {en: a tonic, ru: микстура}
clause: A2.9
keeps: many
day: "on"
sealed: {part: medical, marker: ["on", kind]}
fields:
  kind:
    is: code
    must: true
    text: {en: Kind, ru: Вид}
    codes: {sweet: {en: sweet, ru: сладкая}, bitter: {en: bitter, ru: горькая}}
  "on": {is: day, must: true, text: {en: Date, ru: Дата}}
  dose: {is: text, must: true, text: {en: Dose, ru: Доза}}
  times: {is: clock, several: true, text: {en: Times of day, ru: Время приёма}}
  by: {is: party, of: [staff], text: {en: Given by, ru: Кто дал}}
rules:
  - {dated: "on", to: today, clause: A2.9}
  - {needs: by, clause: A2.9}
  - {by: by, clause: A2.9}
"""
SWEET: dict[str, Any] = {
    "kind": "sweet", "on": "2026-11-23", "dose": "полынь, две ложки", "times": ["08:00", "20:00"], "by": "s-aida",
}  # fmt: skip
BITTER = {**SWEET, "kind": "bitter", "dose": "горечавка"}
HIV = {"on": "2026-11-23", "report": "обследована, ответ отрицательный"}
SAID = "полынь"
"""A word of what is sealed, which stands nowhere else."""

STRANGER = create_recovery_key()
"""A key of nobody in the house."""


def desk_with(desk: Revised) -> Revised:
    """The desk, with a tonic among what may be written down."""
    desk.add("tracks/tonic.yaml", TONIC)
    return desk


def opened(desk: Revised) -> Store:
    """The store as a program has it: with the key of its device, on the same shelf."""
    return open_store(desk.store, load_identity(desk.key, None), desk.rulebook, desk.folder / "key.heads")


def lying(desk: Revised, id_: str | None = None) -> dict[str, Any]:
    """Her file as anybody with the key opens it, with what is sealed in it still sealed."""
    sealed = (desk.store / record_file(id_ or desk.her)).read_bytes()
    return read_document(decrypted(sealed, desk.key), LARGEST_STORED).value


def unsealed(desk: Revised, block: str) -> str:
    """One block as anybody with the key opens it."""
    return decrypted(block.encode(), desk.key).decode()


def doctored(desk: Revised, change: Callable[[dict[str, Any]], object], id_: str | None = None) -> None:
    """Her file saved with its own device's key, but as no command would write it."""
    store, name = opened(desk), record_file(id_ or desk.her)
    data, version = store.vault.read(name)
    record = read_document(data).value
    change(record)
    changed = FileToSave(name, format_document(record).encode(), version)
    store.vault.write_all([changed], did="add", by="manager", at="2026-11-25T12:00+06:00")


def entries(record: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = record["sealed"]["entries"]
    return found


def strange(record: dict[str, Any], number: int = 0) -> None:
    """Seal one entry to somebody else alone."""
    one = entries(record)[number]
    place = BlockPlace(record["id"], one["part"], one["track"], one["id"])
    one["age"] = seal_block(place, SWEET, [STRANGER.recipient])


def add(desk: Revised, given: object = SWEET, track: str = "tonic") -> str | None:
    entry: str | None = desk.do(f"add {desk.her} {track}", given).data["entry"]
    return entry


def decrypted(sealed: bytes, key: Path) -> bytes:
    """What stands in a file, or in a block of letters, that is sealed to this key."""
    (secret,) = [line for line in key.read_text("utf-8").splitlines() if line.startswith("AGE-SECRET-KEY-")]
    return bytes(pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(secret)]))
