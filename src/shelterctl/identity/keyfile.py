"""The file that an identity lives in: a stock age identity file, with what else a device needs in its comments."""

import base64
import re
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path

from shelterctl import errors, machine
from shelterctl.identity.key import CROCKFORD, Identity, paper, read_only
from shelterctl.identity.passphrase import (
    WORK_FACTOR,
    is_sealed,
    is_under_passphrase,
    seal,
    unseal,
    unusable,
    work_factor_of,
)
from shelterctl.language import N_

NOT_HERE = N_("There is no key file on this device.")
NAME_IT = N_(
    "Name it with --identity. A new store gets its key from 'shelterctl init', a new computer from "
    "'shelterctl trust --join --recovery FILE'."
)
NOT_THERE = N_("There is no key file at the place that was named.")
LOOK = N_(
    "Look at what --identity or SHELTERCTL_IDENTITY says: seen from this folder, or on this computer, there is no such "
    "file."
)

Busy = Callable[[], AbstractContextManager[None]]

_LIMIT = 65536
_DEVICE = re.compile(f"[{CROCKFORD}]{{8}}")
_NOTE = re.compile(r"# ([a-z]+): (\S+)")
_BEGINS = (b"# shelterctl identity/", b"-----BEGIN AGE ENCRYPTED FILE-----")
_HOLDS = (b"AGE-SECRET-KEY-", b"AGE-PLUGIN-")
_KEY = re.compile("AGE-(?!PLUGIN-)|.{1,14}KEY-1")
"""How a line begins that was meant for a key, also where a letter of its first words is wrong, or a Cyrillic one."""


def save(path: Path, identity: Identity, passphrase: str | None, *, work_factor: int = WORK_FACTOR) -> None:
    """A new file with the identity, in clear where there is no passphrase, and read back before it is relied on.

    Raises Conflict where there is a file already: no key is ever overwritten.
    """
    data = _text(identity).encode()
    if passphrase is not None:
        data = seal(data, passphrase, work_factor)
    with machine.disk(path.name):
        machine.private_folder(path.parent)
        try:
            machine.write_whole(path, data)
        except FileExistsError as trouble:
            raise errors.Conflict(
                "vault/identity-exists",
                N_("There is a key file already where the new one was to be saved; it was left as it is."),
                hint=N_("Use the key that is there, or name another place with --identity."),
            ) from trouble
        try:
            if load(path, lambda: passphrase or "") != identity:
                raise unusable()
        except BaseException:
            machine.remove(path)
            raise


def protected(path: Path, *, named: bool = False) -> bool:
    """Whether a passphrase is needed to load the file; where it is not there, whether it was *named* is said."""
    return is_sealed(_bytes(path, named))


def is_irreplaceable(path: Path) -> bool:
    """Whether a plain file is a key or sealed with age, told by its first bytes; Damaged where it is not plain."""
    text = _head(path)
    return is_sealed(text) or text.startswith(_BEGINS) or _holds_key(text)


def is_key(path: Path) -> bool:
    """Whether a plain file is a key, in clear or under a passphrase; Damaged where it is not plain."""
    text = _head(path)
    return is_under_passphrase(text) or text.startswith(_BEGINS[:1]) or _holds_key(text)


def _holds_key(text: bytes) -> bool:
    """Whether a key stands in the text, also with the blanks with which it may be typed."""
    together = b"".join(text.upper().split())
    return any(each in together for each in _HOLDS)


def _head(path: Path) -> bytes:
    """The first bytes of a plain file, as text in one byte a letter.

    Windows may have saved a key that was copied out of a window in two.
    """
    head = machine.read_regular(path, _LIMIT, head=True)
    return head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")


def load(path: Path, passphrase: Callable[[], str] | None, *, tries: int = 1, busy: Busy = nullcontext) -> Identity:
    """The identity in the file; *passphrase* is called only where one is needed, and as often as there are *tries*.

    A bare age key, such as the recovery key, is that of the paper. To unlock takes a while, which is *busy*. Raises
    CannotOpen.
    """
    return _parsed(_clear(_bytes(path), passphrase, tries, busy))


