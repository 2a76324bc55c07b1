"""What check notes of facts that cannot all be right, in a store and in files outside of one."""

import sys
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelterctl.act.check import (
    CODES_OF_REGISTERS,
    OTHER_KIND_SHAPE_CHECKED,
    PART_SHAPE_CHECKED,
    RECORD_SHAPE_WRONG,
    STORE_FACTS_NOT_CHECKED,
    FileVerdict,
    judge_client_file,
    judge_outside_file,
)
from shelterctl.act.same_person import find_duplicate_files
from shelterctl.core.people import MatchDegree, Person, match_persons
from shelterctl.core.record.client import Client
from shelterctl.document.reading import read_document
from shelterctl.document.writing import format_document
from shelterctl.errors import UsageError
from shelterctl.language import format_sentence
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.session import Options
from shelterctl.session import Session as Seat
from tests.support.hostile_text import opened
from tests.support.inputs import REFERRAL
from tests.support.paths import ACCEPTED
from tests.support.sealed_entries import decrypted

if TYPE_CHECKING:
    from tests.support.desk import Desk


NEWS = "2026-11-20T10:00+06:00"


def client(desk: "Desk", **more: Any) -> str:
    identity = {"first_name": "Айгуль", "last_name": "Примерова", "sex": "female", **more.pop("identity", {})}
    given = {"identity": identity, "referral": {"sources": ["scme"], "received_at": NEWS}, **more}
    return str(desk.do("admit --new-person", given).data["id"])


def noted(desk: "Desk", id_: str = "") -> list[tuple[str, str]]:
    told = desk.do(f"check {id_}")
    return [(one["where"], one["clause"]) for one in told.page["findings"] if one["severity"] == "warn"]


@pytest.mark.parametrize(
    ("born", "months", "found"),
    [
        ("2016", 131, []),
        ("2016", 132, [("/trafficking/months_trafficked", "I.3")]),
        ("2016-11-25", 121, []),
        ("2016-11-26", 121, [("/trafficking/months_trafficked", "I.3")]),
        (None, 132, []),
    ],
)
def test_exploitation_lasted_no_longer_than_she_has_lived(
    born: str | None, months: int, found: list[tuple[str, str]], desk: "Desk"
) -> None:
    her = client(desk, identity={"birth_date": born} if born else {}, trafficking={"months_trafficked": months})
    assert noted(desk, her) == found


@pytest.mark.parametrize(
    ("born", "found"),
    [
        ("2026-10-20", [("/identity/birth_date", "M1.0.C3")]),
        ("2023-11-21", [("/identity/birth_date", "M1.0.C3")]),
        ("2024", [("/identity/birth_date", "M1.0.C3")]),
        ("2023-11-20", []),
        ("2023", []),
        ("2023-11", []),
        ("2001", []),
    ],
)
def test_who_came_younger_than_any_house_takes_in_is_noted_on_the_day_of_the_news(
    born: str, found: list[tuple[str, str]], desk: "Desk"
) -> None:
    her = client(desk, identity={"birth_date": born})
    assert noted(desk, her) == found
    assert desk.ask(f"check {her}", today="2040-01-01").code == 0
    words = {"en": "too young", "ru": "слишком мала"}
    assert all(
        (word in desk.run(f"check {her} --lang {language}").out) is bool(found) for language, word in words.items()
    )


def test_a_child_is_not_older_than_its_mother(desk: "Desk") -> None:
    young, old = ({"birth_date": year, "sex": "female", "stays_with_her": False} for year in ("2019", "1990"))
    her = client(desk, identity={"birth_date": "1999"}, children=[young, old])
    assert noted(desk, her) == [("/children/1/birth_date", "R4.0.4")]


def pairs(desk: "Desk") -> list[tuple[str, str]]:
    told = desk.do("check")
    same = [one for one in told.page["findings"] if one["code"] == "admission/same-person"]
    assert {one["severity"] for one in same} <= {"warn"}
    return [(one["record"], one["facts"]["id"]) for one in same]


def test_two_files_of_one_person_are_noted_with_both_ids(desk: "Desk") -> None:
    first = client(desk, identity={"birth_date": "1999"})
    assert pairs(desk) == []
    other = client(desk, identity={"first_name": "Примерова", "last_name": "АЙГУЛЬ", "birth_date": "1999-03"})
    ((one, two),) = pairs(desk)
    assert {one, two} == {first, other}
    said = desk.run("check").out
    assert first in said
    assert other in said
    assert pairs_of(desk, other) == []


