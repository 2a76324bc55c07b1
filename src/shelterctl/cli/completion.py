"""shelterctl completion: prints the script for a shell, and answers that script when it asks what could be typed
next: commands, options, and the values of those options that take only certain words. Nothing here opens a store.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer._click.shell_completion import _resolve_context, _resolve_incomplete
from typer.core import TyperArgument, TyperGroup, TyperOption

from shelterctl import edition
from shelterctl.cli.app import CommandGroup
from shelterctl.cli.commands import HELP_FLAGS, command_summaries
from shelterctl.cli.options import Ctx, begin_command, group_options
from shelterctl.core.finding import Outcome
from shelterctl.errors import UsageError
from shelterctl.explain import topic
from shelterctl.language import Text, current_language, format_fact, translate
from shelterctl.output.page import Format
from shelterctl.ui_language import N_, SCREEN_LANGUAGES

if TYPE_CHECKING:
    from shelterctl.rulebook.rulebook import Rulebook


SHELL_FILES = {
    "bash": "shelterctl.bash",
    "zsh": "_shelterctl",
    "fish": "shelterctl.fish",
    "powershell": "shelterctl.ps1",
}
"""The shells that can complete, and the file that each reads."""

WORD_LIST = "words"
COMPLETED_BY_SHELL = {"FILE": "files", "BACKUP": "folders", "DIR": "folders"}
"""What the shell knows better."""

CODE_LISTS = {
    "ROLE": "staff.role",
    "KIND": "facility.kind",
    "HOW": "monitoring.attempts.how",
    "OUTCOME": "monitoring.attempts.outcome",
}
"""Codes, each list with the place of the shelf where it stands."""

WordMeanings = Iterable[tuple[str, str]]
"""Words that fit, each with its meaning."""


def complete_value(metavar: str | None, context: Any, begun: str) -> tuple[str, list[tuple[str, str]]]:
    """The kind of the words that fit, and each word with its meaning; no words where any may stand."""
    names = (metavar or "").strip("[]…").split("|")
    if kind := next((COMPLETED_BY_SHELL[name] for name in names if name in COMPLETED_BY_SHELL), None):
        return kind, []
    told = [pair for name in names if name in VALUE_LISTS for pair in VALUE_LISTS[name](context, begun)]
    if place := next((CODE_LISTS[name] for name in names if name in CODE_LISTS), None):
        told += _code_meanings(_open_rulebook().places[place].codes)
    return WORD_LIST, [
        *told,
        *((name, "") for name in sorted(names) if name.islower()),
    ]  # a word that stands for itself


def _without_meanings(words: Iterable[str]) -> WordMeanings:
    return ((word, "") for word in words)


def _code_meanings(codes: Mapping[str, Text]) -> WordMeanings:
    return ((code, format_fact(text, current_language())) for code, text in codes.items())


def _open_rulebook() -> "Rulebook":
    from shelterctl.rulebook.rulebook import open_rulebook  # noqa: PLC0415 - it reads YAML

    return open_rulebook()


def _rulebook_folder() -> str:
    return os.environ.get(edition.MANUAL_VARIABLE) or edition.SHIPPED_MANUAL_PATH


def _answer_formats(context: Any, _: str) -> WordMeanings:
    return _without_meanings(Format)


def _language_codes(context: Any, _: str) -> WordMeanings:
    """Those of the screen, and of paper where a form comes out."""
    forms = any(param.name == "blank" for param in context.command.params)
    return _without_meanings(edition.read_languages(_rulebook_folder()) if forms else SCREEN_LANGUAGES)


def _form_names(context: Any, _: str) -> WordMeanings:
    """The names of the forms: the financial ones alone where an agreement is meant."""
    if context.command.name == "agreement":
        return _without_meanings(sorted(_open_rulebook().forms))
    from shelterctl.paper import request  # noqa: PLC0415 - most lists are offered without paper

    return _without_meanings(sorted(request.printable_names(_open_rulebook())))


def _track_names(context: Any, _: str) -> WordMeanings:
    """Tracks that may be written into a file; of a file that is shown also those that a command of their own writes.

    Of an act that is done to entries, the tracks that have it.
    """
    from shelterctl.act.add import own_command  # noqa: PLC0415
    from shelterctl.core.record.file_tree import HOME_PATHS  # noqa: PLC0415

    command = context.command.name
    hers = [track for track in _open_rulebook().tracks.values() if HOME_PATHS.keys() & {*track.home}]
    fitting = [track for track in hers if command in track.entry_acts] or [
        track for track in hers if not (command == "add" and own_command(track))
    ]
    return _code_meanings({track.name: track.text for track in fitting})


def _topic_names(context: Any, _: str) -> WordMeanings:
    """What one may read about: topics and commands, and behind a group's name its own commands."""
    given: Sequence[str] = context.params.get("what") or ()
    if not given:
        yield from ((name, topic.topic_title(name, current_language())) for name in topic.TOPICS)
        yield from command_summaries().items()
        return
    group = CommandGroup(name="shelterctl").get_command(context, given[0])
    if len(given) == 1 and isinstance(group, TyperGroup):
        yield from ((name, (below.help or "").partition("\n")[0]) for name, below in group.commands.items())


def _item_names(context: Any, _: str) -> WordMeanings:
    """The items for which a date is enough."""
    return (
        (item.name, format_fact(item.text, current_language()))
        for item in _open_rulebook().items.values()
        if item.may_be_given
    )


