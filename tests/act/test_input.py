"""Files that are handed in: refused with their place and never their words; a time has the offset of the store."""

import codecs
from typing import Any

import pytest

from shelterctl.document.writing import format_document
from shelterctl.prompts.fill_in import WRITE_DOWN
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.schemas import published
from shelterctl.validation import SchemaValidator
from tests.support.desk import Desk
from tests.support.revised_rulebook import Revised

HER = "Тайнаева"
BOMB = "a: &a [x, x]\n" + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(9))

BAD = {
    "nothing": ("", "document/empty"),
    "only spaces": ("  \n\n", "document/empty"),
    "null": ("null\n", "document/empty"),
    "a list": (f"- {HER}\n", "document/not-a-mapping"),
    "a single text": (HER, "document/not-a-mapping"),
    "two documents": (f"notes: {HER}\n---\nnotes: {HER}\n", "document/several"),
    "a tab": (f"identity:\n\tlast_name: {HER}\n", "document/tab"),
    "5000 brackets": ("notes: " + "[" * 5000, "document/too-deep"),
    "5000 brackets that close": ("notes: " + "[" * 5000 + "]" * 5000, "document/too-deep"),
    "an alias bomb": (BOMB, "document/alias"),
    "UTF-16": (codecs.BOM_UTF16_LE + f"notes: {HER}".encode("utf-16-le"), "document/encoding"),
    "Windows-1251": (f"notes: {HER}".encode("cp1251"), "document/encoding"),
    "a key twice": (f"notes: {HER}\nnotes: {HER}\n", "document/duplicate-key"),
    "a telephone number": ("identity: {phone: 0555123456}\n", "document/ambiguous-number"),
    "no": ("admission: {rules: {signed: no}}\n", "document/ambiguous-word"),
    "a time of day": ("notes: 21:30\n", "document/ambiguous-number"),
    "an underscored number": ("trafficking: {months_trafficked: 1_0}\n", "document/ambiguous-number"),
    "a comment": (f"notes: x # {HER}\n", "document/comment"),
    "an escape": (f"notes: {HER}\x1b]0;owned\x07\n", "document/control"),
    "an escape written as one": (f'notes: "{HER}\\e[2J"\n', "document/control"),
    "a turned direction": (f"notes: {HER}\u202e\n", "document/direction"),
    "a tag": (f"notes: !!python/name:os.system {HER}\n", "document/tag"),
    "far too much": (f"notes: {HER}\n" * 20000, "document/too-large"),
    "a text without end": (f"iom: {{instructions: [{{needs: [{HER * 3000}]}}]}}\n", "shape/length"),
    "a day that does not exist": ("admission: {rules: {signed_on: 2026-02-30}}\n", "shape/date"),
    "a time that does not exist": ("referral: {received_at: 2026-11-20T25:00}\n", "shape/date"),
    "an unknown key": (f"{HER}: 1\n", "shape/unknown-key"),
    "a code that is none": (f"identity: {{sex: {HER}}}\n", "shape/code"),
    "a day where entries are asked for": ("done: [{item: clothes, on: 2026-11-24}]\n", "fragment/by-entry"),
    "what only an act writes": ("discharge: {on: 2026-11-24}\n", "fragment/act"),
}


@pytest.mark.parametrize(("given", "code"), BAD.values(), ids=BAD)
def test_bad_input_is_refused_with_its_place_and_without_its_words(
    given: str | bytes, code: str, admitted: "Desk"
) -> None:
    answer = admitted.refused(f"admit {admitted.her}", given)
    assert answer.code == 1
    assert answer.refusals == [code]
    assert HER not in answer.out
    assert code in ("document/empty", "document/encoding", "document/too-large") or answer.finding(code)["line"]


def test_merge_marks_are_a_conflict(admitted: "Desk") -> None:
    marks = f"<<<<<<< ours\nnotes: {HER}\n=======\nnotes: x\n>>>>>>> theirs\n"
    answer = admitted.refused(f"admit {admitted.her}", marks)
    assert (answer.code, answer.error) == (7, "document/merge-marks")
    assert HER not in answer.out


def test_a_key_that_is_nearly_one_is_named_as_what_it_may_mean(admitted: "Desk") -> None:
    answer = admitted.refused(f"admit {admitted.her}", "identity:\n  frist_name: x\n")
    found = answer.finding("shape/unknown-key")
    assert "first_name" in found["message"]
    assert (found["line"], found["column"], found["where"]) == (2, 15, "/identity")
    assert "frist" not in answer.out


