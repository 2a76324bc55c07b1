"""Fields of tracks as questions: about places of a client's file, or about an entry that is still being written."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from shelterctl.act.stay_context import stay_context
from shelterctl.core.finding import FilledSentence, Finding
from shelterctl.core.manual.field import CLIENTS_REGISTER, Field, Fields, nested_fields
from shelterctl.core.manual.rule import Rule
from shelterctl.core.manual.track import FormPart, Track
from shelterctl.core.money.agreement import printed_line_text
from shelterctl.core.record.client import Stay, value_at
from shelterctl.core.record.entries import Entry, read_entry
from shelterctl.core.record.keyed_groups import is_list_of_groups, list_groups, next_key
from shelterctl.core.rules.compiled import find_violations, rules_in_force
from shelterctl.core.rules.context import Context
from shelterctl.core.rules.names import find_name, find_referenced_entry
from shelterctl.core.rules.verbs.entries import Stands
from shelterctl.core.values.days import read_day
from shelterctl.core.values.facts import Facts
from shelterctl.language import Sentence, Text, format_fact
from shelterctl.prompts.client_file import ClientFile, PendingAnswers
from shelterctl.prompts.named_clients import offer_clients
from shelterctl.prompts.steps import NO_LONGER_A_GUESS, NOTED_AS_GUESS, QuestionStep
from shelterctl.questionnaire import Questionnaire, parse_moment
from shelterctl.terminal.screen import fact_text, screen_language, sentence_text
from shelterctl.typed.question import Question, say_text
from shelterctl.ui_language import N_, SCREEN_LANGUAGES
from shelterctl.view.record import describe_entry

POINTED_ENTRY = N_("{what}, {on} ({entry})")

SaveAnswer = Callable[[str, Any], Sequence[Finding]]
MakeQuestion = Callable[[str, Field], Question]
"""A function that makes the question of a field from its dotted name and the field."""

BY_FIELD = "by"
"""The key of the field that says who did something, and the name of the verb that says who may."""

FILE_ONLY_KINDS = ("parts",)
"""Kinds of field that are too large for one question, so that only a file gives them."""


def file_steps(
    file: ClientFile, names: Sequence[str], heading: FilledSentence, besides: frozenset[str] = frozenset()
) -> Iterator[QuestionStep]:
    """Yield the step of each field that is asked about her, but those *besides*.

    A track name among the *names* stands for all its fields.
    """
    for name in _names_of_fields(file, names):
        if name not in besides and is_field_asked(file, name):
            yield field_step(file, file.session.rulebook.place_of(name), heading)


def field_step(file: ClientFile, path: str, heading: FilledSentence | None = None, **more: Any) -> QuestionStep:
    """Return the step of one place of her file; with it the yes-or-no field that the place marks is saved."""
    question, now, marks = file.question(path), file.value_at(path), file.session.rulebook.places[path].marks
    if marks is None:
        return QuestionStep(path, question, now, partial(_save_with_filled, file, path), heading, **more)
    beside = ".".join((*path.split(".")[:-1], marks))
    if question.signs:
        now = False if now is None and file.value_at(beside) is False else now
        return QuestionStep(path, question, now, partial(_save_signed_day, file, path, marks), heading, **more)
    guess = partial(_mark_guess, file.value_at, file.save_answer, beside)
    return QuestionStep(path, question, now, partial(file.save_answer, path), heading, note_guess=guess, **more)


def _mark_guess(at: Callable[[str], Any], put: SaveAnswer, beside: str, value: Any, guess: bool) -> Sentence | None:
    """Mark a date as a guess if it was given as one; remove the mark for a whole day; return the sentence about it."""
    stands = at(beside)
    if guess:
        return NOTED_AS_GUESS if stands is True or not put(beside, True) else None
    return NO_LONGER_A_GUESS if stands is True and read_day(value) and not put(beside, None) else None


def _save_with_filled(file: ClientFile, path: str, value: Any) -> tuple[Finding, ...]:
    """Save an answer, and with it the fields that the rulebook fills in from the register entry of that code."""
    inside, _, name = path.rpartition(".")
    if value is None or not inside or file.session.rulebook.places[path].kind != "party":
        return file.save_answer(path, value)
    facts = {**(file.value_at(inside) or {}), name: value}
    tracks = [track for track in file.session.rulebook.tracks.values() if track.at == inside]
    filled = {other: said for track in tracks for other, said in _filled_fields(track, facts, file.context, name)}
    return file.save_answer(inside, {name: value, **filled})


def _filled_fields(track: Track, facts: Facts, around: Context, name: str) -> Iterator[tuple[str, Any]]:
    """Yield the fields that the register fills in for the code in the field *name*, each with its value."""
    entry = read_entry(track, facts)
    for other, one in askable_fields(track.fields):
        behind = [each for each in one.enter if one.filled and each.rpartition(".")[0] == name]
        said = next(
            (said for each in behind if (said := find_name(entry, each, around).read(entry, around)) in one.codes), None
        )
        if said is not None:
            yield other, said


def _save_signed_day(file: ClientFile, path: str, marks: str, on: Any) -> tuple[Finding, ...]:
    """Save a day and the yes that it means; a no has no day, and a removed answer has neither."""
    inside, _, name = path.rpartition(".")
    return file.save_answer(inside, {marks: None if on is None else on is not False, name: on or None})


def _names_of_fields(file: ClientFile, names: Sequence[str]) -> Iterator[str]:
    """Yield these names of fields; a track name stands for all its fields that a terminal asks for, in order."""
    for name in names:
        if "." in name:
            yield name
        else:
            below = nested_fields(file.session.rulebook.tracks[name].fields, f"{name}.", _is_asked_by_place)
            yield from (path for path, one in below if _is_asked_by_place(one) and not one.fields)


def _is_asked_by_place(one: Field) -> bool:
    """Whether a terminal asks for a field, or for fields inside it, by place; lists of groups come with an entry."""
    return not (one.by_file or is_list_of_groups(one))


def is_field_asked(file: ClientFile, name: str) -> bool:
    """Whether a field is asked, given the rest of her file."""
    track, _, field = name.partition(".")
    of = file.session.rulebook.tracks[track]
    around = file.context if file.record else stay_context(file.session, file.client, None, file.session.today)
    entry = next(iter(around.entries(track)), read_entry(of, {})) if file.record else read_entry(of, {})
    return find_name(entry, field, around).is_asked(entry, around)


def entry_steps(
    file: ClientFile,
    track: Track,
    answers: PendingAnswers,
    save: SaveAnswer,
    heading: FilledSentence | None = None,
    make_question: MakeQuestion | None = None,
    stay: Stay | None = None,
    fields: Sequence[tuple[str, Field]] | None = None,
) -> Iterator[QuestionStep]:
    """Yield a step for each field of an entry that its other answers call for; today is offered as its day.

    Today is not offered for a day that is still to come, nor for one of several days. An answer that is no longer a
    valid code is asked again. A field that only excuses a broken rule comes last, while the rule is broken. *stay* is
    the stay of the entry, else her current one. With *fields*, only those are asked.
    """
    entry = read_entry(track, list_groups(track.fields, answers.facts))
    around = stay_context(file.session, file.client, stay or file.stay, file.session.today)
    asking = replace(file.questionnaire, day=entry.day or file.session.today)

    def put_with_filled(name: str, value: Any) -> Sequence[Finding]:
        found = save(name, value)
        if not found and value is not None:
            for other, said in _filled_fields(track, list_groups(track.fields, answers.facts), around, name):
                save(other, said)
        return found

    top = _asked_fields(track, entry, around) if fields is None else fields
    for name, one, beside, title, begins in expand_lists_of_groups(top, entry, answers.facts, around):
        asked = (
            make_question(name, one)
            if make_question
            else _field_question(file, asking, track, name, one, beside, around)
        )
        asked = replace(asked, text=_text_under_title(title, asked.text)) if asked and title else asked
        since = next(
            (answers.answer_at(*each.split(".")) for each in one.ahead_of if answers.answer_at(*each.split("."))), None
        )
        asked = replace(asked, since=parse_moment(since)) if asked and since else asked
        for part, to_ask in asking.split_period(asked, one, answers.answer_at(*name.split("."))) if asked else ():
            path = f"{name}.{part}" if part else name
            now = answers.answer_at(*path.split("."))
            offer = fact_text(around.day) if path == track.day and to_ask.kind == "day" and not to_ask.ahead else ""
            offer = offer or offered_answer(file, track, beside, around, name, one, to_ask)
            offer = _offered_entry(track, name, to_ask) if one.kind == "entry" else offer
            offer = "" if begins else offer  # Enter alone must not add a group
            marked = ".".join((*path.split(".")[:-1], one.marks)) if one.marks and one.kind == "partial" else None
            guess = partial(_mark_guess, lambda at: answers.answer_at(*at.split(".")), save, marked) if marked else None
            now, keep = now if _is_still_valid(now, to_ask) else None, partial(put_with_filled, path)
            yield QuestionStep(path, to_ask, now, keep, heading, offer=offer, note_guess=guess)


def offered_answer(
    file: ClientFile, track: Track, entry: Entry, around: Context, name: str, one: Field, question: Question
) -> str:
    """Return the answer that Enter alone gives, or an empty text.

    It is the value that the rulebook names for the field, from her file or a register; for the field of who did it, the
    person at this device.
    """
    for each in one.enter:
        said = find_name(entry, each, around).read(entry, around)
        said = said[0] if isinstance(said, list | tuple) and said else said
        if said is not None and (not question.choices or said in question.choices):
            return question.format_answer(said, screen_language())
    return offered_staff(file, track, entry.written, question) if name == BY_FIELD else ""


def _offered_entry(track: Track, name: str, question: Question) -> str:
    """Return the entry that Enter alone gives: the only one that the track's rules allow the field to name."""
    if len(question.choices) > 1 or not any(_narrowing_rules(track, name)):
        return ""
    return question.format_answer(next(iter(question.choices)), screen_language())


