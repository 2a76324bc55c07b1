"""The sheet of whatever has no form of its own: blank and filled, of every track, by data alone."""

import html
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from shelterctl.act.typed_track import own_command
from shelterctl.core.manual.sheet import LOG_SHEET
from shelterctl.core.manual.track import Track
from shelterctl.core.record.entries import field_at_path, read_entry
from shelterctl.core.record.file_tree import HOME_PATHS
from shelterctl.core.values.written_days import long_day
from shelterctl.paper.answers import MOST_COLUMNS
from shelterctl.paper.request import PaperRequest, printable_tracks
from shelterctl.paper.sheet import is_printed_by_month, make_track_sheet
from shelterctl.press.sheet import Medium, render_sheets
from shelterctl.rulebook.rulebook import open_rulebook
from tests.support.command import one_line
from tests.support.invented_tracks import (
    LONG,
    SAID,
    SAID_ON_PAPER,
    WENT,
    WENT_ON_PAPER,
    WORD,
    added,
    pages,
    with_own_sheets,
)
from tests.support.papers import LANGUAGES, UNAPPROVED, blank, seated, words_of_sheet
from tests.support.pdf import outside, overlaid, pressed
from tests.support.revised_rulebook import Revised

if TYPE_CHECKING:
    from tests.support.desk import Desk


SHELF = open_rulebook()
TRACKS = {track.form: track for track in printable_tracks(SHELF)}
SHEETS = [name for name, track in TRACKS.items() if not track.paper]


@pytest.fixture
def desk(admitted: "Desk") -> Revised:
    return with_own_sheets(admitted)


def test_a_blank_has_boxes_for_few_codes_and_lines_for_the_rest(desk: Revised) -> None:
    told = desk.paper("errand --blank", "en")
    assert "To whom: [ ] to a doctor [ ] to court" in told
    assert "Was it paid for: [ ] yes [ ] no [ ] unknown" in told
    assert told.count("What hurts: ____") == told.count("Which case: ____") == 1
    page = desk.paper("identity --blank", "en")
    assert page.count("[ ] Kyrgyz ") == 1


