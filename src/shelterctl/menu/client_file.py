"""The menu of one client's file: the actions on it, and the papers with answers that are not written down yet. The file
stays open until Enter alone goes back.
"""

from collections.abc import Iterator
from functools import partial

from shelterctl.act.due import list_due
from shelterctl.act.input import Input
from shelterctl.act.monitor import MONITORING_REPORT
from shelterctl.act.permission import is_by_role
from shelterctl.act.stay_context import DISCHARGE_ACT
from shelterctl.cli import agreement, discharge, monitor, show, void, who_can_read
from shelterctl.cli.options import Ctx, session_of
from shelterctl.core.finding import FilledSentence, Outcome
from shelterctl.core.manual.track import MONITORING, OUTING, Track
from shelterctl.core.record.client import RETURN_FIELDS, Client, find_absence
from shelterctl.core.record.file_tree import UNFINISHED_KEY
from shelterctl.language import Sentence, TwoSentences, speak_of
from shelterctl.menu.action import MenuLine, run_actions, show_commands
from shelterctl.prompts import help
from shelterctl.prompts.find import choose_client
from shelterctl.prompts.unfinished import GO_ON_WITH_ANSWERS
from shelterctl.session import Session
from shelterctl.terminal.questions import choose_option, choose_or_type
from shelterctl.terminal.screen import (
    clear_screen,
    line_height,
    lines_that_fit,
    print_lines,
    screen_size,
    set_screen_title,
)
from shelterctl.ui_language import N_
from shelterctl.view.card import ADMISSION_MENU_LINE
from shelterctl.view.client import SOON_DAYS, ClientPriority, client_label, deadline_in_words, unfinished_paper_name
from shelterctl.view.today import read_today

CLIENT_FILE_QUESTION = N_("What would you like to do in {her|his} file? Enter goes back.")
WHICH_AGREEMENT_FORM = N_("On which form?")
FORM_AND_ITS_PURPOSE = N_("{form}: {purpose}")
AGREEMENT_DRAFT_SAVED = N_("There is a saved draft. Enter goes back.")
GO_ON_WITH_DRAFT = N_("go on with the draft or correct it")
RECORD_PAPER_SIGNATURE = N_("record that the paper is signed")
AGREEMENT_IS_THERE = N_("There is such an agreement already. What would you like to do? Enter goes back.")
DRAW_UP_ANOTHER = N_("draw up another one")
SIGNATURE_DAY_WRONG = N_("{number}: correct the day of its signature")
SHE_WAS_DISCHARGED = N_("{She|He} was discharged on {on}.")
ADD_TO_DISCHARGE = N_("add what is missing")
DISCHARGED_ANOTHER_DAY = N_("it was another day: take the discharge back and record it again")
SHE_DID_NOT_LEAVE = N_("{she|he} did not leave: take the discharge back")


def open_client_file(ctx: Ctx, client: str | None = None) -> Outcome | None:
    """Open a client's file, chosen if it is not named, and run what is chosen in it."""
    session = session_of(ctx)
    client = client or choose_client(session, read_today(session).rows)
    head = session.header
    try:
        while client and (chosen := _choose_file_line(ctx, client)) is not None:
            run_actions(ctx, partial(chosen.run, client=client))
    finally:
        session.open_file = None
        speak_of(None)
        set_screen_title(head)
    return None


def _choose_file_line(ctx: Ctx, client: str) -> MenuLine | None:
    """Show who she is and what is due, and return the chosen line of the menu; None where she goes back."""
    session = session_of(ctx)
    session.reopen()
    her, _ = session.store.client(client)
    session.open_file = client_label(her)
    set_screen_title(session.header)
    clear_screen()
    first = ClientPriority(her, list_due(session, her, SOON_DAYS))
    choices = (
        *(
            DISCHARGED_LINE if each is DISCHARGE_LINE and her.stay and her.stay.discharged_on else each
            for each in CLIENT_FILE_LINES
            if each is not MONITORING_LINE or session.rulebook.tracks.serving(MONITORING)
        ),
        *((READERS_LINE,) if is_by_role(session) else ()),
        *_return_line(session, her),
        *_unfinished_lines(session, her),
    )
    print_lines([line := first.summary_line(session)], bold=True)
    room = screen_size()[1] - len(choices) - FRAME_LINES - line_height(line)
    if room > 0:  # the first one is in her summary line
        print_lines(lines_that_fit([f"  · {deadline_in_words(session, one)}" for one in first.dated[1:]], room))
    lines: list[FilledSentence] = [(each.label, {}) for each in choices]
    behind = partial(show_commands, choices, her.id)
    chosen = choose_or_type(
        CLIENT_FILE_QUESTION, lines, explain=behind, not_moves=help.HELP_WORDS, accepts=help.is_help_asked
    )
    if isinstance(chosen, str):
        return MenuLine("", "", partial(_show_help, words=chosen))
    return None if chosen is None else choices[chosen]


