"""Tables that are written for somebody: for whom, in which file, and the signed line that says what went out.

Rows of persons are encrypted for a named recipient. The journal of this device says so before the file has its name.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from shelterctl.act.output_path import OutputTarget, judge_target, writing_output
from shelterctl.core.finding import Outcome
from shelterctl.core.record.entries import fold_value
from shelterctl.custody.export import find_reader_keys
from shelterctl.errors import NotFound, UsageError
from shelterctl.session import Session
from shelterctl.ui_language import N_
from shelterctl.vault.sealed_bytes import is_public_key, seal_for_keys

NEEDS_RECIPIENT = N_("These rows are about persons, so they are encrypted for somebody. Say for whom with --for CODE.")
RECIPIENT_UNKNOWN = N_("No member of staff has the code {staff}. For an office outside add its public key: --key age1…")
NOT_A_KEY = N_("--key takes a public key that begins with age1. This is none.")
EXPORT_FACT = "export"
"""The fact of a journal line about an export."""


class Recipient(NamedTuple):
    """The person or office that an export is for, by code, and the public keys that open it."""

    code: str
    keys: tuple[str, ...]


def find_recipient(session: Session, code: str, key: str | None) -> Recipient:
    """Return the recipient of an export: somebody with a key in this store, or an office with a key that was typed.

    Raises UsageError for a text that is no key, NotFound for a code without a key.
    """
    if key is not None:
        if not is_public_key(key):
            raise UsageError("export/not-a-key", NOT_A_KEY)
        return Recipient(code, (key,))
    if code not in session.store.staff_with_role():
        raise NotFound("export/no-key", RECIPIENT_UNKNOWN, staff=code)
    return Recipient(code, find_reader_keys(session, code))


def recipient_names(session: Session, code: str) -> Collection[str]:
    """Return the words by which a consent may name a recipient: the code; for the issuer's people its names too.

    Its people are staff of this store, who hand the file on to it, its contacts, and codes that begin with its name,
    such as ``iom-data``. An NGO is named by its code alone.
    """
    issuer = {*session.rulebook.country.issuer.values()}
    known = {*session.store.staff_with_role(), *(session.store.registers.get("iom_contacts") or ())}
    is_of_issuer = code in known or code.partition("-")[0] in {fold_value(name) for name in issuer}
    return {code, *issuer} if is_of_issuer else {code}


class Release(NamedTuple):
    """A file that leaves the house: the bytes, the tables by name with their number of rows, and how exact they are."""

    data: bytes
    rows: Mapping[str, int]
    exact: bool = False
    reason: str | None = None
    anonymised: bool = False

    @property
    def digest(self) -> str:
        """The sha256 of the bytes before they are encrypted."""
        return hashlib.sha256(self.data).hexdigest()

    def as_facts(self, recipient: Recipient | None) -> dict[str, Any]:
        """Return the facts that the journal keeps: codes, numbers and a digest."""
        facts: dict[str, Any] = {"for": recipient.code if recipient else None, "tables": [*self.rows]}
        facts |= {"count": sum(self.rows.values()), "exact": self.exact, "anonymised": self.anonymised}
        return facts | {"why": self.reason, "sha256": self.digest}


def write_release(session: Session, release: Release, recipient: Recipient | None, to: OutputTarget) -> Outcome:
    """Write a file that leaves the house, encrypted for its recipient, after the journal has it."""
    if stopped := judge_target(to, session.identity_file):
        return Outcome(findings=stopped)
    session.store.vault.require_writable()
    data = seal_for_keys(release.data, recipient.keys) if recipient else release.data
    facts = release.as_facts(recipient)
    with writing_output(to, data) as stream:
        more = {EXPORT_FACT: facts}
        session.store.vault.add_journal_note(more, did="export", by=session.journal_staff, at=session.timestamp)
    return Outcome(data=facts, stream=stream)


def list_releases(session: Session) -> Sequence[Mapping[str, Any]]:
    """Return every export that a journal of this store has, the oldest first."""
    lines = session.store.vault.journal.lines_with_fact(EXPORT_FACT)
    return [{"at": line["at"], "exported_by": line["by"], **line["more"][EXPORT_FACT]} for line in lines]
