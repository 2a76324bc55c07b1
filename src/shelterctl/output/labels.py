"""The words for keys, codes and times on a screen: headings of columns, codes in the reader's language, hours and
durations.
"""

from datetime import date, datetime

from shelterctl.language import (
    LabelledCode,
    OwnHeading,
    Plural,
    Text,
    choose_gender_forms,
    format_fact,
    format_sentence,
    is_day,
    translate,
)
from shelterctl.ui_language import N_, SCREEN_LANGUAGES

KEY_LABELS = (
    N_("admitted on"), N_("agreement id"), N_("agreements"), N_("amount"), N_("arrived on"), N_("capacity"), N_("cap"),
    N_("clause"), N_("clauses"), N_("client"), N_("code"), N_("condition"), N_("conditions"), N_("date"),
    N_("device"), N_("discharged on"), N_("due on"), N_("entry"), N_("example"), N_("facility"),
    N_("folder"), N_("form"), N_("gate"), N_("gist"), N_("heading"), N_("id"), N_("identity"), N_("item"), N_("keys"),
    N_("kind"), N_("limit"), N_("line"), N_("lines"), N_("means"), N_("monitored"), N_("monitoring due on"),
    N_("name"), N_("ngo"), N_("number"), N_("on"), N_("reading"), N_("readings"), N_("records"), N_("recovery key"),
    N_("remedy"), N_("role"), N_("saved"), N_("signed"), N_("staff"), N_("state"), N_("stay"), N_("text"), N_("title"),
    N_("total"), N_("words"), N_("children"), N_("first name"), N_("free"), N_("last name"), N_("match"),
    N_("others"), N_("provisional"), N_("residents"), N_("since"), N_("topic"), N_("bytes"), N_("clients"), N_("files"),
    N_("from"), N_("lacking"), N_("opened"), N_("average"), N_("full"), N_("least"), N_("month"), N_("most"),
    N_("person-nights"), N_("unknown"), N_("reasons"), N_("nights"), N_("week of"),
    N_("may"), N_("unread"), N_("year"), N_("until"), N_("first day"), N_("last day"), N_("days"), N_("unpaid before"),
    N_("phone"), N_("provider"), N_("legal form"), N_("memorandum signed on"), N_("memorandum terminated on"),
    N_("contract dated"), N_("track"), N_("document"), N_("status"), N_("written"), N_("left"), N_("monitoring ended"),
    N_("referred on"), N_("received on"), N_("monitoring"), N_("sex"), N_("age"), N_("age group"), N_("count"),
    N_("admitted month"), N_("discharged month"), N_("referred month"), N_("exploitation"), N_("definition"),
    N_("country of exploitation"), N_("label"), N_("codes"), N_("column"), N_("filled for"), N_("table"), N_("several"),
    N_("what"), N_("terminated"), N_("kept until"), N_("complete"), N_("owner"), N_("row"), N_("gaps"),
    N_("social worker"), N_("months"), N_("act"), N_("away"), N_("out since"), N_("changed at"), N_("due at"),
    N_("received month"), N_("arrived month"), N_("monitoring due month"), N_("kept until month"),
    N_("changed month"), N_("signed month"), N_("terminated month"), N_("minutes since due"), N_("days since due"),
    N_("danger"), N_("owner codes"),
    N_("who"), N_("reads"), N_("writes"), N_("does"), N_("part"), N_("roles"), N_("people"), N_("writers"), N_("room"),
    N_("expected back at"), N_("by role"), N_("late"), N_("by number"), N_("request"), N_("changes"), N_("waiting"),
    N_("last"), N_("ended on"), N_("why"), N_("ended by"), N_("agreed"), N_("spent"), N_("over"), N_("outlays"),
    N_("without document"), N_("days"), N_("days covered"), N_("paid"), N_("beyond"), N_("quarter"),
    N_("last"), N_("ended on"), N_("why"), N_("ended by"), N_("report"), N_("closed"), N_("closed on"),
    N_("submitted on"), N_("by"), N_("answer"), N_("now"), N_("of"), N_("to"), N_("digest"), N_("known on"),
    N_("form line"), N_("chapter"), N_("in"), N_("test"), N_("reason"), N_("not done"), N_("not yet"),
    N_("form line"), N_("manual"), N_("place"), N_("says"), N_("added"), N_("field"),
    N_("standard"), N_("withheld"), N_("losses"), N_("value"),
    N_("longer term"), N_("may be deleted"), N_("stands against"), N_("cap"), N_("over cap"),
    N_("fields"), N_("same as"), N_("months after"), N_("sheet row"), N_("at"), N_("exported by"), N_("for"),
    N_("tables"), N_("exact"), N_("anonymised"), N_("of persons"), N_("type"), N_("receipt"),
    N_("matching"), N_("invited"), N_("ends on"), N_("token"), N_("id sent"),
    N_("other id"), N_("step"), N_("consent over"), N_("incomplete"),
    N_("plan"), N_("period"), N_("scope"), N_("audience"), N_("release"), N_("published by"), N_("shown"),
    N_("verified"), N_("exception"), N_("asked by"), N_("grid"), N_("houses"), N_("rounding"), N_("published"),
)  # fmt: skip
"""Keys of data, as headings of lines and columns."""

