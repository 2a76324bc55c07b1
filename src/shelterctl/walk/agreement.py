"""The walk-through of an agreement: heading, then line by line with its cap and what is left of it, then the review."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from shelterctl import ask, screen
from shelterctl.act.perform import agreement_in, put_down, standing, unsignable
from shelterctl.core.agreement import judge, printed
from shelterctl.core.around import Around, is_asked
from shelterctl.core.choice import near
from shelterctl.core.days import read_day
from shelterctl.core.entry import read_entry
from shelterctl.core.finding import Finding, Outcome, Said, refused, softened
from shelterctl.core.record import Facts
from shelterctl.core.signature import for_a_stay
from shelterctl.core.track import Track
from shelterctl.desk import Desk
from shelterctl.language import N_
from shelterctl.paper.mark import meant
from shelterctl.view.agreement import page
from shelterctl.walk.answers import Redo
from shelterctl.walk.draft import Draft
from shelterctl.walk.line import line_steps
from shelterctl.walk.remark import opened, stays_open, wrong
from shelterctl.walk.signature import later
from shelterctl.walk.sitting import Page, choose, sit
from shelterctl.walk.step import Head, Step, Walk, waits
from shelterctl.walk.table import Table

TITLE = N_("File {id}: {form}")
FOR_A_STAY = N_("This form is for a stay in a house, and this client has none: it can be saved, but not signed.")
HEADING = N_("Heading")
REVIEW = N_("The agreement as it would be saved. A number changes a part of it.")
LINE = N_("{line}  {amount} som  {text}")
TOTAL = N_("Together {total} som: {words}")
IN_HER_FILE = N_("What belongs to her file is answered there.")
SAVE = N_("save it as a draft")
ROW = N_("{line}")
OTHER = N_("another line of the form")
WHICH_LINE = N_("Which line? Its number as printed on the form, such as 1a; Enter goes back.")
NO_LINE = N_("The form has no line of that number. Which one is meant? Enter goes back.")
NUMBERED = N_("{line}  {text}")
KEPT = N_("The answers are kept.")
BEGIN = N_("The lines come when the agreement has its date.")

FIRST, LAST = ("number", "ngo"), ("ngo_representative", "iom_representative", "drafted_by", "place")
"""The heading that every form has, before and after what only this one has."""


def walk(here: Desk, id_: str, form: Track, number: str | None) -> Outcome:
    """Ask for an agreement at the terminal, show it whole, and save it as a draft."""
    table = Table(here, id_)
    paper = Draft(table, form, number)
    going = Walk(here, f"agreement {id_} --form {form.name}", lambda: list(_steps(paper)), table.refresh)
    facts = {"id": table.id, "form": form.text}
    kept = Outcome(data={"id": table.id}, said=(waits(KEPT, f"agreement {table.id} --form {form.name}"),))
    without = for_a_stay(form) and table.stay is None
    opening: Said = ((TITLE, facts), (FOR_A_STAY, {})) if without else ((TITLE, facts),)
    return sit(going, opening, kept, partial(_reviewed, paper, going))


def _steps(paper: Draft) -> Iterator[Step]:
    table, facts = paper.table, paper.answers.facts
    head: Head = (HEADING, {})

    def asked(name: str, offer: str = "") -> Step:
        question = table.question(f"agreement.{name}")
        return Step(name, question, paper.answers.at(name), partial(paper.put, (name,)), head, offer=offer)

    day = screen.shown(paper.here.today)
    yield asked("date", offer=day)
    for name in FIRST:
        yield asked(name, offer=_house_ngo(paper) if name == "ngo" else "")
    yield from _own(paper, head)
    for name in LAST:
        yield asked(name)
    if read_day(facts.get("date")):
        yield from line_steps(paper)


def _own(paper: Draft, head: Head) -> Iterator[Step]:
    """The heading that only this form has, as far as it is asked beside what is answered already."""
    entry, around = read_entry(paper.form, paper.answers.facts), Around(day=paper.here.today, client=paper.table.client)
    asking = paper.table.questionnaire
    for name in paper.form.own:
        one = paper.form.fields[name]
        wanted = is_asked(entry, name, around)
        drawn = asking.inside(asking.of_form(paper.form, name), one, paper.answers.at(name)) if wanted else ()
        offer = _contract(paper) if name == "contract_date" else ""
        for part, question in drawn:
            path = (name, part) if part else (name,)
            yield Step(".".join(path), question, paper.answers.at(*path), partial(paper.put, path), head, offer=offer)


def _house_ngo(paper: Draft) -> str:
    """The NGO that manages her house, else the only one that is registered."""
    stay = paper.table.stay
    house = paper.here.store.shelter.value["facilities"].get(stay.facility if stay else None) or {}
    known = list(paper.here.store.ngos)
    return str(house.get("ngo") or (known[0] if len(known) == 1 else ""))


def _contract(paper: Draft) -> str:
    """The date of the NGO's contract, as it is registered."""
    ngo = paper.here.store.ngos.get(paper.answers.facts.get("ngo") or _house_ngo(paper)) or {}
    dated = read_day((ngo.get("contract") or {}).get("dated"))
    return screen.shown(dated) if dated else ""


