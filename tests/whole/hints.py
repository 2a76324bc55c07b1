"""Every command that a text of ours tells somebody to type, and the place where it stands."""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeGuard, cast

import typer
import yaml
from typer.exceptions import TyperException

from shelterctl.cli import app
from shelterctl.cli.commands import COMMAND_SUMMARIES
from shelterctl.explain import codes, topic
from shelterctl.rulebook.rulebook import open_rulebook
from tests.support.paths import PROJECT, SOURCE
from tests.support.russian import MESSAGES, forms

READMES = ("README.md", "README.ru.md", "docs/README.md", "docs/windows-checklist.md")

AROUND = re.compile(r"^(?:\$ )?(?:[A-Z_]+=\S+ )*(?:shelterctl\b ?)?|\s+#.*$|\s\d?(?:[<>]+|\|).*$")
"""What stands around the words of a command that is given to be typed: prompt, variables, redirections, a comment."""

SPOKEN_OF = re.compile(
    rf"(?<![\w./«-])shelterctl (?=(?:{'|'.join(COMMAND_SUMMARIES)})\b|--)"
    r"|(?<![\w./-])(?<!--for )(?<!hub )(?<!staff )(?<!ngo )(?<!facility )(?<!provider )(?!add --)"
    rf"(?=(?:{'|'.join(COMMAND_SUMMARIES)})(?: (?:add|list|record|attempt|close|schedule|form|due|run))?"
    r" (?:--[a-z]|[A-Z]{2,}\b))"
)
"""Where a command begins in a sentence: behind the program's name, or with an option or a placeholder behind it.

To add an option to a command is no command of that name, nor is the add of a register.
"""

LOWER = {"journal", "blue", "pink", "monitoring", "security", "shelter.yaml", "resident", "…"}
"""Words of a command that look like words of a sentence."""


VALUE = re.compile(r"[A-ZА-Я_]+|\{\w+\}|[\w/~.-]*[\d/_.-][\w/~.-]*")
"""A placeholder, a fact, or a value that no word of a sentence looks like."""


class Hint(NamedTuple):
    """The words of one command, without the name of the program, and where they stand."""

    place: str
    words: str


def typed(text: str) -> list[str]:
    """Whatever is given to be typed: indented, between backticks, or behind a prompt."""
    indented = [line.strip() for line in text.splitlines() if line.startswith("    ")]
    behind = re.findall(r"^\$ (.*)$", text, re.MULTILINE)
    running = re.sub(r"```.*?```", "", text, flags=re.DOTALL).replace("\n", " ")
    return [*indented, *behind, *re.findall(r"`([^`]+)`", running)]


def names_a_command(line: str) -> bool:
    """Whether what is given to be typed begins with the program, or with one of its commands."""
    program = r"(?:[A-Z_]+=\S+ )*shelterctl(?: (?!\"|\w+/\d)|$)"  # a script hands on "$@"; trust/1 is signed
    names = "|".join(COMMAND_SUMMARIES)
    return bool(re.match(rf"{program}|(?!export [A-Z_]+=)(?:{names})(?: [-A-Z\d]|$)", line.strip()))


@cache
def command(*words: str) -> tuple[Any, int]:
    """The command that the words begin with, and how many of them name it; none where there is no such."""
    found: Any = app.CommandGroup(name="shelterctl").get_command(None, words[0])
    if found is not None and hasattr(found, "commands"):
        named = words[1] if len(words) > 1 else ""
        default = getattr(found, "default_command", None) if named not in found.commands else None
        return (found.commands[default], 1) if default else (found.commands.get(named), 2)
    return found, 1


def misread(words: list[str]) -> str | None:
    """Why the program would not take these words; none where it would."""
    if not words or words == ["--version"] or set(words) <= {"--help", "-h"}:
        return None
    if words[0].startswith("-"):
        words = ["menu", *words]
    group: Any = app.CommandGroup(name="shelterctl").get_command(None, words[0])
    one, named = command(*words[:2])
    if one is None:
        return None if hasattr(group, "commands") and set(words[1:]) <= {"--help"} else "no such command"
    rest = words[named:]
    if set(rest) <= {"--help"}:
        return None
    try:
        _, left, _ = one.make_parser(typer.Context(one)).parse_args(list(rest))
    except TyperException as error:
        return f"{type(error).__name__}: {error}"
    return f"too much: {left}" if left else None


def spoken(text: str) -> Iterator[str]:
    """The commands that a sentence names, each as far as its words reach."""
    for found in SPOKEN_OF.finditer(text):
        words = _reach(text[found.end() :].split())
        if len(words) > 1 or found[0]:
            yield " ".join(words)


