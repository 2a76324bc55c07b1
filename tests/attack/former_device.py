"""What is done with a key that was shut out, left, copied or replaced."""

import hashlib
import json
import os
import shutil
from pathlib import Path

from shelterctl import limits
from shelterctl.custody.recovery_paper import write_sealed_note
from shelterctl.errors import CannotOpen
from shelterctl.identity.keys import Identity, create_recovery_key
from shelterctl.trust.chain import end_device_in_chain
from shelterctl.trust.memory import StoreMemory
from tests.attack.insider_files import save, tail_rewritten
from tests.attack.lab import AT, BY, Forger, Lab, named
from tests.attack.without_key import _back, all_put_back
from tests.support.desk import Desk


def ended_writes_on(lab: Lab) -> None:
    lab.save(lab.second, "residents/7QF2-M9KD.yaml.age", lab.sealed(_of_nobody(lab)))


def ended_backdates(lab: Lab) -> None:
    how = {"at": "2026-11-01T12:00+06:00", "mark": lab.chain.digests[0][:16]}
    lab.save(lab.second, "residents/7QF2-M9KD.yaml.age", lab.sealed(_of_nobody(lab)), **how)


def ended_rewrites(lab: Lab) -> None:
    """As many lines as were counted, the last with other words."""
    tail_rewritten(lab)


def ended_admits(lab: Lab) -> None:
    lab.state(lab.next("device", device=named(lab.mallory)), lab.second, lab.mallory)


def ended_puts_the_list_back(lab: Lab) -> None:
    """The list without its own end, and what the first device wrote since, taken out with it."""
    shutil.copy(lab.old / "trust.jsonl", lab.house / "trust.jsonl")


def ended_goes_on_from_before(lab: Lab) -> None:
    """All as it was before its end, and on from there: who never heard of the end cannot know."""
    all_put_back(lab)
    save(lab, lab.sealed(lab.forged()))


def ended_changes_her_record(lab: Lab) -> None:
    """Says something else of somebody whose file there is, going on from its newest version."""
    save(lab, lab.sealed(lab.forged()))


def ended_saves_rubbish(lab: Lab) -> None:
    """What nobody can open, as the file of a client who never came."""
    save(lab, b"rubbish", "residents/7QF2-M9KD.yaml.age")


def ended_puts_rubbish_in_her_place(lab: Lab) -> None:
    """The same in the place of a file of the house."""
    save(lab, b"rubbish")


def end_missed(lab: Lab) -> None:
    """Works on for days in a copy of its own that never heard of the end, and its files and journal come back."""
    copy, desk = elsewhere(lab)
    desk.do(f"admit {lab.other} --store elsewhere --identity second", {"notes": "by who missed the end"})
    desk.do("admit --store elsewhere --identity second", {"notes": "who came there", "identity": {"sex": "female"}})
    merged(lab, copy)


def ended_writes_more_than_is_known(lab: Lab) -> None:
    """A person of the house signs that she knows of one line that gives a file up; then there are two."""
    for known in (False, True):
        lab.add(lab.second, lab.line(lab.second, f"residents/{lab.other}.yaml.age", None, did="repair"))
        if not known:
            lab.desk().do("repair journal")


def stick_from_before(lab: Lab) -> None:
    """The same, and the list of devices as it was there comes back with them."""
    end_missed(lab)
    shutil.copy(lab.old / "trust.jsonl", lab.house / "trust.jsonl")


def ended_restores_an_old_backup(lab: Lab) -> None:
    """It goes on from a state before its last line, as its own program lets it, and what it wrote comes back."""
    desk = Desk(lab.folder, lab.her)
    desk.do("restore older --store elsewhere --identity second", today=None)
    desk.do("admit --store elsewhere --identity second", {"notes": "who came there", "identity": {"sex": "female"}})
    shutil.copy(lab.folder / "elsewhere/journal" / lab.journal(lab.second).name, lab.journal(lab.second))


def ended_rewrites_and_says_what_remains(lab: Lab) -> None:
    """Its own journal cut to three lines, and behind them its word that no others are left."""
    place = lab.journal(lab.second)
    place.write_bytes(b"".join(place.read_bytes().splitlines(keepends=True)[:3]))
    left = {"device": lab.second.device, "line": 3, "sha256": hashlib.sha256(place.read_bytes()).hexdigest()}
    lab.add(lab.second, lab.line(lab.second, f"journal/{place.name}", None, more={"remains": left}, did="repair"))


