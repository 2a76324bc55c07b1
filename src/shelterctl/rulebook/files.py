"""One file of the rulebook: its compiled form if its bytes are the shipped ones, else YAML read strictly.

A file that is not compiled is checked against its schema. BrokenRulebook names the file, the place, the line and
column, and the nearest known word. Reading YAML strictly and checking it against a schema costs twenty times as
much as reading the compiled form; whoever revises the manual does not have to compile anything.
"""

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from hashlib import sha256
from pathlib import Path
from string import Formatter
from typing import Any, Generic, TypeVar

from shelterctl.core.finding import Finding
from shelterctl.core.manual.rule import History, OutOfOrderError, read_history
from shelterctl.document.reading import Document, read_document
from shelterctl.document.subset import Unreadable
from shelterctl.errors import BrokenRulebook, Damaged, DiskError, ShelterError
from shelterctl.language import Sentence, Text, format_sentence
from shelterctl.platform.reading import read_plain_file, read_program_file
from shelterctl.ui_language import N_, SCREEN_LANGUAGES
from shelterctl.validation import SchemaValidator

COMPILED_RULEBOOK_FOLDER = Path(__file__).parent.parent / "compiled"

_AMOUNT = re.compile(r'"\\u0000(-?[0-9]+\.[0-9]+)"')
"""A decimal on its way into JSON; no text of the shelf can hold that first sign."""

_decode_json = json.JSONDecoder(parse_float=Decimal).decode


def compiled_name(name: str) -> str:
    """Where in the folder the compiled form of a file lies."""
    return f"{name.removesuffix('.yaml')}.json"


def format_compiled(raw: bytes, value: dict[str, Any]) -> bytes:
    """The compiled form of a file with these bytes and this value."""
    form = {"sha256": sha256(raw).hexdigest(), "value": value}
    text = json.dumps(form, ensure_ascii=False, separators=(",", ":"), default="\0{:f}".format)
    return (_AMOUNT.sub(r"\1", text) + "\n").encode()


def read_compiled(name: str, raw: bytes) -> dict[str, Any] | None:
    """What a file with these bytes says; None where no such file is shipped, or its compiled form is not whole."""
    try:
        form = _decode_json(read_program_file(COMPILED_RULEBOOK_FOLDER / compiled_name(name)).decode())
    except (OSError, ValueError):
        return None
    value: dict[str, Any] = form["value"]
    return value if form["sha256"] == sha256(raw).hexdigest() else None


RULEBOOK_BROKEN = N_("The shelf is broken in {file} at {place}: {what}")
DAYS_OUT_OF_ORDER = N_("the days of a history must increase, and only its first ruling has no since")
WORD_UNKNOWN = N_("unknown word")
WORD_UNKNOWN_NEAREST = N_("unknown word; did you mean {near}?")
WORD_UNKNOWN_KNOWN = N_("unknown word; these are known here: {known}")
BRACES_UNMATCHED = N_("the braces of this text do not match")
CASES_OF_DAY = {"ky": ("in", "from", "to")}
"""What may stand behind a name in braces: the case of a day, in a language whose endings paper knows."""
BRACES_WITH_MORE_THAN_A_NAME = N_("braces have a name in them and nothing else")
FACT_NOT_GIVEN = N_("nothing gives this number or fact")
RULEBOOK_FILE_MISSING = N_("this file is missing; a manual for an older version has to be written anew")
RULEBOOK_FILE_UNREADABLE = N_("this file cannot be read")

PACKAGE_FOLDER = Path(__file__).parent.parent
SHIPPED_FOLDER = PACKAGE_FOLDER / "_shipped"
RESOURCES_FOLDER = SHIPPED_FOLDER if SHIPPED_FOLDER.is_dir() else PACKAGE_FOLDER.parent.parent
SCHEMAS_FOLDER, EXAMPLES_FOLDER, DOCS_FOLDER = (
    RESOURCES_FOLDER / "schemas",
    RESOURCES_FOLDER / "examples" / "accepted",
    RESOURCES_FOLDER / "docs",
)
TEMPLATES_FOLDER = RESOURCES_FOLDER / "templates"
"""Schemas, examples, texts to read and templates: beside the package in a checkout, inside it once it is installed."""