def test_a_blank_log_has_empty_rows_and_a_ledger_room_for_a_signature_in_each(desk: Revised) -> None:
    rows = desk.paper("allowance --blank", "en", "paper.md").count("| | | | |")
    assert rows == 3  # on paper as many as there is room for
    assert "| Paid on | Amount | For what | Signature: Client |" in desk.paper("allowance --blank", "en", "paper.md")
    assert "Shelter manager" in desk.paper("allowance --blank", "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_card_says_what_was_answered_and_leaves_lines_for_what_was_not(desk: Revised, language: str) -> None:
    added(desk, "errand", {"on": "2026-11-23"})
    entry = added(desk, "errand", WENT)
    told = desk.paper(f"errand {desk.her}", language)
    assert WENT_ON_PAPER[language].format(line="_" * 40) in told
    assert desk.her in told
    assert "Айгуль" not in told
    assert told == desk.paper(f"errand {desk.her} --entry {entry.lower()}", language)
    for ending in ("html", "md", "pdf"):
        page = desk.paper(f"errand {desk.her}", language, f"paper.{ending}")
        assert "Гульнара Образцова" in page
        assert SHELF.report.sheet.texts["yes"][language] in page


def test_the_last_entry_is_printed_or_the_one_that_is_named(desk: Revised) -> None:
    first = added(desk, "errand", {"on": "2026-11-22", "kind": "court", "case": "раздел имущества"})
    added(desk, "errand", {"on": "2026-11-24", "kind": "court", "case": "опека"})
    added(desk, "errand", {"on": "2026-11-23", "kind": "court", "case": "развод"})
    assert "Which case: опека" in desk.paper(f"errand {desk.her}", "en")
    assert "Which case: раздел имущества" in desk.paper(f"errand {desk.her} --entry {first}", "en")


def test_a_log_has_every_live_entry_oldest_first_and_their_sum(desk: Revised) -> None:
    desk.edit("tracks/allowance.yaml", "kind: ledger", "kind: log")
    given = [("2026-11-24", "250.50", "хлеб"), ("2026-11-22", 300, "телефон"), ("2026-11-23", 100, "дорога")]
    ids = [added(desk, "allowance", {"on": on, "amount": amount, "words": words}) for on, amount, words in given]
    desk.do(f"void {desk.her} {ids[2]} --reason-code entered_twice")
    told = desk.paper(f"allowance {desk.her}", "ru", "paper.md")
    assert "| 22.11.2026 | 300,00 | телефон | | 24.11.2026 | 250,50 | хлеб | | **Итого на 25.11.2026**" in told
    assert "**Итого на 25.11.2026** | **550,50** | |" in told
    assert "дорога" not in told
    assert "Подпись: Клиент" not in told
    assert "| Клиент | | | | | Руководитель приюта | | | |" in told  # below it, both who sign
    page = desk.paper(f"allowance {desk.her}", "en", "paper.pdf")
    assert "2026-11-22 300.00 телефон" in page


def test_a_ledger_is_signed_in_its_rows_and_below_by_whoever_else_signs(desk: Revised) -> None:
    added(desk, "allowance", {"on": "2026-11-22", "amount": 300})
    told = desk.paper(f"allowance {desk.her}", "en", "paper.md")
    assert "| Paid on | Amount | For what | Signature: Client |" in told
    assert "| 2026-11-22 | 300.00 | | |" in told
    assert "| **Total on 2026-11-25** | **300.00** | | |" in told
    assert "| Shelter manager | | | |" in told
    assert "| Client | | | |" not in told


def test_a_log_is_of_her_stay_and_what_is_not_written_yet_is_to_be_taken_along(desk: Revised) -> None:
    for name in ("allowance", "errand", "plea", "consent"):
        told = desk.paper(f"{name} {desk.her}", "en")
        assert desk.her in told
        assert "code of this sheet" in told
        row = desk.do(f"form {name} {desk.her} --out again.txt --overwrite").data["printed"][0]
        assert desk.do(f"paper {row['code']}").data["state"] == "same"


def test_a_letter_has_to_whom_it_goes_its_day_and_its_text_in_paragraphs(desk: Revised) -> None:
    desk.do("ngo add sezim", {"name": "Кризисный центр"})
    added(desk, "plea", {"on": "2026-11-23", "recipient": "sezim", "words": "Просим помочь.\nПаспорт утерян."})
    told = desk.paper(f"plea {desk.her}", "ru", "paper.md")
    assert "Кому: **Кризисный центр**" in told
    assert "Дата: **23 ноября 2026 г.**" in told
    assert "Просим помочь. Паспорт утерян. | Кто подписывает |" in told
    assert "О чём просьба" not in told
    assert "О чём просьба: ____" in desk.paper("plea --blank", "ru")


def test_her_name_in_the_words_for_somebody_else_is_noted_too(desk: Revised) -> None:
    given = {"kind": "media", "recipient": "Газета Айгуль", "what": ["age"]}
    added(desk, "disclosure", given)
    told = desk.ask(f"form disclosure {desk.her} --lang en --out log.txt")
    assert told.codes("warn") == ["paper/names-her"]
    assert told.finding("paper/names-her")["where"].endswith("/recipient")


def test_names_stand_where_forms_have_them_and_hers_only_where_they_are_asked_for(desk: Revised) -> None:
    added(desk, "errand", {**WENT, "tooth": "зуб, сказала Айгуль"})
    told = desk.ask(f"form errand {desk.her} --lang en --out names.txt")
    assert told.codes("warn") == ["paper/names-her"]
    assert "What hurts" in told.finding("paper/names-her")["message"]
    whole = desk.paper(f"errand {desk.her} --names", "en")
    assert "Айгуль Примерова" in whole
    bare = desk.do(f"form errand {desk.her} --lang en").data
    assert "Who went along: ____" in one_line(bare["text"])
    assert not [name for name in ("Айгуль", "Образцова", "s-gulnara", "зуб") if name in bare["text"]]
    assert bare["printed"][0]["code"] is None
    assert "Айгуль" in desk.run(f"form errand {desk.her} --lang en --names").out


def test_on_the_sheet_of_who_she_is_her_names_and_contacts_stay_blank_without_names(desk: Revised) -> None:
    desk.do(f"admit {desk.her}", {"identity": {"phone": "0555 01", "education": "школа", "address": "Ош, Тихая 7"}})
    told = desk.paper(f"identity {desk.her}", "en")
    assert "Education: школа" in told
    assert not [name for name in ("Айгуль", "Примерова", "1999", "0555", "Тихая") if name in told]
    told = desk.do(f"form identity {desk.her} --names --out with.txt --lang en").data["printed"][0]
    page = (desk.folder / "with.txt").read_text("utf-8")
    assert not [name for name in ("Айгуль", "Примерова", "1999", "0555", "Тихая") if name not in page]
    assert desk.do(f"paper {told['code']}").data["state"] == "same"


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        ("form errand HER --entry 000000", 3, "entry/unknown"),
        ("form errand HER --entry OTHER", 3, "entry/unknown"),
        ("form errand HER --entry STRUCK", 3, "entry/struck"),
        ("form allowance HER --entry 000000", 2, "usage/entry"),
        ("form identity HER --entry 000000", 2, "usage/entry"),
        ("form errand --entry 000000", 2, "usage/entry"),
        ("form pink HER --entry 000000", 2, "usage/entry"),
        ("form errand 0000-0000", 3, "client/unknown"),
        ("form stay HER", 3, "form/unknown"),
        ("form staff HER", 3, "entry/unknown"),
        ("form finding HER", 2, "usage/sealed"),
        ("form finding HER --out finding.pdf", 2, "usage/sealed"),
        ("form hiv HER", 2, "usage/sealed"),
        ("form hiv --blank", 2, "usage/sealed"),
    ],
)
def test_what_is_not_printed(words: str, code: int, error: str, desk: Revised) -> None:
    struck = added(desk, "errand", WENT)
    other = added(desk, "child", {"birth_date": 2019})
    desk.do(f"void {desk.her} {struck} --reason-code entered_twice")
    words = words.replace("HER", desk.her).replace("STRUCK", struck).replace("OTHER", other)
    told = desk.refused(words)
    assert (told.code, told.error) == (code, error)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_sealed_is_printed_blank(desk: Revised, language: str) -> None:
    assert len(re.findall("_+", desk.paper("finding --blank", language))) == 4
    rows = {row["form"]: row for row in desk.ask("form list").data["rows"]}
    assert rows["finding"]["filled_for"] is None
    assert "hiv" not in rows


