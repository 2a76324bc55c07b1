"""The decorator of classes whose instances never change."""

from dataclasses import MISSING, dataclass, field, fields
from functools import partial
from typing import Any, dataclass_transform


@dataclass_transform(frozen_default=True, eq_default=False, field_specifiers=(field,))
def immutable(cls: Any = None, /, *, eq: bool = False, slots: bool = True, kw_only: bool = False) -> Any:
    """Make a class a dataclass whose fields are never assigned; with *eq*, instances compare and hash by their fields.

    Only the type checker refuses an assignment: the code that `dataclass` generates for it, in ninety classes, took a
    twelfth of a command, and made each value three times slower to create. The repr leaves the fields out, since they
    may hold what a person said.
    """
    if cls is None:
        return partial(immutable, eq=eq, slots=slots, kw_only=kw_only)
    made = dataclass(cls, init=False, eq=eq, unsafe_hash=eq, repr=False, slots=slots, kw_only=kw_only)
    _generate_init_when_needed(made)
    return made


def _generate_init_when_needed(made: Any) -> None:
    """Give a class an `__init__` that is generated when its first instance is made.

    Of a hundred such classes that a command imports, it makes instances of some thirty, and to generate the function of
    one takes two thirds of the time that its class takes.
    """

    def generate_and_run(self: Any, *values: Any, **named: Any) -> None:
        made.__init__ = _generate_init(made)
        made.__init__(self, *values, **named)

    made.__init__ = generate_and_run


def _generate_init(made: Any) -> Any:
    """Return a function that sets the fields of a new instance, with the parameters that a dataclass has."""
    known: dict[str, Any] = {"MISSING": MISSING}
    in_order, by_name, body = ["self"], list[str](), list[str]()
    for one in fields(made):
        name, value = one.name, one.name
        if one.default_factory is not MISSING:
            known[f"make_{name}"] = one.default_factory
            name, value = f"{name}=MISSING", f"make_{name}() if {name} is MISSING else {name}"
        elif one.default is not MISSING:
            known[f"default_{name}"] = one.default
            name = f"{name}=default_{name}"
        (by_name if one.kw_only else in_order).append(name)
        body.append(f" self.{one.name} = {value}")
    parameters = ", ".join([*in_order, *(["*", *by_name] if by_name else [])])
    exec("\n".join([f"def __init__({parameters}):", *(body or [" pass"])]), known)  # noqa: S102 - as dataclass does
    return known["__init__"]
