"""Every form by name, blank and filled, in every language and medium; the pack of a client; the sheet for the safe."""

import re
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pypdf import PdfReader

from shelterctl.custody.init import begin_founding
from shelterctl.identity.keys import create_identity
from shelterctl.paper.request import PreparedPaper, printable_tracks
from shelterctl.paper.store_sheets import make_recovery_page
from shelterctl.press.sheet import Medium, render_sheets
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.session import Options, Session
from tests.support import pdf
from tests.support.invented_tracks import pages
from tests.support.papers import (
    FORMS,
    HERS,
    LANGUAGES,
    PAPERS,
    UNAPPROVED,
    blank,
    copies,
    digits,
    filled,
    subject,
    words_of_sheet,
)
from tests.support.pdf import pressed, printed

if TYPE_CHECKING:
    from tests.support.desk import Desk
    from tests.support.desk import Desk as House


TITLES = {"en": "RIGHTS OF SHELTER RESIDENTS", "ru": "ПРАВА ПРОЖИВАЮЩИХ", "ky": "БАШ КАЛКАЛООЧУ ЖАЙДЫН ЖАШООЧУЛАРЫНЫН"}
KEYS = {"form", "language", "record", "code", "pages"}
SECTIONS_PAGES = 3
"""The pages of the code of conduct, with lines under each of its sections."""


def test_the_list_names_every_form_and_for_whom_it_is_filled(desk: "Desk") -> None:
    rows = desk.do("form list").data["rows"]
    assert [row["form"] for row in rows if row["kind"] == "form"] == [row["form"] for row in rows][: len(FORMS)]
    assert [row["form"] for row in rows[: len(FORMS)]] == list(FORMS)
    by_staff = {row["form"] for row in rows if row["filled_for"] == "a code of staff"}
    assert by_staff == {"confidentiality-agreement", "staff-paper"}
    further = {track.form for track in printable_tracks(open_rulebook()) if track.paper}
    by_house = {row["form"] for row in rows if row["filled_for"] == "a code of a house"} - further
    assert by_house == {"visit", "call", "incident", "shift", "occasion", "check", "order", "oblast", "house-paper"}
    assert {row["form"] for row in rows if row["filled_for"] == "a code of an NGO"} == {"ngo-paper"}
    assert {row["form"] for row in rows if row["filled_for"] == "a code of an NGO or of staff"} == {"code-of-conduct"}
    assert "голубая форма" in desk.run("form list --lang ru").out
    assert desk.run("form list --format csv").out.splitlines()[0] == "form,title,kind,filled_for"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_blank_form_needs_no_store_no_key_and_no_home(form: str, language: str, desk: "Desk", tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    nothing = dict.fromkeys(("SHELTERCTL_STORE", "SHELTERCTL_IDENTITY", "SHELTERCTL_MANUAL", "SHELTERCTL_LANG"), "")
    bare = {"env": {**nothing, "HOME": str(tmp_path / "empty")}, "cwd": tmp_path / "empty"}
    told = desk.do(f"form {form} --blank --lang {language} --out {form}.pdf", **bare)
    copies = SECTIONS_PAGES if form == "code-of-conduct" else 2 if (form, language) == ("pink", "ru") else 1
    row = {"form": form, "language": language, "record": None, "code": None, "pages": copies}
    assert told.data["printed"] == [row]
    assert len(told.data["said"]) == 1
    assert [path.name for path in (tmp_path / "empty").iterdir()] == [f"{form}.pdf"]


def test_blank_is_blank_whoever_is_named(desk: "Desk", printing: "Desk") -> None:
    her = printing.her
    for words in (f"form blue {her} --blank", "form blue", "form blue --blank", f"agreement {her} --form blue --blank",
                  "agreement --form blue --blank"):  # fmt: skip
        out = printing.run(words).out
        assert "S-NGO _" in out
        assert "KG-2026-118" not in out


@pytest.mark.parametrize("form", FORMS)
def test_a_filled_form_is_a_page_for_programs(form: str, printing: "Desk") -> None:
    whose = subject(form, printing.her)
    for out in ("", "--out sheet.html"):
        told = printing.do(f"form {form} {whose} {out} --lang en")
        (row,) = told.data["printed"]
        assert set(row) == KEYS
        assert (row["form"], row["record"], row["language"]) == (form, whose, "en")


def test_what_is_shown_is_on_the_page_for_programs_too(printing: "Desk") -> None:
    told = printing.do(f"form pink {printing.her} --names --lang en").data["text"]
    assert told.splitlines() == printing.run(f"form pink {printing.her} --names --lang en").out.splitlines()


def test_each_way_to_a_form_leads_to_the_same_sheet(printing: "Desk") -> None:
    her = printing.her
    for ways in (
        (f"form pink {her}", f"agreement {her} --form pink"),
        (f"form monitoring-report {her}", f"monitor form {her}"),
    ):
        assert len({printing.do(f"{way} --out sheet.txt --overwrite").data["printed"][0]["code"] for way in ways}) == 1
    names = [printing.do(f"{way} --names --out sheet.txt --overwrite").data["printed"][0]["code"]
             for way in (f"form monitoring-report {her}", f"monitor form {her}")]  # fmt: skip
    assert names[0] == names[1]


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        ("form green", 3, "form/unknown"),
        ("form green HER", 3, "form/unknown"),
        ("form rules-of-conduct", 3, "form/unknown"),
        ("form green --blank --out green.pdf", 3, "form/unknown"),
        ("form blue 0000-0000", 3, "client/unknown"),
        ("form blue nobody", 2, "usage/id"),
        ("monitor form 0000-0000", 3, "client/unknown"),
        ("form confidentiality-agreement s-nobody", 3, "staff/unknown"),
        ("form confidentiality-agreement HER", 3, "staff/unknown"),
        ("form blue HER --number S-NGO-99", 3, "agreement/unknown"),
        ("form", 2, "usage/missing"),
        ("form blue --lang xx", 2, "usage/lang"),
        ("form blue HER --lang xx --out blue.pdf", 2, "usage/lang"),
        ("list --lang ky", 2, "usage/lang"),
        ("paper 4XK-792-QA5 --lang ky", 2, "usage/lang"),
        ("agreement HER --form blue --check --lang ky", 2, "usage/lang"),
        ("agreement HER --form blue --check --out blue.pdf", 2, "usage/one-thing"),
        ("agreement HER --form blue --example --out blue.pdf", 2, "usage/one-thing"),
        ("agreement HER --form blue --blank --sign", 2, "usage/one-thing"),
    ],
)
def test_what_is_not_there(words: str, code: int, error: str, printing: "Desk") -> None:
    refused = printing.refused(words.replace("HER", printing.her))
    assert (refused.code, refused.error) == (code, error)


