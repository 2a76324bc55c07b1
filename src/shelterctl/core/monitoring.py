"""The monitoring report of Annex 7, and whether one answers the duty to monitor."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from shelterctl.core.days import months_after, read_day
from shelterctl.core.finding import Finding, Severity
from shelterctl.core.printed import Printed
from shelterctl.core.record import Client, Facts, Stay, at, live
from shelterctl.core.ruling import History, in_force
from shelterctl.language import N_, Text

DUTY = "A7.D"
COMPLETE = "A7.I"
WRITER = "A7.H1"
DATED = "A7.H2"
UNKNOWN = "unknown"

NOT_DISCHARGED = N_("She has not been discharged; monitoring begins after discharge ({clause}).")
BEFORE_DISCHARGE = N_("The report is dated {day}, before her discharge on {left} ({clause}). Correct the date.")
IN_FUTURE = N_("The report is dated {day}, in the future; today is taken as {today} ({clause}). Correct the date.")
CONTRADICTS = N_(
    "Question {printed} is answered although question {before} is answered with no ({clause}). Correct one of them."
)
UNANSWERED = N_("Question {printed} is not answered: {question} ({clause}).")
UNANSWERED_IN_FILE = N_("Write {key}, or write that it is unknown.")
UNSIGNED = N_("The report is not signed; it is kept, and the duty stays open ({clause}).")
INTERIM = N_("The report is dated before {due}; it is kept as an interim contact, and the duty stays open ({clause}).")
NO_WRITER = N_("The social worker who made the report is not named, or is not registered as one ({clause}).")
GENERAL = N_("The general data of the report lack {lacking} ({clause}).")
GENERAL_IN_FILE = N_("Add them to her file under identity.")
WORDLESS = N_("What is called other needs its words ({clause}).")
WORDLESS_IN_FILE = N_("Write {key}, with --from FILE.")
NOT_OTHER = N_("There are words of other beside another code ({clause}).")
NOT_OTHER_IN_FILE = N_("Leave {key} out, or write other in the code's place.")
FROM_DISCHARGE = N_(
    "She left on {left}, so her monitoring is due from {due} ({clause}); a day is set by hand only for a client "
    "without a stay. If she left on another day, correct that: discharge ID --on DATE."
)
RAISED = N_("Her report of {day} says {what}. Speak to the manager and IOM at once ({clause}).")


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the report: its key, the number printed before it, and what it asks.

    *follows* is the key of the question that must be answered with yes before this one is asked; *boxes* are the
    answers that are printed beside it to be ticked.
    """

    key: str
    printed: str
    kind: str
    text: Text
    clause: str
    codes: Mapping[str, Text]
    follows: str | None = None
    boxes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Alarm:
    """An answer that is raised first wherever something is due."""

    key: str
    answer: object
    text: Text
    clause: str


@dataclass(frozen=True, slots=True)
class ReportForm:
    """The monitoring report as it lies on the shelf.

    *general* maps the form's general data to places of a file; *identifying* are those that tell who she is.
    """

    general: Mapping[str, str]
    questions: tuple[Question, ...]
    alarms: tuple[Alarm, ...]
    due: History
    printed: Printed
    identifying: tuple[str, ...]


def due_on(form: ReportForm, stay: Stay) -> date | None:
    """The day from which monitoring is due: so many calendar months after her discharge (X10, X87)."""
    left = stay.discharged_on
    ruling = in_force(form.due, left) if left else None
    return months_after(left, ruling.asks["months"]) if left and ruling else None


def judge(
    form: ReportForm, client: Client, report: Facts, where: str, *, today: date | None, writers: frozenset[str]
) -> Iterator[Finding]:
    """What stops a report from being written down, and what keeps it from closing the duty."""
    day = read_day(report.get("date"))
    stay = client.lived
    if stay and stay.discharged_on is None:
        yield _found("not-discharged", NOT_DISCHARGED, where, DUTY)
    elif stay and stay.discharged_on and day and day < stay.discharged_on:
        yield _found("before-discharge", BEFORE_DISCHARGE, f"{where}/date", DATED, day=day, left=stay.discharged_on)
    if day and today and day > today:
        yield _found("in-future", IN_FUTURE, f"{where}/date", DATED, day=day, today=today)
    yield from _answers(form, report, where)
    lacking = [name for name, path in form.general.items() if not at(client.facts, path)]
    if lacking:
        found = _found("general-data", GENERAL, where, COMPLETE, Severity.OPEN, lacking=lacking)
        yield replace(found, in_file=GENERAL_IN_FILE)
    if report.get("social_worker") not in writers:
        yield _found("social-worker", NO_WRITER, f"{where}/social_worker", WRITER, Severity.OPEN)
    if not report.get("signed"):
        yield _found("unsigned", UNSIGNED, f"{where}/signed", DATED, Severity.OPEN)
    due = due_on(form, stay) if stay else None
    if due and day and day < due:
        yield _found("interim", INTERIM, f"{where}/date", DUTY, Severity.OPEN, due=due)
    yield from alarms(form, report, where)


