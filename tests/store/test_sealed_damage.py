"""Sealed entries moved, exchanged, cut, put back in an older state or never counted: noticed, told and mended."""

import hashlib
import shutil
from collections.abc import Callable
from typing import Any

import pytest

from shelterctl import limits
from shelterctl.document.reading import read_document
from shelterctl.document.subset import LARGEST_STORED
from shelterctl.document.writing import format_document
from shelterctl.store.store import Store
from shelterctl.vault.sealed_bytes import (
    FIRST_REVISION,
    PADDED_BLOCK_SIZE,
    BlockPlace,
    BlockRevision,
    add_armour,
    open_block,
    seal_block,
    strip_armour,
)
from tests.support.desk import Desk
from tests.support.revised_rulebook import MADE, Revised
from tests.support.sealed_entries import (
    BITTER,
    HIV,
    SWEET,
    add,
    desk_with,
    doctored,
    entries,
    lying,
    opened,
    strange,
    unsealed,
)
from tests.support.terminal import Terminal


@pytest.fixture
def desk(admitted: Any) -> Revised:
    return desk_with(Revised(admitted))


def everyone(store: Store) -> tuple[str, ...]:
    """The keys that open something in a store."""
    return store.vault.journal.chain.readership.everyone


def swapped(record: dict[str, Any]) -> None:
    one, other = entries(record)
    one["age"], other["age"] = other["age"], one["age"]


def to_another_part(record: dict[str, Any]) -> None:
    one = entries(record)[0]
    one["age"] = seal_block(BlockPlace(record["id"], "legal", "tonic", one["id"]), SWEET, [RECIPIENT[0]])


def of_another_file(record: dict[str, Any]) -> None:
    one = entries(record)[0]
    one["age"] = seal_block(BlockPlace("0000-0000", "medical", "tonic", one["id"]), SWEET, [RECIPIENT[0]])


def cut_short(record: dict[str, Any]) -> None:
    entries(record)[0]["age"] = add_armour(strip_armour(entries(record)[0]["age"])[:-9])


def scribbled(record: dict[str, Any]) -> None:
    entries(record)[0]["age"] = "-----BEGIN AGE ENCRYPTED FILE-----\nпусто\n-----END AGE ENCRYPTED FILE-----\n"


def another_marker(record: dict[str, Any]) -> None:
    entries(record)[0]["kind"] = "bitter"


def no_marker(record: dict[str, Any]) -> None:
    del entries(record)[0]["kind"]


RECIPIENT: list[str] = []
FORGED = {
    "sealed/moved": (swapped, to_another_part, of_another_file),
    "sealed/damaged": (scribbled,),
    "sealed/marker": (another_marker, no_marker),
}


@pytest.mark.parametrize(("code", "change"), [(code, change) for code, each in FORGED.items() for change in each])
def test_what_was_moved_or_forged_is_damage(desk: Revised, code: str, change: Any) -> None:
    RECIPIENT[:] = [everyone(opened(desk))[0]]
    own = opened(desk).identity.recipient
    RECIPIENT[:] = [own]
    add(desk)
    add(desk, {**BITTER, "kind": "sweet"})
    doctored(desk, change)
    told = desk.refused(f"show {desk.her} tonic --names")
    assert (told.code, told.error) == (6, code)
    assert desk.her in told.page["error"]["message"]
    assert desk.ask(f"check {desk.her}").code == 6
    whole = desk.ask("check")
    assert (whole.code, [one["code"] for one in whole.page["findings"] if one["code"].startswith("sealed/")]) == (
        6,
        [code],
    )
    assert desk.do(f"show {desk.her}").data["id"] == desk.her