def _reach(tokens: list[str]) -> list[str]:
    """The words up to where the sentence goes on."""
    words: list[str] = []
    takes = ""
    for token in tokens:
        bare = re.sub(r"[.,;:!?)'\"»]+$", "", token.strip("[]"))
        known = len(words) == 0 or (
            len(words) == 1 and command(words[0], bare)[0] is not None and command(words[0])[1] == 2
        )
        value = VALUE.fullmatch(bare) or bare in LOWER or bare in topic.TOPICS
        if takes and not value:  # "what admit --from takes": the option alone is meant
            return [*words, takes]
        if not (known or bare.startswith("--") or value):
            break
        words.append(bare)
        takes = _takes(words[:2], bare) if bare.startswith("--") else ""
        if bare != token.strip("[]"):
            break
    return [*words, takes] if takes else words


def _takes(words: list[str], option: str) -> str:
    """What stands behind an option, as help calls it; nothing behind a flag."""
    one, _ = command(*words)
    params = [param for param in getattr(one, "params", ()) if option in param.opts]
    return str(params[0].metavar or "N") if params and not params[0].is_flag else ""


Nodes = dict[Path, list[ast.AST]]
"""Every node of each program, the whole of it first."""


def _nodes(path: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(path.read_text("utf-8"))))


def _sentences(path: Path) -> Iterator[str]:
    """Every text of a program that is said to somebody."""
    for node in _nodes(path):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("N_", "Plural"):
            texts = [part.value for part in node.args if isinstance(part, ast.Constant)]
            yield from (text.partition("Example: shelterctl")[0] for text in texts if isinstance(text, str))