def test_an_agreement_that_is_not_there_is_not_invented(admitted: "Desk") -> None:
    refused = admitted.refused(f"agreement {admitted.her} --form pink --out pink.pdf")
    assert (refused.code, refused.error) == (3, "agreement/unknown")
    assert not (admitted.folder / "pink.pdf").exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_language_is_that_of_the_paper(language: str, printing: "Desk") -> None:
    told = printing.run(f"form resident-rights {printing.her} --lang {language} --out -  --as txt")
    assert TITLES[language] in told.out.partition("=")[0]
    screen = "Код листа" if language == "ru" else "Code of the sheet"  # the screen has no Kyrgyz
    assert screen in told.err


def test_without_a_language_pink_is_russian_and_the_others_are_the_screens(printing: "Desk") -> None:
    spoken = {"SHELTERCTL_LANG": "en"}
    for screen in ("en", "ru"):
        spoken = {"SHELTERCTL_LANG": screen}
        told = printing.do(f"form pink {printing.her}", env=spoken).data["printed"][0]["language"]
        assert told == "ru"
        assert printing.run("form shelter-rules", env=spoken).out.startswith("GENERAL" if screen == "en" else "ОБЩИЕ")
    assert printing.run("form pink --lang en", env=spoken).out.startswith("Translation for information only")
    assert printing.run("form resident-rights", env={"LANG": "ky_KG.UTF-8"}).out.startswith(TITLES["ru"])


def test_the_day_that_is_recorded_stands_on_what_she_signed(printing: "Desk") -> None:
    out = printing.run(f"form resident-rights {printing.her} --lang ru").out.replace("\u00a0", " ")
    assert "Дата: 21 ноября 2026 г." in out
    printing.do("staff add s-nurzat --role psychologist")
    out = printing.run("form confidentiality-agreement s-nurzat").out
    assert "Name of the member of staff: ____" in out


def test_a_client_without_a_stay_has_her_papers_too(desk: "Desk") -> None:
    identity = {"sex": "female", "first_name": "Нова", "last_name": "Пробная"}
    referral = {"sources": ["partner_ngo"], "received_at": "2026-11-20T21:30+06:00"}
    her = desk.do("admit --without-stay", {"identity": identity, "referral": referral}).data["id"]
    for form in ("resident-rights", "shelter-rules", "monitoring-report"):
        out = desk.run(f"form {form} {her}").out
        assert her in out
        assert "Пробная" not in out


