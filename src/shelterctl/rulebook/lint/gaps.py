"""What is left out of a rulebook because it has slips, so that the rest can be read and no slip hides another one.

What is left out may be named elsewhere, or be what gives another word its effect: a slip that may only come of such a
gap is doubtful, and is not told. Of one rule a key is left out, of a field all of it; of a file that cannot be read
without what is left out, the whole.
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
"""The keys under which fields stand by name."""

OWNERS_OF_MEMBERS = (
    *OWNERS_OF_FIELDS, "rules", "parts", "items", "due", "alarms", "findings", "duties", "clauses", "states", "lists",
)  # fmt: skip
"""Keys of mappings and lists whose members do without one another."""

NAME = re.compile(r"[a-z0-9][\w./-]*")
"""Whatever can be named elsewhere."""

WORDS_OF_NOTATION = frozenset({*keys_written(Field), *RULING_KEYS, *MODIFIERS, *PAPER_LANGUAGES, "since", "later"})
"""Keys that stand everywhere, so that to find one is to find no name."""

FILES_OF_NAMES = ("tracks", "acts", "annexes")
"""The folders whose files are named elsewhere by their own name."""


class Gaps:
    """The places that are left out of each file, the files that are left out whole, and the names that were there.

    What is *damaged* is there, but not all of it: groups without one of their fields, tracks without one of their keys.
    """

    def __init__(self) -> None:
        self.places: dict[str, set[str]] = {}
        self.files: set[str] = set()
        self.names: set[str] = set()
        self.damaged: set[str] = set()

    def __bool__(self) -> bool:
        return bool(self.places or self.files or self.damaged)

    def leave_out_file(self, name: str, raw: bytes = b"") -> None:
        """Note that a file is left out whole: whatever is written in it may be named elsewhere."""
        self.files.add(name)
        path = PurePosixPath(name)
        if path.parent.name in FILES_OF_NAMES:
            self.names.add(path.stem)
        for written in NAME.findall(raw.decode(errors="replace")):
            self.names |= {written, *written.split(".")}

    def leave_out(self, file: RulebookFile, place: str) -> RulebookFile | None:
        """The file without what has a slip at that place of the whole; None where nothing of it can be kept."""
        out = _part_with_slip(place)
        while out and not (_is_there(file.whole, out) and not _is_within(out, file.left_out)):
            out = out.rpartition("/")[0]
        if not out:
            return None
        self.note(file, out)
        return file.without([out])

    def note(self, file: RulebookFile, place: str) -> None:
        """Note that what stands at that place is out of reach, with all that could be named of it."""
        self.places.setdefault(file.name, set()).add(place)
        value = _value_at(file.whole, place)
        self.names |= {*_names_in({_key_of(place.rpartition("/")[2]): value})}
        self.damaged |= {PurePosixPath(file.name).stem, *(value if isinstance(value, Mapping) else ())}
        self.damage_fields(place)

    def damage_fields(self, place: str) -> None:
        """Note that the fields in which a place lies, if any, are not whole."""
        self.damaged |= _fields_around(place)

    def is_doubtful(self, error: BrokenRulebook, files: Mapping[str, RulebookFile]) -> bool:
        """Whether a slip may only come of what is left out."""
        name, (place, *_) = str(error.facts["file"]), error.position or ("",)
        left_out = self.places.get(name, set())
        if name in self.files or any(_is_within(each, [place]) or _is_within(place, [each]) for each in left_out):
            return True
        if not self or name not in files:
            return False
        family = self.places.get(f"tracks/{files[name].value.get('family')}.yaml")
        if (left_out or family) and _is_of_words(place):
            return True
        beside = any(_stands_beside(place, each) for each in left_out)
        if error.word is None:
            return beside or self._is_mentioned(files[name], place)
        led_to = beside and "stands" in place.split("/")  # a key that is left out may lead to such a track
        answers = _is_answer(place) and self._is_mentioned(files[name], place)
        return not error.has_vocabulary or led_to or answers or self._may_mean(error.word, files)

    def _may_mean(self, word: str, files: Mapping[str, RulebookFile]) -> bool:
        """Whether a word, or a part of it, was there; of a track that is whole only what follows its name."""
        first, dot, rest = word.partition(".")
        known = dot and f"tracks/{first}.yaml" in files and first not in self.damaged
        parts = rest.split(".") if known else [word, *word.split(".")]
        return not {name.lower() for name in self.names}.isdisjoint(part.lower() for part in parts)

    def _is_mentioned(self, file: RulebookFile, place: str) -> bool:
        """Whether the rule or other thing at a place names something that is not there, or not whole; or its family."""
        steps = place.split("/")
        for owner in ("rules", "with", "where", "when"):
            if owner in steps:
                place = "/".join(steps[: steps.index(owner) + (2 if owner == "rules" else 1)])
                break
        said = {str(file.whole.get("family")), *_names_in(_value_at(file.whole, place), place, file.left_out)}
        lacking = {*self.names, *self.damaged} - WORDS_OF_NOTATION - _fields_around(place)
        return not lacking.isdisjoint(said)


def _part_with_slip(place: str) -> str:
    """What is left out for a slip at a place: the whole field, one key of a rule, the whole code, else that place."""
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
    """The names of the fields in which a place lies."""
    return {step for above, step in pairwise(place.split("/")) if above in OWNERS_OF_FIELDS}


def _is_answer(place: str) -> bool:
    """Whether a place is of an answer to a field, or of somebody's role, in a list of such."""
    *_, list_, number = ["", *place.split("/")]
    return number.isdecimal() and not VERBS.keys() & {list_}


def _is_of_words(place: str) -> bool:
    """Whether a place is of words to be said or printed, which tell what the rest of their file gives."""
    steps = place.split("/")
    return steps[-1] in PAPER_LANGUAGES or not {"says", "in_file"}.isdisjoint(steps)


def _stands_beside(place: str, gap: str) -> bool:
    """Whether a place lies in what lost a key; the members of a list of rules, of fields and the like are apart."""
    above = gap.rpartition("/")[0]
    if above.rpartition("/")[2] in OWNERS_OF_MEMBERS:
        return False
    return _is_within(place, [above])


def _key_of(step: str) -> str:
    """The key that a step of a JSON pointer means."""
    return step.replace("~1", "/").replace("~0", "~")


def _steps_to(value: Any, place: str) -> Iterator[Any]:
    """What stands at each step on the way to a place, as far as it goes."""
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
    """What stands at a place, or at the nearest one above it that is there."""
    *_, found = _steps_to(value, place)
    return found


def _names_in(value: Any, place: str = "", left_out: Collection[str] = ()) -> Iterator[str]:
    """Every key, and every text that could be a name, with its parts; of what stands at *place*, but for what is left
    out.
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
