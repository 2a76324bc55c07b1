"""The questions about who may read and write: taking over a store of 0.1.0, accepting news, and
joining a new computer.
"""

from functools import partial
from pathlib import Path

from shelterctl.core.finding import FilledSentences, Outcome
from shelterctl.core.people import staff_at_work
from shelterctl.custody.init import find_or_make_key, is_store_known_here
from shelterctl.custody.recovery import (
    MAKE_ROOM_ON_DISK,
    STORE_NOT_NOTED,
    compare_with_sheet,
    is_paper_unsigned,
    read_paper,
)
from shelterctl.custody.trust import (
    JOINED_ALREADY,
    LET_PAPER_SIGN_FIRST,
    PAPER_CANNOT_ADMIT,
    TRUST_BEGUN_ALREADY,
    begin_trust,
    finish_takeover,
    is_shut_out,
    is_takeover_unfinished,
    join_store,
    key_shut_out_error,
    read_files_to_join,
)
from shelterctl.errors import Conflict, DiskError, UsageError
from shelterctl.identity.keys import Identity, parse_recovery_key
from shelterctl.identity.memorable_words import parse_fingerprint_words
from shelterctl.prompts.check import ask_sheet_number
from shelterctl.session import Session, may_ask, now_at, read_code_option
from shelterctl.store import attribution
from shelterctl.store.folder import ROSTER_FILE
from shelterctl.store.opening import open_store
from shelterctl.store.store import Store
from shelterctl.terminal.passphrase import ask_passphrase, show_locking
from shelterctl.terminal.questions import ask_line_until_read, choose_option, confirm
from shelterctl.terminal.screen import alternate_screen, print_sentence
from shelterctl.typed.words import Mistyped
from shelterctl.ui_language import N_
from shelterctl.view.trust import RECOVERY_PAPER_UNSIGNED, safe_sheet_facts, trust_list_news

TRUST_LIST_BEGUN = N_(
    "The store now has its list of who may read and write, and can be written to again. Its words: {words}. "
    "Number: {number}."
)
WRITE_WORDS_ON_PAPER = N_(
    "Write the words and the store's code {store} on the recovery paper, and on a sheet for the safe of the house."
)
TRUST_COMPARE_CLIENTS = N_(
    "This computer knows nothing of this store yet. Clients in it: {clients}. Last change: {last}. Is that "
    "what you expect?"
)
TRUST_NOT_TAKEN_OVER = N_(
    "The store was not taken over. Ask the person who last worked here, and look for the newest copy of the store."
)
TRUST_CLIENTS_NEEDED = N_("The store cannot be compared here. Give the number of clients with --clients N.")
TRUST_OTHER_COUNT = N_(
    "The store was not taken over: you gave another number of clients than it has, {clients}. Look for the "
    "newest copy of the store."
)
NEWS_ACCEPT = N_("Do you know of this, and is it right?")
NEWS_REFUSED = N_("Nothing was accepted. Stop here, change nothing, and call the data officer.")
NEWS_ACCEPTED = N_("Accepted new entries: {count}. This computer can write again.")
NEWS_NOTED = N_("Noted new entries: {count}. This computer is still shut out of the store and cannot write.")
NEWS_NONE = N_("There is nothing new on the list of who may read and write.")
COMPUTER_JOINED = N_("This computer now works with the store: device {device}, of {staff}. Files sealed anew: {files}.")
TAKE_PAPER_BACK = N_(
    "Take the paper out of the house again, and erase the file with its key. Then make a backup: shelterctl backup DIR"
)
LET_MANAGER_REKEY = N_("This role saves no files: a manager encrypts them for this computer with: shelterctl rekey")
TYPE_RECOVERY_LINE = N_(
    "Type the key from the recovery paper, from AGE-SECRET-KEY-1 on. Small letters will do, and you can "
    "leave out spaces."
)
RECOVERY_LINE_WRONG = N_(
    "That is not the key: a letter is wrong or missing. Compare it with the paper and type it again."
)
WHO_WORKS_HERE = N_("Who works at this computer?")
STAFF_ROW = N_("{who}")
JOIN_STAFF_UNREGISTERED = N_(
    "The code given with --staff is not registered. The code under which a computer is added stays on the "
    "list permanently, and anyone can read that list."
)
JOIN_TAKE_REGISTERED = N_(
    "Use a registered code now, and register the other one later: shelterctl staff add CODE --role ROLE"
)

