"""The questions of a person's key: at her first sitting she chooses a passphrase and her request is written; a manager
compares its four words with her and accepts it.
"""

from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path

from shelterctl.core.finding import FilledSentences, Outcome
from shelterctl.custody import person_key as act
from shelterctl.custody.recovery import read_paper
from shelterctl.custody.rekey import rekey_and_answer
from shelterctl.identity.key_file import load_identity
from shelterctl.language import LabelledCode, Sentence
from shelterctl.platform.writing import format_path
from shelterctl.session import Session, may_ask
from shelterctl.terminal.passphrase import ask_passphrase, passphrase_asker, show_locking, show_unlocking
from shelterctl.terminal.questions import confirm
from shelterctl.terminal.screen import print_sentence
from shelterctl.trust.chain_state import Device
from shelterctl.trust.readership import FILE_PART
from shelterctl.ui_language import N_
from shelterctl.view.revocation import answer_shut_out

PASSPHRASE_IS_OF = N_("The key of {staff}: {staff} types here, and nobody else.")
KEY_MADE = N_("The key of {staff} is made. Its four words: {words}.")
KEY_REQUESTED = N_("The request of {staff} is in {place}. The four words of the key: {words}.")
LET_MANAGER_ACCEPT = N_(
    "Now a manager accepts it, and compares the four words with you: shelterctl staff key {staff} --accept"
)
CARRY_REQUEST = N_(
    "Take the file to a manager's computer, and let the manager compare the four words with you: shelterctl "
    "staff key {staff} --accept --from FILE. Then bring the store back here."
)
KEY_OF_PERSON = N_("A key for {staff}, with the role: {roles}. Its four words: {words}.")
COMPARE_KEY_WORDS = N_("Do these four words stand on that person's screen too, and should the key be accepted?")
KEY_NOT_ACCEPTED = N_("The key was not accepted. Nothing was changed.")
KEY_ACCEPTED = N_("{staff} now has a key here, with the role: {roles}.")
KEY_OPENS_LATER = N_("It opens files once roles decide: shelterctl roles --begin")
KEY_OPENS_ROSTER = N_("It opens the list of who sleeps in the house, by number, and no client's file.")
KEY_OPENS_ROSTER_LATER = N_(
    "Once roles decide, it opens the list of who sleeps in the house, by number, and no client's file: shelterctl "
    "roles --begin"
)
OLD_KEY_SET_ASIDE = N_("The forgotten key was set aside as {place}.")
OLD_KEY_ENDS_LATER = N_("Once the new key is accepted at this computer, the old one is ended.")
OLD_KEY_STILL_LISTED = N_(
    "Once the new key is accepted, shut the old one out: shelterctl device list shows its code, then: "
    "shelterctl device end CODE --lost"
)
ENTRIES_COME_BACK = N_(
    "What {staff} wrote in parts that only the old key opened comes back once a reader of that part, or the "
    "recovery paper, encrypts the files again: shelterctl rekey [--recovery FILE]"
)
OLD_KEY_ENDED = N_("The old key of {staff}, {device}, is ended.")
OLD_KEY_NOT_ENDED = N_("The old key of {staff} could not be ended. End it: shelterctl device end {device}")
OLD_KEY_UNKNOWN = N_(
    "It is not known here which key of {staff} was the old one. If it is still on the list, end it: shelterctl device "
    "list shows its code, then: shelterctl device end CODE"
)


