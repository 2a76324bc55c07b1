"""A list of devices that parted, or that this computer has forgotten: who is told what, and how it is one again."""

import shutil
from typing import TYPE_CHECKING

import pytest

from shelterctl.identity.keys import create_recovery_key
from shelterctl.trust.chain import replace_paper_in_chain
from shelterctl.trust.chain_state import join_lists
from tests.support.desk import Desk
from tests.support.stores import PARTED_AT, House, backed_up, parted
from tests.support.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path


SETTLE = "repair --trust --recovery paper"


@pytest.fixture
def house(admitted: Desk, _empty: Desk) -> House:
    sheet = _empty.folder.parent / "recovery"
    (admitted.folder / "paper").write_text(sheet.read_text().splitlines()[-1] + "\n")
    return parted(admitted)


def test_whichever_list_lies_there_whoever_remembers_another_is_told_who_did_what(house: House) -> None:
    one, two = house.list("house"), house.list("other")
    for lines, told in ((one, ["two"]), (two, ["key"]), (join_lists([one, two]), ["key", "two", "three"])):
        house.lies(lines)
        for who in told:
            answer = house.desk(who).refused("list")
            assert (answer.code, answer.error) == (7, "trust/forked")
            message = answer.page["error"]["message"]
            assert f"By {house.code('key')}, from 2026-11-26: shut out {house.code('two')}, admitted nobody." in message
            assert f"By {house.code('two')}, from 2026-11-26: shut out {house.code('key')}, admitted nobody." in message


@pytest.mark.parametrize("keep", [["key"], ["two"], ["key", "two"], []], ids=" ".join)
@pytest.mark.parametrize("lies", ["house", "other", "both"])
def test_the_paper_says_who_stays_and_every_computer_in_force_works_again(
    house: House, keep: list[str], lies: str
) -> None:
    one, two = house.list("house"), house.list("other")
    house.lies({"house": one, "other": two, "both": join_lists([one, two])}[lies])
    named = " ".join(f"--keep {house.code(who)}" for who in keep) or "--keep none"
    who = {"house": "two", "other": "key", "both": "three"}[lies]
    data = house.desk(who).do(f"{SETTLE} {named}").data["repaired"]
    out = sorted(house.code(each) for each in ("key", "two") if each not in keep)
    assert (data["kept"], data["ended"], data["undone"]) == (sorted(house.code(each) for each in keep), out, [])
    assert data["statements"] == 6
    for each in ("key", "two", "three"):
        desk = house.desk(each)
        if each in keep or each == "three":
            if each != who:
                assert desk.ask("trust --accept").code == 0
            desk.do(f"admit {house.her}", {"notes": f"by {each}"})
            assert desk.do("list").codes() == []
        else:
            answer = desk.ask("house --others 1")
            assert (answer.code, answer.error) == (5, "trust/shut-out")
    assert house.desk("key").ask("check --recovery paper").code == 0


def kept(house: House, *who: str) -> str:
    """The words that let these of the two stay."""
    return " ".join([SETTLE, *(f"--keep {house.code(each)}" for each in who)])


def remembered(house: House, who: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (house.folder / f"{who}.heads").iterdir()}


# What is typed.


def test_without_a_terminal_it_is_said_who_stays_and_of_those_in_dispute_alone(house: House) -> None:
    two = house.desk("two")
    answer = two.refused(SETTLE)
    assert (answer.code, answer.error) == (2, "repair/keep")
    assert all(house.code(who) in answer.page["error"]["message"] for who in ("key", "two"))
    answer = two.refused(f"{SETTLE} --keep {house.code('three')} --keep айгуль")
    assert (answer.code, answer.error) == (2, "repair/not-disputed")
    assert f": …, {house.code('three')}." in answer.page["error"]["message"] or (
        f": {house.code('three')}, …." in answer.page["error"]["message"]
    )
    (house.folder / "wrong").write_text(f"{create_recovery_key().key}\n")
    answer = two.refused(f"repair --trust --recovery wrong --keep {house.code('two')}")
    assert (answer.code, answer.error) == (5, "check/another-key")
    answer = two.refused(f"repair --recovery paper --keep {house.code('two')}")
    assert (answer.code, answer.error) == (2, "repair/what")


def test_a_computer_that_settles_its_own_end_is_told_what_the_others_do(house: House) -> None:
    said = house.desk("two").do(kept(house, "key")).data["said"]
    assert any(sentence.startswith("This computer is shut out. Next, on each computer that stays") for sentence in said)


