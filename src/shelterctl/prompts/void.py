"""Striking through, at a terminal: which entry, for which reason, and yes to it once more."""

from collections.abc import Sequence

from shelterctl.act.void import void_entry, void_reasons
from shelterctl.core.record.client import entries_with_ids
from shelterctl.core.record.sameness import CHANGES_KEY
from shelterctl.core.values.facts import Facts
from shelterctl.prompts.client_file import ClientFile
from shelterctl.session import Session
from shelterctl.terminal.questions import choose_option, confirm
from shelterctl.terminal.screen import screen_language, screen_size, sentence_text, truncate_line
from shelterctl.ui_language import N_
from shelterctl.view.record import describe_entry, track_entry_lines, track_of_entry

PlacedEntry = tuple[str, Facts]
"""An entry with the pointer to it."""

VOID_WHICH_ENTRY = N_("Which entry of {id} is wrong? Enter leaves everything as it is.")
VOID_ENTRY_TEXT = N_("{what}, {on}, recorded by {by} ({entry})")
VOID_ROW = N_("{row}")
VOID_WHY = N_("Why is this entry struck through?")
VOID_SURE = N_("Strike this through: {what}, {on}? It stays in the file and counts no more.")


def choose_void(
    session: Session, id_: str, offered: Sequence[PlacedEntry], named: PlacedEntry | None, reason: str | None
) -> tuple[PlacedEntry | None, str | None]:
    """The entry, chosen if none is *named*, and the reason, both said yes to once more; None where it was left."""
    if named is None:
        rows = [(VOID_ROW, {"row": _entry_row(session, *each)}) for each in offered]
        place = choose_option(VOID_WHICH_ENTRY, rows, {"id": id_})
        if place is None:
            return None, None
        named = offered[place]
    if reason is None:
        known = void_reasons(session)
        place = choose_option(VOID_WHY, [(text, {}) for text in known.values()])
        if place is None:
            return None, None
        reason = list(known)[place]
    return (named, reason) if confirm(VOID_SURE, describe_entry(session.rulebook, *named)) else (None, None)


def _entry_row(session: Session, where: str, facts: Facts) -> str:
    """One entry in a line: what it is, and what it says as far as there is room; the screen is gone when it is left."""
    said = sentence_text(VOID_ENTRY_TEXT, describe_entry(session.rulebook, where, facts))
    track = track_of_entry(session.rulebook, where, facts)
    now = {name: value for name, value in facts.items() if name != CHANGES_KEY}
    lines = track_entry_lines(track, now, session.rulebook, screen_language()) if track else []
    gist = "; ".join(line.strip() for line in lines if line.strip() and not line.endswith(":"))
    return truncate_line(f"{said}: {gist}", 2 * (screen_size()[0] - 8)) if gist else said


def offer_void(file: ClientFile, entry: str) -> bool:
    """Offer to strike an entry through of which nothing is left, or which cannot be taken away; whether it was."""
    named = next(each for each in entries_with_ids(file.record) if each[1]["id"] == entry)
    struck, reason = choose_void(file.session, str(file.id), (), named, None)
    if struck is None:
        return False
    void_entry(file.session, file.held, *struck, reason)
    file.refresh()
    return True
