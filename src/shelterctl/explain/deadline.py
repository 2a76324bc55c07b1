"""Deadlines of tracks in words: when each begins, how much later it is due, what meets it, and who is responsible."""

from collections.abc import Iterator, Mapping
from datetime import date

from shelterctl.core.finding import FilledSentence, FilledSentences, Outcome
from shelterctl.core.manual.field import Fields
from shelterctl.core.manual.track import Deadline, DeadlineRuling, FormPart, Track
from shelterctl.core.record.entries import field_at_path
from shelterctl.core.rules.messages import EVENT_NOUNS, quote_label
from shelterctl.core.values.days import Duration
from shelterctl.explain.condition import condition_in_words, find_condition_field
from shelterctl.explain.layout import MEANING_HEADING, SEE_ALSO_HEADING, lay_out_page, manual_words_part, names_part
from shelterctl.language import Text, format_sentence
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.ui_language import N_, SCREEN_LANGUAGES

DEADLINE_WITH_CLAUSE = N_("{what} ({clause}).")
DEADLINE_BEGINS = N_("It starts with: {event}.")
DEADLINE_LATER_BY = {
    "months": N_("Due after calendar months: {months}."),
    "days": N_("Due after days: {days}."),
    "hours": N_("Due after hours: {hours}."),
}
DEADLINE_SHOWN_AHEAD = {
    "months": N_("Shown this many months ahead: {months}."),
    "days": N_("Shown this many days ahead: {days}."),
}
DEADLINE_EVERY = {
    "hour": N_("It is due every hour."),
    "day": N_("It is due every day."),
    "week": N_("It is due every week."),
    "month": N_("It is due every month."),
}
DEADLINE_WEEKS_OF_CALENDAR = N_("Each week begins on a Monday.")
DEADLINE_ANSWERED_BY = N_("Met by: {until}.")
DEADLINE_COUNTS_ONLY_WHERE = N_("An entry counts only if the answer to {label} is: {answers}.")
DEADLINE_OWED_ONLY_WHERE = N_("It applies only if the answer to {label} is: {answers}.")
DEADLINE_OWED_BY_EVENT = {
    "absent": N_("It applies only until this has happened: {event}."),
    "there": N_("It applies only after this has happened: {event}."),
}
DEADLINE_OWNER = N_("Responsible: {owner}.")
DEADLINE_OWNER_NAMED = N_("Responsible: the person named under {label}.")
DEADLINE_NEVER = {
    "overdue": N_("It is never overdue; it stays open until it is met."),
    "listed": N_("It is not listed among what is due."),
}
EVERYTHING_DUE_COMMAND = N_("Everything that is due: shelterctl due")


def track_deadlines(rulebook: Rulebook) -> Mapping[str, tuple[Track, FormPart | None, Deadline]]:
    """Return the deadlines of tracks by their row, except those that have a page of their own."""
    known = {duty["row"] for duty in rulebook.duties.values()}
    found = {
        due.row: (track, of, due)
        for track in rulebook.tracks_with_deadlines
        for of, dues in ((None, track.due), *((part, part.due) for part in track.parts.values()))
        for due in dues
    }
    return {row: each for row, each in found.items() if row is not None and row not in known}


def explain_deadline(rulebook: Rulebook, name: str, day: date) -> Outcome:
    """Return the page of a deadline as it holds on *day*: its beginning, its length, what meets it, and who is
    responsible.
    """
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
    return Outcome(data={**data, **length_as_data(ruling.after if ruling else None)}, prose=prose)


def length_as_data(length: Duration | None) -> dict[str, int]:
    """Return the months and days of a length of time, leaving out zeros."""
    return {name: count for name, count in length._asdict().items() if count} if length else {}


