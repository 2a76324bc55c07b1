"""Every way in which a command ends without an answer, and slips of the hand: exit code, words, and where a hint
leads.
"""

import os
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import filelock
import pytest
from typer._click.types import IntRange
from typer.exceptions import TyperException

from shelterctl.cli.app import CommandGroup
from shelterctl.cli.commands import HELP_FLAGS
from shelterctl.cli.options import group_options, limit_integer
from shelterctl.cli.usage_errors import explain_usage_error, find_command_name
from shelterctl.core.values.homoglyphs import TO_CYRILLIC
from shelterctl.document.writing import format_document
from shelterctl.identity.key_file import load_identity
from shelterctl.language import format_sentence
from shelterctl.limits import LARGEST_OPTION_NUMBER
from shelterctl.prompts.agreement import AGREEMENT_OTHER_LINE
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.store import folder
from shelterctl.store.opening import open_store
from tests.support.inputs import REFERRAL
from tests.support.paths import ACCEPTED, PROJECT
from tests.support.processes import patience
from tests.support.terminal import Terminal
from tests.whole.test_source import commands

if TYPE_CHECKING:
    from tests.support.desk import Desk


MANUAL = PROJECT / "src/shelterctl/manual"


def record_file(desk: "Desk") -> Path:
    return desk.store / "residents" / f"{desk.her}.yaml.age"


def flip_a_bit(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-7] ^= 1
    path.write_bytes(data)


def test_exit_1_is_refused_by_the_manual(desk: "Desk") -> None:
    her = desk.do("admit", {"identity": {"sex": "female"}, "referral": {"sources": ["scme"]}}).data["id"]
    assert desk.refused(f"admit {her} --complete").code == 1


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("monitor due --as-of 2026-02-30", "usage/date"),
        ("admit 7QF2-M9KD --complete --on 2026-02-28", "client/unknown"),
        ("admit 7QF2-M9KD --complete --on 2026-02-30", "usage/date"),
        ("show ../../etc/passwd", "usage/id"),
        ("show 7QF2-M9K", "usage/id"),
        ("admit", "usage/admit"),
        ("admit --from nowhere.yaml", "usage/no-file"),
        ("admit --from house", "usage/no-file"),
        ("admit --complte", "usage/option"),
        ("Айгуль", "usage/command"),
        ("agreement", "usage/missing"),
        ("monitor due --within soon", "usage/words"),
        ("list --lang xx", "usage/lang"),
        ("staff add 'Айгуль'", "usage/code"),
        ("list Айгуль", "usage/track"),
        ("monitor record 7QF2-M9KD", "client/unknown"),
        ("show 7QF2-M9KD", "client/unknown"),
        ("list --store nowhere", "store/none"),
        ("schema nothing", "schema/unknown"),
    ],
)
def test_exit_2_is_usage_and_3_is_not_found(words: str, code: str, desk: "Desk") -> None:
    answer = desk.refused(words, today=None)
    assert answer.error == code
    assert answer.code == (2 if code.startswith("usage") else 3)
    assert "Айгуль" not in answer.out
    told = desk.run(words, today=None)
    assert (told.out, told.code) == ("", answer.code)
    assert told.err.startswith("shelterctl: ")


def test_exit_4_is_our_own_rule_book(desk: "Desk") -> None:
    manual = desk.folder / "manual"
    shutil.copytree(MANUAL, manual)
    form = manual / "tracks/blue.yaml"
    form.write_text(
        form.read_text("utf-8").replace("overlaps: period, clause: A6.7a", "overlaps: decade, clause: A6.7a"), "utf-8"
    )
    answer = desk.refused("agreement --form blue", env={"SHELTERCTL_MANUAL": str(manual)})
    assert (answer.code, answer.error) == (4, "shelf/word")


def test_exit_5_is_no_key_and_6_is_one_that_never_agreed_to_the_store(admitted: "Desk") -> None:
    nobody = admitted.refused("list", env={"SHELTERCTL_IDENTITY": "nowhere"})
    assert (nobody.code, nobody.error) == (5, "vault/no-key")
    assert "no key file at that place" in nobody.page["error"]["message"]
    assert "nowhere" not in nobody.out
    words = "init third --shelter osh --no-passphrase --recovery sheet --identity k"
    made = admitted.do(words, today=None)
    assert f"Set SHELTERCTL_IDENTITY to {admitted.folder / 'k'}" in made.data["said"][-1]
    other = {"SHELTERCTL_IDENTITY": str(admitted.folder / "other-key")}
    admitted.do("init other --shelter osh --no-passphrase --recovery paper", env=other, today=None)
    for words in (f"show {admitted.her}", "list", f"admit {admitted.her} --done orientation"):
        stranger = admitted.refused(words, env=other)
        assert (stranger.code, stranger.error) == (6, "trust/not-mine")


