"""shelterctl completion: prints the script for a shell, and answers that script with what could be typed next:
commands, options, and the values of options that take only certain words. It opens no store.
"""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer._click.shell_completion import _resolve_context, _resolve_incomplete
from typer.core import TyperArgument, TyperGroup, TyperOption

from shelterctl.cli.app import CommandGroup
from shelterctl.cli.commands import HELP_FLAGS, command_summaries
from shelterctl.cli.options import Ctx, begin_command, group_options
from shelterctl.core.finding import Outcome
from shelterctl.edition import paper_languages
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
"""The shells that can complete, each with the file of its script."""

WORD_LIST = "words"
COMPLETED_BY_SHELL = {"FILE": "files", "BACKUP": "folders", "DIR": "folders"}
"""Placeholders whose values the shell lists itself."""

CODE_LISTS = {
    "ROLE": "staff.role",
    "KIND": "facility.kind",
    "HOW": "monitoring.attempts.how",
    "OUTCOME": "monitoring.attempts.outcome",
}
"""Placeholders of codes, each with the place of the rulebook that lists them."""

WordMeanings = dict[str, str]
"""Words that fit, each with its meaning, which is empty where the word says it already."""


def complete_value(metavar: str | None, context: Any, begun: str) -> tuple[str, WordMeanings]:
    """Return the kind of the words that fit a placeholder, and each with its meaning; no words if any text may be
    typed.
    """
    names = (metavar or "").strip("[]…").split("|")
    found: WordMeanings = {}
    for name in names:
        if name in COMPLETED_BY_SHELL:
            return COMPLETED_BY_SHELL[name], {}
        if name in CODE_LISTS:
            found |= _code_meanings(_open_rulebook().places[CODE_LISTS[name]].codes)
        elif name in VALUE_LISTS:
            found |= VALUE_LISTS[name](context, begun)
    return WORD_LIST, found | _without_meanings(sorted(name for name in names if name.islower()))


def _without_meanings(words: Iterable[str]) -> WordMeanings:
    return dict.fromkeys(words, "")


def _code_meanings(codes: Mapping[str, str | Text]) -> WordMeanings:
    return {code: format_fact(text, current_language()) for code, text in codes.items()}


def _open_rulebook() -> "Rulebook":
    from shelterctl.rulebook.rulebook import open_rulebook  # noqa: PLC0415 - it reads YAML

    return open_rulebook()


def _language_codes(context: Any, _: str) -> WordMeanings:
    """Return the languages of the screen, or those of paper for a command that prints a form."""
    forms = any(param.name == "blank" for param in context.command.params)
    return _without_meanings(paper_languages(os.environ) if forms else SCREEN_LANGUAGES)


def _form_names(context: Any, _: str) -> WordMeanings:
    """Return the names of the forms; for an agreement only the financial ones."""
    if context.command.name == "agreement":
        return _without_meanings(sorted(_open_rulebook().forms))
    from shelterctl.paper import request  # noqa: PLC0415 - most lists are offered without paper

    return _without_meanings(sorted(request.printable_names(_open_rulebook())))


def _track_names(context: Any, _: str) -> WordMeanings:
    """Return the tracks that fit a command: for an act those that have it, for add those without a command of their
    own, else all tracks about whom was typed: a client, or what has the code. Lists have those of registers.
    """
    from shelterctl.act.typed_track import own_command  # noqa: PLC0415
    from shelterctl.core.record.file_tree import HOME_PATHS  # noqa: PLC0415

    command, homes = context.command.name, _homes_meant(context)
    tracks = [*_open_rulebook().tracks.values()]
    hers = [
        track
        for track in tracks
        if track.of_register in homes and (track.of_register or HOME_PATHS.keys() & {*track.home})
    ]
    if any(command in track.entry_acts for track in tracks):
        fitting = [track for track in hers if command in track.entry_acts]
    else:
        fitting = [track for track in hers if not (command == "add" and own_command(track))]
    return _code_meanings({track.name: track.text for track in fitting})


