"""The sittings over who may read and write: a store of 0.1.0 taken over, news accepted, a new computer joined."""

from pathlib import Path

from shelterctl import ask, identity, screen
from shelterctl.act import device
from shelterctl.act.comparison import NOT_NOTED, ROOM, asked_number, compared
from shelterctl.act.computer import key_of, known_here
from shelterctl.act.recovery import paper_in, unsigned
from shelterctl.core.finding import Outcome, Said
from shelterctl.core.stranger import at_work
from shelterctl.desk import Desk, code, now_at, walked
from shelterctl.errors import Conflict, Disk, Usage
from shelterctl.identity import Identity
from shelterctl.language import N_
from shelterctl.store import Store, open_store, signatory
from shelterctl.trust import known_words
from shelterctl.view import access

BEGUN = N_(
    "The store has its list of who may read and write now, and can be written to again. Its words: {words}. "
    "Number: {number}."
)
WRITE = N_("Write the words and the store {store} on the recovery paper, and on a sheet for the safe of the house.")
COMPARE = N_(
    "This computer remembers nothing of this store. Clients in it: {clients}. Last change: {last}. Is that what you "
    "expect?"
)
NOT_CONFIRMED = N_("Nothing was taken over. Ask whoever worked here last, and look for the newest copy of the store.")
COMPARED = N_("Nobody sits here to compare: say how many clients there are, with --clients N.")
OTHER_COUNT = N_("Clients in the store: {clients}. Nothing was taken over.")
ACCEPT = N_("Do you know of this, and is it right?")
REFUSED = N_("Nothing was accepted. Stop, change nothing, and call the data officer.")
ACCEPTED = N_("Accepted: new entries {count}. This computer writes again.")
SEEN = N_("Noted: new entries {count}. This computer is shut out of the store all the same, and writes nothing.")
NOTHING = N_("There is nothing new on the list of who may read and write.")
JOINED = N_("This computer works with the store now: device {device}, of {staff}. Files sealed anew: {files}.")
TAKE_BACK = N_(
    "Take the paper out of the house again, and erase the file with its key. Then make a backup: shelterctl backup DIR"
)
LINE = N_(
    "Type the line of the recovery paper, from AGE-SECRET-KEY-1 on. Capital or small letters are the same, and spaces "
    "may be left out."
)
NOT_A_LINE = N_("That is not it: a letter is another one, or missing. Compare it with the paper, and type it again.")
WHO = N_("Who works at this computer?")
NAMED = N_("{who}")
UNREGISTERED = N_(
    "The code given with --staff is not registered. Whoever a computer is bound to stands on its list for ever, and "
    "anybody can read that list."
)
REGISTERED = N_("Take a registered code now; register the other one afterwards: shelterctl staff add CODE --role ROLE")

MANAGER = "manager"
NO_RECOVERY = N_("Only the paper can admit a new computer: add --recovery FILE.")


def begin(here: Desk, recovery: Path | None, clients: int | None) -> Outcome:
    """Take over a store that 0.1.0 made, once it is sure that it is the newest; or finish what was interrupted."""
    # Gather.
    paper = paper_in(recovery)[0] if recovery else None
    store = here.store
    begun = bool(store.vault.journal.chain.root)
    if begun and not device.unfinished(store):
        raise Usage("trust/begun", device.ALREADY)

    # Decide.
    remembered = begun or store.vault.journal.known is not None
    if not remembered and not _expected(here, clients):
        return Outcome(said=((NOT_CONFIRMED, {}),))

    # Act.
    if begun:
        device.finish(here)
    else:
        device.begin(here, paper, remembered=remembered)
    fresh = Desk(here.given)
    signed, facts = fresh.store.vault.journal.chain.paper[1] is not None, access.sheet(fresh)
    store.told.clear()  # what was told of the store as it was is no longer so
    said: Said = ((BEGUN, facts), (WRITE, facts), *(() if signed else ((access.NO_PAPER, {}),)))
    return Outcome(data={"sheet": {**facts, "paper_signed": signed}}, said=said)


def _expected(here: Desk, clients: int | None) -> bool:
    """Whether the store is what whoever sits here expects, where this computer remembers nothing of it."""
    count, last = len(list(here.store.ids())), (here.store.vault.journal.latest() or "")[:10]
    if clients is not None and clients != count:
        raise Conflict("trust/other-count", OTHER_COUNT, clients=count)
    if clients is None and not walked(here):
        raise Usage("trust/compare", COMPARED)
    return clients is not None or ask.confirm(COMPARE, {"clients": count, "last": last})


