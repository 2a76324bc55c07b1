"""What each person of a house by role gets with her own key and the folder in her hands, and what she can forge."""

import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyrage

from shelterctl.document.reading import read_document
from shelterctl.document.subset import LARGEST_STORED
from shelterctl.document.writing import format_document
from shelterctl.identity.keys import Identity
from shelterctl.trust.chain import request_key_admission
from shelterctl.vault.sealed_bytes import FIRST_REVISION, BlockPlace, open_block, pad_text, seal_block, strip_armour
from tests.attack.lab import AT, Lab, named

Facts = dict[str, Any]

RECORDS = "residents"
EVERY_FILE = ("directory.yaml.age", RECORDS, "roster.yaml.age", "secrets.yaml.age")
READS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "s-guard": (("roster.yaml.age",), ()),
    "s-officer": (("roster.yaml.age",), ()),
    "s-other": (("roster.yaml.age",), ()),
    "s-gulnara": (EVERY_FILE, ()),
    "s-aida": (EVERY_FILE, ("session", "opinion")),
    "s-med": (EVERY_FILE, ("health", "hiv")),
    "s-law": (EVERY_FILE, ("legal",)),
    "s-iom": (EVERY_FILE, ()),
    "s-gone": ((), ()),
}
"""What the key of each person opens of the store, alone: kinds of files, and the sealed entries of her file by track.
The opinion was recorded by the psychologist who was dismissed since.
"""


def guard_reads(lab: Lab) -> None:
    """The guard opens whatever her key opens, and asks the program."""
    _looked(lab, "s-guard")


def data_officer_reads(lab: Lab) -> None:
    _looked(lab, "s-officer")


def another_role_reads(lab: Lab) -> None:
    _looked(lab, "s-other")


def social_worker_reads(lab: Lab) -> None:
    _looked(lab, "s-gulnara")


def psychologist_reads(lab: Lab) -> None:
    _looked(lab, "s-aida")


def medical_adviser_reads(lab: Lab) -> None:
    _looked(lab, "s-med")


def legal_adviser_reads(lab: Lab) -> None:
    _looked(lab, "s-law")


def coordinator_reads(lab: Lab) -> None:
    _looked(lab, "s-iom")


def dismissed_reads_today(lab: Lab) -> None:
    """The psychologist who was dismissed, with the folder as it is today."""
    _looked(lab, "s-gone")
    told = lab.desk().ask("list --staff s-gone")
    assert (told.code, told.error) == (5, "trust/shut-out")


def dismissed_reads_her_old_copy(lab: Lab) -> None:
    """The same with a copy from before: what she could read then she can read for good, and no more."""
    found = _opened(lab, lab.older, "s-gone")
    assert found == (EVERY_FILE, ("session", "opinion"))


def _looked(lab: Lab, code: str) -> None:
    """Compare what a person's key opens with what her role reads, by age itself and by the program."""
    files, tracks = READS[code]
    assert _opened(lab, lab.house, code) == (files, tracks)
    desk, opens_files = lab.desk(), RECORDS in files
    for words in (f"show {lab.her} --all --names", f"show {lab.her} session --names", f"show {lab.her} hiv --names"):
        told = desk.ask(f"{words} --staff {code}")
        assert (told.code == 0) == opens_files or told.code in (0, 5)
        for track, secret in SECRETS.items():
            assert (secret in told.out) <= (track in tracks), (code, words, track)
        assert "BEGIN AGE" not in told.out
        assert ("Примерова" in told.out) <= opens_files


