"""Adding exports to a dataset: all of them are judged before the first byte is written, and all become part of it in
one step, the rename of the manifest.

The rows are first written into a hidden folder. Then the new manifest, already signed, is put beside the old one; the
files get their names; and the new manifest takes the place of the old one. What an interrupted command leaves behind is
named by one of the two manifests, and goes when the next command writes.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from shelterctl.core.finding import Finding
from shelterctl.errors import Damaged, UsageError
from shelterctl.hub.contract import (
    TableRule,
    ValueJudge,
    arrow_columns,
    judge_columns,
    judge_description,
)
from shelterctl.hub.manifest import (
    MANIFEST_FILE,
    AddedExport,
    DataFile,
    DatasetColumn,
    Manifest,
    SignedManifest,
    read_manifest,
    remember_dataset,
    sign_manifest,
    split_manifest,
)
from shelterctl.hub.parts import INCOMING_FOLDER, publish_manifest, write_part
from shelterctl.identity.keys import Identity, is_valid_signature
from shelterctl.limits import HUB_MANIFEST_BYTES
from shelterctl.platform.disk_errors import translate_disk_errors
from shelterctl.platform.reading import read_plain_file
from shelterctl.platform.writing import (
    create_private_folder,
    remove_file,
    remove_folder,
)
from shelterctl.tabular.parquet import write_rows
from shelterctl.tabular.received import ReceivedExport, ReceivedTable, read_batches
from shelterctl.tabular.sql import sql_name
from shelterctl.ui_language import N_
from shelterctl.vault.lock import lock_store

FRESH_MANIFEST = f".{MANIFEST_FILE}.tmp"
"""The file of the manifest that is to be the next, while its files get their names."""

NO_YEAR = 0
"""The year of a row without a month."""

SENDER_MISSING = N_("Export {number} does not say who sent it: an older version made it. Add --sender CODE.")
SENDER_SAID_ALREADY = N_("Export {number} says itself who sent it. Leave out --sender.")
SENDER_ROWS_THERE = N_(
    "Export {number}: the dataset has rows of this sender, these tables and these days already. To put this export in "
    "their place: --replace."
)
ROWS_PARTLY_REPLACED = N_(
    "Export {number}: it has only a part of the days, tables or houses of the one that it would replace. Ask for all "
    "of them."
)
EXPORT_WAS_REPLACED = N_("Export {number}: a newer one has taken its place in this dataset already.")


class ExportScope(NamedTuple):
    """The scope of the rows of an export: its sender, its days, its house and its tables. None means all."""

    sender: str
    first: str | None
    last: str | None
    house: str | None
    tables: frozenset[str]

    def overlaps(self, other: "ExportScope") -> bool:
        """Whether one row could be in both."""
        days = (self.first or "") <= (other.last or "9") and (other.first or "") <= (self.last or "9")
        houses = None in (self.house, other.house) or self.house == other.house
        return self.sender == other.sender and days and houses and not self.tables.isdisjoint(other.tables)

    def covers(self, other: "ExportScope") -> bool:
        """Whether every row of the other would be in it."""
        days = (self.first or "") <= (other.first or "") and (self.last or "9") >= (other.last or "9")
        return days and self.house in (None, other.house) and self.tables >= other.tables


class Batch(NamedTuple):
    """An export that may be added: what was received, what its rows are of, and the rows of each year, by table."""

    received: ReceivedExport
    scope: ExportScope
    years: Mapping[str, Counter[int]]


class AddingResult(NamedTuple):
    """The result of adding exports: those that were added and replaced, the numbers of those that were there already,
    and the findings that kept everything out.
    """

    added: Sequence[AddedExport] = ()
    replaced: int = 0
    known: Sequence[int] = ()
    findings: tuple[Finding, ...] = ()


class Hub(NamedTuple):
    """A dataset for writing: its folder, the folder where this computer remembers it, its key, what may be in it."""

    folder: Path
    memory: Path
    key: Identity
    rules: Mapping[str, TableRule]
    edition: str
    revision: int


def add_exports(
    hub: Hub, received: Sequence[ReceivedExport], sender: str | None, at: str, *, replace: bool
) -> AddingResult:
    """Add exports to a dataset, all or none. Raises Conflict for a newer export or a locked dataset."""
    with _writing(hub) as found:
        batches, known, findings = _judge(hub, found.manifest, received, sender)
        exports, replaced, more = _place(found.manifest, batches, at, replace=replace)
        if findings or more:
            return AddingResult(findings=tuple(findings or more))
        if not batches:
            return AddingResult(known=known)
        added = _write(hub, found, batches, exports, at)
    return AddingResult(added, replaced, known)


@contextmanager
def _writing(hub: Hub) -> Iterator[SignedManifest]:
    """Hold the lock of a dataset, and give its manifest once the leftovers of interrupted commands are gone."""
    read_manifest(hub.folder, hub.memory)
    with lock_store(hub.folder):
        found = read_manifest(hub.folder, hub.memory)
        sign_manifest(found.manifest, hub.key)
        with translate_disk_errors(MANIFEST_FILE):
            clear_leftovers(hub.folder, found)
            try:
                yield found
            finally:
                with suppress(OSError):
                    remove_folder(hub.folder / INCOMING_FOLDER)


def leftover_paths(folder: Path, found: SignedManifest) -> set[str]:
    """Return the paths of files that an interrupted command may have left: those of replaced exports, and those of the
    manifest that was to be the next.
    """
    left = found.manifest.former_paths
    with suppress(FileNotFoundError, Damaged):
        said, signed, signature = split_manifest(read_plain_file(folder / FRESH_MANIFEST, HUB_MANIFEST_BYTES))
        if said.get("before") == found.digest and is_valid_signature(found.manifest.key, signature, signed):
            left |= {str(file["path"]) for export in said["exports"] for file in export["files"]}
    return left - found.manifest.files.keys()


def clear_leftovers(folder: Path, found: SignedManifest) -> None:
    """Remove what an interrupted command left behind."""
    for path in sorted(leftover_paths(folder, found)):
        remove_file(folder / path)
    remove_file(folder / FRESH_MANIFEST)
    remove_folder(folder / INCOMING_FOLDER)


def _judge(
    hub: Hub, manifest: Manifest, received: Sequence[ReceivedExport], sender: str | None
) -> tuple[list[Batch], list[int], list[Finding]]:
    """Return the exports that may be added, the numbers of those that are there, and what is found against the "
    "others."""
    current = {one.package for one in manifest.current}
    known = [one.number for one in received if one.package in current]
    fresh = {one.package: one for one in received if one.package not in current}
    findings = [each for one in fresh.values() for each in judge_description(one, hub.edition, hub.revision)]
    findings += [each for one in fresh.values() for each in judge_columns(one, hub.rules)]
    if findings:
        return [], known, findings
    batches = []
    for one in fresh.values():
        scope = _read_scope(one, sender)
        rules = [(table, hub.rules[table.name]) for table in one.tables]
        years = {rule.name: _judge_values(one, table, rule, findings) for table, rule in rules}
        batches.append(Batch(one, scope, years))
    return batches, known, findings


