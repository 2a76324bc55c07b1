"""The consequences where somebody of the staff leaves: what goes along, what ends, and what the house does besides."""

from typing import Any

from shelterctl.act.departure import Departure
from shelterctl.desk import Desk
from shelterctl.language import N_
from shelterctl.view.call import first_call
from shelterctl.view.ending import KEEPS, NO_LONGER, Consequences, consequences

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


def departure(here: Desk, who: Departure) -> Consequences:
    """The consequences where somebody leaves the staff, as a person reads them before it is done, and after it."""
    ends, stays = ([one.code for one in each] for each in (who.ends, who.stays))
    facts: dict[str, Any] = {"staff": who.staff, "since": who.known["since"], "until": who.until, "on": who.after}
    facts["clients"] = sum(1 for _ in here.store.ids())
    means = consequences(here, "staff", [one.age for one in who.ends])
    # How long a computer could read is not how long she could: KEEPS gives way to TAKES.
    said = (
        *first_call(here, "staff"),
        (LEAVES, facts),
        (TAKES, facts),
        (CODE, facts),
        *(((ENDS, {"devices": ends}),) if ends else ()),
        *(((STAY, {"devices": stays}),) if stays else ()),
        *(one for one in means.said if one[0] != KEEPS and (ends or one[0] != NO_LONGER["staff"])),
        (SHARED, facts),
        (HOUSE, {}),
    )
    return Consequences(said, {**means.data, "since": who.known["since"]})
