"""The menu line for everybody in a house at once: which house, and what is given or done; the rulebook's tracks make
the choices.
"""

from shelterctl.act.permission import refuse_tasks
from shelterctl.cli.options import Ctx, session_of
from shelterctl.core.finding import Outcome
from shelterctl.core.manual.role import Task
from shelterctl.core.manual.track import Track
from shelterctl.menu.house import WHICH_HOUSE
from shelterctl.prompts import add_for_all
from shelterctl.session import Session
from shelterctl.terminal.questions import choose_option
from shelterctl.terminal.screen import clear_screen
from shelterctl.ui_language import N_

FOR_ALL_QUESTION = N_("For everybody in the house at once. What? Enter goes back.")
FOR_ALL_LINE = N_("{what}")
NOTHING_FOR_ALL = N_("Your role records nothing for everybody at once.")


def record_for_all(ctx: Ctx) -> Outcome | None:
    """Record something for everybody in a house at once, as it is chosen."""
    session = session_of(ctx)
    tracks, houses = _tracks_for_all(session), list(session.store.shelter.value["facilities"])
    if not tracks:
        return Outcome(said=((NOTHING_FOR_ALL, {}),))
    clear_screen()
    lines = [(FOR_ALL_LINE, {"what": add_for_all.at_once_of(track).text}) for track in tracks]
    chosen = choose_option(FOR_ALL_QUESTION, lines)
    if chosen is None:
        return None
    house = 0 if len(houses) == 1 else choose_option(WHICH_HOUSE, [(FOR_ALL_LINE, {"what": each}) for each in houses])
    return None if house is None else add_for_all.ask_for_all(session, tracks[chosen], str(houses[house]))


def _tracks_for_all(session: Session) -> list[Track]:
    """Return the tracks that this person's role may write for everybody at once, the most frequent payment first."""
    tracks = (session.rulebook.tracks[name] for name in session.rulebook.track_names)
    own = [one for one in tracks if one.at_once and not refuse_tasks(session, [Task(one.name, False)])]
    return sorted(own, key=lambda one: not (one.at_once and one.at_once.owes))
