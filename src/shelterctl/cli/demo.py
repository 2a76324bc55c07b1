"""shelterctl demo run: a store of invented clients, and a story of the manual told on it, command by command."""

import json
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import typer

from shelterctl import ask, document, machine, output, screen, spoken
from shelterctl.cli import night
from shelterctl.cli.options import Ctx, desk
from shelterctl.cli.servant import Answer, Servant
from shelterctl.core.finding import Outcome
from shelterctl.desk import walked
from shelterctl.errors import Usage
from shelterctl.language import N_, VARIABLE, current, say
from shelterctl.library.opening import MANUAL
from shelterctl.library.story import HOUSE, Step, read_story

NOT_EMPTY = N_("The folder for the demonstration must be empty, or not there yet.")
ENDED = N_("The demonstration is in the folder {folder}: its store, and a key that opens nothing else.")
TRY = N_("Go on in it: shelterctl list --store {store} --identity {key}")

FORMS = N_("The forms are in the folder {folder}. Open them with: {opener} {folder}")

AT_NIGHT = N_("At a terminal nobody writes files: the program asks. A reception at night, as it is typed.")

MAKING = N_("An invented house is made for the film. Ctrl-C ends it…")
OVER = N_("That was the film. Enter closes it.")
SEEN = N_("Everything in the film was invented, and is gone.")
NO_SCREEN = N_("The film is shown at a terminal, and here is none. Without --slow the demonstration is told in lines.")

TODAY = "2026-11-25"

STORY = "nasipa"
"""Which story of Chapter IV is told."""

SHOWN = {"init": 12, "agreement": 15, "explain": 4, "discharge": 5, "monitor": 6, "house": 1, "check": 2}
"""How many lines of an answer are shown, by the command; of others three, and none of a step that says nothing."""

app = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True)
app.callback()(lambda: None)


def scenes() -> Iterator[Step]:
    """The story from the first day of the house on, in the order of the work."""
    yield from read_story(HOUSE).steps
    yield from read_story(STORY).steps


def papers() -> Iterator[Step]:
    """What is signed and filed, on paper: each form filled, and one blank for the next time that there is no power."""
    signed = N_("What is signed is printed: the pink form in Russian, two copies, with a code that says what is in it.")
    hers = N_("She reads Kyrgyz: her rights are printed in it, a draft until IOM has signed the translation off.")
    yield Step(TODAY, "form pink ID --out forms/pink.pdf", says=signed)
    yield Step(TODAY, "form blue ID --out forms/blue.pdf")
    yield Step(TODAY, "form shelter-rules ID --out forms/shelter-rules.pdf")
    yield Step(TODAY, "form resident-rights ID --lang ky --out forms/resident-rights.pdf", says=hers)
    yield Step(TODAY, "form confidentiality-agreement s-gulnara --out forms/confidentiality-agreement.pdf")
    yield Step(TODAY, "monitor form ID --out forms/monitoring-report.pdf")
    yield Step(TODAY, "form blue --blank --out forms/blue-blank.pdf")
    yield Step("2026-05-25", "house --months 5 --out forms/house.pdf", says=N_("How full the house was, by day."))


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
        return film(ctx)
    # Gather.
    silent = desk(ctx).json
    place = folder or Path(tempfile.mkdtemp(prefix="shelterctl-demo-"))
    place.mkdir(parents=True, exist_ok=True)
    if any(place.iterdir()):
        raise Usage("demo/not-empty", NOT_EMPTY)
    forms = place / "forms"

    # Act.
    with Servant(place, _around()) as servant:
        telling = Telling(place, servant, (lambda text: None) if silent else output.narrate)
        for step in scenes():
            telling.carry_out(step)
        if not silent:
            _night(place)
        forms.mkdir()
        for step in papers():
            telling.carry_out(step)
    said = (
        (ENDED, {"folder": place}),
        (TRY, {"store": spoken.quoted(place / "house"), "key": spoken.quoted(place / "key")}),
        (FORMS, {"folder": forms, "opener": machine.opener()}),
    )
    return Outcome(data={"folder": str(place), "forms": sorted(file.name for file in forms.iterdir())}, said=said)


