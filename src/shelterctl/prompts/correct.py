"""The questions of the command correct, which changes the day on which an agreement was signed: the right day, asked
until it is allowed, the findings that stay open with it, and a confirmation. The act itself is in act.correct.
"""

from shelterctl.act.correct import SIGNING_DAY_UNCHANGED, correct_signing_day
from shelterctl.act.permission import refuse_early
from shelterctl.core.finding import FilledSentences, Outcome, Severity
from shelterctl.core.rules.permission import CORRECT
from shelterctl.core.values.days import read_day
from shelterctl.core.values.facts import Facts
from shelterctl.prompts.client_file import ClientFile
from shelterctl.prompts.steps import print_open_findings
from shelterctl.session import Session, read_day_option
from shelterctl.terminal.questions import Move, ask_question, confirm
from shelterctl.terminal.screen import print_sentence
from shelterctl.ui_language import N_

CORRECTION_TITLE = N_("Agreement {number}: the recorded day of its signature is {on}.")
CORRECTION_DAY_STAYS = N_("Nothing was changed: {on} remains the day of its signature.")
CORRECTION_SURE = N_("Record {on} instead? The earlier day stays in {her|his} file beside it.")


def ask_correction(session: Session, id_: str, facts: Facts) -> Outcome:
    """Ask for the right day of a signature until it is allowed, and write it once that is confirmed."""
    if refused := refuse_early(session, id_, CORRECT):
        return refused
    file, on = ClientFile(session, id_), facts["signed"]["on"]
    data, was = {"id": file.id, "agreement_id": facts["id"]}, {"on": read_day(on)}

    def correct(answer: str, *, check: bool = False) -> Outcome:
        return correct_signing_day(session, id_, facts["id"], read_day_option(answer, "--on"), check=check)

    def refuse(answer: str) -> FilledSentences:
        found = correct(answer, check=True).findings
        return [(one.message, one.facts) for one in found if one.severity is Severity.REFUSE]

    with session.own_screen():
        print_sentence(CORRECTION_TITLE, {"number": facts.get("number") or facts["id"], **was}, bold=True)
        asked = file.question("agreement.signed.on")
        answer = ask_question(asked, session.clock, current=on, refuse=refuse).value
        if answer == on:
            return Outcome(data=data, said=((SIGNING_DAY_UNCHANGED, {}),))
        if not isinstance(answer, Move):
            print_open_findings(session, correct(answer, check=True).findings)
        if isinstance(answer, Move) or not confirm(CORRECTION_SURE, {"on": read_day(answer)}):
            return Outcome(data=data, said=((CORRECTION_DAY_STAYS, was),))
    return correct(answer)
