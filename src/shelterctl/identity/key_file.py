"""The file of an identity: a standard age identity file whose comments have the device code and the signing key.

It may be sealed with a passphrase, at a scrypt cost that a small laptop can pay. pyrage's own call measures the
computer and may use 1 GiB, so that another computer cannot open the file.
"""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path

import pyrage

from shelterctl import errors
from shelterctl.identity.keys import (
    ARMOUR_BEGIN,
    DEVICE_CODE_LETTERS,
    Identity,
    parse_recovery_key,
    read_only_key_error,
)
from shelterctl.platform.disk_errors import translate_disk_errors
from shelterctl.platform.reading import read_plain_file
from shelterctl.platform.writing import (
    create_private_folder,
    remove_file,
    replacing_file,
    sync_name,
    write_new_file_atomically,
)
from shelterctl.ui_language import N_

WORK_FACTOR = 18
"""scrypt's cost as a power of two: half a second and 256 MiB, as stock age asks for."""

_HIGHEST_WORK_FACTOR = 20
_AGE_START = b"age-encryption.org/v1"
_SCRYPT_HEADER = re.compile(_AGE_START + rb"\n-> scrypt [A-Za-z0-9+/]{22} ([1-9][0-9]?)\n")


def is_age_file(data: bytes) -> bool:
    """Whether *data* is an age file, and not an unencrypted key."""
    return data.startswith(_AGE_START)


def seal_with_passphrase(data: bytes, passphrase: str, work_factor: int) -> bytes:
    """Return *data*, at most 64 KiB, as an age v1 file that anyone with the passphrase can open."""
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305  # noqa: PLC0415 - takes 20 ms

    salt, nonce, file_key = (secrets.token_bytes(16) for _ in range(3))
    memory = 1 << work_factor + 10
    secret, salted = passphrase.encode(), _AGE_START + b"/scrypt" + salt
    wrapping = hashlib.scrypt(secret, salt=salted, n=1 << work_factor, r=8, p=1, maxmem=memory + 65536, dklen=32)
    stanza = _encode_unpadded(ChaCha20Poly1305(wrapping).encrypt(bytes(12), file_key, None))
    header = _AGE_START + b"\n-> scrypt %s %d\n%s\n---" % (_encode_unpadded(salt), work_factor, stanza)
    mac = hmac.digest(_derive_key(file_key, bytes(32), b"header"), header, "sha256")
    # The only chunk is number 0, and its last byte says that no other follows.
    chunk = ChaCha20Poly1305(_derive_key(file_key, nonce, b"payload")).encrypt(bytes(11) + b"\1", data, None)
    return header + b" " + _encode_unpadded(mac) + b"\n" + nonce + chunk


UNLOCKING_TOO_COSTLY = N_("This key file was not unlocked: it would take more memory than a laptop has.")
NAME_OWN_KEY_FILE = N_("shelterctl does not make such files. Name your own key file with --identity.")


def read_work_factor(data: bytes) -> int:
    """Return the cost in the file's header; raise CannotOpen if it is missing, or more than a laptop can pay."""
    found = _SCRYPT_HEADER.match(data)
    if found is None:
        raise bad_key_file_error()
    if int(found[1]) > _HIGHEST_WORK_FACTOR:
        raise errors.CannotOpen("vault/work-factor", UNLOCKING_TOO_COSTLY, hint=NAME_OWN_KEY_FILE)
    return int(found[1])


UNLOCKING_LACKS_MEMORY = N_("There is not enough free memory to unlock the key file.")
CLOSE_OTHER_PROGRAMS = N_("Close other programs, then run the command again.")
PASSPHRASE_DOES_NOT_OPEN = N_("The passphrase does not open the key file.")
CHECK_CAPS_LOCK = N_(
    "Check Caps Lock and the keyboard's language, then try again; the recovery key opens the records too."
)


def unseal_with_passphrase(data: bytes, passphrase: str) -> bytes:
    """Return the content of the sealed file; raise CannotOpen if it cannot be opened."""
    try:
        # If memory runs out within age, the process is aborted: ask for as much here, where it can be reported.
        bytearray(1 << read_work_factor(data) + 10)
        return bytes(pyrage.passphrase.decrypt(data, passphrase))
    except MemoryError:
        raise errors.CannotOpen("vault/no-memory", UNLOCKING_LACKS_MEMORY, hint=CLOSE_OTHER_PROGRAMS) from None
    except pyrage.DecryptError as trouble:
        raise errors.CannotOpen("vault/wrong-passphrase", PASSPHRASE_DOES_NOT_OPEN, hint=CHECK_CAPS_LOCK) from trouble


KEY_FILE_DAMAGED = N_("The key file is damaged, or is not a key file of shelterctl or age.")
NAME_RIGHT_KEY_FILE = N_(
    "Name the right file with --identity, or put your copy back; the recovery key opens the records too."
)


def bad_key_file_error() -> errors.CannotOpen:
    """Return the error for a file that is not a key file."""
    return errors.CannotOpen("vault/bad-identity", KEY_FILE_DAMAGED, hint=NAME_RIGHT_KEY_FILE)


