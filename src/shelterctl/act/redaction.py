"""Leaving out names: when names may be shown, and which values of a file may name a person, such as free text.

The fields of the rulebook decide: codes, numbers, days and amounts stay; text is left out.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from shelterctl.core.finding import FilledSentences, Finding, Severity
from shelterctl.core.manual.field import OPEN_LISTS, Field
from shelterctl.core.manual.track import Track
from shelterctl.core.record import file_tree
from shelterctl.core.record.client import value_at
from shelterctl.core.record.sameness import BEFORE_KEY, CHANGES_KEY
from shelterctl.core.values.facts import Facts
from shelterctl.core.values.money import read_som, write_som
from shelterctl.immutable import immutable
from shelterctl.language import Plural
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.session import Session, may_ask
from shelterctl.ui_language import N_

NAMES_LEFT_OUT = N_("Names, contacts and free text are left out. To include them, add --names.")

FREE_TEXT_KINDS = ("text", "group", "parts", "span", "papers", "traces")
"""Kinds of fields that may hold free text, themselves or in a field inside them."""

SEALED_FINDINGS = Plural(
    N_("The sealed part has {count} finding. Those who may read that part see it with: shelterctl show ID TRACK"),
    N_("The sealed part has {count} findings. Those who may read that part see them with: shelterctl show ID TRACK"),
    by="count",
)
SEALED_COUNT = Finding(
    code="sealed/inside", message=SEALED_FINDINGS, where=f"/{file_tree.SEALED_LIST.partition('.')[0]}"
)
"""The finding that counts the findings inside sealed entries, one for each severity."""

SEALED_ENTRIES_PLACE = f"/{file_tree.SEALED_LIST.replace('.', '/')}/"
SEALED_BLOCKS_PLACE = f"{SEALED_COUNT.where}/"
"""The JSON pointers of the sealed entries, and of the sealed blocks that every file has."""

HidesPlace = Callable[[str], bool]
"""A function that tells whether the value at a JSON pointer must not be shown."""

BLOCKS_PART = "blocks"
"""The mark in ``Field.of`` of the group of sealed blocks; the group is left out if none of it may be shown."""

KINDS_LEFT_OUT = ("block", "revisions")
"""Kinds of fields that are never shown on a page."""

_OMITTED: Any = object()


def may_show_names(session: Session, asked: bool = False) -> bool:
    """Whether names may be shown: at a terminal, on a screen that is cleared afterwards, or if --names asks for it."""
    return asked or may_ask(session)


def names_note(session: Session, names: bool) -> FilledSentences:
    """Return the sentence about names that were left out; empty if they are shown."""
    return () if may_show_names(session, names) else ((NAMES_LEFT_OUT, {}),)


def redact_record(rulebook: Rulebook, facts: Facts, *, names: bool) -> Any:
    """Return a client's record for a page, with som as text with two decimals; without *names*, values that may name a
    person are left out.

    Sealed entries are then only counted, and their kinds are not shown.
    """
    told = _Redaction(rulebook, names).redact(facts, rulebook.record)
    sealed = () if names else value_at(facts, file_tree.SEALED_LIST)
    above, _, below = file_tree.SEALED_LIST.partition(".")
    return {**told, above: {below: len(sealed)}} if sealed else told


def count_sealed_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Replace the findings inside sealed entries by their number, for users who did not open them.

    Findings inside a block that every file has are dropped.
    """
    kept: list[Finding] = []
    counts = Counter[Severity]()
    for one in findings:
        if one.code == SEALED_COUNT.code:
            counts[one.severity] += int(str(one.facts["count"]))
        elif one.where.startswith(SEALED_ENTRIES_PLACE):
            counts[one.severity] += 1
        elif not one.where.startswith(SEALED_BLOCKS_PLACE):  # a finding in a block would show that it is not empty
            kept.append(one)
    weighed = [severity for severity in Severity if counts[severity]]
    return (*kept, *(replace(SEALED_COUNT, severity=each, facts={"count": counts[each]}) for each in weighed))


def redact_entry(rulebook: Rulebook, track: Track, facts: Facts, *, names: bool) -> Any:
    """Return an entry of one track for a page, as ``redact_record`` does, without compiling the other tracks."""
    return _Redaction(rulebook, names).redact(facts, Field(track.name, "group", track.text, fields=track.fields))