@pytest.mark.posix("a process without a terminal", "windows/test_console.py")
def test_exit_5_is_a_passphrase_that_is_wrong_or_cannot_be_asked(desk: "Desk") -> None:
    sealed = {"SHELTERCTL_IDENTITY": str(desk.folder / "sealed"), "SHELTERCTL_STORE": str(desk.folder / "other")}
    phrase = {"env": sealed, "today": None}
    desk.do("init other --shelter osh --recovery paper --passphrase-fd 0", input=b"correct horse\n", **phrase)
    assert desk.do("list --passphrase-fd 0", input=b"correct horse\n", **phrase).data["rows"] == []
    wrong = desk.refused("list --passphrase-fd 0", input=b"correct house\n", **phrase)
    assert (wrong.code, wrong.error) == (5, "vault/wrong-passphrase")
    nobody = desk.refused("list", start_new_session=True, **phrase)
    assert (nobody.code, nobody.error) == (5, "vault/no-passphrase")
    assert desk.refused("list --passphrase-fd 99", **phrase).error == "usage/passphrase-fd"


def test_exit_6_is_damage(admitted: "Desk") -> None:
    flip_a_bit(record_file(admitted))
    for words in (f"show {admitted.her}", f"admit {admitted.her} --done orientation", f"agreements {admitted.her}"):
        answer = admitted.refused(words)
        assert (answer.code, answer.error) == (6, "vault/damaged")
    for words in ("list", "check", "monitor due", "agreements", "house"):
        answer = admitted.refused(words)
        assert (answer.code, answer.error) == (6, "store/part")
        assert answer.finding("vault/damaged")["record"] == admitted.her


def test_damage_costs_what_was_damaged(admitted: "Desk") -> None:
    """The others are listed, opened and written to; a write that was done is exit 0, and the damage is told."""
    her = admitted.do("admit", {"identity": {"sex": "female"}, "referral": {"sources": ["scme"]}}).data["id"]
    flip_a_bit(record_file(admitted))
    assert [row["id"] for row in admitted.refused("list", today=None).data["rows"]] == [her]
    assert admitted.record(her)["id"] == her
    admitted.do(f"admit {her}", {"identification_number": "KG-2026-119"})
    new = admitted.do("admit --new-person", REFERRAL)
    assert "vault/damaged" in new.codes("warn")
    assert {row["id"] for row in admitted.refused("list", today=None).data["rows"]} == {her, new.data["id"]}


@pytest.mark.parametrize("name", ["shelter.yaml", "staff.yaml", "directory.yaml.age", "secrets.yaml.age"])
def test_a_file_of_the_house_that_is_damaged_closes_itself(name: str, admitted: "Desk") -> None:
    flip_a_bit(admitted.store / name)
    checked = admitted.refused("check")
    assert (checked.code, checked.error) == (6, "store/part")
    assert name in checked.page["error"]["message"]
    assert [row["id"] for row in admitted.ask("list").data["rows"]] == [admitted.her]


def test_exit_6_is_a_record_that_is_gone_or_older(admitted: "Desk") -> None:
    path = record_file(admitted)
    older = path.read_bytes()
    admitted.do(f"admit {admitted.her} --done orientation")
    path.write_bytes(older)
    assert admitted.refused(f"show {admitted.her}").error == "vault/forged"
    path.unlink()
    assert admitted.refused(f"show {admitted.her}").error == "vault/gone"


def test_exit_6_is_a_journal_that_was_cut(admitted: "Desk") -> None:
    (journal,) = (admitted.store / "journal").iterdir()
    journal.write_text("".join(journal.read_text().splitlines(keepends=True)[:-1]))
    assert admitted.refused(f"show {admitted.her}").code == 6


@pytest.mark.posix("the lock held by this process of POSIX", "windows/test_two.py")
def test_exit_7_is_a_store_that_another_command_holds(admitted: "Desk") -> None:
    with filelock.FileLock(admitted.store / ".lock"):
        assert admitted.do(f"show {admitted.her}").code == 0
        answer = admitted.refused(f"admit {admitted.her} --done orientation --wait 0")
    assert (answer.code, answer.error) == (7, "vault/locked")


