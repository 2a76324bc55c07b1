"""The text of --version: the program's version, the edition of the manual and the languages. Imports little."""

import os
from collections.abc import Mapping, Sequence

from shelterctl import __version__
from shelterctl.ui_language import N_, PAPER_LANGUAGES, SCREEN_LANGUAGES, choose_language, requested_language

EDITION_OF_MANUAL = N_("Edition of the manual: {edition}")
LANGUAGES_ON_SCREEN = N_("On the screen: {languages}")
LANGUAGES_ON_PAPER = N_("On paper: {languages}")
LANGUAGE_IN_DRAFT = N_("{language} (draft)")
DRAFT_EXPLAINED = N_("A draft is a translation of the manual that is not signed off yet.")

LARGEST_RULEBOOK_FILE = 1 << 20
"""The largest size of a rulebook file, in bytes."""

MANUAL_VARIABLE = "SHELTERCTL_MANUAL"
"""The environment variable that names the folder of another rulebook."""

SHIPPED_MANUAL_PATH = os.path.join(os.path.dirname(__file__), "manual")
"""The folder of the shipped rulebook. It is named without pathlib, whose import takes a third of Python's own start."""


def read_edition(folder: str) -> str:
    """Return the edition of the manual whose rulebook is in *folder*; ``?`` if it names none."""
    lines = _read_lines(folder, "edition.yaml")
    return next((_value_of_line(line) for line in lines if line.startswith("edition:")), "?")


def read_languages(folder: str) -> dict[str, tuple[dict[str, str], bool]]:
    """Return the languages of a rulebook by code: the name of each in all languages, and whether its texts are a draft.

    This reads two levels of plain lines and no other YAML; a test compares it with the strict reader. Languages in
    which nothing can be printed are left out: those whose days neither the program nor the rulebook can write.
    """
    found: dict[str, tuple[dict[str, str], bool]] = {}
    printed = {*PAPER_LANGUAGES}
    code = ""
    for line in _read_lines(folder, "languages.yaml"):
        indent = len(line) - len(line.lstrip(" "))
        key = line.strip().partition(":")[0]
        if indent == 2:
            code, found[key] = key, ({}, True)
        elif indent == 4 and key == "name":
            pairs = (pair.partition(":") for pair in _value_of_line(line).strip("{}").split(","))
            found[code] = ({language.strip(): name.strip() for language, _, name in pairs}, found[code][1])
        elif indent == 4 and key in ("original", "reviewed"):
            found[code] = (found[code][0], False)
        elif indent == 4 and key == "days":
            printed.add(code)
    return {code: about for code, about in found.items() if code in printed}


def paper_languages(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the languages in which papers are printed by the rulebook in use."""
    return tuple(read_languages(environment.get(MANUAL_VARIABLE) or SHIPPED_MANUAL_PATH)) or PAPER_LANGUAGES


def version_text(arguments: Sequence[str], environment: Mapping[str, str]) -> str | None:
    """Return the text of ``--version`` in the language of the screen; None if anything else is asked."""
    asked = requested_language(arguments, environment)
    words = [word for word in arguments if word not in ("--lang", asked, f"--lang={asked}")]
    if words != ["--version"] or asked not in (None, *SCREEN_LANGUAGES):
        return None
    folder = environment.get(MANUAL_VARIABLE) or SHIPPED_MANUAL_PATH
    spoken, known = choose_language(arguments, environment), read_languages(folder)
    names = {code: name.get(spoken, code) for code, (name, _) in known.items()}
    drafts = {code for code, (_, draft) in known.items() if draft}
    titles = {
        code: _fill_sentence(LANGUAGE_IN_DRAFT, spoken, language=names[code]) if code in drafts else names[code]
        for code in known
    }
    on_screen = ", ".join(titles[code] for code in SCREEN_LANGUAGES if code in titles)
    lines = [
        f"shelterctl {__version__}",
        _fill_sentence(EDITION_OF_MANUAL, spoken, edition=read_edition(folder)),
        _fill_sentence(LANGUAGES_ON_SCREEN, spoken, languages=on_screen),
        _fill_sentence(LANGUAGES_ON_PAPER, spoken, languages=", ".join(titles.values())),
    ]
    return "\n".join([*lines, *([_fill_sentence(DRAFT_EXPLAINED, spoken)] if drafts else [])]) + "\n"


def _fill_sentence(sentence: str, spoken: str, **facts: str) -> str:
    """Return a sentence with its facts; a catalogue takes as long as Python's start and is loaded only if needed."""
    if spoken != "en":
        from shelterctl.language import translate  # noqa: PLC0415

        sentence = translate(sentence, spoken)
    return sentence.format_map(facts)


def _read_lines(folder: str, name: str) -> list[str]:
    """Return the lines of a rulebook file without blanks and comments; none if it is missing or no plain file."""
    path = os.path.join(folder, name)
    if not os.path.isfile(path):  # a named pipe would block
        return []
    try:
        with open(path, encoding="utf-8-sig") as written:
            lines = written.read(LARGEST_RULEBOOK_FILE).split("\n")
            return [line.rstrip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    except (OSError, UnicodeDecodeError):
        return []


def _value_of_line(line: str) -> str:
    return line.partition(":")[2].strip()