def _show_help(ctx: Ctx, client: str, words: str) -> Outcome | None:
    """Show the pages of help; her file is shown again afterwards."""
    return help.read_help(session_of(ctx), words)


def _unfinished_lines(session: Session, her: Client) -> Iterator[MenuLine]:
    """Yield a line for each paper with answers that are not written down yet."""
    acts = {
        DISCHARGE_ACT: ("discharge ID", _open_discharge),
        MONITORING_REPORT: ("monitor record ID", monitor.record),
        "monitoring-attempt": ("monitor attempt ID", monitor.attempt),
        "monitoring-closed": ("monitor close ID", monitor.close),
        "monitoring-scheduled": ("monitor schedule ID", monitor.schedule),
    }
    for form in session.rulebook.forms:
        acts[form] = (f"agreement ID --form {form}", partial(agreement.agreement, form=form))
        signing = partial(agreement.agreement, form=form, sign=True)
        acts[f"{form}-signature"] = (f"agreement ID --form {form} --sign", signing)
    for name in her.facts.get(UNFINISHED_KEY) or {}:
        track, *rest = name.split()
        entry, act = (*rest, None, None)[:2]
        if track in session.rulebook.track_names and name not in acts:
            command = f"{act} ID {track} {entry}" if act else f"add ID {name}"
            acts[name] = (command, partial(_go_on_with_entry, track=track, entry=entry, act=act))
        if name in acts:
            what: Sentence = unfinished_paper_name(session.rulebook, name)
            if track in session.rulebook.track_names and act:
                what = TwoSentences(what, TwoSentences("–", session.rulebook.tracks[track].entry_acts[act].text))
            yield MenuLine(TwoSentences(GO_ON_WITH_ANSWERS, what), *acts[name])


def _go_on_with_entry(ctx: Ctx, client: str, track: str, entry: str | None, act: str | None) -> Outcome | None:
    """Go on with an entry, or with an act on one, whose answers are kept."""
    from shelterctl.prompts import add, entry_act  # noqa: PLC0415 - loaded only when its line is chosen

    session = session_of(ctx)
    if act:
        return entry_act.ask_act(session, client, session.rulebook.tracks[track], act, Input({}, (), None), entry)
    return add.ask_entry(session, client, session.rulebook.tracks[track], entry, page=True)


def _open_admission(ctx: Ctx, client: str) -> Outcome | None:
    """Open her admission: as a list if she is in the house already, else question by question."""
    from shelterctl.prompts import admit  # noqa: PLC0415 - loaded only when its line is chosen

    return admit.ask_admission(session_of(ctx), client, listed=True)


def _open_agreement(ctx: Ctx, client: str) -> Outcome | None:
    """Choose a form, then draw up an agreement on it, or go on with a draft, sign it, or correct its signing day."""
    session = session_of(ctx)
    forms = session.rulebook.forms
    chosen = choose_option(WHICH_AGREEMENT_FORM, [_form_line(form) for form in forms.values()])
    if chosen is None:
        return None
    form = list(forms)[chosen]
    her, _ = session.store.client(client)
    own = [facts for facts in her.agreements if facts["form"] == form]
    if not own:
        return agreement.agreement(ctx, client, form=form)
    signed = [facts for facts in own if "signed" in facts]
    drafted = len(signed) < len(own)
    lines: list[FilledSentence] = [
        (each, {}) for each in ((GO_ON_WITH_DRAFT, RECORD_PAPER_SIGNATURE) if drafted else (DRAW_UP_ANOTHER,))
    ]
    days = [(SIGNATURE_DAY_WRONG, {"number": facts.get("number") or facts["id"]}) for facts in signed]
    what = choose_option(AGREEMENT_DRAFT_SAVED if drafted else AGREEMENT_IS_THERE, [*lines, *days])
    if what is None:
        return None
    if what >= len(lines):
        from shelterctl.prompts import correct  # noqa: PLC0415 - loaded only when its line is chosen

        return correct.ask_correction(session, her.id, signed[what - len(lines)])
    return agreement.agreement(ctx, client, form=form, sign=what == 1)


