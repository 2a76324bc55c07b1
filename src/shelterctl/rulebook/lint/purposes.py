"""Check of the tracks that the program itself needs: tracks.yaml names them under ``purposes``."""

from collections.abc import Mapping
from typing import NamedTuple

from shelterctl.core.manual.track import (
    ALLOWANCE,
    FROM_ELSEWHERE,
    ITEM_DAY,
    ITEM_PAPER,
    MONITORING,
    MONITORING_ATTEMPT,
    MONITORING_DAY,
    MONITORING_END,
    MONTH_REPORT,
    OUTING,
    SHARING_CONSENT,
    SPENDING,
    Track,
)
from shelterctl.rulebook.files import RulebookFile, pointer_below
from shelterctl.ui_language import N_

PURPOSE_NEEDS_PLACE = N_("the program looks for these entries at {at}; write at: {at} in the track {track}")
PURPOSE_NEEDS_FIELD = N_("the program reads the field {name} of these entries; the track {track} needs it")
PURPOSE_NEEDS_MONITORING = N_("this belongs to monitoring; name the track of the report too, or leave this out")


class PurposeNeeds(NamedTuple):
    """The place, if it is fixed, and the fields that the program reads in the entries of a track with a purpose."""

    at: str | None
    fields: tuple[str, ...]


NEEDS_OF_PURPOSES: Mapping[str, PurposeNeeds] = {
    MONITORING: PurposeNeeds("monitoring.reports", ("date", "signed")),
    MONITORING_ATTEMPT: PurposeNeeds("monitoring.attempts", ("on", "by", "how", "outcome")),
    MONITORING_END: PurposeNeeds("monitoring.closed", ("on", "by", "reason")),
    MONITORING_DAY: PurposeNeeds("monitoring.scheduled", ("on", "by")),
    SPENDING: PurposeNeeds(None, ("on", "amount")),
    ALLOWANCE: PurposeNeeds(None, ("amount",)),
    OUTING: PurposeNeeds("absences", ("left_at", "back_at")),
    MONTH_REPORT: PurposeNeeds(None, ("report", "ends_on", "figures", "digest", "closed")),
    ITEM_DAY: PurposeNeeds("done", ("item", "on", "by")),
    FROM_ELSEWHERE: PurposeNeeds("from_elsewhere", ("standard", "column", "value", "on")),
    SHARING_CONSENT: PurposeNeeds(None, ("recipient",)),
    ITEM_PAPER: PurposeNeeds("on_paper", ("item", "dated", "seen_by", "seen_on")),
}
"""The places and keys are those of a client's file, which are older than any rulebook and never change."""


def check_purposes(file: RulebookFile, purposes: Mapping[str, str], tracks: Mapping[str, Track]) -> None:
    """Collect the purposes whose track is unknown, or lacks what the program reads in its entries."""
    for purpose, name in purposes.items():
        place = pointer_below("/purposes", purpose)
        if (track := tracks.get(name)) is None:
            file.collect(file.require_known, place, name, tracks)
            continue
        needs = NEEDS_OF_PURPOSES[purpose]
        if needs.at not in (None, track.at):
            file.errors.append(file.error_at("rule", place, PURPOSE_NEEDS_PLACE, at=needs.at, track=name))
        for lacking in (one for one in needs.fields if one not in track.fields):
            file.errors.append(file.error_at("rule", place, PURPOSE_NEEDS_FIELD, name=lacking, track=name))
        if purpose in (MONITORING_ATTEMPT, MONITORING_END, MONITORING_DAY) and MONITORING not in purposes:
            file.errors.append(file.error_at("rule", place, PURPOSE_NEEDS_MONITORING))
