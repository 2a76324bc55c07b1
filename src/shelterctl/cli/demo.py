"""shelterctl demo run: a store of invented clients, and the main job run on it, narrated."""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from shelterctl import machine, output
from shelterctl.cli import night
from shelterctl.cli.options import Ctx, desk
from shelterctl.core.finding import Outcome
from shelterctl.errors import Usage
from shelterctl.language import N_, VARIABLE, current, say
from shelterctl.library import EXAMPLES

NOT_EMPTY = N_("The folder for the demonstration must be empty, or not there yet.")
ENDED = N_("The demonstration is in the folder {folder}: its store, and a key that opens nothing else.")
TRY = N_("Go on in it: SHELTERCTL_IDENTITY={folder}/key shelterctl list --store {folder}/house")

FORMS = N_("The forms are in the folder {folder}. Open them with: {opener} {folder}")

AT_NIGHT = N_("At a terminal nobody writes files: the program asks. A reception at night, as it is typed.")

TODAY = "2026-11-25"

app = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True)
app.callback()(lambda: None)


class Scene(NamedTuple):
    """A scene of the demonstration: its command, what is told before it, and how much of the answer is shown."""

    told: str
    words: tuple[str, ...]
    lines: int = 12
    as_of: str = TODAY


def scenes() -> Iterator[Scene]:
    """The main job in the order of the work; ID stands for the client's id, known only once her file is open."""
    example = {name: str(EXAMPLES / f"{name}.yaml") for name in ("referral", "blue", "pink", "discharge")}
    yield Scene(
        N_("A house for eight is set up. Every file of it will be encrypted."),
        ("init", "house", "--shelter", "bishkek", "--capacity", "8", "--no-passphrase", "--recovery", "recovery.txt"),
    )
    yield Scene(
        N_("Its NGO and its staff are registered, by codes."), ("ngo", "add", "sezim", "--memorandum", "2026-01-15")
    )
    yield Scene("", ("staff", "add", "s-gulnara", "--role", "social_worker"))
    yield Scene("", ("staff", "add", "s-aida", "--role", "psychologist"))
    yield Scene(
        N_("A referral is taken in. Aigul is invented, as everyone here."), ("admit", "--from", example["referral"]), 6
    )
    yield Scene(
        N_("Every condition of the gate is met: she is admitted."),
        ("admit", "ID", "--complete", "--on", "2026-11-22"),
        3,
    )
    yield Scene(
        N_("The medical examination is done; a date is enough."), ("admit", "ID", "--done", "medical-examination"), 3
    )
    yield Scene(
        N_("The blue form, line by line, against the manual's caps."),
        ("agreement", "ID", "--form", "blue", "--from", example["blue"]),
        15,
    )
    yield Scene(
        N_("The pink form, and what the manual says of one of its lines."),
        ("agreement", "ID", "--form", "pink", "--from", example["pink"]),
        15,
    )
    yield Scene("", ("explain", "A5.3"), 4)
    yield Scene(
        N_("She leaves, and IOM was consulted."),
        ("discharge", "ID", "--on", "2026-11-25", "--from", example["discharge"]),
        5,
    )
    yield Scene(N_("Six months later the house is told to look after her."), ("monitor", "due"), 6, "2027-05-25")
    yield Scene(N_("At last the whole store is checked, its signatures too."), ("check",), 2, "2027-05-25")


def papers() -> Iterator[Scene]:
    """What is signed and filed, on paper: each form filled, and one blank for the next time that there is no power."""
    yield Scene(
        N_("What is signed is printed: the pink form in Russian, two copies, with a code that says what is in it."),
        ("form", "pink", "ID", "--out", "forms/pink.pdf"),
        3,
    )
    yield Scene("", ("form", "blue", "ID", "--out", "forms/blue.pdf"), 1)
    yield Scene("", ("form", "shelter-rules", "ID", "--out", "forms/shelter-rules.pdf"), 1)
    yield Scene(
        N_("She reads Kyrgyz: her rights are printed in it, a draft until IOM has signed the translation off."),
        ("form", "resident-rights", "ID", "--lang", "ky", "--out", "forms/resident-rights.pdf"),
        1,
    )
    yield Scene(
        "",
        (
            "form",
            "confidentiality-agreement",
            "s-gulnara",
            "--out",
            "forms/confidentiality-agreement.pdf",
        ),
        1,
    )
    yield Scene("", ("monitor", "form", "ID", "--out", "forms/monitoring-report.pdf"), 1, "2027-05-25")
    yield Scene("", ("form", "blue", "--blank", "--out", "forms/blue-blank.pdf"), 1)
    yield Scene(N_("How full the house was, by day."), ("house", "--out", "forms/house.pdf"), 1)


@app.command(epilog="Example: shelterctl demo run")
def run(
    ctx: Ctx,
    folder: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="Where; default: a new folder.")] = None,
) -> Outcome:
    """Make a store of invented clients and run the main job on it, narrated."""
    # Gather.
    silent = desk(ctx).json
    place = folder or Path(tempfile.mkdtemp(prefix="shelterctl-demo-"))
    place.mkdir(parents=True, exist_ok=True)
    if any(place.iterdir()):
        raise Usage("demo/not-empty", NOT_EMPTY)
    forms = place / "forms"

    # Act.
    client = ""
    for scene in scenes():
        answer = _carry_out(place, client, scene, silent)
        found = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}", answer)
        client = client or (found[0] if found and scene.words[0] == "admit" else "")
    if not silent:
        _night(place)
    forms.mkdir()
    for scene in papers():
        _carry_out(place, client, scene, silent)
    said = (
        (ENDED, {"folder": place}),
        (TRY, {"folder": place}),
        (FORMS, {"folder": forms, "opener": machine.opener()}),
    )
    return Outcome(data={"folder": str(place), "forms": sorted(file.name for file in forms.iterdir())}, said=said)


def _night(place: Path) -> None:
    """The same job as a person does it: a reception at night, typed at a terminal."""
    output.narrate("\n" + say(AT_NIGHT, {}, current()) + "\n$ shelterctl admit")
    for line in night.replay(place, _around(), TODAY):
        output.narrate("  " + say(line, {}, current()) if line == night.NO_TERMINAL else "  " + line)


def _around() -> dict[str, str]:
    """The world as a command of the demonstration finds it: its own key, and nothing of whoever runs it."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith("SHELTERCTL_")}
    return {**variables, "SHELTERCTL_IDENTITY": "key", VARIABLE: current(), "PYTHONIOENCODING": "utf-8"}


def _carry_out(place: Path, client: str, scene: Scene, silent: bool) -> str:
    """One real command in a process of its own; a refusal here would be a bug of ours."""
    words = [client if word == "ID" else word for word in scene.words]
    tell: Callable[[str], None] = (lambda text: None) if silent else output.narrate
    if scene.told:
        tell("\n" + say(scene.told, {}, current()))
    shown = [Path(word).name if word.endswith(".yaml") else word for word in words]
    tell("$ shelterctl " + " ".join(shown))
    store = () if words[0] == "init" else ("--store", "house")
    done = subprocess.run(  # noqa: S603 - our own program, with words of our own
        [sys.executable, "-m", "shelterctl", *words, *store, "--as-of", scene.as_of],
        cwd=place,
        env=_around(),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        tell(done.stdout + done.stderr)
        raise Usage("demo/refused", N_("The demonstration stopped at the command above."))
    lines = done.stdout.splitlines()
    tell("\n".join("  " + line for line in lines[: scene.lines]))
    if len(lines) > scene.lines:
        tell(f"  … {len(lines) - scene.lines}")
    return done.stdout
