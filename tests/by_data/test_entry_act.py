"""By data alone: an act on entries that the program has no words for: its command, help, completion, menu line."""

from typing import Any

import pytest

from tests.support.revised_rulebook import LANGUAGES, Revised

COMPLAINT = """schema: track/1
track: complaint
text: {en: a complaint, ru: жалоба}
clause: A3.8
home: stay
at: complaints
keeps: many
day: "on"
acts:
  answer: {text: {en: Answer, ru: Ответить}, clause: A3.8, writes: answered}
fields:
  on: {is: day, must: true, text: {en: Made on, ru: Когда подана}}
  reply: {is: text, text: {en: What she was told, ru: Что ей ответили}}
  answered:
    is: group
    text: {en: answered, ru: ответ дан}
    fields:
      on: {is: day, text: {en: Answered on, ru: Когда ответили}}
      by: {is: party, of: [staff], text: {en: Who answered, ru: Кто ответил}}
rules:
  - {needs: reply, act: answer, clause: A3.8}
"""


@pytest.fixture
def desk(admitted: Any) -> Revised:
    session = Revised(admitted)
    session.add("tracks/complaint.yaml", COMPLAINT)
    return session


def complaint(desk: Revised) -> dict[str, Any]:
    (entry,) = desk.record()["stays"][0]["complaints"]
    found: dict[str, Any] = entry
    return found


def test_by_file_its_command_is_refused_done_and_taken_back(desk: Revised) -> None:
    desk.do(f"add {desk.her} complaint", {"on": "2026-11-22"})
    refused = desk.refused(f"answer {desk.her} complaint --on 2026-11-23")
    assert (refused.refusals, refused.page["command"]) == (["track/needs"], "answer")
    done = desk.do(f"answer {desk.her} complaint --on 2026-11-23", {"reply": "No."})
    assert complaint(desk)["answered"] == {"by": "manager", "on": "2026-11-23"}
    assert done.data["act"] == "answer"
    desk.do(f"answer {desk.her} complaint --undo")
    assert "answered" not in complaint(desk)


