"""Further papers of a track: letters, cards and logs of some of its entries, and tables of what a file has."""

import html
from typing import TYPE_CHECKING, Any

import pytest

from shelterctl.errors import BrokenRulebook
from shelterctl.paper.request import printable_tracks
from shelterctl.press.sheet import Medium, render_sheets
from shelterctl.rulebook.lint.whole import check_rulebook
from shelterctl.rulebook.rulebook import open_rulebook
from tests.support.command import one_line
from tests.support.papers import HERS, LANGUAGES, UNAPPROVED, blank, words_of_sheet
from tests.support.revised_rulebook import Revised

if TYPE_CHECKING:
    from tests.support.desk import Desk

SHELF = open_rulebook()
FURTHER = {track.form: track for track in printable_tracks(SHELF) if track.paper}
CONSENT = {"kind": "information_sharing", "purpose": "жильё", "given_on": "2026-11-23", "language": "ky"}
HANDOVER = {
    "kind": "partner",
    "occasion": "handover",
    "recipient": "sezim",
    "what": ["нужна комната", "учится шить"],
    "by": "s-gulnara",
    "at": "2026-11-24T10:00+06:00",
    "iom_agreed": {"on": "2026-11-23", "by": "NGO Coordinator"},
}
SCME = {"kind": "scme_letter", "recipient": "отдел в Оше", "what": ["швея"], "at": "2026-11-24T10:00+06:00"}


def add(desk: "Desk", track: str, given: dict[str, Any]) -> str:
    return str(desk.do(f"add {desk.her} {track}", given).data["entry"])


def paper(desk: "Desk", words: str, language: str = "en", medium: str = "txt") -> str:
    desk.do(f"form {words} --lang {language} --out paper.{medium} --overwrite")
    return one_line((desk.folder / f"paper.{medium}").read_text("utf-8")).replace("\\", "")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", FURTHER)
def test_a_blank_asks_nothing_that_its_own_title_answers(name: str, language: str) -> None:
    track = FURTHER[name]
    told = words_of_sheet(blank(name, language))
    assert track.title[language] in told
    answered = [track.fields[each].paper_text[language] for each in (*track.sheet.given, *track.sheet.leaves_out)]
    assert [each for each in answered if f"{each}: _" in told or f"{each}: [" in told] == []
    whole = html.unescape(one_line(render_sheets(blank(name, language).sheets, Medium.HTML).data.decode()))
    assert all(one.text[language].partition("{")[0] in whole for one in track.sheet.rows.values())
    assert told.count(UNAPPROVED[language]) == (language != "en" and not track.sheet.outside)
    assert all(one.text[language].partition("{")[0] in whole for one in track.sheet.statements)


def test_a_blank_has_boxes_only_for_the_answers_of_its_entries() -> None:
    told = words_of_sheet(blank("court-recommendation", "en"))
    assert "[ ] she can take part [ ] she cannot take part for now" in told
    assert "approved" not in told


