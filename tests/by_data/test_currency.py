"""By data alone: another currency and issuer, a further language of paper: typed, judged, signed in words, printed."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from shelterctl.country import current_country, shipped_country, use_country
from shelterctl.form_notation import amount_in_words
from shelterctl.language import set_language
from shelterctl.prompts.agreement import AGREEMENT_SAVE_DRAFT
from shelterctl.rulebook.lint.whole import check_rulebook
from shelterctl.rulebook.rulebook import Rulebook, open_rulebook
from shelterctl.typed.readers import read_typed_som
from tests.support.command import one_line
from tests.support.revised_rulebook import LANGUAGES, Revised, copy_of_the_manual, without_progress

TENGE = """currency:
  code: KZT
  places: 2
  unit:
    en: {one: tenge, other: tenge}
    ru: {one: тенге, few: тенге, many: тенге}
    ky: {other: теңге}
    kk: {other: теңге}
  minor:
    en: {one: tiyn, other: tiyn}
    ru: {one: тиын, few: тиына, many: тиынов}
    ky: {other: тыйын}
    kk: {other: тиын}
  figure: {en: tenge, ru: тенге, ky: теңге, kk: теңге}
  in: {en: in tenge, ru: в тенге, ky: теңге менен, kk: теңгемен}
  typed:
    unit: [tenge, тенге, теңге, тг, ₸]
    minor: [tiyn, тиын, тиына, тиынов]
issuer: {en: Agency, ru: АГЕНТСТВО, ky: АГЕНТТИК, kk: АГЕНТТІК}
"""
HRYVNIA = """currency:
  code: UAH
  places: 2
  gender: feminine
  unit:
    en: {one: hryvnia, other: hryvnias}
    ru: {one: гривна, few: гривны, many: гривен}
    ky: {other: гривна}
  minor:
    en: {one: kopiyka, other: kopiykas}
    ru: {one: копейка, few: копейки, many: копеек}
    ky: {other: копейка}
  figure: {en: UAH, ru: грн, ky: грн}
  in: {en: in hryvnias, ru: в гривнах, ky: гривна менен}
"""
WITHOUT_PLACES = """currency:
  code: UZS
  places: 0
  unit:
    en: {one: sum, other: sums}
    ru: {one: сум, few: сума, many: сумов}
    ky: {other: сум}
  figure: {en: sums, ru: сум, ky: сум}
  in: {en: in sums, ru: в сумах, ky: сум менен}
"""
THREE_PLACES = """currency:
  code: KWD
  places: 3
  gender: masculine
  unit:
    en: {one: dinar, other: dinars}
    ru: {one: динар, few: динара, many: динаров}
    ky: {other: динар}
  minor:
    en: {one: fils, other: fils}
    ru: {one: филс, few: филса, many: филсов}
    ky: {other: филс}
  figure: {en: KWD, ru: динар, ky: динар}
  in: {en: in dinars, ru: в динарах, ky: динар менен}
"""
KAZAKH = """  kk:
    name: {en: Kazakh, ru: казахский, ky: казакча, kk: қазақша}
    otherwise: ru
    days:
      day: "{year} жылғы {day} {month}"
      month: "{year} жылғы {month}"
      year: "{year} жыл"
      months: [қаңтар, ақпан, наурыз, сәуір, мамыр, маусым, шілде, тамыз, қыркүйек, қазан, қараша, желтоқсан]