@pytest.mark.parametrize("change", [swapped, scribbled, another_marker, strange])
def test_it_is_put_back_from_the_newest_backup_in_which_it_lies_as_it_should(desk: Revised, change: Any) -> None:
    RECIPIENT[:] = [opened(desk).identity.recipient]
    add(desk)
    add(desk, BITTER)
    (desk.folder / "usb").mkdir()
    assert desk.refused(f"repair {desk.her} --from usb").refusals == ["repair/whole"]
    desk.do("backup usb", today=None)
    before = entries(lying(desk))
    doctored(desk, change)
    desk.do("backup usb", today=None)
    told = desk.ask(f"check {desk.her}")
    said = told.page["error"] or told.finding("sealed/withheld")
    assert f"shelterctl repair {desk.her} --from BACKUP" in (said.get("hint") or said["message"])
    desk.do(f"repair {desk.her} --from usb")
    assert entries(lying(desk)) == before
    assert not [code for code in desk.do("check").codes() if code.startswith("sealed/")]


def test_a_file_that_is_lost_is_put_back_whatever_is_wrong_with_something_sealed_in_it(desk: Revised) -> None:
    add(desk)
    doctored(desk, strange)
    (desk.folder / "usb").mkdir()
    desk.do("backup usb", today=None)
    assert desk.refused(f"repair {desk.her} --from usb").error == "repair/not-in-backup"
    (desk.store / "residents" / f"{desk.her}.yaml.age").unlink()
    desk.do(f"repair {desk.her} --from usb")
    assert desk.do(f"check {desk.her}").finding("sealed/withheld")


def test_a_block_that_was_cut_short_is_none_that_this_key_may_read(desk: Revised) -> None:
    """age does not tell damage from want of a key; either is said, and nothing of it is shown."""
    add(desk)
    doctored(desk, cut_short)
    assert desk.refused(f"show {desk.her} tonic --names").code in (5, 6)


Record = dict[str, Any]


def said(desk: Revised, block: str) -> Record:
    """What a block says, as stock age shows it."""
    return read_document(unsealed(desk, block)).value


def sha256(block: str) -> str:
    return hashlib.sha256(block.encode()).hexdigest()


def counted(record: Record, number: int = 0) -> int | None:
    """How often an entry was sealed, as the file says outside of it."""
    found: int | None = record["sealed"].get("revisions", {}).get(entries(record)[number]["id"])
    return found


def change(desk: Revised, entry: str | None, dose: str = "ложка") -> Record:
    """Her file as it lies once the dose in its first entry was changed."""
    desk.do(f"add {desk.her} tonic", {"id": entry, "dose": dose})
    return lying(desk)


def resealed(record: Record, revision: BlockRevision | None, key: str) -> None:
    """The first entry sealed by somebody with a valid key, as this revision."""
    one = entries(record)[0]
    one["age"] = seal_block(BlockPlace(record["id"], "medical", "tonic", one["id"]), SWEET, [key], revision)


def as_before(record: Record) -> None:
    """A file as 0.3.2 wrote it: no revision outside; its blocks are left to the caller."""
    record["schema"] = "resident/3"
    del record["sealed"]["revisions"]


def of_0_3_2(desk: Revised, report: Record | None = None) -> Callable[[Record], None]:
    """Her file with its blocks, and an HIV report, sealed as 0.3.2 did."""
    key = opened(desk).identity.recipient

    def written(record: Record) -> None:
        as_before(record)
        if "entries" in record["sealed"]:
            resealed(record, None, key)
        whole = {"record": record["id"], "part": "hiv", "track": "hiv", "entry": None, "content": report or {}}
        room = 2048 - len(format_document({**whole, "padding": ""}).encode())
        data = format_document({**whole, "padding": "." * room}).encode()
        record["sealed"]["hiv"] = _armoured(data, key)

    return written


def _armoured(data: bytes, key: str) -> str:
    import pyrage

    return add_armour(bytes(pyrage.encrypt(data, [pyrage.x25519.Recipient.from_str(key)])))


def refused(desk: Revised) -> None:
    """It is told as soon as it is opened and by check; whatever is not sealed there is read."""
    told = desk.refused(f"show {desk.her} tonic --names")
    assert (told.code, told.error) == (6, "sealed/rolled-back")
    assert desk.her in told.page["error"]["message"]
    assert desk.ask(f"check {desk.her}").code == 6
    assert "sealed/rolled-back" in desk.ask("check").codes()
    assert desk.do(f"show {desk.her}").data["id"] == desk.her


