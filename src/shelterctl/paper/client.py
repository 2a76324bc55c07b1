"""The papers of one client that can be printed: how each stands, and whether it is still to be signed."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from shelterctl.act.perform import unsignable
from shelterctl.core import duty
from shelterctl.core.days import read_day
from shelterctl.core.record import Client, Facts, at, live
from shelterctl.core.sheet import Annex
from shelterctl.desk import Desk
from shelterctl.language import N_, Sentence, Text
from shelterctl.paper import agreement, report
from shelterctl.paper.form import filled_of
from shelterctl.paper.request import REPORT, Paper, Request

TO_SIGN = N_("to be signed")
UNREADY = N_("to be signed; a draft as long as something is lacking")
SIGNED = N_("signed on {on}")
NOT_SIGNED = N_("not signed")
STOPPED = N_("a draft that cannot be signed as it stands")
TAKE_ALONG = N_("due since {on}, to be taken along")
WRITTEN = N_("of {on}")


class ClientPaper(NamedTuple):
    """One paper of a client: its form, how it stands, and whether it is *to_sign*.

    *language* is the only one that it is signed in, where there is one; *to_her* says that she is to understand it;
    *entry* is the agreement or report that is printed.
    """

    form: str
    title: Text
    state: Sentence
    on: object = None
    to_sign: bool = False
    language: str | None = None
    to_her: bool = False
    entry: Facts | None = None


def papers_of(here: Desk, her: Client) -> list[ClientPaper]:
    """Every paper of the client, in the order of the manual's work."""
    annexes = [each for each in here.shelf.annexes.values() if each.recorded_in]
    return [
        *(_annex(her, annex) for annex in annexes if her.stay),
        *(_agreement(here, her, facts) for facts in her.agreements if facts["form"] in here.shelf.forms),
        *_report(here, her),
    ]


def unsigned(here: Desk, her: Client) -> list[ClientPaper]:
    """The papers of the client that are to be signed today."""
    return [one for one in papers_of(here, her) if one.to_sign]


def made_of(here: Desk, her: Client, one: ClientPaper, language: str | None, how: Request | None = None) -> Paper:
    """One of her papers with what her record says, ready for the press, in *language*."""
    wanted = (how or Request(one.form))._replace(form=one.form, language=language or one.language)
    if one.form in here.shelf.forms and one.entry:
        return agreement.filled(here, her, here.shelf.form(one.form), one.entry, wanted)
    if one.form == REPORT:
        return report.of(here, her, one.entry or {}, wanted)
    return filled_of(here, her.id, wanted)


def signed_on(her: Client, annex: Annex) -> object:
    """The day on which she signed an annex; None until it is recorded that she did."""
    facts: Mapping[str, object] = at(her.stay.facts, str(annex.recorded_in)) or {} if her.stay else {}
    return facts.get("signed_on") if facts.get("signed") else None


def _annex(her: Client, annex: Annex) -> ClientPaper:
    on, still = signed_on(her, annex), her.stay is not None and her.stay.open
    state = SIGNED if on else TO_SIGN if still else NOT_SIGNED
    return ClientPaper(annex.name, annex.title, state, read_day(on), still and not on, to_her=True)


def _agreement(here: Desk, her: Client, facts: Facts) -> ClientPaper:
    form, on = here.shelf.form(facts["form"]), at(facts, "signed.on")
    own = agreement.signed_in(form, read_day(facts["date"]) or here.today)
    if on or "terminated" in facts:
        state = SIGNED if on else NOT_SIGNED
        return ClientPaper(form.name, form.text, state, read_day(on), language=own, entry=facts)
    stopped = bool(unsignable(here, her, form, facts))
    state = STOPPED if stopped else UNREADY if agreement.lacking(here, her, form, facts) else TO_SIGN
    return ClientPaper(form.name, form.text, state, None, not stopped, own, entry=facts)


def _report(here: Desk, her: Client) -> Iterator[ClientPaper]:
    """Her last report, and while one is due the form to be taken along."""
    annex = here.shelf.report
    reports = live(duty.written(her, duty.owed(annex, her)).get("reports"))
    rows = [row for row in duty.due(annex, [her], here.today) if row.state == "due"]
    title = annex.sheet.texts["title"]
    if reports:
        yield ClientPaper(REPORT, title, WRITTEN, read_day(reports[-1].get("date")), entry=reports[-1])
    if rows:
        yield ClientPaper(REPORT, title, TAKE_ALONG, rows[0].due_on, to_sign=True)
