"""Many inputs at once, acts of several entries in one call, and one file under many hands and years."""

import json
import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.crowd import grow
from tests.support.desk import Desk, copied
from tests.support.inputs import REFERRAL, read
from tests.support.processes import patience
from tests.support.revised_rulebook import Revised
from tests.support.sealed_entries import lying, opened

if TYPE_CHECKING:
    from tests.support.command import Answer


FIRST = ["Айгуль", "Бермет", "Чолпон", "Динара", "Элмира", "Гульнур", "Жылдыз", "Канышай", "Лира", "Мээрим"]
LAST = [
    "Абдиева",
    "Бакирова",
    "Чекирова",
    "Дуйшеева",
    "Эсенова",
    "Гапарова",
    "Жумаева",
    "Кадырова",
    "Омурова",
    "Сатыева",
]
CANARY = "Тайнаева"


def referral(number: int = 0, **more: Any) -> dict[str, Any]:
    """An invented woman with all that the gate asks for; each number is another one."""
    facts = deepcopy(read(REFERRAL))
    name = {"first_name": FIRST[number % 10], "last_name": LAST[number // 10 % 10]}
    facts["identity"] |= {**name, "birth_date": str(1950 + 9 * (number // 100))}
    return json.loads(json.dumps({**facts, **more}, default=str))  # type: ignore[no-any-return]


def lines(*documents: object) -> str:
    return "".join(f"{json.dumps(document, ensure_ascii=False)}\n" for document in documents)


def yaml(*documents: object) -> str:
    return "---\n".join(lines(document) for document in documents)


def array(*documents: object) -> str:
    return json.dumps(documents, ensure_ascii=False, indent=1)


def rows(answer: "Answer", name: str) -> list[Any]:
    return [row[name] for row in answer.data["rows"]]


def refusals(answer: "Answer") -> list[tuple[int, str]]:
    found = [each for each in answer.page["findings"] if each["severity"] == "refuse"]
    return [(each["facts"]["document"], each["code"]) for each in found]


@pytest.mark.parametrize("written", [lines, yaml, array])
def test_each_document_is_a_new_client_and_has_a_row(written: Any, desk: "Desk") -> None:
    answer = desk.do("admit", written(referral(0), referral(1), referral(2)))
    assert rows(answer, "document") == [1, 2, 3]
    assert rows(answer, "state") == ["interviewed"] * 3
    assert rows(answer, "status") == ["open"] * 3
    assert rows(answer, "exit_code") == [0] * 3
    assert rows(answer, "written") == [True] * 3
    assert sorted(rows(answer, "id")) == [row["id"] for row in desk.do("list").data["rows"]]
    third = desk.record(rows(answer, "id")[2])
    assert third["identity"]["first_name"] == FIRST[2]
    assert {found["record"] for found in answer.page["findings"]} == set(rows(answer, "id"))
    assert all(found["message"].startswith("Document ") for found in answer.page["findings"])
    told = desk.run("admit --check --new-person", lines(referral(3), referral(4)))
    assert told.out.startswith("Documents: 2. Refused: 0.\n")
    assert not any(name in told.out for name in FIRST)


def test_the_same_file_as_of_each_by_itself(desk: "Desk") -> None:
    alone = desk.record(desk.do("admit", referral(0)).data["id"])
    (id_,) = rows(desk.do("admit --new-person", array(referral(0))), "id")
    stream = desk.record(id_)
    assert _given(alone) == _given(stream)


def _given(written: Any) -> Any:
    """What was given of a file, without what the tool wrote into it."""
    if isinstance(written, dict):
        own = ("id", "recorded_at", "recorded_by")
        return {name: _given(value) for name, value in written.items() if name not in own}
    return [_given(each) for each in written] if isinstance(written, list) else written


def test_a_stream_is_one_act_in_the_journal(desk: "Desk") -> None:
    (journal,) = (desk.store / "journal").glob("*.jsonl")
    before = journal.read_text().count("\n")
    desk.do("admit", lines(*(referral(number) for number in range(4))))
    assert [json.loads(line)["did"] for line in journal.read_text().splitlines()[before:]] == ["admit"] * 4
    assert not list(desk.store.rglob(".*.act"))


def test_of_500_one_is_refused_and_nothing_is_written_and_it_is_told_which(desk: "Desk") -> None:
    many = [referral(number) for number in range(500)]
    many[341]["identity"]["sex"] = CANARY
    answer = desk.refused("admit", lines(*many))
    assert answer.code == 1
    assert refusals(answer) == [(342, "shape/code")]
    found = answer.finding("shape/code")
    assert (found["line"], found["where"]) == (342, "/identity/sex")
    assert found["message"].startswith("Document 342: ")
    assert [row["document"] for row in answer.data["rows"] if row["status"] == "refused"] == [342]
    assert set(rows(answer, "written")) == {False}
    assert set(rows(answer, "id")) == {None}
    assert CANARY not in answer.out
    assert "342" in answer.data["said"][1]


def test_with_each_all_others_are_written(desk: "Desk") -> None:
    many = [referral(number) for number in range(12)]
    many[7]["identity"]["sex"] = CANARY
    answer = desk.ask("admit --each", yaml(*many))
    assert answer.code == 1
    assert refusals(answer) == [(8, "shape/code")]
    assert rows(answer, "written") == [number != 7 for number in range(12)]
    assert rows(answer, "exit_code") == [int(number == 7) for number in range(12)]
    assert sorted(id_ for id_ in rows(answer, "id") if id_) == [row["id"] for row in desk.do("list").data["rows"]]
    assert answer.finding("shape/code")["line"] == 15


@pytest.mark.parametrize("each", ["", " --each"])
@pytest.mark.parametrize("written", [lines, array])
def test_a_stream_that_ends_in_the_middle(written: Any, each: str, desk: "Desk") -> None:
    whole = written(*(referral(number) for number in range(5)))
    cut = whole[: whole.rindex("exploitation")]
    answer = desk.ask(f"admit{each}", cut)
    assert answer.code == 1
    ((number, code),) = refusals(answer)
    assert (number, code.partition("/")[0]) == (5, "document")
    line = answer.finding(code)["line"]
    assert cut.count("\n") - 1 <= line <= cut.count("\n") + 1
    as_a_whole = "The list cannot be read to its end, so nothing in it was written."
    assert (as_a_whole in answer.data["said"]) is (written is array)
    assert len(desk.do("list").data["rows"]) == (4 if each and written is lines else 0)


HER, ANOTHER = {"identity": {"sex": "female"}}, {"identity": {"sex": "female", "birth_date": 1990}}


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        (lines(HER) + "\n" + lines(ANOTHER), (2, "document/empty")),
        (yaml(HER, None, ANOTHER), (2, "document/empty")),
        (yaml(HER) + "---\n", (2, "document/empty")),
        (yaml(HER, 5, ANOTHER), (2, "document/not-a-mapping")),
        (array(HER, CANARY, ANOTHER), (2, "document/not-a-mapping")),
        (array(), (1, "document/empty")),
        (f"notes: x\n---\n# {CANARY}\nnotes: x\n", (2, "document/comment")),
        (f"notes: x\n---\n{CANARY}: x\n", (2, "shape/unknown-key")),
        (f"notes: x\n---\ndischarge: {{on: 2026-11-24}}\nnotes: {CANARY}\n", (2, "fragment/act")),
        (f"notes: x\n---\nschema: resident/1\nnotes: {CANARY}\n", (2, "fragment/whole-record")),
        (f"notes: x\n---\nid: {CANARY}\n", (2, "stream/id")),
        ("notes: x\n---\nid: 12\n", (2, "stream/id")),
        ("notes: x\n---\nid: 7QF2-M9KD\nnotes: x\n", (2, "client/unknown")),
    ],
)  # fmt: skip
def test_one_bad_document_is_told_by_its_number(text: str, refused: tuple[int, str], desk: "Desk") -> None:
    text = text.replace("notes: x\n", "identity: {sex: female}\n", 1)
    answer = desk.refused("admit --without-stay", text)
    assert (answer.code, refusals(answer)) == (1, [refused])
    found = answer.finding(refused[1])
    assert found["line"]
    assert found["column"]
    assert CANARY not in answer.out


def test_what_is_too_large_or_was_never_united_is_no_stream(desk: "Desk") -> None:
    answer = desk.refused("admit", "notes: x\n---\n" * 90_000)
    assert answer.refusals == ["document/stream-too-large"]
    assert answer.data == {}
    large = "identity: {sex: female}\nnotes: " + "x" * (256 << 10)
    assert refusals(desk.refused("admit", f"{large}\n---\n{large}\n"))[0] == (1, "document/too-large")
    assert desk.refused("admit", "notes: x\n---\n<<<<<<< ours\nnotes: x\n").code == 7


def test_one_person_twice_in_a_stream_is_refused_by_both_numbers(desk: "Desk") -> None:
    again = referral(0)
    again["identity"] |= {"first_name": "Aigul", "last_name": "Abdieva"}
    answer = desk.refused("admit", lines(referral(0), referral(1), again))
    assert refusals(answer) == [(3, "admission/same-person")]
    found = answer.finding("admission/same-person")
    assert found["facts"]["other"] == 1
    assert "document 1" in found["message"]
    assert "id" not in found["facts"]
    each = desk.ask("admit --each", lines(referral(0), referral(1), again))
    assert each.finding("admission/same-person")["facts"]["id"] == rows(each, "id")[0]
    assert rows(each, "written") == [True, True, False]
    assert rows(desk.do("admit --new-person", lines(referral(0), again)), "written") == [True, True]


def test_a_stream_run_twice_opens_nobody_twice(desk: "Desk") -> None:
    text = lines(*(referral(number) for number in range(4)))
    first = desk.do("admit", text)
    answer = desk.refused("admit", text)
    assert refusals(answer) == [(number, "admission/same-person") for number in range(1, 5)]
    named = [found["facts"]["id"] for found in answer.page["findings"] if found["severity"] == "refuse"]
    assert named == rows(first, "id")


def test_a_client_who_is_there_is_named_by_her_id(admitted: "Desk") -> None:
    hers = {
        "id": admitted.her.lower().replace("-", ""),
        "iom": {"documents": [{"kind": "application", "on": "2026-11-22"}]},
    }
    text = lines(hers, referral(1), {"id": admitted.her, "identity": {"education": "a"}})
    answer = admitted.do("admit", text)
    assert rows(answer, "id")[::2] == [admitted.her] * 2
    record = admitted.record()
    assert record["identity"]["education"] == "a"
    assert len(record["iom"]["documents"]) == 1
    before = admitted.digest_of_store()
    again = admitted.do("admit", lines(hers, {"id": admitted.her, "identity": {"education": "a"}}))
    assert rows(again, "written") == [False, False]
    assert admitted.digest_of_store() == before


def test_a_document_with_an_id_alone_is_for_what_is_done_with_each(admitted: "Desk") -> None:
    words, hers = "admit --done orientation --on 2026-11-23 --each", {"id": admitted.her}
    answer = admitted.do(words, hers)
    assert (rows(answer, "written"), answer.data["rows"][0]["replaced"]) == ([True], [])
    (entry,) = answer.data["rows"][0]["entries"]
    assert admitted.record()["stays"][0]["done"][-1]["id"] == entry
    assert rows(admitted.do(words, hers), "written") == [False]


def test_documents_of_one_client_follow_each_other(admitted: "Desk") -> None:
    said = [{"id": admitted.her, "identity": {"education": word}} for word in ("a", "b")]
    answer = admitted.do("admit", lines(*said))
    assert admitted.record()["identity"]["education"] == "b"
    assert rows(answer, "replaced") == [[], ["/identity/education"]]
    assert "Document 2 replaced: /identity/education." in answer.data["said"]
    wrong = {"id": admitted.her, "identity": {"education": 5}}
    each = admitted.ask("admit --each", lines(said[0], wrong))
    assert (refusals(each)[0][0], admitted.record()["identity"]["education"]) == (2, "a")


def test_a_damaged_file_of_one_client_refuses_her_document(admitted: "Desk") -> None:
    other = admitted.do("admit", referral(1)).data["id"]
    file = admitted.store / "residents" / f"{other}.yaml.age"
    file.write_bytes(file.read_bytes()[:-1])
    text = lines({"id": admitted.her, "notes": "x"}, {"id": other, "notes": "x"})
    answer = admitted.refused("admit", text)
    assert (rows(answer, "exit_code"), answer.code) == ([0, 6], 1)
    each = admitted.ask("admit --each", text)
    assert (rows(each, "written"), each.code) == ([True, False], 1)


def test_merged_done_and_admitted_in_one_call(desk: "Desk") -> None:
    words = "admit --done orientation --complete --on 2026-11-22"
    answer = desk.do(words, referral(0))
    assert answer.data["state"] == "admitted"
    stay = desk.record(answer.data["id"])["stays"][0]
    assert (stay["done"][-1]["item"], stay["done"][-1]["id"]) == ("orientation", answer.data["entry"])
    assert stay["admission"]["admitted_on"] == "2026-11-22"
    assert "admission/orientation" not in answer.codes()
    her = answer.data["id"]
    again = desk.do(f"admit {her} --done orientation --complete --on 2026-11-22", {"notes": "x"})
    assert (again.data["id"], again.data["changed"]) == (her, True)


def test_where_the_gate_refuses_nothing_of_the_call_is_written(desk: "Desk") -> None:
    early = referral(0)
    del early["admission"]["rules"]
    answer = desk.refused("admit --done orientation --complete --on 2026-11-22", early)
    assert answer.refusals == ["admission/rules"]
    assert answer.data["id"] is None
    assert desk.refused("admit --done nothing --complete", referral(0)).error == "usage/item"
    assert desk.refused("admit --done nothing --complete", lines(referral(0), referral(1))).error == "usage/item"
    checked = desk.do("admit --complete --on 2026-11-22 --check", referral(0))
    assert (checked.data["id"], checked.data["state"]) == (None, "admitted")
    assert desk.do("list").data["rows"] == []


def test_those_who_are_admitted_before_in_the_same_stream_take_their_beds(desk: "Desk") -> None:
    desk.do("facility add bishkek --capacity 3")
    many = lines(*(referral(number) for number in range(5)))
    answer = desk.refused("admit --complete --on 2026-11-22", many)
    assert refusals(answer) == [(4, "admission/full-house"), (5, "admission/full-house")]
    each = desk.ask("admit --complete --on 2026-11-22 --each", many)
    assert rows(each, "written") == [True, True, True, False, False]
    assert {row["state"] for row in desk.do("list").data["rows"]} == {"admitted"}
    assert len(desk.do("list").data["rows"]) == 3


def test_check_judges_a_stream_and_writes_nothing(desk: "Desk") -> None:
    before = desk.digest()
    answer = desk.do("admit --check", array(referral(0), referral(1)))
    assert (rows(answer, "written"), rows(answer, "id")) == ([False, False], [None, None])
    assert desk.digest() == before


def test_one_document_answers_as_ever_unless_each_is_said(desk: "Desk") -> None:
    assert "rows" not in desk.do("admit", lines(referral(0))).data
    assert len(desk.do("admit --each", lines(referral(1))).data["rows"]) == 1
    assert desk.refused("admit", f"- {CANARY}\n").refusals == ["document/not-a-mapping"]
    assert desk.refused("admit --without-stay", {"id": "7QF2-M9KD", "identity": {"sex": "female"}}).refusals == [
        "shape/unknown-key"
    ]


def test_a_stream_goes_to_nobody_who_is_named_on_the_command_line(admitted: "Desk") -> None:
    answer = admitted.refused(f"admit {admitted.her}", "notes: x\n---\nnotes: x\n")
    assert answer.refusals == ["document/several"]
    for words in (f"admit {admitted.her} --each", "admit --each"):
        given = {"notes": "x"} if admitted.her in words else None
        assert admitted.refused(words, given).error == "usage/each"


def test_from_standard_input(desk: "Desk") -> None:
    answer = desk.do("admit --from -", input=yaml(referral(0), referral(1)).encode())
    assert len(answer.data["rows"]) == 2


def test_the_line_by_which_an_editor_finds_the_schema_is_let_through(admitted: "Desk") -> None:
    head = "# yaml-language-server: $schema=fragment.schema.json\n"
    admitted.do(f"admit {admitted.her}", f"{head}notes: x\n")
    assert "yaml-language-server" not in json.dumps(admitted.record())
    answer = admitted.refused(f"admit {admitted.her}", f"{head}identity:\n  frist_name: x\n")
    assert (answer.finding("shape/unknown-key")["line"], answer.refusals) == (3, ["shape/unknown-key"])
    assert admitted.refused(f"admit {admitted.her}", f"notes: x\n{head}").refusals == ["document/comment"]
    assert admitted.refused(f"admit {admitted.her}", f"# {CANARY}\nnotes: x\n").refusals == ["document/comment"]
    assert len(admitted.do("admit", head + yaml(referral(1), referral(2))).data["rows"]) == 2


def test_every_file_is_opened_once(admitted: "Desk", monkeypatch: pytest.MonkeyPatch) -> None:
    counted = Path(admitted.folder / "opened")
    from shelterctl.vault.protocol import Vault

    real = Vault.read

    def counting(self: Vault, name: str) -> tuple[bytes, str]:
        with counted.open("a") as file:
            file.write(f"{name}\n")
        return real(self, name)

    monkeypatch.setattr(Vault, "read", counting)
    admitted.do("admit --complete --on 2026-11-22", lines(*(referral(number) for number in range(1, 8))))
    names = [name for name in counted.read_text().splitlines() if name.startswith("residents/")]
    assert names == [f"residents/{admitted.her}.yaml.age"]


NEED: dict[str, Any] = {"class": "primary", "need": "жильё", "on": "2026-11-24", "source": "resident"}
WANTED = ("жильё", "школа", "врач", "юрист")
MANY = 3000


def test_whoever_adds_to_one_track_at_the_same_time_loses_nothing(admitted: Desk) -> None:
    """Four processes append to one track of one file; each waits for its turn, and reads again what was written."""
    writers = []
    for one in WANTED:
        given = admitted.folder / f"{one}.yaml"
        given.write_text(f"class: primary\nneed: {one}\non: 2026-11-24\nsource: resident\n", encoding="utf-8")
        words = ["add", admitted.her, "need", "--from", str(given), "--as-of", "2026-11-25", "--wait", "60"]
        command = [sys.executable, "-m", "shelterctl", *words]
        writers.append(subprocess.Popen(command, env=admitted.env, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE))
    told = [each.communicate(timeout=patience())[1] for each in writers]
    assert [each.returncode for each in writers] == [0] * 4, told
    needs = admitted.record()["needs"]
    assert len({one["id"] for one in needs}) == len(needs) == 4
    assert {one["need"] for one in needs} == {*WANTED}
    admitted.do("check")


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory, _admitted: Desk) -> Revised:
    session = Revised(copied(_admitted, tmp_path_factory.mktemp("years") / "long"))
    grow(opened(session), session.her, MANY)
    return session


def test_a_file_of_ten_years_is_shown_and_judged(years: Revised) -> None:
    told = years.ask(f"show {years.her}")
    assert told.code in (0, 1)
    assert told.data["id"] == years.her
    rows = years.ask(f"show {years.her} service").data["rows"]
    assert len(rows) == MANY // 6
    found = years.ask(f"check {years.her}").page["findings"]
    assert not [one for one in found if one["severity"] == "refuse"]


def test_and_it_is_added_to(years: Revised) -> None:
    before = len(lying(years)["needs"])
    entry = years.ask(f"add {years.her} need", NEED).data["entry"]
    sealed = lying(years)["sealed"]["entries"]
    needs = lying(years)["needs"]
    assert len(needs) == before + 1
    assert needs[-1]["id"] == entry
    assert len(sealed) == MANY // 6
    assert all("note" not in one and one["age"].startswith("-----BEGIN AGE") for one in sealed)
