"""What compiles the shelf that is shipped: each file read strictly, held to its schema, and written down as JSON.

A test does the same in memory and compares, so that nothing is shipped which was not held so.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

from shelterctl.rulebook.files import (
    COMPILED_RULEBOOK_FOLDER,
    DOCS_FOLDER,
    PACKAGE_FOLDER,
    SCHEMAS_FOLDER,
    check_against_schema,
    compiled_name,
    format_compiled,
    parse_strictly,
)

SHIPPED_MANUAL_FOLDER = PACKAGE_FOLDER / "manual"


def list_manual_files() -> Iterator[tuple[str, Path]]:
    """Every file that is taken down from a shelf, with the name by which it is."""
    yield from (
        (path.relative_to(SHIPPED_MANUAL_FOLDER).as_posix(), path)
        for path in sorted(SHIPPED_MANUAL_FOLDER.rglob("*.yaml"))
    )
    yield from ((path.name, path) for path in sorted(DOCS_FOLDER.glob("*.yaml")))


def compile_rulebook() -> dict[str, bytes]:
    """The compiled forms of all files, by where they lie; BrokenRulebook if one is not whole."""
    return {compiled_name(name): _compile_file(name, path.read_bytes()) for name, path in list_manual_files()}


def write_compiled_rulebook(folder: Path = COMPILED_RULEBOOK_FOLDER) -> None:
    """Write the compiled forms into *folder*, and nothing else lies there afterwards."""
    forms = compile_rulebook()
    shutil.rmtree(folder, ignore_errors=True)
    for name, form in forms.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(form)


def _compile_file(name: str, raw: bytes) -> bytes:
    read = parse_strictly(name, raw)
    schema = str(read.value["schema"]).partition("/")[0]
    if (
        SCHEMAS_FOLDER / "shelf" / f"{schema}.schema.json"
    ).is_file():  # words of tracks and acts are held as they are taken
        check_against_schema(name, read, schema)
    return format_compiled(raw, read.value)
