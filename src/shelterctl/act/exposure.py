"""What lies open that should not: a key in the store or for others to read, a link where the store's own should be."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from shelterctl import bound, identity, machine
from shelterctl.act.damage import SHUT_OUT, note, shortened
from shelterctl.act.protection import of_a_store, same
from shelterctl.core.finding import Finding, Outcome, Severity
from shelterctl.desk import Desk
from shelterctl.errors import Conflict, Damaged, ShelterError
from shelterctl.language import N_, Sentence
from shelterctl.store import ASIDE, DIRECTORY, FOUNDING, SECRETS, SHELTER, STAFF, TRUST, Store, file_of, present, sealed
from shelterctl.store.waiting import waiting
from shelterctl.vault import Vault, unfinished

UNFINISHED = N_(
    "A command was interrupted here, or is at work: {count} of its files are unfinished ({places}). Leave them as they "
    "are: the next command that writes here finishes them, or undoes what was not saved yet."
)
RENEWING = N_(
    "A new recovery paper was begun on this computer, and that was not finished. To finish it, or to give it up: "
    "shelterctl recovery renew"
)
STRANGE = N_("A file in {place} is not the store's. Move it out of the store's folder; it was not read.")
ROOT = N_("the store's own folder")
IN_STORE = N_(
    "The key of this device lies in the folder of a store, or of a backup: whoever gets the folder has the key with it."
)
MOVE = N_(
    "Move the key, with the folder beside it that begins with the key's name, into your own account, and name it with "
    "--identity. Erase it in every copy of the store. If the folder was out of your hands, do as for a stolen laptop: "
    "shelterctl help gone"
)
A_KEY = N_("A key lies in {place}: whoever gets the folder has the key with it.")
TAKE_OUT = N_("Take it out, also out of every copy of the store. If it is the recovery key, it belongs on paper alone.")
READABLE = N_("Other users of this computer can read or change the key file of this device.")
CLOSE = N_("Let it be yours alone: {command}, with the file that --identity names. Then change its passphrase.")
LINK = N_("{place} in the store's folder is a link to another place.")
UNLINK = N_("Do not follow it. Ask who else can write to this folder, then take the link out.")

NOT_RESEALED = N_(
    "Files that do not open for just those who may read now: {count} ({places}). Whoever was shut out still opens "
    "them, or a new paper does not yet. Seal them anew with: shelterctl rekey"
)
BRIEFLY = N_(
    "Files that were not sealed anew yet since the list of who may read changed: {count}. Do it: shelterctl rekey"
)
ELSEWHERE = N_(
    "Files that were not sealed anew yet since the list of who may read changed: {count}. Do it on another computer: "
    "shelterctl rekey"
)
COPIED_SO = N_(
    "Files of the store do not open for just those who may read now: {count}. This backup has them as they are, and "
    "whoever was shut out can open it. Seal them anew with: shelterctl rekey. Then make another backup."
)

OWN = {TRUST, SHELTER, STAFF, DIRECTORY, SECRETS, ".lock", ".git", ".gitignore", ".gitattributes", "README.md", ASIDE}
FOLDERS = ("residents", "registers", "journal")


def exposed(here: Desk) -> Iterator[Finding]:
    """What lies open, each told with what to do about it."""
    from shelterctl.act.renewal import is_begun  # noqa: PLC0415 - the first screen asks for other things of this page

    yield from map(note, _of_key(here.identity_file))
    yield from _links(here.root)
    left = dict(unfinished_in(here.store))
    if left:
        facts = {"count": len(left), "places": shortened(sorted({*left.values()}))}
        yield Finding(code="store/unfinished", severity=Severity.WARN, message=UNFINISHED, facts=facts)
    yield from not_resealed(here.store.vault)
    if is_begun(here):
        yield Finding(code="recovery/unfinished", severity=Severity.WARN, message=RENEWING)
    yield from _told(strangers(here.store, here.identity_file, {*left}), here.root)


def unfinished_in(store: Store) -> Iterator[tuple[Path, str]]:
    """The leavings of an interrupted command in a store, of a founding too, each with the file that it is about."""
    yield from unfinished(store.root, store.vault.journal)
    if machine.is_plain_file(store.root / FOUNDING):
        yield store.root / FOUNDING, SHELTER


def not_resealed(vault: Vault, message: Sentence = NOT_RESEALED) -> Iterator[Finding]:
    """One warning where files still open for who was shut out, or not yet for a new paper; else none."""
    if names := waiting(vault):
        facts = {"count": len(names), "places": shortened(names)}
        if vault.closed is not None and vault.closed.code == SHUT_OUT:
            message = ELSEWHERE
        yield Finding(code="store/not-resealed", severity=Severity.WARN, message=message, facts=facts)


def _of_key(key: Path) -> Iterator[ShelterError]:
    """What is wrong with the place of this device's key, and with who may read it."""
    if of_a_store(key):
        yield Conflict("key/in-store", IN_STORE, hint=MOVE)
    with suppress(OSError):
        if not machine.is_private(key):
            yield Conflict("key/readable", READABLE, hint=CLOSE, command=machine.ALONE)