def test_a_list_that_did_not_part_is_not_settled_and_a_copy_with_another_one_is_named(house: House) -> None:
    key = house.desk("key")
    answer = key.refused(kept(house, "key"))
    assert (answer.code, answer.error) == (3, "repair/not-parted")
    (house.folder / "empty").mkdir()
    assert key.refused(f"{kept(house, 'key')} --from empty").error == "repair/no-backup"
    data = key.do(f"{kept(house, 'key')} --from other").data["repaired"]
    assert data == {"statements": 6, "kept": [house.code("key")], "ended": [house.code("two")], "undone": []}
    key.do("house --others 1")


def test_an_older_list_that_was_put_back_is_not_settled(house: House) -> None:
    mine = house.list("house")
    house.lies(b"".join(mine.splitlines(keepends=True)[:-1]))
    answer = house.desk("key").refused(kept(house, "key"))
    assert (answer.code, answer.error) == (6, "trust/older-list")
    # Nor is one from which the paper's last word was cut off.
    house.lies(join_lists([mine, house.list("other")]))
    house.desk("three").do(kept(house, "key"))
    house.lies(b"".join(house.list("house").splitlines(keepends=True)[:-1]))
    for words in ("list", kept(house, "two")):
        answer = house.desk("three").refused(words)
        assert (answer.code, answer.error) == (6, "trust/older-list")
    assert house.desk("three").do("repair --trust").data["repaired"] == {"statements": 6}


def test_whoever_gives_the_same_words_again_changes_nothing_and_accepts_nothing(house: House) -> None:
    two, before = house.desk("two"), remembered(house, "two")
    two.do(kept(house, "two"))
    whole = house.list("house")
    for name, data in before.items():
        (house.folder / "two.heads" / name).write_bytes(data)
    assert two.ask("house --others 1").error == "trust/new-device"
    assert two.do(kept(house, "two")).data["repaired"]["statements"] == 6
    assert house.list("house") == whole
    assert two.ask("house --others 1").error == "trust/new-device"
    two.do("trust --accept")
    two.do("house --others 1")


def test_where_a_list_replaced_the_paper_both_papers_sign_and_the_first_is_the_paper(house: House) -> None:
    paper = create_recovery_key()
    (house.folder / "newer").write_text(f"{paper.key}\n")
    chain = replace_paper_in_chain(house.chain("other"), paper, "s-aida", PARTED_AT, house.identity("two"))
    house.lies(chain.lines, "other")
    house.lies(chain.lines)
    key = house.desk("key")
    for words in (kept(house, "key"), f"repair --trust --recovery newer --keep {house.code('key')}"):
        answer = key.refused(words)
        assert (answer.code, answer.error) == (5, "repair/both-papers")
    said = key.do(f"{kept(house, 'key')} --recovery newer").data["said"]
    assert any("only the one named first is valid" in sentence for sentence in said)
    assert key.do("check --recovery paper").data["opened"]
    assert key.refused("check --recovery newer").error == "trust/paper-replaced"


def test_a_computer_that_the_loser_admitted_is_out_and_that_is_said(house: House) -> None:
    other = house.desk("two", "other")
    other.do("trust --join --recovery paper --no-passphrase --identity four --staff s-aida")
    house.lies(house.list("other"))
    done = house.desk("key").do(kept(house, "key"))
    assert done.data["repaired"]["undone"] == [house.code("four")]
    assert any(f"therefore out too: {house.code('four')}" in sentence for sentence in done.data["said"])
    rows = {row["device"]: row["state"] for row in house.desk("key").do("trust").data["rows"]}
    states = {"key": "here", "two": "ended", "three": "in_force", "four": "ended"}
    assert rows == {house.code(who): state for who, state in states.items()}
    listed = {row["device"]: row["why"] for row in house.desk("key").do("device list").data["rows"]}
    assert (listed[house.code("four")], listed[house.code("two")]) == ("undone", "left")


def test_where_nobody_stays_the_paper_admits_a_computer_anew(house: House) -> None:
    two = house.desk("two")
    house.ends("paper", "three", "other")
    house.lies(house.list("other"))
    done = house.desk("key").do(f"{SETTLE} --keep none")
    assert done.data["repaired"]["kept"] == []
    assert any("trust --join --recovery FILE" in sentence for sentence in done.data["said"])
    assert two.ask("house --others 1").error == "trust/shut-out"
    two.do("trust --join --recovery paper --no-passphrase --identity five --staff s-aida")
    house.desk("five").do(f"admit {house.her}", {"notes": "by the fifth"})