def redact_agreement(rulebook: Rulebook, facts: Facts, *, names: bool) -> Any:
    """Return one agreement for a page, as ``redact_record`` does."""
    told = _Redaction(rulebook, names)
    return told.redact(facts, told.agreement_field(facts.get("form")))


def redact_fields(rulebook: Rulebook, where: str, facts: Facts, *, names: bool) -> Any:
    """Return an entry at a JSON pointer, or some of its keys, for a page, as ``redact_record`` does."""
    told = _Redaction(rulebook, names)
    if "form" in facts and where.startswith("/agreements/"):
        return told.redact(facts, told.agreement_field(facts["form"]))
    place = "/".join(name for name in where.split("/") if name and not name.isdigit())
    return told.redact(facts, _field_at(place, rulebook.record) if place else rulebook.record)


def make_hides(rulebook: Rulebook, form: str | None = None) -> HidesPlace:
    """Return a function that tells which places a sheet without names must hide: those of an agreement on *form*, else
    of a monitoring report, and those of her file.
    """
    told = _Redaction(rulebook, False)
    own = told.agreement_field(form) if form else rulebook.record.fields["monitoring"].fields["reports"]
    return lambda place: may_hold_free_text(_field_at(place, own) or _field_at(place, rulebook.record))


@immutable(slots=False)
class _Redaction:
    """Chooses the values that a page may show, by the field of each value."""

    rulebook: Rulebook
    names: bool

    def agreement_field(self, form: object) -> Field:
        """Return the field of an agreement with the lines of its form; for an unknown form, with what all have."""
        known = self.rulebook.forms.get(str(form))
        return (
            file_tree.agreement_field(known, self.rulebook.void) if known else self.rulebook.record.fields["agreements"]
        )

    def redact(self, value: Any, field: Field | None) -> Any:
        """Return the value as a page shows it, or _OMITTED."""
        if (
            field and field.kind in KINDS_LEFT_OUT and not (field.kind == "block" and isinstance(value, Mapping))
        ):  # a block that was opened is shown
            return _OMITTED
        if isinstance(value, Mapping):
            parts = {
                name: self._redact_changes(below, field)
                if name == CHANGES_KEY
                else self.redact(below, self._field_inside(field, name, value))
                for name, below in value.items()
            }
            kept = {name: below for name, below in parts.items() if below is not _OMITTED}
            return kept if kept or field is None or field.of != (BLOCKS_PART,) else _OMITTED
        if isinstance(value, list | tuple):
            several = field if field and (field.several or field.kind == "months") else None
            items = [self.redact(each, None if isinstance(each, list | tuple) else several) for each in value]
            left = [each for each in items if each is not _OMITTED]
            return left if left or not value else _OMITTED
        if field and field.kind == "som" and (som := read_som(value)) is not None:
            return write_som(som)
        known = value is None or (field and value in field.codes)  # older files may have words instead of these codes
        return value if self.names or known or not may_hold_free_text(field) else _OMITTED

    def _redact_changes(self, changes: Any, field: Field | None) -> Any:
        """Return the earlier values of an entry, redacted like its present ones."""
        told = [{**change, BEFORE_KEY: self.redact(change[BEFORE_KEY], field)} for change in changes]
        return [{name: value for name, value in change.items() if value is not _OMITTED} for change in told]

    def _field_inside(self, field: Field | None, name: str, whole: Facts) -> Field | None:
        """Return the field *name* inside *field*; for an agreement, saved or unfinished, with the lines of its form."""
        if field and field.of == ("agreement",) and "form" in whole:
            field = self.agreement_field(whole["form"])
        if field and field.kind == "papers":
            return self.agreement_field(name) if name in self.rulebook.forms else None
        if field and field.kind == "span" and not field.fields:
            field = self.rulebook.fields_of_every_entry["span"]
        return field.fields.get(name) if field else None


def may_hold_free_text(field: Field | None) -> bool:
    """Whether a field may hold free text, which could name a person; an unknown field may."""
    if field is None or field.kind in FREE_TEXT_KINDS:
        return field is None or not field.nameless
    return field.kind in ("code", "party") and bool(field.was or (field.open and not set(field.of) & OPEN_LISTS.keys()))


def _field_at(place: str, whole: Field) -> Field | None:
    found: Field | None = whole
    for name in place.strip("/").split("/"):
        found = found.fields.get(name) if found else None
    return found