def test_each_change_is_counted_in_the_block_and_outside_and_names_the_block_before(desk: Revised) -> None:
    entry = add(desk)
    files = [lying(desk), change(desk, entry), change(desk, entry, "две")]
    first, second, third = (entries(record)[0]["age"] for record in files)
    assert [counted(record) for record in files] == [1, 2, 3]
    assert [said(desk, block)["revision"] for block in (first, second, third)] == [1, 2, 3]
    assert "before" not in said(desk, first)
    assert said(desk, second)["before"] == sha256(first)
    assert said(desk, third)["before"] == sha256(second)
    add(desk, BITTER)
    desk.do(f"admit {desk.her}", {"notes": "Придумано."})
    assert entries(lying(desk))[0] == entries(files[-1])[0]
    assert [counted(lying(desk), number) for number in (0, 1)] == [3, 1]


def test_an_older_block_is_damage(desk: Revised) -> None:
    entry = add(desk)
    block = entries(lying(desk))[0]["age"]
    change(desk, entry)
    doctored(desk, lambda record: entries(record)[0].update(age=block))
    refused(desk)


def test_nor_can_it_be_changed_or_sealed_anew(desk: Revised) -> None:
    entry = add(desk)
    block = entries(lying(desk))[0]["age"]
    change(desk, entry)
    doctored(desk, lambda record: entries(record)[0].update(age=block))
    assert desk.refused(f"add {desk.her} tonic", {"id": entry, "dose": "x"}).error == "sealed/rolled-back"
    assert desk.refused(f"repair {desk.her} --reseal").code in (1, 6)
    desk.do(f"admit {desk.her}", {"notes": "Придумано."})  # whoever writes elsewhere leaves it as it is
    refused(desk)


@pytest.mark.parametrize("marker", [None, 1, 3])
def test_a_number_outside_that_is_not_the_one_inside_is_damage(desk: Revised, marker: int | None) -> None:
    change(desk, add(desk))

    def otherwise(record: Record) -> None:
        del record["sealed"]["revisions"][entries(record)[0]["id"]]
        if marker is not None:
            record["sealed"]["revisions"][entries(record)[0]["id"]] = marker

    doctored(desk, otherwise)
    refused(desk)


ANY: Any = BlockRevision


@pytest.mark.parametrize(
    "revision",
    [
        BlockRevision(0), BlockRevision(-1), BlockRevision(2), BlockRevision(1, "0" * 64),
        BlockRevision(2, "no hash"), BlockRevision(None, "0" * 64),
        BlockRevision(limits.LARGEST_OPTION_NUMBER + 1, "0" * 64),
        ANY("two", "0" * 64), BlockRevision(True), ANY(2, 7), ANY([1]),
    ],
)  # fmt: skip
def test_a_revision_that_no_program_wrote_is_damage(desk: Revised, revision: Any) -> None:
    add(desk)
    key = opened(desk).identity.recipient
    doctored(desk, lambda record: resealed(record, revision, key))
    told = desk.refused(f"show {desk.her} tonic --names")
    assert (told.code, told.error) == (6, "sealed/damaged")


def test_the_block_that_every_file_has_is_counted_at_every_save_whatever_is_saved(desk: Revised) -> None:
    then = lying(desk)["sealed"]
    assert then["revisions"].keys() == {"hiv"}
    desk.do(f"admit {desk.her}", {"notes": "Придумано."})
    add(desk, HIV, "hiv")
    now = lying(desk)["sealed"]
    assert now["revisions"] == {"hiv": then["revisions"]["hiv"] + 2}
    inside = said(desk, now["hiv"])
    assert inside["revision"] == now["revisions"]["hiv"]
    desk.do(f"admit {desk.her}", {"notes": "Ещё."})
    assert said(desk, lying(desk)["sealed"]["hiv"])["before"] == sha256(now["hiv"])


