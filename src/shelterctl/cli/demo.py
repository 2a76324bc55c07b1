"""shelterctl demo run: makes a store of invented clients in an empty folder and carries out a story on it with real
commands in a worker process; or plays the recording of one reception as a film. demo generate: makes a store of a full
invented house.
"""

import io
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout, suppress
from datetime import datetime
from pathlib import Path
from typing import IO, Annotated, Any, NamedTuple, Self, cast

import typer

from shelterctl import ui_language
from shelterctl.cli.options import Ctx, begin_command
from shelterctl.core.finding import FilledSentence, Outcome
from shelterctl.document.writing import format_document
from shelterctl.edition import MANUAL_VARIABLE
from shelterctl.errors import UsageError
from shelterctl.language import LabelledCode, current_language, format_sentence
from shelterctl.output import stdio
from shelterctl.platform import keyboard
from shelterctl.platform.process import file_opener_command, python_command
from shelterctl.rulebook.stories import HOUSE_STORY, StoryStep, read_story
from shelterctl.session import may_ask
from shelterctl.terminal.questions import ask_line
from shelterctl.terminal.recording import play_recording, read_recording, readable_text
from shelterctl.terminal.screen import alternate_screen, print_sentence, show_busy
from shelterctl.ui_language import LANGUAGE_VARIABLE, N_

NIGHT, RECORDED_ID = "night", "7QF2-M9KD"
"""The recording of a reception at night, and the id of her file in it."""
NIGHT_RECEPTION = {
    "identity": {"sex": "female", "birth_date": "1999-05", "first_name": "Айжан", "last_name": "Примерова"},
    "referral": {"sources": ["iom_ngo_coordinator"]},
    "received": {"at": "2026-11-24T23:40", "by": "manager", "provisional_reason": "ночь, координатор не отвечает"},
}
"""The recorded reception as a file that `admit --from` reads."""

DEMO_FOLDER_NOT_EMPTY = N_("The folder for the demonstration is not empty. Name an empty folder or a new one.")
DEMO_DONE = N_("The demonstration is in the folder {folder}: its store, and a key that opens only this store.")
DEMO_GO_ON = N_("Go on in it: shelterctl list --store {store} --identity {key}")
DEMO_FORMS = N_("The forms are in the folder {folder}. Open them with: {opener} {folder}")
DEMO_AT_NIGHT = N_("At a terminal you write no files: the program asks. Here is a reception at night, as it is typed.")
DEMO_LINES_LEFT = N_("more lines: {count}")
DEMO_STOPPED = N_("The demonstration stopped at the command above.")
DEMO_SIGNED_PAPERS = N_(
    "What is signed is printed: the pink form in Russian, in two copies, with a code to check it by."
)
DEMO_RIGHTS_IN_KYRGYZ = N_(
    "She reads Kyrgyz, so her rights are printed in Kyrgyz, as a draft until {issuer} approves the translation."
)
DEMO_HOUSE_BY_DAY = N_("How full the house was, by day.")
FILM_BEGINS = N_("This is a film; everything in it is invented. Press Ctrl-C to end it.")
FILM_ENDED = N_("The film is over. Press Enter to close it.")
FILM_WAS_INVENTED = N_("Everything in the film was invented; nothing was saved.")
FILM_NEEDS_TERMINAL = N_("The film needs a terminal. Leave --slow out to get the demonstration in lines.")
MAKING_STORE = N_("Making the store…")
MAKING_CLIENTS = N_("Writing the clients' files…")
MAKING_REGISTERS = N_("Writing the registers of the house…")
GENERATED = N_("An invented house is in the folder {folder}: clients {clients}, staff {staff}, entries {entries}.")
GENERATED_FOR_TRYING = N_(
    "Everybody in it is invented. Its key has no passphrase, so keep nothing of real people there."
)
DEMO_TODAY = "2026-11-25"
DAYS_OF_YEAR = 365
DEMO_STORY = "nasipa"
"""The story of Chapter IV that the demonstration tells."""

SHOWN_LINES = {"init": 12, "agreement": 15, "explain": 4, "discharge": 5, "monitor": 6, "house": 1, "check": 2}
"""The number of lines shown of an answer, by command; three for others, none for a step without a sentence."""

app = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True)
app.callback()(lambda: None)


@app.command(epilog="Example: shelterctl demo run")
def run(
    ctx: Ctx,
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="An empty folder for it; default: a new one.")
    ] = None,
    slow: Annotated[
        bool, typer.Option("--slow", help="Play only a reception, as a film of a person typing; Ctrl-C ends it.")
    ] = False,
) -> Outcome:
    """Make a store of invented clients, and show the main work on it with comments."""
    if slow:
        return show_film(ctx)
    # Gather.
    silent = begin_command(ctx).json
    place = _empty_folder(folder)
    forms = place / "forms"

    # Act.
    with CommandWorker(place, _demo_environment()) as servant:
        telling = StoryRun(place, servant, (lambda text: None) if silent else stdio.print_narration)
        for step in story_steps():
            telling.run_step(step)
        telling.show_night()
        forms.mkdir()
        for step in paper_steps():
            telling.run_step(step)
    said = (
        (DEMO_DONE, {"folder": place}),
        _way_into(place),
        (DEMO_FORMS, {"folder": forms, "opener": file_opener_command()}),
    )
    return Outcome(data={"folder": str(place), "forms": sorted(file.name for file in forms.iterdir())}, said=said)


