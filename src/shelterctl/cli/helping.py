"""Help in the language of the screen, typer's own words too."""

import re
from collections.abc import Sequence

from typer._click.formatting import HelpFormatter
from typer.core import TyperCommand

from shelterctl.language import N_, current, translated

OWN = (
    N_("Usage: "), N_("[OPTIONS]"), N_("COMMAND [ARGS]..."), N_("Options"), N_("Arguments"), N_("Commands"),
    N_("[required]"), N_("[default: "), N_("<str>"), N_("<int>"), N_("Show this message and exit."),
)  # fmt: skip
"""Whatever typer says of its own accord."""

_RANGE = re.compile(r"; (?:\d+<=)?x[<>]=?\d+(?=\])|  \[(?:\d+<=)?x[<>]=?\d+\]")
"""How it writes the limits of a number, which is no language at all."""


class Help(HelpFormatter):
    """The page of help, each of typer's own words said as the catalogue has it."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """How a command is typed."""
        super().write_usage(prog, _ours(args), prefix or translated("Usage: ", current()))

    def write_heading(self, heading: str) -> None:
        """The heading of a section."""
        super().write_heading(translated(heading, current()))

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """A list of what there is, and what it means."""
        super().write_dl([(_ours(name), _ours(meaning)) for name, meaning in rows], col_max, col_spacing)


def _ours(text: str) -> str:
    """*text* with what typer put into it said in the language."""
    text = _RANGE.sub("", text)
    if current() != "en":
        for word in OWN:
            text = text.replace(word, translated(word, current()))
    return text


def speak() -> None:
    """From here on every page of help is written so."""
    TyperCommand.context_class.formatter_class = Help
