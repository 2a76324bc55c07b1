"""Every command that writes, as a work that can be struck down: the store before it, and the words."""

import hashlib
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from shelterctl import session as seating
from shelterctl.errors import ShelterError
from shelterctl.identity.key_file import change_passphrase, load_identity
from shelterctl.identity.keys import Identity
from shelterctl.session import now_at
from shelterctl.trust.chain import end_device_in_chain, verify_chain
from shelterctl.trust.chain import end_device_in_chain as end_of
from shelterctl.trust.chain_state import join_lists
from shelterctl.vault.sealed_bytes import read_age_header
from tests.custody.test_unproven_file import shared, unnamed
from tests.support.desk import TODAY, Desk
from tests.support.inputs import REFERRAL, USUAL_ENTRIES
from tests.support.papers import PAPERS
from tests.support.passphrases import NEW, OLD, QUICK, never
from tests.support.paths import ACCEPTED, MADE_BY_0_1_0
from tests.support.register_files import INCIDENT, SHIFT, VISIT
from tests.support.sealed_entries import decrypted
from tests.support.stores import House

Given = Any
Step = tuple[str, Given]
LATER = "2027-06-01"
SESSION = {"approach": "individual", "at": "2026-11-24T10:00+06:00", "by": "s-aida", "kind": "crisis"}
LEGAL = {"kind": "advice", "on": "2026-11-25", "by": "s-gulnara", "points": ["risk"]}
HIV = {"on": "2026-11-23", "report": "an invented answer"}
INFECTION = {
    "kind": "initial_complete", "on": "2026-11-23", "items": ["physician"], "finding": "infection", "follow_up": True,
}  # fmt: skip
TREATED = {"inpatient_not_needed": {"by": "an invented doctor", "reason": "treated at home", "on": "2026-11-24"}}
OUTING = {
    "kind": "outing", "planned_at": "2026-11-26T10:00+06:00", "expected_back_at": "2026-11-26T12:00+06:00",
    "purpose": "market",
}  # fmt: skip
ARRIVED = {
    "identity": {"first_name": "Бермет", "last_name": "Придумова", "sex": "female", "birth_date": 1994},
    "referral": {"sources": ["partner_ngo"]},
    "received": {"at": "2026-11-24T21:00+06:00", "by": "s-gulnara", "provisional_reason": "night"},
}  # fmt: skip
SHARING = {
    "kind": "information_sharing", "purpose": "housing", "given_on": "2026-11-23", "language": "ky",
    "recipient": "sezim",
}  # fmt: skip
HANDOVER = {"kind": "handover", "on": "2026-11-24", "note": "an invented note"}
DISCLOSURE = {
    "kind": "partner", "recipient": "sezim", "what": ["age"], "by": "s-gulnara", "occasion": "handover",
    "iom_agreed": {"on": "2026-11-23", "by": "NGO Coordinator"},
}  # fmt: skip
DECISION = {"by": "NGO Coordinator", "reason": "an invented reason"}
BLUE = "agreement {her} --form blue"
PLANNED: Sequence[Step] = (
    ("add {her} need", USUAL_ENTRIES["need"]),
    ("add {her} plan", USUAL_ENTRIES["plan"]),
    ("add {her} consent", {**USUAL_ENTRIES["consent"], "language": "ky", "by": "s-gulnara"}),
)
APPROVED = (*PLANNED, ("approve {her} plan --on 2026-11-24", None))
AGREED: Sequence[Step] = ((BLUE, PAPERS["blue"]),)
SIGNED = (*AGREED, (f"{BLUE} --number S-NGO-12 --sign --on 2026-11-25", None))
INVITED = (
    "hub match --begin --with age1az4g9pwkpa2uygeacrj7ptj3y4kkw6jcqa9t9906h68wjzktlasqel48jj --for other-house "
    f"--until {date.today() + timedelta(20)}"
)
JOINED = ("trust --join --recovery paper --no-passphrase --identity other --staff s-aida", None)
TWO = (JOINED, ("trust --accept", None))
RECORDED = [("facility add bishkek --registers-since 2025-01-01", None)]


