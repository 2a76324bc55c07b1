"""shelterctl help: shows the list of topics, a topic, how a command is typed, or what a word of the program means. The
package `explain` reads the texts.
"""

from difflib import get_close_matches
from typing import Annotated, Any

import typer

from shelterctl.cli.app import CommandGroup
from shelterctl.cli.commands import HELP_FLAGS, command_summaries, is_command
from shelterctl.cli.options import Ctx, begin_command
from shelterctl.core.finding import Outcome
from shelterctl.errors import NotFound
from shelterctl.explain import page, topic
from shelterctl.language import current_language
from shelterctl.rulebook.files import read_glossary
from shelterctl.ui_language import N_

HELP_HOW = N_("To read a topic: shelterctl help TOPIC. To see how a command is typed: shelterctl help COMMAND.")
HELP_UNKNOWN = N_("There is no such topic, command or word of the program.")
HELP_TOPICS = N_("The topics are: {topics}. To list the commands: shelterctl --help")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl help admission")
def help_(
    ctx: Ctx,
    what: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[TOPIC|COMMAND|WORD]", help="A topic, a command, or a word of the program such as draft."
        ),
    ] = None,
) -> Outcome:
    """Read about a topic, or see how a command is typed."""
    # Gather.
    session = begin_command(ctx, lists=not what)
    spoken = "en" if session.json else current_language()
    words = [word.lower() for typed in what or () for word in typed.split()]

    # Decide.
    if not words:
        rows = [{"topic": one, "title": topic.topic_title(one, spoken)} for one in topic.TOPICS]
        return Outcome(data={"rows": rows}, columns=("topic", "title"), said=((HELP_HOW, {}),))
    if (named := topic.find_topic(words)) is not None:
        return _prose_outcome({"topic": named}, topic.topic_lines(named, spoken))
    if (typed := _command_help(ctx, words)) is not None:
        return _prose_outcome({"command": " ".join(words)}, typed.splitlines())
    if told := page.find_word_page(session.rulebook, " ".join(words), session.computer_day):
        return told
    there = dict.fromkeys((*topic.TOPICS, *command_summaries(), *read_glossary()))
    near = get_close_matches(" ".join(words), there, 2)
    raise NotFound(
        "help/unknown",
        HELP_UNKNOWN,
        hint=page.NEAR_NAMES if near else HELP_TOPICS,
        near=near,
        topics=list(topic.TOPICS),
    )


def _prose_outcome(data: dict[str, Any], lines: list[str]) -> Outcome:
    prose = tuple(("{it}" if line else "", {"it": line}) for line in lines)
    return Outcome(data={**data, "text": "\n".join(lines)}, prose=prose)


def _command_help(ctx: Ctx, words: list[str]) -> str | None:
    """Return the help of a command or of a command in a group; None if there is no such command."""
    command: Any = CommandGroup(name="shelterctl")
    context: Any = typer.Context(command, info_name="shelterctl", help_option_names=HELP_FLAGS)
    for word in words:
        known = getattr(command, "commands", {})
        if word not in known and not is_command(word):
            return None
        command = command.get_command(context, word) if hasattr(command, "get_command") else None
        if command is None:
            return None
        context = typer.Context(command, info_name=word, parent=context)
    return str(command.get_help(context))
