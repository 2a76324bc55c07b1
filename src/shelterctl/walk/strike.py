"""Striking through, at a terminal: which entry, for which reason, and yes to it once more."""

from collections.abc import Mapping

from shelterctl import ask, screen
from shelterctl.act.entry import of_entry, told
from shelterctl.act.strike import reasons, strike
from shelterctl.core.record import Facts, entries
from shelterctl.core.sameness import WAS
from shelterctl.desk import Desk
from shelterctl.language import N_
from shelterctl.view.whole import of_track
from shelterctl.walk.table import Table

WHICH = N_("Which entry of {id} is wrong? Enter leaves everything as it is.")
ENTRY = N_("{what}, {on}, recorded by {by} ({entry})")
ROW = N_("{row}")
WHY = N_("Why is this entry struck through?")
SURE = N_("Strike this through: {what}, {on}? It stays in the file and counts no more.")


def chosen(
    here: Desk, id_: str, listed: Mapping[str, Facts], entry: str | None, reason: str | None
) -> tuple[str | None, str | None]:
    """The entry and the reason, chosen by number and said yes to once more; None where it was left."""
    if entry is None:
        place = ask.choice(WHICH, [(ROW, {"row": _row(facts)}) for facts in listed.values()], {"id": id_})
        if place is None:
            return None, None
        entry = list(listed)[place]
    if reason is None:
        known = reasons(here)
        place = ask.choice(WHY, [(text, {}) for text in known.values()])
        if place is None:
            return None, None
        reason = list(known)[place]
    return (entry, reason) if ask.confirm(SURE, listed[entry]) else (None, None)


def gist(here: Desk, where: str, facts: Facts) -> str:
    """What an entry says now, in a few words, for a screen that is gone when it is left."""
    track = of_entry(here.shelf, where, facts)
    now = {name: value for name, value in facts.items() if name != WAS}
    lines = of_track(track, now, here.shelf, screen.spoken()) if track else []
    return "; ".join(line.strip() for line in lines if line.strip() and not line.endswith(":"))


def _row(facts: Facts) -> str:
    """One entry in a line: what it is, and what it says as far as there is room."""
    said = screen.said(ENTRY, facts)
    return screen.cut(f"{said}: {facts['gist']}", 2 * (screen.size()[0] - 8)) if facts.get("gist") else said


def offered(table: Table, entry: str) -> bool:
    """Offer to strike an entry through of which nothing is left, or which cannot be taken away; whether it was."""
    here = table.here
    where, facts = next(each for each in entries(table.record) if each[1]["id"] == entry)
    struck, reason = chosen(here, str(table.id), {entry: told(here.shelf, where, facts)}, entry, None)
    if struck is None or reason is None:
        return False
    strike(here, table.record, table.version, struck, reason)
    table.refresh()
    return True
