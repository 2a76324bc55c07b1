"""What the second device does with the key that it holds to files, sealed parts and sizes."""

import hashlib
import json
import re
from typing import Any

import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from shelterctl import errors, limits
from shelterctl.document.reading import read_document
from shelterctl.document.subset import LARGEST_STORED
from shelterctl.document.writing import format_document
from shelterctl.vault.sealed_bytes import BlockContent, BlockPlace, open_block, seal_block, strip_armour
from tests.attack.lab import Lab
from tests.attack.without_key import all_put_back


def another_reader(lab: Lab) -> None:
    """Her record sealed to one key more, with a true line of the second device."""
    save(lab, lab.sealed(lab.opened(), *lab.chain.readership.everyone, lab.mallory.recipient))


def paper_dropped(lab: Lab) -> None:
    """Sealed to the devices, and to the attacker in the place of the paper: the count is right."""
    devices = [device.age for device in lab.chain.devices.values()]
    save(lab, lab.sealed(lab.opened(), *devices, lab.mallory.recipient))


def paper_left_out(lab: Lab) -> None:
    save(lab, lab.sealed(lab.opened(), *[device.age for device in lab.chain.devices.values()]))


def one_reader_twice(lab: Lab) -> None:
    """Sealed twice to the first device, and not to the paper: the count is right."""
    devices = [device.age for device in lab.chain.devices.values()]
    save(lab, lab.sealed(lab.opened(), *devices, lab.key.recipient))


def another_kind_of_reader(lab: Lab) -> None:
    """Sealed to the devices, and to a key of ssh in the place of the paper."""
    public = Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    devices = [pyrage.x25519.Recipient.from_str(device.age) for device in lab.chain.devices.values()]
    save(lab, bytes(pyrage.encrypt(lab.opened(), [*devices, pyrage.ssh.Recipient.from_str(public.decode())])))


def ten_thousand_readers(lab: Lab) -> None:
    stanza = b"-> X25519 " + b"A" * 43 + b"\n" + b"A" * 43 + b"\n"
    save(lab, b"age-encryption.org/v1\n" + stanza * 10_000 + b"--- " + b"A" * 43 + b"\n" + b"\0" * 64)


def wrong_id_inside(lab: Lab) -> None:
    """Another client's record under her name, vouched for."""
    save(lab, lab.sealed(lab.opened(lab.record.with_name(f"{lab.other}.yaml.age"))))


def a_false_fact(lab: Lab) -> None:
    """What is not true, under the code of somebody who did not save it."""
    save(lab, lab.sealed(lab.forged()))


def no_yaml_inside(lab: Lab) -> None:
    save(lab, lab.sealed(b"&a [*a, *a]\n\0: {"))


def too_large_inside(lab: Lab) -> None:
    save(lab, lab.sealed(lab.opened() + b"# " + b"x" * (9 << 20) + b"\n"))


def tail_rewritten(lab: Lab) -> None:
    """The second device takes its last line back, and says something else in its place."""
    path = lab.journal(lab.second)
    lines = path.read_bytes().splitlines(keepends=True)
    name, base = (json.loads(lines[-1])[key] for key in ("file", "base"))
    path.write_bytes(b"".join(lines[:-1]))
    other = lab.house / f"residents/{lab.other}.yaml.age"
    data = lab.sealed(lab.opened(other).replace(b"by the second", b"nothing was said"))
    lab.save(lab.second, name, data, base=base)


def old_mark(lab: Lab) -> None:
    """Sealed to the readers of an earlier time, with a line that says so."""
    first = lab.chain
    devices = list(first.devices.values())
    save(lab, lab.sealed(lab.opened(), devices[0].age, first.paper[0]), mark=first.digests[0][:16])


def unknown_mark(lab: Lab) -> None:
    save(lab, lab.sealed(lab.opened(), *lab.chain.readership.everyone, lab.mallory.recipient), mark="0" * 16)


def numbers_left_out(lab: Lab) -> None:
    """A line a thousand numbers on, so that the number of the sheet seems reached."""
    save(lab, lab.record.read_bytes(), seq=1000)


def line_far_ahead(lab: Lab) -> None:
    """Her record as it is, with a line of the year 2099."""
    save(lab, lab.record.read_bytes(), at="2099-01-01T00:00+06:00")


