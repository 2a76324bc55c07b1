"""What goes to a terminal or a pipe: tables, closed and full streams, and nothing in it that a terminal obeys."""

import csv
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from shelterctl import __main__
from shelterctl.cli.commands import COMMAND_SUMMARIES
from shelterctl.errors import UsageError
from shelterctl.language import LabelledCode
from shelterctl.output.columns import format_table
from shelterctl.output.page import CELL_SEPARATORS, Format, format_rows
from shelterctl.output.text import format_error
from shelterctl.ui_language import N_
from tests.support.paths import ACCEPTED, PROJECT
from tests.support.terminal import Terminal

if TYPE_CHECKING:
    from tests.support.command import Answer
    from tests.support.desk import Desk


STATE = LabelledCode("left_by_own_decision", {"en": "left by her own decision", "ru": "ушла по своему решению"})
LONG = "Educational scholarship for whoever studies in Bishkek or Osh, month by month, no more than is printed here"


def person(**more: Any) -> dict[str, Any]:
    return {"id": "7QF2-M9KD", "first_name": "Айгуль", "last_name": "Примерова" * 5, "state": STATE, **more}


@pytest.mark.parametrize("room", [39, 59, 79])
def test_a_person_is_one_line_however_narrow_the_screen(room: int) -> None:
    rows = [person(facility=None, arrived_on="2026-11-22"), person(facility=None, arrived_on=None)]
    lines = format_table(rows, "en", room)
    assert len(lines) == 3
    assert max(map(len, lines)) <= room
    assert all(line.startswith("7QF2-M9KD  ") for line in lines[1:])
    assert "facility" not in lines[0]  # nothing stands in that column
    assert "2026-11-22" in lines[1], "a day is not cut, and goes after all else"


def test_what_fits_or_goes_to_a_file_is_whole() -> None:
    rows = [person(facility="bishkek", arrived_on="2026-11-22")]
    assert format_table(rows, "en", 200) == format_table(rows, "en")
    assert "Примерова" * 5 in format_table(rows, "en")[1]
    assert "…" not in format_table(rows, "en")[1]


def test_a_text_of_the_manual_goes_on_under_its_own_beginning() -> None:
    rows = [{"line": "4", "amount": "3000", "text": LONG}, {"line": "5", "amount": "100", "text": "short"}]
    lines = format_table(rows, "en", 60)
    column = lines[0].index("text")
    assert max(map(len, lines)) <= 60
    assert " ".join(line[column:] for line in lines[1:-1]) == LONG
    assert {line[:column].strip() for line in lines[2:-1]} == {""}


@pytest.mark.parametrize("language", ["en", "ru"])
def test_at_a_terminal_every_client_of_a_list_is_one_line(discharged: "Desk", language: str) -> None:
    lines = Terminal(discharged, language).run("list", []).text.splitlines()
    assert [line[:9] for line in lines[1:]] == [discharged.her]
    assert max(map(len, lines)) < 80
    for size in ((24, 40), (24, 132)):
        (row,) = [
            line for line in Terminal(discharged, language, size=size).run("list", []).text.splitlines()[1:] if line
        ]
        assert len(row) < size[1]


def test_a_client_without_a_stay_and_the_kind_of_house_are_said_in_words(desk: "Desk") -> None:
    desk.do("admit --without-stay", {"identity": {"sex": "female"}})
    assert "клиент без проживания" in desk.run("list --lang ru", today=None).out
    assert desk.do("list", today=None).data["rows"][0]["state"] == "client"
    assert re.search(r"(?m)^bishkek  приют ", desk.run("house --lang ru").out)
    assert desk.do("house").data["rows"][0]["kind"] == "shelter"


def test_an_agreement_keeps_its_columns_at_a_terminal(admitted: "Desk") -> None:
    words = f"agreement {admitted.her} --form blue --from {ACCEPTED / 'blue.yaml'} --check"
    lines = Terminal(admitted).run(words, []).text.splitlines()
    head = next(line for line in lines if line.startswith("line "))
    column = head.index("text")
    after = lines[lines.index(head) + 2]
    assert after[:column].strip() == ""
    assert after[column] != " "


@pytest.mark.parametrize("language", ["en", "ru"])
def test_an_error_is_wrapped_at_words_at_a_terminal_and_is_one_line_in_a_file(desk: "Desk", language: str) -> None:
    whole = desk.run(f"list --staff 9 --lang {language}", today=None).err.strip()
    assert "\n" not in whole
    lines = Terminal(desk, language, today=None, size=(24, 50)).run("list --staff 9", []).text.strip().splitlines()
    assert len(lines) > 1
    assert max(map(len, lines)) < 50
    assert " ".join(lines) == whole


def test_papers_are_named_in_words_for_people_and_by_code_for_programs(admitted: "Desk") -> None:
    words = f"agreement {admitted.her} --form blue --check"
    told = admitted.run(f"{words} --lang ru", ACCEPTED / "blue.yaml").out
    assert "заявление на бесплатную помощь" in told
    assert "application" not in told
    assert admitted.do(words, ACCEPTED / "blue.yaml").finding("agreement/paper")["facts"]["kind"] == "application"
    told = admitted.run(f"admit {admitted.her} --lang ru").out
    assert "detailed_interview" not in told
    assert "подробное интервью" in told
    lacking = admitted.do(f"admit {admitted.her}").finding("admission/iom-documents")["facts"]["lacking"]
    assert {"detailed_interview", "application"} <= set(lacking)


