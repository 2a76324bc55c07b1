"""By data alone: two papers of one's own, asked, judged, printed and signed as those of the manual are.

One is a fourth financial form: lines in a group, two who sign, texts that its form has no room for, and a question of
its heading that depends on another. The other is a track of a stay: a list of groups that its card prints as a table,
two who sign, a question that depends on another, and an act.
"""

from typing import Any

import pytest

from shelterctl.prompts.agreement import AGREEMENT_SAVE_DRAFT
from shelterctl.prompts.fill_in import WRITE_DOWN
from shelterctl.prompts.sign import SIGN_RECORD
from tests.support.revised_rulebook import GREEN, LANGUAGES, Revised

VIOLET = """schema: track/1
track: violet
text: {en: violet form, ru: лиловая форма}
clause: IOM-2026-16
family: agreement
tells: {form: violet}
unlisted: IOM-2026-16
advice: {en: Ask IOM., ru: Спросите МОМ.}
groups:
  "1": {en: "A workplace of her own:", ru: "Своё рабочее место:"}
fields:
  craft: {is: text, letters: true, text: {en: Craft, ru: Ремесло}}
  partner: {is: yes_no, text: {en: She works with a partner, ru: Работает вместе с кем-то}}
  partner_name: {is: text, letters: name, with: {partner: ["yes"]}, text: {en: With whom, ru: С кем}}
rules:
  - {needs: craft, act: sign, clause: IOM-2026-16}
  - {needs: partner_name, strength: should, clause: IOM-2026-16}
parts:
  1a:
    group: "1"
    text: {en: "Tools ({at_most} Soms)", ru: "Инструменты (не более {at_most} сомов)"}
    clause: IOM-2026-16
    fields:
      goods: {is: text, printed: true, text: {en: which tools, ru: какие инструменты}}
    rules:
      - {amount: amount, at_most: 3000, clause: IOM-2026-16}
  1b:
    group: "1"
    text: {en: Rent of a room, ru: Аренда помещения}
    clause: IOM-2026-16
    fields:
      reason: {is: text, text: {en: "why it is needed: in her words", ru: "зачем оно нужно: её словами"}}
  "2": {text: {en: Advertising, ru: Реклама}, clause: IOM-2026-16}
sheet:
  tint: white
  sentences:
    - mark: "1."
      clause: IOM-2026-16
      text:
        en: "Craft: {craft}. With a partner: {partner}, {partner_name}."
        ru: "Ремесло: {craft}. Вместе с кем-то: {partner}, {partner_name}."
  texts:
    title: {en: AGREEMENT ON A CRAFT, ru: СОГЛАШЕНИЕ О РЕМЕСЛЕ}
    subtitle: {en: (Violet Form), ru: (лиловая форма)}
    number: {en: AGREEMENT NO., ru: СОГЛАШЕНИЕ №}
    place: {en: Bishkek, ru: г. Бишкек}
    date: {en: Date, ru: Дата}
    preamble: {en: "{ngo} ({ngo_representative}) and IOM ({iom_representative}):", ru: "{ngo} и МОМ:"}
    description: {en: Description, ru: Описание}
    requested: {en: Requested, ru: Запрошено}
    total: {en: Total, ru: Итого}
    in_writing: {en: "In writing:", ru: "Прописью:"}
    guidelines: {en: The standards apply., ru: Действуют стандарты.}
    signed: {en: "Signed:", ru: "Подписали:"}
    ngo: {en: for the NGO, ru: от НПО}
    iom: {en: for IOM, ru: от МОМ}
    name: {en: Name, ru: Имя}
"""
WORDS = "She sews at home, and the noise of the machine wakes the child. " * 12
GOODS = "a sewing machine with a table of its own, two irons, a mirror for fittings, and thread for the first winter"
GIVEN: dict[str, Any] = {
    "date": "2026-11-25", "number": "V-1", "ngo": "sezim", "craft": "sewing", "partner": True,
    "partner_name": "Б. Соседкина", "drafted_by": ["NGO Coordinator", "manager"],
    "lines": {"1a": {"amount": "3000.00", "goods": GOODS}, "1b": {"amount": "900.00", "reason": WORDS.strip()},
              "2": {"amount": "100.00"}},
}  # fmt: skip
SIGNED = {"on": "2026-11-25", "ngo_name": "Б. Образцова", "iom_name": "А. Примеров"}

