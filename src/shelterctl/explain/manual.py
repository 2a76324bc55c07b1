"""Pages on what the manual says: a clause, a reading of an unclear clause, a line of a form, a state of a client, a
duty, and a deadline of a track.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from shelterctl.core.finding import FilledSentences, Outcome
from shelterctl.core.manual.field import Fields
from shelterctl.core.manual.track import Deadline, DeadlineRuling, FormPart, Track
from shelterctl.core.record.entries import field_at_path
from shelterctl.core.rules.messages import EVENT_NOUNS, quote_label
from shelterctl.core.values.days import Duration
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
from shelterctl.language import Sentence, Text
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.ui_language import N_
from shelterctl.view import agreement

PRINTED_FORM_LINE = N_("Line {line} of the {form}: {text}")
KEYS_BESIDE_AMOUNT = N_("Beside the amount: {keys}. Those with * must be there.")


def explain_clause(rulebook: Rulebook, name: str, day: date) -> Outcome:
    """What the manual says at a clause, what the tool does about it, and the lines of forms that rest on it."""
    known = rulebook.clauses[name]
    lines = [(form, line) for form, line in form_lines(rulebook).values() if form.standing(line.number, day)]
    resting = [(form, line) for form, line in lines if line.clause(day) == name]
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
        day=day,
    )
    rows = [{"form": form.name, **agreement.form_line_row(line, day)} for form, line in resting]
    found = {"lines": rows, "readings": readings, "duties": list(duties)}
    return Outcome(data={"clause": name, **known, **{key: it for key, it in found.items() if it}}, prose=prose)


def explain_reading(rulebook: Rulebook, name: str, day: date) -> Outcome:
    """How the manual is read where it is unclear, and the clauses that are read so."""
    known = rulebook.readings[name]
    prose = lay_out_page(
        name, READING_HEADING, text_part(MEANING_HEADING, known["gist"]), see_also_part(rulebook, known["clauses"])
    )
    return Outcome(data={"reading": name, **known}, prose=prose)


def form_lines(rulebook: Rulebook) -> Mapping[str, tuple[Track, FormPart]]:
    """Every line of every form by what a person calls it: ``blue 4``."""
    return {
        f"{form.name} {number}": (form, line) for form in rulebook.forms.values() for number, line in form.parts.items()
    }


def explain_form_line(rulebook: Rulebook, name: str, day: date) -> Outcome:
    """A line as the form prints it with the limits in force, what stands beside its amount, and its clause."""
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
    """What a state means, by which evidence it is read, and what comes next."""
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
    """What is due and from when: the number in force where the program counts, else the manual's words alone."""
    known, asked = rulebook.duties[name], _duty_in_force(rulebook, name, day)
    means = {language: words.format_map({"months": "—", **asked}) for language, words in known["means"].items()}
    words = rulebook.clause(asked["clause"])["text"] if "clause" in asked else ""
    more = see_also_part(rulebook, (asked[key] for key in ("clause", "reading") if asked.get(key)))
    title = f"{known['row']} {name}"
    prose = lay_out_page(title, known["text"], text_part(MEANING_HEADING, means), manual_words_part(words), more)
    about = {"duty": name, "row": known["row"], "text": known["text"], "means": means}
    return Outcome(data={**about, **asked}, prose=prose)


def see_also_part(rulebook: Rulebook, names: Iterable[str]) -> PagePart:
    """Clauses and readings to be looked up, each with its heading."""
    known = {name: it["heading"] for name, it in rulebook.clauses.items()}
    known |= {name: it["gist"] for name, it in rulebook.readings.items()}
    return names_part(SEE_ALSO_HEADING, ((name, known[name]) for name in dict.fromkeys(names) if name in known))


def _duty_in_force(rulebook: Rulebook, name: str, day: date) -> Mapping[str, Any]:
    """The clause of a duty, and its numbers in force on *day* where the program counts; nothing if it is repealed."""
    known = rulebook.duties[name]
    if "means" in known and "{months}" not in known["means"]["en"]:
        return {key: known[key] for key in ("clause", "reading") if key in known}
    counted = [due for due in rulebook.report.due if due.row == known["row"]]
    ruling = counted[0].ruling(day) if counted else None
    return {"clause": ruling.clause, "reading": ruling.reading, **_length_as_data(ruling.after)} if ruling else {}


