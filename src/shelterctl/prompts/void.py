"""Striking through at a terminal: which entry, for which reason, and a confirmation."""

from collections.abc import Sequence

from shelterctl.act.void import PlacedEntry, void_entry, void_reasons
from shelterctl.core.record.client import entries_with_ids
from shelterctl.core.values.facts import Facts
from shelterctl.prompts.client_file import ClientFile
from shelterctl.session import Session
from shelterctl.terminal.questions import choose_option, confirm
from shelterctl.terminal.screen import screen_language, screen_size, sentence_text, truncate_line
from shelterctl.ui_language import N_
from shelterctl.view.record import describe_entry, entry_lines_at, locate_in_rulebook

VOID_WHICH_ENTRY = N_("Which entry of {id} is wrong? Enter changes nothing.")
VOID_ENTRY_TEXT = N_("{what}, {on}, recorded by {by} ({entry})")
VOID_ROW = N_("{row}")
VOID_WHY = N_("Why are you striking through this entry?")
VOID_SURE = N_("Strike this through: {what}, {on}? It stays in {the file|the file|the register} but no longer counts.")


def choose_void(
    session: Session, record: Facts, offered: Sequence[PlacedEntry], named: PlacedEntry | None, reason: str | None
) -> tuple[PlacedEntry | None, str | None]:
    """Return the entry to strike through and the reason, once confirmed; (None, None) if not.

    The entry is chosen if none is *named*, and so is the reason.
    """
    if named is None:
        rows = [(VOID_ROW, {"row": _entry_row(session, record, each)}) for each in offered]
        place = choose_option(VOID_WHICH_ENTRY, rows, {"id": record["id"]})
        if place is None:
            return None, None
        named = offered[place]
    if reason is None:
        known = void_reasons(session)
        place = choose_option(VOID_WHY, [(text, {}) for text in known.values()])
        if place is None:
            return None, None
        reason = list(known)[place]
    where, facts = named
    said = describe_entry(session.rulebook, locate_in_rulebook(session.rulebook, record, where), facts)
    return (named, reason) if confirm(VOID_SURE, said) else (None, None)


def _entry_row(session: Session, record: Facts, entry: PlacedEntry) -> str:
    """Return an entry in one line: its kind, and as much of its contents as fits."""
    where, facts = locate_in_rulebook(session.rulebook, record, entry[0]), entry[1]
    said = sentence_text(VOID_ENTRY_TEXT, describe_entry(session.rulebook, where, facts))
    lines = entry_lines_at(session.rulebook, where, facts, screen_language())
    gist = "; ".join(line.strip() for line in lines if line.strip() and not line.endswith(":"))
    return truncate_line(f"{said}: {gist}", 2 * (screen_size()[0] - 8)) if gist else said


def offer_void(file: ClientFile, entry: str) -> bool:
    """Offer to strike through an entry that cannot be removed or has no answers left; return whether it was."""
    named = next(each for each in entries_with_ids(file.record) if each[1]["id"] == entry)
    struck, reason = choose_void(file.session, file.record, (), named, None)
    if struck is None:
        return False
    void_entry(file.session, file.held, *struck, reason)
    file.refresh()
    return True