def _opened(lab: Lab, store: Path, code: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The kinds of files that a person's key opens, and the sealed entries of her file by track."""
    key = lab.person(code)
    whole = {path for path in store.rglob("*.age") if _age_opens(lab, key, path.read_bytes())}
    kinds = {path.parent.name if path.parent.name == RECORDS else path.name for path in whole}
    for kind in kinds & {RECORDS}:  # every client's file, or none
        assert {*store.glob(f"{kind}/*.age")} <= whole
    record = read_document(lab.opened(store / lab.record.relative_to(lab.house)), LARGEST_STORED).value
    blocks = [(one["track"], one["age"]) for one in record["sealed"]["entries"]] + [("hiv", record["sealed"]["hiv"])]
    found = {track for track, block in blocks if _age_opens(lab, key, strip_armour(block))}
    return tuple(sorted(kinds)), tuple(
        name for name in ("session", "opinion", "health", "legal", "hiv") if name in found
    )


def _age_opens(lab: Lab, key: Identity, data: bytes) -> bool:
    """Whether age opens the bytes with this key: the program of that name too, where it is installed."""
    try:
        pyrage.decrypt(data, [pyrage.x25519.Identity.from_str(key.key)])
        opens = True
    except pyrage.DecryptError:
        opens = False
    if age := shutil.which("age"):
        (place := lab.folder / "key-for-age").write_text(f"{key.key}\n")
        done = subprocess.run([age, "-d", "-i", place], input=data, capture_output=True, check=False)
        place.unlink()
        assert (done.returncode == 0) == opens
    return opens


SECRETS = {
    "session": "говорит о сыне",
    "opinion": "мнение уволенной",
    "health": "А. Врачева",
    "hiv": "отрицательный",
    "legal": "Ходатаев",
}
"""Words that stand in the sealed entry of each track alone."""


# What they forge.


def guard_seals_her_file(lab: Lab) -> None:
    """The guard, who opens no client's file, seals one that she made up for its readers, and signs it."""
    fake = lab.forged()
    lab.save(lab.person("s-guard"), _name(lab), lab.sealed_for("file", fake), seen=_seen(lab, "s-guard"))


def guard_seals_the_roster(lab: Lab) -> None:
    """The guard takes somebody off the roster, which she reads and does not write."""
    guard = lab.person("s-guard")
    roster = read_document(guard.open((lab.house / ROSTER).read_bytes()), LARGEST_STORED).value
    roster["residents"].pop(lab.her)
    lab.save(guard, ROSTER, lab.sealed_for("roster", _text(roster)), seen=_seen(lab, "s-guard"))


def guard_registers_herself_as_manager(lab: Lab) -> None:
    """The guard writes another role behind her code into the register of staff, which is not sealed, and signs it."""
    said = (lab.house / "staff.yaml").read_bytes().replace(b"role: security", b"role: manager")
    lab.save(lab.person("s-guard"), "staff.yaml", said, seen=_seen(lab, "s-guard"))


def coordinator_moves_the_house(lab: Lab) -> None:
    """The coordinator of IOM gives the house more places than it has."""
    said = re.sub(rb"capacity: \d+", b"capacity: 80", (lab.house / "shelter.yaml").read_bytes())
    lab.save(lab.person("s-iom"), "shelter.yaml", said, seen=_seen(lab, "s-iom"))


def guard_seals_her_file_for_herself(lab: Lab) -> None:
    """The same as a file of hers that the guard opens too."""
    keys = (*lab.chain.readership.recipients("file"), lab.person("s-guard").recipient)
    lab.save(lab.person("s-guard"), _name(lab), lab.sealed(lab.forged(), *keys), seen=_seen(lab, "s-guard"))


def psychologist_shares_her_file(lab: Lab) -> None:
    """The psychologist seals a client's file for the guard too."""
    keys = (*lab.chain.readership.recipients("file"), lab.person("s-guard").recipient)
    lab.save(lab.person("s-aida"), _name(lab), lab.sealed(lab.opened(), *keys), seen=_seen(lab, "s-aida"))


def psychologist_shares_a_sealed_entry(lab: Lab) -> None:
    """The psychologist seals a session for the social worker too; the file itself is sealed as it should be."""
    record, one = _entry(lab, "session")
    inside = open_block(one["age"], _place(lab, one), lab.person("s-aida"))
    keys = (*lab.chain.readership.recipients("psychological", ["s-aida"]), lab.person("s-gulnara").recipient)
    one["age"] = seal_block(_place(lab, one), inside.content, keys, inside.revision)
    _save(lab, "s-aida", record)


def psychologist_leaves_the_paper_out(lab: Lab) -> None:
    """The psychologist seals a session anew, and not for the recovery paper."""
    record, one = _entry(lab, "session")
    inside = open_block(one["age"], _place(lab, one), lab.person("s-aida"))
    keys = lab.chain.readership.recipients("psychological", ["s-aida"])[:-1]
    one["age"] = seal_block(_place(lab, one), inside.content, keys, inside.revision)
    _save(lab, "s-aida", record)


def psychologist_shares_instead_of_the_paper(lab: Lab) -> None:
    """The psychologist seals a session for the social worker in the place of the paper: the count is right."""
    record, one = _entry(lab, "session")
    inside = open_block(one["age"], _place(lab, one), lab.person("s-aida"))
    keys = (*lab.chain.readership.recipients("psychological", ["s-aida"])[:-1], lab.person("s-gulnara").recipient)
    one["age"] = seal_block(_place(lab, one), inside.content, keys, inside.revision)
    _save(lab, "s-aida", record)


def medical_adviser_shares_the_hiv_report(lab: Lab) -> None:
    """The medical adviser seals the HIV report for the social worker too."""
    record, _ = _entry(lab, "session")
    place = BlockPlace(lab.her, "hiv", "hiv")
    inside = open_block(record["sealed"]["hiv"], place, lab.person("s-med"))
    keys = (*lab.chain.readership.recipients("hiv"), lab.person("s-gulnara").recipient)
    record["sealed"]["hiv"] = seal_block(place, inside.content, keys, inside.revision, padded=True)
    _save(lab, "s-med", record)


def social_worker_makes_up_a_session(lab: Lab) -> None:
    """The social worker seals a session that never was for its readers, under the psychologist's code."""
    record, one = _entry(lab, "session")
    content = {"at": "2026-11-24T12:00+06:00", "by": "s-aida"}
    new = {**one, **content, "id": "AAAA22", "recorded_by": "s-aida"}
    keys = lab.chain.readership.recipients("psychological", ["s-aida"])
    new["age"] = seal_block(_place(lab, new), {**content, "note": "не было"}, keys, FIRST_REVISION)
    record["sealed"]["entries"].append(new)
    record["sealed"].setdefault("revisions", {})["AAAA22"] = 1
    _save(lab, "s-gulnara", record)


def social_worker_opens_a_block_for_herself(lab: Lab) -> None:
    """The social worker, who cannot open a session, puts another in its place that she can open too."""
    record, one = _entry(lab, "session")
    keys = (*lab.chain.readership.recipients("psychological", ["s-aida"]), lab.person("s-gulnara").recipient)
    made_up = {name: one[name] for name in ("at", "by")} | {"note": "не было"}
    number = record["sealed"]["revisions"][one["id"]]
    one["age"] = seal_block(_place(lab, one), made_up, keys, FIRST_REVISION._replace(number=number))
    _save(lab, "s-gulnara", record)


def entry_under_another_code(lab: Lab) -> None:
    """The social worker writes a need into her file under the manager's code; the line is by her own key."""
    record: Facts = read_document(lab.opened(), LARGEST_STORED).value
    need = {"id": "NEED02", "need": "обувь", "class": "primary", "on": "2026-11-24"}
    stamp = {"recorded_at": "2026-11-24T10:00+06:00", "recorded_by": "manager"}
    _save(lab, "s-gulnara", {**record, "needs": [*(record.get("needs") or ()), {**need, **stamp}]})


def social_worker_changes_the_pay(lab: Lab) -> None:
    """The social worker pays out to her what the program does not let her sign for, with a program of her own."""
    record: Facts = read_document(lab.opened(), LARGEST_STORED).value
    _save(lab, "s-gulnara", {**record, "notes": "выплата увеличена"})


def social_worker_signs_herself_a_role(lab: Lab) -> None:
    """A statement by her own key that makes her a psychologist."""
    roles = ["psychologist", "social_worker"]
    lab.state(lab.next("roles", staff="s-gulnara", roles=roles), lab.person("s-gulnara"))


def social_worker_opens_every_part_to_her_role(lab: Lab) -> None:
    """A statement by her own key by which social workers read every part."""
    access = lab.chain.access
    assert access is not None
    parts = {part: sorted({*roles, "social_worker"}) for part, roles in access.parts.items()}
    lab.state(lab.next("access", parts=parts, less={}), lab.person("s-gulnara"))


def person_admits_another_key(lab: Lab) -> None:
    """A person's key, which is on the list to write, admits a key of the attacker's."""
    lab.state(lab.next("device", device=named(lab.mallory, "s-aida", ["write"])), lab.person("s-aida"), lab.mallory)


def person_shuts_the_manager_out(lab: Lab) -> None:
    lines = lab.journal().read_bytes()
    said = {"device": lab.key.device, "lines": lines.count(b"\n"), "sha256": hashlib.sha256(lines).hexdigest()}
    lab.state(lab.next("end", **said, why="left"), lab.person("s-aida"))


def demoted_manager_gives_the_role_back(lab: Lab) -> None:
    """Whoever was manager until yesterday signs the role for herself again."""
    desk = lab.desk()
    desk.do("roles --give s-aida=manager")
    desk.do("roles --take s-aida=manager")
    lab.state(lab.next("roles", staff="s-aida", roles=["manager", "psychologist"]), lab.person("s-aida"))


def last_role_taken_back(lab: Lab) -> None:
    """The list without its last statement, which took the second role from the psychologist."""
    _cut(lab, "roles")


def last_access_taken_back(lab: Lab) -> None:
    """The list without its last statement, which let a role do less in this house."""
    desk = lab.desk()
    desk.do("roles --less social_worker=person")
    _cut(lab, "access")


def old_role_said_again(lab: Lab) -> None:
    """An earlier statement of the manager's, word for word, behind the last one."""
    lines = (lab.house / "trust.jsonl").read_bytes().splitlines(keepends=True)
    before = next(line for line in lines if json.loads(line)["kind"] == "roles")
    (lab.house / "trust.jsonl").write_bytes(b"".join((*lines, before)))


def older_roster_put_back(lab: Lab) -> None:
    """The roster as it was before the last client came; no line says so."""
    shutil.copy(lab.old / ROSTER, lab.house / ROSTER)


def roster_without_somebody(lab: Lab) -> None:
    """The social worker, whose writes change the roster, leaves a client out of it."""
    roster = read_document(lab.opened(lab.house / ROSTER), LARGEST_STORED).value
    roster["residents"].pop(lab.her)
    lab.save(lab.person("s-gulnara"), ROSTER, lab.sealed_for("roster", _text(roster)), seen=_seen(lab, "s-gulnara"))


def request_changed_on_the_stick(lab: Lab) -> None:
    """The file with a newcomer's request names another key than the one that she signed with."""
    path = _requested(lab)
    said = json.loads(path.read_bytes())
    said["device"]["age"] = lab.mallory.recipient
    path.write_bytes(json.dumps(said, separators=(",", ":")).encode() + b"\n")


def anothers_request_on_the_stick(lab: Lab) -> None:
    """The attacker's own request under the newcomer's code, in the place of hers."""
    _requested(lab).write_bytes(_request_of(lab, lab.mallory))


def second_request_for_one_code(lab: Lab) -> None:
    """The newcomer's key was accepted; the attacker's request under her code was made before that."""
    path, theirs = _requested(lab), _request_of(lab, lab.mallory)
    lab.desk().do(f"staff key s-new --accept --from {path}")
    path.write_bytes(theirs)


def memory_of_a_person_erased(lab: Lab) -> None:
    """What the social worker's key remembers of the store is gone, and all is put back."""
    shutil.rmtree(lab.folder / "key.people/s-gulnara.heads")


def dismissed_writes_with_todays_folder(lab: Lab) -> None:
    """The psychologist whose key was shut out signs a change of her file all the same."""
    data = lab.sealed_for("file", lab.forged())
    lab.save(lab.person("s-gone"), _name(lab), data, seen=_seen(lab, "s-gone"))


def dismissed_puts_her_old_copy_back(lab: Lab) -> None:
    """Her file and its sealed entries as her key still opened them."""
    shutil.copy(lab.older / _name(lab), lab.record)


ROSTER = "roster.yaml.age"


def _name(lab: Lab) -> str:
    return str(lab.record.relative_to(lab.house))


def _seen(lab: Lab, code: str) -> dict[str, tuple[int, str]]:
    """What a person's journal says that she had seen of the others: everything."""
    return lab.seen_by(lab.person(code))


def _text(value: Facts) -> bytes:
    return format_document(value).encode()


def _entry(lab: Lab, track: str) -> tuple[Facts, Facts]:
    record: Facts = read_document(lab.opened(), LARGEST_STORED).value
    return record, next(one for one in record["sealed"]["entries"] if one["track"] == track)


def _place(lab: Lab, one: Facts) -> BlockPlace:
    return BlockPlace(lab.her, one["part"], one["track"], one["id"])


def _save(lab: Lab, code: str, record: Facts) -> None:
    lab.save(lab.person(code), _name(lab), lab.sealed_for("file", _text(record)), seen=_seen(lab, code))


def _cut(lab: Lab, kind: str) -> None:
    lines = (lab.house / "trust.jsonl").read_bytes().splitlines(keepends=True)
    assert json.loads(lines[-1])["kind"] == kind
    (lab.house / "trust.jsonl").write_bytes(b"".join(lines[:-1]))


def _requested(lab: Lab) -> Path:
    desk, path = lab.desk(), lab.folder / "s-new.request"
    desk.do("staff add s-new --role psychologist")
    desk.do(f"staff key s-new --no-passphrase --out {path}")
    return path


def _request_of(lab: Lab, key: Identity) -> bytes:
    return request_key_admission(lab.chain, key, "s-new", AT).line + b"\n"


def demoted_writes_by_the_list_of_before(lab: Lab) -> None:
    """The coordinator, whose role was taken away and who opens no file since, signs one by the list of before.

    The file was sealed anew since by somebody who knew of it.
    """
    before = lab.chain
    _demoted(lab)
    data = lab.sealed(pad_text(lab.forged()), *before.readership.recipients("file"))
    for _ in range(2):  # the second goes on from the first
        lab.save(lab.person("s-iom"), _name(lab), data, seen=_seen(lab, "s-iom"), mark=before.last_mark)
        data = lab.sealed(pad_text(lab.forged()), *before.readership.recipients("file"))


def demoted_writes_as_if_she_had_not_heard(lab: Lab) -> None:
    """The same of a file that nobody saved since, as a copy that never heard of it would save it."""
    before, seen = lab.chain, _seen(lab, "s-iom")
    base = lab.version(_name(lab))
    _demoted(lab)
    data = lab.sealed(pad_text(lab.forged()), *before.readership.recipients("file"))
    lab.save(lab.person("s-iom"), _name(lab), data, seen=seen, mark=before.last_mark, base=base)


def _demoted(lab: Lab) -> None:
    desk = lab.desk()
    desk.do("roles --give s-iom=security")
    desk.do("roles --take s-iom=iom_coordinator")