def _narrowing_rules(track: Track, name: str) -> Iterator[Rule]:
    """Yield the rules of a track that limit the entries which its field *name* may name."""
    for rule in track.rules:
        asks = (ruling.params for ruling in rule.rulings)
        if any(isinstance(each, Stands) and each.of == name and (each.same or each.where) for each in asks):
            yield rule


def offered_staff(file: ClientFile, track: Track, facts: Facts, question: Question) -> str:
    """Return the person at this device as the offered answer to who did it, if the track's rules allow that."""
    session, one = file.session, track.fields[BY_FIELD]
    if session.staff not in question.choices or one.of != ("staff",) or one.open:
        return ""
    return (
        question.format_answer(session.staff, screen_language())
        if may_have_done(file, track, facts, BY_FIELD, session.staff)
        else ""
    )


def may_have_done(file: ClientFile, track: Track, facts: Facts, name: str, code: str) -> bool:
    """Whether the rules of a track allow this person in its field *name*, a dotted name."""
    group, _, leaf = name.rpartition(".")
    inside = {**(facts.get(group) or {}), leaf: code} if group else code
    entry = read_entry(track, {**facts, group or leaf: inside})
    around = stay_context(file.session, file.client, file.stay, file.session.today)
    return not any(
        find_violations(rule, entry, around) for rule in track.rules if rule.verb == BY_FIELD and name in rule.names
    )