def test_a_long_text_goes_on_over_pages_and_a_long_word_stays_within_them(desk: Revised) -> None:
    day = {"on": "2026-11-24"}
    for track, given in (
        ("errand", {"kind": "doctor", "tooth": LONG}),
        ("plea", {"words": LONG}),
        ("allowance", {"amount": 5, "words": LONG}),
    ):
        added(desk, track, day | given)
        row = desk.do(f"form {track} {desk.her} --lang ru --out long.pdf --overwrite").data["printed"][0]
        data = (desk.folder / "long.pdf").read_bytes()
        told = pages(data)
        assert row["pages"] == len(told) > 3
        assert outside(data) == []
        assert " ".join(told).count("Она рассказала всё подробно.") > 600
        assert all(f"дело {desk.her} · код листа: {row['code']}" in page for page in told)
        assert LONG.strip() in desk.paper(f"{track} {desk.her}", "ru", "long.md")
    for name, more in (
        ("errand", {"kind": "doctor", "tooth": WORD, "way": {"by": WORD}}),
        ("allowance", {"amount": 5, "words": f"{'ж' * 21} {WORD}"}),
    ):
        added(desk, name, day | more)
        desk.do(f"form {name} {desk.her} --lang ru --out word.pdf --overwrite")
        data = (desk.folder / "word.pdf").read_bytes()
        assert outside(data) == []
        assert overlaid(data) == []