def change(
    path: Path,
    old: Callable[[], str],
    new: Callable[[], str],
    *,
    tries: int = 1,
    work_factor: int = WORK_FACTOR,
    busy: Busy = nullcontext,
    locking: Busy = nullcontext,
) -> None:
    """Put the key file under a new passphrase, asked for once the *old* one has opened it.

    To unlock it takes a while, which is *busy*, and so does *locking* it. The new file is written beside the old one,
    opened again, and only then put in its place.
    """
    clear = _clear(_bytes(path), old, tries, busy)
    _parsed(clear)
    passphrase = new()
    fresh = path.with_name(f".{path.name}.tmp")
    with locking(), machine.disk(path.name):
        sealed = seal(clear, passphrase, work_factor)
        machine.remove(fresh)
        machine.write_new(fresh, sealed)
        try:
            if unseal(machine.read_regular(fresh, 2 * _LIMIT), passphrase) != clear:
                raise unusable()
            machine.rename(fresh, path)
        except BaseException as trouble:
            if isinstance(trouble, OSError) and not fresh.exists():
                return  # it is in its place, and opens with the new passphrase: that is no failure to be told
            machine.remove(fresh)
            raise


def _clear(data: bytes, passphrase: Callable[[], str] | None, tries: int, busy: Busy) -> bytes:
    """What the key file says, unlocked where it is sealed."""
    if not is_sealed(data):
        return data
    work_factor_of(data)
    if passphrase is None:
        raise errors.CannotOpen(
            "vault/passphrase-needed",
            N_("The key file is protected by a passphrase, and there is nobody here to ask for it."),
            hint=N_("Run the command at a terminal, or hand the passphrase over with --passphrase-fd."),
        )
    while True:
        tries -= 1
        try:
            typed = passphrase()
            with busy():
                return _unsealed(data, typed)
        except errors.CannotOpen as trouble:
            if trouble.code != "vault/wrong-passphrase" or not tries:
                raise


def _unsealed(data: bytes, typed: str) -> bytes:
    """The same by the passphrase as it was typed, else with one blank between its words, as six words stand on paper.

    That is one try: whoever guesses gains nothing by blanks.
    """
    spaced = " ".join(typed.split())
    try:
        return unseal(data, typed)
    except errors.CannotOpen as trouble:
        if trouble.code != "vault/wrong-passphrase" or spaced in ("", typed):
            raise
        return unseal(data, spaced)


def _text(identity: Identity) -> str:
    if identity.seed is None:
        raise read_only()
    signing = base64.b64encode(identity.seed).decode()
    return f"# shelterctl identity/1\n# device: {identity.device}\n# signing: {signing}\n{identity.key}\n"


def _parsed(data: bytes) -> Identity:
    try:
        lines = data.decode("utf-8-sig").split("\n")
        notes = {found[1]: found[2] for line in lines if (found := _NOTE.match(line))}
        bare = _paper(["".join(line.split()).upper() for line in lines if line.strip() and not line.startswith("#")])
        if "signing" not in notes:
            return bare
        seed = base64.b64decode(notes["signing"], validate=True)
    except ValueError:
        raise unusable() from None  # a cause would carry the key's own text along
    if len(seed) != 32 or not _DEVICE.fullmatch(notes.get("device", "")):
        raise unusable()
    return Identity(bare.key, seed, notes["device"])


def _bytes(path: Path, named: bool = False) -> bytes:
    try:
        with machine.disk(path.name):
            return machine.read_regular(path, _LIMIT)
    except errors.NotFound as trouble:
        if named:
            raise errors.CannotOpen("vault/no-key", NOT_THERE, hint=LOOK) from trouble
        raise errors.CannotOpen("vault/no-key", NOT_HERE, hint=NAME_IT) from trouble
    except errors.Damaged as trouble:
        if trouble.code != "disk/not-a-plain-file":
            raise unusable() from trouble
        raise errors.CannotOpen(
            "key/link",
            N_("The key file is not read: it is a link, has a second name, or is no plain file."),
            hint=N_("Name the file itself with --identity. If it has a second name elsewhere, erase that name."),
        ) from trouble


def _paper(lines: list[str]) -> Identity:
    """The key on a line, or on two as paper has it; where a letter of it is wrong, that is said.

    Raises ValueError where nothing looks like a key, or more than one line does.
    """
    first, *more = lines
    if not _KEY.match(first) or any(map(_KEY.match, more)):
        raise ValueError
    with suppress(ValueError):
        return paper("".join(lines))
    raise errors.CannotOpen(
        "key/misspelt",
        N_("A letter of the key is another one, or missing: the line AGE-SECRET-KEY-1 does not add up."),
        hint=N_(
            "Compare it letter by letter with the paper or with your copy. Behind AGE-SECRET-KEY-1 these never occur: "
            "{never}."
        ),
        never=["1", "B", "I", "O"],
    )
