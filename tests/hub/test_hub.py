"""A dataset of many houses: what comes in, what is kept out, what is noticed; real exports, keys and files."""

import errno
import io
import json
import os
import shutil
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from shelterctl.hub.adding import Hub, add_exports
from shelterctl.hub.check import check_files
from shelterctl.hub.contract import table_rule
from shelterctl.hub.manifest import read_manifest
from shelterctl.identity.key_file import load_identity
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.tabular.received import receive_export
from shelterctl.vault.lock import lock_store
from shelterctl.view.exported import open_table_of_rulebook
from tests.support.faults import kill_half_way, struck
from tests.support.hubs import Files, about, repacked, tree, unpack_export
from tests.support.inputs import USUAL_ENTRIES
from tests.support.sealed_entries import decrypted

if TYPE_CHECKING:
    from tests.support.desk import Desk

pytest.importorskip("arro3.io", reason="the packages for Parquet are not installed")


@pytest.fixture
def hub(admitted: "Desk") -> "Desk":
    """A desk with an empty dataset of its own key, and an export of its store for that key, opened and sealed."""
    made = admitted.do("hub init country", today=None).data
    admitted.written("need")
    admitted.do(f"export stays,needs --for hub --key {made['recipient']} --out sent.zip.age")
    sent = decrypted((admitted.folder / "sent.zip.age").read_bytes(), admitted.key)
    (admitted.folder / "sent.zip").write_bytes(sent)
    return admitted


def add(desk: "Desk", names: str, more: str = "") -> Any:
    return desk.ask(f"hub add {names} --to country {more}", today=None)


def refused(desk: "Desk", names: str, more: str = "") -> Any:
    """The answer of an add that changes not a byte of the dataset."""
    before = tree(desk.folder / "country")
    answer = add(desk, names, more)
    assert answer.code != 0
    assert tree(desk.folder / "country") == before
    return answer


def change(desk: "Desk", how: Callable[[dict[str, Any], Files], None], name: str = "changed.zip") -> str:
    (desk.folder / name).write_bytes(repacked((desk.folder / "sent.zip").read_bytes(), how))
    return name


def cell(table: str, column: str, value: str) -> Callable[[dict[str, Any], Files], None]:
    """A change of one cell of a table in csv."""

    def put(_: dict[str, Any], files: Files) -> None:
        lines = files[f"{table}.csv"].decode().splitlines()
        cells = lines[1].split(",")
        cells[lines[0].split(",").index(column)] = value
        files[f"{table}.csv"] = "\n".join((lines[0], ",".join(cells), *lines[2:], "")).encode()

    return put


def test_an_export_is_added_once_with_its_sender_and_asked_in_sql(hub: "Desk") -> None:
    pytest.importorskip("duckdb", reason="DuckDB is not installed")
    done = add(hub, "sent.zip.age")
    assert (done.code, done.data["count"]) == (0, 2)
    (log,) = hub.do("export --log").data["rows"]
    assert done.data["added"] == [log["sha256"]]
    before = tree(hub.folder / "country")
    again = add(hub, "sent.zip.age sent.zip")
    assert (again.code, again.data["known"], again.data["added"]) == (0, [1, 2], [])
    assert tree(hub.folder / "country") == before
    (row,) = hub.do("hub list country", today=None).data["rows"]
    assert (row["tables"], row["count"], row["replaced_at"]) == (["stays", "need"], 2, None)
    asked = hub.ask('hub query "select sender, year, count(*) as n from stays group by all" country', today=None)
    assert asked.data["rows"] == [{"sender": row["sender"], "year": 2026, "n": 1}]
    assert hub.do("hub check country", today=None).data["rows"] == []
    assert {path.parent.name for path in (hub.folder / "country").rglob("*.parquet")} == {"year=2026"}


def test_csv_parquet_and_a_folder_are_one_export_each(hub: "Desk") -> None:
    key = hub.do("hub list country", today=None).data["recipient"]
    assert hub.run(f"export visits --format parquet --for hub --key {key} --out visits.zip.age").code == 0
    (hub.folder / "unpacked").mkdir()
    for name, data in unpack_export((hub.folder / "sent.zip").read_bytes()).items():
        (hub.folder / "unpacked" / name).write_bytes(data)
    done = add(hub, "unpacked visits.zip.age")
    assert (done.code, len(done.data["added"])) == (0, 2)
    assert add(hub, "sent.zip").data["known"] == [1]


