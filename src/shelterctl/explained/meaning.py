"""What a name of the manual means: a clause, a reading, a line of a form, a state or a deadline."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from shelterctl.core.finding import Outcome
from shelterctl.core.ruling import Ruling, in_force
from shelterctl.core.track import Part as Line
from shelterctl.core.track import Track
from shelterctl.explained.layout import (
    MEANS,
    NEXT,
    PRINTED,
    READ,
    SEE,
    TOOL,
    Part,
    example,
    layout,
    named,
    quoted,
    text,
)
from shelterctl.language import N_
from shelterctl.library import Shelf
from shelterctl.view import blank

LINE = N_("Line {line} of the {form}: {text}")
KEYS = N_("Beside the amount: {keys}. Those with * must be there.")


def clause(shelf: Shelf, name: str, day: date) -> Outcome:
    """What the manual says at a clause, what the tool does about it, and the lines of forms that rest on it."""
    known = shelf.clauses[name]
    resting = [
        (form, line)
        for form, line in lines(shelf).values()
        if form.standing(line.number, day) and line.clause(day) == name
    ]
    readings = [{"reading": one, **it} for one, it in shelf.readings.items() if name in it["clauses"]]
    duties = {one: it["text"] for one, it in shelf.duties.items() if _asked(shelf, one, day).get("clause") == name}
    prose = layout(
        name,
        known["heading"],
        quoted(known["text"]),
        _printed(resting, day),
        text(TOOL, known["gist"]),
        named(READ, [(one["reading"], one["gist"]) for one in readings]),
        named(SEE, duties.items()),
        day=day,
    )
    rows = [{"form": form.name, **blank.row(line, day)} for form, line in resting]
    found = {"lines": rows, "readings": readings, "duties": list(duties)}
    return Outcome(data={"clause": name, **known, **{key: it for key, it in found.items() if it}}, prose=prose)


def reading(shelf: Shelf, name: str, day: date) -> Outcome:
    """How the manual is read where it is unclear, and the clauses that are read so."""
    known = shelf.readings[name]
    prose = layout(name, READ, text(MEANS, known["gist"]), headings(shelf, known["clauses"]))
    return Outcome(data={"reading": name, **known}, prose=prose)


def lines(shelf: Shelf) -> Mapping[str, tuple[Track, Line]]:
    """Every line of every form by what a person calls it: ``blue 4``."""
    return {
        f"{form.name} {number}": (form, line) for form in shelf.forms.values() for number, line in form.parts.items()
    }


def line(shelf: Shelf, name: str, day: date) -> Outcome:
    """A line as the form prints it with the limits in force, what stands beside its amount, and its clause."""
    form, it = lines(shelf)[name]
    row = {"form": form.name, **blank.row(it, day)}
    known = shelf.clause(row["clause"])
    prose = layout(
        name,
        known["heading"],
        _printed([(form, it)] if form.standing(it.number, day) else [], day),
        quoted(known["text"]),
        text(TOOL, known["gist"]),
        example([f"shelterctl agreement ID --form {form.name}"]),
        headings(shelf, [row["clause"]]),
        day=day,
    )
    return Outcome(data={**row, "heading": known["heading"], "gist": known["gist"]}, prose=prose)


def state(shelf: Shelf, name: str, day: date) -> Outcome:
    """What a state means, by which evidence it is read, and what comes next."""
    known = shelf.states[name]
    more = headings(shelf, (known[key] for key in ("clause", "reading") if key in known))
    prose = layout(name, known["text"], text(MEANS, known["means"]), text(NEXT, known["next"]), more)
    return Outcome(data={"state": name, **known}, prose=prose)


def duty(shelf: Shelf, name: str, day: date) -> Outcome:
    """What is due and from when: the number in force where the program counts, else the manual's words alone."""
    known, asked = shelf.duties[name], _asked(shelf, name, day)
    means = {language: words.format_map({"months": "—", **asked}) for language, words in known["means"].items()}
    words = shelf.clause(asked["clause"])["text"] if "clause" in asked else ""
    more = headings(shelf, (asked[key] for key in ("clause", "reading") if asked.get(key)))
    title = f"{known['row']} {name}"
    prose = layout(title, known["text"], text(MEANS, means), quoted(words) if words else None, more)
    about = {"duty": name, "row": known["row"], "text": known["text"], "means": means}
    return Outcome(data={**about, **asked}, prose=prose)


def headings(shelf: Shelf, names: Iterable[str]) -> Part:
    """Clauses and readings to be looked up, each with its heading."""
    known = {name: it["heading"] for name, it in shelf.clauses.items()}
    known |= {name: it["gist"] for name, it in shelf.readings.items()}
    return named(SEE, ((name, known[name]) for name in dict.fromkeys(names) if name in known))


def _asked(shelf: Shelf, name: str, day: date) -> Mapping[str, Any]:
    """The clause of a duty, and its numbers in force on *day* where the program counts; nothing if it is repealed."""
    known = shelf.duties[name]
    if "means" in known and "{months}" not in known["means"]["en"]:
        return {key: known[key] for key in ("clause", "reading") if key in known}
    counted = [due for due in shelf.report.due if due.row == known["row"]]
    ruling: Ruling | None = in_force(counted[0].history, day) if counted else None
    return {"clause": ruling.clause, "reading": ruling.reading, **ruling.asks["after"]} if ruling else {}


def _printed(them: Iterable[tuple[Track, Line]], day: date) -> Part:
    said = []
    for form, it in them:
        row = blank.row(it, day) | {"form": form.text}
        said += [(LINE, row), (KEYS, row)] if row["keys"] else [(LINE, row)]
    return PRINTED, tuple(said)
