"""What there is to read tells of what is there, its examples run, and the files of one command are few."""

import ast
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from shelterctl.explain import topic
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.ui_language import SCREEN_LANGUAGES
from tests.support.desk import Desk
from tests.support.inputs import USUAL_ENTRIES
from tests.support.paths import PROJECT, SOURCE
from tests.support.processes import patience
from tools import diagram

DOCS = PROJECT / "docs"
PAGES = {f"{language}/{name}": (name, language) for language in SCREEN_LANGUAGES for name in topic.TOPICS}
ROOTS = (PROJECT, SOURCE, SOURCE / "manual", DOCS)

INVENTED = {
    "manual/paper/kk.yaml",
    "discharge.yaml", "monitoring-report.yaml", "handover.yaml", "name.yaml", "decision.yaml", "lyceum.yaml",
    "sbom.cdx.json", "blue.yaml", "referral.yaml", "record.yaml", "intakes.yaml", "moved.yaml", "evidence.json",
    "fragment.schema.json", "resident.schema.json", "check.json", "due.csv",
    "cli/tally.py", "locale/ky/LC_MESSAGES/shelterctl.po", "directory.yaml.age", "residents/7QF2-M9KD.yaml.age",
    "out/check.json", "out/clients.csv", "clients.csv", "out/due.csv", "visits.yaml", "money.yaml",
    "agreement-1.json", "number.json", "a.age", "list.age", "answer.age", "ids.age",
    "list.csv.age", "page.pdf", "roster.yaml.age", "sheet.pdf", "rules.pdf", "pink.pdf", "report.pdf",
    "trust.jsonl", "draft/annexes/shelter-rules.yaml", "words.yaml",
    "impact.csv", "draft/clauses.yaml", "draft/tracks/pink.yaml", "edition.yaml",
    "account.parquet.age", "account.xlsx.age", "codebook.csv", "ctdc.csv.age", "datapackage.json", "gbvims.csv.age",
    "htcds.csv.age", "journal/DEVICE.jsonl", "money.csv", "new.csv.age", "old.csv.age", "out/report.csv",
    "bishkek.zip.age", "osh.zip.age", "osh-2.zip.age",
    "out/tables.zip.age", "pivot.csv", "read.csv", "residents/ID.yaml.age", "shelter.yaml", "staff.yaml", "stays.csv",
    "stays.csv.age", "t.zip.age", "tables/account.csv", "tables/codebook.csv", "tables/datapackage.json",
    "tables/service.csv", "tables/stays.csv",
}  # fmt: skip
"""Files that a reader has or makes, besides those in her home; all others that a page names are ours."""

FILE = re.compile(r"(?<![\w./~-])(?!/)[\w/-]+(?:\.[\w-]+)*\.(?:py|yaml|po|toml|md|json|jsonl|age|csv|j2|typ|pdf)\b")


def written(name: str, language: str) -> str:
    return (topic.TOPICS_FOLDER / language / f"{name}.md").read_text("utf-8")


def blocks(text: str) -> list[str]:
    """Everything that is set off by indenting, without it."""
    found = re.findall(r"(?:^ {4}.*\n(?:\n(?= {4}))?)+", text, re.MULTILINE)
    return [textwrap.dedent(one) for one in found]


def block(name: str, beginning: str) -> str:
    """The one piece of a page that begins so."""
    (found,) = (one for one in blocks(written(name, "en")) if one.startswith(beginning))
    return found


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_a_page_names_is_there(page: str) -> None:
    named = {found for found in FILE.findall(written(*PAGES[page])) if found not in INVENTED}
    assert not [name for name in named if not any((root / name).exists() for root in ROOTS)]