def _read_scope(received: ReceivedExport, sender: str | None) -> ExportScope:
    about, number = received.about, received.number
    if about.get("sender") is None and sender is None:
        raise UsageError("hub/no-sender", SENDER_MISSING, number=number)
    if about.get("sender") is not None and sender is not None:
        raise UsageError("hub/no-sender", SENDER_SAID_ALREADY, number=number)
    tables = frozenset(sql_name(one.name) for one in received.tables)
    return ExportScope(
        str(about.get("sender") or sender), about.get("from"), about.get("to"), about.get("house"), tables
    )


def _judge_values(
    received: ReceivedExport, table: ReceivedTable, rule: TableRule, findings: list[Finding]
) -> Counter[int]:
    """Return how many rows of a table each year has; what is found against its values is added to the *findings*."""
    judge, years = ValueJudge(received, table, rule), Counter[int]()
    year_of = _year_reader(table, rule)
    for rows in read_batches(table, received.number):
        judge.look(rows)
        years.update(map(year_of, rows))
    findings += judge.findings
    return years


def _year_reader(table: ReceivedTable, rule: TableRule) -> Callable[[tuple[Any, ...]], int]:
    """Return the function that finds the year of a row."""
    names = [name for name, _ in table.fields]
    if rule.dated_by not in names:
        return lambda row: NO_YEAR
    place = names.index(rule.dated_by)

    def year_of(row: tuple[Any, ...]) -> int:
        written = str(row[place] or "")[:4]
        return int(written) if written.isdecimal() else NO_YEAR

    return year_of