# The paper as one of the two.


def test_whom_the_paper_shut_out_is_not_asked_about(house: House) -> None:
    """The paper ended ``two`` where ``two`` ended ``key``: its word stands, and that of ``two`` is settled."""
    shutil.rmtree(house.folder / "house")
    shutil.copytree(house.folder / "other", house.folder / "house")
    house.lies(b"".join(house.list("other").splitlines(keepends=True)[:-1]))
    house.ends("paper", "two", "house")
    key = house.desk("three")
    assert key.ask("house --others 1").error == "trust/new-device"
    key.do("trust --accept")
    answer = key.refused(f"{kept(house, 'two')} --from other")
    assert (answer.code, answer.error) == (2, "repair/not-disputed")
    house.lies(house.list("other"))
    message = key.refused("list").page["error"]["message"]
    assert f"By the recovery paper, from 2026-11-26: shut out {house.code('two')}" in message
    done = key.do(kept(house, "key")).data["repaired"]
    assert (done["kept"], done["ended"]) == ([house.code("key")], [])
    rows = {row["device"]: row["state"] for row in key.do("trust").data["rows"]}
    assert rows[house.code("two")] == "ended"


def test_a_found_paper_shuts_the_house_out_and_its_own_backup_goes_on(house: House) -> None:
    """Whoever found the paper ends every computer: the house restores, and makes another paper before anything else."""
    key = house.desk("key")
    (house.folder / "usb").mkdir()
    key.do("backup usb", today=None)
    for who in ("key", "three"):
        house.ends("paper", who, "house")
    stolen = house.list("house")
    assert key.ask("house --others 1").error == "trust/shut-out"
    key.do("restore usb --store again", today=None)
    again = house.desk("key", "again")
    again.do(f"admit {house.her}", {"notes": "after the theft"})
    again.do("recovery renew --recovery newer")
    # The thief's list, put there once more, is told with what it did; with the old paper alone nothing is settled.
    own = house.list("again")
    house.lies(stolen, "again")
    answer = again.refused("list")
    assert (answer.code, answer.error) == (7, "trust/forked")
    assert f"By the recovery paper, from 2026-11-26: shut out {house.code('key')}" in answer.page["error"]["message"]
    assert again.refused(f"{SETTLE} --keep none").error == "repair/both-papers"
    assert again.refused("repair --trust").error == "trust/forked"
    seen = Terminal(again).run("repair --trust", ["no"])
    assert seen.code == 7, seen.text
    seen = Terminal(again).run("repair --trust", ["yes"])
    assert seen.code == 0, seen.text
    assert house.list("again") == own
    again.do("house --others 1")


# At a terminal.


def test_at_a_terminal_it_is_shown_who_did_what_asked_who_stays_and_then_signed(house: House) -> None:
    two, before = house.desk("two"), house.list("house")
    seen = Terminal(two, language="ru").run(SETTLE, ["да", "нет", "нет"])
    assert seen.code == 0, seen.text
    text = " ".join(seen.text.split())
    assert "Список доступа разошёлся: его вели отдельно на разных компьютерах. Вариантов: 2." in text
    for who, staff, whom, other in (("key", "manager", "two", "s-aida"), ("two", "s-aida", "key", "manager")):
        assert f"Кто вёл: {house.code(who)} ({staff}). С какого дня: 26.11.2026." in text
        assert f"26.11.2026 10:00: отключён компьютер {house.code(whom)} (сотрудник: {other})." in text
        session = " Вы сейчас за ним." if whom == "two" else ""
        assert f"Остаётся ли компьютер {house.code(whom)} (сотрудник: {other})?{session}" in text
    assert "Тогда оставьте один, а другой подключите потом заново." in text
    stays, out = sorted(house.code(who) for who in ("key", "two"))
    assert f"Остаются: {stays}. Отключаются: {out}. Подписать это бумагой восстановления?" in text
    assert "Ничего не подписано и не изменено." in text
    assert house.list("house") == before
    seen = Terminal(two, language="ru").run(SETTLE, ["да", "да", "да"])
    assert seen.code == 0, seen.text
    assert f"Компьютеры, которые остаются: {stays}, {out}. Отключены: никто." in " ".join(seen.text.split())
    told = house.desk("three").run("trust --lang ru").out
    assert f"Из спорных компьютеров остаются: {stays}, {out} (s-aida, 26.11.2026)" not in told
    assert "Новое в списке доступа: он разделился, и бумага восстановления снова его соединила." in " ".join(
        told.split()
    )