@dataclass(frozen=True)
class Work:
    """A command that writes; all of it happens or nothing, unless the same words are to finish it."""

    words: str
    given: Given = None
    before: Sequence[Step] = ()
    """What was done before, in words too; the entry that a step wrote is called {entry} from then on."""
    stage: str = "admitted"
    today: str | None = TODAY
    made: Callable[[Desk], object] | None = None
    """What is done to the store beside commands, once the steps are done."""
    secrets: Mapping[str, str] = field(default_factory=dict)
    look: Callable[[Desk], str] = lambda desk: ""
    """What else is there, or is not, because of it."""
    checks: frozenset[int] = frozenset({0})
    """How check may end before it is done, and after."""
    accepts: bool = False
    """Whether another computer did it, so that this one asks whether somebody knows of it."""
    finishes: bool = False
    """Whether something between the old and the new may be there, which the same words finish."""


def paper(name: str) -> Callable[[Desk], str]:
    """How long the paper of that name is, if it is there."""
    return lambda desk: str(len((desk.folder / name).read_bytes())) if (desk.folder / name).exists() else ""


def ledger(desk: Desk) -> str:
    """The releases of the ledger, and whether their figures are whole."""
    rows = desk.do("publish --log", today=None).data["rows"]
    return " ".join(f"{row['release']}={row['state']}" for row in rows)


def released(name: str) -> Callable[[Desk], str]:
    """What the key of this computer reads in an exported file, if it is there; how long one is changes each time."""
    return lambda desk: decrypted(path.read_bytes(), desk.key).decode() if (path := desk.folder / name).exists() else ""


def there(name: str) -> Callable[[Desk], str]:
    """Whether a file is there: it holds what was drawn by lot, so that no two are alike."""
    return lambda desk: str((desk.folder / name).exists())


def opens(desk: Desk) -> str:
    """Under which of the passphrases the key of the device lies; it must be one."""
    found = []
    for passphrase in (OLD, NEW):
        try:
            load_identity(desk.key, lambda passphrase=passphrase: passphrase, tries=1)  # type: ignore[misc]
        except Exception:  # noqa: S112
            continue
        found.append(passphrase)
    return " ".join(found)


def backups(desk: Desk) -> str:
    """How many files a backup has; each has as many, or it is told."""
    found = [place for place in desk.folder.glob("usb/*") if place.name[0] != "."]
    return str({sum(path.is_file() for path in place.rglob("*")) for place in found})


def open_for(desk: Desk) -> str:
    """For how many keys each sealed file opens."""
    found = (read_age_header(path.read_bytes(), path.name).keys for path in desk.store.rglob("*.age"))
    return " ".join(map(str, sorted(found)))


def forgotten(desk: Desk) -> None:
    shutil.rmtree(desk.folder / "key.heads")


def said_of_it(code: str) -> Callable[[Desk], str]:
    """Whether whoever lists the clients is told so."""
    return lambda desk: str(code in desk.ask("list").codes())


def shut_out(desk: Desk) -> str:
    """How many computers are shut out, and how many files open for them still."""
    out = [row for row in desk.do("trust").data["rows"] if row["state"] == "ended"]
    wide = [path for path in desk.store.rglob("*.age") if read_age_header(path.read_bytes(), path.name).keys > 2]
    return f"{len(out)} {len(wide)}"


def under_passphrase(desk: Desk) -> None:
    change_passphrase(desk.key, never, lambda: OLD, work_factor=QUICK)


def more_readers(desk: Desk) -> None:
    shared(desk, 1)


def unnamed_record(desk: Desk) -> None:
    unnamed(desk)
    desk.do("repair journal --give-up")


