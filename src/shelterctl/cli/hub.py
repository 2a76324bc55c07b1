"""shelterctl hub: the de-identified exports of many houses as one dataset, which existing engines read."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from shelterctl.cli import hub_match
from shelterctl.cli.options import NO_ROW_MATCHES, Ctx, begin_command
from shelterctl.core.finding import FilledSentence, FilledSentences, Outcome
from shelterctl.errors import Damaged, UsageError
from shelterctl.hub.engine import SEE_HUB_CHECK, ask_dataset, require_engine
from shelterctl.hub.manifest import make_dataset, read_manifest
from shelterctl.hub.statements import ENGINES
from shelterctl.language import LabelledCode, OwnHeading
from shelterctl.session import may_ask, read_code_option
from shelterctl.ui_language import N_

SENDER_KEY, FIRST_KEY, LAST_KEY, HOUSE_KEY, ADDED_KEY, REPLACED_KEY, COUNT_KEY, KNOWN_KEY = (
    OwnHeading("sender", N_("sent by")), OwnHeading("first", N_("first day")), OwnHeading("last", N_("last day")),
    OwnHeading("house", N_("of the house")), OwnHeading("added_at", N_("added on")),
    OwnHeading("replaced_at", N_("replaced on")), OwnHeading("count", N_("rows in it")),
    OwnHeading("known", N_("there already, by number")),
)  # fmt: skip
EXPORTS_COLUMNS = (
    SENDER_KEY, FIRST_KEY, LAST_KEY, HOUSE_KEY, "tables", COUNT_KEY, ADDED_KEY, REPLACED_KEY, "sha256",
)  # fmt: skip
FILE_STATES = {
    "missing": N_("is missing"), "changed": N_("was changed"), "extra": N_("does not belong here"),
    "leftover": N_("left by an interrupted command"),
}  # fmt: skip

DATASET_MADE = N_("The dataset is made. Its key signs each change of it; keep the key file.")
HOUSES_SEND_TO_KEY = N_("Houses encrypt their exports for it with: --for hub --key {recipient}")
READERS_COMPARE_KEY = N_(
    "Who reads the dataset on another computer needs this once: shelterctl hub check DIR --key {key}"
)
EXPORTS_ADDED = N_("Exports added: {exports}. Rows: {rows}.")
EXPORTS_REPLACED = N_("Older exports that were replaced: {count}.")
EXPORT_KNOWN = N_("Export {number} is in the dataset already; for it nothing changed.")
DATASET_WHOLE = N_("The dataset is whole. Exports: {exports}. Files: {files}.")
LEFTOVERS_THERE = N_("An interrupted command left files behind, which do not count. The next 'hub add' removes them.")
DATASET_FILES_NOT_WHOLE = N_("Files of the dataset are missing or changed, or others lie beside them.")
PUT_DATASET_FILES_BACK = N_(
    "Do not use the dataset. Put missing and changed files back from a backup, and move the others away."
)
FOLDERS_NOT_CLEAN = N_(
    "The folders of the dataset have more or fewer files than its manifest names; an engine would read them."
)
ENGINE_UNKNOWN = N_("There is no such engine here. Choose one of: {engines}.")
HUB_ROWS_AT_TERMINAL_ONLY = N_(
    "This question has rows of persons as its answer, which are shown at a terminal only. Ask one SELECT for sums "
    "and counts "
    "(count, sum, avg, min, max) without ids, WITH or a second SELECT."
)
DATASET_CONFIDENTIAL = N_(
    "These figures are not protected: small numbers may identify somebody. Give them to nobody outside."
)
DATASET_EMPTY = N_("There is no export in this dataset yet.")

DatasetArgument = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the dataset.")]

app = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True)
app.callback()(lambda: None)
app.command("match", epilog="Example: shelterctl hub match --list --out list.age")(hub_match.match)


def now_of_computer() -> str:
    """Return the real time in the time zone of this computer, to the minute: a dataset has no store with one."""
    return datetime.now().astimezone().isoformat(timespec="minutes")


@app.command(epilog="Example: shelterctl hub init country")
def init(
    ctx: Ctx,
    folder: DatasetArgument,
    no_passphrase: Annotated[
        bool, typer.Option("--no-passphrase", help="Leave the key without a passphrase, for scripts.")
    ] = False,
) -> Outcome:
    """Make an empty dataset. The key of this device signs it; a key is made if there is none."""
    from shelterctl.prompts.trust import find_or_ask_key  # noqa: PLC0415 - a question does without

    # Gather.
    session = begin_command(ctx)
    key, _ = find_or_ask_key(session, no_passphrase)

    # Act.
    made = make_dataset(folder, key, now_of_computer(), session.notes_folder)
    facts = {"hub": made.hub, "key": made.key, "recipient": made.recipient}
    said: FilledSentences = ((DATASET_MADE, {}), (HOUSES_SEND_TO_KEY, facts), (READERS_COMPARE_KEY, facts))
    return Outcome(data={**facts, "identity": str(session.identity_file)}, said=said)


@app.command(epilog="Example: shelterctl hub add osh.zip.age bishkek.zip.age --to country")
def add(
    ctx: Ctx,
    exports: Annotated[
        list[Path],
        typer.Argument(metavar="EXPORT…", help="Archives of shelterctl export, or folders with their files."),
    ],
    folder: Annotated[Path, typer.Option("--to", metavar="DIR", help="The folder of the dataset.")],
    sender: Annotated[
        str | None,
        typer.Option("--sender", metavar="CODE", help="Who sent it, if the export does not say so: it is older."),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put a newer export in the place of those that it covers.")
    ] = False,
) -> Outcome:
    """Add exports to a dataset, all or none. A row that may show who somebody is keeps all of them out."""
    from shelterctl.hub.adding import Hub, add_exports  # noqa: PLC0415 - a question does without
    from shelterctl.hub.contract import table_rule  # noqa: PLC0415 - a question does without
    from shelterctl.tabular.files import require_format  # noqa: PLC0415 - a question does without
    from shelterctl.tabular.received import receive_export  # noqa: PLC0415 - a question does without
    from shelterctl.view.exported import list_tables, open_table_of_rulebook  # noqa: PLC0415 - a question does without

    # Gather.
    session = begin_command(ctx)
    code = read_code_option(sender, "--sender") if sender else None
    read_manifest(folder, session.notes_folder)
    require_format("parquet")
    rulebook, key = session.rulebook, session.device_key
    tables = (
        open_table_of_rulebook(rulebook, lambda: date.min, name, exact=False).table for name in list_tables(rulebook)
    )
    rules = {one.name: table_rule(one) for one in tables}
    received = [receive_export(path, number, key.open) for number, path in enumerate(exports, 1)]
    dataset = Hub(folder, session.notes_folder, key, rules, rulebook.edition, rulebook.version["revision"])

    # Act.
    done = add_exports(dataset, received, code, now_of_computer(), replace=replace)
    if done.findings:
        return Outcome(findings=done.findings)
    data = {
        "added": [one.sha256 for one in done.added],
        KNOWN_KEY: [*done.known],
        "replaced": done.replaced,
        COUNT_KEY: sum(sum(one.tables.values()) for one in done.added),
    }
    said: FilledSentences = (
        *(((EXPORTS_ADDED, {"exports": len(done.added), "rows": data["count"]}),) if done.added else ()),
        *(((EXPORTS_REPLACED, {"count": done.replaced}),) if done.replaced else ()),
        *((EXPORT_KNOWN, {"number": number}) for number in done.known),
    )
    return Outcome(data=data, said=said)


@app.command("list", epilog="Example: shelterctl hub list country")
def list_exports(ctx: Ctx, folder: DatasetArgument) -> Outcome:
    """List the exports in a dataset, and those that a newer one replaced."""
    session = begin_command(ctx, lists=True)
    manifest = read_manifest(folder, session.notes_folder).manifest
    rows = [
        {
            SENDER_KEY: one.sender,
            FIRST_KEY: one.first,
            LAST_KEY: one.last,
            HOUSE_KEY: one.house,
            "tables": [*one.tables],
            COUNT_KEY: sum(one.tables.values()),
            ADDED_KEY: one.added_at,
            REPLACED_KEY: one.replaced_at,
            "sha256": one.sha256,
        }
        for one in manifest.exports
    ]
    facts = {"hub": manifest.hub, "key": manifest.key, "recipient": manifest.recipient}
    said: FilledSentences = () if rows else ((DATASET_EMPTY, {}),)
    return Outcome(data={**facts, "rows": rows}, columns=EXPORTS_COLUMNS, said=said)


@app.command(epilog="Example: shelterctl hub check country")
def check(
    ctx: Ctx,
    folder: DatasetArgument,
    key: Annotated[
        str | None,
        typer.Option("--key", metavar="KEY", help="The key that signs it, as its makers told you; it is remembered."),
    ] = None,
) -> Outcome:
    """Verify the signature of a dataset, and read each of its files. Missing, changed and foreign ones are listed."""
    from shelterctl.hub.check import LEFTOVER, FileState, check_files  # noqa: PLC0415 - a question does without

    session = begin_command(ctx, lists=True)
    found = read_manifest(folder, session.notes_folder, key)
    rows = check_files(folder, found)
    is_whole = not any(one.state != LEFTOVER for one in rows)
    harm = None if is_whole else Damaged("hub/files", DATASET_FILES_NOT_WHOLE, hint=PUT_DATASET_FILES_BACK)
    said: list[FilledSentence] = []
    if is_whole:
        facts = {"exports": len([*found.manifest.current]), "files": len(found.manifest.files)}
        said = [(DATASET_WHOLE, facts), *([(LEFTOVERS_THERE, {})] if rows else [])]
    data = {
        "hub": found.manifest.hub,
        "serial": found.manifest.serial,
        "rows": [{"file": one.file, "state": LabelledCode(one.state, FILE_STATES[one.state])} for one in rows],
    }
    return Outcome(data=data, columns=FileState._fields, said=said, harm=harm)


@app.command(epilog='Example: shelterctl hub query "select year, count(*) from stays group by 1" country')
def query(
    ctx: Ctx,
    sql: Annotated[str, typer.Argument(metavar="SQL", help='One question in quotes: "SELECT … FROM stays …"')],
    folder: DatasetArgument,
) -> Outcome:
    """Answer a question in SQL about a dataset, by DuckDB. Rows about persons are shown at a terminal only."""
    session = begin_command(ctx, lists=True)
    require_engine()
    manifest = read_manifest(folder, session.notes_folder).manifest
    answer = ask_dataset(folder, manifest, sql)
    if not (answer.is_sum or may_ask(session)):
        raise UsageError("usage/rows-of-persons", HUB_ROWS_AT_TERMINAL_ONLY)
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    said: FilledSentences = () if rows else ((NO_ROW_MATCHES, {}),)
    return Outcome(data={"rows": rows}, columns=answer.columns, said=said, last=((DATASET_CONFIDENTIAL, {}),))


@app.command(epilog="Example: shelterctl hub sql country --engine datafusion")
def sql(
    ctx: Ctx,
    folder: DatasetArgument,
    engine: Annotated[
        str, typer.Option("--engine", metavar="|".join(ENGINES), help="The engine that reads the statements.")
    ] = "duckdb",
) -> Outcome:
    """Print the statements by which an engine knows the tables."""
    from shelterctl.hub.check import check_names  # noqa: PLC0415 - a question does without

    session = begin_command(ctx)
    if engine not in ENGINES:
        raise UsageError("hub/engine", ENGINE_UNKNOWN, engines=[*ENGINES])
    found = read_manifest(folder, session.notes_folder)
    if any(one.state != "changed" for one in check_names(folder, found)):
        raise Damaged("hub/files", FOLDERS_NOT_CLEAN, hint=SEE_HUB_CHECK)
    rows = [
        {"table": name, "sql": ENGINES[engine](folder, name, found.manifest)} for name in sorted(found.manifest.tables)
    ]
    if session.json:
        return Outcome(data={"rows": rows})
    return Outcome(stream="".join(f"{one['sql']};\n" for one in rows).encode())
