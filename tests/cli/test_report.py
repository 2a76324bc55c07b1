"""Reports of a house for a month: counted, closed, compared, corrected in the next one, and traced at a terminal."""

from typing import Any

import pytest

from shelterctl.tabular import files
from shelterctl.ui_language import SCREEN_LANGUAGES
from tests.cli.test_house import received
from tests.support.desk import TODAY, Desk
from tests.support.inputs import USUAL_ENTRIES
from tests.support.register_files import INCIDENT, VISIT, register_files
from tests.support.revised_rulebook import Revised
from tests.support.terminal import Terminal

NOVEMBER, DECEMBER = "--month 2026-11", "--month 2026-12"
AFTER, NEXT = "2026-12-03", "2027-01-04"
SERVICE = {"kind": "counselling_legal", "on": "2026-11-24", "by": "s-gulnara"}
OUTLAY = {"on": "2026-11-24", "item": "food", "amount": 300}
QUIET = {"narrative": "тихий месяц"}


def report(desk: Desk, words: str, today: str = AFTER) -> dict[Any, Any]:
    """The figures of a report: rows by their name, parts of them by row, column and answer."""
    rows = desk.do(f"report {words}", today=today).data["rows"]
    return {one["row"] if one["by"] is None else (one["row"], one["by"], one["answer"]): one["number"] for one in rows}


def corrections(desk: Desk, words: str, today: str = NEXT) -> list[tuple[Any, ...]]:
    """The corrections of a report: month, row, answer, and the number of now."""
    listed = desk.do(f"report {words}", today=today).data["corrections"]
    return [(one["month"], one["row"], one["answer"], one["now"]) for one in listed]


def found(answer: Any) -> dict[str, str]:
    return {one["code"]: one["severity"] for one in answer.page["findings"]}


@pytest.fixture
def house(admitted: Desk) -> Desk:
    """A house with what one month brings: a resident, a service, money, a visitor and an incident."""
    admitted.do(f"add {admitted.her} service", SERVICE)
    admitted.do(f"add {admitted.her} pocket-money", USUAL_ENTRIES["pocket-money"])
    admitted.do(f"add {admitted.her} outlay", OUTLAY)
    admitted.do("add bishkek visit", VISIT)
    admitted.do("add bishkek incident", INCIDENT)
    return admitted


def test_a_month_is_counted_from_what_was_recorded_and_zeros_stand(house: Desk) -> None:
    told = report(house, f"progress {NOVEMBER}")
    assert {
        name: told[name]
        for name in ("first_night", "last_night", "persons", "nights", "services", "visitors", "incidents")
    } == {"first_night": 0, "last_night": 1, "persons": 1, "nights": 9, "services": 1, "visitors": 1, "incidents": 1}
    assert told["left"] == told["services", "kind", "protection"] == told["persons", "sex", "male"] == 0
    assert told["services", "kind", "counselling_legal"] == told["visitors", "kind", "utility"] == 1
    money = report(house, f"financial {NOVEMBER}")
    assert (money["spent"], money["pocket_money"], money["without_receipt"]) == ("300.00", "200.00", 1)
    assert money["spent_on", "item", "food"] == "300.00"
    assert report(house, f"occupancy {NOVEMBER}")["average"] == 0.3


def test_services_are_counted_by_the_three_groups(house: Desk) -> None:
    """I.6: return, rehabilitation, reintegration; a journey to a course is no return."""
    for kind, more in (("meeting", {"point": "airport"}), ("reintegration_travel", {"destination": "Лицей"})):
        house.do(f"add {house.her} trip", {"kind": kind, "on": "2026-11-25", "by": "s-gulnara", **more})
    house.do(f"add {house.her} employment", {"kind": "job_search", "on": "2026-11-25", "by": "s-gulnara"})
    house.do(f"add {house.her} outlay", {"on": "2026-11-25", "item": "scholarship", "amount": 1000})
    told = report(house, f"services {NOVEMBER}")
    assert (told["return_help"], told["return_help", "kind", "meeting"], told["travel"]) == (1, 1, 1)
    assert (told["nights"], told["services"], told["services", "kind", "counselling_legal"]) == (9, 1, 1)
    assert (told["scholarships"], told["jobs"], told["jobs", "kind", "job_search"], told["trainings"]) == (1, 1, 1, 0)


def test_a_house_without_entries_has_a_report_of_zeros(desk: Desk) -> None:
    told = report(desk, f"progress {NOVEMBER}")
    assert {*told.values()} == {0}
    assert set(report(desk, f"financial {NOVEMBER}").values()) <= {0, "0.00"}
    closed = desk.do(f"report occupancy {NOVEMBER} --close", today=AFTER)
    assert closed.data["digest"]