def saved_behind_an_end(desk: Desk) -> None:
    """Her record as a second device saved it in a copy of the store, after it was shut out here."""
    words, _ = JOINED
    desk.do(words)
    desk.do("trust --accept")
    shutil.copytree(desk.store, desk.folder / "away")
    other = load_identity(desk.folder / "other", None)
    journal = desk.store / f"journal/{other.device}.jsonl"
    lines = journal.read_bytes()
    end = (lines.count(b"\n"), hashlib.sha256(lines).hexdigest())
    chain = verify_chain((desk.store / "trust.jsonl").read_bytes(), 0)
    at = "2026-11-25T10:00+06:00"
    chain = end_device_in_chain(chain, str(other.device), end, "lost", "manager", at, load_identity(desk.key, None))
    (desk.store / "trust.jsonl").write_bytes(chain.lines)
    desk.do("trust --accept")
    desk.do(f"admit {desk.her} --store away --identity other", {"notes": "by who missed the end"})
    for name in (f"journal/{journal.name}", f"residents/{desk.her}.yaml.age"):
        shutil.copy(desk.folder / "away" / name, desk.store / name)


OLD_CASES = (
    "person.old_number;identity.last_name;identity.first_name;identity.sex;identity.birth_date;referral.sources;"
    "referral.received_at;reception.at;on-paper.seen_by;on-paper.seen_on;paper.primary-interview;"
    "paper.primary-evaluation;paper.coordinator-agreement;paper.rules;paper.rights;paper.iom-consulted;act.admission;"
    "act.discharge\n"
    "J-1;Придумова;Бермет;женщина;1991;правоохранительные органы;03.02.2021;03.02.2021;s-aida;20.11.2026;03.02.2021;"
    "03.02.2021;03.02.2021;04.02.2021;04.02.2021;05.02.2021;04.02.2021;11.02.2021\n"
    "J-2;Образцова;Жылдыз;женщина;1988;правоохранительные органы;03.03.2021;03.03.2021;s-aida;20.11.2026;03.03.2021;"
    "03.03.2021;03.03.2021;04.03.2021;04.03.2021;05.03.2021;04.03.2021;11.03.2021\n"
)
"""Two stays from before the program, as a sheet has them."""


def with_old_cases(desk: Desk) -> None:
    """The sheet of old cases lies beside the store."""
    (desk.folder / "old.csv").write_text(OLD_CASES, encoding="utf-8")


def under_a_wrong_clock(desk: Desk) -> None:
    """Something written at a time that is far from now."""
    with pytest.MonkeyPatch.context() as wrong:
        wrong.setattr(seating, "now_at", lambda offset: now_at(offset) + timedelta(days=10_000))
        desk.do("staff add s-dana --role psychologist")


def papers(desk: Desk) -> str:
    """How many files the old and the new paper open, and whether a renewal is noted."""
    said = []
    for name in ("paper", "new-paper"):
        there = (desk.folder / name).exists()
        keys = [load_identity(desk.folder / name, None)] if there else []
        files = [path.read_bytes() for path in desk.store.rglob("*.age")]
        said.append(f"{name} {sum(unsealed(data, key) for data in files for key in keys)}")
    return " ".join([*said, *("noted" for _ in desk.folder.glob("key.heads/*.renewal"))])


def unsealed(data: bytes, key: Identity) -> bool:
    """Whether the key opens it."""
    try:
        return bool(key.open(data))
    except ShelterError:
        return False


def other_shut_out(desk: Desk) -> None:
    """The second computer may read no longer, and nothing was sealed anew since."""
    session = seating.Session(options=seating.Options(store=str(desk.store), identity=str(desk.key)))
    store, out = session.store, str(load_identity(desk.folder / "other", None).device)
    lines = store.vault.journal.whole_lines(out)[1]
    end = (lines.count(b"\n"), hashlib.sha256(lines).hexdigest())
    chain = end_of(
        store.vault.journal.chain, out, end, "lost", session.journal_staff, session.timestamp, store.identity
    )
    store.vault.save_chain(chain)


