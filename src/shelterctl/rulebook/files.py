"""One file of the rulebook: read from its compiled form if its bytes are the shipped ones, else strictly from YAML.

A file without a compiled form is checked against its schema. BrokenRulebook names the file, the place, the line and
column, and the nearest known word. Reading and checking YAML takes twenty times as long as reading the compiled form,
but nobody who revises the manual has to compile anything. `tools/generated.py` compiles the shipped files, and a test
compares them, so no unchecked file is shipped.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from hashlib import sha256
from pathlib import Path
from string import Formatter
from typing import Any, Generic, ParamSpec, TypeVar

from shelterctl.core.manual.slip import Slip
from shelterctl.core.values.facts import json_pointer
from shelterctl.country import WORDS_OF_COUNTRY
from shelterctl.document.reading import Document, read_document
from shelterctl.document.subset import Unreadable
from shelterctl.edition import LARGEST_RULEBOOK_FILE, SHIPPED_MANUAL_PATH
from shelterctl.errors import BrokenRulebook, Damaged, DiskError, ShelterError
from shelterctl.language import Sentence, Text, format_sentence
from shelterctl.platform.reading import read_plain_file, read_program_file
from shelterctl.ui_language import N_, PAPER_LANGUAGES, SCREEN_LANGUAGES
from shelterctl.validation import SchemaValidator

P = ParamSpec("P")

MANUAL_FOLDER = Path(SHIPPED_MANUAL_PATH)
FINDINGS_FILE = "findings.yaml"
"""The file that words the codes of findings."""
EXPORT_FILE, IMPORT_FILE = "export.yaml", "import.yaml"
"""The limits of what leaves the house as tables, and the columns of the sheet for cases from before the program."""
OUTLINES_FILE = "outlines.yaml"
"""The columns of clients, each with its track, and the outline of each track: no file of a rulebook, but compiled from
all its tracks.
"""
PACKAGE_FOLDER = MANUAL_FOLDER.parent
COMPILED_RULEBOOK_FOLDER = PACKAGE_FOLDER / "compiled"
_INSTALLED_FOLDER = PACKAGE_FOLDER / "_shipped"
RESOURCES_FOLDER = _INSTALLED_FOLDER if _INSTALLED_FOLDER.is_dir() else PACKAGE_FOLDER.parent.parent
"""The folder of schemas, examples, texts and templates: beside src in a checkout, inside the package if installed."""
SCHEMAS_FOLDER = RESOURCES_FOLDER / "schemas"
DOCS_FOLDER = RESOURCES_FOLDER / "docs"
TEMPLATES_FOLDER = RESOURCES_FOLDER / "templates"

RULEBOOK_BROKEN = N_("The rulebook is broken in {file} at {place}: {what}")
WORD_UNKNOWN_NEAREST = N_("unknown word; did you mean {near}?")
WORD_UNKNOWN_SIMILAR = N_("unknown word; {count} are known here, and the most similar are: {similar}")
WORD_UNKNOWN_KNOWN = N_("unknown word; these are known here: {known}")
BRACES_UNMATCHED = N_("the braces in this text do not match; close the open one, or delete it")
CASES_OF_DAY = {"ky": ("in", "from", "to")}
"""Words that may follow a name in braces: the case of a day, in a language whose endings `paper` knows."""
BRACES_WITH_MORE_THAN_A_NAME = N_("write only a name between the braces")
FACT_NOT_GIVEN = N_("no fact is known here; write the text without braces")
RULEBOOK_COMMENT = N_("A comment is not allowed in a rulebook. Delete it, or put a text with # in quotes.")
RULEBOOK_FILE_MISSING = N_("this file is missing; a manual for an older version must be rewritten for this one")
SCHEMA_WANTED = N_("write {schema} here")
RULEBOOK_FILE_UNREADABLE = N_("this file cannot be read")

KEY_UNKNOWN, KEY_LACKING = "shape/unknown-key", "shape/missing-key"
"""Codes of a schema's findings for an unknown key and for a missing one; the place is that of the object."""

MOST_WORDS_LISTED = 30
"""Length of the longest list of known words that an error shows whole."""
MOST_WORDS_SIMILAR = 5
"""Number of words of a longer list that an error shows: the most similar ones."""


