"""Her whole file in words, at a terminal: no key of the record and no code of the shelf is left in it."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pytest
from terminal import At

from shelterctl.core.manual.field import Field
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.schemas import published
from shelterctl.ui_language import SCREEN_LANGUAGES
from shelterctl.view.record import record_lines

if TYPE_CHECKING:
    from conftest import Desk


SHELF = open_rulebook()
FRAME = published.resident_schema(SHELF)
TYPED = {"text": "со слов", "day": "2026-11-25", "time": "2026-11-25T22:10+06:00", "code": "s-gulnara", "partial": 1999,
         "entry_id": "K7M2QA", "part": "2", "language": "ky", "country": "KG"}  # fmt: skip
KEYS = {"text": "со слов", "texts": ["со слов"], "whole": 2, "months": ["2026-12", "2027-01"], "som": "1500.00",
        "span": {"from": "2026-12-01", "to": "2027-02-28"},
        "course": {"profession": "швея", "provider": "лицей", "from": "2026-12-01", "to": "2027-02-28"}}  # fmt: skip


def filled(node: Mapping[str, Any]) -> Any:
    """A value for every property that the schema has; of codes the last."""
    name = str(node.get("$ref", "")).rpartition("/")[2]
    if name:
        return TYPED[name] if name in TYPED else filled(FRAME["$defs"][name])
    if "enum" in node:
        return [code for code in node["enum"] if code != "unknown"][-1]
    if "properties" in node:
        return {key: filled(below) for key, below in node["properties"].items() if key not in ("void", "was")}
    if node.get("type") == "array":
        return [filled(node["items"])]
    return {"boolean": True, "integer": 2}.get(node.get("type", ""), "2026-11-25")


def sealed(every: Mapping[str, Any]) -> list[dict[str, Any]]:
    """An entry of each sealed track as it lies in a file: what is seen of it outside its block, out of *every* key."""
    stamp = {name: every[name] for name in ("id", "recorded_at", "recorded_by", "age")}
    return [
        {**stamp, "track": name, "part": track.seal.part, **{marker: every[marker] for marker in track.seal.marker}}
        | ({"kind": [*track.fields["kind"].codes][-1]} if "kind" in track.seal.marker else {})
        for name, track in SHELF.tracks.items()
        if track.seal and track.many
    ]


def of_key(one: Field) -> Any:
    """What may stand at a key of a line."""
    kind = "course" if one.kind == "span" and one.fields else "texts" if one.several else one.kind
    return next(iter(one.codes), KEYS.get(kind))


def whole() -> dict[str, Any]:
    """A file as it is read, in which every place is filled, with an agreement on each form and answers not saved yet.

    What older files have in the open and is sealed now is out of sight in it.
    """
    record: dict[str, Any] = {name: filled(node) for name, node in FRAME["properties"].items() if name != "unfinished"}
    for place in SHELF.moved_places:
        above, _, key = place.rpartition(".")
        for entry in record[above]:
            del entry[key]
    (agreement,) = record["agreements"]
    record["agreements"] = [
        {**agreement, "form": name, "lines": {
            number: {"amount": 1500, **{key: of_key(it) for key, it in line.fields.items() if key != "amount"}}
            for number, line in form.parts.items()
        }}
        for name, form in SHELF.forms.items()
    ]  # fmt: skip
    closed = sealed(*record["sealed"]["entries"])
    stay = record["stays"][0]
    unfinished = {
        "blue": {"number": "S-NGO-12", "lines": {"7a": {"amount": "800"}}},
        "blue-signature": {"ngo_name": "Б. Образцова"},
        "discharge": stay["discharge"],
        "monitoring-report": stay["monitoring"]["reports"][0],
        "monitoring-closed": stay["monitoring"]["closed"],
        "monitoring-attempt": {"how": "по телефону"},
        "monitoring-scheduled": {"reason": "без проживания"},
    }
    return {**record, "sealed": {**record["sealed"], "entries": closed}, "id": "7QF2-M9KD", "unfinished": unfinished}


def test_no_key_and_no_code_is_left_in_russian() -> None:
    told = record_lines(whole(), SHELF, "ru")
    latin = re.compile(r"[A-Za-z]{2,}")
    for line in told:
        words = re.sub(r"7QF2-M9KD|K7M2QA|S-NGO-12|s-gulnara|ID-карта", "", line)
        assert not latin.search(words), line


@pytest.mark.parametrize("language", SCREEN_LANGUAGES)
def test_no_key_of_a_record_is_left(language: str) -> None:
    told = record_lines(whole(), SHELF, language)
    assert [line for line in told if re.match(r" *[a-z0-9]+[_.][a-z_.]+:", line)] == []
    assert [line for line in told if re.search(r": [a-z]+_[a-z_]+$", line)] == []


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["  Sex: woman", "  Date of birth: 1999-03", "  Languages she understands: Kyrgyz, Russian"]),
        ("ru", ["  Пол: женщина", "  Дата рождения: 03.1999", "  Какие языки понимает: кыргызский, русский"]),
    ],
)
def test_codes_and_days_stand_in_words(language: str, said: list[str]) -> None:
    identity = {"sex": "female", "birth_date": "1999-03", "languages": ["ky", "ru"], "estimated": True}
    told = record_lines({"id": "7QF2-M9KD", "identity": identity}, SHELF, language)
    assert set(said) <= set(told)


@pytest.mark.parametrize(
    ("language", "struck", "why"),
    [
        ("en", "STRUCK THROUGH: Blue form, 2026-11-25, recorded by s-gulnara (K7M2QA)", "something in it is wrong"),
        ("ru", "ЗАЧЁРКНУТО: Голубая форма, 25.11.2026, записано: s-gulnara (K7M2QA)", "в записи ошибка"),
    ],
)
def test_an_entry_that_was_struck_is_marked_with_its_id_and_the_reason(language: str, struck: str, why: str) -> None:
    void = {"on": "2026-11-26", "by": "s-gulnara", "reason": "wrong_value"}
    stamp = {"id": "K7M2QA", "recorded_by": "s-gulnara", "void": void}
    agreement = {**stamp, "form": "blue", "date": "2026-11-25", "lines": {"7a": {"amount": "800.00"}}}
    told = record_lines({"id": "7QF2-M9KD", "agreements": [agreement]}, SHELF, language)
    assert struck in told
    assert any(line.endswith(f": {why}") for line in told)


def test_at_a_terminal_it_is_words_and_off_it_a_record(admitted: "Desk") -> None:
    seen = At(admitted, "ru").run(f"show {admitted.her} --all", [""] * 12)
    assert "Фамилия: Примерова" in seen.text
    assert "last_name" not in seen.text
    assert "Примерова" not in seen.left
    assert "last_name: Примерова" in admitted.run(f"show {admitted.her} --all --names").out
