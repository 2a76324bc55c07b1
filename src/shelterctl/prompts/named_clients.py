"""The clients whom an entry of a register may name: by id, and by name for a person who opens clients' files."""

from collections.abc import Iterator
from dataclasses import replace

from shelterctl.act.permission import opens_client_files
from shelterctl.core.record.client import Client
from shelterctl.errors import Damaged, NotFound
from shelterctl.language import Text
from shelterctl.session import Session
from shelterctl.store.roster import read_residents
from shelterctl.typed.question import Question
from shelterctl.ui_language import N_
from shelterctl.view.client import client_names

CLIENT_NOT_KNOWN = N_("No client has this id or name.")
CLIENT_ID_NOT_KNOWN = N_("No client has this id.")


def offer_clients(session: Session, asked: Question, house: str | None) -> Question | None:
    """Return a question that names clients with those who sleep in the house, or in any, as its choices; None where
    there is no client.

    Others can be named as well. A name finds its client only where this person opens clients' files.
    """
    named = opens_client_files(session)
    known = {her.id: her for her in (_all_clients(session) if named else _residents(session))}
    here = {id_: her for id_, her in known.items() if _sleeps_in(session, her, house)} or known
    if not here:
        return None
    others: dict[str, Text] = {id_: _client_line(known.get(id_), id_) for id_ in session.store.ids() if id_ not in here}
    return replace(
        asked,
        kind="code",
        open=False,
        choices={id_: _client_line(her, id_) for id_, her in here.items()},
        former=others,
        also={id_: [*client_names_of(her)] for id_, her in known.items()},
        unlisted=CLIENT_NOT_KNOWN if named else CLIENT_ID_NOT_KNOWN,
    )


def client_names_of(her: Client) -> Iterator[str]:
    """Yield her names, each alone and both together; none of somebody who is known by number alone."""
    known = [name for name in client_names(her).values() if name]
    yield from known
    if len(known) > 1:
        yield " ".join(known)


def _client_line(her: Client | None, id_: str) -> Text:
    names = [name for name in client_names(her).values() if name] if her else []
    return {"en": " · ".join([id_, " ".join(names)] if names else [id_])}


def _all_clients(session: Session) -> tuple[Client, ...]:
    return session.store.all_clients.clients


def _residents(session: Session) -> list[Client]:
    """Return those who are in the house, by number; none where the list of them cannot be read."""
    try:
        return [*read_residents(session.store.roster.value)]
    except (NotFound, Damaged):
        return []


def _sleeps_in(session: Session, her: Client, house: str | None) -> bool:
    stay = her.stay
    return stay is not None and stay.sleeps_here(session.today) and house in (None, stay.facility)
