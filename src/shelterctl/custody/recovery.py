"""The store compared with the things in the safe: the number and words on the safe sheet, so that this computer
remembers the right store, and the recovery paper, which is tried on every file. Missing values are asked for by
functions that the caller passes.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from shelterctl import limits
from shelterctl.core.finding import FilledSentences, Outcome
from shelterctl.custody import safeguards
from shelterctl.errors import CannotOpen, Damaged, DiskError, ShelterError, UsageError
from shelterctl.identity.memorable_words import fingerprint_words, parse_fingerprint_words
from shelterctl.platform.disk_errors import translate_disk_errors
from shelterctl.platform.reading import read_plain_file
from shelterctl.progress import report_steps
from shelterctl.session import Session
from shelterctl.trust.key_standing import wrong_words_error
from shelterctl.ui_language import N_

if TYPE_CHECKING:
    from shelterctl.identity.keys import Identity
    from shelterctl.journal.store_journal import Journal
    from shelterctl.store.store import Store


TRYING_PAPER = N_("Opening the files with the paper")
STORE_REMEMBERED_NOW = N_("This computer remembers the store from now on, and can write in it. The number is {number}.")
STORE_NOT_NOTED = N_("This computer could not save what it has to remember about the store.")
MAKE_ROOM_ON_DISK = N_("Make room on the disk, then run the command again.")
STORE_ENDS_BEFORE_NUMBER = N_(
    "The sheet says {written}, but this copy ends at {number}. Saved changes that are missing: {lacking}."
)
LOOK_FOR_NEWER_COPY = N_(
    "Check the sheet again. If the number is right, look for a newer copy of the store or of the backup, "
    "change nothing in this one, and tell the data officer."
)


def compare_with_sheet(journal: "Journal", number: int | None, words: str | None) -> bool:
    """Compare the store with the safe sheet; return False if neither a number nor words are given.

    Raises Damaged if the store ends before *number*, or if the words differ.

    *words* are those of the store itself, or those shown with the number, which also reveal a device that rewrote its
    own last lines.
    """
    now = journal.sheet_number()
    if number is not None and number > now:
        facts = {"written": number, "number": now, "lacking": number - now}
        raise Damaged("trust/behind-number", STORE_ENDS_BEFORE_NUMBER, hint=LOOK_FOR_NEWER_COPY, **facts)
    if words is None:
        return number is not None
    typed = parse_fingerprint_words(words)
    if typed != fingerprint_words(journal.chain.root) and typed != words_of_number(
        journal, now if number is None else number
    ):
        raise wrong_words_error()
    return True


def words_of_number(journal: "Journal", number: int) -> str:
    """Return the words for the state of the journals at a number."""
    return fingerprint_words(journal.state_hash(number))


def remember_store(session: Session) -> Outcome:
    """Remember the store as it is now. Raises DiskError if this computer cannot note it."""
    store = session.store
    if not store.vault.journal.remember_anew():
        raise DiskError("check/not-noted", STORE_NOT_NOTED, hint=MAKE_ROOM_ON_DISK)
    store.notices.clear()
    number = store.vault.journal.sheet_number()
    return Outcome(data={"sheet": {"number": number}}, said=((STORE_REMEMBERED_NOW, {"number": number}),))


RECOVERY_KEY_OPENS_ALL = N_("The recovery key alone opens every file of the store: {opened}.")
COPY_NUMBER = N_("The number of this copy is {number}.")
PAPER_SIGNED_NOW = N_("The paper has now signed the store. From now on the paper alone proves which store is yours.")
TAKE_KEY_FILE_AWAY = N_("Take the file with the key out of the house again, then erase it here.")
RECOVERY_FILE_MISSING = N_("The file that --recovery names does not exist, or is not a file.")
NO_RECOVERY_KEY_IN_FILE = N_("The file that --recovery names does not hold the recovery key as it was written down.")
KEY_OF_A_DEVICE = N_("That is the key of a device, not the recovery key.")
WHAT_RECOVERY_KEY_IS = N_(
    "The recovery key is the line that begins with AGE-SECRET-KEY-1, written down when the store was made. "
    "Write that line alone into a file, and name the file with --recovery."
)
FILES_DO_NOT_OPEN = N_("The recovery key opens {opened} of {files} files. It does not open these: {places}.")
PUT_FILES_BACK = N_("Put each back from a backup: shelterctl repair FILE --from BACKUP. Tell the data officer.")

_PAPER_WORDS = re.compile(r"^# words: ([a-z ]{3,100})$", re.MULTILINE)


def read_paper(file: Path) -> "tuple[Identity, str | None]":
    """Read the recovery key from a file into which somebody typed it, and the words in that file, if any."""
    from shelterctl.identity.key_file import load_identity  # noqa: PLC0415

    if not file.is_file():
        raise UsageError("check/no-file", RECOVERY_FILE_MISSING)
    try:
        key = load_identity(file, None)
    except CannotOpen as error:
        if error.code in ("key/misspelt", "key/link"):
            raise
        # The hint of that error is about the key file of this device.
        raise CannotOpen(error.code, NO_RECOVERY_KEY_IN_FILE, hint=WHAT_RECOVERY_KEY_IS) from error
    if key.device:
        raise CannotOpen("check/a-devices-key", KEY_OF_A_DEVICE, hint=WHAT_RECOVERY_KEY_IS)
    with suppress(ShelterError, UnicodeDecodeError), translate_disk_errors(file.name):
        if found := _PAPER_WORDS.search(read_plain_file(file, limits.KEY_FILE_BYTES).decode()):
            return key, found[1]
    return key, None


def try_paper(
    session: Session,
    file: Path,
    words: str | None,
    *,
    ask_number: Callable[[], int | None],
    ask_words: Callable[[], str | None],
) -> Outcome:
    """Try the recovery paper on every file of the store, without any key of this device, and answer how many it opens.

    A paper that has not signed the store yet signs it now, after its *words* were compared; they are asked for if
    neither the caller nor the file gives them. Raises Damaged with the places of the files that it does not open.
    """
    from shelterctl.custody.check import find_not_resealed  # noqa: PLC0415
    from shelterctl.journal.device_log import wrote_later_error  # noqa: PLC0415
    from shelterctl.store.folder import list_store_files  # noqa: PLC0415
    from shelterctl.store.opening import open_store, open_without_key  # noqa: PLC0415

    key, written = read_paper(file)
    words = words if words is not None else written
    words = None if words is None else parse_fingerprint_words(words)
    signs = is_paper_unsigned(session.root, key)
    words = ask_words() if signs and words is None else words
    opened = open_store(session.root, key, session.rulebook, None, words=words if signs else None)
    compare_with_sheet(opened.vault.journal, ask_number(), None if signs else words)
    journal = opened.vault.journal
    for trouble in (*journal.verify(), *map(wrote_later_error, journal.lines_behind_ends())):
        raise trouble
    names = sorted(opened.vault.journal.files() | list_store_files(session.root))
    closed = [name for name in report_steps(names, TRYING_PAPER) if not _opens_file(opened, name)]
    whole = len(names) - len(closed)
    if closed:
        facts = {"opened": whole, "files": len(names), "places": closed}
        raise Damaged("check/not-opened", FILES_DO_NOT_OPEN, hint=PUT_FILES_BACK, **facts)
    said: FilledSentences = ((RECOVERY_KEY_OPENS_ALL, {"opened": whole}),)
    if signs and session.identity_file.exists():  # it signs together with a device that works with the store
        from shelterctl.trust.chain import add_paper_signature  # noqa: PLC0415

        vault = session.store.vault
        vault.save_chain(
            add_paper_signature(
                vault.journal.chain, key, session.journal_staff, session.timestamp, session.store.identity
            )
        )
        said = (*said, (PAPER_SIGNED_NOW, {}))
    safeguards.note_drill(session, opened.vault.journal.chain)
    count = open_without_key(session.root)[0].journal.sheet_number()
    said = (*said, (COPY_NUMBER, {"number": count}), (TAKE_KEY_FILE_AWAY, {}))
    findings = tuple(find_not_resealed(opened.vault))
    return Outcome(data={"opened": whole, "sheet": {"number": count}}, said=said, findings=findings)


def is_paper_unsigned(root: Path, key: "Identity") -> bool:
    """Whether the key is the paper of the store in *root* and has not signed it yet."""
    from shelterctl.store.opening import read_unproven_chain  # noqa: PLC0415

    chain = read_unproven_chain(root)
    return bool(chain.root) and chain.paper == (key.recipient, None)


def _opens_file(opened: "Store", name: str) -> bool:
    from shelterctl.store.folder import RECORD_FILE_NAME, read_register_name  # noqa: PLC0415

    try:
        if name in opened.damaged:
            return False
        if found := RECORD_FILE_NAME.fullmatch(name):
            return not any(opened.closed_parts(opened.with_sealed_parts(opened.client(found[1])[0])))
        data, _ = opened.vault.read(name)
        if kept := read_register_name(name):
            return opened.home_registers.is_whole(kept, data)
    except ShelterError:
        return False
    finally:
        opened.seals.opened_blocks.clear()  # nothing is saved here, and all files together may be large
    return True
