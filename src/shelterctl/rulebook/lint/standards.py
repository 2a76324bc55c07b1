"""Checks of a standard: every column is filled from a place that is there, by codes that are there, and every field of
the tracks that it covers is mapped or said to be lost.
"""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from shelterctl.core.manual.field import Answers, Field
from shelterctl.core.manual.standard import Standard, StandardColumn
from shelterctl.core.manual.track import SHARING_CONSENT, Track
from shelterctl.core.tables.standard_losses import standard_fields
from shelterctl.rulebook.column_context import make_level_builder
from shelterctl.rulebook.files import RulebookFile, pointer_below, words_with_places
from shelterctl.ui_language import N_

if TYPE_CHECKING:
    from shelterctl.rulebook.rulebook import Rulebook

FIELD_WITHOUT_COLUMN = N_(
    "the standard covers this track, but has no column for {field}; map it, or name it in loses with the reason"
)
SOURCE_OR_UNFILLED = N_("write one of from, agreed, or unfilled: true for a column that nothing here fills")
LIKE_HAS_NO_COLUMN = N_("only a column of the standard that is named by like can be shared; describe this one here")
LIKE_OF_LIKE = N_("name a standard that describes all of its columns")
CONSENT_WANTED = N_(
    "clients go out in a standard only if they agreed; name the track of their consents in tracks.yaml: purposes, "
    "sharing_consent"
)
ANSWERS_WITHOUT_CODES = ("there", "absent", "yes", "no", "unknown")
"""Answers that a field without codes may be asked for."""

LOST_AND_MAPPED = N_("this field is mapped to a column, so it is not lost; leave it out here")


def check_standard(file: RulebookFile, standard: Standard, rulebook: "Rulebook") -> None:
    """Collect the mistakes of a standard in its file."""
    for name, at in _place_words("/covers", standard.covers, file.value["covers"]):
        file.collect(file.require_known, at, name, rulebook.tracks)
    _check_consent(file, standard, rulebook)
    _check_like(file, standard, rulebook)
    fields = dict(standard_fields(standard, rulebook.tracks))
    columns = make_level_builder(rulebook, lambda: date.min)("client")
    for name, column in standard.columns.items():
        at = pointer_below("/columns", name)
        _check_filled(file, at, standard, column)
        written = file.value["columns"].get(name, {})
        if written.get("shared"):  # the edition that describes it is checked itself
            continue
        for source, place in _place_words(f"{at}/from", column.source, written.get("from")):
            file.collect(file.require_known, place, source, {**fields, **columns})
        _check_codes(file, at, column, [fields[one] for one in column.source if one in fields])
    mapped = {source for column in standard.columns.values() for source in column.source}
    for reason, names in standard.loses.items():
        at = pointer_below("/loses", reason)
        file.collect(file.require_known, at, reason, rulebook.lists["losses"])
        for name, place in _place_words(at, names, file.value["loses"].get(reason)):
            file.collect(file.require_known, place, name, fields)
            if name in mapped:
                file.errors.append(file.error_at("rule", place, LOST_AND_MAPPED))
    for name in fields:
        if name not in mapped and name not in standard.lost:
            file.errors.append(file.error_at("rule", "/covers", FIELD_WITHOUT_COLUMN, field=name))


def _check_like(file: RulebookFile, standard: Standard, rulebook: "Rulebook") -> None:
    """Collect a standard under like that is not there, or is itself like another one."""
    others = {name: one for name, one in rulebook.standards.items() if name != standard.name}
    file.collect(file.require_known, "/like", standard.like, others)
    if standard.like in others and others[standard.like].like:
        file.errors.append(file.error_at("rule", "/like", LIKE_OF_LIKE))


def _check_filled(file: RulebookFile, at: str, standard: Standard, column: StandardColumn) -> None:
    """Collect a column that says nothing of what fills it, or two things."""
    if (column.unfilled, bool(column.source), column.agreed is not None).count(True) != 1:
        file.errors.append(file.error_at("rule", at, LIKE_HAS_NO_COLUMN if column.shared else SOURCE_OR_UNFILLED))


def _check_consent(file: RulebookFile, standard: Standard, rulebook: "Rulebook") -> None:
    """Collect answers that no consent can have, and a standard of a rulebook that names no track of consents."""
    track = rulebook.tracks.serving(SHARING_CONSENT)
    if track is None:
        file.errors.append(file.error_at("rule", "/consent", CONSENT_WANTED))
        return
    check_consent_answers(file, "/consent", standard.consent, track)


def check_consent_answers(file: RulebookFile, at: str, wanted: Answers, track: Track) -> None:
    """Collect answers that no consent of the track can have: unknown fields, and codes that a field does not have."""
    for name, answers in wanted.items():
        file.collect(file.require_known, pointer_below(at, name), name, track.fields)
        if name in track.fields:
            for answer, place in words_with_places(pointer_below(at, name), answers):
                file.collect(file.require_known, place, answer, track.fields[name].codes or ANSWERS_WITHOUT_CODES)


def _check_codes(file: RulebookFile, at: str, column: StandardColumn, fields: list[Field]) -> None:
    """Collect codes that no field of a column has, where its fields have codes of their own."""
    known = {code for one in fields for code in one.codes}
    if not known:
        return
    written = file.value["columns"][column.name].get("any")
    codes = [(code, pointer_below(f"{at}/codes", code)) for code in column.codes]
    for code, place in (*codes, *_place_words(f"{at}/any", column.any, written)):
        file.collect(file.require_known, place, code, known)


def _place_words(at: str, words: Sequence[str], written: object) -> list[tuple[str, str]]:
    """Return words with their pointers: a single word may be *written* without a list around it."""
    return [(word, at) for word in words] if isinstance(written, str) else words_with_places(at, words)