LENDING = """schema: track/1
track: lending
text: {en: things lent to her, ru: вещи во временное пользование}
clause: IOM-2026-17
home: stay
at: lendings
keeps: many
day: "on"
acts:
  collect: {text: {en: Take back, ru: Принять обратно}, clause: IOM-2026-17, writes: collected}
fields:
  on: {is: day, must: true, text: {en: Lent on, ru: Когда выданы}}
  things:
    is: group
    several: true
    text: {en: Thing, ru: Вещь}
    fields:
      what: {is: text, must: true, text: {en: What it is, ru: Что это}}
      worth: {is: som, text: {en: What it is worth, ru: Сколько стоит}}
  deposit: {is: yes_no, text: {en: She left a deposit, ru: Оставила залог}}
  deposit_sum: {is: som, with: {deposit: ["yes"]}, text: {en: How much the deposit is, ru: Сколько залог}}
  signed_by_her: {is: yes_no, text: {en: She signed for it, ru: Она расписалась}}
  state: {is: text, text: {en: In what state it came back, ru: В каком виде вернули}}
  collected:
    is: group
    text: {en: taken back, ru: принято обратно}
    fields:
      on: {is: day, text: {en: Taken back on, ru: Когда приняли}}
      by: {is: party, of: [staff], text: {en: Who took it back, ru: Кто принял}}
rules:
  - {needs: things, clause: IOM-2026-17}
  - {needs: deposit_sum, strength: should, clause: IOM-2026-17}
  - {needs: state, act: collect, clause: IOM-2026-17}
sheet:
  kind: card
  title: {en: Things lent, ru: Выданные вещи}
  signed_by: [client, staff]
  signed: [signed_by_her]
"""
LENT: dict[str, Any] = {
    "on": "2026-11-24", "deposit": True, "deposit_sum": "200.00",
    "things": [{"what": "an iron", "worth": "1500.00"}, {"what": "a lamp"}],
}  # fmt: skip


@pytest.fixture
def desk(admitted: Any) -> Revised:
    session = Revised(admitted)
    session.add("tracks/green.yaml", GREEN)
    session.add("tracks/violet.yaml", VIOLET)
    session.add("tracks/lending.yaml", LENDING)
    for clause in ("IOM-2026-14", "IOM-2026-16", "IOM-2026-17"):
        session.clause(clause, f"As {clause} has it.")
    return session


def kept(agreement: dict[str, Any]) -> dict[str, Any]:
    """What was answered, without what the program wrote beside it."""
    own = ("id", "stay", "form", "recorded_at", "recorded_by", "signed")
    return {name: value for name, value in agreement.items() if name not in own}


