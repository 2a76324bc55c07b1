"""shelterctl agreement: a financial agreement judged, saved or signed; a form shown; what was spent of hers."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Annotated, Any

import typer

from shelterctl import contract
from shelterctl.act.discretion import note
from shelterctl.act.input import Input, must_agree, read_input
from shelterctl.act.perform import agreement_in, content, put_down, standing, stay_id
from shelterctl.act.target import MEDIA, Target, in_the_way, target_of, telling
from shelterctl.act.wording import worded
from shelterctl.cli.options import LACKING, As, Blank, Check, Ctx, From, InPages, On, Out, Overwrite, Stock, desk, stock
from shelterctl.core import signature as signatures
from shelterctl.core.agreement import judge, read_agreement
from shelterctl.core.finding import Finding, Outcome, Said, refused
from shelterctl.core.record import Client, Facts
from shelterctl.core.track import Track
from shelterctl.desk import Desk, walked
from shelterctl.errors import NotFound, Usage
from shelterctl.language import N_
from shelterctl.view.agreement import page
from shelterctl.view.blank import example, shown

ALONE = N_("Judged alone: without a client, nothing is said of recognition, the NGO, or caps over several agreements.")
FINE = N_("Nothing in it is refused: {total} som.")
EXAMPLE = N_("An example to fill in:\n{example}")
NO_DRAFT = N_(
    "There is no such agreement in her file. Begin it with agreement {id} --form {form}, or give it with --from FILE."
)
ENDED = N_("That agreement was terminated on {on}, and stays as it is. Her agreements: shelterctl agreements {id}.")
NEEDS_ID = N_("To save it, name the client: agreement ID. To judge the file alone, add --check.")
OF_WHOM = N_("Whose account? Name the client: agreement ID --account.")
ALONE_THERE = N_("--account shows what was spent and writes nothing. Leave out what saves, signs or prints.")
ONE_THING = N_("An agreement is judged, printed, or shown as an example: one after the other.")
NUMBERS_DIFFER = N_("--number and the number in the file are not the same.")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl agreement 7QF2-M9KD --form blue --from blue.yaml")
def agreement(  # noqa: PLR0911 - each of its answers leaves where it is known
    ctx: Ctx,
    client: Annotated[str | None, typer.Argument(metavar="[ID]", help="The client's id.")] = None,
    form: Annotated[str | None, typer.Option(metavar="FORM", help="pink or blue; only --account does without.")] = None,
    source: From = None,
    number: Annotated[str | None, typer.Option(metavar="N", help="The agreement's number, as IOM gave it.")] = None,
    check: Check = False,
    sign: Annotated[bool, typer.Option("--sign", help="Record that it was signed.")] = False,
    on: On = None,
    account: Annotated[
        bool, typer.Option("--account", help="What was agreed, spent and is left of each line; her pocket money too.")
    ] = False,
    sample: Annotated[bool, typer.Option("--example", help="Print an example to fill in.")] = False,
    out: Out = None,
    as_: As = None,
    blank: Blank = False,
    paper: Stock = None,
    overwrite: Overwrite = False,
    names: InPages = False,
) -> Outcome:
    """Judge, save, sign or print a financial agreement; alone, show the form; --account: what was spent."""
    if account:
        return _account(desk(ctx, lists=True), client, form, number, acts=(source, check, sign, on, sample, out, blank))
    if form is None:
        raise Usage("usage/missing", LACKING, option="--form", see=ctx.command_path)
    here = desk(ctx, lists=not (client or source or sign or check or sample or blank or out))
    its_form = here.shelf.form(form)
    to = target_of(out, as_, overwrite, MEDIA, json=here.json)
    if (blank and (sample or check or sign or source)) or (to and (sample or check)):
        raise Usage("usage/one-thing", ONE_THING)
    printing = partial(_on_paper, here, form, to, names, stock(paper))
    if sample or blank or (to and not (sign or source)):
        shows = Outcome(data={"example": example(its_form, here.day)})
        return shows if sample else printing(None if blank else client, number)
    asked = source is None and walked(here)
    if client is None and asked and not check:
        client = _whose(here)
    if client is None:
        if source is not None and (to or not check):
            raise Usage("usage/agreement", NEEDS_ID)
        return shown(here, its_form) if source is None else _alone(here, its_form, source, names)
    when = here.dated(on, "--on").isoformat() if on else None
    if asked and not check:
        saved = Outcome(findings=_stopped(here, here.store.client(client)[0], to) if to else ())
        saved = saved if saved.refused else _asked(here, client, its_form, number, sign, when)
        return _printed(saved, client, to, printing)

    # Gather.
    her, held = here.store.to_change(client)
    given, before = _given(here, her, its_form, source, number, sign)
    stops = (*_stopped(here, her, to), *given.findings)
    if refused(stops):
        return Outcome(findings=stops)
    facts = standing(her, its_form, given.value, before)
    if sign:
        if "signed" not in (before or {}):  # what is signed already is told as that
            must_agree({"on": when} if when else {}, facts.get(signatures.TO_SIGN) or {})
        prepared = {
            signatures.TO_SIGN: {
                **((before or {}).get(signatures.TO_SIGN) or {}),
                **(facts.get(signatures.TO_SIGN) or {}),
            }
        }
        on_day = when or prepared[signatures.TO_SIGN].get("on") or here.today.isoformat()
        facts = signatures.signed(its_form, {**facts, **prepared}, {"on": on_day})

    # Decide.
    asked_for = agreement_in(here, her, its_form, facts, sign)
    stopped = (before and signatures.closed(its_form, before)) or (
        not sign and signatures.undated(its_form, given.value)
    )
    findings = given.located([stopped] if stopped else worded(here.shelf, judge(asked_for)))
    data = page(here, her, asked_for, words=not check, names=names)
    if refused(findings) or check:
        said = () if refused(findings) else ((FINE, {"total": asked_for.total}),)
        return Outcome(data=data, findings=findings, said=(*said, *_unnamed(here, names)))

    # Act.
    findings = (*findings, *(_marked(here, her, its_form, before) if sign else ()))
    saved = put_down(here, her, held, facts, before, data, findings, asked_for)
    saved = replace(saved, said=(*saved.said, *_unnamed(here, names)))
    return _printed(saved, her.id, to, printing)


def _account(here: Desk, client: str | None, form: str | None, number: str | None, acts: Iterable[object]) -> Outcome:
    """What was agreed, spent and is left; beside it nothing is done."""
    from shelterctl.view.account import answer  # noqa: PLC0415 - an agreement is saved without it

    if any(acts):
        raise Usage("usage/one-thing", ALONE_THERE)
    whose = client or (_whose(here) if walked(here) else None)
    if whose is None:
        if walked(here):
            return Outcome()
        raise Usage("usage/agreement", OF_WHOM)
    return answer(here, whose, form, number)


def _unnamed(here: Desk, names: bool) -> Said:
    """What a page without names says; a person is shown lines and sums alone, wherever she reads."""
    return note(here, names) if here.json else ()


def _stopped(here: Desk, her: Client, to: Target | None) -> tuple[Finding, ...]:
    """Why the paper cannot go where it is to; nothing is saved then."""
    return (*in_the_way(to, here.identity_file), *telling(to, her.facts, her.id))


def _asked(here: Desk, client: str, form: Track, number: str | None, sign: bool, on: str | None) -> Outcome:
    """The agreement, or the signature under its draft, as it is told at the terminal."""
    from shelterctl.walk import agreement, signature  # noqa: PLC0415 - off a terminal nothing is asked

    if not sign:
        return agreement.walk(here, client, form, number)
    her, _ = here.store.client(client)
    saved = _saved(her, form, number)
    facts = standing(her, form, _content(her, form, saved, number), saved)
    return signature.sign(here, her.id, form, facts, saved or {}, on)


def _marked(here: Desk, her: Client, form: Track, before: Facts | None) -> tuple[Finding, ...]:
    """That the sheet which was signed may say that it is a draft."""
    from shelterctl.paper.agreement import drafted_before  # noqa: PLC0415 - only a signature looks at paper

    return drafted_before(here, her, form, before)


def _on_paper(
    here: Desk, form: str, to: Target | None, names: bool, paper: dict[str, Any], client: str | None, number: str | None
) -> Outcome:
    """One agreement, or the blank form, on paper; what makes it loads slowly, and most commands print nothing."""
    from shelterctl.paper.delivery import bare, deliver  # noqa: PLC0415
    from shelterctl.paper.form import paper_of  # noqa: PLC0415
    from shelterctl.paper.request import Request  # noqa: PLC0415

    request = Request(form, names=names, bare=bare(here, to, names), **paper)
    return deliver(here, [paper_of(here, client, request, number)], to, request.size)


def _printed(
    saved: Outcome, client: str, to: Target | None, printing: Callable[[str | None, str | None], Outcome]
) -> Outcome:
    """What was saved, on paper at once where that is asked for."""
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


def _whose(here: Desk) -> str | None:
    """Whose agreement it is, asked at the terminal."""
    from shelterctl.view.overview import overview  # noqa: PLC0415
    from shelterctl.walk.client import whom  # noqa: PLC0415

    return whom(here, overview(here).rows)


def _given(
    here: Desk, her: Client, form: Track, source: str | None, number: str | None, sign: bool
) -> tuple[Input, Facts | None]:
    """The agreement from --from, and the one that it takes the place of.

    To judge or sign one that is saved its number is enough, and gives a draft without a number its number. To sign, a
    file may hold no more than the signature.
    """
    if source is None:
        saved = _saved(her, form, number)
        return Input(_content(her, form, saved, number), (), None), saved
    schema = contract.agreement(here.shelf, form.name, lines=False)
    given = read_input(source, {**schema, "required": []} if sign else schema, here.store.offset)
    if given.findings:
        return given, None
    if number and given.value.get("number", number) != number:
        raise Usage("usage/number", NUMBERS_DIFFER)
    value = {**given.value, **({"number": number} if number else {})}
    before = signatures.draft(her, form.name, value.get("number"), stay_id(her, value))
    if "date" not in value:  # the signature alone
        before = before or _saved(her, form, value.get("number"))
        value = {**_content(her, form, before, number), **value}
    return replace(given, value=value), before


def _saved(her: Client, form: Track, number: str | None) -> Facts | None:
    """The agreement that is meant: by its number, else the draft without one, the only draft, or what was signed."""
    stay = stay_id(her, {})
    on_it = [facts for facts in her.agreements if facts["form"] == form.name and number is None]
    drafts = [facts for facts in on_it if "signed" not in facts]
    signed = [facts for facts in on_it if "signed" in facts and facts.get("stay") == stay]
    only = drafts[0] if len(drafts) == 1 else signed[-1] if signed and not drafts else None
    return signatures.draft(her, form.name, number, stay) or signatures.draft(her, form.name, None, stay) or only


def _content(her: Client, form: Track, saved: Facts | None, number: str | None) -> dict[str, Any]:
    """A saved agreement without what the tool wrote, under the number that was given; NotFound if there is none."""
    if saved is None:
        named = (one for one in her.agreements if one["form"] == form.name and number in (None, one.get("number")))
        ended = next((one["terminated"]["on"] for one in named if "terminated" in one), None)
        raise NotFound("agreement/unknown", ENDED if ended else NO_DRAFT, id=her.id, form=form.name, on=ended)
    return {**content(saved), **({"number": number} if number else {})}


def _alone(here: Desk, form: Track, source: str, names: bool) -> Outcome:
    """A file judged without a store: its lines, sums and period."""
    given = read_input(source, contract.agreement(here.shelf, form.name, lines=False))
    if refused(given.findings):
        return Outcome(findings=given.findings)
    facts = {"form": form.name, **given.value}
    asked_for = read_agreement(form, facts, signing=False, tracks=here.shelf.tracks)
    undated = signatures.undated(form, facts)
    drafted = read_agreement(form, {"form": form.name, **signatures.drafted(given.value)}, tracks=here.shelf.tracks)
    findings = given.located([undated] if undated else worded(here.shelf, judge(drafted)))
    fine = () if refused(findings) else ((FINE, {"total": asked_for.total}),)
    data = page(here, None, asked_for, words=False, names=names)
    return Outcome(data=data, findings=findings, said=(*fine, (ALONE, {}), *_unnamed(here, names)))
