"""The keys of a device: made, unlocked, recovered, and read by stock age."""

import base64
import os
import pty
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

import shelterctl
from shelterctl import errors
from shelterctl.identity.key_file import load_identity, needs_passphrase, save_identity
from shelterctl.identity.keys import (
    Identity,
    create_identity,
    create_recovery_key,
    create_unrelated_identity,
    is_valid_signature,
    parse_recovery_key,
)

WORDS = "orchard кымыз lantern river"
QUICK = 10


@pytest.fixture
def me() -> Identity:
    return create_identity()


def refused(path: Path, passphrase: Callable[[], str] | None = lambda: WORDS) -> str:
    with pytest.raises(errors.CannotOpen) as trouble:
        load_identity(path, passphrase)
    assert trouble.value.hint
    return trouble.value.code


def never() -> str:
    raise AssertionError("nobody was to be asked for a passphrase")


def test_every_device_has_its_own_keys_and_code(me: Identity) -> None:
    other = create_identity()
    assert len({me.device, other.device, me.recipient, other.recipient, me.signing_public, other.signing_public}) == 6
    assert set(str(me.device)) <= set("0123456789abcdefghjkmnpqrstvwxyz")
    assert len(str(me.device)) == 8


def test_what_it_signs_is_verified_with_its_public_key(me: Identity) -> None:
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(me.signing_public))
    key.verify(base64.b64decode(me.sign(b"line")), b"line")
    assert me.mark(b"line") == me.mark(b"line") != create_identity().mark(b"line")


def test_its_secrets_are_not_shown(me: Identity) -> None:
    shown = f"{me!r} {me}"
    assert "Identity object" in shown
    assert [secret for secret in (me.key, repr(me.seed), str(me.device)) if secret in shown] == []


@pytest.mark.parametrize("passphrase", [None, WORDS, "", " "])
def test_a_saved_identity_is_loaded_again(me: Identity, tmp_path: Path, passphrase: str | None) -> None:
    path = tmp_path / "config" / "shelterctl" / "identity"
    save_identity(path, me, passphrase, work_factor=QUICK)
    assert needs_passphrase(path) == (passphrase is not None)
    assert load_identity(path, never if passphrase is None else lambda: passphrase) == me
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == stat.S_IMODE(path.parent.parent.stat().st_mode) == 0o700
    assert os.listdir(path.parent) == ["identity"]


def test_no_key_is_ever_overwritten(me: Identity, tmp_path: Path) -> None:
    (tmp_path / "identity").write_text("a key somebody needs")
    with pytest.raises(errors.Conflict):
        save_identity(tmp_path / "identity", me, None)
    assert (tmp_path / "identity").read_text() == "a key somebody needs"


def test_a_key_that_could_not_be_saved_whole_is_not_left_behind(me: Identity, tmp_path: Path) -> None:
    code = (
        "import resource, sys; from pathlib import Path; from shelterctl import errors\n"
        "from shelterctl.identity.key_file import save_identity; from shelterctl.identity.keys import create_identity\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n"
        "try: save_identity(Path(sys.argv[1]), create_identity(), None)\n"
        "except errors.DiskError as trouble: print(trouble.code)"
    )
    assert python(code, tmp_path / "identity") == b"disk/full\n"
    assert not (tmp_path / "identity").exists()


def test_without_a_key_or_with_a_wrong_passphrase_nothing_opens(me: Identity, tmp_path: Path) -> None:
    assert refused(tmp_path / "absent", never) == "vault/no-key"
    save_identity(tmp_path / "key", me, WORDS, work_factor=QUICK)
    assert refused(tmp_path / "key", lambda: WORDS + "x ") == "vault/wrong-passphrase"
    assert refused(tmp_path / "key", None) == "vault/passphrase-needed"


@pytest.mark.parametrize(
    "typed", [WORDS + " ", f"  {WORDS}", WORDS.replace(" ", "  "), WORDS.replace(" ", " \N{NO-BREAK SPACE}")]
)
def test_blanks_too_many_are_no_other_passphrase(typed: str, me: Identity, tmp_path: Path) -> None:
    save_identity(tmp_path / "key", me, WORDS, work_factor=QUICK)
    assert load_identity(tmp_path / "key", lambda: typed) == me
    assert refused(tmp_path / "key", lambda: "".join(WORDS.split())) == "vault/wrong-passphrase"


