"""Collect every sentence of the program from the sources; `make catalogue` writes them into the catalogues."""

import ast
import inspect
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import typer
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

from shelterctl.cli.commands import (
    COMMAND_SUMMARIES,
    ENTRY_ACT_COMMANDS,
    MODULES_OF_COMMANDS,
    REGISTER_COMMANDS,
    load_command,
)
from shelterctl.core.tables.columns import NOT_WRITTEN_DOWN
from shelterctl.core.tables.derived_columns import DERIVED_COLUMNS
from shelterctl.rulebook.files import TEMPLATES_FOLDER
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.schemas import published
from shelterctl.ui_language import SCREEN_LANGUAGES

PROJECT = Path(__file__).parents[1]
SOURCE = PROJECT / "src" / "shelterctl"
LANGUAGES = [language for language in SCREEN_LANGUAGES if language != "en"]
PAPER = "paper"
CATALOGUES = [("shelterctl", language) for language in LANGUAGES] + [(PAPER, language) for language in ("ru", "ky")]
"""The catalogues by content: sentences of screens, and sentences that templates print around the manual's words."""
HEADER = """\
# The sentences of shelterctl in another language. Written by `make catalogue`, translated by hand.
"""
CHATTER = (b'"Project-Id', b'"Report-Msgid', b'"Last-Translator', b'"Language-Team', b'"Generated-By')

Sentence = str | tuple[str, str]
"""A message as gettext has it: one sentence, or its two English forms."""

Place = tuple[str, int]


def sentences() -> dict[Sentence, list[Place]]:
    """Return every sentence that the program may show to a person, with the places where it occurs."""
    found: dict[Sentence, list[Place]] = {}
    for sentence, place in (*marked(), *helped(), *titled()):
        found.setdefault(sentence, []).append(place)
    return found


def marked() -> Iterator[tuple[Sentence, Place]]:
    """Yield the texts marked with N_, and both forms of texts that depend on a number."""
    for path in sorted(SOURCE.rglob("*.py")):
        inside: set[ast.AST] = set()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if node in inside or not isinstance(node, ast.Call):
                continue
            place = (path.relative_to(PROJECT).as_posix(), node.lineno)
            if isinstance(node.func, ast.Name) and node.func.id == "Plural":
                inside |= set(node.args)
                yield (_text(node.args[0]), _text(node.args[1])), place
            elif isinstance(node.func, ast.Name) and node.func.id == "N_":
                yield _text(node), place


def _text(node: ast.AST) -> str:
    """Return the words of a mark; they must be literal, because nobody can translate what is put together later."""
    while isinstance(node, ast.Call):
        node = node.args[0]
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        raise TypeError(f"not a sentence that stands there: {ast.unparse(node)}")
    return node.value


def printed() -> dict[Sentence, list[Place]]:
    """Return every sentence that a template prints itself, with the places where it occurs: also the words of columns
    for no answer, which reports print.
    """
    columns = (SOURCE / "core" / "tables" / "columns.py").relative_to(PROJECT).as_posix()
    nothing = {NOT_WRITTEN_DOWN, *(one.nothing for one in DERIVED_COLUMNS if one.nothing)}
    found: dict[Sentence, list[Place]] = {str(one): [(columns, 0)] for one in sorted(nothing)}
    for path in sorted(TEMPLATES_FOLDER.glob("*.j2")):
        with path.open("rb") as stream:
            for line, _, said, _ in babel_extract(stream, ["_"], (), {}):
                text = said if isinstance(said, str) else said and said[0]  # the facts follow after the sentence
                if text:  # none stands there where the program names the sentence
                    found.setdefault(text, []).append((path.relative_to(PROJECT).as_posix(), line))
    return found


def sentences_of(catalogue: str) -> dict[Sentence, list[Place]]:
    """Return what a catalogue has to translate."""
    return printed() if catalogue == PAPER else sentences()


def helped() -> Iterator[tuple[Sentence, Place]]:
    """Yield the help texts of every command: its help, its example, and the help of its arguments and options."""
    for name in COMMAND_SUMMARIES:
        made = name in {*REGISTER_COMMANDS, *ENTRY_ACT_COMMANDS}
        path = SOURCE / (
            "menu/main.py"
            if name == "menu"
            else f"cli/{'commands' if made else MODULES_OF_COMMANDS.get(name, name.replace('-', '_'))}.py"
        )
        source = path.read_text("utf-8")
        for text in _of(typer.main.get_command(load_command(name))):
            at = source.find(text.splitlines()[0][:40])
            yield text, (path.relative_to(PROJECT).as_posix(), source.count("\n", 0, max(at, 0)) + 1)