@pytest.mark.parametrize("language", LANGUAGES)
def test_at_a_terminal_it_asks_for_what_it_lacks(desk: Revised, language: str) -> None:
    desk.do(f"add {desk.her} complaint", {"on": "2026-11-22"})
    desk.sit(language, f"answer {desk.her} complaint", "No.", "manager", "23.11.2026", "1")
    assert complaint(desk)["answered"] == {"by": "manager", "on": "2026-11-23"}
    assert complaint(desk)["reply"] == "No."


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_it_writes_is_neither_asked_by_add_nor_taken(desk: Revised, language: str) -> None:
    desk.edit(
        "tracks/complaint.yaml", "rules:\n", "rules:\n  - {by: answered.by, role: [psychologist], clause: A3.8}\n"
    )
    seen = desk.sit(language, f"add {desk.her} complaint", "22.11.2026", "No.", "1")
    assert {"en": "Who answered", "ru": "Кто ответил"}[language] not in seen
    assert "answered" not in complaint(desk)
    given = {"id": complaint(desk)["id"], "answered": {"by": "manager", "on": "2026-11-23"}}
    assert desk.refused(f"add {desk.her} complaint", given).refusals == ["shape/unknown-key"]
    assert desk.refused(f"admit {desk.her}", {"complaints": [given]}).refusals == ["shape/unknown-key"]
    assert "answered" not in desk.ask("schema track-complaint").data["schema"]["properties"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_it_wrote_is_shown_explained_and_printed(desk: Revised, language: str) -> None:
    desk.edit("tracks/complaint.yaml", "rules:\n", "sheet: {kind: card, signed_by: [client]}\nrules:\n")
    desk.do(f"add {desk.her} complaint", {"on": "2026-11-22", "reply": "No."})
    desk.do(f"answer {desk.her} complaint --on 2026-11-23")
    asked = {"en": "Who answered", "ru": "Кто ответил"}[language]
    assert f"{asked}: manager" in desk.sit(language, f"show {desk.her} complaint --names")
    assert asked in desk.run(f"explain track complaint --lang {language}").out
    assert asked in desk.paper(f"complaint {desk.her} --names", language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_command_is_listed_helped_with_and_completed(desk: Revised, language: str) -> None:
    summary = {"en": "Answer: a complaint.", "ru": "Ответить: жалоба."}[language]
    listed = desk.run(f"--help --lang {language}", today=None).out.splitlines()
    assert ["answer", summary] in [line.split(maxsplit=1) for line in listed]
    for words in ("answer --help", "help answer"):
        page = desk.run(f"{words} --lang {language}", today=None).out
        assert summary in page
        assert "shelterctl answer 7QF2-M9KD complaint" in page
        assert "--undo" in page
    rows = desk.ask("completion answ --at 1", today=None).data["rows"]
    assert [row["word"] for row in rows] == ["answer"]
    assert "shelterctl answer ID complaint" in desk.run(f"explain track complaint --lang {language}").out


def test_its_completion_offers_the_tracks_that_have_it_alone(desk: Revised) -> None:
    def offered(words: str, at: int) -> set[str]:
        return {row["word"] for row in desk.ask(f"completion {words} --at {at}", today=None).data["rows"]}

    assert offered(f"answer {desk.her}", 3) == {"complaint"}
    assert offered(f"close {desk.her}", 3) == {"plan", "health"}
    assert offered(f"add {desk.her}", 3) > {"complaint", "plan", "clothing"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_tells_entries_apart_is_said_once(desk: Revised, language: str) -> None:
    kind = "  kind: {is: code, text: {en: Kind, ru: Вид}, codes: {food: {en: food, ru: еда}}}\n"
    house = "  loud: {is: code, text: {en: How, ru: Как}, codes: {oral: {en: spoken, ru: устно}}}\n"
    desk.edit("tracks/complaint.yaml", "fields:\n  on:", f"fields:\n{kind}{house}  on:")
    desk.edit("tracks/complaint.yaml", 'day: "on"\n', 'day: "on"\napart: ["on", kind, loud]\n')
    desk.do(f"add {desk.her} complaint", {"on": "2026-11-22", "kind": "food", "loud": "oral"})
    seen = desk.sit(language, f"show {desk.her} complaint")
    head = {"en": "A complaint: food: spoken, 2026-11-22, ", "ru": "Жалоба: еда: устно, 22.11.2026, "}[language]
    assert head in seen


def test_a_slip_in_its_words_is_told_as_of_any_command(desk: Revised) -> None:
    assert desk.refused("anwser").page["error"]["code"] == "usage/command"
    assert "answer" in desk.run("anwser").err
    assert desk.refused("answer").page["error"]["code"] == "usage/missing"
    assert desk.refused(f"answer {desk.her} plan").page["error"]["code"] == "usage/not-done-to"
    assert desk.refused(f"answer {desk.her} complaint --undone").page["command"] == "answer"


def test_a_group_without_a_text_cannot_tell_what_was_done(desk: Revised) -> None:
    desk.edit("tracks/complaint.yaml", "    text: {en: answered, ru: ответ дан}\n", "")
    slip = desk.refused(f"check {desk.her}")
    assert (slip.code, "/fields/answered" in slip.out) == (4, True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_menu_offers_it_behind_her_entry(desk: Revised, language: str) -> None:
    desk.do(f"add {desk.her} complaint", {"on": "2026-11-22", "reply": "No."})
    words = {"en": ("a complaint", "Answer: a complaint"), "ru": ("жалоба", "Ответить: жалоба")}[language]
    assert words[1] in desk.sit(language, f"add {desk.her}", words[0], "", "")


def test_its_page_is_in_the_schema_of_pages(desk: Revised) -> None:
    schema = desk.ask("schema outcome", today=None).data["schema"]
    assert "data-answer" in schema["$defs"]


@pytest.mark.parametrize("name", ["show", "sign", "admission", "staff", "Answer", "two words"])
def test_an_act_whose_name_is_taken_or_cannot_be_typed_does_not_load(desk: Revised, name: str) -> None:
    desk.edit("tracks/complaint.yaml", "  answer: {", f"  {name}: {{")
    desk.edit("tracks/complaint.yaml", "act: answer", f"act: {name}")
    slip = desk.refused(f"check {desk.her}")
    assert slip.code == 4
    assert f"/acts/{name}" in slip.out


def test_an_act_that_a_track_has_no_longer_has_no_command(desk: Revised) -> None:
    assert desk.run("answer --help", today=None).code == 0
    acts = COMPLAINT[COMPLAINT.index("acts:") : COMPLAINT.index("fields:")]
    desk.edit("tracks/complaint.yaml", acts, "")
    desk.edit("tracks/complaint.yaml", "needs: reply, act: answer,", "needs: reply,")
    assert desk.refused("answer").page["error"]["code"] == "usage/command"


def test_a_slip_of_the_rulebook_is_told_and_not_that_there_is_no_such_command(desk: Revised) -> None:
    desk.edit("tracks/complaint.yaml", "home: stay", "home: nowhere")
    assert desk.refused("answer").code == 4
    assert desk.run("--help", today=None).code == 0