def test_a_sheet_is_noted_and_what_changed_on_it_is_told_by_its_place(desk: Revised) -> None:
    entry = added(desk, "errand", WENT)
    code = desk.do(f"form errand {desk.her} --out errand.txt").data["printed"][0]["code"]
    assert desk.do(f"paper {code}").data["state"] == "same"
    desk.do("staff add s-gulnara --role social_worker", {"name": "Гульнара Иначева"})
    desk.do(f"add {desk.her} errand", {"id": entry, "kind": "court", "way": {"by": "поезд"}})
    told = desk.do(f"paper {code}")
    assert told.data["changed"] == ["/kind", "/by/name", "/way/by", "/was/0/kind"]
    shown = desk.run(f"paper {code} --lang en").out
    assert [word for word in ("To whom", "Who went along", "By what means") if word not in shown] == []
    desk.do(f"void {desk.her} {entry} --reason-code entered_twice")
    assert desk.do(f"paper {code}").data["state"] == "struck"


def test_of_a_log_each_entry_that_came_changed_or_went_is_told(desk: Revised) -> None:
    first = added(desk, "allowance", {"on": "2026-11-22", "amount": 300})
    code = desk.do(f"form allowance {desk.her} --out log.txt").data["printed"][0]["code"]
    second = added(desk, "allowance", {"on": "2026-11-23", "amount": 100})
    desk.do(f"add {desk.her} allowance", {"id": first, "amount": 200})
    told = desk.do(f"paper {code}")
    assert told.data["changed"] == [f"/{first}/amount", f"/{second}/on", f"/{second}/amount"]
    assert f"Amount in entry {second}" in desk.run(f"paper {code} --lang en").out


def test_a_sheet_that_is_to_be_struck_through_is_called_by_its_title(desk: Revised) -> None:
    added(desk, "allowance", {"on": "2026-11-22", "amount": 300})
    desk.do(f"form allowance {desk.her} --out log.txt")
    for language, title in (("en", "Pocket money paid"), ("ru", "Ведомость карманных денег")):
        assert title in desk.sit(language, f"void {desk.her}", "")


def test_the_page_for_programs_says_what_was_printed_and_the_list_what_each_is(desk: Revised) -> None:
    added(desk, "errand", WENT)
    told = desk.do(f"form errand {desk.her} --lang ru --out page.pdf").data
    assert told["printed"] == [
        {"form": "errand", "language": "ru", "record": desk.her, "code": told["printed"][0]["code"], "pages": 1}
    ]
    rows = {row["form"]: (row["title"], row["kind"], row["filled_for"]) for row in desk.ask("form list").data["rows"]}
    assert rows["errand"] == ("errand", "card", "a client's id")
    assert rows["allowance"][1:] == ("ledger", "a client's id")
    assert rows["plea"][1] == "letter"
    assert rows["pink"][1] == "form"
    assert "Ведомость карманных денег" in desk.run("form list --lang ru").out


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_log_says_that_it_has_her_last_stay_and_has_nothing_beside_it(language: str, admitted: "Desk") -> None:
    said = {
        "en": ("log of her stay", "log of all", "log of one month"),
        "ru": ("журнал за проживание", "журнал всех", "журнал за месяц"),
    }[language]
    lines = admitted.run(f"form list --lang {language}").out.splitlines()
    kinds = {line.split()[0]: words for line in lines for words in said if words in line}
    logs = [track for track in printable_tracks(SHELF) if track.sheet.kind == LOG_SHEET]
    assert kinds == {track.form: said[2 if is_printed_by_month(track) else not track.of_a_stay] for track in logs}

    before = {"on": "2026-01-01", "kind": "other", "what": "plaster"}
    entry = admitted.do(f"add {admitted.her} service", before).data["entry"]
    admitted.do(f"add {admitted.her} service", before | {"on": "2026-11-25", "what": "bandage"})
    admitted.do(f"form service {admitted.her} --names --lang {language} --out log.txt")
    page = (admitted.folder / "log.txt").read_text("utf-8")
    assert "bandage" in page
    assert "plaster" not in page
    refused = admitted.run(f"form service {admitted.her} --entry {entry} --lang {language}")
    assert refused.code == 2
    assert {"en": "This sheet prints more than one entry.", "ru": "На этом листе не одна запись."}[
        language
    ] in refused.err


