"""shelterctl show: shows one client's file, on one screen or whole, or her entries of one kind."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

import typer

from shelterctl.act import redaction
from shelterctl.act.add import find_track
from shelterctl.act.agreement import judge_agreements
from shelterctl.act.client_file import (
    client_state,
    has_sealed_for_user,
    judge_checklist,
    judge_opened_track,
    open_for_user,
    open_to_read,
)
from shelterctl.cli.options import Ctx, PageNamesOption, begin_command
from shelterctl.core.finding import FilledSentences, Outcome, soften_findings
from shelterctl.core.record.client import Client
from shelterctl.core.rules import monitoring
from shelterctl.errors import UsageError
from shelterctl.language import current_language
from shelterctl.session import Session, may_ask
from shelterctl.ui_language import N_
from shelterctl.view import card, record
from shelterctl.view import record as whole_file
from shelterctl.view.readers import closed_parts_sentences

SHOW_ONE_TASK = N_("--all shows the whole file, TRACK only entries of one kind. Leave one of the two out.")
SHOW_SEALED_QUESTION = N_("Show the sealed part too? Everyone who looks at the screen will see it.")
SHOWN_WITH_NAMES_ONLY = N_("{what}: only --names shows whether there is one, and what it says.")
NO_ENTRY_OF_TRACK = N_("{Her|His} file has no such entry: {what}.")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl show 7QF2-M9KD --all")
def show(
    ctx: Ctx,
    client: Annotated[str, typer.Argument(metavar="ID", help="The client's id.")],
    track: Annotated[
        str | None,
        typer.Argument(metavar="[TRACK]", help="Only show her entries of this kind, struck-through ones too."),
    ] = None,
    whole: Annotated[bool, typer.Option("--all", help="Show everything that is recorded.")] = False,
    names: PageNamesOption = False,
) -> Outcome:
    """Show a client's file on one screen: where she is, what is open, what is due; with --all, the whole file."""
    # Gather.
    session = begin_command(ctx, lists=track is not None)
    if track is not None:
        return _show_entries(session, client, track, whole, names)
    her, held = session.store.client(client)

    # Decide.
    hers = (*judge_checklist(session, her)[1], *soften_findings(judge_agreements(session, her)))
    findings = (*monitoring.judge_standing_alarms(session.rulebook.tracks, [her]), *hers)
    open_ = redaction.may_show_names(session, names)
    told = card.make_card(session, her, findings, names=open_)
    data: dict[str, Any] = {"id": her.id, "state": client_state(session, her)}
    if session.json:
        data |= card.card_as_data(told)
    if session.json or whole:  # a card does not show it, and it may span ten years
        data["record"] = redaction.redact_record(session.rulebook, held.value, names=open_)
    said = (*redaction.names_note(session, names), *closed_parts_sentences(session))
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
            (card.STATE_NOW, {"state": told.state}), *_as_prose(everything), *closed_parts_sentences(session),
        )  # fmt: skip
        return Outcome(data=data, findings=findings, said=() if sits else said, prose=prose, private=sits)
    if session.json:
        return Outcome(data=data, findings=findings, said=said, private=may_ask(session))
    sits = may_ask(session)
    prose = _as_prose(card.card_lines(told if sits else replace(told, columns=card.PIPE_COLUMNS), current_language()))
    return Outcome(data=data, said=said, prose=prose, private=sits)  # the card shows the open findings


def _show_entries(session: Session, client: str, name: str, whole: bool, names: bool) -> Outcome:
    """Return her entries of one track as recorded; names and free text only where names may be shown."""
    if whole:
        raise UsageError("usage/one-thing", SHOW_ONE_TASK)
    of = find_track(session.rulebook, name)
    _, held = session.store.client(client)
    her = Client(open_to_read(session, held, of).value)
    open_ = redaction.may_show_names(session, names)
    if of.name in session.rulebook.blocks and not open_:
        data: dict[str, object] = {"id": her.id, "track": of.name, "rows": []}
        return Outcome(data=data, columns=record.ENTRY_COLUMNS, said=((SHOWN_WITH_NAMES_ONLY, {"what": of.text}),))
    rows = list(record.entry_rows(session.rulebook, her, of, names=open_))
    data = {"id": her.id, "track": of.name, "rows": rows}
    findings = judge_opened_track(session, her, of) if of.seal else ()
    said = redaction.names_note(session, names) if rows else ()
    prose = (
        _as_prose(record.entry_lines(session.rulebook, her, of, current_language(), names=open_))
        if not session.json
        else ()
    )
    shown: FilledSentences = prose or ((NO_ENTRY_OF_TRACK, {"what": of.text}),)
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
