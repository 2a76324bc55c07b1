"""Every form, blank and filled, in every language and medium: it comes out, and stands on one page a copy."""

import re
from typing import TYPE_CHECKING

import pytest
from media import pressed
from sheets import FORMS, HERS, LANGUAGES, UNAPPROVED, blank, copies, digits, filled, words

from shelterctl.paper.request import PreparedPaper
from shelterctl.press.sheet import Medium, render_sheets

if TYPE_CHECKING:
    from conftest import Desk


EVERY = [(form, language) for form in FORMS for language in LANGUAGES]
FINANCIAL = ("pink", "blue")
KYRGYZ = "ҢңӨөҮү"
LATIN = re.compile(r"S-NGO|ID-карта|kg-2008|^$")
"""What is written in Latin letters in every language."""


def both(papers: "Desk", form: str, language: str) -> tuple[PreparedPaper, PreparedPaper]:
    return blank(form, language), filled(papers, form, language)


@pytest.mark.parametrize(("form", "language"), EVERY)
def test_every_form_comes_out_in_every_medium_on_one_page_a_copy(form: str, language: str, papers: "Desk") -> None:
    for paper in both(papers, form, language):
        count = 2 if (form, language) == ("pink", "ru") else 1
        assert len(copies(paper)) == count
        made = {medium: pressed(paper.sheets, medium) for medium in Medium}
        assert made[Medium.PDF].data.startswith(b"%PDF-1.7")
        assert made[Medium.PDF].pages == (1,) * len(paper.sheets)
        for medium in (Medium.HTML, Medium.MARKDOWN, Medium.TEXT):
            assert made[medium].data.decode().count(paper.sheets[0].title) >= count
        assert {each.language for each in paper.sheets} == {language}
        assert not paper.findings


def test_the_mark_of_a_copy_stands_on_what_is_signed_and_a_reading_copy_says_that_it_is_one(papers: "Desk") -> None:
    for paper in both(papers, "pink", "ru"):
        each = len(paper.sheets)  # above every sheet and at its foot
        assert re.findall(r"Экземпляр (\d) из (\d)", words(paper)) == [("1", "2")] * each + [("2", "2")] * each
    for language, mark in (
        ("en", "Translation for information only; the Russian text"),
        ("ky", "Маалымат үчүн котормо"),
    ):
        for paper in both(papers, "pink", language):
            assert words(paper).count(mark) == len(paper.sheets)
            assert "1 of 2" not in words(paper)
    assert "What was signed on 21 November 2026 is in: Kyrgyz" in words(filled(papers, "resident-rights", "en"))
    for form in set(FORMS) - {"pink", "resident-rights"}:
        assert not re.search("for information only|of 2", words(filled(papers, form, "en")))


@pytest.mark.parametrize("form", FORMS)
def test_a_form_has_the_paper_of_the_manual_unless_it_is_white(form: str, papers: "Desk") -> None:
    tint = form if form in FINANCIAL else "white"
    assert {sheet.tint for sheet in blank(form, "ru").sheets} == {tint}
    assert {sheet.tint for sheet in filled(papers, form, "ru", without_tint=True).sheets} == {"white"}


@pytest.mark.parametrize("form", FORMS)
def test_the_numbers_are_the_same_in_every_language(form: str, papers: "Desk") -> None:
    for made in zip(*(both(papers, form, language) for language in LANGUAGES), strict=True):
        numbers = [digits(paper) for paper in made]
        assert numbers[0] == numbers[1] == numbers[2]


@pytest.mark.parametrize(("form", "language"), EVERY)
def test_no_letter_of_another_alphabet_stands_in_a_word(form: str, language: str) -> None:
    told = words(blank(form, language))
    if language != "ky":
        assert not set(told) & set(KYRGYZ)
    if language == "en":
        assert not re.search("[А-Яа-яЁё]", told)
    else:
        assert all(LATIN.fullmatch(word) for word in re.findall(r"[\w-]*[A-Za-z][\w-]*", told))
    assert "—" not in told


@pytest.mark.parametrize(("form", "language"), EVERY)
def test_a_translation_that_nobody_signed_off_says_so_on_every_copy(form: str, language: str, papers: "Desk") -> None:
    mark = UNAPPROVED[language]
    for paper in both(papers, form, language):
        assert words(paper).count(mark) == (0 if language == "en" else len(paper.sheets))


@pytest.mark.parametrize(("form", "language"), EVERY)
def test_nothing_that_tells_who_she_is_stands_on_any_sheet(form: str, language: str, papers: "Desk") -> None:
    paper = filled(papers, form, language)
    for medium in (Medium.HTML, Medium.TEXT, Medium.MARKDOWN):
        assert not [hers for hers in HERS if hers in render_sheets(paper.sheets, medium).data.decode()]
    assert str(paper.record) in words(paper)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_alone_has_her_name_where_it_is_asked_for(language: str, papers: "Desk") -> None:
    told = words(filled(papers, "monitoring-report", language, names=True))
    assert [hers for hers in HERS if hers not in told] == []
    for form in set(FORMS) - {"monitoring-report", "confidentiality-agreement"}:
        assert not [hers for hers in HERS if hers in words(filled(papers, form, language, names=True))]


def test_the_title_of_a_file_is_the_forms_own(papers: "Desk") -> None:
    for form in FORMS:
        for empty, full in [both(papers, form, language) for language in LANGUAGES]:
            assert {sheet.title for sheet in (*empty.sheets, *full.sheets)} == {empty.sheets[0].title}