def _answers(form: ReportForm, report: Facts, where: str) -> Iterator[Finding]:
    """Questions in their order: a contradiction always refuses, a gap only where the report is signed."""
    printed = {question.key: question.printed for question in form.questions}
    for question in form.questions:
        place = f"{where}/{question.key}"
        answered = report.get(question.key) is not None
        before = report.get(question.follows) if question.follows else True
        facts: dict[str, object] = {"printed": question.printed, "question": question.text, "key": question.key}
        if answered and before is False and report[question.key] != UNKNOWN:
            facts["before"] = printed[str(question.follows)]
            yield _found("contradiction", CONTRADICTS, place, question.clause, Severity.REFUSE, **facts)
        elif before is True and not answered:
            weight = Severity.REFUSE if report.get("signed") else Severity.OPEN
            found = _found("unanswered", UNANSWERED, place, question.clause, weight, **facts)
            yield replace(found, in_file=UNANSWERED_IN_FILE)


def wordless(attempt: Facts, where: str = "") -> Iterator[Finding]:
    """Another way to reach her, or another outcome, says nothing without its words (X106); nothing else has any."""
    for name in ("how", "outcome"):
        key = f"{name}_other"
        other = attempt.get(name) == "other"
        if other != bool(attempt.get(key)):
            said, remedy = (WORDLESS, WORDLESS_IN_FILE) if other else (NOT_OTHER, NOT_OTHER_IN_FILE)
            found = _found("other-words", said, f"{where}/{key}", DUTY)
            yield replace(found, in_file=remedy, facts={**found.facts, "key": key})


def scheduled(form: ReportForm, client: Client) -> Iterator[Finding]:
    """A day set by hand is for a client without a stay: that of a stay is reckoned from her discharge (X08, X10)."""
    stay = client.lived
    where = f"/stays/{stay.index}/monitoring/scheduled/on" if stay else ""
    due = due_on(form, stay) if stay else None
    if due:
        yield _found("has-stay", FROM_DISCHARGE, where, DUTY, due=due, left=stay and stay.discharged_on)


def alarms(form: ReportForm, report: Facts, where: str = "") -> Iterator[Finding]:
    """Answers that a manager must hear of before anything else (X14, M2.1.4)."""
    for alarm in form.alarms:
        if report.get(alarm.key) == alarm.answer:
            facts = {"day": read_day(report.get("date")) or "", "what": alarm.text}
            yield _found("alarm", RAISED, f"{where}/{alarm.key}", alarm.clause, Severity.OPEN, **facts)


def complete(form: ReportForm, report: Facts) -> bool:
    """Whether the report is signed and every question that is asked is answered or marked unknown."""
    return bool(report.get("signed")) and not any(_answers(form, report, ""))


def answered_on(form: ReportForm, client: Client) -> date | None:
    """The day of the first complete report on or after the due day, or on which a manager closed the duty.

    A duty that was closed before she left, as after a discharge that was taken back, is not closed for the later one.
    """
    closed = read_day(at(client.duties, "closed.on"))
    left = client.lived.discharged_on if client.lived else closed
    if closed and left and left <= closed:
        return closed
    due = due_on(form, client.lived) if client.lived else read_day(at(client.duties, "scheduled.on"))
    reports = [report for report in live(client.duties.get("reports")) if complete(form, report)]
    days = [day for report in reports if due and (day := read_day(report.get("date"))) and day >= due]
    return min(days, default=None)


def monitored(form: ReportForm, client: Client) -> bool:
    """Whether a complete report answers the duty to monitor, or a manager closed it."""
    return answered_on(form, client) is not None


def _found(
    code: str, message: str, where: str, clause: str, severity: Severity = Severity.REFUSE, **facts: object
) -> Finding:
    named = {"clause": clause, **facts}
    return Finding(
        code=f"monitoring/{code}", severity=severity, message=message, where=where, clause=clause, facts=named
    )