def accept(here: Desk) -> Outcome:
    """Accept what is new on the list, once a person has seen it."""
    # Gather.
    store = here.store
    chain, known = store.vault.journal.chain, store.vault.journal.known
    if store.vault.closed and (not chain.root or known is None or store.vault.closed.code == "trust/newer"):
        raise store.vault.closed  # nobody accepts what nobody here can read
    news = access.news(here)
    if not news:
        return Outcome(said=((NOTHING, {}),))

    # Decide.
    if walked(here) and not _confirmed(here, news):
        return Outcome(said=((REFUSED, {}),))

    # Act.
    out = device.is_out(chain, store.identity)
    _remember(here)
    said = (*(() if walked(here) else news), (SEEN if out else ACCEPTED, {"count": len(news)}))
    told = [{**facts, "device": facts["device"] or None} for _, facts in news]
    accepted = [{name: fact for name, fact in one.items() if name != "stay"} for one in told]
    return Outcome(data={"accepted": accepted}, said=said)


def looked_at(here: Desk) -> bool:
    """Whether whoever sits here knows of what is new on the list, which she is shown and this computer remembers then.

    So is it where nothing is new, or something else than that is in the way of a write.
    """
    vault = here.store.vault
    if vault.closed is None or vault.closed.code != "trust/new-device":
        return True
    if not _confirmed(here, access.news(here)):
        return False
    _remember(here)
    vault.closed = None
    return True


def _confirmed(here: Desk, news: Said) -> bool:
    """Whether whoever sits here says that she knows of these *news*."""
    for sentence, facts in news:
        screen.tell(sentence, facts)
    known = ask.confirm(ACCEPT)
    if not known:
        here.store.told.clear()  # it would advise to accept
    return known


def _remember(here: Desk) -> None:
    """Let this computer remember the list as it is now."""
    if not here.store.vault.journal.remember():
        raise Disk("trust/not-noted", NOT_NOTED, hint=ROOM)
    here.store.told.clear()


def _typed() -> Identity:
    """The paper's key, as it is read off the paper by whoever sits here, on a screen that keeps nothing of it."""
    with screen.alone():
        screen.tell(LINE, bold=True)
        while True:
            try:
                return identity.paper(ask.line())
            except ValueError:
                screen.tell(NOT_A_LINE, indent="  ! ")


def _who(here: Desk, opened: Store) -> str:
    """Who sits at the new computer: chosen from the staff, a manager where nobody is asked."""
    staff = sorted(at_work(opened.staff.value["staff"], here.day))
    if not walked(here) or staff == [MANAGER]:
        return MANAGER
    while (chosen := ask.choice(WHO, [(NAMED, {"who": each}) for each in staff])) is None:
        pass
    return str(staff[chosen])


def join(here: Desk, recovery: Path | None, number: int | None, words: str | None, no_passphrase: bool) -> Outcome:
    """Let this computer work with the store, by the paper, which is held against the sheet in the safe first."""
    # Gather.
    if known_here(here):
        if device.is_out(here.store.vault.journal.chain, here.own_key):
            raise device.key_out(here.identity_file)
        raise Usage("trust/here-already", device.HERE_ALREADY)
    if recovery is None and not walked(here):
        raise Usage("trust/needs-paper", NO_RECOVERY)
    held, written = paper_in(recovery) if recovery else (_typed(), None)
    words = known_words(words or written or "") if words or written else None
    if unsigned(here.root, held):
        raise Conflict("trust/paper-cannot", device.NOT_SIGNED, hint=device.DRILL)
    opened = open_store(here.root, held, here.shelf, None)
    compared(opened.vault.journal, asked_number(number, sitting=walked(here)), words)

    # Decide.
    whole = device.to_join(opened)
    staff = code(here.option("staff") or _who(here, opened), "--staff")
    if here.option("staff") and staff not in opened.staff_in():
        raise Usage("trust/unregistered", UNREGISTERED, hint=REGISTERED)
    if why := signatory.gone(opened, staff, here.day):
        raise why
    key, _ = key_of(here, no_passphrase)
    if device.is_out(opened.vault.journal.chain, key):
        raise device.key_out(here.identity_file)

    # Act.
    at = now_at(opened.offset).isoformat(timespec="minutes")
    store = device.join(opened, here.heads, whole, key, staff=staff, at=at)
    files = sum(name.endswith(".age") for name in store.vault.journal.files())
    facts = {"device": key.device, "staff": staff, "files": files}
    data = {**facts, "sheet": {"number": store.vault.journal.number()}}
    return Outcome(data=data, said=((JOINED, facts), (TAKE_BACK, {})))
