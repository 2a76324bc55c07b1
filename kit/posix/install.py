"""Install shelterctl from the wheels beside this file, without a network; install.sh runs it.

Nothing of shelterctl is imported, because it is not installed yet. The syntax is that of Python 3.7, so that an old
Python can still say that it is too old. The working version is replaced last: until then the old one stays.
"""

import errno
import hashlib
import os
import shlex
import shutil
import stat
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


def main():
    """Check the kit, make an environment, install, and report what was done."""
    wheels = verify()
    kit = read_kit()
    fits(kit)
    launcher = where_to_call_it()
    place = free(os.path.join(programs(), kit["version"]))
    os.makedirs(programs(), exist_ok=True)
    apart = tempfile.mkdtemp(prefix=".installing-", dir=programs())
    try:
        install(kit, wheels, place, apart)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    finally:
        shutil.rmtree(apart, ignore_errors=True)
    program = os.path.join(place, "bin", "shelterctl")
    sys.stdout.write(subprocess.check_output([program, "--version"], text=True, cwd=place))
    call_it(launcher, program)
    show(place)
    told(place, launcher)


def read_kit():
    """Return what the kit was made for: its version, and the Python and system that its wheels fit."""
    with open(os.path.join(HERE, "KIT"), encoding="utf-8") as written:
        return dict(line.strip().split(": ", 1) for line in written if ": " in line)


def verify():
    """Check that every file of the kit is unchanged and that its folder holds nothing else; otherwise stop.

    Returns the wheels with their sums.
    """
    try:
        with open(os.path.join(HERE, "SHA256SUMS"), encoding="utf-8") as written:
            listed = dict(reversed(line.split("  ", 1)) for line in written.read().splitlines())
    except ValueError:
        listed = {"SHA256SUMS": ""}
    wrong = [name for name, expected in sorted(listed.items()) if read(name, expected) is None]
    if wrong:
        end(
            6,
            "The kit is damaged or was changed: " + named(wrong) + ". Nothing was installed. "
            "Copy or download it again.",
            "Набор повреждён или изменён: " + named(wrong) + ". Ничего не установлено. "
            "Скопируйте или скачайте его заново.",
        )
    more = sorted(besides(listed))
    if more:
        end(
            6,
            "This is not part of the kit: "
            + named(more)
            + ". Nothing was installed. Take it out of the folder "
            + HERE
            + ", or copy or download the kit again, into an empty folder.",
            "Это не из набора: "
            + named(more)
            + ". Ничего не установлено. Уберите это из папки "
            + HERE
            + " или скопируйте (скачайте) набор заново в пустую папку.",
        )
    return {name: expected for name, expected in listed.items() if name.startswith("wheels/")}


def read(name, expected):
    """Return the bytes of a file of the kit; None if it is missing, not a plain file, or has another sum."""
    path = os.path.join(HERE, *name.split("/"))
    try:
        if ".." in name.split("/") or not stat.S_ISREG(os.lstat(path).st_mode):
            return None
        with open(path, "rb") as one:
            data = one.read()
    except (OSError, ValueError):
        return None
    return data if hashlib.sha256(data).hexdigest() == expected else None


def besides(listed):
    """Yield everything in the kit's folder that is not listed: files, links and folders, also hidden ones."""
    folders = {name[:at] for name in listed for at in range(len(name)) if name[at] == "/"}
    for folder, below, names in os.walk(HERE):
        within = os.path.relpath(folder, HERE).replace(os.sep, "/") + "/"
        within = "" if within == "./" else within
        for name in list(below):
            if within + name not in folders or os.path.islink(os.path.join(folder, name)):
                below.remove(name)
                yield within + name
        for name in names:
            if within + name not in listed and within + name != "SHA256SUMS":
                yield within + name


def named(names):
    """Return the first of some names, without characters that a terminal would obey."""
    shown = ["".join(one if one.isprintable() else "?" for one in name) for name in names[:5]]
    return ", ".join(shown + ["..."] * (len(names) > 5))


def fits(kit):
    """Check that the wheels were made for this Python and this system, and that this Python is complete; otherwise
    stop.
    """
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if version not in kit["python"].split() or not sys.platform.startswith(kit["system"]):
        end(
            1,
            f"This kit is for Python {kit['python']} on {kit['system']}; here is {version} on {sys.platform}.",
            f"Этот набор для Python {kit['python']} и {kit['system']}; здесь {version} и {sys.platform}.",
        )
    try:
        import ensurepip  # noqa: F401, PLC0415 - some systems lack it
        import venv  # noqa: F401, PLC0415
    except ImportError:
        end(
            1,
            f"This Python cannot make environments. Install the package python{version}-venv of this system.",
            f"Этот Python не умеет создавать окружения. Установите пакет python{version}-venv этой системы.",
        )


def programs():
    """Return the folder for versions of the program, apart from keys and stores: deleting it loses no record."""
    return os.path.join(os.path.expanduser("~"), ".local", "lib", "shelterctl")


def where_to_call_it():
    """Return the file by which the program is called; stop if a file is there that no kit made."""
    launcher = os.path.join(os.path.expanduser("~"), ".local", "bin", "shelterctl")
    if os.path.lexists(launcher) and not ours(launcher):
        end(
            1,
            launcher + " already exists and is not from a kit. Nothing was installed. Rename it first.",
            launcher + " уже есть, и не из набора. Ничего не установлено. Сначала переименуйте его.",
        )
    return launcher