EVERY = [(form, language) for form in FORMS for language in LANGUAGES]
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
        sheets = 1 if form != "code-of-conduct" else 2 if paper.record else SECTIONS_PAGES
        assert made[Medium.PDF].pages == (sheets,) * len(paper.sheets)
        for medium in (Medium.HTML, Medium.MARKDOWN, Medium.TEXT):
            assert made[medium].data.decode().count(paper.sheets[0].title) >= count
        assert {each.language for each in paper.sheets} == {language}
        assert not paper.findings


def test_the_mark_of_a_copy_stands_on_what_is_signed_and_a_reading_copy_says_that_it_is_one(papers: "Desk") -> None:
    for paper in both(papers, "pink", "ru"):
        each = len(paper.sheets)  # above every sheet and at its foot
        assert re.findall(r"Экземпляр (\d) из (\d)", words_of_sheet(paper)) == [("1", "2")] * each + [("2", "2")] * each
    for language, mark in (
        ("en", "Translation for information only. Language of the text that is signed: Russian"),
        ("ky", "Котормо маалымат үчүн гана. Кол коюлуучу тексттин тили: орусча"),
    ):
        for paper in both(papers, "pink", language):
            assert words_of_sheet(paper).count(mark) == len(paper.sheets)
            assert "1 of 2" not in words_of_sheet(paper)
    assert "Language of the sheet signed on 21 November 2026: Kyrgyz" in words_of_sheet(
        filled(papers, "resident-rights", "en")
    )
    for form in set(FORMS) - {"pink", "resident-rights"}:
        assert not re.search("for information only|of 2", words_of_sheet(filled(papers, form, "en")))


@pytest.mark.parametrize("form", FORMS)
def test_a_form_has_the_paper_of_the_manual_unless_it_is_white(form: str, papers: "Desk") -> None:
    tint = {"pink": "#ffdce8", "blue": "#bcd6f2"}.get(form, "white")
    assert {sheet.tint for sheet in blank(form, "ru").sheets} == {tint}
    assert {sheet.tint for sheet in filled(papers, form, "ru", without_tint=True).sheets} == {"white"}


@pytest.mark.parametrize("form", FORMS)
def test_the_numbers_are_the_same_in_every_language(form: str, papers: "Desk") -> None:
    for made in zip(*(both(papers, form, language) for language in LANGUAGES), strict=True):
        numbers = [digits(paper) for paper in made]
        assert numbers[0] == numbers[1] == numbers[2]


@pytest.mark.parametrize(("form", "language"), EVERY)
def test_no_letter_of_another_alphabet_stands_in_a_word(form: str, language: str) -> None:
    told = words_of_sheet(blank(form, language))
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
        assert words_of_sheet(paper).count(mark) == (0 if language == "en" else len(paper.sheets))


@pytest.mark.parametrize(("form", "language"), EVERY)
def test_nothing_that_tells_who_she_is_stands_on_any_sheet(form: str, language: str, papers: "Desk") -> None:
    paper = filled(papers, form, language)
    for medium in (Medium.HTML, Medium.TEXT, Medium.MARKDOWN):
        assert not [hers for hers in HERS if hers in render_sheets(paper.sheets, medium).data.decode()]
    assert str(paper.record) in words_of_sheet(paper)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_alone_has_her_name_where_it_is_asked_for(language: str, papers: "Desk") -> None:
    told = words_of_sheet(filled(papers, "monitoring-report", language, names=True))
    assert [hers for hers in HERS if hers not in told] == []
    for form in set(FORMS) - {"monitoring-report", "confidentiality-agreement"}:
        assert not [hers for hers in HERS if hers in words_of_sheet(filled(papers, form, language, names=True))]


def test_the_title_of_a_file_is_the_forms_own(papers: "Desk") -> None:
    for form in FORMS:
        for empty, full in [both(papers, form, language) for language in LANGUAGES]:
            assert {sheet.title for sheet in (*empty.sheets, *full.sheets)} == {empty.sheets[0].title}


CONTENTS = "Contents of the folder"


def pack(desk: "Desk", words: str = "") -> list[str]:
    desk.do(f"form pack {desk.her} --out pack.pdf --overwrite {words}")
    return pages((desk.folder / "pack.pdf").read_bytes())


