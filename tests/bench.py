"""How fast the tool is, as ratios measured in one run: ``make bench``. Never a test: machines are noisy."""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

EXAMPLES = Path(__file__).parent.parent / "examples" / "accepted"
ROUNDS = 15


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
        [*tool, "init", str(folder / "house"), "--shelter", "bishkek", "--no-passphrase"],
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
    rows += by_hand(folder, name)
    print(f"{'what':44}{'ms':>9}{'ratio':>8}{'target':>8}")  # noqa: T201
    for what, took, against, target in rows:
        ratio = f"{took / against:8.2f}" if against else " " * 8
        print(f"{what:44}{took:9.3f}{ratio}{f'{target:8.1f}' if target else ''}")  # noqa: T201
    shutil.rmtree(folder)


def in_process(name: Path, id_: str) -> list[tuple[str, float, float | None, float | None]]:
    """One record in a running process: opened and parsed, and checked against the manual."""
    from shelterctl import document
    from shelterctl.cli.check import judged_record
    from shelterctl.cli.options import Desk

    here = Desk(
        {"shelterctl.store": os.environ["SHELTERCTL_STORE"], "shelterctl.identity": os.environ["SHELTERCTL_IDENTITY"]}
    )
    store = here.store
    sealed = name.read_bytes()
    floor = median(lambda: document.read(store.identity.open(sealed)), 400)
    whole = median(lambda: judged_record(here, store.client(id_)[0]), 400)
    return [
        ("decrypt + strict parse, a record", floor, None, None),
        ("check, a record in one process", whole, floor, 2.5),
    ]


def by_hand(folder: Path, name: Path) -> list[tuple[str, float, float | None, float | None]]:
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