def _asked_fields(track: Track, entry: Entry, around: Context) -> Iterator[tuple[str, Field]]:
    """Yield the fields that the entry calls for, in order, and last those that excuse a broken rule."""
    excuses = {rule.unless for rule in track.rules if rule.unless}
    wanted = fields_asked_beside(track.fields, entry, around)
    yield from (each for each in wanted if each[0] not in excuses)
    yield from (each for each in wanted if each[0] in excuses and _is_excuse_asked(each[0], track, entry, around))


def _is_excuse_asked(name: str, track: Track, entry: Entry, around: Context) -> bool:
    """Whether this field would excuse a rule that is broken, or is answered already."""
    excusable = [rule for rule in track.rules if rule.unless == name]
    return entry.values.get(name) is not None or any(
        [*rule.find_violations(entry, around, is_excused=False)] for rule in rules_in_force(excusable, entry, around)
    )


def askable_fields(fields: Fields, above: str = "") -> Iterator[tuple[str, Field]]:
    """Yield every field that a terminal asks for, by dotted name; a group is replaced by its fields.

    A list of groups counts as one field.
    """
    for name, one in nested_fields(fields, above, _is_one_group):
        if not (one.by_file or one.kind in FILE_ONLY_KINDS or _is_one_group(one)):
            yield name, one


def _is_one_group(one: Field) -> bool:
    return one.kind == "group" and not (one.several or one.by_file)


