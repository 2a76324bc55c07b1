"""What a shell completes: commands, options, forms and topics, in real shells; never anything that a store holds."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pexpect
import pytest

from shelterctl.cli import app
from shelterctl.cli.commands import COMMAND_SUMMARIES
from shelterctl.cli.completion import SHELL_FILES, complete_word
from shelterctl.explain import topic
from shelterctl.paper.request import printable_names
from shelterctl.rulebook.rulebook import open_rulebook
from tests.whole.test_source import loaded

if TYPE_CHECKING:
    from tests.support.desk import Desk


MONITOR = app.CommandGroup(name="shelterctl").get_command(None, "monitor").commands
FINANCIAL = sorted(open_rulebook().forms)
ROLES, VOIDED, HOW = (
    list(open_rulebook().places[each].codes) for each in ("staff.role", "void.reason", "monitoring.attempts.how")
)
EVERY = sorted(printable_names(open_rulebook()))


def offered(line: str) -> list[str]:
    """What is offered at the end of *line*, where its last word may be half typed."""
    words = line.split(" ")[1:]
    return list(complete_word(words, len(words))[1])


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("shelterctl ", list(COMMAND_SUMMARIES)),
        ("shelterctl agr", ["agreement", "agreements"]),
        ("shelterctl --lang ", ["en", "ru"]),
        ("shelterctl --lang=r", ["--lang=ru"]),
        ("shelterctl --lang ru mon", ["monitor"]),
        ("shelterctl --ver", ["--version"]),
        ("shelterctl monitor ", list(MONITOR)),
        ("shelterctl agreement --form ", FINANCIAL),
        ("shelterctl form ", [*EVERY, "list", "pack"]),
        ("shelterctl form blue --lang ", list(open_rulebook().languages)),
        ("shelterctl form blue --paper ", ["letter", "white"]),
        ("shelterctl agreement 7QF2-M9KD --form=p", ["--form=pink"]),
        ("shelterctl agreement --form blue --for", ["--format"]),
        ("shelterctl agreement --form blue --format ", ["table", "json", "ndjson", "csv"]),
        ("shelterctl admit --done item --do", ["--done"]),
        ("shelterctl help ad", ["admission", "admit", "add"]),
        ("shelterctl add 7QF2-M9KD pri", ["primary-interview", "primary-evaluation"]),
        ("shelterctl add 7QF2-M9KD pin", []),
        ("shelterctl add 7QF2-M9KD vis", []),
        ("shelterctl add bishkek vis", ["visit"]),
        ("shelterctl show 7QF2-M9KD pin", ["pink"]),
        ("shelterctl help monitor r", ["reports", "record"]),
        ("shelterctl help admission ", []),
        ("shelterctl completion f", ["fish"]),
        ("shelterctl show ", []),
        ("shelterctl show --staff ", []),
        ("shelterctl admit 7QF2-M9KD --done or", ["orientation"]),
        ("shelterctl admit 7QF2-M9KD --done pl", []),
        ("shelterctl admit 7QF2-M9KD --done rules", []),
        ("shelterctl staff add s-aida --role ", ROLES),
        ("shelterctl staff add ", []),
        ("shelterctl facility add osh --ki", ["--kind"]),
        ("shelterctl facility add osh --kind=", ["--kind=shelter", "--kind=carc"]),
        ("shelterctl facility add osh --ngo ", []),
        ("shelterctl house --facility ", []),
        ("shelterctl house --as ", ["html", "md", "pdf", "svg", "txt"]),
        ("shelterctl form blue --as m", ["md"]),
        ("shelterctl void 7QF2-M9KD K7M2QA --reason-code ", VOIDED),
        ("shelterctl repair 7QF2-M9KD --give-up --reason-code no", ["no_backup"]),
        ("shelterctl monitor attempt 7QF2-M9KD --how ", HOW),
        ("shelterctl schema mon", ["monitoring-report"]),
        ("shelterctl explain agreement/over-cap-", ["agreement/over-cap-together"]),
        ("shelterctl explain ", []),
        ("shelterctl report ", ["progress", "occupancy", "financial", "funding-request", "services", "list"]),
        ("shelterctl report progress --month l", ["last"]),
        ("shelterctl report financial --trace spent", ["spent", "spent_on"]),
        ("shelterctl agreement --nothing x --form p", ["pink"]),
        ("shelterctl nothing ", []),
        ("shelterctl monitor nothing ", []),
        ("shelterctl list --json --", [
            "--of", "--month", "--names", "--stays", "--nights", "--changes", "--columns", "--where", "--count",
            "--for",
            "--retention", "--out", "--as", "--overwrite",
            "--format", "--store", "--identity", "--as-of", "--staff", "--lang", "--wait", "--passphrase-fd",
            "--help",
        ]),
    ],
)  # fmt: skip
def test_what_is_offered(line: str, found: list[str]) -> None:
    assert offered(line) == found


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("admit --from ", "files"),
        ("admit --store ", "folders"),
        ("check ", "files"),
        ("check a.yaml b", "files"),
        ("backup ", "folders"),
        ("show ", "words"),
    ],
)
def test_files_and_folders_are_left_to_the_shell(line: str, kind: str) -> None:
    words = line.split(" ")
    assert complete_word(words, len(words)) == (kind, {})


def test_bash_takes_a_word_with_an_equals_sign_apart() -> None:
    assert complete_word(["agreement", "--form", "="], 3)[1] == dict.fromkeys(FINANCIAL, "")
    assert list(complete_word(["agreement", "--form", "=", "p"], 4)[1]) == ["pink"]
    assert complete_word(["agreement", "--form", "=", "pink", "--exa"], 5)[1].keys() == {"--example"}


def test_everything_that_is_offered_says_what_it_is_in_the_language_of_the_screen(desk: "Desk") -> None:
    told = desk.run("completion --lang ru --at 1 -- monit", today=None).out.splitlines()
    assert told[0] == "words"
    assert told[1].startswith("monitor\tМониторинг")
    assert all(complete_word([""], 1)[1].values())
    assert complete_word(["help", ""], 2)[1].keys() == {*topic.TOPICS, *COMMAND_SUMMARIES}


def test_what_is_offered_is_found_in_every_language_of_the_screen(desk: "Desk") -> None:
    """The words that stand for a value are translated in help: FORM is ФОРМА there."""
    for line, found in (("form bl", "blue"), ("void 7QF2-M9KD K7M2QA --reason-code wrong_v", "wrong_value")):
        told = desk.run(f"completion --lang ru --at {len(line.split())} -- {line}", today=None).out
        assert [each.split("\t")[0] for each in told.splitlines()] == ["words", found]
    assert desk.run("completion --lang ru --at 3 -- admit --from", today=None).out.split() == ["files"]


def test_a_form_of_another_manual_is_offered_at_once(desk: "Desk", tmp_path: Path) -> None:
    shutil.copytree(Path(open_rulebook().folder), tmp_path / "manual")
    blue = (tmp_path / "manual/tracks/blue.yaml").read_text()
    green = blue.replace("track: blue", "track: green").replace("{form: blue}", "{form: green}")
    (tmp_path / "manual/tracks/green.yaml").write_text(green)
    told = desk.run(
        "completion --at 3 -- agreement --form", today=None, env={"SHELTERCTL_MANUAL": str(tmp_path / "manual")}
    )
    assert [line.strip() for line in told.out.splitlines()] == ["words", *sorted([*FINANCIAL, "green"])]


def test_nothing_of_a_store_is_read_or_offered(admitted: "Desk") -> None:
    for line in ("show", "agreement", "monitor record", "void", "admit --by", "house --facility"):
        told = admitted.run(f"completion --at {len(line.split()) + 1} -- {line}", today=None)
        assert (told.code, told.out.strip()) == (0, "words"), line
    damaged = admitted.store / "shelter.yaml"
    damaged.write_text("{")
    assert admitted.run("completion --at 1 -- li", today=None).code == 0


@pytest.mark.parametrize("line", ["", "agreement --form", "help", "monitor due --"])
def test_asking_loads_nothing_heavy(line: str) -> None:
    words = line.split()
    held = loaded("completion", "--at", str(len(words) + 1), "--", *words)
    assert not held & {"rich", "cryptography", "jsonschema", "jsonschema_rs", "jinja2", "typst", "platformdirs"}


def test_what_is_typed_behind_the_dashes_is_no_option_of_ours(desk: "Desk") -> None:
    told = desk.run("completion --at 3 -- list --json --lang", today=None).out
    assert told.splitlines()[:1] == ["words"]


@pytest.mark.parametrize("words", ["", "tcsh", "bash fish"])
def test_a_shell_that_is_not_known_is_refused(words: str, desk: "Desk") -> None:
    answer = desk.refused(f"completion {words}", today=None)
    assert (answer.code, answer.error) == (2, "completion/shell")


@pytest.mark.parametrize("shell", SHELL_FILES)
def test_the_script_is_printed_as_it_lies_there(shell: str, desk: "Desk") -> None:
    told = desk.run(f"completion {shell}", today=None)
    written = (Path(app.__file__).parents[1] / "shells" / SHELL_FILES[shell]).read_text("utf-8")
    assert (told.code, told.out) == (0, written)
    assert desk.do(f"completion {shell}", today=None).data == {"shell": shell, "script": written}


class Typed:
    """A real shell in which the script was read and the program is called by its name."""

    def __init__(self, shell: str, folder: Path) -> None:
        self.shell, self.folder = shell, folder
        program = folder / "bin" / "shelterctl"
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m shelterctl "$@"\n')
        program.chmod(0o755)
        self.script = folder / SHELL_FILES[shell]
        self.env = {"PATH": f"{program.parent}:{os.environ['PATH']}", "HOME": str(folder), "LANG": "C.UTF-8"}
        self.env["TERM"] = "dumb"
        self.script.write_bytes(subprocess.check_output([program, "completion", shell], env=self.env))

    def run(self, text: str) -> str:
        """What the shell prints when it is given *text*."""
        words = [self.shell, *(["--norc"] if self.shell == "bash" else []), "-c", text]
        told = subprocess.run(words, env=self.env, cwd=self.folder, capture_output=True, text=True, check=False)
        assert told.stderr == ""
        return told.stdout


def in_bash(folder: Path, *words: str) -> list[str]:
    """What bash would offer for the last of *words*."""
    bash = Typed("bash", folder)
    typed = " ".join(f"'{word}'" for word in words)
    return bash.run(
        f". {bash.script}; COMP_WORDS=({typed}); COMP_CWORD={len(words) - 1}; "
        f"_shelterctl shelterctl '{words[-1]}' ''; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    ).split()


@pytest.mark.program("bash")
def test_bash(tmp_path: Path) -> None:
    assert in_bash(tmp_path, "shelterctl", "monitor", "") == list(MONITOR)


@pytest.mark.program("bash")
def test_bash_at_a_terminal(tmp_path: Path) -> None:
    """Tab pressed in a bash that someone sits at: a word is completed, and files where a file is asked for."""
    bash = Typed("bash", tmp_path)
    (tmp_path / "referral.yaml").touch()
    child = pexpect.spawn(
        "bash", ["--norc", "--noprofile"], cwd=str(tmp_path), env={**bash.env, "PS1": "$ "}, encoding="utf-8"
    )
    try:
        child.sendline(f". {bash.script}; bind 'set bell-style none'; PS1=ready:")
        child.expect("ready:$")
        child.send("shelterctl agreement --form=p\t")
        child.expect("--form=pink ")
        child.send("--from ref\t")
        child.expect("referral.yaml ")
    finally:
        child.close(force=True)


@pytest.mark.program("zsh")
def test_zsh_at_a_terminal(tmp_path: Path) -> None:
    zsh = Typed("zsh", tmp_path)
    (tmp_path / "referral.yaml").touch()
    child = pexpect.spawn("zsh", ["-f", "-i"], cwd=str(tmp_path), env=zsh.env, encoding="utf-8", dimensions=(40, 120))
    try:
        child.sendline(f"fpath=({tmp_path} $fpath); autoload -Uz compinit; compinit -u -D; PS1=ready:")
        child.expect("ready:[^;]*$")
        child.send("shelterctl agreement --form=p\t")
        child.expect("--form=p?ink ")
        child.send("--from ref\t")
        child.expect("erral.yaml ")
        child.sendcontrol("u")
        child.send("shelterctl monitor \t")
        child.expect("attempt +-- Record an attempt to reach")
    finally:
        child.close(force=True)


@pytest.mark.program("fish")
def test_fish(tmp_path: Path) -> None:
    fish = Typed("fish", tmp_path)
    (tmp_path / "referral.yaml").touch()

    def told(line: str) -> list[str]:
        return fish.run(f"source {fish.script}; complete --do-complete '{line}'").splitlines()

    assert "\t" in told("shelterctl adm")[0]
    assert [line.split("\t")[0] for line in told("shelterctl monitor ")][:2] == ["due", "reports"]
    assert [line.split("\t")[0] for line in told("shelterctl agreement --form=p")] == ["--form=pink"]
    assert [line.split("\t")[0] for line in told("shelterctl admit --fr")] == ["--from"]
    assert told("shelterctl admit --from ref") == ["referral.yaml"]
    assert told("shelterctl show ") == []


@pytest.mark.program("pwsh")
def test_powershell(tmp_path: Path) -> None:
    power = Typed("powershell", tmp_path)

    def told(line: str) -> list[str]:
        asked = f"[System.Management.Automation.CommandCompletion]::CompleteInput('{line}', {len(line)}, $null)"
        script = f". {power.script}; ({asked}).CompletionMatches | ForEach-Object {{ $_.CompletionText }}"
        words = ["pwsh", "-NoProfile", "-NonInteractive", "-Command", script]
        return subprocess.check_output(words, env=power.env, text=True).split()

    assert told("shelterctl monitor ")[:2] == ["due", "record"]
    assert told("shelterctl agreement --form p") == ["pink"]