def test_an_older_one_of_those_is_damage_and_its_file_is_not_written_to(desk: Revised) -> None:
    add(desk, HIV, "hiv")
    block = lying(desk)["sealed"]["hiv"]
    desk.do(f"add {desk.her} hiv", {**HIV, "report": "другой"})
    doctored(desk, lambda record: record["sealed"].update(hiv=block))
    told = desk.refused(f"show {desk.her} hiv --names")
    assert (told.code, told.error) == (6, "sealed/rolled-back")
    assert desk.ask(f"check {desk.her}").code == 6
    assert desk.refused(f"admit {desk.her}", {"notes": "x"}).error == "sealed/rolled-back"
    assert desk.do(f"show {desk.her} tonic").code == 0  # it costs that part


def test_one_that_was_taken_away_is_damage(desk: Revised) -> None:
    add(desk, HIV, "hiv")
    doctored(desk, lambda record: record["sealed"].pop("hiv"))
    assert desk.refused(f"show {desk.her} hiv --names").error == "sealed/gone"
    assert desk.ask(f"check {desk.her}").code == 6
    assert desk.do(f"show {desk.her} tonic").code == 0


def test_an_entry_that_was_taken_away_is_damage(desk: Revised) -> None:
    add(desk)
    add(desk, BITTER)
    doctored(desk, lambda record: entries(record).pop())
    told = desk.refused(f"show {desk.her} tonic --names")
    assert (told.code, told.error) == (6, "sealed/gone")
    assert desk.ask(f"check {desk.her}").code == 6


def test_a_file_of_0_3_2_opens_and_is_counted_from_its_next_change_on(desk: Revised) -> None:
    entry = add(desk)
    doctored(desk, of_0_3_2(desk, HIV))
    before = lying(desk)
    assert desk.do(f"show {desk.her} tonic --names").data["rows"][0]["fields"] == SWEET
    assert desk.do(f"show {desk.her} hiv --names").data["rows"][0]["fields"] == HIV
    assert desk.do(f"check {desk.her}").code == 0
    desk.do(f"admit {desk.her}", {"notes": "Придумано."})
    now = lying(desk)
    assert now["schema"] == "resident/4"
    assert entries(now) == entries(before)
    assert now["sealed"]["revisions"] == {"hiv": 2}
    assert said(desk, now["sealed"]["hiv"])["before"] == sha256(before["sealed"]["hiv"])
    assert desk.do(f"show {desk.her} hiv --names").data["rows"][0]["fields"] == HIV
    now = change(desk, entry)
    assert (counted(now), said(desk, entries(now)[0]["age"])["before"]) == (2, sha256(entries(before)[0]["age"]))
    assert desk.do("check").code == 0


def test_a_report_that_filled_its_block_fits_still(desk: Revised) -> None:
    whole = {"record": desk.her, "part": "hiv", "track": "hiv", "entry": None, "padding": ""}
    room = 2048 - len(format_document({**whole, "content": {"on": "2026-11-23", "report": "a"}}).encode()) + 1
    doctored(desk, of_0_3_2(desk, {"on": "2026-11-23", "report": "a" * room}))
    assert len(unsealed(desk, lying(desk)["sealed"]["hiv"])) == 2048
    desk.do(f"admit {desk.her}", {"notes": "Придумано."})
    assert desk.do(f"show {desk.her} hiv --names").data["rows"][0]["fields"]["report"] == "a" * room
    largest = BlockRevision(limits.LARGEST_OPTION_NUMBER, "1" * 64)
    block = seal_block(
        BlockPlace(desk.her, "hiv", "hiv"),
        {"on": "2026-11-23", "report": "a" * room},
        [opened(desk).identity.recipient],
        largest,
        padded=True,
    )
    assert len(unsealed(desk, block)) == PADDED_BLOCK_SIZE