def test_a_month_that_has_not_ended_is_open_and_says_so(house: Desk) -> None:
    told = house.ask(f"report progress {NOVEMBER}")
    assert (told.code, told.page["status"], found(told)) == (0, "open", {"report/running": "open"})
    assert told.data["to"] == TODAY
    assert "nights" in report(house, f"progress {NOVEMBER}", today=TODAY)
    closed = house.ask(f"report occupancy {NOVEMBER} --close --check")
    assert found(closed) == {"track/dated": "open"}
    assert "report/running" not in found(house.ask(f"report progress {NOVEMBER}", today=AFTER))


def test_a_month_or_year_that_has_not_begun_is_not_counted(house: Desk) -> None:
    for period in ("--month 2030-01", "--year 2027", "--month 2026-12"):
        assert house.refused(f"report progress {period}", today="2026-11-30").error == "usage/month"
    assert "nights" in report(house, "progress --month 2026-12", today="2026-12-01")


def test_a_report_is_closed_once_and_keeps_its_figures(house: Desk) -> None:
    before = report(house, f"progress {NOVEMBER}")
    house.do(f"report progress {NOVEMBER}", QUIET, today=AFTER)
    digest = house.digest()
    assert found(house.ask(f"report progress {NOVEMBER} --close --check", today=AFTER)) == {}
    assert house.digest() == digest
    closed = house.do(f"report progress {NOVEMBER} --close", today=AFTER).data
    again = house.refused(f"report progress {NOVEMBER} --close", today=AFTER)
    assert (again.code, again.refusals) == (1, ["report/closed"])
    house.do(f"add {house.her} service", {**SERVICE, "on": "2026-11-23"}, today=AFTER)
    told = house.do(f"report progress {NOVEMBER}", today=NEXT)
    assert report(house, f"progress {NOVEMBER}", today=NEXT) == before
    assert (told.data["closed_on"], told.data["digest"], told.data["words"]["narrative"]) == (
        AFTER, closed["digest"], QUIET["narrative"],
    )  # fmt: skip
    (listed,) = [one for one in house.do(f"report list {NOVEMBER}", today=AFTER).data["rows"] if one["closed_on"]]
    assert (listed["report"], listed["entry"]) == ("progress", closed["entry"])
    house.do(f"void bishkek {closed['entry']} --reason-code wrong_value", today=AFTER)
    assert report(house, f"progress {NOVEMBER}", today=NEXT)["services"] == before["services"] + 1
    house.do(f"report progress {NOVEMBER} --close", today=NEXT)
    house.do("check", today=NEXT)


def test_what_is_recorded_later_is_a_correction_of_the_next_report_once(house: Desk) -> None:
    house.do(f"report progress {NOVEMBER} --close", today=AFTER)
    nothing = house.do(f"report progress {NOVEMBER} --compare", today=AFTER).data
    assert (nothing["rows"], nothing["closed_on"]) == ([], AFTER)
    late = house.do(f"add {house.her} service", {**SERVICE, "on": "2026-11-23"}, today=AFTER).data["entry"]
    incident = house.do("list incident --columns id").data["rows"][0]["id"]
    house.do(f"void bishkek {incident} --reason-code wrong_value", today=AFTER)
    wanted = [
        ("2026-11", "services", None, "2"),
        ("2026-11", "services", "counselling_legal", "2"),
        ("2026-11", "incidents", None, "0"),
        ("2026-11", "incidents", "mass_public_event", "0"),
    ]
    differs = house.do(f"report progress {NOVEMBER} --compare", today=NEXT).data["rows"]
    assert [(one["month"], one["row"], one["answer"], one["now"]) for one in differs] == wanted
    assert [one["closed"] for one in differs] == ["1", "1", "1", "1"]
    assert corrections(house, f"progress {DECEMBER}") == wanted
    house.do(f"report progress {DECEMBER} --close", today=NEXT)
    assert corrections(house, f"progress {DECEMBER}") == wanted
    assert corrections(house, "progress --month 2027-01", "2027-02-02") == []
    house.do(f"void {house.her} {late} --reason-code wrong_value", today=NEXT)
    assert corrections(house, "progress --month 2027-01", "2027-02-02") == [
        ("2026-11", "services", None, "1"), ("2026-11", "services", "counselling_legal", "1"),
    ]  # fmt: skip
    assert [one["row"] for one in house.do(f"report progress {NOVEMBER} --compare", today=NEXT).data["rows"]] == [
        "incidents", "incidents",
    ]  # fmt: skip


