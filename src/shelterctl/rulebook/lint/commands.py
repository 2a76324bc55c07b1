"""Checks of commands: names that become commands (acts on entries, registers) must be free and easy to type, and a
sentence that tells people what to type names tracks, forms and items that exist.

`cli.commands` makes each command from its track; there is no other list of them.
"""

import itertools
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from shelterctl.core.manual.track import Track
from shelterctl.errors import BrokenRulebook
from shelterctl.rulebook.files import RulebookFile, pointer_below
from shelterctl.ui_language import N_

if TYPE_CHECKING:
    from shelterctl.rulebook.rulebook import Rulebook

COMMANDS_OF_PROGRAM = frozenset({
    "menu", "init", "admit", "add", "show", "list", "find", "house", "due", "check", "backup", "restore", "trust",
    "device", "rekey", "recovery", "repair", "passphrase", "void", "agreement", "agreements", "correct", "terminate",
    "form", "paper", "discharge", "monitor", "schema", "explain", "help", "completion", "demo", "roles", "who-can-read",
    "report", "today", "coverage", "rules", "export", "query", "import", "hub", "publish",
})  # fmt: skip
"""Commands that are not made from a track (a test compares them with `COMMAND_SUMMARIES`)."""

SHEETS_OF_PROGRAM = ("list", "pack", "monitoring-report")
"""Papers that can be printed besides forms, annexes and sheets of tracks (a test compares them with `paper.request`).
"""

REGISTER_TASKS = ("add", "list", "end", "key")
"""The commands of a register, behind its name."""

COMMAND_NAME = re.compile("[a-z][a-z0-9-]{0,31}")

NAME_IS_COMMAND = N_("{name} is already the name of a command, or of something else here; choose another one")
ANNEX_NAMED_LIKE_TRACK = N_(
    "{name} is also a track, so form {name} could print only one of the two; rename the annex and its file"
)
NAME_CANNOT_BE_TYPED = N_(
    "this becomes a command; use small Latin letters, digits and hyphens, beginning with a letter"
)


def check_command_names(
    files: Mapping[str, RulebookFile], tracks: Mapping[str, Track], acts_of_program: Collection[str]
) -> None:
    """Collect an error for each act on entries and each register whose name is taken, or cannot be typed.

    *acts_of_program* are acts on no entry; rules name them too.
    """
    registers = {name for name, track in tracks.items() if track.is_coded}
    for name, track in tracks.items():
        if name in registers:
            files[name].collect(_check_name, files[name], "/track", name, COMMANDS_OF_PROGRAM)
        for act in track.entry_acts:
            taken = {*COMMANDS_OF_PROGRAM, *acts_of_program, *registers}
            files[name].collect(_check_name, files[name], pointer_below("/acts", act), act, taken)


def check_form_names(
    annexes: Mapping[str, RulebookFile],
    forms: Collection[str],
    files: Mapping[str, RulebookFile],
    tracks: Mapping[str, Track],
) -> None:
    """Collect an error for each annex or form whose name is that of a command, or of something else that is printed."""
    registers = {name for name, track in tracks.items() if track.is_coded}
    acts = {act for track in tracks.values() for act in track.entry_acts}
    taken = {*COMMANDS_OF_PROGRAM, *SHEETS_OF_PROGRAM, *registers, *acts}
    for name in forms:
        if name in taken and name not in registers:
            files[name].errors.append(files[name].error_at("twice", "/track", NAME_IS_COMMAND, name=name))
    for name, file in annexes.items():
        if name in tracks:
            file.errors.append(file.error_at("twice", "/annex", ANNEX_NAMED_LIKE_TRACK, name=name))
        elif name in taken:
            file.errors.append(file.error_at("twice", "/annex", NAME_IS_COMMAND, name=name))


def check_paper_names(files: Mapping[str, RulebookFile], tracks: Mapping[str, Track], annexes: Collection[str]) -> None:
    """Collect an error for each further paper whose name is that of something else that is printed, or a command."""
    taken = {*COMMANDS_OF_PROGRAM, *SHEETS_OF_PROGRAM, *annexes, *tracks}
    for name, track in tracks.items():
        for paper in track.papers:
            files[name].collect(_check_name, files[name], pointer_below("/papers", paper), paper, taken)
            taken.add(paper)