def both_shut_out(desk: Desk) -> None:
    """This computer shut the second one out, and that one this one; the two lists came together."""
    house = House(desk.folder, desk.her)
    before = house.list("house")
    house.ends("other", "key", "house", told=False)
    theirs = house.list("house")
    house.lies(before)
    house.ends("key", "other", "house", told=False)
    desk.do("trust --accept")
    house.lies(join_lists([house.list("house"), theirs]))


WORKS: dict[str, Work] = {
    "facility add": Work("facility add osh --capacity 8 --ngo sezim", {"address": "an invented street"}),
    "iom-contact add": Work("iom-contact add i-asya", {"name": "an invented one", "role": ["ngo_coordinator"]}),
    "ngo add": Work("ngo add other --memorandum 2026-01-15 --contract 2026-01-20", {"name": "an invented one"}),
    "staff add": Work("staff add s-dana --role psychologist", {"name": "an invented one"}),
    "staff add, changed": Work("staff add s-aida --role manager", {"name": "an invented one"}),
    "staff add, back": Work("staff add s-aida --since 2026-11-26", before=[("staff end s-aida --on 2026-11-25", None)]),
    "staff end": Work("staff end s-aida --on 2026-11-25"),
    "staff end, with a computer": Work("staff end s-aida --on 2026-11-25", before=[JOINED, ("trust --accept", None)],
                                       look=shut_out, finishes=True),
    "provider add": Work("provider add lyceum", {"name": "an invented one"}),
    "admit, new": Work("admit --new-person", REFERRAL),
    "admit, without a stay": Work("admit --new-person --without-stay", {"notes": "x", "identity": {"sex": "male"}}),
    "admit, merged": Work("admit {her}", {"notes": "x", "identity": {"address": "an invented street"}}),
    "admit, done": Work("admit {her} --done orientation"),
    "admit, complete": Work("admit {her} --complete --on 2026-11-22", stage="referred"),
    "admit, all at once": Work("admit {her} --complete --on 2026-11-22 --done orientation", {"notes": "x"},
                               stage="referred"),
    "import": Work("import old.csv", made=with_old_cases),
    "import, each": Work("import old.csv --each", made=with_old_cases),
    "import, a template": Work("import --template old.csv", look=paper("old.csv")),
    "add, plain": Work("add {her} need", USUAL_ENTRIES["need"]),
    "add, again": Work("add {her} need --again", USUAL_ENTRIES["need"], [("add {her} need", USUAL_ENTRIES["need"])]),
    "add, medical": Work("add {her} health", USUAL_ENTRIES["health"]),
    "add, hiv": Work("add {her} hiv", HIV),
    "add, psychological": Work("add {her} session", SESSION),
    "add, legal": Work("add {her} legal", LEGAL),
    "add, changed": Work("add {her} health", {"id": "{entry}", "follow_up": False, "finding": "none"},
                         [("add {her} health", INFECTION)]),
    "approve": Work("approve {her} plan --on 2026-11-24", before=PLANNED),
    "approve, undone": Work("approve {her} plan --undo", before=APPROVED),
    "start": Work("start {her} plan --on 2026-11-24", before=APPROVED),
    "close": Work("close {her} health", TREATED, [("add {her} health", INFECTION)]),
    "confirm": Work("confirm bishkek occasion", before=[("add bishkek occasion --staff s-aida", HANDOVER)]),
    "permit": Work("permit {her} absence", before=[("add {her} absence", OUTING)]),
    "add, shift": Work("add bishkek shift", SHIFT),
    "add, visit": Work("add bishkek visit", VISIT, [("add bishkek shift", SHIFT)]),
    "add, to another's visit": Work("add bishkek visit {entry}", {"left_at": "2026-11-25T11:00"},
                                    [*TWO, ("add bishkek visit --identity other", VISIT)]),
    "permit, visit": Work("permit bishkek visit",
                          before=[("add bishkek visit", {**VISIT, "kind": "iom", "at": "2026-11-26T10:00"})]),
    "close, another's incident": Work("close bishkek incident {entry}", {"reported_to_iom": {"at": "2026-11-25T11:00"}},
                                      [*TWO, ("add bishkek incident --identity other", INCIDENT)]),
    "report, its words": Work("report occupancy --month 2026-10", {"narrative": "тихий месяц"},
                              [("add bishkek incident", INCIDENT)]),
    "report, closed": Work("report occupancy --month 2026-10 --close"),
    "report, closed over another's words": Work(
        "report progress --month 2026-10 --close",
        before=[*TWO, ("report progress --month 2026-10 --identity other", {"narrative": "тихий месяц"})],
    ),
    "report, published": Work("report progress --month 2026-10 --public", before=RECORDED, today=None, look=ledger),
    "publish": Work("publish public-year --period 2025", before=RECORDED, today=None, look=ledger),
    "void, incident": Work("void bishkek {entry} --reason-code other", before=[("add bishkek incident", INCIDENT)]),
    "authorise": Work("authorise {her} disclosure",
                      before=[("add {her} disclosure", DISCLOSURE), ("add {her} consent", SHARING)]),
    "void": Work("void {her} {entry} --reason-code other", before=[("add {her} need", USUAL_ENTRIES["need"])]),
    "void, sealed": Work("void {her} {entry} --reason-code other",
                         before=[("add {her} health", USUAL_ENTRIES["health"])]),
    "agreement, saved": Work(BLUE, PAPERS["blue"]),
    "agreement, signed": Work(f"{BLUE} --number S-NGO-12 --sign --on 2026-11-25", before=AGREED),
    "correct": Work("correct {her} --number S-NGO-12 --on 2026-11-26", before=SIGNED, today="2026-11-27"),
    "terminate": Work("terminate {her} --number S-NGO-12 --on 2026-12-15", DECISION, SIGNED, today="2026-12-20"),
    "discharge": Work("discharge {her} --on 2026-11-25", ACCEPTED / "discharge.yaml"),
    "discharge, undone": Work("discharge {her} --undo", stage="discharged"),
    "monitor record": Work("monitor record {her}", ACCEPTED / "monitoring-report.yaml", stage="discharged",
                           today=LATER),
    "monitor attempt": Work("monitor attempt {her} --how phone --outcome not_reached", stage="discharged", today=LATER),
    "monitor close": Work("monitor close {her} --on 2027-06-01", {"reason": "x"}, stage="discharged", today=LATER),
    "monitor schedule": Work("monitor schedule {made} --on 2027-07-01", {"reason": "x"},
                             [("admit --new-person --without-stay", {"notes": "x", "identity": {"sex": "male"}})],
                             today=LATER),
    "house, others": Work("house --others 2"),
    "house, on paper": Work("house --out house.svg --overwrite", look=paper("house.svg")),
    "form": Work("form blue {her} --out blue.txt", before=AGREED, look=paper("blue.txt"), finishes=True),
    "agreement, on paper": Work(f"{BLUE} --number S-NGO-12 --out blue.txt", before=AGREED, look=paper("blue.txt"),
                                finishes=True),
    "monitor form": Work("monitor form {her} --out report.txt", stage="discharged", look=paper("report.txt"),
                         finishes=True),
    "export": Work("export stays --for manager --out stays.csv.age", look=released("stays.csv.age"),
                   finishes=True),
    "hub match, begun": Work(f"{INVITED} --out invitation.age", today=None, look=there("invitation.age"),
                             finishes=True),
    "hub match, listed": Work("hub match --list --out list.age", before=[(f"{INVITED} --out invitation.age", None)],
                              today=None, look=there("list.age"), finishes=True),
    "trust, on paper": Work("trust --out sheet.txt", look=paper("sheet.txt")),
    "trust, accepted": Work("trust --accept", before=[JOINED], look=said_of_it("trust/new-device")),
    "check, remembered": Work("check --remember --number {number}", made=forgotten,
                              look=said_of_it("trust/no-memory")),
    "check, the paper signs": Work("check --recovery recovery --words '{words}'", stage="begun", today=None,
                                   finishes=True),
    "check, the clock": Work("check --clock", made=under_a_wrong_clock, today=None,
                             look=lambda desk: str("store/clock-behind" in desk.ask("check", today=None).codes())),
    "recovery renew": Work("recovery renew --recovery new-paper", look=papers, finishes=True),
    "repair, sealed anew": Work("repair {her} --reseal", made=more_readers, checks=frozenset({0, 6}),
                                look=said_of_it("vault/readers")),
    "repair, vouched": Work("repair journal --vouch {file} {sum}", made=unnamed_record, checks=frozenset({0, 6}),
                            look=lambda desk: str(desk.ask("check").code)),
    "repair, a parted list": Work("repair --trust --recovery paper --keep {own}", before=TWO, made=both_shut_out,
                                  checks=frozenset({0, 7})),
    "device end": Work("device end {other} --lost", before=TWO, today=None, look=open_for, checks=frozenset({0, 6}),
                       finishes=True),
    "device end, by the paper": Work("device end {other} --recovery paper", before=TWO, today=None, look=open_for,
                                     checks=frozenset({0, 6}), finishes=True),
    "device end, of a new one": Work("device end {other} --lost", before=[JOINED], today=None, look=open_for,
                                     checks=frozenset({0, 6}), finishes=True),
    "device end, itself": Work("device end {other} --identity other", before=TWO, today=None,
                               checks=frozenset({0, 6}), accepts=True, finishes=True),
    "rekey": Work("rekey", before=[JOINED, ("trust --accept", None)], made=other_shut_out,
                  look=lambda desk: str("store/not-resealed" in desk.ask("check").codes())),
    "repair, known": Work("repair journal", made=saved_behind_an_end, checks=frozenset({6}),
                          look=lambda desk: str("journal/shut-out" in desk.ask("check").codes())),
    "repair, vouched behind an end": Work(
        "repair journal --vouch {file} {sum}", made=saved_behind_an_end, checks=frozenset({0, 6}),
        finishes=True,
        look=lambda desk: str("vault/shut-out" in desk.ask("check").codes())),
    "passphrase": Work("passphrase", made=under_passphrase, today=None, look=opens,
                       secrets={"--passphrase-fd": OLD, "--new-passphrase-fd": NEW}),
    "backup": Work("backup usb", today=None, look=backups, finishes=True),
    "add, for all": Work("add bishkek pocket-money", {"all": {"by": "s-gulnara"}}, [("admit --new-person", ARRIVED)]),
}  # fmt: skip


