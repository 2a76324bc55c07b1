"""Off a terminal nothing is told that names her or was written in words, except where --names asks for it."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelterctl.act import redaction
from shelterctl.core.record.file_tree import STAMP_FIELDS
from shelterctl.core.values.money import read_som
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.schemas import published
from shelterctl.schemas.input import agreement_schema
from tests.whole.test_canary import AGREEMENT, CANARY, LATER, REPORT, canary, filled, whole_file

if TYPE_CHECKING:
    from tests.support.desk import Desk


SHELF = open_rulebook()
LINES = {form: agreement_schema(SHELF, form) for form in SHELF.forms}
DEFS = {
    name: part for one in (published.resident_schema(SHELF), *LINES.values()) for name, part in one["$defs"].items()
}
FRAME = {**published.resident_schema(SHELF), "$defs": DEFS}
KEPT = {"form": "blue", "id": "K7M2QA", "schema": "resident/1"}


def whole() -> dict[str, Any]:
    """A record in which everything is written down that a record may say, a canary wherever a text may stand."""
    facts: dict[str, Any] = {}
    for name, part in FRAME["properties"].items():
        facts[name] = KEPT.get(name) or example(part)
    facts["agreements"] = [agreed(form) for form in SHELF.forms]
    unsaved = {name: value for name, value in agreed("blue").items() if name != "form"}
    facts["unfinished"] = {"blue": unsaved, "blue-signature": {"ngo_name": canary()}, "plan": {"x": canary()}}
    return facts


def example(schema: Mapping[str, Any]) -> Any:
    """A value that *schema* allows, a canary wherever it may be a text."""
    name = schema.get("$ref", "").rpartition("/")[2]
    if name == "text" or name in SAMPLES:
        return "S-NGO-12" if schema.get("x-code") else filled(schema, FRAME["$defs"])
    schema = FRAME["$defs"][name] if name else schema["anyOf"][0] if "anyOf" in schema else schema
    if schema.get("type") == "object":
        return {name: example(part) for name, part in schema.get("properties", {}).items()}
    if schema.get("type") == "array":
        return [example(schema["items"])]
    if "$ref" in schema or "anyOf" in schema:
        return example(schema)
    leaf: dict[str, Any] = {"boolean": True, "integer": 1, "number": 2000}
    leaf |= {"string": DAY if "x-is" in schema else "AAAAAA" if "pattern" in schema else canary()}
    known = leaf.get(str(schema.get("type")), schema.get("const"))
    return filled(schema, FRAME["$defs"]) if known is None else known


DAY = "2026-11-22"
SAMPLES = ("day", "time", "partial", "code", "language", "country")


def agreed(form: str) -> dict[str, Any]:
    facts: dict[str, Any] = example(FRAME["$defs"]["agreement"])
    own = {name: value for name, value in facts.items() if name in ("void", *STAMP_FIELDS, *SHELF.form(form).fields)}
    return {**own, "form": form, "lines": example(LINES[form]["properties"]["lines"])}


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    inside = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else None
    if inside is None:
        yield path, value
    else:
        for name, below in inside:
            yield from leaves(below, f"{path}/{name}")


BLOCKS = {"/sealed/entries/0/age", "/sealed/hiv"}
"""What is sealed is no value of a page, with names or without."""


def test_of_a_record_every_text_is_left_out_and_nothing_else() -> None:
    facts = whole()
    assert str(facts).count(CANARY) > 80
    told = redaction.redact_record(SHELF, facts, names=False)
    assert CANARY not in str(told)
    assert told.pop("sealed") == {"entries": len(facts["sealed"].pop("entries"))}
    left = {place for place, value in leaves(facts) if CANARY not in str(value)} - dict(leaves(told)).keys()
    assert left <= {"/unfinished/plan", *BLOCKS}
    assert told["identity"] == {name: value for name, value in facts["identity"].items() if CANARY not in str(value)}
    assert told["agreements"][0]["number"] == told["identification_number"] == "S-NGO-12"
    assert "course" in told["agreements"][SHELF_FORMS.index("blue")]["lines"]["1a"]


SHELF_FORMS = [*SHELF.forms]


def test_with_names_a_record_is_told_whole() -> None:
    facts = whole()
    told = dict(leaves(redaction.redact_record(SHELF, facts, names=True)))
    assert told.keys() == dict(leaves(facts)).keys() - BLOCKS
    changed = {place.rpartition("/")[2] for place, value in leaves(facts) if told.get(place, value) != value}
    assert changed == {"amount", "rate", "charged_to_her"}


def test_what_the_schema_does_not_know_is_left_out() -> None:
    facts = {"nickname": CANARY, "identity": {CANARY: 1, "sex": "female"}, "agreements": [{"form": "green"}]}
    told = redaction.redact_record(SHELF, facts, names=False)
    assert told == {"identity": {"sex": "female"}, "agreements": [{"form": "green"}]}


@pytest.mark.parametrize("key", ["amount", "rate"])
def test_of_a_list_where_one_answer_belongs_no_word_is_told(key: str) -> None:
    lines = {"4": {key: [canary()], "months": ["2026-12", [canary()]]}}
    told = redaction.redact_agreement(SHELF, {"form": "blue", "lines": lines}, names=False)
    assert told["lines"] == {"4": {"months": ["2026-12"]}}


def test_a_code_is_told_where_older_files_have_words() -> None:
    for how, told in (("phone", {"how": "phone"}), (CANARY, {})):
        facts = {"monitoring": {"attempts": [{"how": how}]}}
        assert redaction.redact_record(SHELF, facts, names=False) == {"monitoring": {"attempts": [told]}}


SOM = st.decimals(min_value=Decimal("0.01"), max_value=10**13 - 1, places=2)
COUNT = st.integers(min_value=1, max_value=999)


@given(SOM, COUNT, COUNT)
def test_som_have_two_places_however_they_were_typed_and_counts_have_none(
    som: Decimal, days: int, persons: int
) -> None:
    whole_, short = int(som) or 1, f"{som:f}".rstrip("0").rstrip(".")
    for typed in (som, f"{som:f}", short, whole_):
        lines = {"3": {"amount": typed, "days": days, "persons": persons}, "4": {"rate": typed, "months": days}}
        for form, number, name in (("pink", "3", "amount"), ("blue", "4", "rate")):
            told = redaction.redact_agreement(SHELF, {"form": form, "lines": {number: lines[number]}}, names=False)[
                "lines"
            ]
            amount = told[number].pop(name)
            assert (amount, amount[-3]) == (f"{read_som(typed):.2f}", ".")
            assert told[number] == {key: value for key, value in lines[number].items() if key != name}


@pytest.mark.parametrize(
    ("form", "place", "hidden"),
    [
        ("blue", "/ngo_representative", True), ("blue", "/place", True), ("blue", "/number", False),
        ("blue", "/identification_number", False), ("pink", "/lines/4a/point", True), ("blue", "/date", False),
        (None, "/problems", True), (None, "/job_paid", False), (None, "/identity/phone", True),
        (None, "/identity/birth_date", False), (None, "/identity/languages", False), (None, "/unknown/place", True),
    ],
)  # fmt: skip
def test_what_a_sheet_that_names_nobody_leaves_blank(form: str | None, place: str, hidden: bool) -> None:
    assert redaction.make_hides(SHELF, form)(place) is hidden


@pytest.fixture(scope="module")
def sung(_empty: "Desk", tmp_path_factory: pytest.TempPathFactory) -> "Desk":
    """A store in which everybody and everything is named after the canary."""
    from tests.support.desk import copied

    desk = copied(_empty, tmp_path_factory.mktemp("sung") / "desk")
    desk.her = desk.do("admit", whole_file() | {"identification_number": "KG-2026-118"}).data["id"]
    named = {"name": CANARY, "address": CANARY, "phone": CANARY}
    for words in ("ngo add sezim", "facility add bishkek", "provider add lyceum"):
        desk.do(words, named)
    desk.do("staff add s-gulnara", {"name": CANARY, "phone": CANARY})
    desk.do(f"admit {desk.her} --complete --on 2026-11-23")
    desk.do(f"agreement {desk.her} --form blue", AGREEMENT)
    desk.do(f"agreement {desk.her} --form pink", PINK)
    desk.do(f"discharge {desk.her}", {"discharge": LEAVING})
    desk.do(f"monitor record {desk.her}", REPORT | {"law_enforcement_contact": True, "law_enforcement_note": CANARY},
            today=LATER)  # fmt: skip
    return desk


PINK = {
    "number": "SH-1", "date": "2026-11-25", "ngo": "sezim", "ngo_representative": CANARY, "place": CANARY,
    "lines": {"4a": {"amount": "300", "point": CANARY}, "1.4": {"amount": 90, "doctors": [CANARY]}},
}  # fmt: skip
LEAVING = {"iom_representative": CANARY, "iom_consulted_on": "2026-11-24", "reason_text": CANARY}

SPEAKING = [
    "list", "find --from name.yaml", "house", "house --months 1", "agreements", "agreements HER",
    "agreements --outlays", "agreement HER --account", "check", "check HER",
    "monitor due --within 400", "trust", "show HER", "show HER --all", "admit HER",
    "void HER AAAAAA --reason-code other", "agreement HER --form blue --check --number S-NGO-12",
    "agreement HER --form blue --check --from blue.yaml",
    "agreement --form blue --check --from blue.yaml", "agreement HER --form pink --sign --check", "form blue HER",
    "form pink HER", "form monitoring-report HER", "monitor form HER", "form shelter-rules HER", "paper CODE",
    "form resident-rights HER", "form confidentiality-agreement s-gulnara", "discharge HER --on 2026-11-25 --check",
    "monitor attempt HER --how phone", "explain gate",
]  # fmt: skip


@pytest.mark.parametrize("format_", ["table", "json"])
def test_no_command_off_a_terminal_says_a_name_unasked(format_: str, sung: "Desk", tmp_path: "Any") -> None:
    from tests.support.desk import copied

    desk = copied(sung, tmp_path / "desk")
    (desk.folder / "name.yaml").write_text(f"first_name: {CANARY}\n")
    (desk.folder / "blue.yaml").write_text(document(AGREEMENT))
    code = desk.do(f"form blue {desk.her} --out blue.txt --lang en").data["printed"][0]["code"]
    assert CANARY in (desk.folder / "blue.txt").read_text("utf-8")
    for words in SPEAKING:
        typed = words.replace("HER", desk.her).replace("CODE", code)
        told = desk.run(f"{typed} --format {format_}", today=LATER)
        assert CANARY not in told.out + told.err, words
        if words.startswith(("show", "form blue", "form monitoring")):
            assert "Names, contacts and free text are left" in told.out, words


def document(facts: Mapping[str, Any]) -> str:
    from shelterctl.document.writing import format_document

    return format_document(dict(facts))


def test_a_pipe_is_told_with_names_only(sung: "Desk", tmp_path: "Any") -> None:
    from tests.support.desk import copied

    desk = copied(sung, tmp_path / "desk")
    before = desk.digest_of_store()
    for form in ("blue", "pink", "monitoring-report"):
        bare = desk.run(f"form {form} {desk.her} --out - --as txt", today=LATER)
        assert CANARY not in bare.out + bare.err
        assert "left blank" in bare.err
        assert "Code of the sheet" not in bare.err
    assert desk.digest_of_store() == before  # no code, nothing to be noted
    rules = desk.run(f"form shelter-rules {desk.her} --out - --as txt", today=LATER)
    assert "left blank" not in rules.err
    assert "Code of the sheet" in rules.err
    for form, names in (("blue", 3), ("pink", 3), ("monitoring-report", 5)):
        told = desk.run(f"form {form} {desk.her} --names --out - --as txt", today=LATER)
        assert told.out.count(CANARY) >= names


def test_names_that_are_asked_for_are_told(sung: "Desk") -> None:
    her = sung.her
    assert str(sung.do(f"show {her} --names").data["record"]).count(CANARY) > 25
    assert "said" not in sung.do(f"show {her} --names").data
    assert CANARY in sung.run(f"show {her} --names").out
    words = f"agreement {her} --form blue --check --number S-NGO-12"
    assert CANARY in str(sung.do(f"{words} --names").data["agreement"])
    assert CANARY in sung.do(f"form blue {her} --names").data["text"]
    assert sung.refused("list --names").error == "usage/names"
