"""Install shelterctl from this folder into the current user's account; install.cmd runs it with the kit's Python, after
check.py has found the kit whole.

The working version is replaced last: until then the old one stays.
"""

import errno
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

HERE = Path(__file__).absolute().parent
sys.path.append(str(HERE))
import account  # noqa: E402 - beside this file
import check  # noqa: E402

from shelterctl.platform.writing import rename_and_sync  # noqa: E402 - from the kit; it waits for a virus scanner

PROGRAM = HERE / "program"
BESIDE = ("uninstall.cmd", "uninstall.py", "account.py")


def main() -> int:
    """Check, copy and register the program, report what was done, and return the exit code."""
    version = (HERE / "KIT").read_text("utf-8").partition("version: ")[2].split()[0]
    before = set(account.HOME.glob("*")) if account.HOME.is_dir() else set()
    place = free(account.HOME / version)
    part = place.with_name(f".{place.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        # Without the mark that Windows puts on downloaded files: it would make Windows ask at each start.
        shutil.copytree(PROGRAM, part, ignore=shutil.ignore_patterns("__pycache__"), copy_function=shutil.copyfile)
        if wrong := unlike(part):
            raise OSError(errno.EIO, f"{wrong[0]} was not copied as it is")
        compiled(part)
        rename_and_sync(part, place)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    for name in BESIDE:
        shutil.copy(HERE / name, account.HOME / name)
    (account.HOME / "current").write_text(f"{place.name}\n", "utf-8")
    account.searched(place)
    for link in account.links():
        account.link(link, place / "menu.exe", "shelterctl")
    account.listed(version, sum(one.stat().st_size for one in place.rglob("*") if one.is_file()) >> 10)
    for old in before:
        away(old)
    check.said(
        f"Installed in {place}.\nOpen the menu by the link on the desktop: {account.LINK.removesuffix('.lnk')}\n"
        "Next, with invented clients, in a new window of cmd:  shelterctl demo run",
        f"Установлено в {place}.\nМеню открывает ярлык на рабочем столе: {account.LINK.removesuffix('.lnk')}\n"
        "Дальше, на вымышленных клиентках, в новом окне cmd:  shelterctl demo run --lang ru",
    )
    return 0


def unlike(program: Path) -> list[str]:
    """Return the files of the copied *program* that differ from the kit's list, are missing, or are not on it."""
    listed = {name.removeprefix("program/"): one for name, one in check.sums().items() if name.startswith("program/")}
    there = {one.relative_to(program).as_posix() for one in program.rglob("*") if not one.is_dir()}
    return sorted(name for name in {*listed, *there} if listed.get(name) != check.digest(program / name))


def free(place: Path) -> Path:
    """Return that folder, or the next free one: the working version stays until the new one works."""
    number, found = 1, place
    while found.exists():
        number, found = number + 1, place.with_name(f"{place.name}-{number + 1}")
    return found


def away(old: Path) -> None:
    """Remove an older version entirely; if it is open, leave it for the next installation."""
    gone, program = old.with_name(f".{old.name.strip('.')}.gone"), old / "python" / "python.exe"
    if old.is_dir():
        with suppress(OSError):
            if program.exists():
                open(program, "r+b").close()  # Windows refuses this while the program runs
            old.rename(gone)
            shutil.rmtree(gone, ignore_errors=True)


def compiled(program: Path) -> None:
    """Compile all modules once, so that no start has to: later the folder may be read-only."""
    words = ["-I", "-m", "compileall", "-q", "-j", "0", "Lib"]
    subprocess.run([program / "python" / "python.exe", *words], cwd=program / "python", check=False)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except OSError as error:
        check.said(
            f"The disk does not permit it or is full ({error.strerror}). Nothing that worked was changed.",
            f"Диск не позволяет или заполнен ({error.strerror}). Того, что работало, это не изменило.",
        )
        sys.exit(8)