MOST_WORDS_LISTED = 30
"""How many words of a closed list are told to whoever wrote another one."""

LARGEST_RULEBOOK_FILE = 1024 * 1024
"""How many bytes a file of the shelf may have: more than a record, for its texts stand there in three languages."""


def broken_rulebook(code: str, file: str, place: str, what: str | Text) -> BrokenRulebook:
    """The error that names file and place, and says what is wrong there."""
    return BrokenRulebook(f"shelf/{code}", RULEBOOK_BROKEN, file=file, place=place, what=what)


def read_schema_file(name: str) -> Mapping[str, Any]:
    """One schema file, by its name without ending: ``staff``, ``shelf/form``."""
    return _read_schema_json(f"{name}.schema.json")


def _read_schema_json(name: str) -> dict[str, Any]:
    try:
        loaded: dict[str, Any] = json.loads((SCHEMAS_FOLDER / name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise broken_rulebook("schema", name, "/", type(error).__name__) from error
    return loaded


def read_checked_mapping(folder: Path, name: str, schema: str, raw: bytes | None = None) -> Mapping[str, Any]:
    """One file of the shelf in *folder*, its bytes perhaps read already; BrokenRulebook with the place if broken."""
    raw = read_file_bytes(folder, name) if raw is None else raw
    if (value := read_compiled(name, raw)) is not None:
        return value
    read = parse_strictly(name, raw)
    check_against_schema(name, read, schema)
    return read.value


def read_file_bytes(folder: Path, name: str) -> bytes:
    """The bytes of a file in *folder*; BrokenRulebook where it cannot be read, or is no plain file of a shelf's size.

    The program's own files are read at once: installers link them, and nobody else puts anything beside them.
    """
    try:
        own = folder.is_relative_to(PACKAGE_FOLDER) or folder.is_relative_to(RESOURCES_FOLDER)
        return read_program_file(folder / name) if own else read_plain_file(folder / name, LARGEST_RULEBOOK_FILE)
    except Damaged as error:
        raise broken_rulebook("file", name, "/", in_each_language(error.message, **error.facts)) from error
    except (OSError, DiskError) as error:
        wrong = RULEBOOK_FILE_MISSING if isinstance(error, FileNotFoundError) else RULEBOOK_FILE_UNREADABLE
        raise broken_rulebook("file", name, "/", in_each_language(wrong)) from error


def in_each_language(sentence: Sentence, **facts: object) -> Text:
    """A sentence of the program as a text of the shelf is."""
    return {language: format_sentence(sentence, facts, language) for language in SCREEN_LANGUAGES}


def parse_strictly(name: str, raw: bytes) -> Document:
    """A file with these bytes as YAML says it; BrokenRulebook if that is in doubt."""
    try:
        return read_document(raw, LARGEST_RULEBOOK_FILE)
    except Unreadable as error:
        what = in_each_language(error.message, **error.facts)
        raise broken_rulebook("file", name, f"{error.line or 1}:{error.column or 1}", what) from error
    except ShelterError as error:
        raise broken_rulebook("file", name, "/", in_each_language(error.message, **error.facts)) from error


def check_against_schema(name: str, read: Document, schema: str) -> None:
    """A file is as its schema wants it; BrokenRulebook with the place if not."""
    for finding in SchemaValidator(read_schema_file(f"shelf/{schema}")).findings(read.value):
        raise broken_rulebook(
            "shape", name, _describe_place(read, finding), in_each_language(finding.message, **finding.facts)
        )


@cache
def read_errors() -> Mapping[str, Mapping[str, Any]]:
    """What goes wrong outside the manual, by code: errors of the program, and mistakes in a text that is read."""
    return dict(read_checked_mapping(DOCS_FOLDER, "errors.yaml", "errors")["errors"])


@cache
def read_glossary() -> Mapping[str, Mapping[str, Any]]:
    """The program's own words, as they stand on its screens: what each means, and how else it is called."""
    return dict(read_checked_mapping(DOCS_FOLDER, "glossary.yaml", "glossary")["words"])


def _describe_place(read: Document, finding: Finding) -> str:
    """The pointer, unknown keys in it as typed since nobody's secrets lie on the shelf, with line and column."""
    pointer = finding.at or finding.where
    found = read.place(pointer)
    return (pointer or "/") + (f" ({found[0]}:{found[1]})" if found else "")


def build_listed_history(folder: Path, file: str, place: str, entries: Sequence[Mapping[str, Any]]) -> History:
    """The rulings of one matter; BrokenRulebook if their days are not in order."""
    try:
        return read_history(entries)
    except OutOfOrderError as error:
        at = f"{place}/{error.place}" + ("/since" if error.place else "")
        raise read_rulebook_file(folder, file).broken("order", at, DAYS_OUT_OF_ORDER) from error


def check_known_words(
    file: str, place: str, used: Iterable[str], vocabulary: Collection[str], what: str = WORD_UNKNOWN
) -> None:
    """Every word *used* at *place* is one of *vocabulary*, or the file is broken there."""
    for word in used:
        if word not in vocabulary:
            raise broken_rulebook("word", file, f"{place}/{word}", what)


class RulebookFile:
    """A file of the shelf as it was read; what is wrong in it is said with line, column and nearest known word."""

    def __init__(self, file: str, value: Mapping[str, Any], read: Document | None) -> None:
        self.file, self.value, self._read = file, value, read

    def broken(self, code: str, place: str, what: str, **facts: object) -> BrokenRulebook:
        """The error that names the file and the place of the very key, and says with its *facts* what is wrong."""
        found = self._read.place(place) if self._read else None
        where = (place or "/") + (f" ({found[0]}:{found[1]})" if found else "")
        return broken_rulebook(code, self.file, where, in_each_language(what, **facts))

    def known(self, place: str, used: Iterable[str], vocabulary: Collection[str]) -> None:
        """Every word *used* at *place* is one of *vocabulary*, or the file is broken there."""
        for word in used:
            if word not in vocabulary:
                raise self.unknown(place, word, vocabulary)

    def unknown(self, place: str, word: str, vocabulary: Iterable[str]) -> BrokenRulebook:
        """The error that names the nearest of the words that are known there."""
        known = sorted(vocabulary)
        if near := get_close_matches(word, known, 1):
            return self.broken("word", place, WORD_UNKNOWN_NEAREST, near=near[0])
        if len(known) > MOST_WORDS_LISTED:
            return self.broken("word", place, WORD_UNKNOWN)
        return self.broken("word", place, WORD_UNKNOWN_KNOWN, known=known)

    def filled(self, place: str, text: Text, known: Collection[str]) -> None:
        """Whatever stands in the braces of a text, in any language, is one of the facts that are *known* for it."""
        for language, words in text.items():
            at = pointer_below(place, language)
            try:
                parts = [part[1:] for part in Formatter().parse(words) if part[1] is not None]
            except ValueError as error:
                raise self.broken("text", at, BRACES_UNMATCHED) from error
            cases = CASES_OF_DAY.get(language, ())
            if any(conversion or (form and form not in cases) for _, form, conversion in parts):
                raise self.broken("text", at, BRACES_WITH_MORE_THAN_A_NAME)
            for name in [str(name) for name, _, _ in parts]:
                if name not in known:
                    raise self.unknown(at, name, known) if known else self.broken("word", at, FACT_NOT_GIVEN)


def pointer_below(place: str, *keys: object) -> str:
    """The pointer to what stands under these keys."""
    return place + "".join("/" + str(key).replace("~", "~0").replace("/", "~1") for key in keys)


def read_rulebook_file(folder: Path, file: str, raw: bytes | None = None) -> RulebookFile:
    """One track or act as it is written, whose bytes may be read already; BrokenRulebook if it cannot be read."""
    raw = read_file_bytes(folder, file) if raw is None else raw
    value = read_compiled(file, raw)
    read = parse_strictly(file, raw) if value is None else Document(value, raw.decode())
    return RulebookFile(file, read.value, read)


Each_co = TypeVar("Each_co", covariant=True)


class LazyMapping(Mapping[str, Each_co], Generic[Each_co]):
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
