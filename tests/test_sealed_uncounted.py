"""Blocks that an older program sealed without numbers where the file counts them: told, and sealed anew by a repair."""

import hashlib
from typing import Any

import pytest
from blocks import BITTER, HIV, SWEET, add, desk_with, doctored, entries, lying, opened
from conftest import Desk
from revised import MADE, Revised
from terminal import At

from shelterctl.vault.sealed_bytes import BlockPlace, BlockRevision, open_block, seal_block

Record = dict[str, Any]
UNCOUNTED = "sealed/uncounted"


@pytest.fixture
def desk(admitted: Desk) -> Revised:
    desk = desk_with(Revised(admitted))
    add(desk)
    add(desk, BITTER)
    add(desk, HIV, "hiv")
    return desk


def as_0_3_2_joined(desk: Revised, *, but: str | None = None) -> None:
    """Everything sealed in her file sealed anew without numbers, as 0.3.2 does at a join; the file counts on."""
    store = opened(desk)
    readers = store.vault.recipients

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


def test_they_are_told_with_the_way_out_and_lost_is_nothing(desk: Revised) -> None:
    before, counted = says(desk), lying(desk)["sealed"]["revisions"]
    as_0_3_2_joined(desk)
    old = lying(desk)
    told = desk.refused(f"show {desk.her} tonic --names")
    assert (told.code, told.error) == (6, UNCOUNTED)
    assert f"shelterctl repair {desk.her} --reseal" in told.page["error"]["hint"]
    assert desk.refused(f"show {desk.her} hiv --names").error == UNCOUNTED
    assert desk.refused(f"admit {desk.her}", {"notes": "x"}).error == UNCOUNTED
    checked = desk.ask("check")
    assert (checked.code, UNCOUNTED in checked.codes()) == (6, True)

    done = desk.do(f"repair {desk.her} --reseal").data["repaired"]
    assert done["uncounted"] == 3
    now = lying(desk)
    assert says(desk) == before
    assert now["sealed"]["revisions"] == {name: number + 1 for name, number in counted.items()}
    for one, then in zip(entries(now), entries(old), strict=True):
        place = BlockPlace(desk.her, one["part"], one["track"], one["id"])
        assert inside(desk, one["age"], place) == (counted[one["id"]] + 1, sha256(then["age"]))
    revision = inside(desk, now["sealed"]["hiv"], BlockPlace(desk.her, "hiv", "hiv"))
    assert revision == (counted["hiv"] + 1, sha256(old["sealed"]["hiv"]))


def sha256(block: str) -> str:
    return hashlib.sha256(block.encode()).hexdigest()


def test_the_repair_is_shown_for_ever_and_the_file_is_written_to_again(desk: Revised) -> None:
    as_0_3_2_joined(desk)
    desk.do(f"repair {desk.her} --reseal")
    desk.do(f"admit {desk.her}", {"notes": "Придумано."})
    add(desk, SWEET)
    for _ in range(2):
        checked = desk.do("check")
        note = next(one for one in checked.page["findings"] if one["code"] == "store/repaired")
        assert "had no number: 3" in note["message"]
    assert desk.refused(f"repair {desk.her} --reseal").refusals == ["repair/whole"]


@pytest.mark.parametrize("number", [1, 3, 7])
def test_only_what_has_no_number_is_let_through(desk: Revised, number: int) -> None:
    """One block with another number than the file counts, beside some without one: nothing is sealed."""
    entry = entries(lying(desk))[0]["id"]
    desk.do(f"add {desk.her} tonic", {"id": entry, "dose": "ложка"})
    as_0_3_2_joined(desk, but=entry)
    store = opened(desk)

    def otherwise(record: Record) -> None:
        before = None if number == 1 else "0" * 64
        place = BlockPlace(record["id"], "medical", "tonic", entry)
        entries(record)[0]["age"] = seal_block(place, SWEET, store.vault.recipients, BlockRevision(number, before))

    doctored(desk, otherwise)
    before = lying(desk)
    told = desk.refused(f"repair {desk.her} --reseal")
    assert (told.code, told.error) == (6, "sealed/rolled-back")
    assert f"shelterctl repair {desk.her} --from" in told.page["error"]["hint"]
    assert lying(desk) == before


@pytest.mark.parametrize(
    ("place", "code"),
    [
        (("0000-0000", "medical", "tonic", None), "sealed/moved"),
        ((None, "psychology", "tonic", None), "sealed/moved"),
        ((None, "medical", "session", None), "sealed/moved"),
        ((None, "medical", "tonic", "zzzzzz"), "sealed/moved"),
    ],
)
def test_one_that_belongs_elsewhere_is_not(desk: Revised, place: tuple[str | None, ...], code: str) -> None:
    store, entry = opened(desk), entries(lying(desk))[0]["id"]
    record, part, track, other = place
    there = BlockPlace(record or desk.her, str(part), str(track), other or entry)
    doctored(desk, lambda file: entries(file)[0].update(age=seal_block(there, SWEET, store.vault.recipients)))
    assert desk.refused(f"repair {desk.her} --reseal").error == code


def test_nor_is_one_that_says_something_else_than_stands_outside(desk: Revised) -> None:
    store, entry = opened(desk), entries(lying(desk))[0]["id"]
    place = BlockPlace(desk.her, "medical", "tonic", entry)
    otherwise = seal_block(place, BITTER, store.vault.recipients)
    doctored(desk, lambda file: entries(file)[0].update(age=otherwise))
    assert desk.refused(f"repair {desk.her} --reseal").error == "sealed/marker"


@pytest.mark.parametrize("sure", [True, False])
def test_at_a_terminal_it_is_asked_first_and_told_how_many(desk: Revised, sure: bool) -> None:
    as_0_3_2_joined(desk)
    before = lying(desk)
    with At(desk, size=(80, 80)).live(f"repair {desk.her} --reseal") as live:
        live.type("y" if sure else "n")
        seen = " ".join(live.end().text.split())
    assert "Sealed blocks without their number: 3" in seen
    assert ("Blocks that had no number: 3" in seen) is sure
    assert ("Nothing was sealed anew." in seen) is not sure
    assert (lying(desk) == before) is not sure


def joins(desk: Revised) -> str:
    """The words by which a second computer joins, with the paper of her store."""
    paper = next(made for made in MADE.values() if made.her == desk.her).folder.with_name("recovery")
    return f"trust --join --recovery {paper} --identity second --no-passphrase"


def test_a_computer_that_joins_counts_them_anew_and_check_shows_it(desk: Revised) -> None:
    before = says(desk)
    as_0_3_2_joined(desk)
    desk.do(joins(desk), today=None)
    desk.do("trust --accept")
    assert says(desk) == before
    note = desk.do("check").finding("store/repaired")
    assert "(join); sealed blocks that had no number: 3" in note["message"]


def test_where_an_older_block_was_put_back_it_is_not_admitted_at_all(desk: Revised) -> None:
    older = entries(lying(desk))[0]
    desk.do(f"add {desk.her} tonic", {"id": older["id"], "dose": "ложка"})
    doctored(desk, lambda record: entries(record)[0].update(age=older["age"]))
    before = (desk.store / "trust.jsonl").read_bytes()
    told = desk.ask(joins(desk), today=None)
    assert (told.code, told.error) == (6, "sealed/rolled-back")
    assert (desk.store / "trust.jsonl").read_bytes() == before
    assert desk.do("list").code == 0