def pairs_of(desk: "Desk", id_: str) -> list[Any]:
    """A check of one file looks at no other."""
    return [one for one in desk.do(f"check {id_}").page["findings"] if one["code"] == "admission/same-person"]


@pytest.mark.parametrize(
    "identity",
    [
        {"birth_date": "1998"},
        {"birth_date": "1999", "first_name": "Айнура"},
        {},
        {"birth_date": "1999", "middle_name": "Асановна"},
    ],
)
def test_namesakes_are_not(identity: dict[str, Any], desk: "Desk") -> None:
    client(desk, identity={"birth_date": "1999", "middle_name": "Бакытовна"})
    client(desk, identity=identity)
    assert pairs(desk) == []


def test_a_name_in_other_letters_is_hers_too(desk: "Desk") -> None:
    client(desk, identity={"birth_date": "1999"})
    client(desk, identity={"birth_date": "1999", "first_name": "Aigul", "last_name": "Primerova"})
    assert len(pairs(desk)) == 1


def test_a_file_that_is_struck_through_is_nobodys_double(desk: "Desk") -> None:
    client(desk, identity={"birth_date": "1999"})
    other = client(desk, identity={"birth_date": "1999"})
    (stay,) = desk.record(other)["stays"]
    desk.do(f"void {other} {stay['id']} --reason-code entered_twice")
    assert pairs(desk) == []


def test_nothing_is_noted_of_the_usual_client(desk: "Desk") -> None:
    her = desk.do("admit", REFERRAL).data["id"]
    assert noted(desk, her) == []


NAMED = st.lists(
    st.sampled_from(["Айгуль", "Aigul", "Асан", "Xan", "Хан", "Ксан", "Асан кызы", "Jan"]), min_size=1, max_size=2
)


@given(st.lists(st.tuples(NAMED, NAMED, st.sampled_from(["1999", "1999-03", "2000"])), max_size=9))
def test_a_file_is_noted_wherever_one_before_it_is_of_the_same_person(files: list[tuple[list[str], ...]]) -> None:
    clients = [
        Client(
            {
                "id": f"{number}",
                "identity": {"first_name": " ".join(first), "last_name": " ".join(last), "birth_date": born},
            }
        )
        for number, (first, last, born) in enumerate(files)
    ]
    people = [Person(her.facts["identity"]) for her in clients]

    def same(number: int) -> list[str]:
        return [
            str(before)
            for before in range(number)
            if match_persons(people[before], people[number]).degree is MatchDegree.SAME
            and str(files[before][2])[:4] == str(files[number][2])[:4]
        ]

    found = {one.record: one.facts["id"] for one in find_duplicate_files(open_rulebook(), clients)}
    assert {number for number in map(str, range(len(files))) if same(int(number))} == {*found}
    assert all(other in same(int(str(number))) for number, other in found.items())


def test_in_a_house_of_many_few_files_are_compared() -> None:
    compared = 0

    def count(frame: FrameType, event: str, _: object) -> None:
        nonlocal compared
        compared += event == "call" and frame.f_code is match_persons.__code__

    names = [("Айгуль", f"{chr(0x430 + one)}{chr(0x430 + two)}ова") for one in range(20) for two in range(20)]
    people = [{"first_name": first, "last_name": last, "birth_date": "1999"} for first, last in [*names, *names]]
    clients = [Client({"id": str(number), "identity": identity}) for number, identity in enumerate(people)]
    before = sys.getprofile()
    sys.setprofile(count)
    try:
        found = list(find_duplicate_files(open_rulebook(), clients))
    finally:
        sys.setprofile(before)
    assert len(found) >= len(names)
    assert len(names) <= compared < 3 * len(clients)


NOWHERE = Seat(options=Options(as_of="2027-06-01", store="/nowhere", identity="/nowhere"))
NOBODY = {"SHELTERCTL_STORE": "nowhere", "SHELTERCTL_IDENTITY": "nobody"}


@pytest.fixture(scope="session")
def hers(papers: "Desk") -> dict[str, Any]:
    """A whole life in one file: admitted, both agreements, discharged, asked how she is."""
    (value,) = (read_document(text).value for text in opened(papers.store, papers.key) if papers.her in text)
    return value