def test_an_agreement_does_not_echo_a_line_or_a_key(admitted: "Desk") -> None:
    given = f"date: 2026-11-25\nperiod: {{from: 2026-12-01, to: 2026-12-31}}\nlines:\n  {HER}: {{amount: 1}}\n"
    answer = admitted.refused(f"agreement {admitted.her} --form blue", given)
    assert answer.refusals == ["agreement/unknown-line"]
    assert answer.finding("agreement/unknown-line")["line"] == 4
    assert HER not in str(answer.page["findings"])
    given = given.replace(f"{HER}: {{amount: 1}}", f"7a: {{amount: 1, {HER}: 1}}")
    answer = admitted.refused(f"agreement {admitted.her} --form blue", given)
    assert answer.refusals == ["agreement/unknown-key"]
    assert HER not in str(answer.page["findings"])


def test_every_command_that_reads_a_file_reads_it_as_strictly(admitted: "Desk", discharged: "Desk") -> None:
    bad = f"notes: {HER}\nnotes: {HER}\n"
    for words in (
        "admit",
        f"admit {admitted.her}",
        f"agreement {admitted.her} --form blue",
        "agreement --form blue --check",
        f"discharge {admitted.her}",
        "ngo add ulybka",
        "staff add s-new",
        "facility add osh",
    ):
        assert admitted.refused(words, bad).refusals == ["document/duplicate-key"]
    for words in ("record", "attempt", "close"):
        assert discharged.refused(f"monitor {words} {discharged.her}", bad).codes()[0] == "document/duplicate-key"


def test_json_is_read_as_yaml_is(admitted: "Desk") -> None:
    given = '{\n\t"identity": {"phone": "0555123456", "education": "\\u0448\\u043a\\u043e\\u043b\\u0430"}\n}'
    admitted.do(f"admit {admitted.her}", given)
    assert admitted.record()["identity"]["education"] == "школа"
    assert admitted.record()["identity"]["phone"] == "0555123456"


def test_a_day_written_another_way_is_told_how_days_are_written(admitted: "Desk") -> None:
    answer = admitted.refused(f"admit {admitted.her}", "admission: {rules: {signed_on: 25.11.2026}}\n")
    assert "YYYY-MM-DD" in answer.page["findings"][0]["message"]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("25.11.2026", "2026-11-25"), ("2026-11-24", "2026-11-24"), ("today", "2026-11-25"), ("Вчера", "2026-11-24"),
        ("бүгүн", "2026-11-25"), (" 24/11/2026 ", "2026-11-24"), ("25.11", "2026-11-25"), ("24-11", "2026-11-24"),
        ("25.11.26", "2026-11-25"), ("24 ноября", "2026-11-24"), ("24-ноябрь", "2026-11-24"), ("Nov 24", "2026-11-24"),
    ],
)  # fmt: skip
def test_a_date_on_the_command_line_is_read_as_at_a_question(written: str, day: str, admitted: "Desk") -> None:
    admitted.do(f"admit {admitted.her} --done orientation --on '{written}'")
    assert admitted.record()["stays"][0]["done"][-1]["on"] == day
    checked = admitted.do(f"discharge {admitted.her} --own-decision --check --on '{written}'")
    assert checked.data["said"] == [f"Nothing prevents discharge on {day}."]


def test_the_day_taken_as_today_is_read_so_too(admitted: "Desk") -> None:
    assert admitted.do("house --as-of 24.11.2026", today=None).data["said"][0].startswith("Who sleeps here in the")
    told = admitted.do(f"discharge {admitted.her} --own-decision --check --on today --as-of 27.11.2026", today=None)
    assert told.data["said"] == ["Nothing prevents discharge on 2026-11-27."]
    admitted.do("ngo add ulybka --memorandum 15.01.2026 --contract yesterday")


@pytest.mark.parametrize("written", ["26.11", "32.11", "25", "31.02.2026", "soon", "1.500", "2026-02-30", ""])
def test_a_date_that_is_none_or_reads_in_two_ways_is_refused_with_how_to_write_it(
    written: str, admitted: "Desk"
) -> None:
    if written:
        answer = admitted.refused(f"admit {admitted.her} --done orientation --on '{written}'")
        assert (answer.code, answer.error) == (2, "usage/date")
        assert answer.page["error"]["hint"]
    answer = admitted.refused(f"list --as-of '{written}x'", today=None)
    assert (answer.code, answer.error) == (2, "usage/date")


def test_a_wrong_date_is_refused_before_a_passphrase_is_asked_for(admitted: "Desk") -> None:
    admitted.key.unlink()
    for words in ("agreement ID --form blue --sign", "discharge ID", "monitor attempt ID", "admit ID --complete"):
        answer = admitted.refused(f"{words.replace('ID', admitted.her)} --on 32.11")
        assert (answer.code, answer.error) == (2, "usage/date")