def test_a_handover_is_printed_once_it_is_authorised_and_says_no_more_than_that(admitted: "Desk") -> None:
    admitted.do("ngo add sezim", {"name": "Кризисный центр"})
    add(admitted, "consent", {**CONSENT, "recipient": "sezim"})
    entry = add(admitted, "disclosure", HANDOVER)
    told = admitted.refused(f"form handover-note {admitted.her}")
    assert (told.code, told.error) == (3, "entry/unknown")
    assert f"show {admitted.her} disclosure" in told.page["error"]["message"]

    admitted.do(f"authorise {admitted.her} disclosure {entry}")
    other = add(admitted, "disclosure", {"kind": "own_access", "requested_on": "2026-11-24", "what": ["всё дело"]})
    page = paper(admitted, f"handover-note {admitted.her}")
    for words in ("To: Кризисный центр", "Date: 24 November 2026", "нужна комната; учится шить", "When IOM agreed: 23"):
        assert words in page
    assert "всё дело" not in page
    assert not [name for name in HERS[:3] if name in page]
    named = paper(admitted, f"handover-note {admitted.her} --names")
    assert "First name: Айгуль" in named
    assert "Client: " not in named.partition("Who signs")[0]
    refused = admitted.refused(f"form handover-note {admitted.her} --entry {other}")
    assert (refused.code, refused.error) == (2, "usage/entry")

    code = admitted.do(f"form handover-note {admitted.her} --out note.txt").data["printed"][0]["code"]
    assert admitted.do(f"paper {code}").data["state"] == "same"
    admitted.do(f"add {admitted.her} disclosure {entry}", {"what": ["нужна комната"]})
    assert admitted.do(f"paper {code}").data["changed"][0] == "/what"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_for_people_outside_has_no_number_of_hers_and_no_house(language: str, admitted: "Desk") -> None:
    add(admitted, "consent", {**CONSENT, "recipient": "отдел в Оше"})
    admitted.do(f"authorise {admitted.her} disclosure {add(admitted, 'disclosure', SCME)}")
    on = {"kind": "birth_certificate", "action": "obtain", "on": "2026-11-22", "applied_on": "2026-11-24"}
    add(admitted, "identity-document", {**on, "authority": "ЗАГС Оша"})
    letters = {
        name: paper(admitted, f"{name} {admitted.her}", language) for name in ("scme-letter", "document-application")
    }
    assert "отдел в Оше" in letters["scme-letter"]
    assert "ЗАГС Оша" in letters["document-application"]
    for page in letters.values():
        assert admitted.her not in page
        assert UNAPPROVED[language] not in page
    assert not [words for words in ("IOM", "МОМ", "ЭМУ", "sezim") if words in letters["document-application"]]
    assert "2026" in letters["document-application"].partition(SHELF.tracks["identity-document"].title[language])[0]


def test_a_story_is_printed_under_its_other_name_alone(admitted: "Desk") -> None:
    told = {
        "kind": "story",
        "recipient": "сайт",
        "what": ["рассказ"],
        "pseudonym": "Весна",
        "summary": "Выучилась шить.",
    }
    consent = add(admitted, "consent", {"kind": "story", "given_on": "2026-11-23", "language": "ky"})
    entry = add(
        admitted,
        "disclosure",
        {**told, "summary": "Выучилась шить.", "at": "2026-11-25T10:00+06:00", "consent": consent},
    )
    admitted.do(f"authorise {admitted.her} disclosure {entry}")
    page = paper(admitted, f"success-story {admitted.her} --names")
    assert "Весна" in page
    assert "Выучилась шить." in page
    assert not [words for words in (*HERS, admitted.her, "сайт", "рассказ") if words in page]


def test_a_house_has_papers_of_some_entries_too(admitted: "Desk") -> None:
    meeting = {"kind": "staff_meeting", "on": "2026-11-23", "present": ["s-gulnara"], "note": "говорили о кухне"}
    admitted.do("add bishkek occasion", meeting)
    admitted.do(
        "add bishkek occasion", {"kind": "supervision", "on": "2026-11-24", "by": "s-aida", "note": "супервизия"}
    )
    minutes = paper(admitted, "meeting-minutes bishkek")
    assert "говорили о кухне" in minutes
    assert ("супервизия" in minutes, "What took place" in minutes) == (False, False)
    assert "супервизия" in paper(admitted, "supervision-note bishkek")
    assert "говорили" not in paper(admitted, "case-coordination-note bishkek")
    admitted.do("add bishkek occasion", {"kind": "gp_visit", "on": "2026-11-24", "by": "А. Врачева"})
    visits = paper(admitted, "physician-visits bishkek")
    assert "А. Врачева" in visits
    assert "говорили" not in visits


def test_the_contents_of_her_file_count_what_is_there_and_of_sealed_entries_tell_the_day(
    admitted: "Desk",
) -> None:
    before = paper(admitted, f"file-contents {admitted.her}", medium="md")
    assert "| Signed General Shelter Rules | 1 | 2026-11-21" in before
    assert "| Individual plans | –" in before
    for on in ("2026-11-22", "2026-11-23"):
        add(admitted, "need", {"on": on, "need": "medicine", "class": "primary"})
    add(admitted, "examination", {"kind": "evaluation", "on": "2026-11-24", "state": "тревога"})
    page = paper(admitted, f"file-contents {admitted.her}", medium="md")
    assert "| Needs | 2 | 2026-11-22, 2026-11-23" in page
    assert "| Examinations and tests | 1 | 2026-11-24" in page
    assert "тревога" not in page
    code = admitted.do(f"form file-contents {admitted.her} --out list.txt").data["printed"][0]["code"]
    add(admitted, "hiv", {"on": "2026-11-24", "report": "обследована"})
    assert paper(admitted, f"file-contents {admitted.her}", medium="md") == page
    assert admitted.do(f"paper {code}").data["state"] == "same"
    add(admitted, "need", {"on": "2026-11-24", "need": "school", "class": "secondary"})
    assert admitted.do(f"paper {code}").data["changed"] == ["/rows/need"]