def test_whoever_named_who_stays_is_asked_once_more_at_a_terminal_and_nobody_elsewhere(house: House) -> None:
    before = house.list("house")
    seen = Terminal(house.desk("two")).run(kept(house, "two"), ["no"])
    assert seen.code == 0, seen.text
    assert "Nothing was signed or changed." in seen.text
    assert house.list("house") == before


# What lies beside the list.


def test_what_both_wrote_counts_where_both_stay_and_is_sealed_anew_for_both(house: House) -> None:
    house.desk("key").do("ngo add one --memorandum 2026-01-15")
    other = house.desk("two", "other")
    hers = other.do("admit --new-person --without-stay", {"notes": "by two", "identity": {"sex": "male"}}).data["id"]
    # The two folders are brought together by whatever carries files between the computers.
    shutil.copy(house.folder / f"other/journal/{house.code('two')}.jsonl", house.folder / "house/journal")
    shutil.copy(house.folder / f"other/residents/{hers}.yaml.age", house.folder / "house/residents")
    house.desk("two").do(kept(house, "key", "two"))
    house.desk("key").do("trust --accept")
    for who in ("key", "two"):
        house.desk(who).ask("rekey")
    for who in ("key", "two"):
        assert house.desk(who).do(f"show {hers}").data["record"]["id"] == hers
        assert "one" in [row["ngo"] for row in house.desk(who).do("ngo list").data["rows"]]
        assert house.desk(who).do("check").codes("warn") == []
    assert house.desk("two").do("check --recovery paper").data["opened"]


def test_a_backup_of_either_list_is_restored_with_the_list_as_it_was_settled(house: House) -> None:
    (house.folder / "usb").mkdir()
    for who, copy in (("key", "house"), ("two", "other")):
        house.desk(who, copy).do("backup usb", today=None)
        for path in (house.folder / "usb").glob("shelterctl-*"):
            path.rename(house.folder / f"of-{who}-{path.name}")
    house.desk("two").do(kept(house, "key", "two"))
    house.desk("key").do("trust --accept")
    house.desk("key").do("backup usb", today=None)
    whole = house.list("house")
    for number, path in enumerate(house.folder.glob("of-*")):
        path.rename(house.folder / "usb" / path.name[7:].replace("2026", f"202{number}"))
    chosen = house.desk("key").do("restore usb --store newest", today=None).data
    assert chosen["lacking"] is None
    assert house.list("newest") == whole
    for number, path in enumerate(sorted((house.folder / "usb").iterdir())):
        house.desk("key").do(f"restore usb/{path.name} --store again{number}", today=None)
        assert house.list(f"again{number}") == whole


def test_a_backup_does_not_doubt_a_list_that_was_settled(house: House) -> None:
    """Whoever remembers one of the two lists, and has not looked at the settled one, makes a backup."""
    house.lies(join_lists([house.list("other"), house.list("house")]))
    house.desk("three").do(kept(house, "key", "two"))
    (house.folder / "usb").mkdir()
    for who in ("key", "two", "three"):
        answer = house.desk(who).ask("backup usb", today=None)
        assert answer.code == 0, answer.out
        shutil.rmtree(house.folder / "usb")
        (house.folder / "usb").mkdir()


def test_what_the_loser_wrote_behind_its_end_counts_for_nothing_and_is_told_by_name(house: House) -> None:
    other = house.desk("two", "other")
    other.do(f"admit {house.her}", {"identification_number": "KG-2026-999"})
    hers = other.do("admit --new-person --without-stay", {"notes": "by two", "identity": {"sex": "male"}}).data["id"]
    mine = house.desk("key").do(f"admit {house.her}", {"notes": "by the first"})
    assert mine.code == 0
    shutil.copy(house.folder / f"other/journal/{house.code('two')}.jsonl", house.folder / "house/journal")
    house.lies(join_lists([house.list("house"), house.list("other")]))
    key = house.desk("key")
    key.do(kept(house, "key"))
    shown = key.ask(f"show {house.her}")
    assert shown.code == 0, shown.out
    assert "KG-2026-999" not in shown.out
    assert key.ask(f"show {hers}").code == 3
    told = key.ask("check")
    assert told.code == 6
    assert "journal/shut-out" in told.codes()
    assert any(house.code("two") in found["message"] for found in told.page["findings"])
    key.do(f"admit {house.her}", {"notes": "the work goes on"})


