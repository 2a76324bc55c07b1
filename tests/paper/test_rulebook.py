"""What is printed is data: lines, rules, rights, limits and languages come and go by text alone, each by its day."""

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from shelterctl.errors import BrokenRulebook
from shelterctl.paper.request import form_titles
from shelterctl.rulebook.rulebook import open_rulebook
from tests.support.papers import LANGUAGES, PAPERS, UNAPPROVED, blank, filled, subject, words_of_sheet

if TYPE_CHECKING:
    from tests.support.desk import Desk


BEFORE, SINCE = "2026-12-31", "2027-01-01"
CAP_2A = "      - {amount: amount, at_most: 2000, within: stay, clause: A5.2a, reading: X22}\n"
REVISED_2A = CAP_2A.replace("}\n", ", later: [{since: 2027-01-01, at_most: 3100, clause: IOM-2027-1}]}\n")
LINE_2C = "    clause: A5.2c\n"
REPEALED_2C = LINE_2C + "    later: [{since: 2027-01-01, clause: IOM-2027-3, repealed: true}]\n"
NEW_LINES = """  2d:
    group: "2"
    text: {en: "Slippers – max. {at_most} Soms", ru: "Тапочки – не более {at_most} сомов", ky: "Тапичке {at_most}"}
    clause: IOM-2026-0
    repealed: true
    later: [{since: 2027-01-01, clause: IOM-2027-4}]
    rules: [{amount: amount, at_most: 310, within: stay, clause: IOM-2027-4, reading: X22}]
"""
NEW_LAST = """  "6":
    text: {en: Dentist, ru: Стоматолог, ky: Тиш доктур}
    clause: IOM-2027-5
sheet:
"""
COPIES = "{amount: signed.copies, exactly: 2, clause: A5.L, code: agreement/copies}"
NEW_RULE = """  "14":
    standing: [{clause: IOM-2026-0, repealed: true}, {since: 2027-01-01, clause: IOM-2027-6}]
    text: {en: Telephones rest at night., ru: Ночью телефоны отдыхают., ky: Түнкүсүн телефондор эс алат.}
foot:
"""
RULE_12 = '  "12":\n    standing: [{clause: A2.12}]\n'
REPEALED_12 = RULE_12.replace("]", ", {since: 2027-01-01, clause: IOM-2027-7, repealed: true}]")
SIXTY = "".join(
    f'  "{number}":\n    standing: [{{clause: IOM-2027-6}}]\n    text: {{en: One more rule.}}\n'
    for number in range(14, 74)
)


