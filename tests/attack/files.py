"""What can be done to files, and to all of them, by whoever can write to the folder, and holds no key."""

import base64
import os
import re
import shutil
from pathlib import Path

from attack.journals import own_journal
from attack.lab import Lab
from attack.the_list import own_device_by_himself

OBEYED = "x\x1b[2Jy\x1b]0;z\x07\x9b1m\u202eq\u2066"
"""What clears the screen, gives the window a title, and turns the direction of writing."""


def record_forged(lab: Lab) -> None:
    lab.record.write_bytes(lab.sealed(lab.forged()))


def record_new(lab: Lab) -> None:
    data = lab.opened().replace(lab.her.encode(), b"7QF2-M9KD")
    (lab.house / "residents/7QF2-M9KD.yaml.age").write_bytes(lab.sealed(data))


def record_old(lab: Lab) -> None:
    _back(lab, lab.record)


def records_swapped(lab: Lab) -> None:
    other = lab.record.with_name(f"{lab.other}.yaml.age")
    mine, theirs = lab.record.read_bytes(), other.read_bytes()
    lab.record.write_bytes(theirs)
    other.write_bytes(mine)


def record_and_tail_put_back(lab: Lab) -> None:
    """Her record, and the journal, as they were; the client who came later stays."""
    _back(lab, lab.record)
    _back(lab, lab.journal())
    (lab.house / f"residents/{lab.later}.yaml.age").unlink()


def with_another_reader(lab: Lab) -> None:
    """Her record sealed to his key as well as to ours."""
    lab.record.write_bytes(lab.sealed(lab.opened(), *lab.chain.recipients, lab.mallory.recipient))


def deleted(lab: Lab) -> None:
    lab.place.unlink()


def one_bit(lab: Lab) -> None:
    data = bytearray(lab.place.read_bytes())
    data[len(data) // 2] ^= 1
    lab.place.write_bytes(data)


def renamed_in_shelter(lab: Lab) -> None:
    """shelter.yaml says that the store is another one, of which this computer remembers nothing."""
    path = lab.house / "shelter.yaml"
    path.write_text(re.sub(r"store: \S+", "store: S000000000000", path.read_text()))


def places_in_shelter(lab: Lab) -> None:
    path = lab.house / "shelter.yaml"
    path.write_text(re.sub(r"capacity: \d+", "capacity: 80", path.read_text()))


def stray_files(lab: Lab) -> None:
    (lab.house / "residents/readme.txt").write_text("x")
    (lab.house / "run.sh").write_text("x")


def folder_named_as_a_leaving(lab: Lab) -> None:
    lab.record.with_name(f".{lab.record.name}.{'0' * 16}.tmp").mkdir()


def pipe_named_as_an_announcement(lab: Lab) -> None:
    os.mkfifo(lab.journal().with_name(f".{lab.key.device}.act"))


def _back(lab: Lab, path: Path) -> None:
    shutil.copy(lab.old / path.relative_to(lab.house), path)


def all_put_back(lab: Lab) -> None:
    shutil.rmtree(lab.house)
    shutil.copytree(lab.old, lab.house)


def all_put_back_and_own_journal(lab: Lab) -> None:
    all_put_back(lab)
    own_journal(lab)


def all_put_back_and_renamed(lab: Lab) -> None:
    all_put_back(lab)
    renamed_in_shelter(lab)


def all_put_back_own_device_and_renamed(lab: Lab) -> None:
    all_put_back_and_renamed(lab)
    own_journal(lab)
    own_device_by_himself(lab)


def huge(lab: Lab) -> None:
    os.truncate(lab.place, 20 << 30)


def pipe(lab: Lab) -> None:
    lab.place.unlink(missing_ok=True)
    os.mkfifo(lab.place)


def link(lab: Lab) -> None:
    """A link to a file that says just the same, but lies where he can change it at any moment."""
    away = lab.folder / "away"
    if lab.place.exists():
        lab.place.rename(away)
    else:
        away.write_bytes(b"")
    lab.place.symlink_to(away)


def folder(lab: Lab) -> None:
    lab.place.unlink(missing_ok=True)
    lab.place.mkdir()


def stanzas(lab: Lab) -> None:
    """A header of ten thousand keys."""
    lab.place.write_bytes(b"age-encryption.org/v1\n" + _stanzas(10_000) + b"--- " + b"A" * 43 + b"\n" + b"\0" * 64)


def some_stanzas(lab: Lab) -> None:
    """A header of five hundred keys: some seconds of work, if anybody tries them."""
    lab.place.write_bytes(b"age-encryption.org/v1\n" + _stanzas(500) + b"--- " + b"A" * 43 + b"\n" + b"\0" * 64)


def header_without_end(lab: Lab) -> None:
    lab.place.write_bytes(b"age-encryption.org/v1\n-> X25519 " + b"A" * (1 << 20))


def many_files(lab: Lab) -> None:
    for number in range(200_000):
        os.close(os.open(lab.house / "residents" / f"{number}", os.O_CREAT | os.O_WRONLY))


def _stanzas(count: int) -> bytes:
    drawn = (base64.b64encode(os.urandom(32)).rstrip(b"=") for _ in range(2 * count))
    return b"".join(b"-> X25519 %s\n%s\n" % pair for pair in zip(drawn, drawn, strict=True))


def names_that_a_terminal_obeys(lab: Lab) -> None:
    """Files whose names clear the screen and turn what stands behind them round."""
    for place in (lab.house, lab.house / "residents", lab.house / "journal"):
        for ending in ("", ".yaml", ".yaml.age", ".jsonl"):
            (place / f"{OBEYED}{ending}").write_bytes(b"x")