def waiting(desk: "Desk", words: str) -> tuple["subprocess.Popen[bytes]", Any]:
    """A command that has read her file and waits for what --from gives it, and the pipe it waits at."""
    pipe = desk.folder / "pipe"
    os.mkfifo(pipe)
    command = [sys.executable, "-m", "shelterctl", *words.split(), "--from", str(pipe), "--json"]
    process = subprocess.Popen(
        command, env=desk.env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    return process, pipe.open("wb")


@pytest.mark.posix("a process of POSIX that waits", "windows/test_two.py")
def test_exit_7_is_a_record_that_changed_since_it_was_read(admitted: "Desk") -> None:
    process, pipe = waiting(admitted, f"admit {admitted.her}")
    admitted.do(f"admit {admitted.her} --done orientation")
    before = admitted.digest_of_store()
    with pipe:
        pipe.write(b"identity: {education: school}\n")
    out, _ = process.communicate(timeout=patience())
    assert process.returncode == 7
    assert b'"vault/changed"' in out
    assert admitted.digest_of_store() == before


@pytest.mark.posix("a limit of POSIX on the size of files", "windows/test_trouble.py")
def test_exit_8_is_a_full_disk(admitted: "Desk") -> None:
    full = {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (400, 400))}
    answer = admitted.refused(f"admit {admitted.her} --done orientation", **full)
    assert (answer.code, answer.error) == (8, "disk/full")
    assert admitted.do(f"admit {admitted.her} --done orientation").code == 0


def test_exit_130_is_interrupted(admitted: "Desk") -> None:
    before = admitted.digest()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background is started with it ignored
    process, pipe = waiting(admitted, f"admit {admitted.her}")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=patience())
    pipe.close()
    (admitted.folder / "pipe").unlink()
    assert (process.returncode, out, err) == (130, b"", b"")
    assert admitted.digest() == before


def put(desk: "Desk", text: str) -> None:
    """A text in the place of her file, sealed and signed as the program does it."""
    key, rulebook = load_identity(desk.key, None), open_rulebook()
    session = open_store(desk.store, key, rulebook, desk.key.with_name("key.heads"))
    name, act = folder.record_file(desk.her), {"did": "admit", "by": "manager", "at": "2026-11-25T10:00+06:00"}
    session.vault.write(name, text.encode(), session.vault.read(name)[1], **act)


@pytest.mark.parametrize(
    ("text", "code"),
    [("- Айгуль\n", "store/unreadable"), ("Айгуль: 1\n", "store/misshapen")],
    ids=["no yaml", "no record"],
)
def test_exit_6_is_a_stored_file_that_cannot_be_read(text: str, code: str, admitted: "Desk") -> None:
    put(admitted, text)
    answer = admitted.refused(f"show {admitted.her}")
    assert (answer.code, answer.error) == (6, code)
    assert "Айгуль" not in answer.out


def test_a_record_of_a_newer_version_is_read_and_not_written(admitted: "Desk") -> None:
    put(admitted, format_document({**admitted.record(), "schema": "resident/9"}))
    assert admitted.record()["schema"] == "resident/9"
    assert admitted.do("list").data["rows"][0]["id"] == admitted.her
    for words in (f"admit {admitted.her} --done orientation", f"discharge {admitted.her} --own-decision"):
        answer = admitted.refused(words)
        assert answer.error == "store/newer"
        assert answer.code == 7
        assert answer.page["error"]["hint"] == "Update shelterctl on this computer."


def test_an_entry_that_is_not_there_and_a_reason_that_is_none(admitted: "Desk") -> None:
    entry = admitted.record()["iom"]["instructions"][0]["id"]
    assert admitted.refused(f"void {admitted.her} AAAAAA --reason-code other").error == "entry/unknown"
    assert admitted.refused(f"void {admitted.her} {entry} --reason-code because").error == "usage/reason"


@pytest.mark.parametrize("words", ["list", "monitor due", "agreements"])
def test_a_record_that_is_gone_is_missed_by_every_list(words: str, discharged: "Desk") -> None:
    (discharged.store / "residents" / f"{discharged.her}.yaml.age").unlink()
    told = discharged.refused(words)
    assert (told.code, told.error) == (6, "store/part")
    assert told.finding("vault/gone")["record"] == discharged.her


@pytest.mark.parametrize("flag", ["--as-of 2026-02-30", "--staff 'Not A Code'"])
def test_a_flag_that_cannot_be_is_refused_by_every_command(flag: str, desk: "Desk") -> None:
    assert desk.refused(f"list {flag}", today=None).code == 2


def test_letters_that_may_be_a_name_are_not_said_again(desk: "Desk") -> None:
    answer = desk.refused("show aigerima")
    assert answer.error == "client/unknown"
    assert "A1GE" not in answer.out
    assert "no client with the id 7QF2-M9KD" in desk.run("show 7qf2m9kd").err


def test_a_shelter_yaml_of_other_bytes_is_damage(desk: "Desk") -> None:
    (desk.store / "shelter.yaml").write_bytes(b"\xff\xfe")
    assert desk.refused("list").code == 6


def test_null_removes_any_scalar(admitted: "Desk") -> None:
    admitted.do(f"admit {admitted.her}", {"admission": {"primary_interview": {"role": None, "safety_assured": None}}})
    assert set(admitted.record()["stays"][0]["admission"]["primary_interview"]) >= {"at", "by"}


