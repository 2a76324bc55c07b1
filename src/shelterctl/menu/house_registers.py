"""The menu of a house's registers: write down a visitor, a call, an incident, a shift; read, correct and strike out
what is written; do an act such as permitting a visit; and who is on duty now. The rulebook's tracks make its lines.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from shelterctl.act.input import Input
from shelterctl.act.permission import opens_client_files, refuse_tasks
from shelterctl.act.publish import judge_publisher
from shelterctl.act.register_months import months_around
from shelterctl.act.register_record import note_on_readers, visible_subject
from shelterctl.cli import show
from shelterctl.cli import void as void_command
from shelterctl.cli.options import Ctx, session_of
from shelterctl.core.finding import FilledSentence, Outcome
from shelterctl.core.manual.role import Task, act_of_entry
from shelterctl.core.manual.track import MONTH_REPORT, Track
from shelterctl.core.record.client import Client, read_subject
from shelterctl.core.record.entries import Entry
from shelterctl.core.record.file_tree import UNFINISHED_KEY
from shelterctl.core.values.written_days import format_as_typed
from shelterctl.language import Sentence, TwoSentences, format_sentence, speak_of
from shelterctl.menu.action import MenuLine, run_actions, show_commands
from shelterctl.menu.house import WHICH_HOUSE
from shelterctl.prompts import add, entry_act, help
from shelterctl.prompts.checklist import WANTED_ANSWERS_WAIT
from shelterctl.prompts.unfinished import GO_ON_WITH_ANSWERS, name_without_number
from shelterctl.session import Session
from shelterctl.terminal.questions import choose_option, choose_or_type
from shelterctl.terminal.screen import clear_screen, print_lines, print_sentence, screen_language, set_screen_title
from shelterctl.trust.readership import REGISTER_PARTS
from shelterctl.ui_language import N_, SCREEN_LANGUAGES
from shelterctl.view.client import unfinished_paper_name
from shelterctl.view.on_duty import list_duties, list_duty_tracks, on_duty_lines
from shelterctl.view.record import describe_entry

HOME = "house"
"""The home of the registers that this menu opens."""

ROW = entry_act.WRITE_TRACK_ROW
REGISTERS_QUESTION = N_("{house}: what would you like to do? Enter goes back.")
WRITE_DOWN_ENTRY = N_("write down {what}")
DO_ACT = N_("{act} ({what})")
DO_ACT_WITH_OBJECT = N_("{act}")
READ_ENTRIES = N_("read what is written")
READ_WHICH = N_("What would you like to read? Enter goes back.")
READ_OTHER_MONTH = N_("of another month")
REPORTS_OF_MONTH = N_("the reports of the month: read, print, close")
PUBLISH_TABLES = N_("tables for people outside: publish, see what was published")
PRINT_ENTRIES = N_("print what is written in a month")
PRINT_WHICH = N_("Which register do you want to print? Enter goes back.")
READ_WHICH_MONTH = N_("Of which month? Enter goes back.")
NOTHING_WRITTEN_YET = N_("Nothing is written yet.")
NOTHING_IN_OTHER_MONTHS = N_("Nothing is written in other months.")
CHANGE_ENTRY = N_("correct an entry, fill it in, or strike it out")
CHANGE_WHICH_KIND = N_("Which kind of entry? Enter goes back.")
CHANGE_WHICH_ENTRY = N_("{what}: which entry? Enter goes back.")
CHANGE_HOW = N_("{what}, {on}: what would you like to do? Enter goes back.")
STRIKE_OUT = N_("strike it out")
NOTHING_TO_CHANGE = N_("Nothing is written for this month and the last one.")
ACT_HAS_NO_ENTRY = N_("There is no entry with which you can do this.")
ON_DUTY_NOW = N_("On duty now:")
NOBODY_ON_DUTY = N_("By the shifts that are written down, nobody is on duty now.")


OFFERED_ENTRIES = 12
"""The number of entries from which one is chosen; an older one can be named with the command."""

HouseAct = Callable[[Ctx, str], Outcome | None]
"""The act of a line in one house."""


def opens_registers(session: Session) -> bool:
    """Whether the role of the person at this computer opens the registers of houses."""
    return session.store.vault.opens(REGISTER_PARTS[f"registers/{HOME}"])


def open_registers(ctx: Ctx) -> Outcome | None:
    """Show the page of a house, chosen if there are several, and run what is chosen, until the person goes back."""
    session = session_of(ctx)
    house, head = _choose_house(session), session.header
    try:
        while house is not None and (chosen := _choose_line(session, house)) is not None:
            run_actions(ctx, chosen.run)
    finally:
        speak_of(None)
        set_screen_title(head)
    return None


def _choose_house(session: Session) -> str | None:
    houses = list(session.store.shelter.value["facilities"])
    if len(houses) == 1:
        return str(houses[0])
    chosen = choose_option(WHICH_HOUSE, [(ROW, {"what": each}) for each in houses])
    return None if chosen is None else str(houses[chosen])


def _choose_line(session: Session, house: str) -> MenuLine | None:
    session.reopen()
    clear_screen()
    lines = (*register_lines(session, house), *unfinished_lines(session, house))
    print_on_duty(session, house)
    chosen = choose_or_type(
        REGISTERS_QUESTION,
        [(each.label, {}) for each in lines],
        {"house": house},
        explain=lambda: show_commands(lines),
        not_moves=help.HELP_WORDS,
        accepts=help.is_help_asked,
    )
    if isinstance(chosen, str):
        return MenuLine("", "", lambda ctx, words=chosen: help.read_help(session_of(ctx), words))
    return None if chosen is None else lines[chosen]


def register_lines(session: Session, house: str | None = None) -> tuple[MenuLine, ...]:
    """Return the lines for what this person may record, read and do in a house; without one it is asked for."""
    listed, known = tracks_by_group(session), session.rulebook.tracks
    tracks = [track for track in listed if not known.serves(track.name, MONTH_REPORT)]  # it has a page
    whom = house or "HOUSE"
    writes = [
        _line(
            house, (WRITE_DOWN_ENTRY, {"what": track.offered}), f"add {whom} {track.name}", partial(_write, track=track)
        )
        for track in tracks
        if not refuse_tasks(session, [Task(track.name, False)])
    ]
    acts = [
        _line(
            house, (DO_ACT_WITH_OBJECT if act.names_object else DO_ACT, {"act": act.text, "what": track.text}),
            f"{name} {whom} {track.name}",
            partial(_do_act, track=track, name=name),
        )
        for track in tracks
        for name, act in track.entry_acts.items()
        if not refuse_tasks(session, [Task(act_of_entry(name, track.name), True)])
    ]  # fmt: skip
    change = [_line(house, (CHANGE_ENTRY, {}), f"add {whom} TRACK ENTRY", _change)] if writes else []
    reports = [_line(house, (REPORTS_OF_MONTH, {}), "report --month last", _open_reports)]
    reports = reports if opens_client_files(session) else []
    if session.rulebook.plans and not judge_publisher(session):
        reports.append(_line(house, (PUBLISH_TABLES, {}), "publish PLAN", _open_publications))
    read = _line(house, (READ_ENTRIES, {}), f"show {whom} TRACK", _read)
    return (
        *writes,
        *acts,
        read,
        *change,
        _line(house, (PRINT_ENTRIES, {}), f"form TRACK {whom} --month MONTH", _print),
        *reports,
    )


def tracks_by_group(session: Session) -> Iterator[Track]:
    """Yield the tracks of houses in the order of their groups, then those of no group."""
    own = {track.name: track for track in session.rulebook.tracks_of_homes[HOME]}
    grouped = [name for one in session.rulebook.groups.values() for name in one["tracks"] if name in own]
    yield from (own[name] for name in dict.fromkeys((*grouped, *own)))


def _line(house: str | None, label: FilledSentence, command: str, act: HouseAct) -> MenuLine:
    text = {each: format_sentence(*label, each) for each in SCREEN_LANGUAGES}
    return MenuLine(text, command, partial(_run_in_house, house=house, act=act))


def _run_in_house(ctx: Ctx, house: str | None, act: HouseAct) -> Outcome | None:
    session = session_of(ctx)
    chosen = house or _choose_house(session)
    clear_screen()
    return act(ctx, chosen) if chosen else None  # what it says is printed later, and still speaks of the register


def print_on_duty(session: Session, house: str) -> None:
    """Print who is on duty in a house now, by the shifts that are written down, and what this person began and did not
    write down.
    """
    near = _read_house(session, house)
    if any(list_duty_tracks(session.rulebook)):
        here = [one for one in list_duties(session.rulebook, near, session.moment) if not one.is_next]
        lines = on_duty_lines(here, session.moment, screen_language())
        print_sentence(ON_DUTY_NOW if lines else NOBODY_ON_DUTY, bold=bool(lines))
        print_lines(lines, indent="  ")
    begun = dict.fromkeys(name.partition(" ")[0] for name in near.facts.get(UNFINISHED_KEY) or {})
    if begun:
        waiting = [unfinished_paper_name(session.rulebook, name) for name in begun]
        print_sentence(WANTED_ANSWERS_WAIT, {"what": waiting}, bold=True)


def _read_house(session: Session, house: str) -> Client:
    """Return what is written about a house in this month, the one before and the next; nothing sealed is opened."""
    _, held = session.store.subject(house, months_around(session.today))
    speak_of(None)
    return read_subject(held.value)


def unfinished_lines(session: Session, house: str) -> Iterator[MenuLine]:
    """Yield a line for each paper of a house with answers of this person that are not written down yet; one for all new
    entries of a kind.
    """
    begun = _read_house(session, house).facts.get(UNFINISHED_KEY) or {}
    for name in dict.fromkeys(map(name_without_number, begun)):
        track, *rest = name.split()
        entry, act = (*rest, None, None)[:2]
        if track in session.rulebook.track_names:
            said: Sentence = unfinished_paper_name(session.rulebook, name)
            if act:
                said = TwoSentences(said, TwoSentences("–", session.rulebook.tracks[track].entry_acts[act].text))
            command = f"{act} {house} {track} {entry}" if act else f"add {house} {name}"
            goes_on = partial(_go_on, track=track, entry=entry, act=act)
            yield MenuLine(TwoSentences(GO_ON_WITH_ANSWERS, said), command, partial(goes_on, house=house))


def _go_on(ctx: Ctx, house: str, track: str, entry: str | None, act: str | None) -> Outcome | None:
    """Go on with an entry, or with an act on one, whose answers are kept."""
    session = session_of(ctx)
    of = session.rulebook.tracks[track]
    if act:
        return entry_act.ask_act(session, house, of, act, Input({}, (), None), entry)
    return add.ask_entry(session, house, of, entry, page=True)


def _write(ctx: Ctx, house: str, track: Track) -> Outcome | None:
    """Write down a new entry."""
    return add.ask_entry(session_of(ctx), house, track)


def _do_act(ctx: Ctx, house: str, track: Track, name: str) -> Outcome | None:
    """Do an act on an entry, chosen if it can be done to several."""
    session = session_of(ctx)
    if not entry_act.list_entries_for_act(session, house, track, name):
        return Outcome(said=((ACT_HAS_NO_ENTRY, {}), *note_on_readers(session, track)))
    return entry_act.ask_act(session, house, track, name, Input({}, (), None), None)


def _newest(session: Session, house: str, track: Track) -> list[Entry]:
    """Return the entries of this month, the one before and the next that this person may see, the newest first."""
    _, held = session.store.subject(house, months_around(session.today))
    return entry_act.newest_entries(track, visible_subject(session, held, track))


def _entry_rows(session: Session, entries: Sequence[Entry]) -> Iterator[FilledSentence]:
    for each in entries:
        yield entry_act.ACT_ENTRY_CHOICE, describe_entry(session.rulebook, each.where, each.written)


def _change(ctx: Ctx, house: str) -> Outcome | None:
    """Correct an entry of the last months, fill it in, do an act on it, or strike it out, as it is chosen."""
    session = session_of(ctx)
    tracks = [track for track in tracks_by_group(session) if not refuse_tasks(session, [Task(track.name, False)])]
    entries = {track.name: _newest(session, house, track)[:OFFERED_ENTRIES] for track in tracks}
    tracks = [track for track in tracks if entries[track.name]]
    if not tracks:
        return Outcome(said=((NOTHING_TO_CHANGE, {}),))
    track = _choose_track(CHANGE_WHICH_KIND, tracks)
    if track is None:
        return None
    rows = [*_entry_rows(session, entries[track.name])]
    chosen = choose_option(CHANGE_WHICH_ENTRY, rows, {"what": track.offered})
    return None if chosen is None else _change_entry(ctx, house, track, entries[track.name][chosen])


def _change_entry(ctx: Ctx, house: str, track: Track, entry: Entry) -> Outcome | None:
    session = session_of(ctx)
    said, id_ = describe_entry(session.rulebook, entry.where, entry.written), str(entry.written["id"])
    *acts, fill_in = entry_act.entry_options(session, house, track, entry)
    strike: tuple[FilledSentence, Callable[[], Outcome]] = (STRIKE_OUT, {}), partial(void_command.void, ctx, house, id_)
    options = [fill_in, strike, *acts]  # what every entry has comes first, so that its number is always the same
    chosen = choose_option(CHANGE_HOW, [head for head, _ in options], said)
    return None if chosen is None else options[chosen][1]()


def _choose_track(title: Sentence, tracks: Sequence[Track]) -> Track | None:
    if len(tracks) == 1:
        return tracks[0]
    chosen = choose_option(title, [(ROW, {"what": track.offered}) for track in tracks])
    return None if chosen is None else tracks[chosen]


def _read(ctx: Ctx, house: str) -> Outcome | None:
    """Show the entries of one kind of this month, or of another one that is chosen."""
    session = session_of(ctx)
    tracks = [*tracks_by_group(session)]
    rows: list[FilledSentence] = [(ROW, {"what": track.offered}) for track in tracks]
    chosen = choose_option(READ_WHICH, [*rows, (READ_OTHER_MONTH, {})])
    if chosen is None:
        return None
    if chosen < len(tracks):
        return show.show(ctx, house, tracks[chosen].name, month=f"{session.today:%Y-%m}")
    months = [one for one in _months_written(session) if one != f"{session.today:%Y-%m}"]
    if not months:
        return Outcome(said=((NOTHING_IN_OTHER_MONTHS, {}),))
    found = _choose_month(months)
    track = None if found is None else _choose_track(READ_WHICH, tracks)
    return None if track is None else show.show(ctx, house, track.name, month=found)


def _open_reports(ctx: Ctx, house: str) -> Outcome | None:
    """Show the reports of the months of a house."""
    from shelterctl.menu.reports import open_reports  # noqa: PLC0415 - loaded only when its line is chosen

    return open_reports(ctx, house)


def _open_publications(ctx: Ctx, house: str) -> Outcome | None:
    """Publish tables for people outside, of this house or of all, and show what was published."""
    from shelterctl.menu.publications import open_publications  # noqa: PLC0415 - loaded only when its line is chosen

    return open_publications(ctx, house)


def _print(ctx: Ctx, house: str) -> Outcome | None:
    """Print the entries of one kind of a month that is chosen."""
    from shelterctl.paper.request import printable_tracks  # noqa: PLC0415 - loads the code that makes PDFs
    from shelterctl.prompts import printing  # noqa: PLC0415 - loads the code that makes PDFs

    session = session_of(ctx)
    printable = {track.name for track in printable_tracks(session.rulebook)}
    track = _choose_track(PRINT_WHICH, [track for track in tracks_by_group(session) if track.name in printable])
    months = _months_written(session)
    if track is None or not months:
        return None if track is None else Outcome(said=((NOTHING_WRITTEN_YET, {}),))
    month = _choose_month(months)
    said = printing.print_register(session, track, house, month) if month else ()
    return Outcome(said=said) if said else None


def _choose_month(months: Sequence[str]) -> str | None:
    rows: list[FilledSentence] = [(ROW, {"what": format_as_typed(one, screen_language())}) for one in months]
    chosen = choose_option(READ_WHICH_MONTH, rows)
    return None if chosen is None else months[chosen]


def _months_written(session: Session) -> list[str]:
    """Return the months of which anything is written about a house, the newest first, as many as are offered."""
    files = session.store.home_registers.files_of(HOME)
    return sorted({one.month for one in files}, reverse=True)[:OFFERED_ENTRIES]