def words_that_turn_what_follows(lab: Lab) -> None:
    """A sign that a record may have and that nobody sees, in a text of her record."""
    save(lab, lab.sealed(re.sub(rb"KG-2026-(\d+)", "\u200fKG-2026-\\1".encode(), lab.opened())))


def put_back_and_times_set_aside(lab: Lab) -> None:
    """All put back, and a line of the second device that says of every time that it counts no more."""
    all_put_back(lab)
    own = f"journal/{lab.second.device}.jsonl"
    more = {"clock": {str(lab.key.device): 1000, str(lab.second.device): 1000}}
    lab.add(lab.second, lab.line(lab.second, own, None, did="check", at="2020-01-01T00:00+06:00", more=more))


def store_renamed_and_vouched_for(lab: Lab) -> None:
    path = lab.house / "shelter.yaml"
    save(lab, re.sub(rb"store: \S+", b"store: S000000000000", path.read_bytes()), "shelter.yaml")


def line_of_others_file(lab: Lab) -> None:
    """A line about the list of devices itself, and about a place outside of the store."""
    lab.add(lab.second, lab.line(lab.second, "trust.jsonl", "0" * 64))


def put_back_and_said_to_be_restored(lab: Lab) -> None:
    """All put back, and a line of the second device that says it was restored, with a number beyond all."""
    all_put_back(lab)
    save(lab, lab.record.read_bytes(), seq=1000, did="restore")


def save(lab: Lab, data: bytes, name: str = "", **how: object) -> None:
    """Her record, or a file of that name, with a line of the second device, which has seen what the first wrote."""
    last = lab.journal().read_bytes().splitlines()[-1]
    seen = {str(lab.key.device): (json.loads(last)["seq"], hashlib.sha256(last).hexdigest()[:16])}
    lab.save(lab.second, name or f"residents/{lab.her}.yaml.age", data, **{"seen": seen, **how})


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
    one["age"] = seal_block(BlockPlace(lab.her, "legal", "health", one["id"]), FOUND, lab.chain.readership.everyone)
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
    one["age"] = seal_block(place(lab, one), {**FOUND, "follow_up": True}, lab.chain.readership.everyone, revision)
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
    one["age"] = seal_block(place(lab, one), inside(lab, before).content, lab.chain.readership.everyone)
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


GREASE = 300
"""How many bytes age writes at random into the header of a file, at most."""

REPORT = {"on": "2026-11-24", "report": "отрицательный"}
SAVES = (
    ("add {her} health", {"kind": "checkup", "on": "2026-11-24"}),
    ("add {her} hiv", REPORT),
    ("admit {her}", {"notes": "a few words"}),
    ("add {her} hiv", {**REPORT, "report": "положительный, направлена к врачу"}),
    ("add {her} need", {"need": "обувь", "class": "primary", "on": "2026-11-24"}),
)
OWN = ("seq", "prev", "base", "now", "sig", "at")
"""What is another one in every line of a journal."""


def sizes_watched(lab: Lab) -> None:
    """Watches her file and the journal over five saves, of which two write the HIV part: nothing tells which."""
    lines = []
    for words, given in SAVES:
        grown = _grown(lab, words, given)
        steps = round(grown / limits.PADDING_STEP_BYTES)
        assert abs(grown - steps * limits.PADDING_STEP_BYTES) <= GREASE
        lines.append(json.loads(lab.journal().read_bytes().splitlines()[-1]))
    seen = [{name: said for name, said in line.items() if name not in OWN} for line in lines]
    assert all(line == {**seen[0], "did": line["did"]} for line in seen)
    assert [line["did"] for line in seen] == ["add", "add", "admit", "add", "add"]


def a_long_text_seen_by_its_size(lab: Lab) -> None:
    """Sees by the steps that a text of some pages was written, which a report of HIV never is."""
    assert _grown(lab, "admit {her}", {"notes": "words " * 2000}) >= 2 * limits.PADDING_STEP_BYTES - GREASE


def _grown(lab: Lab, words: str, given: object) -> int:
    before = lab.record.stat().st_size
    lab.desk().do(words.format(her=lab.her), given)
    return lab.record.stat().st_size - before