STATE_LABELS = (
    N_("admitted"), N_("client"), N_("discharge_planned"), N_("discharged"), N_("done"), N_("due"), N_("interviewed"),
    N_("in_plan"), N_("hospitalised"), N_("out_with_permission"),
    N_("left_by_own_decision"), N_("monitored"), N_("not_admitted"), N_("not_applicable"), N_("open"), N_("received"),
    N_("referred"), N_("struck"), N_("unscheduled"), N_("upcoming"), N_("refuse"), N_("warn"), N_("same"), N_("near"),
    N_("far"), N_("here"), N_("in_force"), N_("ended"), N_("write"), N_("trust"),
    N_("ok"), N_("refused"), N_("not_done"), N_("not_yet"), N_("waits"),
)  # fmt: skip
"""Codes that nobody types: the state of a client, an item or a duty, and the severity of a finding."""

CONDITION_LABELS = (
    N_("code of conduct"), N_("contract date"), N_("contract later"), N_("date near"), N_("drafted together"),
    N_("identification number"), N_("language"), N_("lines"), N_("memorandum in force"), N_("no ngo"),
    N_("number contains"), N_("number free"), N_("numbered"), N_("one representative"), N_("paper"), N_("period"),
    N_("recognised"), N_("registered ngo"), N_("representatives"), N_("signed in time"), N_("stay"),
)  # fmt: skip
"""Conditions of a whole form, as the rulebook names them."""

KEYS_WITH_CODES_IN_WORDS = ("state", "status", "saved", "signed", "condition", "title", "match", "may")
"""Keys whose codes are shown in words; every other value is shown as it was written."""

KEY_LABEL_OVERRIDES = {"days_since_due": N_("when")}
"""Keys whose heading is another word."""

CELL_TODAY = N_("today")
CELL_DAYS_AGO = Plural(N_("{days} day ago"), N_("{days} days ago"), "days")
CELL_IN_DAYS = Plural(N_("in {days} day"), N_("in {days} days"), "days")


def label_of_key(key: str, language: str) -> str:
    """Return the heading of a key of data in *language*; without one in the catalogue, the text of a labelled key."""
    if isinstance(key, OwnHeading):
        return format_fact(key, language)
    words = key.replace("_", " ")
    heading = choose_gender_forms(translate(KEY_LABEL_OVERRIDES.get(key) or words, language))
    return format_fact(key, language) if heading == words and isinstance(key, LabelledCode) else heading


def format_value(key: str, written: object, language: str) -> str:
    """Return the value of *key* for a person: a code that nobody types in words, anything else as in a sentence."""
    if key in KEYS_WITH_CODES_IN_WORDS and isinstance(written, list | tuple):
        return ", ".join(format_value(key, each, language) for each in written)
    if key == "days_since_due" and isinstance(written, int):
        return format_sentence(
            CELL_DAYS_AGO if written > 0 else CELL_IN_DAYS if written else CELL_TODAY, {"days": abs(written)}, language
        )
    if key in KEYS_WITH_CODES_IN_WORDS and isinstance(written, str) and not isinstance(written, LabelledCode):
        written = choose_gender_forms(translate(written, language))
    return format_fact(written, language)


def is_time_like(key: str, written: object) -> bool:
    """Whether the value of *key* is a day, an hour or a number of days, which are never cut on a screen."""
    return key == "days_since_due" or isinstance(written, date) or (isinstance(written, str) and is_day(written))


DURATION_MINUTES = N_("{minutes} min")
DURATION_HOURS = N_("{hours} h {minutes} min")
DURATION_DAYS = N_("{days} d {hours} h {minutes} min")

MINUTES_IN_HOUR, MINUTES_IN_DAY = 60, 24 * 60
"""The minutes of an hour and of a day."""


def format_moment(at: datetime, today: date) -> Text:
    """Return the local hour as it was written, preceded by the day if that is not *today*."""
    clock = f"{at:%H:%M}"
    return {
        spoken: clock if at.date() == today else f"{format_fact(at.date(), spoken)} {clock}"
        for spoken in SCREEN_LANGUAGES
    }


def format_duration(minutes: int) -> Text:
    """Return a number of minutes as days, hours and minutes."""
    days, hours = minutes // MINUTES_IN_DAY, minutes % MINUTES_IN_DAY // MINUTES_IN_HOUR
    facts = {"days": days, "hours": hours, "minutes": minutes % MINUTES_IN_HOUR}
    sentence = DURATION_DAYS if days else DURATION_HOURS if hours else DURATION_MINUTES
    return {spoken: format_sentence(sentence, facts, spoken) for spoken in SCREEN_LANGUAGES}
