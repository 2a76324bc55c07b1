"""The changes in a record since a sheet was printed; the code at its foot names the sheet."""

from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

from shelterctl.act.redaction import may_show_names
from shelterctl.core.finding import Finding, Outcome, Severity
from shelterctl.core.record.client import Client
from shelterctl.core.values.facts import Facts
from shelterctl.errors import NotFound
from shelterctl.language import Sentence
from shelterctl.paper.annex import print_signer_annex, recorded_signature
from shelterctl.paper.code import changed_places, fact_traces, read_sheet_code
from shelterctl.paper.facts import place_in_words, with_place_in_words
from shelterctl.paper.forms import reprint_paper
from shelterctl.paper.request import PaperRequest, PreparedPaper, find_sheet_track, form_title
from shelterctl.paper.sheet import is_below_a_row
from shelterctl.session import Session
from shelterctl.ui_language import N_

SHEET_CODE_UNKNOWN = N_(
    "This store has no sheet with that code. Compare it letter by letter with the foot of the sheet."
)
SHEET_UNCHANGED = N_("{title}, {record}: the sheet printed on {on} by {by} still agrees with the record.")
SHEET_CHANGED_BUT_SIGNED = N_(
    "{title}, {record}: the record has changed since the sheet was printed on {on} by {by}. The sheet is "
    "signed and valid: keep it."
)
SHEET_CHANGED = N_(
    "{title}, {record}: the record has changed since the sheet was printed on {on} by {by}. Print it again."
)
SHEET_ENTRY_STRUCK = N_(
    "{title}, {record}: the sheet printed on {on} by {by} shows an entry that is struck through in the record."
)
TAKE_SHEET_OUT = N_("The entry that this sheet shows is struck through. Take the sheet out of the folder.")
SHEET_CODE_GUESSABLE = N_(
    "This code was made by 0.1.0: with the sheet and a list of names, somebody could find out the name by "
    "trial. Print the sheet again, and destroy this one unless its signature must be kept."
)
PLACE_IS_NOW, PLACE_IS_EMPTY_NOW = N_("{place} is now: {value}"), N_("{place} is empty now.")
PLACE_CHANGED_SINCE = N_("Changed since the sheet was printed: {place}.")


class NotedSheet(NamedTuple):
    """A noted sheet: the record, the entry, and the client unless the record is of staff."""

    record: str
    entry: Facts
    her: Client | None


def check_sheet(session: Session, typed: str) -> Outcome:
    """Return what has changed since the sheet with that code was printed, by place."""
    code = read_sheet_code(typed)
    noted = min(_find_noted_sheets(session, code), key=lambda noted: "void" in noted.entry, default=None)
    if noted is None:
        raise NotFound("paper/unknown", SHEET_CODE_UNKNOWN)
    now = None if "void" in noted.entry else _paper_as_of_now(session, noted)
    entry = noted.entry
    track = find_sheet_track(session.rulebook, entry["form"])
    beside = partial(is_below_a_row, track) if track else lambda _: False
    places = list(changed_places(entry["facts"], fact_traces(noted.record, now.facts), beside)) if now else []
    facts = {
        "title": form_title(session.rulebook, entry["form"]),
        "record": noted.record,
        "on": entry["recorded_at"][:10],
        "by": entry["recorded_by"],
    }
    other = SHEET_CHANGED_BUT_SIGNED if _is_signed_now(session, noted) else SHEET_CHANGED
    sentence: Sentence = SHEET_ENTRY_STRUCK if now is None else other if places else SHEET_UNCHANGED
    told = [*_values_now(session, entry["form"], now, places)] if now and may_show_names(session) else []
    data = {
        "code": code, "form": entry["form"], "language": entry["language"],
        "client" if noted.her else "staff": noted.record,
        "printed_at": entry["recorded_at"], "printed_by": entry["recorded_by"],
        "state": "struck" if now is None else "changed" if places else "same", "changed": places,
    }  # fmt: skip
    changes = _change_findings(noted.record, now, places)
    findings = [with_place_in_words(session.rulebook, entry["form"], one) for one in changes]
    if "key" not in entry:
        findings.append(Finding(code="paper/old-code", message=SHEET_CODE_GUESSABLE, severity=Severity.WARN))
    return Outcome(data=data, findings=tuple(findings), prose=((sentence, facts), *told), private=bool(told))


def _is_signed_now(session: Session, noted: NotedSheet) -> bool:
    """Whether what the sheet shows has been signed since."""
    her, form = noted.her, noted.entry["form"]
    if her and form in session.rulebook.annex_names:
        return "signed_on" in recorded_signature(her, session.rulebook.annex(form))
    return any("signed" in facts for facts in (her.agreements if her else ()) if facts["id"] == noted.entry.get("of"))


def _find_noted_sheets(session: Session, code: str) -> Iterator[NotedSheet]:
    """Yield the notes with that code: in files of clients, or at members of staff."""
    staff: dict[str, Any] = session.store.directory.value.get("staff") or {}
    for record, holder in staff.items():
        yield from (NotedSheet(record, entry, None) for entry in holder.get("printed") or () if entry["code"] == code)
    for her in session.store.clients():
        yield from (NotedSheet(her.id, entry, her) for entry in her.facts.get("printed") or () if entry["code"] == code)


def _paper_as_of_now(session: Session, noted: NotedSheet) -> PreparedPaper | None:
    form, language = noted.entry["form"], noted.entry["language"]
    if noted.her is not None:
        return reprint_paper(session, noted.her, noted.entry)
    return print_signer_annex(session, PaperRequest(form, language), noted.record)


def _values_now(
    session: Session, form: str, now: PreparedPaper, places: list[str]
) -> Iterator[tuple[Sentence, dict[str, Any]]]:
    """Yield the values of these places now, for a person at the terminal; earlier values are not kept."""
    for place in places:
        value = now.facts.get(place)
        facts = {"place": place_in_words(session.rulebook, form, place), "value": value}
        yield (PLACE_IS_EMPTY_NOW if value is None else PLACE_IS_NOW), facts


def _change_findings(record: str, now: PreparedPaper | None, places: list[str]) -> Iterator[Finding]:
    if now is None:
        yield Finding(code="paper/struck", message=TAKE_SHEET_OUT, severity=Severity.OPEN, record=record)
    for place in places:
        about: dict[str, Any] = {"where": place, "record": record, "facts": {"place": place}}
        yield Finding(code="paper/changed", message=PLACE_CHANGED_SINCE, severity=Severity.OPEN, **about)
