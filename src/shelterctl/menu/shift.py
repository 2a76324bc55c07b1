"""The shift in the menu: the handover that waits for the person who sits down, confirmed by one key; the page of today;
and a new handover, with the day and the names of those who are here filled in.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from shelterctl.act.entry_act import do_entry_act
from shelterctl.act.input import Input
from shelterctl.act.permission import refuse_tasks
from shelterctl.act.register_months import months_around
from shelterctl.cli import today
from shelterctl.cli.options import Ctx, session_of
from shelterctl.core.finding import Outcome
from shelterctl.core.manual.role import Task, act_of_entry
from shelterctl.core.record.client import Registered
from shelterctl.language import Sentence, speak_of
from shelterctl.menu.house import WHICH_HOUSE
from shelterctl.prompts import add
from shelterctl.session import Session
from shelterctl.terminal.questions import choose_option
from shelterctl.terminal.screen import clear_screen, print_lines, print_sentence, sentence_text
from shelterctl.ui_language import N_
from shelterctl.view.handover import NOTE_FIELD, Handover, NoteKind, find_handover, find_note_kind
from shelterctl.view.medicine import list_medicine_tracks
from shelterctl.view.on_duty import list_duties
from shelterctl.view.today import HOUSE_HOME, opens_house_registers
from shelterctl.view.today_page import handover_text

HANDOVER_FOR_YOU = N_("A handover waits for you:")
HAVE_YOU_READ_IT = N_("Have you read it? Enter: later.")
I_HAVE_READ_IT = N_("I have read it")
WRITE_NEW_HANDOVER = N_("write a handover for the next shift")
TODAY_ON_ONE_PAGE = N_("today on one page: who is here, medicine, what is due")
TODAY_WITHOUT_MEDICINE = N_("today on one page: who is here, what is due")
PRINT_GUARDS_PAGE = N_("print the page for the guard: who sleeps here, by number and room")
SHIFT_WHAT = N_("The shift: what would you like to do? Enter goes back.")


def show_waiting_handovers(session: Session) -> None:
    """Show each handover that waits for the person who sits down, and confirm it if she says that she has read it."""
    for one in _find_handovers(session):
        if one.waits and _may_confirm(session, one.kind):
            clear_screen()
            print_sentence(HANDOVER_FOR_YOU, bold=True)
            _print_handover(one)
            if choose_option(HAVE_YOU_READ_IT, [(I_HAVE_READ_IT, {})]) == 0:
                _confirm(session, one)


def open_shift(ctx: Ctx) -> Outcome | None:
    """Show the last handover of each house, and open the page of today, confirm the handover or write a new one."""
    session = session_of(ctx)
    clear_screen()
    notes = _find_handovers(session)
    for one in notes:
        _print_handover(one)
    kind = find_note_kind(session.rulebook)
    has_medicine = any(list_medicine_tracks(session.rulebook))
    page = TODAY_ON_ONE_PAGE if has_medicine else TODAY_WITHOUT_MEDICINE
    lines: list[tuple[Sentence, Callable[[], Outcome | None]]] = [(page, partial(today.today, ctx))]
    if kind and opens_house_registers(session) and not refuse_tasks(session, [Task(kind.track.name, False)]):
        lines.append((WRITE_NEW_HANDOVER, partial(_write, session, kind)))
    if kind and _may_confirm(session, kind):
        lines += [(I_HAVE_READ_IT, partial(_confirm, session, one)) for one in notes if one.waits]
    lines.append((PRINT_GUARDS_PAGE, partial(_print_guards_page, ctx)))
    chosen = choose_option(SHIFT_WHAT, [(label, {}) for label, _ in lines])
    return None if chosen is None else lines[chosen][1]()


def _print_guards_page(ctx: Ctx) -> Outcome | None:
    """Print who sleeps here by number and room into a file that is asked for."""
    from shelterctl.cli.house import house  # noqa: PLC0415 - loaded only when its line is chosen
    from shelterctl.prompts.output_path import ask_output_path  # noqa: PLC0415 - loaded only when its line is chosen

    session = session_of(ctx)
    to = ask_output_path(session, f"shelterctl-guard-{session.today.isoformat()}", None)
    return house(ctx, listed=True, out=to.out) if to else None


def _choose_house(session: Session) -> str | None:
    houses = [str(code) for code in session.store.shelter.value["facilities"]]
    if len(houses) == 1:
        return houses[0]
    chosen = choose_option(WHICH_HOUSE, [("{what}", {"what": each}) for each in houses])
    return None if chosen is None else houses[chosen]


def _find_handovers(session: Session) -> list[Handover]:
    kind = find_note_kind(session.rulebook)
    if kind is None or not opens_house_registers(session):
        return []
    houses = [str(code) for code in session.store.shelter.value["facilities"]]
    records = session.store.home_registers.records(HOUSE_HOME, houses, months_around(session.today))
    found = [one for house in records if (one := find_handover(kind, house, session))]
    speak_of(None)
    return found


def _may_confirm(session: Session, kind: NoteKind) -> bool:
    return not refuse_tasks(session, [Task(act_of_entry(kind.name, kind.track.name), True)])


def _print_handover(one: Handover) -> None:
    print_lines([sentence_text(*line) for line in handover_text(one, named=True)], indent="  ")


def _confirm(session: Session, one: Handover) -> Outcome:
    """Record that the person at this computer has read a handover."""
    return do_entry_act(session, one.house, one.kind.track, one.kind.name, Input({}, (), None), one.entry)


def _write(session: Session, kind: NoteKind) -> Outcome | None:
    """Write a new handover: the day, the writer and who is on duty are filled in, and can be changed before saving."""
    house = _choose_house(session)
    if house is None:
        return None
    record = next(iter(session.store.home_registers.records(HOUSE_HOME, [house], months_around(session.today))))
    return add.ask_entry(
        session, house, kind.track, only=(NOTE_FIELD,), begin=_prefilled(session, kind, record, session.moment)
    )


def _prefilled(session: Session, kind: NoteKind, house: Registered, now: datetime) -> Mapping[str, Any]:
    here = [code for duty in list_duties(session.rulebook, house, now) if not duty.is_next for code in duty.staff]
    facts: dict[str, Any] = {name: answers[0] for name, answers in kind.act.when.items()}
    own = {"on": session.today.isoformat(), "by": session.staff, "present": [*dict.fromkeys((session.staff, *here))]}
    return facts | {name: said for name, said in own.items() if name in kind.track.fields}
