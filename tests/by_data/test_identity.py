"""By data alone: fields of who she is: asked, refused where they are wrong, shown, on her card, in the schema."""

from typing import Any

import pytest

from tests.support.revised_rulebook import LANGUAGES, Revised, without_progress

FIELDS = """  blood_group:
    is: code
    unknown: true
    card: true
    text: {en: Blood group, ru: Группа крови}
    codes: {o: {en: first, ru: первая}, a: {en: second, ru: вторая}, b: {en: third, ru: третья}}
  diet:
    is: code
    several: true
    card: true
    text: {en: Does not eat, ru: Не ест}
    codes: {pork: {en: pork, ru: свинину}, meat: {en: meat, ru: мясо}}
  glasses: {is: partial, card: true, text: {en: Glasses since, ru: Носит очки с}}
  calls_herself: {is: text, card: true, text: {en: Calls herself, ru: Зовёт себя}}
  body: {is: group, fields: {height: {is: whole, card: true, text: {en: Height, ru: Рост}}}}
"""
SAID = {
    "blood_group": "unknown",
    "diet": ["pork", "meat"],
    "glasses": "2015-03",
    "calls_herself": "Красная",
    "body": {"height": 164},
}
ASKED = {
    "en": (
        "Blood group 1 first 2 second 3 third 4 unknown > z ! Write a number from 1 to 4. ",
        "> unknown Does not eat 1 pork 2 meat > 1 2 Glasses since > 03.2015 ",
        "Calls herself > Красная Height > 164 Citizenship",
    ),
    "ru": (
        "Группа крови 1 первая 2 вторая 3 третья 4 неизвестно > z ! Напишите число от 1 до 4. ",
        "> unknown Не ест 1 свинину 2 мясо > 1 2 Носит очки с > 03.2015 ",
        "Зовёт себя > Красная Рост > 164 Гражданство",
    ),
}
CARD = {
    "en": "Blood group: unknown · Does not eat: pork, meat · Glasses since: 2015-03 · {}Height: 164",
    "ru": "Группа крови: неизвестно · Не ест: свинину, мясо · Носит очки с: 03.2015 · {}Рост: 164",
}
HERSELF = {"en": "Calls herself: Красная · ", "ru": "Зовёт себя: Красная · "}
WHOLE = {
    "en": "Blood group: unknown Does not eat: pork, meat Glasses since: 2015-03 Calls herself: Красная Height: 164",
    "ru": "Группа крови: неизвестно Не ест: свинину, мясо Носит очки с: 03.2015 Зовёт себя: Красная Рост: 164",
}


@pytest.fixture
def desk(admitted: Any) -> Revised:
    session = Revised(admitted)
    session.edit("tracks/identity.yaml", "  citizenship:", f"{FIELDS}  citizenship:")
    session.lose(*(f"identity.{name}" for name in ("blood_group", "diet", "glasses", "calls_herself", "body.height")))
    return session


@pytest.mark.parametrize("language", LANGUAGES)
def test_at_the_terminal_they_are_asked_in_their_place_and_shown(desk: Revised, language: str) -> None:
    everything, for_later_forms = "14", "4"
    answers = ("", "z", "unknown", "1 2", "03.2015", "Красная", "164", ".", "")
    seen = desk.sit(language, f"admit {desk.her}", ".", everything, for_later_forms, *answers)

    for words in ASKED[language]:
        assert words in seen
    assert SAID.items() <= desk.record()["identity"].items()
    assert WHOLE[language] in desk.sit(language, f"show {desk.her} --all")


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_her_card_they_stand_in_words_and_her_own_only_with_names(desk: Revised, language: str) -> None:
    desk.do(f"admit {desk.her}", {"identity": SAID})
    speaks = {"SHELTERCTL_LANG": language}
    card = CARD[language]
    assert card.format("") in without_progress(desk.run(f"show {desk.her}", env=speaks).out)
    assert card.format(HERSELF[language]) in without_progress(desk.run(f"show {desk.her} --names", env=speaks).out)
    assert HERSELF[language].rstrip(" ·") not in desk.run(f"show {desk.her} --all", env=speaks).out


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"blood_group": "c"}, "shape/code"),
        ({"diet": ["pork", "cheese"]}, "shape/code"),
        ({"diet": "pork"}, "shape/kind"),
        ({"body": {"height": 0}}, "shape/range"),
        ({"body": {"weight": 60}}, "shape/unknown-key"),
        ({"glasses": "2015-13"}, "shape/date"),
    ],
)
def test_by_file_what_is_wrong_is_refused(desk: Revised, said: dict[str, Any], code: str) -> None:
    assert desk.refused(f"admit {desk.her}", {"identity": said}).refusals == [code]


def test_by_file_they_are_saved_and_taken_away(desk: Revised) -> None:
    desk.do(f"admit {desk.her}", {"identity": SAID})
    assert SAID.items() <= desk.record()["identity"].items()
    desk.do(f"admit {desk.her}", {"identity": {"blood_group": None}})
    assert "blood_group" not in desk.record()["identity"]


def test_they_are_in_the_schemas(desk: Revised) -> None:
    identity = desk.ask("schema resident").data["schema"]["$defs"]["identity"]["properties"]
    group = identity["blood_group"]
    assert (group["enum"], [*group["x-labels"]]) == (["o", "a", "b", "unknown"], ["o", "a", "b"])
    assert (group["title"], identity["diet"]["items"]["enum"]) == ("Blood group", ["pork", "meat"])
    assert desk.ask("schema fragment").data["schema"]["$defs"]["identity"]["properties"].keys() >= SAID.keys()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("inside", [False, True])
def test_figures_where_letters_are_wanted_are_told_by_file_as_such(desk: Revised, inside: bool, language: str) -> None:
    clan = "{is: text, letters: true, text: {en: Her clan, ru: Её род}}"
    field = f"  kin: {{is: group, fields: {{clan: {clan}}}}}\n" if inside else f"  clan: {clan}\n"
    name = "kin.clan" if inside else "clan"
    desk.edit("tracks/identity.yaml", "  citizenship:", f"{field}  citizenship:")
    desk.lose(f"identity.{name}")
    desk.edit(
        "tracks/identity.yaml", "\nrules:\n", f"\nrules:\n  - {{needs: {name}, strength: should, clause: A7.G1}}\n"
    )
    env = {"SHELTERCTL_LANG": language}
    not_taken = {
        "en": "“Her clan”: write it in letters, not in figures or signs alone (A7.G1).",
        "ru": "«Её род»: напишите буквами; одних цифр или знаков мало (A7.G1).",
    }[language]
    lacking = {"en": "Not filled in: “Her clan” (A7.G1).", "ru": "Не заполнено: «Её род» (A7.G1)."}[language]
    for given, expected in (("12", not_taken), (" ", lacking), ("Саруу", None)):
        desk.do(f"admit {desk.her}", {"identity": {"kin": {"clan": given}} if inside else {"clan": given}})
        told = without_progress(desk.run(f"check {desk.her}", env=env).out)
        assert [words for words in (not_taken, lacking) if words in told] == [expected][: expected is not None]
    told = desk.run(f"explain track identity --lang {language}").out
    assert not_taken in without_progress(told)
