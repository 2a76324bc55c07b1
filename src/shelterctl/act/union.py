"""Two files of one person made one: what one says goes into the other, and is struck through where it stood."""

from shelterctl.act.file import merged
from shelterctl.act.input import Input
from shelterctl.core.double import TWICE, carried, left_behind
from shelterctl.core.finding import Finding, refused
from shelterctl.core.record import Client
from shelterctl.desk import Desk
from shelterctl.language import N_, current, say
from shelterctl.store import Held, file_of

ELSEWHERE = N_("The same person as {id}; her file is that one.")


def join(here: Desk, gone: Held, hers: Held) -> tuple[Finding, ...]:
    """Carry what *gone* says into *hers* and leave it behind struck through, as one act; or what refuses that."""
    old = Client(gone.value)
    given = Input(carried(old, Client(hers.value)), (), None)
    found = merged(here, hers.value, given, without_stay=not old.stays)
    if refused(found.findings):
        return found.findings
    void = {"on": here.today.isoformat(), "by": here.by, "reason": TWICE}
    new = Client(found.record)
    left = left_behind(old, new, void, say(ELSEWHERE, {"id": new.id}, current()))
    here.write([(file_of(new.id), new.facts, hers.version), (file_of(old.id), left, gone.version)], "admit")
    return ()
