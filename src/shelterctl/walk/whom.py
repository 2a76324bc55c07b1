"""Whom an act is about: a number of the list above, an id, or a name, which may be mistyped."""

from collections.abc import Sequence

from shelterctl import ask, screen
from shelterctl.core.person import EXACT, alike
from shelterctl.core.record import Client
from shelterctl.desk import Desk
from shelterctl.errors import ShelterError
from shelterctl.language import N_
from shelterctl.store import read_id
from shelterctl.view import listed
from shelterctl.view.overview import line

WHOM = N_("Whose file? A number, an id or a name; Enter goes back.")
NOBODY = N_("No file of this store fits.")
WHICH = N_("Which one? Enter goes back.")
ROW = N_("{id}  {name}  {state}")


def whom(here: Desk, listed_: Sequence[Client]) -> str | None:
    """The id of the client who is meant; None if nobody is named."""
    while True:
        screen.write([""])
        screen.tell(WHOM, bold=True)
        for number, her in enumerate(listed_[: screen.size()[1] - 4], 1):
            screen.write([screen.cut(f"{number:>4} {line(here, her)}", screen.size()[0] - 1)])
        words = ask.line()
        if not words:
            return None
        if words.isascii() and words.isdigit() and 0 < int(words[:6]) <= len(listed_):
            return listed_[int(words) - 1].id
        found = _by_id(here, words) or _by_name(here, words)
        if found:
            return found


def _by_id(here: Desk, words: str) -> str | None:
    try:
        return here.store.client(read_id(words))[0].id
    except ShelterError:
        return None


def _by_name(here: Desk, words: str) -> str | None:
    """Whoever fits, the exact ones first, to be chosen from."""
    fits = [(match, her) for her in here.store.clients() if (match := alike(her.facts, {"first_name": words}))]
    if not fits:
        screen.tell(NOBODY, indent="  ")
        return None
    ordered = [her for _, her in sorted(fits, key=lambda one: one[0] != EXACT)]
    chosen = ask.choice(WHICH, [(ROW, _row(here, her)) for her in ordered])
    return None if chosen is None else ordered[chosen].id


def _row(here: Desk, her: Client) -> dict[str, object]:
    name = " ".join(part for part in listed.names(her).values() if part)
    return {"id": her.id, "name": name, "state": listed.row(here, her)["state"]}
