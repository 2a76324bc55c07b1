"""What compiles the shelf that is shipped: each file read strictly, held to its schema, and written down as JSON.

A test does the same in memory and compares, so that nothing is shipped which was not held so.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

from shelterctl.library.compilation import FOLDER, compiled, file_of
from shelterctl.library.file import DOCS, PACKAGE, SCHEMAS, hold, read_strictly

SHELF = PACKAGE / "manual"


def files() -> Iterator[tuple[str, Path]]:
    """Every file that is taken down from a shelf, with the name by which it is."""
    yield from ((path.relative_to(SHELF).as_posix(), path) for path in sorted(SHELF.rglob("*.yaml")))
    yield from ((path.name, path) for path in sorted(DOCS.glob("*.yaml")))


def compile_shelf() -> dict[str, bytes]:
    """The compiled forms of all files, by where they lie; BrokenRulebook if one is not whole."""
    return {file_of(name): _compiled(name, path.read_bytes()) for name, path in files()}


def publish(folder: Path = FOLDER) -> None:
    """Write the compiled forms into *folder*, and nothing else lies there afterwards."""
    forms = compile_shelf()
    shutil.rmtree(folder, ignore_errors=True)
    for name, form in forms.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(form)


def _compiled(name: str, raw: bytes) -> bytes:
    read = read_strictly(name, raw)
    schema = str(read.value["schema"]).partition("/")[0]
    if (SCHEMAS / "shelf" / f"{schema}.schema.json").is_file():  # words of tracks and acts are held as they are taken
        hold(name, read, schema)
    return compiled(raw, read.value)
