"""What somebody does to the sealed parts of a file who may write it: with their blocks, and around them."""

from typing import Any

import pytest

from attack.insiders import save
from attack.lab import Lab
from shelterctl import document, errors
from shelterctl.vault.block import Place, bare, seal, unseal

Facts = dict[str, Any]
FOUND: Facts = {"kind": "checkup", "on": "2026-11-23", "by": "А. Врачева", "finding": "infection"}


def blocks_swapped(lab: Lab) -> None:
    """Two blocks of her own, of one part and one kind, each in the place of the other."""
    record, (one, other) = opened(lab)
    one["age"], other["age"] = other["age"], one["age"]
    written(lab, record)


def block_of_another_client(lab: Lab) -> None:
    """What another client's file says of the same thing."""
    record, _ = opened(lab)
    theirs = document.read(lab.opened(lab.record.with_name(f"{lab.other}.yaml.age")), document.KEPT).value
    record["sealed"]["hiv"] = theirs["sealed"]["hiv"]
    written(lab, record)


def block_of_another_part(lab: Lab) -> None:
    """A true block of hers, said to be one of a part that more people read."""
    record, (one, *_) = opened(lab)
    one["part"] = "legal"
    written(lab, record)


def block_sealed_as_another_part(lab: Lab) -> None:
    """The same from within: the block says another part than it lies in."""
    record, (one, *_) = opened(lab)
    one["age"] = seal(Place(lab.her, "legal", "health", one["id"]), FOUND, lab.chain.recipients)
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
    one["age"] = seal(place(lab, one), FOUND, [lab.mallory.recipient])
    written(lab, record)


def block_made_up(lab: Lab) -> None:
    """What is not true, in the right place and for the right readers."""
    record, (one, *_) = opened(lab)
    one["age"] = seal(place(lab, one), {**FOUND, "follow_up": True}, lab.chain.recipients)
    written(lab, record)


def a_part_that_is_not_his(lab: Lab) -> None:
    """Holds her file, but not that part: he opens nothing of it, and adds to it without changing what is there."""
    record, (one, *_) = opened(lab)
    block = one["age"] = seal(place(lab, one), said(lab, one), [lab.key.recipient, lab.paper.recipient])
    written(lab, record)
    with pytest.raises(errors.CannotOpen):
        unseal(block, place(lab, one), lab.second)
    with pytest.raises(errors.CannotOpen):
        lab.second.open(bare(block))
    desk = lab.desk()
    for words in ("show {her} --all --names", "show {her} health --names", "check {her}"):
        told = desk.ask(f"{words.format(her=lab.her)} --identity second")
        assert "BEGIN AGE" not in told.out
        assert FOUND["by"] not in told.out
    told = desk.ask(f"add {lab.her} health --identity second", {"id": one["id"], "finding": "none"})
    assert (told.code, told.error) == (5, "sealed/not-a-reader")
    desk.do(f"add {lab.her} health --identity second", {"kind": "checkup", "on": "2026-11-25"})
    assert opened(lab)[1][0]["age"] == block


def opened(lab: Lab) -> tuple[Facts, list[Facts]]:
    """Her record, and its sealed entries."""
    record: Facts = document.read(lab.opened(), document.KEPT).value
    return record, record["sealed"]["entries"]


def written(lab: Lab, record: Facts) -> None:
    save(lab, lab.sealed(document.write(record).encode()))


def place(lab: Lab, one: Facts) -> Place:
    return Place(lab.her, one["part"], one["track"], one["id"])


def said(lab: Lab, one: Facts) -> Facts:
    return unseal(one["age"], place(lab, one), lab.key)