def test_nothing_is_compared_with_a_report_that_is_not_closed(house: Desk) -> None:
    refused = house.refused(f"report progress {NOVEMBER} --compare", today=AFTER)
    assert (refused.code, refused.error) == (3, "report/not-closed")


def test_as_known_on_a_day_leaves_out_what_was_recorded_later(house: Desk) -> None:
    """Everything here was recorded today, by the real clock."""
    recorded = house.do("show bishkek visit").data["rows"][0]["recorded_at"][:10]
    later = max(recorded, AFTER)
    before = report(house, f"progress {NOVEMBER} --as-known-on 2026-01-01", later)
    assert {*before.values()} == {0}
    assert report(house, f"progress {NOVEMBER} --as-known-on {later}", later) == report(
        house, f"progress {NOVEMBER}", later
    )
    refused = house.refused(f"report progress {NOVEMBER} --as-known-on 2030-01-01", today=AFTER)
    assert (refused.code, refused.error) == (2, "usage/future")
    closing = house.refused(f"report progress {NOVEMBER} --as-known-on 2026-11-30 --close", today=AFTER)
    assert (closing.code, closing.error) == (2, "usage/one-thing")


def test_a_name_in_the_narrative_is_warned_of_by_its_place(house: Desk) -> None:
    told = house.do(f"report progress {NOVEMBER}", {"narrative": "Айгуль начала учиться"}, today=AFTER)
    (warned,) = [one for one in told.page["findings"] if one["code"] == "register/names-client"]
    assert (warned["severity"], warned["where"].endswith("/narrative")) == ("warn", True)
    assert "Айгуль" not in told.out


def test_words_that_are_changed_after_closing_are_told(house: Desk) -> None:
    house.do(f"report progress {NOVEMBER}", QUIET, today=AFTER)
    entry = house.do(f"report progress {NOVEMBER} --close", today=AFTER).data["entry"]
    house.do(f"report progress {NOVEMBER}", {"submitted_on": AFTER, "to": "координатор"}, today=AFTER)
    assert "report/changed" not in found(house.ask(f"report progress {NOVEMBER}", today=AFTER))
    assert not [row for row in house.do("due bishkek", today=AFTER).data["rows"] if row["row"] == "T06"]
    house.do(f"add bishkek monthly-report {entry}", {"narrative": "шумный месяц"}, today=AFTER)
    assert found(house.ask(f"report progress {NOVEMBER}", today=AFTER))["report/changed"] == "open"


def test_ids_behind_a_figure_are_shown_at_a_terminal_and_nowhere_else(house: Desk) -> None:
    traced = Terminal(house, today=AFTER).run(f"report progress {NOVEMBER} --trace services", [""])
    assert traced.code == 0
    assert house.her in traced.text
    assert house.her not in traced.left
    part = Terminal(house, today=AFTER).run(f"report progress {NOVEMBER} --trace services.kind=protection", [""])
    assert (part.code, house.her in part.text) == (0, False)
    for words in ("--trace services", "--trace services --json", "--trace services --format csv"):
        refused = house.run(f"report progress {NOVEMBER} {words}", today=AFTER)
        assert (refused.code, house.her in refused.out + refused.err) == (2, False)
    unknown = Terminal(house, today=AFTER).run(f"report progress {NOVEMBER} --trace servces", [])
    assert (unknown.code, "services" in unknown.text) == (2, True)


@pytest.mark.parametrize("name", ["her", "register"])
def test_a_report_is_not_closed_while_a_file_is_damaged(house: Desk, name: str) -> None:
    path = house.store / (f"residents/{house.her}.yaml.age" if name == "her" else register_files(house.store)[0])
    data = path.read_bytes()
    path.write_bytes(data[:-1])
    shown = house.ask(f"report progress {NOVEMBER}", today=AFTER)
    assert shown.code == 6
    closing = house.refused(f"report progress {NOVEMBER} --close", today=AFTER)
    assert (closing.code, "report/unread" in closing.codes()) in {(6, True), (1, True)}


