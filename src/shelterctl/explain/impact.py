"""The answer of ``rules impact``: what differs in two rulebooks, how much it changes in a store, and each change."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from shelterctl.core.finding import FilledSentence, Outcome
from shelterctl.explain.rule_changes import FILE_KIND, RuleChange
from shelterctl.language import format_sentence, keep_form
from shelterctl.output.text import SEVERITY_HEADINGS
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.session import Session
from shelterctl.ui_language import N_, SCREEN_LANGUAGES
from shelterctl.view.due import DUE_STATE_WORDS
from shelterctl.view.impact import DEADLINE, FINDING, ITEM, STATE, SUM, UNREADABLE, Impact, ImpactRow
from shelterctl.view.readers import closed_parts_sentences

IMPACT_SUMMARY = N_("Rules that differ: {changes}. Records judged by both rulebooks: {records}. What changes: {rows}.")
SAME_RULEBOOK = N_("The folder has the same rulebook as this store.")

CHANGED_RULES_HEADING = N_("What differs in the rulebook")
COUNTS_HEADING = N_("What it changes, by kind and clause")
RECORDS_HEADING = N_("What it changes, by record")

CHANGE_OWNER = "  - {of} ({names})"
CHANGE_OWNER_AND_PART = "  - {of}, {part} ({names})"
CHANGE_OF_FILE = N_("  - {of}: other words differ")
CHANGE_BEFORE = N_("    before: {it}")
CHANGE_AFTER = N_("    after: {it}")
NOT_THERE = N_("nothing")
KINDS_IN_WORDS = {
    FINDING: N_("findings"),
    ITEM: N_("items of checklists"),
    DEADLINE: N_("deadlines"),
    SUM: N_("what a line leaves"),
    STATE: N_("states"),
    UNREADABLE: N_("cannot be read by the proposed rulebook"),
}
COUNT_LINE = N_("  - {what}: new {new}, gone {gone}, changed {changed}")
COUNT_LINE_OF_CLAUSE = N_("  - {what}, {clause}: new {new}, gone {gone}, changed {changed}")
RECORD_LINE = "{id}"
OTHER_FILES = N_("Other files")
ROW_LINE = "  - {code} {where}"
ROW_LINE_OF_CLAUSE = "  - {code} {where} ({clause})"
SAID_WITH_WEIGHT = "{weight}: {it}"
IMPACT_WEIGHTS: Mapping[str, Mapping[str, str]] = {
    FINDING: {severity.value: words for severity, words in SEVERITY_HEADINGS.items()},
    ITEM: {"refuse": N_("needed for the act"), "open": N_("not needed for the act")},
    DEADLINE: DUE_STATE_WORDS,
}
"""The words for the weight of a finding and of an item, and for the state of a deadline."""


def answer_impact(session: Session, proposed: Rulebook, changes: Sequence[RuleChange], found: Impact) -> Outcome:
    """Return what differs in the rulebooks, the counts of changes by kind and clause, and a row for each change."""
    counts = [*found.count()]
    counted = ((COUNT_LINE_OF_CLAUSE if one["clause"] else COUNT_LINE, _worded(one)) for one in counts)
    data = {
        "proposed": {"name": proposed.own_name, "edition": proposed.edition, "digest": proposed.digest},
        "changes": [change._asdict() for change in changes],
        "counts": counts,
        "records": found.records,
        "rows": [row._asdict() for row in found.rows],
    }
    facts = {"changes": len(changes), "records": found.records, "rows": len(found.rows)}
    same = proposed.digest == session.rulebook.digest
    prose = [
        *_part(CHANGED_RULES_HEADING, _change_lines(changes)),
        *_part(COUNTS_HEADING, counted),
        *_part(RECORDS_HEADING, _row_lines(found.rows)),
    ]
    return Outcome(
        data=data,
        columns=ImpactRow._fields,
        said=((SAME_RULEBOOK, {}) if same else (IMPACT_SUMMARY, facts), *closed_parts_sentences(session)),
        prose=tuple(prose) or (("", {}),),
    )


def _part(heading: str, lines: Iterable[FilledSentence]) -> Iterator[FilledSentence]:
    """Yield lines under a heading; nothing without lines."""
    if listed := [*lines]:
        yield from (("", {}), (heading, {}), *listed)


def _worded(count: dict[str, object]) -> dict[str, object]:
    return {**count, "what": KINDS_IN_WORDS[str(count["what"])]}


def _change_lines(changes: Iterable[RuleChange]) -> Iterator[FilledSentence]:
    for one in changes:
        facts = {"of": one.of, "part": one.part, "names": [one.verb, *one.names]}
        if one.verb == FILE_KIND:
            yield CHANGE_OF_FILE, facts
            continue
        yield CHANGE_OWNER_AND_PART if one.part else CHANGE_OWNER, facts
        yield CHANGE_BEFORE, {"it": one.before or NOT_THERE}
        yield CHANGE_AFTER, {"it": one.after or NOT_THERE}


def _row_lines(rows: Iterable[ImpactRow]) -> Iterator[FilledSentence]:
    """Yield the rows under the id of each record, three lines for each."""
    last: str | None = ""
    for row in rows:
        if row.id != last:
            last = row.id
            yield (RECORD_LINE, {"id": row.id}) if row.id else (OTHER_FILES, {})
        yield ROW_LINE_OF_CLAUSE if row.clause else ROW_LINE, row._asdict()
        yield CHANGE_BEFORE, {"it": _weighed(row.what, row.before, row.severity_before)}
        yield CHANGE_AFTER, {"it": _weighed(row.what, row.after, row.severity_after)}


def _weighed(what: str, says: object, severity: str | None) -> object:
    """Return what a rulebook says, with the weight of a finding or an item or the state of a deadline before it."""
    if says is None or severity is None:
        return NOT_THERE if says is None else says
    facts = {"weight": IMPACT_WEIGHTS[what][severity], "it": says}
    words = {spoken: format_sentence(SAID_WITH_WEIGHT, facts, spoken) for spoken in SCREEN_LANGUAGES}
    return keep_form(says, words)
