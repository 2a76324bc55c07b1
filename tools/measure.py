"""Measure the size of the source, and the files through which one command goes.

    python -m tools.measure size [FOLDER]         a row for each package: modules, lines, statements, names
    python -m tools.measure words                 how often source and docs use words that plain English avoids
    python -m tools.measure route [--] WORDS…     runs shelterctl WORDS here, and lists the files whose functions ran

FOLDER is src/shelterctl by default. A line of code is neither blank, comment, docstring, import nor a sentence in
``N_(…)``. A statement is one of Python's, docstrings and imports left out: unlike lines, statements do not grow when a
name becomes longer and a call is broken into several lines.
"""

import ast
import io
import os
import re
import sys
import tokenize
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import FrameType
from typing import NamedTuple

SOURCE = Path(__file__).parents[1] / "src" / "shelterctl"
UNCLEAR = ("The same", "What ", "Whatever ", "Whoever ", "How ", "That ", "Those ", "Each of ")
"""Beginnings of docstrings that do not name a definite thing."""

AVOIDED = {"whoever": r"\bwhoever\b", "is told, is said": r"\bis (?:told|said)\b"}
"""Words that plain English avoids, by their patterns."""

WRITTEN = ("*.py", "*.yaml", "*.md", "*.j2", "*.html")
"""Files that people write; what is compiled from them repeats their words."""

COLUMNS = ("modules", "lines", "code", "statements", "imports", "docstrings", "functions", "unclear", "any")
_NO_CODE = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)


class Route(NamedTuple):
    """The route of one run: its exit code, the files in the order in which they were entered, and three counts."""

    exit_code: object
    files: tuple[str, ...]
    functions: int
    calls: int
    changes: int


def measure_file(path: Path) -> Counter[str]:
    """Return the figures of one file, by the names in COLUMNS."""
    text = path.read_text("utf-8")
    nodes = list(ast.walk(ast.parse(text)))
    docstrings = [node for node in nodes if isinstance(node, ast.Expr) and _is_text(node.value)]
    imports = [node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]
    sentences = [node for node in nodes if isinstance(node, ast.Assign) and _is_sentence(node.value)]
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    code = {
        line
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type not in _NO_CODE
        for line in range(token.start[0], token.end[0] + 1)
    }
    explained = [str(ast.literal_eval(node.value)) for node in docstrings]
    return Counter(
        modules=1,
        lines=text.count("\n"),
        code=len(code - _lines_of((*docstrings, *imports, *sentences))),
        statements=sum(isinstance(node, ast.stmt) for node in nodes) - len(docstrings) - len(imports),
        imports=len(_lines_of(imports)),
        docstrings=len(_lines_of(docstrings)),
        functions=len(functions),
        unclear=sum(text.startswith(UNCLEAR) for text in explained),
        any=text.count("Any"),
    )


def measure_packages(source: Path) -> dict[str, Counter[str]]:
    """Return the figures of each package by name, and of all together under ``(all)``."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for path in sorted(source.rglob("*.py")):
        figures = measure_file(path)
        found[path.relative_to(source).parts[0]].update(figures)
        found["(all)"].update(figures)
    return dict(found)


def count_avoided_words(*folders: Path) -> Counter[str]:
    """Return how often files below *folders* use each of the avoided words, by the names of AVOIDED."""
    found: Counter[str] = Counter(dict.fromkeys(AVOIDED, 0))
    for path in {path for folder in folders for pattern in WRITTEN for path in folder.rglob(pattern)}:
        text = path.read_text("utf-8")
        for name, pattern in AVOIDED.items():
            found[name] += len(re.findall(pattern, text, re.IGNORECASE))
    return found


def measure_route(words: Sequence[str]) -> Route:
    """Return the route of one command through the source. The command is carried out in this process, and may write."""
    from shelterctl import __main__ as program

    ours = os.path.join(os.path.dirname(program.__file__), "")  # a folder above may be called shelterctl, too
    files: dict[str, None] = {}
    functions: set[tuple[str, str]] = set()
    calls, changes, last = 0, 0, ""

    def note_call(frame: FrameType, event: str, _: object) -> None:
        nonlocal calls, changes, last
        code = frame.f_code
        if event != "call" or not code.co_flags & 1:  # the body of a module is no function
            return
        if not code.co_filename.startswith(ours):
            return
        file = code.co_filename.removeprefix(ours).replace(os.sep, "/")
        calls += 1
        functions.add((file, code.co_qualname))
        files[file] = None
        changes += file != last
        last = file

    sys.argv = ["shelterctl", *words]
    code: object = 0
    sys.setprofile(note_call)
    try:
        program.main()
    except SystemExit as end:
        code = end.code
    finally:
        sys.setprofile(None)
    return Route(code, tuple(files), len(functions), calls, changes)


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _is_sentence(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "N_"


def _lines_of(nodes: Iterable[ast.stmt]) -> set[int]:
    return {line for node in nodes for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)}


def _print_size(source: Path) -> None:
    rows = sorted(measure_packages(source).items(), key=lambda row: -row[1]["lines"])
    heading = f"{'package':18}" + "".join(f"{name:>12}" for name in COLUMNS)
    lines = [f"{package:18}" + "".join(f"{figures[name]:>12}" for name in COLUMNS) for package, figures in rows]
    sys.stdout.write("\n".join([heading, *lines]) + "\n")


def _print_route(words: Sequence[str]) -> None:
    route = measure_route(words)
    counted = f"{len(route.files)} files, {route.functions} functions, {route.calls} calls"
    sys.stderr.write(f"exit {route.exit_code}: {counted}, {route.changes} changes of file\n")
    sys.stderr.write(" > ".join(route.files) + "\n")


if __name__ == "__main__":
    match sys.argv[1:]:
        case [] | ["size"]:
            _print_size(SOURCE)
        case ["size", folder]:
            _print_size(Path(folder))
        case ["words"]:
            counted = count_avoided_words(SOURCE, SOURCE.parents[1] / "docs")
            sys.stdout.write("".join(f"{name}: {count}\n" for name, count in counted.items()))
        case ["route", "--", *typed] | ["route", *typed]:
            _print_route(typed)
        case _:
            sys.exit(__doc__)
