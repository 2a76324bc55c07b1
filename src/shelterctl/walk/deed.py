"""An act done to an entry at the terminal: what stands there, what stops it and can be filled in, and the act."""

from shelterctl import ask, screen
from shelterctl.act.deed import meant, put_down
from shelterctl.act.input import Input
from shelterctl.act.seal import to_read
from shelterctl.core.everyone import of_client
from shelterctl.core.finding import Outcome, refused
from shelterctl.core.record import Client
from shelterctl.core.track import Track
from shelterctl.desk import Desk
from shelterctl.language import N_
from shelterctl.view.whole import of_track
from shelterctl.walk import addition
from shelterctl.walk.remark import noted, opened, wrong

TITLE = N_("File {id}: {what}")
WHAT_NOW = N_("What now?")
DO = N_("yes: {act}")
FILL_IN = N_("fill in what is missing")
CHANGE = N_("go through all its answers")
LEAVE = N_("leave it as it is")
LEFT = N_("Nothing was done; her file is as it was.")


def walk(here: Desk, id_: str, track: Track, name: str, given: Input, entry: str | None) -> Outcome:
    """Show the entry, say what stops the act, let it be filled in, and do it once nothing does."""
    shut, _ = here.store.client(id_)
    one = meant(shut, track, name, entry)
    while True:
        held = to_read(here, here.store.read(shut.id), track)
        facts = next(each.written for each in of_client(track, Client(held.value)) if each.written["id"] == one)
        judged = put_down(here, shut.id, track, name, given, entry=one, check=True)
        with here.alone():
            screen.tell(TITLE, {"id": shut.id, "what": track.text}, bold=True)
            screen.write(["", *of_track(track, dict(facts), here.shelf, screen.spoken())], indent="  ")
            wrong(here, judged.findings)
            opened(here, judged.findings)
            noted(here, judged.findings, track.fields)
            act = (DO, {"act": track.deeds[name].text})
            stopped = refused(judged.findings)
            options = [*([(FILL_IN, {}), (CHANGE, {})] if stopped else [act]), (LEAVE, {})]
            chosen = ask.choice(WHAT_NOW, options)
        if chosen is None or options[chosen][0] == LEAVE:
            return Outcome(data={"id": shut.id}, said=((LEFT, {}),))
        if not stopped:
            return put_down(here, shut.id, track, name, given, entry=one)
        addition.walk(here, shut.id, track, one, over=options[chosen][0] == CHANGE)
