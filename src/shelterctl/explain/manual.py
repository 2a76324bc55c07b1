"""Pages on the manual: a clause, a reading of an unclear clause, a line of a form, a state of a client, and a duty."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from shelterctl.core.finding import Outcome
from shelterctl.core.manual.track import MONITORING, FormPart, Track
from shelterctl.explain.coverage import coverage_data, coverage_part, rows_of_name
from shelterctl.explain.deadline import length_as_data
from shelterctl.explain.layout import (
    AS_PRINTED_HEADING,
    MEANING_HEADING,
    READING_HEADING,
    SEE_ALSO_HEADING,
    TOOL_HEADING,
    WHAT_COMES_NEXT_HEADING,
    PagePart,
    example_part,
    lay_out_page,
    manual_words_part,
    names_part,
    text_part,
)
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.ui_language import N_
from shelterctl.view import agreement

PRINTED_FORM_LINE = N_("Line {line} of the {form}: {text}")
KEYS_BESIDE_AMOUNT = N_("Keys besides the amount: {keys}. Those with * are required.")


def explain_clause(rulebook: Rulebook, name: str, day: date) -> Outcome:
    """Return the page of a clause: the manual's words, what the program does about it, and the lines of forms that rest
    on it.
    """
    known = rulebook.clauses[name]
    lines = [(form, line) for form, line in form_lines(rulebook).values() if form.standing(line.number, day)]
    resting = [(form, line) for form, line in lines if line.clause(day) == name]
    covered = rows_of_name(rulebook, name)
    readings = [{"reading": one, **it} for one, it in rulebook.readings.items() if name in it["clauses"]]
    duties = {
        one: it["text"]
        for one, it in rulebook.duties.items()
        if _duty_in_force(rulebook, one, day).get("clause") == name
    }
    prose = lay_out_page(
        name,
        known["heading"],
        manual_words_part(known["text"]),
        _printed_lines_part(resting, day),
        text_part(TOOL_HEADING, known["gist"]),
        names_part(READING_HEADING, [(one["reading"], one["gist"]) for one in readings]),
        names_part(SEE_ALSO_HEADING, duties.items()),
        coverage_part(covered, rulebook),
        day=day,
    )
    rows = [{"form": form.name, **agreement.form_line_row(line, day)} for form, line in resting]
    found = {"lines": rows, "readings": readings, "duties": list(duties)}
    found["coverage"] = coverage_data(covered, rulebook)
    return Outcome(data={"clause": name, **known, **{key: it for key, it in found.items() if it}}, prose=prose)


def explain_reading(rulebook: Rulebook, name: str, day: date) -> Outcome:
    """Return the page of a reading: how unclear clauses are understood, and which clauses these are."""
    known = rulebook.readings[name]
    prose = lay_out_page(
        name, READING_HEADING, text_part(MEANING_HEADING, known["gist"]), see_also_part(rulebook, known["clauses"])
    )
    return Outcome(data={"reading": name, **known}, prose=prose)


def form_lines(rulebook: Rulebook) -> Mapping[str, tuple[Track, FormPart]]:
    """Return every line of every form by the name that a person types, such as ``blue 4``."""
    return {
        f"{form.name} {number}": (form, line) for form in rulebook.forms.values() for number, line in form.parts.items()
    }


def explain_form_line(rulebook: Rulebook, name: str, day: date) -> Outcome:
    """Return the page of a line: its printed text with the limits in force, its keys, and its clause."""
    form, it = form_lines(rulebook)[name]
    row = {"form": form.name, **agreement.form_line_row(it, day)}
    known = rulebook.clause(row["clause"])
    prose = lay_out_page(
        name,
        known["heading"],
        _printed_lines_part([(form, it)] if form.standing(it.number, day) else [], day),
        manual_words_part(known["text"]),
        text_part(TOOL_HEADING, known["gist"]),
        example_part([f"shelterctl agreement ID --form {form.name}"]),
        see_also_part(rulebook, [row["clause"]]),
        day=day,
    )
    return Outcome(data={**row, "heading": known["heading"], "gist": known["gist"]}, prose=prose)


def explain_state(rulebook: Rulebook, name: str, day: date) -> Outcome:
    """Return the page of a state: its meaning, the evidence for it, and what comes next."""
    known = rulebook.states[name]
    more = see_also_part(rulebook, (known[key] for key in ("clause", "reading") if key in known))
    prose = lay_out_page(
        name,
        known["text"],
        text_part(MEANING_HEADING, known["means"]),
        text_part(WHAT_COMES_NEXT_HEADING, known["next"]),
        more,
    )
    return Outcome(data={"state": name, **known}, prose=prose)


def explain_duty(rulebook: Rulebook, name: str, day: date) -> Outcome:
    """Return the page of a duty: what is due and from when, with the number in force if the program counts it."""
    known, asked = rulebook.duties[name], _duty_in_force(rulebook, name, day)
    means = {language: words.format_map({"months": "—", **asked}) for language, words in known["means"].items()}
    words = rulebook.clause(asked["clause"])["text"] if "clause" in asked else ""
    more = see_also_part(rulebook, (asked[key] for key in ("clause", "reading") if asked.get(key)))
    title = f"{known['row']} {name}"
    covered = rows_of_name(rulebook, known["row"])
    done = coverage_part(covered, rulebook)
    prose = lay_out_page(title, known["text"], text_part(MEANING_HEADING, means), manual_words_part(words), more, done)
    about = {"duty": name, "row": known["row"], "text": known["text"], "means": means}
    about |= {"coverage": coverage_data(covered, rulebook)} if covered else {}
    return Outcome(data={**about, **asked}, prose=prose)


def see_also_part(rulebook: Rulebook, names: Iterable[str]) -> PagePart:
    """Return a part with clauses and readings to look up, each with its heading."""
    known = {name: it["heading"] for name, it in rulebook.clauses.items()}
    known |= {name: it["gist"] for name, it in rulebook.readings.items()}
    return names_part(SEE_ALSO_HEADING, ((name, known[name]) for name in dict.fromkeys(names) if name in known))


def _duty_in_force(rulebook: Rulebook, name: str, day: date) -> Mapping[str, Any]:
    """Return the clause of a duty, and its numbers in force on *day* if the program counts them; empty if it is
    repealed.
    """
    known = rulebook.duties[name]
    if "means" in known and "{months}" not in known["means"]["en"]:
        return {key: known[key] for key in ("clause", "reading") if key in known}
    report = rulebook.tracks.serving(MONITORING)
    counted = [due for due in (report.due if report else ()) if due.row == known["row"]]
    ruling = counted[0].ruling(day) if counted else None
    return {"clause": ruling.clause, "reading": ruling.reading, **length_as_data(ruling.after)} if ruling else {}


def _printed_lines_part(them: Iterable[tuple[Track, FormPart]], day: date) -> PagePart:
    said = []
    for form, it in them:
        row = agreement.form_line_row(it, day) | {"form": form.text}
        said += [(PRINTED_FORM_LINE, row), (KEYS_BESIDE_AMOUNT, row)] if row["keys"] else [(PRINTED_FORM_LINE, row)]
    return AS_PRINTED_HEADING, tuple(said)
