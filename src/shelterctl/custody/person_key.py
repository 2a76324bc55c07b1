"""A key for each person: made at her first sitting with a passphrase of her own, and accepted by a manager, who thereby
gives it its roles. Between the two lies a request that she signed, in a file that may travel on a stick.
"""

import os
import re
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from typing import NamedTuple

from shelterctl import errors, limits
from shelterctl.core.finding import Outcome
from shelterctl.custody.device import end_device, plan_device_end
from shelterctl.custody.protected_paths import forbidden_place_reason
from shelterctl.custody.rekey import rekey_and_answer
from shelterctl.identity.key_file import save_identity
from shelterctl.identity.keys import Identity, create_identity
from shelterctl.identity.memorable_words import fingerprint_words
from shelterctl.journal.store_journal import Journal
from shelterctl.platform.disk_errors import translate_disk_errors
from shelterctl.platform.reading import list_folder, read_plain_file
from shelterctl.platform.writing import create_private_folder, remove_file, rename_file, replace_file, sync_name
from shelterctl.session import Session, now_at
from shelterctl.store.opening import read_time_zone
from shelterctl.store.store import Store
from shelterctl.trust import problems
from shelterctl.trust.chain import (
    countersign_admission,
    grant_roles_in_chain,
    request_key_admission,
    set_access_in_chain,
    verify_chain,
)
from shelterctl.trust.chain_state import Chain, Device
from shelterctl.trust.key_standing import read_chain_lines
from shelterctl.trust.memory import StoreMemory, recall_unproven
from shelterctl.trust.readership import AccessRules
from shelterctl.trust.statement import Statement, parse_statement
from shelterctl.ui_language import N_

REQUEST_ENDING = ".request"
"""The end of the name of a request, beside the key for which it asks."""

KEY_THERE_ALREADY = N_("{staff} has a key at this computer already.")
RENEW_FORGOTTEN_KEY = N_(
    "To open the menu with it, choose that name. If the passphrase is forgotten: shelterctl staff key {staff} --renew"
)
PERSON_NOT_REGISTERED = N_("{staff} is not in the register of staff.")
REGISTER_FIRST = N_("Register that person first: shelterctl staff add {staff} --role ROLE")
NO_REQUEST = N_("There is no request for a key of {staff} here.")
MAKE_REQUEST = N_(
    "Let that person make the key first: shelterctl staff key {staff}. If it was made at another computer, name the "
    "file: --from FILE"
)
REQUEST_NOT_SOUND = N_("That file is not a request for a key, or it was changed.")
REQUEST_OF_OTHER = N_("The request is for {other}, not for {staff}.")
REQUEST_OUTDATED = N_("The list of who may read and write has changed since the request was made.")
MAKE_REQUEST_AGAIN = N_(
    "Let {staff} make it again: shelterctl staff key {staff}. The key and its passphrase stay as they are."
)
PLACE_TAKEN = N_(
    "That place is in a store or beside a key, or there is another file of this name already. Choose another name for "
    "--out."
)
KEY_IN_USE = N_("The key in that request is on the list already.")
ONLY_MANAGER_GIVES_KEYS = N_("Only a manager's key gives a key to somebody.")
LET_MANAGER_DO = N_("Let a manager do this with a key of the manager's own, or add --recovery FILE.")


class KeyRequest(NamedTuple):
    """A person's request for a place on the trust list: the file, the four words of her key, and what she signed."""

    place: Path
    words: str
    statement: Statement

    @property
    def staff(self) -> str:
        """The staff code of the person."""
        return str(self.statement.fields["device"]["staff"])


def key_words(age: str) -> str:
    """Return four words by which two people compare a key, by its age recipient."""
    import hashlib  # noqa: PLC0415 - only where a key is compared

    return fingerprint_words(hashlib.sha256(age.encode()).hexdigest())


def request_path(key_file: Path) -> Path:
    """Return the place of the request that belongs to a key file."""
    return key_file.with_name(key_file.name + REQUEST_ENDING)


def place_new_key(session: Session, code: str) -> Path:
    """Return the place for a person's key: that of the computer where it has none yet, else one of her own."""
    first = session.computer_key_file
    person = session.person_key_file(code)
    return first if person is None or not first.exists() else person


