"""One file of the shelf as it is written: read strictly, held against its schema, its histories in order."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, Generic, TypeVar

from shelterctl import document, machine
from shelterctl.core.finding import Finding
from shelterctl.core.ruling import History, OutOfOrderError, read_history
from shelterctl.errors import BrokenRulebook, Damaged, Disk, ShelterError
from shelterctl.language import N_, SPOKEN, Sentence, Text, say
from shelterctl.library import compilation
from shelterctl.shape import Shape

BROKEN = N_("The shelf is broken in {file} at {place}: {what}")
OUT_OF_ORDER = N_("the days of a history must increase, and only its first ruling has no since")
UNKNOWN_WORD = N_("unknown word")
NEAR_WORD = N_("unknown word; did you mean {near}?")
KNOWN_WORDS = N_("unknown word; these are known here: {known}")
BRACES = N_("the braces of this text do not match")
CASES = {"ky": ("in", "from", "to")}
"""What may stand behind a name in braces: the case of a day, in a language whose endings paper knows."""
PLAIN = N_("braces have a name in them and nothing else")
NO_FACT = N_("nothing gives this number or fact")
NO_FILE = N_("this file is missing; a manual for an older version has to be written anew")
UNREAD = N_("this file cannot be read")

PACKAGE = Path(__file__).parent.parent
SHIPPED = PACKAGE / "_shipped"
BESIDE = SHIPPED if SHIPPED.is_dir() else PACKAGE.parent.parent
SCHEMAS, EXAMPLES, DOCS = BESIDE / "schemas", BESIDE / "examples" / "accepted", BESIDE / "docs"
TEMPLATES = BESIDE / "templates"
"""Schemas, examples, texts to read and templates: beside the package in a checkout, inside it once it is installed."""

FEW = 30
"""How many words of a closed list are told to whoever wrote another one."""

LARGEST = 1024 * 1024
"""How many bytes a file of the shelf may have: more than a record, for its texts stand there in three languages."""


def broken(code: str, file: str, place: str, what: str | Text) -> BrokenRulebook:
    """The error that names file and place, and says what is wrong there."""
    return BrokenRulebook(f"shelf/{code}", BROKEN, file=file, place=place, what=what)


def read_schema(name: str) -> Mapping[str, Any]:
    """One schema file, by its name without ending: ``staff``, ``shelf/form``."""
    return _json(f"{name}.schema.json")


def _json(name: str) -> dict[str, Any]:
    try:
        loaded: dict[str, Any] = json.loads((SCHEMAS / name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise broken("schema", name, "/", type(error).__name__) from error
    return loaded


def take(folder: Path, name: str, schema: str, raw: bytes | None = None) -> Mapping[str, Any]:
    """One file of the shelf in *folder*, its bytes perhaps read already; BrokenRulebook with the place if broken."""
    raw = read_raw(folder, name) if raw is None else raw
    if (value := compilation.found(name, raw)) is not None:
        return value
    read = read_strictly(name, raw)
    hold(name, read, schema)
    return read.value


def read_raw(folder: Path, name: str) -> bytes:
    """The bytes of a file in *folder*; BrokenRulebook where it cannot be read, or is no plain file of a shelf's size.

    The program's own files are read at once: installers link them, and nobody else puts anything beside them.
    """
    try:
        own = folder.is_relative_to(PACKAGE) or folder.is_relative_to(BESIDE)
        return machine.read_at_once(folder / name) if own else machine.read_regular(folder / name, LARGEST)
    except Damaged as error:
        raise broken("file", name, "/", in_each_language(error.message, **error.facts)) from error
    except (OSError, Disk) as error:
        wrong = NO_FILE if isinstance(error, FileNotFoundError) else UNREAD
        raise broken("file", name, "/", in_each_language(wrong)) from error


def in_each_language(sentence: Sentence, **facts: object) -> Text:
    """A sentence of the program as a text of the shelf is."""
    return {language: say(sentence, facts, language) for language in SPOKEN}


def read_strictly(name: str, raw: bytes) -> document.Document:
    """A file with these bytes as YAML says it; BrokenRulebook if that is in doubt."""
    try:
        return document.read(raw, LARGEST)
    except document.Unreadable as error:
        what = in_each_language(error.message, **error.facts)
        raise broken("file", name, f"{error.line or 1}:{error.column or 1}", what) from error
    except ShelterError as error:
        raise broken("file", name, "/", in_each_language(error.message, **error.facts)) from error


def hold(name: str, read: document.Document, schema: str) -> None:
    """A file is as its schema wants it; BrokenRulebook with the place if not."""
    for finding in Shape(read_schema(f"shelf/{schema}")).findings(read.value):
        raise broken("shape", name, _place(read, finding), in_each_language(finding.message, **finding.facts))


@cache
def read_errors() -> Mapping[str, Mapping[str, Any]]:
    """What goes wrong outside the manual, by code: errors of the program, and mistakes in a text that is read."""
    return dict(take(DOCS, "errors.yaml", "errors")["errors"])


@cache
def read_glossary() -> Mapping[str, Mapping[str, Any]]:
    """The program's own words, as they stand on its screens: what each means, and how else it is called."""
    return dict(take(DOCS, "glossary.yaml", "glossary")["words"])