def test_a_newer_export_takes_the_place_of_an_older_one_only_when_asked(hub: "Desk") -> None:
    add(hub, "sent.zip")
    hub.do(f"add {hub.her} need --again", USUAL_ENTRIES["need"])
    key = hub.do("hub list country", today=None).data["recipient"]
    hub.do(f"export stays,needs --for hub --key {key} --out newer.zip.age")
    hub.do(f"export needs --for hub --key {key} --out less.zip.age")
    assert refused(hub, "newer.zip.age").codes() == ["hub/overlaps"]
    assert refused(hub, "less.zip.age", "--replace").codes() == ["hub/part-replaced"]
    assert add(hub, "newer.zip.age", "--replace").data["replaced"] == 1
    assert [bool(one["replaced_at"]) for one in hub.do("hub list country", today=None).data["rows"]] == [True, False]
    assert hub.do("hub check country", today=None).data["rows"] == []
    assert refused(hub, "sent.zip", "--replace").codes() == ["hub/was-replaced"]


def older(described: dict[str, Any], _: Files) -> None:
    for name in ("export", "labels", "manual", "sender", "from", "to", "house", "conditions"):
        described.pop(name)


def test_an_older_version_is_read_and_a_newer_one_is_not(hub: "Desk") -> None:
    name = change(hub, older)
    assert refused(hub, name).error == "hub/no-sender"
    assert add(hub, name, "--sender osh").code == 0
    newer = refused(hub, change(hub, lambda described, _: described.update(export=3)))
    assert (newer.code, newer.error) == (7, "hub/newer-export")
    manual = refused(hub, change(hub, lambda described, _: described["manual"].update(revision=9999)))
    assert manual.error == "hub/newer-export"


def renamed(described: dict[str, Any], files: Files) -> None:
    described["resources"][0]["schema"]["fields"][2]["name"] = "first_name"
    files["stays.csv"] = files["stays.csv"].replace(b"id,stay,state", b"id,stay,first_name", 1)


@pytest.mark.parametrize(
    ("how", "code"),
    [
        (lambda described, _: described.update(exact=True), "hub/exact"),
        (lambda described, _: described.pop("exact"), "hub/exact"),
        (lambda described, _: described.update(labels="ru"), "hub/labels"),
        (lambda described, _: described.update(conditions=1), "hub/part"),
        (lambda described, _: described.update(unread=1), "hub/incomplete"),
        (lambda described, _: described["manual"].update(edition="xx-1"), "hub/other-manual"),
        (renamed, "hub/no-column"),
        (cell("stays", "state", "Айгуль Примерова"), "hub/no-code"),
        (cell("stays", "identity_sex", "+996555123456"), "hub/no-code"),
        (cell("stays", "facility", "Айгуль"), "hub/no-code"),
        (cell("stays", "facility", "996555123456"), "hub/no-code"),
        (cell("stays", "nights", "996555123456"), "hub/no-code"),
        (cell("stays", "arrived_month", "2026-11-22"), "hub/no-code"),
        (cell("stays", "id", "7QF2-M9KD"), "hub/no-code"),
        (cell("stays", "identity_languages", "ky;Айгуль"), "hub/no-code"),
    ],
)
def test_what_may_show_a_person_stays_out_and_is_not_repeated(hub: "Desk", how: Any, code: str) -> None:
    answer = refused(hub, f"sent.zip {change(hub, how)}")
    assert (answer.code, answer.codes()) == (1, [code])
    for word in ("Айгуль", "996555123456", "7QF2", "first_name", "2026-11-22"):
        assert word not in answer.out


def test_an_export_that_is_exact_stays_out(hub: "Desk") -> None:
    key = hub.do("hub list country", today=None).data["recipient"]
    hub.do(f"export stays --exact --reason audit --for hub --key {key} --out exact.zip.age")
    assert "hub/exact" in refused(hub, "exact.zip.age").codes()


