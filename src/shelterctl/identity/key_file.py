"""The file that keeps an identity: a standard age identity file whose comments hold the device code and the signing
key. It may be sealed with a passphrase, at a scrypt cost that a small laptop can pay; pyrage's own call measures
the computer and may ask for 1 GiB, which another computer then cannot open.
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
    """Whether *data* is an age file, not a key in clear."""
    return data.startswith(_AGE_START)


def seal_with_passphrase(data: bytes, passphrase: str, work_factor: int) -> bytes:
    """*data*, at most 64 KiB, as an age v1 file that anyone with the passphrase opens."""
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305  # noqa: PLC0415  (20 ms)

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


UNLOCKING_TOO_COSTLY = N_("Unlocking this key file would take more memory than a laptop has, so it was not tried.")
NAME_OWN_KEY_FILE = N_("shelterctl does not make such files. Name your own key file with --identity.")


def read_work_factor(data: bytes) -> int:
    """The cost written in the file's header. Raises CannotOpen where it is more than a laptop can pay, or not there."""
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
    """What the file holds. Raises CannotOpen."""
    try:
        # Where memory runs out within age the process is aborted: ask for as much before, where it can be told.
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
    """The error of a file that is no key."""
    return errors.CannotOpen("vault/bad-identity", KEY_FILE_DAMAGED, hint=NAME_RIGHT_KEY_FILE)


def _derive_key(key: bytes, salt: bytes, purpose: bytes) -> bytes:
    """HKDF-SHA256 (RFC 5869), one block."""
    return hmac.digest(hmac.digest(salt, key, "sha256"), purpose + b"\1", "sha256")


def _encode_unpadded(data: bytes) -> bytes:
    return base64.b64encode(data).rstrip(b"=")


NO_KEY_FILE_HERE = N_("There is no key file on this device.")
NAME_KEY_FILE = N_(
    "Name it with --identity. A new store gets its key from 'shelterctl init', a new computer from "
    "'shelterctl trust --join --recovery FILE'."
)
NO_KEY_FILE_THERE = N_("There is no key file at the place that was named.")
CHECK_KEY_FILE_PLACE = N_(
    "Look at what --identity or SHELTERCTL_IDENTITY says: seen from this folder, or on this computer, there is no such "
    "file."
)

BusyContext = Callable[[], AbstractContextManager[None]]

_KEY_FILE_LIMIT = 65536
_DEVICE_CODE = re.compile(f"[{DEVICE_CODE_LETTERS}]{{8}}")
_NOTE = re.compile(r"# ([a-z]+): (\S+)")
_KEY_FILE_STARTS = (b"# shelterctl identity/", ARMOUR_BEGIN.encode())
_KEY_STARTS = (b"AGE-SECRET-KEY-", b"AGE-PLUGIN-")
_KEY_LINE = re.compile("AGE-(?!PLUGIN-)|.{1,14}KEY-1")
"""How a line begins that was meant for a key, also where a letter of its first words is wrong, or a Cyrillic one."""

KEY_FILE_EXISTS = N_("There is a key file already where the new one was to be saved; it was left as it is.")
USE_KEY_OR_OTHER_PLACE = N_("Use the key that is there, or name another place with --identity.")