def _place(read: document.Document, finding: Finding) -> str:
    """The pointer, unknown keys in it as typed since nobody's secrets lie on the shelf, with line and column."""
    pointer = finding.at or finding.where
    found = read.place(pointer)
    return (pointer or "/") + (f" ({found[0]}:{found[1]})" if found else "")


def history(folder: Path, file: str, place: str, entries: Sequence[Mapping[str, Any]]) -> History:
    """The rulings of one matter; BrokenRulebook if their days are not in order."""
    try:
        return read_history(entries)
    except OutOfOrderError as error:
        at = f"{place}/{error.place}" + ("/since" if error.place else "")
        raise take_written(folder, file).broken("order", at, OUT_OF_ORDER) from error


def known(file: str, place: str, used: Iterable[str], vocabulary: Collection[str], what: str = UNKNOWN_WORD) -> None:
    """Every word *used* at *place* is one of *vocabulary*, or the file is broken there."""
    for word in used:
        if word not in vocabulary:
            raise broken("word", file, f"{place}/{word}", what)


class Written:
    """A file of the shelf as it was read; what is wrong in it is said with line, column and nearest known word."""

    def __init__(self, file: str, value: Mapping[str, Any], read: document.Document | None) -> None:
        self.file, self.value, self._read = file, value, read

    def broken(self, code: str, place: str, what: str, **facts: object) -> BrokenRulebook:
        """The error that names the file and the place of the very key, and says with its *facts* what is wrong."""
        found = self._read.place(place) if self._read else None
        where = (place or "/") + (f" ({found[0]}:{found[1]})" if found else "")
        return broken(code, self.file, where, in_each_language(what, **facts))

    def known(self, place: str, used: Iterable[str], vocabulary: Collection[str]) -> None:
        """Every word *used* at *place* is one of *vocabulary*, or the file is broken there."""
        for word in used:
            if word not in vocabulary:
                raise self.unknown(place, word, vocabulary)

    def unknown(self, place: str, word: str, vocabulary: Iterable[str]) -> BrokenRulebook:
        """The error that names the nearest of the words that are known there."""
        known = sorted(vocabulary)
        if near := get_close_matches(word, known, 1):
            return self.broken("word", place, NEAR_WORD, near=near[0])
        if len(known) > FEW:
            return self.broken("word", place, UNKNOWN_WORD)
        return self.broken("word", place, KNOWN_WORDS, known=known)

    def filled(self, place: str, text: Text, known: Collection[str]) -> None:
        """Whatever stands in the braces of a text, in any language, is one of the facts that are *known* for it."""
        for language, words in text.items():
            at = below(place, language)
            try:
                parts = [part[1:] for part in Formatter().parse(words) if part[1] is not None]
            except ValueError as error:
                raise self.broken("text", at, BRACES) from error
            cases = CASES.get(language, ())
            if any(conversion or (form and form not in cases) for _, form, conversion in parts):
                raise self.broken("text", at, PLAIN)
            for name in [str(name) for name, _, _ in parts]:
                if name not in known:
                    raise self.unknown(at, name, known) if known else self.broken("word", at, NO_FACT)


def below(place: str, *keys: object) -> str:
    """The pointer to what stands under these keys."""
    return place + "".join("/" + str(key).replace("~", "~0").replace("/", "~1") for key in keys)


def take_written(folder: Path, file: str, raw: bytes | None = None) -> Written:
    """One track or act as it is written, whose bytes may be read already; BrokenRulebook if it cannot be read."""
    raw = read_raw(folder, file) if raw is None else raw
    value = compilation.found(file, raw)
    read = read_strictly(file, raw) if value is None else document.Document(value, raw.decode())
    return Written(file, read.value, read)


Each_co = TypeVar("Each_co", covariant=True)


class Taken(Mapping[str, Each_co], Generic[Each_co]):
    """What lies on the shelf under these names, each taken down when it is first asked for; of some only those *among*.

    Nothing but what is asked for is looked at, so a shelf may grow and no command is slower for it.
    """

    def __init__(
        self, names: Sequence[str], take_: Callable[[str], Each_co], among: Callable[[str], bool] | None = None
    ) -> None:
        self._names, self._take, self._among = dict.fromkeys(names), take_, among
        self._taken: dict[str, Each_co] = {}

    def __getitem__(self, name: str) -> Each_co:
        if name not in self._taken:
            if name not in self:
                raise KeyError(name)
            self._taken[name] = self._take(name)
        return self._taken[name]

    def __contains__(self, name: object) -> bool:
        return name in self._names and (self._among is None or self._among(str(name)))

    def __iter__(self) -> Iterator[str]:
        return filter(self._among, self._names) if self._among else iter(self._names)

    def __len__(self) -> int:
        return sum(1 for _ in self)
