"""The list of everybody in a house at a terminal: first the answers common to all, then one page with what is proposed
for each. Enter writes all of it as one act; the number of a row changes that row or leaves it out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from shelterctl.act.add_for_all import NOBODY_LIVES_HERE, ForAll, name_row_state, write_for_all
from shelterctl.act.permission import refuse_early
from shelterctl.act.resident_list import (
    ResidentRow,
    awaits_signature,
    count_earlier_days,
    day_field,
    day_of,
    facts_of_row,
    has_signature_sheet,
    owed_facts,
    sum_of_rows,
)
from shelterctl.act.stay_context import stay_context
from shelterctl.core.finding import FilledSentence, FilledSentences, Finding, Outcome, has_refusal
from shelterctl.core.manual.answer_words import answer_in_words
from shelterctl.core.manual.field import read_field
from shelterctl.core.manual.role import Task
from shelterctl.core.manual.track import AtOnce, Track
from shelterctl.core.record.entries import read_entry
from shelterctl.core.rules.own_limits import keep_limits_of_house
from shelterctl.core.values.days import Span
from shelterctl.errors import Conflict
from shelterctl.language import speak_of
from shelterctl.prompts.client_file import AnswersInMemory, ClientFile
from shelterctl.prompts.fields import entry_steps, fields_asked_beside
from shelterctl.prompts.steps import HOW_TO_ANSWER, Dialogue, QuestionStep, finding_text
from shelterctl.session import Session
from shelterctl.store.registers import NO_MONTHS
from shelterctl.terminal.questions import choose_option
from shelterctl.terminal.screen import (
    clear_screen,
    column_widths,
    fact_text,
    join_cells,
    print_lines,
    print_sentence,
    screen_language,
    screen_size,
    sentence_text,
    truncate_line,
)
from shelterctl.ui_language import N_
from shelterctl.view.client import client_label

FOR_ALL_TITLE = N_("{house}: {what}")
FOR_ALL_OF_DAY = N_("{house}, {on}: {what}")
FOR_ALL_NOTHING_RECORDED = N_("Nothing was recorded.")
OPEN_IS_AS_LAST = N_("Answer only what is the same for all. What you leave open is proposed to each as it was last.")
CHECK_THE_LIST = N_("Check the list. Type the number of a row to change it or leave it out.")
LIST_ENTER_RECORDS = N_("What now? Enter records it for all.")
LIST_ENTER_LEAVES = N_("What now? Enter leaves the list.")
RECORD_FOR_ALL = N_("record it for all: {count}")
RECORD_FOR_ALL_SUM = N_("record it for all: {count}, {total} {currency}")
RECORD_FOR_ALL_CLOSED = N_("record it for all")
PRINT_SIGNATURE_SHEET = N_("print the sheet to sign")
ALL_HAVE_SIGNED = N_("all have signed ({count})")
ALL_HAVE_SIGNED_CLOSED = N_("all have signed")
LEAVE_THE_LIST = N_("leave the list; nothing more is recorded")
LIST_CHANGED_MEANWHILE = N_("Someone else wrote into one of these files. Nothing was recorded; check the list again.")
NOTHING_IS_RECORDED_IN_LIST = N_("Nothing is to be recorded for anybody.")
NOBODY_SIGNS_NOW = N_("Nobody has anything to sign for.")
REFUSED_IN_LIST = N_("This stops it: change these rows or leave them out.")
ROW_NOTHING_OWED = N_("nothing is owed")
ROW_NOTHING_BEFORE = N_("was given nothing before")
ROW_GIVEN = N_("recorded")
ROW_GIVEN_UNSIGNED = N_("not signed yet")
ROW_LEFT_OUT = N_("left out")
ROW_EARLIER_DAYS = N_("unpaid days before: {days}")
LIST_ROW = N_("{row}")
CHANGE_ROW_HOW = N_("{who}: what would you like to do? Enter goes back.")
CHANGE_ROW = N_("change it")
LEAVE_ROW_OUT = N_("leave out")
TAKE_ROW_IN = N_("include")
FINDING_OF_CLIENT = N_("{id}: {finding}")
ROW_IS_WRITTEN = N_("This entry is recorded already. To correct it, open the client's file.")


def ask_for_all(session: Session, track: Track, house: str) -> Outcome:
    """Ask what is common to all, show the list of everybody in the house, and record it once that is chosen."""
    if refused := refuse_early(session, None, Task(track.name, False)):
        return refused
    session.store.require_files_open()
    with session.own_screen():
        print_sentence(FOR_ALL_TITLE, {"house": house, "what": at_once_of(track).text}, bold=True)
        print_sentence(HOW_TO_ANSWER)
        if {*at_once_of(track).ask} & at_once_of(track).each.keys():
            print_sentence(OPEN_IS_AS_LAST)
        common = _ask_common(session, track, house)
        if common is None:
            return Outcome(said=((FOR_ALL_NOTHING_RECORDED, {}),))
        page = _ListPage(session, ForAll.begin(session, track, house, common))
        if not page.asked.rows:
            return Outcome(said=((NOBODY_LIVES_HERE, {"facility": house, "on": day_of(track, common)}),))
        while page.show():
            pass
    return Outcome(said=page.done or ((FOR_ALL_NOTHING_RECORDED, {}),))


def at_once_of(track: Track) -> AtOnce:
    """Return what a track writes for all at once; a track without it is not offered here."""
    if track.at_once is None:
        raise ValueError("the track is not written for all at once")
    return track.at_once


def _ask_common(session: Session, track: Track, house: str) -> dict[str, Any] | None:
    """Return the answers that are common to all; None if the day is left open or the person stops."""
    file = ClientFile(session, house, NO_MONTHS)
    answers, once = AnswersInMemory(file, track.name, {}), at_once_of(track)

    def save(path: str, value: Any) -> Sequence[Finding]:
        answers.save(answers.with_answer(tuple(path.split(".")), value))
        return ()

    def steps() -> list[QuestionStep]:
        around = stay_context(session, file.client, None, session.today)
        asked = fields_asked_beside(track.fields, read_entry(track, answers.facts), around)
        fields = [each for each in asked if each[0] in once.ask]
        drawn = entry_steps(file, track, answers, save, fields=sorted(fields, key=lambda one: once.ask.index(one[0])))
        return [_with_offer(step, once) for step in drawn]

    dialogue = Dialogue(session, f"add {house} {track.name}", steps, lambda: None)
    goes_on = dialogue.ask_open()
    return answers.facts if goes_on and day_field(track) in answers.facts else None


def _with_offer(step: QuestionStep, once: AtOnce) -> QuestionStep:
    """Return the step with the answer that the rulebook offers for it."""
    offer = once.offers.get(step.name)
    return replace(step, offer=step.question.format_answer(offer, screen_language())) if offer else step


@dataclass(repr=False)
class _ListPage:
    """The page with the list; *done* are the sentences about what was done so far, shown when it is left, and *news*
    those about what was done last. Once something *is_recorded*, Enter leaves the list.
    """

    session: Session
    asked: ForAll
    done: FilledSentences = field(default_factory=tuple)
    is_recorded: bool = False
    news: FilledSentences = field(default_factory=tuple)

    @property
    def track(self) -> Track:
        """The track of the entries."""
        return self.asked.track

    def show(self) -> bool:
        """Show the list and do what is chosen; return False if the list is left."""
        speak_of(None)
        clear_screen()
        facts = {"house": self.asked.house, "on": self._day, "what": at_once_of(self.track).text}
        print_sentence(FOR_ALL_OF_DAY, facts, bold=True)
        for sentence, told in self.news:
            print_sentence(sentence, told)
        self.news = ()
        found = write_for_all(self.session, self.asked, self.asked.planned(), check=True).findings
        self._print_findings(found)
        return self._choose(found)

    @cached_property
    def _day(self) -> Any:
        return day_of(self.track, self.asked.common)

    def _choose(self, found: Sequence[Finding]) -> bool:
        """Let the person choose a row or an act; return False if the list is left."""
        rows, planned = self.asked.rows, self.asked.planned()
        unsigned = self.asked.signatures()
        total = sum_of_rows(self.track, [row for row in rows if row.is_written])
        facts = {"count": len(planned), "total": total}
        record = RECORD_FOR_ALL_CLOSED if not planned else RECORD_FOR_ALL if total is None else RECORD_FOR_ALL_SUM
        acts: list[tuple[FilledSentence, Any]] = [((record, facts), self._record)]
        if has_signature_sheet(self.track):
            acts += [((PRINT_SIGNATURE_SHEET, {}), self._print_sheet)]
            signed = ALL_HAVE_SIGNED if unsigned else ALL_HAVE_SIGNED_CLOSED
            acts += [((signed, {"count": len(unsigned)}), self._sign)]
        acts += [((LEAVE_THE_LIST, {}), lambda: False)]
        records = bool(planned) and not self.is_recorded
        first, last = len(rows), len(rows) + len(acts) - 1
        closed: dict[int, FilledSentence] = {} if planned else {first: (NOTHING_IS_RECORDED_IN_LIST, {})}
        closed |= {first: (REFUSED_IN_LIST, {})} if has_refusal(found) else {}
        if has_signature_sheet(self.track) and not unsigned:
            closed |= {first + 2: (NOBODY_SIGNS_NOW, {})}
        chosen = choose_option(
            LIST_ENTER_RECORDS if records else LIST_ENTER_LEAVES,
            [*((LIST_ROW, {"row": text}) for text in self._row_texts()), *(label for label, _ in acts)],
            above=(CHECK_THE_LIST, range(len(rows))),
            by_enter=first if records else last,
            unavailable=closed,
        )
        if chosen is None:
            return False
        return self._change_row(chosen) if chosen < first else bool(acts[chosen - first][1]())

    def _row_texts(self) -> list[str]:
        """Return the rows as lines; where nothing is proposed, the remark stands instead of the values."""
        cells = [self._row_cells(row) for row in self.asked.rows]
        widths = column_widths(cells)
        numbers = {place for place, name in enumerate(at_once_of(self.track).each, 1) if self._is_amount(name)}
        room = screen_size()[0] - 6
        lines = (
            join_cells(row, widths, numbers) if any(row[1:-1]) else join_cells([row[0], row[-1]], [widths[0], 0])
            for row in cells
        )
        return [truncate_line(line.rstrip(), room) for line in lines]

    def _is_amount(self, name: str) -> bool:
        return self.track.fields[name].kind == "som"

    def _row_cells(self, row: ResidentRow) -> list[str]:
        """Return the cells of a row: who she is, each value that is proposed for her, and a remark."""
        facts = {} if row.facts is not None and not row.taken else {**self.asked.common, **facts_of_row(row)}
        values = [self._value(name, facts.get(name)) for name in at_once_of(self.track).each]
        return [client_label(row.resident.client), *values, ", ".join(self._remarks(row))]

    def _value(self, name: str, written: Any) -> str:
        one = self.track.fields[name]
        value = None if written is None else read_field(one, written)
        return "" if value is None else answer_in_words(value, screen_language(), one.codes, long_days=False)

    def _remarks(self, row: ResidentRow) -> list[str]:
        """Return what is to be known of a row: where she is, what she has already, or that she is left out."""
        told, away = [], row.resident.away
        if away:
            told.append(fact_text(name_row_state(self.session, row.resident.client, away)))
        if row.given:
            told.append(sentence_text(ROW_GIVEN_UNSIGNED if awaits_signature(self.track, row) else ROW_GIVEN))
        elif row.facts is None:
            told.append(sentence_text(ROW_NOTHING_OWED if at_once_of(self.track).owes else ROW_NOTHING_BEFORE))
        elif not row.taken:
            told.append(sentence_text(ROW_LEFT_OUT))
        days = 0 if row.given else count_earlier_days(self.track, row, self._day)
        if days:
            told.append(sentence_text(ROW_EARLIER_DAYS, {"days": days}))
        return told

    def _told(self, found: Sequence[Finding]) -> list[Finding]:
        """Return the findings to be shown: that nobody has signed yet is known before the sheet is printed."""
        signs = self.track.sheet.signed if has_signature_sheet(self.track) else ()
        return [one for one in found if not (one.at or one.where).endswith(tuple(f"/{name}" for name in signs))]

    def _print_findings(self, found: Sequence[Finding]) -> None:
        for one in self._told(found):
            facts = {"id": one.record, "finding": finding_text(self.session, one)}
            print_lines([sentence_text(FINDING_OF_CLIENT, facts)], indent="  ! ")

    def _change_row(self, number: int) -> bool:
        """Change a row, or leave it out or include it."""
        row = self.asked.rows[number]
        if row.given:
            self.news = ((ROW_IS_WRITTEN, {}),)
            return True
        if not at_once_of(self.track).each:
            return self._replace_row(number, replace(row, facts=row.facts or {}, taken=not row.taken))
        toggle: FilledSentence = (LEAVE_ROW_OUT if row.taken else TAKE_ROW_IN, {})
        options: list[FilledSentence] = [(CHANGE_ROW, {}), *([toggle] if row.facts is not None else [])]
        chosen = choose_option(CHANGE_ROW_HOW, options, {"who": client_label(row.resident.client)})
        if chosen == 0:
            return self._ask_row(number)
        return chosen is None or self._replace_row(number, replace(row, taken=not row.taken))

    def _replace_row(self, number: int, row: ResidentRow) -> bool:
        rows = [*self.asked.rows]
        rows[number] = row
        self.asked = replace(self.asked, rows=rows)
        return True

    def _ask_row(self, number: int) -> bool:
        """Ask the values of one row again; an amount that was proposed follows its days."""
        row, track = self.asked.rows[number], keep_limits_of_house(self.track, self.asked.house)
        file = ClientFile(self.session, row.resident.client.id)
        answers = AnswersInMemory(file, track.name, {**self.asked.common, **(row.facts or {})})

        def save(path: str, value: Any) -> Sequence[Finding]:
            before = answers.facts
            answers.save(_follow_days(track, before, answers.with_answer(tuple(path.split(".")), value)))
            return ()

        def steps() -> list[QuestionStep]:
            names = {*at_once_of(track).each, *(rule.unless for rule in track.rules if rule.unless)}
            drawn = entry_steps(file, track, answers, save, stay=row.resident.stay)
            return [step for step in drawn if step.name.partition(".")[0] in names]

        clear_screen()
        print_lines([client_label(row.resident.client)], bold=True)
        Dialogue(self.session, f"add {self.asked.house} {track.name}", steps, lambda: None).ask_part(lambda _: True)
        facts = {name: value for name, value in answers.facts.items() if value != self.asked.common.get(name)}
        needed = all(name in answers.facts for name, one in track.fields.items() if one.must)
        return self._replace_row(number, replace(row, facts=facts if needed else None, taken=needed))

    def _record(self) -> bool:
        """Record what is proposed for all; the list is shown again, so that the sheet can be printed and signed."""
        return self._write(self.asked.planned())

    def _sign(self) -> bool:
        """Record that everybody has signed for what she was given that day."""
        return self._write(self.asked.signatures())

    def _write(self, planned: Sequence[Any]) -> bool:
        asked = self.asked
        try:
            said = write_for_all(self.session, asked, planned)
            self.news = said.said
            self.done, self.is_recorded = (*self.done, *said.said), True
        except Conflict as error:
            if error.code != "vault/changed":
                raise
            self.news = ((LIST_CHANGED_MEANWHILE, {}),)
        self.session.reopen()
        new = ForAll.begin(self.session, asked.track, asked.house, asked.common)
        before = {row.resident.client.id: row for row in asked.rows if row.given is None}
        self.asked = replace(new, rows=[_kept(row, before.get(row.resident.client.id)) for row in new.rows])
        return True

    def _print_sheet(self) -> bool:
        """Print the sheet on which everybody signs: what was recorded that day, else what is proposed."""
        from shelterctl.prompts.printing import print_house_sheet  # noqa: PLC0415 - loads the code that makes PDFs

        clear_screen()
        self.news = print_house_sheet(self.session, self.track, self.asked.house, self._day, self.asked.rows)
        self.done = (*self.done, *self.news)
        return True


def _kept(new: ResidentRow, before: ResidentRow | None) -> ResidentRow:
    """Return a row of the list as it was *before*, with what was changed in it, unless her file has changed since."""
    same = before is not None and before.resident.client.facts == new.resident.client.facts
    return before if before is not None and same and new.given is None else new


def _follow_days(track: Track, before: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """Return the answers with the least amount for their days, if the days changed and the amount was the least."""
    once = at_once_of(track)
    spans = [name for name in once.each if track.fields[name].kind == "span"]
    if not (once.owes and spans):
        return now
    was, new = (read_field(track.fields[spans[0]], facts.get(spans[0])) for facts in (before, now))
    if not isinstance(new, Span) or new == was:
        return now
    least = owed_facts(track, was) if isinstance(was, Span) else {}
    kept = {name: now[name] for name in once.each if name in now and now[name] != least.get(name)}
    return {**now, **owed_facts(track, new, kept)}
