"""shelterctl today: one page for a shift: dangers, who is here and who is out, medicines, what is due, the handover."""

from typing import Annotated

import typer

from shelterctl.cli.options import Ctx, begin_command
from shelterctl.core.finding import FilledSentence, Outcome
from shelterctl.errors import NotFound
from shelterctl.session import Session, may_ask, read_code_option
from shelterctl.store.attribution import find_clock_error
from shelterctl.ui_language import N_
from shelterctl.view.today import read_today
from shelterctl.view.today_page import today_data, today_lines

ON_DAY_FOR = N_("{day}, {houses}, for {staff}.")
NO_HOUSE_YET = N_("The store has no house yet. See how to register one: shelterctl facility add --help")
NO_SUCH_HOUSE = N_("There is no such house in this store. The houses are: {facilities}.")
WHICH_HOUSE_TODAY = N_("Which house? Enter: all of them.")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl today --of bishkek")
def today(
    ctx: Ctx,
    of: Annotated[str | None, typer.Option(metavar="HOUSE", help="The code of one house; default: all.")] = None,
) -> Outcome:
    """Show what a shift needs to know: dangers, who is here and who is out, medicines, what is due, the handover."""
    # Gather.
    session = begin_command(ctx)
    houses = _choose_houses(session, of)
    seen = read_today(session, houses, is_thorough=False)

    # Decide.
    named = may_ask(session)
    said: list[FilledSentence] = [(ON_DAY_FOR, {"day": session.today, "houses": houses, "staff": session.staff})]
    clock = None if session.options.as_of else find_clock_error(session.store.vault.journal, session.timestamp)
    said += [(clock.message, clock.facts)] if clock else []

    session.store.damaged.update({**seen.errors, **seen.troubles})  # the answer says what it lacks

    # Act.
    prose = () if session.json else today_lines(seen, named=named)
    data = today_data(seen) if session.json else {"rows": []}
    return Outcome(data=data, said=tuple(said), prose=prose, private=named)


def _choose_houses(session: Session, of: str | None) -> list[str]:
    """Return the house that is named, or all; at a terminal it is asked which. Raises NotFound where there is none."""
    houses = [str(code) for code in session.store.shelter.value["facilities"]]
    if not houses:
        raise NotFound("facility/none", NO_HOUSE_YET)
    if of is not None:
        if (code := read_code_option(of, "--of")) not in houses:
            raise NotFound("facility/unknown", NO_SUCH_HOUSE, facilities=houses)
        return [code]
    if len(houses) == 1 or not may_ask(session) or session.in_menu:
        return houses
    from shelterctl.terminal.questions import choose_option  # noqa: PLC0415 - most stores have one house

    chosen = choose_option(WHICH_HOUSE_TODAY, [("{what}", {"what": each}) for each in houses])
    return houses if chosen is None else [houses[chosen]]