def test_of_two_who_stay_each_seals_anew_what_it_opens_and_then_both_read_all(house: House) -> None:
    """What each wrote after it shut the other one out is sealed to itself and the paper alone."""
    other = house.desk("two", "other")
    theirs = other.do("admit --new-person --without-stay", {"notes": "by two", "identity": {"sex": "male"}}).data["id"]
    ours = house.desk("key").do("admit --new-person --without-stay", {"notes": "x", "identity": {"sex": "male"}})
    shutil.copy(house.folder / f"other/journal/{house.code('two')}.jsonl", house.folder / "house/journal")
    shutil.copy(house.folder / f"other/residents/{theirs}.yaml.age", house.folder / "house/residents")
    house.desk("two").do(kept(house, "key", "two"))
    house.desk("key").do("trust --accept")
    closed = house.desk("key").ask(f"show {theirs}")
    assert closed.code == 6
    for who in ("key", "two"):
        house.desk(who).ask("rekey")
    for who in ("key", "two", "three"):
        if who == "three":
            house.desk(who).do("trust --accept")
        for id_ in (theirs, ours.data["id"]):
            assert house.desk(who).do(f"show {id_}").data["record"]["id"] == id_


def test_files_that_both_sealed_anew_are_lost_to_nobody(house: House) -> None:
    """Each sealed every file anew as it shut the other one out; the folder has now the one's files, now the other's."""
    ours = house.desk("key").do("admit --new-person --without-stay", {"notes": "x", "identity": {"sex": "male"}})
    house.desk("key").do("rekey")
    other = house.desk("two", "other")
    other.do("rekey")
    shutil.copy(house.folder / f"other/journal/{house.code('two')}.jsonl", house.folder / "house/journal")
    for name in (f"residents/{house.her}.yaml.age", "secrets.yaml.age"):
        shutil.copy(house.folder / "other" / name, house.folder / "house" / name)
    house.desk("two").do(kept(house, "key", "two"))
    house.desk("key").do("trust --accept")
    assert house.desk("key").refused(f"show {house.her}").error == "vault/sealed-apart"
    waiting = {row["file"] for row in house.desk("key").do("rekey --check").data["rows"]}
    assert f"residents/{house.her}.yaml.age" in waiting
    for who in ("key", "two", "key"):
        house.desk(who).ask("rekey")
    house.desk("three").do("trust --accept")
    for who in ("key", "two", "three"):
        for id_ in (house.her, ours.data["id"]):
            assert house.desk(who).do(f"show {id_}").data["record"]["id"] == id_
        assert not {"store/not-resealed", "journal/forked"} & set(house.desk(who).do("check").codes())
    assert house.desk("two").do("check --recovery paper").data["opened"]


def test_what_one_of_them_saved_and_the_other_only_sealed_anew_is_what_was_saved(house: House) -> None:
    house.desk("key").do("rekey")
    house.desk("key").do(f"admit {house.her}", {"identification_number": "KG-2026-77"})
    house.desk("two", "other").do("rekey")
    shutil.copy(house.folder / f"other/journal/{house.code('two')}.jsonl", house.folder / "house/journal")
    house.desk("two").do(kept(house, "key", "two"))
    house.desk("key").do("trust --accept")
    for who in ("key", "two"):
        house.desk(who).ask("rekey")
        record = house.desk(who).do(f"show {house.her} --names").data["record"]
        assert record["identification_number"] == "KG-2026-77"


def test_what_both_saved_on_their_own_stays_for_a_person_to_decide(house: House) -> None:
    for who, copy in (("key", "house"), ("two", "other")):
        house.desk(who, copy).do("rekey")
        house.desk(who, copy).do(f"admit {house.her}", {"notes": f"by {who}"})
    shutil.copy(house.folder / f"other/journal/{house.code('two')}.jsonl", house.folder / "house/journal")
    house.desk("two").do(kept(house, "key", "two"))
    house.desk("key").do("trust --accept")
    assert house.desk("key").refused(f"show {house.her}").error == "journal/forked"