HOURS = """schema: track/1
track: hours
text: {en: an hour, ru: час}
clause: IOM-7
PLACE
keeps: many
day: "on"
fields:
  on: {is: day, must: true, text: {en: Day, ru: День}}
  moment: {is: time, unknown: true, text: {en: Moment, ru: Момент}}
  said_at: {is: text, text: {en: Said at, ru: Где сказано}}
  call:
    is: group
    fields:
      begun: {is: time, text: {en: Call begun, ru: Начало звонка}}
      at: {is: text, text: {en: Called at, ru: Куда звонили}}
"""
PLACES = {"open": "home: client\nat: hours", "sealed": 'sealed: {part: legal, marker: ["on", moment]}'}
LOCAL, STORED = "2026-11-24T21:30", "2026-11-24T21:30+06:00"
GIVEN = {"on": "2026-11-24", "moment": LOCAL, "said_at": LOCAL, "call": {"begun": LOCAL, "at": LOCAL}}
KEPT = {**GIVEN, "moment": STORED, "call": {"begun": STORED, "at": LOCAL}}


@pytest.fixture(params=PLACES)
def draft(request: pytest.FixtureRequest, admitted: Desk) -> Revised:
    """A desk with a track of such fields, which may be sealed."""
    revised = Revised(admitted)
    revised.add("tracks/hours.yaml", HOURS.replace("PLACE", PLACES[request.param]))
    return revised


def kept(desk: Desk) -> list[dict[str, Any]]:
    """What the entries say, without what the program adds."""
    rows = desk.do(f"show {desk.her} hours --names").data["rows"]
    return [{name: value for name, value in row["fields"].items() if name in GIVEN} for row in rows]


def test_an_entry_by_file(draft: Revised) -> None:
    entry = draft.do(f"add {draft.her} hours", GIVEN).data["entry"]
    assert kept(draft) == [KEPT]
    draft.do(f"add {draft.her} hours {entry}", {"moment": "2026-11-24T22:00"})
    assert kept(draft) == [{**KEPT, "moment": "2026-11-24T22:00+06:00"}]
    draft.do(f"add {draft.her} hours {entry}", {"moment": "unknown"})
    assert kept(draft) == [{**KEPT, "moment": "unknown"}]


def test_an_offset_that_is_given_stays(draft: Revised) -> None:
    draft.do(f"add {draft.her} hours", {"on": "2026-11-24", "moment": "2026-11-24T21:30+05:00"})
    assert kept(draft) == [{"on": "2026-11-24", "moment": "2026-11-24T21:30+05:00"}]


def test_at_a_terminal(draft: Revised) -> None:
    seen = draft.sit(
        "en", f"add {draft.her} hours", "24.11.2026", "24.11.2026 21:30", "", "24.11.2026 21:30", "", WRITE_DOWN
    )
    assert kept(draft) == [{"on": "2026-11-24", "moment": STORED, "call": {"begun": STORED}}], seen


@pytest.mark.parametrize("draft", ["open"], indirect=True)
def test_a_fragment_and_a_stream(draft: Revised) -> None:
    draft.do(f"admit {draft.her}", {"hours": [GIVEN]})
    assert kept(draft) == [KEPT]
    parts = ({"hours": [{**GIVEN, "on": "2026-11-25"}]}, {"notes": "later"})
    draft.do("admit", "---\n".join(format_document({"id": draft.her, **part}) for part in parts))
    assert kept(draft) == [KEPT, {**KEPT, "on": "2026-11-25"}]


def test_the_parts_of_admission() -> None:
    left = {"on": "2026-11-20", "at": "2026-11-20T10:00"}
    fragment = {
        "referral": {"received_at": "2026-11-20T21:30"},
        "admission": {"primary_interview": {"at": "2026-11-20T22:00", "interpreter": "2026-11-20T22:00"}},
        "stays": [{"received": {"at": "2026-11-20T22:00+05:00"}}, {"discharge": left}],
        "notes": "2026-11-20T22:00",
    }
    assert SchemaValidator(published.fragment_schema(open_rulebook())).with_offset(fragment, "+06:00") == {
        "referral": {"received_at": "2026-11-20T21:30+06:00"},
        "admission": {"primary_interview": {"at": "2026-11-20T22:00+06:00", "interpreter": "2026-11-20T22:00"}},
        "stays": [
            {"received": {"at": "2026-11-20T22:00+05:00"}},
            {"discharge": {"on": "2026-11-20", "at": "2026-11-20T10:00+06:00"}},
        ],
        "notes": "2026-11-20T22:00",
    }