def ours(link):
    """Whether a kit made that link."""
    return os.path.islink(link) and os.readlink(link).startswith(programs() + os.sep)


def free(place):
    """Return that folder, or the next free one: the working version stays until the new one works."""
    number, found = 1, place
    while os.path.lexists(found):
        number, found = number + 1, f"{place}-{number + 1}"
    return found


def install(kit, wheels, place, apart):
    """Make an environment and install the wheels of the kit into it, without a network.

    All of this runs in the folder *apart*, to which nobody else can write. The wheels are copied there first, so that
    exactly the checked bytes are installed.
    """
    os.mkdir(os.path.join(apart, "work"))
    os.mkdir(os.path.join(apart, "wheels"))
    for name, expected in wheels.items():
        data = read(name, expected)
        if data is None:
            raise OSError(errno.EIO, "the kit changed meanwhile")
        with open(os.path.join(apart, *name.split("/")), "wb") as one:
            one.write(data)
    around = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))}
    around["PIP_CONFIG_FILE"] = os.devnull
    work = os.path.join(apart, "work")
    run([sys.executable, "-I", "-m", "venv", place], around, work)
    python = os.path.join(place, "bin", "python")
    from_here = ["--no-index", "--find-links", os.path.join(apart, "wheels"), "--only-binary", ":all:"]
    quiet = ["--quiet", "--disable-pip-version-check", "--no-cache-dir"]
    pip = [python, "-I", "-m", "pip", "--isolated", "install"]
    run([*pip, *quiet, *from_here, f"shelterctl[tables]=={kit['version']}"], around, work)
    launch(os.path.join(place, "bin", "shelterctl"), python)


def launch(program, python):
    """Write the script that starts the program in isolation, so that no code in the current folder is run."""
    fresh = program + ".new"
    with open(fresh, "w", encoding="utf-8") as written:
        written.write(f'#!/bin/sh\nexec {shlex.quote(python)} -I -m shelterctl "$@"\n')
    os.chmod(fresh, 0o755)  # noqa: S103 - a program, with the rights that pip gives it
    os.replace(fresh, program)


def run(words, around, work):
    """Run one step of the installation; if it fails, stop with its output and a likely reason."""
    done = subprocess.run(
        words, env=around, cwd=work, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode:
        sys.stderr.write(done.stdout)
        end(
            1,
            "The installation failed for the reason above; nothing of it is left. If wheels do not fit this computer, "
            "a kit must be made on one like it, or for it.",
            "Установить не удалось, причина выше; ничего лишнего не осталось. Если пакеты не подходят этому "
            "компьютеру, набор нужно сделать на таком же или для такого.",
        )


def call_it(launcher, program):
    """Make the launcher call the new version, in one step."""
    os.makedirs(os.path.dirname(launcher), exist_ok=True)
    fresh = launcher + ".new"
    if os.path.lexists(fresh):
        os.unlink(fresh)
    os.symlink(program, fresh)
    os.replace(fresh, launcher)


def show(place):
    """Link the manual page and the shell completions to where shells and man look for them."""
    shared = os.path.join(os.path.expanduser("~"), ".local", "share")
    for folder, name in (
        ("man/man1", "shelterctl.1"),
        ("bash-completion/completions", "shelterctl"),
        ("fish/vendor_completions.d", "shelterctl.fish"),
    ):
        link = os.path.join(shared, *folder.split("/"), name)
        if not os.path.lexists(link) or ours(link):
            os.makedirs(os.path.dirname(link), exist_ok=True)
            if os.path.lexists(link):
                os.unlink(link)
            os.symlink(os.path.join(place, "share", *folder.split("/"), name), link)


def told(place, launcher):
    """Report what was done, and what to do next."""
    folder = os.path.dirname(launcher)
    known = folder in os.environ.get("PATH", "").split(os.pathsep)
    facts = {"place": place, "launcher": launcher, "folder": folder, "typed": "shelterctl" if known else launcher}
    english = ["", "Installed in {place}", "and called by {launcher}"]
    russian = ["", "Установлено в {place}", "и вызывается через {launcher}"]
    if not known:
        english.append("{folder} is not on your PATH yet: log in again, or type the whole path as below.")
        russian.append("Система пока не ищет программы в {folder}: войдите заново или пишите путь целиком, как ниже.")
    english += ["Next, with invented clients:  {typed} demo run", "Then, for a real shelter:  {typed} init --help"]
    russian += ["Дальше, на вымышленных клиентках:  {typed} demo run --lang ru"]
    russian += ["Затем, для настоящего приюта:  {typed} init --help --lang ru"]
    say("\n".join(english).format(**facts), "\n".join(russian).format(**facts))


def say(english, russian, stream=None):
    """Show a text in both languages, as far as the terminal can write it."""
    out = stream or sys.stdout
    for text in (english, russian):
        out.write(text.encode(out.encoding or "ascii", "replace").decode(out.encoding or "ascii") + "\n")
    out.flush()


def end(code, english, russian):
    """Stop, and say why."""
    say(english, russian, sys.stderr)
    sys.exit(code)


if __name__ == "__main__":
    try:
        main()
    except OSError as error:
        end(
            8,
            f"The disk does not permit it or is full ({error.strerror}). Nothing that worked was changed.",
            f"Диск не позволяет или заполнен ({error.strerror}). Того, что работало, это не изменило.",
        )
