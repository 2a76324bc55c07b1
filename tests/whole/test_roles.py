"""The table of roles: what each reads, writes and does, made from the rulebook's own text and run against the program
on a house in which somebody has each role. Breaks of the program are made on purpose, and each has to be noticed.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import pytest

from shelterctl.act import permission
from shelterctl.core.manual.role import Role, Task
from shelterctl.core.rules.permission import find_tasks
from shelterctl.custody.recovery import read_paper
from shelterctl.document.reading import read_document
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.session import Session
from shelterctl.trust.readership import Readership
from tests.support.desk import Desk, copied
from tests.support.inputs import REFERRAL, USUAL_ENTRIES
from tests.support.papers import PAPERS
from tests.support.paths import ACCEPTED
from tests.support.register_files import INCIDENT, VISIT, blocks_of, read_register, register_files
from tests.support.role_house import (
    PEOPLE,
    PERSON_OF,
    SEALED_BLOCKS,
    SEALED_ENTRIES,
    RoleHouse,
    copied_house,
    house_by_role,
    open_alone,
)

RULEBOOK = open_rulebook()
WRITTEN: Mapping[str, Any] = read_document((RULEBOOK.folder / "roles.yaml").read_bytes(), 1 << 20).value
"""The text of the rulebook: what the table expects is read from it here, and not by the program."""

ENCRYPTED_FILES = {"directory": "directory.yaml.age", "secrets": "secrets.yaml.age", "roster": "roster.yaml.age"}


def seals() -> dict[str, set[str]]:
    """The roles that open each sealed part of a client's file or of a register, as the tracks' own texts say."""
    found: dict[str, set[str]] = {}
    for file in sorted((RULEBOOK.folder / "tracks").glob("*.yaml")):
        if sealed := read_document(file.read_bytes(), 1 << 20).value.get("sealed"):
            found.setdefault(sealed["part"], set()).update(sealed["readers"])
    return found


def may_read(role: str, part: str) -> bool:
    readers = {name: set(one["readers"]) for name, one in WRITTEN["parts"].items()} | seals()
    return role in readers[part]


def may_do(role: str, name: str, kind: str) -> bool:
    """Whether the text lets a role write a track (*kind* is ``writes``) or do an act (``does``)."""
    said = WRITTEN["roles"][role]
    allowed = said.get(kind, [])
    return name not in said.get("but", []) and (name in allowed or "all" in allowed)


TRACKS, ACTS = tuple(RULEBOOK.track_names), tuple(RULEBOOK.acts_of_roles)


def written_in_registers(desk: Desk) -> None:
    """A visitor and an incident of the house, which are sealed in a file of its registers."""
    desk.do("add bishkek visit", VISIT)
    desk.do("add bishkek incident", INCIDENT)


@pytest.fixture(scope="module")
def made(_empty: Desk, tmp_path_factory: pytest.TempPathFactory) -> RoleHouse:
    """A house by role with a client before her admission: a plan, a pink agreement, and an entry of each part."""
    desk = copied(_empty, tmp_path_factory.mktemp("roles") / "desk")
    desk.her = desk.do("admit", REFERRAL).data["id"]
    desk.do(f"admit {desk.her}", {"identification_number": "KG-2026-118"})
    desk.written("plan", "consent")
    desk.do(f"agreement {desk.her} --form pink", PAPERS["pink"])
    written_in_registers(desk)
    return house_by_role(desk, _empty.folder.parent / "recovery")


@pytest.fixture(scope="module")
def made_inside(_admitted: Desk, _empty: Desk, tmp_path_factory: pytest.TempPathFactory) -> RoleHouse:
    """A house by role with a client who was admitted."""
    desk = copied(_admitted, tmp_path_factory.mktemp("roles") / "inside")
    return house_by_role(desk, _empty.folder.parent / "recovery")


@pytest.fixture
def house(made: RoleHouse, tmp_path: Path) -> RoleHouse:
    return copied_house(made, tmp_path / "house")


# What each key alone opens, with stock age.


def sealed_blocks(house: RoleHouse) -> dict[str, list[str]]:
    """The sealed blocks of the client's file and of the registers of the house by their part."""
    found = house.blocks()
    for name in register_files(house.desk.store):
        for part, block in blocks_of(read_register(house.file(name), house.key("manager"))).values():
            found.setdefault(part, []).append(block)
    return found


