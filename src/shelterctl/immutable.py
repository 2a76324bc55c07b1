"""The decorator of classes whose instances never change."""

from dataclasses import dataclass, field
from typing import Any, dataclass_transform


@dataclass_transform(frozen_default=True, eq_default=False, field_specifiers=(field,))
def immutable(cls: Any = None, /, *, eq: bool = False, slots: bool = True, kw_only: bool = False) -> Any:
    """Make a class a dataclass whose fields are never assigned; with *eq*, instances compare and hash by their fields.

    Only the type checker refuses an assignment: the code that `dataclass` generates for it, in ninety classes, took a
    twelfth of a command, and made each value three times slower to create. The repr leaves the fields out, since they
    may hold what a person said.
    """
    return dataclass(cls, eq=eq, unsafe_hash=eq, repr=False, slots=slots, kw_only=kw_only)
