"""The questions of an admission: a short reception, her names and children, the checklist in the manual's order, and
the admission itself once nothing that it requires is missing.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from functools import partial
from typing import Any

from shelterctl.act.admit import complete_admission
from shelterctl.act.client_file import judge_admission, judge_checklist
from shelterctl.act.permission import refuse_early
from shelterctl.act.state_in_words import client_state
from shelterctl.act.stay_context import ADMISSION_ACT, stay_context
from shelterctl.core.finding import FilledSentence, FilledSentences, Finding, Outcome, Severity
from shelterctl.core.manual.act import Item
from shelterctl.core.record.occupancy import House
from shelterctl.core.rules.checklist import find_evidence
from shelterctl.core.rules.permission import ADMIT
from shelterctl.core.rules.verbs.persons import Suits
from shelterctl.core.values.days import age_range
from shelterctl.language import Plural, TwoSentences
from shelterctl.prompts import checklist, same_person
from shelterctl.prompts.client_file import ClientFile
from shelterctl.prompts.fields import field_step, file_steps
from shelterctl.prompts.steps import (
    HOW_TO_ANSWER_LISTED,
    PREVIOUS_QUESTION,
    Dialogue,
    QuestionStep,
    finding_text,
    print_how_to_answer,
    waiting_notice,
)
from shelterctl.prompts.void import offer_void
from shelterctl.session import Session
from shelterctl.terminal.questions import Move, ask_question, choose_option, confirm
from shelterctl.terminal.screen import (
    clear_screen,
    line_height,
    print_lines,
    print_sentence,
    screen_language,
    screen_size,
    sentence_text,
    truncate_line,
)
from shelterctl.typed.question import Question
from shelterctl.ui_language import N_, Marked

RECEPTION_HEADING = N_("Reception")
ADULT_MAN = "adult-man"
"""The reason for which a kind of house never admits a person of this sex and age."""

OUTSIDE_THE_SHELTER = N_("{She|He} becomes a client without a stay.")
SHE_IS_RECEIVED = N_(
    "{She|He} is in the house, file {id}; {her|his} admission is not complete yet. You can answer the rest "
    "now or later."
)
ARRIVAL_NOT_ANSWERED = N_(
    "Until you enter the time of {her|his} arrival, {she|he} does not count as being in the house."
)
BIRTH_PATH, FACILITY_PATH, ARRIVAL_PATH, REASON_PATH = (
    "identity.birth_date",
    "facility",
    "received.at",
    "received.provisional_reason",
)
SPECIAL_PATHS = (BIRTH_PATH, FACILITY_PATH, ARRIVAL_PATH, REASON_PATH)
"""Places of her file whose answers do more than fill in a field."""


def is_outside_shelter(file: ClientFile) -> bool:
    """Whether no house of the store may ever admit this client: a man who is too old for each of them."""
    if file.stay is not None:
        return False
    if file.record.get("referral"):
        return True
    houses = file.session.store.shelter.value["facilities"].values()
    return bool(file.value_at("identity.sex")) and all(_is_barred_by_age(file, house["kind"]) for house in houses)


def _is_barred_by_age(file: ClientFile, name: str) -> bool:
    session = file.session
    if (item := _find_item_of_age(session)) is None:
        return False
    house = House(session.rulebook.house_kinds[name], 1, 0)
    found = find_evidence(item, stay_context(session, file.client, None, session.today, house=house))
    admitted = {kind: sex for kind in session.rulebook.house_kinds if (sex := _only_sex_admitted(item, kind))}
    if found.met or file.client.sex in admitted.values():
        return False
    if found.reason == "age-outside" and file.client.birth:  # a child who is too young may be old enough later
        return age_range(file.client.birth, session.today)[0] > int(found.facts["at_most"])
    return found.reason == ADULT_MAN or (found.reason == "no-birth-date" and name in admitted)


def _find_item_of_age(session: Session) -> Item | None:
    """Return the item of admission that says which sex and age a kind of house admits; None where none does."""
    items = session.rulebook.acts[ADMISSION_ACT].items
    return next((item for item in items if any(rule.verb == Suits.word for rule in item.rules)), None)


def _only_sex_admitted(item: Item, kind: str) -> str | None:
    """Return the only sex of adults whom a kind of house admits, by the rules of that item; None where any is."""
    rules = [rule for rule in item.rules if kind in rule.when.get("house", (kind,))]
    params = (one.params for rule in rules for one in rule.rulings)
    return next((one.sex for one in params if isinstance(one, Suits) and one.sex), None)


def reception_steps(file: ClientFile) -> Iterator[QuestionStep]:
    """Yield the questions of reception in the order of the act: a file begins with the first, a stay with her birth."""
    houses = list(file.session.store.shelter.value["facilities"])
    for name in file.session.rulebook.acts[ADMISSION_ACT].asked_in("reception"):
        path = file.session.rulebook.place_of(name)
        if path == BIRTH_PATH:
            file.facility = None if is_outside_shelter(file) else houses[0]
        drawn = (
            _special_step(file, path, houses)
            if path in SPECIAL_PATHS
            else field_step(file, path, (RECEPTION_HEADING, {}))
        )
        if path == FACILITY_PATH and drawn:
            file.facility = file.value_at(FACILITY_PATH)
        if drawn:
            yield drawn
        if not file.record:
            return


def _special_step(file: ClientFile, path: str, houses: Sequence[str]) -> QuestionStep | None:
    """Return the step of a place in SPECIAL_PATHS, or None where it is not asked now.

    Its answer may show that no house can admit the client, begin a stay, or record that she has arrived.
    """
    plain = field_step(file, path, (RECEPTION_HEADING, {}))
    if path == BIRTH_PATH:
        return replace(plain, save=partial(_save_birth, file, houses), after_answer=lambda: _print_if_outside(file))
    if path == FACILITY_PATH:
        return replace(plain, save=partial(_save_facility, file)) if len(houses) > 1 and file.facility else None
    if not (file.facility and (file.stay is None or file.stay.admitted_on is None or file.value_at(ARRIVAL_PATH))):
        return None
    if path == REASON_PATH:
        return plain if file.value_at(ARRIVAL_PATH) else None
    told = partial(print_sentence, SHE_IS_RECEIVED, {"id": file.id}, indent="  ")
    return replace(
        plain, save=partial(_save_arrival, file), after_answer=told, after_part=partial(_print_if_not_arrived, file)
    )


def _save_birth(file: ClientFile, houses: Sequence[str], value: Any) -> tuple[Finding, ...]:
    """Save her birth date, and begin her stay with it if there is only one house and it may admit her."""
    found = file.save_answer("identity.birth_date", value)
    if found or file.stay or len(houses) > 1 or is_outside_shelter(file):
        return found
    return file.save_fragment({"stays": [{"facility": houses[0]}]})


def _save_arrival(file: ClientFile, at: str | None) -> tuple[Finding, ...]:
    """Save the time of her arrival, with the staff member at this device as the one who received her."""
    return file.save_fragment({"received": {"at": at, "by": file.session.staff if at else None}})


def _print_if_not_arrived(file: ClientFile) -> None:
    """Print the consequence of an unanswered arrival."""
    if file.value_at("received.at") is None:
        print_sentence(ARRIVAL_NOT_ANSWERED, indent="  ")


def _print_if_outside(file: ClientFile) -> None:
    """Print that the client cannot have a stay, and why."""
    if is_outside_shelter(file):
        item = _find_item_of_age(file.session)
        why = item.says.get(ADULT_MAN) if item else None
        said = TwoSentences(why, OUTSIDE_THE_SHELTER) if why else OUTSIDE_THE_SHELTER
        print_sentence(said, {"clause": item.history[-1].clause if item else ""}, indent="  ")


def _save_facility(file: ClientFile, code: Any) -> tuple[Finding, ...]:
    """Save the house of her stay; a stay that does not exist yet begins with this answer."""
    if file.stay is None:
        return file.save_fragment({"stays": [{"facility": code}]})
    return file.save_answer("facility", code)


NAMES_HEADING = N_("Names")
LATER_FORMS_HEADING = N_("For later forms; all of this can wait")
CHILDREN_HEADING = N_("Children who came with {her|him}")

CHILD_HINT = N_("Age or date of birth. Enter: no child, or no more children.")
"""The hint at the first question about a child: most women come without one."""

NAME_PATHS = ("identity.first_name", "identity.last_name")
"""Places of her file after which the program asks whether she was here before."""


def name_steps(file: ClientFile) -> Iterator[QuestionStep]:
    """Yield the questions about her names and the other facts that an admission or a signature needs.

    A name that many people do not have, such as a patronymic, is asked once.
    """
    admission, named = file.session.rulebook.acts[ADMISSION_ACT], all(file.value_at(name) for name in NAME_PATHS)
    wanted = {name for item in admission.items for name in item.places}
    for step in file_steps(file, admission.asked_in("names"), (NAMES_HEADING, {})):
        if step.name in NAME_PATHS:
            yield replace(step, after_answer=lambda: same_person.ask_same_person(file))
        else:
            yield replace(step, settled=named and step.name not in wanted)


def later_steps(file: ClientFile) -> Iterator[QuestionStep]:
    """Yield the questions that only later forms need."""
    admission = file.session.rulebook.acts[ADMISSION_ACT]
    earlier = frozenset((*admission.asked_in("reception"), *admission.asked_in("names")))
    items = frozenset(name for item in admission.items for name in item.places)
    yield from file_steps(file, admission.asked_in("later"), (LATER_FORMS_HEADING, {}), earlier | items)


def child_steps(file: ClientFile) -> Iterator[QuestionStep]:
    """Yield the questions about each child who came with her, and the first one about another child.

    Children take up places, so they are asked about before her names.
    """
    rulebook = file.session.rulebook
    asks = [rulebook.place_of(name) for name in rulebook.acts[ADMISSION_ACT].asked_in("children")]
    known = file.value_at("children") or []
    for number in [number for number, child in enumerate(known) if "void" not in child] + [None]:
        child: Mapping[str, Any] = {} if number is None else known[number]
        for path in asks[: 1 if number is None else len(asks)]:
            name = path.rpartition(".")[2]
            question = file.question(path)
            yield QuestionStep(
                f"children.{len(known) if number is None else number}.{name}",
                replace(question, hint=CHILD_HINT, signs=True) if number is None else question,
                child.get(name),
                partial(_save_child_answer, file, number, name),
                (CHILDREN_HEADING, {}),
                settled=number is None or name != asks[0].rpartition(".")[2],
            )


def _save_child_answer(file: ClientFile, number: int | None, name: str, value: Any) -> tuple[Finding, ...]:
    """Save an answer about a child; a new child is recorded as staying with her. The answer no adds no child."""
    if value is False and number is None:
        return ()
    facts = {name: value} if number is not None else {name: value, "stays_with_her": True}
    found = file.save_entry("children", number, facts, again=number is None)
    if number is not None and not found:
        child = file.value_at("children")[number]
        asks = file.session.rulebook.acts[ADMISSION_ACT].asked_in("children")
        if not any(child.get(asked.rpartition(".")[2]) for asked in asks):  # the child has no answers left
            offer_void(file, str(child["id"]))
    return found


ADMIT_NEW_FILE = N_("A new file. After a few answers she counts as received; her name can wait.")
ADMIT_GO_ON_WITH_FILE = N_("File {id}. You go on where you stopped.")
ADMIT_ANSWERS_SAVED = N_("Your answers are saved in file {id}.")
ADMIT_FIRST_ANSWERS_NEEDED = N_("A file needs the sex and one more answer. To leave without a file, type a dot.")
ADMIT_NO_FILE_MADE = N_("No file was made: a file needs the sex and one more answer.")
ADMIT_THINGS_MISSING = Plural(
    N_(
        "Before {she|he} can be admitted, {count} thing is missing (marked *). Type its number to answer; "
        "Enter stops for now."
    ),
    N_(
        "Before {she|he} can be admitted, {count} things are missing (marked *). Type a number to answer; "
        "Enter stops for now."
    ),
    "count",
)
ITEM_GIVEN_BY = N_("({who})")
ADMIT_READY = N_("All conditions of admission are met. Admit {her|him} today, {day}?")
ADMIT_READY_SINCE = N_(
    "All conditions of admission are met. {She|He} came on {came}. Is {she|he} admitted today, {day}? If it "
    "was another day, answer no and enter that day."
)
ADMIT_WHICH_DAY = N_("On which day was {she|he} admitted?")
ADMIT_ENTER_NOT_YET = N_("Enter: not yet.")
ADMIT_NOT_ADMITTED_YET = N_("{She|He} is not admitted yet, though all conditions of admission are met.")
ADMIT_STILL_OPEN = N_("Still open. Type a number to answer; Enter stops for now.")
ADMIT_WHOLE_FILE = N_("{Her|His} file. Type a number to answer or correct; Enter goes back.")
ADMIT_ROW = N_("{line}")
ADMIT_ROW_CLOSED = N_("({line})")
ADMIT_ITEM_DONE = N_("done {on}: {item}")
ADMIT_ITEM_ANSWERED = N_("done: {item}")
ADMIT_ITEM_BEGUN = N_("begun: {item}")
ADMIT_HER = N_("admit {her|him}: all conditions are met")
ADMIT_ASK_ALL_OPEN = N_("all open questions, one after another")
ADMIT_EVERYTHING = N_("everything else, answered questions too")
ADMIT_PRINT = N_("print what is to be signed")
ADMIT_ITEM_FOLLOWS = N_(
    "There is nothing to answer here: this is done as soon as the matter itself is recorded in {her|his} "
    "file. In the menu, open {her|his} file and choose the line about agreements or the one about entries."
)
ENTER_GOES_ON = N_("Press Enter to go on.")


def ask_admission(session: Session, id_: str | None, *, listed: bool = False) -> Outcome:
    """Take someone in at the terminal, or go on with her file; every answer is saved however this ends.

    With *listed*, a client who is in the house already sees the list of open items before any question.
    """
    if refused := refuse_early(session, id_, ADMIT):
        return refused
    file = ClientFile(session, id_)
    session.store  # noqa: B018 - the passphrase is asked before the separate screen opens
    dialogue = Dialogue(
        session,
        f"admit {id_}" if id_ else "admit",
        lambda: list(_admission_steps(file)),
        file.refresh,
        file.take_unsaid_findings,
    )
    printed: list[FilledSentences] = []
    with dialogue.keep_on_interrupt(lambda: _admission_outcome(file, printed).said), session.own_screen():
        if not (listed and file.stay and file.stay.arrived_on):
            print_sentence(ADMIT_GO_ON_WITH_FILE if id_ else ADMIT_NEW_FILE, {"id": file.id}, bold=True)
            print_how_to_answer(listed=True)
            _ask_whether_known(file, dialogue)
            while dialogue.ask_open(lambda: list(_steps_to_ask_first(file))) and file.id is None:
                print_sentence(ADMIT_FIRST_ANSWERS_NEEDED, indent="  ! ")
        _ask_whether_known(file, dialogue)
        numbers: list[str] = []
        while file.id and _ask_open_items(file, dialogue, printed, numbers):
            pass
    return _admission_outcome(file, printed)


def _admission_steps(file: ClientFile) -> Iterator[QuestionStep]:
    """Yield every question, those that the admission requires first."""
    yield from _required_steps(file)
    if file.record:
        yield from checklist.checklist_steps(file, ADMISSION_ACT, _asked_before_checklist(file), gate=False)
        yield from later_steps(file)
        if file.stay is None:
            yield from child_steps(file)


def _required_steps(file: ClientFile) -> Iterator[QuestionStep]:
    yield from reception_steps(file)
    if file.record:
        if file.stay:  # children take up places
            yield from child_steps(file)
        yield from name_steps(file)
        yield from checklist.checklist_steps(file, ADMISSION_ACT, _asked_before_checklist(file), gate=True)


def _steps_to_ask_first(file: ClientFile) -> Iterator[QuestionStep]:
    """Return the questions to ask one after another: before the admission, only those that it requires.

    After the admission, settled questions that it did not need are left out.
    """
    if _is_not_admitted(file):
        return _required_steps(file)
    admitted = file.stay is not None and file.stay.admitted_on is not None
    past = {step.name for step in _required_steps(file) if step.settled and step.current is None} if admitted else ()
    return (step for step in _admission_steps(file) if step.name not in past)


def _is_not_admitted(file: ClientFile) -> bool:
    return file.stay is not None and file.stay.is_open and file.stay.admitted_on is None


def _asked_before_checklist(file: ClientFile) -> frozenset[str]:
    """Return the fields that are asked before the checklist begins."""
    admission = file.session.rulebook.acts[ADMISSION_ACT]
    return frozenset((*admission.asked_in("reception"), *admission.asked_in("names")))


def _ask_whether_known(file: ClientFile, dialogue: Dialogue) -> None:
    """Ask whether she was here before, until it is answered; going back leads to the questions about her name.

    The question returns after an interruption, until her admission is complete.
    """
    while (
        file.id
        and not (file.client.is_struck or (file.stay and file.stay.admitted_on))
        and same_person.ask_same_person(file) is Move.BACK
    ):
        _ask_part(file, dialogue, NAMES_HEADING)


def _ask_open_items(file: ClientFile, dialogue: Dialogue, printed: list[FilledSentences], numbers: list[str]) -> bool:
    """Show what is missing for the admission and what else is open, and do what is chosen; False ends the list.

    *printed* collects sentences about printed papers, which are shown again at the end. *numbers* holds the listed rows
    in order, so that each keeps its number while the person works through them.
    """
    from shelterctl.paper.forms import papers_to_sign  # noqa: PLC0415 - the first question must not wait for it

    session = file.session
    found = _admission_refusals(file)
    if file.stay is None:
        from shelterctl.view.card import first_sentence  # noqa: PLC0415 - only for a client without a stay

        state = session.rulebook.states[str(client_state(session, file.client))]
        print_lines([f"{first_sentence(state['next'], screen_language())}."])
    if _is_not_admitted(file) and not found and ADMIT_HER not in file.said_already:
        file.said_already.add(ADMIT_HER)
        _ask_to_admit(file)
        found = _admission_refusals(file)
        numbers[:] = numbers if _is_not_admitted(file) else []  # the list begins anew once she is admitted
    wrong = {finding.facts.get("item") for finding in found}
    rows = {row["item"]: row for row in judge_checklist(session, file.client)[0]["checklist"]}
    for name in rows.keys() & wrong:  # answered, but refused: still to be answered
        rows[name] = {**rows[name], "state": "open"}
    for finding in found:
        if finding.code != f"admission/{finding.facts.get('item')}":  # the item's own row says that it is missing
            print_lines([finding_text(session, finding)], indent="! ")
    more = [ADMIT_HER] if _is_not_admitted(file) and not found else []
    more += [ADMIT_ASK_ALL_OPEN] if any(step.current is None for step in dialogue.steps()) else []
    more += [ADMIT_EVERYTHING, *([ADMIT_PRINT] if papers_to_sign(session, file.client) else [])]
    _number_options(session, rows, more, numbers)
    options = [_option_text(session, rows, more, name) for name in numbers]
    title, back = ADMIT_THINGS_MISSING if found else ADMIT_STILL_OPEN, dialogue.previous_question()
    chosen = choose_option(title, options, {"count": len(found)}, back=back)
    if chosen is None:
        return False
    if chosen == PREVIOUS_QUESTION:
        dialogue.ask_once_more(str(dialogue.last))
    elif (name := numbers[chosen]) in rows:
        _ask_part(file, dialogue, name, over=name in wrong or rows[name]["state"] != "open")
    elif name in more:
        _do_chosen(file, dialogue, name, printed, rows.keys() & {*numbers})
    return True


def _do_chosen(
    file: ClientFile, dialogue: Dialogue, name: str, printed: list[FilledSentences], listed: Set[str]
) -> None:
    """Do what was chosen below the *listed* items: admit her, ask all that is open, show everything, or print."""
    from shelterctl.prompts import printing  # noqa: PLC0415 - loads the code that makes PDFs

    if name is ADMIT_HER:
        file.said_already.discard(ADMIT_HER)
    elif name is ADMIT_ASK_ALL_OPEN:
        clear_screen()
        print_sentence(HOW_TO_ANSWER_LISTED)
        dialogue.ask_open(lambda: list(_steps_to_ask_first(file)))
    elif name is ADMIT_EVERYTHING:
        _ask_any_part(file, dialogue, listed)
    else:
        printed.append(printing.print_papers(file.session, str(file.id)))
        file.refresh()


def _number_options(
    session: Session, rows: Mapping[str, Mapping[str, Any]], more: Sequence[str], numbers: list[str]
) -> None:
    """Number new rows after those listed; begin the list anew once nothing on it is open."""
    listed = [rows[name] for name in numbers if name in rows]
    if not any(row["state"] == "open" for row in listed):
        numbers.clear()
        listed = []
    fresh = [row for row in rows.values() if row["state"] == "open" and row["item"] not in numbers]
    numbers += [row["item"] for row in _rows_that_fit(session, fresh, listed)]
    numbers += [each for each in more if each not in numbers]


def _option_text(
    session: Session, rows: Mapping[str, Mapping[str, Any]], more: Sequence[str], name: str
) -> FilledSentence:
    """Return a row of the list, in brackets where nothing can be done with it now."""
    if name not in rows:
        return (name, {}) if name in more else (ADMIT_ROW_CLOSED, {"line": Marked(name)})
    facts = _item_facts(session, rows[name])
    if rows[name]["state"] == "not_applicable":
        return ADMIT_ROW_CLOSED, {"line": facts["line"].strip()}
    return ADMIT_ROW, facts


def _ask_any_part(file: ClientFile, dialogue: Dialogue, listed: Set[str]) -> None:
    """Let the person choose from all other parts of her file that have questions, until she goes back."""
    session, asked = file.session, {step.name.partition(":")[0] for step in dialogue.steps()} - listed
    heads = (RECEPTION_HEADING, CHILDREN_HEADING, NAMES_HEADING, LATER_FORMS_HEADING)
    while True:
        clear_screen()
        rows = [row for row in judge_checklist(session, file.client)[0]["checklist"] if row["item"] in asked]
        lines = [*((head, {}) for head in heads), *((ADMIT_ROW, _item_facts(session, row)) for row in rows)]
        chosen = choose_option(ADMIT_WHOLE_FILE, lines)
        if chosen is None:
            return
        _ask_part(file, dialogue, str(heads[chosen]) if chosen < len(heads) else rows[chosen - len(heads)]["item"])


def _rows_that_fit(
    session: Session, rows: Sequence[Mapping[str, Any]], listed: Sequence[Mapping[str, Any]]
) -> Sequence[Mapping[str, Any]]:
    """Return as many rows as fit on the screen beside those *listed*: all that the admission requires, then others."""
    rows = sorted(rows, key=lambda row: not row["gate"])
    lines, taken = (
        [line_height(f"     {_item_facts(session, row)['line']}") for row in those] for those in (rows, listed)
    )
    room = max(screen_size()[1] - 11 - sum(taken), sum(row["gate"] for row in rows))
    return [row for number, row in enumerate(rows) if sum(lines[: number + 1]) <= room or row["gate"]]


def _item_facts(session: Session, row: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the text of an item, with who can provide it if the admission requires it; a done item takes one line."""
    asked = next(each for each in session.rulebook.acts[ADMISSION_ACT].items if each.name == row["item"])
    if row["state"] == "done":
        done = ADMIT_ITEM_DONE if row["on"] else ADMIT_ITEM_ANSWERED
        text = sentence_text(done, {"item": row["text"], "on": row["on"]})
        return {"line": truncate_line(text, screen_size()[0] - 8)}
    if row["gate"]:
        gives = sentence_text(ITEM_GIVEN_BY, {"who": asked.who}) if asked.who else ""
        return {"line": f"* {sentence_text(row['text'])} {gives}".rstrip()}
    text = sentence_text(ADMIT_ITEM_BEGUN, {"item": row["text"]}) if "begun" in row else sentence_text(row["text"])
    return {"line": f"  {text}"}