"""


HEADING = ("", "", "1.12.2026", "28.2.2027", "", "", "", "")
"""Under the day of the agreement; only its period is needed."""


def in_country(manual: Path, written: str, languages: str = "") -> Path:
    """Put a currency and an issuer in place of those of the manual, and add languages of paper."""
    edition = manual / "edition.yaml"
    text = re.sub(r"(?ms)^currency:\n.*?(?=^\S)", "", edition.read_text("utf-8") + "end: true\n")
    text = text.removesuffix("end: true\n")
    if "issuer:" in written:
        text = re.sub(r"(?m)^issuer:.*\n", "", text)
    edition.write_text(text + written, "utf-8")
    with (manual / "languages.yaml").open("a", encoding="utf-8") as file:
        file.write(languages)
    return manual


@pytest.fixture(autouse=True)
def own_country() -> Any:
    """What a test sets for the process is taken back."""
    yield
    use_country(shipped_country)
    set_language("en")


@pytest.fixture
def manual(tmp_path: Path) -> Path:
    return copy_of_the_manual(tmp_path / "manual")


@pytest.mark.parametrize(
    ("written", "amount", "words"),
    [
        (HRYVNIA, "2", {"ru": "две гривны 00 копеек", "en": "two hryvnias 00 kopiykas", "ky": "эки гривна 00 копейка"}),
        (HRYVNIA, "21001.01", {"ru": "двадцать одна тысяча одна гривна 01 копейка"}),
        (TENGE, "108000", {"ru": "сто восемь тысяч тенге 00 тиынов", "ky": "бир жүз сегиз миң теңге 00 тыйын"}),
        (WITHOUT_PLACES, "102", {"ru": "сто два сума", "en": "one hundred two sums", "ky": "бир жүз эки сум"}),
        (
            THREE_PLACES,
            "5.025",
            {"ru": "пять динаров 025 филсов", "en": "five dinars 025 fils", "ky": "беш динар 025 филс"},
        ),
    ],
)
def test_an_amount_is_in_words_of_its_currency(written: str, amount: str, words: dict[str, str], manual: Path) -> None:
    rulebook = Rulebook(in_country(manual, written, KAZAKH if written is TENGE else ""))
    check_rulebook(rulebook)
    use_country(lambda: rulebook.country)
    assert {language: amount_in_words(Decimal(amount), language) for language in words} == words


@pytest.mark.parametrize(
    ("written", "typed", "kept"),
    [
        (TENGE, "500 тенге", 500), (TENGE, "500 теңге 25 тиын", "500.25"), (TENGE, "₸500", 500), (TENGE, "500 тг", 500),
        (TENGE, "500 сом", None), (TENGE, "500 kzt", 500), (WITHOUT_PLACES, "1500", 1500),
        (WITHOUT_PLACES, "1 500 000", 1_500_000), (WITHOUT_PLACES, "1500,50", None), (THREE_PLACES, "2,125", None),
        (THREE_PLACES, "1250,125", "1250.125"), (THREE_PLACES, "2,5", "2.500"),
    ],
)  # fmt: skip
def test_an_amount_is_typed_with_the_words_and_decimals_of_its_currency(
    written: str, typed: str, kept: object, manual: Path
) -> None:
    rulebook = Rulebook(in_country(manual, written, KAZAKH if written is TENGE else ""))
    use_country(lambda: rulebook.country)
    read: Any = read_typed_som(typed, None)  # type: ignore[arg-type]
    assert (read if isinstance(read, int | str) else None) == kept


@pytest.fixture
def elsewhere(admitted: Any) -> Revised:
    desk = Revised(admitted)
    in_country(desk.manual, TENGE, KAZAKH)
    return desk


AGREED = {
    "number": "S-1", "date": "2026-11-25", "ngo": "sezim", "contract_date": "2026-01-15",
    "ngo_representative": "Б. Образцова", "iom_representative": "А. Примеров",
    "lines": {"2a": {"amount": 1500}, "2b": {"amount": "500.25"}},
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_agreement_elsewhere_is_typed_and_said_in_its_currency(elsewhere: Revised, language: str) -> None:
    seen = elsewhere.sit(
        language, f"agreement {elsewhere.her} --form blue", "", *HEADING, "", "500 тенге 50 тиын", "4", ".",
        AGREEMENT_SAVE_DRAFT,
    )  # fmt: skip
    assert {"en": "500.50 tenge", "ru": "500,50 тенге"}[language] in seen
    assert not re.search(r"[0-9]\.[0-9]{2} som|[0-9],[0-9]{2}.сом", seen)
    (saved,) = elsewhere.record()["agreements"]
    assert [line["amount"] for line in saved["lines"].values()] == ["500.50"]


def test_a_signed_agreement_is_printed_in_words_of_its_currency(elsewhere: Revised) -> None:
    said = elsewhere.do(f"agreement {elsewhere.her} --form pink", AGREED)
    assert (said.data["total"], said.data["words"]) == ("2000.25", "two thousand tenge 25 tiyn")
    printed = {
        "en": "Two thousand tenge 25 tiyn", "ru": "Две тысячи тенге 25 тиынов", "ky": "Эки миң теңге 25 тыйын",
        "kk": "Екі мың теңге 25 тиын",
    }  # fmt: skip
    for language, words in printed.items():
        assert words in elsewhere.paper(f"pink {elsewhere.her}", language)
    assert "Текст ещё не утверждён (АГЕНТСТВО)" in elsewhere.paper(f"pink {elsewhere.her}", "ru")


WORDS = """schema: paper/1
paper: kk
words:
  "Text not yet approved by %(issuer)s": "Мәтін әлі бекітілмеген (%(issuer)s)"
  "Some words are not translated yet": "Кейбір сөздер әлі аударылмаған"
  "Identification number of the client": "Клиенттің сәйкестендіру нөмірі"
