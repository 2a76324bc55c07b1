"""shelterctl export --standard: everybody who agreed, in the columns of another organisation, and what these lose."""

from shelterctl.act.export import NEEDS_RECIPIENT, Recipient, Release, write_release
from shelterctl.cli.export_form import FileForm
from shelterctl.core.finding import FilledSentence, FilledSentences, Outcome
from shelterctl.core.tables.exported import ExportIds
from shelterctl.errors import UsageError
from shelterctl.session import Session
from shelterctl.ui_language import N_
from shelterctl.view.exported import ExportRequest, export_key
from shelterctl.view.standard import (
    LOSS_COLUMNS,
    StandardRelease,
    find_losses,
    find_standard,
    loss_rows,
    make_standard,
)

STANDARD_IS_WHOLE = N_(
    "A standard has its own columns, and everybody who agreed. Leave out --columns, --where and --anonymised."
)
LOSSES_OF_STANDARD = N_("--losses belongs to --standard NAME.")
WITHHELD = N_(
    "Clients left out: {count}. They have not agreed that {code} learns about them: no consent names this recipient – "
    "{missing}; consent refused, withdrawn or expired – {ended}. When a client agrees, record it: shelterctl add ID "
    "consent"
)
NOBODY_AGREED = N_("Nobody was given out, so the file has no rows: no client has agreed to it.")
NOBODY_FITS = N_("Nobody was given out, so the file has no rows: no client was there in these days or in this house.")
LOSSES_BESIDE = N_("What the standard has no place for is in the file as the table losses. Entries: {count}.")
LOSSES_TO_BE_LISTED = N_(
    "What the standard has no place for does not go out. Entries: {count}. To list them: shelterctl export "
    "--standard {standard} --losses"
)


def release_standard(
    session: Session, wish: ExportRequest, form: FileForm, recipient: Recipient | None, reason: str | None
) -> tuple[Outcome, FilledSentences]:
    """Write everybody who agreed in the columns of a standard; return the answer, and what was left out in sentences.

    Raises UsageError for what a standard has not, or without a recipient.
    """
    release = _make_release(session, wish, recipient)
    form.require_end(encrypted=True)
    made = [release.table, release.losses] if form.holds_several else [release.table]
    data = form.write(made, exact=wish.exact)
    rows = {release.table.name: len(release.table.rows)}
    done = write_release(session, Release(data, rows, wish.exact, reason), recipient, form.target)
    more = {"standard": release.table.name, "withheld": release.withheld, "losses": len(release.losses.rows)}
    if done.refused:
        return done, ()
    said = _say_what_is_left_out(release, form, str(done.data["for"]))
    return Outcome(data={**done.data, **more}, stream=done.stream), said


def _make_release(session: Session, wish: ExportRequest, recipient: Recipient | None) -> StandardRelease:
    standard = find_standard(session.rulebook, wish.tables[0])
    if wish.columns or wish.where:
        raise UsageError("usage/standard", STANDARD_IS_WHOLE)
    if recipient is None:
        raise UsageError("usage/no-recipient", NEEDS_RECIPIENT)
    ids = ExportIds(export_key(session, wish, recipient.code))
    return make_standard(session, standard, ids, recipient.code, wish)


def _say_what_is_left_out(release: StandardRelease, form: FileForm, code: str) -> FilledSentences:
    """Return who is left out and why, plainly where nobody goes out, and what the standard has no place for."""
    said: list[FilledSentence] = []
    if not release.table.rows:
        said.append((NOBODY_AGREED if release.withheld else NOBODY_FITS, {}))
    if release.withheld:
        missing = release.withheld - release.ended
        facts = {"count": release.withheld, "code": code, "missing": missing, "ended": release.ended}
        said.append((WITHHELD, facts))
    if release.table.rows:
        beside = LOSSES_BESIDE if form.holds_several else LOSSES_TO_BE_LISTED
        said.append((beside, {"count": len(release.losses.rows), "standard": release.table.name}))
    return tuple(said)


def list_losses(session: Session, name: str | None, *, exact: bool) -> Outcome:
    """Return every field that a standard has no place for, with the reason."""
    if name is None:
        raise UsageError("usage/standard", LOSSES_OF_STANDARD)
    standard = find_standard(session.rulebook, name)
    found = find_losses(session.rulebook, standard, exact=exact)
    return Outcome(data={"rows": loss_rows(session.rulebook, standard, found)}, columns=LOSS_COLUMNS)