def test_sealed_anew_it_is_counted_and_an_older_block_is_none_of_it(desk: Revised) -> None:
    add(desk)
    before = lying(desk)
    store = opened(desk)
    renewed = read_document(store.seals.renewed(format_document(before).encode()), LARGEST_STORED).value
    one = entries(renewed)[0]
    assert (counted(renewed), said(desk, one["age"])["before"]) == (2, sha256(entries(before)[0]["age"]))
    assert renewed["sealed"]["revisions"]["hiv"] == before["sealed"]["revisions"]["hiv"] + 1
    assert one["age"] != entries(before)[0]["age"]


def test_what_cannot_be_read_keeps_its_block_and_its_number(desk: Revised) -> None:
    entry = add(desk)
    change(desk, entry)
    doctored(desk, strange)
    doctored(desk, lambda record: record["sealed"].update(hiv=_strangers(record)))
    before = lying(desk)
    add(desk, BITTER)
    now = lying(desk)
    assert entries(now)[0] == entries(before)[0]
    assert now["sealed"]["hiv"] == before["sealed"]["hiv"]
    assert now["sealed"]["revisions"] == {**before["sealed"]["revisions"], entries(now)[1]["id"]: 1}


def _strangers(record: Record) -> str:
    from tests.support.sealed_entries import STRANGER

    return seal_block(BlockPlace(record["id"], "hiv", "hiv"), HIV, [STRANGER.recipient], FIRST_REVISION, padded=True)


def test_struck_through_it_keeps_its_number(desk: Revised) -> None:
    entry = add(desk)
    before = lying(desk)
    desk.do(f"void {desk.her} {entry} --reason-code wrong_value")
    now = lying(desk)
    assert (counted(now), entries(now)[0]["age"]) == (1, entries(before)[0]["age"])
    assert desk.do(f"check {desk.her}").code == 0


def test_at_a_terminal_one_that_is_named_is_struck_through_whatever_is_wrong_with_it(desk: Revised) -> None:
    entry, _ = add(desk), add(desk, BITTER)
    doctored(desk, swapped)
    desk.sit("en", f"void {desk.her} {entry}", "1", "yes")
    assert ["void" in one for one in entries(lying(desk))] == [True, False]
    desk.sit("en", f"void {desk.her}", "1", "1", "yes")  # what was written down last stands first
    assert ["void" in one for one in entries(lying(desk))] == [True, True]


def test_a_backup_is_restored_with_what_was_counted_then(desk: Revised, usb: Any) -> None:
    entry = add(desk)
    desk.do("backup usb", today=None)
    change(desk, entry)
    shutil.rmtree(desk.store)
    desk.do("restore usb --store house", today=None)
    assert counted(lying(desk)) == 1
    assert desk.do(f"show {desk.her} tonic --names").data["rows"][0]["fields"] == SWEET


def test_it_is_put_back_from_a_backup_where_an_older_block_was(desk: Revised, usb: Any) -> None:
    entry = add(desk)
    block = entries(lying(desk))[0]["age"]
    changed = change(desk, entry)
    desk.do("backup usb", today=None)
    doctored(desk, lambda record: entries(record)[0].update(age=block))
    refused(desk)
    desk.do(f"repair {desk.her} --from usb", today=None)
    assert lying(desk)["sealed"] == changed["sealed"]
    assert desk.do(f"check {desk.her}").code == 0


def test_stock_tools_find_the_block_before(desk: Revised) -> None:
    """The hash is that of the block as it lies in the file, saved in a file of its own."""
    entry = add(desk)
    block = entries(lying(desk))[0]["age"]
    file = desk.folder / "block.age"
    file.write_text(block, "ascii")
    assert strip_armour(file.read_text("ascii"))
    assert said(desk, entries(change(desk, entry))[0]["age"])["before"] == hashlib.sha256(file.read_bytes()).hexdigest()


UNCOUNTED = "sealed/uncounted"


@pytest.fixture
def three_sealed(admitted: Desk) -> Revised:
    desk = desk_with(Revised(admitted))
    add(desk)
    add(desk, BITTER)
    add(desk, HIV, "hiv")
    return desk