def _place(
    manifest: Manifest, batches: Sequence[Batch], at: str, *, replace: bool
) -> tuple[list[AddedExport], int, list[Finding]]:
    """Return the exports of the manifest with those marked that are replaced, and how many these are; and what is found
    against it.
    """
    exports, findings, replaced = [*manifest.exports], list[Finding](), 0
    former = {one.package for one in manifest.exports if one.replaced_at}
    taken: list[ExportScope] = []
    for one in batches:
        facts = {"number": one.received.number}
        if one.received.package in former:
            findings.append(Finding(code="hub/was-replaced", message=EXPORT_WAS_REPLACED, facts=facts))
            continue
        met = [
            place for place, each in enumerate(exports) if not each.replaced_at and one.scope.overlaps(scope_of(each))
        ]
        if (met and not replace) or any(map(one.scope.overlaps, taken)):
            findings.append(Finding(code="hub/overlaps", message=SENDER_ROWS_THERE, facts=facts))
        elif not all(one.scope.covers(scope_of(exports[place])) for place in met):
            findings.append(Finding(code="hub/part-replaced", message=ROWS_PARTLY_REPLACED, facts=facts))
        for place in met:
            exports[place] = exports[place]._replace(replaced_at=at)
        replaced += len(met)
        taken.append(one.scope)
    return exports, replaced, findings


def scope_of(export: AddedExport) -> ExportScope:
    """Return what the rows of an export in the dataset are of."""
    return ExportScope(export.sender, export.first, export.last, export.house, frozenset(export.tables))


def _write(
    hub: Hub, found: SignedManifest, batches: Sequence[Batch], exports: Sequence[AddedExport], at: str
) -> list[AddedExport]:
    """Write the rows, then the manifest that names them; return the exports that were added."""
    before = found.manifest
    incoming = hub.folder / INCOMING_FOLDER
    create_private_folder(incoming)
    tables = {name: [*columns] for name, columns in before.tables.items()}
    added = []
    for one in batches:
        files = [file for table in one.received.tables for file in _write_table(hub, one, table)]
        for table in one.received.tables:
            rule = hub.rules[table.name]
            tables[rule.name] = join_columns(tables.get(rule.name, []), rule.dataset_columns)
        received, scope = one.received, one.scope
        made_by = str(received.about.get("created_by", ""))[:40]
        added.append(
            AddedExport(
                received.package, received.sha256, scope.sender, scope.first, scope.last, scope.house, made_by, at,
                {name: years.total() for name, years in one.years.items()}, tuple(files),
            )
        )  # fmt: skip
    manifest = before._replace(
        serial=before.serial + 1, before=found.digest, at=at, tables=tables, exports=(*exports, *added)
    )
    data = sign_manifest(manifest, hub.key)
    publish_manifest(hub.folder, data, {each.path for one in added for each in one.files})
    remember_dataset(hub.memory, SignedManifest(manifest, hashlib.sha256(data).hexdigest()))
    for path in sorted(manifest.former_paths):
        with suppress(OSError):  # the dataset is whole without it: the next command removes it
            remove_file(hub.folder / path)
    return added


def join_columns(known: Sequence[DatasetColumn], more: Sequence[DatasetColumn]) -> list[DatasetColumn]:
    """Return columns that are known and those that are new, each once, in the order in which they came."""
    names = {one.name for one in known}
    return [*known, *(one for one in more if one.name not in names)]


def _write_table(hub: Hub, batch: Batch, table: ReceivedTable) -> Iterator[DataFile]:
    """Write the rows of a table into the hidden folder, a file for each year; yield what was written."""
    rule = hub.rules[table.name]
    columns = arrow_columns(rule.dataset_columns)
    for year, count in sorted(batch.years[rule.name].items()):
        rows = partial(write_rows, columns, _rows_of_year(batch, table, rule, year))
        yield write_part(hub.folder, rule.name, year, count, rows)


def _rows_of_year(
    batch: Batch, table: ReceivedTable, rule: TableRule, year: int
) -> Iterator[Sequence[tuple[Any, ...]]]:
    """Yield the rows of a year, some thousands at a time, with all columns of the dataset."""
    year_of = _year_reader(table, rule)
    places = {name: place for place, (name, _) in enumerate(table.fields)}
    order = [places.get(name) for name in rule.columns]
    for rows in read_batches(table, batch.received.number):
        kept = (row for row in rows if year_of(row) == year)
        yield [(batch.scope.sender, *(None if place is None else row[place] for place in order)) for row in kept]