def _reason_codes(context: Any, _: str) -> WordMeanings:
    if context.command.name == "repair":
        from shelterctl.custody.damage import give_up_reasons  # noqa: PLC0415

        return _code_meanings(give_up_reasons())
    return _code_meanings(_open_rulebook().places["void.reason"].codes)


def _schema_names(context: Any, _: str) -> WordMeanings:
    from shelterctl.schemas import published  # noqa: PLC0415

    return (
        (name, format_fact(title, current_language()))
        for name, title in published.schema_titles(_open_rulebook()).items()
    )


def _explainable_names(context: Any, begun: str) -> WordMeanings:
    """Whatever can be explained and is one word, once it is begun: there are many hundred."""
    from shelterctl.explain import page  # noqa: PLC0415

    return _without_meanings(
        sorted(name for name in (page.explainable_names(_open_rulebook()) if begun else ()) if " " not in name)
    )


VALUE_LISTS: Mapping[str, Callable[[Any, str], WordMeanings]] = {
    "FORMAT": _answer_formats,
    "LANG": _language_codes,
    "SHELL": lambda context, begun: _without_meanings(SHELL_FILES),
    "FORM": _form_names,
    "TOPIC": _topic_names,
    "ITEM": _item_names,
    "REASON": _reason_codes,
    "SCHEMA": _schema_names,
    "NAME": _explainable_names,
    "TRACK": _track_names,
}
"""The lists that are no codes of one place."""


VERSION_SUMMARY = N_("What this is: version, edition of the manual, languages.")

Completions = tuple[str, list[tuple[str, str]]]
"""Of what kind they are (words, files or folders, which the shell knows better), and each with its meaning."""


def complete_word(words: Sequence[str], at: int) -> Completions:
    """What could stand at word *at*, counted from 1 behind the program's name; *words* is what is typed already."""
    typed = words[at - 1] if at <= len(words) else ""
    # Bash takes --form=pink apart into three words, zsh and fish leave it as one.
    before = [word for last, word in pairwise(("", *words[: at - 1])) if word != "=" or last[:2] != "--"]
    group = CommandGroup(name="shelterctl", params=group_options())
    context: Any = _resolve_context(group, {"help_option_names": HELP_FLAGS}, "shelterctl", before)
    if isinstance(context.command, TyperGroup) and context._protected_args:  # a command that is not there
        return WORD_LIST, []
    place, begun = _resolve_incomplete(context, [*before], typed)
    if isinstance(place, TyperOption | TyperArgument):
        kind, found = complete_value(place.metavar, context, begun)
    else:
        kind, found = WORD_LIST, list(_command_and_option_names(context, begun))
    lead = typed.removesuffix(begun) if "=" in typed[:-1] or typed[:-1][:2] == "--" else ""
    return kind, [(lead + word, meaning) for word, meaning in found if word.startswith(begun)]


def _command_and_option_names(context: Any, begun: str) -> Iterator[tuple[str, str]]:
    """The commands that may stand here, or the options that are not there yet."""
    command = context.command
    if begun[:1] == "-":
        if isinstance(command, CommandGroup):
            yield "--version", translate(VERSION_SUMMARY, current_language())
        for item in command.shell_complete(context, "--" if begun == "-" else begun):
            yield item.value, first_help_line(translate(item.help or "", current_language()))
    elif isinstance(command, CommandGroup):
        yield from command_summaries().items()
    elif isinstance(command, TyperGroup):
        yield from ((name, first_help_line(below.help)) for name, below in command.commands.items())


def first_help_line(text: str | None) -> str:
    """The first line of a help, which is said already."""
    return next(iter((text or "").strip().splitlines()), "")


SHELL_SCRIPTS = Path(__file__).parents[1] / "shells"

SHELL_UNKNOWN = N_("Which shell? Known are: {shells}.")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl completion bash")
def completion(
    ctx: Ctx,
    shell: Annotated[
        str | None, typer.Argument(metavar="SHELL", help="bash, zsh, fish or powershell.", show_default=False)
    ] = None,
    typed: Annotated[
        list[str] | None, typer.Argument(metavar="WORD", help="With --at: the words of the command so far, behind --.")
    ] = None,
    at: Annotated[
        int | None, typer.Option("--at", metavar="N", min=1, help="What could stand as word N; the scripts ask so.")
    ] = None,
) -> Outcome:
    """Print the script by which a shell completes commands, options, forms and topics. It opens no store.

    For bash: shelterctl completion bash >> ~/.bashrc

    For zsh, in a folder of $fpath: shelterctl completion zsh > _shelterctl

    For fish: shelterctl completion fish >> ~/.config/fish/config.fish

    For PowerShell: shelterctl completion powershell >> $PROFILE
    """
    begin_command(ctx)
    if at is not None:
        words = [word for word in (shell, *(typed or ())) if word is not None]
        kind, found = complete_word(words, at)
        rows = [{"word": word, "means": means} for word, means in found]
        return _plain_text(
            {"kind": kind, "rows": rows}, "\n".join([kind, *(f"{word}\t{means}" for word, means in found)])
        )
    name = {"pwsh": "powershell"}.get(shell or "", shell or "")
    if name not in SHELL_FILES or typed:
        raise UsageError("completion/shell", SHELL_UNKNOWN, shells=list(SHELL_FILES))
    script = (SHELL_SCRIPTS / SHELL_FILES[name]).read_text("utf-8")
    return _plain_text({"shell": name, "script": script}, script)


def _plain_text(data: dict[str, Any], text: str) -> Outcome:
    """*text* as it stands for whoever reads no JSON, which here is a shell."""
    return Outcome(data=data, prose=tuple(("{it}" if line else "", {"it": line}) for line in text.splitlines()))
