"""Amounts in words, read back by tables of their own, and on the form beside the same amounts in figures."""

import re
import subprocess
import sys
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelterctl.core.record.client import Client
from shelterctl.form_notation import amount_in_words
from shelterctl.paper.agreement import print_agreement
from shelterctl.paper.request import PaperRequest
from shelterctl.press.sheet import Medium, render_sheets
from shelterctl.session import Options
from shelterctl.session import Session as Sitting

if TYPE_CHECKING:
    from tests.support.desk import Desk


LANGUAGES = ("en", "ru", "ky")
EN = """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen | twenty thirty forty fifty sixty seventy eighty ninety | one hundred, two hundred, three hundred,
    four hundred, five hundred, six hundred, seven hundred, eight hundred, nine hundred"""
RU = """один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать четырнадцать
    пятнадцать шестнадцать семнадцать восемнадцать девятнадцать
    | двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто
    | сто, двести, триста, четыреста, пятьсот, шестьсот, семьсот, восемьсот, девятьсот"""
KY = """бир эки үч төрт беш алты жети сегиз тогуз | он жыйырма отуз кырк элүү алтымыш жетимиш сексен токсон
    | бир жүз, эки жүз, үч жүз, төрт жүз, беш жүз, алты жүз, жети жүз, сегиз жүз, тогуз жүз"""
RU_FEMININE = RU.replace("один два ", "одна две ")
ZERO = {"zero": 0, "ноль": 0, "нөл": 0}


def to_999(table: str) -> dict[str, int]:
    """Every number below a thousand, in the only spelling that is right."""
    ones, tens, hundreds = table.split("|")
    found = {one: value for value, one in enumerate(ones.split(), 1)}
    joint, first = "-" if table is EN else " ", len(found) // 10 + 1
    for value, ten in enumerate(tens.split(), first):
        found |= {ten: value * 10} | {f"{ten}{joint}{one}": value * 10 + n for n, one in enumerate(ones.split()[:9], 1)}
    below = found.copy()
    for value, words in enumerate(hundreds.split(","), 1):
        hundred = " ".join(words.split())
        found |= {hundred: value * 100} | {f"{hundred} {rest}": value * 100 + n for rest, n in below.items()}
    assert sorted(found.values()) == list(range(1, 1000))
    return found


UNITS = {"en": to_999(EN), "ru": to_999(RU), "ky": to_999(KY)}
THOUSANDS = UNITS | {"ru": to_999(RU_FEMININE)}
SCALES = {
    "en": {name: (name,) * 3 for name in ("trillion", "billion", "million", "thousand")},
    "ru": {stem: (stem, stem + "а", stem + "ов") for stem in ("триллион", "миллиард", "миллион")}
    | {"тысяч": ("тысяча", "тысячи", "тысяч")},
    "ky": {name: (name,) * 3 for name in ("триллион", "миллиард", "миллион", "миң")},
}
SOM = {"en": ("som", "soms", "soms"), "ru": ("сом", "сома", "сомов"), "ky": ("сом",) * 3}
TYIYN = {"en": ("tyiyn",) * 3, "ru": ("тыйын", "тыйына", "тыйынов"), "ky": ("тыйын",) * 3}