def journal_of_the_ended_deleted(lab: Lab) -> None:
    lab.journal(lab.second).unlink()


def journal_of_the_ended_damaged(lab: Lab) -> None:
    """Three signs of a line in its middle are others: more than can be guessed."""
    place = lab.journal(lab.second)
    lines = place.read_bytes().splitlines(keepends=True)
    lines[2] = lines[2][:50] + b"~~~" + lines[2][53:]
    place.write_bytes(b"".join(lines))


def more_than_a_journal_behind_an_end(lab: Lab) -> None:
    with lab.journal(lab.second).open("r+b") as file:
        file.truncate(limits.JOURNAL_BYTES + 1)
        file.seek(-1, 2)
        file.write(b"\n")


def rubbish_behind_an_end(lab: Lab) -> None:
    """Anybody can write behind the last line of a journal; none of it is signed."""
    with lab.journal(lab.second).open("ab") as file:
        file.write(b"rubbish\n" * 3 + b"{" * 5000 + b"\n")


def line_forged_behind_an_end(lab: Lab) -> None:
    """A line as the device that was shut out would have signed it, about her record, over a made-up signature."""
    lab.save(Forger(lab.second), f"residents/{lab.her}.yaml.age", lab.sealed(lab.forged()))


def elsewhere(lab: Lab) -> tuple[Path, Desk]:
    """The store as it was before the end, in a folder of its own, and whoever works there."""
    shutil.copytree(lab.old, copy := lab.folder / "elsewhere")
    return copy, Desk(lab.folder, lab.her)


def merged(lab: Lab, copy: Path) -> None:
    """What was written in another copy since comes into the house, as a program brings two folders together."""
    for path in copy.rglob("*.*"):
        name = path.relative_to(copy)
        old = lab.old / name
        if (
            path.is_file()
            and name.name != "trust.jsonl"
            and (not old.exists() or old.read_bytes() != path.read_bytes())
        ):
            shutil.copy(path, lab.house / name)


def ended_puts_her_file_back(lab: Lab) -> None:
    """Her file as it was sealed to it too, before its end."""
    shutil.copy(lab.old / lab.record.relative_to(lab.house), lab.record)


def sealing_anew_undone(lab: Lab) -> None:
    """Everything as it was before its end, but for the list: it opens all files again, and nobody said that it may."""
    now = (lab.house / "trust.jsonl").read_bytes()
    all_put_back(lab)
    (lab.house / "trust.jsonl").write_bytes(now)


def memory_erased(lab: Lab) -> None:
    shutil.rmtree(lab.folder / "key.heads")


def memory_erased_and_all_put_back(lab: Lab) -> None:
    memory_erased(lab)
    all_put_back(lab)


def memory_filled_with_rubbish(lab: Lab) -> None:
    """Pipes, and files of 20 GB, in the place of its notes; and all put back."""
    all_put_back(lab)
    for number, path in enumerate(sorted((lab.folder / "key.heads").iterdir())):
        path.unlink()
        if number % 2:
            os.mkfifo(path)
        else:
            path.touch()
            os.truncate(path, 20 << 30)


def reminders_made_up(lab: Lab) -> None:
    """Two backups on two disks that nobody made, and a paper that nobody tried, all of today."""
    root, today, chain = lab.chain.root[:16], AT[:10], lab.chain
    disks = [
        {"folder": f"/media/{name}/x", "disk": name, "on": today, "number": 9, "mark": chain.last_mark} for name in "ab"
    ]
    (lab.folder / "key.heads" / f"{root}.copies").write_text("".join(json.dumps(one) + "\n" for one in disks))
    paper = hashlib.sha256(chain.paper[0].encode()).hexdigest()[:16]
    (lab.folder / "key.heads" / f"{root}.drill").write_text(json.dumps({"paper": paper, "on": today}))


def reminders_filled_with_rubbish(lab: Lab) -> None:
    """A pipe, a file of 20 GB, and lines that this program did not write, one of them deep."""
    note = lab.folder / "key.heads" / lab.chain.root[:16]
    note.with_suffix(".copies").write_bytes(b'{"folder": 1}\n\xff\n[]\n' + b"[" * 9000 + b"\n")
    note.with_suffix(".backup").touch()
    os.truncate(note.with_suffix(".backup"), 20 << 30)
    os.mkfifo(note.with_suffix(".drill"))


