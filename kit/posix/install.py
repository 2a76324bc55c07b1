"""Install shelterctl from the wheels beside this file, without a network; install.sh calls it.

Nothing of shelterctl is imported, for it is not there yet, and nothing is written that Python 3.7 cannot read, so that
an old Python can still say that it is too old. What works is replaced last: until then the old version stays.
"""

import hashlib
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def main():
    """Check, make an environment, install, and say what was done."""
    kit = read_kit()
    verify()
    fits(kit)
    launcher = where_to_call_it()
    place = free(os.path.join(programs(), kit["version"]))
    try:
        install(kit, place)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    program = os.path.join(place, "bin", "shelterctl")
    sys.stdout.write(subprocess.check_output([program, "--version"], text=True))
    call_it(launcher, program)
    show(place)
    told(place, launcher)


def read_kit():
    """What the kit was made for: the version, and the Python and system that its wheels fit."""
    with open(os.path.join(HERE, "KIT"), encoding="utf-8") as written:
        return dict(line.strip().split(": ", 1) for line in written if ": " in line)


def verify():
    """Every file of the kit is as it was when the kit was made, and no wheel is there besides; else nothing is done."""
    with open(os.path.join(HERE, "SHA256SUMS"), encoding="utf-8") as written:
        listed = dict(reversed(line.rstrip("\n").split("  ", 1)) for line in written)
    there = {"wheels/" + name for name in os.listdir(os.path.join(HERE, "wheels"))}
    wrong = sorted(there - set(listed))
    for name, expected in sorted(listed.items()):
        try:
            with open(os.path.join(HERE, *name.split("/")), "rb") as one:
                if hashlib.sha256(one.read()).hexdigest() != expected:
                    wrong.append(name)
        except OSError:
            wrong.append(name)
    if wrong:
        end(
            6,
            "The kit is damaged or was changed: " + ", ".join(wrong) + ". Nothing was installed. Copy it anew.",
            "Набор повреждён или изменён: " + ", ".join(wrong) + ". Ничего не установлено. Скопируйте его заново.",
        )


def fits(kit):
    """This Python and this system are what the wheels were made for, and the Python is whole."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if version not in kit["python"].split() or not sys.platform.startswith(kit["system"]):
        end(
            1,
            f"This kit is for Python {kit['python']} on {kit['system']}; here is {version} on {sys.platform}.",
            f"Этот набор для Python {kit['python']} и {kit['system']}; здесь {version} и {sys.platform}.",
        )
    try:
        import ensurepip  # noqa: F401, PLC0415 - some systems leave it out
        import venv  # noqa: F401, PLC0415
    except ImportError:
        end(
            1,
            f"This Python cannot make environments. Install the package python{version}-venv of this system.",
            f"Этот Python не умеет создавать окружения. Установите пакет python{version}-venv этой системы.",
        )


def programs():
    """Where versions of the program lie, apart from keys and stores: whoever deletes it loses no record."""
    return os.path.join(os.path.expanduser("~"), ".local", "lib", "shelterctl")


def where_to_call_it():
    """The file by which the program is called; one that somebody else put there is not touched."""
    launcher = os.path.join(os.path.expanduser("~"), ".local", "bin", "shelterctl")
    if os.path.lexists(launcher) and not ours(launcher):
        end(
            1,
            launcher + " is there already, and not from a kit. Nothing was installed. Rename it first.",
            launcher + " уже есть, и не из набора. Ничего не установлено. Сначала переименуйте его.",
        )
    return launcher


def ours(link):
    """Whether a kit made that link."""
    return os.path.islink(link) and os.readlink(link).startswith(programs() + os.sep)


def free(place):
    """That folder, or where it is there already the next one: what works stays until the new one does."""
    number, found = 1, place
    while os.path.lexists(found):
        number, found = number + 1, f"{place}-{number + 1}"
    return found


def install(kit, place):
    """An environment of its own, with what lies in the kit and nothing from a network."""
    around = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))}
    around["PIP_CONFIG_FILE"] = os.devnull
    run([sys.executable, "-m", "venv", place], around)
    python = os.path.join(place, "bin", "python")
    wheels = ["--no-index", "--find-links", os.path.join(HERE, "wheels"), "--only-binary", ":all:", "--no-cache-dir"]
    quiet = ["--quiet", "--disable-pip-version-check"]
    run([python, "-m", "pip", "install", *quiet, *wheels, f"shelterctl=={kit['version']}"], around)


def run(words, around):
    """One step of the installation; where it fails, what it said and why that may be."""
    done = subprocess.run(words, env=around, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
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
    """Let the launcher call the new version, in one step."""
    os.makedirs(os.path.dirname(launcher), exist_ok=True)
    fresh = launcher + ".new"
    if os.path.lexists(fresh):
        os.unlink(fresh)
    os.symlink(program, fresh)
    os.replace(fresh, launcher)


def show(place):
    """The manual page and the completion of words, where shells and man look for them."""
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
    """What was done, and what to do next."""
    folder = os.path.dirname(launcher)
    known = folder in os.environ.get("PATH", "").split(os.pathsep)
    facts = {"place": place, "launcher": launcher, "folder": folder, "typed": "shelterctl" if known else launcher}
    english = ["", "Installed in {place}", "and called by {launcher}"]
    russian = ["", "Установлено в {place}", "и вызывается через {launcher}"]
    if not known:
        english.append("{folder} is not searched for programs yet: log in anew, or type the whole path as below.")
        russian.append("{folder} пока не просматривается: войдите в систему заново или пишите путь целиком, как ниже.")
    english += ["Next, with invented clients:  {typed} demo run", "Then, for a real house:  {typed} init --help"]
    russian += ["Дальше, на вымышленных клиентках:  {typed} demo run --lang ru"]
    russian += ["Затем, для настоящего дома:  {typed} init --help --lang ru"]
    say("\n".join(english).format(**facts), "\n".join(russian).format(**facts))


def say(english, russian, stream=None):
    """The same in both languages, as far as the terminal can write it."""
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
