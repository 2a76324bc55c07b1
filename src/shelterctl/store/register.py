"""The registers of codes that a store keeps, each in the file in which it lies."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shelterctl.store.store import Store

REGISTERS = ("staff", "ngos", "facilities", "providers")
"""The registers of codes: staff lies in clear, the others in the encrypted directory."""


class Registers(Mapping[str, Mapping[str, Any]]):
    """The registers of a store by name; whoever asks for one opens only the file in which it lies."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def __getitem__(self, name: str) -> Mapping[str, Any]:
        if name == "staff":
            return dict(self._store.staff.value["staff"])
        if name not in REGISTERS:
            raise KeyError(name)
        return self._store.directory.value.get(name) or {}

    def __iter__(self) -> Iterator[str]:
        return iter(REGISTERS)

    def __len__(self) -> int:
        return len(REGISTERS)
