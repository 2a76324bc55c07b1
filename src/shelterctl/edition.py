"""What this is: the program's version, the edition of its manual and its languages, told before much is imported."""

import os
from collections.abc import Mapping, Sequence

from shelterctl import __version__
from shelterctl.ui_language import N_, PAPER_LANGUAGES, SCREEN_LANGUAGES, choose_language, requested_language

EDITION_OF_MANUAL = N_("Edition of the manual: {edition}")
LANGUAGES_ON_SCREEN = N_("On the screen: {languages}")
LANGUAGES_ON_PAPER = N_("On paper: {languages}")
LANGUAGE_IN_DRAFT = N_("{language} (draft)")
DRAFT_EXPLAINED = N_("A draft is a translation of the manual that IOM has not signed off.")

LARGEST_RULEBOOK_FILE = 1 << 20
"""Bytes that a file of the rulebook may have: more than a record, since its texts are written in three languages."""

MANUAL_VARIABLE = "SHELTERCTL_MANUAL"
"""The environment variable that names the folder of another rulebook."""

SHIPPED_MANUAL_PATH = os.path.join(os.path.dirname(__file__), "manual")
"""The folder of the shipped manual; named without pathlib, whose import costs a third of Python's own start."""


def read_edition(folder: str) -> str:
    """The edition of the manual in that folder."""
    lines = _read_lines(folder, "edition.yaml")
    return next((_value_of_line(line) for line in lines if line.startswith("edition:")), "?")


def read_languages(folder: str) -> dict[str, tuple[dict[str, str], bool]]:
    """Its languages by code: how each is called in the others, and whether its texts are a draft.

    Two levels of plain lines are read here, and no other YAML; a test holds this to what the shelf reads strictly. A
    language in which nothing can be printed is left out.
    """
    found: dict[str, tuple[dict[str, str], bool]] = {}
    code = ""
    for line in _read_lines(folder, "languages.yaml"):
        indent = len(line) - len(line.lstrip(" "))
        key = line.strip().partition(":")[0]
        if indent == 2:
            code, found[key] = key, ({}, True)
        elif indent and key == "name":
            pairs = (pair.partition(":") for pair in _value_of_line(line).strip("{}").split(","))
            found[code] = ({language.strip(): name.strip() for language, _, name in pairs}, found[code][1])
        elif indent and key in ("original", "reviewed"):
            found[code] = (found[code][0], False)
    return {code: about for code, about in found.items() if code in PAPER_LANGUAGES}


def version_text(arguments: Sequence[str], environment: Mapping[str, str]) -> str | None:
    """What ``--version`` says, in the language of the screen; nothing where anything else is asked."""
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
    """A sentence with its facts; the catalogues, which cost as much as Python itself, only where one is needed."""
    if spoken != "en":
        from shelterctl.language import translate  # noqa: PLC0415

        sentence = translate(sentence, spoken)
    return sentence.format_map(facts)


def _read_lines(folder: str, name: str) -> list[str]:
    """The lines of a file of the shelf that say something; none where there is no such file, or no plain one."""
    path = os.path.join(folder, name)
    if not os.path.isfile(path):  # a pipe would keep us waiting
        return []
    try:
        with open(path, encoding="utf-8-sig") as written:
            lines = written.read(LARGEST_RULEBOOK_FILE).split("\n")
            return [line.rstrip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    except (OSError, UnicodeDecodeError):
        return []


def _value_of_line(line: str) -> str:
    return line.partition(":")[2].strip()