MANAGER_CODE = "manager"
JOIN_NEEDS_PAPER = N_("A new computer can join only with the recovery paper: add --recovery FILE.")


def take_over_store(session: Session, recovery: Path | None, clients: int | None) -> Outcome:
    """Take over a store made by 0.1.0 once it is known to be the newest copy; or finish an interrupted takeover."""
    # Gather.
    paper = read_paper(recovery)[0] if recovery else None
    store = session.store
    begun = bool(store.vault.journal.chain.root)
    if begun and not is_takeover_unfinished(store):
        raise UsageError("trust/begun", TRUST_BEGUN_ALREADY)

    # Decide.
    remembered = begun or store.vault.journal.remembered is not None
    if not remembered and not _is_expected_store(session, clients):
        return Outcome(said=((TRUST_NOT_TAKEN_OVER, {}),))

    # Act.
    if begun:
        finish_takeover(session)
    else:
        begin_trust(session, paper, remembered=remembered)
    session.reopen()
    signed, facts = session.store.vault.journal.chain.paper[1] is not None, safe_sheet_facts(session)
    store.notices.clear()  # they describe the store before the takeover
    said: FilledSentences = (
        (TRUST_LIST_BEGUN, facts),
        (WRITE_WORDS_ON_PAPER, facts),
        *(() if signed else ((RECOVERY_PAPER_UNSIGNED, {}),)),
    )
    return Outcome(data={"sheet": {**facts, "paper_signed": signed}}, said=said)


def _is_expected_store(session: Session, clients: int | None) -> bool:
    """Whether the store is the expected one; a person is asked if this computer remembers nothing of it."""
    count, last = len(list(session.store.ids())), (session.store.vault.journal.latest_time() or "")[:10]
    if clients is not None and clients != count:
        raise Conflict("trust/other-count", TRUST_OTHER_COUNT, clients=count)
    if clients is None and not may_ask(session):
        raise UsageError("trust/compare", TRUST_CLIENTS_NEEDED)
    return clients is not None or confirm(TRUST_COMPARE_CLIENTS, {"clients": count, "last": last})


def accept_news(session: Session) -> Outcome:
    """Accept the news on the list, once a person has seen it."""
    # Gather.
    store = session.store
    chain, known = store.vault.journal.chain, store.vault.journal.remembered
    if store.vault.closed_because and (
        not chain.root or known is None or store.vault.closed_because.code == "trust/newer"
    ):
        raise store.vault.closed_because  # news that this version cannot read cannot be accepted
    news = trust_list_news(session)
    if not news:
        return Outcome(said=((NEWS_NONE, {}),))

    # Decide.
    if may_ask(session) and not _ask_about_news(session, news):
        return Outcome(said=((NEWS_REFUSED, {}),))

    # Act.
    out = is_shut_out(chain, store.identity)
    _remember_list(session)
    said = (*(() if may_ask(session) else news), (NEWS_NOTED if out else NEWS_ACCEPTED, {"count": len(news)}))
    told = [{**facts, "device": facts["device"] or None} for _, facts in news]
    accepted = [
        {name: fact for name, fact in one.items() if name not in ("stay", "staff", "roles", "until")} for one in told
    ]
    return Outcome(data={"accepted": accepted}, said=said)


def confirm_news(session: Session) -> bool:
    """Whether the person knows of the news on the list; it is shown, and then remembered by this computer.

    Also true if there is no news, or if something else stops writing.
    """
    vault = session.store.vault
    if vault.closed_because is None or vault.closed_because.code != "trust/new-device":
        return True
    if not _ask_about_news(session, trust_list_news(session)):
        return False
    _remember_list(session)
    vault.closed_because = None
    return True


def _ask_about_news(session: Session, news: FilledSentences) -> bool:
    """Show the *news* and ask whether the person knows of it."""
    for sentence, facts in news:
        print_sentence(sentence, facts)
    known = confirm(NEWS_ACCEPT)
    if not known:
        session.store.notices.clear()  # the notice advises accepting
    return known


