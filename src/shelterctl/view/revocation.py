"""What a person reads when a computer, a member of staff or a recovery paper is shut out of a store: whom to call
first, what cannot be taken back, what ends, what still opens, and what to change elsewhere.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal, NamedTuple

from shelterctl.act.staff_end import Departure
from shelterctl.core.finding import FilledSentences, Outcome
from shelterctl.custody.safeguards import list_backup_places, read_noted_backups
from shelterctl.errors import ShelterError
from shelterctl.language import Sentence
from shelterctl.session import Session
from shelterctl.terminal.screen import escape_controls, sentence_text
from shelterctl.trust.chain_state import Chain
from shelterctl.ui_language import N_

ShutOutKind = Literal["device", "staff", "paper"]

FIRST_CALL: Mapping[ShutOutKind, Sentence] = {
    "device": N_(
        "First of all call the NGO Coordinator of IOM and the manager of the house. Nobody is blamed; silence is what "
        "harms. Whoever is in danger is moved and warned before anything is typed here."
    ),
    "staff": N_(
        "First of all call the manager of the house and the NGO Coordinator of IOM: today they have to know who "
        "leaves, and who goes on with the clients."
    ),
    "paper": N_(
        "First of all call the NGO Coordinator of IOM, where the recovery paper is kept: whether it is there, and who "
        "could have seen it. Nobody is blamed; silence is what harms."
    ),
}
NGO_PHONES = N_("Telephones of partner NGOs, as they are registered:")
NGO_PHONE = N_("{name}: {phone}")
NO_NGO_PHONE = N_(
    "No telephone of an NGO is registered: look it up on paper. Register them afterwards, for the next time, where the "
    "menu has the partner NGOs."
)
NGO_PHONES_DO_NOT_OPEN = N_("The telephones that the house knows do not open here: look them up on paper.")


def first_call_sentence(session: Session, who: ShutOutKind) -> FilledSentences:
    """The call that comes before anything else; the menu has shown it already, with the numbers."""
    return () if session.in_menu else ((FIRST_CALL[who], {}),)


def first_call_lines(session: Session, who: ShutOutKind) -> list[str]:
    """The page of the call, with telephone numbers: only for a screen that is gone when it is left."""
    try:
        numbers = list(_phone_lines(session.store.ngos))
        known = NGO_PHONES if numbers else NO_NGO_PHONE
    except ShelterError:  # a directory that is damaged, or does not open, is no reason not to call
        numbers, known = [], NGO_PHONES_DO_NOT_OPEN
    return [sentence_text(FIRST_CALL[who]), "", sentence_text(known), *(f"  {line}" for line in numbers)]


def _phone_lines(ngos: Mapping[str, Any]) -> Iterator[str]:
    for code, entry in sorted(ngos.items()):
        if entry.get("phone"):
            facts = {"name": entry.get("name") or code, "phone": entry["phone"]}
            yield escape_controls(sentence_text(NGO_PHONE, facts))


CANNOT_BE_TAKEN_BACK = N_(
    "What cannot be taken back: everything that could be read since {since}: every file as it is now (clients: "
    "{clients}); names, addresses and telephones of the house; codes of sheets printed until now."
)
OLD_PAPER_COULD_READ = N_(
    "Whoever had the old paper since {since}, and the folder or a backup too, could read everything: every file as it "
    "is now (clients: {clients}); names, addresses and telephones of the house. It could admit a computer as well."
)
ENDS_FROM_NOW_ON: Mapping[ShutOutKind, Sentence] = {
    "device": N_(
        "What ends: from now on that computer opens nothing that is saved here, and nothing that it writes counts."
    ),
    "staff": N_(
        "What ends: from now on those computers open nothing that is saved here, and nothing that they write counts."
    ),
    "paper": N_("What ends: from now on the old paper opens nothing that is saved here, and admits no computer."),
}
OLD_BACKUPS_STILL_OPEN = N_("What still opens: every backup from before, wherever it is, until it is erased.")
KNOWN_OLD_BACKUPS = N_("Backups from before that this computer knows of: {count} ({folders}).")
CHANGE_OUTSIDE_TODAY = N_(
    "To be changed outside of the program, today: addresses of houses if they may be known, telephone numbers, code "
    "words, the passphrase, and who may open the folder if it is shared."
)

CHECK_ASKED_NOTHING_WRITTEN = N_("As --check asked, nothing was written.")


class Consequences(NamedTuple):
    """The consequences where somebody is shut out: in sentences for a person, and as data for a program."""

    said: FilledSentences
    data: Mapping[str, Any]


def shut_out_consequences(session: Session, who: ShutOutKind, keys: Collection[str]) -> Consequences:
    """The consequences where these *keys* (age recipients) read no more; *who* had them: a device, staff or a paper."""
    store = session.store
    chain = store.vault.journal.chain
    facts = {"since": _readable_since(chain, keys), "clients": sum(1 for _ in store.ids())}
    opened = [one for one in read_noted_backups(session) if {*keys} & {*chain.readers.get(one.mark, ())}]
    folders = list_backup_places(opened)
    said: FilledSentences = (
        (OLD_PAPER_COULD_READ if who == "paper" else CANNOT_BE_TAKEN_BACK, facts),
        (ENDS_FROM_NOW_ON[who], {}),
        (OLD_BACKUPS_STILL_OPEN, {}),
        *(((KNOWN_OLD_BACKUPS, {"count": len(opened), "folders": folders}),) if opened else ()),
        (CHANGE_OUTSIDE_TODAY, {}),
    )
    return Consequences(said, {**facts, "backups": [one.folder for one in opened]})


def answer_shut_out(
    session: Session, data: Mapping[str, Any], said: FilledSentences, done: Outcome | None = None
) -> Outcome:
    """The answer of a command that shuts somebody out, with what else was *done*.

    A program is given the data beside the sentences, which say all of it to a person.
    """
    done = done or Outcome()
    return replace(
        done, data={**data, **done.data}, said=said if session.json else (), prose=() if session.json else said
    )


def _readable_since(chain: Chain, keys: Collection[str]) -> str:
    """The day from which on one of these keys could read."""
    days = [device.since for device in chain.devices.values() if device.age in keys]
    return min([*days, *([chain.paper_since] if chain.paper[0] in keys else [])], default=chain.begun_on)


STAFF_WORKED_HERE = N_("{staff} worked here from {since} until {until}.")
STAFF_COULD_READ = N_(
    "What cannot be taken back: in that time whoever worked by the code {staff} could read every file of the house "
    "(clients now: {clients}), names, addresses and telephones too."
)
STAFF_CODE_ENDS = N_(
    "From {on} on nothing is written by the code {staff}, and it is offered nowhere. What was written by it before "
    "stands."
)
COMPUTERS_ARE_SHUT_OUT = N_("These computers are shut out: {devices}.")
COMPUTERS_STAY = N_("These computers stay: {devices}.")
CHANGE_SHARED_PASSPHRASE = N_(
    "{staff} may know the passphrase of a computer that others use too. Change it on each that stays, today: "
    "shelterctl passphrase. A copy of the key file that was made before still opens with the old one: erase each copy."
)
TAKE_BACK_HOUSE_KEYS = N_(
    "Take back the keys of the house, the telephone, sticks and papers, and tell everybody who works here."
)


def departure_consequences(session: Session, who: Departure) -> Consequences:
    """The consequences where somebody leaves the staff, as a person reads them before it is done, and after it."""
    ends, stays = ([one.code for one in each] for each in (who.devices_to_end, who.devices_kept))
    facts: dict[str, Any] = {
        "staff": who.staff,
        "since": who.registered["since"],
        "until": who.last_day,
        "on": who.day_after,
    }
    facts["clients"] = sum(1 for _ in session.store.ids())
    means = shut_out_consequences(session, "staff", [one.age for one in who.devices_to_end])
    # How long a computer could read is not how long she could: STAFF_COULD_READ replaces CANNOT_BE_TAKEN_BACK.
    said = (
        *first_call_sentence(session, "staff"),
        (STAFF_WORKED_HERE, facts),
        (STAFF_COULD_READ, facts),
        (STAFF_CODE_ENDS, facts),
        *(((COMPUTERS_ARE_SHUT_OUT, {"devices": ends}),) if ends else ()),
        *(((COMPUTERS_STAY, {"devices": stays}),) if stays else ()),
        *(
            one
            for one in means.said
            if one[0] != CANNOT_BE_TAKEN_BACK and (ends or one[0] != ENDS_FROM_NOW_ON["staff"])
        ),
        (CHANGE_SHARED_PASSPHRASE, facts),
        (TAKE_BACK_HOUSE_KEYS, {}),
    )
    return Consequences(said, {**means.data, "since": who.registered["since"]})
