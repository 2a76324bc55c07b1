"""Records are read alike by other programs: PyYAML, ruamel.yaml of both versions, and yq in Python and in Go."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import yaml
from hypothesis import example, given, settings
from written import DATED, LIBRARIES, NUMBERS, RECORDS, WORDS, opened

from shelterctl.document import Unreadable, read, write
from shelterctl.errors import Conflict

if TYPE_CHECKING:
    from conftest import Desk

PROJECT = Path(__file__).parents[1]
COMMANDS = {"yq": ("yq", "-c", "."), "gojq": ("gojq", "-c", "--yaml-input", ".")}
"""The second reads YAML as mikefarah's yq does, with the same library."""

NASTY = f"{NUMBERS} {WORDS} {DATED} << ~ true null = ! & * % @ ` ? - : | > x: _ __ -_ NaN 😀 é ١ 1a 1.1 3 on".split()
EVERY = {word: word for word in NASTY} | {
    "list": NASTY,
    "spaces": ["x ", " x", "- x", "? x", "x #y", "a\n b\n", "a\tb"],
}


@settings(max_examples=100)
@example(EVERY)
@given(RECORDS)
def test_what_is_written_is_read_alike(value: dict[str, Any]) -> None:
    text = write(value)
    meant = repr(read(text).value)
    for name, reader in LIBRARIES.items():
        assert repr(reader(text)) == meant, name


@pytest.fixture(scope="session")
def texts(papers: "Desk") -> list[str]:
    """The files of a store, and every example that can be read, written as they are saved."""
    read_again = [write(EVERY)]
    for file in (PROJECT / "examples").glob("*/*.yaml"):
        try:
            read_again.append(write(read(file.read_bytes()).value))
        except (Unreadable, Conflict):
            assert file.name.startswith(("document-", "stream-"))
    return [*opened(papers.store, papers.key), *read_again]


@pytest.mark.parametrize("name", LIBRARIES)
def test_a_library_reads_every_file_as_we_do(name: str, texts: list[str]) -> None:
    for text in texts:
        assert repr(LIBRARIES[name](text)) == repr(read(text).value)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_reads_every_file_as_we_do(name: str, texts: list[str]) -> None:
    if not shutil.which(name):
        pytest.skip(f"{name} is not installed")
    ended = subprocess.run(COMMANDS[name], input="---\n".join(texts).encode(), capture_output=True, check=True)
    assert [json.loads(line) for line in ended.stdout.splitlines()] == [read(text).value for text in texts]


def test_a_record_opened_with_age_and_pyyaml_fits_the_published_schema(papers: "Desk") -> None:
    schema = json.loads((PROJECT / "schemas/resident.schema.json").read_text("utf-8"))
    sealed = papers.store / "residents" / f"{papers.her}.yaml.age"
    if age := shutil.which("age"):
        text = subprocess.run([age, "-d", "-i", papers.key, sealed], capture_output=True, check=True).stdout.decode()
    else:
        (text,) = (text for text in opened(papers.store, papers.key) if papers.her in text)
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
