"""A new recovery paper in the place of the old one: what that one still opens, the new one written down, and in force.

Whoever is interrupted gives the command again: the same new paper is shown, or its renewal is finished.
"""

from collections.abc import Mapping
from typing import Any

from shelterctl import ask, screen
from shelterctl.act import renewal
from shelterctl.act.paper import IN_FILE, ON_PAPER, place_for
from shelterctl.act.rekey import answered
from shelterctl.act.renewal import Renewal
from shelterctl.core.finding import Outcome, Said
from shelterctl.desk import Desk, walked
from shelterctl.errors import Conflict, ShelterError, Usage
from shelterctl.language import N_
from shelterctl.view import access
from shelterctl.view.call import first_call
from shelterctl.view.ending import CHECKED, answer, consequences
from shelterctl.walk import access as sitting
from shelterctl.walk.reveal import hand_over

OUT_FIRST = N_(
    "A computer that nobody knows is shut out first: shelterctl device end CODE --lost. Then the paper is renewed."
)
SURE = N_("Put a new recovery paper in the place of the old one?")
BEGUN = N_("A new paper was begun on this computer already, and is not in force yet. The same one is shown again.")
LEFT = N_("Nothing was changed; the recovery paper is the one that it was.")
GIVEN_UP = N_(
    "The new paper that was begun on this computer is given up. What was written down of it opens nothing: destroy it. "
    "The recovery paper is the one that it was."
)
LATER = N_("The recovery paper is still the old one. The same command goes on here, and shows the same new paper.")

RENEWED = N_(
    "The new recovery paper is in force. The old one opens nothing that is saved from now on, and admits no computer."
)
FINISHED = N_(
    "The renewal that was interrupted is finished: the paper that was shown then is in force. If that one is lost too, "
    "run the command again."
)
NOT_YET = N_("Not every file is sealed for the new paper yet. To finish: shelterctl recovery renew")
LOOK = N_(
    "If somebody else had the old paper, look whether each computer on the list is one of the house: shelterctl trust"
)
NEXT = N_(
    "Make a backup on each stick at once: shelterctl backup DIR. The new paper opens none of the older ones: if the "
    "computers were lost before that, only the old paper would help. Then try the new paper: shelterctl check "
    "--recovery FILE. Take it to the safe at IOM, and destroy the old one, if it is there."
)
SHEET = N_(
    "The words of the store are the same: {words}. Its number for the sheet in the safe: {number}. If the key stands "
    "on that sheet, print a new one: shelterctl trust --out FILE"
)
OVERTAKEN = N_(
    "Another recovery paper came into force since a new one was begun on this computer. The one that was begun here "
    "opens nothing: destroy what was written down of it."
)
ANEW = N_("See the list with: shelterctl trust. If the paper in force is to be replaced too, run the command again.")


def renew(here: Desk, named: str | None, *, only_said: bool) -> Outcome:
    """Put a new recovery paper in force, shown to whoever sits here or written into the file that is *named*.

    Where it is *only said* what would be so, nothing is written. Raises Conflict where another paper overtook one that
    was begun here.
    """
    # Gather.
    if named is None and not (only_said or walked(here)):
        raise Usage("usage/missing", ON_PAPER)
    path = place_for(named, here.root, begun=renewal.is_begun(here))
    here.open()
    begun = renewal.begun(here)
    if walked(here) and not only_said and not sitting.looked_at(here):
        return Outcome(said=((sitting.REFUSED, {}), (OUT_FIRST, {})))
    renewal.may(here)
    if begun and begun.state == "overtaken":
        if not only_said:
            renewal.forget(here)
        raise Conflict("recovery/overtaken", OVERTAKEN, hint=ANEW)

    # Decide.
    meant = consequences(here, "paper", [here.store.vault.journal.chain.paper[0]])
    told: Said = (*first_call(here, "paper"), *meant.said)
    if only_said:
        state = begun.state if begun else None
        return answer(here, {"keeps": meant.data, "state": state}, (*told, (CHECKED, {})))
    if begun and begun.state == "in_force":
        return _finished(here, {}, ((FINISHED, {}),))
    if walked(here) and (said := _refused(here, begun, told)):
        return Outcome(said=said)

    # Act.
    begun = begun or renewal.begin(here)
    hand_over(here, begun.paper, path, LATER)
    renewal.sign(here, begun)
    told = () if walked(here) else told  # it was shown before it was asked
    return _finished(here, {"keeps": meant.data}, (*told, (RENEWED, {}), *(((IN_FILE, {}),) if path else ())))


def _refused(here: Desk, begun: Renewal | None, meant: Said) -> Said:
    """The sentences where the person at the terminal, told what it means, does not want it; none where she does.

    A paper that was begun and shown before is given up then, and said to be worth nothing.
    """
    for sentence, facts in (*meant, *(((BEGUN, {}),) if begun else ())):
        screen.tell(sentence, facts)
    if ask.confirm(SURE):
        return ()
    if begun:
        renewal.forget(here)
    return ((GIVEN_UP if begun else LEFT, {}),)


def _finished(here: Desk, meant: Mapping[str, Any], said: Said) -> Outcome:
    """Every file sealed for the paper in force, and what is to be done with it; damage costs what was damaged.

    The paper is in force whatever stops that, such as a full disk: then the command is to be given again.
    """
    try:
        done = answered(renewal.finish(here))
    except ShelterError as error:
        done = Outcome(said=((NOT_YET, {}),), harm=error)
    sheet = access.sheet(here)
    said = (*said, *done.said, (LOOK, {}), (NEXT, {}), (SHEET, sheet))
    return answer(here, {**meant, "state": "in_force", "sheet": sheet}, said, done)