def _reviewed(paper: Draft, going: Walk) -> Outcome | None:
    """The whole agreement once more, and what is to become of it; None while it is still being changed."""
    table, here, form = paper.table, paper.here, paper.form
    screen.clear()
    if read_day(paper.answers.facts.get("date")) is None:
        kept = waits(KEPT, f"agreement {table.id} --form {form.name}")
        return Outcome(data={"id": table.id}, said=((BEGIN, {}), kept))
    whole = standing(table.client, form, paper.answers.facts, paper.before)
    asked = agreement_in(here, table.client, form, whole, False)
    findings = judge(asked)
    shown = page(here, table.client, asked, words=True)
    screen.tell(TOTAL, {"total": shown["total"], "words": shown["words"]}, bold=True)
    wrong(here, findings)
    left = (*findings, *_before_signing(paper, whole, findings))
    opened(here, left)
    if stays_open(left):
        screen.tell(IN_HER_FILE)

    def save() -> Outcome:
        held = here.store.read(str(table.id))
        return _saved(paper, put_down(here, table.client, held, whole, paper.before, shown, findings, asked))

    paged = Page((SAVE, {}), not refused(findings), stays_open(left), REVIEW)
    return choose(table, going, paged, save, paper.answers, _parts(paper, going, shown))


def _before_signing(paper: Draft, whole: Facts, findings: Sequence[Finding]) -> Sequence[Finding]:
    """What only its signature would be refused for, as open: it is told before somebody prints it to be signed."""
    told = {(one.code, one.where) for one in findings}
    found = unsignable(paper.here, paper.table.client, paper.form, whole)
    return softened(one for one in found if (one.code, one.where) not in told)


def _parts(paper: Draft, going: Walk, shown: Mapping[str, Any]) -> Iterator[Redo]:
    """The heading, each line with its amount, and whatever other line the form has."""
    yield "heading", (HEADING, {}), partial(_again, going, lambda step: not step.name.startswith("line "))
    for line in shown["lines"]:
        amount = screen.shown(line["amount"]) if line["amount"] else "?"
        told = screen.said(LINE, {"line": f"{line['line']:>3}", "amount": f"{amount:>10}", "text": line["text"]})
        row = {"line": screen.cut(told, screen.size()[0] - 8)}
        yield f"line {line['line']}", (ROW, row), partial(_again, going, partial(_of_line, line["line"]))
    yield "other", (OTHER, {}), partial(_one_line, paper, going)


def _of_line(number: str, step: Step) -> bool:
    return step.name.startswith(f"line {number}.")


def _again(going: Walk, belongs: Callable[[Step], bool]) -> None:
    screen.clear()
    going.part(belongs)


def _one_line(paper: Draft, going: Walk) -> None:
    """One line of the form, by the number that is printed on it, by words of it, or chosen from them all."""
    day = read_day(paper.answers.facts.get("date")) or paper.here.today
    standing = (part for number in paper.form.parts if (part := paper.form.standing(number, day)))
    texts = {part.number: screen.shown(printed(part, day)) for part in standing}
    screen.tell(WHICH_LINE, bold=True)
    if not (typed := ask.line()):
        return
    number = meant(typed, texts)
    if number is None:
        fits = near(typed, {each: [text] for each, text in texts.items()}) or list(texts)
        rows = [screen.said(NUMBERED, {"line": f"{each:>3}", "text": texts[each]}) for each in fits]
        chosen = ask.choice(NO_LINE, [(ROW, {"line": screen.cut(row, screen.size()[0] - 8)}) for row in rows])
        number = None if chosen is None else fits[chosen]
    if number is not None:
        _again(going, partial(_of_line, number))


def _saved(paper: Draft, saved: Outcome) -> Outcome:
    """That it is saved, and whether it is printed now; the rest was on the screen just now."""
    if refused(saved.findings):
        return saved
    from shelterctl.walk import printing  # noqa: PLC0415 - what prints is of use once something is saved

    id_ = str(paper.table.id)
    screen.clear()
    for sentence, facts in saved.said:
        screen.tell(sentence, facts, bold=True)
    said = printing.offered(paper.here, id_, saved.data.get("agreement_id"))
    return Outcome(data={"id": id_}, said=(*saved.said, *(said or (later(paper.form.name, id_),))))
