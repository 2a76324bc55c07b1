"""Gaps: parts of a rulebook left out because of their slips, so that the rest can be read and no slip hides another.

A gap may be named elsewhere, or give another word its effect. A slip that may only be caused by a gap is doubtful, and
is not reported. A rule loses one key, a field everything; a file that cannot be read without the gap is left out whole.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Any

from shelterctl.core.manual.field import Field
from shelterctl.core.rules.verbs.vocabulary import VERBS
from shelterctl.errors import BrokenRulebook
from shelterctl.rulebook.files import RulebookFile, pointer_below
from shelterctl.rulebook.reader import MODIFIERS, RULING_KEYS, keys_written
from shelterctl.ui_language import PAPER_LANGUAGES

OWNERS_OF_FIELDS = ("fields", "each", "clear")
"""Keys under which fields are listed by name."""

OWNERS_OF_MEMBERS = (
    *OWNERS_OF_FIELDS, "rules", "parts", "items", "due", "alarms", "findings", "duties", "clauses", "states", "lists",
    "rows",
)  # fmt: skip
"""Keys of mappings and lists whose members do not depend on one another."""

NAME = re.compile(r"[a-z0-9][\w./-]*")
"""Matches a text that can be a name used elsewhere."""

WORDS_OF_NOTATION = frozenset({*keys_written(Field), *RULING_KEYS, *MODIFIERS, *PAPER_LANGUAGES, "since", "later"})
"""Keys that occur everywhere, and so do not count as names."""

KEYS_OF_REGISTER = ("/home", "/keeps")
"""Keys without which a register is none, so that neither its place nor the fields behind its codes are known."""

FILES_OF_NAMES = ("tracks", "acts", "annexes", "reports", "plans")
"""Folders whose files other files refer to by name."""


class Gaps:
    """The places left out of each file, the files left out whole, and the names that were there.

    *damaged* are names of what is there only in part: groups without one of their fields, tracks without one of their
    keys.
    """

    def __init__(self) -> None:
        self.places: dict[str, set[str]] = {}
        self.files: set[str] = set()
        self.names: set[str] = set()
        self.damaged: set[str] = set()

    def __bool__(self) -> bool:
        return bool(self.places or self.files or self.damaged)

    def leave_out_file(self, name: str, raw: bytes = b"") -> None:
        """Note that a file is left out whole; other files may use any name in it."""
        self.files.add(name)
        path = PurePosixPath(name)
        if path.parent.name in FILES_OF_NAMES:
            self.names.add(path.stem)
        for written in NAME.findall(raw.decode(errors="replace")):
            self.names |= {written, *written.split(".")}

    def leave_out(self, file: RulebookFile, place: str) -> RulebookFile | None:
        """Return the file without the part that has a slip at that place; None if no such part can be left out."""
        out = _part_with_slip(place)
        while out and not (_is_there(file.whole, out) and not _is_within(out, file.left_out)):
            out = out.rpartition("/")[0]
        if not out:
            return None
        self.note(file, out)
        return file.without([out])

    def note(self, file: RulebookFile, place: str) -> None:
        """Note that the value at that place is left out, with all names in it."""
        self.places.setdefault(file.name, set()).add(place)
        value = _value_at(file.whole, place)
        self.names |= {*_names_in({_key_of(place.rpartition("/")[2]): value})}
        if place in KEYS_OF_REGISTER:
            self.names |= {str(file.whole.get("at")), *_names_in(file.whole.get("fields"))}
        self.damaged |= {PurePosixPath(file.name).stem, *(value if isinstance(value, Mapping) else ())}
        self.damage_fields(place)

    def damage_fields(self, place: str) -> None:
        """Note that the fields around a place, if any, are incomplete."""
        self.damaged |= _fields_around(place)

    def is_doubtful(self, error: BrokenRulebook, files: Mapping[str, RulebookFile]) -> bool:
        """Whether a slip may be caused only by a gap."""
        name, (place, *_) = str(error.facts["file"]), error.position or ("",)
        left_out = self.places.get(name, set())
        if name in self.files or any(_is_within(each, [place]) or _is_within(place, [each]) for each in left_out):
            return True
        if not self or name not in files:
            return False
        if place.endswith("/within") and not left_out.isdisjoint(KEYS_OF_REGISTER):
            return True  # how far a rule may reach depends on where its file lies
        family = self.places.get(f"tracks/{files[name].value.get('family')}.yaml")
        if (left_out or family) and _is_of_words(place):
            return True
        beside = any(_stands_beside(place, each) for each in left_out)
        if error.word is None:
            return beside or self._is_mentioned(files[name], place)
        led_to = beside and "stands" in place.split("/")  # the key left out may lead to such a track
        answers = _is_answer(place) and self._is_mentioned(files[name], place)
        return not error.has_vocabulary or led_to or answers or self._may_mean(error.word, files)

    def _may_mean(self, word: str, files: Mapping[str, RulebookFile]) -> bool:
        """Whether a word, or a part of it, is a name left out; after the name of a whole track only the rest counts."""
        first, dot, rest = word.partition(".")
        known = dot and f"tracks/{first}.yaml" in files and first not in self.damaged
        parts = rest.split(".") if known else [word, *word.split(".")]
        return not {name.lower() for name in self.names}.isdisjoint(part.lower() for part in parts)

    def _is_mentioned(self, file: RulebookFile, place: str) -> bool:
        """Whether the part around a place, or the family of its file, names something that is missing or incomplete."""
        steps = place.split("/")
        for owner in ("rules", "with", "where", "when"):
            if owner in steps:
                place = "/".join(steps[: steps.index(owner) + (2 if owner == "rules" else 1)])
                break
        said = {str(file.whole.get("family")), *_names_in(_value_at(file.whole, place), place, file.left_out)}
        lacking = {*self.names, *self.damaged} - WORDS_OF_NOTATION - _fields_around(place)
        return not lacking.isdisjoint(said)


def _part_with_slip(place: str) -> str:
    """Return the place to leave out for a slip: the whole field, one key of a rule, the whole code, else the place."""
    steps = place.split("/")
    for end in range(len(steps) - 1, 0, -1):
        if steps[end - 1] in OWNERS_OF_FIELDS:
            return "/".join(steps[: end + 1])
        if steps[end - 1] == "rules":
            return "/".join(steps[: end + 2])
    return "/".join(steps[:3]) if steps[1:2] == ["findings"] else place


def _is_within(place: str, others: Collection[str]) -> bool:
    """Whether a place is one of the others, or below it."""
    return any(place == other or place.startswith(f"{other}/") for other in others)


def _fields_around(place: str) -> set[str]:
    """Return the names of the fields around a place."""
    return {step for above, step in pairwise(place.split("/")) if above in OWNERS_OF_FIELDS}


def _is_answer(place: str) -> bool:
    """Whether a place is in a list of answers to a field, or of roles."""
    *_, list_, number = ["", *place.split("/")]
    return number.isdecimal() and not VERBS.keys() & {list_}


def _is_of_words(place: str) -> bool:
    """Whether a place is inside a text that is shown or printed, whose facts the rest of its file gives."""
    steps = place.split("/")
    return steps[-1] in PAPER_LANGUAGES or not {"says", "in_file"}.isdisjoint(steps)


def _stands_beside(place: str, gap: str) -> bool:
    """Whether a place is in an object that lost a key; members of lists of rules, fields and the like do not count."""
    above = gap.rpartition("/")[0]
    if above.rpartition("/")[2] in OWNERS_OF_MEMBERS:
        return False
    return _is_within(place, [above])


def _key_of(step: str) -> str:
    """Return the key that a step of a JSON pointer means."""
    return step.replace("~1", "/").replace("~0", "~")


def _steps_to(value: Any, place: str) -> Iterator[Any]:
    """Yield the value at each step on the way to a place, as far as the steps exist."""
    yield value
    for step in place.split("/")[1:]:
        key = _key_of(step)
        if isinstance(value, Mapping) and key in value:
            value = value[key]
        elif isinstance(value, list) and key.isdecimal() and int(key) < len(value):
            value = value[int(key)]
        else:
            return
        yield value


def _is_there(value: Any, place: str) -> bool:
    return len([*_steps_to(value, place)]) == len(place.split("/"))


def _value_at(value: Any, place: str) -> Any:
    """Return the value at a place, or at the nearest place above it that exists."""
    *_, found = _steps_to(value, place)
    return found


def _names_in(value: Any, place: str = "", left_out: Collection[str] = ()) -> Iterator[str]:
    """Yield every key and every text that can be a name, with its dotted parts.

    *place* is the place of *value*; places in *left_out* are skipped.
    """
    if isinstance(value, Mapping):
        for key, below in value.items():
            if (at := pointer_below(place, key)) not in left_out:
                yield from (key, *_names_in(below, at, left_out))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _names_in(each, pointer_below(place, number), left_out)
    elif isinstance(value, str) and NAME.fullmatch(value):
        yield from (value, *value.split("."))
