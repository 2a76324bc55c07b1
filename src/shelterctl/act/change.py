"""The one way in which a command changes a client's file: it works out the file as it would be, judges that, and hands
both over as a `Change`. Here is decided whether it is refused, only looked at, nothing new, or saved, and what is said.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from shelterctl.act.client_file import NOTHING_WOULD_BE_REFUSED, save_client_file
from shelterctl.core.finding import FilledSentences, Finding, Outcome, has_refusal
from shelterctl.core.values.facts import Facts
from shelterctl.session import Session
from shelterctl.store.store import StoredFile
from shelterctl.ui_language import N_

UNCHANGED_BY_ACT = N_("That was written down just so already; nothing changed.")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class Change:
    """One change to a client's file, worked out and judged, and not written yet.

    *held* is the file as it was read, *record* as it would be; *changed* says whether that is anything new. *did* is
    the reason in the journal. *findings* refuse it or stay open. *data* is the page's; where it depends on whether the
    file was saved, it is worked out once that is known. *checked* is said under --check, *unchanged* where nothing is
    new, *written* after saving.
    """

    held: StoredFile
    record: Facts
    did: str
    data: Mapping[str, object] | Callable[[bool], Mapping[str, object]]
    findings: tuple[Finding, ...] = ()
    changed: bool = True
    checked: FilledSentences = ((NOTHING_WOULD_BE_REFUSED, {}),)
    unchanged: FilledSentences = ((UNCHANGED_BY_ACT, {}),)
    written: FilledSentences = ()


def write_change(session: Session, change: Change, *, check: bool = False) -> Outcome:
    """The outcome of a change: saved where nothing refuses it and it is anything new, unless *check* is set."""
    refused = has_refusal(change.findings)
    if saves := change.changed and not (refused or check):
        save_client_file(session, change.record, change.held.version, change.did)
    said = () if refused else change.checked if check else change.written if saves else change.unchanged
    data = change.data(saves) if callable(change.data) else change.data
    return Outcome(data=data, findings=change.findings, said=said)


def replace_entry(record: Any, pointer: str, entry: Facts) -> Any:
    """A file with another *entry* at the place of one that is there, by the pointer to it."""
    first, _, rest = pointer.lstrip("/").partition("/")
    if not first:
        return entry
    if isinstance(record, list):
        return [replace_entry(each, rest, entry) if str(n) == first else each for n, each in enumerate(record)]
    return {**record, first: replace_entry(record[first], rest, entry)}
