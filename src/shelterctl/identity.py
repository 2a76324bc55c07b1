"""The keys of a device: made, unlocked, recovered."""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pyrage

from shelterctl import errors, machine
from shelterctl.language import N_

WORK_FACTOR = 18
"""scrypt's cost as a power of two: half a second and 256 MiB, what stock age asks for."""

_MOST_WORK = 20
_LIMIT = 65536
_AGE = b"age-encryption.org/v1"
_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


@dataclass(frozen=True, slots=True)
class Identity:
    """What a device opens and signs with; without a device code and a seed it can only read."""

    key: str = field(repr=False)
    seed: bytes | None = field(default=None, repr=False)
    device: str | None = None

    @property
    def recipient(self) -> str:
        """The age recipient that others seal to."""
        return str(self._age().to_public())

    @property
    def signing_public(self) -> str:
        """The public half of the signing key, base64."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415

        return base64.b64encode(
            Ed25519PrivateKey.from_private_bytes(self._seed()).public_key().public_bytes_raw()
        ).decode()

    def sign(self, data: bytes) -> str:
        """The device's Ed25519 signature of *data*, base64."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415

        return base64.b64encode(Ed25519PrivateKey.from_private_bytes(self._seed()).sign(data)).decode()

    def mark(self, data: bytes) -> str:
        """A note to oneself: a keyed hash that only this identity can make and compare, at no cost of start-up."""
        return hmac.digest(self._seed(), b"shelterctl mark/1" + data, "sha256").hex()

    def open(self, ciphertext: bytes) -> bytes:
        """The plaintext of an age file sealed to this identity."""
        try:
            return bytes(pyrage.decrypt(ciphertext, [self._age()]))
        except pyrage.DecryptError as trouble:
            raise errors.CannotOpen(
                "vault/not-a-recipient",
                N_("This key does not open the file: it was not sealed to it."),
                hint=N_("Check that --identity names your own key file, or ask for the file to be sealed to it."),
            ) from trouble

    def _age(self) -> pyrage.x25519.Identity:
        return pyrage.x25519.Identity.from_str(self.key)

    def _seed(self) -> bytes:
        if self.seed is None:
            raise errors.CannotOpen(
                "vault/read-only-key",
                N_("This key opens files, but it cannot sign a change."),
                hint=N_("To change something, use the identity file of your own device."),
            )
        return self.seed


def make() -> Identity:
    """A new identity with a random device code."""
    device = "".join(secrets.choice(_CROCKFORD) for _ in range(8))
    return Identity(str(pyrage.x25519.Identity.generate()), secrets.token_bytes(32), device)


def recovery() -> tuple[str, str]:
    """A new recovery key, as one line of text to be kept on paper, and its recipient."""
    key = pyrage.x25519.Identity.generate()
    return str(key), str(key.to_public())


def save(path: Path, identity: Identity, passphrase: str | None, *, work_factor: int = WORK_FACTOR) -> None:
    """A new identity file, under a passphrase or bare, read back before it is relied on; never overwrites one."""
    data = _written(identity).encode()
    if passphrase is not None:
        data = _sealed(data, passphrase, work_factor)
    with machine.disk(path.name):
        machine.private_folder(path.parent)
        try:
            machine.write_new(path, data)
        except FileExistsError as trouble:
            raise errors.Conflict(
                "vault/identity-exists",
                N_("There is already a key file where the new one would be saved; it was left as it is."),
                hint=N_("Use the key that is there, or name another file with --identity."),
            ) from trouble
        try:
            machine.sync_folder(path.parent)
            if load(path, None if passphrase is None else lambda: passphrase) != identity:
                raise _not_an_identity()
        except BaseException:
            path.unlink(missing_ok=True)
            raise


def protected(path: Path) -> bool:
    """Whether the identity file asks for a passphrase."""
    return _read(path).startswith(_AGE)


def load(path: Path, passphrase: Callable[[], str] | None) -> Identity:
    """The identity in the file; *passphrase* is asked for only where the file is protected.

    A bare age key, such as the recovery key, gives an identity that can only read.
    """
    data = _read(path)
    if not data.startswith(_AGE):
        return _parsed(data)
    factor = _work_factor(data)
    if passphrase is None:
        raise errors.CannotOpen(
            "vault/passphrase-needed",
            N_("The key file is protected by a passphrase, and there is no way to ask for it here."),
            hint=N_("Run the command at a terminal, or hand the passphrase over with --passphrase-fd."),
        )
    _room_for(factor)
    try:
        return _parsed(bytes(pyrage.passphrase.decrypt(data, passphrase())))
    except pyrage.DecryptError as trouble:
        raise errors.CannotOpen(
            "vault/wrong-passphrase",
            N_("The passphrase does not open the key file."),
            hint=N_(
                "Check the keyboard's language and Caps Lock, then try again. The recovery key opens the records too."
            ),
        ) from trouble


