"""The rows of lists and reports: a row for each client, stay, agreement, line of a form, or entry of a track."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from shelterctl.core.manual.report import CLIENT_SUBJECT, STAY_SUBJECT
from shelterctl.core.manual.track import Track
from shelterctl.core.money.agreement import read_agreement
from shelterctl.core.record.client import Client, Registered, Stay
from shelterctl.core.record.entries import Entry, list_entries
from shelterctl.core.rules.context import Tracks
from shelterctl.core.tables.columns import ListRow
from shelterctl.core.values.days import add_months, days_between

AGREEMENT_SUBJECT, LINE_SUBJECT = "agreement", "line"
"""The subjects of rows about agreements: each agreement, or each line of one."""


def client_list_rows(all_: Iterable[Client], *, stays: bool) -> Iterator[ListRow]:
    """Yield a row for each client with her open stay or else her last, or with *stays* one for each stay."""
    for her in all_:
        for stay in her.stays if stays else (her.stay,):
            yield ListRow(her, stay, whole=not stays)


def night_list_rows(all_: Iterable[Client], today: date) -> Iterator[ListRow]:
    """Yield a row for each stay and calendar month with the number of nights that she slept in the house in it, up to
    the night before *today*.
    """
    for her in all_:
        for stay in her.stays:
            first, end = stay.arrived_on, stay.left_on or today
            while first is not None and first < end:
                next_ = min(add_months(first.replace(day=1), 1), end)
                yield ListRow(her, stay, {"month": f"{first:%Y-%m}", "nights": days_between(first, next_)})
                first = next_


def agreement_list_rows(forms: Mapping[str, Track], all_: Iterable[Client], *, lines: bool) -> Iterator[ListRow]:
    """Yield a row for each agreement with the stay that it is for, or with *lines* one for each of its lines."""
    for her in all_:
        for facts in her.agreements:
            row = ListRow(her, next((stay for stay in her.stays if stay.id == facts.get("stay")), None), facts)
            if not lines:
                yield row
            else:
                form = forms.get(facts["form"])  # a newer rulebook may have more forms
                read = read_agreement(form, facts).lines if form else ()
                yield from (ListRow(her, row.stay, facts, part) for part in read)


def entry_list_rows(track: Track, all_: Iterable[Client]) -> Iterator[ListRow]:
    """Yield a row for each live entry of a track in clients' files or joined records.

    An entry that lies outside her stays belongs to the stay of its day, if one had begun.
    """
    for her in all_:
        for stay in her.stays if track.of_a_stay else ():
            for entry in list_entries(track, stay.facts, f"/stays/{stay.index}"):
                yield ListRow(her, stay, entry.written)
        if isinstance(her, Registered) or "client" in track.home or not track.of_a_stay:
            for entry in list_entries(track, her.facts, ""):
                yield ListRow(her, _stay_of_entry(her, entry), entry.written, code=_code_of(her))


def _stay_of_entry(her: Client, entry: Entry) -> Stay | None:
    return her.stay_on(entry.day) if entry.day else None


def _code_of(her: Client) -> str | None:
    return her.id if isinstance(her, Registered) else None


def subject_rows(
    subject: str, tracks: Tracks, forms: Mapping[str, Track], clients: Iterable[Client], records: Iterable[Registered]
) -> Iterator[ListRow]:
    """Yield the rows of a subject of reports: from the joined *records* for a track of a register, else from *clients*.

    A row of a client is one of her stays: a report counts each client once.
    """
    if subject in (STAY_SUBJECT, CLIENT_SUBJECT):
        return client_list_rows(clients, stays=True)
    if subject in (AGREEMENT_SUBJECT, LINE_SUBJECT):
        return agreement_list_rows(forms, clients, lines=subject == LINE_SUBJECT)
    track = tracks[subject]
    return entry_list_rows(track, records if track.of_register else clients)