def _derive_key(key: bytes, salt: bytes, purpose: bytes) -> bytes:
    """Return a key derived by HKDF-SHA256 (RFC 5869), of one block."""
    return hmac.digest(hmac.digest(salt, key, "sha256"), purpose + b"\1", "sha256")


def _encode_unpadded(data: bytes) -> bytes:
    return base64.b64encode(data).rstrip(b"=")


NO_KEY_FILE_HERE = N_("There is no key file on this device.")
NAME_KEY_FILE = N_(
    "Name it with --identity. A new store gets its key from 'shelterctl init', a new computer from "
    "'shelterctl trust --join --recovery FILE'."
)
NO_KEY_FILE_THERE = N_("There is no key file at that place.")
CHECK_KEY_FILE_PLACE = N_(
    "Check --identity or SHELTERCTL_IDENTITY: its path may be for another folder or another computer."
)

BusyContext = Callable[[], AbstractContextManager[None]]

_KEY_FILE_LIMIT = 65536
_DEVICE_CODE = re.compile(f"[{DEVICE_CODE_LETTERS}]{{8}}")
_NOTE = re.compile(r"# ([a-z]+): (\S+)")
_KEY_FILE_STARTS = (b"# shelterctl identity/", ARMOUR_BEGIN.encode())
_KEY_STARTS = (b"AGE-SECRET-KEY-", b"AGE-PLUGIN-")
_KEY_LINE = re.compile("AGE-(?!PLUGIN-)|.{1,14}KEY-1")
"""Matches the beginning of a line meant for a key, even if a letter of its first words is wrong or Cyrillic."""

KEY_FILE_EXISTS = N_("There is already a key file where the new one would be saved; it was not changed.")
USE_KEY_OR_OTHER_PLACE = N_("Use the key that is there, or name another place with --identity.")


def save_identity(path: Path, identity: Identity, passphrase: str | None, *, work_factor: int = WORK_FACTOR) -> None:
    """Write a new file with the identity, unencrypted if there is no passphrase, and read it back as a check.

    Raises Conflict if the file exists: no key is ever overwritten.
    """
    data = _format_identity(identity).encode()
    if passphrase is not None:
        data = seal_with_passphrase(data, passphrase, work_factor)
    with translate_disk_errors(path.name):
        create_private_folder(path.parent)
        try:
            write_new_file_atomically(path, data)
        except FileExistsError as trouble:
            raise errors.Conflict("vault/identity-exists", KEY_FILE_EXISTS, hint=USE_KEY_OR_OTHER_PLACE) from trouble
        try:
            if load_identity(path, lambda: passphrase or "") != identity:
                raise bad_key_file_error()
        except BaseException:
            remove_file(path)
            raise


def needs_passphrase(path: Path, *, named: bool = False) -> bool:
    """Whether a passphrase is needed to load the file; *named* affects only the error for a missing file."""
    return is_age_file(_read_key_file(path, named))


def is_key_or_sealed(path: Path) -> bool:
    """Whether a plain file is a key or sealed with age, by its first bytes; Damaged if the file is not plain."""
    text = _read_file_head(path)
    return is_age_file(text) or text.startswith(_KEY_FILE_STARTS) or _contains_key(text)


def is_key_file(path: Path) -> bool:
    """Whether a plain file is a key, unencrypted or under a passphrase; Damaged if the file is not plain."""
    text = _read_file_head(path)
    return _SCRYPT_HEADER.match(text) is not None or text.startswith(_KEY_FILE_STARTS[:1]) or _contains_key(text)


def _contains_key(text: bytes) -> bool:
    """Whether the text contains a key, even one typed with blanks."""
    together = b"".join(text.upper().split())
    return any(each in together for each in _KEY_STARTS)


def _read_file_head(path: Path) -> bytes:
    """Return the first bytes of a plain file, as text of one byte a letter.

    Windows may save a key copied from a window with two bytes a letter.
    """
    head = read_plain_file(path, _KEY_FILE_LIMIT, head=True)
    return head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")


def load_identity(
    path: Path, passphrase: Callable[[], str] | None, *, tries: int = 1, busy: BusyContext = nullcontext
) -> Identity:
    """Return the identity in the file; *passphrase* is called only if one is needed, up to *tries* times.

    A bare age key, such as the recovery key, is an identity of the recovery paper. Unlocking takes a while; *busy* is
    entered meanwhile. Raises CannotOpen.
    """
    return _parse_identity(_unlock_key_file(_read_key_file(path), passphrase, tries, busy))


