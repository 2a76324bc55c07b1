"""The walk-through of an admission: reception in five answers, the checklist in the manual's order, then the gate."""

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any

from shelterctl import ask, screen
from shelterctl.act.file import ADMISSION, judged_admission, state, way
from shelterctl.act.gate import complete
from shelterctl.core.finding import Finding, Outcome, Said, Severity
from shelterctl.core.question import Question
from shelterctl.desk import Desk
from shelterctl.language import N_, Marked, Plural
from shelterctl.walk import item, person, reception, same_person
from shelterctl.walk.remark import remark
from shelterctl.walk.step import BEFORE, HOW_LISTED, Head, Step, Walk, introduce, waits
from shelterctl.walk.table import Table

NEW = N_("A new file. A few answers and she is received; her name can wait.")
AGAIN = N_("File {id}. It goes on where it stood.")
LEFT = N_("What was answered is saved in file {id}.")
NEEDED = N_("A file begins with the sex and one answer more. To leave without one, write a dot.")
NOTHING_YET = N_("No file was made: it begins with the sex and one answer more.")
GATE = Plural(
    N_("{count} thing is missing before she can be admitted, marked *. A number answers it; Enter ends for now."),
    N_("{count} things are missing before she can be admitted, marked *. A number answers one; Enter ends for now."),
    "count",
)
GIVES = N_("({who})")
READY = N_("Everything that the gate asks for is there. Admit her today, {day}?")
READY_SINCE = N_(
    "Everything that the gate asks for is there. She came on {came}. Is today, {day}, the day of her admission? If it "
    "was another day, no asks for it."
)
WHEN = N_("On which day was she admitted?")
NOT_YET = N_("Enter: not yet.")
NOT_NOW = N_("She is not admitted yet; everything that the gate asks for is there.")
OPEN = N_("Still open. A number answers it, Enter ends for now.")
ALL = N_("Her file. A number answers or corrects, Enter goes back.")
ROW = N_("{line}")
NOT_NOW_LINE = N_("({line})")
DONE = N_("done {on}: {item}")
ANSWERED = N_("done: {item}")
BEGUN = N_("begun: {item}")
ADMIT = N_("admit her: everything for that is there")
ON = N_("one question after the other, all that is open")
EVERYTHING = N_("what is answered already, and all the rest")
PRINT = N_("print what is to be signed")
FOLLOWS = N_(
    "There is nothing to answer here: it is done once what it is about is written down in her file. In the menu "
    "agreements have a line there, and so has whatever else is to be written down."
)
ENTER = N_("Enter goes on.")


def walk(here: Desk, id_: str | None, *, listed: bool = False) -> Outcome:
    """Take someone in at the terminal, or go on with her file; whatever ends it, what was answered is saved.

    Where it is *listed*, and she is in the house already, what is open comes before any question.
    """
    table = Table(here, id_)
    here.store  # noqa: B018 - a passphrase is asked before the screen is taken
    going = Walk(here, f"admit {id_}" if id_ else "admit", lambda: list(_steps(table)), table.refresh, table.remarks)
    printed: list[Said] = []
    with going.kept(lambda: _left(table, printed).said), here.alone():
        if not (listed and table.stay and table.stay.arrived_on):
            screen.tell(AGAIN if id_ else NEW, {"id": table.id}, bold=True)
            introduce(listed=True)
            _settle(table, going)
            while going.go(lambda: list(_first(table))) and table.id is None:
                screen.tell(NEEDED, indent="  ! ")
        _settle(table, going)
        numbers: list[str] = []
        while table.id and _gate(here, table, going, printed, numbers):
            pass
    return _left(table, printed)


def _steps(table: Table) -> Iterator[Step]:
    """Every question: what the gate rests on before what can wait."""
    yield from _to_the_gate(table)
    if table.record:
        yield from item.steps(table, ADMISSION, _before(table), gate=False)
        yield from person.rest(table)
        if table.stay is None:
            yield from person.children(table)


def _to_the_gate(table: Table) -> Iterator[Step]:
    yield from reception.steps(table)
    if table.record:
        if table.stay:  # children take up places
            yield from person.children(table)
        yield from person.names(table)
        yield from item.steps(table, ADMISSION, _before(table), gate=True)


def _first(table: Table) -> Iterator[Step]:
    """What is asked one after the other: of whoever is not admitted yet no more than the gate rests on.

    Once she is admitted, what the gate did not need is asked no more.
    """
    if _is_before_the_gate(table):
        return _to_the_gate(table)
    admitted = table.stay is not None and table.stay.admitted_on is not None
    past = {step.name for step in _to_the_gate(table) if step.settled and step.now is None} if admitted else ()
    return (step for step in _steps(table) if step.name not in past)