def cells_of_reading(house: RoleHouse) -> Iterator[tuple[str, str, bool]]:
    """Each role and part, and whether the key of its person opens it with stock age."""
    registers, blocks = register_files(house.desk.store), sealed_blocks(house)
    assert registers
    assert {*blocks} == {*seals()}
    for role, code in PERSON_OF.items():
        key = house.key(code)
        yield role, "file", house.opened(code, f"residents/{house.her}.yaml.age") is not None
        for part, name in ENCRYPTED_FILES.items():
            yield role, part, house.opened(code, name) is not None
        for name in registers:
            yield role, "register-house", house.opened(code, name) is not None
        for part, each in blocks.items():
            opens = {open_alone(block.encode(), key) is not None for block in each}
            assert len(opens) == 1
            yield role, part, opens.pop()


def check_reading(house: RoleHouse) -> None:
    """Raise AssertionError naming each cell in which a key opens another part than the rulebook says."""
    wrong = [
        f"{role} {'opens' if opens else 'does not open'} {part}"
        for role, part, opens in cells_of_reading(house)
        if opens != may_read(role, part)
    ]
    paper = read_paper(house.paper)[0]
    held = house.her_file("manager") or {}
    registers = register_files(house.desk.store)
    for name in (f"residents/{house.her}.yaml.age", *ENCRYPTED_FILES.values(), *registers):
        wrong += [] if open_alone(house.file(name), paper) else [f"the paper does not open {name}"]
    for part, each in sealed_blocks(house).items():
        wrong += [f"the paper does not open {part}" for block in each if open_alone(block.encode(), paper) is None]
    assert not wrong, "; ".join(wrong)
    assert held["id"] == house.her


def test_each_key_alone_opens_with_stock_age_what_the_table_says(house: RoleHouse) -> None:
    check_reading(house)


def test_after_everybody_wrote_something_it_is_still_so(house: RoleHouse) -> None:
    """A key that does not open a part leaves it sealed as it was; who writes an entry of a part opens that alone."""
    for role, code in PERSON_OF.items():
        if may_read(role, "file") and may_do(role, "need", "writes"):
            house.desk.do(f"add {house.her} need --staff {code}", USUAL_ENTRIES["need"])
    check_reading(house)
    house.desk.do("check")


# What each may write and do.


def cells_of_writing(house: RoleHouse) -> Iterator[tuple[str, Task, tuple[str, ...]]]:
    """Each role and task, and the codes by which the program refuses it to that role's person."""
    for code, role in PEOPLE.items():
        session = house.session(code)
        for task in (*(Task(name, False) for name in TRACKS), *(Task(name, True) for name in ACTS)):
            yield role, task, tuple(one.code for one in permission.refuse_tasks(session, [task]))


def check_writing(house: RoleHouse) -> None:
    """Raise AssertionError naming each cell in which a role may something else than the rulebook says."""
    wrong = []
    for role, task, refused in cells_of_writing(house):
        expected = () if may_do(role, task.name, "does" if task.is_act else "writes") else ("role/may-not-write",)
        wrong += [] if refused == expected else [f"{role}: {task.name}"]
    assert not wrong, "; ".join(wrong)


def test_each_role_writes_and_does_what_the_table_says(house: RoleHouse) -> None:
    assert len(list(cells_of_writing(house))) == len(PEOPLE) * (len(TRACKS) + len(ACTS))
    check_writing(house)


def test_what_is_refused_names_the_roles_that_may(house: RoleHouse) -> None:
    session = house.session("s-iom")
    for name, kind in (*((name, "writes") for name in TRACKS), *((name, "does") for name in ACTS)):
        for found in permission.refuse_tasks(session, [Task(name, kind == "does")]):
            able = [*map(str, cast("list[str]", found.facts["roles"]))]
            assert able == [role for role in WRITTEN["roles"] if may_do(role, name, kind)]
            assert found.clause
            assert [*map(str, cast("list[str]", found.facts["own"]))] == ["iom_coordinator"]


# The same through commands.

