"""Names and paths: what Windows keeps for itself, what is too long for it, and homes with letters of any alphabet."""

import pytest

from tests.support.desk import Desk
from tests.support.paths import ACCEPTED


@pytest.mark.parametrize("name", ["CON", "NUL", "aux.txt", "lpt1.txt", "a:b.txt", "ends..txt.", "what?.txt"])
def test_a_name_of_a_device_is_refused_before_anything_is_lost(name: str, admitted: Desk) -> None:
    before = admitted.digest_of_store()
    told = admitted.ask(f"form resident-rights {admitted.her} --as txt --out '{name}'")
    assert told.code in (2, 8), told.out
    assert told.error in ("usage/device-name", "usage/out", "disk/io"), told.out
    assert admitted.digest_of_store() == before
    for words in (f"init '{name}' --shelter osh --no-passphrase --recovery r", f"backup '{name}'"):
        answer = admitted.ask(words, today=None, env={"SHELTERCTL_IDENTITY": str(admitted.key)})
        assert answer.code in (1, 2, 3, 7, 8), answer.out
        assert "device" in answer.out or answer.code != 0
    key = admitted.ask(f"init new --shelter osh --no-passphrase --recovery '{name}'", today=None)
    assert key.code != 0


def test_a_path_of_300_characters_is_refused_and_says_what_to_do(admitted: Desk) -> None:
    deep = admitted.folder
    for _ in range(4):
        deep /= "d" * 75
    told = admitted.ask(f"init {deep} --shelter osh --no-passphrase --recovery r", today=None)
    assert (told.code, told.error) == (2, "usage/long-path")
    deep.mkdir(parents=True)
    printed = admitted.ask(f"form resident-rights {admitted.her} --out {deep}/blue.txt")
    assert (printed.code, printed.error) == (2, "usage/long-path")


def test_a_home_with_cyrillic_letters_and_spaces(desk: Desk) -> None:
    home = desk.folder / "Приют Ө ү ң"
    home.mkdir()
    env = {"SHELTERCTL_IDENTITY": str(home / "мой ключ"), "SHELTERCTL_STORE": str(home / "дом № 1")}
    env["LOCALAPPDATA"] = str(home / "App Data")
    desk.do("init 'дом № 1' --shelter osh --no-passphrase --recovery лист", env=env, today=None, cwd=home)
    her = desk.do("admit", ACCEPTED / "referral.yaml", env=env).data["id"]
    desk.do(f"form resident-rights {her} --out 'лист.pdf'", env=env, cwd=home)
    assert (home / "лист.pdf").read_bytes().startswith(b"%PDF")
    (home / "копии").mkdir()
    desk.do("backup копии", env=env, today=None, cwd=home)
    assert "Nothing in the store is damaged." in desk.do("check", env=env, today=None).data["said"]


def test_a_share_of_the_network_that_is_not_there_is_said(desk: Desk) -> None:
    told = desk.ask("list", env={"SHELTERCTL_STORE": r"\\nowhere\share\house"}, today=None)
    assert told.code in (3, 8)
    assert "Traceback" not in told.out + told.err
