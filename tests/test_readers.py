"""Records are read alike by other programs: PyYAML, ruamel.yaml of both versions, and yq in Python and in Go."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import yaml
from decrypted import decrypted
from hypothesis import example, given, settings
from written import DATED, LIBRARIES, NUMBERS, RECORDS, WORDS, opened

from shelterctl.document.reading import read_document
from shelterctl.document.subset import LARGEST_STORED, Unreadable
from shelterctl.document.writing import format_document
from shelterctl.errors import Conflict

if TYPE_CHECKING:
    from conftest import Desk


PROJECT = Path(__file__).parents[1]
COMMANDS = [
    pytest.param(("yq", "-c", "."), marks=pytest.mark.program("yq", "jq"), id="yq"),
    pytest.param(("gojq", "-c", "--yaml-input", "."), marks=pytest.mark.program("gojq"), id="gojq"),
]
"""The first calls jq; the second reads YAML as mikefarah's yq does, with the same library."""

NASTY = f"{NUMBERS} {WORDS} {DATED} << ~ true null = ! & * % @ ` ? - : | > x: _ __ -_ NaN 😀 é ١ 1a 1.1 3 on".split()
EVERY = {word: word for word in NASTY} | {
    "list": NASTY,
    "spaces": ["x ", " x", "- x", "? x", "x #y", "a\n b\n", "a\tb"],
}


@settings(max_examples=100)
@example(EVERY)
@given(RECORDS)
def test_what_is_written_is_read_alike(value: dict[str, Any]) -> None:
    text = format_document(value)
    meant = repr(read_document(text).value)
    for name, reader in LIBRARIES.items():
        assert repr(reader(text)) == meant, name


@pytest.fixture(scope="session")
def texts(papers: "Desk") -> list[str]:
    """The files of a store, and every example that can be read, written as they are saved."""
    read_again = [format_document(EVERY)]
    for file in (PROJECT / "examples").glob("*/*.yaml"):
        try:
            read_again.append(format_document(read_document(file.read_bytes()).value))
        except (Unreadable, Conflict):
            assert file.name.startswith(("document-", "stream-"))
    return [*opened(papers.store, papers.key), *read_again]


@pytest.mark.parametrize("name", LIBRARIES)
def test_a_library_reads_every_file_as_we_do(name: str, texts: list[str]) -> None:
    for text in texts:
        assert repr(LIBRARIES[name](text)) == repr(read_document(text).value)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_reads_every_file_as_we_do(command: tuple[str, ...], texts: list[str]) -> None:
    ended = subprocess.run(command, input="---\n".join(texts).encode(), capture_output=True, check=True)
    assert [json.loads(line) for line in ended.stdout.splitlines()] == [read_document(text).value for text in texts]


@pytest.mark.program("age")
def test_stock_age_opens_every_file_and_every_block_in_it_as_the_tests_do(admitted: "Desk") -> None:
    admitted.written("health")
    files = sorted(admitted.store.rglob("*.age"))
    assert len(files) > 2
    blocks = [
        block
        for text in opened(admitted.store, admitted.key)
        for block in sealed_in(read_document(text, LARGEST_STORED).value)
    ]
    assert len(blocks) > 1
    for sealed in [*(file.read_bytes() for file in files), *blocks]:
        words = ["age", "-d", "-i", str(admitted.key)]
        told = subprocess.run(words, input=sealed, capture_output=True, check=True).stdout
        assert told == decrypted(sealed, admitted.key)


def sealed_in(value: Any) -> Iterator[bytes]:
    """Every block that stands in a file."""
    for below in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        if isinstance(below, str) and below.startswith("-----BEGIN AGE"):
            yield below.encode()
        yield from sealed_in(below)


def test_a_record_opened_with_age_and_pyyaml_fits_the_published_schema(papers: "Desk") -> None:
    schema = json.loads((PROJECT / "schemas/resident.schema.json").read_text("utf-8"))
    sealed = papers.store / "residents" / f"{papers.her}.yaml.age"
    text = decrypted(sealed.read_bytes(), papers.key).decode()
    jsonschema.Draft202012Validator(schema).validate(yaml.safe_load(text))
    assert '\n      "on": ' in text


def test_an_amount_is_the_same_content_as_number_and_as_text(admitted: "Desk") -> None:
    given = PROJECT / "examples/accepted/pink.yaml"
    admitted.do(f"agreement {admitted.her} --form pink", given)
    (text,) = (text for text in opened(admitted.store, admitted.key) if admitted.her in text)
    assert 'amount: "450.50"' in text
    assert "amount: 2500\n" in text
    before = admitted.digest()
    admitted.do(f"agreement {admitted.her} --form pink", given)
    assert admitted.digest() == before