def _form_line(form: Track) -> FilledSentence:
    """Return a financial form as a line to choose: its name, and what it pays for if the rulebook says it."""
    if form.hint is None:
        return form.text, {}
    return FORM_AND_ITS_PURPOSE, {"form": form.text, "purpose": form.hint}


def _open_discharge(ctx: Ctx, client: str) -> Outcome | None:
    """Discharge her; for a client who has left already, also change the day or take the discharge back."""
    her, _ = session_of(ctx).store.client(client)
    if left := her.stay and her.stay.discharged_on:
        lines = (ADD_TO_DISCHARGE, DISCHARGED_ANOTHER_DAY, SHE_DID_NOT_LEAVE)
        what = choose_option(SHE_WAS_DISCHARGED, [(line, {}) for line in lines], {"on": left})
        if what is None:
            return None
        if lines[what] is not ADD_TO_DISCHARGE:
            back = discharge.discharge(ctx, client, undo=True)
            if back.refused or lines[what] is SHE_DID_NOT_LEAVE:
                return back
    return discharge.discharge(ctx, client)


def _print_papers(ctx: Ctx, client: str) -> Outcome | None:
    """Print papers of hers, filled in."""
    from shelterctl.prompts import printing  # noqa: PLC0415 - loads the code that makes PDFs

    said = printing.print_papers(session_of(ctx), client)
    return Outcome(said=said) if said else None


def _add_entry(ctx: Ctx, client: str) -> Outcome | None:
    """Choose a kind of entry by its group, from those that her file can take now, and write it."""
    from shelterctl.prompts import entry_act  # noqa: PLC0415 - loaded only when its line is chosen

    return entry_act.choose_and_write(session_of(ctx), client)


def _record_return(ctx: Ctx, client: str) -> Outcome | None:
    """Record in the entry of her outing or hospital stay that she came back."""
    from shelterctl.prompts import add  # noqa: PLC0415 - loaded only when its line is chosen

    session = session_of(ctx)
    her, _ = session.store.client(client)
    out, track = find_absence(her.stay, session.today), session.rulebook.tracks.serving(OUTING)
    return add.ask_entry(session, her.id, track, out.entry, only=RETURN_FIELDS) if out and track else None


DISCHARGE_LINE = MenuLine(N_("{she|he} leaves"), "discharge ID", _open_discharge)
DISCHARGED_LINE = DISCHARGE_LINE._replace(label=N_("{her|his} discharge: correct it or take it back"))
MONITORING_LINE = MenuLine(N_("a monitoring report"), "monitor record ID", monitor.record)
CLIENT_FILE_LINES = (
    MenuLine(N_("see it on one screen"), "show ID", show.show),
    MenuLine(N_("write an entry"), "add ID TRACK", _add_entry),
    MenuLine(ADMISSION_MENU_LINE, "admit ID", _open_admission),
    MenuLine(N_("an agreement on one of the forms"), "agreement ID --form FORM", _open_agreement),
    MenuLine(N_("print {her|his} papers"), "form NAME ID --out FILE", _print_papers),
    DISCHARGE_LINE,
    MONITORING_LINE,
    MenuLine(N_("strike a wrong entry through"), "void ID", void.void),
    MenuLine(N_("read the whole file"), "show ID --all", partial(show.show, whole=True)),
)
FRAME_LINES = 6
"""Lines of the screen besides her summary, what is due, and the choices: header, question and empty lines."""
READERS_LINE = MenuLine(N_("see who can read it"), "who-can-read ID", who_can_read.who_can_read)
"""Offered where roles decide: elsewhere one key opens everything."""
SHE_IS_BACK = N_("{she|he} is back: record it")


def _return_line(session: Session, her: Client) -> Iterator[MenuLine]:
    """Yield the line that records that she is back, offered while she is out."""
    track = session.rulebook.tracks.serving(OUTING)
    if track and find_absence(her.stay, session.today):
        yield MenuLine(SHE_IS_BACK, f"add ID {track.name}", _record_return)