def test_rows_within_an_entry_stand_in_a_table_and_where_they_are_too_many_under_headings(desk: Revised) -> None:
    session = seated(desk, language="en")
    vars(session)["rulebook"] = desk.rulebook
    track = session.rulebook.tracks["errand"]
    her, _ = session.store.client(desk.her)
    things = [{"what": "паспорт", "count": 1}, {"what": "снимки"}]
    entry = read_entry(track, {"id": "K7M2QA", "on": "2026-11-24", "things": things})
    told = render_sheets(
        make_track_sheet(session, her, her.stay, track, PaperRequest("errand"), [entry]).sheets, Medium.MARKDOWN
    ).data.decode()
    assert "| Thing | How many |\n|---|---|\n| паспорт | 1 |\n| снимки |  |" in told
    track = session.rulebook.tracks["mixed"]
    entry = read_entry(track, {"id": "K7M2QA", "many": [{"a": "Ош"}, {"b": "Баткен"}]})
    told = one_line(
        render_sheets(
            make_track_sheet(session, her, None, track, PaperRequest("mixed"), [entry]).sheets, Medium.TEXT
        ).data.decode()
    )
    assert "1. Journeys ----------- Word: Ош Word: ____" in told
    assert "2. Journeys" in told
    assert "Word: Баткен" in told
    empty = desk.paper("mixed --blank", "en")
    assert "2. Journeys" in empty
    assert "Course from: ____" in empty
    assert "Course: ____" not in empty


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_answer_is_written_as_the_language_writes_it(desk: Revised, language: str) -> None:
    child = added(desk, "child", {"birth_date": 2019})
    added(desk, "mixed", {**SAID, "child": child})
    day = long_day(date.fromisoformat(desk.record()["children"][-1]["recorded_at"][:10]), language)
    assert SAID_ON_PAPER[language].format(day=one_line(day)) in desk.paper(f"mixed {desk.her}", language)


def test_what_is_signed_twice_has_two_columns_to_sign_in(admitted: "Desk") -> None:
    thing = {"kind": "personal_item", "what": "a ring", "received_on": "2026-11-22", "received_by": "s-gulnara"}
    admitted.do(f"add {admitted.her} belonging", {**thing, "signed_by_her": True})
    admitted.do(f"form belonging {admitted.her} --lang en --names --out a.md")
    told = one_line((admitted.folder / "a.md").read_text("utf-8"))
    assert "| She signed that she gave it | Given back on | She signed that she has it back |" in told
    assert re.search(r"\| the signature is on the original \| (– )?\| (– )?\|", told)
    assert "Signature: Client" not in told


def test_what_a_row_has_no_column_for_stands_below_it(admitted: "Desk") -> None:
    help_ = {"on": "2026-11-24", "kind": "job_search", "work": "sewing", "help": "read vacancies together"}
    admitted.do(f"add {admitted.her} employment", {**help_, "by": "s-gulnara"})
    admitted.do(f"form employment {admitted.her} --lang en --names --out a.md")
    told = one_line((admitted.folder / "a.md").read_text("utf-8"))
    assert "How she was helped: read vacancies together" in told


def test_a_row_stays_on_one_page_and_the_coordinator_has_a_title_in_every_language(admitted: "Desk") -> None:
    for day in range(1, 31):
        given = {
            "on": f"2026-11-{day % 24 + 1:02}",
            "kind": "job_search",
            "work": f"one{day} two three four five six seven two{day}",
        }
        admitted.do(f"add {admitted.her} employment", given)
    admitted.do(f"form employment {admitted.her} --lang ru --names --out a.pdf")
    told = pages((admitted.folder / "a.pdf").read_bytes())
    assert len(told) > 1
    for day in range(1, 31):
        assert len([page for page in told if re.search(rf"\b(one|two){day}\b", page)]) == 1
    admitted.do(f"form coordinator-agreement {admitted.her} --lang ky --out c.md")
    agreed = (admitted.folder / "c.md").read_text("utf-8")
    assert "NGO Coordinator" not in agreed
    assert "координатору" in agreed


