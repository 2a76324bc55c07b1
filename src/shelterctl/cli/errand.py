"""An act carried out from the menu: whatever comes of it is said, and the menu goes on."""

from collections.abc import Callable
from dataclasses import replace

from shelterctl import ask, machine, output, screen
from shelterctl.act.damage import told
from shelterctl.cli.app import SOMEWHERE
from shelterctl.cli.options import Ctx
from shelterctl.core.finding import Outcome
from shelterctl.desk import OPENED
from shelterctl.errors import ShelterError
from shelterctl.language import N_
from shelterctl.walk.step import in_words

ENTER = N_("Enter goes back.")


def _for_a_person(said: Outcome) -> Outcome:
    """The same without the ids and codes that a program reads, and without how anything is written into a file.

    Whoever sits here is told in words, and writes no file.
    """
    findings = tuple(replace(each, in_file=None) for each in said.findings)
    said = replace(said, said=tuple(in_words(said.said)), findings=findings)
    if not said.said or said.prose:
        return said
    return replace(said, data={name: facts for name, facts in said.data.items() if isinstance(facts, list | dict)})


def carry(ctx: Ctx, *acts: Callable[[Ctx], Outcome | None]) -> None:
    """Acts, each where the one before it was done; a page that was shown until Enter needs no other Enter."""
    try:
        for act in acts:
            ctx.meta[OPENED] = []
            said = act(ctx)
            if said is None:
                return
            said = told(_for_a_person(said), ctx.meta[OPENED])
            if not said.private and (said.said or said.findings or said.prose or said.data):
                screen.clear()
            output.tell(said, screen.spoken(), codes=False)
            if said.private:
                return
            if said.refused or said.harm:
                break
    except (ShelterError, OSError) as error:
        output.regret(error if isinstance(error, ShelterError) else machine.refusal(error, SOMEWHERE), screen.spoken())
    except KeyboardInterrupt:
        screen.write([""])
    screen.tell(ENTER)
    screen.answered(ask.line())  # whoever knows what comes next may type it
