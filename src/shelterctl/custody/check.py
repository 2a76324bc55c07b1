"""The command check, as far as it concerns the store and not a client's file: keys that others can read, links and
strange files in the store's folder, interrupted commands, files not yet sealed anew, and the clock.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from shelterctl import limits
from shelterctl.core.finding import Finding, Outcome, Severity
from shelterctl.custody.damage import SHUT_OUT_CODE, make_note, shorten_places
from shelterctl.custody.protected_paths import is_in_store, is_same_file
from shelterctl.errors import Conflict, Damaged, ShelterError
from shelterctl.identity.key_file import is_key_file
from shelterctl.language import Sentence
from shelterctl.platform.disk_errors import translate_disk_errors
from shelterctl.platform.reading import is_plain_file, list_folder, read_plain_file
from shelterctl.platform.writing import MAKE_PRIVATE_COMMAND, is_private
from shelterctl.session import Session
from shelterctl.store.attribution import CLOCK_BEHIND_CODE, find_clock_error
from shelterctl.store.folder import (
    DIRECTORY_FILE,
    FOUNDING_FILE,
    SECRETS_FILE,
    SET_ASIDE_FOLDER,
    SHELTER_FILE,
    STAFF_FILE,
    list_store_files,
    record_file,
)
from shelterctl.store.opening import open_without_key
from shelterctl.store.store import Store
from shelterctl.trust.chain_state import TRUST_LIST_FILE
from shelterctl.ui_language import N_
from shelterctl.vault.paths import find_unfinished
from shelterctl.vault.protocol import Vault, list_files_to_rekey

COMMAND_UNFINISHED = N_(
    "A command was interrupted here, or is at work: {count} of its files are unfinished ({places}). Leave them as they "
    "are: the next command that writes here finishes them, or undoes what was not saved yet."
)
RENEWAL_UNFINISHED = N_(
    "A new recovery paper was begun on this computer, and that was not finished. To finish it, or to give it up: "
    "shelterctl recovery renew"
)
STRANGE_FILE = N_("A file in {place} is not the store's. Move it out of the store's folder; it was not read.")
STORE_FOLDER_NAME = N_("the store's own folder")
KEY_IN_STORE = N_(
    "The key of this device lies in the folder of a store, or of a backup: whoever gets the folder has the key with it."
)
MOVE_KEY_OUT = N_(
    "Move the key, with the folder beside it that begins with the key's name, into your own account, and name it with "
    "--identity. Erase it in every copy of the store. If the folder was out of your hands, do as for a stolen laptop: "
    "shelterctl help gone"
)
KEY_IN_STORE_FOLDER = N_("A key lies in {place}: whoever gets the folder has the key with it.")
TAKE_KEY_OUT = N_(
    "Take it out, also out of every copy of the store. If it is the recovery key, it belongs on paper alone."
)
KEY_FILE_READABLE = N_("Other users of this computer can read or change the key file of this device.")
CLOSE_KEY_FILE = N_(
    "Let it be yours alone: {command}, with the file that --identity names. Then change its passphrase."
)
LINK_IN_STORE = N_("{place} in the store's folder is a link to another place.")
TAKE_LINK_OUT = N_("Do not follow it. Ask who else can write to this folder, then take the link out.")

FILES_NOT_RESEALED = N_(
    "Files that do not open for just those who may read now: {count} ({places}). Whoever was shut out still opens "
    "them, or a new paper does not yet. Seal them anew with: shelterctl rekey"
)
FILES_NOT_RESEALED_SHORT = N_(
    "Files that were not sealed anew yet since the list of who may read changed: {count}. Do it: shelterctl rekey"
)
RESEAL_ON_OTHER_COMPUTER = N_(
    "Files that were not sealed anew yet since the list of who may read changed: {count}. Do it on another computer: "
    "shelterctl rekey"
)
BACKUP_NOT_RESEALED = N_(
    "Files of the store do not open for just those who may read now: {count}. This backup has them as they are, and "
    "whoever was shut out can open it. Seal them anew with: shelterctl rekey. Then make another backup."
)

OWN_PLACES = {
    TRUST_LIST_FILE,
    SHELTER_FILE,
    STAFF_FILE,
    DIRECTORY_FILE,
    SECRETS_FILE,
    ".lock",
    ".git",
    ".gitignore",
    ".gitattributes",
    "README.md",
    SET_ASIDE_FOLDER,
}
OWN_FOLDERS = ("residents", "registers", "journal")


def find_exposures(session: Session) -> Iterator[Finding]:
    """What lies open, each told with what to do about it."""
    from shelterctl.custody.recovery_paper import is_renewal_begun  # noqa: PLC0415 - the first screen asks for other things of this page

    yield from map(make_note, _key_troubles(session.identity_file))
    yield from _find_links(session.root)
    left = dict(find_unfinished_files(session.store))
    if left:
        facts = {"count": len(left), "places": shorten_places(sorted({*left.values()}))}
        yield Finding(code="store/unfinished", severity=Severity.WARN, message=COMMAND_UNFINISHED, facts=facts)
    yield from find_not_resealed(session.store.vault)
    if is_renewal_begun(session):
        yield Finding(code="recovery/unfinished", severity=Severity.WARN, message=RENEWAL_UNFINISHED)
    yield from _strange_file_findings(find_strange_files(session.store, session.identity_file, {*left}), session.root)


def find_unfinished_files(store: Store) -> Iterator[tuple[Path, str]]:
    """The leavings of an interrupted command in a store, of a founding too, each with the file that it is about."""
    yield from find_unfinished(store.root, store.vault.journal)
    if is_plain_file(store.root / FOUNDING_FILE):
        yield store.root / FOUNDING_FILE, SHELTER_FILE


def find_not_resealed(vault: Vault, message: Sentence = FILES_NOT_RESEALED) -> Iterator[Finding]:
    """One warning where files still open for who was shut out, or not yet for a new paper; else none."""
    if names := list_files_to_rekey(vault):
        facts = {"count": len(names), "places": shorten_places(names)}
        if vault.closed_because is not None and vault.closed_because.code == SHUT_OUT_CODE:
            message = RESEAL_ON_OTHER_COMPUTER
        yield Finding(code="store/not-resealed", severity=Severity.WARN, message=message, facts=facts)


def _key_troubles(key: Path) -> Iterator[ShelterError]:
    """What is wrong with the place of this device's key, and with who may read it."""
    if is_in_store(key):
        yield Conflict("key/in-store", KEY_IN_STORE, hint=MOVE_KEY_OUT)
    with suppress(OSError):
        if not is_private(key):
            yield Conflict("key/readable", KEY_FILE_READABLE, hint=CLOSE_KEY_FILE, command=MAKE_PRIVATE_COMMAND)


