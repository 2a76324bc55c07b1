"""Her money: what was agreed, spent and is left of each line, what no agreement pays for, and her pocket money."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from shelterctl import screen
from shelterctl.act.file import of_track
from shelterctl.act.wording import worded
from shelterctl.core.account import Account, Line, account, items, spent, state
from shelterctl.core.agreement import printed
from shelterctl.core.allowance import Allowance, allowance
from shelterctl.core.entry import Entry
from shelterctl.core.finding import Finding, Outcome, Said, softened
from shelterctl.core.record import Client, Facts
from shelterctl.core.sentence import called
from shelterctl.core.track import Track
from shelterctl.desk import Desk, walked
from shelterctl.errors import NotFound
from shelterctl.language import N_, Both, Coded, current
from shelterctl.output.bars import PIPED, signs_for
from shelterctl.view import ledger
from shelterctl.view.card import LINE
from shelterctl.view.table import OUTLAY, clients

NONE = N_("She has no agreement yet.")
NONE_ON_IT = N_("She has no agreement on this form: {form}.")
NO_NUMBER = N_("She has no agreement of that number. Hers: shelterctl agreements {id}")

IN_ENTRY = N_("{in_entry}:")

POCKET_MONEY = "pocket-money"
"""The track of what is paid to her day by day."""

COLUMNS = (
    "agreement", "number", "form", "state", "line", "text", "agreed", "spent", "left", "outlays", "without_document",
    "months_agreed", "months_paid",
)  # fmt: skip


def answer(here: Desk, client: str, form: str | None, number: str | None) -> Outcome:
    """The account of a client, or that of her agreements on a form or of one number alone."""
    # Gather.
    its_form = here.shelf.form(form) if form else None
    known, _ = here.store.client(client)
    her = next(clients(here, [known]), Client({"id": known.id}))
    whole = account(her, here.shelf.forms, here.shelf.tracks[OUTLAY])

    # Decide.
    if number and not any(_meant(facts, form, number) for facts in her.agreements):
        raise NotFound("agreement/unknown", NO_NUMBER, id=her.id)
    one = bool(form or number)
    lines = tuple(line for line in whole.lines if _meant(line.agreement.facts, form, number))
    told = Account(lines, () if one else whole.outside)
    paid = () if one else tuple(_allowances(here, her))
    findings = _findings(here, her, told, paid)
    none: Said = () if any(_meant(facts, form, number) for facts in her.agreements) else ((NONE, {}),)
    if none and its_form:
        none = ((NONE_ON_IT, {"form": its_form.text}),)
    drafts = told.total.drafts
    notes: Said = ((ledger.DRAFTS, {"drafts": drafts}),) if drafts else ()
    return Outcome(
        data=page(here, her, told, paid),
        columns=COLUMNS,
        findings=findings,
        said=(*none, *notes) if here.json else none,
        prose=() if here.json else _drawn(here, her, told, paid),
        private=walked(here),
        record=her.id,
    )


def _meant(facts: Facts, form: str | None, number: str | None) -> bool:
    return form in (None, facts["form"]) and number in (None, facts.get("number"))


def _allowances(here: Desk, her: Client) -> Iterator[Allowance]:
    track = here.shelf.tracks[POCKET_MONEY]
    yield from (found for stay in her.stays if (found := allowance(track, stay, here.today)))


def _findings(here: Desk, her: Client, told: Account, paid: Iterable[Allowance]) -> tuple[Finding, ...]:
    """What the outlays and payments that are told of break of the rules of their own tracks; it stays open (X105)."""
    entries = (*(one for line in told.lines for one in line.outlays), *told.outside)
    places = {one.where: one for one in (*entries, *(each for one in paid for each in one.payments))}
    tracks = [here.shelf.tracks[name] for name in (OUTLAY, POCKET_MONEY)]
    found = worded(here.shelf, softened(one for track in tracks for one in of_track(here, her, track)))
    known = ((one, _place(one, places)) for one in found)
    return tuple(one if here.json else _of_whom(one, places[place]) for one, place in known if place is not None)


def _place(found: Finding, places: Iterable[str]) -> str | None:
    """The entry that a finding is about."""
    return next((each for each in places if f"{found.where}/".startswith(f"{each}/")), None)


def _of_whom(found: Finding, entry: Entry) -> Finding:
    """A finding as a person reads it among many: with its entry before it. A page has that in ``where``."""
    return replace(found, message=Both(IN_ENTRY, found.message), facts={**found.facts, "in_entry": called(entry)})


def page(here: Desk, her: Client, told: Account, paid: Iterable[Allowance]) -> dict[str, Any]:
    """The same for programs."""
    return {
        "id": her.id,
        "rows": [_row(line) for line in told.lines],
        "total": told.total._asdict(),
        "outside": list(_outside(told, here.shelf.tracks[OUTLAY])),
        "pocket_money": [_pocket_money(one) for one in paid],
    }


def _row(line: Line) -> dict[str, Any]:
    facts = line.agreement.facts
    return {
        "agreement": facts.get("id"),
        "number": facts.get("number"),
        "form": facts["form"],
        "state": state(line.agreement),
        "line": line.number,
        "text": printed(line.part, line.agreement.day) if line.part else None,
        "agreed": line.agreed,
        "spent": line.spent,
        "left": line.left,
        "outlays": len(line.outlays),
        "without_document": line.without_document,
        "months_agreed": line.months_agreed,
        "months_paid": line.months_paid,
    }


def _outside(told: Account, track: Track) -> Iterator[dict[str, Any]]:
    codes = items(track)
    for item, each in told.by_item(track):
        yield {"item": Coded(item, codes[item]) if item else None, "spent": spent(each), "outlays": len(each)}


def _pocket_money(one: Allowance) -> dict[str, Any]:
    return {
        "stay": one.stay.id,
        "facility": one.stay.facility,
        "from": one.present.first if one.present else None,
        "to": one.present.last if one.present else None,
        "days": one.days,
        "days_covered": one.covered,
        "owed": one.owed,
        "paid": one.paid,
        "left": one.left,
        "beyond": one.beyond,
    }


def _drawn(here: Desk, her: Client, told: Account, paid: Sequence[Allowance]) -> Said:
    """The same for a person, as lines that a terminal can hold."""
    sits = walked(here)
    look = ledger.Look(current(), screen.size()[0] - 1 if sits else PIPED, signs_for(at_terminal=sits))
    outside = list(_outside(told, here.shelf.tracks[OUTLAY]))
    lines = ledger.lines(her.id, here.today, told, outside, paid, look)
    return tuple((LINE, {"line": line}) for line in lines)