def _length_as_data(length: Duration | None) -> dict[str, int]:
    """The months and days of a length of time, as far as it has any."""
    return {name: count for name, count in length._asdict().items() if count} if length else {}


def _printed_lines_part(them: Iterable[tuple[Track, FormPart]], day: date) -> PagePart:
    said = []
    for form, it in them:
        row = agreement.form_line_row(it, day) | {"form": form.text}
        said += [(PRINTED_FORM_LINE, row), (KEYS_BESIDE_AMOUNT, row)] if row["keys"] else [(PRINTED_FORM_LINE, row)]
    return AS_PRINTED_HEADING, tuple(said)


DEADLINE_BEGINS = N_("It begins with: {event}.")
DEADLINE_LATER_BY = {
    "months": N_("So many calendar months later: {months}."),
    "days": N_("So many days later: {days}."),
}
DEADLINE_EVERY = {
    "day": N_("It is due every day."),
    "week": N_("It is due every week."),
    "month": N_("It is due every month."),
}
DEADLINE_ANSWERED_BY = N_("It is answered by: {until}.")
DEADLINE_OWNER = N_("Who sees to it: {owner}.")
DEADLINE_NEVER = {
    "overdue": N_("It is never overdue; it stays open until it is answered."),
    "listed": N_("No list of what is due has it."),
}
EVERYTHING_DUE_COMMAND = N_("Everything that is due: shelterctl due")


def track_deadlines(rulebook: Rulebook) -> Mapping[str, tuple[Track, FormPart | None, Deadline]]:
    """Every deadline of a track by its row, but for those that have a page of their own."""
    known = {duty["row"] for duty in rulebook.duties.values()}
    found = {
        due.row: (track, of, due)
        for track in rulebook.tracks_with_deadlines
        for of, dues in ((None, track.due), *((part, part.due) for part in track.parts.values()))
        for due in dues
    }
    return {row: each for row, each in found.items() if row is not None and row not in known}


def explain_deadline(rulebook: Rulebook, name: str, day: date) -> Outcome:
    """When a deadline begins, how long after it is due, what answers it, and who sees to it, as it holds on *day*."""
    track, part, due = track_deadlines(rulebook)[name]
    ruling = due.ruling(day)
    said = deadline_sentences(rulebook, track, part, due, ruling)
    clause = ruling.clause if ruling else track.clause
    about = rulebook.clause(clause)
    more = names_part(SEE_ALSO_HEADING, [(clause, about["heading"])])
    text = due.text or track.text
    prose = lay_out_page(
        name, text, (MEANING_HEADING, (*said, (EVERYTHING_DUE_COMMAND, {}))), manual_words_part(about["text"]), more
    )
    data = {"deadline": name, "track": track.name, "text": text, "clause": clause, "owner": due.owner}
    return Outcome(data={**data, **_length_as_data(ruling.after if ruling else None)}, prose=prose)


def deadline_sentences(
    rulebook: Rulebook, track: Track, part: FormPart | None, due: Deadline, ruling: DeadlineRuling | None
) -> FilledSentences:
    """When a deadline begins, how long after it is due, what answers it, and who sees to it, by that *ruling*."""
    fields = {**track.whole.fields, **(part.fields if part else {})}
    begun = field_at_path(fields, due.event)
    event: Sentence = quote_label(begun.text) if begun else EVENT_NOUNS[due.event]
    until = [_noun_or_label(rulebook, fields, one) for one in due.until] or ([] if begun else [track.text])
    owner = rulebook.tracks["staff"].clear["role"].codes.get(due.owner or "")
    after, every = (ruling.after, ruling.every) if ruling else (None, None)
    said: list[tuple[Sentence, Mapping[str, object]]] = [(DEADLINE_BEGINS, {"event": event})]
    lengths = after._asdict() if after else {}
    said += [(DEADLINE_LATER_BY[unit], {unit: count}) for unit, count in lengths.items() if count]
    said += [(DEADLINE_EVERY[every], {})] if every else []
    said += [(DEADLINE_ANSWERED_BY, {"until": until})] if until else []
    said += [(DEADLINE_OWNER, {"owner": owner})] if owner else []
    return (*said, *([(DEADLINE_NEVER[due.never], {})] if due.never else []))


def _noun_or_label(rulebook: Rulebook, fields: Fields, name: str) -> Text:
    """A field by its label, a track by its noun."""
    one = field_at_path(fields, name)
    return quote_label(one.text) if one else rulebook.tracks[name].text