def agreed(desk: "Desk") -> "Desk":
    for what, given in PAPERS["names"].items():
        desk.do(what, given)
    for form in ("pink", "blue"):
        desk.do(f"agreement {desk.her} --form {form}", PAPERS[form])
    return desk


def test_everything_that_is_to_be_signed_comes_out_once_in_its_copies(admitted: "Desk") -> None:
    agreed(admitted)
    answer = admitted.do(f"form pack {admitted.her} --out pack.pdf")
    rows = answer.data["printed"]
    assert [(row["form"], row["language"]) for row in rows if row["form"] in ("pink", "blue")] == [
        ("pink", "ru"), ("blue", "en"),
    ]  # fmt: skip
    told = pages((admitted.folder / "pack.pdf").read_bytes())
    assert CONTENTS in told[0]
    assert all(row["code"] in told[0] for row in rows)
    assert admitted.her in told[0]
    assert not [hers for hers in HERS if hers in " ".join(told)]
    assert sum("Экземпляр 1 из 2 ФИНАНСОВОЕ" in page for page in told) == 1
    assert sum("Экземпляр 2 из 2 ФИНАНСОВОЕ" in page for page in told) == 1
    assert {entry["code"] for entry in admitted.record()["printed"]} == {row["code"] for row in rows}


def test_every_copy_begins_on_a_right_hand_page_and_its_pages_are_counted_together(admitted: "Desk") -> None:
    told = pack(agreed(admitted))
    begins = [number for number, page in enumerate(told) if re.search(r"\b1 / \d+", page)]
    assert len(begins) == 4  # contents, two copies of the pink form, one of the blue
    assert all(number % 2 == 0 for number in begins)
    for number, page in enumerate(told):
        begun = max(begin for begin in begins if begin <= number)
        found = re.search(r"\b(\d+) / (\d+)", page)
        assert (found is None) is (page == "")
        assert not found or int(found[1]) == number - begun + 1 <= int(found[2])


def test_the_pages_of_two_copies_that_were_shuffled_are_told_apart(admitted: "Desk") -> None:
    lines = PAPERS["pink"]["lines"] | {"5": {"amount": 700, "proceeding": "criminal", "case_reference": "дело " * 3000}}
    for what, given in PAPERS["names"].items():
        admitted.do(what, given)
    admitted.do(f"agreement {admitted.her} --form pink", PAPERS["pink"] | {"lines": lines})
    admitted.do(f"form pink {admitted.her} --out pink.pdf")
    told = [page for page in pages((admitted.folder / "pink.pdf").read_bytes()) if page]
    marks = [re.findall(r"Экземпляр (\d) из 2 · дело \S+ · код листа: \S+.*?(\d+) / (\d+)", page)[-1] for page in told]
    count = len(told) // 2
    assert count > 3
    assert marks == [(str(copy), str(page), str(count)) for copy in (1, 2) for page in range(1, count + 1)]


def test_what_she_is_to_understand_is_in_a_language_of_hers(desk: "Desk") -> None:
    given: dict[str, Any] = {
        "identity": {
            "first_name": "Айгуль",
            "last_name": "Примерова",
            "sex": "female",
            "languages": ["kaa", "ky", "ru"],
        },
        "referral": {"sources": ["partner_ngo"], "partner_ngo": "ulybka", "received_at": "2026-11-20T21:30+06:00"},
    }
    desk.her = desk.do("admit", given).data["id"]
    rows = desk.do(f"form pack {desk.her} --out pack.pdf").data["printed"]
    assert {row["language"] for row in rows if row["form"] in ("shelter-rules", "resident-rights")} == {"ky"}
    rows = desk.do(f"form pack {desk.her} --lang en --out pack.pdf --overwrite").data["printed"]
    assert {row["language"] for row in rows if row["form"] in ("shelter-rules", "resident-rights")} == {"en"}