def test_the_stages_are_those_of_the_last_stay(admitted: "Desk") -> None:
    for on in ("2026-01-05", "2026-11-24"):
        add(admitted, "examination", {"kind": "diagnostic", "on": on})
    page = paper(admitted, f"rehabilitation-stages {admitted.her}", medium="md")
    assert "| Psychological condition (examinations and tests) | 1 | 2026-11-24" in page
    assert "Outcome of the evaluation: admit" in page


def test_a_checklist_says_what_is_done_and_open_on_the_day_of_its_act(admitted: "Desk") -> None:
    row = "| 1 | IOM consulted (required) | NGO Coordinator of IOM |"
    assert f"{row} [ ] done | |" in paper(admitted, "discharge-checklist --blank", medium="md")
    add(admitted, "belonging", {"kind": "personal_item", "what": "сумка", "received_on": "2026-11-22"})
    before = paper(admitted, f"discharge-checklist {admitted.her}", medium="md")
    assert f"{row} **open** | |" in before
    told = {"planned_on": "2026-11-24", "iom_representative": "NGO Coordinator", "iom_consulted_on": "2026-11-23"}
    given = {**told, "social_worker": "s-gulnara", "items_returned": True}
    admitted.do(f"discharge {admitted.her} --on 2026-11-24", {"discharge": given})
    page = paper(admitted, f"discharge-checklist {admitted.her}", medium="md")
    assert f"{row} done | 2026-11-23 |" in page
    assert "| 4 | Personal items and documents returned | staff of the shelter together with her | **open** | |" in page
    assert "24 November 2026" in page.partition("| №")[0]
    printed = admitted.do(f"form discharge-checklist {admitted.her} --out list.txt").data["printed"][0]
    admitted.do(f"discharge {admitted.her} --on 2026-11-24", {"discharge": {"release_provisions": "у тёти"}})
    state = admitted.do(f"paper {printed['code']}")
    assert state.data["changed"] == ["/rows/release-provisions"]
    assert "Release provisions" in admitted.run(f"paper {printed['code']}").out


def test_a_checklist_of_another_act_is_a_paper_by_text_alone(admitted: "Desk") -> None:
    desk = Revised(admitted)
    path, text = (
        desk.manual / "tracks/admission.yaml",
        "  admission-list: {kind: checklist, title: {en: What is there}}\n",
    )
    path.write_text(path.read_text("utf-8") + text, "utf-8")
    page = desk.paper(f"admission-list {desk.her}", "en", "paper.md")
    act = SHELF.acts["admission"]
    assert page.count("| done |") + page.count("| **open** |") == len(act.items)
    assert all(item.text["en"] in page for item in act.items)


def test_a_notice_of_a_diagnosis_never_says_what_was_found(admitted: "Desk") -> None:
    known = {"kind": "evaluation", "by": "s-aida", "state": "тревога", "symptoms": ["depression"], "in_question": True}
    add(admitted, "examination", {**known, "on": "2026-11-23"})
    refused = admitted.refused(f"form diagnosis-notice {admitted.her}")
    assert (refused.code, refused.error) == (3, "entry/unknown")
    told = {"diagnosed_at": "2026-11-24T10:00+06:00", "manager_informed_at": "2026-11-24T10:30+06:00"}
    add(admitted, "examination", {**known, **told, "on": "2026-11-24"})
    for language in LANGUAGES:
        page = paper(admitted, f"diagnosis-notice {admitted.her}", language)
        assert page.count("2026") == 3 + page.count("KG-2026")
        assert ("10:00" in page, "10:30" in page) == (True, True)
        sealed = [
            each for each in SHELF.tracks["examination"].fields["symptoms"].codes.values() if each[language] in page
        ]
        assert (sealed, "тревога" in page) == ([], False)
    assert admitted.refused(f"form examination {admitted.her}").error == "usage/sealed"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_notice_for_the_wall_says_nothing_that_a_visitor_may_not_read(language: str, admitted: "Desk") -> None:
    whole = html.unescape(
        one_line(render_sheets(blank("call-102", language).sheets, Medium.HTML).data.decode())
    ).lower()
    page = whole.partition("<main>")[2]
    secret = (
        "iom",
        "shelter",
        "victim",
        "traffick",
        "мом",
        "приют",
        "пострадав",
        "торговл",
        "эму",
        "баш калкалоо",
        "жабыр",
    )
    assert [word for word in secret if word in page] == []
    center = {"en": "recovery center", "ru": "центр реабилитации", "ky": "калыбына келтирүү борбору"}
    assert center[language] in page
    assert center[language] in SHELF.tracks["incident"].sheet.statements[0].text[language]
    for subject in (admitted.her, "bishkek"):
        refused = admitted.refused(f"form call-102 {subject}")
        assert (refused.code, refused.error) == (2, "usage/notice")


