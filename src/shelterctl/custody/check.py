"""The part of the command check that judges the store itself: keys that others can read, links and strange files in its
folder, interrupted commands, files that wait for re-encryption, and the clock.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from shelterctl import limits
from shelterctl.core.finding import Finding, Outcome, Severity
from shelterctl.core.values.days import read_month
from shelterctl.custody.damage import SHUT_OUT_CODE, make_note, shorten_places
from shelterctl.custody.parts import find_lacking_parts, part_text
from shelterctl.custody.protected_paths import is_in_store, is_same_file
from shelterctl.custody.rekey import PARTS_WAIT_FOR_READER, count_waiting_parts
from shelterctl.errors import Conflict, Damaged, NotFound, ShelterError
from shelterctl.identity.key_file import is_key_file
from shelterctl.language import Sentence
from shelterctl.platform.disk_errors import translate_disk_errors
from shelterctl.platform.reading import is_plain_file, is_plain_folder, list_folder, read_plain_file
from shelterctl.platform.writing import MAKE_PRIVATE_COMMAND, is_private
from shelterctl.session import Session
from shelterctl.store.attribution import CLOCK_BEHIND_CODE, find_clock_error
from shelterctl.store.folder import (
    DIRECTORY_FILE,
    FOUNDING_FILE,
    ROSTER_FILE,
    SECRETS_FILE,
    SET_ASIDE_FOLDER,
    SHELTER_FILE,
    STAFF_FILE,
    list_store_files,
    record_file,
)
from shelterctl.store.opening import open_without_key
from shelterctl.store.roster import find_differences
from shelterctl.store.store import Store
from shelterctl.trust.chain_state import TRUST_LIST_FILE
from shelterctl.trust.readership import FILE_PART, REGISTER_PARTS
from shelterctl.ui_language import N_
from shelterctl.vault.paths import find_unfinished
from shelterctl.vault.protocol import Vault, list_files_to_rekey

COMMAND_UNFINISHED = N_(
    "A command was interrupted here or is still running; its unfinished files: {count} ({places}). Leave "
    "them as they are: the next command that writes here finishes them, or undoes what was not saved yet."
)
RENEWAL_UNFINISHED = N_(
    "A new recovery paper was begun on this computer but not finished. To finish it, or to give it up: "
    "shelterctl recovery renew"
)
STRANGE_FILE = N_("A file in {place} does not belong to the store. It was not read. Move it out of the store's folder.")
STORE_FOLDER_NAME = N_("the store's own folder")
KEY_IN_STORE = N_(
    "The key of this computer is in the folder of a store or of a backup. Anyone who gets the folder also gets the key."
)
MOVE_KEY_OUT = N_(
    "Move the key, and the folder beside it whose name begins with the key's name, to your own account, and "
    "name it with --identity. Erase it in every copy of the store. If the folder was out of your hands, do "
    "as for a stolen laptop: shelterctl help gone"
)
KEY_IN_STORE_FOLDER = N_("There is a key in {place}. Anyone who gets the folder also gets the key.")
TAKE_KEY_OUT = N_("Remove it, also from every copy of the store. If it is the recovery key, keep it on paper only.")
KEY_FILE_READABLE = N_("Other users of this computer can read or change its key file.")
CLOSE_KEY_FILE = N_("Make it yours alone: {command}, with the file that --identity names. Then change its passphrase.")
LINK_IN_STORE = N_("{place} in the store's folder is a link to another place.")
TAKE_LINK_OUT = N_("Do not open it. Find out who else can write to this folder, then remove the link.")

FILES_NOT_RESEALED = N_(
    "Files that do not follow the current list of who may read: {count} ({places}). Those who were shut out "
    "can still open them, or a new recovery paper cannot open them yet. Encrypt them again with: shelterctl "
    "rekey"
)
FILES_NOT_RESEALED_SHORT = N_(
    "Files not encrypted again since the list of who may read changed: {count}. Do it with: shelterctl rekey"
)
RESEAL_ON_OTHER_COMPUTER = N_(
    "Files not encrypted again since the list of who may read changed: {count}. Do it on another computer: "
    "shelterctl rekey"
)
BACKUP_NOT_RESEALED = N_(
    "Files of the store that do not follow the current list of who may read: {count}. This backup has them "
    "as they are, and those who were shut out can open it. Encrypt them again with: shelterctl rekey. Then "
    "make another backup."
)

OWN_PLACES = {
    TRUST_LIST_FILE,
    SHELTER_FILE,
    STAFF_FILE,
    DIRECTORY_FILE,
    SECRETS_FILE,
    ROSTER_FILE,
    ".lock",
    ".git",
    ".gitignore",
    ".gitattributes",
    "README.md",
    SET_ASIDE_FOLDER,
}
REGISTERS_FOLDER = "registers"
OWN_FOLDERS = ("residents", REGISTERS_FOLDER, "journal")


def find_exposures(session: Session) -> Iterator[Finding]:
    """Yield a warning, with its remedy, for each exposure: the key of this device, links, unfinished commands, files to
    re-encrypt, an unfinished renewal, strange files.
    """
    from shelterctl.custody.recovery_paper import is_renewal_begun  # noqa: PLC0415 - the first screen needs only other functions of this module

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
    """Yield each file that an interrupted command or founding left behind, with the name of the store's file that it is
    for.
    """
    yield from find_unfinished(store.root, store.vault.journal)
    if is_plain_file(store.root / FOUNDING_FILE):
        yield store.root / FOUNDING_FILE, SHELTER_FILE


def find_not_resealed(vault: Vault, message: Sentence = FILES_NOT_RESEALED) -> Iterator[Finding]:
    """Yield one warning if files must be re-encrypted: some open for a device or paper that was shut out, or not yet
    for a new paper.
    """
    if names := list_files_to_rekey(vault):
        facts = {"count": len(names), "places": shorten_places(names)}
        if vault.closed_because is not None and vault.closed_because.code == SHUT_OUT_CODE:
            message = RESEAL_ON_OTHER_COMPUTER
        yield Finding(code="store/not-resealed", severity=Severity.WARN, message=message, facts=facts)


ROSTER_DIFFERS = N_(
    "The list of who is in the house, by number, differs from the files of: {clients}. Roles that open no file see the "
    "wrong list. Derive it again with: shelterctl rekey"
)
ROSTER_CANNOT_BE_READ = N_(
    "There is no list of who is in the house, by number. Derive it from the files with: shelterctl rekey"
)
ROLE_DIFFERS = N_(
    "{staff} is registered as {registered}, but the key of {staff} has the role: {granted}. If the register is right: "
    "shelterctl roles --give {staff}={registered}"
)
ROLE_WITHOUT_KEY = N_(
    "{staff} has a key and no role, so the key opens nothing. Give one with: shelterctl roles --give {staff}=ROLE"
)
KEY_OF_LEAVER = N_(
    "{staff} worked here until {until}, but the key {device} of {staff} still opens what the role reads. Shut it out: "
    "shelterctl staff end {staff}"
)


PARTS_MISSING = N_(
    "The list of who may read and write does not say yet who reads these parts: {parts}. A manager adds them, as the "
    "rulebook has them, with: shelterctl roles --begin"
)


def find_role_troubles(session: Session) -> list[Finding]:
    """Return what is wrong where roles decide: a roster that differs from the files, and roles that differ from the
    register of staff.
    """
    store, found = session.store, list[Finding]()
    chain = store.vault.journal.chain
    if chain.access is None:
        return found
    if waiting := count_waiting_parts(store):
        facts = {"parts": [f"{part} ({count})" for part, count in waiting.items()]}
        found.append(Finding(code="roles/waiting", severity=Severity.WARN, message=PARTS_WAIT_FOR_READER, facts=facts))
    if not chain.readership.is_by_role:
        return found
    if lacking := find_lacking_parts(session.rulebook, chain):
        facts = {"parts": [part_text(session.rulebook, part) for part in lacking]}
        found.append(Finding(code="roles/parts-missing", severity=Severity.WARN, message=PARTS_MISSING, facts=facts))
    if store.vault.opens(FILE_PART):
        try:
            held = store.roster.value
            if wrong := find_differences(held, store.true_roster(held)):
                facts = {"clients": shorten_places(wrong)}
                found.append(
                    Finding(code="roster/differs", severity=Severity.WARN, message=ROSTER_DIFFERS, facts=facts)
                )
        except NotFound:
            found.append(Finding(code="roster/none", severity=Severity.WARN, message=ROSTER_CANNOT_BE_READ))
        except ShelterError:  # it is reported as a damaged file
            pass
    with suppress(ShelterError):  # a damaged register is reported as a damaged file
        found += _role_differences(store, session.today.isoformat())
    return found


def _role_differences(store: Store, today: str) -> Iterator[Finding]:
    staff, chain = store.staff.value["staff"], store.vault.journal.chain
    for one in chain.devices.values():
        until = (staff.get(one.staff) or {}).get("until")
        if one.is_in_force and until and until < today:
            facts = {"staff": one.staff, "until": until, "device": one.code}
            yield Finding(code="roles/left", severity=Severity.WARN, message=KEY_OF_LEAVER, facts=facts)
    for code in sorted({one.staff for one in chain.devices.values() if one.is_in_force}):
        granted, registered = chain.readership.roles_of(code), (staff.get(code) or {}).get("role")
        facts = {"staff": code, "registered": registered, "granted": list(granted)}
        if not granted:
            yield Finding(code="roles/none", severity=Severity.WARN, message=ROLE_WITHOUT_KEY, facts={"staff": code})
        elif registered and registered not in granted:
            yield Finding(code="roles/differs", severity=Severity.WARN, message=ROLE_DIFFERS, facts=facts)


def _key_troubles(key: Path) -> Iterator[ShelterError]:
    """Yield an error if the key of this device is in a store, or if other users can read it."""
    if is_in_store(key):
        yield Conflict("key/in-store", KEY_IN_STORE, hint=MOVE_KEY_OUT)
    with suppress(OSError):
        if not is_private(key):
            yield Conflict("key/readable", KEY_FILE_READABLE, hint=CLOSE_KEY_FILE, command=MAKE_PRIVATE_COMMAND)


def _find_links(root: Path) -> Iterator[Finding]:
    """Yield a warning for each link in place of the store's lock or a folder; links in place of files are reported as
    damage.
    """
    for place in (".lock", SET_ASIDE_FOLDER, *_folders_of_registers(root)):
        if (root / place).is_symlink():
            yield make_note(Damaged("store/link", LINK_IN_STORE, hint=TAKE_LINK_OUT, place=place))


def find_strange_files(store: Store, key: Path, unfinished: Collection[Path]) -> Iterator[Path]:
    """Yield the files in the store's folders that do not belong to it and are not in *unfinished*; none is read.

    The *key* of this device is left out, because it is reported separately.
    """
    root, known = store.root, OWN_PLACES | {record_file(id_) for id_ in store.ids()} | store.vault.journal.files()
    folders = [*_folders_of_registers(root)]
    plain = [folder for folder in folders if is_plain_folder(root / folder)]
    for folder in ("", "residents", "journal", *plain):
        for name in list_folder(root / folder):
            place = f"{folder}/{name}" if folder else name
            if place in known or place in OWN_FOLDERS or (folder == "journal" and name.endswith(".jsonl")):
                continue
            if (place in folders and (root / place).is_dir()) or is_same_file(root / place, key):
                continue
            if root / place not in unfinished:
                yield root / place


def _folders_of_registers(root: Path) -> Iterator[str]:
    """Yield the folder of the registers and those below it with the name of a home or a month; links are not
    followed.
    """
    yield REGISTERS_FOLDER
    homes = [REGISTERS_FOLDER] if is_plain_folder(root / REGISTERS_FOLDER) else []
    for above in (f"{REGISTERS_FOLDER}/{name}" for each in homes for name in list_folder(root / each)):
        if above in REGISTER_PARTS:
            yield above
            months = list_folder(root / above) if is_plain_folder(root / above) else []
            yield from (f"{above}/{name}" for name in months if read_month(name) is not None)


def _strange_file_findings(strange: Iterable[Path], root: Path) -> Iterator[Finding]:
    """Yield a warning for each strange file, named only by its folder: the file name may be a person's."""
    for path in strange:
        facts = {"place": STORE_FOLDER_NAME if path.parent == root else path.parent.relative_to(root).as_posix()}
        if _is_key_file(path):
            yield make_note(Conflict("store/key", KEY_IN_STORE_FOLDER, hint=TAKE_KEY_OUT, **facts))
        else:
            yield Finding(code="store/stranger", severity=Severity.WARN, message=STRANGE_FILE, facts=facts)


