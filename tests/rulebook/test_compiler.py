"""The compiled shelf is its YAML and nothing else, whatever stands there; who revises a copy never meets it."""

import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelterctl.document.reading import Document, read_document
from shelterctl.errors import BrokenRulebook
from shelterctl.explain.codes import read_errors
from shelterctl.rulebook import files
from shelterctl.rulebook.files import parse_strictly, read_glossary
from shelterctl.rulebook.rulebook import Rulebook, open_rulebook
from tools import generated

FILES = dict(generated.list_manual_files())

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")) | st.just("\\u00001.5")
digits = st.text("0123456789", min_size=1, max_size=16)
decimals = st.builds("{}.{}".format, st.integers(-(10**16) + 1, 10**16 - 1), digits).map(Decimal)
scalars = st.one_of(texts, decimals, st.integers(), st.booleans(), st.none())
lists = st.lists(scalars, max_size=3)
values = st.dictionaries(texts, st.one_of(scalars, lists, st.dictionaries(texts, lists, max_size=3)), max_size=4)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(open_rulebook().folder, tmp_path / "manual"))


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How large the texts were that were read as YAML after all."""
    seen: list[int] = []
    read = read_document

    def told(raw: bytes, largest: int) -> Document:
        seen.append(len(raw))
        return read(raw, largest)

    monkeypatch.setattr(files, "read_document", told)
    return seen


def lying(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_compiled_shelf_is_compiled_from_what_lies_there_now() -> None:
    ours, anew = lying(files.COMPILED_RULEBOOK_FOLDER), generated.compile_rulebook()
    stale = sorted(name for name in ours.keys() | anew if ours.get(name) != anew.get(name))
    assert not stale, f"run make shelf: {', '.join(stale)}"


def test_no_two_files_are_compiled_to_the_same_place() -> None:
    assert len({files.compiled_name(name) for name, _ in generated.list_manual_files()}) == len(
        list(generated.list_manual_files())
    )


@pytest.mark.parametrize("name", FILES)
def test_a_compiled_file_says_what_its_yaml_says_in_the_same_order_and_types(name: str) -> None:
    raw = FILES[name].read_bytes()
    assert repr(files.read_compiled(name, raw)) == repr(parse_strictly(name, raw).value), "run make shelf"


@given(values)
def test_whatever_a_file_may_say_comes_back_exactly(tmp_path_factory: pytest.TempPathFactory, value: Any) -> None:
    folder = tmp_path_factory.mktemp("compiled")
    (folder / "x.json").write_bytes(generated.format_compiled(b"raw", value))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "COMPILED_RULEBOOK_FOLDER", folder)
        assert repr(files.read_compiled("x.yaml", b"raw")) == repr(value)
        assert files.read_compiled("x.yaml", b"other") is None


def test_the_shipped_shelf_is_taken_down_without_reading_yaml(unread: list[int]) -> None:
    whole = Rulebook(open_rulebook().folder)
    assert [*whole.tracks.values(), *whole.acts.values(), *whole.forms, *whole.annexes, *whole.clauses, *whole.findings]
    assert read_errors.__wrapped__()
    assert read_glossary.__wrapped__()
    assert unread == []


def test_of_a_copy_that_is_revised_only_the_revised_file_is_read_as_yaml(copied: Path, unread: list[int]) -> None:
    file = copied / "edition.yaml"
    revised = file.read_text("utf-8").replace("edition: kg-2008", "edition: kg-2027")
    file.write_text(revised, "utf-8")
    rulebook = Rulebook(copied)
    assert (rulebook.edition, len(rulebook.acts["admission"].items) > 0) == ("kg-2027", True)
    assert unread == [len(revised.encode())]


def test_a_file_beside_a_revised_one_is_still_told_by_line_and_column(copied: Path) -> None:
    file = copied / "lists.yaml"
    file.write_text(file.read_text("utf-8").replace("  sexes:", "  sorts:"), "utf-8")
    with pytest.raises(BrokenRulebook) as broken:
        _ = list(Rulebook(copied).tracks.values())
    place = str(broken.value.facts["place"])
    line, _, column = place.partition(" (")[2].rstrip(")").partition(":")
    text = (copied / str(broken.value.facts["file"])).read_text("utf-8").splitlines()[int(line) - 1]
    assert "sexes" in text[int(column) - 1 :]


def test_tracks_of_a_copy_whose_home_was_revised_are_those_of_its_files(copied: Path) -> None:
    shipped, same = open_rulebook(), Rulebook(copied)
    assert same.outline_tracks() == shipped.outline_tracks()
    room = copied / "tracks" / f"{shipped.tracks_of_homes['house'][0].name}.yaml"
    room.write_text(room.read_text("utf-8").replace("home: house", "home: ngo"), "utf-8")
    revised = Rulebook(copied).tracks_of_homes
    assert [len(revised[home]) - len(shipped.tracks_of_homes[home]) for home in ("house", "ngo")] == [-1, 1]


@pytest.mark.parametrize("form", [None, b"", b'{"sha256":', b"\xff"])
def test_where_the_compiled_form_is_not_whole_the_yaml_is_read(
    form: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "COMPILED_RULEBOOK_FOLDER", tmp_path)
    if form is not None:
        (tmp_path / "edition.json").write_bytes(form)
    assert Rulebook(open_rulebook().folder).edition == "kg-2008"


def test_publishing_leaves_nothing_behind_that_no_file_says(tmp_path: Path) -> None:
    (tmp_path / "compiled" / "tracks").mkdir(parents=True)
    (tmp_path / "compiled" / "tracks" / "gone.json").write_bytes(b"{}")
    generated.write_compiled_rulebook(tmp_path / "compiled")
    assert lying(tmp_path / "compiled") == generated.compile_rulebook()