def _of(command: Any) -> Iterator[str]:
    for part, name in [(command, "help"), (command, "epilog"), *((param, "help") for param in command.params)]:
        if getattr(part, name, None):
            yield inspect.cleandoc(getattr(part, name))
    for below in getattr(command, "commands", {}).values():
        yield from _of(below)


def titled() -> Iterator[tuple[Sentence, Place]]:
    """Yield the titles of schemas and their formats, as `schema` lists them and findings name them.

    The titles of fields are in the rulebook, in every language.
    """
    rulebook = open_rulebook()
    for name, title in published.schema_titles(rulebook).items():
        if not isinstance(title, str):  # an entry of a track, named in the rulebook, in formats of a record
            continue
        body = {} if name == "outcome" else published.schema_by_name(rulebook, name)  # nobody writes a page by hand
        formats = [part for part in body.get("$defs", {}).values() if "properties" not in part]
        for text in (title, *_expected(formats or [body])):
            yield text, (f"schemas/{name}.schema.json", 1)


def _expected(node: Any) -> Iterator[str]:
    """Yield the descriptions of what is expected where a text must be written in a certain way."""
    if isinstance(node, dict):
        told = node.get("description") or node.get("title")
        yield from [told] if told and not node.keys().isdisjoint(FORMED) else ()
    for below in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _expected(below)


FORMED = ("pattern", "anyOf", "propertyNames")


def po(language: str, catalogue: str = "shelterctl") -> Path:
    """Return the file with the translations into a language."""
    return SOURCE / "locale" / language / "LC_MESSAGES" / f"{catalogue}.po"


def written(language: str, catalogue: str = "shelterctl") -> Catalog:
    """Return the catalogue of a language as it is on disk; an empty one if there is none yet."""
    if not po(language, catalogue).exists():
        return Catalog(locale=language)
    with po(language, catalogue).open("rb") as stream:
        return read_po(stream, locale=language, abort_invalid=True)


def compiled(catalogue: Catalog) -> bytes:
    """Return the catalogue in the form that the program reads."""
    stream = BytesIO()
    write_mo(stream, catalogue)
    return stream.getvalue()


def brought_up_to_date(language: str, old: Catalog, catalogue: str = "shelterctl") -> Catalog:
    """Return a catalogue with every present sentence and its translation, if there is one, without sentences that no
    longer exist.
    """
    new = Catalog(
        locale=language,
        header_comment=HEADER,
        project="shelterctl",
        creation_date=old.creation_date,
        revision_date=old.revision_date,
        fuzzy=False,
    )
    for sentence, places in sorted(sentences_of(catalogue).items(), key=lambda one: (one[1][0], one[0])):
        places_of = [(file, None) for file in sorted({file for file, _ in places})]
        new.add(sentence, _kept(old.get(sentence), sentence), locations=places_of)  # type: ignore[arg-type]
    return new


def _kept(before: Message | None, sentence: Sentence) -> Any:
    """Return the existing translation of a sentence; a guessed one does not count."""
    known = before is not None and not before.fuzzy and before.pluralizable == isinstance(sentence, tuple)
    return before.string if before is not None and known else ""


def _without_chatter(catalogue: Catalog) -> bytes:
    """Return the file as it is kept: without headings that only name tools and people."""
    stream = BytesIO()
    write_po(stream, catalogue, width=120, ignore_obsolete=True)
    return b"".join(line for line in stream.getvalue().splitlines(keepends=True) if not line.startswith(CHATTER))


def is_missing(message: Message) -> bool:
    """Whether a sentence, or a form of it, has no translation."""
    strings = message.string if isinstance(message.string, tuple | list) else [message.string]
    return not strings or not all(strings)


def main() -> int:
    """Write the catalogues again, and list the places of sentences that are not translated yet."""
    lacking = 0
    for name, language in CATALOGUES:
        catalogue, file = brought_up_to_date(language, written(language, name), name), po(language, name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(_without_chatter(catalogue))
        file.with_suffix(".mo").write_bytes(compiled(catalogue))
        for sentence, places in sentences_of(name).items():
            if is_missing(catalogue[sentence]):
                lacking += 1
                first = sentence if isinstance(sentence, str) else sentence[0]
                sys.stdout.write(f"{places[0][0]}:{places[0][1]}: {language}: {first}\n")
    sys.stdout.write(f"{lacking} not translated\n")
    return int(lacking > 0)


if __name__ == "__main__":
    sys.exit(main())
