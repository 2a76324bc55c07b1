"""What somebody does to the sealed parts of a file who may write it: with their blocks, and around them."""

from typing import Any

import pytest

from attack.insiders import save
from attack.lab import Lab
from shelterctl import errors
from shelterctl.document.reading import read_document
from shelterctl.document.subset import LARGEST_STORED
from shelterctl.document.writing import format_document
from shelterctl.vault.sealed_bytes import BlockContent, BlockPlace, open_block, seal_block, strip_armour

Facts = dict[str, Any]
FOUND: Facts = {"kind": "checkup", "on": "2026-11-23", "by": "А. Врачева", "finding": "infection"}


def blocks_swapped(lab: Lab) -> None:
    """Two blocks of her own, of one part and one kind, each in the place of the other."""
    record, (one, other) = opened(lab)
    one["age"], other["age"] = other["age"], one["age"]
    written(lab, record)


def block_of_another_client(lab: Lab) -> None:
    """What another client's file says of the same thing, counted as it is there."""
    record, _ = opened(lab)
    theirs = read_document(lab.opened(lab.record.with_name(f"{lab.other}.yaml.age")), LARGEST_STORED).value
    record["sealed"]["hiv"] = theirs["sealed"]["hiv"]
    record["sealed"]["revisions"]["hiv"] = theirs["sealed"]["revisions"]["hiv"]
    written(lab, record)


def block_of_another_part(lab: Lab) -> None:
    """A true block of hers, said to be one of a part that more people read."""
    record, (one, *_) = opened(lab)
    one["part"] = "legal"
    written(lab, record)


def block_sealed_as_another_part(lab: Lab) -> None:
    """The same from within: the block says another part than it lies in."""
    record, (one, *_) = opened(lab)
    one["age"] = seal_block(BlockPlace(lab.her, "legal", "health", one["id"]), FOUND, lab.chain.recipients)
    written(lab, record)


def another_word_outside(lab: Lab) -> None:
    """Says outside that nothing is to be done any more."""
    record, (one, *_) = opened(lab)
    one["follow_up"] = False
    written(lab, record)


def block_cut(lab: Lab) -> None:
    record, (one, *_) = opened(lab)
    one["age"] = one["age"].replace("\n", "\nA", 1)
    written(lab, record)


def block_for_himself(lab: Lab) -> None:
    """A block that nobody opens but he."""
    record, (one, *_) = opened(lab)
    one["age"] = seal_block(place(lab, one), FOUND, [lab.mallory.recipient])
    written(lab, record)


def block_made_up(lab: Lab) -> None:
    """What is not true, in the right place, for the right readers, and counted as the next one."""
    record, (one, *_) = opened(lab)
    revision = inside(lab, one).revision.next(one["age"])
    one["age"] = seal_block(place(lab, one), {**FOUND, "follow_up": True}, lab.chain.recipients, revision)
    record["sealed"]["revisions"][one["id"]] = revision.number
    written(lab, record)


def older_block(lab: Lab) -> None:
    """What an entry said before it was changed; outside stands what stands there now."""
    record, (one, *_), before = changed(lab)
    one["age"] = before["age"]
    written(lab, record)


def older_block_counted_no_more(lab: Lab) -> None:
    """The same, and outside no number, as if an older program had sealed it."""
    record, (one, *_), before = changed(lab)
    one["age"] = before["age"]
    del record["sealed"]["revisions"][one["id"]]
    written(lab, record)


def older_block_without_its_number(lab: Lab) -> None:
    """The same sealed anew as an older program seals, without a number in it."""
    record, (one, *_), before = changed(lab)
    one["age"] = seal_block(place(lab, one), inside(lab, before).content, lab.chain.recipients)
    written(lab, record)


def older_block_and_its_number(lab: Lab) -> None:
    """The block of before, and outside the number that stood there: what is not true any more is written down again."""
    record, (one, *_), before = changed(lab)
    one["age"] = before["age"]
    record["sealed"]["revisions"][one["id"]] = inside(lab, before).revision.number
    written(lab, record)


def entry_taken_away(lab: Lab) -> None:
    """Takes out a sealed entry that the file counts."""
    record, (one, *_) = opened(lab)
    record["sealed"]["entries"].remove(one)
    written(lab, record)


def older_block_of_every_file(lab: Lab) -> None:
    """The HIV part of her file as it was before it was saved last."""
    record, _ = opened(lab)
    before = read_document(lab.opened(lab.old / lab.record.relative_to(lab.house)), LARGEST_STORED).value
    record["sealed"]["hiv"] = before["sealed"]["hiv"]
    written(lab, record)


def no_block_of_every_file(lab: Lab) -> None:
    """Takes the HIV part out of her file, as if nobody had ever written one."""
    record, _ = opened(lab)
    del record["sealed"]["hiv"]
    written(lab, record)


def a_part_that_is_not_his(lab: Lab) -> None:
    """Holds her file, but not that part: he opens nothing of it, and adds to it without changing what is there."""
    record, (one, *_) = opened(lab)
    content, revision = inside(lab, one)
    block = one["age"] = seal_block(place(lab, one), content, [lab.key.recipient, lab.paper.recipient], revision)
    written(lab, record)
    with pytest.raises(errors.CannotOpen):
        open_block(block, place(lab, one), lab.second)
    with pytest.raises(errors.CannotOpen):
        lab.second.open(strip_armour(block))
    desk = lab.desk()
    for words in ("show {her} --all --names", "show {her} health --names", "check {her}"):
        told = desk.ask(f"{words.format(her=lab.her)} --identity second")
        assert "BEGIN AGE" not in told.out
        assert FOUND["by"] not in told.out
    told = desk.ask(f"add {lab.her} health --identity second", {"id": one["id"], "finding": "none"})
    assert (told.code, told.error) == (5, "sealed/not-a-reader")
    desk.do(f"add {lab.her} health --identity second", {"kind": "checkup", "on": "2026-11-25"})
    assert opened(lab)[1][0]["age"] == block


def sealed_part_open_in_a_need(lab: Lab) -> None:
    """Writes with a program of his own, as 0.3.2 did, what is sealed now; and looks for it with ours, without names."""
    record: Facts = read_document(lab.opened(), LARGEST_STORED).value
    need = {"id": "NEED01", "need": "врач", "class": "primary", "on": "2026-11-23", "effects": ["suicide_risk"]}
    written(lab, {**record, "needs": [need]})
    desk = lab.desk()
    for words in ("show {her}", "show {her} --all", "show {her} need", "list need", "list --columns needs.effects"):
        told = desk.ask(f"{words.format(her=lab.her)} --identity second")
        assert "suicide" not in told.out + told.err


def opened(lab: Lab) -> tuple[Facts, list[Facts]]:
    """Her record, and its sealed entries."""
    record: Facts = read_document(lab.opened(), LARGEST_STORED).value
    return record, record["sealed"]["entries"]


def changed(lab: Lab) -> tuple[Facts, list[Facts], Facts]:
    """The same once an honest person changed the first of them, and that one as it was before."""
    _, (before, *_) = opened(lab)
    lab.desk().do(f"add {lab.her} health", {"id": before["id"], "finding": "none"})
    return *opened(lab), before


def written(lab: Lab, record: Facts) -> None:
    save(lab, lab.sealed(format_document(record).encode()))


def place(lab: Lab, one: Facts) -> BlockPlace:
    return BlockPlace(lab.her, one["part"], one["track"], one["id"])


def inside(lab: Lab, one: Facts) -> BlockContent:
    return open_block(one["age"], place(lab, one), lab.key)
