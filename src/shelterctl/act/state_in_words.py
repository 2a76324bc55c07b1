"""The state of a client for programs, as a code, and for people, in the words of the rulebook."""

from shelterctl.core.record.client import Client
from shelterctl.language import AboutClient, LabelledCode
from shelterctl.session import Session


def client_state(session: Session, client: Client) -> LabelledCode:
    """Return the state of a client: a code for programs, with the rulebook's name of it for people."""
    from shelterctl.core.rules import client_state as states  # noqa: PLC0415 - to name a state needs no rules

    code = states.client_state(session.rulebook.tracks, client, client.stay)
    return LabelledCode(code, name_state(session, client, code))


def name_state(session: Session, client: Client, code: str) -> AboutClient:
    """Return the rulebook's name of a state in the form of words for the client who is in it."""
    return AboutClient(session.rulebook.states[code]["text"], session.rulebook.form_for_sex(client.sex))
