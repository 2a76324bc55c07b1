"""What the menu offers once a client's file is opened; the file stays open until somebody goes back."""

from collections.abc import Iterator
from functools import partial

from shelterctl import ask, screen
from shelterctl.act.due import owed
from shelterctl.act.file import DISCHARGE, UNFINISHED
from shelterctl.act.input import Input
from shelterctl.act.report import REPORT
from shelterctl.cli import agreement, discharge, monitor, show, void
from shelterctl.cli.choice import Choice, commands
from shelterctl.cli.errand import carry
from shelterctl.cli.options import Ctx, desk
from shelterctl.core.finding import Outcome
from shelterctl.core.record import Client
from shelterctl.core.state import RETURN, away
from shelterctl.desk import WHOSE, Desk
from shelterctl.language import N_, Both, Sentence
from shelterctl.view.card import ADMISSION
from shelterctl.view.client import called
from shelterctl.view.first import SOON, First, paper_of, when
from shelterctl.view.overview import overview
from shelterctl.walk import reading
from shelterctl.walk.client import whom

TITLE = N_("What is to be done in her file? Enter goes back.")
GO_ON_WITH = N_("go on with the answers that wait:")
FORM = N_("An agreement on which form? Blue pays for reintegration, pink for rehabilitation.")
DRAFT = N_("A draft of it is saved. Enter goes back.")
GO_ON = N_("go on with it, or correct it")
SIGNED = N_("it was signed on paper: record that")
STANDS = N_("There is one already. What is to be done? Enter goes back.")
NEW = N_("draw up another one")
WRONG_DAY = N_("{number}: the day of its signature was written down wrongly")
LEFT = N_("She was discharged on {on}.")
LACKS = N_("something is still to be added to it")
ANOTHER_DAY = N_("it was another day: take it back, and write it down anew")
NOT_LEFT = N_("she did not leave: take the discharge back")


def opened(ctx: Ctx, client: str | None = None) -> Outcome | None:
    """Her file, chosen where it is not named, and what is done in it."""
    here = desk(ctx)
    client = client or whom(here, overview(here).rows)
    head = here.head
    try:
        while client and (chosen := _chosen(ctx, client)) is not None:
            carry(ctx, partial(chosen.act, client=client))
    finally:
        ctx.meta.pop(WHOSE, None)
        screen.headed(head)
    return None


def _chosen(ctx: Ctx, client: str) -> Choice | None:
    """What is to be done in her file, below who she is and what is due of her."""
    here = desk(ctx)
    her, _ = here.store.client(client)
    ctx.meta[WHOSE] = called(her)
    screen.headed(desk(ctx).head)
    screen.clear()
    first = First(her, owed(here, [her], SOON))
    choices = (
        *(HAS_LEFT if each is LEAVES and _has_left(her) else each for each in CHOICES),
        *((BACK,) if away(her.stay, here.today) else ()),
        *_waiting(here, her),
    )
    screen.write([line := first.line(here)], bold=True)
    room = screen.size()[1] - len(choices) - ROUND_IT - screen.height(line)
    if room > 0:  # the first of what is listed stands in her line
        screen.write(screen.fitting([f"  · {when(here, one)}" for one in first.listed[1:]], room))
    lines: list[ask.Option] = [(each.what, {}) for each in choices]
    behind = partial(commands, choices, her.id)
    chosen = ask.pick(TITLE, lines, why=behind, words=reading.WORDS, only=reading.is_asked)
    if isinstance(chosen, str):
        return Choice("", "", partial(_help, words=chosen))
    return None if chosen is None else choices[chosen]


def _help(ctx: Ctx, client: str, words: str) -> Outcome | None:
    """The pages of help, after which her file is shown again."""
    return reading.walk(desk(ctx), words)


def _waiting(here: Desk, her: Client) -> Iterator[Choice]:
    """A line for each paper of which answers wait to be written down."""
    acts = {
        DISCHARGE: ("discharge ID", _discharge),
        REPORT: ("monitor record ID", monitor.record),
        "monitoring-attempt": ("monitor attempt ID", monitor.attempt),
        "monitoring-closed": ("monitor close ID", monitor.close),
        "monitoring-scheduled": ("monitor schedule ID", monitor.schedule),
    }
    for form in here.shelf.forms:
        acts[form] = (f"agreement ID --form {form}", partial(agreement.agreement, form=form))
        signing = partial(agreement.agreement, form=form, sign=True)
        acts[f"{form}-signature"] = (f"agreement ID --form {form} --sign", signing)
    for name in her.facts.get(UNFINISHED) or {}:
        track, *rest = name.split()
        entry, act = (*rest, None, None)[:2]
        if track in here.shelf.track_names and name not in acts:
            command = f"{act} ID {track} {entry}" if act else f"add ID {name}"
            acts[name] = (command, partial(_goes_on, track=track, entry=entry, act=act))
        if name in acts:
            what: Sentence = paper_of(here.shelf, name)
            if track in here.shelf.track_names and act:
                what = Both(what, Both("–", here.shelf.tracks[track].deeds[act].text))
            yield Choice(Both(GO_ON_WITH, what), *acts[name])


