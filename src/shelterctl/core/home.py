"""Where in a file an entry of a track belongs: in the open stay, in one that she left, or beside them."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from shelterctl.core import duty
from shelterctl.core.finding import Finding
from shelterctl.core.fragment import NO_STAY, content, same
from shelterctl.core.record import Client, Facts, Stay, at
from shelterctl.core.track import Track
from shelterctl.language import N_

NOT_LEFT = N_("This belongs to a stay that she has left, and she has left none.")


class Home(NamedTuple):
    """The stay to which an entry belongs, or none where it lies at the top of her file; or what forbids both."""

    stay: Stay | None
    findings: tuple[Finding, ...] = ()

    def of(self, track: Track, client: Client) -> Any:
        """What stands at the place of a track in her file, as it is now."""
        facts: Facts = client.facts["stays"][self.stay.index] if self.stay else client.facts
        return at(facts, track.at) if track.at else facts

    def place(self, track: Track) -> str:
        """The pointer to that place."""
        root = f"/stays/{self.stay.index}" if self.stay else ""
        return f"{root}/{track.at.replace('.', '/')}" if track.at else root


def home_of(track: Track, client: Client, report: Track, given: Facts) -> Home:
    """Where *given* belongs: in the stay in which it stands already, by its id or word for word, else where it is due.

    That is her open stay, else her last; of what follows a stay that she left the one whose duty is owed (*report*).
    """
    if not track.of_a_stay or (not client.stays and "client" in track.home):
        return Home(None)
    if not client.stays:
        return Home(None, (Finding(code="fragment/no-stay", message=NO_STAY),))
    known = next((stay for stay in client.stays if _stands(track, _listed(track, stay), given)), None)
    if known or "left" not in track.home:
        return Home(known or client.stay)
    owed = duty.owed(report, client)
    if owed is None or owed.discharged_on is None:
        return Home(None, (Finding(code="fragment/not-left", message=NOT_LEFT),))
    return Home(owed)


def _listed(track: Track, stay: Stay) -> Sequence[Facts]:
    found: Any = at(stay.facts, track.at)
    return found if track.many and isinstance(found, list) else ()


def _stands(track: Track, listed: Sequence[Facts], given: Facts) -> bool:
    """Whether the very entry is in a list: that with its id; of what she left also a live one with the same values."""
    if "id" in given:
        return any(one.get("id") == given["id"] for one in listed)
    told = {**track.tells, **given}
    return "left" in track.home and any("void" not in one and same(content(one), content(told)) for one in listed)