def test_a_check_says_its_sum_last_at_a_terminal_and_that_nothing_is_damaged(admitted: "Desk") -> None:
    told = admitted.do("check").data["said"]
    assert told[0].startswith("Files: 1. Open: ")
    assert told[1] == "Nothing in the store is damaged."
    assert told[2].startswith("The number for the sheet in the safe: ")
    assert admitted.run("check").out.count(told[0]) == 1
    assert told[3].startswith("Backups made here, on other disks: none of 2.")
    lines = Terminal(admitted).run("check", []).text.splitlines()
    assert lines[:4] == lines[-4:] == told


UNWRITTEN = "The answer could not be written"
SAVED = "Everything that the command saved is kept."
FULL = "/dev/full"


def told(desk: "Desk", words: str, *closed: int, out: str = "") -> tuple[int, str]:
    """How the command ends, and what stands on standard error, where these streams are closed or it writes to *out*."""
    with TemporaryFile() as err:
        if (child := os.fork()) == 0:
            _become(desk, words.split(), closed, out, err.fileno())
        _, status = os.waitpid(child, 0)
        err.seek(0)
        return os.waitstatus_to_exitcode(status), err.read().decode()


def _become(desk: "Desk", words: list[str], closed: tuple[int, ...], out: str, err: int) -> NoReturn:
    """In the child: the streams as a shell hands them over, then the program to its end."""
    code: object = 99
    try:
        os.dup2(err, 2)
        os.dup2(os.open(out or os.devnull, os.O_WRONLY), 1)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        for number in closed:
            os.close(number)
        names = enumerate(zip(("stdin", "stdout", "stderr"), "rww", strict=True))
        for number, (name, mode) in names:
            setattr(sys, name, None if number in closed else os.fdopen(number, mode, encoding="utf-8", closefd=False))
        os.chdir(desk.folder)
        env = desk.env
        os.environ.clear()
        os.environ.update(env)
        sys.argv = ["shelterctl", *words]
        __main__.main()
    except SystemExit as end:
        code = end.code
    finally:
        os._exit(code if isinstance(code, int) else 98)


@pytest.mark.parametrize("command", COMMAND_SUMMARIES)
def test_an_answer_that_cannot_be_written_is_exit_8_at_every_command(command: str, desk: "Desk") -> None:
    assert told(desk, f"{command} --json", 1) == (8, f"shelterctl: {UNWRITTEN} (EBADF). {SAVED}\n")
    assert told(desk, f"{command} --help", out=FULL) == (8, f"shelterctl: {UNWRITTEN} (ENOSPC). {SAVED}\n")


@pytest.mark.parametrize("words", ["", "--version", "help start", "list", "no-such-command --json", "monitor"])
@pytest.mark.parametrize("closed", [(1,), (0, 1), (1, 2), (0, 1, 2)])
def test_whichever_streams_are_closed_it_ends_so(words: str, closed: tuple[int, ...], desk: "Desk") -> None:
    code, err = told(desk, words, *closed)
    assert (code, UNWRITTEN in err) == (8, 2 not in closed)


def test_an_act_whose_answer_cannot_be_written_is_done(desk: "Desk") -> None:
    for number, (closed, out) in enumerate((((1,), ""), ((1, 2), ""), ((), FULL))):
        assert told(desk, f"ngo add ngo-{number} --as-of 2026-11-25", *closed, out=out)[0] == 8
    assert [row["ngo"] for row in desk.do("ngo list").data["rows"]] == ["ngo-0", "ngo-1", "ngo-2", "sezim"]
    assert desk.do("check").data["said"]


def test_nothing_that_is_printed_comes_into_a_file_of_the_store(desk: "Desk") -> None:
    assert told(desk, "admit --from - --as-of 2026-11-25 --staff Nobody", 0, 1, 2)[0] == 2
    assert told(desk, "staff add s-late --role security", 0, 1, 2)[0] == 8
    assert desk.do("check").data["said"]


def test_where_only_complaints_are_made_standard_output_is_not_missed(desk: "Desk") -> None:
    assert told(desk, "show 7QF2-M9KD", 1)[0] == 3
    assert told(desk, "show 7QF2-M9KD", 1, 2) == (3, "")


def test_nobody_is_asked_and_nothing_is_read_where_standard_input_is_closed(desk: "Desk") -> None:
    for words in ("admit", "find", "menu", "admit --from -", "find --from -"):
        code, err = told(desk, words, 0)
        assert (code, "Traceback" in err) == (2, False), words


def test_a_reader_that_leaves_is_no_failure(desk: "Desk") -> None:
    command = [sys.executable, "-m", "shelterctl", "schema", "resident"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=desk.env) as child:
        assert child.stdout
        assert child.stderr
        child.stdout.close()
        assert child.stderr.read() == b""
        assert child.wait() == 0


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
    shutil.copytree(PROJECT / "src/shelterctl/manual", rulebook)
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