def _is_before_the_gate(table: Table) -> bool:
    return table.stay is not None and table.stay.open and table.stay.admitted_on is None


def _before(table: Table) -> frozenset[str]:
    """What is asked before the checklist begins."""
    asks = table.here.shelf.acts[ADMISSION].asks
    return frozenset((*asks["reception"], *asks["names"]))


def _settle(table: Table, going: Walk) -> None:
    """Ask whether she was here before, until that is answered; going back leads to the questions of her name.

    Whoever was interrupted there comes back to it, as long as her admission is not complete.
    """
    while (
        table.id
        and not (table.client.struck or (table.stay and table.stay.admitted_on))
        and same_person.ask_whether(table) is ask.Move.BACK
    ):
        _part(table, going, person.NAMES)


def _gate(here: Desk, table: Table, going: Walk, printed: list[Said], numbers: list[str]) -> bool:
    """What is missing for the gate and who can give it, then what else is open; true while something is corrected.

    What is *printed* on the way is kept, to be told again when the screen is gone. *numbers* are the lines that were
    listed, in their order: each keeps its number while she works through them.
    """
    from shelterctl.paper.client import unsigned  # noqa: PLC0415 - whoever is asked the first question waits for no press
    from shelterctl.walk import printing  # noqa: PLC0415

    before = _is_before_the_gate(table)
    found = _refusals(here, table) if before else []
    if table.stay is None:
        from shelterctl.view.card import leading  # noqa: PLC0415 - of whoever has no stay alone

        screen.write([f"{leading(here.shelf.states[str(state(here, table.client))]['next'], screen.spoken())}."])
    if before and not found and ADMIT not in table.seen:
        table.seen.add(ADMIT)
        _admit(here, table)
        found = _refusals(here, table) if table.stay and table.stay.admitted_on is None else []
        numbers[:] = numbers if _is_before_the_gate(table) else []  # once she is admitted the list begins anew
    wrong = {finding.facts.get("item") for finding in found}
    rows = {row["item"]: _standing_open(row, wrong) for row in way(here, table.client)["checklist"]}
    for finding in found:
        if finding.code != f"admission/{finding.facts.get('item')}":  # more than that it is not there yet
            screen.write([remark(here, finding)], indent="! ")
    more = [ADMIT] if _is_before_the_gate(table) and not found else []
    more += [ON] if any(step.now is None for step in going.steps()) else []
    more += [EVERYTHING, *([PRINT] if unsigned(here, table.client) else [])]
    _number(here, rows, more, numbers)
    options = [_line(here, rows, more, name) for name in numbers]
    chosen = ask.choice(GATE if found else OPEN, options, {"count": len(found)}, back=going.before())
    if chosen is None:
        return False
    if chosen == BEFORE:
        going.again(str(going.last))
    elif (name := numbers[chosen]) in rows:
        _part(table, going, name, over=name in wrong or rows[name]["state"] != "open")
    elif name not in more:
        return True
    elif name is ADMIT:
        table.seen.discard(ADMIT)
    elif name is ON:
        screen.clear()
        screen.tell(HOW_LISTED)
        going.go(lambda: list(_first(table)))
    elif name is EVERYTHING:
        _everything(here, table, going, {each for each in numbers if each in rows})
    else:
        printed.append(printing.walk(here, str(table.id)))
        table.refresh()
    return True


def _number(here: Desk, rows: Mapping[str, Mapping[str, Any]], more: Sequence[str], numbers: list[str]) -> None:
    """Give what is new its number behind what is listed; once nothing listed is open any more the list begins anew."""
    listed = [rows[name] for name in numbers if name in rows]
    if not any(row["state"] == "open" for row in listed):
        numbers.clear()
        listed = []
    fresh = [row for row in rows.values() if row["state"] == "open" and row["item"] not in numbers]
    numbers += [row["item"] for row in _fitting(here, fresh, listed)]
    numbers += [each for each in more if each not in numbers]


def _line(here: Desk, rows: Mapping[str, Mapping[str, Any]], more: Sequence[str], name: str) -> Head:
    """A line of the list under its number; in brackets where there is nothing to do with it now."""
    if name not in rows:
        return (name, {}) if name in more else (NOT_NOW_LINE, {"line": Marked(name)})
    line = _row(here, rows[name])
    return (NOT_NOW_LINE, {"line": line["line"].strip()}) if rows[name]["state"] == "not_applicable" else (ROW, line)


def _standing_open(row: Mapping[str, Any], wrong: Set[object]) -> Mapping[str, Any]:
    """An item that is there and would be refused all the same, as one that is still to be answered."""
    return {**row, "state": "open"} if row["item"] in wrong else row


