"""What an insider or a stranger may name: it is shown, and nothing in it is obeyed by a terminal or a table."""

import csv
import io
import os
import re
import shlex
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from shelterctl.errors import UsageError
from shelterctl.output.page import CELL_SEPARATORS, Format, format_rows
from shelterctl.output.text import format_error
from shelterctl.ui_language import N_

if TYPE_CHECKING:
    from conftest import Desk
    from started import Answer


OBEYED = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
"""What a terminal obeys, or turns the direction of writing."""

NAMED = "x\x1b[2Jy\x1b]0;z\x07\x9b1m\u202eq\u2066"
"""A name that clears the screen, gives the window a title, and turns what stands behind it round."""


@pytest.mark.parametrize("fact", ["x\nforged: y", ["x\nforged: y"], ("x\nforged: y",)])
def test_what_is_named_begins_no_line_of_its_own_and_what_the_program_says_does(fact: Any) -> None:
    refusal = UsageError(
        "usage/x", N_("There is none: {fact}. Fill in:\n{ours}"), hint=N_("See {fact}."), fact=fact, ours=N_("a:\n  b")
    )
    assert format_error(refusal, "en").splitlines() == [
        "shelterctl: There is none: x forged: y. Fill in:", "a:", "  b", "See x forged: y.",
    ]  # fmt: skip


def plain(answer: "Answer") -> bool:
    """Whether nothing that is obeyed was said."""
    return not OBEYED.search(answer.out + answer.err)


PAYLOADS = [
    f"{lead}{sign}HYPERLINK(1)"
    for lead in (
        "",
        "x;",
        "x,",
        "x\t",
        "x|",
        "x\n",
        "x\r",
        "x\r\n",
        "x\u2028",
        "x; ",
        'x;"',
        "x;;\n\t",
        "\t",
        '"',
        "x\v",
    )
    for sign in ("=", "+", "-", "@", "＝", "＋", "－", "＠")
] + ["=1+1", "-1+1", "x;-5+A1", "x;\u200b=1", "x;'=1", "\ufeff=1"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_NONE])
def test_no_text_of_a_list_is_a_formula_however_a_spreadsheet_parts_it(delimiter: str, quoting: Any) -> None:
    rows = [{"id": "7QF2-M9KD", payload: payload, "last": [payload, "x"]} for payload in PAYLOADS]
    for row in rows:
        for columns in (list(row), list(row)[::-1]):
            written = format_rows([{name: row[name] for name in columns}], columns, Format.CSV)
            ends = re.sub("[\v\f\x85\u2028\u2029]", "\n", written)
            for text in (written, ends):
                cells = [
                    cell
                    for line in csv.reader(io.StringIO(text), delimiter=delimiter, quoting=quoting)
                    for cell in line
                ]
                bad = [cell for cell in cells if cell.strip('"\ufeff\u200b \t\r\n\v\f')[:1] in tuple("=+-@＝＋－＠")]
                assert [cell for cell in bad if cell.strip('" \t\n\r')] == []
            assert csv.reader(io.StringIO(written)).__next__() is not None


def test_what_is_no_text_stays_as_it_is() -> None:
    kept = {"day": "2026-11-25", "id": "7QF2-M9KD", "sum": "-5.50", "number": -5, "span": "2026-11-25 – 2026-11-30",
            "word": "x; y, z-1", "many": ["a-b", "c"], "truth": True}  # fmt: skip
    written = format_rows([kept], list(kept), Format.CSV)
    assert next(iter(list(csv.reader(io.StringIO(written)))[1:])) == [
        "2026-11-25", "7QF2-M9KD", "-5.50", "-5", "2026-11-25 – 2026-11-30", "x; y, z-1", "a-b c", "true",
    ]  # fmt: skip
    assert set(CELL_SEPARATORS) >= set(",;\t|\n\r\u2028")


def test_lines_of_json_end_where_a_line_ends() -> None:
    written = format_rows([{"a": "x\u2028y\x85z\u202e\x9b"}], ["a"], Format.NDJSON)
    assert written == '{"a": "x\\u2028y\\u0085z\\u202e\\u009b"}\n'