def _texts(node: Any) -> Iterator[str]:
    """Every text below a node of a document that is said to somebody; cases and lines to be typed are not."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict | list):
        for below in [node[key] for key in node if key != "example"] if isinstance(node, dict) else node:
            yield from _texts(below)


def _helped() -> Iterator[tuple[str, str]]:
    """Every help text of a command and its options, as it is written."""
    for name in COMMAND_SUMMARIES:
        found: Any = app.CommandGroup(name="shelterctl").get_command(None, name)
        for one in (found, *getattr(found, "commands", {}).values()):
            for text in (one.help, *(getattr(param, "help", None) for param in one.params)):
                yield f"{name} --help", text or ""


def _given() -> Iterator[tuple[str, str]]:
    """What is given to be typed as it stands: places and lines."""
    pages = {name: PROJECT / name for name in READMES}
    pages |= {f"{path.parent.name}/{path.name}": path for path in sorted(topic.TOPICS_FOLDER.rglob("*.md"))}
    for place, path in pages.items():
        if path.exists():
            yield from ((place, line) for line in typed(path.read_text("utf-8")))
    for name in COMMAND_SUMMARIES:
        found: Any = app.CommandGroup(name="shelterctl").get_command(None, name)
        for one in (found, *getattr(found, "commands", {}).values()):
            yield f"{name} --help", (one.epilog or "").removeprefix("Example: ")
    for code, known in codes.read_errors().items():
        yield from ((f"errors.yaml {code}", line) for line in known.example or ())
    rulebook = open_rulebook()
    for name, (_, item, _) in codes.items_by_code(rulebook).items():
        yield from ((f"explain {name}", line) for line in codes.item_commands(rulebook, item))


def _said() -> Iterator[tuple[str, str]]:
    """Sentences: places and texts."""
    yield from _helped()
    for path in sorted(SOURCE.rglob("*.py")):
        yield from ((path.relative_to(SOURCE).as_posix(), text) for text in _sentences(path))
    for message in MESSAGES:
        yield from (("ru.po", text.partition("Пример: shelterctl")[0]) for text in forms(message))
    for file in (
        PROJECT / "docs/errors.yaml",
        PROJECT / "docs/glossary.yaml",
        *(path for path in sorted((SOURCE / "manual").rglob("*.yaml")) if path.parent.name != "coverage"),
    ):
        for text in _texts(yaml.load(file.read_text("utf-8"), yaml.CSafeLoader)):
            yield file.name, text


def hints() -> Iterator[Hint]:
    """Every command that is named anywhere."""
    for place, line in _given():
        for part in re.split(r"\s\|\s", line):
            if names_a_command(part):
                yield Hint(place, bare(part))
    for place, text in _said():
        yield from (Hint(place, words) for words in spoken(text))


KINDS = (
    "vault/",
    "journal/",
    "store/",
    "trust/",
    "repair/",
    "restore/",
    "backup/",
    "sealed/",
    "disk/",
    "check/",
    "init/",
)
"""What the codes begin with by which damage, an interrupted command or a foreign file is told."""


def remedies() -> set[tuple[str, str]]:
    """What each error and finding of these kinds says to do, by its code, wherever it is made in the program.

    A finding has no hint of its own: what to do about it stands in its message. With them under `repair` what a repair
    says besides, and what it puts in the place of another error's hint.
    """
    trees: Nodes = {path: _nodes(path) for path in SOURCE.rglob("*.py")}
    known = {
        (path, target.id): found
        for path, nodes in trees.items()
        for node in nodes
        if isinstance(node, ast.Assign) and (found := _marked(node.value))
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    makers = {
        node.name: node
        for module, *_ in trees.values()
        for node in cast("ast.Module", module).body
        if isinstance(node, ast.FunctionDef) and {"code", "hint"} & _optional(node)
    }
    hints = {
        (code, said)
        for path, nodes in trees.items()
        for node in nodes
        if isinstance(node, ast.Call)
        for code, what in (*_told(node), *_made_by(node, makers))
        for said in _meant(what, path, known, trees)
    }
    in_hints = {said for _, said in hints}
    spoken_here = {
        said
        for (path, _), said in known.items()
        if path.name == "repair.py" and path.match("cli/*.py") and said not in in_hints
    }
    return hints | {("repair", said) for said in spoken_here if "shelterctl " in said or "{aside}" in said}


def _told(call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    """The code that an error or a finding is made with, and what says there what to do."""
    given = {each.arg: each.value for each in call.keywords}
    error, finding = next(iter(call.args), None), given.get("code")
    if isinstance(error, ast.Constant) and str(error.value).startswith(KINDS) and "hint" in given:
        yield str(error.value), given["hint"]
    if isinstance(error, ast.Attribute) and error.attr == "code" and "hint" in given:  # another error, told further
        yield "repair", given["hint"]
    if isinstance(finding, ast.Constant) and str(finding.value).startswith("store/"):
        yield str(finding.value), given["message"]


def _optional(maker: ast.FunctionDef) -> set[str]:
    """The parameters of a function that may be left out."""
    count = len(maker.args.defaults)
    return {each.arg for each in maker.args.args[len(maker.args.args) - count :]} if count else set()


def _made_by(call: ast.Call, makers: dict[str, ast.FunctionDef]) -> Iterator[tuple[str, ast.expr]]:
    """The code and the hint of an error that another function makes, one of them or both handed to it."""
    maker = makers.get(call.func.id) if isinstance(call.func, ast.Name) else None
    if maker is None:
        return
    names = [each.arg for each in maker.args.args]
    values: dict[str, ast.expr] = dict(zip(names[-len(maker.args.defaults) :], maker.args.defaults, strict=True))
    values |= dict(zip(names, call.args, strict=False)) | {str(each.arg): each.value for each in call.keywords}
    for made in ast.walk(maker):
        hint = next((each.value for each in made.keywords if each.arg == "hint"), None) if _is_error(made) else None
        if isinstance(made, ast.Call) and made.args and hint is not None:
            code, what = (values.get(one.id, one) if isinstance(one, ast.Name) else one for one in (made.args[0], hint))
            if isinstance(code, ast.Constant) and str(code.value).startswith(KINDS):
                yield str(code.value), what


def _is_error(node: ast.AST) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and any(each.arg == "hint" for each in node.keywords)


def _meant(what: ast.expr, path: Path, known: dict[tuple[Path, str], str], trees: Nodes) -> list[str]:
    """The sentences that an expression may stand for, written there or named."""
    if isinstance(what, ast.IfExp):
        return [*_meant(what.body, path, known, trees), *_meant(what.orelse, path, known, trees)]
    if found := _marked(what):
        return [found]
    name = what.id if isinstance(what, ast.Name) else what.attr if isinstance(what, ast.Attribute) else ""
    home = _module(path, what, trees) if isinstance(what, ast.Attribute) else _home(path, name, trees)
    session = known.get((path, name)) or known.get((home, name))
    return [session] if session else sorted({said for (_, other), said in known.items() if other == name})


def _home(path: Path, name: str, trees: Nodes) -> Path:
    """The module that a name was imported from."""
    for node in trees[path]:
        if isinstance(node, ast.ImportFrom) and name in {each.name for each in node.names}:
            return SOURCE.parent / f"{str(node.module).replace('.', '/')}.py"
    return path


def _module(path: Path, what: ast.Attribute, trees: Nodes) -> Path:
    """The module that a name is looked up in, where it stands behind the name of one."""
    for node in trees[path]:
        if (
            isinstance(node, ast.ImportFrom)
            and isinstance(what.value, ast.Name)
            and what.value.id in {each.name for each in node.names}
        ):
            return SOURCE.parent / str(node.module).replace(".", "/") / f"{what.value.id}.py"
    return path


def _marked(node: ast.expr) -> str:
    """The text that is marked for the catalogue there."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "N_":
        return str(ast.literal_eval(node.args[0]))
    return ""


def bare(line: str) -> str:
    """The words of a command as it is given to be typed, without what stands around them."""
    line = " ".join(line.split())
    for _ in range(2):
        line = AROUND.sub("", line)
    return line


def gathered(every: Iterable[Hint]) -> dict[str, list[str]]:
    """Each command once, with its places."""
    found: dict[str, list[str]] = {}
    for hint in every:
        found.setdefault(hint.words, []).append(hint.place)
    return found