def _is_key_file(path: Path) -> bool:
    """Whether a strange file is a key, by its first bytes."""
    with suppress(ShelterError, OSError):
        return is_key_file(path)
    return False


def judge_closed_store(session: Session) -> Outcome | None:
    """Return the answer of a check on a store that cannot be trusted: the reason, and what else is wrong as far as can
    be seen. None if the store opens.
    """
    try:
        _ = session.store
        return None
    except Damaged as error:
        first = error
    vault, troubles = open_without_key(session.root)
    if not first.code.startswith("trust/"):  # a list that is not trusted cannot confirm journals
        troubles += vault.journal.verify()
    if first.code == "journal/false-end":  # without a memory of the store only the mismatch is known
        troubles = [trouble for trouble in troubles if trouble.code != "journal/shut-out"]
    journals = [f"journal/{name}" for name in list_folder(session.root / "journal") if name.endswith(".jsonl")]
    for name in (*journals, *sorted(list_store_files(session.root))):  # nothing says any more which bytes are right
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
    "From now on, changes dated after {now} are ignored when the clock is checked. Nothing was undone, and "
    "check will always show this."
)


def find_clock_trouble(session: Session) -> ShelterError | None:
    """Return the error if the clock is behind the last change of the store, else None.

    Raises the error that forbids writing, if any: accepting the clock writes a signed line.
    """
    trouble = find_clock_error(session.store.vault.journal, session.timestamp)
    if trouble is None or trouble.code != CLOCK_BEHIND_CODE:
        return None
    session.store.vault.require_writable()
    return trouble


def accept_clock(session: Session, trouble: ShelterError) -> Outcome:
    """Sign that the changes written so far with a later date were written under a wrong clock."""
    vault = session.store.vault
    ends = {device: after - 1 for device, (after, _, _) in sorted(vault.journal.heads().items())}
    vault.add_journal_note({"clock": ends}, did="check", by=session.journal_staff, at=session.timestamp)
    return Outcome(said=((CLOCK_SETTLED, trouble.facts),))