ASKED = {
    "en": (
        "She works with a partner (1 yes, 2 no) > 1 With whom > Б. Соседкина Representative of the NGO > ",
        "! Line 1a asks for 3,001.00 som; the violet form allows 3,000.00 (IOM-2026-16). Ask IOM.",
        "Which tools >",
        "Why it is needed: in her words >",
    ),
    "ru": (
        "Работает вместе с кем-то (1 да, 2 нет) > 1 С кем > Б. Соседкина Представитель НПО > ",
        "! В строке 1a запрошено 3 001,00 сом, а лиловая форма разрешает 3 000,00 (IOM-2026-16). Спросите МОМ.",
        "Какие инструменты >",
        "Зачем оно нужно: её словами >",
    ),
}
PRINTED = {
    "en": (
        "1. Craft: sewing. With a partner: yes, Б. Соседкина.",
        "1. A workplace of her own:",
        "a) Tools (3000 Soms)",
    ),
    "ru": (
        "1. Ремесло: sewing. Вместе с кем-то: да, Б. Соседкина.",
        "1. Своё рабочее место:",
        "а) Инструменты (не более",
    ),
}
ANNEX = {
    "en": ("Annex to the financial agreement", "Which tools: a sewing machine", "Why it is needed: She sews at home"),
    "ru": ("Приложение к финансовому соглашению", "Какие инструменты: a sewing", "Зачем оно нужно: She sews at home"),
}
COPY = {
    "en": "COPY of a signed sheet. Signed on: 25 November 2026",
    "ru": "КОПИЯ подписанного листа. Подписано: 25 ноября 2026",
}
ON_ORIGINAL = {"en": "the signature is on the original", "ru": "подпись – на подлиннике"}
SHOWN = {
    "en": "Craft: sewing She works with a partner: yes With whom: Б. Соседкина",
    "ru": "Ремесло: sewing Работает вместе с кем-то: да С кем: Б. Соседкина",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_is_asked_at_the_terminal_saved_and_signed_by_two(desk: Revised, language: str) -> None:
    heading = ("", "V-1", "", "sewing", "1", "Б. Соседкина", "", "", "1 2", "")
    lines = ("3001", "3000", GOODS, "900", WORDS, "100")
    walked = desk.sit(language, f"agreement {desk.her} --form violet", *heading, *lines, AGREEMENT_SAVE_DRAFT, "")
    for words in ASKED[language]:
        assert words in walked
    (saved,) = desk.record()["agreements"]
    assert (saved["form"], kept(saved)) == ("violet", GIVEN)
    desk.sit(language, f"agreement {desk.her} --form violet --sign", "", "Б. Образцова", "А. Примеров", SIGN_RECORD)
    assert SIGNED.items() <= desk.record()["agreements"][0]["signed"].items()
    assert SHOWN[language] in desk.sit(language, f"show {desk.her} --all")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_depends_on_another_answer_of_the_heading_is_not_asked_after_a_no(desk: Revised, language: str) -> None:
    walked = desk.sit(language, f"agreement {desk.her} --form violet", "", "V-1", "", "sewing", "2", ".", "3")
    assert {"en": "With whom", "ru": "С кем >"}[language] not in walked
    alone = {**GIVEN, "partner": False}
    idle = desk.ask(f"agreement {desk.her} --form violet --check", alone).finding("track/unasked")
    assert idle["where"].endswith("/partner_name")
    lacking = {name: said for name, said in GIVEN.items() if name != "partner_name"}
    needs = desk.ask(f"agreement {desk.her} --form violet --check", lacking).finding("track/needs")
    assert (needs["severity"], needs["clause"]) == ("open", "IOM-2026-16")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_is_judged_by_file_listed_and_printed_with_its_annex_and_as_signed(
    desk: Revised, language: str
) -> None:
    over = {**GIVEN, "lines": {"1a": {"amount": 3001}, "1c": {"amount": 1}}}
    told = desk.ask(f"agreement {desk.her} --form violet --check", over)
    assert {told.finding(f"agreement/{code}")["clause"] for code in ("over-cap", "unknown-line")} == {"IOM-2026-16"}
    desk.do(f"agreement {desk.her} --form violet", GIVEN)
    assert kept(desk.record()["agreements"][0]) == GIVEN
    assert [row["form"] for row in desk.ask("agreements").data["rows"]] == ["violet"]
    for name in ("paper.txt", "paper.pdf"):
        printed = desk.paper(f"violet {desk.her}", language, name)
        for words in (*PRINTED[language], *ANNEX[language]):
            assert words in printed
        form, _, annex = printed.partition(ANNEX[language][0])
        assert ("the child" in form, annex.count("the child")) == (False, 12)
        assert COPY[language] not in printed
    desk.do(f"agreement {desk.her} --form violet --sign", GIVEN | {"signed": SIGNED})
    for name in ("signed.txt", "signed.pdf"):
        printed = desk.paper(f"violet {desk.her}", language, name)
        assert printed.count(COPY[language]) == 2, "on the form, and on its annex"
        assert printed.count(ON_ORIGINAL[language]) == 4, "two on each"
        assert ANNEX[language][2] in printed


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_has_room_on_the_form_brings_no_annex_and_a_blank_has_none(desk: Revised, language: str) -> None:
    short = {**GIVEN, "lines": {"1a": {"amount": 900, "goods": "two irons"}, "1b": {"amount": 900}}}
    desk.do(f"agreement {desk.her} --form violet", short)
    for printed in (desk.paper(f"violet {desk.her}", language), desk.paper("violet --blank", language, "blank.pdf")):
        assert ANNEX[language][0] not in printed
        assert PRINTED[language][1] in printed
        assert PRINTED[language][2] in printed
    assert " – two irons" in desk.paper(f"violet {desk.her}", language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_is_listed_explained_and_has_its_schema(desk: Revised, language: str) -> None:
    assert {"pink", "blue", "green", "violet"} <= {row["form"] for row in desk.ask("form list").data["rows"]}
    for words in ("explain track violet", "explain violet 1a"):
        assert {"en": "violet form", "ru": "лиловая форма"}[language] in desk.run(f"{words} --lang {language}").out
    schema = desk.ask("schema agreement-violet").data["schema"]["properties"]
    assert [*schema["lines"]["properties"]] == ["1a", "1b", "2"]
    assert schema["partner_name"]["x-with"] == {"partner": "yes"}
    resident = desk.ask("schema resident").data["schema"]["$defs"]["agreement"]["properties"]
    assert {"craft", "partner", "partner_name"} <= resident.keys()


LENT_ASKED = {
    "en": "Thing 2: What it is > a lamp Thing 2: What it is worth > Thing 3: What it is > She left a deposit (1 yes, 2 "
    "no) > 1 How much the deposit is > 200 She signed for it",
    "ru": "Вещь 2: Что это > a lamp Вещь 2: Сколько стоит > Вещь 3: Что это > Оставила залог (1 да, 2 нет) "
    "> 1 Сколько залог > 200 Она расписалась",
}
TABLE = {"en": "| What it is | What it is worth |", "ru": "| Что это | Сколько стоит |"}
ROWS = {"en": ("| an iron | 1,500.00 |", "| a lamp |"), "ru": ("| an iron | 1 500,00 |", "| a lamp |")}
SIGNERS = {"en": ("Client", "Member of staff"), "ru": ("Клиент", "Сотрудник")}


def lending(desk: Revised) -> dict[str, Any]:
    (entry,) = desk.record()["stays"][0]["lendings"]
    found: dict[str, Any] = entry
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_entry_is_asked_at_the_terminal_and_its_act_done(desk: Revised, language: str) -> None:
    things = ("an iron", "1500", "a lamp", "", "")
    walked = desk.sit(language, f"add {desk.her} lending", "24.11", *things, "1", "200", "1", "", WRITE_DOWN)
    assert LENT_ASKED[language] in walked
    assert (lending(desk)["deposit_sum"], [one["what"] for one in lending(desk)["things"]]) == (
        "200.00",
        ["an iron", "a lamp"],
    )
    seen = desk.sit(language, f"collect {desk.her} lending", "whole", "", "", "1")
    assert {"en": "In what state it came back > whole", "ru": "В каком виде вернули > whole"}[language] in seen
    iron = lending(desk)["things"][0]["id"]
    assert {"en": f"Thing ({iron}) What it is: an iron", "ru": f"Вещь ({iron}) Что это: an iron"}[language] in seen
    assert lending(desk)["collected"] == {"by": "manager", "on": "2026-11-25"}
    shown = desk.sit(language, f"show {desk.her} lending --names")
    assert {"en": "Who took it back: manager", "ru": "Кто принял: manager"}[language] in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_after_a_no_the_entry_is_not_asked_for_what_depends_on_a_yes(desk: Revised, language: str) -> None:
    walked = desk.sit(language, f"add {desk.her} lending", "24.11", "an iron", "", "", "2", ".", "3")
    assert {"en": "How much the deposit is", "ru": "Сколько залог"}[language] not in walked
    idle = desk.ask(f"add {desk.her} lending --check", {**LENT, "deposit": False})
    assert idle.finding("track/unasked")["where"].endswith("/deposit_sum")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_entry_is_written_by_file_listed_and_printed_as_a_table_blank_filled_and_signed(
    desk: Revised, language: str
) -> None:
    entry = desk.do(f"add {desk.her} lending", LENT).data["entry"]
    assert desk.refused(f"collect {desk.her} lending").refusals == ["track/needs"]
    desk.do(f"collect {desk.her} lending --on 2026-11-25", {"state": "whole"})
    assert [row["entry"] for row in desk.do(f"show {desk.her} lending").data["rows"]] == [entry]
    assert "lending" in [row["form"] for row in desk.ask("form list").data["rows"]]

    filled = desk.paper(f"lending {desk.her} --names", language, "paper.md")
    for words in (TABLE[language], *ROWS[language], *SIGNERS[language]):
        assert words in filled
    assert COPY[language][:6] not in filled
    blank = desk.paper("lending --blank", language, "blank.md")
    for words in (TABLE[language], *SIGNERS[language]):
        assert words in blank
    desk.do(f"add {desk.her} lending", {"id": entry, "signed_by_her": True})
    for name in ("signed.txt", "signed.pdf"):
        printed = desk.paper(f"lending {desk.her} --names", language, name)
        for words in (COPY[language].partition(".")[0], "an iron", "a lamp", "whole", *SIGNERS[language]):
            assert words in printed


def test_a_text_of_the_entry_that_is_long_goes_on_where_its_sheet_has_room(desk: Revised) -> None:
    desk.do(f"add {desk.her} lending", {**LENT, "state": WORDS * 8})
    printed = desk.paper(f"lending {desk.her} --names", "en", "paper.pdf")
    assert printed.count("wakes the child") == 96
    assert "2 / 2" in printed


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_track_is_explained_and_has_its_schema(desk: Revised, language: str) -> None:
    page = desk.run(f"explain track lending --lang {language}").out
    for words in ("shelterctl collect ID lending", "(things)", "(deposit_sum)"):
        assert words in page
    given = desk.ask("schema track-lending").data["schema"]["properties"]
    assert given["things"]["items"]["properties"].keys() == {"id", "what", "worth"}
    assert given["deposit_sum"]["x-with"] == {"deposit": "yes"}
    assert "collected" not in given
    assert "collected" in desk.ask("schema resident").data["schema"]["$defs"]["lending"]["properties"]