def memory_made_up(lab: Lab) -> None:
    """All put back, and a note that says that it was always so."""
    all_put_back(lab)
    root = lab.chain.root
    fake = StoreMemory(lab.folder / "key.heads", root, Identity(lab.key.key, b"0" * 32, lab.key.device))
    lines = lab.journal().read_bytes()
    head = (json.loads(lines.splitlines()[-1])["seq"] + 1, len(lines), hashlib.sha256(lines).hexdigest())
    fake.write_note(lab.chain, {str(lab.key.device): head}, AT)


def all_put_back_with_the_list_beside_the_memory(lab: Lab) -> None:
    """All put back, and the copy of the list that lies beside the note of the device; the note says another one."""
    all_put_back(lab)
    (lab.folder / f"key.heads/{lab.chain.root[:16]}.trust").write_bytes((lab.house / "trust.jsonl").read_bytes())


def disk_put_back(lab: Lab) -> None:
    """The store and the memory of the computer, both as they were at one moment: a snapshot of its disk."""
    all_put_back(lab)
    memory_erased(lab)
    shutil.copytree(lab.folder / "old.heads", lab.folder / "key.heads")


def folder_read(lab: Lab) -> None:
    """What lies open is read, and is no more than the page on security says: ids, times, codes, commands."""
    lies = b"".join(path.read_bytes() for path in sorted(lab.house.rglob("*")) if path.is_file())
    names = {path.name[:9] for path in lab.house.glob("residents/*.age")}
    assert names == {lab.her, lab.other, lab.later}
    lines = [json.loads(line) for line in lab.journal().read_bytes().splitlines()]
    assert {"admit", "add"} <= {line["did"] for line in lines if line["file"] == f"residents/{lab.her}.yaml.age"}
    assert all(line["at"][:4].isdigit() and line["by"] == BY for line in lines)
    assert not [word for word in ("Айгуль", "Примерова", "KG-2026", "А. Врачева") if word.encode() in lies]


def memory_of_another_key(lab: Lab) -> None:
    """All put back, and the note of the second computer in the place of the first one's."""
    all_put_back(lab)
    for path in (lab.folder / "second.heads").iterdir():
        shutil.copy(path, lab.folder / "key.heads" / path.name)


def key_in_two_hands(lab: Lab) -> None:
    """A copy of the first device's key wrote its own line where this computer wrote another."""
    path = lab.journal()
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-1]))
    last = json.loads(lines[-1])
    data = lab.sealed(lab.opened(lab.house / last["file"]).replace(b"a third", b"another"))
    lab.save(lab.key, last["file"], data, base=last["base"])


def both_from_one_version(lab: Lab) -> None:
    """Two devices changed one file, each without having seen the other."""
    name = f"residents/{lab.her}.yaml.age"
    base = [line["base"] for line in map(json.loads, lab.journal().read_bytes().splitlines()) if line["file"] == name]
    lab.save(lab.second, name, lab.sealed(lab.opened()), base=base[-1])


def sealed_anew_with_other_words(lab: Lab) -> None:
    """Goes on from the version before the newest one with other words, and says that it was only sealed anew."""
    name = f"residents/{lab.her}.yaml.age"
    base = [line["base"] for line in map(json.loads, lab.journal().read_bytes().splitlines()) if line["file"] == name]
    lab.save(lab.second, name, lab.sealed(lab.forged()), base=base[-1], did="rekey")


def _of_nobody(lab: Lab) -> bytes:
    """A record of a client who never came."""
    return lab.opened().replace(lab.her.encode(), b"7QF2-M9KD")


def leaver_opens_what_is_sealed(lab: Lab) -> None:
    """Every file by the key of her laptop: none opens any more."""
    assert [path.name for path in lab.house.rglob("*.age") if _opens(lab, path.read_bytes())] == []


def leaver_takes_her_last_day_out(lab: Lab) -> None:
    """The register without it: the file lies in clear, and anybody who gets at the folder can write there."""
    staff = lab.house / "staff.yaml"
    lines = staff.read_text("utf-8").splitlines(keepends=True)
    staff.write_text("".join(line for line in lines if "until" not in line), "utf-8")


def leaver_puts_the_register_back(lab: Lab) -> None:
    """The register as it was when she worked here."""
    _back(lab, lab.house / "staff.yaml")