def find_request(session: Session, code: str) -> Path:
    """Return the place of a person's request at this computer."""
    person = session.person_key_file(code)
    places = [request_path(each) for each in (person, session.computer_key_file) if each]
    return next((each for each in places if each.exists()), places[0])


def is_request_open(key_file: Path) -> bool:
    """Whether a key is still waiting to be accepted."""
    return request_path(key_file).exists()


def set_key_aside(key_file: Path) -> Path | None:
    """Rename a key whose passphrase is forgotten, with what it remembers; None if there is none."""
    if not key_file.exists():
        return None
    names = (key_file.with_name(f"{key_file.name}.old{number}") for number in range(1, limits.FOLDER_NAMES))
    aside = next(each for each in names if not each.exists())
    with translate_disk_errors(key_file.name):
        rename_file(key_file, aside)
        with suppress(FileNotFoundError):
            rename_file(key_file.with_name(key_file.name + ".heads"), aside.with_name(aside.name + ".heads"))
        sync_name(aside)
    return aside


def list_set_aside_keys(session: Session, code: str) -> list[Device]:
    """Return the keys of a person that were set aside at this computer, and that are still in force on the list.

    What lies beside such a key says its code, since the key itself does not open any more.
    """
    chain, person = session.store.vault.journal.chain, session.person_key_file(code)
    if person is None or not session.people_folder.is_dir():
        return []
    aside = re.compile(rf"{re.escape(code)}\.old[0-9]+\.heads")
    folders = [person.with_name(name) for name in list_folder(session.people_folder) if aside.fullmatch(name)]
    in_use = {session.store.identity.device, _noted_device(person.with_name(f"{code}.heads"), chain)}
    noted = {_noted_device(each, chain) for each in folders} - in_use
    return [one for one in chain.devices.values() if one.code in noted and one.staff == code and not one.ended]


def _noted_device(folder: Path, chain: Chain) -> str | None:
    """Return the code of the key that a folder of memories belongs to, as noted there; None if nothing says it."""
    with suppress(errors.DiskError):
        known = recall_unproven(folder, chain.root)
        return known.device if known else None
    return None


def end_keys(session: Session, devices: Sequence[Device], paper: Identity | None = None) -> None:
    """End keys that were set aside, signed by the *paper* if it is at hand; the files are not sealed anew yet.

    A key that cannot be ended stays on the list.
    """
    for device in devices:
        with suppress(errors.ShelterError):
            end_device(session, plan_device_end(session, device, None, paper), "left", known=True)


def make_key(
    place: Path, phrase: str | None, show_locking: Callable[[], AbstractContextManager[None]] = nullcontext
) -> Identity:
    """Make a person's key, under her passphrase; without one it is unencrypted."""
    with show_locking():
        key = create_identity()
        save_identity(place, key, phrase)
    return key


def request_admission(session: Session, code: str, key: Identity, place: Path, out: Path | None) -> KeyRequest:
    """Write what a person signed to be admitted, and note what her key remembers of the store from now on.

    The list is the store's own as it lies here: the manager compares the words of the key before accepting it.
    """
    lines = read_chain_lines(session.root)
    if lines is None:
        raise problems.take_over_first_error()
    chain = verify_chain(lines, 0)
    at = now_at(read_time_zone(session.root)).isoformat(timespec="minutes")
    statement = request_key_admission(chain, key, code, at)
    memory = StoreMemory(place.with_name(place.name + ".heads"), chain.root, key)
    journal = Journal(session.root / "journal", chain, key)
    memory.remember(chain, journal.heads(), journal.latest_time() or at)
    target = out or request_path(place)
    with translate_disk_errors(target.name):
        create_private_folder(request_path(place).parent)
        replace_file(target, statement.line + b"\n")
    return KeyRequest(target, key_words(key.recipient), statement)


