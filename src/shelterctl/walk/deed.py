"""An act done to an entry at the terminal: what it lacks is asked for, then who does it and when, and it is done."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from shelterctl import screen
from shelterctl.act.deed import Lack, lack, meant, put_down, waiting
from shelterctl.act.file import beside
from shelterctl.act.input import Input
from shelterctl.core.around import is_asked
from shelterctl.core.entry import read_entry, title_of
from shelterctl.core.field import Field
from shelterctl.core.finding import Finding, Outcome, Said, Severity, refused
from shelterctl.core.track import Track
from shelterctl.desk import Desk
from shelterctl.language import N_, Plural
from shelterctl.view.whole import of_track
from shelterctl.walk import addition
from shelterctl.walk.addition import NEEDED, Paper
from shelterctl.walk.answers import rows
from shelterctl.walk.entry import asked_of, in_making, may
from shelterctl.walk.remark import noted, opened, stays_open, wrong
from shelterctl.walk.sitting import LATER, THROW_AWAY, Page, offered, sit, thrown_away
from shelterctl.walk.step import Head, Step, Walk, in_words, waits
from shelterctl.walk.table import LACKING, Table
from shelterctl.walk.unfinished import Unfinished, overtaken

TITLE = N_("File {id}: {what}. {act}")
ROW = N_("{row}")
DO = N_("yes: {act}")
FIRST = N_("do this first: {act}")
WRITE_FIRST = N_("write this down first: {what}")
LACKS = Plural(
    N_("One thing is still to be added before it:"), N_("{count} things are still to be added before it:"), "count"
)
LEFT = N_("Not done: {act}. Her file is as it was.")
NOT_DONE = N_("Not done: {act}. What was written down before it stays in her file.")
MORE = N_("and more of it: {count}")
KEPT = N_("Not done yet: {act}. The answers are kept.")

BELOW, BELOW_PAGE = 14, 20
"""Lines of the screen that an entry leaves for its title and a question, or the page of answers, below it."""

WHO, WHEN = "by", "on"
"""How the group that an act writes calls who did it and the day; they are asked last, in this order."""


def walk(here: Desk, id_: str, track: Track, name: str, given: Input, entry: str | None) -> Outcome:
    """Ask for what the act lacks, show the entry and what still stops it, and do it once nothing does.

    Another act, or an entry of another track, that has to come first is offered there and done before it.
    """
    shut, _ = here.store.client(id_)
    paper = _Act(Table(here, shut.id), track, meant(shut, track, name, entry), name, given)
    act, command = track.deeds[name].text, f"{name} {shut.id} {track.name} {paper.entry}"
    going = Walk(here, command, paper.drawn, paper.table.refresh, paper.remarks)
    opening: Said = (paper.title, *((ROW, {"row": line}) for line in ("", *paper.lines(), "")))
    kept = Outcome(data={"id": shut.id}, said=(waits(KEPT, command, act=act),))
    paper.drawn()
    page = paper.waits_for_others or not paper.open
    ended = sit(going, opening, kept, partial(paper.reviewed, going), only=() if page else paper.open, page=page)
    if ended is kept and not paper.begun:
        ended = Outcome(data=kept.data, said=((NOT_DONE if paper.said else LEFT, {"act": act}),))
    return replace(ended, said=(*paper.said, *ended.said))


class _Act(Paper):
    """An act on an entry that is being asked for: the fields that it lacks, what it is asked with, who and when.

    *open* are the questions that are put first, *said* what was written down for the act before it.
    """

    def __init__(self, table: Table, track: Track, entry: str, name: str, given: Input) -> None:
        self.name, self.deed = name, track.deeds[name]
        self.open: set[str] = set()
        self.said: Said = ()
        self._wanted: set[str] = set()
        self._noted: tuple[Finding, ...] = ()
        super().__init__(table, track, entry)
        writes = self.deed.writes
        done = {**(self.before.get(writes) or {}), **(given.value.get(writes) or {})}
        self.answers = Unfinished(table, self.called, {**self.before, **({writes: done} if done else {})})

    @property
    def called(self) -> str:
        """Under which name its answers wait."""
        return waiting(self.track, str(self.entry), self.name)

    @property
    def title(self) -> Head:
        """What stands above it: whose file, which entry, and which act."""
        what = title_of(self.track, self.before)
        return TITLE, {"id": self.table.id, "what": what, "act": self.deed.text}

    @property
    def waits_for_others(self) -> bool:
        """Whether another act, or an entry of another track, has to come first."""
        lacking = self._lack()
        return bool(lacking.acts or lacking.entries)

    def lines(self, below: int = BELOW) -> list[str]:
        """What the entry says, as far as there is room for so many lines *below* it."""
        said = of_track(self.track, self.answers.facts, self.here.shelf, screen.spoken())
        kept = screen.fitting(said, max(screen.size()[1] - below, 1))
        return said if len(kept) == len(said) else [*kept, screen.said(MORE, {"count": len(said) - len(kept)})]

    def standing(self) -> dict[str, Any]:
        """The entry with the act done to it, by whoever types and today until that is answered."""
        return self._with_act(self.answers.facts)

    def drawn(self) -> list[Step]:
        """The questions of the act, in their order; what it once lacked stays among them."""
        lacking, writes = self._lack(), self.deed.writes
        self._wanted |= lacking.fields
        drawn = []
        stay, fields = self.home.stay, self._fields()
        for step in in_making(self.table, self.track, self.answers, self._put, stay=stay, fields=fields):
            if step.now is None or _among(step.name, lacking.wrong):
                self.open.add(step.name)
            one = self._who(step) if step.question.kind == "code" else step
            drawn.append(replace(one, offer=screen.shown(self.here.today)) if one.name == f"{writes}.{WHEN}" else one)
        return drawn

    def remarks(self) -> tuple[Finding, ...]:
        """What the last answer breaks, told once."""
        told, self._noted = self._noted, ()
        return told

    def reviewed(self, going: Walk) -> Outcome | None:
        """The entry with its answers, what stops the act or stays open, and what is to become of it."""
        screen.clear()
        screen.tell(*self.title, bold=True)
        screen.write(["", *self.lines(BELOW_PAGE), ""], indent="  ")
        group = self.track.fields[self.deed.writes]
        open_ = [one for one in (WHO, WHEN) if self.answers.at(group.name, one) is None]
        found = tuple(one for one in self._found(self.standing()) if not _lies_at(one, group.name, open_))
        lacking, deed = self._lack(), (DO, {"act": self.deed.text})
        wrong(self.here, found, LACKS)
        opened(self.here, found)
        noted(self.here, found, self.track.fields)
        if open_:
            screen.tell(NEEDED, {"labels": [group.fields[one].text for one in open_]})
        first = [(f"act {one}", (FIRST, {"act": self.track.deeds[one].text})) for one in lacking.acts[:1]]
        if not first:
            first = [(f"track {of.name}", (WRITE_FIRST, {"what": of.text})) for of, _ in lacking.entries[:1]]
        page = Page(deed, not (open_ or refused(found)), stays_open(found), more=first)
        wanted = [f"{group.name}.{one}" for one in (WHO, WHEN)]
        what = offered(going, page, rows(going, found, wanted))
        if what == THROW_AWAY:
            return thrown_away(self.answers)
        if what in (FIRST, WRITE_FIRST):
            self._first(lacking)
        elif what == DO and not overtaken(self.table):
            return self._done()
        return Outcome() if what == LATER else None

    def _with_act(self, facts: dict[str, Any]) -> dict[str, Any]:
        done = {WHO: self.here.by, WHEN: self.here.today.isoformat(), **(facts.get(self.deed.writes) or {})}
        return {**facts, self.deed.writes: done}

    def _done(self) -> Outcome:
        given = Input(self.given(self.facts()), (), None)
        saved = put_down(self.here, str(self.table.id), self.track, self.name, given, entry=self.entry)
        return saved if refused(saved.findings) else replace(saved, findings=())  # what is open was on the screen

    def _first(self, lacking: Lack) -> None:
        """Do the act, or write down the entry, that has to come before this one."""
        here, id_ = self.here, str(self.table.id)
        if lacking.acts:
            ended = walk(here, id_, self.track, lacking.acts[0], Input({}, (), None), self.entry)
        else:
            track, says = lacking.entries[0]
            ended = addition.walk(here, id_, track, given=says)
        self.table.refresh()
        self.said = (*self.said, *in_words(ended.said))

    def _lack(self) -> Lack:
        given = Input(self.given(self.standing()), (), None)
        return lack(self.here, str(self.table.id), self.track, self.name, given, str(self.entry))

    def _found(self, facts: dict[str, Any]) -> tuple[Finding, ...]:
        given = Input(self.given(facts), (), None)
        checked = put_down(self.here, str(self.table.id), self.track, self.name, given, entry=self.entry, check=True)
        return checked.findings

    def _fields(self) -> list[tuple[str, Field]]:
        """The fields that the act lacks or lacked, what is asked beside what it writes, then who did it and when."""
        track, writes = self.track, self.deed.writes
        entry = read_entry(track, self.standing())
        around = beside(self.here, self.table.client, self.home.stay, self.here.today)
        asked = [each for each in asked_of(track.fields) if is_asked(entry, each[0], around)]
        lacked = [each for each in asked if _among(each[0], self._wanted)]
        with_it = [each for each in asked if any(key.partition(".")[0] == writes for key in each[1].asked_with)]
        own = [*asked_of(track.fields[writes].fields, f"{writes}.")]
        known, last = dict((*lacked, *with_it, *own)), [f"{writes}.{name}" for name in (WHO, WHEN)]
        first = [each for each in known.items() if each[0] not in last]
        return [*first, *((name, known[name]) for name in last)]

    def _who(self, step: Step) -> Step:
        """The question who did the act, with whoever types offered if she may, else the only one who may.

        People stand in the order of every other question: a number that is known by heart means the same person.
        """
        facts, choices = self.standing(), step.question.choices
        if step.name != f"{self.deed.writes}.{WHO}":
            return step
        fit = [code for code in choices if may(self.table, self.track, facts, step.name, code)]
        likely = self.here.by if self.here.by in fit else fit[0] if len(fit) == 1 else None
        return replace(step, offer=step.question.shown(likely, screen.spoken())) if likely else step

    def _put(self, name: str, value: Any) -> tuple[Finding, ...]:
        """Keep one answer, unless a rule that stops the act is broken just there; what else it breaks is told."""
        keys = tuple(name.split("."))
        told = self.answers.with_(keys, value)
        here: list[Finding] = []
        if value is not None:
            place = "/" + "/".join(keys)
            found = self._found(self._with_act(told))
            here = [one for one in found if (one.at or one.where).endswith(place) and one.code not in LACKING]
        stopping = tuple(one for one in here if one.severity is Severity.REFUSE)
        if not stopping:
            self.answers.keep(told)
            self._noted = tuple(here)
        return stopping


def _lies_at(finding: Finding, group: str, names: Sequence[str]) -> bool:
    """Whether a finding is about one of these fields of a group: what nobody answered yet breaks no rule."""
    return (finding.at or finding.where).endswith(tuple(f"/{group}/{name}" for name in names))


def _among(name: str, wanted: set[str] | frozenset[str]) -> bool:
    """Whether a field is one of these, or lies inside one, or has one inside it."""
    return any(name == one or name.startswith(f"{one}.") or one.startswith(f"{name}.") for one in wanted)