def as_0_3_2_joined(desk: Revised, *, but: str | None = None) -> None:
    """Everything sealed in her file sealed anew without numbers, as 0.3.2 does at a join; the file counts on."""
    store = opened(desk)
    readers = everyone(store)

    def again(block: str, place: BlockPlace) -> str:
        return seal_block(place, open_block(block, place, store.identity).content, readers, padded=place.entry is None)

    def sealed(record: Record) -> None:
        for one in entries(record):
            if one["id"] != but:
                one["age"] = again(one["age"], BlockPlace(record["id"], one["part"], one["track"], one["id"]))
        record["sealed"]["hiv"] = again(record["sealed"]["hiv"], BlockPlace(record["id"], "hiv", "hiv"))

    doctored(desk, sealed)


def says(desk: Revised) -> list[Any]:
    """What is sealed in her file, as it is shown."""
    tracks = ("tonic", "hiv")
    return [row["fields"] for track in tracks for row in desk.do(f"show {desk.her} {track} --names").data["rows"]]


def inside(desk: Revised, block: str, place: BlockPlace) -> BlockRevision:
    return open_block(block, place, opened(desk).identity).revision


def test_they_are_told_with_the_way_out_and_lost_is_nothing(three_sealed: Revised) -> None:
    before, counted = says(three_sealed), lying(three_sealed)["sealed"]["revisions"]
    as_0_3_2_joined(three_sealed)
    old = lying(three_sealed)
    told = three_sealed.refused(f"show {three_sealed.her} tonic --names")
    assert (told.code, told.error) == (6, UNCOUNTED)
    assert f"shelterctl repair {three_sealed.her} --reseal" in told.page["error"]["hint"]
    assert three_sealed.refused(f"show {three_sealed.her} hiv --names").error == UNCOUNTED
    assert three_sealed.refused(f"admit {three_sealed.her}", {"notes": "x"}).error == UNCOUNTED
    checked = three_sealed.ask("check")
    assert (checked.code, UNCOUNTED in checked.codes()) == (6, True)

    done = three_sealed.do(f"repair {three_sealed.her} --reseal").data["repaired"]
    assert done["uncounted"] == 3
    now = lying(three_sealed)
    assert says(three_sealed) == before
    assert now["sealed"]["revisions"] == {name: number + 1 for name, number in counted.items()}
    for one, then in zip(entries(now), entries(old), strict=True):
        place = BlockPlace(three_sealed.her, one["part"], one["track"], one["id"])
        assert inside(three_sealed, one["age"], place) == (counted[one["id"]] + 1, sha256(then["age"]))
    revision = inside(three_sealed, now["sealed"]["hiv"], BlockPlace(three_sealed.her, "hiv", "hiv"))
    assert revision == (counted["hiv"] + 1, sha256(old["sealed"]["hiv"]))


def test_the_repair_is_shown_for_ever_and_the_file_is_written_to_again(three_sealed: Revised) -> None:
    as_0_3_2_joined(three_sealed)
    three_sealed.do(f"repair {three_sealed.her} --reseal")
    three_sealed.do(f"admit {three_sealed.her}", {"notes": "Придумано."})
    add(three_sealed, SWEET)
    for _ in range(2):
        checked = three_sealed.do("check")
        note = next(one for one in checked.page["findings"] if one["code"] == "store/repaired")
        assert "had no number: 3" in note["message"]
    assert three_sealed.refused(f"repair {three_sealed.her} --reseal").refusals == ["repair/whole"]


@pytest.mark.parametrize("number", [1, 3, 7])
def test_only_what_has_no_number_is_let_through(three_sealed: Revised, number: int) -> None:
    """One block with another number than the file counts, beside some without one: nothing is sealed."""
    entry = entries(lying(three_sealed))[0]["id"]
    three_sealed.do(f"add {three_sealed.her} tonic", {"id": entry, "dose": "ложка"})
    as_0_3_2_joined(three_sealed, but=entry)
    store = opened(three_sealed)

    def otherwise(record: Record) -> None:
        before = None if number == 1 else "0" * 64
        place = BlockPlace(record["id"], "medical", "tonic", entry)
        entries(record)[0]["age"] = seal_block(place, SWEET, everyone(store), BlockRevision(number, before))

    doctored(three_sealed, otherwise)
    before = lying(three_sealed)
    told = three_sealed.refused(f"repair {three_sealed.her} --reseal")
    assert (told.code, told.error) == (6, "sealed/rolled-back")
    assert f"shelterctl repair {three_sealed.her} --from" in told.page["error"]["hint"]
    assert lying(three_sealed) == before


