"""shelterctl show: shows one client's file, on one screen or whole, or her entries of one kind."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

import typer

from shelterctl.act import redaction
from shelterctl.act.agreement import judge_agreements
from shelterctl.act.client_file import (
    has_sealed_for_user,
    judge_checklist,
    judge_opened_track,
    open_for_user,
    open_to_read,
)
from shelterctl.act.named_in import list_entries_naming
from shelterctl.act.register_months import read_months
from shelterctl.act.register_record import note_on_readers, open_register
from shelterctl.act.state_in_words import client_state
from shelterctl.act.typed_track import find_track, require_home, require_registered
from shelterctl.cli.options import WHOM_HELP, Ctx, MonthOption, PageNamesOption, begin_command
from shelterctl.core.finding import FilledSentences, Outcome, soften_findings
from shelterctl.core.record.client import read_subject
from shelterctl.core.rules import monitoring
from shelterctl.errors import UsageError
from shelterctl.language import current_language
from shelterctl.session import Session, may_ask
from shelterctl.store.folder import record_file
from shelterctl.store.registers import Months
from shelterctl.ui_language import N_
from shelterctl.view import card, record
from shelterctl.view import record as whole_file
from shelterctl.view.readers import closed_parts_sentences
from shelterctl.view.register_record import show_register

SHOW_ONE_TASK = N_("--all shows the whole file, TRACK only entries of one kind. Leave one of the two out.")
SHOW_SEALED_QUESTION = N_("Show the sealed part too? Everyone who looks at the screen will see it.")
SHOWN_WITH_NAMES_ONLY = N_("{what}: only --names shows whether there is one, and what it says.")
NO_ENTRY_OF_TRACK = N_("{Her|His} file has no such entry: {what}.")
NOTHING_IN_REGISTER = N_("There is nothing to show: {what}.")

MONTH_OF_REGISTERS = N_("A client's file is shown whole. Leave --month out.")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl show 7QF2-M9KD --all")
def show(
    ctx: Ctx,
    client: Annotated[str, typer.Argument(metavar="WHOM", help=WHOM_HELP)],
    track: Annotated[
        str | None,
        typer.Argument(metavar="[TRACK]", help="Only show her entries of this kind, struck-through ones too."),
    ] = None,
    whole: Annotated[bool, typer.Option("--all", help="Show everything that is recorded.")] = False,
    month: MonthOption = None,
    names: PageNamesOption = False,
) -> Outcome:
    """Show a client's file on one screen, or the registers of a house, a member of staff, an NGO or a provider.

    With TRACK the entries of one kind, with --all everything that is recorded.
    """
    # Gather.
    session = begin_command(ctx, lists=track is not None)
    months = None if month is None else read_months(session, month)
    if track is not None:
        return _show_entries(session, client, track, whole, names, months)
    her, held = session.store.subject(client, months)
    if her.home is not None:
        return show_register(session, her, held, whole=whole, names=names)
    _refuse_month(months)

    # Decide.
    listed, lacking = judge_checklist(session, her)
    on_paper = [row["item"] for row in listed["checklist"] if "on_paper" in row]
    hers = (*lacking, *soften_findings(judge_agreements(session, her), is_shown=True))
    findings = (*monitoring.judge_standing_alarms(session.rulebook.tracks, [her]), *hers)
    open_ = redaction.may_show_names(session, names)
    named = list_entries_naming(session, her)
    told = card.make_card(session, her, findings, names=open_, named=named, on_paper=on_paper)
    data: dict[str, Any] = {"id": her.id, "state": client_state(session, her)}
    if session.json:
        data |= {**card.card_as_data(told), "named_in": [one.as_data for one in named]}
    if session.json or whole:  # a card does not show it, and it may span ten years
        data["record"] = redaction.redact_record(session.rulebook, held.value, names=open_)
    closed = closed_parts_sentences(session, record_file(her.id))
    said = (*redaction.names_note(session, names), *closed)
    if whole and not session.json:
        sits, shown = may_ask(session), data["record"]
        if sits:
            from shelterctl.terminal.questions import confirm  # noqa: PLC0415 - off a terminal nothing is asked

            opens = has_sealed_for_user(session, held.value) and confirm(SHOW_SEALED_QUESTION)
            shown = open_for_user(session, held) if opens else held.value
        now = session.store.vault.journal.chain.readership
        readers = now.roles_for if now.is_by_role else None
        everything = whole_file.record_lines(shown, session.rulebook, current_language(), readers)
        prose: FilledSentences = (
            (card.STATE_NOW, {"state": told.state}), *_as_prose(everything),
            *_as_prose(card.named_in_lines(named, current_language())), *closed,
        )  # fmt: skip
        return Outcome(data=data, findings=findings, said=() if sits else said, prose=prose, private=sits)
    if session.json:
        return Outcome(data=data, findings=findings, said=said, private=may_ask(session))
    sits = may_ask(session)
    prose = _as_prose(card.card_lines(told if sits else replace(told, columns=card.PIPE_COLUMNS), current_language()))
    return Outcome(data=data, said=said, prose=prose, private=sits)  # the card shows the open findings


def _refuse_month(months: Months | None) -> None:
    """Raise UsageError where a month is asked for of a client's file, which is whole."""
    if months is not None:
        raise UsageError("usage/month", MONTH_OF_REGISTERS)


def _show_entries(session: Session, client: str, name: str, whole: bool, names: bool, months: Months | None) -> Outcome:
    """Return her entries of one track as recorded; names and free text only where names may be shown."""
    if whole:
        raise UsageError("usage/one-thing", SHOW_ONE_TASK)
    of = find_track(session.rulebook, name)
    require_registered(session.store, of, client)
    her, held = session.store.subject(client, months)
    require_home(of, her)
    if of.of_register is None:
        _refuse_month(months)
    opened = open_register(session, held, [of]) if of.of_register else open_to_read(session, held, of)
    her = read_subject(opened.value)
    open_ = redaction.may_show_names(session, names)
    if of.name in session.rulebook.blocks and not open_:
        data: dict[str, object] = {"id": her.id, "track": of.name, "rows": []}
        return Outcome(data=data, columns=record.ENTRY_COLUMNS, said=((SHOWN_WITH_NAMES_ONLY, {"what": of.text}),))
    rows = list(record.entry_rows(session.rulebook, her, of, names=open_))
    data = {"id": her.id, "track": of.name, "rows": rows}
    findings = judge_opened_track(session, her, of) if of.seal else ()
    said = (*(redaction.names_note(session, names) if rows else ()), *note_on_readers(session, of))
    prose = (
        _as_prose(record.entry_lines(session.rulebook, her, of, current_language(), names=open_))
        if not session.json
        else ()
    )
    missing = NOTHING_IN_REGISTER if of.of_register else NO_ENTRY_OF_TRACK
    shown: FilledSentences = prose or ((missing, {"what": of.text}),)
    return Outcome(
        data=data,
        columns=record.ENTRY_COLUMNS,
        findings=findings,
        said=said,
        prose=() if session.json else shown,
        private=bool(rows and may_ask(session)),
    )


def _as_prose(lines: Sequence[str]) -> FilledSentences:
    return tuple((card.LINE_AS_IT_IS, {"line": line}) for line in lines)