INSTRUCTED = {"iom": {"instructions": [{"on": "2026-11-23", "by": "X", "status": "recognised"}]}}
SIGN = "agreement {her} --form pink --sign --on 2026-11-25"
SAMPLE: Mapping[str, tuple[object, tuple[str, ...], tuple[str, ...]]] = {
    "add {her} need": (USUAL_ENTRIES["need"], ("need",), ()),
    "add {her} examination": (USUAL_ENTRIES["examination"], ("examination",), ()),
    "add {her} health": ({**SEALED_ENTRIES["health"], "kind": "checkup"}, ("health",), ()),
    "add {her} hiv": (SEALED_BLOCKS["hiv"], ("hiv",), ()),
    "add {her} legal": ({**SEALED_ENTRIES["legal"], "note": "ещё"}, ("legal",), ()),
    "admit {her}": (INSTRUCTED, ("instruction",), ()),
    "admit {her} --complete --on 2026-11-22": (None, (), ("admit",)),
    "admit {her} --done orientation --on 2026-11-22 --by s-gulnara": (None, ("done",), ()),
    "agreement {her} --form blue": (PAPERS["blue"], ("blue",), ()),
    SIGN: (None, (), ("sign",)),
    "approve {her} plan --on 2026-11-25": (None, (), ("approve-plan",)),
}
"""Commands as typed, what they read, and the tracks and acts that each needs."""

INSIDE: Mapping[str, tuple[object, tuple[str, ...], tuple[str, ...]]] = {
    "discharge {her} --on 2026-11-25": (ACCEPTED / "discharge.yaml", ("discharge",), ("discharge",)),
    "add {her} absence": (
        {"kind": "outing", "where": "рынок", "planned_at": "2026-11-25T15:00+06:00"},
        ("absence",),
        (),
    ),
}


def lacking(role: str, tracks: Iterable[str], acts: Iterable[str]) -> list[str]:
    """What a role may not of all that a command needs."""
    return [name for name in tracks if not may_do(role, name, "writes")] + [
        name for name in acts if not may_do(role, name, "does")
    ]


def check_commands(
    house: RoleHouse,
    sample: Mapping[str, tuple[object, tuple[str, ...], tuple[str, ...]]] = SAMPLE,
    roles: Iterable[str] = tuple(PERSON_OF),
) -> None:
    """Raise AssertionError where a command does for a role what the rulebook does not let it, or the reverse."""
    for words, (given, tracks, acts) in sample.items():
        typed = words.format(her=house.her)
        for role in roles:
            why, who = lacking(role, tracks, acts), f"--staff {PERSON_OF[role]}"
            if not may_read(role, "file"):
                answer = house.desk.refused(f"{typed} {who}", given)
                assert (answer.code, answer.error) == (5, "role/closed"), (typed, role)
            elif why:
                answer = house.desk.refused(f"{typed} {who}", given)
                found = [one for one in answer.page["findings"] if one["code"] == "role/may-not-write"]
                assert answer.code == 1, (typed, role)
                assert sorted(one["facts"]["what"] for one in found) == sorted(why), (typed, role)
                assert all(one["facts"]["roles"] for one in found)
                assert role not in {able for one in found for able in one["facts"]["roles"]}
            else:
                answer = house.desk.ask(f"{typed} --check {who}", given)
                assert "role/may-not-write" not in answer.codes(), (typed, role)
                assert answer.code == 0, (typed, role, answer.out)


def test_commands_refuse_a_role_what_it_may_not_and_write_nothing(house: RoleHouse) -> None:
    check_commands(house)


def test_commands_after_her_admission_refuse_a_role_what_it_may_not(made_inside: RoleHouse, tmp_path: Path) -> None:
    check_commands(copied_house(made_inside, tmp_path / "inside"), INSIDE)


def test_what_a_role_may_it_does_and_her_key_signs_it(house: RoleHouse) -> None:
    """Not only with --check: what each command wrote is in the file, under the person of the key."""
    desk, her = house.desk, house.her
    for code, track, entry in (
        ("s-gulnara", "need", USUAL_ENTRIES["need"]),
        ("s-aida", "examination", {**USUAL_ENTRIES["examination"], "kind": "evaluation"}),
        ("s-med", "health", {**SEALED_ENTRIES["health"], "kind": "checkup"}),
        ("s-law", "legal", {**SEALED_ENTRIES["legal"], "note": "ещё"}),
        ("s-iom", "instruction", {"on": "2026-11-24", "by": "X", "status": "recognised"}),
    ):
        answer = desk.ask(f"add {her} {track} --staff {code}", entry)
        assert answer.code == 0, answer.out
        shown = desk.do(f"show {her} {track} --staff {code}").data
        assert code in str(shown), (track, shown)


