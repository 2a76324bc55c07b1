"""The page for the guard: by number and room in three languages, without a name or a reason."""

import pytest

from tests.support.desk import Desk
from tests.support.pdf import pages

OUT = {
    "kind": "hospital", "left_at": "2026-11-25T10:00", "permitted_by": "manager", "bystander": "Сестра Примерова",
    "expected_back_at": "2026-11-26T12:00", "where": "роддом",
}  # fmt: skip
TITLES = {"en": "Who sleeps here tonight", "ru": "Кто ночует сегодня", "ky": "Бүгүн бул жерде кимдер түнөйт"}


@pytest.fixture
def out(admitted: Desk) -> Desk:
    admitted.do(f"admit {admitted.her}", {"stays": [{"id": admitted.record()["stays"][0]["id"], "room": "3"}]})
    admitted.do(f"add {admitted.her} child", {"birth_date": "2020", "sex": "female"})
    admitted.do(f"add {admitted.her} absence", OUT)
    return admitted


@pytest.mark.parametrize("language", ["en", "ru", "ky"])
@pytest.mark.parametrize("kind", ["txt", "md", "html", "pdf"])
def test_it_has_numbers_and_rooms_and_nothing_of_why(out: Desk, kind: str, language: str) -> None:
    out.do(f"house --list --lang {language} --out page.{kind}")
    data = (out.folder / f"page.{kind}").read_bytes()
    page = "\n".join(pages(data)) if kind == "pdf" else data.decode()
    said = " ".join(page.split())
    assert TITLES[language] in said
    assert out.her in said
    assert "12:00" in said
    for hidden in ("Айгуль", "Примеров", "роддом", "больниц", "hospital", "оорукана"):
        assert hidden not in said


def test_on_the_screen_it_has_no_names_and_no_reasons_either(out: Desk) -> None:
    (row,) = out.do("house --list").data["sleeping"]
    assert (row["room"], row["children"], row["away"]) == ("3", 1, "out_with_permission")
    assert row["expected_back_at"] == "2026-11-26T12:00+06:00"
    assert "Айгуль" not in out.run("house --list").out
    both = out.refused("house --list --months 2")
    assert (both.code, both.error) == (2, "usage/one-thing")
    picture = out.refused("house --list --out page.svg")
    assert picture.code == 2


def test_a_file_that_cannot_be_read_is_counted_on_the_page(out: Desk) -> None:
    path = out.store / f"residents/{out.her}.yaml.age"
    path.write_bytes(path.read_bytes()[:-3] + b"xyz")
    told = out.ask("house --list --out page.txt")
    assert (told.code, told.error) == (6, "store/part")
    assert "could not be read: 1" in (out.folder / "page.txt").read_text("utf-8")