def _written(identity: Identity) -> str:
    seed = base64.b64encode(identity._seed()).decode()
    return f"# shelterctl identity/1\n# device: {identity.device}\n# signing: {seed}\n{identity.key}\n"


def _parsed(data: bytes) -> Identity:
    try:
        lines = [line.strip() for line in data.decode("utf-8-sig").splitlines()]
        (key,) = (line for line in lines if line and not line.startswith("#"))
        notes = dict(line[1:].strip().split(": ", 1) for line in lines if line.startswith("#") and ": " in line)
        pyrage.x25519.Identity.from_str(key)
        if "device" not in notes or "signing" not in notes:
            return Identity(key.upper())
        seed = base64.b64decode(notes["signing"], validate=True)
    except (ValueError, pyrage.IdentityError):
        # Without a cause: its text would hold what stood in the file.
        raise _not_an_identity() from None
    if len(seed) != 32 or not re.fullmatch(f"[{_CROCKFORD}]{{8}}", notes["device"]):
        raise _not_an_identity()
    return Identity(key.upper(), seed, notes["device"])


def _read(path: Path) -> bytes:
    try:
        with machine.disk(path.name):
            return machine.read_regular(path, _LIMIT)
    except errors.NotFound as trouble:
        raise errors.CannotOpen(
            "vault/no-key",
            N_("There is no key file on this device."),
            hint=N_("Name it with --identity, or make a store and its key with 'shelterctl init'."),
        ) from trouble
    except errors.Damaged as trouble:
        raise _not_an_identity() from trouble


def _not_an_identity() -> errors.CannotOpen:
    return errors.CannotOpen(
        "vault/bad-identity",
        N_("The key file is not one that shelterctl can use: it is damaged or of another kind."),
        hint=N_(
            "Name the right file with --identity, or put it back from your copy. The recovery key opens the records."
        ),
    )


def _sealed(data: bytes, passphrase: str, factor: int) -> bytes:
    """*data* as an age file under a passphrase.

    pyrage's own call picks a cost of its own: on a fast machine 1 GiB, which a small laptop then cannot open.
    """
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305  # noqa: PLC0415

    salt, nonce, file_key = (secrets.token_bytes(16) for _ in range(3))
    wrapping = hashlib.scrypt(
        passphrase.encode(),
        salt=_AGE + b"/scrypt" + salt,
        n=1 << factor,
        r=8,
        p=1,
        maxmem=(1 << factor + 10) + (1 << 20),
        dklen=32,
    )
    body = ChaCha20Poly1305(wrapping).encrypt(bytes(12), file_key, None)
    header = _AGE + b"\n-> scrypt %s %d\n%s\n---" % (_unpadded(salt), factor, _unpadded(body))
    mac = hmac.digest(_derived(file_key, b"", b"header"), header, "sha256")
    # One chunk holds up to 64 KiB: its number is zero, and the last byte says that it is the last.
    chunk = ChaCha20Poly1305(_derived(file_key, nonce, b"payload")).encrypt(bytes(11) + b"\x01", data, None)
    return header + b" " + _unpadded(mac) + b"\n" + nonce + chunk


def _derived(key: bytes, salt: bytes, purpose: bytes) -> bytes:
    """HKDF-SHA256 for one block of output."""
    return hmac.digest(hmac.digest(salt or bytes(32), key, "sha256"), purpose + b"\x01", "sha256")


def _unpadded(data: bytes) -> bytes:
    return base64.b64encode(data).rstrip(b"=")


def _work_factor(data: bytes) -> int:
    stanza = re.match(_AGE + rb"\n-> scrypt [A-Za-z0-9+/]{22} ([1-9][0-9]?)\n", data)
    if stanza is None:
        raise _not_an_identity()
    if int(stanza[1]) > _MOST_WORK:
        raise errors.CannotOpen(
            "vault/work-factor",
            N_("Unlocking this key file would take more memory than a laptop has; it was not tried."),
            hint=N_("The file was not made by shelterctl. Name your own key file with --identity."),
        )
    return int(stanza[1])


def _room_for(factor: int) -> None:
    """Without the memory that scrypt needs the process would be aborted: ask for it first."""
    try:
        bytearray(1 << factor + 10)
    except MemoryError:
        raise errors.CannotOpen(
            "vault/no-memory",
            N_("There is not enough free memory to unlock the key file."),
            hint=N_("Close other programs, then run the command again."),
        ) from None
