"""shelterctl help: a topic in a few screens, or how a command is typed."""

from difflib import get_close_matches
from typing import Annotated, Any

import typer

from shelterctl.cli.app import COMMANDS, HELP, Commands
from shelterctl.cli.options import Ctx, desk
from shelterctl.core.finding import Outcome
from shelterctl.errors import NotFound
from shelterctl.explained import page, topic
from shelterctl.language import N_, current
from shelterctl.library import read_glossary

SEE = N_("See one with: shelterctl help TOPIC. How a command is typed: shelterctl help COMMAND.")
NOTHING = N_("There is no such topic, command or word of the program.")
NEAR = N_("Did you mean {near}?")
KNOWN = N_("The topics are {topics}. The commands are listed by: shelterctl --help")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl help admission")
def help_(
    ctx: Ctx,
    what: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[TOPIC|COMMAND|WORD]", help="A topic, a command, or a word of the program such as gate."
        ),
    ] = None,
) -> Outcome:
    """Read about a topic, or see how a command is typed."""
    # Gather.
    here = desk(ctx, lists=not what)
    spoken = "en" if here.json else current()
    words = [word.lower() for typed in what or () for word in typed.split()]

    # Decide.
    if not words:
        rows = [{"topic": one, "title": topic.title(one, spoken)} for one in topic.TOPICS]
        return Outcome(data={"rows": rows}, columns=("topic", "title"), said=((SEE, {}),))
    if (named := "-".join(words)) in topic.TOPICS:
        return _told({"topic": named}, topic.lines(named, spoken))
    if (typed := _of_command(ctx, words)) is not None:
        return _told({"command": " ".join(words)}, typed.splitlines())
    if told := page.word_of(here.shelf, " ".join(words), here.day):
        return told
    near = get_close_matches(" ".join(words), [*topic.TOPICS, *COMMANDS, *read_glossary()], 2)
    raise NotFound("help/unknown", NOTHING, hint=NEAR if near else KNOWN, near=near, topics=list(topic.TOPICS))


def _told(data: dict[str, Any], lines: list[str]) -> Outcome:
    prose = tuple(("{it}" if line else "", {"it": line}) for line in lines)
    return Outcome(data={**data, "text": "\n".join(lines)}, prose=prose)


def _of_command(ctx: Ctx, words: list[str]) -> str | None:
    """The page of help of a command or of one of a group; none where there is no such command."""
    command: Any = Commands(name="shelterctl")
    context: Any = typer.Context(command, info_name="shelterctl", help_option_names=HELP)
    for word in words:
        known = getattr(command, "commands", COMMANDS if isinstance(command, Commands) else {})
        if word not in known and word not in COMMANDS:
            return None
        command = command.get_command(context, word) if hasattr(command, "get_command") else None
        if command is None:
            return None
        context = typer.Context(command, info_name=word, parent=context)
    return str(command.get_help(context))
