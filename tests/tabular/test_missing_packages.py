"""A format whose package is not installed: the sentence says what to install, and the other formats work."""

import sys

import pyrage
import pytest

from shelterctl.errors import UsageError
from shelterctl.language import format_sentence
from shelterctl.tabular.files import TABLE_KINDS, require_format, require_reading
from tests.support.desk import Desk


def hide(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a package and all in it be as if it were not installed."""
    for name in (package, *sys.modules):
        if name == package or name.startswith(f"{package}."):
            monkeypatch.setitem(sys.modules, name, None)


@pytest.mark.parametrize(
    ("package", "kind", "reads"),
    [
        ("xlsxwriter", "xlsx", False),
        ("openpyxl", "xlsx", True),
        ("arro3", "parquet", False),
        ("arro3.io", "parquet", False),
    ],
)
def test_what_to_install_is_said(package: str, kind: str, reads: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    hide(package, monkeypatch)
    with pytest.raises(UsageError) as refused:
        (require_reading if reads else require_format)(kind)
    assert "pip install 'shelterctl[tables]'" in format_sentence(refused.value.message, refused.value.facts)
    for other in {*TABLE_KINDS} - {"xlsx", "parquet"}:
        require_format(other)


@pytest.mark.parametrize(
    ("package", "words"),
    [
        ("xlsxwriter", "export stays --for iom-data --key {key} --out stays.xlsx.age"),
        ("arro3", "export stays --for iom-data --key {key} --out stays.parquet.age"),
        ("openpyxl", "import old.xlsx --check"),
    ],
)
def test_a_command_says_what_to_install(
    package: str, words: str, admitted: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    hide(package, monkeypatch)
    (admitted.folder / "old.xlsx").write_bytes(b"PK\x03\x04")
    told = admitted.run(words.format(key=pyrage.x25519.Identity.generate().to_public()))
    assert told.code == 2
    assert "pip install 'shelterctl[tables]'" in told.err
    assert not [*admitted.folder.glob("stays*")]