def _homes_meant(context: Any) -> Sequence[str | None]:
    """Return the homes of those who may be meant by what was typed as WHOM; None stands for a client."""
    from shelterctl.core.manual.track import REGISTER_HOMES  # noqa: PLC0415
    from shelterctl.store.folder import parse_client_id  # noqa: PLC0415

    if "client" not in context.params:
        return REGISTER_HOMES
    whom = str(context.params["client"] or "")
    home, colon, _ = whom.partition(":")
    if colon:
        return (home,)
    try:
        parse_client_id(whom)
    except UsageError:
        return REGISTER_HOMES
    return (None,)


def _month_words(context: Any, _: str) -> WordMeanings:
    return _without_meanings(("this", "last"))


def _topic_names(context: Any, _: str) -> WordMeanings:
    """Return what help can show: topics and commands, and after the name of a group its own commands."""
    given: Sequence[str] = context.params.get("what") or ()
    program = CommandGroup(name="shelterctl")
    if not given:
        topics = {name: topic.topic_title(name, current_language()) for name in topic.TOPICS}
        return topics | _command_names(program) | topics  # help prefers a topic to a command of the same name
    return _command_names(program.get_command(context, given[0])) if len(given) == 1 else {}


def _report_names(context: Any, _: str) -> WordMeanings:
    return _code_meanings({name: report.text for name, report in _open_rulebook().house_reports.items()})


def _report_row_names(context: Any, _: str) -> WordMeanings:
    """Return the rows of the named report behind which there are entries."""
    reports, typed = _open_rulebook().house_reports, (context.params.get("name"), *context.args)
    report = next((reports[name] for name in typed if name in reports), None)
    return _code_meanings({name: row.text for name, row in report.rows.items() if row.subject}) if report else {}


def _item_names(context: Any, _: str) -> WordMeanings:
    """Return the items of the checklist for which a date is enough."""
    return _code_meanings({item.name: item.text for item in _open_rulebook().items.values() if item.may_be_given})


def _reason_codes(context: Any, _: str) -> WordMeanings:
    if context.command.name == "repair":
        from shelterctl.custody.damage import give_up_reasons  # noqa: PLC0415

        return _code_meanings(give_up_reasons())
    return _code_meanings(_open_rulebook().places["void.reason"].codes)


def _schema_names(context: Any, _: str) -> WordMeanings:
    from shelterctl.schemas import published  # noqa: PLC0415

    return _code_meanings(published.schema_titles(_open_rulebook()))


def _explainable_names(context: Any, begun: str) -> WordMeanings:
    """Return every single word that can be explained, once its first letter is typed: there are many hundreds."""
    from shelterctl.explain import page  # noqa: PLC0415

    names = page.explainable_names(_open_rulebook()) if begun else ()
    return _without_meanings(sorted(name for name in names if " " not in name))


VALUE_LISTS: Mapping[str, Callable[[Any, str], WordMeanings]] = {
    "FORMAT": lambda context, begun: _without_meanings(Format),
    "LANG": _language_codes,
    "SHELL": lambda context, begun: _without_meanings(SHELL_FILES),
    "FORM": _form_names,
    "TOPIC": _topic_names,
    "ITEM": _item_names,
    "REASON": _reason_codes,
    "SCHEMA": _schema_names,
    "NAME": _explainable_names,
    "TRACK": _track_names,
    "MONTH": _month_words,
    "REPORT": _report_names,
    "ROW": _report_row_names,
}
"""Placeholders whose values a function lists."""


VERSION_SUMMARY = N_("Show the version, the edition of the manual and the languages.")


