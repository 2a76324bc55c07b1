"""By data alone: one thing more at the gate, which is a field of her admission: asked, checked, refused, explained."""

from collections.abc import Callable
from typing import Any

import pytest
import yaml

from tests.support.inputs import REFERRAL
from tests.support.revised_rulebook import LANGUAGES, Revised

ITEM = """  - item: fire-drill
    text: {en: Fire drill, ru: Учебная тревога}
    who: {en: staff on duty, ru: дежурный}
    gate: true
    clause: IOM-2026-13
    on: fire-drill.on
    rules:
      - {needs: [fire-drill.on, fire-drill.by]}
    says:
      fire-drill: {en: "No fire drill is recorded ({clause}).", ru: "Учебная тревога не записана ({clause})."}
    in_file:
      fire-drill: {en: "Add admission, fire_drill.", ru: "Добавьте admission, fire_drill."}
"""
FIELDS = """  on: {is: day, clause: IOM-2026-13, text: {en: Fire drill held on, ru: Когда проведена учебная тревога}}
  by: {is: party, of: [staff], clause: IOM-2026-13, text: {en: Who held the fire drill, ru: Кто провёл тревогу}}
"""
TRACK = f"""schema: track/1
track: fire-drill
text: {{en: fire drill, ru: учебная тревога}}
clause: IOM-2026-13
home: stay
at: admission.fire_drill
day: "on"
fields:
{FIELDS}"""
GROUP = "  fire_drill:\n    is: group\n    fields:\n" + "".join(f"    {line}\n" for line in FIELDS.splitlines())
HELD = {"fire_drill": {"on": "2026-11-24", "by": "s-gulnara"}}
SEEN = {
    "en": (
        "Before she can be admitted, 1 thing is missing (marked *).",
        "1 * Fire drill (staff on duty)",
        "Fire drill Fire drill held on > ? IOM-2026-13: A drill before admission.",
        "Who held the fire drill 1 manager · manager of the shelter 2 s-gulnara · social worker 3 s-aida",
        "> s-gulnara Complete: Fire drill. All conditions of admission are met.",
    ),
    "ru": (
        "До приёма не хватает: 1, отмечено знаком *.",
        "1 * Учебная тревога (дежурный)",
        "Учебная тревога Когда проведена учебная тревога > ? IOM-2026-13: ",
        "Кто провёл тревогу 1 manager · руководитель приюта 2 s-gulnara · социальный работник 3 s-aida",
        "> s-gulnara Готово: Учебная тревога. Все условия приёма выполнены.",
    ),
}
SAID = {
    "en": ("No fire drill is recorded (IOM-2026-13). Add admission, fire_drill.", "Fire drill held on: 2026-11-24"),
    "ru": ("Учебная тревога не записана (IOM-2026-13). Добавьте", "Когда проведена учебная тревога: 24.11.2026"),
}
UNREGISTERED = {"en": "The staff code at admission.fire_drill.by", "ru": "Код сотрудника (admission.fire_drill.by)"}


def as_a_track(session: Revised) -> None:
    session.edit("acts/admission.yaml", "  - item: orientation\n", f"{ITEM}  - item: orientation\n")
    session.add("tracks/fire-drill.yaml", TRACK)


def as_a_group(session: Revised) -> None:
    item = ITEM.replace("fire-drill.", "admission.fire_drill.")
    session.edit("acts/admission.yaml", "  - item: orientation\n", f"{item}  - item: orientation\n")
    session.edit("tracks/admission.yaml", "fields:\n", f"fields:\n{GROUP}")


@pytest.fixture(params=[as_a_track, as_a_group])
def desk(desk: Any, request: pytest.FixtureRequest) -> Revised:
    change: Callable[[Revised], None] = request.param
    session = Revised(desk)
    change(session)
    session.clause("IOM-2026-13", "A drill before admission.")
    session.her = session.do("admit", REFERRAL).data["id"]
    return session


@pytest.mark.parametrize("language", LANGUAGES)
def test_at_the_terminal_it_is_missing_at_the_gate_and_asked(desk: Revised, language: str) -> None:
    seen = desk.sit(language, f"admit {desk.her}", ".", "1", "?", "24.11", "s-gulnara", "1", "")

    for words in SEEN[language]:
        assert words in seen
    admission = desk.record()["stays"][0]["admission"]
    assert HELD.items() <= admission.items()
    assert admission["admitted_on"] == "2026-11-25"
    assert SAID[language][1] in desk.sit(language, f"show {desk.her} --all")


@pytest.mark.parametrize("language", LANGUAGES)
def test_by_file_it_refuses_until_it_is_given_and_its_code_is_checked(desk: Revised, language: str) -> None:
    speaks = {"SHELTERCTL_LANG": language}
    assert desk.ask(f"admit {desk.her} --complete").refusals == ["admission/fire-drill"]
    assert SAID[language][0] in desk.run(f"admit {desk.her} --complete", env=speaks).out

    stranger = {"admission": {"fire_drill": {"on": "2026-11-24", "by": "s-nobody"}}}
    told = desk.run(f"admit {desk.her}", stranger, env=speaks)
    assert UNREGISTERED[language] in told.out
    open_ = desk.do(f"admit {desk.her}", stranger).finding("admission/unregistered-staff")
    assert (open_["severity"], open_["clause"]) == ("open", "M2.0.1")

    desk.do(f"admit {desk.her}", {"admission": HELD})
    assert desk.do(f"admit {desk.her} --complete").data["state"] == "admitted"


def test_a_date_alone_is_answered_with_what_to_fill_in(desk: Revised) -> None:
    told = desk.run(f"admit {desk.her} --done fire-drill")
    assert told.code == 2
    fragment = told.err.partition("--from:\n")[2]
    assert yaml.safe_load(fragment) == {"admission": {"fire_drill": {"on": None, "by": None}}}


@pytest.mark.parametrize("name", ["fire-drill", "admission/fire-drill"])
def test_it_is_explained_by_its_name_and_by_its_finding(desk: Revised, name: str) -> None:
    told = desk.run(f"explain {name}", env={"SHELTERCTL_LANG": "ru"}).out
    for words in ("Учебная тревога не записана", "дежурный", "A drill before admission.", "fire_drill:", "IOM-2026-13"):
        assert words in told


def test_it_is_in_the_schemas(desk: Revised) -> None:
    for name in ("resident", "fragment"):
        assert "fire_drill" in str(desk.ask(f"schema {name}").data["schema"])
