"""A store made once, its copies, and the program run on them as a person runs it: real keys, real processes."""

import gc
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import tests.support.drawn_examples  # noqa: F401 - the profiles of hypothesis
from shelterctl.identity.key_file import change_passphrase
from shelterctl.language import speak_of
from tests.support import processes, programs
from tests.support.command import CHANGED_HERE, end_server, import_everything
from tests.support.desk import Desk, copied
from tests.support.inputs import REFERRAL
from tests.support.papers import PAPERS
from tests.support.passphrases import OLD, QUICK, never
from tests.support.paths import ACCEPTED, MADE_BY_0_1_0, TESTS
from tests.support.pdf import end_press
from tests.support.sampled import EVERY_PLACE, RUN_IN_PART, is_drawn, one_in
from tests.windows import door

PATH = os.environ["PATH"]
"""Where programs are found by whoever runs the tests."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--on-windows", action="store_true", help="run the program as a process of Windows, under Wine")
    parser.addoption("--one-in", type=int, default=1, help="run one in so many of these tests, the same ones each time")
    parser.addoption("--every-place", action="store_true", help="strike at every place, and not at a sample of them")
    parser.addoption("--lacking", action="store_true", help="only tests that need a program which is not installed")


def pytest_configure(config: pytest.Config) -> None:
    Desk.on_windows = processes.ON_WINDOWS[0] = config.getoption("--on-windows")
    EVERY_PLACE[0] = config.getoption("--every-place")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The longest first, so that no processor waits for the last of them; what cannot be run on Windows says so, and
    what shows the same there.
    """
    items.sort(key=lambda item: TESTS / "whole" not in item.path.parents)
    items[:] = _draw_cases(items)
    if config.getoption("--lacking"):
        items[:] = [item for item in items if programs.lacking(needed(item), PATH)]
    if not Desk.on_windows:
        return
    items[:] = [item for item in items if not is_shown_in_russian(item)]
    if (number := config.getoption("--one-in")) > 1:
        drawn = one_in(number, [item.nodeid for item in items if not item.get_closest_marker("long")])
        items[:] = [item for item in items if item.nodeid in drawn]
    for item in items:
        if found := item.get_closest_marker("posix"):
            why, there = found.args
            item.add_marker(pytest.mark.skip(f"{why}; there: {there}"))
        elif "monkeypatch" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.skip("changes the program from within; there: the same, unchanged"))


def _draw_cases(items: list[pytest.Item]) -> list[pytest.Item]:
    """The cases that run: of files and tests that the check runs in part the drawn ones, or with --every-place all."""
    drawn, found = set[str](), list[pytest.Item]()
    for item in items:
        file = item.path.relative_to(TESTS).as_posix()
        test = item.nodeid.partition("[")[0].rpartition("::")[2]
        number = RUN_IN_PART.get(file) or RUN_IN_PART.get(f"{file}::{test}")
        if number:
            item.add_marker(pytest.mark.sampled)
        if not number or EVERY_PLACE[0] or is_drawn(number, item.nodeid, drawn):
            found.append(item)
    return found


def is_shown_in_russian(item: pytest.Item) -> bool:
    """Whether a sitting is typed in Russian too: on Windows that is enough, for the console has harder letters then."""
    params = getattr(getattr(item, "callspec", None), "params", {})
    return "script" in params and params.get("language") == "en"


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test that needs a program which is not installed is skipped for that reason, before anything is made for it."""
    if lacking := programs.lacking(needed(item), PATH):
        item.user_properties.append(("lacking", " ".join(lacking)))
        pytest.skip(f"not installed: {', '.join(lacking)}")


def needed(item: pytest.Item) -> list[str]:
    """The programs that a test says it needs."""
    return [name for mark in item.iter_markers("program") for name in mark.args]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Which programs are not installed here, how many tests were skipped for each, and why others were skipped."""
    skipped = terminalreporter.stats.get("skipped", [])
    if Desk.on_windows or not skipped:
        return
    lacking = [dict(getattr(report, "user_properties", ())).get("lacking") for report in skipped]  # a file has none
    programs_ = Counter(name for names in lacking for name in (names or "").split())
    others = Counter(str(report.longrepr[2]) for report, names in zip(skipped, lacking, strict=True) if not names)
    terminalreporter.section(f"skipped: {len(skipped)}")
    for name, number in sorted(programs_.items()):
        terminalreporter.write_line(f"{number:5}  {name} is not installed")
    for reason, number in others.most_common():
        terminalreporter.write_line(f"{number:5}  {reason.removeprefix('Skipped: ')}")


def pytest_collection_finish() -> None:
    """What was collected is there to the end: nobody looks through it for what could be thrown away."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish() -> None:
    end_server()
    end_press()
    door.dismissed()


@pytest.fixture(scope="session", autouse=True)
def _bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A PATH on which no program is found that a test has to ask for; the folder in which it is made."""
    folder, path = tmp_path_factory.mktemp("programs"), os.environ["PATH"]
    os.environ["PATH"] = path if Desk.on_windows else programs.bare(folder, path)
    yield folder
    os.environ["PATH"] = path