def complete_word(words: Sequence[str], at: int) -> tuple[str, WordMeanings]:
    """Return the kind of words that could be typed at place *at*, and each with its meaning.

    *words* is what is typed already, *at* is counted from 1 after the program's name. The kind is `words`, or `files`
    or `folders`, which the shell lists itself.
    """
    typed = words[at - 1] if at <= len(words) else ""
    # Bash takes --form=pink apart into three words, zsh and fish leave it as one.
    before = [word for last, word in pairwise(("", *words[: at - 1])) if word != "=" or last[:2] != "--"]
    group = CommandGroup(name="shelterctl", params=group_options())
    context: Any = _resolve_context(group, {"help_option_names": HELP_FLAGS}, "shelterctl", before)
    if isinstance(context.command, TyperGroup) and context._protected_args:  # there is no such command
        return WORD_LIST, {}
    place, begun = _resolve_incomplete(context, [*before], typed)
    kind, found = WORD_LIST, _command_names(context.command)
    if isinstance(place, TyperOption | TyperArgument):
        kind, found = complete_value(place.metavar, context, begun)
    elif begun[:1] == "-":
        found = _option_names(context, begun)
    lead = typed.removesuffix(begun) if "=" in typed[:-1] or typed[:-1][:2] == "--" else ""
    return kind, {lead + word: meaning for word, meaning in found.items() if word.startswith(begun)}


def _option_names(context: Any, begun: str) -> WordMeanings:
    """Return the options that may be typed here and are not typed yet."""
    items = context.command.shell_complete(context, "--" if begun == "-" else begun)
    version = {"--version": translate(VERSION_SUMMARY, current_language())}
    return (version if isinstance(context.command, CommandGroup) else {}) | {
        item.value: _first_line(translate(item.help or "", current_language())) for item in items
    }


def _command_names(command: Any) -> WordMeanings:
    """Return the commands of a group with the first line of their help; none for a command that is no group."""
    if isinstance(command, CommandGroup):
        return {**command_summaries()}
    below = command.commands if isinstance(command, TyperGroup) else {}
    return {name: _first_line(each.help) for name, each in below.items()}


def _first_line(text: str | None) -> str:
    return (text or "").strip().partition("\n")[0]


SHELL_SCRIPTS = Path(__file__).parents[1] / "shells"

SHELL_UNKNOWN = N_("Name one of the shells: {shells}.")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl completion bash")
def completion(
    ctx: Ctx,
    shell: Annotated[
        str | None,
        typer.Argument(metavar="SHELL", help="The shell: bash, zsh, fish or powershell.", show_default=False),
    ] = None,
    typed: Annotated[
        list[str] | None, typer.Argument(metavar="WORD", help="With --at: the words of the command so far, after --.")
    ] = None,
    at: Annotated[
        int | None,
        typer.Option("--at", metavar="N", min=1, help="Show what could be typed as word N; the scripts use it."),
    ] = None,
) -> Outcome:
    """Print the script that lets a shell complete commands, options, forms and topics. It needs no store.

    For bash: shelterctl completion bash >> ~/.bashrc

    For zsh, in a folder of $fpath: shelterctl completion zsh > _shelterctl

    For fish: shelterctl completion fish >> ~/.config/fish/config.fish

    For PowerShell: shelterctl completion powershell >> $PROFILE
    """
    begin_command(ctx)
    if at is not None:
        words = [word for word in (shell, *(typed or ())) if word is not None]
        kind, found = complete_word(words, at)
        rows = [{"word": word, "means": means} for word, means in found.items()]
        return _plain_text(
            {"kind": kind, "rows": rows}, "\n".join([kind, *(f"{word}\t{means}" for word, means in found.items())])
        )
    name = {"pwsh": "powershell"}.get(shell or "", shell or "")
    if name not in SHELL_FILES or typed:
        raise UsageError("completion/shell", SHELL_UNKNOWN, shells=list(SHELL_FILES))
    script = (SHELL_SCRIPTS / SHELL_FILES[name]).read_text("utf-8")
    return _plain_text({"shell": name, "script": script}, script)


def _plain_text(data: dict[str, Any], text: str) -> Outcome:
    """Return *text* as an outcome that is printed unchanged, for a shell."""
    return Outcome(data=data, prose=tuple(("{it}" if line else "", {"it": line}) for line in text.splitlines()))