@pytest.mark.parametrize(
    ("place", "code"),
    [
        (("0000-0000", "medical", "tonic", None), "sealed/moved"),
        ((None, "psychology", "tonic", None), "sealed/moved"),
        ((None, "medical", "session", None), "sealed/moved"),
        ((None, "medical", "tonic", "zzzzzz"), "sealed/moved"),
    ],
)
def test_one_that_belongs_elsewhere_is_not(three_sealed: Revised, place: tuple[str | None, ...], code: str) -> None:
    store, entry = opened(three_sealed), entries(lying(three_sealed))[0]["id"]
    record, part, track, other = place
    there = BlockPlace(record or three_sealed.her, str(part), str(track), other or entry)
    doctored(
        three_sealed,
        lambda file: entries(file)[0].update(age=seal_block(there, SWEET, everyone(store))),
    )
    assert three_sealed.refused(f"repair {three_sealed.her} --reseal").error == code


def test_nor_is_one_that_says_something_else_than_stands_outside(three_sealed: Revised) -> None:
    store, entry = opened(three_sealed), entries(lying(three_sealed))[0]["id"]
    place = BlockPlace(three_sealed.her, "medical", "tonic", entry)
    otherwise = seal_block(place, BITTER, everyone(store))
    doctored(three_sealed, lambda file: entries(file)[0].update(age=otherwise))
    assert three_sealed.refused(f"repair {three_sealed.her} --reseal").error == "sealed/marker"


@pytest.mark.parametrize("sure", [True, False])
def test_at_a_terminal_it_is_asked_first_and_told_how_many(three_sealed: Revised, sure: bool) -> None:
    as_0_3_2_joined(three_sealed)
    before = lying(three_sealed)
    with Terminal(three_sealed, size=(80, 80)).live(f"repair {three_sealed.her} --reseal") as live:
        live.type("y" if sure else "n")
        seen = " ".join(live.end().text.split())
    assert "Sealed parts without a number: 3" in seen
    assert ("Sealed parts that had no number: 3" in seen) is sure
    assert ("Nothing was encrypted again." in seen) is not sure
    assert (lying(three_sealed) == before) is not sure


def joins(desk: Revised) -> str:
    """The words by which a second computer joins, with the paper of her store."""
    paper = next(made for made in MADE.values() if made.her == desk.her).folder.with_name("recovery")
    return f"trust --join --recovery {paper} --identity second --no-passphrase"


def test_a_computer_that_joins_counts_them_anew_and_check_shows_it(three_sealed: Revised) -> None:
    before = says(three_sealed)
    as_0_3_2_joined(three_sealed)
    three_sealed.do(joins(three_sealed), today=None)
    three_sealed.do("trust --accept")
    assert says(three_sealed) == before
    note = three_sealed.do("check").finding("store/repaired")
    assert "(join); sealed blocks that had no number: 3" in note["message"]


def test_where_an_older_block_was_put_back_it_is_not_admitted_at_all(three_sealed: Revised) -> None:
    older = entries(lying(three_sealed))[0]
    three_sealed.do(f"add {three_sealed.her} tonic", {"id": older["id"], "dose": "ложка"})
    doctored(three_sealed, lambda record: entries(record)[0].update(age=older["age"]))
    before = (three_sealed.store / "trust.jsonl").read_bytes()
    told = three_sealed.ask(joins(three_sealed), today=None)
    assert (told.code, told.error) == (6, "sealed/rolled-back")
    assert (three_sealed.store / "trust.jsonl").read_bytes() == before
    assert three_sealed.do("list").code == 0