@app.command(epilog="Example: shelterctl demo generate trial --years 1 --clients 40 --seed 1")
def generate(
    ctx: Ctx,
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="An empty folder for it; default: a new one.")
    ] = None,
    years: Annotated[int, typer.Option("--years", metavar="N", min=1, max=10, help="How many years.")] = 1,
    days: Annotated[
        int | None, typer.Option("--days", metavar="N", min=7, max=3660, help="How many days, in place of years.")
    ] = None,
    clients: Annotated[int, typer.Option("--clients", metavar="N", min=2, help="How many clients.")] = 40,
    houses: Annotated[int, typer.Option("--houses", metavar="N", min=1, max=10, help="In how many houses.")] = 1,
    seed: Annotated[
        int, typer.Option("--seed", metavar="N", min=0, help="A number; the same one draws the same house.")
    ] = 1,
) -> Outcome:
    """Make a store of a full house with invented clients, staff and registers, to try the program out.

    The last day is today, or --as-of.
    """
    from shelterctl.act.invented.house import (  # noqa: PLC0415 - 60 ms
        InventedHouse,
        InventedSize,
        found_store,
        require_beds,
    )

    # Gather.
    session = begin_command(ctx)
    size = InventedSize(
        clients=clients, days=days or years * DAYS_OF_YEAR, seed=seed, today=session.computer_day, houses=houses
    )
    require_beds(size)
    place = _empty_folder(folder)
    at = datetime.now().astimezone().isoformat(timespec="minutes")

    # Act.
    with show_busy(MAKING_STORE, quiet=session.json):
        house = InventedHouse(found_store(place, session.rulebook, size, at), size)
        house.register_codes()
    with show_busy(MAKING_CLIENTS, quiet=session.json):
        house.write_clients()
    with show_busy(MAKING_REGISTERS, quiet=session.json):
        house.write_registers()
    facts = {"folder": place, "clients": clients, "staff": house.staff_count, "entries": house.entry_count}
    tracks = session.rulebook.tracks
    rows = [{"track": LabelledCode(name, tracks[name].title), "count": count} for name, count in house.rows()]
    data = {**facts, "folder": str(place), "rows": rows}
    return Outcome(data=data, said=((GENERATED, facts), (GENERATED_FOR_TRYING, {}), _way_into(place)))


def _empty_folder(folder: Path | None) -> Path:
    """Return an empty folder: the one that was named, made if necessary, or a new one."""
    place = folder or Path(tempfile.mkdtemp(prefix="shelterctl-demo-"))
    place.mkdir(parents=True, exist_ok=True)
    if any(place.iterdir()):
        raise UsageError("demo/not-empty", DEMO_FOLDER_NOT_EMPTY)
    return place


def _way_into(place: Path) -> FilledSentence:
    """Return the sentence that says how to go on in the store of a demonstration."""
    store, key = ui_language.quote_path(place / "house"), ui_language.quote_path(place / "key")
    return DEMO_GO_ON, {"store": store, "key": key}


def show_film(ctx: Ctx) -> Outcome:
    """Play the recording of a reception at night, on a screen that disappears when it ends."""
    if not may_ask(begin_command(ctx)):
        raise UsageError("usage/terminal", FILM_NEEDS_TERMINAL)
    with suppress(KeyboardInterrupt), alternate_screen():
        print_sentence(FILM_BEGINS)
        with keyboard.hide_typing():  # keys that are pressed meanwhile must not show
            play_recording(read_recording(NIGHT, current_language()))
        print_sentence(FILM_ENDED)
        ask_line()
    return Outcome(said=((FILM_WAS_INVENTED, {}),))


class CommandAnswer(NamedTuple):
    """The exit code of a command, and what it printed."""

    code: int
    said: str


