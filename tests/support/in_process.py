"""A command carried out in a process that carries out others too, on any system."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from shelterctl import __main__
from shelterctl.identity.key_file import change_passphrase, save_identity
from tests.support.passphrases import QUICK

KEPT = ("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "USERPROFILE", "LOCALAPPDATA", "APPDATA", "TEMP")
"""What Windows itself cannot do without."""


def make_passphrases_cheap() -> None:
    """What makes guessing slow makes nobody wait."""
    for act in (save_identity, change_passphrase):
        act.__kwdefaults__ = {**(act.__kwdefaults__ or {}), "work_factor": QUICK}


def run_here(words: Sequence[str], cwd: Path, env: Mapping[str, str]) -> int:
    """The command, its streams as they are numbered; its exit code."""
    encoding = env.get("PYTHONIOENCODING", "utf-8")
    sys.stdin, sys.stdout, sys.stderr = (
        os.fdopen(n, mode, encoding=encoding, closefd=False) for n, mode in enumerate("rww")
    )
    os.chdir(cwd)
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    os.environ.clear()
    os.environ.update({**kept, **env})
    sys.argv = ["shelterctl", *words]
    try:
        __main__.main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    finally:
        for stream in (sys.stdout, sys.stderr):
            if not stream.closed:
                stream.flush()
    return 0