def _find_links(root: Path) -> Iterator[Finding]:
    """Links where the store's lock or a folder should be; those of files and of their folders are told as damage."""
    for place in (".lock", SET_ASIDE_FOLDER, "registers"):
        if (root / place).is_symlink():
            yield make_note(Damaged("store/link", LINK_IN_STORE, hint=TAKE_LINK_OUT, place=place))


def find_strange_files(store: Store, key: Path, unfinished: Collection[Path]) -> Iterator[Path]:
    """The files in the store's folders that are not the store's, nor *unfinished* by a command; none is read.

    The *key* of this device is told of by itself.
    """
    root, known = store.root, OWN_PLACES | {record_file(id_) for id_ in store.ids()} | store.vault.journal.files()
    for folder in ("", *OWN_FOLDERS):
        for name in list_folder(root / folder):
            place = f"{folder}/{name}" if folder else name
            if place in known or name in OWN_FOLDERS or (folder == "journal" and name.endswith(".jsonl")):
                continue
            if (folder == "registers" and (root / place).is_dir()) or is_same_file(root / place, key):
                continue
            if root / place not in unfinished:
                yield root / place


def _strange_file_findings(strange: Iterable[Path], root: Path) -> Iterator[Finding]:
    """Strangers by the folder that each lies in: its name may be a person's."""
    for path in strange:
        facts = {"place": STORE_FOLDER_NAME if path.parent == root else path.parent.name}
        if _is_key_file(path):
            yield make_note(Conflict("store/key", KEY_IN_STORE_FOLDER, hint=TAKE_KEY_OUT, **facts))
        else:
            yield Finding(code="store/stranger", severity=Severity.WARN, message=STRANGE_FILE, facts=facts)


def _is_key_file(path: Path) -> bool:
    """Whether a strange file is a key, told by its first bytes: that is worse than a strange file."""
    with suppress(ShelterError, OSError):
        return is_key_file(path)
    return False


def judge_closed_store(session: Session) -> Outcome | None:
    """The answer of a check where the store is not believed: why, and what else is wrong as far as anybody can tell."""
    try:
        _ = session.store
        return None
    except Damaged as error:
        first = error
    vault, troubles = open_without_key(session.root)
    if not first.code.startswith("trust/"):  # a list that is not believed says nothing of journals
        troubles += vault.journal.verify()
    if first.code == "journal/false-end":  # whoever remembers nothing knows only that it does not fit
        troubles = [trouble for trouble in troubles if trouble.code != "journal/shut-out"]
    journals = [f"journal/{name}" for name in list_folder(session.root / "journal") if name.endswith(".jsonl")]
    for name in (*journals, *sorted(list_store_files(session.root))):  # which bytes are right, nothing says any more
        try:
            with translate_disk_errors(name):
                read_plain_file(session.root / name, limits.JOURNAL_BYTES)
        except Damaged as error:
            troubles.append(error)
        except ShelterError:
            continue
    told = {(error.code, str(error.facts)): error for error in troubles}
    told.pop((first.code, str(first.facts)), None)
    notes = map(make_note, (*told.values(), *_key_troubles(session.identity_file)))
    findings = (*notes, *_find_links(session.root))
    return Outcome(findings=findings, harm=first)


CLOCK_SETTLED = N_(
    "From now on what is dated after {now} counts no more for the clock. Nothing was taken back, and check shows this "
    "for ever."
)


def find_clock_trouble(session: Session) -> ShelterError | None:
    """The error where the clock lies behind the last change of the store; None where it does not.

    Raises whatever forbids to write, for the clock can only be accepted by a signed line.
    """
    trouble = find_clock_error(session.store.vault.journal, session.timestamp)
    if trouble is None or trouble.code != CLOCK_BEHIND_CODE:
        return None
    session.store.vault.require_writable()
    return trouble


def accept_clock(session: Session, trouble: ShelterError) -> Outcome:
    """Sign that whatever was written until now and is dated later was written under a wrong clock."""
    vault = session.store.vault
    ends = {device: after - 1 for device, (after, _, _) in sorted(vault.journal.heads().items())}
    vault.add_journal_note({"clock": ends}, did="check", by=session.journal_staff, at=session.timestamp)
    return Outcome(said=((CLOCK_SETTLED, trouble.facts),))
