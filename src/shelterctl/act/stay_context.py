"""The context in which the rules judge a client's file: her stay, her house, the day, the registers and the tracks."""

from datetime import date
from typing import Any

from shelterctl.core.record.client import Client, Stay
from shelterctl.core.rules.context import Context
from shelterctl.session import Session

ADMISSION_ACT, DISCHARGE_ACT = "admission", "discharge"
"""The acts on a stay."""


def admission_context(session: Session, client: Client, day: date, *, count: bool = True, **more: Any) -> Context:
    """Return the context in which an admission is judged: the client, her stay, and her house that night.

    Who else sleeps there is counted, by opening every file, only while she is not admitted yet.
    """
    her = client.stay
    count = count and her is not None and her.is_open and her.admitted_on is None
    return stay_context(session, client, her, day, house=session.store.house_on(client, her, day, count=count), **more)


def stay_context(session: Session, client: Client, stay: Stay | None, day: date, **more: Any) -> Context:
    """Return the context of one stay of a client on *day*, with the registers and tracks.

    In a register the present moment belongs to it: its rules count hours by the clock of the house.
    """
    registers, tracks = session.store.registers if session.store else None, session.rulebook.tracks
    if client.home == "house" and session.store:
        more.setdefault("house", session.store.house_of(client.id))
    if client.home is not None:
        more.setdefault("now", session.moment)
    if session.store:
        more.setdefault("read_register", session.store.read_register)
    return Context(day=day, today=session.today, client=client, stay=stay, registers=registers, tracks=tracks, **more)
