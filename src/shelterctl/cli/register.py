"""shelterctl staff, ngo, provider and facility: registers what a register holds, changes and lists it; staff end
records that somebody leaves and shuts out the computers bound to that code.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from shelterctl.act import redaction
from shelterctl.act.permission import refuse_early
from shelterctl.act.register import (
    change_directory,
    judge_register,
    judge_register_entry,
    register_entries,
    register_file,
    save_register_entry,
)
from shelterctl.cli.commands import REGISTER_COMMANDS, example_line, register_signature, register_words
from shelterctl.cli.list import NAMES_AT_TERMINAL_ONLY, NAMES_LIST_STANDS_ALONE
from shelterctl.cli.options import (
    NO_ROW_MATCHES,
    OPTION_MISSING,
    ROLE_UNKNOWN,
    CheckMeaningOption,
    ColumnsOption,
    CountOption,
    Ctx,
    SigningPaperOption,
    WhereOption,
    begin_command,
)
from shelterctl.core.finding import Outcome, has_refusal
from shelterctl.core.manual.role import Task
from shelterctl.core.manual.track import Track, as_title
from shelterctl.errors import UsageError
from shelterctl.language import codes_with_texts
from shelterctl.prompts.register import ask_names, ask_newcomer, ask_whether_back, confirm_role_change
from shelterctl.rulebook.rulebook import NOTHING_FOR_PURPOSE
from shelterctl.session import Session, may_ask, read_code_option, read_new_code_option
from shelterctl.ui_language import N_
from shelterctl.view.lists import ListQuery, answer_query, open_list_table
from shelterctl.view.register import list_with_names, register_rows, work_sentences, written_register_entry

PROVIDER_NEEDS_NAME = N_(
    "A provider needs a name. Run this at a terminal, which asks for it, or give it with --from FILE."
)
OWN_REGISTER_NEEDS_NAME = N_(
    "{what}: a name is needed. Run this at a terminal, which asks for it, or give it with --from FILE."
)
NOBODY_REGISTERED = N_("Nothing was registered.")
REGISTER_EMPTY = N_("Nothing is registered here yet.")
KEY_OPTIONS_OF_ACCEPT = N_("--from, --role and --recovery go with --accept.")
LEAVER_CONFIRM = N_("Is all of this right, and should it be done now?")
LEAVER_NOT_ENDED = N_("Nothing was done.")
LEAVER_REGISTERED = N_("{staff}: the last day of work is {until}.")
LEAVER_ALREADY_REGISTERED = N_("{staff}: the last day of work, {until}, is already recorded; nothing changed.")


def make_register_app(name: str) -> typer.Typer:
    """Return the commands of one register."""
    it = register_words(name)
    app = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True)
    app.callback()(lambda: None)

    def add(ctx: Ctx, entry: str | None = None, source: str | None = None, **options: Any) -> Outcome:
        return add_register_entry(begin_command(ctx), name, entry, source, options)

    add.__dict__["__signature__"] = register_signature(it)
    app.command("add", help=it.help, epilog=example_line(f"{name} add {it.example}"))(add)
    for command, example in it.more_commands:
        app.command(command, epilog=f"Example: shelterctl {name} {command} {example}")(MORE_COMMANDS[command])

    @app.command("list", epilog=example_line(f"{name} list --format csv"))
    def list_(
        ctx: Ctx,
        names: Annotated[
            bool,
            typer.Option(
                "--names", help="Also show names and telephones, on a screen that is cleared when you leave it."
            ),
        ] = False,
        columns: ColumnsOption = None,
        where: WhereOption = None,
        count: CountOption = False,
    ) -> Outcome:
        """List what is registered, by code; names are shown at a terminal only."""
        wish = ListQuery(columns, where or (), count)
        return _list_entries(begin_command(ctx, lists=True), name, wish, names)

    return app


def add_register_entry(
    session: Session, name: str, entry: str | None, source: str | None, options: Mapping[str, Any]
) -> Outcome:
    """Add an entry to a register or change it; *options* are as typed, None where they are not."""
    # Gather.
    it, track = register_words(name), session.rulebook.track_of_command(name)
    if entry is None and (source is not None or not may_ask(session)):
        raise UsageError("usage/missing", OPTION_MISSING, option="CODE", see=f"shelterctl {name} add")
    if refused := refuse_early(session, None, Task(track.name, False)):
        return refused
    new = ask_newcomer(session, track) if entry is None else None
    if entry is None and new is None:
        return Outcome(said=((NOBODY_REGISTERED, {}),))
    entry = new.code if new else read_code_option(entry or "", "CODE")
    if entry not in register_entries(register_file(session, track)[1], track):
        entry = read_new_code_option(entry, "CODE")
    said = {
        option: _read_field_option(session, track, option, typed)
        for option, typed in options.items()
        if typed is not None
    }
    said |= new.said if new else ask_whether_back(session, track, entry, said)
    if source is None and not it.options and new is None:  # without options only its code can be registered
        if not may_ask(session):
            needs_name = PROVIDER_NEEDS_NAME if name in REGISTER_COMMANDS else OWN_REGISTER_NEEDS_NAME
            raise UsageError("usage/provider", needs_name, what=track.text)
        saved = ask_names(session, track, entry, source)
        told: dict[str, object] = {name: entry, "what": as_title(track.text), "code": entry}
        found = judge_register(session, track, entry)
        return Outcome(data={name: entry}, findings=found, said=((it.saved if saved else it.unchanged, told),))
    was = register_entries(register_file(session, track)[1], track).get(entry)
    clear, findings = judge_register_entry(session, track, entry, said)
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
    saved_entry = register_entries(register_file(session, track)[1], track).get(entry, clear) if clear else clear
    answer = written_register_entry(track, entry, saved_entry)
    facts: dict[str, object] = {key: value for key, value in answer.items() if isinstance(value, str | int)}
    facts |= {"what": as_title(track.text), "code": entry}  # no sentence takes a group as a fact
    findings = (*findings, *judge_register(session, track, entry))
    more = work_sentences(session, track, entry, was)
    return Outcome(data=answer, findings=findings, said=((it.saved if saved else it.unchanged, facts), *more))


def _list_entries(session: Session, name: str, wish: ListQuery, names: bool) -> Outcome:
    """Return what is registered as a list; with *names* on a screen that is cleared when it is left."""
    if names and not redaction.may_show_names(session):
        raise UsageError("usage/names", NAMES_AT_TERMINAL_ONLY)
    if names and not wish.is_empty:
        raise UsageError("usage/one-thing", NAMES_LIST_STANDS_ALONE)
    track = session.rulebook.track_of_command(name)
    table = open_list_table(session, f"{name} list")
    none = NO_ROW_MATCHES if wish.where else REGISTER_EMPTY
    answer = answer_query(session, table, wish, register_rows(session, track), ((none, {}),))
    return list_with_names(session, track, answer) if names else answer


def _read_field_option(session: Session, track: Track, option: str, typed: Any) -> Any:
    """Return what was typed as a value of that field; a group means its first field."""
    if (one := {**track.fields, **track.clear}.get(option)) is None:
        raise UsageError("usage/not-in-rulebook", NOTHING_FOR_PURPOSE)
    first, one = next(iter(one.fields.items()), ("", one))
    if one.name == "role" and typed not in one.codes:
        raise UsageError("usage/role", ROLE_UNKNOWN, roles=codes_with_texts(one.codes))
    if one.kind == "party":
        return read_code_option(typed, f"--{option}")
    if one.kind != "day":
        return typed
    day = session.read_day(typed, f"--{option}").isoformat()
    return {first: day} if first else day


def end_staff(
    ctx: Ctx,
    leaver: Annotated[str, typer.Argument(metavar="CODE", help="The code of the person who leaves.")],
    on: Annotated[
        str | None,
        typer.Option(
            "--on", metavar="DATE", help="The last day of work, such as 2026-11-25 or yesterday; default: today."
        ),
    ] = None,
    keep: Annotated[
        list[str] | None,
        typer.Option(
            "--keep",
            metavar="DEVICE",
            help="A computer bound to that code that stays in use, never a key of the person's own; may be repeated.",
        ),
    ] = None,
    check: CheckMeaningOption = False,
) -> Outcome:
    """Record that somebody leaves: that code can write no more, and its computers are shut out."""
    # Gather.
    from shelterctl.act import staff_end as act  # noqa: PLC0415 - only staff end needs it
    from shelterctl.terminal.questions import confirm  # noqa: PLC0415 - only staff end needs it
    from shelterctl.terminal.screen import print_sentence  # noqa: PLC0415 - only staff end needs it
    from shelterctl.view.revocation import CHECK_ASKED_NOTHING_WRITTEN, answer_shut_out, departure_consequences  # noqa: PLC0415 - only staff end needs it

    session = begin_command(ctx)
    session.store.vault.require_writable()
    if refused := refuse_early(session, None, Task("staff", False)):
        return refused
    who = act.plan_departure(
        session, read_code_option(leaver, "CODE"), session.read_day(on, "--on") if on else None, keep
    )
    means, facts = departure_consequences(session, who), {"staff": who.staff, "until": who.last_day}
    ended, kept = ([one.code for one in each] for each in (who.devices_to_end, who.devices_kept))
    data = {**facts, "ended": ended, "kept": kept, "keeps": means.data}

    # Decide.
    findings = () if who.is_registered else act.judge_departure(session, who)
    if has_refusal(findings):
        return Outcome(data=data if session.json else {}, findings=findings)
    if act.is_departure_done(session, who):
        return answer_shut_out(
            session,
            data,
            ((LEAVER_ALREADY_REGISTERED, facts),),
            Outcome(data={"sealed": 0, "left": []}, findings=findings),
        )
    if check:
        return answer_shut_out(
            session, data, (*means.said, (CHECK_ASKED_NOTHING_WRITTEN, {})), Outcome(findings=findings)
        )
    said = means.said
    if may_ask(session):
        for sentence, its in said:
            print_sentence(sentence, its)
        if not confirm(LEAVER_CONFIRM):
            return Outcome(said=((LEAVER_NOT_ENDED, {}),))
        said = ()

    # Act.
    done = act.end_employment(session, who)
    sealed = done.said if done.harm or done.data["sealed"] else ()
    return answer_shut_out(
        session, data, (*said, (LEAVER_REGISTERED, facts), *sealed), replace(done, findings=(*findings, *done.findings))
    )


def make_or_accept_key(
    ctx: Ctx,
    person: Annotated[str, typer.Argument(metavar="CODE", help="The code of the person whose key it is.")],
    accept: Annotated[bool, typer.Option("--accept", help="Accept that person's key; a manager does this.")] = False,
    source: Annotated[
        str | None, typer.Option("--from", metavar="FILE", help="With --accept: the request, from another computer.")
    ] = None,
    role: Annotated[
        list[str] | None,
        typer.Option(
            "--role", metavar="ROLE", help="With --accept: the role; default: as registered. May be repeated."
        ),
    ] = None,
    out: Annotated[
        str | None, typer.Option("--out", metavar="FILE", help="Write the request into FILE, for another computer.")
    ] = None,
    renew: Annotated[
        bool, typer.Option("--renew", help="Make a new key, because the passphrase of the old one is forgotten.")
    ] = False,
    no_passphrase: Annotated[
        bool, typer.Option("--no-passphrase", help="Leave a new key without a passphrase, for scripts.")
    ] = False,
    recovery: SigningPaperOption = None,
) -> Outcome:
    """Make a key for a person, with a passphrase of that person's own, or accept it as a manager."""
    from shelterctl.prompts import person_key as sitting  # noqa: PLC0415 - only staff key needs it

    session, code = begin_command(ctx), read_code_option(person, "CODE")
    if accept:
        for each in role or ():
            if each not in session.rulebook.roles:
                raise UsageError("usage/role", ROLE_UNKNOWN, roles=codes_with_texts(session.rulebook.lists["roles"]))
        where = Path(source) if source else None
        return sitting.accept_person_key(session, code, where, role or [], Path(recovery) if recovery else None)
    if source or role or recovery:
        raise UsageError("usage/one-thing", KEY_OPTIONS_OF_ACCEPT)
    place = Path(out) if out else None
    return sitting.make_person_key(session, code, place, renew=renew, no_passphrase=no_passphrase)


MORE_COMMANDS: Mapping[str, Callable[..., Outcome]] = {"end": end_staff, "key": make_or_accept_key}
"""The commands of a register beside add and list, by name."""
