"""The items of an act as questions. The rules of an item in the rulebook say which places of her file it needs; an
entry that an item still needs can be written from there.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from shelterctl.act.admit import tracks_meeting_item
from shelterctl.act.client_file import judge_admission, judge_tracks_at
from shelterctl.act.input import Input
from shelterctl.act.stay_context import admission_context
from shelterctl.core.finding import Finding, Severity
from shelterctl.core.manual.act import Item
from shelterctl.core.manual.field import COORDINATOR_TITLE
from shelterctl.core.manual.rule import ruling_in_force
from shelterctl.core.manual.track import ITEM_DAY, Track
from shelterctl.core.record.entries import read_entry
from shelterctl.core.rules.checklist import (
    BegunEntry,
    find_begun_entries,
    find_evidence,
    find_file_violations,
    given_days,
    is_item_asked,
    lacking_tracks,
    required_answers,
)
from shelterctl.core.values.facts import Facts
from shelterctl.language import format_sentence
from shelterctl.prompts.client_file import LACKING_CODES, ClientFile
from shelterctl.prompts.fields import field_step, is_field_asked, offered_answer, offered_staff
from shelterctl.prompts.steps import QuestionStep, finding_text
from shelterctl.prompts.void import offer_void
from shelterctl.terminal.screen import clear_screen, print_lines, print_sentence, sentence_text
from shelterctl.typed.question import Question
from shelterctl.typed.words import YES_NO_WORDS
from shelterctl.ui_language import N_, SCREEN_LANGUAGES

WANTED_NOT_WRITTEN = N_("Not written down yet: {what}")
WRITE_ENTRY_NOW, WRITE_ENTRY_LATER = N_("write it down now"), N_("later")
WANTED_BEGUN = N_("Begun: {what}, {on}. Still missing: {lacks}")
WANTED_BEGUN_COMPLETE = N_("Begun: {what}, {on}")
WANTED_ANSWERS_WAIT = N_("Begun, not written down yet: {what}")
WANTED_ENDS_OPEN = N_("Still open: {what}, {on}. Not filled in: {lacks}")
FILL_IN_NOW, FILL_IN_THAT_ENTRY = N_("fill it in now"), N_("fill in the entry of {on}, {entry}")
WANTED_GO_ON = N_("go on with these answers")
WRITE_NEW_ENTRY = N_("write a new one")
WAITING_CHOICE, NEW_CHOICE, LATER_CHOICE = "waiting", "new", "later"
"""Choices at an entry that is begun, besides the ids of entries."""


def wanted_entry_steps(file: ClientFile, item: Item) -> Iterator[QuestionStep]:
    """Yield, for each track of which an item still needs an entry, the question whether to write it now.

    An entry that is begun can be completed, or a new one written beside it.
    """
    held = file.context
    evidence = find_evidence(item, held)
    missing, half = (lacking_tracks(item, evidence), find_begun_entries(evidence, held)) if file.id else ((), [])
    tracks = {track.name: track for track in tracks_meeting_item(file.session.rulebook, item) if track.name in missing}
    for name in dict.fromkeys((*tracks, *(one.track.name for one in half if one.must_end))):
        its = [one for one in half if one.track.name == name]
        track = its[0].track if its else tracks[name]
        what = {
            spoken: format_sentence(WANTED_NOT_WRITTEN, {"what": track.text}, spoken) for spoken in SCREEN_LANGUAGES
        }
        asked = Question("", what, "yes_no", choices={True: WRITE_ENTRY_NOW, False: WRITE_ENTRY_LATER})
        if its:
            lines = [{spoken: _begun_text(one, spoken) for spoken in SCREEN_LANGUAGES} for one in its]
            more = {spoken: " ".join(line[spoken] for line in lines[1:]) for spoken in SCREEN_LANGUAGES}
            choices = _begun_choices(its)
            asked = Question("", lines[0], "code", hint=sentence_text(more), choices=choices, also=_yes_and_no(choices))
        yield QuestionStep(name, asked, None, partial(_write_entry, file, item, track, its))


def _begun_text(one: BegunEntry, spoken: str) -> str:
    begun = WANTED_ENDS_OPEN if one.must_end else WANTED_BEGUN if one.lacks else WANTED_BEGUN_COMPLETE
    sentence = WANTED_ANSWERS_WAIT if one.entry is None else begun
    return format_sentence(sentence, {"what": one.track.text, "on": one.on or "?", "lacks": one.lacks}, spoken)


def _begun_choices(its: Sequence[BegunEntry]) -> Mapping[Any, Any]:
    """Return the choices at entries that are begun: complete an unsigned one, write a new one, or later."""
    open_ = [one for one in its if one.entry and not one.is_signed]
    of = FILL_IN_NOW if len(open_) == 1 else FILL_IN_THAT_ENTRY
    named = {
        str(one.entry): {
            spoken: format_sentence(of, {"on": one.on or "?", "entry": one.entry}, spoken)
            for spoken in SCREEN_LANGUAGES
        }
        for one in open_
    }
    waiting = {WAITING_CHOICE: WANTED_GO_ON} if any(one.entry is None for one in its) else {}
    return {
        **waiting,
        **named,
        **({} if its[0].must_end else {NEW_CHOICE: WRITE_NEW_ENTRY}),
        LATER_CHOICE: WRITE_ENTRY_LATER,
    }


def _yes_and_no(choices: Collection[Any]) -> Mapping[Any, Sequence[str]]:
    """Return the words for yes and no by choice.

    No means later. Yes means the one thing that can be done now; it has no meaning where there are several.
    """
    now = [one for one in choices if one not in (NEW_CHOICE, LATER_CHOICE)] or [NEW_CHOICE]
    return {LATER_CHOICE: YES_NO_WORDS[False], **({now[0]: YES_NO_WORDS[True]} if len(now) == 1 else {})}


def _write_entry(
    file: ClientFile, item: Item, track: Track, its: Sequence[BegunEntry], chosen: object
) -> Sequence[Finding]:
    """Ask the questions of an entry that is chosen to be written now, then go back to the checklist.

    For an entry that is begun only its missing answers are asked, or the act that it still lacks is done.
    """
    if chosen in (False, LATER_CHOICE):
        return ()
    from shelterctl.prompts import add, entry_act  # noqa: PLC0415 - needed only where an entry is written now

    session, her = file.session, str(file.id)
    one = next((each for each in its if each.entry is not None and each.entry == chosen), None)
    act = next(
        (name for name, each in track.entry_acts.items() if one and one.names[0].startswith(f"{each.writes}.")), None
    )
    if one and act:
        ended = entry_act.ask_act(session, her, track, act, Input({}, (), None), one.entry)
    elif one:
        ended = add.ask_entry(session, her, track, one.entry, only=one.names)
    else:  # goes on with kept answers, or begins a new entry
        ended = add.ask_entry(session, her, track, given=required_answers(item, track.name, file.context))
    file.refresh()
    clear_screen()
    for sentence, facts in ended.said:
        print_sentence(sentence, facts)
    return ended.findings


DAY_IT_CAME = N_("The day on which it came.")
ITEM_DONE_QUESTION = N_("Done on")
ITEM_ANSWERED_NO = N_("One answer is no, so this stays open: {item}.")
ITEM_COMPLETE = N_("Complete: {item}.")
ITEM_STAYS_OPEN = N_("Saved, but this stays open: {what}")
COORDINATOR_AS_WRITTEN = str(COORDINATOR_TITLE)

ENTRY_STAYS_AS_IT_IS = N_("The entry stays as it is.")

EXCUSED_REASON = "minor-without-reason"
"""The reason of a violation that a written explanation excuses; the explanation is asked for only then."""


def checklist_steps(
    file: ClientFile, name: str, asked_already: frozenset[str] = frozenset(), *, gate: bool | None = None
) -> Iterator[QuestionStep]:
    """Yield every question of the checklist of act *name* in the manual's order, but those in *asked_already*.

    *gate* limits them to the items that refuse the act (True) or to the others (False).
    """
    day = file.stay.admitted_on if file.stay and file.stay.admitted_on else file.session.today
    for item in file.session.rulebook.acts[name].items:
        ruling = ruling_in_force(item.history, day)
        if ruling and gate not in (None, bool(ruling.params.get("gate"))):
            continue
        if ruling and is_item_asked(item, admission_context(file.session, file.client, day, count=False)):
            settled = find_evidence(item, file.context).met
            drawn = _limit_to_begun(item, list(_item_steps(file, item, asked_already)), settled)
            told = len(drawn) > 1 or (
                item.tracks and not item.may_be_given
            )  # an item of a single day needs no line about its result
            last = partial(_print_item_result, file, item) if told else None
            for step in drawn:
                yield replace(
                    step,
                    name=f"{item.name}:{step.name}",
                    heading=(item.text, {}),
                    clause=ruling.clause,
                    after_part=last,
                    settled=settled,
                )


def _limit_to_begun(item: Item, steps: list[QuestionStep], settled: bool) -> list[QuestionStep]:
    """Return only the first question of an item that has not begun, else all its questions."""
    begun = settled or bool(item.papers) or any(step.current not in (None, False) for step in steps)
    return steps if begun else steps[:1]


def _item_steps(file: ClientFile, item: Item, asked_already: frozenset[str]) -> Iterator[QuestionStep]:
    if item.may_be_given:
        yield from _done_steps(file, item)
    elif item.papers:
        yield from _iom_paper_steps(file, item)
        yield from _instruction_steps(file)
    else:
        yield from wanted_entry_steps(file, item)
    rulebook = file.session.rulebook
    for name in item.places:
        path = rulebook.place_of(name)
        if name in asked_already or not is_field_asked(file, name):
            continue
        if _is_needless_excuse(file, item, name) or _is_answered_with_another(file, item, name):
            continue
        yield field_step(file, path, offer=_offered_at_place(file, name, path, file.question(path)))


def _is_answered_with_another(file: ClientFile, item: Item, name: str) -> bool:
    """Whether the answer to another place of the item answers this one as well."""
    inside, _, last = name.rpartition(".")
    places = file.session.rulebook.places
    beside = (file.session.rulebook.place_of(each) for each in item.places if each.rpartition(".")[0] == inside)
    return any(places[path].marks == last for path in beside if places[path].kind == "day")


def _is_needless_excuse(file: ClientFile, item: Item, name: str) -> bool:
    """Whether a place only excuses the violation of a rule, and that rule is kept."""
    excused = [rule for rule in item.rules if rule.unless == name]
    if not excused or file.value_at(file.session.rulebook.place_of(name)) is not None:
        return False
    held = file.context
    return not any(one.reason == EXCUSED_REASON for rule in excused for one in find_file_violations(rule, held))


def _offered_at_place(file: ClientFile, place: str, path: str, question: Question) -> str:
    """Return the answer that Enter alone gives at a place of her file, or an empty text."""
    first, _, name = place.partition(".")
    track, around = file.session.rulebook.tracks[first], file.context
    entry = next(iter(around.entries(first)), read_entry(track, {}))
    return offered_answer(file, track, entry, around, name, file.session.rulebook.places[path], question)


def _done_steps(file: ClientFile, item: Item) -> Iterator[QuestionStep]:
    """Yield the questions about an item that a day completes, unless entries complete it already."""
    held = file.context
    if find_evidence(item, held).met and not given_days(item, held):
        return
    entries = file.value_at("done") or []
    number, entry = _find_entry(entries, "item", item.name)
    facts: dict[str, Any] = {} if number is not None else {"item": item.name}
    question = replace(file.question("done.on"), text=ITEM_DONE_QUESTION)
    yield QuestionStep(
        "done", question, entry.get("on"), partial(_save_entry_answer, file, "done", number, facts, "on")
    )
    if number is not None:
        who = file.question("done.by")
        offer = offered_staff(file, file.session.rulebook.track_for(ITEM_DAY), entry, who)
        save = lambda code: file.save_entry("done", number, {"by": code})  # noqa: E731
        yield QuestionStep("done.by", who, entry.get("by"), save, offer=offer)


def _iom_paper_steps(file: ClientFile, item: Item) -> Iterator[QuestionStep]:
    """Yield the question about the day on which each kind of IOM paper came."""
    known = file.value_at("iom.documents") or []
    names = file.question("iom.documents.kind").choices
    for kind in item.papers:
        number, entry = _find_entry(known, "kind", kind)
        facts: dict[str, Any] = {} if number is not None else {"kind": kind, "by": COORDINATOR_AS_WRITTEN}
        question = replace(file.question("iom.documents.on"), text=names[kind], hint=sentence_text(DAY_IT_CAME))
        yield QuestionStep(
            kind, question, entry.get("on"), partial(_save_entry_answer, file, "iom.documents", number, facts, "on")
        )


def _instruction_steps(file: ClientFile) -> Iterator[QuestionStep]:
    """Yield the questions about the last instruction of the NGO Coordinator; another status is another instruction."""
    given = file.value_at("iom.instructions") or []
    last = file.client.instruction
    number = next((n for n, entry in enumerate(given) if last is not None and entry["id"] == last["id"]), None)
    head = {"on": file.session.today.isoformat(), "by": COORDINATOR_AS_WRITTEN}
    yield QuestionStep(
        "iom.instructions.status",
        file.question("iom.instructions.status"),
        last["status"] if last else None,
        partial(_save_entry_answer, file, "iom.instructions", None, head, "status"),
    )
    for name in ("on", "needs") if last else ():
        yield QuestionStep(
            f"iom.instructions.{name}",
            file.question(f"iom.instructions.{name}"),
            (last or {}).get(name),
            partial(_save_entry_answer, file, "iom.instructions", number, {}, name),
        )


def _find_entry(entries: Sequence[Facts], name: str, value: str) -> tuple[int | None, Facts]:
    """Return the live entry whose field *name* has that value, with its number in the list.

    Without such an entry it returns None and no facts.
    """
    for number, entry in enumerate(entries):
        if entry.get(name) == value and "void" not in entry:
            return number, entry
    return None, {}


def _save_entry_answer(
    file: ClientFile, path: str, number: int | None, facts: Mapping[str, Any], name: str, value: Any
) -> tuple[Finding, ...]:
    """Save one answer of an entry; removing the answer offers to strike the entry through instead."""
    if value is None and number is not None:
        struck = offer_void(file, str(file.value_at(path)[number]["id"]))
        stays = Finding(code="fragment/cannot-remove", message=ENTRY_STAYS_AS_IT_IS, where="/" + path)
        return () if struck else (stays,)
    return file.save_entry(path, number, {**facts, name: value})


def findings_at(file: ClientFile, *places: str) -> Iterator[Finding]:
    """Yield the findings at these places of her file that refuse her admission or stay open after it."""
    if file.stay is None:
        return
    root, session = f"/stays/{file.stay.index}/", file.session
    its = {place.rpartition(".")[0] for place in places} | {*places}
    names = [track.name for track in session.rulebook.tracks_with_rules if track.at in its]
    of_tracks = judge_tracks_at(session, file.client, names, (root,), is_shown=True)
    open_yet = [one for one in of_tracks if one.severity is Severity.OPEN or one.code in LACKING_CODES]
    day = file.stay.admitted_on or session.today
    for finding in (*judge_admission(session, file.client, day, count=False), *open_yet):
        where = finding.where.removeprefix(root).replace("/", ".")
        if any(where == place or where.startswith(f"{place}.") for place in places):
            yield finding


def _print_item_result(file: ClientFile, item: Item) -> None:
    """Print once that an item is complete, or each time what stays open after its answers.

    Findings shown with the last answer are not repeated. An item with an open finding is not called complete.
    """
    there = find_evidence(item, file.context).met
    number, _ = _find_entry(file.value_at("done") or [], "item", item.name)
    done = [] if number is None else [f"done.{number}"]
    if there and (found := [*findings_at(file, *map(file.session.rulebook.place_of, item.places), *done)]):
        unsaid = [finding_text(file.session, one) for one in found if one not in file.said_of_last_answer]
        print_lines([sentence_text(ITEM_STAYS_OPEN, {"what": text}) for text in unsaid], indent="  ! ")
    elif there and item.name not in file.said_already:
        file.said_already.add(item.name)
        print_sentence(ITEM_COMPLETE, {"item": item.text}, indent="  ")
    elif False in (file.value_at(file.session.rulebook.place_of(name)) for name in item.names):
        print_sentence(ITEM_ANSWERED_NO, {"item": item.text}, indent="  ! ")