def _everything(here: Desk, table: Table, going: Walk, listed: Set[str]) -> None:
    """Every other part of her file that has questions, answered or not, to be chosen from until she goes back."""
    asked = {step.name.partition(":")[0] for step in going.steps()} - listed
    heads: list[Head] = [(head, {}) for head in (reception.HEAD, person.CHILD, person.NAMES, person.LATER)]
    while True:
        screen.clear()
        rows = [row for row in way(here, table.client)["checklist"] if row["item"] in asked]
        chosen = ask.choice(ALL, [*heads, *((ROW, _row(here, row)) for row in rows)])
        if chosen is None:
            return
        _part(table, going, str(heads[chosen][0]) if chosen < len(heads) else rows[chosen - len(heads)]["item"])


def _fitting(
    here: Desk, rows: Sequence[Mapping[str, Any]], listed: Sequence[Mapping[str, Any]]
) -> Sequence[Mapping[str, Any]]:
    """As many rows as the screen can hold beside those that are *listed*, those of the gate first and whole."""
    rows = sorted(rows, key=lambda row: not row["gate"])
    lines, taken = ([_height(here, row) for row in those] for those in (rows, listed))
    room = max(screen.size()[1] - 11 - sum(taken), sum(row["gate"] for row in rows))
    return [row for number, row in enumerate(rows) if sum(lines[: number + 1]) <= room or row["gate"]]


def _height(here: Desk, row: Mapping[str, Any]) -> int:
    """How many lines of the screen a row takes."""
    return screen.height(f"     {_row(here, row)['line']}")


def _row(here: Desk, row: Mapping[str, Any]) -> Mapping[str, str]:
    """An item whole, and who can give it where the gate asks for it; of one that is done what one line holds."""
    asked = next(each for each in here.shelf.acts[ADMISSION].items if each.name == row["item"])
    if row["state"] == "done":
        done = screen.said(DONE if row["on"] else ANSWERED, {"item": row["text"], "on": row["on"]})
        return {"line": screen.cut(done, screen.size()[0] - 8)}
    if row["gate"]:
        gives = screen.said(GIVES, {"who": asked.who}) if asked.who else ""
        return {"line": f"* {screen.said(row['text'])} {gives}".rstrip()}
    return {"line": f"  {screen.said(BEGUN, {'item': row['text']}) if 'begun' in row else screen.said(row['text'])}"}


def _part(table: Table, going: Walk, part: str, *, over: bool = True) -> None:
    """The questions of one part, or those of it that are open; one that follows from elsewhere has none."""
    item_ = table.here.shelf.items.get(part)
    places = {name for name in item_.places if name in _before(table)} if item_ else set()

    def belongs(step: Step) -> bool:
        return step.name.startswith(f"{part}:") or step.name in places or (step.head or [""])[0] == part

    own = [step for step in going.steps() if belongs(step)]
    answered = {step.name for step in own if step.now is not None}
    passed = answered if not over and len(answered) < len(own) else ()
    screen.clear()
    screen.tell(HOW_LISTED)
    if not going.part(lambda step: belongs(step) and step.name not in passed):
        screen.tell(FOLLOWS)
        ask.choice(ENTER, [])


def _refusals(here: Desk, table: Table) -> list[Finding]:
    """What would refuse her admission today."""
    return [one for one in judged_admission(here, table.client, here.today) if one.severity is Severity.REFUSE]


def _admit(here: Desk, table: Table) -> None:
    """Everything of the gate is there: the admission itself is asked for."""
    came = table.stay.arrived_on if table.stay else None
    ready = READY_SINCE if came and came < here.today else READY
    day = here.today.isoformat() if ask.confirm(ready, {"day": here.today, "came": came}) else None
    while day is None:
        answer = ask.question(Question("", WHEN, "day", hint=NOT_YET), here.clock).value
        if isinstance(answer, ask.Move):
            screen.tell(NOT_NOW)
            return
        admitted = complete(here, str(table.id), answer, check=True)
        if admitted.refused:
            refusals = [each for each in admitted.findings if each.severity is Severity.REFUSE]
            screen.write([remark(here, each) for each in refusals], indent="  ! ")
        day = None if admitted.refused else answer
    for sentence, facts in complete(here, str(table.id), day).said:
        screen.tell(sentence, facts)
    table.refresh()


def _left(table: Table, printed: Sequence[Said]) -> Outcome:
    """What is said when the screen is closed: codes only, and where that lies which was printed."""
    if table.id is None:
        return Outcome(said=((NOTHING_YET, {}),))
    data = {"id": table.id, "state": way(table.here, table.client)["state"]}
    told = [each for said in printed for each in said]
    return Outcome(data=data, said=(*told, waits(LEFT, f"admit {table.id}", id=table.id)))
