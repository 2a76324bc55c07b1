"""Write the manual page from the tree of commands: `make man`; a test compares it."""

import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shelterctl import __version__, language
from shelterctl.cli.app import CommandGroup
from shelterctl.cli.commands import COMMAND_SUMMARIES
from shelterctl.cli.options import common_options
from shelterctl.explain import topic

PROJECT = Path(__file__).parents[1]
PAGE = PROJECT / "docs" / "man" / "shelterctl.1"

DESCRIPTION = """\
shelterctl knows the manual of the International Organization for Migration on the care, rehabilitation, recovery and
reintegration of victims of trafficking in the Kyrgyz Republic: what must be done before someone is admitted, what the
pink and the blue form allow, and whom the shelter must monitor six months later. Each client is one plain-text
file, encrypted with age. When it refuses something, it names the clause, the place, and what to do next.
\x00
At a terminal, shelterctl alone opens a menu, and commands ask what they need. Without a terminal nothing is asked:
what concerns a person comes from a file or a pipe, never from the command line.
\x00
It works without a network and never uses one."""

ENVIRONMENT = {
    "SHELTERCTL_STORE": "The folder of the store, as --store.",
    "SHELTERCTL_IDENTITY": "The key file of this computer, as --identity.",
    "SHELTERCTL_STAFF": "The code of the person at this computer, as --staff.",
    "SHELTERCTL_LANG": "The language of the screen, as --lang; otherwise that of LC_ALL, LC_MESSAGES or LANG.",
    "SHELTERCTL_INDEX": "With off, lists read every file and keep no index.",
    "SHELTERCTL_IDLE": "Minutes after which the menu locks; 10 by default.",
    "SHELTERCTL_MANUAL": "Another folder with the manual's rules, to try a revision; only stores made with "
    "it can be written to.",
}

FILES = {
    "shelter.yaml": (
        "Marks the folder of a store. If no store is named, the nearest one upwards is used, or the one that "
        "this computer remembers."
    ),
    "residents/ID.yaml.age": "One client. age -d -i KEY FILE opens it without this program.",
    "journal/": "The record of who changed which file and when, by ids and hashes only; signed and chained.",
    "~/.config/shelterctl/identity": (
        "The key of this computer, if none is named. On Windows and macOS it is where the system keeps "
        "settings. Without it and without the recovery key nobody can open the store."
    ),
    "~/.config/shelterctl/identity.heads/store": (
        "The folder of this computer's store: the first one that was made here, then the one that the menu opened last."
    ),
}


def page() -> str:
    """Return the page as roff."""
    language.set_language("en")
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield '.\\" Written by `make man` from the tree of commands; do not edit.'
    yield f'.TH SHELTERCTL 1 "{released()}" "shelterctl {__version__}" "User Commands"'
    yield from (".SH NAME", r"shelterctl \- care and reintegration of victims of trafficking, by the manual")
    yield from (".SH SYNOPSIS", r".B shelterctl", ".RI [ COMMAND ]", ".RI [ OPTIONS ]")
    yield ".SH DESCRIPTION"
    yield from (_text(line) if line != "\x00" else ".PP" for line in DESCRIPTION.splitlines())
    yield ".SH COMMANDS"
    group = CommandGroup(name="shelterctl")
    own = {option.name for option in common_options()}
    for name in COMMAND_SUMMARIES:
        yield from _command(name, group.get_command(None, name), own)
    yield ".SH OPTIONS OF EVERY COMMAND"
    for option in common_options():
        yield from _tagged(_option(option), option.help)
    yield from _tagged(r"\fB\-\-help\fR", "Show how to type a command, with an example.")
    yield from _tagged(r"\fB\-\-version\fR", "In place of a command: version, edition of the manual, languages.")
    yield ".SH EXIT STATUS"
    for code, means in re.findall(r"^- (\d+): ((?:.|\n  )+)", _topic("exit-codes"), re.MULTILINE):
        yield from _tagged(rf"\fB{code}\fR", " ".join(means.split()))
    yield ".SH ENVIRONMENT"
    for name, means in ENVIRONMENT.items():
        yield from _tagged(rf"\fB{name}\fR", means)
    yield ".SH FILES"
    for name, means in FILES.items():
        yield from _tagged(rf"\fI{_escaped(name)}\fR", means)
    yield ".SH EXAMPLES"
    for line in re.findall(r"^    (shelterctl .*)", _topic("scripting"), re.MULTILINE):
        yield from (".PP", ".nf", _text(line), ".fi")
    yield ".SH SEE ALSO"
    yield from (r"\fBage\fR(1)", ".PP", "Topics, each shown by")
    yield rf"\fBshelterctl help\fR \fITOPIC\fR: {', '.join(_escaped(name) for name in topic.TOPICS)}."


def released() -> str:
    """Return the release date of this version in the changelog; empty if it is not released."""
    changes = (PROJECT / "CHANGELOG.md").read_text("utf-8")
    found = re.search(rf"^## \[?{re.escape(__version__)}\b.*?(\d{{4}}-\d{{2}}-\d{{2}})", changes, re.MULTILINE)
    return found[1] if found else ""


def _topic(name: str) -> str:
    return (topic.TOPICS_FOLDER / "en" / f"{name}.md").read_text("utf-8").replace("`", "")


def _command(words: str, command: Any, own: set[str | None]) -> Iterator[str]:
    """Yield the text of a command, or of each command in a group: how to type it, what it does, and its own options."""
    if hasattr(command, "commands"):
        for name, below in command.commands.items():
            yield from _command(f"{words} {name}", below, own)
        return
    arguments = [param for param in command.params if not param.opts[0].startswith("-")]
    options = [param for param in command.params if param.opts[0].startswith("-") and param.name not in own]
    typed = " ".join(_placeholder(param) for param in arguments)
    yield from (f".SS shelterctl {words} {typed}".rstrip(), *_paragraphs(command.help))
    for param in arguments:
        yield from _tagged(_placeholder(param), param.help)
    for param in options:
        yield from _tagged(_option(param), param.help)
    yield from (".PP", _text(inspect.cleandoc(command.epilog)))


def _paragraphs(text: str) -> Iterator[str]:
    """Yield a help text, paragraph by paragraph."""
    for number, paragraph in enumerate(inspect.cleandoc(text).split("\n\n")):
        yield from (".PP",) if number else ()
        yield _text(" ".join(paragraph.split()))


def _placeholder(param: Any) -> str:
    """Return an argument as the usage shows it."""
    return rf"\fI{_escaped(param.metavar or param.name.upper())}\fR"


def _option(param: Any) -> str:
    value = "" if param.is_flag else param.metavar or param.name.upper()
    return rf"\fB{_escaped(param.opts[0])}\fR" + (rf" \fI{_escaped(value)}\fR" if value else "")


def _tagged(tag: str, text: str | None) -> tuple[str, str, str]:
    return ".TP", tag, _text(" ".join((text or "").split()))


def _escaped(text: str) -> str:
    """Return text without roff's control characters, in letters that every roff reads."""
    named = {"\\": r"\e", "-": r"\-", "'": r"\(aq", "…": "...", "–": r"\(en", "~": r"\(ti", "^": r"\(ha", "`": r"\(ga"}
    return "".join(named.get(letter, letter) for letter in text)


def _text(line: str) -> str:
    escaped = _escaped(line)
    return rf"\&{escaped}" if escaped.startswith(".") else escaped


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), "utf-8")
    sys.stdout.write(f"{PAGE.relative_to(PROJECT)}\n")