def test_a_card_that_is_not_whole_has_boxes_where_it_is_to_be_filled_in(admitted: "Desk") -> None:
    admitted.do(f"form identity {admitted.her} --lang en --out a.md")
    assert "[ ] yes [ ] no" in one_line((admitted.folder / "a.md").read_text("utf-8")).replace("\\", "")
    admitted.do(f"form person {admitted.her} --lang en --out b.md")
    assert (admitted.folder / "b.md").read_text("utf-8").count("dentification number") == 1


def labels(fields: Mapping[str, Any], language: str) -> list[str]:
    """What every field is called, also inside groups; of a period whose two days have names of their own, those."""
    inside = [each for one in fields.values() for each in labels(one.fields, language)]
    own = [one for one in fields.values() if not (one.kind == "span" and {"from", "to"} <= one.fields.keys())]
    return [*(one.paper_text[language] for one in own), *inside]


def outside_tables(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that do not stand in the head of a table, where a text breaks a heading within its column."""
    inside = {
        name: {} if one.several and len(one.fields) <= MOST_COLUMNS else outside_tables(one.fields)
        for name, one in fields.items()
    }
    return {name: replace(one, fields=inside[name]) for name, one in fields.items()}


def named(track: Track) -> dict[str, Any]:
    """The fields that stand on a blank by name: columns of rows; of a letter all but those that are its head."""
    if track.sheet.kind in ("log", "ledger"):
        return {column: field_at_path(track.fields, column) for column in track.sheet.columns}
    head = {"recipient", track.day} if track.sheet.kind == "letter" else {"identification_number"}
    return {name: one for name, one in track.fields.items() if name not in head}


def test_whatever_add_writes_has_a_sheet_and_no_form_has_a_second_one() -> None:
    hers = [name for name in SHELF.track_names if HOME_PATHS.keys() & {*SHELF.tracks[name].home}]
    added = {name for name in hers if own_command(SHELF.tracks[name]) is None and name != "hiv"}
    assert added <= set(SHEETS)
    assert not set(SHEETS) & {*SHELF.forms, *SHELF.annex_names, "monitoring-report", "hiv"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SHEETS)
def test_every_track_is_printed_blank_in_every_medium(name: str, language: str) -> None:
    track, paper = SHELF.tracks[name], blank(name, language)
    rows = track.sheet.kind in ("log", "ledger")
    whole = labels(outside_tables(named(track)), language)
    for medium in (Medium.TEXT, Medium.MARKDOWN, Medium.HTML):
        told = one_line(render_sheets(paper.sheets, medium).data.decode())
        told = html.unescape(told) if medium is Medium.HTML else told
        assert track.title[language] in told
        if not (rows and medium is Medium.TEXT):  # where a heading is broken within its column
            expected = whole if medium is Medium.TEXT else labels(named(track), language)
            assert [each for each in expected if each not in told] == []
    assert (paper.record, paper.code, paper.facts) == (None, None, {})
    assert words_of_sheet(paper).count(UNAPPROVED[language]) == (language != "en")


@pytest.mark.parametrize("name", TRACKS)
def test_every_blank_stands_on_paper_within_its_margins_with_as_many_pages_as_it_says(name: str) -> None:
    for language in LANGUAGES:
        made = pressed(blank(name, language).sheets, Medium.PDF)
        told = pages(made.data)
        assert made.pages == (len(told),)
        assert outside(made.data) == []
        assert overlaid(made.data) == []
        for number, page in enumerate(told, 1):
            assert f"{number} / {len(told)}" in page
            assert TRACKS[name].title[language] in page  # also on the last of them
