"""The sheet of whatever is written down and has no form of its own: blank and filled, by data alone."""

import html
import re
from collections.abc import Mapping
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from media import outside, overlaid, pressed
from pypdf import PdfReader
from revised import Revised
from sheets import LANGUAGES, blank, seated, words

from shelterctl.act.addition import command_of
from shelterctl.core.entry import field_at, read_entry
from shelterctl.core.track import Track
from shelterctl.core.tree import HOMES
from shelterctl.library import open_shelf
from shelterctl.paper.request import Request, sheets
from shelterctl.paper.sheet import of
from shelterctl.press import Medium, long_day, press

if TYPE_CHECKING:
    from conftest import Desk

SHELF = open_shelf()
SHEETS = [track.name for track in sheets(SHELF)]
VISIT = """schema: track/1
track: visit
text: {en: a visit, ru: визит, ky: иш сапар}
clause: R4.0.9
home: stay
at: visits
keeps: many
day: "on"
fields:
  on: {is: day, must: true, text: {en: Day of it, ru: Когда, ky: Качан}}
  kind:
    is: code
    text: {en: To whom, ru: К кому, ky: Кимге}
    codes: {doctor: {en: to a doctor, ru: к врачу, ky: дарыгерге}, court: {en: to court, ru: в суд, ky: сотко}}
  tooth: {is: text, with: {kind: [doctor]}, text: {en: What hurts, ru: Что болит, ky: Эмне ооруйт}}
  case: {is: text, with: {kind: [court]}, text: {en: Which case, ru: Какое дело, ky: Кайсы иш}}
  by: {is: party, of: [staff], text: {en: Who went along, ru: Кто сопровождал, ky: Ким коштоду}}
  paid: {is: yes_no, unknown: true, text: {en: Was it paid for, ru: Оплачено ли, ky: Төлөндүбү}}
  at: {is: time, text: {en: Left the house at, ru: Когда вышли, ky: Качан чыкты}}
  cost: {is: som, zero: true, text: {en: What it cost, ru: Сколько стоило, ky: Канча турду}}
  way:
    is: group
    text: {en: The way, ru: Дорога, ky: Жол}
    fields:
      by: {is: text, text: {en: By what means, ru: На чём, ky: Эмне менен}}
      days: {is: span, text: {en: Days on the way, ru: Дни в пути, ky: Жолдогу күндөр}}
  things:
    is: group
    several: true
    text: {en: Things taken along, ru: Что взяли с собой, ky: Эмнени алып жүрдү}
    fields:
      what: {is: text, text: {en: Thing, ru: Вещь, ky: Буюм}}
      count: {is: whole, text: {en: How many, ru: Сколько, ky: Канча}}
"""
LEDGER = """schema: track/1
track: allowance
text: {en: pocket money, ru: карманные деньги, ky: чөнтөк акча}
clause: R1.0.2
home: stay
at: allowances
keeps: many
day: "on"
fields:
  on: {is: day, must: true, text: {en: Paid on, ru: Когда выдали, ky: Качан берилди}}
  amount: {is: som, text: {en: Amount, ru: Сумма, ky: Сумма}}
  words: {is: text, text: {en: For what, ru: На что, ky: Эмнеге}}
sheet:
  kind: ledger
  title: {en: Pocket money paid, ru: Ведомость карманных денег, ky: Чөнтөк акча тизмеси}
  signed_by: [client, manager]
  columns: ["on", amount, words]
"""
LETTER = """schema: track/1
track: plea
text: {en: a plea, ru: просьба, ky: өтүнүч}
clause: R1.0.2
home: client
at: pleas
keeps: many
day: "on"
fields:
  on: {is: day, must: true, text: {en: Day of it, ru: Когда, ky: Качан}}
  recipient: {is: party, of: [ngos], open: true, text: {en: To whom, ru: Кому, ky: Кимге}}
  words: {is: text, text: {en: What is asked, ru: О чём просьба, ky: Эмне суралат}}
sheet: {kind: letter, signed_by: [staff]}
"""
MIXED = """schema: track/1
track: mixed
text: {en: a bit of all, ru: всего понемногу, ky: баарынан аздан}
clause: R1.0.2
home: client
at: mixed
keeps: many
fields:
  born: {is: partial, text: {en: Born, ru: Родился, ky: Туулган}}
  hours: {is: clock, several: true, text: {en: At what hours, ru: В какие часы, ky: Саат канчада}}
  months: {is: months, text: {en: Months, ru: Месяцы, ky: Айлар}}
  child: {is: entry, of: child, text: {en: Which child, ru: Какой ребёнок, ky: Кайсы бала}}
  sure: {is: yes_no, unknown: true, text: {en: Sure, ru: Уверены, ky: Ишеним}}
  needs: {is: text, several: true, text: {en: Needs, ru: Нужно, ky: Керек}}
  tongues: {is: code, of: languages, several: true, open: true, text: {en: Languages, ru: Языки, ky: Тилдер}}
  course:
    is: span
    text: {en: Course, ru: Курс, ky: Окуу}
    fields:
      trade: {is: text, text: {en: Trade, ru: Профессия, ky: Кесип}}
      from: {is: day, text: {en: Course from, ru: Начало курса, ky: Окуунун башы}}
      to: {is: day, text: {en: Course to, ru: Конец курса, ky: Окуунун аягы}}
  many:
    is: group
    several: true
    text: {en: Journeys, ru: Поездки, ky: Сапарлар}
    fields: {a: {is: text}, b: {is: text}, c: {is: text}, d: {is: text}, e: {is: text}, f: {is: text}, g: {is: text}}
"""
SAID = {
    "born": "2019-05", "hours": ["08:00", "20:00"], "months": ["2027-01", "2026-12"], "sure": "unknown",
    "needs": ["хлеб", "сон"], "tongues": ["ky", "sw"],
    "course": {"from": "2026-12-01", "to": "2027-01-31", "trade": "швея"},
}  # fmt: skip
SAID_ON_PAPER = {
    "en": "Born: 2019-05 At what hours: 08:00, 20:00 Months: 2026-12, 2027-01 Which child: a child, {day} "
    "Sure: unknown Needs: хлеб; сон Languages: Kyrgyz, sw Course: 1 December 2026 – 31 January 2027 Trade: швея",
    "ru": "Родился: 05.2019 В какие часы: 08:00, 20:00 Месяцы: 12.2026, 01.2027 Какой ребёнок: ребёнок, {day} Уверены: "
    "неизвестно Нужно: хлеб; сон Языки: кыргызский, sw Курс: 1 декабря 2026 г. – 31 января 2027 г. Профессия: швея",
    "ky": "Туулган: 05.2019 Саат канчада: 08:00, 20:00 Айлар: 12.2026, 01.2027 Кайсы бала: бала, {day} Ишеним: "
    "белгисиз Керек: хлеб; сон Тилдер: кыргызча, sw Окуу: 2026-жылдын 1-декабры – 2027-жылдын 31-январы Кесип: швея",
}
SEALED = """schema: track/1
track: TRACK
text: {en: a finding, ru: находка, ky: табылга}
clause: R4.0.9
sealed: {part: PART}
keeps: KEEPS
day: "on"
fields:
  on: {is: day, text: {en: Day of it, ru: Когда, ky: Качан}}
  words: {is: text, text: {en: What was found, ru: Что нашли, ky: Эмне табылды}}
"""
OWN = {
    "visit": VISIT,
    "allowance": LEDGER,
    "plea": LETTER,
    "mixed": MIXED.replace("{is: text}", "{is: text, text: {en: Word, ru: Слово, ky: Сөз}}"),
    "finding": SEALED.replace("TRACK", "finding").replace("PART", "medical").replace("KEEPS", "many"),
    "hiv": SEALED.replace("TRACK", "hiv").replace("PART", "hiv").replace("KEEPS", "one"),
}
WENT: dict[str, Any] = {
    "on": "2026-11-24", "kind": "doctor", "by": "s-gulnara", "paid": True, "at": "2026-11-24T08:15+06:00", "cost": 1250,
    "way": {"days": {"from": "2026-11-24", "to": "2026-11-25"}},
}  # fmt: skip
LONG = ("Она рассказала всё подробно. " * 700)[:20_000]
WORD = "ж" * 300
DRAFT = {"en": "Draft translation", "ru": "Черновой перевод", "ky": "Котормонун долбоору"}
WENT_ON_PAPER = {
    "en": "Day of it: 24 November 2026 To whom: to a doctor What hurts: {line} {line} Who went along: Гульнара "
    "Образцова (s-gulnara) Was it paid for: yes Left the house at: 24 November 2026, 08:15 What it cost: 1,250.00 som",
    "ru": "Когда: 24 ноября 2026 г. К кому: к врачу Что болит: {line} {line} Кто сопровождал: Гульнара Образцова "
    "(s-gulnara) Оплачено ли: да Когда вышли: 24 ноября 2026 г., 08:15 Сколько стоило: 1 250,00 сом",
    "ky": "Качан: 2026-жылдын 24-ноябры Кимге: дарыгерге Эмне ооруйт: {line} {line} Ким коштоду: Гульнара Образцова "
    "(s-gulnara) Төлөндүбү: ооба Качан чыкты: 2026-жылдын 24-ноябры, 08:15 Канча турду: 1 250,00 сом",
}
"""What was answered, what is still to be written, and nothing that another answer made idle."""


