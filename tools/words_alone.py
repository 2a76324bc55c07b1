"""What a change is besides a change of words: for a commit that says it only rewords.

    python -m tools.words_alone source COMMIT        modules of src that differ in more than strings and comments
    python -m tools.words_alone transcripts COMMIT   lines of transcripts that differ, the old one above the new

COMMIT is the state to compare with. Syntax trees are compared with every string blanked and docstrings left out. Of
transcripts the commands, what was typed, and how each ended must be what they were; every other line is wording.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path

PROJECT = Path(__file__).parents[1]

KEPT = re.compile(r"^(?:\$ shelterctl .*|> .*|\(exit \d+\).*)$", re.MULTILINE)
"""Lines of a transcript that no change of words may touch."""


def blank_words(source: str) -> str:
    """Return the syntax tree of *source* as text, without docstrings and with every string empty."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
        if isinstance(body := getattr(node, "body", None), list):
            body[:] = [each for each in body if not _is_string(each)] or [ast.Pass()]
    return ast.dump(tree)


def _is_string(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def differs_in_more_than_words(old: str, new: str) -> bool:
    """Return whether two versions of a module differ in anything but strings, docstrings and comments."""
    return blank_words(old) != blank_words(new)


def differs_in_what_was_done(old: str, new: str) -> bool:
    """Return whether two versions of a transcript differ in commands, answers or exit codes."""
    return KEPT.findall(old) != KEPT.findall(new)


def changed_files(commit: str, folder: str, ending: str) -> Iterator[tuple[str, str, str]]:
    """Yield the files below *folder* that differ from *commit*: name, old text, new text; a missing text is empty."""
    for name in _git("diff", "--name-only", commit, "--", folder).splitlines():
        if name.endswith(ending):
            path = PROJECT / name
            yield name, _git("show", f"{commit}:{name}"), path.read_text("utf-8") if path.exists() else ""


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=PROJECT, capture_output=True, text=True, check=False).stdout


def changed_lines(old: str, new: str) -> Iterator[tuple[str, str]]:
    """Yield each run of lines that differs, old and new."""
    before, after = old.splitlines(), new.splitlines()
    for what, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what != "equal":
            yield "\n".join(before[a:b]), "\n".join(after[c:d])


def main() -> int:
    """Say what differs; 1 where anything but words does."""
    match sys.argv[1:]:
        case ["source", commit]:
            more = [name for name, *texts in changed_files(commit, "src", ".py") if differs_in_more_than_words(*texts)]
            sys.stdout.write("".join(f"{name}\n" for name in more))
        case ["transcripts", commit]:
            more = []
            for name, old, new in changed_files(commit, "tests", ".txt"):
                more += [name] if differs_in_what_was_done(old, new) else []
                sys.stdout.write(f"== {name}\n")
                sys.stdout.writelines(f"- {was}\n+ {now}\n" for was, now in changed_lines(old, new))
            sys.stdout.write("".join(f"more than words: {name}\n" for name in more))
        case _:
            sys.exit(__doc__)
    return int(bool(more))


if __name__ == "__main__":
    sys.exit(main())
