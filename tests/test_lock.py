"""The lock: what pyproject.toml asks for, within its ranges, with a hash for every machine on which it is installed."""

import re
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import audit
import environment
import lock
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

RUNTIME, DEVELOPMENT = lock.read(lock.RUNTIME), lock.read(lock.DEVELOPMENT)
EVERY = RUNTIME | DEVELOPMENT
FILES = [lock.RUNTIME, lock.DEVELOPMENT]


@pytest.mark.parametrize("asked", [*lock.wanted()["runtime"], *lock.wanted()["development"]])
def test_what_is_asked_for_is_locked_within_its_range(asked: str) -> None:
    wanted = Requirement(asked)
    pins = RUNTIME if asked in lock.wanted()["runtime"] else EVERY
    assert wanted.specifier.contains(pins[canonicalize_name(wanted.name)].version)


def test_whatever_needs_something_finds_it_in_the_lock() -> None:
    """By what is installed here: its own needs are those of the same ranges."""
    for pins, names in ((RUNTIME, lock.wanted()["runtime"]), (EVERY, lock.wanted()["development"])):
        waiting, seen = [Requirement(each) for each in names], set()
        while waiting:
            one = waiting.pop()
            name = canonicalize_name(one.name)
            if name in seen or (one.marker and not one.marker.evaluate({"extra": ""})):
                continue
            seen.add(name)
            assert name in pins
            waiting += [Requirement(each) for each in distribution(name).requires or ()]


def test_every_machine_and_python_of_ours_has_a_wheel_of_everything_that_is_wanted_there() -> None:
    assert lock.lacking(EVERY.values()) == []
    assert EVERY["colorama"].wanted("win32", "3.12")
    assert not EVERY["colorama"].wanted("linux", "3.12")


def test_a_wheel_that_is_lacking_is_told() -> None:
    pin = RUNTIME["pyrage"]
    short = pin._replace(wheels=tuple(one for one in pin.wheels if "win" not in one[0]))
    assert lock.lacking([short]) == [
        f"pyrage {pin.version}: no wheel for windows x86_64, Python {each}" for each in lock.PYTHONS
    ]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_lock_is_what_pyproject_asks_for_now(file: Path) -> None:
    assert f"# pyproject: {lock.digest()}\n" in file.read_text("utf-8"), "run: make lock"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_lock_holds_hashes_and_names_no_place_to_fetch_from(file: Path) -> None:
    text = file.read_text("utf-8")
    assert not re.search(r"://|--(index|extra|find|trusted)", text)
    pins = lock.read(file)
    assert all(pin.wheels and all(re.fullmatch("[0-9a-f]{64}", one) for _, one in pin.wheels) for pin in pins.values())


def test_a_lock_is_read_as_it_was_written(tmp_path: Path) -> None:
    lock.written(tmp_path / "lock", "What shelterctl runs with", RUNTIME.values())
    assert (tmp_path / "lock").read_bytes() == lock.RUNTIME.read_bytes()


def test_a_python_that_the_lock_does_not_know_is_told_before_anything_is_fetched() -> None:
    text = lock.RUNTIME.read_text("utf-8")
    assert [environment.covered(text, python) for python in ("3.11", "3.13", "3.1", "3.99")] == [
        True,
        True,
        False,
        False,
    ]


def test_where_nobody_could_be_asked_it_is_no_clean_bill() -> None:
    whole: dict[str, Any] = {"name": "one", "version": "1", "vulns": []}
    unknown: dict[str, Any] = {"name": "two", "skip_reason": "not found"}
    hole: dict[str, Any] = {"name": "three", "version": "3", "vulns": [{"id": "X-1", "fix_versions": ["3.1"]}]}
    assert [audit.told(each)[0] for each in ([whole], [whole, unknown], [whole, hole, unknown])] == [
        audit.NONE, audit.UNASKED, audit.SOME,
    ]  # fmt: skip
    assert audit.told([hole])[1][0] == "three 3: X-1, mended in 3.1"
