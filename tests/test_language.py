"""The language of the screen: whichever way it is chosen, in all that is shown, on whatever terminal."""

import gettext
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from shelterctl.cli import app
from shelterctl.cli.commands import COMMAND_SUMMARIES
from shelterctl.core.finding import Finding, Outcome, about_client
from shelterctl.language import (
    GENDER_FORMS,
    AboutClient,
    CountedText,
    LabelledCode,
    Plural,
    TwoSentences,
    format_fact,
    format_sentence,
    keep_form,
    label_code,
    lower_capitals,
    plural_form,
    set_gender_forms,
    speak_of,
    words_about,
)
from shelterctl.output.page import Format, OutputSettings, make_page
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.ui_language import N_, SCREEN_LANGUAGES, Marked, choose_language, nearest_language
from tests.support.russian import latin
from tools import catalogue

if TYPE_CHECKING:
    from tests.support.desk import Desk


@pytest.mark.parametrize(
    ("words", "environment", "spoken"),
    [
        ("list", {}, "en"),
        ("list", {"LANG": "C.UTF-8"}, "en"),
        ("list", {"LANG": "ru_RU.UTF-8"}, "ru"),
        ("list", {"LANG": "ky_KG"}, "ru"),
        ("list", {"LANG": "de_DE.UTF-8"}, "en"),
        ("list", {"LANG": "ru_RU.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "en"),
        ("list", {"LANG": "en_US", "LC_MESSAGES": "en_US", "LC_ALL": "ru_KG"}, "ru"),
        ("list", {"LANG": "ru_RU", "LC_ALL": ""}, "ru"),
        ("list", {"LANG": "ru_RU", "SHELTERCTL_LANG": "en"}, "en"),
        ("list", {"SHELTERCTL_LANG": "ru"}, "ru"),
        ("list", {"SHELTERCTL_LANG": "", "LANG": "ru_RU"}, "ru"),
        ("list --lang en", {"SHELTERCTL_LANG": "ru"}, "en"),
        ("--lang ru list", {}, "ru"),
        ("monitor --lang=ru due", {}, "ru"),
        ("list --lang en --lang ru", {}, "ru"),
        ("list --lang ky", {"LANG": "ru_RU.UTF-8"}, "ru"),
        ("list -- --lang ru", {}, "en"),
    ],
)
def test_the_language_is_what_is_asked_for_else_the_computers(
    words: str, environment: dict[str, str], spoken: str
) -> None:
    assert choose_language(words.split(), environment) == spoken


@pytest.mark.parametrize(("locale", "spoken"), [("Russian_Russia", "ru"), ("Kyrgyz_Kyrgyzstan", "ru"), ("", "en")])
def test_windows_names_its_locales_in_words(locale: str, spoken: str) -> None:
    assert nearest_language(locale) == spoken


@pytest.mark.parametrize("asked", ["ky", "xx"])
@pytest.mark.parametrize("words", ["list", "--help", "list --help", "", "no-such-command"])
def test_a_language_that_is_not_spoken_is_refused_wherever_it_is_asked_for(
    desk: "Desk", words: str, asked: str
) -> None:
    typed, set_ = (
        desk.run(f"{words} --lang {asked} --json", today=None),
        desk.run(f"{words} --json", today=None, env={"SHELTERCTL_LANG": asked}),
    )
    for answer in (typed, set_):
        assert (answer.code, answer.error) == (2, "usage/lang")
        assert "en, ru" in answer.page["error"]["message"]


@pytest.mark.parametrize("words", ["--lang ru list", "list --lang ru", "list --lang=ru", "list"])
def test_a_command_answers_in_the_language_wherever_it_is_asked_for(desk: "Desk", words: str) -> None:
    answer = desk.run(words, env={} if "ru" in words else {"LC_ALL": "ru_RU.UTF-8"})
    assert answer.code == 0
    assert re.search("[А-я]{3}", answer.out)


@pytest.mark.parametrize("words", ["no-such-command", "list --no-such-option", "show", "explain", "monitor"])
def test_a_mistake_in_the_words_is_answered_in_the_language(desk: "Desk", words: str, typed: set[str]) -> None:
    answer = desk.run(f"{words} --lang ru", today=None)
    told = answer.out + answer.err
    assert re.search("[А-я]{3}", told)
    assert not {word for word in latin(told) if word not in typed}


def test_the_whole_help_is_in_the_language(desk: "Desk", typed: set[str]) -> None:
    assert "Использование: " in desk.run("--lang ru", today=None).out
    for words in ["", *every_command()]:
        told = desk.run(f"{words} --help", today=None, env={"SHELTERCTL_LANG": "ru"}).out
        told = re.sub(r"Пример: .*", "", told, flags=re.DOTALL)
        assert not {word for word in latin(told) if word not in typed}, words


def every_command() -> Iterator[str]:
    group = app.CommandGroup(name="shelterctl")
    for name in COMMAND_SUMMARIES:
        yield name
        yield from (f"{name} {below}" for below in getattr(group.get_command(None, name), "commands", {}))


def test_pages_for_programs_are_english_in_every_language(desk: "Desk") -> None:
    english, russian = (desk.run(f"explain no/such --json --lang {one}", today=None).page for one in ("en", "ru"))
    assert english == russian


@pytest.mark.parametrize("encoding", ["cp1251", "cp866", "koi8-r", "utf-8"])
def test_a_terminal_is_written_to_in_its_own_encoding(desk: "Desk", encoding: str) -> None:
    desk.anew = True
    env = {"PYTHONIOENCODING": encoding, "SHELTERCTL_LANG": "ru"}
    for words in ("--help", "agreement --form blue", "explain A6.4"):
        told = raw(desk, words, env)
        assert re.search("[А-я]{3}", told.decode(encoding))
        assert "\\u" not in told.decode(encoding)


@pytest.mark.parametrize(
    ("encoding", "words"), [*product(["cp1251", "ascii"], ["--json", "--format csv", "--format ndjson"])]
)
def test_pages_for_programs_are_utf8_whatever_the_terminal(desk: "Desk", encoding: str, words: str) -> None:
    told = raw(desk, f"agreement --form blue {words}", {"PYTHONIOENCODING": encoding, "SHELTERCTL_LANG": "ru"})
    assert "×" in told.decode("utf-8")


def test_a_terminal_without_russian_letters_is_spoken_to_in_english(desk: "Desk") -> None:
    told = raw(desk, "agreement --form blue", {"PYTHONIOENCODING": "ascii", "SHELTERCTL_LANG": "ru"})
    assert told.isascii()
    assert b"The blue form" in told


def raw(desk: "Desk", words: str, env: dict[str, str]) -> bytes:
    """What a real process writes into a pipe, before anyone reads it as text."""
    done = subprocess.run(
        [sys.executable, "-m", "shelterctl", *words.split()],
        capture_output=True,
        cwd=desk.folder,
        env={**desk.env, **env},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_numbers_and_days_are_written_as_russian_writes_them() -> None:
    assert format_fact(Decimal("12000.5"), "ru") == "12\N{NO-BREAK SPACE}000,50"
    assert format_fact(date(2026, 11, 25), "ru") == format_fact("2026-11-25", "ru") == "25.11.2026"
    assert format_fact("2026-11-20T21:30+06:00", "ru") == "20.11.2026 21:30"
    assert format_fact("2026-13-45", "ru") == "2026-13-45"
    assert [format_fact(True, one) for one in SCREEN_LANGUAGES] == ["yes", "да"]


def test_nothing_is_said_as_nothing() -> None:
    assert format_sentence(N_(""), {}, "ru") == ""


@pytest.mark.parametrize(
    "words",
    [
        "list", "agreements", "monitor due", "house", "check", "agreement --form blue", "agreement --form pink",
        "schema", "show HER", "admit HER", "admit HER --done orientation", "agreement HER --form blue --example",
        "void HER QQQQQQ",
        "agreement HER --form blue --from BLUE", "agreement HER --form pink --from PINK",
        "staff add s-nina --role manager",
    ],
)  # fmt: skip
def test_what_is_shown_is_in_russian(admitted: "Desk", typed: set[str], words: str) -> None:
    accepted = catalogue.PROJECT / "examples" / "accepted"
    for name, is_ in (("HER", admitted.her), ("BLUE", accepted / "blue.yaml"), ("PINK", accepted / "pink.yaml")):
        words = words.replace(name, str(is_))
    answer = admitted.run(words, env={"SHELTERCTL_LANG": "ru"})
    told = re.sub(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b|\b[0-9A-Z]{6}\b", "", answer.out + answer.err)
    codes = {"bishkek", "sezim", "nina", "aida", "gulnara", "NGO", "Coordinator", "seamstress", "Lyceum", "S"}
    assert re.search("[А-я]{3}", told)
    assert not set(latin(told)) - typed - codes


@pytest.mark.parametrize(
    "example", sorted((catalogue.PROJECT / "examples" / "refused").iterdir()), ids=lambda one: one.stem
)
def test_every_refusal_is_said_in_russian(example: Path, request: pytest.FixtureRequest, typed: set[str]) -> None:
    kind = example.stem.partition("-")[0]
    session: Desk = request.getfixturevalue("discharged" if kind == "monitoring" else "admitted")
    form = "pink" if b"contract_date" in example.read_bytes() else "blue"
    words = {"agreement": f"agreement {session.her} --form {form}", "discharge": f"discharge {session.her}"}
    words["monitoring"] = f"monitor record {session.her}"
    answer = session.run(words.get(kind, "admit --new-person"), example, env={"SHELTERCTL_LANG": "ru"})
    told = re.sub(r"\[[a-z-]+/[a-z-]+\]|\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", "", answer.out + answer.err)
    assert re.search("[А-я]{3}", told)
    assert not set(latin(told)) - typed - {"bishkek", "key"}, told


def test_codes_for_programs_stay_as_they_are(admitted: "Desk") -> None:
    assert admitted.run("list --json --lang ru").data == admitted.run("list --json").data


def test_a_text_of_the_rulebook_is_counted_as_the_catalogue_counts() -> None:
    forms = {"en": ["one", "other"], "ru": ["one", "few", "many"]}
    kept = gettext.GNUTranslations(BytesIO(catalogue.po("ru").with_suffix(".mo").read_bytes()))
    for number in range(125):
        assert plural_form(number, "en") == forms["en"][number != 1]
        assert plural_form(number, "ru") == forms["ru"][vars(kept)["plural"](number)]


def test_a_counted_text_has_a_form_for_none_and_english_where_a_language_lacks_it() -> None:
    children = CountedText({"en": {"zero": "none", "one": "{n} child", "other": "{n} children"}}, "n")
    assert [format_sentence(children, {"n": n}, "ru") for n in (0, 1, 2, 21)] == [
        "none", "1 child", "2 children", "21 children",
    ]  # fmt: skip


def test_a_code_has_the_text_of_the_first_list_that_knows_it_and_any_other_value_stays() -> None:
    first, then = {"yes": {"en": "of course"}}, {"yes": {"en": "yes"}, "no": {"en": "no"}}
    coded = [label_code(value, first, then) for value in ("yes", "no", "maybe", 7)]
    assert coded == ["yes", "no", "maybe", 7]
    assert [isinstance(each, LabelledCode) for each in coded] == [True, True, False, False]
    assert [format_fact(each, "en") for each in coded] == ["of course", "no", "maybe", "7"]


@pytest.fixture
def _speaks_of_nobody() -> Iterator[None]:
    yield
    speak_of(None)


@pytest.mark.parametrize(
    ("form", "said"),
    [("masculine", "He came. Ask him."), ("feminine", "She came. Ask her."), (None, "She came. Ask her.")],
)
@pytest.mark.usefixtures("_speaks_of_nobody")
def test_a_sentence_speaks_of_a_man_or_a_woman_by_the_file(form: str | None, said: str) -> None:
    speak_of(form)
    assert format_sentence("{She|He} came. Ask {her|him}.", {}) == said


@pytest.fixture
def _words_of_a_man(_speaks_of_nobody: None) -> Iterator[None]:
    set_gender_forms("feminine", {"en": {"she": "he"}})
    yield
    set_gender_forms("feminine", {})


ASK = {"en": "Ask {her|him} what she knows"}


@pytest.mark.usefixtures("_words_of_a_man")
def test_facts_and_texts_about_a_client_choose_the_form_on_a_page_about_several() -> None:
    him, her = (AboutClient({"what": ASK, "all": ["x", ASK]}, form) for form in GENDER_FORMS[::-1])
    both = TwoSentences("{She|He} came: {what}.", Plural("{all}", "{all}", "count"))
    said = [format_sentence(both, keep_form(about, {**about, "count": 2})) for about in (him, her, {**her})]
    assert said[0] == "He came: Ask him what he knows. x, Ask him what he knows"
    assert said[1:] == ["She came: Ask her what she knows. x, Ask her what she knows"] * 2
    speak_of("masculine")
    assert format_sentence("{she|he}: {what}", her) == "she: Ask her what she knows"
    assert format_sentence("{she|he}", {}) == "he"  # what is not about her keeps the form of the page
    cells = [LabelledCode("asked", words_about(words, "feminine")) for words in (ASK, Marked("{she|he} came"))]
    assert [format_fact(cell, "en") for cell in cells] == ["Ask her what she knows", "she came"]


@pytest.mark.usefixtures("_words_of_a_man")
def test_a_finding_a_row_and_a_fact_for_programs_have_the_form_of_the_client() -> None:
    found = about_client(Finding(code="a", message="{She|He}: {what}", facts={"what": ASK}), "masculine", "7QF2-M9KD")
    settings = OutputSettings("check", Format.JSON, "en", open_rulebook)
    page = make_page(Outcome(findings=(found,), data={"why": AboutClient(ASK, "masculine")}), settings)
    assert page["findings"][0]["record"] == "7QF2-M9KD"
    assert page["findings"][0]["message"].startswith("He: Ask him")
    assert (page["findings"][0]["facts"]["what"], page["data"]["why"]) == ("Ask him what she knows",) * 2


@pytest.mark.usefixtures("_speaks_of_nobody")
def test_what_a_person_wrote_is_not_read_as_two_forms() -> None:
    speak_of("masculine")
    assert format_sentence("{note}", {"note": "{she|he}"}) == "{she|he}"


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        ("РУКОВОДСТВО ПО НОРМАМ ПОВЕДЕНИЯ ПЕРСОНАЛА НПО", "Руководство по нормам поведения персонала НПО"),
        ("GUIDELINES FOR STAFF OF NGO", "Guidelines for staff of NGO"),
        ("ӨЭУНУН КЫЗМАТКЕРЛЕРИ", "ӨЭУнун кызматкерлери"),
        ("Общие правила", "Общие правила"),
    ],
)
def test_a_title_in_capitals_keeps_its_abbreviations_within_a_sentence(printed: str, said: str) -> None:
    assert lower_capitals(printed) == said