def test_damaged_archives_are_named_by_their_number(hub: "Desk") -> None:
    whole = (hub.folder / "sent.zip").read_bytes()
    trials = [
        whole[:-30],
        whole[:200],
        b"PK\x03\x04",
        b"",
        b"PK" + bytes(100),
        whole.replace(b"stays.csv", b"stays.cs0"),
    ]
    trials += [bytes((*whole[:at], whole[at] ^ 1, *whole[at + 1 :])) for at in range(40, 4000, 397)]
    for data in trials:
        with suppress(zipfile.BadZipFile, KeyError, zlib.error, EOFError, NotImplementedError, RuntimeError):
            if unpack_export(data) == unpack_export(whole):
                continue  # the byte says nothing of the content, such as a time
        (hub.folder / "broken.zip").write_bytes(data)
        answer = refused(hub, "sent.zip broken.zip")
        assert (answer.code, answer.error) in ((6, "hub/damaged-export"), (5, "hub/closed-export")), answer.out
    assert refused(hub, "nowhere.zip").error == "hub/no-export"
    (hub.folder / "half.zip.age").write_bytes((hub.folder / "sent.zip.age").read_bytes()[:900])
    assert refused(hub, "sent.zip half.zip.age").error == "hub/closed-export"
    (hub.folder / "page.pdf").write_bytes(b"%PDF-1.7 no export, and not encrypted")
    assert refused(hub, "page.pdf").error == "hub/damaged-export"