def _goes_on(ctx: Ctx, client: str, track: str, entry: str | None, act: str | None) -> Outcome | None:
    """An entry of which answers wait, or an act on one."""
    from shelterctl.walk import addition, deed  # noqa: PLC0415 - the menu is there before it

    here = desk(ctx)
    if act:
        return deed.walk(here, client, here.shelf.tracks[track], act, Input({}, (), None), entry)
    return addition.walk(here, client, here.shelf.tracks[track], entry, page=True)


def _admission(ctx: Ctx, client: str) -> Outcome | None:
    """What is open in her admission, as a list; whoever is not in the house yet is asked one question after another."""
    from shelterctl.walk import admission  # noqa: PLC0415 - the menu is there before it

    return admission.walk(desk(ctx), client, listed=True)


def _agreement(ctx: Ctx, client: str) -> Outcome | None:
    """The form is chosen first, by the names that lie on the shelf; a draft may be gone on with or signed."""
    here = desk(ctx)
    forms = here.shelf.forms
    chosen = ask.choice(FORM, [(form.text, {}) for form in forms.values()])
    if chosen is None:
        return None
    form = list(forms)[chosen]
    her, _ = here.store.client(client)
    own = [facts for facts in her.agreements if facts["form"] == form]
    if not own:
        return agreement.agreement(ctx, client, form=form)
    signed = [facts for facts in own if "signed" in facts]
    drafted = len(signed) < len(own)
    lines: list[ask.Option] = [(each, {}) for each in ((GO_ON, SIGNED) if drafted else (NEW,))]
    days = [(WRONG_DAY, {"number": facts.get("number") or facts["id"]}) for facts in signed]
    what = ask.choice(DRAFT if drafted else STANDS, [*lines, *days])
    if what is None:
        return None
    if what >= len(lines):
        from shelterctl.walk import correction  # noqa: PLC0415 - the menu is there before it

        return correction.walk(here, her.id, signed[what - len(lines)])
    return agreement.agreement(ctx, client, form=form, sign=what == 1)


def _discharge(ctx: Ctx, client: str) -> Outcome | None:
    """Whoever has left already may have left on another day, or not at all."""
    her, _ = desk(ctx).store.client(client)
    if left := her.stay and her.stay.discharged_on:
        lines = (LACKS, ANOTHER_DAY, NOT_LEFT)
        what = ask.choice(LEFT, [(line, {}) for line in lines], {"on": left})
        if what is None:
            return None
        if lines[what] is not LACKS:
            back = discharge.discharge(ctx, client, undo=True)
            if back.refused or lines[what] is NOT_LEFT:
                return back
    return discharge.discharge(ctx, client)


def _has_left(her: Client) -> bool:
    return bool(her.stay and her.stay.discharged_on)


def _print(ctx: Ctx, client: str) -> Outcome | None:
    """Papers of hers, filled in."""
    from shelterctl.walk import printing  # noqa: PLC0415 - the menu is there before the press

    said = printing.walk(desk(ctx), client)
    return Outcome(said=said) if said else None


def _add(ctx: Ctx, client: str) -> Outcome | None:
    """What is written down is chosen by its group, from what her file may take as it stands now."""
    from shelterctl.walk import writing  # noqa: PLC0415 - the menu is there before it

    return writing.walk(desk(ctx), client)


def _back(ctx: Ctx, client: str) -> Outcome | None:
    """That she came back, in the entry of her outing or stay in hospital."""
    from shelterctl.walk import addition  # noqa: PLC0415 - the menu is there before it

    here = desk(ctx)
    her, _ = here.store.client(client)
    out = away(her.stay, here.today)
    return addition.walk(here, her.id, here.shelf.tracks["absence"], out.entry, only=RETURN) if out else None


LEAVES = Choice(N_("she leaves"), "discharge ID", _discharge)
HAS_LEFT = LEAVES._replace(what=N_("that she left: correct it, or take it back"))
CHOICES = (
    Choice(N_("see it on one screen"), "show ID", show.show),
    Choice(N_("write something down in it"), "add ID TRACK", _add),
    Choice(ADMISSION, "admit ID", _admission),
    Choice(N_("an agreement, blue or pink"), "agreement ID --form FORM", _agreement),
    Choice(N_("print her papers"), "form NAME ID --out FILE", _print),
    LEAVES,
    Choice(N_("a monitoring report"), "monitor record ID", monitor.record),
    Choice(N_("strike a wrong entry through"), "void ID", void.void),
    Choice(N_("read all that is written down"), "show ID --all", partial(show.show, whole=True)),
)
ROUND_IT = 6
"""Lines of the screen besides who she is, what is due of her and the choices: the head, the question, empty ones."""
BACK = Choice(N_("she is back: write it down"), "add ID absence", _back)
"""Offered while she is out."""