def test_of_two_houses_one_is_named_or_all_are_taken(house: Desk) -> None:
    house.do("facility add osh --capacity 5")
    which = house.refused(f"report progress {NOVEMBER}", today=AFTER)
    assert (which.code, which.error) == (2, "usage/which-house")
    elsewhere = house.refused(f"report progress {NOVEMBER} --of naryn", today=AFTER)
    assert (elsewhere.code, elsewhere.error) == (3, "facility/unknown")
    guest = house.do("admit --new-person", received("Мээрим", facility="osh")).data["id"]
    house.do(f"add {guest} service", SERVICE)
    partner = house.do("admit --without-stay", {"identity": {"last_name": "Образцова", "sex": "female"}}).data["id"]
    house.do(f"add {partner} service", SERVICE)
    own = [report(house, f"progress {NOVEMBER} --of {code}") for code in ("bishkek", "osh")]
    assert [(one["persons"], one["services"], one["visitors"]) for one in own] == [(1, 1, 1), (1, 1, 0)]
    whole = report(house, f"progress {NOVEMBER} --of all")
    assert (whole["persons"], whole["services"], whole["visitors"]) == (2, 3, 1)
    warned = house.do(f"report progress {NOVEMBER} --of osh", today=AFTER)
    assert found(warned) == {"report/no-house": "warn"}
    assert house.refused(f"report progress {NOVEMBER} --of all --close", today=AFTER).error == "usage/which-house"


