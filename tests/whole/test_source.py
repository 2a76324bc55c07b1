"""The house in order: one door for each tool, one voice, nothing heavy at the door, every room named and explained."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from shelterctl.cli import app
from shelterctl.cli.commands import COMMAND_SUMMARIES, ENTRY_ACT_COMMANDS, MODULES_OF_COMMANDS, REGISTER_COMMANDS
from shelterctl.core.manual.act import SOFTENED_REASON
from shelterctl.core.rules.verbs.vocabulary import VERBS
from shelterctl.explain import topic
from shelterctl.rulebook.files import MANUAL_FOLDER
from shelterctl.rulebook.rulebook import open_rulebook
from tests.support.paths import PROJECT, SOURCE

PROGRAMS = {path.relative_to(SOURCE).as_posix(): path.read_text("utf-8") for path in sorted(SOURCE.rglob("*.py"))}
COMMANDS_PAGE = (topic.TOPICS_FOLDER / "en" / "commands.md").read_text("utf-8")

DOORS = {
    "yaml": {"document"},
    "pyrage": {"identity", "vault"},
    "cryptography": {"identity"},
    "filelock": {"vault"},
    "jsonschema": {"validation"},
    "jsonschema_rs": {"validation"},
    "unicode_rbnf": {"form_notation"},
    "segno": {"qr"},
    "typer": {"cli", "menu"},
    "platformdirs": {"session"},
    "rich": {"output"},
    "jinja2": {"press"},
    "markupsafe": {"press"},
    "typst": {"press"},
    "xlsxwriter": {"tabular"},
    "openpyxl": {"tabular"},
    "arro3": {"tabular"},
    "click": set(),
}
"""Tools, and the only rooms that know them."""

HEAVY = (
    "jinja2",
    "jsonschema",
    "jsonschema_rs",
    "typst",
    "pyrage",
    "cryptography",
    "rich",
    "yaml",
    "unicode_rbnf",
    "segno",
    "xlsxwriter",
    "openpyxl",
    "arro3",
)
IMPURE = {
    "io",
    "os",
    "pathlib",
    "random",
    "secrets",
    "shutil",
    "socket",
    "subprocess",
    "sys",
    "tempfile",
    "time",
    "yaml",
}


def room(name: str) -> str:
    return name.partition("/")[0].removesuffix(".py")


@cache
def imported(name: str) -> frozenset[str]:
    """The first names of every import of a program, also of those inside functions."""
    nodes = list(ast.walk(ast.parse(PROGRAMS[name])))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    parts = {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom) and node.module and not node.level}
    return frozenset(each.split(".")[0] for each in plain | parts)


@cache
def called(name: str) -> frozenset[str]:
    """What a program calls, as it is written there."""
    nodes = ast.walk(ast.parse(PROGRAMS[name]))
    return frozenset(ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call))


def python(code: str, *words: str) -> str:
    """What *code* prints in a process of its own, given these words of the command line."""
    ended = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True)
    return ended.stdout


def loaded(*words: str) -> set[str]:
    """The first names of all modules that the program holds when it ends."""
    code = "import sys, shelterctl.__main__ as m\ntry: m.main()\nexcept SystemExit: pass\nprint('|', *sys.modules)"
    return {name.partition(".")[0] for name in python(code, *words).rpartition("|")[2].split()}


def commands() -> Iterator[tuple[str, Any]]:
    """Every command and command of a group, by its words."""
    group = app.CommandGroup(name="shelterctl")
    for name in COMMAND_SUMMARIES:
        command = group.get_command(None, name)
        below = getattr(command, "commands", None)
        yield from ((f"{name} {each}", one) for each, one in below.items()) if below else [(name, command)]


@pytest.mark.parametrize("tool", DOORS)
def test_every_tool_has_one_door(tool: str) -> None:
    assert {room(name) for name in PROGRAMS if tool in imported(name)} <= DOORS[tool]


def test_every_tool_that_is_installed_with_us_has_a_door() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["tables"]]
    modules = {"pyyaml": "yaml", "arro3_core": "arro3", "arro3_io": "arro3"}
    names = {re.sub(r"[<>=; ].*", "", each).replace("-", "_") for each in wanted}
    names = {modules.get(each, each) for each in names}
    assert names <= set(DOORS)


def test_the_core_opens_nothing_and_asks_no_clock() -> None:
    for name in PROGRAMS:
        if room(name) == "core":
            assert not IMPURE & imported(name), name
            assert "open" not in called(name), name


def test_only_commands_ask_the_date() -> None:
    asking = {
        name
        for name, text in PROGRAMS.items()
        if re.search(r"\b(date\.today|datetime\.(now|utcnow)|time\.time)\b", ast.unparse(ast.parse(text)))
    }
    assert {room(name) for name in asking} <= {"cli", "session"}


def test_only_the_voices_and_the_screen_they_share_write() -> None:
    assert not [name for name in PROGRAMS if "print" in called(name)]
    writing = {name for name, text in PROGRAMS.items() if re.search(r"sys\.(stdout|stderr)\.write|typer\.echo", text)}
    assert {room(name) for name in writing} <= {"output", "terminal", "__main__", "cli"}
    assert {name for name in writing if room(name) == "cli"} <= {"cli/app.py"}  # typer's help, handed on


SEVERAL = re.compile(r"\b(sys\.platform|os\.name|winerror|winreg|import (?:msvcrt|fcntl|termios|ctypes))\b")
SYSTEMS = {
    "disk_errors": ("windows/test_trouble.py", "windows/test_hold.py"),
    "drives": ("custody/test_backup.py", "windows/test_trouble.py", "custody/test_safeguards.py"),
    "posix_terminal": ("whole/test_transcripts.py", "terminal/test_passphrase.py"),
    "process": ("windows/test_job.py", "identity/test_keys.py"),
    "reading": ("platform/test_platform.py", "windows/test_hold.py"),
    "windows_console": ("windows/test_console.py",),
    "writing": (
        "windows/test_names.py", "platform/test_platform.py", "windows/test_rights.py", "cli/test_admit.py",
        "windows/test_two.py", "vault/test_interrupted.py",
    ),
}  # fmt: skip
"""Where systems differ, and the tests of each difference, those of Windows among them."""


def test_only_the_room_for_it_knows_that_there_are_several_systems() -> None:
    knows = {name for name, text in PROGRAMS.items() if SEVERAL.search(text)}
    early = {"__main__.py", "ui_language.py"}  # too early to import
    assert {name for name in knows if room(name) != "platform"} <= early
    assert {Path(name).stem for name in knows if room(name) == "platform"} - {"__init__"} == SYSTEMS.keys()


@pytest.mark.parametrize("name", SYSTEMS)
def test_each_difference_of_systems_has_its_tests(name: str) -> None:
    assert all((PROJECT / "tests" / test).is_file() for test in SYSTEMS[name])


def test_whatever_is_left_out_on_windows_is_shown_by_a_test_that_is_there() -> None:
    texts = [path.read_text("utf-8") for path in (PROJECT / "tests").rglob("*.py")]
    named = {found for text in texts for found in re.findall(r"posix(?:_only)?\([^)]*?\"(windows/[\w.]+)\"\)", text)}
    assert len(named) > 5
    assert all((PROJECT / "tests" / name).is_file() for name in named)


def test_no_record_of_the_house_writes_itself_out() -> None:
    decorators = re.compile(r"^ *@dataclass\b.*", re.MULTILINE)
    made = [(name, each) for name, text in PROGRAMS.items() for each in decorators.findall(text)]
    assert len(made) > 20
    assert [one for one in made if "repr=False" not in one[1] or "frozen" in one[1]] == []


def test_help_loads_nothing_heavy() -> None:
    assert not loaded("--help") & set(HEAVY)


def test_the_version_loads_no_typer() -> None:
    assert not loaded("--version") & {*HEAVY, "typer"}


@pytest.mark.parametrize("words", ["agreement", "admit", "monitor due", "check", "list"])
def test_help_of_a_command_loads_nothing_of_the_store(words: str) -> None:
    assert not loaded(*words.split(), "--help") & {"jinja2", "typst", "cryptography", "rich", "jsonschema"}


@pytest.mark.parametrize(("words", "command"), list(commands()), ids=lambda part: part if isinstance(part, str) else "")
def test_every_command_has_help_an_example_and_a_place_on_the_page_of_commands(words: str, command: Any) -> None:
    assert command.help
    assert command.epilog
    assert command.epilog.startswith(f"Example: shelterctl {words}" if words != "menu" else "Example: shelterctl")
    assert re.search(rf"shelterctl {words.split(maxsplit=1)[0]}\b", COMMANDS_PAGE)


@pytest.mark.parametrize(("words", "command"), list(commands()), ids=lambda part: part if isinstance(part, str) else "")
def test_every_option_is_explained(words: str, command: Any) -> None:
    for param in command.params:
        if param.name not in ("help", "install_completion", "show_completion"):
            assert getattr(param, "help", None), f"{words} {param.name}"


def test_every_command_is_listed_and_every_file_of_a_command_is_a_command() -> None:
    listed = python("from shelterctl import __main__ as m; m.main()", "--help")
    assert all(re.search(rf"^\s+{name}\s", listed, re.MULTILINE) for name in COMMAND_SUMMARIES)
    commands = {module: name for name, module in MODULES_OF_COMMANDS.items()}
    modules = {
        name.removeprefix("cli/").removesuffix(".py").replace("menu/main", "menu")
        for name, text in PROGRAMS.items()
        if re.search(r"^app = typer\.Typer", text, re.M)
    }
    with_app = {commands.get(module, module.replace("_", "-")) for module in modules}
    assert with_app | {*REGISTER_COMMANDS, *ENTRY_ACT_COMMANDS} == set(COMMAND_SUMMARIES)
    assert not with_app & {*REGISTER_COMMANDS, *ENTRY_ACT_COMMANDS}


@pytest.mark.parametrize("folder", ["src", "tests", "tools", "kit"])
def test_what_the_head_of_a_file_imports_is_imported_nowhere_else_in_it(folder: str) -> None:
    twice = []
    for path in sorted((PROJECT / folder).rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        first = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
        head = {(node.module, each.name) for node in first for each in node.names}
        below = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node not in first)
        twice += [(path.name, each.name) for node in below for each in node.names if (node.module, each.name) in head]
    assert twice == []


@pytest.mark.parametrize("name", PROGRAMS)
def test_every_module_and_what_stands_in_it_is_explained(name: str) -> None:
    tree = ast.parse(PROGRAMS[name])
    assert ast.get_docstring(tree)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), node.name
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            inside = [each for each in node.body if isinstance(each, ast.FunctionDef) and not each.name.startswith("_")]
            assert not [each.name for each in inside if not ast.get_docstring(each)]


def top_level(name: str) -> Iterator[tuple[str, str]]:
    """The names that a module defines at its top, each with its kind: class, function or constant."""
    for node in ast.parse(PROGRAMS[name]).body:
        if isinstance(node, ast.ClassDef):
            yield "class", node.name
        elif isinstance(node, ast.FunctionDef):
            yield "function", node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                yield from (("constant", each.id) for each in ast.walk(target) if isinstance(each, ast.Name))


def modules_by_name(kind: str) -> dict[str, list[str]]:
    """The modules in which a name of that kind is defined, by the name."""
    found: dict[str, list[str]] = {}
    for module in PROGRAMS:
        for defined, name in top_level(module):
            if defined == kind:
                found.setdefault(name, []).append(module)
    return found


OWN_OF_EACH = {"app"}
"""Names that each module has for itself: the commands that Typer reads."""

WEAK = {"told", "named", "called", "of", "put", "known", "shown", "said", "one", "meant", "given", "found", "held"}
"""Words that name neither a thing nor what is done to which thing."""

METAPHORS = {"shelf", "desk", "study", "cellar", "drawer", "stairs", "walk", "voice"}
"""Words for parts of the program that only its authors understand."""

VAGUE = {"utils", "util", "helper", "helpers", "manager", "service", "services", "base", "models", "common", "misc"}


@pytest.mark.parametrize("kind", ["class", "constant"])
def test_a_name_means_one_thing(kind: str) -> None:
    twice = {name: where for name, where in modules_by_name(kind).items() if len(where) > 1}
    assert {name: where for name, where in twice.items() if name[0] != "_" and name not in OWN_OF_EACH} == {}


def test_no_name_of_a_function_stands_in_more_than_three_modules() -> None:
    assert {name: where for name, where in modules_by_name("function").items() if len(where) > 3} == {}


def test_names_are_words_of_the_field() -> None:
    weak = [(name, where) for name, where in modules_by_name("function").items() if name.strip("_") in WEAK]
    assert weak == []
    words = {
        (name, module)
        for module, text in PROGRAMS.items()
        for name in re.findall(r"(?:def|class) (\w+)", text)
        if METAPHORS & set(name.lower().split("_"))
    }
    assert words == set()
    assert not [name for name in PROGRAMS if VAGUE & set(re.split(r"[/_.]", name))]


CODE = r'(?:UsageError|NotFound|CannotOpen|Damaged|Conflict|DiskError|Disk)\(\s*"([^"]*)"'
WHOLE = r'(?:code=|_refusal\(|_refuse_placement\(|_open\()\s*"([^"]*/[^"]*)"'
WORD = r'(?:make_monitoring_finding|say)\(\s*"([^"/]*)"'
TOPICS = {
    "core/money/agreement.py": "agreement",
    "core/rules/monitoring.py": "monitoring",
    "act/monitor.py": "monitoring",
}
"""Where the codes of findings are put together, and their topics."""


def errors() -> set[str]:
    """The codes of all errors that are written out."""
    return {code for text in PROGRAMS.values() for code in re.findall(CODE, text)}


def findings() -> set[str]:
    """The codes of all findings, also of those that are put together of a topic and a word."""
    codes = {*open_rulebook().published.by_code, "admission/dated-after", "discharge/dated-after"}  # of both acts
    codes |= {f"track/{verb}" for verb in VERBS} | {"track/unasked"}  # of rules without a code of their own
    codes |= {code for code, one in open_rulebook().findings.items() if one.ways}
    rules = "".join(path.read_text("utf-8") for path in MANUAL_FOLDER.glob("[ta]*/*.yaml"))
    codes |= set(re.findall(r"code: ([a-z]+/[a-z-]+)", rules))  # of rules that use the sentence of their verb
    for name, text in PROGRAMS.items():
        codes |= set(re.findall(WHOLE, text))
        topic = TOPICS.get(name)
        codes |= {f"{topic}/{word}" for word in re.findall(WORD, text)} if topic else set()
    return codes


def test_every_code_is_a_topic_and_a_word() -> None:
    codes = {*errors(), *findings()}
    assert len(codes) > len(COMMAND_SUMMARIES)
    assert not [code for code in codes if not re.fullmatch(r"[a-z]+/[a-z]+(-[a-z]+)*", code)]


def test_every_finding_can_be_explained() -> None:
    rulebook = open_rulebook()
    items = {
        f"{act.name}/{reason}"
        for act in rulebook.acts.values()
        for item in act.items
        for reason in item.says
        if reason != SOFTENED_REASON
    }
    assert findings() - {*rulebook.findings, *items} == set()
    assert set(rulebook.findings) - findings() == set()