@pytest.fixture
def desk(admitted: "Desk") -> Revised:
    """A shelf with tracks of its own, and names behind the codes of staff."""
    here = Revised(admitted)
    for name, text in OWN.items():
        if not (here.manual / f"tracks/{name}.yaml").exists():
            here.add(f"tracks/{name}.yaml", text)
    here.do("staff add s-gulnara --role social_worker", {"name": "Гульнара Образцова"})
    return here


def added(desk: Revised, track: str, given: Mapping[str, Any]) -> str:
    return str(desk.do(f"add {desk.her} {track}", given).data["entry"])


def pages(data: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(data)).pages]


def labels(fields: Mapping[str, Any], language: str) -> list[str]:
    """What every field is called, also inside groups; of a period whose two days have names of their own, those."""
    inside = [each for one in fields.values() for each in labels(one.fields, language)]
    own = [one for one in fields.values() if not (one.kind == "span" and {"from", "to"} <= one.fields.keys())]
    return [*(one.text[language] for one in own), *inside]


def named(track: Track) -> dict[str, Any]:
    """The fields that stand on a blank by name: columns of rows; of a letter all but those that are its head."""
    if track.sheet.kind in ("log", "ledger"):
        return {column: field_at(track.fields, column) for column in track.sheet.columns}
    head = {"recipient", track.day} if track.sheet.kind == "letter" else set()
    return {name: one for name, one in track.fields.items() if name not in head}