def change_passphrase(
    path: Path,
    old: Callable[[], str],
    new: Callable[[], str],
    *,
    tries: int = 1,
    work_factor: int = WORK_FACTOR,
    busy: BusyContext = nullcontext,
    locking: BusyContext = nullcontext,
) -> None:
    """Seal the key file with a new passphrase, which is asked for once the *old* one has opened it.

    Unlocking and sealing take a while; *busy* and *locking* are entered meanwhile. The new file is written beside the
    old one and opened again before it replaces it.
    """
    clear = _unlock_key_file(_read_key_file(path), old, tries, busy)
    _parse_identity(clear)
    passphrase = new()
    with locking(), translate_disk_errors(path.name):
        sealed = seal_with_passphrase(clear, passphrase, work_factor)
        with replacing_file(path, sealed) as fresh:
            if unseal_with_passphrase(read_plain_file(fresh, 2 * _KEY_FILE_LIMIT), passphrase) != clear:
                raise bad_key_file_error()
        with suppress(OSError):  # it is in place, and opens with the new passphrase: no failure to report
            sync_name(path)


KEY_FILE_NEEDS_PASSPHRASE = N_("The key file needs a passphrase, and nobody can be asked for it here.")
RUN_AT_TERMINAL = N_("Run the command at a terminal, or give the passphrase with --passphrase-fd.")


def _unlock_key_file(data: bytes, passphrase: Callable[[], str] | None, tries: int, busy: BusyContext) -> bytes:
    """Return the content of the key file, unlocked if it is sealed."""
    if not is_age_file(data):
        return data
    read_work_factor(data)
    if passphrase is None:
        raise errors.CannotOpen("vault/passphrase-needed", KEY_FILE_NEEDS_PASSPHRASE, hint=RUN_AT_TERMINAL)
    while True:
        tries -= 1
        try:
            typed = passphrase()
            with busy():
                return _unseal_typed(data, typed)
        except errors.CannotOpen as trouble:
            if trouble.code != "vault/wrong-passphrase" or not tries:
                raise


def _unseal_typed(data: bytes, typed: str) -> bytes:
    """Return the content, opened by the passphrase as typed, or else with one blank between its words.

    Six words are written like that on paper. This counts as one try: blanks do not help a guesser.
    """
    spaced = " ".join(typed.split())
    try:
        return unseal_with_passphrase(data, typed)
    except errors.CannotOpen as trouble:
        if trouble.code != "vault/wrong-passphrase" or spaced in ("", typed):
            raise
        return unseal_with_passphrase(data, spaced)


def _format_identity(identity: Identity) -> str:
    if identity.seed is None:
        raise read_only_key_error()
    signing = base64.b64encode(identity.seed).decode()
    return f"# shelterctl identity/1\n# device: {identity.device}\n# signing: {signing}\n{identity.key}\n"


def _parse_identity(data: bytes) -> Identity:
    try:
        lines = data.decode("utf-8-sig").split("\n")
        notes = {found[1]: found[2] for line in lines if (found := _NOTE.match(line))}
        bare = _parse_key_lines(
            ["".join(line.split()).upper() for line in lines if line.strip() and not line.startswith("#")]
        )
        if "signing" not in notes:
            return bare
        seed = base64.b64decode(notes["signing"], validate=True)
    except ValueError:
        raise bad_key_file_error() from None  # a cause would carry the text of the key
    if len(seed) != 32 or not _DEVICE_CODE.fullmatch(notes.get("device", "")):
        raise bad_key_file_error()
    return Identity(bare.key, seed, notes["device"])


KEY_FILE_NOT_PLAIN = N_("The key file was not read: it is a link, has a second name, or is not an ordinary file.")
NAME_KEY_FILE_ITSELF = N_("Name the file itself with --identity. If it has a second name elsewhere, delete that name.")


def _read_key_file(path: Path, named: bool = False) -> bytes:
    try:
        with translate_disk_errors(path.name):
            return read_plain_file(path, _KEY_FILE_LIMIT)
    except errors.NotFound as trouble:
        if named:
            raise errors.CannotOpen("vault/no-key", NO_KEY_FILE_THERE, hint=CHECK_KEY_FILE_PLACE) from trouble
        raise errors.CannotOpen("vault/no-key", NO_KEY_FILE_HERE, hint=NAME_KEY_FILE) from trouble
    except errors.Damaged as trouble:
        if trouble.code != "disk/not-a-plain-file":
            raise bad_key_file_error() from trouble
        raise errors.CannotOpen("key/link", KEY_FILE_NOT_PLAIN, hint=NAME_KEY_FILE_ITSELF) from trouble


KEY_MISSPELT = N_("A letter of the key is wrong or missing: the line AGE-SECRET-KEY-1 fails its check.")
COMPARE_KEY_LETTERS = N_(
    "Compare it letter by letter with the paper or with your copy. After AGE-SECRET-KEY-1 these never occur: {never}."
)


def _parse_key_lines(lines: list[str]) -> Identity:
    """Return the key on one line, or on two as on the paper; raise CannotOpen if a letter of it is wrong.

    Raises ValueError if nothing looks like a key, or more than one line does.
    """
    first, *more = lines
    if not _KEY_LINE.match(first) or any(map(_KEY_LINE.match, more)):
        raise ValueError
    with suppress(ValueError):
        return parse_recovery_key("".join(lines))
    raise errors.CannotOpen("key/misspelt", KEY_MISSPELT, hint=COMPARE_KEY_LETTERS, never=["1", "B", "I", "O"])
