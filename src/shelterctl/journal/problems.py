"""What is wrong with a journal, and what to do: what a device signed that cannot be so, and lines that are missing."""

from shelterctl import errors
from shelterctl.language import LabelledCode
from shelterctl.trust.chain_state import DeviceEnd
from shelterctl.ui_language import N_

KEY_MISUSED = N_(
    "Its own key signed that, so it is no damage: somebody works at that device with another program, or has its key. "
    "Tell the data officer. Nothing in this line counts. To go on without it: shelterctl repair journal"
)
LINE_STILL_COUNTS = N_(
    "The line still counts. Where the file that it names is another now, that is told as well. Ask who worked at that "
    "device, and tell the data officer. Once they know: shelterctl repair journal"
)
FIND_NEWEST_COPY = N_(
    "Either lines were taken out of that journal, or what was signed is not true. Look for the newest copy of the "
    "store, and tell the data officer. Once they know: shelterctl repair journal"
)

STATEMENT_UNTRUE = N_(
    "Nothing that was written is lost. Ask who worked at the device that signed, and tell the data officer. The newest "
    "backup from before that line opens: shelterctl restore BACKUP --store NEW"
)
REPAIR_JOURNAL = N_("Put it right with: shelterctl repair journal [--from BACKUP]. Tell the data officer.")
TAKE_OUT_FILE = N_(
    "Nothing in it is believed. Ask who put it there, move it out of the store's folder, and tell the data officer."
)
CHANGES_MISSING = N_("Changes that this computer saw are missing: {place} lacks lines, or has others in their place.")

WHY_ENDED = {
    "lost": LabelledCode("lost", {"en": "lost or stolen", "ru": "потерян или украден"}),
    "left": LabelledCode("left", {"en": "given back or away", "ru": "сдан или отдан"}),
    "copied": LabelledCode("copied", {"en": "its key was copied", "ru": "ключ скопирован"}),
    "undone": LabelledCode(
        "undone", {"en": "admitted by a computer that is out itself", "ru": "подключил компьютер, который сам отключён"}
    ),
}
"""Why a device was shut out, by code."""
SIGNED_BY_PAPER = LabelledCode("paper", {"en": "the recovery paper", "ru": "бумага восстановления"})

JOURNAL_EDITED = N_("The journal {place} was changed outside of shelterctl, or is damaged, at line {line}.")


def edited_line_error(place: str, line: int) -> errors.Damaged:
    """The error of a line that its device did not write, or not there."""
    return errors.Damaged("journal/edited", JOURNAL_EDITED, hint=REPAIR_JOURNAL, place=place, line=line)


JOURNAL_OF_NO_DEVICE = N_("The journal {place} belongs to no device of this store.")
MOVE_JOURNAL_OUT = N_(
    "Nothing in it is believed, and it was not read. Ask who put it there, move it out of the store's folder without "
    "erasing it, and tell the data officer."
)


def foreign_journal_error(name: str) -> errors.Damaged:
    """The error of a journal of that name, which is none of a device of the store."""
    shown = name if len(name) <= 20 and name.removesuffix(".jsonl").isalnum() and name.isascii() else "…"
    return errors.Damaged("journal/stranger", JOURNAL_OF_NO_DEVICE, hint=MOVE_JOURNAL_OUT, place=f"journal/{shown}")


SIGNED_LINE_MALFORMED = N_("The device {device} signed a line that is no line of a journal: {place}, line {line}.")


def malformed_line_error(device: str, place: str, line: int) -> errors.Damaged:
    """The error of a line that its own device signed, and that is none."""
    return errors.Damaged(
        "journal/malformed", SIGNED_LINE_MALFORMED, hint=KEY_MISUSED, device=device, place=place, line=line
    )


ABSENT_LINE_CLAIMED_BROKEN = N_(
    "The device {device} signed that line {line} of {place} is broken, and there is no such line; it signed so in line "
    "{number} of its own journal."
)
WHOLE_LINE_CLAIMED_BROKEN = N_(
    "The device {device} signed that line {line} of {place} is broken, and the line is whole; it signed so in line "
    "{number} of its own journal."
)


def false_claim_error(place: str, line: int, device: str, number: int, *, absent: bool) -> errors.Damaged:
    """The error of a whole line, or of one that is not there, of which a *device* signed that it is broken.

    It signed so in line *number* of its own journal.
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
    "Line {line} of trust.jsonl is not true. It shuts out the device {device} and says what its journal had; {place} "
    "is here as it was seen before. Lines it names: {named}, lines here: {lines}. Signed by: {by}."
)
JOURNAL_UNLIKE_SHUT_OUT_LINE = N_(
    "Line {line} of trust.jsonl shuts out the device {device}, and {place} is not as that line says. The device wrote "
    "later, or its journal was changed, or the line is not true. Lines it names: {named}, lines here: {lines}. Signed "
    "by: {by}."
)
PUT_COUNTED_LINES_BACK = N_(
    "Nothing that it wrote since is believed. A backup from before it was shut out has the lines that count: "
    "shelterctl repair journal --from BACKUP. Tell the data officer. Only where there is none: shelterctl repair "
    "journal --give-up"
)


def unfitting_end_error(device: str, place: str, end: DeviceEnd, lines: int, *, false: bool) -> errors.Damaged:
    """The error of a device that was shut out, and whose journal is not as was signed then: of how many *lines*.

    Where the journal was seen before as it is, what was signed is *false*.
    """
    facts: dict[str, object] = {"device": device, "place": place, "named": end.lines, "lines": lines}
    facts |= statement_facts(end)
    if false:
        return errors.Damaged("journal/false-end", SHUT_OUT_LINE_UNTRUE, hint=STATEMENT_UNTRUE, **facts)
    return errors.Damaged("journal/shut-out", JOURNAL_UNLIKE_SHUT_OUT_LINE, hint=PUT_COUNTED_LINES_BACK, **facts)


def statement_facts(end: DeviceEnd) -> dict[str, object]:
    """In which statement it stands that a device was shut out, and who signed it."""
    return {"line": end.line, "by": end.by or SIGNED_BY_PAPER}


STORE_WAS_LEFT_BEHIND = N_(
    "This is the store that was left when a backup was restored on this computer, which works with the restored one "
    "since. If that was only to try the backup, this one opens again after: shelterctl repair journal --give-up. What "
    "was written in the restored one is lost then, and that one opens no more."
)


def left_behind_error(place: str) -> errors.Damaged:
    """The error of the store that was left when a backup was restored here: nobody put an older copy back."""
    return errors.Damaged("journal/rolled-back", CHANGES_MISSING, hint=STORE_WAS_LEFT_BEHIND, place=place)


FIND_COPY_OR_REPAIR_JOURNAL = N_(
    "An older copy of the store was put back, or the file is damaged. Find the newest copy; a damaged journal is put "
    "right with: shelterctl repair journal [--from BACKUP]. Tell the data officer."
)


def rolled_back_error(place: str) -> errors.Damaged:
    """The error of a journal that is not what its device remembers."""
    return errors.Damaged("journal/rolled-back", CHANGES_MISSING, hint=FIND_COPY_OR_REPAIR_JOURNAL, place=place)
