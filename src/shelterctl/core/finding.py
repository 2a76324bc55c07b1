"""Findings of a check, and the outcome of a command."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from enum import StrEnum

from shelterctl.errors import ShelterError
from shelterctl.immutable import immutable
from shelterctl.language import AboutClient, Sentence, TwoSentences


class Severity(StrEnum):
    """The weight of a finding: ``refuse`` stops an act, ``open`` is listed as still to be done, ``warn`` only warns."""

    REFUSE = "refuse"
    OPEN = "open"
    WARN = "warn"


@immutable(eq=True, kw_only=True)
class Finding:
    """One place where a record and the manual disagree.

    *message* is a sentence of the catalogue or a text of the rulebook, filled from *facts*: it says what is wrong and
    how to put it right. *in_file* adds how to put it right in a file, for people who write files. *where* is a JSON
    pointer into the document; *clause* is the id of a clause of the manual. No field that is shown holds a value of a
    person. *at* is the pointer by which line and column are found where *where* must not repeat what was typed. What is
    *malformed* is refused even where a check performs no act.
    """

    code: str
    message: Sentence
    in_file: Sentence | None = None
    severity: Severity = Severity.REFUSE
    where: str = ""
    clause: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    record: str | None = None
    at: str | None = None
    line: int | None = None
    column: int | None = None
    malformed: bool = False

    @property
    def whole(self) -> Sentence:
        """The message with its sentence for people who write files, where it has one."""
        return TwoSentences(self.message, self.in_file) if self.in_file else self.message


FilledSentence = tuple[Sentence, Mapping[str, object]]
"""A sentence with the facts that fill it."""

FilledSentences = Sequence[FilledSentence]
"""Sentences with the facts that fill them, in the order in which a person reads them."""


@immutable(kw_only=True)
class Outcome:
    """The result of one command, independent of how it is shown.

    *data* is the ``data`` of the page. Where it has ``rows``, *columns* names every column that a row may have, so that
    a list without rows still has a heading; the *wide* columns are for programs, because a screen has no room for them.
    *said* holds the sentences, with their facts, that a person reads first, *prose* those shown to a person instead of
    the data, and *last* those shown at the very end. With *urgent*, findings are shown above the data. With *private*,
    a terminal shows the outcome on a screen of its own and clears it afterwards. *stream* is the answer itself, for a
    pipe; everything else is then written beside it. *harm* is the reason why the answer is incomplete although it is
    given: it is shown first, and the command ends with its exit code. *record* is the id of the client whose file the
    whole outcome is about: a page names it with every finding that has a place or a clause. With *strict*, open
    findings prevent the exit code 0, but they stay open.
    """

    data: Mapping[str, object] = field(default_factory=dict)
    columns: Sequence[str] = ()
    wide: Sequence[str] = ()
    findings: tuple[Finding, ...] = ()
    said: FilledSentences = ()
    prose: FilledSentences = ()
    last: FilledSentences = ()
    private: bool = False
    stream: bytes | None = None
    harm: ShelterError | None = None
    strict: bool = False
    record: str | None = None
    urgent: bool = False

    @property
    def refused(self) -> bool:
        """Whether a finding stopped the act; nothing was written then."""
        return has_refusal(self.findings)


def about_client(finding: Finding, form: str, record: str | None = None) -> Finding:
    """Return a finding in the form of words for the client whom it is about, with the id of the *record* if given."""
    return replace(finding, record=record or finding.record, facts=AboutClient(finding.facts, form))


def has_refusal(findings: Iterable[Finding]) -> bool:
    """Return whether any of *findings* stops an act."""
    return any(finding.severity is Severity.REFUSE for finding in findings)


def soften_findings(findings: Iterable[Finding], *, is_shown: bool = False) -> tuple[Finding, ...]:
    """Return *findings* with every refusal turned into ``open``, for a check that performs no act (X105).

    What is malformed stays refused, unless the findings are only *shown* with what is in the file.
    """
    refused = (
        (finding, finding.severity is Severity.REFUSE and (is_shown or not finding.malformed)) for finding in findings
    )
    return tuple(replace(finding, severity=Severity.OPEN) if softens else finding for finding, softens in refused)
