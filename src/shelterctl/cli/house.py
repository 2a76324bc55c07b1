"""shelterctl house: who sleeps here tonight, by facility, and the places left."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Annotated, Any

import typer

from shelterctl.cli.options import Ctx, desk
from shelterctl.core.finding import Finding, Outcome
from shelterctl.core.house import House, Kind, full, sleepers
from shelterctl.core.record import Client, Stay
from shelterctl.desk import Desk, code
from shelterctl.errors import NotFound, Usage
from shelterctl.language import N_, Coded
from shelterctl.store import SHELTER

TONIGHT = N_("Who sleeps here in the night after {day}, and the places left.")
COUNTED = N_("Counted in {facility} besides the residents and their children: {others}.")
UNKNOWN = N_("There is no such house in this store. Known are: {facilities}.")
WHICH = N_("The store has several houses. Say which one with --facility: {facilities}.")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl house --others 2 --facility osh")
def house(
    ctx: Ctx,
    others: Annotated[
        int | None,
        typer.Option(metavar="N", min=0, help="How many other people sleep there, without names."),
    ] = None,
    facility: Annotated[str | None, typer.Option(metavar="CODE", help="One house; default: all.")] = None,
) -> Outcome:
    """Say who sleeps here tonight, by facility, and how many places are left."""
    # Gather.
    here = desk(ctx)
    held = here.store.shelter
    houses = _named(held.value["facilities"], facility)
    if others is not None and len(houses) > 1:
        raise Usage("usage/which-house", WHICH, facilities=sorted(houses))

    # Decide.
    if others is not None:
        counted = {"on": here.today.isoformat(), "number": others}
        houses = {name: {**one, "others": counted} for name, one in houses.items()}
    asleep = [
        (her, stay)
        for her, stay in sleepers(here.store.clients(), here.today)
        if facility is None or stay.facility == facility
    ]
    rows = [_row(here.shelf.kinds, name, one, asleep) for name, one in houses.items()]
    data = {"rows": rows, "sleeping": list(_by_house(asleep, here.today))}
    findings = tuple(_found(here, houses, rows))

    # Act.
    said: list[tuple[Any, dict[str, Any]]] = [(TONIGHT, {"day": here.today})]
    if others is not None:
        changed = {**held.value, "facilities": {**held.value["facilities"], **houses}}
        if changed != held.value:
            here.write([(SHELTER, changed, held.version)], "house")
        said.append((COUNTED, {"facility": next(iter(houses)), "others": others}))
    return Outcome(data=data, findings=findings, said=tuple(said))


def _named(houses: Mapping[str, Any], facility: str | None) -> Mapping[str, Any]:
    """The house that is named, else all of them."""
    if facility is None:
        return houses
    if code(facility, "--facility") not in houses:
        raise NotFound("facility/unknown", UNKNOWN, facilities=sorted(houses))
    return {facility: houses[facility]}


def _row(
    kinds: Mapping[str, Kind], facility: str, house: Mapping[str, Any], asleep: Iterable[tuple[Client, Stay]]
) -> dict[str, Any]:
    """One house: how many of whom sleep there, and what is left."""
    hers = [her for her, stay in asleep if stay.facility == facility]
    residents, children = len(hers), sum(len(her.children) for her in hers)
    others = int((house.get("others") or {}).get("number", 0))
    return {
        "facility": facility,
        "kind": Coded(house["kind"], kinds[house["kind"]].text),
        "capacity": house["capacity"],
        "residents": residents,
        "children": children,
        "others": others,
        "free": max(house["capacity"] - residents - children - others, 0),
    }


def _by_house(asleep: Iterable[tuple[Client, Stay]], day: date) -> Iterator[dict[str, Any]]:
    """Whoever sleeps there, house by house and in the order of arrival; who has no house in her file comes last."""
    for her, stay in sorted(asleep, key=lambda one: (one[1].facility or "~", str(one[1].arrived_on), one[0].id)):
        yield {
            "id": her.id,
            "facility": stay.facility,
            "since": stay.arrived_on,
            "provisional": stay.admitted_on is None or stay.admitted_on > day,
        }


def _found(here: Desk, houses: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> Iterator[Finding]:
    for row in rows:
        sleeping = row["residents"] + row["children"] + row["others"]
        kind = here.shelf.kinds[houses[row["facility"]]["kind"]]
        if found := full(row["facility"], House(kind, row["capacity"], sleeping), here.today):
            yield found
