"""The track that a person types: found by its name, of the right home, and written by ``add`` or its own command."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING

from shelterctl.core.manual.track import Track
from shelterctl.core.record.client import Client
from shelterctl.errors import NotFound, UsageError
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.store.folder import could_be_client_id
from shelterctl.store.subject import find_code
from shelterctl.ui_language import N_

if TYPE_CHECKING:
    from shelterctl.store.store import Store

COMMANDS_OF_ACTS = {
    "admission.admitted_on": "admit ID --complete --on DATE",
    "discharge.on": "discharge ID --on DATE",
    "monitoring.reports": "monitor record ID --from FILE",
}
"""Places of a stay that only an act fills, each with its command."""

COMMANDS_OF_PLACES = {
    **COMMANDS_OF_ACTS,
    "agreements": "agreement ID --form FORM",
    "stays": "admit ID --from FILE",
    "referral": "admit ID --from FILE",
    "done": "admit ID --done ITEM",
    "monitoring.attempts": "monitor attempt ID",
    "monitoring.closed": "monitor close ID",
    "monitoring.scheduled": "monitor schedule ID --on DATE",
}
"""Places with a command of their own, which knows more about them than the rules of their track."""

NO_SUCH_TRACK_BUT_NEAR = N_("There is no such track. Did you mean {near}?")
NO_SUCH_TRACK_OF_ALL = N_("There is no such track. The tracks are {tracks}.")
TRACK_OF_CLIENT = N_("Entries of this kind are about a client. Name her by her id, such as 7QF2-M9KD.")
SENTENCES_BY_HOME: Mapping[str, str] = {
    "house": N_("Entries of this kind are about a house. Name it by its code; see: shelterctl facility list"),
    "staff": N_("Entries of this kind are about a member of staff. Name the code; see: shelterctl staff list"),
    "ngo": N_("Entries of this kind are about an NGO. Name it by its code; see: shelterctl ngo list"),
    "provider": N_("Entries of this kind are about a provider. Name it by its code; see: shelterctl provider list"),
}
"""The advice about a track that belongs to another home."""
UNREGISTERED_BY_HOME: Mapping[str, str] = {
    "house": N_("No house is registered under that code. See the codes with: shelterctl facility list"),
    "staff": N_("No member of staff is registered under that code. See the codes with: shelterctl staff list"),
    "ngo": N_("No NGO is registered under that code. See the codes with: shelterctl ngo list"),
    "provider": N_("No provider is registered under that code. See the codes with: shelterctl provider list"),
}
"""The error for a word that is neither a registered code nor an id, beside a track of that home."""
HAS_OWN_COMMAND = N_("This has a command of its own: {command}")


def find_track(rulebook: Rulebook, name: str) -> Track:
    """Return the track of that name, from clients' files or from registers.

    Raises UsageError with the nearest name if there is none.
    """
    known = rulebook.tracks.get(name)
    if known and name in rulebook.track_names and not known.is_coded:
        return known  # the other tracks are read only to suggest a name
    if known:
        raise UsageError("usage/own-command", HAS_OWN_COMMAND, command=f"{name} add CODE")
    named = [each for each in rulebook.track_names if not rulebook.tracks[each].is_coded]
    near = get_close_matches(name.casefold().replace("_", "-"), named, 1)
    raise UsageError("usage/track", NO_SUCH_TRACK_BUT_NEAR if near else NO_SUCH_TRACK_OF_ALL, near=near, tracks=named)


def require_registered(store: "Store", track: Track, typed: str) -> None:
    """Raise NotFound where a track of registers is named beside a word that is neither a code of theirs nor an id."""
    if track.of_register and not could_be_client_id(typed.strip()) and find_code(store, typed) is None:
        raise NotFound("register/unknown-code", UNREGISTERED_BY_HOME[track.of_register])


def require_home(track: Track, her: Client) -> None:
    """Raise UsageError unless the track is of her file, or of the registers of this house, person, NGO or provider."""
    if track.of_register != her.home:
        raise UsageError("usage/other-home", SENTENCES_BY_HOME.get(track.of_register or "", TRACK_OF_CLIENT))


def own_command(track: Track) -> str | None:
    """Return the command that alone writes entries of a track; None if ``add`` writes them."""
    day = track.day if isinstance(track.day, str) else ""
    command = COMMANDS_OF_PLACES.get(track.at) or COMMANDS_OF_PLACES.get(f"{track.at}.{day}")
    return command.replace("FORM", track.name) if command and track.family else command


def list_addable_tracks(rulebook: Rulebook, home: str | None = None) -> list[str]:
    """The names of all tracks that ``add`` writes, about a client or about a *home*."""
    hers = (rulebook.tracks[name] for name in rulebook.track_names)
    return [each.name for each in hers if each.of_register == home and not (each.is_coded or own_command(each))]


def find_addable_track(rulebook: Rulebook, name: str) -> Track:
    """Return the track of that name if ``add`` writes it. Raises UsageError with the command that does."""
    track = find_track(rulebook, name)
    if command := own_command(track):
        raise UsageError("usage/own-command", HAS_OWN_COMMAND, command=command)
    return track