def stages(folder: Path) -> dict[str, Desk]:
    """The stores that the works begin with: her referral, her stay, and once she has left; one begun by 0.1.0."""
    desk = Desk(folder / "referred")
    desk.folder.mkdir()
    desk.do("init house --shelter bishkek --no-passphrase --recovery sheet", today=None)
    (desk.folder / "paper").write_text((desk.folder / "sheet").read_text().splitlines()[-1] + "\n")
    (desk.folder / "usb").mkdir()
    desk.do("ngo add sezim --memorandum 2026-01-15 --contract 2026-01-20")
    desk.do("staff add s-gulnara --role social_worker")
    desk.do("staff add s-aida --role psychologist")
    desk.her = desk.do("admit", REFERRAL).data["id"]
    desk.do(f"admit {desk.her}", {"identification_number": "KG-2026-118"})
    found = {"referred": desk}
    for name, before, words, given in (
        ("admitted", "referred", "admit {her} --complete --on 2026-11-22", None),
        ("discharged", "admitted", "discharge {her} --on 2026-11-25", ACCEPTED / "discharge.yaml"),
    ):
        shutil.copytree(found[before].folder, folder / name)
        found[name] = Desk(folder / name, desk.her)
        found[name].do(words.format(her=desk.her), given)
    shutil.copytree(MADE_BY_0_1_0, folder / "begun")
    found["begun"] = Desk(folder / "begun", "GT5P-RWR6")
    found["begun"].do("trust --begin")
    return found
