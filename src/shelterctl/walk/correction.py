"""The day of a signature that was written down wrongly: the right one, what rests on it, and whether it is to stand."""

from shelterctl import ask, screen
from shelterctl.act.correction import SAME, correct
from shelterctl.core.days import read_day
from shelterctl.core.finding import Outcome
from shelterctl.core.record import Facts
from shelterctl.desk import Desk, day
from shelterctl.language import N_
from shelterctl.walk.remark import opened, wrong
from shelterctl.walk.table import Table

TITLE = N_("Agreement {number}: {on} is written down as the day of its signature.")
STAYS = N_("Nothing was changed: {on} stands as the day of its signature, as before.")
SURE = N_("Write down {on} in its place? The other day stays in her file beside it.")


def walk(here: Desk, id_: str, facts: Facts) -> Outcome:
    """Ask for the right day until one can stand there; nothing is written before that is said yes to."""
    table, was = Table(here, id_), read_day(facts["signed"]["on"])
    question = table.question("agreement.signed.on")
    data = {"id": table.id, "agreement_id": facts["id"]}
    stays = Outcome(data=data, said=((STAYS, {"on": was}),))
    with here.alone():
        screen.tell(TITLE, {"number": facts.get("number") or facts["id"], "on": was}, bold=True)
        while True:
            answer = ask.question(question, here.clock, now=facts["signed"]["on"]).value
            if answer == facts["signed"]["on"]:
                return Outcome(data=data, said=((SAME, {}),))
            if isinstance(answer, ask.Move):
                return stays
            right = day(answer, "--on")
            tried = correct(here, id_, facts["id"], right, check=True)
            wrong(here, tried.findings)
            if not tried.refused:
                break
        opened(here, tried.findings)
        if not ask.confirm(SURE, {"on": right}):
            return stays
    return correct(here, id_, facts["id"], right)