def form(count: int, forms: tuple[str, ...], language: str) -> str:
    if language == "ru":
        return forms[2 if count // 10 % 10 == 1 else (2, 0, 1, 1, 1, 2, 2, 2, 2, 2)[count % 10]]
    return forms[0 if count == 1 else 2]


def read(text: str, language: str) -> int:
    """The tyiyn that an amount in words says; it fails where a word, a gender or a plural is wrong."""
    found = re.fullmatch(r"(.+) (\w+) (\d\d) (\w+)", text)
    assert found, text
    words, som, tyiyn = found[1], 0, int(found[3])
    for power, forms in zip((4, 3, 2, 1), SCALES[language].values(), strict=True):
        if scale := re.match(rf"(.+?) ({'|'.join(forms)})(?: (?=.)|$)", words):
            count = (THOUSANDS if power == 1 else UNITS)[language][scale[1]]
            assert scale[2] == form(count, forms, language), text
            som, words = som + count * 1000**power, words[scale.end() :]
    if words:
        som += (UNITS[language] if som else UNITS[language] | ZERO)[words]
    assert (found[2], found[4]) == (form(som, SOM[language], language), form(tyiyn, TYIYN[language], language)), text
    return som * 100 + tyiyn


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_amount_to_two_thousand_reads_back_and_every_seventeenth_to_a_hundred_thousand(language: str) -> None:
    for som in (*range(2001), *range(2001, 100_001, 17)):
        assert read(amount_in_words(Decimal(som), language), language) == som * 100


@pytest.mark.parametrize("language", LANGUAGES)
def test_boundaries_read_back(language: str) -> None:
    counts = (1, 2, 5, 11, 12, 21, 22, 100, 101, 110, 111, 112, 121, 200, 999)
    for som in {n * 10**power + d for power in range(3, 13) for n in counts for d in (-1, 0, 1, 100, 1000, 1100)}:
        assert read(amount_in_words(Decimal(som), language), language) == som * 100


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_tyiyn_reads_back(language: str) -> None:
    for tyiyn in (*range(100), *range(100, 200), *range(250_000, 250_100)):
        assert read(amount_in_words(Decimal(tyiyn).scaleb(-2), language), language) == tyiyn


@given(tyiyn=st.integers(0, 10**17 - 1), language=st.sampled_from(LANGUAGES))
def test_large_amounts_read_back(tyiyn: int, language: str) -> None:
    assert read(amount_in_words(Decimal(tyiyn).scaleb(-2), language), language) == tyiyn


CASES = """
0          | ru: ноль сомов 00 тыйынов                    | ky: нөл сом 00 тыйын
1          | ru: один сом 00 тыйынов                      | ky: бир сом 00 тыйын
2          | ru: два сома 00 тыйынов                      | ky: эки сом 00 тыйын
5          | ru: пять сомов 00 тыйынов                    | ky: беш сом 00 тыйын
11         | ru: одиннадцать сомов 00 тыйынов             | ky: он бир сом 00 тыйын
21         | ru: двадцать один сом 00 тыйынов             | ky: жыйырма бир сом 00 тыйын
100        | ru: сто сомов 00 тыйынов                     | ky: бир жүз сом 00 тыйын
1000       | ru: одна тысяча сомов 00 тыйынов             | ky: бир миң сом 00 тыйын
1001       | ru: одна тысяча один сом 00 тыйынов          | ky: бир миң бир сом 00 тыйын
1200       | ru: одна тысяча двести сомов 00 тыйынов      | ky: бир миң эки жүз сом 00 тыйын
2500       | ru: две тысячи пятьсот сомов 00 тыйынов      | ky: эки миң беш жүз сом 00 тыйын
21000      | ru: двадцать одна тысяча сомов 00 тыйынов    | ky: жыйырма бир миң сом 00 тыйын
1000000    | ru: один миллион сомов 00 тыйынов            | ky: бир миллион сом 00 тыйын
2500.51    | ru: две тысячи пятьсот сомов 51 тыйын        | en: two thousand five hundred soms 51 tyiyn
2002.02    | ru: две тысячи два сома 02 тыйына            | ky: эки миң эки сом 02 тыйын
111.12     | ru: сто одиннадцать сомов 12 тыйынов         | en: one hundred eleven soms 12 tyiyn
1100       | ru: одна тысяча сто сомов 00 тыйынов         | ky: бир миң бир жүз сом 00 тыйын
100000     | ru: сто тысяч сомов 00 тыйынов               | ky: бир жүз миң сом 00 тыйын
101100     | ru: сто одна тысяча сто сомов 00 тыйынов     | ky: бир жүз бир миң бир жүз сом 00 тыйын
12E+2      | en: one thousand two hundred soms 00 tyiyn   | ky: бир миң эки жүз сом 00 тыйын
1.01       | en: one som 01 tyiyn                         | ru: один сом 01 тыйын
21.500     | en: twenty-one soms 50 tyiyn                 | ru: двадцать один сом 50 тыйынов
9800       | en: nine thousand eight hundred soms 00 tyiyn
"""


@pytest.mark.parametrize("case", CASES.strip().splitlines(), ids=lambda case: case.split()[0])
def test_the_tables_of_documents_and_more(case: str) -> None:
    som, *said = (cell.strip() for cell in case.split("|"))
    assert [f"{at}: {amount_in_words(Decimal(som), at)}" for at in (cell[:2] for cell in said)] == said


@pytest.mark.parametrize("som", ["-0.01", "0.001", "1.005", "12345678.901", "1E+15", "1E+999", "NaN", "sNaN", "-Inf"])
@pytest.mark.parametrize("precision", [3, 28])
def test_what_is_no_amount_is_refused_at_any_precision(som: str, precision: int) -> None:
    with localcontext(prec=precision), pytest.raises(ValueError, match=r"places|not an amount"):
        amount_in_words(Decimal(som), "en")


def test_a_fourth_language_is_refused() -> None:
    with pytest.raises(ValueError, match="language"):
        amount_in_words(Decimal(1), "de")


def test_rbnf_is_loaded_only_when_words_are_asked_for() -> None:
    code = "import sys; sys.exit('unicode_rbnf' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


LINES = {"blue": ("1b", "4"), "pink": ("1.1", "2b")}
EDGES = [19, 20, 21, 99, 100, 101, 999, 1000, 1001, 1100, 1999, 2000, 9999, 11_111, 99_999, 100_000, 1_000_000]
AMOUNTS = [*map(Decimal, EDGES), *(Decimal(tyiyn) / 100 for tyiyn in (1, 2, 5, 11, 21, 99, 100, 101, 250_051))]


@pytest.fixture(scope="module")
def sitting(_admitted: "Desk") -> tuple[Sitting, Client]:
    session = Sitting(options=Options(store=str(_admitted.store), identity=str(_admitted.key)))
    return session, session.store.client(_admitted.her)[0]


def figure(printed: str, language: str) -> Decimal:
    """A number as the language writes it."""
    point, gap = (".", ",") if language == "en" else (",", "\u00a0")
    assert re.fullmatch(rf"\d{{1,3}}(?:{gap}\d\d\d)*{re.escape(point)}\d\d", printed), printed
    return Decimal(printed.replace(gap, "").replace(point, "."))


@pytest.mark.parametrize("language", ["en", "ru", "ky"])
@pytest.mark.parametrize("form", LINES)
def test_words_and_figures_are_one_number(sitting: tuple[Sitting, Client], form: str, language: str) -> None:
    (session, her), (one, other) = sitting, LINES[form]
    for amount in AMOUNTS:
        lines = {one: {"amount": str(amount)}, other: {"amount": "0.50"}}
        facts = {"id": "a", "form": form, "date": "2026-11-25", "lines": lines}
        sheet = print_agreement(session, PaperRequest(form, language), her, facts).sheets[0]
        html = render_sheets([sheet], Medium.HTML).data.decode()
        last = re.search(
            r'<td colspan="2">[^<]*<strong>(.*?)</strong></td><td class="number"><strong>(.*?)</strong>', html
        )
        assert last
        words, total = last[1].strip(), figure(last[2], language)
        assert total == amount + Decimal("0.50")
        assert read(words[0].lower() + words[1:], language) == total * 100
        assert words[0].isupper()
        numbers = [
            figure(cell, language) for cell in re.findall(r'<td class="number"[^>]*>(?:<strong>)?([\d][^<]*)<', html)
        ]
        assert sum(numbers[:-1]) == 2 * total  # each line, and each number's sum
        if form == "blue":
            assert (
                f"<strong>{last[2]}</strong>" in html.partition('<table class="lines"')[0]
            )  # the sum that is asked for