def fields_asked_beside(fields: Fields, entry: Entry, around: Context) -> list[tuple[str, Field]]:
    """Return the fields, by dotted name, that a terminal asks for given the rest of the entry."""
    return [each for each in askable_fields(fields) if find_name(entry, each[0], around).is_asked(entry, around)]


class AskedField(NamedTuple):
    """A field that may be asked: its dotted name, and *beside*, the entry or group whose other answers decide that.

    A field of a list of groups has the *title* of its group; the first field of a new group *begins* it.
    """

    name: str
    field: Field
    beside: Entry
    title: Text | None = None
    begins: bool = False


def expand_lists_of_groups(
    fields: Iterable[tuple[str, Field]], entry: Entry, facts: Facts, around: Context, title: Text | None = None
) -> Iterator[AskedField]:
    """Yield these fields of an entry, with each list of groups replaced by the fields asked of each group.

    *facts* are the answers so far, each list as a mapping by key. After the last group comes the first question of a
    new one; the list ends where that question is left open.
    """
    for name, one in fields:
        if not is_list_of_groups(one):
            yield AskedField(name, one, entry, title)
            continue
        groups = value_at(facts, name) or {}
        new = next_key(groups)
        for number, key in enumerate((*groups, new), 1):
            said = groups.get(key) or {}
            group = read_entry(FormPart("", one.text, one.fields, (), ()), list_groups(one.fields, said), outer=entry)
            titled = {language: f"{_under(title, language)}{words} {number}" for language, words in one.text.items()}
            asked = fields_asked_beside(one.fields, group, around)
            inside = expand_lists_of_groups(asked[:1] if key == new else asked, group, said, around, titled)
            for each in inside:
                begins = each.begins or key == new
                yield each._replace(name=f"{name}.{key}.{each.name}", begins=begins)


def _under(title: Text | None, language: str) -> str:
    """Return a title as the beginning of a text under it; an empty text without a title."""
    return f"{format_fact(title, language)}: " if title else ""


def _text_under_title(title: Text, text: Sentence) -> Text:
    """Return the words of a question after the title of its group."""
    return {language: f"{_under(title, language)}{say_text(text, language)}" for language in SCREEN_LANGUAGES}


def _field_question(
    file: ClientFile, asking: Questionnaire, track: Track, name: str, one: Field, entry: Entry, around: Context
) -> Question | None:
    """Return the question of a field.

    For a field that names an entry, her entries that it may name are the choices; None if there are none.
    """
    asked = asking.for_field(one, name)
    asked = replace(asked, clause=asked.clause or track.clause)
    if CLIENTS_REGISTER in one.of:
        return offer_clients(file.session, asked, file.client.id if file.client.home == "house" else None)
    if one.kind != "entry":
        return asked
    hers = dict(_entries_to_point_at(file, one, entry, around))
    for rule in _narrowing_rules(track, name):
        fit = (read_entry(track, {**entry.written, name: id_}) for id_ in hers)
        hers = {
            str(each.written[name]): hers[each.written[name]] for each in fit if not find_violations(rule, each, around)
        }
    return replace(asked, kind="code", choices=hers) if hers else None


def _entries_to_point_at(
    file: ClientFile, one: Field, entry: Entry, around: Context
) -> Iterator[tuple[str, Text | str]]:
    """Yield the entries that a field may name, by id, or the parts of the entry that another field names."""
    for of in one.of:
        first, _, parts = of.partition(".")
        if parts and first in entry.fields:
            whole = find_referenced_entry(entry, first, around)
            on = (whole.day if whole else None) or around.day
            parts_of = (
                [part.definition for part in whole.parts if isinstance(part.definition, FormPart)] if whole else []
            )
            yield from ((part.number, _numbered_line(part, on)) for part in parts_of)
        else:
            for each in around.client_entries(first):
                said = describe_entry(file.session.rulebook, each.where, each.written)
                yield str(each.written["id"]), sentence_text(POINTED_ENTRY, said)


def _numbered_line(part: FormPart, day: date) -> Text:
    """Return a line of a form after its number, as printed."""
    return {language: f"{part.number}: {words}" for language, words in printed_line_text(part, day).items()}


def _is_still_valid(now: Any, question: Question) -> bool:
    """Whether an earlier answer is still a valid answer."""
    listed = now if isinstance(now, list) else [now]
    known = {**question.former, **question.choices}
    return not question.choices or question.open or question.unknown or all(one in known for one in listed)
