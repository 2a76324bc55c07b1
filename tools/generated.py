"""Make the files that are generated from the manual and shipped beside it: compiled rulebook, compiled templates and
schemas.

`make shelf` and `make schemas` write them, and tests compare them with what is shipped.
"""

import json
import re
import shutil
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import jinja2

from shelterctl.core.tables.lists import name_client_columns
from shelterctl.press.template import COMPILED_TEMPLATES, compiled_template_file, template_environment
from shelterctl.rulebook.files import (
    COMPILED_RULEBOOK_FOLDER,
    DOCS_FOLDER,
    MANUAL_FOLDER,
    OUTLINES_FILE,
    SCHEMAS_FOLDER,
    compiled_name,
    parse_strictly,
)
from shelterctl.rulebook.rulebook import Rulebook, open_rulebook
from shelterctl.schemas.fields import Schema
from shelterctl.schemas.published import HANDWRITTEN_SCHEMAS, schema_makers

AMOUNT = re.compile(r'"\\u0000(-?[0-9]+\.[0-9]+)"')
"""The mark of a decimal in JSON; no text of a rulebook can contain that first character."""


def format_compiled(raw: bytes, value: dict[str, Any]) -> bytes:
    """Return the compiled form of a file with these bytes and this value."""
    form = {"sha256": sha256(raw).hexdigest(), "value": value}
    text = json.dumps(form, ensure_ascii=False, separators=(",", ":"), default="\0{:f}".format)
    return (AMOUNT.sub(r"\1", text) + "\n").encode()


def list_manual_files() -> Iterator[tuple[str, Path]]:
    """Return every file that is shipped to be read with a rulebook, by its name in it."""
    yield from ((path.relative_to(MANUAL_FOLDER).as_posix(), path) for path in sorted(MANUAL_FOLDER.rglob("*.yaml")))
    yield from ((path.name, path) for path in sorted(DOCS_FOLDER.glob("*.yaml")))


def compile_rulebook() -> dict[str, bytes]:
    """Return the compiled forms of all files, by their paths, and that of the columns of clients. Raises BrokenRulebook
    if a file is not whole.
    """
    forms = {compiled_name(name): _compile_file(name, path.read_bytes()) for name, path in list_manual_files()}
    rulebook = open_rulebook()
    tracks = {"columns": dict(name_client_columns(rulebook.tracks)), "outlines": rulebook.outline_tracks()}
    return {**forms, compiled_name(OUTLINES_FILE): format_compiled(rulebook.join_tracks(), tracks)}


def _compile_file(name: str, raw: bytes) -> bytes:
    file = parse_strictly(name, raw)
    schema = str(file.value["schema"]).partition("/")[0]
    if (SCHEMAS_FOLDER / "shelf" / f"{schema}.schema.json").is_file():  # tracks and acts are checked by rulebook.lint
        file.require_schema(schema)
    return format_compiled(raw, file.value)


def write_compiled_rulebook(folder: Path = COMPILED_RULEBOOK_FOLDER) -> None:
    """Write the compiled forms of the rulebook's files into *folder*, and remove everything else there."""
    forms = compile_rulebook()
    shutil.rmtree(folder, ignore_errors=True)
    for name, form in forms.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(form)


def format_compiled_template(source: str, python: str) -> str:
    """Return the compiled form of a template with that text, for that Python."""
    form = {"sha256": sha256(source.encode()).hexdigest(), "jinja": jinja2.__version__, "python": python}
    return json.dumps(form, ensure_ascii=False) + "\n"


def compile_templates(language: str = "en") -> dict[str, str]:
    """Return the compiled forms of all templates, by name."""
    environment, forms = template_environment(language), {}
    for name in environment.list_templates(extensions=["j2"]):
        source, _, _ = environment.loader.get_source(environment, name)  # type: ignore[union-attr]
        forms[name] = format_compiled_template(source, environment.compile(source, name, raw=True))
    return forms


def write_compiled_templates() -> None:
    """Write the compiled forms of the templates, and remove those of templates that no longer exist."""
    COMPILED_TEMPLATES.mkdir(exist_ok=True)
    for old in COMPILED_TEMPLATES.glob("*.json"):
        old.unlink()
    for name, form in compile_templates().items():
        compiled_template_file(name).write_text(form, "utf-8")


def make_schemas(rulebook: Rulebook) -> dict[str, Schema]:
    """Return every published schema, by name."""
    return {name: make() for name, make in schema_makers(rulebook).items()}


def write_schemas(folder: Path = SCHEMAS_FOLDER) -> None:
    """Write every schema that is made from the manual into *folder*; the others there are written by hand."""
    for name, schema in make_schemas(open_rulebook()).items():
        if name not in HANDWRITTEN_SCHEMAS:
            text = json.dumps(schema, ensure_ascii=False, indent=1) + "\n"
            (folder / f"{name}.schema.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    if "shelf" in sys.argv:
        write_compiled_rulebook()
        write_compiled_templates()
    if "schemas" in sys.argv:
        write_schemas()
