"""shelterctl demo run: makes a store of invented clients in an empty folder and carries out a story on it, one real
command after another, in a worker process; or plays the recording of one reception as a film.
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
from pathlib import Path
from typing import IO, Annotated, Any, NamedTuple, Self, cast

import typer

from shelterctl import ui_language
from shelterctl.cli.options import Ctx, begin_command
from shelterctl.core.finding import Outcome
from shelterctl.document.writing import format_document
from shelterctl.edition import MANUAL_VARIABLE
from shelterctl.errors import UsageError
from shelterctl.language import current_language, format_sentence
from shelterctl.output import stdio
from shelterctl.platform import keyboard
from shelterctl.platform.process import file_opener_command, python_command
from shelterctl.rulebook.stories import HOUSE_STORY, StoryStep, read_story
from shelterctl.session import may_ask
from shelterctl.terminal.questions import ask_line
from shelterctl.terminal.recording import play_recording, read_recording, readable_text
from shelterctl.terminal.screen import alternate_screen, print_sentence
from shelterctl.ui_language import LANGUAGE_VARIABLE, N_

NIGHT, RECORDED_ID = "night", "7QF2-M9KD"
"""The recording of a reception at night, and the id that her file has in it."""
NIGHT_RECEPTION = {
    "identity": {"sex": "female", "birth_date": "1999-05", "first_name": "Айжан", "last_name": "Примерова"},
    "referral": {"sources": ["iom_ngo_coordinator"]},
    "received": {"at": "2026-11-24T23:40", "by": "manager", "provisional_reason": "ночь, координатор не отвечает"},
}
"""The reception that the recording types, as a file that `admit --from` reads."""

DEMO_FOLDER_NOT_EMPTY = N_("The folder for the demonstration must be empty, or not there yet.")
DEMO_DONE = N_("The demonstration is in the folder {folder}: its store, and a key that opens nothing else.")
DEMO_GO_ON = N_("Go on in it: shelterctl list --store {store} --identity {key}")
DEMO_FORMS = N_("The forms are in the folder {folder}. Open them with: {opener} {folder}")
DEMO_AT_NIGHT = N_("At a terminal nobody writes files: the program asks. A reception at night, as it is typed.")
DEMO_STOPPED = N_("The demonstration stopped at the command above.")
DEMO_SIGNED_PAPERS = N_(
    "What is signed is printed: the pink form in Russian, two copies, with a code that says what is in it."
)
DEMO_RIGHTS_IN_KYRGYZ = N_(
    "She reads Kyrgyz: her rights are printed in it, a draft until IOM has signed the translation off."
)
DEMO_HOUSE_BY_DAY = N_("How full the house was, by day.")
FILM_BEGINS = N_("A film: everything in it is invented. Ctrl-C ends it.")
FILM_ENDED = N_("That was the film. Enter closes it.")
FILM_WAS_INVENTED = N_("Everything in the film was invented, and is gone.")
FILM_NEEDS_TERMINAL = N_(
    "The film is shown at a terminal, and here is none. Without --slow the demonstration is told in lines."
)
DEMO_TODAY = "2026-11-25"
DEMO_STORY = "nasipa"
"""Which story of Chapter IV is told."""

SHOWN_LINES = {"init": 12, "agreement": 15, "explain": 4, "discharge": 5, "monitor": 6, "house": 1, "check": 2}
"""How many lines of an answer are shown, by the command; of others three, and none of a step that says nothing."""

app = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True)
app.callback()(lambda: None)


@app.command(epilog="Example: shelterctl demo run")
def run(
    ctx: Ctx,
    folder: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="Where; default: a new folder.")] = None,
    slow: Annotated[
        bool, typer.Option("--slow", help="Only a reception, as a person types it; Ctrl-C ends the film.")
    ] = False,
) -> Outcome:
    """Make a store of invented clients and run the main job on it, narrated."""
    if slow:
        return show_film(ctx)
    # Gather.
    silent = begin_command(ctx).json
    place = folder or Path(tempfile.mkdtemp(prefix="shelterctl-demo-"))
    place.mkdir(parents=True, exist_ok=True)
    if any(place.iterdir()):
        raise UsageError("demo/not-empty", DEMO_FOLDER_NOT_EMPTY)
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
        (DEMO_GO_ON, {"store": ui_language.quote_path(place / "house"), "key": ui_language.quote_path(place / "key")}),
        (DEMO_FORMS, {"folder": forms, "opener": file_opener_command()}),
    )
    return Outcome(data={"folder": str(place), "forms": sorted(file.name for file in forms.iterdir())}, said=said)


def show_film(ctx: Ctx) -> Outcome:
    """A reception at night as a person types it, played from its recording on a screen that is gone when it ends."""
    if not may_ask(begin_command(ctx)):
        raise UsageError("usage/terminal", FILM_NEEDS_TERMINAL)
    with suppress(KeyboardInterrupt), alternate_screen():
        print_sentence(FILM_BEGINS)
        with keyboard.hide_typing():  # a key that is pressed meanwhile is no part of the picture
            play_recording(read_recording(NIGHT, current_language()))
        print_sentence(FILM_ENDED)
        ask_line()
    return Outcome(said=((FILM_WAS_INVENTED, {}),))


class CommandAnswer(NamedTuple):
    """What a command came to: its exit code, and what it said."""

    code: int
    said: str


class CommandWorker:
    """The program as it lies here, in a folder and a world of its own, where nobody sits at a terminal."""

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
        """One command as it is typed, carried out to its end."""
        asked, told = cast("IO[str]", self._process.stdin), cast("IO[str]", self._process.stdout)
        asked.write(json.dumps([*words]) + "\n")
        asked.flush()
        return CommandAnswer(*json.loads(told.readline()))


class StoryRun:
    """A story as it is carried out: each command is shown, and so is the answer of one of which something is told."""

    def __init__(self, place: Path, servant: CommandWorker, tell: Callable[[str], None]) -> None:
        self.place, self.servant, self.tell = place, servant, tell
        self.ids: dict[str, str] = {}
        self.files = 0

    def run_step(self, step: StoryStep) -> None:
        """One real command; where it does not end as its story says it would be a bug of ours."""
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
        """The last reception as a person does it: typed at a terminal, from its recording."""
        self.tell("\n" + format_sentence(DEMO_AT_NIGHT, {}, current_language()) + "\n$ shelterctl admit")
        seen = readable_text("".join(text for _, text in read_recording(NIGHT, current_language())), current_language())
        self.tell("\n".join(f"  {line}" for line in seen.replace(RECORDED_ID, self.ids[NIGHT]).splitlines()))

    def _given(self, words: list[str], told: Any) -> str:
        """The file that --from reads, beside the store, where it can be read again."""
        self.files += 1
        folder = self.place / "given"
        folder.mkdir(exist_ok=True)
        file = folder / f"{self.files:02}-{words[2] if words[0] == 'add' else words[0]}.yaml"
        file.write_text(format_document(told), "utf-8")
        return f"given/{file.name}"

    def _show(self, lines: list[str], most: int) -> None:
        self.tell("\n".join("  " + line for line in lines[:most]))
        if len(lines) > most:
            self.tell(f"  … {len(lines) - most}")

    def _kept(self, words: list[str], answer: CommandAnswer) -> str:
        """The id of what was written: of her file as it was said, of an entry the last one of its kind."""
        if found := re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", answer.said if words[0] == "admit" else ""):
            return found[0]
        track = words[2] if words[0] == "add" else words[0]
        told = json.loads(self.servant.run(["show", words[1], track, "--json", "--store", "house"]).said)
        return str(told["data"]["rows"][-1]["entry"])


def serve() -> None:
    """In that process: commands as they come, until nobody asks any more."""
    from shelterctl.cli.app import run_command  # noqa: PLC0415 - whoever only asks has it already

    with suppress(KeyboardInterrupt):
        for line in sys.stdin:
            said = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
            with redirect_stdout(said), redirect_stderr(said):
                code = run_command(json.loads(line))
            said.seek(0)
            stdio.print_narration(json.dumps([code, said.read()]))


def story_steps() -> Iterator[StoryStep]:
    """The story from the first day of the house on, in the order of the work."""
    yield from read_story(HOUSE_STORY).steps
    yield from read_story(DEMO_STORY).steps
    yield StoryStep(DEMO_TODAY, "admit --new-person", input=NIGHT_RECEPTION, id_word=NIGHT)


def paper_steps() -> Iterator[StoryStep]:
    """What is signed and filed, on paper: each form filled, and one blank for the next time that there is no power."""
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
    """The world as a command of the demonstration finds it: its own key, and of whoever runs it the rules alone."""
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