def read_request(place: Path, code: str) -> KeyRequest:
    """Return the request in a file. Raises NotFound, UsageError for a file that is none or for somebody else's."""
    try:
        with translate_disk_errors(place.name):
            data = read_plain_file(place, limits.TRUST_LINE_BYTES + 1)
        statement = parse_statement(data.rstrip(b"\r\n"), first=False)
        if statement.kind != "device" or not statement.has_valid_signatures():
            raise ValueError("not signed")
    except errors.NotFound as trouble:
        raise errors.NotFound("key/no-request", NO_REQUEST, hint=MAKE_REQUEST, staff=code) from trouble
    except (ValueError, KeyError, TypeError, RecursionError) as trouble:
        raise errors.UsageError("key/bad-request", REQUEST_NOT_SOUND) from trouble
    found = KeyRequest(place, key_words(statement.fields["device"]["age"]), statement)
    if found.staff != code:
        raise errors.UsageError("key/other-staff", REQUEST_OF_OTHER, other=found.staff, staff=code)
    return found


def require_free_place(session: Session, out: Path, code: str) -> None:
    """Raise UsageError if a request may not be written to *out*: in a store, beside a key, or over anything but an
    earlier request of this person.
    """
    taken = forbidden_place_reason(out, session.computer_key_file) is not None
    if not taken and os.path.lexists(out):
        try:
            read_request(out, code)
        except errors.ShelterError:
            taken = True
    if taken:
        raise errors.UsageError("key/place", PLACE_TAKEN)


def require_registered(store: Store, code: str) -> str:
    """Return the role that the register gives a person. Raises NotFound if there is no such person at work."""
    known = store.staff.value["staff"].get(code)
    if known is None or "until" in known:
        raise errors.NotFound("staff/unknown", PERSON_NOT_REGISTERED, hint=REGISTER_FIRST, staff=code)
    return str(known["role"])


def require_authority(store: Store, paper: Identity | None) -> Identity:
    """Return who signs the trust list: the paper, or this key if its person manages. Raises CannotOpen."""
    if paper is not None:
        return paper
    if not store.vault.journal.chain.may_change_trust(str(store.identity.device)):
        raise errors.CannotOpen("trust/not-manager", ONLY_MANAGER_GIVES_KEYS, hint=LET_MANAGER_DO)
    return store.identity


def accept_key(
    session: Session, request: KeyRequest, roles: Sequence[str], paper: Identity | None, old: Sequence[Device] = ()
) -> Outcome:
    """Admit a person's key with these roles, end her *old* keys, and seal the files anew.

    Other keys that she had before stay on the trust list until they are ended. Until roles decide in this house, a
    person's key opens nothing. If it is interrupted, this command finishes it.
    """
    store = session.store
    store.vault.require_writable()
    signer, chain = require_authority(store, paper), store.vault.journal.chain
    device = request.statement.fields["device"]
    by, at = session.journal_staff, session.timestamp
    known = chain.devices.get(device["code"])
    if known is not None and (known.age, known.staff) != (device["age"], device["staff"]):
        raise errors.Conflict("key/taken", KEY_IN_USE)
    if known is None:
        if request.statement.fields["prev"] != [chain.digests[-1]] or request.statement.fields["root"] != chain.root:
            raise errors.Conflict("key/outdated", REQUEST_OUTDATED, hint=MAKE_REQUEST_AGAIN, staff=device["staff"])
        try:
            chain = countersign_admission(chain, request.statement, signer)
        except errors.Damaged as trouble:
            raise errors.Conflict("key/taken", KEY_IN_USE) from trouble
    if chain.access is None:  # from now on older programs only read, and a person's key opens nothing before roles do
        chain = set_access_in_chain(chain, AccessRules({}, {}), by, at, signer)
    if chain.roles.get(device["staff"]) != tuple(sorted(roles)):
        chain = grant_roles_in_chain(chain, device["staff"], roles, by, at, signer)
    if chain is not store.vault.journal.chain:
        store.vault.save_chain(chain)
        store.acts_saved.append("device")
    end_keys(session, old, paper)
    done = rekey_and_answer(session)
    if done.harm is None:  # until then the same command goes on with it
        with suppress(OSError):
            remove_file(request_path(request.place.with_name(request.place.name.removesuffix(REQUEST_ENDING))))
    return done


def require_not_listed(session: Session, code: str, key: Identity) -> None:
    """Raise UsageError if a person's key is on the trust list already, so that it needs no request."""
    lines = read_chain_lines(session.root)
    if lines is not None and key.device in verify_chain(lines, 0).devices:
        raise errors.UsageError("key/there", KEY_THERE_ALREADY, hint=RENEW_FORGOTTEN_KEY, staff=code)