def one_line(text: str) -> str:
    return " ".join(text.split())


def test_whatever_add_writes_has_a_sheet_and_no_form_has_a_second_one() -> None:
    hers = [name for name in SHELF.track_names if HOMES.keys() & {*SHELF.tracks[name].home}]
    added = {name for name in hers if command_of(SHELF.tracks[name]) is None and name != "hiv"}
    assert added <= set(SHEETS)
    assert not set(SHEETS) & {*SHELF.form_names, *SHELF.annex_names, "monitoring-report", "hiv"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SHEETS)
def test_every_track_is_printed_blank_in_every_medium(name: str, language: str) -> None:
    track, paper = SHELF.tracks[name], blank(name, language)
    rows = track.sheet.kind in ("log", "ledger")
    for medium in (Medium.TEXT, Medium.MARKDOWN, Medium.HTML):
        told = one_line(press(paper.sheets, medium).data.decode())
        told = html.unescape(told) if medium is Medium.HTML else told
        assert track.title[language] in told
        if not (rows and medium is Medium.TEXT):  # where a heading is broken within its column
            assert [each for each in labels(named(track), language) if each not in told] == []
    assert (paper.record, paper.code, paper.facts) == (None, None, {})
    assert words(paper).count(DRAFT[language]) == (language != "en")


@pytest.mark.parametrize("name", SHEETS)
def test_every_blank_stands_on_paper_within_its_margins_with_as_many_pages_as_it_says(name: str) -> None:
    for language in LANGUAGES:
        made = pressed(blank(name, language).sheets, Medium.PDF)
        told = pages(made.data)
        assert made.pages == (len(told),)
        assert outside(made.data) == []
        assert overlaid(made.data) == []
        for number, page in enumerate(told, 1):
            assert (f"{number} / {len(told)}" in page) is (len(told) > 1)
            assert SHELF.tracks[name].title[language] in page  # also on the last of them


def test_a_blank_has_boxes_for_few_codes_and_lines_for_the_rest(desk: Revised) -> None:
    told = desk.paper("visit --blank", "en")
    assert "To whom: [ ] to a doctor [ ] to court" in told
    assert "Was it paid for: [ ] yes [ ] no [ ] unknown" in told
    assert told.count("What hurts: ____") == told.count("Which case: ____") == 1
    page = desk.paper("identity --blank", "en")
    assert page.count("[ ] Kyrgyz ") == 1