class CommandWorker:
    """This program in a process of its own, with its own folder and environment, and no person at a terminal."""

    def __init__(self, place: Path, around: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            python_command("-c", f"from {__name__} import serve; serve()"),
            cwd=place,
            env=around,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def run(self, words: Sequence[str]) -> CommandAnswer:
        """Run one command and return its answer."""
        asked, told = cast("IO[str]", self._process.stdin), cast("IO[str]", self._process.stdout)
        asked.write(json.dumps([*words]) + "\n")
        asked.flush()
        return CommandAnswer(*json.loads(told.readline()))


class StoryRun:
    """A story while it is carried out: it shows each command, and the answer of each step with a sentence."""

    def __init__(self, place: Path, servant: CommandWorker, tell: Callable[[str], None]) -> None:
        self.place, self.servant, self.tell = place, servant, tell
        self.ids: dict[str, str] = {}
        self.files = 0

    def run_step(self, step: StoryStep) -> None:
        """Run one real command; an exit code that the story does not expect is a bug of the program."""
        words = step.command_words(self.ids)
        store = [] if words[0] == "init" else ["--store", "house"]
        given = [] if step.input is None else ["--from", self._given(words, step.input_data(self.ids))]
        if step.sentence:
            self.tell("\n" + format_sentence(step.sentence, {}, current_language()))
        self.tell("$ shelterctl " + " ".join([*words, *(Path(each).name for each in given)]))
        answer = self.servant.run([*words, *given, *store, "--as-of", step.on])
        if answer.code != (1 if step.refused else 0):
            self.tell(answer.said)
            raise UsageError("demo/refused", DEMO_STOPPED)
        if step.sentence:
            lines = answer.said.splitlines()
            self._show(lines[-2:] if step.refused else lines, SHOWN_LINES.get(words[0], 3))
        if step.id_word:
            self.ids[step.id_word] = self._kept(words, answer)

    def show_night(self) -> None:
        """Show the last reception as a person types it at a terminal, from its recording."""
        self.tell("\n" + format_sentence(DEMO_AT_NIGHT, {}, current_language()) + "\n$ shelterctl admit")
        seen = readable_text("".join(text for _, text in read_recording(NIGHT, current_language())), current_language())
        self.tell("\n".join(f"  {line}" for line in seen.replace(RECORDED_ID, self.ids[NIGHT]).splitlines()))

    def _given(self, words: list[str], told: Any) -> str:
        """Write the file that --from reads, beside the store, where the user can read it; return its path."""
        self.files += 1
        folder = self.place / "given"
        folder.mkdir(exist_ok=True)
        file = folder / f"{self.files:02}-{words[2] if words[0] == 'add' else words[0]}.yaml"
        file.write_text(format_document(told), "utf-8")
        return f"given/{file.name}"

    def _show(self, lines: list[str], most: int) -> None:
        self.tell("\n".join("  " + line for line in lines[:most]))
        if len(lines) > most:
            left = format_sentence(DEMO_LINES_LEFT, {"count": len(lines) - most}, current_language())
            self.tell(f"  … {left}")

    def _kept(self, words: list[str], answer: CommandAnswer) -> str:
        """Return the id of what was saved: that of her file for admit, otherwise of the last entry of its track."""
        if found := re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", answer.said if words[0] == "admit" else ""):
            return found[0]
        track = words[2] if words[0] == "add" else words[0]
        told = json.loads(self.servant.run(["show", words[1], track, "--json", "--store", "house"]).said)
        return str(told["data"]["rows"][-1]["entry"])


def serve() -> None:
    """Run commands in the worker process as they come, until the input ends."""
    from shelterctl.cli.app import run_command  # noqa: PLC0415 - only the worker runs commands

    with suppress(KeyboardInterrupt):
        for line in sys.stdin:
            said = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
            with redirect_stdout(said), redirect_stderr(said):
                code = run_command(json.loads(line))
            said.seek(0)
            stdio.print_narration(json.dumps([code, said.read()]))


def story_steps() -> Iterator[StoryStep]:
    """Yield the steps of the story in the order of the work, from the first day of the house."""
    yield from read_story(HOUSE_STORY).steps
    yield from read_story(DEMO_STORY).steps
    yield StoryStep(DEMO_TODAY, "admit --new-person", input=NIGHT_RECEPTION, id_word=NIGHT)


def paper_steps() -> Iterator[StoryStep]:
    """Yield the steps that print what is signed and filed: each form filled in, and a blank one for a power cut."""
    yield StoryStep(DEMO_TODAY, "form pink ID --out forms/pink.pdf", sentence=DEMO_SIGNED_PAPERS)
    yield StoryStep(DEMO_TODAY, "form blue ID --out forms/blue.pdf")
    yield StoryStep(DEMO_TODAY, "form shelter-rules ID --out forms/shelter-rules.pdf")
    yield StoryStep(
        DEMO_TODAY, "form resident-rights ID --lang ky --out forms/resident-rights.pdf", sentence=DEMO_RIGHTS_IN_KYRGYZ
    )
    yield StoryStep(DEMO_TODAY, "form confidentiality-agreement s-gulnara --out forms/confidentiality-agreement.pdf")
    yield StoryStep(DEMO_TODAY, "monitor form ID --out forms/monitoring-report.pdf")
    yield StoryStep(DEMO_TODAY, "form blue --blank --out forms/blue-blank.pdf")
    yield StoryStep("2026-05-25", "house --months 5 --out forms/house.pdf", sentence=DEMO_HOUSE_BY_DAY)


def _demo_environment() -> dict[str, str]:
    """Return the environment of the demonstration's commands: its own key, and only the user's rulebook."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith("SHELTERCTL_")}
    named = os.environ.get(MANUAL_VARIABLE)
    rules = {MANUAL_VARIABLE: os.path.abspath(named)} if named else {}
    return {
        **variables,
        **rules,
        "SHELTERCTL_IDENTITY": "key",
        LANGUAGE_VARIABLE: current_language(),
        "PYTHONIOENCODING": "utf-8",
    }
