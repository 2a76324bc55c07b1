"""Somebody may read no longer: every file is sealed anew to just those who may, whatever happens meanwhile."""

import hashlib
from pathlib import Path

import pytest
from conftest import Desk
from gate import REFERRAL

from shelterctl import identity
from shelterctl.act.rekey import rekey, waiting
from shelterctl.desk import Desk as Seat
from shelterctl.errors import CannotOpen
from shelterctl.store import Store
from shelterctl.trust.root import shut_out
from shelterctl.vault.header import header_of

JOIN = "trust --join --recovery paper --no-passphrase --identity other --staff s-aida"
SESSION = {"approach": "individual", "at": "2026-11-24T10:00+06:00", "by": "s-aida", "kind": "crisis"}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A store with two clients and something sealed in a file, which a second computer joined."""
    desk = Desk(tmp_path / "desk")
    desk.folder.mkdir()
    desk.do("init house --shelter bishkek --no-passphrase --recovery paper", today=None)
    desk.do("ngo add sezim --memorandum 2026-01-15 --contract 2026-01-20")
    desk.do("staff add s-aida --role psychologist")
    desk.her = desk.do("admit", REFERRAL).data["id"]
    desk.do("admit --new-person", REFERRAL)
    desk.do(f"admit {desk.her} --complete --on 2026-11-22")
    desk.do(f"add {desk.her} session", SESSION)
    desk.do(JOIN)
    desk.do("trust --accept")
    return desk


def seat(desk: Desk) -> Seat:
    return Seat({"shelterctl.store": str(desk.store), "shelterctl.identity": str(desk.key)})


def ended(desk: Desk) -> Seat:
    """The second computer is shut out, and nothing was sealed anew yet."""
    here = seat(desk)
    store = here.store
    chain = store.vault.journal.chain
    other = next(code for code in chain.devices if code != store.identity.device)
    lines = store.vault.journal.whole_lines(other)[1]
    end = (lines.count(b"\n"), hashlib.sha256(lines).hexdigest())
    store.vault.extend(shut_out(chain, other, end, "lost", here.signs, here.at, store.identity))
    return here


def sealed_files(store: Store) -> list[str]:
    return sorted(name for name in store.vault.journal.files() if name.endswith(".age"))


def test_whoever_was_shut_out_opens_nothing_any_more(desk: Desk) -> None:
    out = identity.load(desk.folder / "other", None)
    here = ended(desk)
    names = sealed_files(here.store)
    assert waiting(here.store) == names
    assert rekey(here) == (len(names), {})
    assert waiting(here.store) == []
    assert waiting(seat(desk).store) == []
    for name in names:
        data = (desk.store / name).read_bytes()
        assert header_of(data, name).keys == 2
        with pytest.raises(CannotOpen):
            out.open(data)
    desk.do("check")