def save_identity(path: Path, identity: Identity, passphrase: str | None, *, work_factor: int = WORK_FACTOR) -> None:
    """A new file with the identity, in clear where there is no passphrase, and read back before it is relied on.

    Raises Conflict where there is a file already: no key is ever overwritten.
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
    """Whether a passphrase is needed to load the file; where it is not there, whether it was *named* is said."""
    return is_age_file(_read_key_file(path, named))


def is_key_or_sealed(path: Path) -> bool:
    """Whether a plain file is a key or sealed with age, told by its first bytes; Damaged where it is not plain."""
    text = _read_file_head(path)
    return is_age_file(text) or text.startswith(_KEY_FILE_STARTS) or _contains_key(text)


def is_key_file(path: Path) -> bool:
    """Whether a plain file is a key, in clear or under a passphrase; Damaged where it is not plain."""
    text = _read_file_head(path)
    return _SCRYPT_HEADER.match(text) is not None or text.startswith(_KEY_FILE_STARTS[:1]) or _contains_key(text)


def _contains_key(text: bytes) -> bool:
    """Whether a key stands in the text, also with the blanks with which it may be typed."""
    together = b"".join(text.upper().split())
    return any(each in together for each in _KEY_STARTS)


def _read_file_head(path: Path) -> bytes:
    """The first bytes of a plain file, as text in one byte a letter.

    Windows may have saved a key that was copied out of a window in two.
    """
    head = read_plain_file(path, _KEY_FILE_LIMIT, head=True)
    return head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")


def load_identity(
    path: Path, passphrase: Callable[[], str] | None, *, tries: int = 1, busy: BusyContext = nullcontext
) -> Identity:
    """The identity in the file; *passphrase* is called only where one is needed, and as often as there are *tries*.

    A bare age key, such as the recovery key, is that of the paper. To unlock takes a while, which is *busy*. Raises
    CannotOpen.
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
    """Put the key file under a new passphrase, asked for once the *old* one has opened it.

    To unlock it takes a while, which is *busy*, and so does *locking* it. The new file is written beside the old one,
    opened again, and only then put in its place.
    """
    clear = _unlock_key_file(_read_key_file(path), old, tries, busy)
    _parse_identity(clear)
    passphrase = new()
    with locking(), translate_disk_errors(path.name):
        sealed = seal_with_passphrase(clear, passphrase, work_factor)
        with replacing_file(path, sealed) as fresh:
            if unseal_with_passphrase(read_plain_file(fresh, 2 * _KEY_FILE_LIMIT), passphrase) != clear:
                raise bad_key_file_error()
        with suppress(OSError):  # it is in its place, and opens with the new passphrase: that is no failure to be told
            sync_name(path)


KEY_FILE_NEEDS_PASSPHRASE = N_("The key file is protected by a passphrase, and there is nobody here to ask for it.")
RUN_AT_TERMINAL = N_("Run the command at a terminal, or hand the passphrase over with --passphrase-fd.")


def _unlock_key_file(data: bytes, passphrase: Callable[[], str] | None, tries: int, busy: BusyContext) -> bytes:
    """What the key file says, unlocked where it is sealed."""
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
    """The same by the passphrase as it was typed, else with one blank between its words, as six words stand on paper.

    That is one try: whoever guesses gains nothing by blanks.
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
        raise bad_key_file_error() from None  # a cause would carry the key's own text along
    if len(seed) != 32 or not _DEVICE_CODE.fullmatch(notes.get("device", "")):
        raise bad_key_file_error()
    return Identity(bare.key, seed, notes["device"])


KEY_FILE_NOT_PLAIN = N_("The key file is not read: it is a link, has a second name, or is no plain file.")
NAME_KEY_FILE_ITSELF = N_("Name the file itself with --identity. If it has a second name elsewhere, erase that name.")


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


KEY_MISSPELT = N_("A letter of the key is another one, or missing: the line AGE-SECRET-KEY-1 does not add up.")
COMPARE_KEY_LETTERS = N_(
    "Compare it letter by letter with the paper or with your copy. Behind AGE-SECRET-KEY-1 these never occur: {never}."
)


def _parse_key_lines(lines: list[str]) -> Identity:
    """The key on a line, or on two as paper has it; where a letter of it is wrong, that is said.

    Raises ValueError where nothing looks like a key, or more than one line does.
    """
    first, *more = lines
    if not _KEY_LINE.match(first) or any(map(_KEY_LINE.match, more)):
        raise ValueError
    with suppress(ValueError):
        return parse_recovery_key("".join(lines))
    raise errors.CannotOpen("key/misspelt", KEY_MISSPELT, hint=COMPARE_KEY_LETTERS, never=["1", "B", "I", "O"])