def test_a_passphrase_that_was_chosen_with_such_blanks_opens_as_it_is(me: Identity, tmp_path: Path) -> None:
    save_identity(tmp_path / "key", me, f" {WORDS}  ", work_factor=QUICK)
    assert load_identity(tmp_path / "key", lambda: f" {WORDS}  ") == me
    assert refused(tmp_path / "key", lambda: WORDS) == "vault/wrong-passphrase"


def test_a_wrong_one_with_blanks_too_many_is_one_try(me: Identity, tmp_path: Path) -> None:
    save_identity(tmp_path / "key", me, WORDS, work_factor=QUICK)
    typed = iter([f"{WORDS}x  ", f"  {WORDS}y", f"  {WORDS} ", WORDS])
    assert load_identity(tmp_path / "key", lambda: next(typed), tries=3) == me
    assert [*typed] == [WORDS]


JUNK = [b"", b"\n", b"junk", b"\xff\xfe\x00", b"AGE-SECRET-KEY-1", b"# device: 0123abcd\n", b"age-encryption.org/v1\n"]
JUNK += [
    b"age-encryption.org/v1\n-> X25519 abc\nabc\n--- abc\n",
    b"-----BEGIN AGE ENCRYPTED FILE-----\n",
    b"x" * 99_999,
]


@pytest.mark.parametrize("junk", JUNK, ids=range(len(JUNK)))
def test_a_file_of_another_kind_is_no_key(tmp_path: Path, junk: bytes) -> None:
    (tmp_path / "key").write_bytes(junk)
    assert refused(tmp_path / "key", never) == ("key/misspelt" if junk[:3] == b"AGE" else "vault/bad-identity")


def test_a_key_file_that_is_cut_or_changed_is_not_used(me: Identity, tmp_path: Path) -> None:
    save_identity(tmp_path / "clear", me, None)
    save_identity(tmp_path / "sealed", me, WORDS, work_factor=1)
    clear, sealed = (tmp_path / "clear").read_bytes(), (tmp_path / "sealed").read_bytes()
    broken = [sealed[:at] + bytes([sealed[at] ^ 1 << at % 3]) + sealed[at + 1 :] for at in range(len(sealed))]
    broken += [whole[:length] for whole in (clear, sealed) for length in range(0, len(whole) - 1, 5)]
    for text in broken:
        (tmp_path / "broken").write_bytes(text)
        known = {"vault/bad-identity", "vault/wrong-passphrase", "vault/work-factor", "key/misspelt"}
        assert refused(tmp_path / "broken") in known


def test_windows_line_ends_and_a_mark_at_the_start_do_no_harm(me: Identity, tmp_path: Path) -> None:
    save_identity(tmp_path / "key", me, None)
    (tmp_path / "mailed").write_bytes(b"\xef\xbb\xbf" + (tmp_path / "key").read_bytes().replace(b"\n", b"\r\n"))
    assert load_identity(tmp_path / "mailed", never) == me


def test_a_file_that_would_take_gigabytes_to_unlock_is_not_tried(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"age-encryption.org/v1\n-> scrypt bBCp7E5yKtoSz5AQWc6jTA 21\nabc\n--- abc\n")
    assert refused(tmp_path / "key", never) == "vault/work-factor"


def test_without_the_memory_to_unlock_it_the_process_says_so_and_is_not_aborted(me: Identity, tmp_path: Path) -> None:
    save_identity(tmp_path / "key", me, WORDS)
    code = (
        "import resource, sys; from pathlib import Path; from shelterctl import errors\n"
        "from shelterctl.identity.key_file import load_identity\n"
        "resource.setrlimit(resource.RLIMIT_AS, (200 << 20, 200 << 20))\n"
        "try: load_identity(Path(sys.argv[1]), lambda: sys.argv[2])\n"
        "except errors.CannotOpen as trouble: print(trouble.code)"
    )
    assert python(code, tmp_path / "key", WORDS) == b"vault/no-memory\n"