def test_a_blank_log_has_twelve_rows_and_a_ledger_room_for_a_signature_in_each(desk: Revised) -> None:
    rows = desk.paper("allowance --blank", "en", "paper.md").count("| | | | |")
    assert rows == 12
    assert "| Paid on | Amount | For what | Signature: Client |" in desk.paper("allowance --blank", "en", "paper.md")
    assert "Shelter manager" in desk.paper("allowance --blank", "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_card_says_what_was_answered_and_leaves_lines_for_what_was_not(desk: Revised, language: str) -> None:
    added(desk, "visit", {"on": "2026-11-23"})
    entry = added(desk, "visit", WENT)
    told = desk.paper(f"visit {desk.her}", language)
    assert WENT_ON_PAPER[language].format(line="_" * 40) in told
    assert desk.her in told
    assert "Айгуль" not in told
    assert told == desk.paper(f"visit {desk.her} --entry {entry.lower()}", language)
    for ending in ("html", "md", "pdf"):
        page = desk.paper(f"visit {desk.her}", language, f"paper.{ending}")
        assert "Гульнара Образцова" in page
        assert SHELF.report.sheet.texts["yes"][language] in page


def test_the_last_entry_is_printed_or_the_one_that_is_named(desk: Revised) -> None:
    first = added(desk, "visit", {"on": "2026-11-22", "kind": "court", "case": "раздел имущества"})
    added(desk, "visit", {"on": "2026-11-24", "kind": "court", "case": "опека"})
    added(desk, "visit", {"on": "2026-11-23", "kind": "court", "case": "развод"})
    assert "Which case: опека" in desk.paper(f"visit {desk.her}", "en")
    assert "Which case: раздел имущества" in desk.paper(f"visit {desk.her} --entry {first}", "en")


def test_a_log_has_every_live_entry_oldest_first_and_their_sum(desk: Revised) -> None:
    desk.edit("tracks/allowance.yaml", "kind: ledger", "kind: log")
    given = [("2026-11-24", "250.50", "хлеб"), ("2026-11-22", 300, "телефон"), ("2026-11-23", 100, "дорога")]
    ids = [added(desk, "allowance", {"on": on, "amount": amount, "words": words}) for on, amount, words in given]
    desk.do(f"void {desk.her} {ids[2]} --reason-code entered_twice")
    told = desk.paper(f"allowance {desk.her}", "ru", "paper.md")
    assert "| 22.11.2026 | 300,00 | телефон | | 24.11.2026 | 250,50 | хлеб | | **Итого** | **550,50** | |" in told
    assert "дорога" not in told
    assert "Подпись: Клиент" not in told
    assert told.count("Подпись") == 2  # below it, of both who sign
    page = desk.paper(f"allowance {desk.her}", "en", "paper.pdf")
    assert "2026-11-22 300.00 телефон" in page


def test_a_ledger_is_signed_in_its_rows_and_below_by_whoever_else_signs(desk: Revised) -> None:
    added(desk, "allowance", {"on": "2026-11-22", "amount": 300})
    told = desk.paper(f"allowance {desk.her}", "en", "paper.md")
    assert "| Paid on | Amount | For what | Signature: Client |" in told
    assert "| 2026-11-22 | 300.00 | | |" in told
    assert "| **Total** | **300.00** | | |" in told
    assert told.count("Signature") == 2
    assert "Shelter manager" in told


def test_a_log_is_of_her_stay_and_what_is_not_written_yet_is_to_be_taken_along(desk: Revised) -> None:
    for name in ("allowance", "visit", "plea", "consent"):
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
    assert "Просим помочь. Паспорт утерян. ## Сотрудник" in told
    assert "О чём просьба" not in told
    assert "О чём просьба: ____" in desk.paper("plea --blank", "ru")


def test_names_stand_where_forms_have_them_and_hers_only_where_they_are_asked_for(desk: Revised) -> None:
    added(desk, "visit", {**WENT, "tooth": "зуб, сказала Айгуль"})
    told = desk.ask(f"form visit {desk.her} --lang en --out names.txt")
    assert told.codes("warn") == ["paper/names-her"]
    assert "What hurts" in told.finding("paper/names-her")["message"]
    whole = desk.paper(f"visit {desk.her} --names", "en")
    assert "Айгуль Примерова" in whole
    bare = desk.do(f"form visit {desk.her} --lang en").data
    assert "Who went along: s-gulnara" in one_line(bare["text"])
    assert not [name for name in ("Айгуль", "Образцова", "зуб") if name in bare["text"]]
    assert bare["printed"][0]["code"] is None
    assert "Айгуль" in desk.run(f"form visit {desk.her} --lang en --names").out


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
        ("form visit HER --entry 000000", 3, "entry/unknown"),
        ("form visit HER --entry OTHER", 3, "entry/unknown"),
        ("form visit HER --entry STRUCK", 3, "entry/struck"),
        ("form allowance HER --entry 000000", 2, "usage/entry"),
        ("form identity HER --entry 000000", 2, "usage/entry"),
        ("form visit --entry 000000", 2, "usage/entry"),
        ("form pink HER --entry 000000", 2, "usage/entry"),
        ("form visit 0000-0000", 3, "client/unknown"),
        ("form stay HER", 3, "form/unknown"),
        ("form staff HER", 3, "form/unknown"),
        ("form finding HER", 2, "usage/sealed"),
        ("form finding HER --out finding.pdf", 2, "usage/sealed"),
        ("form hiv HER", 2, "usage/sealed"),
        ("form hiv --blank", 2, "usage/sealed"),
    ],
)
def test_what_is_not_printed(words: str, code: int, error: str, desk: Revised) -> None:
    struck = added(desk, "visit", WENT)
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
        ("visit", {"kind": "doctor", "tooth": LONG}),
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
        assert all(f"{desk.her} · {row['code']}" in page for page in told)
        assert LONG.strip() in desk.paper(f"{track} {desk.her}", "ru", "long.md")
    for name, more in (
        ("visit", {"kind": "doctor", "tooth": WORD, "way": {"by": WORD}}),
        ("allowance", {"amount": 5, "words": f"{'ж' * 21} {WORD}"}),
    ):
        added(desk, name, day | more)
        desk.do(f"form {name} {desk.her} --lang ru --out word.pdf --overwrite")
        data = (desk.folder / "word.pdf").read_bytes()
        assert outside(data) == []
        assert overlaid(data) == []