def judged(value: "dict[str, Any] | str | bytes", folder: Path) -> FileVerdict:
    text = format_document(value) if isinstance(value, dict) else value
    (folder / "file.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
    return judge_outside_file(NOWHERE, str(folder / "file.yaml"))


def not_admitted(her: dict[str, Any]) -> None:
    admission = her["stays"][0]["admission"]
    admission["primary_evaluation"]["outcome"] = "not_admit"
    del admission["rules"]


def over_cap(her: dict[str, Any]) -> None:
    next(one for one in her["agreements"] if one["form"] == "pink")["lines"]["2b"]["amount"] = 9000


def not_signed(her: dict[str, Any]) -> None:
    her["stays"][0]["monitoring"]["reports"][0] = {**her["stays"][0]["monitoring"]["reports"][0], "date": "2026-11-01"}
    del her["stays"][0]["discharge"]["iom_consulted_on"]


def nobody_named(her: dict[str, Any]) -> None:
    del her["agreements"][1]["ngo"]
    del her["identity"]["birth_date"]
    her["stays"][0]["admission"]["primary_interview"]["by"] = "s-nobody"


SPOILT: dict[str, tuple[Callable[[dict[str, Any]], None], set[str]]] = {
    "nothing": (lambda her: None, set()),
    "her admission": (not_admitted, {"admission/primary-evaluation", "admission/rules"}),
    "an amount": (over_cap, {"agreement/over-cap"}),
    "how she left": (not_signed, {"monitoring/before-discharge", "discharge/iom-consulted"}),
    "what nobody wrote": (nobody_named, {"admission/no-birth-date"}),
}


@pytest.mark.parametrize(("spoil", "codes"), SPOILT.values(), ids=SPOILT)
def test_a_whole_record_is_judged_as_in_its_store(
    spoil: Callable[[dict[str, Any]], None], codes: set[str], hers: dict[str, Any], papers: "Desk", tmp_path: Path
) -> None:
    her = deepcopy(hers)
    spoil(her)
    seat = Seat(options=replace(NOWHERE.options, store=str(papers.store), identity=str(papers.key)))
    inside = judge_client_file(seat, Client(her))
    outside = judged(her, tmp_path)
    assert (outside.kind, outside.record, outside.not_checked) == (
        "resident",
        papers.her,
        (STORE_FACTS_NOT_CHECKED, "resident"),
    )
    bare = [replace(one, line=None, column=None) for one in outside.findings]
    assert bare == [one for one in inside if one in bare or one.code not in CODES_OF_REGISTERS]
    assert {one.code for one in outside.findings if one.severity == "refuse"} >= codes
    assert all(one.line for one in outside.findings if one.where)


def test_what_only_a_register_knows_is_left_out_unless_nobody_is_named(hers: dict[str, Any], tmp_path: Path) -> None:
    her = deepcopy(hers)
    nobody_named(her)
    looked_for = (*CODES_OF_REGISTERS, "agreement/no-ngo")
    codes = [(one.code, one.where) for one in judged(her, tmp_path).findings if one.code in looked_for]
    assert codes == [
        ("agreement/no-ngo", "/agreements/1/ngo"),
        ("agreement/memorandum-in-force", "/agreements/1/ngo"),
    ]


def test_a_record_written_by_hand_has_no_ids_and_is_judged(hers: dict[str, Any], tmp_path: Path) -> None:
    """Whoever writes a record cannot know what the program gives; what belongs to no other stay is of this one."""

    def bare(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: bare(one) for name, one in value.items() if name not in ("id", "stay")}
        return [bare(one) for one in value] if isinstance(value, list) else value

    named = judged(hers, tmp_path)
    alone = judged({**bare(hers), "id": hers["id"]}, tmp_path)
    assert [(one.code, one.where) for one in alone.findings] == [(one.code, one.where) for one in named.findings]


PARTS = {"referral": "fragment", "discharge": "fragment", "monitoring-report": "monitoring-report"}
PARTS |= {form: f"agreement-{form}" for form in ("pink", "blue")}


@pytest.mark.parametrize(("name", "kind"), PARTS.items())
def test_of_a_part_the_shape_alone_is_held(name: str, kind: str, tmp_path: Path) -> None:
    assert judge_outside_file(NOWHERE, str(ACCEPTED / f"{name}.yaml")) == FileVerdict(
        kind, (), (PART_SHAPE_CHECKED, kind)
    )
    spoilt = judged((ACCEPTED / f"{name}.yaml").read_text("utf-8") + "zzz: 1\n", tmp_path)
    assert [(one.code, one.where) for one in spoilt.findings] == [("shape/unknown-key", "")]
    assert spoilt.kind == kind


SEALED = b"age-encryption.org/v1\n-> X25519 \x8c\xff"
FILES: dict[str, tuple[str | bytes, str | None, list[str]]] = {
    "nothing": ("", None, ["document/empty"]),
    "two documents": ("schema: resident/1\n---\nid: x\n", None, ["document/several"]),
    "a sealed file": (SEALED, None, ["document/sealed"]),
    "a newer record": ("schema: resident/9\nid: 7QF2-M9KD\nnews: 1\n", "resident", ["record/newer"]),
    "a schema of nobody": (
        "schema: patient/1\nid: 7QF2-M9KD\n",
        "resident",
        ["shape/missing-key", "shape/missing-key", "shape/code"],
    ),
    "not a number": (
        "schema: resident/0\nid: 7QF2-M9KD\nidentity: {sex: female}\nstays: []\n",
        "resident",
        ["shape/code"],
    ),
    "a number": ("schema: 1\nid: 7QF2-M9KD\nidentity: {sex: female}\nstays: []\n", "resident", ["shape/code"]),
    "the houses": (
        "schema: shelter/1\nfacilities: []\n",
        "shelter",
        ["shape/missing-key", "shape/missing-key", "shape/kind"],
    ),
    "letters of nobody": ("first_nmae: 1\n", "fragment", ["shape/unknown-key"]),
}


@pytest.mark.parametrize(("text", "kind", "codes"), FILES.values(), ids=FILES)
def test_whatever_the_file_is_it_is_answered(
    text: str | bytes, kind: str | None, codes: list[str], tmp_path: Path
) -> None:
    answer = judged(text, tmp_path)
    assert (answer.kind, sorted(one.code for one in answer.findings)) == (kind, sorted(codes))
    assert (answer.not_checked or (None,))[0] in {
        "shelter": [OTHER_KIND_SHAPE_CHECKED],
        "fragment": [PART_SHAPE_CHECKED],
    }.get(str(kind), [RECORD_SHAPE_WRONG, None])


def test_a_file_of_windows_is_the_same_file(hers: dict[str, Any], tmp_path: Path) -> None:
    text = b"\xef\xbb\xbf" + format_document(hers).replace("\n", "\r\n").encode()
    assert judged(text, tmp_path) == judged(hers, tmp_path)


def test_a_file_that_is_not_there_is_a_slip(tmp_path: Path) -> None:
    for name in (tmp_path / "none.yaml", tmp_path):
        with pytest.raises(UsageError, match="usage/no-file"):
            judge_outside_file(NOWHERE, str(name))


def test_what_age_opens_is_checked_from_a_pipe_without_store_or_key(papers: "Desk") -> None:
    sealed = papers.store / "residents" / f"{papers.her}.yaml.age"
    text = decrypted(sealed.read_bytes(), papers.key)
    spoilt = text.replace(b"outcome: admit", b"outcome: not_admit")
    told = papers.ask("check - --strict", input=text, env=NOBODY)
    assert (told.code, told.page["status"], told.codes("refuse")) == (1, "open", [])
    assert told.data["files"] == [{"kind": "resident", "record": papers.her}]
    assert told.data["said"] == [
        f"Files: 1. Open: {len(told.codes('open'))}. Refused: 0.",
        format_sentence(STORE_FACTS_NOT_CHECKED, {}),
    ]
    assert papers.ask("check -", input=text, env=NOBODY).code == 0
    told = papers.ask("check -", input=spoilt, env=NOBODY)
    assert (told.code, told.refusals) == (1, ["admission/primary-evaluation"])
    assert told.finding("admission/primary-evaluation")["record"] == papers.her
    assert papers.ask(f"check {sealed}", env=NOBODY).refusals == ["document/sealed"]


def test_a_whole_record_handed_in_as_a_part_is_one_finding(papers: "Desk", hers: dict[str, Any]) -> None:
    for words in (f"admit {papers.her}", f"agreement {papers.her} --form pink", f"monitor record {papers.her}"):
        told = papers.refused(words, format_document(hers))
        assert [(one["code"], one["where"], one["line"]) for one in told.page["findings"]] == [
            ("fragment/whole-record", "/schema", 1)
        ]


def test_a_key_of_the_house_at_a_wrong_place_is_named(papers: "Desk") -> None:
    told = papers.refused(f"admit {papers.her}", {"recorded_at": "x", "birth_date": 1999, "amount_of_nobody": 1})
    assert [one["where"] for one in told.page["findings"]] == ["/recorded_at", "/birth_date", ""]
