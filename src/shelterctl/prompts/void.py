"""Striking through, at a terminal: which entry, for which reason, and yes to it once more."""

from collections.abc import Mapping

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

VOID_WHICH_ENTRY = N_("Which entry of {id} is wrong? Enter leaves everything as it is.")
VOID_ENTRY_TEXT = N_("{what}, {on}, recorded by {by} ({entry})")
VOID_ROW = N_("{row}")
VOID_WHY = N_("Why is this entry struck through?")
VOID_SURE = N_("Strike this through: {what}, {on}? It stays in the file and counts no more.")


def choose_void(
    session: Session, id_: str, listed: Mapping[str, Facts], entry: str | None, reason: str | None
) -> tuple[str | None, str | None]:
    """The entry and the reason, chosen by number and said yes to once more; None where it was left."""
    if entry is None:
        place = choose_option(
            VOID_WHICH_ENTRY, [(VOID_ROW, {"row": _entry_row(facts)}) for facts in listed.values()], {"id": id_}
        )
        if place is None:
            return None, None
        entry = list(listed)[place]
    if reason is None:
        known = void_reasons(session)
        place = choose_option(VOID_WHY, [(text, {}) for text in known.values()])
        if place is None:
            return None, None
        reason = list(known)[place]
    return (entry, reason) if confirm(VOID_SURE, listed[entry]) else (None, None)


def summarize_entry(session: Session, where: str, facts: Facts) -> str:
    """What an entry says now, in a few words, for a screen that is gone when it is left."""
    track = track_of_entry(session.rulebook, where, facts)
    now = {name: value for name, value in facts.items() if name != CHANGES_KEY}
    lines = track_entry_lines(track, now, session.rulebook, screen_language()) if track else []
    return "; ".join(line.strip() for line in lines if line.strip() and not line.endswith(":"))


def _entry_row(facts: Facts) -> str:
    """One entry in a line: what it is, and what it says as far as there is room."""
    said = sentence_text(VOID_ENTRY_TEXT, facts)
    return truncate_line(f"{said}: {facts['gist']}", 2 * (screen_size()[0] - 8)) if facts.get("gist") else said


def offer_void(file: ClientFile, entry: str) -> bool:
    """Offer to strike an entry through of which nothing is left, or which cannot be taken away; whether it was."""
    session = file.session
    where, facts = next(each for each in entries_with_ids(file.record) if each[1]["id"] == entry)
    struck, reason = choose_void(
        session, str(file.id), {entry: describe_entry(session.rulebook, where, facts)}, entry, None
    )
    if struck is None or reason is None:
        return False
    void_entry(session, file.record, file.version, struck, reason)
    file.refresh()
    return True