def test_bombs_do_not_go_off(hub: "Desk") -> None:
    with zipfile.ZipFile(hub.folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(501):
            archive.writestr(f"{number}.csv", b"")
    assert refused(hub, "bomb.zip").code == 6
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("datapackage.json", bytes(20 << 20))
    (hub.folder / "bomb.zip").write_bytes(written.getvalue())
    assert refused(hub, "bomb.zip").code == 6

    def one_line(_: dict[str, Any], files: Files) -> None:
        files["need.csv"] += b"x" * (3 << 20)

    assert refused(hub, change(hub, one_line)).code == 6
    deep = repacked((hub.folder / "sent.zip").read_bytes(), lambda *_: None)
    with zipfile.ZipFile(io.BytesIO(deep)) as archive, zipfile.ZipFile(hub.folder / "deep.zip", "w") as other:
        for name in archive.namelist():
            other.writestr(name, b"[" * 200_000 if name == "datapackage.json" else archive.read(name))
    assert refused(hub, "deep.zip").code == 6


def test_a_page_of_parquet_that_unpacks_to_too_much_stays_out(hub: "Desk") -> None:
    from arro3.core import Array, DataType, Table
    from arro3.io import write_parquet

    key = hub.do("hub list country", today=None).data["recipient"]
    hub.run(f"export needs --format parquet --for hub --key {key} --out parquet.zip.age")
    sent = decrypted((hub.folder / "parquet.zip.age").read_bytes(), hub.key)

    def unpack_to_much(_: dict[str, Any], files: Files) -> None:
        written = io.BytesIO()
        write_parquet(
            Table.from_pydict({"id": Array(["x" * (40 << 20)], DataType.string())}), written, compression="snappy"
        )
        files["need.parquet"] = written.getvalue()

    (hub.folder / "bomb.zip").write_bytes(repacked(sent, unpack_to_much))
    answer = refused(hub, "bomb.zip")
    assert (answer.code, answer.error) == (6, "hub/damaged-export")
    assert "unpacks to more" in answer.page["error"]["message"]


def test_another_key_neither_opens_nor_signs(hub: "Desk") -> None:
    hub.do("hub init other --identity other-key --no-passphrase", today=None)
    answer = hub.ask("hub add sent.zip.age --to other --identity other-key", today=None)
    assert (answer.code, answer.error) == (5, "hub/closed-export")
    public = hub.do("hub list country", today=None).data["key"]
    assert hub.ask("hub check country --identity other-key", today=None).error == "hub/unknown-key"
    hub.do(f"hub check country --key {public} --identity other-key", today=None)
    answer = hub.ask("hub add sent.zip --to country --identity other-key", today=None)
    assert (answer.code, answer.error) == (5, "hub/not-its-key")


def test_what_is_no_key_of_a_dataset_is_said_to_be_none(hub: "Desk") -> None:
    for typed in ("foo", "age1hdqv6wpaa6na7l4lmjt3uujvyz699lp3gc68kdzkw5cl3c0qru7q5p6n3c"):
        assert hub.ask(f"hub check country --key {typed}", today=None).error == "hub/not-a-key"


def test_an_export_of_a_store_with_a_damaged_file_says_so_and_stays_out(hub: "Desk") -> None:
    add(hub, "sent.zip.age")
    other = hub.do("admit --new-person", {"notes": "invented", "identity": {"sex": "female"}}).data["id"]
    file = hub.store / f"residents/{other}.yaml.age"
    file.write_bytes(file.read_bytes()[:-9] + b"123456789")
    key = hub.do("hub list country", today=None).data["recipient"]
    assert hub.ask(f"export stays,needs --for hub --key {key} --out part.zip.age").error == "store/part"
    assert refused(hub, "part.zip.age", "--replace").codes() == ["hub/incomplete"]


def test_every_changed_byte_of_the_manifest_is_noticed(hub: "Desk") -> None:
    add(hub, "sent.zip")
    file = hub.folder / "country/manifest.json"
    whole = file.read_bytes()
    for at in range(0, len(whole), max(1, len(whole) // 60)):
        file.write_bytes(bytes((*whole[:at], whole[at] ^ 1, *whole[at + 1 :])))
        assert hub.run("hub list country --json", today=None).code in (5, 6), at
    file.write_bytes(whole)
    assert hub.do("hub list country", today=None).code == 0


def test_an_older_manifest_and_one_of_another_key_are_not_believed(hub: "Desk") -> None:
    country = hub.folder / "country"
    shutil.copytree(country, hub.folder / "before")
    add(hub, "sent.zip")
    key = hub.do("hub list country", today=None).data["key"]
    shutil.copy(hub.folder / "before/manifest.json", country / "manifest.json")
    rolled = hub.ask("hub list country", today=None)
    assert (rolled.code, rolled.error) == (6, "hub/rolled-back")
    hub.do("hub init forged --identity other-key --no-passphrase", today=None)
    mine = json.loads((hub.folder / "before/manifest.json").read_bytes())["manifest"]["hub"].encode()
    theirs = (hub.folder / "forged/manifest.json").read_bytes()
    own = json.loads(theirs)["manifest"]["hub"].encode()
    (country / "manifest.json").write_bytes(theirs.replace(own, mine))
    assert hub.ask("hub list country", today=None).error == "hub/forged"
    shutil.copy(hub.folder / "before/manifest.json", country / "manifest.json")
    assert hub.ask(f"hub check country --key {key}", today=None).code == 6  # files that this state does not name


def test_missing_changed_and_foreign_files_are_found(hub: "Desk") -> None:
    add(hub, "sent.zip")
    country = hub.folder / "country"
    first, second = sorted(country.rglob("*.parquet"))
    data = first.read_bytes()
    first.write_bytes(data[:50] + bytes((data[50] ^ 1,)) + data[51:])
    second.rename(country / "stays/part.parquet")
    answer = hub.ask("hub check country", today=None)
    assert (answer.code, answer.error) == (6, "hub/files")
    states = {one["file"]: one["state"] for one in answer.data["rows"]}
    assert states == {
        first.relative_to(country).as_posix(): "changed",
        second.relative_to(country).as_posix(): "missing",
        "stays/part.parquet": "extra",
    }
    assert hub.ask("hub sql country", today=None).code == 6


@pytest.mark.posix("it forks", "the same functions write there")
def test_a_dataset_is_before_or_after_wherever_the_process_is_killed(hub: "Desk") -> None:
    country, key = hub.folder / "country", load_identity(hub.key, None)
    shutil.copytree(country, hub.folder / "empty")
    rulebook = open_rulebook()
    tables = [open_table_of_rulebook(rulebook, date.today, name, exact=False).table for name in ("stays", "need")]
    rules = {one.name: table_rule(one) for one in tables}
    memory = hub.folder / "key.heads"
    dataset = Hub(country, memory, key, rules, rulebook.edition, rulebook.version["revision"])
    received = receive_export(hub.folder / "sent.zip", 1, key.open)
    at = "2026-11-25T10:00+06:00"
    public = read_manifest(country, memory).manifest.key
    ends, step = [], 0
    while "done" not in ends:
        step += 1
        shutil.rmtree(country)
        shutil.copytree(hub.folder / "empty", country)
        read_manifest(country, memory, public)
        ends.append(struck(lambda: add_exports(dataset, [received], None, at, replace=False), step, kill_half_way)[0])
        found = read_manifest(country, memory)
        assert [one.state for one in check_files(country, found) if one.state != "leftover"] == [], step
        assert len(found.manifest.exports) in (0, 1)
        add_exports(dataset, [received], None, at, replace=False)
        assert check_files(country, read_manifest(country, memory)) == []
        assert not (country / ".incoming").exists()
    assert ends.count("killed") > 12


def test_a_full_disk_leaves_the_dataset_as_it_was(hub: "Desk", monkeypatch: pytest.MonkeyPatch) -> None:
    from shelterctl.hub import parts as written

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    before = tree(hub.folder / "country")
    with monkeypatch.context() as struck:
        struck.setattr(written.os, "fsync", full)  # type: ignore[attr-defined]
        assert (answer := add(hub, "sent.zip")).code == 8, answer.out
    assert tree(hub.folder / "country") == before
    assert add(hub, "sent.zip").code == 0


def test_two_at_once_wait_for_each_other(hub: "Desk") -> None:
    with lock_store(hub.folder / "country"):
        locked = hub.run("hub add sent.zip --to country --wait 0 --json", today=None, input=b"")
    assert (locked.code, locked.page["error"]["code"]) == (7, "vault/locked")
    assert add(hub, "sent.zip").code == 0


@pytest.mark.parametrize(
    "sql",
    [
        "select id, year from stays", "select * from stays", "select count(distinct id) from stays",
        "select nights from stays", "select list(nights) from stays", "select string_agg(facility, ',') from stays",
        "select nights, count(*) over () from stays", "with a as (select nights from stays) select count(*) from a",
        "select count(*) from stays group by id", "select (select max(nights) from stays), count(*) from stays",
        "select count(*) from stays union all select nights from stays",
        "from stays", "select first(nights) from stays",
        "select histogram(nights) from stays", "select count(*), unnest([nights]) from stays group by all",
        "select count(columns(*)) from stays", "select json_group_array(nights) from stays",
    ],
)  # fmt: skip
def test_rows_of_persons_are_for_a_terminal(hub: "Desk", sql: str) -> None:
    pytest.importorskip("duckdb", reason="DuckDB is not installed")
    add(hub, "sent.zip")
    assert hub.ask(f'hub query "{sql}" country', today=None).error in ("usage/rows-of-persons", "usage/sql")


@pytest.mark.parametrize(
    "sql",
    [
        "copy stays to 'out.csv'",
        "attach 'x.db'", "install httpfs", "set enable_external_access=true", "select 1; select 2",
        "select count(*) from read_text('sent.zip')", "select count(*) from read_csv('/etc/passwd')",
        "select count(*) from glob('*')",
        "select count(*) from 'country/stays/*/*.parquet'", "create table x as select 1",
        "select count(*) from read_blob('country/manifest.json')",
        "select count(*) from hub", "select cuont(*) from stays",
        "select count(*) from stays where id = 'Айгуль' and", "pragma database_list", "select getenv('HOME')",
    ],
)  # fmt: skip
def test_a_question_reads_the_dataset_and_nothing_else(hub: "Desk", sql: str) -> None:
    pytest.importorskip("duckdb", reason="DuckDB is not installed")
    add(hub, "sent.zip")
    before = tree(hub.folder)
    answer = hub.ask(f'hub query "{sql}" country', today=None)
    assert (answer.code, answer.error) == (2, "usage/sql")
    assert "Айгуль" not in answer.out
    assert tree(hub.folder) == before


def test_an_empty_question_is_no_sql(hub: "Desk") -> None:
    pytest.importorskip("duckdb", reason="DuckDB is not installed")
    add(hub, "sent.zip")
    answer = hub.ask("hub query '' country", today=None)
    assert (answer.code, "no SQL" in answer.page["error"]["message"]) == (2, True)


def test_an_export_says_what_it_is_of(hub: "Desk") -> None:
    said = about(unpack_export((hub.folder / "sent.zip").read_bytes()))
    assert (said["export"], said["exact"], said["from"], said["house"], said["conditions"]) == (2, False, None, None, 0)
    assert said["unread"] == 0
    assert not {said["sender"]} & {"house", "bishkek"}
