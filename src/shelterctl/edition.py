"""What this is: the program's version, the edition of its manual and its languages, told before much is imported."""

import os
from collections.abc import Mapping, Sequence

from shelterctl import __version__
from shelterctl.spoken import N_, SPOKEN, chosen, named

EDITION = N_("Edition of the manual: {edition}")
SCREEN = N_("On the screen: {languages}")
PAPER = N_("On paper: {languages}")
DRAFT = N_("{language} (draft)")
DRAFTS = N_("A draft is a translation of the manual that IOM has not signed off.")

LARGEST = 1 << 20
"""So many letters of a file of the manual are read."""

SHELF = os.path.join(os.path.dirname(__file__), "manual")  # pathlib costs a third of what Python itself does


def edition(folder: str) -> str:
    """The edition of the manual in that folder."""
    return next((_value(line) for line in _lines(folder, "edition.yaml") if line.startswith("edition:")), "?")


def languages(folder: str) -> dict[str, tuple[dict[str, str], bool]]:
    """Its languages by code: how each is called in the others, and whether its texts are a draft.

    Two levels of plain lines are read here, and no other YAML; a test holds this to what the shelf reads strictly.
    """
    found: dict[str, tuple[dict[str, str], bool]] = {}
    code = ""
    for line in _lines(folder, "languages.yaml"):
        indent = len(line) - len(line.lstrip(" "))
        key = line.strip().partition(":")[0]
        if indent == 2:
            code, found[key] = key, ({}, True)
        elif indent and key == "name":
            pairs = (pair.partition(":") for pair in _value(line).strip("{}").split(","))
            found[code] = ({language.strip(): name.strip() for language, _, name in pairs}, found[code][1])
        elif indent and key in ("original", "reviewed"):
            found[code] = (found[code][0], False)
    return found


def told(arguments: Sequence[str], environment: Mapping[str, str]) -> str | None:
    """What ``--version`` says, in the language of the screen; nothing where anything else is asked."""
    asked = named(arguments, environment)
    words = [word for word in arguments if word not in ("--lang", asked, f"--lang={asked}")]
    if words != ["--version"] or asked not in (None, *SPOKEN):
        return None
    folder = environment.get("SHELTERCTL_MANUAL") or SHELF
    spoken, known = chosen(arguments, environment), languages(folder)
    names = {code: name.get(spoken, code) for code, (name, _) in known.items()}
    drafts = {code for code, (_, draft) in known.items() if draft}
    called = {code: _said(DRAFT, spoken, language=names[code]) if code in drafts else names[code] for code in known}
    lines = [
        f"shelterctl {__version__}",
        _said(EDITION, spoken, edition=edition(folder)),
        _said(SCREEN, spoken, languages=", ".join(called[code] for code in SPOKEN if code in called)),
        _said(PAPER, spoken, languages=", ".join(called.values())),
    ]
    return "\n".join([*lines, *([_said(DRAFTS, spoken)] if drafts else [])]) + "\n"


def _said(sentence: str, spoken: str, **facts: str) -> str:
    """A sentence with its facts; the catalogues, which cost as much as Python itself, only where one is needed."""
    if spoken != "en":
        from shelterctl.language import translated  # noqa: PLC0415

        sentence = translated(sentence, spoken)
    return sentence.format_map(facts)


def _lines(folder: str, name: str) -> list[str]:
    """The lines of a file of the shelf that say something; none where there is no such file, or no plain one."""
    path = os.path.join(folder, name)
    if not os.path.isfile(path):  # a pipe would keep us waiting
        return []
    try:
        with open(path, encoding="utf-8-sig") as written:
            lines = written.read(LARGEST).split("\n")
            return [line.rstrip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    except (OSError, UnicodeDecodeError):
        return []


def _value(line: str) -> str:
    return line.partition(":")[2].strip()
