"""What stands over data on a screen: keys and codes of an answer, in words of the language."""

from datetime import date

from shelterctl.language import N_, Coded, Plural, is_day, say, shown, translated

KEYS = (
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
    N_("may"), N_("unread"), N_("year"), N_("until"),
    N_("phone"), N_("provider"), N_("legal form"), N_("memorandum signed on"), N_("memorandum terminated on"),
    N_("contract dated"), N_("track"), N_("document"), N_("status"), N_("written"), N_("left"), N_("monitoring ended"),
    N_("referred on"), N_("received on"), N_("monitoring"), N_("sex"), N_("age"), N_("age group"), N_("count"),
    N_("admitted month"), N_("discharged month"), N_("referred month"), N_("exploitation"), N_("definition"),
    N_("country of exploitation"), N_("label"), N_("codes"), N_("column"), N_("filled for"), N_("table"), N_("several"),
    N_("what"), N_("terminated"), N_("kept until"), N_("complete"), N_("owner"), N_("row"), N_("gaps"),
    N_("social worker"), N_("months"), N_("act"), N_("away"), N_("out since"), N_("changed at"), N_("due at"),
    N_("minutes since due"), N_("danger"), N_("last"), N_("ended on"), N_("why"), N_("ended by"),
)  # fmt: skip
"""Keys of data, as they head a line or a column."""

STATES = (
    N_("admitted"), N_("client"), N_("discharge_planned"), N_("discharged"), N_("done"), N_("due"), N_("interviewed"),
    N_("in_plan"), N_("hospitalised"), N_("out_with_permission"),
    N_("left_by_own_decision"), N_("monitored"), N_("not_admitted"), N_("not_applicable"), N_("open"), N_("received"),
    N_("referred"), N_("struck"), N_("unscheduled"), N_("upcoming"), N_("refuse"), N_("warn"), N_("same"), N_("near"),
    N_("far"), N_("here"), N_("in_force"), N_("ended"), N_("write"), N_("trust"),
    N_("ok"), N_("refused"),
)  # fmt: skip
"""Codes that nobody types: where a client, an item or a duty stands, and how much a finding weighs."""

CONDITIONS = (
    N_("contract date"), N_("date near"), N_("drafted together"), N_("identification number"), N_("language"),
    N_("lines"), N_("memorandum in force"), N_("number contains"), N_("number free"), N_("numbered"), N_("paper"),
    N_("period"), N_("recognised"), N_("registered ngo"), N_("representatives"), N_("signed in time"), N_("stay"),
)  # fmt: skip
"""Conditions of a whole form, as the shelf names them."""

SAID = ("state", "status", "saved", "signed", "condition", "title", "match", "may")
"""Keys whose values are such words; every other value is shown as it was written."""

CALLED = {"days_since_due": N_("when")}
"""Keys that a person reads as another word."""

TODAY = N_("today")
LATE = Plural(N_("{days} day ago"), N_("{days} days ago"), "days")
AHEAD = Plural(N_("in {days} day"), N_("in {days} days"), "days")


def label(key: str, language: str) -> str:
    """A key of data as a person reads it."""
    return translated(CALLED.get(key) or key.replace("_", " "), language)


def value(key: str, written: object, language: str) -> str:
    """What stands under *key*: a code in words where nobody has to type it, anything else as a sentence shows it."""
    if key in SAID and isinstance(written, list | tuple):
        return ", ".join(value(key, each, language) for each in written)
    if key == "days_since_due" and isinstance(written, int):
        return say(LATE if written > 0 else AHEAD if written else TODAY, {"days": abs(written)}, language)
    if key in SAID and isinstance(written, str) and not isinstance(written, Coded):
        written = translated(written, language)
    return shown(written, language)


def is_when(key: str, written: object) -> bool:
    """Whether a day, an hour or a number of days stands under *key*: what is never cut on a screen."""
    return key == "days_since_due" or isinstance(written, date) or (isinstance(written, str) and is_day(written))