def _remember_list(session: Session) -> None:
    """Let this computer remember the list as it is now. Raises DiskError if that cannot be written."""
    if not session.store.vault.journal.remember():
        raise DiskError("trust/not-noted", STORE_NOT_NOTED, hint=MAKE_ROOM_ON_DISK)
    session.store.notices.clear()


def _ask_recovery_key() -> Identity:
    """Return the paper's key, typed from the paper on a screen of which nothing remains."""
    with alternate_screen():
        return ask_line_until_read(TYPE_RECOVERY_LINE, _read_recovery_line)


def _read_recovery_line(typed: str) -> Identity | Mistyped:
    try:
        return parse_recovery_key(typed)
    except ValueError:
        return Mistyped(RECOVERY_LINE_WRONG)


def _choose_staff(session: Session, opened: Store) -> str:
    """Return the person at the new computer, chosen from the staff; the manager if nobody can be asked."""
    staff = sorted(staff_at_work(opened.staff.value["staff"], session.computer_day))
    if not may_ask(session) or staff == [MANAGER_CODE]:
        return MANAGER_CODE
    while (chosen := choose_option(WHO_WORKS_HERE, [(STAFF_ROW, {"who": each}) for each in staff])) is None:
        pass
    return str(staff[chosen])


def find_or_ask_key(session: Session, no_passphrase: bool) -> tuple[Identity, bool]:
    """Return this computer's key and whether it is new; the passphrase of a new key is asked for."""
    if no_passphrase:
        return find_or_make_key(session, None)
    descriptor = session.options.passphrase_fd
    return find_or_make_key(
        session,
        partial(ask_passphrase, descriptor, twice=True),
        partial(show_locking, descriptor, quiet=session.json),
    )


def join_computer(
    session: Session, recovery: Path | None, number: int | None, words: str | None, no_passphrase: bool
) -> Outcome:
    """Let this computer work with the store, by the recovery paper; the store is first compared with the safe sheet."""
    # Gather.
    if is_store_known_here(session):
        if is_shut_out(session.store.vault.journal.chain, session.device_key):
            raise key_shut_out_error(session.identity_file)
        raise UsageError("trust/here-already", JOINED_ALREADY)
    if recovery is None and not may_ask(session):
        raise UsageError("trust/needs-paper", JOIN_NEEDS_PAPER)
    held, written = read_paper(recovery) if recovery else (_ask_recovery_key(), None)
    words = parse_fingerprint_words(words or written or "") if words or written else None
    if is_paper_unsigned(session.root, held):
        raise Conflict("trust/paper-cannot", PAPER_CANNOT_ADMIT, hint=LET_PAPER_SIGN_FIRST)
    opened = open_store(session.root, held, session.rulebook, None)
    compare_with_sheet(opened.vault.journal, ask_sheet_number(session, number), words)

    # Decide.
    whole = read_files_to_join(opened)
    staff = read_code_option(session.options.staff or _choose_staff(session, opened), "--staff")
    if session.options.staff and staff not in opened.staff_with_role():
        raise UsageError("trust/unregistered", JOIN_STAFF_UNREGISTERED, hint=JOIN_TAKE_REGISTERED)
    if why := attribution.signer_left_error(opened, staff, session.computer_day):
        raise why
    key, _ = find_or_ask_key(session, no_passphrase)
    if is_shut_out(opened.vault.journal.chain, key):
        raise key_shut_out_error(session.identity_file)

    # Act.
    at = now_at(opened.offset).isoformat(timespec="minutes")
    store = join_store(opened, session.memory_folder, whole, key, staff=staff, at=at)
    files = sum(name.endswith(".age") and store.vault.may_save(name) for name in store.vault.journal.files())
    facts = {"device": key.device, "staff": staff, "files": files}
    data = {**facts, "sheet": {"number": store.vault.journal.sheet_number()}}
    later: FilledSentences = () if store.vault.may_save(ROSTER_FILE) else ((LET_MANAGER_REKEY, {}),)
    return Outcome(data=data, said=((COMPUTER_JOINED, facts), *later, (TAKE_PAPER_BACK, {})))
