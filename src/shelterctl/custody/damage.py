"""Damage of a store and other notes about it, added to the answer of any command."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from shelterctl.core.finding import Finding, Outcome, Severity
from shelterctl.errors import Conflict, ShelterError
from shelterctl.language import LabelledCode, Text, TwoSentences, translate
from shelterctl.store.compatibility import UPDATE_PROGRAM
from shelterctl.store.folder import RECORD_FILE_NAME, record_file
from shelterctl.trust.chain_state import TRUST_LIST_FILE
from shelterctl.ui_language import N_, SCREEN_LANGUAGES

if TYPE_CHECKING:
    from shelterctl.session import StoreNotes


FILES_DAMAGED_LEFT_OUT = N_("Damaged files in the store: {count} ({places}). They are left out of this answer.")
FILES_OF_NEWER_PROGRAM = N_(
    "Files of a newer shelterctl or of another rulebook: {count} ({places}). They cannot be changed here."
)
NEWER_FILES_NOT_JUDGED = N_("Files of a newer shelterctl or of another rulebook, not checked here: {count}.")
NEWER_FILES_LEFT_OUT = N_(
    "Files of a newer shelterctl or of another rulebook: {count} ({places}). They are left out of this answer."
)
WHOLE_FILES_WORK = N_(
    "You can go on working with everything else. A note says what to do about each damaged file; shelterctl "
    "check shows it too."
)
NEWER_FILE_CODE = "store/newer"
"""The code of a file that a newer program or rulebook wrote: nothing is wrong with it."""

MOST_PLACES_LISTED = 5
"""The most places that one sentence names."""

SHUT_OUT_CODE = "trust/shut-out"
"""The code of files that no longer open because this computer was shut out; they are not damaged."""

FILE_REPAIRED_BY = N_("{place}: repaired on {on} by {by} ({did}).")
FILE_GIVEN_UP_BY = N_("{place}: given up as lost on {on} by {by} ({reason}).")
FILE_REPAIRED_WITH_LOSS = N_("{place}: repaired on {on} by {by} ({did}); later changes that are lost: {lost}.")
FILE_RESEALED_BY = N_(
    "{place}: encrypted again on {on} by {by} ({did}); sealed blocks that had no number: {uncounted}."
)
STORE_RESTORED = N_("The store was restored on {on} by {by} from an older backup; changes that are lost: {lost}.")
FALSE_SIGNATURE_KNOWN = N_(
    "The computer {device} signed that a line is broken, which is not true: {place}, line {line}. {by} has "
    "known of it since {on}."
)
LINES_BEHIND_END_KNOWN = N_(
    "The computer {device} was shut out, and {place} has lines from after that, up to line {line}. They do "
    "not count. {by} has known of it since {on}."
)
FILE_SIGNED_FOR = N_("{place}: signed for on {on} by {by}; the computer {device} saved it so after it was shut out.")
CLOCK_SAID_WRONG = N_(
    "On {on} {by} stated that the clock had been wrong; changes dated later at that time are ignored when "
    "the clock is checked."
)
GIVE_UP_REASONS = {
    "no_backup": N_("no backup has it"),
    "disk_failed": N_("the disk failed"),
    "tampered_with": N_("somebody changed it"),
    "other": N_("another reason"),
}
"""The reasons for giving up a file, by code."""


def add_store_notes(said: Outcome, opened: "Iterable[StoreNotes]") -> Outcome:
    """Return the answer with the notes about the stores it used. A list that lacks a damaged file says so first, and in
    its exit code.

    A command that saved something, or is about one client, has done its work: for it the damage is only a note.
    """
    stores = list(opened)
    spoken_of = (
        {id_} if isinstance(id_ := said.data.get("id"), str) else {each for one in stores for each in one.asked_for}
    )
    if len(spoken_of) == 1:
        said = replace(said, record=next(iter(spoken_of)))
    # A session opens the store many times; each note is shown once.
    found = {(one.code, str(one.facts)) for one in said.findings}
    notes = [
        make_note(error)
        for what, error in {(error.code, str(error.facts)): error for one in stores for error in one.notices}.items()
        if what not in found  # check already lists it as damage
    ]
    hers = {record_file(id_) for id_ in spoken_of} if len(spoken_of) == 1 else None
    notes += newer_files_notes(
        {
            name: error
            for one in stores
            for name, error in one.read_only_files.items()
            if hers is None or name in hers or not RECORD_FILE_NAME.fullmatch(name)
        }
    )
    wrong = {name: error for one in stores for name, error in one.damaged.items()}
    known = {(one.code, one.where) for one in said.findings}
    written = {name: found for one in stores for name, found in one.remarks.items()}
    remarks = [one for found in written.values() for one in found if (one.code, one.where) not in known]
    if not (notes or wrong or remarks):
        return said
    findings = (*(make_note(error, name) for name, error in sorted(wrong.items())), *notes, *said.findings, *remarks)
    harm = said.harm
    if (
        wrong
        and "rows" in said.data
        and harm is None
        and not said.refused
        and not any(one.acts_saved for one in stores)
    ):
        harm = partial_answer_error(sorted(wrong), [wrong[name] for name in sorted(wrong)])
    return replace(said, findings=findings, harm=harm)


def newer_files_error(files: Mapping[str, ShelterError], outside: int = 0) -> ShelterError | None:
    """Return the error that some files could not be checked because they are newer: *files* of the store, and a number
    *outside* it. None if there are none.
    """
    if not (files or outside):
        return None
    hint = next((error.hint for error in files.values()), UPDATE_PROGRAM)
    return Conflict(NEWER_FILE_CODE, NEWER_FILES_NOT_JUDGED, hint=hint, count=len(files) + outside)


def newer_files_notes(files: Mapping[str, ShelterError]) -> list[Finding]:
    """Return the note on files of a newer program or rulebook: for one file its own error, for several their count and
    places.
    """
    if len(files) < 2:
        return [make_note(error, name) for name, error in files.items()]
    error = next(iter(files.values()))
    facts = {"count": len(files), "places": shorten_places(sorted(files))}
    return [make_note(Conflict(error.code, FILES_OF_NEWER_PROGRAM, hint=error.hint, **facts))]


def damaged_files_error(files: Mapping[str, ShelterError]) -> ShelterError | None:
    """Return the error that an answer lacks these damaged files; None if there are none."""
    return partial_answer_error(sorted(files), [files[name] for name in sorted(files)]) if files else None


def partial_answer_error(places: Sequence[str], errors: Sequence[ShelterError]) -> ShelterError:
    """Return the error that an answer is incomplete, with the exit code of the gravest cause."""
    found = [*zip(places, errors, strict=True)]
    found = [(place, error) for place, error in found if error.code != NEWER_FILE_CODE] or found
    worst = min((error for _, error in found), key=lambda error: (error.exit != 6, error.exit))
    facts = {"count": len(found), "places": shorten_places([place for place, _ in found])}
    if worst.code == NEWER_FILE_CODE:
        return Conflict(worst.code, NEWER_FILES_LEFT_OUT, hint=worst.hint, **facts)
    if worst.code == SHUT_OUT_CODE:
        return worst
    return type(worst)("store/part", FILES_DAMAGED_LEFT_OUT, hint=WHOLE_FILES_WORK, **facts)


def shorten_places(places: Sequence[str]) -> list[str]:
    """Return the first few places for one sentence, with … if there are more."""
    return [*places[:MOST_PLACES_LISTED], *(["…"] if len(places) > MOST_PLACES_LISTED else [])]


def make_note(error: ShelterError, place: str | None = None) -> Finding:
    """Return an error as a warning, for trouble that stops nothing."""
    message = TwoSentences(error.message, error.hint) if error.hint else error.message
    record = place.partition("/")[2].partition(".")[0] if place and place.startswith("residents/") else None
    return Finding(code=error.code, message=message, severity=Severity.WARN, facts=error.facts, record=record)


def give_up_reasons() -> dict[str, Text]:
    """Return the reasons for giving up a file, by code, with their text in each language."""
    return {
        code: {language: translate(said, language) for language in SCREEN_LANGUAGES}
        for code, said in GIVE_UP_REASONS.items()
    }


def repair_finding(line: Mapping[str, Any]) -> Finding:
    """Return the finding for a line that a repair or a restore signed; it is shown permanently."""
    more = line["more"]
    facts = {"place": line["file"], "on": line["at"][:10], "by": line["by"], "did": line["did"]}
    if "mend" in more:
        facts["place"] = f"journal/{more['mend']['device']}.jsonl"
    if known := more.get("refused") or more.get("behind"):
        facts |= {key: known[key] for key in ("device", "line")}
        facts["place"] = f"journal/{facts['device']}.jsonl"
    if "statements" in more:
        facts["place"] = TRUST_LIST_FILE
    rest = FILE_RESEALED_BY if "uncounted" in more else FILE_REPAIRED_BY
    sentence = FILE_GIVEN_UP_BY if "reason" in more else FILE_REPAIRED_WITH_LOSS if more.get("lost") else rest
    special = {"refused": FALSE_SIGNATURE_KNOWN, "behind": LINES_BEHIND_END_KNOWN, "clock": CLOCK_SAID_WRONG}
    sentence = next((said for key, said in special.items() if key in more), sentence)
    if "vouched" in more and "device" in more:
        facts, sentence = facts | {"device": more["device"]}, FILE_SIGNED_FOR
    sentence = STORE_RESTORED if line["did"] == "restore" else sentence
    code = str(more.get("reason", ""))
    facts |= {"uncounted": more["uncounted"]} if "uncounted" in more else {}
    facts |= {"lost": more.get("lost", 0), "reason": LabelledCode(code, give_up_reasons().get(code, {"en": code}))}
    return Finding(code="store/repaired", severity=Severity.WARN, message=sentence, facts=facts)