def leaver_sits_at_a_computer_that_stays(lab: Lab) -> None:
    """The computer that was bound to her code, whose passphrase she knows; who sits there is not said."""
    for name in ("key", "key.heads"):
        place = lab.folder / name
        (shutil.rmtree if place.is_dir() else type(place).unlink)(place)
        shutil.move(lab.folder / name.replace("key", "second"), place)


def leaver_copied_the_key_of_another_computer(lab: Lab) -> None:
    """The key file of the first computer, as it was when she knew its passphrase: whoever has it is that computer."""
    name = str(lab.record.relative_to(lab.house))
    lab.save(lab.key, name, lab.sealed(lab.forged()))


def _opens(lab: Lab, data: bytes) -> bool:
    try:
        lab.second.open(data)
    except CannotOpen:
        return False
    return True


def device_by_the_old_paper(lab: Lab) -> None:
    """The old paper admits a device behind the statement that replaced it."""
    lab.state(lab.next("device", device=named(lab.mallory)), lab.old_paper, lab.mallory)


def paper_by_the_old_paper(lab: Lab) -> None:
    """The old paper puts a paper of the attacker's in the place of the new one."""
    his = create_recovery_key()
    lab.state(lab.next("recovery", recovery={"age": his.recipient, "sign": his.signing_public}), lab.old_paper, his)


def our_device_ended_by_the_old_paper(lab: Lab) -> None:
    lines = lab.journal().read_bytes()
    said = {"device": lab.key.device, "lines": lines.count(b"\n"), "sha256": hashlib.sha256(lines).hexdigest()}
    lab.state(lab.next("end", **said, why="left"), lab.old_paper)


def old_paper_back(lab: Lab) -> None:
    """The list is the one from before the renewal, and goes on with a device that the old paper admits."""
    shutil.copy(lab.old / "trust.jsonl", lab.house / "trust.jsonl")
    device_by_the_old_paper(lab)


def all_put_back_and_joined_by_the_old_paper(lab: Lab) -> None:
    """A whole copy from before the renewal, to which the old paper admitted a computer that works with it."""
    all_put_back(lab)
    desk = lab.desk()
    desk.do("trust --join --recovery old-paper --identity his --no-passphrase")
    desk.do(f"admit {lab.other} --identity his", {"notes": "by the computer that the old paper admitted"})


def record_from_before_the_renewal(lab: Lab) -> None:
    """Her record as the old paper still opens it."""
    shutil.copy(lab.old / f"residents/{lab.her}.yaml.age", lab.record)


def note_of_a_paper_of_his(lab: Lab) -> None:
    """A note that a renewal was begun with a paper which the attacker has, sealed to our device as anybody can."""
    (place := lab.folder / f"key.heads/{lab.chain.root[:16]}.renewal").unlink(missing_ok=True)
    note = {"schema": "renewal/1", "paper": lab.mallory.key, "instead_of": lab.chain.paper[0], "mark": "0" * 64}
    write_sealed_note(place, lab.key, note)


def settled_by_the_old_paper(lab: Lab) -> None:
    """The list goes on in a second way, by the old paper, which alone makes one list of both with itself in force."""
    chain, old = lab.chain, lab.old_paper
    heading = {"v": 1, "kind": "device", "root": chain.root, "prev": [chain.digests[0]], "at": AT, "by": BY}
    lab.state({**heading, "device": named(lab.mallory)}, old, lab.mallory)
    last = (lab.house / "trust.jsonl").read_bytes().splitlines()[-1]
    tips = sorted([chain.digests[-1], hashlib.sha256(last).hexdigest()])
    paper = {"age": old.recipient, "sign": old.signing_public}
    lab.state({**heading, "kind": "settle", "prev": tips, "keep": [], "recovery": paper}, old)


def device_added_where_an_end_was_cut_off(lab: Lab) -> None:
    """The first computer noted the end that it was about to save, and no more; somebody else goes on instead."""
    chain = lab.chain
    longer = end_device_in_chain(chain, str(lab.second.device), (0, "0" * 64), "lost", BY, AT, lab.key)
    StoreMemory(lab.folder / "key.heads", chain.root, lab.key).announce_chain(longer)
    lab.state(lab.next("device", device=named(lab.mallory)), lab.second, lab.mallory)


def two_joined_by_the_found_paper(lab: Lab) -> None:
    """Whoever found the paper lets two computers join; the house hears of one, and shuts it out."""
    for name in ("first", "next"):
        lab.desk().do(f"trust --join --recovery paper --identity {name} --no-passphrase --staff s-aida")
