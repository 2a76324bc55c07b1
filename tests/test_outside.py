"""Files outside of a store: a whole record is judged as in it, of a part the shape alone is checked."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from decrypted import decrypted
from written import opened

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
from shelterctl.core.record.client import Client
from shelterctl.document.reading import read_document
from shelterctl.document.writing import format_document
from shelterctl.errors import UsageError
from shelterctl.language import format_sentence
from shelterctl.session import Options
from shelterctl.session import Session as Seat

if TYPE_CHECKING:
    from conftest import Desk


ACCEPTED = Path(__file__).parents[1] / "examples" / "accepted"
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
    codes = [(one.code, one.where) for one in judged(her, tmp_path).findings if one.code in CODES_OF_REGISTERS]
    assert codes == [
        ("agreement/registered-ngo", "/agreements/1/ngo"),
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
