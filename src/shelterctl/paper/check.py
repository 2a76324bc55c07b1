"""Whether a sheet in the folder is what the record says now, by the code at its foot."""

from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

from shelterctl.act.discretion import named
from shelterctl.core.finding import Finding, Outcome, Severity
from shelterctl.core.record import Client, Facts
from shelterctl.desk import Desk
from shelterctl.errors import NotFound
from shelterctl.language import N_, Sentence
from shelterctl.paper import annex
from shelterctl.paper.client import signed_on
from shelterctl.paper.code import changed, read_code, shortened
from shelterctl.paper.form import again
from shelterctl.paper.place import called, worded
from shelterctl.paper.request import Paper, Request, sheet_of, titled
from shelterctl.paper.sheet import stands_beside

UNKNOWN = N_("No sheet with this code is noted in this store. Compare it letter by letter with the foot of the sheet.")
SAME = N_("{title}, {record}: the sheet printed on {on} by {by} says what the record says now.")
SIGNED = N_(
    "{title}, {record}: the record has changed since the sheet was printed on {on} by {by}. It is signed: the signed "
    "sheet holds, keep it."
)
OTHER = N_("{title}, {record}: the record has changed since the sheet was printed on {on} by {by}. Print it anew.")
GONE = N_("{title}, {record}: what the sheet printed on {on} by {by} shows is struck through in the record.")
STRUCK = N_("The entry that this sheet shows is struck through. Take the sheet out of the folder.")
GUESSABLE = N_(
    "This code was made by 0.1.0: whoever has the sheet and a list of names could try them until one fits. Print "
    "the sheet anew, and destroy this one where the signature does not have to be kept."
)
NOW, NOTHING = N_("{place} is now: {value}"), N_("{place}: nothing stands there now.")
SINCE = N_("This has changed since the sheet was printed: {place}.")


class Noted(NamedTuple):
    """A sheet as it is noted: whose, and the entry."""

    record: str
    entry: Facts
    her: Client | None


def check(here: Desk, typed: str) -> Outcome:
    """What has changed since the sheet with that code was printed, by place."""
    code = read_code(typed)
    noted = min(_noted(here, code), key=lambda noted: "void" in noted.entry, default=None)
    if noted is None:
        raise NotFound("paper/unknown", UNKNOWN)
    now = None if "void" in noted.entry else _now(here, noted)
    entry = noted.entry
    track = sheet_of(here.shelf, entry["form"])
    beside = partial(stands_beside, track) if track else lambda _: False
    places = list(changed(entry["facts"], shortened(noted.record, now.facts), beside)) if now else []
    facts = {
        "title": titled(here.shelf, entry["form"]),
        "record": noted.record,
        "on": entry["recorded_at"][:10],
        "by": entry["recorded_by"],
    }
    other = SIGNED if _signed(here, noted) else OTHER
    sentence: Sentence = GONE if now is None else other if places else SAME
    told = [*_told(here, entry["form"], now, places)] if now and named(here) else []
    data = {
        "code": code, "form": entry["form"], "language": entry["language"],
        "client" if noted.her else "staff": noted.record,
        "printed_at": entry["recorded_at"], "printed_by": entry["recorded_by"],
        "state": "struck" if now is None else "changed" if places else "same", "changed": places,
    }  # fmt: skip
    guessable = () if "key" in entry else (Finding(code="paper/old-code", message=GUESSABLE, severity=Severity.WARN),)
    findings = (worded(here.shelf, entry["form"], one) for one in _found(noted.record, now, places))
    return Outcome(data=data, findings=(*findings, *guessable), prose=((sentence, facts), *told), private=bool(told))


def _signed(here: Desk, noted: Noted) -> bool:
    """Whether what the sheet shows is signed by now."""
    her, form = noted.her, noted.entry["form"]
    if her and form in here.shelf.annex_names:
        return signed_on(her, here.shelf.annex(form)) is not None
    return any("signed" in facts for facts in (her.agreements if her else ()) if facts["id"] == noted.entry.get("of"))


def _noted(here: Desk, code: str) -> Iterator[Noted]:
    """Where the code is noted: in the file of a client, or beside a member of staff."""
    staff: dict[str, Any] = here.store.directory.value.get("staff") or {}
    for record, holder in staff.items():
        yield from (Noted(record, entry, None) for entry in holder.get("printed") or () if entry["code"] == code)
    for her in here.store.clients():
        yield from (Noted(her.id, entry, her) for entry in her.facts.get("printed") or () if entry["code"] == code)


def _now(here: Desk, noted: Noted) -> Paper | None:
    form, language = noted.entry["form"], noted.entry["language"]
    if noted.her is not None:
        return again(here, noted.her, noted.entry)
    return annex.of_staff(here, noted.record, here.shelf.annex(form), Request(form, language))


def _told(here: Desk, form: str, now: Paper, places: list[str]) -> Iterator[tuple[Sentence, dict[str, Any]]]:
    """What stands there now, for whoever sits at the terminal; what stood there was never kept."""
    for place in places:
        value = now.facts.get(place)
        yield (NOTHING if value is None else NOW), {"place": called(here.shelf, form, place), "value": value}


def _found(record: str, now: Paper | None, places: list[str]) -> Iterator[Finding]:
    if now is None:
        yield Finding(code="paper/struck", message=STRUCK, severity=Severity.OPEN, record=record)
    for place in places:
        told = {"place": place}
        yield Finding(
            code="paper/changed", message=SINCE, severity=Severity.OPEN, where=place, record=record, facts=told
        )