def test_one_mistake_is_one_finding(desk: "Desk") -> None:
    referral = {"sources": ["scme"], "received_at": "2026-11-24T10:00"}
    her = desk.do("admit", {"identity": {"sex": "female", "birth_date": 1990}, "referral": referral}).data["id"]
    refusals = desk.refused(f"admit {her} --complete --on 2026-11-23").refusals
    assert {"admission/before-referral", "admission/dated-after"} & set(refusals) == {"admission/before-referral"}


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
        ("list --json=yes", "usage/words: The value of --json does not fit. See: shelterctl list --help"),
        ("house --facility", "usage/words: --facility needs a value after it. See: shelterctl house --help"),
        ("--store x list", "usage/option: --store goes after the whole name of the command, not before it. "
                           "See: shelterctl list --help"),
        ("monitor --json due", "usage/option: --json goes after the whole name of the command, not before it. "
                               "See: shelterctl monitor due --help"),
        ("lst", "usage/command: There is no such command. Did you mean list? See: shelterctl --help"),
        ("edit", "usage/command: There is no such command. See: shelterctl --help"),
        ("-x", f"{NO_OPTION} See: shelterctl --help"),
        ("--version --json", "usage/option: Use --version alone, or with --lang."),
        ("monitor deu", "usage/command: There is no such command. Did you mean monitor due? "
                        "See: shelterctl monitor --help"),
        ("monitor du", "usage/command: There is no such command. Did you mean monitor due? "
                       "See: shelterctl monitor --help"),
        ("staff Айгуль", "usage/command: There is no such command. See: shelterctl staff --help"),
        ("show", "usage/missing: WHOM is missing. See: shelterctl show --help"),
        ("monitor record", "usage/missing: ID is missing. See: shelterctl monitor record --help"),
        ("house Айгуль", "usage/words: The command is not typed correctly. See: shelterctl house --help"),
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
        assert words in ("help", "check", "explain", "completion", "rules list", "rules overlay", "hub add")
        return
    options = [f"{each.opts[0]} a" for each in command.params if each.required and each.opts[0].startswith("-")]
    for before in ("", "--lang ru ", "-- "):
        told = said(" ".join([words, *options, before, *("a" for _ in taken), "x"]))
        if words == "find":
            assert told.startswith("usage/words: find asks for the name itself")
        elif words == "show":
            assert told.startswith("usage/words: show takes whom and a kind of entry")
            assert told.endswith("See: shelterctl show --help")
        else:
            assert told == f"usage/words: The command is not typed correctly. See: shelterctl {words} --help"


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


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("group", ["staff", "hub", "rules", "device"])
def test_what_a_command_of_a_group_does_is_a_whole_sentence(desk: "Desk", group: str, language: str) -> None:
    page = desk.run(f"{group} --help --lang {language}", today=None).out
    assert "..." not in page.partition("\n")[2]
    assert all(len(line) <= 80 for line in page.splitlines())


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


def in_cyrillic(code: str) -> str:
    return code.translate(TO_CYRILLIC)


def test_her_id_may_have_letters_of_the_other_alphabet(admitted: "Desk") -> None:
    typed = f"АВЕК-{admitted.her}"[5:].translate(TO_CYRILLIC)
    assert admitted.do(f"show {typed}").data["record"]["id"] == admitted.her
    assert admitted.refused("show АВСЕ-НКМР").error == "client/unknown"


def test_an_entry_and_a_member_of_staff_too(admitted: "Desk") -> None:
    told = admitted.do(f"admit {admitted.her} --done orientation --by {in_cyrillic('s-aida')}")
    entry = told.data["entry"]
    assert admitted.record()["stays"][0]["done"][-1]["by"] == "s-aida"
    admitted.do(f"void {admitted.her} {in_cyrillic(entry)} --reason-code wrong_value")
    assert "void" in admitted.record()["stays"][0]["done"][-1]


def test_a_code_of_staff_is_one_wherever_it_is_an_option(admitted: "Desk") -> None:
    mine = admitted.do("due --mine s-aida").data["rows"]
    assert admitted.do(f"due --mine {in_cyrillic('s-aida')}").data["rows"] == mine


@pytest.mark.parametrize("clause", ["А6.1а", "М3.0.5а", "х24"])
def test_a_clause_too(clause: str, admitted: "Desk") -> None:
    assert admitted.do(f"explain {clause}").data


def test_a_line_of_a_form_is_named_with_either_letter(admitted: "Desk") -> None:
    admitted.do(f"agreement {admitted.her} --form blue", ACCEPTED / "blue.yaml")
    with Terminal(admitted).live(f"agreement {admitted.her} --form blue") as live:
        live.until("What now?")
        live.type(AGREEMENT_OTHER_LINE)
        assert "Which line?" in live.raw.decode()
        live.type("1а")
        assert live.asked == "Amount in som  [now: 2000]"