def _ask_part(file: ClientFile, dialogue: Dialogue, part: str, *, over: bool = True) -> None:
    """Ask the questions of one part, or only the open ones; say so where an item has no questions of its own."""
    item_ = file.session.rulebook.items.get(part)
    places = {name for name in item_.places if name in _asked_before_checklist(file)} if item_ else set()

    def belongs(step: QuestionStep) -> bool:
        return step.name.startswith(f"{part}:") or step.name in places or (step.heading or [""])[0] == part

    own = [step for step in dialogue.steps() if belongs(step)]
    answered = {step.name for step in own if step.current is not None}
    passed = answered if not over and len(answered) < len(own) else ()
    clear_screen()
    print_sentence(HOW_TO_ANSWER_LISTED)
    if not dialogue.ask_part(lambda step: belongs(step) and step.name not in passed):
        print_sentence(ADMIT_ITEM_FOLLOWS)
        choose_option(ENTER_GOES_ON, [])


def _admission_refusals(file: ClientFile) -> list[Finding]:
    """Return the findings that would refuse her admission today; none where no stay of hers waits for it."""
    if not _is_not_admitted(file):
        return []
    found = judge_admission(file.session, file.client, file.session.today)
    return [one for one in found if one.severity is Severity.REFUSE]


def _ask_to_admit(file: ClientFile) -> None:
    """Ask whether to admit her, and on which day, and do it: every condition of admission is met."""
    session, came = file.session, file.stay.arrived_on if file.stay else None
    ready = ADMIT_READY_SINCE if came and came < session.today else ADMIT_READY

    def refuse(day: str) -> FilledSentences:
        found = complete_admission(session, str(file.id), day, check=True).findings
        return [(ADMIT_ROW, {"line": finding_text(session, one)}) for one in found if one.severity is Severity.REFUSE]

    day: object = session.today.isoformat()
    if not confirm(ready, {"day": session.today, "came": came}):
        asked = Question("", ADMIT_WHICH_DAY, "day", hint=ADMIT_ENTER_NOT_YET)
        day = ask_question(asked, session.clock, refuse=refuse).value
    if isinstance(day, Move):
        print_sentence(ADMIT_NOT_ADMITTED_YET)
        return
    for sentence, facts in complete_admission(session, str(file.id), str(day)).said:
        print_sentence(sentence, facts)
    file.refresh()


def _admission_outcome(file: ClientFile, printed: Sequence[FilledSentences]) -> Outcome:
    """Return the outcome shown after the screen is closed: codes only, and the files that were printed."""
    if file.id is None:
        return Outcome(said=((ADMIT_NO_FILE_MADE, {}),))
    data = {"id": file.id, "state": client_state(file.session, file.client)}
    told = [each for said in printed for each in said]
    return Outcome(data=data, said=(*told, waiting_notice(ADMIT_ANSWERS_SAVED, f"admit {file.id}", id=file.id)))
