"""shelterctl repair: repairs what is damaged in a store, each time with a signed line in the journal. It restores one
file from a backup, encrypts it again or gives it up; it repairs the journals, and lets a person sign for files that
no line proves, once she has seen them; it restores the list of who may read and write.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from shelterctl.act.input import read_input
from shelterctl.act.redaction import may_show_names, names_note
from shelterctl.cli.options import Ctx, PageNamesOption, begin_command
from shelterctl.core.finding import FilledSentences, Finding, Outcome
from shelterctl.custody import damage
from shelterctl.custody import repair as act
from shelterctl.custody.damage import give_up_reasons
from shelterctl.custody.journal_repair import repair_all_journals
from shelterctl.custody.repair import (
    UnprovenFile,
    find_unproven_file,
    list_unproven_files,
    list_unsignable_files,
    sign_for_file,
)
from shelterctl.custody.trust import put_back_trust_list
from shelterctl.errors import UsageError
from shelterctl.journal.problems import WHY_ENDED
from shelterctl.language import Plural, codes_with_texts, current_language
from shelterctl.output import stdio
from shelterctl.prompts.repair import ask_settlement, confirm_own_list
from shelterctl.schemas.input import given_up_schema
from shelterctl.session import Session, may_ask
from shelterctl.store.folder import SET_ASIDE_FOLDER
from shelterctl.terminal.questions import ask_line, confirm
from shelterctl.terminal.screen import print_sentence
from shelterctl.ui_language import N_
from shelterctl.vault.sealed_bytes import repair_command
from shelterctl.view import card, unproven_file

JOURNALS_NOT_BROKEN = N_("Nothing in the journals is broken.")
JOURNALS_REPAIRED = N_("The journals are repaired: lines restored {back}, signed for as broken {signed}, lost {lost}.")
UNTRUE_LINES_NOTED = N_(
    "Recorded that you know of lines that say untrue things about other lines: {known}. They do not count."
)
LINES_AFTER_END_NOTED = N_(
    "Recorded that you know of lines that computers wrote after they were shut out: {behind}. They do not count."
)
GIVE_UP_LINES_QUESTION = N_(
    "Lines of the journals that cannot be restored here: {lost}. A backup may have them, or an older copy of "
    "the store was put back: if so, answer no, and name a backup or find the newest copy. Give these lines "
    "up?"
)
LINES_NOT_GIVEN_UP = N_("Lines of the journals that cannot be restored here: {lost}. Nothing was given up.")
LOOK_IN_BACKUP_FIRST = N_(
    "A backup may have them: shelterctl repair journal --from BACKUP. If an older copy was put back, look "
    "for the newest one. Only if there is none: shelterctl repair journal --give-up"
)
LINES_NOT_IN_BACKUP = N_(
    "No backup there has them. Only if no other backup and no newer copy has them: shelterctl repair journal --give-up"
)
FILES_WITHOUT_LINE = N_(
    "Files here that no line of a journal names: {files}. Lines that were lost: {lines}. A file that nobody "
    "of the house knows may be a stranger's."
)
FILES_OF_ENDED_DEVICE = N_(
    "Files here that were saved only by a computer that was shut out: {files}. Its new owner may have put "
    "anything into them; or somebody of the house worked there and did not know that it was shut out. If a "
    "backup has an earlier version, restore that one instead of signing."
)
VOUCH_OR_LAY_ASIDE = N_(
    "If you know all of this, sign for exactly this file, as it was shown: shelterctl repair journal --vouch "
    "{place} {sha256}. If nobody knows it, set it aside: {aside}"
)
FILE_NOT_VOUCHED = N_("{place} was not signed for. If nobody knows it, set it aside: {aside}")
PUT_BACK_OR_VOUCH = N_(
    "Restore what was saved before from a backup: {repair}. If you know all of this, sign for exactly this "
    "file, as it was shown: shelterctl repair journal --vouch {place} {sha256}. If there is no backup and "
    "nobody knows it, set it aside: {aside}"
)
FILE_NOT_VOUCHED_PUT_BACK = N_(
    "{place} was not signed for. Restore what was saved before from a backup: {repair}. Only if there is "
    "none, set it aside: {aside}"
)
VOUCH_QUESTION = N_("{place}: its line in the journal was lost. Do you know what you have just seen, and is it right?")
VOUCH_ENDED_DEVICE_QUESTION = N_(
    "{place}: it was saved by the computer {device}, which was shut out ({why}). Did somebody of the house "
    "do it, do you know what you have just seen, and is it right?"
)
FILES_VOUCHED = N_("Signed for, as they were shown: {places}.")
GIVE_UP_AS_TAMPERED = "--give-up --reason-code tampered_with"
REPAIR_WHAT = N_("Name what to repair: a client's id, a file as check names it, journal, or --trust.")
REPAIR_HOW = N_("Name the way to repair it: --from BACKUP, --reseal, or --give-up with --reason-code.")
GIVE_UP_REASON_NEEDED = N_("Give the reason with --reason-code. The reasons are: {reasons}.")
FILE_REPAIRED = N_("{place} is restored from a backup. Nothing that was saved is lost.")
FILE_REPAIRED_LATER_LOST = Plural(
    N_("{place} is restored from a backup. {lost} later version of it is lost: look through what it says."),
    N_("{place} is restored from a backup. {lost} later versions of it are lost: look through what it says."),
    "lost",
)
FILE_RESEALED = N_("{place} is encrypted again: only those who may read it can open it.")
FILE_RESEALED_UNCOUNTED = N_(
    "{place} is encrypted again. Sealed parts that had no number: {uncounted}. Look through the file."
)
RESEAL_QUESTION = N_(
    "Sealed parts without a number: {uncounted} ({place}). If no computer with an older shelterctl joined "
    "the store or encrypted files, somebody may have put older parts back: answer no. Encrypt the file again?"
)
NOTHING_RESEALED = N_("Nothing was encrypted again.")
GIVE_UP_QUESTION = N_("{place} will be given up: nobody will be able to read it here. Is there really no backup of it?")
NOTHING_GIVEN_UP = N_("Nothing was given up.")
GIVE_UP_WORDS_QUESTION = N_(
    "What happened? Write it in your own words; it is kept encrypted, with the names of staff. Press Enter "
    "to leave it out."
)
FILE_GIVEN_UP = N_(
    "{place} is given up, and check will always say so. The damaged file is set aside in the folder {aside}."
)
FILE_REPAIRED_MAYBE_LOST = N_(
    "{place} is restored from a backup. Lines of the journal are lost, so later versions of it may be too: "
    "look through what it says."
)
TRUST_LIST_PUT_BACK = N_(
    "The list of who may read and write is restored; entries on it: {statements}. See it with: shelterctl trust"
)

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl repair 7QF2-M9KD --from /media/usb")
def repair(
    ctx: Ctx,
    what: Annotated[
        str | None,
        typer.Argument(metavar="[ID|FILE|journal]", help="A client's id, a file as check names it, or journal."),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="BACKUP",
            help="A backup, or a folder of backups; with --give-up: a file that says what happened.",
        ),
    ] = None,
    give_up: Annotated[
        bool, typer.Option("--give-up", help="Sign that the file is lost; with journal: that changes are lost.")
    ] = False,
    reason: Annotated[
        str | None, typer.Option("--reason-code", metavar="REASON", help="The reason why it is given up, as a code.")
    ] = None,
    reseal: Annotated[
        bool,
        typer.Option(
            "--reseal", help="Encrypt a file again that opens for the wrong keys, or has sealed parts without a number."
        ),
    ] = False,
    list_: Annotated[
        bool,
        typer.Option(
            "--trust", help="Restore the list of who may read and write, from this device's memory or a backup."
        ),
    ] = False,
    recovery: Annotated[
        list[str] | None,
        typer.Option(
            "--recovery",
            metavar="FILE",
            help="With --trust: a file with the line of the recovery paper, which settles a list that has split.",
        ),
    ] = None,
    keep: Annotated[
        list[str] | None,
        typer.Option(
            "--keep",
            metavar="DEVICE",
            help="With --recovery: the code of a computer that keeps access; none if none does.",
        ),
    ] = None,
    vouch: Annotated[
        tuple[str, str] | None,
        typer.Option(
            "--vouch",
            metavar="FILE SHA256",
            help="With journal: sign for one file whose line was lost, exactly as it was shown.",
        ),
    ] = None,
    names: PageNamesOption = False,
) -> Outcome:
    """Repair what is damaged in the store; nothing is deleted, and each repair is signed."""
    # Gather.
    session = begin_command(ctx)
    if list_:
        return _repair_trust_list(session, Path(source) if source else None, recovery or [], keep or [])
    if what is None or recovery or keep:
        raise UsageError("repair/what", REPAIR_WHAT)
    if what == "journal":
        return vouch_for_shown_file(session, *vouch) if vouch else repair_journals(session, source, give_up, names)
    if give_up and reason not in (known := give_up_reasons()):
        raise UsageError("repair/reason", GIVE_UP_REASON_NEEDED, reasons=codes_with_texts(known))
    if not give_up and not reseal and source is None:
        raise UsageError("repair/how", REPAIR_HOW)

    # Decide.
    name = act.find_store_file(session.store, what)
    if act.is_file_whole(session.store, name):
        return Outcome(findings=(Finding(code="repair/whole", message=act.NOTHING_TO_REPAIR, facts={"place": name}),))

    # Act.
    if reseal:
        return _reseal_file(session, name)
    if give_up:
        return _give_up_file(session, name, str(reason), source)
    lost = act.repair_from_backup(session, name, Path(str(source)))
    facts = {"place": name, "lost": lost}
    later = (
        FILE_REPAIRED_LATER_LOST
        if lost
        else FILE_REPAIRED_MAYBE_LOST
        if session.store.vault.journal.count_lacking_lines() > 0
        else FILE_REPAIRED
    )
    return Outcome(data={"repaired": facts}, said=((later, facts),))


def vouch_for_shown_file(session: Session, what: str, version: str) -> Outcome:
    """Sign for one file exactly as it was shown, by its place and the SHA-256 of its bytes."""
    one = find_unproven_file(session.store, what, version)
    sign_for_file(session, one)
    return Outcome(data={"repaired": {"vouched": [one.name]}}, said=((FILES_VOUCHED, {"places": [one.name]}),))


def _is_file_known(session: Session, one: UnprovenFile) -> bool:
    """Show what a file says that nothing proves, and ask whether the person at the terminal signs for it."""
    said = unproven_file.unproven_lines(one, session, current_language(), names=True)
    stdio.print_outcome(
        Outcome(prose=tuple((card.LINE_AS_IT_IS, {"line": line}) for line in said), private=True), current_language()
    )
    return confirm(VOUCH_ENDED_DEVICE_QUESTION if one.device else VOUCH_QUESTION, _file_facts(session, one))


def _file_facts(session: Session, one: UnprovenFile) -> dict[str, Any]:
    """Return the place of a file, and the device that saved it after it was shut out, with the reason."""
    device = session.store.vault.journal.chain.devices.get(one.device)
    said = {"device": one.device, "why": WHY_ENDED[device.ended.why]} if device and device.ended else {}
    return {"place": one.name, **said}


def _is_loss_accepted(session: Session, lines: int, source: str | None, give_up: bool) -> bool:
    """Whether lines that cannot be restored here are to be given up; a script says so with --give-up."""
    if may_ask(session):
        return confirm(GIVE_UP_LINES_QUESTION, {"lost": lines})
    if not give_up:
        raise UsageError(
            "repair/remembered",
            LINES_NOT_GIVEN_UP,
            hint=LINES_NOT_IN_BACKUP if source else LOOK_IN_BACKUP_FIRST,
            lost=lines,
        )
    return True


def repair_journals(session: Session, source: str | None, give_up: bool, names: bool) -> Outcome:
    """Repair the journals, then show each file that nothing proves; a person at the terminal may sign for it."""
    folder = Path(source) if source else None
    done = repair_all_journals(session, folder, lambda lines: _is_loss_accepted(session, lines, source, give_up))
    facts = {"back": done.restored, "signed": done.signed, "lost": done.lost}
    said: FilledSentences = ((JOURNALS_REPAIRED, facts),) if any(facts.values()) else ()
    said = (*said, *(((UNTRUE_LINES_NOTED, {"known": done.known}),) if done.known else ()))
    said = (*said, *(((LINES_AFTER_END_NOTED, {"behind": done.behind}),) if done.behind else ())) or (
        (JOURNALS_NOT_BROKEN, {}),
    )
    if done.store is None:
        return Outcome(data={"repaired": {**facts, "vouched": [], "unvouched": []}}, said=said)
    waiting = list(list_unproven_files(done.store))
    for one in waiting:
        done.store.damaged.pop(one.name, None)  # this answer says what to do about it
    signed = _vouch_with_person(session, waiting) if waiting and may_ask(session) else []
    left = [one for one in waiting if one.name not in signed]
    shown = [_file_for_page(session, one, names) for one in left]
    told = (
        line
        for one, each in zip(left, shown, strict=True)
        for line in _unvouched_sentences(one, each["says"], may_ask(session))
    )
    said = (
        *said,
        *(() if may_ask(session) else _waiting_sentences(session, waiting)),
        *(((FILES_VOUCHED, {"places": signed}),) if signed else ()),
        *told,
        *(names_note(session, names) if left else ()),
    )
    data = {**facts, "vouched": signed, "unvouched": [one.name for one in left], "waiting": shown}
    findings = tuple(damage.make_note(error, name) for name, error in list_unsignable_files(done.store, waiting))
    return Outcome(data={"repaired": data}, said=said, findings=findings)


def _vouch_with_person(session: Session, waiting: Sequence[UnprovenFile]) -> list[str]:
    """Show each file to the person at the terminal, sign for those that she knows, and return their names."""
    for sentence, facts in _waiting_sentences(session, waiting):
        print_sentence(sentence, facts)
    signed = []
    for one in waiting:
        if (one.device or session.store.vault.journal.count_lacking_lines() > 0) and _is_file_known(session, one):
            sign_for_file(session, one)
            signed.append(one.name)
    return signed


def _waiting_sentences(session: Session, waiting: Sequence[UnprovenFile]) -> FilledSentences:
    """Return how many files to sign for lost their line, and how many a device saved after it was shut out."""
    out = sum(bool(one.device) for one in waiting)
    lines = session.store.vault.journal.count_lacking_lines()
    lost: FilledSentences = (
        ((FILES_WITHOUT_LINE, {"files": len(waiting) - out, "lines": lines}),) if len(waiting) > out else ()
    )
    return (*lost, *(((FILES_OF_ENDED_DEVICE, {"files": out}),) if out else ()))


def _file_for_page(session: Session, one: UnprovenFile, names: bool) -> dict[str, Any]:
    """Return a file as a page shows it: its place, the SHA-256 of its bytes, and what they say."""
    language = "en" if session.json else current_language()
    told = unproven_file.unproven_lines(one, session, language, names=may_show_names(session, names))
    by = {"device": one.device} if one.device else {}
    return {"place": one.name, "sha256": one.version, **by, "says": told}


def _unvouched_sentences(one: UnprovenFile, says: Sequence[str], sitting: bool) -> FilledSentences:
    """Return the sentences on a file that was not signed for, with its content if no terminal has shown it."""
    facts = {"place": one.name, "sha256": one.version, "aside": repair_command(one.name, GIVE_UP_AS_TAMPERED)}
    facts |= {"repair": repair_command(one.name)} if one.has_earlier_version else {}
    if sitting:
        return ((FILE_NOT_VOUCHED_PUT_BACK if one.has_earlier_version else FILE_NOT_VOUCHED, facts),)
    lines = tuple((card.LINE_AS_IT_IS, {"line": line}) for line in ("", *says, ""))
    return (*lines, (PUT_BACK_OR_VOUCH if one.has_earlier_version else VOUCH_OR_LAY_ASIDE, facts))


def _repair_trust_list(session: Session, source: Path | None, recovery: Sequence[str], keep: Sequence[str]) -> Outcome:
    """Restore the list of who may read and write; if it has split, settle it with the recovery paper."""
    if recovery or keep:
        return ask_settlement(session, [Path(file) for file in recovery], keep, source)
    count = put_back_trust_list(session, source, partial(confirm_own_list, session))
    return Outcome(data={"repaired": {"statements": count}}, said=((TRUST_LIST_PUT_BACK, {"statements": count}),))


def _reseal_file(session: Session, name: str) -> Outcome:
    sealed = act.reseal_for_repair(session, name)
    facts = {"place": name, **({"uncounted": sealed.uncounted} if sealed.uncounted else {})}
    if sealed.uncounted and may_ask(session) and not confirm(RESEAL_QUESTION, facts):
        return Outcome(said=((NOTHING_RESEALED, {}),))
    act.save_repair(session, sealed.change)
    return Outcome(
        data={"repaired": facts}, said=((FILE_RESEALED_UNCOUNTED if sealed.uncounted else FILE_RESEALED, facts),)
    )


def _give_up_file(session: Session, name: str, reason: str, source: str | None) -> Outcome:
    words = None
    if source:
        given = read_input(source, given_up_schema(session.rulebook))
        if given.findings:
            return Outcome(findings=given.findings)
        words = given.value.get("words")
    elif may_ask(session):
        if not confirm(GIVE_UP_QUESTION, {"place": name}):
            return Outcome(said=((NOTHING_GIVEN_UP, {}),))
        print_sentence(GIVE_UP_WORDS_QUESTION, bold=True)
        words = ask_line() or None
    act.give_up_file(session, name, reason, words)
    facts = {"place": name, "reason": reason, "aside": SET_ASIDE_FOLDER}
    return Outcome(data={"repaired": facts}, said=((FILE_GIVEN_UP, facts),))