@pytest.mark.posix("Windows has no such names", "nothing")
@pytest.mark.parametrize("words", ["list", "check", "backup {place}", "list --json", "check nothing.yaml", "due"])
def test_a_folder_of_any_name_is_shown_and_not_obeyed(admitted: "Desk", words: str) -> None:
    place = admitted.folder / NAMED
    place.mkdir()
    shutil.copytree(admitted.store, place / "house")
    (place / "house" / f"{NAMED}.yaml").write_text("a: 1\n", "utf-8")
    (place / "house" / "residents" / f"{NAMED}.yaml.age").write_text("a: 1\n", "utf-8")
    typed = [*words.replace("{place}", "usb").split(), "--store", str(place / "house")]
    (admitted.folder / "usb").mkdir()
    assert plain(admitted.run(shlex.join(typed), today=None))


@pytest.mark.posix("Windows has no such names", "nothing")
@pytest.mark.parametrize(
    "typed",
    [
        ["list", f"--{NAMED}"], ["list", "--columns", NAMED], ["list", "--where", f"{NAMED}={NAMED}"], [NAMED],
        ["list", "--store", NAMED], ["show", NAMED], ["explain", NAMED], ["form", NAMED], ["schema", NAMED],
        ["check", f"{NAMED}.yaml"], ["backup", NAMED], ["staff", "add", NAMED], ["--lang", NAMED, "list"],
        ["list", "--identity", NAMED], ["due", "--within", NAMED], ["list", "--as-of", NAMED], ["help", NAMED],
        ["restore", NAMED, "--store", NAMED], ["repair", NAMED], ["add", NAMED, NAMED],
        ["init", NAMED, "--shelter", "x"],
        ["check", "--recovery", NAMED], ["list", "--format", NAMED], ["trust", NAMED], ["monitor", NAMED],
    ],
    ids=lambda typed: " ".join(typed).replace(NAMED, "NAMED"),
)  # fmt: skip
def test_a_word_of_the_command_line_is_shown_and_not_obeyed(admitted: "Desk", typed: list[str]) -> None:
    assert plain(admitted.run(shlex.join(typed), today=None))
    assert plain(admitted.run(shlex.join([*typed, "--json"]), today=None))


@pytest.mark.posix("Windows has neither pipes nor such names", "nothing")
@pytest.mark.parametrize(
    "name", ["lists.yaml", "edition.yaml", "tracks/need.yaml", f"tracks/{NAMED}.yaml", "acts/zz.yaml"]
)
@pytest.mark.parametrize("what", ["pipe", "device", "link", "folder", "large", "names"])
def test_a_shelf_has_plain_files_or_is_told_to_be_broken(admitted: "Desk", what: str, name: str) -> None:
    rulebook = admitted.folder / "manual"
    shutil.copytree(Path(__file__).parents[1] / "src/shelterctl/manual", rulebook)
    place = rulebook / name
    place.unlink(missing_ok=True)
    if what == "pipe":
        os.mkfifo(place)
    elif what == "device":
        place.symlink_to("/dev/zero")
    elif what == "link":
        (admitted.folder / "elsewhere").write_text("a: 1\n", "utf-8")
        place.symlink_to(admitted.folder / "elsewhere")
    elif what == "folder":
        place.mkdir()
    elif what == "large":
        with place.open("wb") as file:
            file.truncate(20 << 30)
    else:
        place.write_text(f"{'a' * 9}: [1\n", "utf-8")
    for words in ("list", "list --json", "--version"):
        answer = admitted.run(words, today=None, env={"SHELTERCTL_MANUAL": str(rulebook)})
        assert plain(answer)
        assert answer.code == (0 if words == "--version" else 4)
    told = admitted.ask("list", today=None, env={"SHELTERCTL_MANUAL": str(rulebook)}).page["error"]
    assert told["code"].startswith("shelf/")
    assert Path(name).name.replace(NAMED, "")[:4] in told["message"]
