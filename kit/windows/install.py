"""Install shelterctl from this folder into the account of whoever runs it; install.cmd calls it, with Python from here,
once check.py has found that the folder holds the kit and nothing else.

What works is replaced last: until then the old version stays.
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

from shelterctl.platform.writing import rename_and_sync  # noqa: E402 - the kit's own, which waits for whoever looks for viruses

PROGRAM = HERE / "program"
BESIDE = ("uninstall.cmd", "uninstall.py", "account.py")


def main() -> int:
    """Check, copy, call it, and say what was done; the exit code."""
    version = (HERE / "KIT").read_text("utf-8").partition("version: ")[2].split()[0]
    before = set(account.HOME.glob("*")) if account.HOME.is_dir() else set()
    place = free(account.HOME / version)
    part = place.with_name(f".{place.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        # Without what Windows notes of files that were downloaded, or it would ask at each start.
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
    """The files of the copied *program* that are not what the kit's list says, that are lacking, or that are more."""
    listed = {name.removeprefix("program/"): one for name, one in check.sums().items() if name.startswith("program/")}
    there = {one.relative_to(program).as_posix() for one in program.rglob("*") if not one.is_dir()}
    return sorted(name for name in {*listed, *there} if listed.get(name) != check.digest(program / name))


def free(place: Path) -> Path:
    """That folder, or where it is there already the next one: what works stays until the new one does."""
    number, found = 1, place
    while found.exists():
        number, found = number + 1, place.with_name(f"{place.name}-{number + 1}")
    return found


def away(old: Path) -> None:
    """An older version taken away whole, or left whole where it is open: then the next installation does it."""
    gone, program = old.with_name(f".{old.name.strip('.')}.gone"), old / "python" / "python.exe"
    if old.is_dir():
        with suppress(OSError):
            if program.exists():
                open(program, "r+b").close()  # which Windows refuses while it runs
            old.rename(gone)
            shutil.rmtree(gone, ignore_errors=True)


def compiled(program: Path) -> None:
    """Everything read by Python once, so that no start has to: that folder may be read alone later."""
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
