"""Three lines of the menu that end access: a computer is missing, a member of staff leaves, the recovery paper is lost
or was seen. Each first shows whom to call.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from shelterctl.cli.options import Ctx, session_of
from shelterctl.core.finding import FilledSentence, Outcome
from shelterctl.errors import ShelterError
from shelterctl.explain import codes, page
from shelterctl.questionnaire import read_offers
from shelterctl.session import Session
from shelterctl.terminal.questions import ask_line, choose_option, confirm
from shelterctl.terminal.screen import clear_screen, print_sentence, show_paged
from shelterctl.typed.dates import read_typed_day
from shelterctl.ui_language import N_
from shelterctl.view import revocation, trust

WHICH_COMPUTER = N_("Which computer is missing? Enter goes back.")
COMPUTER_LINE = N_("{device} · {whose} · last wrote on {last}")
UNUSED_COMPUTER_LINE = N_("{device} · {whose} · has written nothing")
THIS_COMPUTER_LINE = N_("{device} · {whose} · the computer you are using")
WHAT_HAPPENED_TO_IT = N_("What happened to it? Enter goes back.")
COMPUTER_LOST = N_("it was lost or stolen")
COMPUTER_GIVEN_AWAY = N_("it was given back, given away, or is broken")
WHO_LEAVES = N_("Who is leaving? Enter goes back.")
PERSON_LINE = N_("{who}")
LAST_DAY_QUESTION = N_("What is the last day of work? Enter: today.")
COMPUTER_STAYS_QUESTION = N_("Does the computer {device} stay in the house, for others to use?")


def end_computer(ctx: Ctx) -> Outcome | None:
    """Shut out a computer that is lost, stolen or given away: the call, the choice, the consequences, then the act."""
    from shelterctl.prompts.device import ask_device_end  # noqa: PLC0415 - loaded only when its line is chosen

    session = session_of(ctx)
    show_paged(revocation.first_call_lines(session, "device"))
    rows = [row for row in trust.device_rows(session) if row["state"] != "ended"]
    clear_screen()
    chosen = choose_option(WHICH_COMPUTER, _computer_lines(session, rows))
    if (
        chosen is None
        or (how := choose_option(WHAT_HAPPENED_TO_IT, [(COMPUTER_LOST, {}), (COMPUTER_GIVEN_AWAY, {})])) is None
    ):
        return None
    clear_screen()
    why = "lost" if how == 0 else "left"
    return ask_device_end(session, rows[chosen]["device"], why, None, None, check=False)


def _computer_lines(session: Session, rows: list[dict[str, Any]]) -> list[FilledSentence]:
    """Return a line for each computer: its code, its owner, and when it last wrote."""
    names: Mapping[Any, Any] = {}
    with suppress(ShelterError):  # without names the lines show codes
        names = read_offers(session)["staff"]
    return [
        (
            THIS_COMPUTER_LINE if row["state"] == "here" else COMPUTER_LINE if row["last"] else UNUSED_COMPUTER_LINE,
            {"device": row["device"], "whose": names.get(row["staff"], row["staff"]), "last": row["last"] or ""},
        )
        for row in rows
    ]


def end_leaver(ctx: Ctx) -> Outcome | None:
    """End the access of a member of staff: the call, who leaves, the last day, the computers that
    stay, then the act.
    """
    from shelterctl.cli.register import end_staff  # noqa: PLC0415 - loaded only when its line is chosen

    session = session_of(ctx)
    show_paged(revocation.first_call_lines(session, "staff"))
    staff = read_offers(session)["staff"]
    clear_screen()
    chosen = choose_option(WHO_LEAVES, [(PERSON_LINE, {"who": text}) for text in staff.values()])
    if chosen is None:
        return None
    code, day = list(staff)[chosen], _ask_last_day(session)
    shared = [row["device"] for row in trust.device_rows(session) if row["staff"] == code and _is_shared(session, row)]
    kept = [device for device in shared if confirm(COMPUTER_STAYS_QUESTION, {"device": device})]
    clear_screen()
    return end_staff(ctx, code, on=day, keep=kept, check=False)


def _is_shared(session: Session, row: Mapping[str, Any]) -> bool:
    """Whether a key in force is that of a computer, so that it may stay for others to use."""
    chain = session.store.vault.journal.chain
    return row["state"] == "in_force" and not chain.readership.is_own_key(chain.devices[row["device"]])


def _ask_last_day(session: Session) -> str:
    """Return the last day of work, asked until it is a day not after today; today if nothing is typed."""
    from shelterctl.act.staff_end import LAST_DAY_TO_COME  # noqa: PLC0415 - loaded only when its line is chosen

    print_sentence(LAST_DAY_QUESTION, bold=True)
    while words := ask_line():
        read = read_typed_day(words, session.clock)
        if isinstance(read, str) and read <= session.today.isoformat():
            return read
        wrong = (LAST_DAY_TO_COME, {"on": read}) if isinstance(read, str) else (read.sentence, read.facts)
        print_sentence(*wrong, indent="  ! ")
    return session.today.isoformat()


def replace_recovery_paper(ctx: Ctx) -> Outcome | None:
    """Replace a recovery paper that is lost or was seen: the call, then a new paper."""
    from shelterctl.prompts.recovery import ask_renewal  # noqa: PLC0415 - loaded only when its line is chosen

    session = session_of(ctx)
    show_paged(revocation.first_call_lines(session, "paper"))
    clear_screen()
    return ask_renewal(session, None, only_said=False)


END_ACCESS_SCENES: Mapping[str, Callable[[Ctx], Outcome | None]] = {
    "computer that is gone": end_computer,
    "somebody who leaves": end_leaver,
    "paper that is gone": replace_recovery_paper,
}
"""The functions of this module by the glossary word that explains each, with all its synonyms."""


def find_scene(words: str) -> Callable[[Ctx], Outcome | None] | None:
    """Return the function for words that a person typed in need, or None if they mean none of these."""
    called = {
        page.normalize_name(other): name for other, name in codes.glossary_synonyms() if name in END_ACCESS_SCENES
    }
    name = called.get(page.normalize_name(words))
    return END_ACCESS_SCENES[name] if name else None
