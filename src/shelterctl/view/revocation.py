"""The sentences for the day on which a computer, a member of staff or a recovery paper is shut out of a store: whom to
call first, what cannot be undone, what ends, what still opens, and what to change elsewhere.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal, NamedTuple

from shelterctl.act.permission import NO_ROLE
from shelterctl.act.staff_end import Departure
from shelterctl.core.finding import FilledSentence, FilledSentences, Outcome
from shelterctl.custody.safeguards import list_backup_places, read_noted_backups
from shelterctl.errors import ShelterError
from shelterctl.language import LabelledCode, Sentence
from shelterctl.session import Session
from shelterctl.terminal.screen import escape_controls, sentence_text
from shelterctl.trust.chain_state import Chain
from shelterctl.ui_language import N_

ShutOutKind = Literal["device", "key", "staff", "paper"]
"""A kind of access that ends: of a computer, of one person's own key, of a member of staff, or of a recovery paper."""

_FIRST_CALL_ABOUT_KEY = N_(
    "Before anything else, call the NGO Coordinator of {issuer} and the manager of the house. Nobody will be "
    "blamed; keeping silent does harm. Warn and move everyone in danger before you type anything here."
)

FIRST_CALL: Mapping[ShutOutKind, Sentence] = {
    "device": _FIRST_CALL_ABOUT_KEY,
    "key": _FIRST_CALL_ABOUT_KEY,
    "staff": N_(
        "Before anything else, call the manager of the house and the NGO Coordinator of {issuer}: today they must "
        "know who leaves, and who takes over the clients."
    ),
    "paper": N_(
        "Before anything else, call the NGO Coordinator of {issuer}, who keeps the recovery paper: is it there, "
        "and who could have seen it? Nobody will be blamed; keeping silent does harm."
    ),
}
NGO_PHONES = N_("Telephones of partner NGOs:")
NGO_PHONE = N_("{name}: {phone}")
NO_NGO_PHONE = N_(
    "No telephone of an NGO is registered. Look the numbers up on paper, and register them afterwards in the "
    "menu, under the partner NGOs."
)
NGO_PHONES_DO_NOT_OPEN = N_("The registered telephones do not open on this computer. Look the numbers up on paper.")


def first_call_sentence(session: Session, who: ShutOutKind) -> FilledSentences:
    """Return the sentence on whom to call first; the menu has already shown it with the telephone numbers."""
    return () if session.in_menu else ((FIRST_CALL[who], {}),)


def first_call_lines(session: Session, who: ShutOutKind) -> list[str]:
    """Return the page on whom to call first, with telephone numbers: only for a screen that is cleared when it is
    left.
    """
    try:
        numbers = list(_phone_lines(session.store.ngos))
        known = NGO_PHONES if numbers else NO_NGO_PHONE
    except ShelterError:  # the call must be made even if the directory is damaged or does not open
        numbers, known = [], NGO_PHONES_DO_NOT_OPEN
    return [sentence_text(FIRST_CALL[who]), "", sentence_text(known), *(f"  {line}" for line in numbers)]


def _phone_lines(ngos: Mapping[str, Any]) -> Iterator[str]:
    for code, entry in sorted(ngos.items()):
        if entry.get("phone"):
            facts = {"name": entry.get("name") or code, "phone": entry["phone"]}
            yield escape_controls(sentence_text(NGO_PHONE, facts))


CANNOT_BE_TAKEN_BACK = N_(
    "What cannot be undone: since {since} all of this could be read: every file as it is now (clients: "
    "{clients}); names, addresses and telephones of the house; codes of the sheets printed until now."
)
OLD_PAPER_COULD_READ = N_(
    "Since {since} the old paper, together with the folder or a backup, could open everything: every file as "
    "it is now (clients: {clients}); names, addresses and telephones of the house. It could also admit a "
    "computer."
)
KEY_COULD_READ = N_(
    "What cannot be undone: since {since} this key could open what these roles read: {roles} (clients now: {clients}). "
    "Before roles decided here, the key of a computer opened every file of the house."
)
KEY_OPENED_NOTHING = N_("Roles do not decide here yet, so this key has opened nothing.")
ENDS_FROM_NOW_ON: Mapping[ShutOutKind, Sentence] = {
    "device": N_("What ends: that computer cannot open anything saved here from now on, and nothing it writes counts."),
    "key": N_(
        "What ends: that key cannot open anything saved here from now on, and nothing that is written with it counts."
    ),
    "staff": N_(
        "What ends: those computers cannot open anything saved here from now on, and nothing they write counts."
    ),
    "paper": N_("What ends: the old paper cannot open anything saved here from now on, and cannot admit a computer."),
}
OLD_BACKUPS_STILL_OPEN = N_("What still opens: every earlier backup, wherever it is, until it is erased.")
KNOWN_OLD_BACKUPS = N_("Earlier backups known to this computer: {count} ({folders}).")
CHANGE_OUTSIDE_TODAY = N_(
    "Change these today, outside the program: addresses of houses that may be known, telephone numbers, code "
    "words, the passphrase, and who may open the folder if it is shared."
)

CHECK_ASKED_NOTHING_WRITTEN = N_("Nothing was written, because of --check.")


class Consequences(NamedTuple):
    """The consequences of shutting somebody out: as sentences for a person, and as data for a program."""

    said: FilledSentences
    data: Mapping[str, Any]


