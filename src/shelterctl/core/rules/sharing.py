"""Whether a client agreed that others learn what her file says: a consent in force that names them (M1.2.3)."""

from collections.abc import Collection
from datetime import date
from enum import Enum

from shelterctl.core.manual.field import Answers
from shelterctl.core.manual.track import Track
from shelterctl.core.record.client import Client
from shelterctl.core.record.entries import effective_entries, fold_value, gives_answers, list_entries
from shelterctl.core.rules.verbs.entries import is_alive


class SharingAnswer(Enum):
    """The answer of a client to a recipient: she agreed, her consent is refused or over, or no consent names it."""

    AGREED = "agreed"
    OVER = "over"
    MISSING = "missing"


def find_sharing_answer(
    track: Track, client: Client, wanted: Answers, recipients: Collection[str], day: date
) -> SharingAnswer:
    """Return what her consents with the *wanted* answers say on a day to one of the recipients.

    *track* is the one of consents; of entries of one kind the last counts, so that a refusal or a withdrawal ends what
    was agreed before. Names are compared without regard to case and spacing.
    """
    named = {fold_value(one) for one in recipients}
    by_then = (one for one in list_entries(track, client.facts, "") if one.day is not None and one.day <= day)
    found = [
        one
        for one in effective_entries(track, by_then)
        if fold_value(one.values.get("recipient")) in named and gives_answers(wanted, one.values)
    ]
    if any(not track.life or is_alive(one, track.life, day) for one in found):
        return SharingAnswer.AGREED
    return SharingAnswer.OVER if found else SharingAnswer.MISSING
