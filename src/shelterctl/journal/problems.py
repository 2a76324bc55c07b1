"""Errors about journals: lines that are damaged, false or missing, and what to do."""

from shelterctl import errors
from shelterctl.language import LabelledCode
from shelterctl.trust.chain_state import DeviceEnd
from shelterctl.ui_language import N_

KEY_MISUSED = N_(
    "Tell the data officer: the computer's own key signed this line, so it is not damage. Someone there uses "
    "another program, or someone else has the key. The line does not count; to go on without it: shelterctl "
    "repair journal"
)
LINE_STILL_COUNTS = N_(
    "Ask who worked at that computer, and tell the data officer. The line still counts; if the file that it "
    "names has changed, that is reported separately. When the data officer knows, run: shelterctl repair "
    "journal"
)
FIND_NEWEST_COPY = N_(
    "Look for the newest copy of the store, and tell the data officer. Either lines were removed from that "
    "journal, or the signed line is false. When the data officer knows, run: shelterctl repair journal"
)

STATEMENT_UNTRUE = N_(
    "Ask who worked at the computer that signed it, and tell the data officer. Nothing that was saved is "
    "lost. The newest backup from before that line opens: shelterctl restore BACKUP --store NEW"
)
REPAIR_JOURNAL = N_("Put it right with: shelterctl repair journal [--from BACKUP]. Tell the data officer.")
TAKE_OUT_FILE = N_(
    "Ask who put it there, move it out of the store's folder, and tell the data officer. Do not rely on what it says."
)
CHANGES_MISSING = N_("Changes that this computer saw are missing: {place} lacks lines, or has others in their place.")

WHY_ENDED = {
    "lost": LabelledCode("lost", {"en": "lost or stolen", "ru": "потерян или украден"}),
    "left": LabelledCode("left", {"en": "given back or away", "ru": "сдан или отдан"}),
    "copied": LabelledCode("copied", {"en": "its key was copied", "ru": "ключ скопирован"}),
    "undone": LabelledCode(
        "undone",
        {"en": "admitted by a computer that was itself shut out", "ru": "подключил компьютер, который сам отключён"},
    ),
}
"""The reasons for shutting out a device, by code."""
SIGNED_BY_PAPER = LabelledCode("paper", {"en": "the recovery paper", "ru": "бумага восстановления"})

JOURNAL_EDITED = N_("The journal {place} was changed outside of shelterctl, or is damaged, at line {line}.")


def edited_line_error(place: str, line: int) -> errors.Damaged:
    """Return the error for a line that its device did not write, or not in this place."""
    return errors.Damaged("journal/edited", JOURNAL_EDITED, hint=REPAIR_JOURNAL, place=place, line=line)


LINE_OUT_OF_PLACE = N_(
    "Line {line} of {place} is genuine, but does not follow the line before it: lines were removed, moved or doubled "
    "there."
)


def misplaced_line_error(place: str, line: int) -> errors.Damaged:
    """Return the error for a line that its device wrote, but not after the line that is before it now."""
    return errors.Damaged("journal/edited", LINE_OUT_OF_PLACE, hint=REPAIR_JOURNAL, place=place, line=line)


JOURNAL_OF_NO_DEVICE = N_("The journal {place} belongs to no device of this store.")
MOVE_JOURNAL_OUT = N_(
    "Ask who put it there, move it out of the store's folder without erasing it, and tell the data officer. "
    "The program does not read it."
)


def foreign_journal_error(name: str) -> errors.Damaged:
    """Return the error for a journal of this file name that belongs to no device of the store."""
    shown = name if len(name) <= 20 and name.removesuffix(".jsonl").isalnum() and name.isascii() else "…"
    return errors.Damaged("journal/stranger", JOURNAL_OF_NO_DEVICE, hint=MOVE_JOURNAL_OUT, place=f"journal/{shown}")


SIGNED_LINE_MALFORMED = N_("The computer {device} signed a line that is not valid in a journal: {place}, line {line}.")


def malformed_line_error(device: str, place: str, line: int) -> errors.Damaged:
    """Return the error for an invalid line that its own device signed."""
    return errors.Damaged(
        "journal/malformed", SIGNED_LINE_MALFORMED, hint=KEY_MISUSED, device=device, place=place, line=line
    )