def deadline_in_words(rulebook: Rulebook, track: Track, part: FormPart | None, due: Deadline, day: date) -> Text:
    """Return a deadline of a track, or of a part of it, as text: what is due, by which clause, and its sentences for
    *day*.
    """
    ruling = due.ruling(day)
    rows = {duty["row"]: duty["text"] for duty in rulebook.duties.values()}
    what = due.text or rows.get(due.row) or (part or track).text
    said: FilledSentences = (
        (DEADLINE_WITH_CLAUSE, {"what": what, "clause": ruling.clause if ruling else track.clause}),
        *deadline_sentences(rulebook, track, part, due, ruling),
    )
    return {spoken: " ".join(format_sentence(*each, spoken) for each in said) for spoken in SCREEN_LANGUAGES}


def deadline_sentences(
    rulebook: Rulebook, track: Track, part: FormPart | None, due: Deadline, ruling: DeadlineRuling | None
) -> FilledSentences:
    """Return the sentences on a deadline: its beginning, its length, what meets it, who is responsible, and for whom it
    holds.
    """
    fields = {**track.whole.fields, **(part.fields if part else {})}
    begun = field_at_path(fields, due.event)
    event = quote_label(begun.text) if begun else EVENT_NOUNS[due.event]
    owner = rulebook.tracks["staff"].clear["role"].codes.get(due.owner or "")
    after, every = (ruling.after, ruling.every) if ruling else (None, None)
    lengths = after._asdict() if after else {}
    said: list[FilledSentence] = [(DEADLINE_BEGINS, {"event": event})]
    said += [(DEADLINE_LATER_BY[unit], {unit: count}) for unit, count in lengths.items() if count]
    said += [(DEADLINE_EVERY[every], {})] if every else []
    said += [(DEADLINE_WEEKS_OF_CALENDAR, {})] if ruling and every == "week" and ruling.calendar else []
    ahead = ruling.before._asdict() if ruling and ruling.before else {}
    said += [(DEADLINE_SHOWN_AHEAD[unit], {unit: count}) for unit, count in ahead.items() if count]
    said += _answering_sentences(rulebook, track, fields, due)
    said += [(DEADLINE_OWNER, {"owner": owner})] if owner else []
    named = field_at_path(fields, due.owner_field or "")
    said += [(DEADLINE_OWNER_NAMED, {"label": quote_label(named.text)})] if named else []
    said += _owing_sentences(rulebook, track, due)
    return (*said, *([(DEADLINE_NEVER[due.never], {})] if due.never else []))


def _answering_sentences(rulebook: Rulebook, track: Track, fields: Fields, due: Deadline) -> Iterator[FilledSentence]:
    """Yield the sentences on what meets a deadline; none for a deadline that no list shows."""
    own = [] if field_at_path(fields, due.event) or due.never == "listed" else [track.name]
    named = {name: field_at_path(fields, name) for name in due.until or own}
    if named:
        nouns = [quote_label(one.text) if one else rulebook.tracks[name].text for name, one in named.items()]
        yield DEADLINE_ANSWERED_BY, {"until": nouns}
    for name, answers in due.where.items():
        tracks = (rulebook.tracks[each] for each, one in named.items() if one is None or each == track.name)
        answering = next((each for each in tracks if find_condition_field(rulebook, each, name)), None)
        if answering:
            yield DEADLINE_COUNTS_ONLY_WHERE, condition_in_words(rulebook, answering, name, answers)


def _owing_sentences(rulebook: Rulebook, track: Track, due: Deadline) -> Iterator[FilledSentence]:
    """Yield the sentences on the clients for whom a deadline holds, by their answers and by what has happened."""
    for name, answers in due.when.items():
        if name == "house" or find_condition_field(rulebook, track, name):
            yield DEADLINE_OWED_ONLY_WHERE, condition_in_words(rulebook, track, name, answers)
        elif name in EVENT_NOUNS and len(answers) == 1 and answers[0] in DEADLINE_OWED_BY_EVENT:
            yield DEADLINE_OWED_BY_EVENT[answers[0]], {"event": EVENT_NOUNS[name]}
