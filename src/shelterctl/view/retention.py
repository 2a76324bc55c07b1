"""The retention list (D83): until when the file of each client outside the house is kept, and what stands against
deleting it. It shows ids, days and codes alone, and deletes nothing.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from shelterctl.act.holding_registers import list_holding_registers
from shelterctl.act.register_record import reads_part
from shelterctl.core.finding import FilledSentence, Outcome
from shelterctl.core.tables.columns import ListRow
from shelterctl.core.tables.list_rows import client_list_rows
from shelterctl.core.tables.lists import ListTable
from shelterctl.language import Text
from shelterctl.session import Session
from shelterctl.ui_language import N_
from shelterctl.view.lists import LIST_OF_RETENTION, ListQuery, answer_query, listed_clients, open_list_table

NOBODY_LEFT_YET = N_("There is no file of a client outside the house yet.")
WHAT_STANDS_AGAINST = N_("What stands against deleting a file:")
OBSTACLE_OF_FILES = "- {what}: {ids}"
PERSON_DECIDES = N_("The program deletes no file, also where nothing stands against it. A person decides.")
READ_ELSEWHERE = N_("Not counted here: {what}. Read by: {roles}. Ask there too.")


def answer_retention(session: Session, wish: ListQuery) -> Outcome:
    """Return the list with the columns and conditions of *wish*."""
    table = open_list_table(session, LIST_OF_RETENTION)
    told = answer_query(session, table, wish, retention_rows(session, table), ((NOBODY_LEFT_YET, {}),))
    why = () if wish.columns or wish.count_only else _group_by_obstacle(told.data.get("rows"))
    return replace(told, last=(*told.last, *why, *_list_notes(session)))


def _group_by_obstacle(rows: Any) -> Iterator[FilledSentence]:
    """Yield a line for each obstacle with the ids of its files: a screen is too narrow for all obstacles of a file."""
    found: dict[Any, list[str]] = {}
    for row in rows or ():
        for obstacle in row["stands_against"] or ():
            found.setdefault(obstacle, []).append(row["id"])
    if found:
        yield WHAT_STANDS_AGAINST, {}
    yield from ((OBSTACLE_OF_FILES, {"what": obstacle, "ids": ids}) for obstacle, ids in found.items())


def retention_rows(session: Session, table: ListTable) -> list[ListRow]:
    """Return a row for each client without an open stay; the file that is kept for the shortest time is first."""
    (until,) = table.find_columns("kept_until")

    def shortest_first(row: ListRow) -> tuple[str, str]:
        found = until.read(row) if until.read else None
        return found.isoformat() if isinstance(found, date) else "", row.client.id

    outside = (her for her in listed_clients(session) if not any(stay.is_open for stay in her.stays))
    return sorted(client_list_rows(outside, stays=False), key=shortest_first)


def _list_notes(session: Session) -> Iterator[FilledSentence]:
    """Yield what must be known beside the list: who decides, and what others read about a manager."""
    yield PERSON_DECIDES, {}
    if elsewhere := find_read_elsewhere(session):
        yield READ_ELSEWHERE, {"what": elsewhere.parts, "roles": elsewhere.roles}


class ReadElsewhere(NamedTuple):
    """The parts of registers that other roles read instead of this person, because they concern a reader."""

    parts: list[Text]
    roles: list[Text]


def find_read_elsewhere(session: Session) -> ReadElsewhere | None:
    """Return what others read instead of this person; whether there is any such entry is not said."""
    lists, sealed = session.rulebook.lists, (one.seal for one in list_holding_registers(session))
    closed = [one.instead for one in sealed if one and one.instead and not reads_part(session, one, one.instead.part)]
    parts = dict.fromkeys(one.part for one in closed)
    roles = dict.fromkeys(role for one in closed for role in one.readers)
    if not parts:
        return None
    return ReadElsewhere([lists["parts"][one] for one in parts], [lists["roles"][one] for one in roles])
