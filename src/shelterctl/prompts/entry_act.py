"""The questions of an act on an entry: what the entry still lacks for it, then who does it and when. Also the lists
from which a person chooses a kind of entry, a new entry, one of hers, or an act on it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from shelterctl.act.entry_act import (
    Prerequisites,
    do_entry_act,
    find_meant_entry,
    find_prerequisites,
    unfinished_act_name,
)
from shelterctl.act.input import Input
from shelterctl.act.permission import is_by_role, refuse_early
from shelterctl.act.register_months import find_entry_months, months_around
from shelterctl.act.register_record import visible_subject
from shelterctl.act.stay_context import stay_context
from shelterctl.act.typed_track import require_home
from shelterctl.core.finding import FilledSentence, FilledSentences, Finding, Outcome
from shelterctl.core.manual.field import Field
from shelterctl.core.manual.role import Task, act_of_entry
from shelterctl.core.manual.track import Track
from shelterctl.core.record.client import Client
from shelterctl.core.record.entries import Entry, entry_moment, entry_title, find_deed, may_matter, read_entry
from shelterctl.core.record.keyed_groups import list_groups
from shelterctl.core.rules.context import entries_of_client
from shelterctl.core.values.days import add_months
from shelterctl.language import Plural, Sentence
from shelterctl.prompts import add
from shelterctl.prompts.add import EntryToFill
from shelterctl.prompts.client_file import LACKING_CODES, ClientFile, PendingAnswers
from shelterctl.prompts.fields import askable_fields, entry_steps, fields_asked_beside, may_have_done
from shelterctl.prompts.fill_in import NOTHING_ANSWERED, JudgedAnswers, PaperToFill, ReviewRow, answer_rows
from shelterctl.prompts.steps import Dialogue, QuestionStep, waiting_notice, without_commands
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.session import Session
from shelterctl.store.registers import Months
from shelterctl.terminal.questions import choose_option, choose_or_type
from shelterctl.terminal.screen import (
    fact_text,
    lines_that_fit,
    print_lines,
    print_sentence,
    screen_language,
    screen_size,
    sentence_text,
)
from shelterctl.typed.choices import find_near_lines
from shelterctl.typed.readers import refuse_line_number
from shelterctl.ui_language import N_
from shelterctl.view.record import describe_entry, kind_text, track_entry_lines

ACT_TITLE = N_("{File |File |}{id}: {what}. {act}")
ACT_TITLE_WITH_OBJECT = N_("{File |File |}{id}: {act}")
ACT_ENTRY_ROW = N_("{row}")
ACT_YES = N_("yes: {act}")
ACT_FIRST_ANOTHER = N_("do this first: {act}")
ACT_FIRST_AN_ENTRY = N_("write this entry first: {what}")
ACT_LACKS = Plural(N_("One thing is missing for this:"), N_("{count} things are missing for this:"), "count")
ACT_NOT_DONE_FILE_UNCHANGED = N_("Not done: {act}. {Her file|His file|The register} has not changed.")
ACT_NOT_DONE = N_("Not done: {act}. Entries that were written on the way stay in {her file|his file|the register}.")
ACT_MORE_OF_ENTRY = N_("more lines: {count}")
ACT_WHICH_ENTRY = N_("Which one? Enter goes back.")
ACT_ENTRY_CHOICE = N_("{what}, {on} ({entry})")
ACT_ANSWERS_KEPT = N_("Not done yet: {act}. The answers are kept.")

MONTHS_OF_ACTS, MOST_ENTRIES_OFFERED = 3, 12
"""The number of months back in which entries of a register are offered for an act, and of entries at most."""

LINES_BELOW_ENTRY, LINES_BELOW_ENTRY_ON_PAGE = 14, 20
"""Lines of the screen kept free below an entry: for its title and a question, and for the page of answers."""

ACT_BY_FIELD, ACT_DAY_FIELD = "by", "on"
"""The keys of the person and the day in the group that an act writes; they are asked last, in this order."""


def ask_act(session: Session, id_: str, track: Track, name: str, given: Input, entry: str | None) -> Outcome:
    """Ask for what the act lacks, show the entry and what still stops the act, and do it once nothing does.

    An act or an entry that has to come first is offered on that page. Answers that are *given* are not asked. Raises
    NotFound or UsageError if the act cannot be done to any entry, or if several are possible and none is named.
    """
    if refused := refuse_early(session, id_, Task(act_of_entry(name, track.name), True)):
        return refused
    if entry is None and track.of_register is not None:
        several = list_entries_for_act(session, id_, track, name)
        entry = str(several[0].written["id"]) if len(several) == 1 else None
        if len(several) > 1 and (entry := _choose_for_act(session, several)) is None:
            return Outcome(
                data={"id": id_}, said=((ACT_NOT_DONE_FILE_UNCHANGED, {"act": track.entry_acts[name].text}),)
            )
    months = find_entry_months(session, id_, track, entry)
    shut, held = session.store.subject(id_, months)
    require_home(track, shut)
    meant = find_meant_entry(visible_subject(session, held, track), track, name, entry, session.staff)
    if track.fields[track.entry_acts[name].writes].several:  # each does it for herself, and nothing is asked
        return do_entry_act(session, id_, track, name, given, meant)
    form = _ActToFill(ClientFile(session, id_, months), track, meant, name, given)
    form.draw_steps()
    if form.lacks_fields and (refused := refuse_early(session, id_, Task(track.name, False))):
        return refused
    page = form.waits_for_others or not form.open
    ended = form.fill_in(only=() if page else form.open, page=page)
    return replace(ended, said=(*form.said, *ended.said))


def list_entries_for_act(session: Session, id_: str, track: Track, name: str) -> list[Entry]:
    """Return the entries of a register to which an act can still be done, of the last months, the newest first."""
    first = add_months(session.today.replace(day=1), -MONTHS_OF_ACTS)
    _, held = session.store.subject(id_, Months(f"{first:%Y-%m}", months_around(session.today).last))
    deed, listed = track.entry_acts[name], newest_entries(track, visible_subject(session, held, track))
    return [
        one for one in listed if find_deed(track, deed, one.written, session.staff) is None and may_matter(deed, one)
    ]


def _choose_for_act(session: Session, entries: Sequence[Entry]) -> str | None:
    """Return the id of the entry that is chosen, or None."""
    listed = entries[:MOST_ENTRIES_OFFERED]
    rows: list[FilledSentence] = [
        (ACT_ENTRY_CHOICE, describe_entry(session.rulebook, one.where, one.written)) for one in listed
    ]
    with session.own_screen():
        chosen = choose_option(ACT_WHICH_ENTRY, rows)
    return None if chosen is None else str(listed[chosen].written["id"])


class _ActToFill(EntryToFill):
    """An act on an entry while it is filled in: the entry's missing fields, those of the act, and who does it and when.

    *open* names the questions to ask first; *said* collects the sentences about what was written for the act
    beforehand.
    """

    stops = ACT_LACKS

    def __init__(self, file: ClientFile, track: Track, entry: str, name: str, given: Input) -> None:
        self.name, self.deed = name, track.entry_acts[name]
        self.open: set[str] = set()
        self.said: FilledSentences = ()
        self._wanted: set[str] = set()
        super().__init__(file, track, entry)
        writes = self.deed.writes
        done = {**(self.before.get(writes) or {}), **(given.value.get(writes) or {})}
        self.answers = PendingAnswers(file, self.pending_name, {**self.before, **({writes: done} if done else {})})
        self.opening = (
            self.heading_of_act,
            *((ACT_ENTRY_ROW, {"row": line}) for line in ("", *self.entry_lines(), "")),
        )
        self.kept = (waiting_notice(ACT_ANSWERS_KEPT, self.command, act=self.deed.text),)

    @property
    def pending_name(self) -> str:
        """The name under which its answers are kept."""
        return unfinished_act_name(self.track, str(self.entry), self.name)

    @property
    def command_that_goes_on(self) -> str:
        """The command that goes on with it, without the program's name."""
        return f"{self.name} {self.file.id} {self.track.name} {self.entry}"

    @property
    def left(self) -> FilledSentences:
        """The sentences for an act that was not done."""
        told: FilledSentences = ((ACT_NOT_DONE if self.said else ACT_NOT_DONE_FILE_UNCHANGED, {"act": self.deed.text}),)
        return self.kept if self.answers.are_waiting else told

    @property
    def heading_of_act(self) -> FilledSentence:
        """The title: whose file, which entry and which act."""
        what = entry_title(self.track, self.before)
        title = ACT_TITLE_WITH_OBJECT if self.deed.names_object else ACT_TITLE
        return title, {"id": self.file.id, "what": what, "act": self.deed.text}

    @property
    def lacks_fields(self) -> bool:
        """Whether the entry itself lacks answers, so that its track is written too."""
        return bool(self._wanted)

    @property
    def waits_for_others(self) -> bool:
        """Whether another act, or an entry of another track, has to come first."""
        lacking = self._find_lacking()
        return bool(lacking.acts or lacking.entries)

    def entry_lines(self, below: int = LINES_BELOW_ENTRY) -> list[str]:
        """Return the lines of the entry, as many as leave *below* lines of the screen free."""
        facts = list_groups(self.track.fields, self.answers.facts)
        said = track_entry_lines(self.track, facts, self.session.rulebook, screen_language())
        kept = lines_that_fit(said, max(screen_size()[1] - below, 1))
        left = len(said) - len(kept)
        return [*kept, sentence_text(ACT_MORE_OF_ENTRY, {"count": left})] if left else said

    def as_input(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """Return the entry as a file would give it, with everything about the act: an act may be done again."""
        done = facts.get(self.deed.writes)
        return {**super().as_input(facts), **({self.deed.writes: done} if done else {})}

    def entry_so_far(self) -> dict[str, Any]:
        """Return the entry with the act done to it, by the person at this device and today until that is answered."""
        return self._with_act(self.answers.facts)

    def draw_steps(self) -> list[QuestionStep]:
        """Return the questions of the act in order; a field that it lacked once stays among them."""
        lacking, writes = self._find_lacking(), self.deed.writes
        self._wanted |= lacking.fields
        drawn = []
        stay, fields = self.placement.stay, self._fields()
        for step in entry_steps(self.file, self.track, self.answers, self.save_answer, stay=stay, fields=fields):
            if step.current is None or _is_among(step.name, lacking.refused_fields):
                self.open.add(step.name)
            one = self._who(step) if step.question.kind == "code" else step
            drawn.append(
                replace(one, offer=fact_text(self.session.today)) if one.name == f"{writes}.{ACT_DAY_FIELD}" else one
            )
        return drawn

    def find_at(self, path: str, told: dict[str, Any]) -> Sequence[Finding]:
        """Return the findings about the answer at *path*, without those about missing answers."""
        found = self._do(self._with_act(told), check=True).findings
        place = f"/{path.replace('.', '/')}"
        return [one for one in found if (one.at or one.where).endswith(place) and one.code not in LACKING_CODES]

    def judge(self) -> JudgedAnswers:
        """Return the findings that stop the act or stay open, and what has to come before it."""
        group = self.track.fields[self.deed.writes]
        open_ = [one for one in (ACT_BY_FIELD, ACT_DAY_FIELD) if self.answers.answer_at(group.name, one) is None]
        found = self._do(self.entry_so_far(), check=True).findings
        told = tuple(one for one in found if not _is_about_any(one, group.name, open_))
        needed = {f"{group.name}.{one}": group.fields[one].text for one in open_}
        return JudgedAnswers((ACT_YES, {"act": self.deed.text}), told, needed, first=self._find_first())

    def print_page(self, judged: JudgedAnswers) -> None:
        """Print the entry with its answers, and the findings."""
        print_sentence(*self.heading_of_act, bold=True)
        print_lines(["", *self.entry_lines(LINES_BELOW_ENTRY_ON_PAGE), ""], indent="  ")
        PaperToFill.print_page(self, judged)

    def draw_rows(self, dialogue: Dialogue, judged: JudgedAnswers) -> Sequence[ReviewRow]:
        """Return the rows of the answers, with who did it and when."""
        wanted = [f"{self.deed.writes}.{one}" for one in (ACT_BY_FIELD, ACT_DAY_FIELD)]
        return [*answer_rows(dialogue, judged.findings, wanted)]

    def write(self) -> Outcome:
        """Do the act."""
        return self._do(self.facts())

    def _with_act(self, facts: dict[str, Any]) -> dict[str, Any]:
        done = {
            ACT_BY_FIELD: self.session.staff,
            ACT_DAY_FIELD: self.session.today.isoformat(),
            **(facts.get(self.deed.writes) or {}),
        }
        return {**facts, self.deed.writes: done}

    def _find_first(self) -> Sequence[tuple[str, FilledSentence, Callable[[], None]]]:
        """Return the act, or the entry of another track, that has to come before this one, as a row of the page."""
        lacking, session, id_ = self._find_lacking(), self.session, str(self.file.id)
        for name in lacking.acts:
            text = self.track.entry_acts[name].text
            act = partial(ask_act, session, id_, self.track, name, Input({}, (), None), self.entry)
            return [(f"act {name}", (ACT_FIRST_ANOTHER, {"act": text}), partial(self._do_first, act))]
        for track, says in lacking.entries:
            write = partial(add.ask_entry, session, id_, track, given=says)
            return [(f"track {track.name}", (ACT_FIRST_AN_ENTRY, {"what": track.text}), partial(self._do_first, write))]
        return ()

    def _do_first(self, act: Callable[[], Outcome]) -> None:
        ended = act()
        self.file.refresh()
        nothing = (NOTHING_ANSWERED, ACT_NOT_DONE_FILE_UNCHANGED)
        self.said = (*self.said, *(one for one in without_commands(ended.said) if one[0] not in nothing))

    def _find_lacking(self) -> Prerequisites:
        given = Input(self.as_input(self.entry_so_far()), (), None)
        return find_prerequisites(self.session, str(self.file.id), self.track, self.name, given, str(self.entry))

    def _do(self, facts: dict[str, Any], *, check: bool = False) -> Outcome:
        """Do the act with these facts of the entry; with *check*, only judge it."""
        given = Input(self.as_input(facts), (), None)
        return do_entry_act(self.session, str(self.file.id), self.track, self.name, given, self.entry, check=check)

    def _fields(self) -> list[tuple[str, Field]]:
        """Return the fields that the act lacks or lacked, those asked with it, and last who did it and when."""
        track, writes = self.track, self.deed.writes
        entry = read_entry(track, list_groups(track.fields, self.entry_so_far()))
        around = stay_context(self.session, self.file.client, self.placement.stay, self.session.today)
        asked = fields_asked_beside(track.fields, entry, around)
        lacked = [each for each in asked if _is_among(each[0], self._wanted)]
        with_it = [each for each in asked if any(key.partition(".")[0] == writes for key in each[1].asked_with)]
        own = [*askable_fields(track.fields[writes].fields, f"{writes}.")]
        known, last = dict((*lacked, *with_it, *own)), [f"{writes}.{name}" for name in (ACT_BY_FIELD, ACT_DAY_FIELD)]
        first = [each for each in known.items() if each[0] not in last]
        return [*first, *((name, known[name]) for name in last)]

    def _who(self, step: QuestionStep) -> QuestionStep:
        """Return the question who did the act, with the person at this device offered, or the only one allowed.

        People keep the order of every other question, so that each keeps a number that is known by heart.
        """
        facts, choices = list_groups(self.track.fields, self.entry_so_far()), step.question.choices
        if step.name != f"{self.deed.writes}.{ACT_BY_FIELD}":
            return step
        fit = [code for code in choices if may_have_done(self.file, self.track, facts, step.name, code)]
        likely = self.session.staff if self.session.staff in fit else fit[0] if len(fit) == 1 else None
        return replace(step, offer=step.question.format_answer(likely, screen_language())) if likely else step


def _is_about_any(finding: Finding, group: str, names: Sequence[str]) -> bool:
    """Whether a finding is about one of these fields of a group; a field that nobody answered yet breaks no rule."""
    return (finding.at or finding.where).endswith(tuple(f"/{group}/{name}" for name in names))


def _is_among(name: str, wanted: set[str] | frozenset[str]) -> bool:
    """Whether a field is one of these, lies inside one, or contains one."""
    return any(name == one or name.startswith(f"{one}.") or one.startswith(f"{name}.") for one in wanted)


WRITE_WHAT = N_("What do you want to write down? Enter goes back.")
WRITE_WHICH_ENTRY = N_("{what}: a new entry, or an existing one? Enter goes back.")
WRITE_TRACK_ROW = N_("{what}")
WRITE_SEALED_ROW = N_("{what} (sealed; everyone who uses this computer can read it)")
WRITE_SEALED_ROW_BY_ROLE = N_("{what} (sealed)")
WRITE_OTHER_TRACKS = N_("personal details, papers, admission")
WRITE_NEW_ONE = N_("a new entry")
WRITE_FILL_IN = N_("fill in or correct: {what}, {on}")
WRITE_ACT = N_("{act}: {what}, {on}")
LISTED_ENTRIES = 7
"""The number of her entries that are offered; an older one can be named with the command."""


def choose_and_write(session: Session, id_: str) -> Outcome | None:
    """Choose a kind of entry by its group, then a new entry or one of hers, and write it; None where she goes back."""
    shut, held = session.store.subject(id_, months_around(session.today))
    her = visible_subject(session, held) if shut.home else shut
    open_ = list(add.addable_tracks(session.rulebook, her))
    sealed = WRITE_SEALED_ROW_BY_ROLE if is_by_role(session) else WRITE_SEALED_ROW
    groups = list(_track_groups(session.rulebook, open_, sealed))
    while (group := choose_or_type(WRITE_WHAT, [head for head, _ in groups])) is not None:
        tracks = _find_tracks(session.rulebook, open_, group) if isinstance(group, str) else groups[group][1]
        if not tracks:
            wrong = refuse_line_number(len(groups))
            print_sentence(wrong.sentence, wrong.facts, indent="  ! ")
            continue
        while track := _choose_track(tracks):
            if done := write_track_entry(session, id_, her, track):
                return done
            if len(tracks) == 1:
                break
    return None


def _track_groups(
    rulebook: Rulebook, open_: Sequence[Track], sealed: Sentence
) -> Iterator[tuple[FilledSentence, Sequence[Track]]]:
    """Yield the kinds of entry that her file can take, by group; those of no group come last."""
    listed = {name for one in rulebook.groups.values() for name in one["tracks"]}
    for one in rulebook.groups.values():
        if tracks := [track for name in one["tracks"] for track in open_ if track.name == name]:
            row = sealed if any(track.seal for track in tracks) else WRITE_TRACK_ROW
            yield (row, {"what": one["text"]}), tracks
    if rest := [track for track in open_ if track.name not in listed]:
        yield (WRITE_OTHER_TRACKS, {}), rest


def _find_tracks(rulebook: Rulebook, open_: Sequence[Track], words: str) -> Sequence[Track]:
    """Return the kinds of entry that match these words, by their own names or by other common ones."""
    also = rulebook.other_names_of_codes.get("tracks", {})
    called = {track.name: [*track.offered.values(), *also.get(track.name, ())] for track in open_}
    found = find_near_lines(words, called)
    return [track for track in open_ if track.name in found]


def _choose_track(tracks: Sequence[Track]) -> Track | None:
    """Return the kind that is chosen, or the only one; None where she goes back."""
    if len(tracks) == 1:
        return tracks[0]
    which = choose_option(WRITE_WHAT, [(WRITE_TRACK_ROW, {"what": track.offered}) for track in tracks])
    return None if which is None else tracks[which]


def write_track_entry(session: Session, id_: str, her: Client, track: Track) -> Outcome | None:
    """Write a new entry, complete one of hers, or do an act on one, as it is chosen."""
    entries = newest_entries(track, her)[:LISTED_ENTRIES]
    if not track.many or not entries:
        return add.ask_entry(session, id_, track)
    acts: list[tuple[FilledSentence, Callable[[], Outcome]]] = [
        ((WRITE_NEW_ONE, {}), partial(add.ask_entry, session, id_, track))
    ]
    for entry in entries:
        acts += entry_options(session, id_, track, entry)
    chosen = choose_option(WRITE_WHICH_ENTRY, [head for head, _ in acts], {"what": track.offered})
    return None if chosen is None else acts[chosen][1]()


def newest_entries(track: Track, her: Client) -> list[Entry]:
    """Return the entries of a track that count, the newest first."""
    return sorted(entries_of_client(track, her), key=lambda one: str(entry_moment(track, one) or ""), reverse=True)


def entry_options(
    session: Session, id_: str, track: Track, entry: Entry
) -> Iterator[tuple[FilledSentence, Callable[[], Outcome]]]:
    """Yield what can be done with one entry: acts that are not done yet and still matter, and completing it."""
    said = describe_entry(session.rulebook, entry.where, entry.written)
    one, facts = str(entry.written["id"]), {"what": said["what"], "on": said["on"]}
    for name, each in track.entry_acts.items():
        if find_deed(track, each, entry.written, session.staff) is None and may_matter(each, entry):
            act = partial(ask_act, session, id_, track, name, Input({}, (), None), one)
            what = kind_text(track, entry.written) if each.names_object else said["what"]
            yield (WRITE_ACT, {**facts, "what": what, "act": each.text}), act
    yield (WRITE_FILL_IN, facts), partial(add.ask_entry, session, id_, track, one)
