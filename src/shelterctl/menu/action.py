"""Lines of a menu: the label, the equivalent command and the function of each, and how such functions are run so that
every result and every error is shown and the menu goes on.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from shelterctl.cli.app import A_NAMED_PLACE
from shelterctl.cli.options import Ctx, session_of
from shelterctl.core.finding import Outcome
from shelterctl.custody.damage import add_store_notes
from shelterctl.errors import ShelterError
from shelterctl.language import Sentence, translate_placeholders
from shelterctl.output import stdio
from shelterctl.platform.disk_errors import disk_error
from shelterctl.prompts.steps import without_commands
from shelterctl.terminal.questions import ask_line
from shelterctl.terminal.screen import clear_screen, keep_early_answer, print_lines, print_sentence, screen_language
from shelterctl.ui_language import N_

COMMAND_OF_LINE = N_("{number} {what}: shelterctl {command}")


class MenuLine(NamedTuple):
    """One line of a menu: its label, the equivalent command, and the function that it runs."""

    label: Sentence
    command: str
    run: Callable[..., Outcome | None]


def show_commands(choices: tuple[MenuLine, ...], client: str = "ID") -> None:
    """Print the command that is equivalent to each line, for that client."""
    for number, each in enumerate(choices, 1):
        if each.command:
            facts = {
                "number": number,
                "what": each.label,
                "command": translate_placeholders(each.command, screen_language()).replace("ID", client),
            }
            print_sentence(COMMAND_OF_LINE, facts, indent="  ")


ENTER_GOES_BACK = N_("Enter goes back.")


def _without_codes(said: Outcome) -> Outcome:
    """Return the outcome without the ids and codes that only programs read, and without file notation.

    A person at the menu reads sentences and writes no file.
    """
    findings = tuple(replace(each, in_file=None) for each in said.findings)
    said = replace(said, said=tuple(without_commands(said.said)), findings=findings)
    if not said.said or said.prose:
        return said
    return replace(said, data={name: facts for name, facts in said.data.items() if isinstance(facts, list | dict)})


def run_actions(ctx: Ctx, *acts: Callable[[Ctx], Outcome | None]) -> None:
    """Run the actions in order, each only if the one before it was done, and wait for Enter.

    A page that was shown until Enter needs no second Enter.
    """
    session = session_of(ctx)
    try:
        for act in acts:
            session.begin_action()
            said = act(ctx)
            if said is None:
                return
            said = add_store_notes(_without_codes(said), session.notes)
            if not said.private and (said.said or said.findings or said.prose or said.data):
                clear_screen()
            stdio.print_outcome(said, screen_language(), codes=False)
            if said.private:
                return
            if said.refused or said.harm:
                break
    except (ShelterError, OSError) as error:
        stdio.print_error(
            error if isinstance(error, ShelterError) else disk_error(error, A_NAMED_PLACE), screen_language()
        )
    except KeyboardInterrupt:
        print_lines([""])
    print_sentence(ENTER_GOES_BACK)
    keep_early_answer(ask_line())  # what is typed here answers the next question