def test_a_sheet_is_noted_and_what_changed_on_it_is_told_by_its_place(desk: Revised) -> None:
    entry = added(desk, "visit", WENT)
    code = desk.do(f"form visit {desk.her} --out visit.txt").data["printed"][0]["code"]
    assert desk.do(f"paper {code}").data["state"] == "same"
    desk.do("staff add s-gulnara --role social_worker", {"name": "Гульнара Иначева"})
    desk.do(f"add {desk.her} visit", {"id": entry, "kind": "court", "way": {"by": "поезд"}})
    told = desk.do(f"paper {code}")
    assert told.data["changed"] == ["/kind", "/by/name", "/way/by"]
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
    assert f"Amount of entry {second}" in desk.run(f"paper {code} --lang en").out


def test_a_sheet_that_is_to_be_struck_through_is_called_by_its_title(desk: Revised) -> None:
    added(desk, "allowance", {"on": "2026-11-22", "amount": 300})
    desk.do(f"form allowance {desk.her} --out log.txt")
    for language, title in (("en", "Pocket money paid"), ("ru", "Ведомость карманных денег")):
        assert title in desk.sit(language, f"void {desk.her}", "")


def test_the_page_for_programs_says_what_was_printed_and_the_list_what_each_is(desk: Revised) -> None:
    added(desk, "visit", WENT)
    told = desk.do(f"form visit {desk.her} --lang ru --out page.pdf").data
    assert told["printed"] == [
        {"form": "visit", "language": "ru", "record": desk.her, "code": told["printed"][0]["code"], "pages": 1}
    ]
    rows = {row["form"]: (row["title"], row["kind"], row["filled_for"]) for row in desk.ask("form list").data["rows"]}
    assert rows["visit"] == ("visit", "card", "a client's id")
    assert rows["allowance"][1:] == ("ledger", "a client's id")
    assert rows["plea"][1] == "letter"
    assert rows["pink"][1] == "form"
    assert "Ведомость карманных денег" in desk.run("form list --lang ru").out


def test_rows_within_an_entry_stand_in_a_table_and_where_they_are_too_many_under_headings(desk: Revised) -> None:
    here = seated(desk, language="en")
    object.__setattr__(here, "shelf", desk.shelf)
    track = here.shelf.tracks["visit"]
    her, _ = here.store.client(desk.her)
    things = [{"what": "паспорт", "count": 1}, {"what": "снимки"}]
    entry = read_entry(track, {"id": "K7M2QA", "on": "2026-11-24", "things": things})
    told = press(of(here, her, her.stay, track, Request("visit"), [entry]).sheets, Medium.MARKDOWN).data.decode()
    assert "| Thing | How many |\n|---|---|\n| паспорт | 1 |\n| снимки |  |" in told
    track = here.shelf.tracks["mixed"]
    entry = read_entry(track, {"id": "K7M2QA", "many": [{"a": "Ош"}, {"b": "Баткен"}]})
    told = one_line(press(of(here, her, None, track, Request("mixed"), [entry]).sheets, Medium.TEXT).data.decode())
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