def _links(root: Path) -> Iterator[Finding]:
    """Links where the store's lock or a folder should be; those of files and of their folders are told as damage."""
    for place in (".lock", ASIDE, "registers"):
        if (root / place).is_symlink():
            yield note(Damaged("store/link", LINK, hint=UNLINK, place=place))


def strangers(store: Store, key: Path, left: Collection[Path]) -> Iterator[Path]:
    """The files in the store's folders that are not the store's, nor *left* by a command; none is read.

    The *key* of this device is told of by itself.
    """
    root, known = store.root, OWN | {file_of(id_) for id_ in store.ids()} | store.vault.journal.files()
    for folder in ("", *FOLDERS):
        for name in machine.names_in(root / folder):
            place = f"{folder}/{name}" if folder else name
            if place in known or name in FOLDERS or (folder == "journal" and name.endswith(".jsonl")):
                continue
            if (folder == "registers" and (root / place).is_dir()) or same(root / place, key):
                continue
            if root / place not in left:
                yield root / place


def _told(strange: Iterable[Path], root: Path) -> Iterator[Finding]:
    """Strangers by the folder that each lies in: its name may be a person's."""
    for path in strange:
        facts = {"place": ROOT if path.parent == root else path.parent.name}
        if _is_key(path):
            yield note(Conflict("store/key", A_KEY, hint=TAKE_OUT, **facts))
        else:
            yield Finding(code="store/stranger", severity=Severity.WARN, message=STRANGE, facts=facts)


def _is_key(path: Path) -> bool:
    """Whether a strange file is a key, told by its first bytes: that is worse than a strange file."""
    with suppress(ShelterError, OSError):
        return identity.is_key(path)
    return False


def closed(here: Desk) -> Outcome | None:
    """The answer of a check where the store is not believed: why, and what else is wrong as far as anybody can tell."""
    try:
        _ = here.store
        return None
    except Damaged as error:
        first = error
    vault, troubles = sealed(here.root)
    if not first.code.startswith("trust/"):  # a list that is not believed says nothing of journals
        troubles += vault.journal.verify()
    if first.code == "journal/false-end":  # whoever remembers nothing knows only that it does not fit
        troubles = [trouble for trouble in troubles if trouble.code != "journal/shut-out"]
    journals = [f"journal/{name}" for name in machine.names_in(here.root / "journal") if name.endswith(".jsonl")]
    for name in (*journals, *sorted(present(here.root))):  # which bytes are right, nothing says any more
        try:
            with machine.disk(name):
                machine.read_regular(here.root / name, bound.JOURNAL)
        except Damaged as error:
            troubles.append(error)
        except ShelterError:
            continue
    told = {(error.code, str(error.facts)): error for error in troubles}
    told.pop((first.code, str(first.facts)), None)
    findings = (*map(note, told.values()), *map(note, _of_key(here.identity_file)), *_links(here.root))
    return Outcome(findings=findings, harm=first)
