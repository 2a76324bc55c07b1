"""The recovery paper tried on a whole store: the drill before the day on which it is needed."""

import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from shelterctl import bound, machine
from shelterctl.act import drill
from shelterctl.act.comparison import asked_number, asked_words, compared
from shelterctl.core.finding import Outcome, Said
from shelterctl.desk import Desk, walked
from shelterctl.errors import CannotOpen, Damaged, ShelterError, Usage
from shelterctl.language import N_

if TYPE_CHECKING:
    from shelterctl.identity import Identity
    from shelterctl.store import Store

OPENS = N_("The recovery key alone opens every file of the store: {opened}.")
NUMBER = N_("The number of this copy is {number}.")
SIGNED = N_("The paper has signed the store now: from here on its key alone proves which store is yours.")
BACK = N_("Take the file with the key out of the house again, then erase it here.")
NO_FILE = N_("The file that --recovery names is not there, or is no file.")
NO_KEY = N_("The file that --recovery names does not hold the recovery key as it was written down.")
A_DEVICES = N_("That is the key of a device, not the recovery key.")
THE_PAPER = N_(
    "The recovery key is the line that begins with AGE-SECRET-KEY-1, written down when the store was made. "
    "Write that line alone into a file, and name the file with --recovery."
)
SOME_DO_NOT = N_("With the recovery key {opened} of {files} files open. These do not: {places}.")
BACKUP = N_("Put each back from a backup: shelterctl repair FILE --from BACKUP. Tell the data officer.")

_WORDS = re.compile(r"^# words: ([a-z ]{3,100})$", re.MULTILINE)


def paper_in(file: Path) -> "tuple[Identity, str | None]":
    """The paper's key as somebody typed it into a file, and the words that stand there too, if any do."""
    from shelterctl import identity  # noqa: PLC0415

    if not file.is_file():
        raise Usage("check/no-file", NO_FILE)
    try:
        key = identity.load(file, None)
    except CannotOpen as error:
        if error.code in ("key/misspelt", "key/link"):
            raise
        # Its own advice is about the key file of this device.
        raise CannotOpen(error.code, NO_KEY, hint=THE_PAPER) from error
    if key.device:
        raise CannotOpen("check/a-devices-key", A_DEVICES, hint=THE_PAPER)
    with suppress(ShelterError, UnicodeDecodeError), machine.disk(file.name):
        if found := _WORDS.search(machine.read_regular(file, bound.KEY).decode()):
            return key, found[1]
    return key, None


def opened_with(here: Desk, file: Path, number: int | None, words: str | None) -> Outcome:
    """How many files of the store the recovery paper opens, without any key of this device.

    A paper that was not at hand when the store began signs it now, once its words were compared. Raises Damaged, with
    the places of those files that it does not open.
    """
    from shelterctl import store  # noqa: PLC0415
    from shelterctl.act.exposure import not_resealed  # noqa: PLC0415
    from shelterctl.journal import wrote_later  # noqa: PLC0415
    from shelterctl.trust import known_words  # noqa: PLC0415

    key, written = paper_in(file)
    words = words if words is not None else written
    words, sitting = None if words is None else known_words(words), walked(here) and not here.json
    signs = unsigned(here.root, key)
    words = asked_words() if signs and words is None and sitting else words
    opened = store.open_store(here.root, key, here.shelf, None, words=words if signs else None)
    compared(opened.vault.journal, asked_number(number, sitting=sitting), None if signs else words)
    journal = opened.vault.journal
    for trouble in (*journal.verify(), *map(wrote_later, journal.behind())):
        raise trouble
    names = sorted(opened.vault.journal.files() | store.present(here.root))
    closed = [name for name in names if not _opens(opened, name)]
    whole = len(names) - len(closed)
    if closed:
        facts = {"opened": whole, "files": len(names), "places": closed}
        raise Damaged("check/not-opened", SOME_DO_NOT, hint=BACKUP, **facts)
    said: Said = ((OPENS, {"opened": whole}),)
    if signs and here.identity_file.exists():  # it signs beside a device that works with the store
        from shelterctl.act.device import accept_paper  # noqa: PLC0415

        accept_paper(here, key)
        said = (*said, (SIGNED, {}))
    drill.noted(here, opened.vault.journal.chain)
    count = store.sealed(here.root)[0].journal.number()
    said = (*said, (NUMBER, {"number": count}), (BACK, {}))
    findings = tuple(not_resealed(opened.vault))
    return Outcome(data={"opened": whole, "sheet": {"number": count}}, said=said, findings=findings)


def unsigned(root: Path, key: "Identity") -> bool:
    """Whether this is the paper of the store in that folder, and has not signed it yet."""
    from shelterctl import store  # noqa: PLC0415

    chain = store.unproven(root)
    return bool(chain.root) and chain.paper == (key.recipient, None)


def _opens(opened: "Store", name: str) -> bool:
    from shelterctl.store import RECORD  # noqa: PLC0415

    try:
        if name in opened.wrong:
            return False
        if found := RECORD.fullmatch(name):
            return not any(opened.withheld(opened.laid_open(opened.client(found[1])[0])))
        opened.vault.read(name)
    except ShelterError:
        return False
    return True
