"""What a check noticed, and everything a command has to say."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from enum import StrEnum

from shelterctl.errors import ShelterError
from shelterctl.immutable import immutable
from shelterctl.language import Sentence, TwoSentences


class Severity(StrEnum):
    """How much a finding weighs: ``refuse`` stops an act, ``open`` heads a checklist, ``warn`` is said once."""

    REFUSE = "refuse"
    OPEN = "open"
    WARN = "warn"


@immutable(eq=True, kw_only=True)
class Finding:
    """One place where a record and the manual disagree.

    *message* is a sentence marked for the catalogue or a text of the shelf, filled from *facts*: what is wrong, and
    what helps everybody; *in_file* how it is written into a file, for whoever writes files. *where* is a JSON pointer
    into the document at hand; *clause* a row's id of the manual. No field that is shown holds a value of a person;
    *at* is the pointer by which line and column are found, where *where* must not repeat what was typed.
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

    @property
    def whole(self) -> Sentence:
        """The sentences that are said where files are written: the message, and how it stands in a file."""
        return TwoSentences(self.message, self.in_file) if self.in_file else self.message


FilledSentence = tuple[Sentence, Mapping[str, object]]
"""A sentence with its facts."""

FilledSentences = Sequence[FilledSentence]
"""What a person reads first: sentences, each with its facts."""


@immutable(kw_only=True)
class Outcome:
    """Everything one command has to say, before anyone decides how to say it.

    *data* is the page's ``data``; where it has ``rows``, *columns* names all that a row may have, so that a list
    without a row has its heading too; the *wide* ones are for programs, for a screen has no room for them. *said* holds
    the sentences, with their facts, that a person reads first, *prose* those that a person reads instead of the data,
    and *last* what is said once more at the very end. If *urgent*, findings stand above the data. What is *private* is
    shown at a terminal on a screen of its own, which is gone when it is left. A *stream* is itself the answer, for a
    pipe; what else there is to say goes beside it. *harm* is why the answer is not the whole one, though it is given:
    it is said first, and the command ends with its exit code. *record* is the one client's file of which all of it
    speaks: a page names it with every finding that has a place or a clause. Where the command is *strict*, what is open
    does not let it end with 0, and is still no more than open.
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
        """Whether anything stops the act; then nothing was written."""
        return has_refusal(self.findings)


def has_refusal(findings: Iterable[Finding]) -> bool:
    """Whether any of *findings* stops an act."""
    return any(finding.severity is Severity.REFUSE for finding in findings)


def soften_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The same findings where nothing is being asked for: what would stop an act stays open instead (X105)."""
    refused = ((finding, finding.severity is Severity.REFUSE) for finding in findings)
    return tuple(replace(finding, severity=Severity.OPEN) if refuses else finding for finding, refuses in refused)