ABSENT_LINE_CLAIMED_BROKEN = N_(
    "The computer {device} signed that line {line} of {place} is broken, but there is no such line. It "
    "signed this in line {number} of its own journal."
)
WHOLE_LINE_CLAIMED_BROKEN = N_(
    "The computer {device} signed that line {line} of {place} is broken, but the line is whole. It signed "
    "this in line {number} of its own journal."
)


def false_claim_error(place: str, line: int, device: str, number: int, *, absent: bool) -> errors.Damaged:
    """Return the error for a claim by *device* that a line is broken, although the line is whole or *absent*.

    The claim is in line *number* of the device's own journal.
    """
    return errors.Damaged(
        "journal/false-mend",
        ABSENT_LINE_CLAIMED_BROKEN if absent else WHOLE_LINE_CLAIMED_BROKEN,
        hint=FIND_NEWEST_COPY if absent else LINE_STILL_COUNTS,
        device=device,
        place=place,
        line=line,
        number=number,
    )


SHUT_OUT_LINE_UNTRUE = N_(
    "Line {line} of trust.jsonl is false. It shuts out the computer {device} and says what its journal "
    "contained, but {place} is here as it was seen earlier. Lines that it names: {named}; lines here: "
    "{lines}. Signed by: {by}."
)
JOURNAL_UNLIKE_SHUT_OUT_LINE = N_(
    "Line {line} of trust.jsonl shuts out the computer {device}, but {place} does not match it. The computer "
    "wrote later, its journal was changed, or the line is false. Lines that it names: {named}; lines here: "
    "{lines}. Signed by: {by}."
)
PUT_COUNTED_LINES_BACK = N_(
    "Tell the data officer. A backup from before the computer was shut out has the lines that count: "
    "shelterctl repair journal --from BACKUP. Do not rely on what it wrote later. Only if there is no such "
    "backup: shelterctl repair journal --give-up"
)


def unfitting_end_error(device: str, place: str, end: DeviceEnd, lines: int, *, false: bool) -> errors.Damaged:
    """Return the error for a device that was shut out and whose journal, of *lines* lines, does not match the
    statement.

    The statement is *false* if the journal was seen earlier as it is now.
    """
    facts: dict[str, object] = {"device": device, "place": place, "named": end.lines, "lines": lines}
    facts |= statement_facts(end)
    if false:
        return errors.Damaged("journal/false-end", SHUT_OUT_LINE_UNTRUE, hint=STATEMENT_UNTRUE, **facts)
    return errors.Damaged("journal/shut-out", JOURNAL_UNLIKE_SHUT_OUT_LINE, hint=PUT_COUNTED_LINES_BACK, **facts)


def statement_facts(end: DeviceEnd) -> dict[str, object]:
    """Return the line number and the signer of the statement that shut a device out."""
    return {"line": end.line, "by": end.by or SIGNED_BY_PAPER}


STORE_WAS_LEFT_BEHIND = N_(
    "Go on in the restored store: this is the old one, left when a backup was restored on this computer. If "
    "you only tried the backup, the old store opens again after: shelterctl repair journal --give-up. The "
    "restored store then no longer opens, and what was written in it is lost."
)


def left_behind_error(place: str) -> errors.Damaged:
    """Return the error for the store that was left when a backup was restored here: no older copy was put back."""
    return errors.Damaged("journal/rolled-back", CHANGES_MISSING, hint=STORE_WAS_LEFT_BEHIND, place=place)


FIND_COPY_OR_REPAIR_JOURNAL = N_(
    "Find the newest copy of the store, and tell the data officer: an older copy was put back, or the file "
    "is damaged. A damaged journal is repaired with: shelterctl repair journal [--from BACKUP]."
)


def rolled_back_error(place: str) -> errors.Damaged:
    """Return the error for a journal that does not match what was seen of it before."""
    return errors.Damaged("journal/rolled-back", CHANGES_MISSING, hint=FIND_COPY_OR_REPAIR_JOURNAL, place=place)