@pytest.fixture
def forgetful(admitted: "Desk") -> "Desk":
    """The memory of the computer is gone."""
    shutil.rmtree(admitted.key.with_name("key.heads"))
    return admitted


def number_of(desk: "Desk") -> int:
    number: int = desk.do("trust").data["sheet"]["number"]
    return number


def test_it_reads_and_says_so_and_writes_nothing(forgetful: "Desk") -> None:
    for words in ("list", f"show {forgetful.her}", "house", "trust"):
        assert "trust/no-memory" in forgetful.do(words).codes("warn")
    for words in ("house --others 1", f"admit {forgetful.her} --done orientation", "ngo add other"):
        told = forgetful.refused(words)
        assert (told.code, told.error) == (6, "trust/no-memory")
        assert "check --remember" in told.page["error"]["hint"]


def test_a_program_gives_the_number_of_the_sheet(forgetful: "Desk") -> None:
    number = number_of(forgetful)
    refused = {
        "": (2, "check/compare"),
        f"--number {number + 1}": (6, "trust/behind-number"),
        f"--number {number} --words 'anapa anapa anapa anapa'": (6, "trust/other-words"),
        f"--number {number} --words 'anapa anapa anapa'": (2, "trust/words"),
    }
    for options, answer in refused.items():
        told = forgetful.refused(f"check --remember {options}")
        assert (told.code, told.error) == answer
    assert forgetful.do(f"check --remember --number {number}").data["sheet"]["number"] == number
    assert forgetful.do("house --others 1").codes("warn") == []
    again = forgetful.do("check --remember").data
    assert again["said"] == [f"This computer remembers the store. Its number is {number + 1}."]


@pytest.mark.parametrize("moment", ["root", "now", "before"])
def test_the_words_of_the_store_or_those_that_were_said_with_the_number_are_right(
    moment: str, admitted: "Desk"
) -> None:
    sheet = admitted.do("trust").data["sheet"]
    admitted.do("house --others 1")
    now = admitted.do("trust").data["sheet"]
    words, number = {
        "root": (now["words"], now["number"]),
        "now": (now["moment"], now["number"]),
        "before": (sheet["moment"], sheet["number"]),
    }[moment]
    shutil.rmtree(admitted.key.with_name("key.heads"))
    if moment == "before":  # they are those of that number alone
        told = admitted.refused(f"check --remember --number {now['number']} --words '{words}'")
        assert (told.code, told.error) == (6, "trust/other-words")
    admitted.do(f"check --remember --number {number} --words '{words}'")


def test_a_person_is_asked_and_says_whether_it_is_as_she_expects(forgetful: "Desk") -> None:
    number = number_of(forgetful)
    seen = Terminal(forgetful).run("check --remember", ["many", str(number), "no"])
    assert "Write the number in digits" in seen.text
    assert "Clients in the store: 1. Last change: " in seen.text
    assert "The store was not confirmed, so nothing can be written to it." in " ".join(seen.text.split())
    assert forgetful.refused("house --others 1").error == "trust/no-memory"
    seen = Terminal(forgetful).run("check --remember", [str(number + 1)])
    assert seen.code == 6
    seen = Terminal(forgetful).run("check --remember", ["", "yes"])
    assert seen.code == 0
    forgetful.do("house --others 1")


def test_a_store_that_was_put_back_meanwhile_is_told_by_the_number_alone(admitted: "Desk", usb: "Path") -> None:
    older = backed_up(admitted)
    admitted.do("house --others 1")
    number = number_of(admitted)
    shutil.rmtree(admitted.store)
    shutil.copytree(older, admitted.store)
    assert admitted.refused("list").error == "journal/rolled-back"
    shutil.rmtree(admitted.key.with_name("key.heads"))
    assert admitted.refused(f"check --remember --number {number}").error == "trust/behind-number"
    admitted.do(f"check --remember --number {number - 1}")


def test_a_note_that_another_key_wrote_or_that_is_damaged_is_none(admitted: "Desk") -> None:
    (note,) = (path for path in admitted.key.with_name("key.heads").iterdir() if not path.suffix)
    for text in (note.read_bytes()[:-1] + b"x", b"", b"\xff\xfe"):
        note.write_bytes(text)
        assert admitted.do("list").codes("warn") == ["trust/no-memory"]
        assert admitted.refused("house --others 1").error == "trust/no-memory"