@pytest.fixture(autouse=True)
def _found(request: pytest.FixtureRequest, _bare: Path) -> Iterator[None]:
    """The programs that a test says it needs, beside those that every computer has."""
    bare = os.environ["PATH"]
    own = [] if Desk.on_windows else programs.beside(_bare, needed(request.node), PATH)
    os.environ["PATH"] = os.pathsep.join([*own, bare])
    yield
    os.environ["PATH"] = bare


@pytest.fixture(autouse=True)
def _changed(request: pytest.FixtureRequest) -> Iterator[None]:
    CHANGED_HERE.extend({"monkeypatch"} & {*request.fixturenames})
    before = door.answered()
    speak_of(None)  # an earlier test may have spoken of a man
    yield
    request.node.user_properties.append(("commands", door.answered() - before))
    CHANGED_HERE.clear()


@pytest.fixture(scope="session")
def _empty(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A store with its NGO and staff, and no client."""
    import_everything()
    desk = Desk(tmp_path_factory.mktemp("made") / "desk")
    desk.folder.mkdir()
    desk.do("init house --shelter bishkek --no-passphrase --recovery ../recovery", today=None)
    desk.do("ngo add sezim --memorandum 2026-01-15 --contract 2026-01-20")
    desk.do("staff add s-gulnara --role social_worker")
    desk.do("staff add s-aida --role psychologist")
    return desk


@pytest.fixture(scope="session")
def _admitted(_empty: Desk, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = copied(_empty, tmp_path_factory.mktemp("made") / "desk")
    desk.her = desk.do("admit", REFERRAL).data["id"]
    desk.do(f"admit {desk.her}", {"identification_number": "KG-2026-118"})
    desk.do(f"admit {desk.her} --complete --on 2026-11-22")
    return desk


@pytest.fixture(scope="session")
def _discharged(_admitted: Desk, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = copied(_admitted, tmp_path_factory.mktemp("made") / "desk")
    desk.do(f"discharge {desk.her} --on 2026-11-25", ACCEPTED / "discharge.yaml")
    return desk


@pytest.fixture(scope="session")
def papers(_admitted: Desk, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A store to print from, not to be written: names behind codes, both agreements, and the report after her stay."""
    desk = copied(_admitted, tmp_path_factory.mktemp("made") / "desk")
    for what, given in (PAPERS["names"] | {f"admit {desk.her}": PAPERS["her"]}).items():
        desk.do(what, given)
    for form in ("pink", "blue"):
        desk.do(f"agreement {desk.her} --form {form}", PAPERS[form])
    desk.do(f"discharge {desk.her} --on 2026-11-25", ACCEPTED / "discharge.yaml")
    desk.do(f"monitor record {desk.her}", ACCEPTED / "monitoring-report.yaml", today="2027-06-01")
    return desk


@pytest.fixture
def printing(papers: Desk, tmp_path: Path) -> Desk:
    """The same, to be printed from: what is filled in is noted."""
    return copied(papers, tmp_path / "printing")


@pytest.fixture
def desk(_empty: Desk, tmp_path: Path) -> Desk:
    """A store with its NGO and staff, and no client."""
    return copied(_empty, tmp_path / "desk")


@pytest.fixture
def admitted(_admitted: Desk, tmp_path: Path) -> Desk:
    """The same with one client, admitted on 22 November 2026."""
    return copied(_admitted, tmp_path / "admitted")


@pytest.fixture
def discharged(_discharged: Desk, tmp_path: Path) -> Desk:
    """The same with that client discharged on 25 November 2026."""
    return copied(_discharged, tmp_path / "discharged")


@pytest.fixture
def old(tmp_path: Path) -> Desk:
    """The desk of a store that 0.1.0 made, with its recovery key and a backup."""
    shutil.copytree(MADE_BY_0_1_0, tmp_path / "old")
    return Desk(tmp_path / "old", "GT5P-RWR6")


@pytest.fixture
def taken(old: Desk) -> Desk:
    """The same, taken over by its device."""
    old.do("trust --begin")
    return old


@pytest.fixture
def usb(admitted: Desk) -> Path:
    """Another disk."""
    usb = admitted.folder / "usb"
    usb.mkdir()
    return usb


@pytest.fixture
def sealed(desk: Desk) -> Desk:
    """The desk, its key under the old passphrase."""
    change_passphrase(desk.key, never, lambda: OLD, work_factor=QUICK)
    return desk


@pytest.fixture(scope="session")
def typed() -> set[str]:
    """Every word that is the same in every language, for it is typed."""
    from tests.support.russian import typed

    return typed()