def _check_name(file: RulebookFile, place: str, name: str, taken: Collection[str]) -> None:
    if not COMMAND_NAME.fullmatch(name):
        raise file.error_at("shape", place, NAME_CANNOT_BE_TYPED)
    if name in taken:
        raise file.error_at("twice", place, NAME_IS_COMMAND, name=name)


class TypedNames:
    """The commands of a rulebook, with the names that may follow each."""

    def __init__(self, rulebook: "Rulebook") -> None:
        tracks = rulebook.tracks
        registers = [name for name, track in tracks.items() if track.is_coded]
        acts: dict[str, list[str]] = {}
        for name, track in tracks.items():
            for act in track.entry_acts:
                acts.setdefault(act, []).append(name)
        self.commands = {*COMMANDS_OF_PROGRAM, *registers, *acts}
        names = [*rulebook.track_names]
        printed = [*rulebook.forms, *rulebook.annex_names, *SHEETS_OF_PROGRAM, *rulebook.papers, *names]
        self.by_place: Mapping[tuple[str, int], Collection[str]] = {
            ("add", 2): names, ("show", 2): names,
            ("list", 1): [name for name, track in tracks.items() if track.of_register], ("form", 1): printed,
            ("report", 1): [*rulebook.house_reports, "list"], ("publish", 1): [*rulebook.plans],
            **{(name, 1): REGISTER_TASKS for name in registers},
            **{(act, 2): with_act for act, with_act in acts.items()},
        }  # fmt: skip
        self.by_option = {"--form": [*rulebook.forms], "--done": [*rulebook.items]}
        behind_id = "|".join(sorted((command for command, at in self.by_place if at == 2), key=len, reverse=True))
        before = rf"(?P<behind_id>{behind_id}) [A-Z]{{2,}}|(?P<option>--form|--done)|(?P<printed>form)"
        self._in_sentence = re.compile(rf"(?<![\w-])(?:{before}) {NAME_IN_SENTENCE}")

    def find_in_command(self, words: list[str]) -> Iterator[tuple[str, Collection[str]]]:
        """Yield each name in the words of a command, with those known there; a word in capitals is a placeholder."""
        for number, word in enumerate(_without_options(words)):
            if word and not word.isupper() and (known := self.by_place.get((words[0], number))):
                yield word, known
        for option, word in itertools.pairwise(words):
            if option in self.by_option and not word.isupper():
                yield word, self.by_option[option]

    def find_in_sentence(self, sentence: str) -> Iterator[tuple[str, Collection[str]]]:
        """Yield each name that a sentence tells people to type, as in ``add ID risk``, with those known there.

        A sentence may go on after ``show ID``, so its name is the last word before a pause; the word ``form`` is a
        command only if an id, a code or an option follows the name.
        """
        for found in self._in_sentence.finditer(sentence):
            command, option = found["behind_id"], found["option"]
            goes_on = BEHIND_NAME.get(command or found["printed"] or "")
            if goes_on and not goes_on.match(sentence, found.end()):
                continue
            known = self.by_option[option] if option else self.by_place[(command, 2) if command else ("form", 1)]
            yield found["name"], known


NAME_IN_SENTENCE = "(?P<name>[a-z](?:[a-z0-9-]*[a-z0-9])?)"
BEHIND_NAME = {"show": re.compile(r"[^\w\s]|$| --[a-z]"), "form": re.compile(" (?:ID|CODE|--[a-z])")}
"""The signs that follow a name behind a word that need not be a command, by that word."""


def _without_options(words: Iterable[str]) -> Iterator[str]:
    """Yield the words before the first option; what follows may be its value."""
    for word in words:
        if word.startswith("-"):
            return
        yield word


def find_slips_of_sentences(rulebook: "Rulebook", names: Iterable[str]) -> list[BrokenRulebook]:
    """Return a slip for each sentence in the files with these *names* that tells people to type an unknown name."""
    typed, slips = TypedNames(rulebook), list[BrokenRulebook]()
    for file in map(rulebook.read_file, names):
        for place, sentence in _list_sentences(file.value, ""):
            unknown = ((word, known) for word, known in typed.find_in_sentence(sentence) if word not in known)
            slips += [file.unknown_word_error(place, word, known) for word, known in unknown]
    return slips


def _list_sentences(value: Any, place: str) -> Iterator[tuple[str, str]]:
    """Yield every text of several words below *place*, with its JSON pointer."""
    if isinstance(value, str):
        yield from [(place, value)] if " " in value else ()
        return
    below = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for key, each in below:
        yield from _list_sentences(each, pointer_below(place, key))