def film(ctx: Ctx) -> Outcome:
    """A reception at night as a person types it, on a screen of its own; what it was made of is gone when it ends."""
    if not walked(desk(ctx)):
        raise Usage("usage/terminal", NO_SCREEN)
    with tempfile.TemporaryDirectory(prefix="shelterctl-film-") as folder, suppress(KeyboardInterrupt):
        place = Path(folder)
        with screen.busy(MAKING), Servant(place, _around()) as servant:
            telling = Telling(place, servant, lambda text: None)
            for step in read_story(HOUSE).steps:
                telling.carry_out(step)
        with screen.alone():
            with machine.unshown():  # a key that is pressed meanwhile is no part of the picture
                for piece in night.film(place, _around(), TODAY):
                    output.pour(piece)
            screen.tell(OVER)
            ask.line()
    return Outcome(said=((SEEN, {}),))


class Telling:
    """A story as it is carried out: each command is shown, and so is the answer of one of which something is told."""

    def __init__(self, place: Path, servant: Servant, tell: Callable[[str], None]) -> None:
        self.place, self.servant, self.tell = place, servant, tell
        self.ids: dict[str, str] = {}
        self.files = 0

    def carry_out(self, step: Step) -> None:
        """One real command; where it does not end as its story says it would be a bug of ours."""
        words = step.words(self.ids)
        store = [] if words[0] == "init" else ["--store", "house"]
        given = [] if step.given is None else ["--from", self._given(words, step.told(self.ids))]
        if step.says:
            self.tell("\n" + say(step.says, {}, current()))
        self.tell("$ shelterctl " + " ".join([*words, *(Path(each).name for each in given)]))
        answer = self.servant.answer([*words, *given, *store, "--as-of", step.on])
        if answer.code != (1 if step.refused else 0):
            self.tell(answer.said)
            raise Usage("demo/refused", N_("The demonstration stopped at the command above."))
        if step.says:
            lines = answer.said.splitlines()
            self._show(lines[-2:] if step.refused else lines, SHOWN.get(words[0], 3))
        if step.keeps:
            self.ids[step.keeps] = self._kept(words, answer)

    def _given(self, words: list[str], told: Any) -> str:
        """The file that --from reads, beside the store, where it can be read again."""
        self.files += 1
        folder = self.place / "given"
        folder.mkdir(exist_ok=True)
        file = folder / f"{self.files:02}-{words[2] if words[0] == 'add' else words[0]}.yaml"
        file.write_text(document.write(told), "utf-8")
        return f"given/{file.name}"

    def _show(self, lines: list[str], most: int) -> None:
        self.tell("\n".join("  " + line for line in lines[:most]))
        if len(lines) > most:
            self.tell(f"  … {len(lines) - most}")

    def _kept(self, words: list[str], answer: Answer) -> str:
        """The id of what was written: of her file as it was said, of an entry the last one of its kind."""
        if found := re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", answer.said if words[0] == "admit" else ""):
            return found[0]
        track = words[2] if words[0] == "add" else words[0]
        told = json.loads(self.servant.answer(["show", words[1], track, "--json", "--store", "house"]).said)
        return str(told["data"]["rows"][-1]["entry"])


def _night(place: Path) -> None:
    """The same job as a person does it: a reception at night, typed at a terminal."""
    output.narrate("\n" + say(AT_NIGHT, {}, current()) + "\n$ shelterctl admit")
    for line in night.replay(place, _around(), TODAY):
        output.narrate("  " + say(line, {}, current()) if line == night.NO_TERMINAL else "  " + line)


def _around() -> dict[str, str]:
    """The world as a command of the demonstration finds it: its own key, and of whoever runs it the rules alone."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith("SHELTERCTL_")}
    named = os.environ.get(MANUAL)
    rules = {MANUAL: os.path.abspath(named)} if named else {}
    return {**variables, **rules, "SHELTERCTL_IDENTITY": "key", VARIABLE: current(), "PYTHONIOENCODING": "utf-8"}