def make_person_key(
    session: Session,
    code: str,
    out: Path | None,
    *,
    renew: bool,
    no_passphrase: bool,
    refuse: Callable[[str], Sentence | None] | None = None,
) -> Outcome:
    """Make a person's key with a passphrase of her own, and write her request to be admitted.

    *refuse* returns what is wrong with a passphrase that she chose. A key whose passphrase is forgotten is set aside
    once she has chosen the new one.
    """
    # Gather.
    if out:
        act.require_free_place(session, out, code)
    place, moved = act.place_new_key(session, code), None
    person = session.person_key_file(code) or place
    descriptor, whose = session.options.passphrase_fd, (PASSPHRASE_IS_OF, {"staff": code})
    if person.exists() and not renew:
        # The list has changed since she asked, or she was interrupted: only the request is made anew.
        if may_ask(session):
            print_sentence(*whose)
        asker, tries = passphrase_asker(descriptor)
        busy = partial(show_unlocking, descriptor, quiet=session.json)
        place, key = person, load_identity(person, asker, tries=tries, busy=busy)
        act.require_not_listed(session, code, key)
    else:
        phrase = None if no_passphrase else ask_passphrase(descriptor, twice=True, whose=whose, refuse=refuse)
        if renew:
            moved = act.set_key_aside(person if person.exists() else place)
        place = act.place_new_key(session, code)
        key = act.make_key(place, phrase, partial(show_locking, descriptor, quiet=session.json))

    # Act.
    made = act.request_admission(session, code, key, place, out)
    facts = {"staff": code, "words": made.words, "place": format_path(made.place)}
    said: FilledSentences = (
        ((KEY_REQUESTED, facts), (CARRY_REQUEST, facts)) if out else ((KEY_MADE, facts), (LET_MANAGER_ACCEPT, facts))
    )
    if moved:
        said = (
            *said,
            (OLD_KEY_SET_ASIDE, {"place": format_path(moved)}),
            (OLD_KEY_STILL_LISTED if out else OLD_KEY_ENDS_LATER, {}),
            (ENTRIES_COME_BACK, facts),
        )
    data = {"staff": code, "device": key.device, "words": made.words, "request": str(made.place)}
    return Outcome(data=data, said=said)


def accept_person_key(
    session: Session, code: str, source: Path | None, roles: list[str], recovery: Path | None
) -> Outcome:
    """Accept a person's key, once the manager has compared its words with her, and end her keys that were set aside at
    this computer.
    """
    # Gather.
    store = session.store
    store.vault.require_writable()
    paper = read_paper(recovery)[0] if recovery else None
    act.require_authority(store, paper)
    registered = act.require_registered(store, code)
    granted = roles or list(store.vault.journal.chain.roles.get(code, ())) or [registered]
    request = act.read_request(source or act.find_request(session, code), code)
    names = session.rulebook.lists["roles"]
    facts = {
        "staff": code, "words": request.words,
        "roles": [LabelledCode(role, names.get(role, {"en": role})) for role in granted],
    }  # fmt: skip

    # Decide.
    if may_ask(session):
        print_sentence(KEY_OF_PERSON, facts)
        if not confirm(COMPARE_KEY_WORDS):
            return Outcome(said=((KEY_NOT_ACCEPTED, {}),))

    # Act.
    old = act.list_set_aside_keys(session, code)
    done = act.accept_key(session, request, granted, paper, old)
    opens: FilledSentences = ((KEY_OPENS_LATER, {}),)
    if not opens_files(session, granted):
        opens = ((KEY_OPENS_ROSTER if store.is_by_role else KEY_OPENS_ROSTER_LATER, {}),)
    elif store.is_by_role:
        opens = ()
    data = {"staff": code, "roles": granted, "words": request.words}
    sealed = done.said if done.harm or done.data.get("sealed") else ()
    return answer_shut_out(session, data, ((KEY_ACCEPTED, facts), *_say_ended(session, old), *opens, *sealed), done)


def end_set_aside_keys(session: Session, code: str) -> Outcome:
    """End the keys of a person that were set aside at this computer, and seal the files anew."""
    session.store.vault.require_writable()
    old = act.list_set_aside_keys(session, code)
    act.end_keys(session, old)
    done = rekey_and_answer(session)
    return answer_shut_out(session, {"staff": code}, (*_say_ended(session, old), *done.said), done)


def _say_ended(session: Session, old: list[Device]) -> FilledSentences:
    """Return for each key that was to be ended whether it is, with the command for one that is not."""
    now = session.store.vault.journal.chain.devices
    return tuple(
        (OLD_KEY_ENDED if now[one.code].ended else OLD_KEY_NOT_ENDED, {"staff": one.staff, "device": one.code})
        for one in old
    )


def opens_files(session: Session, roles: Collection[str]) -> bool:
    """Whether one of the roles opens clients' files: by the list where roles decide, else by the rulebook."""
    now = session.store.vault.journal.chain.readership
    readers = now.roles_for(FILE_PART) if now.is_by_role else session.rulebook.readers_by_part[FILE_PART]
    return not {*roles}.isdisjoint(readers)
