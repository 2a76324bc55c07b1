"""shelterctl agreement: checks, saves and signs a financial agreement, shows a form, or shows what was spent."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Annotated, Any

import typer

from shelterctl.act.agreement import (
    draft_agreement,
    find_saved_agreement,
    find_stay_id,
    judge_in_context,
    save_agreement,
    saved_agreement_content,
    sign_agreement,
)
from shelterctl.act.input import Input, read_input
from shelterctl.act.output_path import SHEET_MEDIA, OutputTarget, judge_target, judge_target_name, read_target
from shelterctl.act.redaction import names_note
from shelterctl.act.worded_findings import word_findings
from shelterctl.cli.options import (
    OPTION_MISSING,
    AsOption,
    BlankOption,
    CheckOption,
    Ctx,
    FromOption,
    OnOption,
    OutOption,
    OverwriteOption,
    PageNamesOption,
    PaperOption,
    begin_command,
    paper_settings,
)
from shelterctl.core.finding import FilledSentences, Finding, Outcome, has_refusal
from shelterctl.core.manual.track import Track
from shelterctl.core.money import agreement as signatures
from shelterctl.core.money.agreement import judge_agreement, read_agreement
from shelterctl.core.record.client import Client
from shelterctl.core.values.facts import Facts
from shelterctl.errors import UsageError
from shelterctl.schemas.input import agreement_schema
from shelterctl.session import Session, may_ask
from shelterctl.ui_language import N_
from shelterctl.view.agreement import agreement_as_data, answer_form, form_example

AGREEMENT_JUDGED_ALONE = N_(
    "Only the file was checked. Without a client, recognition, the NGO and caps over several agreements stay unchecked."
)
AGREEMENT_NOT_REFUSED = N_("Nothing in it is refused. Total: {total} {currency}.")
AGREEMENT_NEEDS_CLIENT = N_("To save it, name the client: agreement ID. To check only the file, add --check.")
ACCOUNT_NEEDS_CLIENT = N_("Whose account? Name the client: agreement ID --account.")
ACCOUNT_STANDS_ALONE = N_("--account only shows what was spent. Leave out the options that save, sign or print.")
AGREEMENT_ONE_TASK = N_("These options do not work together. Check, print and show an example in separate commands.")
AGREEMENT_NUMBERS_DIFFER = N_("--number is not the number in the file. Correct one of the two.")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl agreement 7QF2-M9KD --form blue --from blue.yaml")
def agreement(
    ctx: Ctx,
    client: Annotated[str | None, typer.Argument(metavar="[ID]", help="The client's id.")] = None,
    form: Annotated[
        str | None, typer.Option(metavar="FORM", help="The form: pink or blue. Only --account works without it.")
    ] = None,
    source: FromOption = None,
    number: Annotated[
        str | None, typer.Option(metavar="N", help="The agreement's number, as {issuer} assigned it.")
    ] = None,
    check: CheckOption = False,
    sign: Annotated[bool, typer.Option("--sign", help="Record that the agreement was signed.")] = False,
    on: OnOption = None,
    account: Annotated[
        bool,
        typer.Option("--account", help="Show what was agreed, spent and is left on each line, and her pocket money."),
    ] = False,
    sample: Annotated[bool, typer.Option("--example", help="Show an example to fill in.")] = False,
    out: OutOption = None,
    as_: AsOption = None,
    blank: BlankOption = False,
    paper: PaperOption = None,
    overwrite: OverwriteOption = False,
    names: PageNamesOption = False,
) -> Outcome:
    """Check, save, sign or print a financial agreement; alone, show the form.

    It needs --form. At a terminal it asks for the client and the amounts; otherwise name her and give a file with
    --from.
    """
    if account:
        return _show_account(
            begin_command(ctx, lists=True), client, form, number, acts=(source, check, sign, on, sample, out, blank)
        )
    if form is None:
        raise UsageError("usage/missing", OPTION_MISSING, option="--form", see=ctx.command_path)
    session = begin_command(ctx, lists=not (client or source or sign or check or sample or blank or out))
    its_form = session.rulebook.form(form)
    to = read_target(out, as_, overwrite, SHEET_MEDIA, json=session.json)
    if (blank and (sample or check or sign or source)) or (to and (sample or check)):
        raise UsageError("usage/one-thing", AGREEMENT_ONE_TASK)
    printing = partial(_print_agreement, session, form, to, names, paper_settings(paper))
    if sample or blank or (to and not (sign or source)):
        shows = Outcome(data={"example": form_example(its_form, session.computer_day)})
        return shows if sample else printing(None if blank else client, number)
    asked = source is None and may_ask(session)
    if client is None and asked and not check:
        client = _ask_client(session)
    if client is None:
        if source is not None and (to or not check):
            raise UsageError("usage/agreement", AGREEMENT_NEEDS_CLIENT)
        return answer_form(session, its_form) if source is None else _judge_alone(session, its_form, source, names)
    when = session.read_day(on, "--on").isoformat() if on else None
    if asked and not check:
        saved = Outcome(findings=_paper_obstacles(session, session.store.client(client)[0], to) if to else ())
        saved = saved if saved.refused else _ask_agreement(session, client, its_form, number, sign, when)
    else:
        saved = _save_given(session, client, its_form, source, number, to, sign=sign, on=when, check=check, names=names)
    return _print_saved(saved, client, to, printing)


def _save_given(
    session: Session,
    client: str,
    form: Track,
    source: str | None,
    number: str | None,
    to: OutputTarget | None,
    *,
    sign: bool,
    on: str | None,
    check: bool,
    names: bool,
) -> Outcome:
    """Judge the agreement of --from or the saved one, then save or sign it; with *check* only judge it."""
    # Gather.
    her, held = session.store.client_to_change(client)
    given, before = _read_agreement_input(session, her, form, source, number, sign)
    stops = (*_paper_obstacles(session, her, to), *given.findings)
    if has_refusal(stops):
        return Outcome(findings=stops)
    facts = draft_agreement(her, form, given.value, before)
    if sign:
        facts = sign_agreement(session, form, facts, before, on)

    # Decide.
    asked_for, judged = judge_in_context(session, her, form, facts, sign)
    stopped = (before and signatures.refuse_signed_agreement(form, before)) or (
        not sign and signatures.refuse_signing_day(form, given.value)
    )
    findings = given.located([stopped] if stopped else judged)
    data = agreement_as_data(session, her, asked_for, words=not check, names=names)
    if has_refusal(findings) or check:
        said = () if has_refusal(findings) else ((AGREEMENT_NOT_REFUSED, {"total": asked_for.total}),)
        return Outcome(data=data, findings=findings, said=(*said, *_names_left_out(session, names)))

    # Act.
    if sign:
        from shelterctl.paper.agreement import warn_of_signed_draft  # noqa: PLC0415 - only a signature looks at paper

        findings = (*findings, *warn_of_signed_draft(session, her, form, before))
    saved = save_agreement(session, her, held, facts, before, data, findings, asked_for)
    return replace(saved, said=(*saved.said, *_names_left_out(session, names)))


def _show_account(
    session: Session, client: str | None, form: str | None, number: str | None, acts: Iterable[object]
) -> Outcome:
    """Return what was agreed, spent and is left. Raises UsageError if anything else is asked for too."""
    from shelterctl.view.account import answer_account  # noqa: PLC0415 - only --account needs it

    if any(acts):
        raise UsageError("usage/one-thing", ACCOUNT_STANDS_ALONE)
    whose = client or (_ask_client(session) if may_ask(session) else None)
    if whose is None:
        if may_ask(session):
            return Outcome()
        raise UsageError("usage/agreement", ACCOUNT_NEEDS_CLIENT)
    return answer_account(session, whose, form, number)


def _names_left_out(session: Session, names: bool) -> FilledSentences:
    """Return the note that a page leaves names out; people see only lines and sums anyway."""
    return names_note(session, names) if session.json else ()


def _paper_obstacles(session: Session, her: Client, to: OutputTarget | None) -> tuple[Finding, ...]:
    """Return why the paper cannot go where it is to; nothing is saved then."""
    return (*judge_target(to, session.identity_file), *judge_target_name(to, her.facts, her.id))


def _ask_agreement(
    session: Session, client: str, form: Track, number: str | None, sign: bool, on: str | None
) -> Outcome:
    """Ask at the terminal for the agreement, or for the signature under its draft."""
    from shelterctl.prompts.agreement import ask_agreement  # noqa: PLC0415 - off a terminal nothing is asked
    from shelterctl.prompts.sign import ask_signature  # noqa: PLC0415 - off a terminal nothing is asked

    if not sign:
        return ask_agreement(session, client, form, number)
    her, _ = session.store.client(client)
    saved = find_saved_agreement(her, form, number)
    facts = draft_agreement(her, form, saved_agreement_content(her, form, saved, number), saved)
    return ask_signature(session, her.id, form, facts, saved or {}, on)


def _print_agreement(
    session: Session,
    form: str,
    to: OutputTarget | None,
    names: bool,
    paper: dict[str, Any],
    client: str | None,
    number: str | None,
) -> Outcome:
    """Put one agreement or the blank form on paper; its slow imports are left to commands that print."""
    from shelterctl.paper.delivery import deliver_papers, must_name_nobody  # noqa: PLC0415
    from shelterctl.paper.forms import make_paper  # noqa: PLC0415
    from shelterctl.paper.request import PaperRequest  # noqa: PLC0415

    request = PaperRequest(form, names=names, nameless=must_name_nobody(session, to, names), **paper)
    return deliver_papers(session, [make_paper(session, client, request, number)], to, request.size)


def _print_saved(
    saved: Outcome, client: str, to: OutputTarget | None, printing: Callable[[str | None, str | None], Outcome]
) -> Outcome:
    """Put what was saved on paper at once, if that is asked for."""
    entry: Any = saved.data.get("agreement_id")
    if to is None or entry is None:
        return saved
    paper = printing(client, entry)
    known = {(one.code, one.where) for one in saved.findings}
    return replace(
        paper,
        data={**saved.data, **paper.data},
        findings=(*saved.findings, *(one for one in paper.findings if (one.code, one.where) not in known)),
        said=(*saved.said, *paper.said),
    )


def _ask_client(session: Session) -> str | None:
    """Ask at the terminal whose agreement it is."""
    from shelterctl.prompts.find import choose_client  # noqa: PLC0415
    from shelterctl.view.today import read_today  # noqa: PLC0415

    return choose_client(session, read_today(session).rows)


def _read_agreement_input(
    session: Session, her: Client, form: Track, source: str | None, number: str | None, sign: bool
) -> tuple[Input, Facts | None]:
    """Return the agreement of --from, and the saved one that it replaces.

    To judge or sign a saved one, its number is enough; a number is also given to a draft without one. To sign, a file
    may hold no more than the signature.
    """
    if source is None:
        saved = find_saved_agreement(her, form, number)
        return Input(saved_agreement_content(her, form, saved, number), (), None), saved
    schema = agreement_schema(session.rulebook, form.name, lines=False)
    given = read_input(source, {**schema, "required": []} if sign else schema, session.store.offset)
    if given.findings:
        return given, None
    if number and given.value.get("number", number) != number:
        raise UsageError("usage/number", AGREEMENT_NUMBERS_DIFFER)
    value = {**given.value, **({"number": number} if number else {})}
    before = signatures.find_draft(her, form.name, value.get("number"), find_stay_id(her, value))
    if "date" not in value:  # the file holds only the signature
        before = before or find_saved_agreement(her, form, value.get("number"))
        value = {**saved_agreement_content(her, form, before, number), **value}
    return replace(given, value=value), before


def _judge_alone(session: Session, form: Track, source: str, names: bool) -> Outcome:
    """Judge a file without a store: its lines, sums and period."""
    given = read_input(source, agreement_schema(session.rulebook, form.name, lines=False))
    if has_refusal(given.findings):
        return Outcome(findings=given.findings)
    facts = {"form": form.name, **given.value}
    asked_for = read_agreement(form, facts, signing=False, tracks=session.rulebook.tracks)
    undated = signatures.refuse_signing_day(form, facts)
    drafted = read_agreement(
        form, {"form": form.name, **signatures.as_draft(given.value)}, tracks=session.rulebook.tracks
    )
    findings = given.located([undated] if undated else word_findings(session.rulebook, judge_agreement(drafted)))
    fine = () if has_refusal(findings) else ((AGREEMENT_NOT_REFUSED, {"total": asked_for.total}),)
    data = agreement_as_data(session, None, asked_for, words=False, names=names)
    return Outcome(
        data=data, findings=findings, said=(*fine, (AGREEMENT_JUDGED_ALONE, {}), *_names_left_out(session, names))
    )