def test_the_paper_is_one_line_that_opens_and_signs_and_writes_in_no_journal(tmp_path: Path) -> None:
    paper = create_recovery_key()
    assert len(paper.key.split()) == 1
    for between in ("", " ", "\n"):
        (tmp_path / "typed").write_text(f"\n  {paper.key[:40].lower()}{between}{paper.key[40:]}  \n\n")
        key = load_identity(tmp_path / "typed", never)
        assert (key, key.device) == (paper, None)
    assert key.open(pyrage.encrypt(b"her file", [pyrage.x25519.Recipient.from_str(paper.recipient)])) == b"her file"
    assert is_valid_signature(paper.signing_public, key.sign(b"statement"), b"statement")


def test_the_key_that_the_paper_signs_with_comes_out_of_its_line_and_stays_the_same_for_ever() -> None:
    line = "AGE-SECRET-KEY-1GQ9778VQXMMJVE8SK7J6VT8UJ4HDQAJUVSFCWCM02D8GEWQ72PVQ2Y5J33"
    in_fours = " ".join(line[at : at + 4] for at in range(0, len(line), 4))
    for typed in (line, line.lower(), f" {line}\n", in_fours):
        assert parse_recovery_key(typed).signing_public == "s8e0wBa8nQfE1UtYD4+glv9nraygXJQPml69T9g7pyg="
    for wrong in (line[:-1], line[:-1] + "Q", "", "AGE-SECRET-KEY-1", "age1" + "q" * 58):
        with pytest.raises(ValueError) as refused:  # noqa: PT011 - a message would carry the key
            parse_recovery_key(wrong)
        assert str(refused.value) == ""
        assert refused.value.__cause__ is None


def test_a_key_of_nobody_opens_and_signs_nothing(me: Identity) -> None:
    nobody = create_unrelated_identity()
    with pytest.raises(errors.CannotOpen):
        nobody.open(me.seal(b"her file"))
    with pytest.raises(errors.CannotOpen) as trouble:
        nobody.sign(b"line")
    assert trouble.value.code == "vault/read-only-key"


def python(code: str, *words: object) -> bytes:
    path = str(Path(shelterctl.__file__).parents[1])
    command = [sys.executable, "-c", code, *map(str, words)]
    return subprocess.check_output(command, env={**os.environ, "PYTHONPATH": path})


def typed(command: list[str], passphrase: str) -> None:
    """Run *command* on a terminal of its own and type the passphrase wherever it is asked for."""
    child, terminal = pty.fork()
    if child == 0:
        os.execvp(command[0], command)  # noqa: S606
    try:
        while said := os.read(terminal, 1024):
            if said.rstrip().endswith(b":"):
                os.write(terminal, passphrase.encode() + b"\n")
    except OSError:
        pass  # how Linux says that nobody is at the other end any more
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@pytest.mark.program("age")
def test_stock_age_opens_a_protected_identity_and_then_a_record(me: Identity, tmp_path: Path) -> None:
    save_identity(tmp_path / "key", me, WORDS)
    typed(["age", "-d", "-o", str(tmp_path / "clear"), str(tmp_path / "key")], WORDS)
    assert (tmp_path / "clear").read_bytes() == pyrage.passphrase.decrypt((tmp_path / "key").read_bytes(), WORDS)
    assert load_identity(tmp_path / "clear", never) == me
    (tmp_path / "record").write_bytes(pyrage.encrypt(b"her file", [pyrage.x25519.Recipient.from_str(me.recipient)]))
    sealed_key = ["age", "-d", "-i", str(tmp_path / "key"), "-o", str(tmp_path / "out"), str(tmp_path / "record")]
    typed(sealed_key, WORDS)
    assert (tmp_path / "out").read_bytes() == b"her file"


@pytest.mark.program("age")
def test_an_identity_that_stock_age_sealed_is_loaded(me: Identity, tmp_path: Path) -> None:
    save_identity(tmp_path / "clear", me, None)
    typed(["age", "-p", "-o", str(tmp_path / "key"), str(tmp_path / "clear")], WORDS)
    assert load_identity(tmp_path / "key", lambda: WORDS) == me


def test_a_process_that_holds_records_leaves_no_core_and_no_file_for_others(tmp_path: Path) -> None:
    code = (
        "import ctypes, os, resource, sys; from shelterctl.platform.process import harden_process\n"
        "harden_process(); open(sys.argv[1], 'w').close()\n"
        "print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3) if sys.platform == 'linux' else 0)"
    )
    assert python(code, tmp_path / "made") == b"(0, 0) 0\n"
    assert stat.S_IMODE((tmp_path / "made").stat().st_mode) == 0o600
