"""The places of a record and a register, in the words by which a person is asked for them and shown them."""

from collections.abc import Mapping
from dataclasses import dataclass

from shelterctl.language import Text


@dataclass(frozen=True, slots=True)
class Place:
    """One place: its label, the clause that asks for it, a hint where people stumble, and a text for each code.

    *path* is dotted, as in a fragment; *open* means that codes beside those named may be typed.
    """

    path: str
    text: Text
    clause: str | None
    hint: Text | None
    codes: Mapping[str, Text]
    open: bool