def test_a_plan_is_signed_until_it_is_begun_and_a_consent_until_she_signed_or_refused(admitted: "Desk") -> None:
    def waiting() -> list[str]:
        rows = admitted.do(f"form pack {admitted.her} --out pack.pdf --overwrite").data["printed"]
        return [row["form"] for row in rows if row["form"] in ("plan", "consent", "pocket-money")]

    on = "2026-11-25"
    admitted.do(f"agreement {admitted.her} --form pink", PAPERS["pink"] | {"ngo": "ulybka"})
    assert waiting() == []
    for kind in ("assistance", "reintegration"):
        admitted.do(f"add {admitted.her} plan", {"kind": kind, "on": on})
    for consent in (
        {"kind": "plan", "given_on": on},
        {"kind": "service", "given_on": on, "signed": True},
        {"kind": "training", "refused_on": on},
        {"kind": "treatment", "given_on": on, "signed": False},
    ):
        admitted.do(f"add {admitted.her} consent", consent)
    given = {"on": on, "span": {"from": on, "to": on}, "amount": 50, "by": "s-gulnara"}
    admitted.do(f"add {admitted.her} pocket-money", given)
    assert waiting() == ["consent", "consent", "plan", "plan", "pocket-money"]
    id_ = admitted.record()["stays"][-1]["pocket_money"][-1]["id"]
    admitted.do(f"add {admitted.her} pocket-money {id_}", {"signed_by_her": True})
    assert waiting() == ["consent", "consent", "plan", "plan"]
    admitted.do(f"add {admitted.her} consent", {"kind": "plan", "given_on": on, "signed": True})
    assert waiting() == ["consent", "plan", "plan"]  # the last of a kind counts


def test_a_pack_of_nothing_is_not_found_and_one_of_nobody_a_mistake(printing: "Desk") -> None:
    for form in ("pink", "blue"):
        told = {"signed": {"language": "ru", "copies": 2}}
        number = PAPERS[form]["number"]
        printing.do(f"agreement {printing.her} --form {form} --number {number} --sign --on 2026-11-25", told)
    refused = printing.refused(f"form pack {printing.her} --out pack.pdf")
    assert (refused.code, refused.error) == (3, "form/nothing")
    for words in ("form pack", "form pack --blank", f"form pack {printing.her} --blank"):
        assert printing.refused(words).error == "usage/pack"


def test_paper_of_another_size_is_asked_for_by_name(printing: "Desk") -> None:
    hers = f"form pink {printing.her}"
    for words, size in (
        (f"{hers} --paper letter", (612, 792)), (f"{hers} --paper white,letter", (612, 792)), (hers, (595, 841)),
        ("form pink --blank --lang ru --paper letter", (612, 792)),  # with an empty page behind each copy
    ):  # fmt: skip
        printing.do(f"{words} --out a.pdf --overwrite")
        boxes = re.findall(rb"/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]", (printing.folder / "a.pdf").read_bytes())
        assert {tuple(int(float(side)) for side in box) for box in boxes} == {size}
    assert printing.refused(f"form pink {printing.her} --out b.pdf --paper pink").error == "usage/paper"


RECOVERY = {"en": "Recovery paper", "ru": "Лист восстановления"}
HEADINGS = {"en": "Sheet for the safe", "ru": "Лист для сейфа", "ky": "сейфи үчүн барак"}


@pytest.mark.parametrize("language", HEADINGS)
def test_it_is_one_page_with_words_and_number_and_no_key(language: str, admitted: "House") -> None:
    sheet = admitted.do("trust").data["sheet"]
    admitted.run(f"trust --out safe.pdf --lang {language}")
    (page,) = PdfReader(admitted.folder / "safe.pdf").pages
    told = " ".join(page.extract_text().split())
    assert HEADINGS[language] in told
    assert sheet["words"] in told
    assert sheet["store"] in told
    assert str(sheet["number"]) in told
    assert "AGE-SECRET" not in told


@pytest.mark.parametrize("language", RECOVERY)
def test_the_recovery_paper_has_the_key_in_groups_and_says_at_its_foot_what_it_is(
    language: str, tmp_path: Path
) -> None:
    founding = begin_founding(tmp_path, create_identity(), "manager", "2026-11-25T09:00+06:00")
    made = printed([make_recovery_page(Session(options=Options(lang=language)), founding.paper, date(2026, 11, 25))])
    told = " ".join(" ".join(each.extract_text() for each in PdfReader(BytesIO(made.data)).pages).split())
    assert told.count(RECOVERY[language]) == 2
    key = founding.paper.key.key
    assert key in told.replace(" ", "")
    groups = [word for word in pdf.words(made.data) if len(word.text) > 3 and word.text in key]
    assert [word.text for word in groups] == ["AGE-SECRET-KEY-1", *re.findall(".{1,6}", key[16:])]
    assert all((word.base - word.top) / pdf.ASCENT >= 12 for word in groups)
    assert not pdf.outside(made.data)


def test_it_goes_into_no_store_and_over_no_key(admitted: "House") -> None:
    assert admitted.refused("trust --out house/safe.txt").refusals == ["paper/unsafe-place"]
    assert admitted.refused("trust --out key --as txt --overwrite").refusals == ["paper/unsafe-place"]