def test_registers_are_changed_by_the_roles_that_save_their_file(house: RoleHouse) -> None:
    for words, part in (("facility add {}", "shelter"), ("staff add {} --role security", "staff")):
        for role, code in PERSON_OF.items():
            typed = words.format(f"x-{code}")
            if not may_read(role, part):
                answer = house.desk.refused(f"{typed} --staff {code}")
                assert (answer.code, answer.error, answer.refusals) in (
                    (1, "None", ["role/may-not-write"]), (5, "role/closed", []), (5, "role/may-not-save", []),
                ), (words, role)  # fmt: skip
            else:
                house.desk.do(f"{typed} --staff {code}")
    house.desk.do("check")


PLAN_OF_WORK = {
    "on": "2026-11-24", "by": "s-aida", "informational": {"problems": "сон"}, "content": {"focus": "сон"},
    "organizational": {"frequency": "раз в неделю"},
}  # fmt: skip
MEETING = {"at": "2026-11-25T09:00+06:00", "by": "s-aida", "kind": "counselling"}


def test_an_act_on_a_sealed_entry_is_not_done_again_by_who_writes_beside_it(house: RoleHouse) -> None:
    """The manager approved her psychological plan; the psychologist, who may not here, goes on writing sessions."""
    desk, her = house.desk, house.her
    desk.do("roles --less psychologist=approve-psychological-plan")
    desk.do(f"add {her} psychological-plan --staff s-aida", PLAN_OF_WORK)
    approve = f"approve {her} psychological-plan --on 2026-11-25"
    assert desk.refused(f"{approve} --staff s-aida").refusals == ["role/may-not-write"]
    desk.do(approve)
    desk.do(f"add {her} session --staff s-aida", MEETING)
    desk.do(f"add {her} need --staff s-aida", USUAL_ENTRIES["need"])


# What a house takes from a role.


def check_less(house: RoleHouse) -> None:
    answer = house.desk.refused(f"add {house.her} need --staff s-gulnara", USUAL_ENTRIES["need"])
    assert (answer.code, answer.refusals) == (1, ["role/may-not-write"])
    assert "social_worker" not in answer.finding("role/may-not-write")["facts"]["roles"]


@pytest.fixture
def stricter(house: RoleHouse) -> RoleHouse:
    house.desk.do("roles --less social_worker=need")
    return house


def test_what_a_house_takes_from_a_role_is_refused_to_it_and_given_back_it_is_not(stricter: RoleHouse) -> None:
    check_less(stricter)
    stricter.desk.do(f"add {stricter.her} need --check", USUAL_ENTRIES["need"])
    stricter.desk.do("roles --restore social_worker=need")
    stricter.desk.do("trust --accept --staff s-gulnara")
    stricter.desk.do(f"add {stricter.her} need --staff s-gulnara", USUAL_ENTRIES["need"])


# Who wrote it.


def check_writer(house: RoleHouse) -> None:
    """Who wrote an entry is the key's person, in the file and in the journal, whatever code is named."""
    desk, her = house.desk, house.her
    key, me = house.key_file("s-aida"), str(house.key("s-aida").device)
    other = desk.refused(f"add {her} need --identity {key} --staff s-gulnara", USUAL_ENTRIES["need"])
    assert (other.code, other.error) == (5, "staff/needs-key")
    entry = desk.do(f"add {her} need --identity {key}", USUAL_ENTRIES["need"]).data["entry"]
    needs = (house.her_file("manager") or {})["needs"]
    assert next(one["recorded_by"] for one in needs if one["id"] == entry) == "s-aida"
    last = read_document((desk.store / "journal" / f"{me}.jsonl").read_bytes().splitlines()[-1], 1 << 20).value
    assert last["by"] == "s-aida"


def test_who_wrote_an_entry_is_the_person_of_the_key(house: RoleHouse) -> None:
    check_writer(house)
    answer = house.desk.refused(f"add {house.her} need --staff s-nobody", USUAL_ENTRIES["need"])
    assert (answer.code, answer.error) == (5, "staff/needs-key")


# Broken on purpose.

Patch = pytest.MonkeyPatch


def everyone(self: Readership, part: str, writers: object = (), but: object = ()) -> tuple[str, ...]:
    return self.everyone


def a_part_more(self: Readership, part: str) -> tuple[str, ...]:
    parts = self.access.parts if self.access else {}
    return (*parts.get(part, parts.get("file", ())), *(["security"] if part == "file" else []))


def hiv_like_medical(self: Readership, part: str) -> tuple[str, ...]:
    parts = self.access.parts if self.access else {}
    return parts.get("medical" if part == "hiv" else part, ())


def nobody(self: Readership, part: str) -> tuple[str, ...]:
    return ("manager",)


