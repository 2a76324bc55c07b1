"""What can be done to journals by whoever can write to the folder, and holds no key."""

import hashlib
import json
import re
import shutil
from collections.abc import Callable

from attack.lab import ELSEWHERE, Lab, Misled
from attack.the_list import own_line
from shelterctl import limits
from shelterctl.identity.keys import Identity


def own_journal(lab: Lab) -> None:
    own_line(lab, f"residents/{lab.her}.yaml.age", lab.record.read_bytes())


def own_journal_and_record(lab: Lab) -> None:
    own_line(lab, f"residents/{lab.her}.yaml.age", lab.sealed(lab.forged()))


def own_line_in_our_journal(lab: Lab) -> None:
    me = Identity(lab.mallory.key, lab.mallory.seed, lab.key.device)
    lab.save(me, f"residents/{lab.her}.yaml.age", lab.sealed(lab.forged()))


def line_edited(lab: Lab) -> None:
    _in_journal(lab, lambda lines: [*lines[:2], lines[2].replace(b'"by":"', b'"by":"x'), *lines[3:]])


def last_line_edited(lab: Lab) -> None:
    """The last line names a record of his."""
    data = lab.sealed(lab.opened(lab.house / f"residents/{lab.later}.yaml.age").replace(b"a third", b"nobody "))
    name, now = json.loads(lab.journal().read_bytes().splitlines()[-1])["file"], hashlib.sha256(data).hexdigest()
    (lab.house / name).write_bytes(data)
    _in_journal(lab, lambda lines: [*lines[:-1], re.sub(rb'"now":"\w+"', b'"now":"%s"' % now.encode(), lines[-1])])


def last_signature_respelt(lab: Lab) -> None:
    respell = lambda found: chr(found[1][0] + 1).encode() + b'=="}'  # noqa: E731
    _in_journal(lab, lambda lines: [*lines[:-1], re.sub(rb'([AQgw])=="\}', respell, lines[-1])])


def line_taken_out(lab: Lab) -> None:
    """The one by which her record came, and which a later one goes on from."""
    about = lab.record.relative_to(lab.house).as_posix().encode()
    came = next(number for number, line in enumerate(_lines(lab)) if about in line)
    _in_journal(lab, lambda lines: [*lines[:came], *lines[came + 1 :]])


def first_line_taken_out(lab: Lab) -> None:
    _in_journal(lab, lambda lines: lines[1:])


def journal_cut(lab: Lab) -> None:
    _in_journal(lab, lambda lines: lines[:-1])


def journal_emptied(lab: Lab) -> None:
    _in_journal(lab, lambda lines: [])


def journal_deleted(lab: Lab) -> None:
    lab.journal().unlink()


def journals_deleted(lab: Lab) -> None:
    shutil.rmtree(lab.house / "journal")


def second_journal_deleted(lab: Lab) -> None:
    """The journal of the other device, and the file that it speaks of last as it was before."""
    lab.journal(lab.second).unlink()


def second_journal_put_back(lab: Lab) -> None:
    name = lab.journal(lab.second).relative_to(lab.house)
    shutil.copy(lab.old / name, lab.house / name)
    other = f"residents/{lab.other}.yaml.age"
    shutil.copy(lab.old / other, lab.house / other)


def journal_under_another_name(lab: Lab) -> None:
    lab.journal().rename(lab.journal(lab.mallory))


def journal_of_our_other_store(lab: Lab) -> None:
    """The journal that the same device wrote in another store, and the file that it speaks of."""
    lab.desk().do("init elsewhere --shelter osh --no-passphrase --recovery elsewhere-paper", today=None)
    elsewhere = lab.folder / "elsewhere"
    for name in ("shelter.yaml", "staff.yaml", f"journal/{lab.key.device}.jsonl"):
        shutil.copy(elsewhere / name, lab.house / name)


def line_of_our_other_store(lab: Lab) -> None:
    """A line that the same device signed in another store, and that fits behind the last one here."""
    elsewhere = Misled(lab.key, b"shelterctl journal/2 %s\n" % ELSEWHERE.encode())
    lab.save(elsewhere, f"residents/{lab.her}.yaml.age", (lab.old / lab.record.relative_to(lab.house)).read_bytes())


def ends_of_lines_behind_our_journal(lab: Lab) -> None:
    _filled(lab, b"\n")


def last_line_over_and_over(lab: Lab) -> None:
    _filled(lab, _lines(lab)[-1] + b"\n")


def _filled(lab: Lab, rubbish: bytes) -> None:
    room = limits.JOURNAL_BYTES - lab.journal().stat().st_size
    with lab.journal().open("ab") as file:
        file.write(rubbish * (room // len(rubbish)))


def _lines(lab: Lab) -> list[bytes]:
    return lab.journal().read_bytes().splitlines()


def _in_journal(lab: Lab, change: Callable[[list[bytes]], list[bytes]]) -> None:
    path = lab.journal()
    path.write_bytes(b"".join(line + b"\n" for line in change(path.read_bytes().splitlines())))
