"""An act carried out from the menu: whatever comes of it is said, and the menu goes on."""

from collections.abc import Callable

from shelterctl import ask, machine, output, screen
from shelterctl.act.damage import told
from shelterctl.cli.app import SOMEWHERE
from shelterctl.cli.options import Ctx
from shelterctl.core.finding import Outcome
from shelterctl.desk import OPENED
from shelterctl.errors import ShelterError
from shelterctl.language import N_

ENTER = N_("Enter goes back to the menu.")


def carry(ctx: Ctx, *acts: Callable[[Ctx], Outcome | None]) -> None:
    """Acts, each where the one before it was done; a page that was shown until Enter needs no other Enter."""
    try:
        for act in acts:
            ctx.meta[OPENED] = []
            said = act(ctx)
            if said is None:
                return
            said = told(said, ctx.meta[OPENED])
            if not said.private and (said.said or said.findings or said.prose or said.data):
                screen.clear()
            output.tell(said, screen.spoken())
            if said.private:
                return
            if said.refused or said.harm:
                break
    except (ShelterError, OSError) as error:
        output.regret(error if isinstance(error, ShelterError) else machine.refusal(error, SOMEWHERE), screen.spoken())
    except KeyboardInterrupt:
        screen.write([""])
    screen.tell(ENTER)
    ask.line()