@pytest.mark.parametrize("page", PAGES)
def test_every_variable_target_and_test_that_a_page_names_is_there(page: str) -> None:
    text = written(*PAGES[page])
    programs = "".join(path.read_text("utf-8") for path in SOURCE.rglob("*.py"))
    targets = set(re.findall(r"^([a-z]+):", (PROJECT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert not [name for name in re.findall(r"SHELTERCTL_[A-Z]+", text) if f'"{name}"' not in programs]
    assert set(re.findall(r"(?:^    |`)make ([a-z]+)", text, re.MULTILINE)) <= targets


@pytest.mark.parametrize("language", SCREEN_LANGUAGES)
def test_the_map_of_the_house_names_every_room_and_no_other(language: str) -> None:
    rows = re.findall(r"^- ((?:`\w+`(?:, )?)+): ", written("carrying-on", language), re.MULTILINE)
    named = [room for row in rows for room in re.findall(r"\w+", row)]
    rooms = {path.stem for path in SOURCE.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}
    assert sorted(named) == sorted(rooms - {"__init__"})


def test_the_index_leads_to_every_page_and_to_nothing_else() -> None:
    index = (DOCS / "README.md").read_text("utf-8")
    links = re.findall(r"\]\(([^)]+)\)", index)
    assert {link for link in links if link.startswith("topics/")} == {f"topics/{page}.md" for page in PAGES}
    assert not [link for link in links if not (DOCS / link).exists()]


@pytest.mark.parametrize("name", ["README.md", "README.ru.md"])
def test_the_readme_leads_to_the_index(name: str) -> None:
    readme = (PROJECT / name).read_text("utf-8")
    links = re.findall(r"\]\((docs/[^)]*)\)", readme)
    assert "docs/README.md" in links
    assert not [link for link in links if not (PROJECT / link).exists()]


READMES = ["README.md", "README.ru.md"]
LONGEST_README = 150


@pytest.mark.parametrize("name", READMES)
def test_the_readme_fits_its_length_and_shows_the_menu(name: str) -> None:
    readme = (PROJECT / name).read_text("utf-8")
    assert len(readme.splitlines()) <= LONGEST_README
    assert re.search(r"!\[[^\]]+\]\(docs/menu\.(en|ru)\.svg\)", readme)


@pytest.mark.parametrize("language", SCREEN_LANGUAGES)
def test_the_index_lists_every_topic_under_its_reader(language: str) -> None:
    sections = (DOCS / "README.md").read_text("utf-8").split("\n## ")[1:]
    listed = [re.findall(rf"topics/{language}/([\w-]+)\.md", section) for section in sections]
    assert listed == [list(topics) for topics in topic.TOPICS_BY_READER.values()]


@pytest.mark.parametrize("bullet", ["--no-passphrase", "quantum", "recovery"])
def test_the_page_of_security_says_what_is_not_protected(bullet: str) -> None:
    page = written("security", "en").partition("## What it does not protect against")[2]
    assert bullet in page.partition("\n## ")[0]


@pytest.fixture
def tools(desk: "Desk") -> Path:
    """A folder with the program and Python under the names by which a reader calls them."""
    folder = desk.folder / "bin"
    folder.mkdir()
    program = folder / "shelterctl"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m shelterctl "$@"\n')
    program.chmod(0o755)
    (folder / "python3").symlink_to(sys.executable)
    return folder


def ran(desk: "Desk", tools: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    env = {**desk.env, "PATH": f"{tools}:{desk.env['PATH']}"}
    return subprocess.run(
        words, capture_output=True, text=True, cwd=desk.folder, env=env, timeout=patience(), check=False
    )


def night(desk: "Desk", tools: Path) -> "subprocess.CompletedProcess[str]":
    """The work of a night, as the page has it in either language, with a folder of agreements."""
    script = block("data-officers", "set -euo")
    assert script in blocks(written("data-officers", "ru"))
    (desk.folder / "usb").mkdir(exist_ok=True)
    (desk.folder / "night.sh").write_text(script, "utf-8")
    return ran(desk, tools, "bash", "-e", "night.sh", "tonight", "usb", "agreements")


def test_the_work_of_a_night_is_done_in_an_empty_house(desk: "Desk", tools: Path) -> None:
    done = night(desk, tools)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("found {'open': 5}\nclients {}\nmonitoring {}\nsigned 0 som\nThe backup is made.")
    assert [len(path.read_text("utf-8").splitlines()) for path in sorted(desk.folder.glob("tonight/*.csv"))] == [1, 1]


def test_the_work_of_a_night_is_done_in_a_full_one_and_shows_no_name(admitted: "Desk", tools: Path) -> None:
    given = admitted.folder / "agreements"
    given.mkdir()
    for name in ("accepted/blue", "accepted/pink", "refused/agreement-over-cap"):
        shutil.copy(PROJECT / "examples" / f"{name}.yaml", given / f"{len(list(given.iterdir()))}.yaml")
    admitted.do(f"agreement {admitted.her} --form blue", given / "0.yaml")
    admitted.do(f"agreement {admitted.her} --form blue --sign")
    for number in range(20):
        born = 1970 + number  # of one year and nearly one name they would be noted as one person
        identity = {"first_name": "Бермет", "last_name": f"Выдуманная-{number}", "sex": "female", "birth_date": born}
        admitted.do("admit --new-person", {"identity": identity, "referral": {"sources": ["scme"]}})
    admitted.do(f"discharge {admitted.her} --own-decision")

    done = night(admitted, tools)
    assert (done.returncode, done.stderr) == (0, "")
    found, clients, *others = done.stdout.splitlines()
    assert re.fullmatch(r"found \{'open': \d+\}", found)
    assert clients == "clients {'left_by_own_decision': 1, 'referred': 20}"
    assert others[:2] == ["monitoring {}", "signed 8800.00 som"]
    assert others[2:5] == ["agreement 1, blue: 0", "agreement 2, pink: 0", "agreement 3, blue: 1"]
    written_down = "".join(path.read_text("utf-8") for path in (admitted.folder / "tonight").iterdir()) + done.stdout
    assert not [name for name in ("Бермет", "Выдуманная", "Примерова", "Образцова") if name in written_down]


def test_a_night_without_an_answer_says_why_and_counts_nothing(admitted: "Desk", tools: Path) -> None:
    (file,) = (admitted.store / "residents").iterdir()
    *sealed, last = file.read_bytes()
    file.write_bytes(bytes([*sealed, last ^ 1]))
    damaged = night(admitted, tools)
    assert (damaged.returncode, damaged.stdout) == (6, "")
    assert damaged.stderr == "no count tonight: check ended with 6\n"


def test_the_example_in_python_runs_and_shows_no_name(admitted: "Desk", tools: Path) -> None:
    admitted.do(f"agreement {admitted.her} --form blue", PROJECT / "examples" / "accepted" / "blue.yaml")
    admitted.do(f"agreement {admitted.her} --form blue --number S-NGO-12 --sign")
    answer = ran(admitted, tools, "python3", "-c", block("data-officers", "import "))
    assert (answer.returncode, answer.stderr) == (0, "")
    *counted, summed = answer.stdout.splitlines()
    assert len(counted) == 5
    assert all(re.fullmatch(r"\d+\t[a-z]+/[a-z-]+\t.+", line) for line in counted)
    assert re.fullmatch(r"1 signed, \d+\.\d\d som", summed)
    assert "Примерова" not in answer.stdout


@pytest.mark.program("age")
def test_a_list_for_the_data_officer_opens_with_that_key_alone(admitted: "Desk", tools: Path) -> None:
    for code, role in {"s-data": "data_officer", "s-guard": "security"}.items():
        admitted.do(f"staff add {code} --role {role}")
        admitted.do(f"staff key {code} --no-passphrase")
        admitted.do(f"staff key {code} --accept")
    made, opened = block("data-officers", "shelterctl list --format csv --for").splitlines()
    assert ran(admitted, tools, "bash", "-c", made).returncode == 0
    answer = ran(admitted, tools, "bash", "-c", opened.replace("KEY", "key.people/s-data"))
    assert (answer.returncode, answer.stdout.splitlines()[1].split(",")[0]) == (0, admitted.her)
    refused = ran(admitted, tools, "bash", "-c", opened.replace("KEY", "key.people/s-guard"))
    assert (refused.returncode, refused.stdout) == (1, "")


def test_the_revised_cap_of_the_page_holds_from_its_day(desk: "Desk") -> None:
    _, *new = block("carrying-on", "rules:").splitlines(keepends=True)
    old = "- {amount: amount, at_most: 2000, within: stay, clause: A5.2a, reading: X22}"
    draft = desk.folder / "draft"
    shutil.copytree(open_rulebook().folder, draft)
    form = draft / "tracks" / "pink.yaml"
    text = form.read_text("utf-8")
    assert text.count(old) == 1
    form.write_text(text.replace(f"      {old}\n", textwrap.indent("".join(new), " " * 4)), "utf-8")

    for day, cap in (("2026-12-31", "2000.00"), ("2027-01-01", "3000.00")):
        listed = desk.do("agreement --form pink", today=day, env={"SHELTERCTL_MANUAL": str(draft)})
        assert {row["line"]: row["limit"] for row in listed.data["rows"]}["2a"] == cap


def test_the_new_rule_of_the_page_is_printed_from_its_day(desk: "Desk") -> None:
    entry = block("carrying-on", '"14":').replace("…", "Telephones rest at night.")
    draft = desk.folder / "draft"
    shutil.copytree(open_rulebook().folder, draft)
    annex = draft / "annexes" / "shelter-rules.yaml"
    text = annex.read_text("utf-8")
    annex.write_text(text.replace("\nfoot:", "\n" + textwrap.indent(entry, "  ").rstrip() + "\nfoot:"), "utf-8")

    for day, printed in (("2026-12-31", False), ("2027-01-01", True)):
        env = {"SHELTERCTL_MANUAL": str(draft)}
        out = desk.folder / f"{day}.txt"
        assert desk.run(f"form shelter-rules --blank --lang ru --out {out}", today=day, env=env).code == 0
        assert ("Telephones rest" in out.read_text("utf-8")) is printed


FEW = 12
MOST_FILES = 110
"""Files whose functions a command may run at most: 75 of what 0.3.0 had, and what was added since, verbs among them."""

WAYS = {
    "cli/agreement": "agreement HER --form blue --from blue.yaml --check",
    "cli/admit": "admit HER --done orientation",
    "cli/entry_act": "approve HER plan --check",
}
"""What is typed, by the file in which it begins."""

EXAMPLES = PROJECT / "examples" / "accepted"


def files(beginning: str) -> list[str]:
    """The files of one way, in the order of the page."""
    return [name.strip() for name in re.split(r"[,\n]+", block("carrying-on", beginning)) if name.strip()]


def module(file: str) -> Path:
    """Where a file lies; a room with several is opened at its door."""
    return next(path for path in (SOURCE / f"{file}.py", SOURCE / file / "__init__.py") if path.is_file())


def named(file: str) -> set[str]:
    """The files that one imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(module(file).read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("shelterctl"):
            inside = "/".join((node.module or "").split(".")[1:])
            found |= {inside, *(f"{inside}/{one.name}".lstrip("/") for one in node.names)}
    return found


@pytest.mark.parametrize("beginning", WAYS)
def test_whoever_follows_a_command_opens_few_files_and_each_leads_to_the_next(beginning: str) -> None:
    way = files(beginning)
    assert len(way) <= FEW
    for number, file in enumerate(way[1:], 1):
        assert any(file in named(before) for before in way[:number]), file


@pytest.mark.parametrize("beginning", WAYS)
def test_functions_of_every_file_that_is_listed_run(beginning: str, admitted: "Desk") -> None:
    (admitted.folder / "blue.yaml").write_bytes((EXAMPLES / "blue.yaml").read_bytes())
    admitted.do(f"add {admitted.her} plan", USUAL_ENTRIES["plan"])
    words = WAYS[beginning].replace("HER", admitted.her).split()
    env = {**admitted.env, "PYTHONPATH": os.pathsep.join([str(SOURCE.parent), str(PROJECT)])}
    command = [sys.executable, "-m", "tools.measure", "route", "--", *words]
    ended = subprocess.run(command, env=env, cwd=admitted.folder, capture_output=True, text=True, check=False)
    counted, listed = ended.stderr.splitlines()[-2:]
    ran = {file.removesuffix(".py").removesuffix("/__init__") for file in listed.split(" > ")}
    assert not [file for file in files(beginning) if file not in ran], counted
    assert len(ran) <= MOST_FILES, counted


def test_the_picture_of_the_packages_is_what_the_layers_and_the_page_say() -> None:
    assert diagram.PICTURE.read_text("utf-8") == diagram.make_picture(), "run python -m tools.diagram"


@pytest.mark.parametrize("beginning", WAYS)
def test_the_page_says_the_same_in_every_language(beginning: str) -> None:
    for language in SCREEN_LANGUAGES:
        assert block("carrying-on", beginning) in blocks(written("carrying-on", language))