def broken_rulebook(code: str, file: str, place: str, what: str | Text) -> BrokenRulebook:
    """Return the error that names file and place, and says what is wrong there."""
    error = BrokenRulebook(f"shelf/{code}", RULEBOOK_BROKEN, file=file, place=place, what=what)
    error.position = "", None, None
    return error


def read_schema_file(name: str) -> Mapping[str, Any]:
    """Return a schema file by its name without ending: ``staff``, ``shelf/lists``."""
    file = f"{name}.schema.json"
    try:
        loaded: dict[str, Any] = json.loads((SCHEMAS_FOLDER / file).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise broken_rulebook("schema", file, "/", type(error).__name__) from error
    return loaded


def allow_languages(schema: Any, languages: Collection[str]) -> Any:
    """Return a schema in which every text by language may have these languages too."""
    if isinstance(schema, list):
        return [allow_languages(each, languages) for each in schema]
    if not isinstance(schema, Mapping):
        return schema
    known = {key: allow_languages(each, languages) for key, each in schema.items()}
    texts = known.get("properties")
    if isinstance(texts, Mapping) and {*PAPER_LANGUAGES} <= texts.keys():
        known["properties"] = {**dict.fromkeys(languages, texts["en"]), **texts}
    return known


def read_file_bytes(folder: Path, name: str) -> bytes:
    """Return the bytes of a file in *folder*; raise BrokenRulebook if it is unreadable, not a plain file, or too large.

    The program's own files are read without these checks: installers may link them, and nobody else writes there.
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
    """Return a sentence of the program in each language of the screens, as texts of the rulebook are given."""
    return {language: format_sentence(sentence, facts, language) for language in SCREEN_LANGUAGES}


@cache
def read_glossary() -> Mapping[str, Mapping[str, Any]]:
    """Return the terms that the program's screens use: what each means, and its other names."""
    return dict(read_rulebook_file(DOCS_FOLDER, "glossary.yaml", schema="glossary").value["words"])


WORDS_FOLDER = "paper"
"""The folder of a rulebook with the sentences of the templates in languages that the program lacks."""


def paper_words_file(language: str) -> str:
    """Return the name of the file with the sentences of the templates in a language that the program lacks."""
    return f"{WORDS_FOLDER}/{language}.yaml"


class RulebookFile:
    """A file of the rulebook as it was read; its errors give line, column and the nearest known word.

    Its value lacks what is at the places *left_out*, but errors give places as in the whole file. It is *trusted* if it
    was read from its compiled form, which fits its schema.
    """

    def __init__(self, name: str, document: Document, left_out: Collection[str] = (), *, trusted: bool = False) -> None:
        self.name, self.left_out, self._document, self._fits = name, frozenset(left_out), document, trusted
        self._moved: dict[str, list[int]] = {}
        self.value: dict[str, Any] = self._keep(document.value, "", "") if left_out else document.value
        self.errors: list[BrokenRulebook] = []

    @property
    def whole(self) -> dict[str, Any]:
        """The contents of the file, including what is left out."""
        return self._document.value

    def without(self, places: Collection[str]) -> "RulebookFile":
        """Return this file with these places left out too."""
        return RulebookFile(self.name, self._document, {*self.left_out, *places})

    def _keep(self, value: Any, was: str, place: str) -> Any:
        """Return a value without the parts left out; *was* is its place in the whole file, *place* its place now."""
        if isinstance(value, Mapping):
            return {
                key: self._keep(each, at, pointer_below(place, key))
                for key, each in value.items()
                if (at := pointer_below(was, key)) not in self.left_out
            }
        if not isinstance(value, list):
            return value
        kept = [number for number in range(len(value)) if pointer_below(was, number) not in self.left_out]
        if len(kept) < len(value):
            self._moved[place] = kept
        return [
            self._keep(value[number], pointer_below(was, number), pointer_below(place, now))
            for now, number in enumerate(kept)
        ]

    def _place_in_whole(self, place: str) -> str:
        """Return the place in the whole file for a place in the value."""
        found, seen = "", ""
        for step in place.split("/")[1:]:
            kept = self._moved.get(seen)
            seen = f"{seen}/{step}"
            found += f"/{kept[int(step)] if kept and step.isdecimal() and int(step) < len(kept) else step}"
        return found

    def collect(self, check: Callable[P, object], *args: P.args, **more: P.kwargs) -> None:
        """Make one check and collect its error, so that the checks after it run too."""
        with collecting(self.errors):
            check(*args, **more)

    def error_at(self, code: str, place: str, what: Sentence, **facts: object) -> BrokenRulebook:
        """Return the error that names the file and the exact place, and says with its *facts* what is wrong."""
        place = self._place_in_whole(place) if self._moved else place
        found = self._document.position_of(place)
        where = (place or "/") + (f" ({found[0]}:{found[1]})" if found else "")
        error = broken_rulebook(code, self.name, where, in_each_language(what, **facts))
        error.position = (place, *(found or (None, None)))
        return error

    def error_of(self, slip: Slip) -> BrokenRulebook:
        """Return the error for a slip; for an unknown word it names the nearest known one."""
        if slip.word is not None:
            return self.unknown_word_error(slip.place, slip.word, slip.known)
        return self.error_at(slip.code, slip.place, slip.message, **slip.facts)

    def require_schema(self, schema: str, languages: Collection[str] = ()) -> None:
        """Raise BrokenRulebook with every place, unless the file fits that schema; the check is made once. Texts may be
        in further *languages*.

        The place shows an unknown key as it was typed, since a rulebook holds nobody's secrets. Where a key is unknown,
        none is reported missing: it may be the misspelt one.
        """
        if self._fits:
            return
        own = allow_languages(read_schema_file(f"shelf/{schema}"), languages)
        found = SchemaValidator(own).findings(self.value)
        misspelt = {(one.at or one.where or "").rpartition("/")[0] for one in found if one.code == KEY_UNKNOWN}
        refuse_all(
            self.error_at("shape", one.at or one.where or "", one.message, **one.facts)
            for one in found
            if not (one.code == KEY_LACKING and (one.at or one.where) in misspelt)
        )
        self._fits = True

    def require_known(self, place: str, word: str | None, vocabulary: Collection[str]) -> None:
        """Raise BrokenRulebook unless the *word* at *place* is in *vocabulary*, or None because no word is there."""
        if word is not None and word not in vocabulary:
            raise self.unknown_word_error(place, word, vocabulary)

    def require_all_known(self, place: str, words: str | Sequence[str] | None, vocabulary: Collection[str]) -> None:
        """Raise BrokenRulebook unless the word at *place*, or each word of a list there, is in *vocabulary*."""
        for word, at in words_with_places(place, words):
            self.require_known(at, word, vocabulary)

    def collect_unknown(self, place: str, words: str | Sequence[str] | None, vocabulary: Collection[str]) -> None:
        """Collect an error for each word at *place*, single or in a list, that is not in *vocabulary*."""
        for word, at in words_with_places(place, words):
            self.collect(self.require_known, at, word, vocabulary)

    def unknown_word_error(self, place: str, word: str, vocabulary: Iterable[str]) -> BrokenRulebook:
        """Return the error for an unknown word, with the nearest of the words known at that place."""
        known = sorted(vocabulary)
        if near := get_close_matches(word, known, 1):
            error = self.error_at("word", place, WORD_UNKNOWN_NEAREST, near=near[0])
        elif len(known) > MOST_WORDS_LISTED:
            similar = get_close_matches(word, known, MOST_WORDS_SIMILAR, 0)
            error = self.error_at("word", place, WORD_UNKNOWN_SIMILAR, count=len(known), similar=similar)
        else:
            error = self.error_at("word", place, WORD_UNKNOWN_KNOWN, known=known)
        error.word, error.has_vocabulary = word, bool(known)
        return error

    def require_facts(self, place: str, text: Text, known: Collection[str]) -> None:
        """Raise BrokenRulebook unless every name in braces, in any language of a text, is a fact *known* for it."""
        for language, words in text.items():
            at = pointer_below(place, language)
            try:
                parts = [part[1:] for part in Formatter().parse(words) if part[1] is not None and "|" not in part[1]]
            except ValueError as error:
                raise self.error_at("text", at, BRACES_UNMATCHED) from error
            cases = CASES_OF_DAY.get(language, ())
            if any(conversion or (form and form not in cases) for _, form, conversion in parts):
                raise self.error_at("text", at, BRACES_WITH_MORE_THAN_A_NAME)
            for name in [str(name) for name, _, _ in parts]:
                if name not in known and name not in WORDS_OF_COUNTRY:
                    raise (
                        self.unknown_word_error(at, name, known) if known else self.error_at("word", at, FACT_NOT_GIVEN)
                    )


@contextmanager
def collecting(errors: list[BrokenRulebook]) -> Iterator[None]:
    """Add an error raised inside the block to *errors*, together with the other errors that it carries."""
    try:
        yield
    except BrokenRulebook as error:
        errors += (error, *error.others)


def refuse_all(errors: Iterable[BrokenRulebook]) -> None:
    """Raise the first of these errors, which carries the others, each once; do nothing if there are none."""
    first, *others = {tuple(map(str, error.facts.values())): error for error in errors}.values() or (None,)
    if first:
        first.others = tuple(others)
        raise first


def pointer_below(place: str, *keys: str | int) -> str:
    """Return the JSON pointer to what is under these keys of *place*."""
    return place + json_pointer(keys)


def words_with_places(place: str, words: str | Sequence[str] | None) -> list[tuple[str, str]]:
    """Return the word at a place, or each word of a list there, with its own pointer."""
    if isinstance(words, str):
        return [(words, place)]
    return [(word, pointer_below(place, number)) for number, word in enumerate(words or ())]


def parse_strictly(name: str, raw: bytes) -> RulebookFile:
    """Return the file with these bytes, read as strict YAML; raise BrokenRulebook if it is not."""
    try:
        return RulebookFile(name, read_document(raw, LARGEST_RULEBOOK_FILE))
    except Unreadable as error:
        what = in_each_language(RULEBOOK_COMMENT if error.code == "document/comment" else error.message, **error.facts)
        line, column = error.line or 1, error.column or 1
        broken = broken_rulebook("file", name, f"{line}:{column}", what)
        broken.position = "", line, column
        raise broken from error
    except ShelterError as error:
        raise broken_rulebook("file", name, "/", in_each_language(error.message, **error.facts)) from error


def read_rulebook_file(folder: Path, name: str, raw: bytes | None = None, schema: str | None = None) -> RulebookFile:
    """Return one file of *folder*; raise BrokenRulebook if it cannot be read.

    *raw* are its bytes, if they were read before. Unless its compiled form is read, the file is checked against its
    *schema*, if one is given; rulebook.lint checks the files of tracks and acts.
    """
    raw = read_file_bytes(folder, name) if raw is None else raw
    if (value := read_compiled(name, raw)) is not None:
        return RulebookFile(name, Document(value, raw.decode()), trusted=True)
    file = parse_strictly(name, raw)
    if schema:
        file.require_schema(schema)
    return file


_decode_json = json.JSONDecoder(parse_float=Decimal).decode


def compiled_name(name: str) -> str:
    """Return the path of a file's compiled form in the folder of compiled forms."""
    return f"{name.removesuffix('.yaml')}.json"


def read_compiled(name: str, raw: bytes) -> dict[str, Any] | None:
    """Return the contents of a shipped file with these bytes; None if there is none, or its compiled form is bad."""
    try:
        form = _decode_json(read_program_file(COMPILED_RULEBOOK_FOLDER / compiled_name(name)).decode())
    except (OSError, ValueError):
        return None
    value: dict[str, Any] = form["value"]
    return value if form["sha256"] == sha256(raw).hexdigest() else None


Each_co = TypeVar("Each_co", covariant=True)


class LazyMapping(Mapping[str, Each_co], Generic[Each_co]):
    """Parts of the rulebook by name, each read when it is first asked for; *among* limits the names that it accepts.

    Only what is asked for is read, so a larger rulebook slows no command.
    """

    def __init__(
        self, names: Sequence[str], read: Callable[[str], Each_co], among: Callable[[str], bool] | None = None
    ) -> None:
        self._names, self._read, self._among = dict.fromkeys(names), read, among
        self._taken: dict[str, Each_co] = {}

    def __getitem__(self, name: str) -> Each_co:
        if name not in self._taken:
            if name not in self:
                raise KeyError(name)
            self._taken[name] = self._read(name)
        return self._taken[name]

    def __contains__(self, name: object) -> bool:
        return name in self._names and (self._among is None or self._among(str(name)))

    def __iter__(self) -> Iterator[str]:
        return filter(self._among, self._names) if self._among else iter(self._names)

    def __len__(self) -> int:
        return sum(1 for _ in self)