@pytest.fixture
def manual(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the manual that may be revised; whatever is made in this process is made by it."""
    shutil.copytree(open_rulebook().folder, tmp_path / "manual")
    monkeypatch.setenv("SHELTERCTL_MANUAL", str(tmp_path / "manual"))
    return tmp_path / "manual"


def edit(manual: Path, file: str, old: str, new: str) -> None:
    text = (manual / file).read_text("utf-8")
    assert text.count(old) == 1
    (manual / file).write_text(text.replace(old, new), "utf-8")


def told(form: str, day: str, language: str = "en") -> str:
    return words_of_sheet(blank(form, language, day))


def test_a_revised_limit_is_printed_from_its_day(manual: Path) -> None:
    edit(manual, "tracks/pink.yaml", CAP_2A, REVISED_2A)
    assert "Summer clothes/ footwear – max. 2000 Soms" in told("pink", BEFORE)
    assert "Summer clothes/ footwear – max. 3100 Soms" in told("pink", SINCE)
    assert "не более 3100 сомов" in told("pink", SINCE, "ru")


def test_an_agreement_is_printed_with_the_limits_of_its_own_day(manual: Path, printing: "Desk") -> None:
    edit(manual, "tracks/pink.yaml", CAP_2A, REVISED_2A)
    for day, limit in ((BEFORE, "2000"), (SINCE, "3100")):
        printing.do(f"agreement {printing.her} --form pink", {**PAPERS["pink"], "date": day})
        assert f"max. {limit} Soms" in words_of_sheet(filled(printing, "pink", "en"))  # whatever day is today


def test_a_line_that_is_added_is_printed_and_one_that_is_repealed_is_not(manual: Path) -> None:
    edit(manual, "tracks/pink.yaml", '  "3":\n    text:', NEW_LINES + '  "3":\n    text:')
    edit(manual, "tracks/pink.yaml", LINE_2C, REPEALED_2C)
    edit(manual, "tracks/pink.yaml", "sheet:\n", NEW_LAST)
    assert re.search(r"c\) Underwear – max. 500 Soms 3\. Food.* 6\. Dentist Total", told("pink", BEFORE))
    assert re.search(r"b\) Winter .* Soms d\) Slippers – max. 310 Soms 3\. Food", told("pink", SINCE))
    assert "г) Тапочки – не более 310 сомов" in told("pink", SINCE, "ru")
    assert "г) Тапичке 310" in told("pink", SINCE, "ky")


def test_a_line_far_down_the_alphabet_is_printed_in_every_language(manual: Path) -> None:
    for number in ("2h", "2m", "2z", "2aa"):
        edit(manual, "tracks/pink.yaml", '  "3":\n    text:', f'{NEW_LINES.replace("2d", number)}  "3":\n    text:')
    for language in LANGUAGES:
        paper = blank("pink", language, SINCE)
        assert words_of_sheet(paper).count("310") == 4 * len(paper.sheets)


def test_a_rule_that_is_added_stands_from_its_day_and_one_that_is_repealed_no_longer(manual: Path) -> None:
    edit(manual, "annexes/shelter-rules.yaml", "foot:\n", NEW_RULE)
    edit(manual, "annexes/shelter-rules.yaml", RULE_12, REPEALED_12)
    before, since = told("shelter-rules", BEFORE), told("shelter-rules", SINCE)
    assert ("Smoking" in before, "Telephones" in before) == (True, False)
    assert ("Smoking" in since, "Telephones" in since) == (False, True)
    assert "Ночью телефоны отдыхают." in told("shelter-rules", SINCE, "ru")


def test_a_sheet_of_rules_that_were_revised_is_another_sheet(manual: Path, printing: "Desk") -> None:
    code = printing.do(f"form shelter-rules {printing.her} --lang ru --out rules.txt").data["printed"][0]["code"]
    edit(
        manual,
        "annexes/shelter-rules.yaml",
        "foot:\n",
        NEW_RULE.replace("IOM-2026-0, repealed: true}, {since: 2027-01-01, clause: ", ""),
    )
    answer = printing.ask(f"paper {code}", env={"SHELTERCTL_MANUAL": str(manual)})
    assert (answer.data["state"], answer.data["changed"]) == ("changed", ["/entries/14"])


def test_a_third_form_is_printed_without_a_template_of_its_own(manual: Path) -> None:
    blue = (manual / "tracks/blue.yaml").read_text("utf-8")
    green = (
        blue.replace("track: blue\n", "track: green\n", 1)
        .replace("{form: blue}", "{form: green}")
        .replace('tint: "#bcd6f2"', "tint: white")
        .replace("(Blue Form)", "(Green Form)")
    )
    (manual / "tracks/green.yaml").write_text(green, "utf-8")
    assert "green" in form_titles(open_rulebook())
    for language in LANGUAGES:
        made = blank("green", language)
        assert made.sheets[0].tint == "white"
        assert ("(Green Form)" in words_of_sheet(made)) is (language == "en")


def test_an_annex_that_is_added_is_a_form_like_others(manual: Path, printing: "Desk") -> None:
    rules = (manual / "annexes/shelter-rules.yaml").read_text("utf-8")
    house = rules.replace("annex: shelter-rules", "annex: house-rules").replace("GENERAL SHELTER", "HOUSE")
    (manual / "annexes/house-rules.yaml").write_text(house, "utf-8")
    env = {"SHELTERCTL_MANUAL": str(manual)}
    assert "house-rules" in [row["form"] for row in printing.do("form list", env=env).data["rows"]]
    assert "HOUSE RULES" in printing.run(f"form house-rules {printing.her}", env=env).out


@pytest.mark.parametrize("language", ["ru", "ky"])
def test_a_translation_that_was_reviewed_is_a_draft_no_more(language: str, manual: Path, printing: "Desk") -> None:
    name = {"ru": "орусча", "ky": "кыргызча"}[language]
    edit(
        manual,
        "languages.yaml",
        f"ky: {name}}}\n",
        f"ky: {name}}}\n    reviewed: {{on: 2027-01-15, by: IOM Bishkek}}\n",
    )
    for form in form_titles(open_rulebook()):
        for paper in (blank(form, language), filled(printing, form, language)):
            assert not re.search("|".join(UNAPPROVED.values()), words_of_sheet(paper))
        other = {"ru": "ky", "ky": "ru"}[language]
        assert UNAPPROVED[other] in words_of_sheet(blank(form, other))


def test_what_is_asked_of_the_signature_decides_copies_and_language(manual: Path) -> None:
    edit(
        manual,
        "tracks/pink.yaml",
        COPIES,
        COPIES.replace("A5.L,", "A5.L, later: [{since: 2027-01-01, exactly: 3, clause: IOM-2027-8}],"),
    )
    assert len(blank("pink", "ru", BEFORE).sheets) == 2
    assert len(blank("pink", "ru", SINCE).sheets) == 3
    assert "Экземпляр 3 из 3" in told("pink", SINCE, "ru")


@pytest.mark.parametrize("who", ["", "HER"])
def test_a_form_too_long_by_itself_is_ours_to_mend(who: str, manual: Path, printing: "Desk") -> None:
    edit(manual, "annexes/shelter-rules.yaml", "foot:\n", f"{SIXTY}foot:\n")
    command = f"form shelter-rules {who.replace('HER', printing.her)} --out rules.pdf"
    refused = printing.refused(command, env={"SHELTERCTL_MANUAL": str(manual)})
    assert (refused.code, refused.error) == (4, "template/too-long")
    assert not (printing.folder / "rules.pdf").exists()


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (
            "tracks/blue.yaml",
            "represented by {ngo_representative} on one party",
            "represented by {nobody} on one party",
        ),
        ("tracks/blue.yaml", "{period_from} to {period_to}, according", "{period_from} to {, according"),
        ("tracks/pink.yaml", "Recognize this client", "Recognize {first_name}"),
    ],
)
def test_a_sentence_with_a_fact_that_nobody_knows_is_a_broken_rulebook(
    file: str, old: str, new: str, manual: Path
) -> None:
    edit(manual, file, old, new)
    with pytest.raises(BrokenRulebook) as broken:
        blank(file.removeprefix("tracks/").removesuffix(".yaml"), "en")
    assert broken.value.code in ("shelf/word", "shelf/text")


@pytest.mark.parametrize("without", ["tint", "preamble", "name", "in_writing"])
def test_a_form_that_lacks_a_word_to_print_is_refused_when_it_is_taken_down(
    without: str, manual: Path, desk: "Desk"
) -> None:
    text = (manual / "tracks/blue.yaml").read_text("utf-8")
    misspelt = re.sub(rf"""(?m)^( +){without}:( "#bcd6f2")?$""", r"\1other:\2", text)
    (manual / "tracks/blue.yaml").write_text(misspelt, "utf-8")
    refused = desk.refused("form blue --blank", env={"SHELTERCTL_MANUAL": str(manual)})
    assert refused.code == 4


LONG = "очень длинное имя без конца и края " * 40


def test_a_text_that_is_too_long_for_its_page_is_named_by_its_place(printing: "Desk") -> None:
    given: dict[str, Any] = {**PAPERS["pink"], "ngo_representative": LONG}
    printing.do(f"agreement {printing.her} --form pink", given)
    told_ = printing.do(f"form pink {printing.her} --out pink.pdf")
    found = told_.finding("paper/too-long")
    assert (found["severity"], found["where"], found["record"]) == ("open", "/ngo_representative", printing.her)
    assert found["facts"]["length"] == len(LONG)
    assert (found["facts"]["pages"], told_.data["printed"][0]["pages"]) == (2, 6)
    assert "очень" not in told_.out
    assert "Representative of the NGO" in found["message"]
    assert not printing.do(f"form pink {printing.her} --out pink.txt").page["findings"]


def test_a_character_that_no_font_has_is_named_by_its_place(printing: "Desk") -> None:
    lines = {**PAPERS["pink"]["lines"], "4a": {"amount": 1, "point": "中文 station"}}
    printing.do(
        f"agreement {printing.her} --form pink", {**PAPERS["pink"], "iom_representative": "А. 中", "lines": lines}
    )
    told_ = printing.do(f"form pink {printing.her} --out pink.txt")
    assert {found["where"] for found in told_.page["findings"]} == {"/iom_representative", "/lines/4a/point"}
    assert told_.codes("warn") == ["paper/no-glyph"] * 2
    assert "中" not in told_.out
    text = (printing.folder / "pink.txt").read_text("utf-8")
    assert text.count("А. [U+4E2D]") == 2 * 3
    assert text.count("[U+4E2D][U+6587] station") == 2
    said = printing.run(f"form pink {printing.her} --out pink.txt --overwrite").out
    assert "line 4a" in said
    assert "/lines" not in said


def test_every_form_of_the_shelf_has_someone_to_be_filled_for(papers: "Desk") -> None:
    for form in form_titles(open_rulebook()):
        assert filled(papers, form, "en").record == subject(form, papers.her)