"""


def test_a_further_language_of_paper_is_files_of_the_rulebook(elsewhere: Revised) -> None:
    (elsewhere.manual / "paper").mkdir()
    (elsewhere.manual / "paper" / "kk.yaml").write_text(WORDS, "utf-8")
    elsewhere.edit(
        "tracks/pink.yaml",
        '      ru: "ФИНАНСОВОЕ СОГЛАШЕНИЕ С НПО НА РЕАБИЛИТАЦИЮ В ПРИЮТЕ"\n',
        '      ru: "СОГЛАШЕНИЕ С НПО"\n      kk: "БАСПАНАДА ОҢАЛТУ ТУРАЛЫ КЕЛІСІМ"\n',
    )
    elsewhere.do(f"agreement {elsewhere.her} --form pink", AGREED)
    paper = elsewhere.paper(f"pink {elsewhere.her}", "kk", "paper.pdf")
    assert "БАСПАНАДА ОҢАЛТУ ТУРАЛЫ КЕЛІСІМ" in paper
    assert "2026 жылғы 25 қараша" in one_line(paper)
    assert "Екі мың теңге 25 тиын" in paper
    assert "Летняя одежда" in paper  # what has no Kazakh is in Russian, and the foot says it
    assert "Кейбір сөздер әлі аударылмаған" in paper
    assert "Мәтін әлі бекітілмеген (АГЕНТТІК)" in paper
    assert elsewhere.run("form pink --blank --lang uz --out x.pdf").code == 2
    assert "Kazakh (draft)" in elsewhere.run("--version", today=None).out


SLIPS = {
    "plural forms that a language needs": (
        TENGE.replace("ru: {one: тенге, few: тенге, many: тенге}", "ru: {one: тенге, many: тенге}"),
        "", "/currency/unit/ru", "needs exactly these forms here: one, few, many",
    ),
    "a language without the words of the currency": (
        TENGE.replace("    kk: {other: теңге}\n", ""), "", "/currency/unit", "words in kk are missing",
    ),
    "a minor unit of a currency without decimals": (
        TENGE.replace("places: 2", "places: 0"), "", "/currency/minor", "has no minor unit",
    ),
    "decimals that no currency has": (TENGE.replace("places: 2", "places: 4"), "", "/currency/places", ""),
    "an order of days without the month": (
        TENGE, ('"{year} жылғы {day} {month}"', '"{year} жылғы {day}"'), "/languages/kk/days/day", "each of these once",
    ),
    "eleven months": (TENGE, (", желтоқсан]", "]"), "/languages/kk/days/months", ""),
    "a language without days": (TENGE, (KAZAKH.partition("    days:")[2], " {}\n"), "/languages/kk/days", ""),
}  # fmt: skip


@pytest.mark.parametrize("what", SLIPS)
def test_a_slip_is_told_with_its_place(what: str, elsewhere: Revised) -> None:
    written, edited, place, words = SLIPS[what]
    text = (elsewhere.manual / "edition.yaml").read_text("utf-8")
    (elsewhere.manual / "edition.yaml").write_text(text.replace(TENGE, written), "utf-8")
    if edited:
        elsewhere.edit("languages.yaml", *edited)
    told = elsewhere.run("agreement --form pink")
    assert told.code == 4
    assert f" at {place}" in one_line(told.err)
    assert words in one_line(told.err)


def test_sentences_of_templates_are_known_and_keep_their_placeholders(elsewhere: Revised) -> None:
    (elsewhere.manual / "paper").mkdir()
    file = elsewhere.manual / "paper" / "kk.yaml"
    file.write_text(WORDS.replace("бекітілмеген (%(issuer)s)", "бекітілмеген").replace("the client", "client"), "utf-8")
    told = one_line(elsewhere.run("agreement --form pink").err)
    assert "keep these as they are in English: issuer" in told
    assert "did you mean Identification number of the client?" in told


def test_the_schemas_have_the_decimals_of_the_currency(manual: Path) -> None:
    rulebook = Rulebook(in_country(manual, WITHOUT_PLACES))
    use_country(lambda: rulebook.country)
    from shelterctl.schemas.fields import amount_formats

    above = amount_formats()["som"]
    assert above["title"] == "an amount without decimals"
    assert above["anyOf"] == [{"type": "integer", "exclusiveMinimum": 0}, {"type": "string", "pattern": r"^\d{1,13}$"}]


def test_without_another_rulebook_the_country_is_the_shipped_one() -> None:
    open_rulebook()
    assert (current_country().currency.code, current_country().issuer["en"]) == ("KGS", "IOM")
    assert without_progress("Total (1 of 2) som") == "Total som"
