"""How fast the tool is, as ratios measured in one run: ``make bench``. Never a test: machines are noisy."""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

EXAMPLES = Path(__file__).parent.parent / "examples" / "accepted"
ROUNDS = 15
CLIENTS = 1000
TODAY = "2026-11-25"
EXAMPLE = ("referral", "monitoring-report")
Row = tuple[str, float, float | None, float | None]
"""What was measured, its milliseconds, against what it is held, and the ratio that it should not pass."""


def median(act: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The median time of an act in milliseconds, after one that is not counted."""
    act()
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        act()
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


def process(*words: str, **variables: str) -> Callable[[], object]:
    """A whole process, its output thrown away."""
    return lambda: subprocess.run(words, capture_output=True, check=False, env={**os.environ, **variables})


def main() -> None:
    """Measure, and print one table."""
    folder = Path(tempfile.mkdtemp())
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its bytecode
    os.environ |= {"SHELTERCTL_IDENTITY": str(folder / "key"), "SHELTERCTL_STORE": str(folder / "house")}
    python = sys.executable
    tool = (python, "-m", "shelterctl")
    subprocess.run(
        [
            *tool,
            "init",
            str(folder / "house"),
            "--shelter",
            "bishkek",
            "--no-passphrase",
            "--recovery",
            str(folder / "paper"),
        ],
        check=True,
        capture_output=True,
    )
    subprocess.run([*tool, "admit", "--from", str(EXAMPLES / "referral.yaml")], check=True, capture_output=True)
    name = next((folder / "house" / "residents").glob("*.age"))
    id_ = name.name.removesuffix(".yaml.age")

    bare = median(process(python, "-c", "pass"))
    typer = median(process(python, "-c", "import typer"))
    rows = [
        ("python -c pass", bare, None, None),
        ("import typer", typer, None, None),
        ("--version", median(process(*tool, "--version")), bare, 2.0),
        ("--help", median(process(*tool, "--help")), typer, 1.5),
        ("admit ID", median(process(*tool, "admit", id_)), typer, 3.0),
        (
            "agreement --check",
            median(
                process(*tool, "agreement", id_, "--form", "blue", "--from", str(EXAMPLES / "blue.yaml"), "--check")
            ),
            typer,
            3.0,
        ),
    ]
    rows += in_process(name, id_)
    rows += on_paper(folder, tool, id_, typer)
    rows += by_hand(folder, name)
    rows += at_a_terminal(folder, typer)
    print(f"{'what':44}{'ms':>9}{'ratio':>8}{'target':>8}")  # noqa: T201
    for what, took, against, target in rows:
        ratio = f"{took / against:8.2f}" if against else " " * 8
        print(f"{what:44}{took:9.3f}{ratio}{f'{target:8.1f}' if target else ''}")  # noqa: T201
    shutil.rmtree(folder)


def on_paper(folder: Path, tool: tuple[str, ...], id_: str, typer: float) -> list[Row]:
    """A form to PDF: blank and filled in a process of its own, a hundred in one, and what Typst alone takes of that."""
    from shelterctl.paper import agreement
    from shelterctl.paper.request import Request
    from shelterctl.press import Medium, paper, press

    given = ("agreement", id_, "--form", "blue", "--from", str(EXAMPLES / "blue.yaml"))
    subprocess.run([*tool, *given], check=True, capture_output=True)
    out = ("--out", str(folder / "form.pdf"), "--overwrite")
    blank = median(process(*tool, "form", "blue", "--blank", *out))
    filled = median(process(*tool, "form", "blue", id_, *out))
    desk = here()
    her, _ = desk.store.client(id_)
    form, facts = desk.shelf.form("blue"), her.agreements[0]

    def made(number: int) -> Any:
        """One form, other than every one before it: Typst keeps what it has set already."""
        wanted = Request("blue", ("en", "ru", "ky")[number % 3])
        return agreement.filled(desk, her, form, {**facts, "number": f"S-NGO-{number}"}, wanted).sheets

    numbers = iter(range(10**6))
    sheets = made(next(numbers))

    def anew() -> None:
        """One compile from nothing."""
        paper._compiler.cache_clear()
        press(sheets, Medium.PDF)

    alone = median(anew, 30)
    hundred = median(lambda: press(made(next(numbers)), Medium.PDF), 100)
    return [
        ("form blue --blank to PDF", blank, typer, 4.0),
        ("form blue ID to PDF", filled, typer, 4.0),
        ("one compile by Typst, nothing kept", alone, None, None),
        ("a form of a hundred in one process", hundred, 25.0, 1.0),
    ]


def in_process(name: Path, id_: str) -> list[Row]:
    """One record in a running process: opened and parsed, and checked against the manual."""
    from shelterctl import document
    from shelterctl.act.judgement import judged_record

    desk = here()
    store = desk.store
    sealed = name.read_bytes()
    floor = median(lambda: document.read(store.identity.open(sealed)), 400)
    whole = median(lambda: judged_record(desk, store.client(id_)[0]), 400)
    return [
        ("decrypt + strict parse, a record", floor, None, None),
        ("check, a record in one process", whole, floor, 2.5),
    ]


def at_a_terminal(folder: Path, typer: float) -> list[Row]:
    """What a person waits for: the first question, the next one, and the menu of a house with many files."""
    first, between = [], []
    for number in range(ROUNDS):
        begun, *answered = waits(folder, "admit", *reception(number))
        first.append(begun)
        between += answered
    rows: list[Row] = [
        ("admit, to its first question", statistics.median(first), typer, 4.0),
        ("admit, from an answer to the next question", statistics.median(between), 100.0, 1.0),
    ]
    fill(CLIENTS)
    floor = median(open_all, 5)
    return [
        *rows,
        (f"decrypt + strict parse, {CLIENTS} records", floor, None, None),
        (f"menu of {CLIENTS} clients, to its first screen", median_of(lambda: waits(folder)[0], 5), floor, 3.0),
        (f"admit among {CLIENTS}, to its first question", median_of(lambda: waits(folder, "admit")[0], 5), typer, 4.0),
        (
            f"admit among {CLIENTS}, to the next, the slowest",
            max(waits(folder, "admit", *reception(ROUNDS))[1:]),
            None,
            None,
        ),
        (f"the night's work of help data-officers, {CLIENTS}", night(folder), floor, 25.0),
    ]


def night(folder: Path) -> float:
    """The script of the page, run once as a data officer runs it, in ms."""
    from test_docs import block

    (folder / "night.sh").write_text(block("data-officers", "set -euo"), "utf-8")
    (folder / "usb").mkdir()
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])
    begun = time.perf_counter()
    words = ("bash", "-e", "night.sh", "tonight", "usb")
    done = subprocess.run(words, cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return (time.perf_counter() - begun) * 1000


def reception(number: int) -> tuple[str, ...]:
    """A reception as it is typed: eight answers, each saved; nobody like her is known."""
    name = f"Nobody-{number}-{time.time_ns()}"
    return "1", "03.1999", "2", "24.11 21:30", "at night", "Invented", name, "no"


def median_of(measured: Callable[[], float], rounds: int) -> float:
    """The median of what an act measures by itself."""
    return statistics.median(measured() for _ in range(rounds))


def waits(folder: Path, *words: str) -> list[float]:
    """A command at a terminal of its own, with answers typed to it: for how long a person waits each time, in ms."""
    from shelterctl import replay

    command = [sys.executable, "-m", "shelterctl", *words[:1], *(["--as-of", TODAY] if words else [])]
    screen = {**os.environ, "TERM": "xterm", "SHELTERCTL_LANG": "en"}
    took, begun = [], time.perf_counter()
    for seen in replay.replayed(command, words[1:], cwd=folder, env=screen):
        took.append((time.perf_counter() - begun - replay._SETTLED) * 1000)  # it takes that long to see that it waits
        begun = time.perf_counter()
        if isinstance(seen, replay.Ended):
            return took[:-1]
    return took


def here() -> Any:
    """The desk of this store, in this process."""
    from shelterctl.desk import Desk

    known = ("store", "identity")
    return Desk({f"shelterctl.{name}": os.environ[f"SHELTERCTL_{name.upper()}"] for name in known})


def open_all() -> None:
    """Every file of the store opened and parsed, with nothing of it checked."""
    from shelterctl import document

    key = here().key
    for file in sorted((Path(os.environ["SHELTERCTL_STORE"]) / "residents").glob("*.age")):
        document.read(key.open(file.read_bytes()))


def fill(clients: int) -> None:
    """Invented clients in one act: most of them long discharged and asked how they are, some in the house."""
    from shelterctl import document, store

    desk = here()
    read = {name: document.read((EXAMPLES / f"{name}.yaml").read_bytes()).value for name in EXAMPLE}
    changes = [
        (store.file_of(str(record["id"])), record, None)
        for number in range(clients)
        for record in [invented(desk, number, read, inside=number < 8)]
    ]
    desk.write(changes, "admit")


def invented(desk: Any, number: int, read: dict[str, Any], *, inside: bool) -> dict[str, Any]:
    """One client who does not exist, with the file of one who does: a referral, a stay, and what came after it."""
    from shelterctl import store
    from shelterctl.act.file import merged
    from shelterctl.act.input import Input

    blank = {"schema": "resident/1", "id": store.new_id(), "identity": {}, "stays": []}
    record: dict[str, Any] = deepcopy(dict(merged(desk, blank, Input(read["referral"], (), None)).record))
    record["identity"] |= {"first_name": f"Invented {number}", "last_name": f"Nobody {number}"}
    stay = record["stays"][0]
    stay["admission"]["admitted_on"] = "2026-11-22"
    if not inside:
        stay["referral"]["received_at"] = "2025-01-10T12:00+06:00"
        stay["admission"]["admitted_on"], stay["discharge"] = "2025-01-12", {"on": "2025-03-12"}
        stay["monitoring"] = {
            "reports": [{"id": store.new_entry_id(), **read["monitoring-report"], "date": "2025-10-01"}]
        }
    return record


def by_hand(folder: Path, name: Path) -> list[Row]:
    """What a user would do without the tool: age on the command line; and age with PyYAML and jsonschema."""
    if shutil.which("age") is None:
        return []
    age = median(process("age", "-d", "-i", str(folder / "key"), str(name)))
    script = """
import sys, json, yaml, jsonschema, pyrage
key = [line for line in open(sys.argv[1]).read().split() if line.startswith("AGE-")][0]
opened = pyrage.decrypt(open(sys.argv[2], "rb").read(), [pyrage.x25519.Identity.from_str(key)])
jsonschema.Draft202012Validator(json.load(open(sys.argv[3]))).is_valid(yaml.safe_load(opened))
"""
    schema = EXAMPLES.parent.parent / "schemas" / "resident.schema.json"
    loop = median(process(sys.executable, "-c", script, str(folder / "key"), str(name), str(schema)))
    return [
        ("by hand: age -d, a process a record", age, None, None),
        ("by hand: age + PyYAML + jsonschema", loop, None, None),
    ]


if __name__ == "__main__":
    main()
