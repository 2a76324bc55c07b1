"""What it means that somebody of the staff leaves: what goes along, what ends, and what the house has to do besides."""

from typing import Any

from shelterctl.act.departure import Departure
from shelterctl.core.finding import Said
from shelterctl.desk import Desk
from shelterctl.language import N_
from shelterctl.view.ending import BESIDES, NO_LONGER, STILL

CALL = N_(
    "Call the manager of the house and the NGO Coordinator of IOM: today they have to know that {staff} leaves, and "
    "who goes on with the clients."
)
LEAVES = N_("{staff} worked here from {since} until {until}.")
TAKES = N_(
    "What cannot be taken back: in that time whoever worked by the code {staff} could read every file of the house "
    "(clients now: {clients}), names, addresses and telephones too."
)
CODE = N_(
    "From {on} on nothing is written by the code {staff}, and it is offered nowhere. What was written by it before "
    "stands."
)
ENDS = N_("These computers are shut out: {devices}.")
STAY = N_("These computers stay: {devices}.")
SHARED = N_(
    "{staff} may know the passphrase of a computer that others use too. Change it on each that stays, today: "
    "shelterctl passphrase. A copy of the key file that was made before still opens with the old one: erase each copy."
)
HOUSE = N_("Take back the keys of the house, the telephone, sticks and papers, and tell everybody who works here.")


def told(here: Desk, who: Departure) -> Said:
    """What a person reads before somebody leaves, and after it."""
    ends, stays = ([one.code for one in each] for each in (who.ends, who.stays))
    facts: dict[str, Any] = {"staff": who.staff, "since": who.known["since"], "until": who.until, "on": who.after}
    facts["clients"] = sum(1 for _ in here.store.ids())
    return (
        (CALL, facts),
        (LEAVES, facts),
        (TAKES, facts),
        (CODE, facts),
        *(((ENDS, {"devices": ends}), (NO_LONGER["staff"], {})) if ends else ()),
        *(((STAY, {"devices": stays}),) if stays else ()),
        (SHARED, facts),
        (STILL, {}),
        (HOUSE, {}),
        (BESIDES, {}),
    )
