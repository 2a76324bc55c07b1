"""The questions of the command correct, for the day on which an agreement was signed: the right day, asked until one
can stand there, what stays open with it, and whether it is to be written down. The act itself is in act.correct.
"""

from shelterctl.act.correct import SIGNING_DAY_UNCHANGED, correct_signing_day
from shelterctl.core.finding import Outcome
from shelterctl.core.values.days import read_day
from shelterctl.core.values.facts import Facts
from shelterctl.prompts.client_file import ClientFile
from shelterctl.prompts.steps import print_open_findings, print_refusals
from shelterctl.session import Session, read_day_option
from shelterctl.terminal.questions import Move, ask_question, confirm
from shelterctl.terminal.screen import print_sentence
from shelterctl.ui_language import N_

CORRECTION_TITLE = N_("Agreement {number}: {on} is written down as the day of its signature.")
CORRECTION_DAY_STAYS = N_("Nothing was changed: {on} stands as the day of its signature, as before.")
CORRECTION_SURE = N_("Write down {on} in its place? The other day stays in her file beside it.")


def ask_correction(session: Session, id_: str, facts: Facts) -> Outcome:
    """Ask for the right day until one can stand there; nothing is written before that is said yes to."""
    file, was = ClientFile(session, id_), read_day(facts["signed"]["on"])
    question = file.question("agreement.signed.on")
    data = {"id": file.id, "agreement_id": facts["id"]}
    stays = Outcome(data=data, said=((CORRECTION_DAY_STAYS, {"on": was}),))
    with session.own_screen():
        print_sentence(CORRECTION_TITLE, {"number": facts.get("number") or facts["id"], "on": was}, bold=True)
        while True:
            answer = ask_question(question, session.clock, current=facts["signed"]["on"]).value
            if answer == facts["signed"]["on"]:
                return Outcome(data=data, said=((SIGNING_DAY_UNCHANGED, {}),))
            if isinstance(answer, Move):
                return stays
            right = read_day_option(answer, "--on")
            tried = correct_signing_day(session, id_, facts["id"], right, check=True)
            print_refusals(session, tried.findings)
            if not tried.refused:
                break
        print_open_findings(session, tried.findings)
        if not confirm(CORRECTION_SURE, {"on": right}):
            return stays
    return correct_signing_day(session, id_, facts["id"], right)
