"""Slips of the hand: only what is written almost so is offered, each hint leads to the right help, numbers end."""

from typing import TYPE_CHECKING, Any

import pytest
from test_house import commands
from typer._click.types import IntRange
from typer.exceptions import TyperException

from shelterctl.cli.app import CommandGroup
from shelterctl.cli.commands import HELP_FLAGS
from shelterctl.cli.options import group_options, limit_integer
from shelterctl.cli.usage_errors import explain_usage_error, find_command_name
from shelterctl.language import format_sentence
from shelterctl.limits import LARGEST_OPTION_NUMBER

if TYPE_CHECKING:
    from conftest import Desk


def said(line: str) -> str:
    """What is answered to words that do not fit."""
    words = line.split()
    group = CommandGroup(name="shelterctl", params=group_options(), context_settings={"help_option_names": HELP_FLAGS})
    with pytest.raises(TyperException) as raised:
        group.main(words, prog_name="shelterctl", standalone_mode=False)
    told = explain_usage_error(raised.value, words, find_command_name(words))
    return f"{told.code}: {format_sentence(told.message, told.facts)}"


NO_OPTION = "usage/option: There is no such option here."


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("house --facilty x", f"{NO_OPTION} Did you mean --facility? See: shelterctl house --help"),
        ("admit --facility x", f"{NO_OPTION} See: shelterctl admit --help"),
        ("monitor due --facility x", f"{NO_OPTION} See: shelterctl monitor due --help"),
        ("monitor due --witin 3", f"{NO_OPTION} Did you mean --within? See: shelterctl monitor due --help"),
        ("list --from x", f"{NO_OPTION} See: shelterctl list --help"),
        ("house --form x", f"{NO_OPTION} Did you mean --format? See: shelterctl house --help"),
        ("list -x", f"{NO_OPTION} See: shelterctl list --help"),
        ("list --json=yes", "usage/words: --json has a value that does not fit. See: shelterctl list --help"),
        ("house --facility", "usage/words: --facility needs a value behind it. See: shelterctl house --help"),
        ("--store x list", "usage/option: --store stands behind the whole name of the command, not before it. "
                           "See: shelterctl list --help"),
        ("monitor --json due", "usage/option: --json stands behind the whole name of the command, not before it. "
                               "See: shelterctl monitor due --help"),
        ("lst", "usage/command: There is no such command. Did you mean list? See: shelterctl --help"),
        ("edit", "usage/command: There is no such command. See: shelterctl --help"),
        ("-x", f"{NO_OPTION} See: shelterctl --help"),
        ("--version --json", "usage/option: --version stands alone, or with --lang."),
        ("monitor deu", "usage/command: There is no such command. Did you mean monitor due? "
                        "See: shelterctl monitor --help"),
        ("monitor du", "usage/command: There is no such command. Did you mean monitor due? "
                       "See: shelterctl monitor --help"),
        ("staff Айгуль", "usage/command: There is no such command. See: shelterctl staff --help"),
        ("show", "usage/missing: ID is missing. See: shelterctl show --help"),
        ("monitor record", "usage/missing: ID is missing. See: shelterctl monitor record --help"),
        ("list Айгуль", "usage/words: The words of the command do not fit. See: shelterctl list --help"),
        ("monitor due --within soon", "usage/words: --within takes a whole number from 0 to 999999999."),
    ],
)  # fmt: skip
def test_what_is_answered(line: str, answer: str) -> None:
    assert said(line) == answer
    assert "Айгуль" not in said(line)


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("monitor due --within 3", "monitor due"), ("monitor --lang ru due", "monitor due"), ("monitor", "monitor"),
        ("monitor nothing", "monitor"), ("--lang ru staff add x", "staff add"), ("show add", "show"),
        ("form list", "form"), ("demo run", "demo run"), ("nothing", None), ("", None),
        ("ngo --lang=ru list", "ngo list"),
    ],
)  # fmt: skip
def test_a_page_names_the_command_with_its_second_word(line: str, command: str | None) -> None:
    assert find_command_name(line.split()) == command


@pytest.mark.parametrize(("words", "command"), list(commands()), ids=lambda part: part if isinstance(part, str) else "")
def test_one_word_too_many_leads_to_the_help_of_that_very_command(words: str, command: Any) -> None:
    taken = [param.nargs for param in command.params if param.param_type_name == "argument"]
    if -1 in taken:
        assert words in ("help", "check", "explain", "completion")
        return
    options = [f"{each.opts[0]} a" for each in command.params if each.required and each.opts[0].startswith("-")]
    for before in ("", "--lang ru ", "-- "):
        told = said(" ".join([words, *options, before, *("a" for _ in taken), "x"]))
        if words == "find":
            assert told.startswith("usage/words: find asks for the name itself")
        else:
            assert told == f"usage/words: The words of the command do not fit. See: shelterctl {words} --help"


def test_a_page_names_it_also_where_there_is_no_answer(desk: "Desk") -> None:
    assert desk.do("monitor due").page["command"] == "monitor due"
    assert desk.refused("monitor due --facility x").page["command"] == "monitor due"
    assert desk.refused("ngo add Сезим").page["command"] == "ngo add"
    assert desk.do("form list").page["command"] == "form"
    assert desk.refused("staff list x").page["command"] == "staff list"
    assert desk.refused("form list x").code == 2
    assert desk.do("help 'monitor due'").data == desk.do("help monitor due").data


@pytest.mark.parametrize(
    "line",
    [
        "init new --recovery",
        "check --recovery",
        "trust --join --recovery",
        "house --facility",
        "list --staff",
        "form blue --blank --out",
    ],
)
def test_an_option_that_is_empty_is_a_slip(line: str, desk: "Desk") -> None:
    """An empty variable of a script is no wish to leave the option out."""
    refused = desk.refused(f"{line} ''", today=None)
    assert (refused.code, refused.error) == (2, "usage/words")
    assert line.rpartition(" ")[2] in refused.page["error"]["message"]


@pytest.mark.parametrize("words", ["", "list", "house", "monitor", "monitor due", "help list"])
def test_h_is_help(desk: "Desk", words: str) -> None:
    told, long = (desk.run(f"{words} {option}".strip(), today=None) for option in ("-h", "--help"))
    assert (told.code, told.out) == (0, long.out)
    assert "-h, --help" in told.out
    assert "x<" not in told.out  # how typer writes a bound, in no language


@pytest.mark.parametrize(("words", "command"), list(commands()), ids=lambda part: part if isinstance(part, str) else "")
def test_every_whole_number_ends(words: str, command: Any) -> None:
    for param in command.params:
        if "int" in param.type.name:
            assert isinstance(param.type, IntRange), f"{words} {param.name}"
            assert param.type.max is not None
            assert param.type.max <= LARGEST_OPTION_NUMBER


def test_a_bound_of_its_own_stays() -> None:
    option = next(param for param in dict(commands())["house"].params if param.name == "others")
    limit_integer(option)
    assert isinstance(option.type, IntRange)
    assert (option.type.min, option.type.max) == (0, 9_999)