def test_who_does_not_read_a_register_sees_no_number_and_closes_nothing(house: Desk) -> None:
    told = house.do(f"report progress {NOVEMBER} --staff s-aida", today=AFTER)
    numbers = {one["row"]: one["number"] for one in told.data["rows"] if one["by"] is None}
    assert (numbers["incidents"], numbers["services"]) == (None, 1)
    refused = house.refused(f"report progress {NOVEMBER} --close --staff s-aida", today=AFTER)
    assert "report/not-reader" in refused.refusals


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        ("progres", 3, "report/unknown"),
        ("progress --month 2026-13", 2, "usage/month"),
        ("progress --close --compare", 2, "usage/one-thing"),
        ("progress --close --out x.pdf", 2, "usage/one-thing"),
        ("financial --public", 2, "usage/public"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_remedy(house: Desk, words: str, code: int, error: str) -> None:
    refused = house.refused(f"report {words}", today=AFTER)
    assert (refused.code, refused.error) == (code, error)


def test_it_is_printed_in_three_languages_and_given_to_a_table(house: Desk) -> None:
    for language, title in (("en", "Monthly progress report"), ("ru", "Отчёт о работе приюта"), ("ky", "айлык отчёт")):
        house.do(f"report progress {NOVEMBER} --out {language}.txt --lang {language}", today=AFTER)
        assert title in (house.folder / f"{language}.txt").read_text("utf-8")
    lines = house.run(f"report progress {NOVEMBER} --format csv", today=AFTER).out.splitlines()
    assert lines[0] == "row,by,answer,number"
    assert "services,kind,counselling_legal,1" in lines
    assert "services" not in house.run(f"report progress {NOVEMBER} --lang ru", today=AFTER).out


def test_what_has_no_answer_is_called_alike_on_the_screen_on_paper_and_in_a_workbook(house: Desk) -> None:
    openpyxl = pytest.importorskip("openpyxl", reason="the extra packages of tables are not installed")
    pytest.importorskip("xlsxwriter", reason="the extra packages of tables are not installed")
    came = {"at": "2026-11-24T21:00+06:00"}
    house.do(
        "admit",
        {
            "identity": {"sex": "female"},
            "facility": "bishkek",
            "referral": {"received_at": came["at"]},
            "received": came,
        },
    )
    words = {
        "en": ("age not known", "outside an agreement"),
        "ru": ("возраст неизвестен", "вне соглашений"),
        "ky": ("жашы белгисиз", "макулдашуудан тышкары"),
    }
    for language, said in words.items():
        for name, nothing in zip(("progress", "financial"), said, strict=True):
            asked = f"report {name} {NOVEMBER} --lang {language}"
            house.do(f"{asked} --out {name}-{language}.txt", today=AFTER)
            house.do(f"{asked} --out {name}-{language}.xlsx", today=AFTER)
            book = openpyxl.load_workbook(house.folder / f"{name}-{language}.xlsx")
            assert f"\n{nothing} " in (house.folder / f"{name}-{language}.txt").read_text("utf-8")
            assert nothing in [row[2] for row in book["figures"].values]
            if language in SCREEN_LANGUAGES:
                assert f"    {nothing} " in house.run(asked, today=AFTER).out


def test_a_workbook_has_a_sheet_for_each_table_and_numbers_are_numbers(house: Desk) -> None:
    openpyxl = pytest.importorskip("openpyxl", reason="the extra packages of tables are not installed")
    pytest.importorskip("xlsxwriter", reason="the extra packages of tables are not installed")
    house.do(f"report financial {NOVEMBER}", {"narrative": "=1+1\n\nвсё вымышлено"}, today=AFTER)
    told = house.do(f"report financial {NOVEMBER} --out f.xlsx --lang ru", today=AFTER)
    assert told.data["printed"][0]["form"] == "financial"
    assert "Сдайте отчёт" in house.run(f"report financial {NOVEMBER} --out g.xlsx --lang ru", today=AFTER).out
    assert (house.folder / "f.xlsx").read_bytes() == (house.folder / "g.xlsx").read_bytes()

    book = openpyxl.load_workbook(house.folder / "f.xlsx")
    sheets = {sheet.title: list(sheet.values) for sheet in book}
    assert [*sheets] == ["report", "figures", "documents", "words"]
    assert sheets["figures"][0] == ("Показатель", "Разбивка", "Часть", "Сколько", "Сумма или среднее")
    figures = {row[:3]: row[3:] for row in sheets["figures"][1:]}
    assert figures["Израсходовано", None, None] == (None, 300)
    assert figures["Израсходовано по назначению", "На что", "питание"] == (None, 300)
    assert figures["Расходов без чека", None, None] == (1, None)
    assert [row[:2] for row in sheets["words"][1:]] == [
        ("Пояснения к отчёту", "=1+1"),
        ("Пояснения к отчёту", "всё вымышлено"),
    ]
    assert book["words"]["B2"].data_type == "s"
    (spent,) = sheets["documents"][1:]
    assert (spent[0].isoformat()[:10], spent[1], spent[4]) == ("2026-11-24", "питание", 300)

    # The same figures as on the page, in the same order.
    for name in ("progress", "occupancy", "financial"):
        page = house.do(f"report {name} {NOVEMBER}", today=AFTER).data
        house.do(f"report {name} {NOVEMBER} --out {name}.xlsx", today=AFTER)
        rows = list(openpyxl.load_workbook(house.folder / f"{name}.xlsx")["figures"].values)[1:]
        numbers = [next((cell for cell in row[3:] if cell is not None), None) for row in rows]
        expected = [one["number"] for one in page["rows"] if one["row"] not in page["lists"]]
        assert numbers == pytest.approx([one and float(one) for one in expected])
    documents = house.folder / "financial.xlsx", house.folder / "closed.xlsx"
    house.do(f"report financial {NOVEMBER} --close", today=AFTER)
    house.do(f"report financial {NOVEMBER} --out closed.xlsx", today=AFTER)
    counted, closed = (list(openpyxl.load_workbook(path)["documents"].values) for path in documents)
    assert counted == closed
    house.do(f"report progress {NOVEMBER} --public --out public.xlsx", today=AFTER)
    rows = list(openpyxl.load_workbook(house.folder / "public.xlsx")["figures"].values)
    assert rows[0][3:] == ("How many", "Hidden")
    assert {row[3:] for row in rows[1:]} == {(0, None), (None, "[c]")}

    house.do(f"add {house.her} outlay", {**OUTLAY, "on": "2026-11-23", "amount": 50}, today=AFTER)
    house.do(f"report financial {DECEMBER} --out next.xlsx", today=NEXT)
    corrected = list(openpyxl.load_workbook(house.folder / "next.xlsx")["corrections"].values)
    assert corrected[0] == ("Month", "Figure", "In the closed report", "As counted now")
    assert corrected[1][1:] == ("Spent", 300, 350)


def test_a_workbook_that_cannot_be_written_is_refused_with_a_remedy(
    house: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    (house.folder / "there.xlsx").write_text("mine")
    told = house.refused(f"report financial {NOVEMBER} --out there.xlsx", today=AFTER)
    assert told.page["findings"][0]["code"] == "paper/exists"
    monkeypatch.setattr(files, "find_spec", lambda name: None)
    told = house.refused(f"report financial {NOVEMBER} --out f.xlsx", today=AFTER)
    assert (told.code, told.error) == (2, "usage/format")
    assert "pdf, html, md, txt" in told.page["error"]["message"]
    assert "pip install 'shelterctl[tables]'" in told.page["error"]["message"]


def test_what_was_kept_is_shown_though_the_rulebook_has_changed(house: Desk) -> None:
    """A row that a later rulebook does not have any more is left out; a new one has no figure."""
    house.do(f"report occupancy {NOVEMBER} --close", today=AFTER)
    revised = Revised(house)
    revised.edit("reports/occupancy.yaml", "  places: {house", "  beds: {house")
    told = revised.do(f"report occupancy {NOVEMBER}", today=AFTER).data
    numbers = {one["row"]: one["number"] for one in told["rows"] if one["by"] is None}
    assert numbers["beds"] is None
    assert numbers["last_night"] == 1