def shut_out_consequences(session: Session, who: ShutOutKind, keys: Collection[str]) -> Consequences:
    """Return the consequences when these *keys* (age recipients) may no longer read; *who* says whose keys they
    were.
    """
    store = session.store
    chain = store.vault.journal.chain
    facts = {"since": _readable_since(chain, keys), "clients": sum(1 for _ in store.ids())}
    opened = [
        one
        for one in read_noted_backups(session)
        if one.mark in chain.readers and {*keys} & {*chain.readers[one.mark].everyone}
    ]
    folders = list_backup_places(opened)
    said: FilledSentences = (
        _what_was_open(session, who, keys, facts),
        (ENDS_FROM_NOW_ON[who], {}),
        (OLD_BACKUPS_STILL_OPEN, {}),
        *(((KNOWN_OLD_BACKUPS, {"count": len(opened), "folders": folders}),) if opened else ()),
        (CHANGE_OUTSIDE_TODAY, {}),
    )
    return Consequences(said, {**facts, "backups": [one.folder for one in opened]})


def _what_was_open(
    session: Session, who: ShutOutKind, keys: Collection[str], facts: Mapping[str, Any]
) -> FilledSentence:
    """Return the sentence on what was open to some *keys*: everything, or what the roles of a person read."""
    chain = session.store.vault.journal.chain
    if who == "paper":
        return OLD_PAPER_COULD_READ, facts
    if who != "key":
        return CANNOT_BE_TAKEN_BACK, facts
    if not chain.readership.is_by_role:
        return KEY_OPENED_NOTHING, {}
    roles = {role for one in chain.devices.values() if one.age in keys for role in chain.readership.roles_of(one.staff)}
    return KEY_COULD_READ, {**facts, "roles": _role_texts(session, sorted(roles)) or [NO_ROLE]}


def _role_texts(session: Session, roles: Iterable[str]) -> list[LabelledCode]:
    names = session.rulebook.lists["roles"]
    return [LabelledCode(role, names.get(role, {"en": role})) for role in roles]


def answer_shut_out(
    session: Session, data: Mapping[str, Any], said: FilledSentences, done: Outcome | None = None
) -> Outcome:
    """Return the answer of a command that shuts somebody out; *done* is the outcome of what it did.

    A program gets the data beside the sentences; a person gets the sentences, which say the whole of it.
    """
    done = done or Outcome()
    return replace(
        done, data={**data, **done.data}, said=said if session.json else (), prose=() if session.json else said
    )


def _readable_since(chain: Chain, keys: Collection[str]) -> str:
    """Return the first day on which one of these keys could read the store."""
    days = [device.since for device in chain.devices.values() if device.age in keys]
    return min([*days, *([chain.paper_since] if chain.paper[0] in keys else [])], default=chain.begun_on)


STAFF_WORKED_HERE = N_("{staff} worked here from {since} until {until}.")
STAFF_COULD_READ = N_(
    "What cannot be undone: in that time the holder of the code {staff} could read every file of the house "
    "(clients now: {clients}), and all names, addresses and telephones."
)
STAFF_COULD_READ_BY_ROLE = N_(
    "What cannot be undone: in that time the holder of the code {staff} could read what these roles read: {roles} "
    "(clients now: {clients}). Before roles decided here, that was every file of the house."
)
STAFF_CODE_ENDS = N_(
    "From {on} the code {staff} is no longer offered, and nothing can be written with it. Earlier entries stay valid."
)
COMPUTERS_ARE_SHUT_OUT = N_("These computers are shut out: {devices}.")
KEYS_ARE_SHUT_OUT = N_("These keys of {staff} are shut out: {devices}.")
KEYS_END = N_(
    "What ends: {staff} cannot open anything saved here from now on, and nothing more that is written counts."
)
COMPUTERS_STAY = N_("These computers stay: {devices}.")
CHANGE_SHARED_PASSPHRASE = N_(
    "{staff} may know the passphrase of a computer that others use too. Change it today on each computer "
    "that stays: shelterctl passphrase. Earlier copies of the key file still open with the old one: erase "
    "them."
)
TAKE_BACK_HOUSE_KEYS = N_(
    "Take back the door keys, the telephone, memory sticks and papers, and tell everybody who works here."
)


def departure_consequences(session: Session, who: Departure) -> Consequences:
    """Return the consequences when somebody leaves the staff; a person reads them before it is done and after it."""
    ends, stays = ([one.code for one in each] for each in (who.devices_to_end, who.devices_kept))
    facts: dict[str, Any] = {
        "staff": who.staff,
        "since": who.registered["since"],
        "until": who.last_day,
        "on": who.day_after,
    }
    facts["clients"] = sum(1 for _ in session.store.ids())
    now = session.store.vault.journal.chain.readership
    by_role = now.is_by_role and bool(now.roles_of(who.staff))
    facts["roles"] = _role_texts(session, now.roles_of(who.staff))
    means = shut_out_consequences(session, "staff", [one.age for one in who.devices_to_end])
    # She may have worked longer than her computers could read: STAFF_COULD_READ replaces CANNOT_BE_TAKEN_BACK.
    said = (
        *first_call_sentence(session, "staff"),
        (STAFF_WORKED_HERE, facts),
        (STAFF_COULD_READ_BY_ROLE if by_role else STAFF_COULD_READ, facts),
        (STAFF_CODE_ENDS, facts),
        *(((KEYS_ARE_SHUT_OUT if by_role else COMPUTERS_ARE_SHUT_OUT, {**facts, "devices": ends}),) if ends else ()),
        *(((COMPUTERS_STAY, {"devices": stays}),) if stays else ()),
        *(
            (KEYS_END, facts) if by_role and one[0] == ENDS_FROM_NOW_ON["staff"] else one
            for one in means.said
            if one[0] != CANNOT_BE_TAKEN_BACK and (ends or one[0] != ENDS_FROM_NOW_ON["staff"])
        ),
        (CHANGE_SHARED_PASSPHRASE, facts),
        (TAKE_BACK_HOUSE_KEYS, {}),
    )
    return Consequences(said, {**means.data, "since": who.registered["since"]})