def test_a_paper_is_added_and_taken_away_by_text_alone(admitted: "Desk") -> None:
    desk = Revised(admitted)
    text = """papers:
  doctor-needs:
    kind: log
    title: {en: Needs of the first days, ru: Потребности первых дней}
    when: {class: [primary]}
    columns: ["on", need]
"""
    path = desk.manual / "tracks/need.yaml"
    path.write_text(path.read_text("utf-8") + text, "utf-8")
    add(desk, "need", {"on": "2026-11-23", "need": "medicine", "class": "primary"})
    add(desk, "need", {"on": "2026-11-23", "need": "school", "class": "secondary"})
    rows = {row["form"]: row for row in desk.ask("form list").data["rows"]}
    assert rows["doctor-needs"]["kind"] == "log"
    page = desk.paper(f"doctor-needs {desk.her}", "ru")
    assert "Потребности первых дней" in page
    assert ("medicine" in page, "school" in page) == (True, False)
    assert "отребности первых дней" in desk.sit("ru", f"void {desk.her}", "")


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("person", "  file-contents:\n    kind: contents\n", "  file-contents:\n", "shelf/shape"),
        ("person", "  file-contents:\n", "  need:\n", "shelf/twice"),
        ("person", "  file-contents:\n", "  blue:\n", "shelf/twice"),
        ("person", "  file-contents:\n", "  Contents:\n", "shelf/shape"),
        ("person", "track: health,", "track: hiv,", "shelf/word"),
        ("person", "track: session,", "track: sesion,", "shelf/word"),
        ("person", "where: {item: [orientation]}", "where: {item: [oriented]}", "shelf/word"),
        ("admission", "where: {kind: [initial_complete]}", "where: {finding: [none]}", "shelf/word"),
        ("admission", "shows: [outcome, by], text: {en: Interim", "shows: [words], text: {en: Interim", "shelf/word"),
        (
            "done",
            "when: {item: [orientation]}\n    statements",
            "when: {thing: [orientation]}\n    statements",
            "shelf/word",
        ),
        ("identity-document", "    to: authority\n", "    to: office\n", "shelf/word"),
        ("identity-document", "    dated: applied_on\n", "    dated: authority\n", "shelf/rule"),
        ("identity-document", "    kind: letter\n", "    kind: letter\n    rows: {a: {text: {en: A}}}\n", "shelf/rule"),
        ("examination", '    shows: ["on"', '    shows: [state, "on"', "shelf/word"),
        ("call", "    kind: log\n", "    kind: log\n    shows: [at]\n", "shelf/rule"),
        ("done", "    kind: card\n", "    kind: checklist\n", "shelf/rule"),
        ("incident", "Our address: {line}", "Our address: {name}", "shelf/word"),
        ("incident", "      manager: {text", "      manager: {track: plan, text", "shelf/rule"),
    ],
)
def test_a_slip_in_a_paper_is_found(file: str, old: str, new: str, code: str, admitted: "Desk") -> None:
    desk = Revised(admitted)
    desk.edit(f"tracks/{file}.yaml", old, new)
    with pytest.raises(BrokenRulebook) as slip:
        check_rulebook(desk.rulebook)
    assert slip.value.code == code