def without_paper(self: Readership, part: str, writers: object = (), but: object = ()) -> tuple[str, ...]:
    staff = {*self.staff_for(part)}
    return tuple(one.age for one in self.holders if one.is_in_force and one.staff in staff)


SEALING: Mapping[str, tuple[str, object, str]] = {
    "everything is sealed to everyone": ("recipients", everyone, "security opens file"),
    "a role reads one part more": ("roles_for", a_part_more, "security opens file"),
    "the HIV report opens like the rest of medicine": ("roles_for", hiv_like_medical, "manager opens hiv"),
    "the paper is left out": ("recipients", without_paper, "the paper does not open directory"),
    "nobody's role opens anything": ("roles_for", nobody, "social_worker does not open file"),
}
"""What is broken in who may read, and the cell of the table in which it is noticed."""


@pytest.mark.parametrize("broken", SEALING)
def test_the_table_notices_a_break_of_sealing(
    broken: str, admitted: Desk, made: RoleHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The house changed over by a program that is broken so; the table is read by one that is not."""
    name, instead, cell = SEALING[broken]
    with monkeypatch.context() as patch:
        patch.setattr(Readership, name, instead)
        written_in_registers(admitted)
        house = house_by_role(admitted, made.paper)
    with pytest.raises(AssertionError, match=cell):
        check_reading(house)


def always(self: Role, what: str, *, is_act: bool = False) -> bool:
    return True


def but_nothing(self: Role, what: str, *, is_act: bool = False) -> bool:
    allowed = self.does if is_act else self.writes
    return "all" in allowed or what in allowed


def acts_like_tracks(self: Role, what: str, *, is_act: bool = False) -> bool:
    return what not in self.but and ("all" in self.writes or what in (*self.writes, *self.does))


PERMITTING: Mapping[str, Callable[[Patch], None]] = {
    "a permission always allows": lambda patch: patch.setattr(Role, "may", always),
    "what a role may not is passed over": lambda patch: patch.setattr(Role, "may", but_nothing),
    "an act is taken for a track": lambda patch: patch.setattr(Role, "may", acts_like_tracks),
    "nothing is refused": lambda patch: patch.setattr(permission, "refuse_tasks", lambda session, tasks: ()),
    "everybody has every role": lambda patch: patch.setattr(Readership, "roles_of", lambda *_: tuple(PERSON_OF)),
    "nobody has a role": lambda patch: patch.setattr(Readership, "roles_of", lambda *_: ()),
}  # fmt: skip


@pytest.mark.parametrize("broken", PERMITTING)
def test_the_table_notices_a_break_of_permission(
    broken: str, house: RoleHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    PERMITTING[broken](monkeypatch)
    with pytest.raises(AssertionError):
        check_writing(house)


def without_acts(tracks: Any, before: Any, after: Any) -> set[Task]:
    return {one for one in find_tasks(tracks, before, after) if not one.is_act}


COMMANDS: Mapping[str, Callable[[Patch], None]] = {
    "no change has a task": lambda patch: patch.setattr(permission, "find_tasks", lambda *_: set()),
    "acts are no tasks": lambda patch: patch.setattr(permission, "find_tasks", without_acts),
    "roles decide nothing": lambda patch: patch.setattr(permission, "judge_role", lambda *_: ()),
}


@pytest.mark.parametrize("broken", COMMANDS)
def test_commands_notice_a_break(broken: str, house: RoleHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    COMMANDS[broken](monkeypatch)
    if broken == "roles decide nothing":
        monkeypatch.setattr("shelterctl.act.change.judge_role", lambda *_: ())
    with pytest.raises(AssertionError):
        check_commands(house, {SIGN: SAMPLE[SIGN]}, ["social_worker"])


def whole_rulebook(rulebook: Any, readership: Readership, task: Task) -> tuple[str, ...]:
    return tuple(name for name, role in rulebook.roles.items() if role.may(task.name, is_act=task.is_act))


def test_a_house_notices_that_what_it_took_from_a_role_is_passed_over(
    stricter: RoleHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(permission, "list_roles_for", whole_rulebook)
    with pytest.raises(AssertionError):
        check_less(stricter)


def test_a_house_notices_that_somebody_writes_under_another_name(
    house: RoleHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shelterctl.store.attribution.require_own_key", lambda store, given: None)
    monkeypatch.setattr(Session, "staff", property(lambda self: self.options.staff or "s-gulnara"))
    with pytest.raises(AssertionError):
        check_writer(house)
