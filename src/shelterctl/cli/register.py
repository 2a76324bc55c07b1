"""shelterctl staff, ngo, provider and facility: the registers, each to register or change what it has, and to list."""

from typing import Annotated, Any

import typer

from shelterctl.act import redaction
from shelterctl.act.register import (
    change_directory,
    judge_register_entry,
    register_entries,
    register_file,
    save_register_entry,
)
from shelterctl.cli.commands import REGISTER_COMMANDS, register_signature
from shelterctl.cli.list import NAMES_AT_TERMINAL_ONLY, NAMES_LIST_STANDS_ALONE
from shelterctl.cli.options import (
    NO_ROW_MATCHES,
    OPTION_MISSING,
    ColumnsOption,
    CountOption,
    Ctx,
    WhereOption,
    begin_command,
)
from shelterctl.core.finding import Outcome, has_refusal
from shelterctl.core.manual.track import Track
from shelterctl.errors import UsageError
from shelterctl.language import codes_with_texts
from shelterctl.prompts.register import ask_names, ask_newcomer, ask_whether_back, confirm_role_change
from shelterctl.session import Session, may_ask, read_code_option
from shelterctl.ui_language import N_
from shelterctl.view.lists import ListQuery, answer_query, make_list_table
from shelterctl.view.register import list_with_names, register_rows, work_sentences, written_register_entry

ROLE_UNKNOWN = N_("There is no such role. The roles are {roles}.")
PROVIDER_NEEDS_NAME = N_(
    "A provider is registered with its name: at a terminal it is asked for, else it comes with --from FILE."
)
NOBODY_REGISTERED = N_("Nobody was registered.")
REGISTER_EMPTY = N_("Nothing is registered there yet.")


def make_register_app(name: str) -> typer.Typer:
    """The commands of one register."""
    it = REGISTER_COMMANDS[name]
    app = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True)
    app.callback()(lambda: None)

    def add(ctx: Ctx, entry: str | None = None, source: str | None = None, **options: Any) -> Outcome:
        # Gather.
        session = begin_command(ctx)
        track = session.rulebook.tracks[name]
        if entry is None and (source is not None or not may_ask(session)):
            raise UsageError("usage/missing", OPTION_MISSING, option="CODE", see=f"shelterctl {name} add")
        new = ask_newcomer(session, track) if entry is None else None
        if entry is None and new is None:
            return Outcome(said=((NOBODY_REGISTERED, {}),))
        entry = new.code if new else read_code_option(entry or "", "CODE")
        said = {
            option: _read_field_option(session, track, option, typed)
            for option, typed in options.items()
            if typed is not None
        }
        said |= new.said if new else ask_whether_back(session, track, entry, said)
        if source is None and not it.options and new is None:  # nothing can be said of it here but that it is there
            if not may_ask(session):
                raise UsageError("usage/provider", PROVIDER_NEEDS_NAME)
            saved = ask_names(session, track, entry, source)
            return Outcome(data={name: entry}, said=((it.saved if saved else it.same, {name: entry}),))
        was, (clear, findings) = (
            register_entries(register_file(session, track)[1], track).get(entry),
            judge_register_entry(session, track, entry, said),
        )
        answer = written_register_entry(track, entry, clear)
        if stayed := confirm_role_change(session, track, answer):
            return stayed
        changes, wrong = change_directory(session, track, entry, source, said)

        # Decide.
        if has_refusal((*wrong, *findings)):
            return Outcome(findings=(*wrong, *findings))

        # Act.
        saved = save_register_entry(session, track, entry, clear, changes)
        saved = ask_names(session, track, entry, source, new=new is not None) or saved
        answer = written_register_entry(
            track,
            entry,
            register_entries(register_file(session, track)[1], track).get(entry, clear) if clear else clear,
        )
        facts = {key: value for key, value in answer.items() if isinstance(value, str | int)}  # no sentence has a group
        more = work_sentences(session, track, entry, was)
        return Outcome(data=answer, findings=findings, said=((it.saved if saved else it.same, facts), *more))

    add.__dict__["__signature__"] = register_signature(it)
    app.command("add", help=it.does, epilog=f"Example: shelterctl {name} add {it.example}")(add)
    for command, example, done in it.more:
        app.command(command, epilog=f"Example: shelterctl {name} {command} {example}")(done)

    @app.command("list", epilog=f"Example: shelterctl {name} list --format csv")
    def list_(
        ctx: Ctx,
        names: Annotated[
            bool, typer.Option("--names", help="Names and telephones too, on a screen that is gone when it is left.")
        ] = False,
        columns: ColumnsOption = None,
        where: WhereOption = None,
        count: CountOption = False,
    ) -> Outcome:
        """List what is registered, by code; names at a terminal alone."""
        # Gather.
        session, wish = begin_command(ctx, lists=True), ListQuery(columns, where or (), count)
        if names and not redaction.may_show_names(session):
            raise UsageError("usage/names", NAMES_AT_TERMINAL_ONLY)
        if names and not wish.is_empty:
            raise UsageError("usage/one-thing", NAMES_LIST_STANDS_ALONE)

        # Decide.
        track = session.rulebook.tracks[name]
        table, none = (
            make_list_table(session.rulebook, f"{name} list", lambda: session.today),
            NO_ROW_MATCHES if wish.where else REGISTER_EMPTY,
        )
        told = answer_query(session, table, wish, register_rows(session, track), ((none, {}),))
        return list_with_names(session, track, told) if names else told

    return app


def _read_field_option(session: Session, track: Track, option: str, typed: Any) -> Any:
    """What was typed, as the field of that name has it; of a group its first field is meant."""
    one = {**track.fields, **track.clear}[option]
    first, one = next(iter(one.fields.items()), ("", one))
    if one.name == "role" and typed not in one.codes:
        raise UsageError("usage/role", ROLE_UNKNOWN, roles=codes_with_texts(one.codes))
    if one.kind == "party":
        return read_code_option(typed, f"--{option}")
    if one.kind != "day":
        return typed
    day = session.dated(typed, f"--{option}").isoformat()
    return {first: day} if first else day
