"""Forms by name: which there are, blank with nothing at hand, in a language of paper, and what is not there."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sheets import FORMS, LANGUAGES, subject

if TYPE_CHECKING:
    from conftest import Desk


TITLES = {"en": "RIGHTS OF SHELTER RESIDENTS", "ru": "ПРАВА ПРОЖИВАЮЩИХ", "ky": "БАШ КАЛКАЛООЧУ ЖАЙДЫН ЖАШООЧУЛАРЫНЫН"}
KEYS = {"form", "language", "record", "code", "pages"}


def test_the_list_names_every_form_and_for_whom_it_is_filled(desk: "Desk") -> None:
    rows = desk.do("form list").data["rows"]
    assert [row["form"] for row in rows if row["kind"] == "form"] == [row["form"] for row in rows][: len(FORMS)]
    assert [row["form"] for row in rows[: len(FORMS)]] == list(FORMS)
    by_staff = {row["form"] for row in rows if row["filled_for"] == "a code of staff"}
    assert by_staff == {"confidentiality-agreement"}
    assert "голубая форма" in desk.run("form list --lang ru").out
    assert desk.run("form list --format csv").out.splitlines()[0] == "form,title,kind,filled_for"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_blank_form_needs_no_store_no_key_and_no_home(form: str, language: str, desk: "Desk", tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    nothing = dict.fromkeys(("SHELTERCTL_STORE", "SHELTERCTL_IDENTITY", "SHELTERCTL_MANUAL", "SHELTERCTL_LANG"), "")
    bare = {"env": {**nothing, "HOME": str(tmp_path / "empty")}, "cwd": tmp_path / "empty"}
    told = desk.do(f"form {form} --blank --lang {language} --out {form}.pdf", **bare)
    copies = 2 if (form, language) == ("pink", "ru") else 1
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
        ("form code-of-conduct", 3, "form/unknown"),
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
