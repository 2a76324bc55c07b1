"""The questions of an agreement: its heading, then each line with its cap and the amount left under it. The form and
the manual judge every answer, and the whole agreement is shown before it is saved as a draft.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from shelterctl.act.agreement import (
    agreement_content,
    agreement_in_context,
    draft_agreement,
    find_signature_refusals,
    find_stay_id,
    save_agreement,
)
from shelterctl.act.permission import refuse_early
from shelterctl.core.finding import (
    FilledSentence,
    FilledSentences,
    Finding,
    Outcome,
    Severity,
    has_refusal,
    soften_findings,
)
from shelterctl.core.manual.field import Field
from shelterctl.core.manual.role import Task
from shelterctl.core.manual.rule import Measure
from shelterctl.core.manual.track import FormPart, Track
from shelterctl.core.money.agreement import (
    AMOUNT_KEY,
    Agreement,
    cap_and_remainder,
    find_draft,
    is_for_stay,
    judge_agreement,
    line_number,
    printed_line_text,
    read_line,
)
from shelterctl.core.record.entries import read_entry
from shelterctl.core.rules.context import Context
from shelterctl.core.rules.names import FIELD_ASKED, find_name
from shelterctl.core.rules.verbs.amounts import Amount
from shelterctl.core.values.days import read_day
from shelterctl.core.values.facts import Facts
from shelterctl.form_notation import find_line_number
from shelterctl.prompts.client_file import ClientFile, PendingAnswers
from shelterctl.prompts.fields import entry_steps
from shelterctl.prompts.fill_in import JudgedAnswers, PaperToFill, ReviewRow
from shelterctl.prompts.sign import later_notice
from shelterctl.prompts.steps import (
    Dialogue,
    QuestionStep,
    finding_text,
    has_open_findings,
    waiting_notice,
)
from shelterctl.session import Session
from shelterctl.terminal.questions import ask_line, choose_option
from shelterctl.terminal.screen import (
    clear_screen,
    fact_text,
    print_lines,
    print_sentence,
    screen_size,
    sentence_text,
    truncate_line,
)
from shelterctl.typed.choices import find_near_lines
from shelterctl.typed.dates import WRITE_MONTHS
from shelterctl.typed.question import Question
from shelterctl.ui_language import N_
from shelterctl.view.agreement import agreement_as_data

AGREEMENT_REVIEW = N_("The agreement as it would be saved. Type a number to change a part.")
OVER_CAP_CODES = ("agreement/over-cap", "agreement/over-cap-together")
UNREADY_CODES = ("missing-key", "no-amount")
"""Endings of the codes of findings that only say that a line is not fully asked yet."""


class AgreementToFill(PaperToFill):
    """An agreement while it is filled in: its answers, and the findings of the form and the manual about them."""

    title = AGREEMENT_REVIEW

    def __init__(self, file: ClientFile, form: Track, number: str | None) -> None:
        drafts = [facts for facts in file.client.agreements if facts["form"] == form.name and "signed" not in facts]
        named = [facts for facts in drafts if number is None or facts.get("number") == number]
        begin = agreement_content(named[0]) if len(named) == 1 else {}
        self._begun_from = named[0]["id"] if len(named) == 1 else None
        answers = PendingAnswers(file, form.name, begin, {"number": number} if number else {})
        super().__init__(file, answers, f"agreement {file.id} --form {form.name}")
        self.form = form
        for_stay: FilledSentences = ((AGREEMENT_NEEDS_STAY, {}),) if is_for_stay(form) and file.stay is None else ()
        self.opening = ((AGREEMENT_TITLE, {"id": file.id, "form": form.text}), *for_stay)
        self.kept = (waiting_notice(AGREEMENT_ANSWERS_KEPT, self.command),)

    def draw_steps(self) -> Sequence[QuestionStep]:
        """Return the questions of the heading, and of the lines once the agreement has its date."""
        return [*_agreement_steps(self)]

    def judge(self) -> JudgedAnswers:
        """Return the findings that stop the draft, that stay open, or that would refuse its signature."""
        act: FilledSentence = (AGREEMENT_SAVE_DRAFT, {})
        if read_day(self.answers.facts.get("date")) is None:
            return JudgedAnswers(act, needed={"date": self.file.question("agreement.date").text})
        findings = self.find_violations(self.answers.facts)
        return JudgedAnswers(act, (*findings, *_findings_before_signing(self, findings)))

    def print_page(self, judged: JudgedAnswers) -> None:
        """Print the total and the findings."""
        if not judged.needed:
            shown = self._shown
            print_sentence(AGREEMENT_TOTAL, {"total": shown["total"], "words": shown["words"]}, bold=True)
        super().print_page(judged)
        if has_open_findings(judged.findings):
            print_sentence(ANSWERED_IN_HER_FILE)

    def draw_rows(self, dialogue: Dialogue, judged: JudgedAnswers) -> Sequence[ReviewRow]:
        """Return the rows of the heading, of each used line with its amount, and of another line of the form."""
        if judged.needed:
            return super().draw_rows(dialogue, judged)
        return [*_agreement_rows(self, dialogue, self._shown)]

    def write(self) -> Outcome:
        """Save the draft and offer to print it."""
        asked = self._in_context
        held = self.session.store.read(str(self.file.id))
        return _offer_to_print(
            self,
            save_agreement(
                self.session,
                self.file.client,
                held,
                self.whole,
                self.before,
                self._shown,
                judge_agreement(asked),
                asked,
            ),
        )

    @property
    def whole(self) -> Facts:
        """The agreement as it would be saved."""
        return draft_agreement(self.file.client, self.form, self.answers.facts, self.before)

    @property
    def _in_context(self) -> Agreement:
        return agreement_in_context(self.session, self.file.client, self.form, self.whole, False)

    @property
    def _shown(self) -> dict[str, Any]:
        return agreement_as_data(self.session, self.file.client, self._in_context, words=True)

    @property
    def before(self) -> Facts | None:
        """The draft that this one replaces: the one it began from, even if its number has changed since."""
        client = self.file.client
        drafts = (one for one in client.agreements if "signed" not in one)
        if begun := next((one for one in drafts if one["id"] == self._begun_from), None):
            return begun
        name, number, stay = self.form.name, self.answers.facts.get("number"), find_stay_id(client, self.answers.facts)
        return find_draft(client, name, number, stay) or find_draft(client, name, None, stay)

    def find_violations(self, facts: Mapping[str, Any]) -> tuple[Finding, ...]:
        """Return the findings of the form and the manual about these answers; none while the date is missing."""
        if read_day(facts.get("date")) is None:
            return ()
        whole = draft_agreement(self.file.client, self.form, facts, self.before)
        return judge_agreement(agreement_in_context(self.session, self.file.client, self.form, whole, False))

    def save_answer(self, path: str, value: Any) -> Sequence[Finding]:
        """Keep one answer of the heading; return the findings that refuse it."""
        return self.save_at(tuple(path.split(".")), value)

    def save_at(self, path: tuple[str, ...], value: Any) -> tuple[Finding, ...]:
        """Keep one answer unless it causes a new refusal; return the findings that refuse it."""
        facts = self.answers.with_answer(path, value)
        place = "/" + "/".join(path[:2] if path[0] == "lines" else path[:1])
        before = self.answers.facts
        known = {(one.code, one.where) for one in self.find_violations(before) if not self._unready(one, before, path)}
        new = [
            one
            for one in self.find_violations(facts)
            if one.severity is Severity.REFUSE
            and one.where.startswith(place)
            and ((one.code, one.where) not in known or one.where == "/" + "/".join(path))
            and not self._unready(one, facts, path)
        ]
        if not new or value is None:
            self.answers.save(facts)
            warned = [
                one
                for one in self.find_violations(facts)
                if one.severity is Severity.WARN and one.where == "/" + "/".join(path)
            ]
            print_lines([finding_text(self.session, one) for one in warned], indent="  ! ")
            return ()
        return tuple(new)

    def findings_if(self, line: Mapping[str, Any], path: tuple[str, ...]) -> tuple[Finding, ...]:
        """Return the findings about a cap if the line had these answers; nothing is kept."""
        place, found = f"/lines/{path[1]}/", self.find_violations(self.answers.with_answer(path, dict(line)))
        return tuple(one for one in found if one.where.startswith(place) and one.code in OVER_CAP_CODES)

    def _unready(self, finding: Finding, facts: Mapping[str, Any], path: tuple[str, ...]) -> bool:
        """Whether a finding only says that the rest has not been asked yet."""
        if path[0] != "lines":
            return len(path) > 1 and not {"from", "to"} <= set(facts.get(path[0]) or ())
        if finding.code.partition("/")[2] in UNREADY_CODES:
            return True
        line = (facts.get("lines") or {}).get(path[1]) or {}
        halves = [value for value in line.values() if isinstance(value, Mapping)]
        return finding.code == "agreement/bad-value" and any(not {"from", "to"} <= set(half) for half in halves)


LINE_HEADING = N_("{line}. {text}")
LINE_CAP = N_("The cap is {cap} {currency}. Enter leaves the line out.")
LINE_CAP_AND_ROOM = N_("The cap is {cap} {currency}; {left} {currency} of it are left. Enter leaves the line out.")
LINE_ENTER_KEEPS = N_("Enter keeps it; - removes the whole line.")
LINE_ENTER_LEAVES_OUT = N_("Enter leaves the line out.")
LINE_TOTAL_SO_FAR = N_("Line {line}: {amount} {currency}. Total so far: {total} {currency}.")


def line_steps(draft: AgreementToFill) -> Iterator[QuestionStep]:
    """Yield the questions of every line that the form has on the agreement's day."""
    day = read_day(draft.answers.facts["date"])
    for each in draft.form.parts if day else ():
        line = draft.form.standing(each, day) if day else None
        if line and day:
            head = (LINE_HEADING, {"line": each, "text": printed_line_text(line, day)})
            for step in _steps_of_line(draft, line):
                yield replace(
                    step, heading=head, clause=line.clause(day), after_part=partial(_print_line_amount, draft, line)
                )


def _steps_of_line(draft: AgreementToFill, line: FormPart) -> Iterator[QuestionStep]:
    """Yield the question that decides whether a line is used, and the other questions of a line that is."""
    first, *others = _order_of_keys(line)
    written = draft.answers.answer_at("lines", line.number) or {}
    yield from _steps_of_key(draft, line, first, opens=True)
    if written.get(first) is not None:
        entry, around = read_entry(line, written), Context(day=draft.session.today, client=draft.file.client)
        for name in others:
            if find_name(entry, name, around).state(entry, around) == FIELD_ASKED:
                yield from _steps_of_key(draft, line, name)


def _order_of_keys(line: FormPart) -> list[str]:
    """Return the keys of a line in the order of asking: the factors or the amount first, then the rest."""
    caps = (ruling.params for rule in line.caps() for ruling in rule.rulings)
    read = (of for cap in caps if isinstance(cap, Amount) for _, of, _ in cap.multipliers)
    times = [of for of in read if of in line.fields and of not in line.product]
    head = list(line.product) if line.product else [*times, AMOUNT_KEY]
    return head + [name for name in line.fields if name not in (AMOUNT_KEY, *head)]


def _steps_of_key(draft: AgreementToFill, line: FormPart, name: str, *, opens: bool = False) -> Iterator[QuestionStep]:
    question = draft.file.questionnaire.for_line(line, name)
    hint = _cap_hint(draft, line) if name in ("amount", "rate") else None
    if draft.answers.answer_at("lines", line.number, name) is not None and opens:
        hint = sentence_text(LINE_ENTER_KEEPS)
    if question.kind == "months":
        hint = sentence_text(WRITE_MONTHS)
    if opens and hint is None:
        hint = sentence_text(LINE_ENTER_LEAVES_OUT)
    path = ("lines", line.number, name)
    field = line.fields[name]
    for part, put in draft.file.questionnaire.split_period(question, field, draft.answers.answer_at(*path)):
        where = (*path, part) if part else path
        yield QuestionStep(
            "line " + ".".join(where[1:]),
            replace(put, hint=hint or put.hint),
            draft.answers.answer_at(*where),
            partial(_save_line_answer, draft, line, where, opens),
            offer=_offered_persons(draft, line, name),
        )


def _offered_persons(draft: AgreementToFill, line: FormPart, name: str) -> str:
    """Return the number of persons in her file where the line's rules compare the answer with it, else nothing."""
    rules = [rule for rule in line.rules if rule.verb == "amount" and rule.names == (name,)]
    limits = (ruling.params for rule in rules for ruling in rule.rulings)
    wanted = [limit.exactly for limit in limits if isinstance(limit, Amount)]
    return str(1 + len(draft.file.client.children)) if Measure("count", "persons") in wanted else ""


def _save_line_answer(
    draft: AgreementToFill, line: FormPart, where: tuple[str, ...], opens: bool, value: Any
) -> tuple[Finding, ...]:
    """Keep an answer; without its first answer the whole line is removed.

    A rate over the cap is refused even before the months are known.
    """
    if opens and value is not None and line.product:
        for name in line.product[1:]:
            if draft.answers.answer_at(*where[:2], name) is None:
                once = draft.findings_if({where[-1]: value, name: 1}, where[:2])
                if once:
                    return once
    return draft.save_at(where[:2] if opens and value is None else where, value)


def _cap_hint(draft: AgreementToFill, line: FormPart) -> str | None:
    """Return the hint with the cap of a line and the amount that her other agreements leave of it, if it has a cap."""
    written = {**(draft.answers.answer_at("lines", line.number) or {}), "amount": 1}
    facts = draft_agreement(draft.file.client, draft.form, draft.answers.facts, draft.before)
    agreed = agreement_in_context(draft.session, draft.file.client, draft.form, facts, False)
    entry, _ = read_line(line, written, agreed.day, agreed.entry)
    left = cap_and_remainder(entry, agreed.context) if entry else None
    if left is None:
        return None
    return sentence_text(LINE_CAP if left[0] == left[1] else LINE_CAP_AND_ROOM, {"cap": left[0], "left": left[1]})


def _print_line_amount(draft: AgreementToFill, line: FormPart) -> None:
    """Print the line's amount and the running total once the amount is known."""
    facts = draft_agreement(draft.file.client, draft.form, draft.answers.facts, draft.before)
    agreed = agreement_in_context(draft.session, draft.file.client, draft.form, facts, False)
    amount = next((each.values.get(AMOUNT_KEY) for each in agreed.lines if line_number(each) == line.number), None)
    if amount is not None:
        told = {"line": line.number, "amount": amount, "total": agreed.total}
        print_sentence(LINE_TOTAL_SO_FAR, told, indent="  ")


AGREEMENT_TITLE = N_("File {id}: {form}")
AGREEMENT_NEEDS_STAY = N_(
    "This form is for a stay in a house, and this client has none. You can save the form, but not have it signed."
)
AGREEMENT_HEADING = N_("Heading")
AGREEMENT_LINE = N_("{line}  {amount} {currency}  {text}")
AGREEMENT_TOTAL = N_("Total {total} {currency}: {words}")
ANSWERED_IN_HER_FILE = N_("Entries that {her|his} file lacks are written in {her|his} file, not here.")
AGREEMENT_SAVE_DRAFT = N_("save it as a draft")
AGREEMENT_ROW = N_("{line}")
AGREEMENT_OTHER_LINE = N_("another line of the form")
AGREEMENT_WHICH_LINE = N_("Which line? Type its number as printed on the form, such as 1a; Enter goes back.")
AGREEMENT_LINE_UNKNOWN = N_("The form has no line with that number. Choose a line; Enter goes back.")
AGREEMENT_LINE_ROW = N_("{line}  {text}")
AGREEMENT_ANSWERS_KEPT = N_("The answers are kept.")

HEADING_BEFORE, HEADING_AFTER = ("number", "ngo"), ("ngo_representative", "iom_representative", "drafted_by", "place")
"""Fields of the heading that every form has, before and after those of this form alone."""


def ask_agreement(session: Session, id_: str, form: Track, number: str | None) -> Outcome:
    """Ask about an agreement at the terminal, show it whole, and save it as a draft."""
    if refused := refuse_early(session, id_, Task(form.name, False)):
        return refused
    return AgreementToFill(ClientFile(session, id_), form, number).fill_in()


def _agreement_steps(draft: AgreementToFill) -> Iterator[QuestionStep]:
    file, form = draft.file, draft.form
    entry = read_entry(form, draft.answers.facts)
    around = Context(day=draft.session.today, client=file.client)
    names = ("date", *HEADING_BEFORE, *form.own, *HEADING_AFTER)
    known = [name for name in names if name in form.fields]
    asked = [(name, form.fields[name]) for name in known if find_name(entry, name, around).is_asked(entry, around)]

    def question(name: str, _: Field) -> Question:
        return file.questionnaire.for_form(form, name) if name in form.own else file.question(f"agreement.{name}")

    head: FilledSentence = (AGREEMENT_HEADING, {})
    for step in entry_steps(file, form, draft.answers, draft.save_answer, head, question, fields=asked):
        yield replace(step, offer=_offered_ngo(draft)) if step.name == "ngo" else step
    if read_day(draft.answers.facts.get("date")):
        yield from line_steps(draft)


def _offered_ngo(draft: AgreementToFill) -> str:
    """Return the NGO that manages her house, else the only one that is registered, else nothing."""
    stay = draft.file.stay
    house = draft.session.store.shelter.value["facilities"].get(stay.facility if stay else None) or {}
    known = list(draft.session.store.ngos)
    return str(house.get("ngo") or (known[0] if len(known) == 1 else ""))


def _findings_before_signing(draft: AgreementToFill, findings: Sequence[Finding]) -> Sequence[Finding]:
    """Return, as open, the findings that would refuse only the signature, so that they are seen before printing."""
    told = {(one.code, one.where) for one in findings}
    found = find_signature_refusals(draft.session, draft.file.client, draft.form, draft.whole)
    return soften_findings(one for one in found if (one.code, one.where) not in told)


def _agreement_rows(draft: AgreementToFill, dialogue: Dialogue, shown: Mapping[str, Any]) -> Iterator[ReviewRow]:
    """Yield the rows of the heading, of each used line with its amount, and of another line of the form."""
    yield (
        "heading",
        (AGREEMENT_HEADING, {}),
        partial(_ask_again, dialogue, lambda step: not step.name.startswith("line ")),
    )
    for line in shown["lines"]:
        amount = fact_text(line["amount"]) if line["amount"] else "?"
        facts = {"line": f"{line['line']:>3}", "amount": f"{amount:>10}", "text": line["text"]}
        row = {"line": truncate_line(sentence_text(AGREEMENT_LINE, facts), screen_size()[0] - 8)}
        ask = partial(_ask_again, dialogue, partial(_is_of_line, line["line"]))
        yield f"line {line['line']}", (AGREEMENT_ROW, row), ask
    yield "other", (AGREEMENT_OTHER_LINE, {}), partial(_ask_another_line, draft, dialogue)


def _is_of_line(number: str, step: QuestionStep) -> bool:
    return step.name.startswith(f"line {number}.")


def _ask_again(dialogue: Dialogue, belongs: Callable[[QuestionStep], bool]) -> None:
    clear_screen()
    dialogue.ask_part(belongs)


def _ask_another_line(draft: AgreementToFill, dialogue: Dialogue) -> None:
    """Ask for one line of the form: by its printed number, by words of it, or chosen from a list."""
    day = read_day(draft.answers.facts.get("date")) or draft.session.today
    standing = (part for number in draft.form.parts if (part := draft.form.standing(number, day)))
    texts = {part.number: fact_text(printed_line_text(part, day)) for part in standing}
    print_sentence(AGREEMENT_WHICH_LINE, bold=True)
    if not (typed := ask_line()):
        return
    number = find_line_number(typed, texts)
    if number is None:
        fits = find_near_lines(typed, {each: [text] for each, text in texts.items()}) or list(texts)
        rows = [sentence_text(AGREEMENT_LINE_ROW, {"line": f"{each:>3}", "text": texts[each]}) for each in fits]
        lines = [(AGREEMENT_ROW, {"line": truncate_line(row, screen_size()[0] - 8)}) for row in rows]
        chosen = choose_option(AGREEMENT_LINE_UNKNOWN, lines)
        number = None if chosen is None else fits[chosen]
    if number is not None:
        _ask_again(dialogue, partial(_is_of_line, number))


def _offer_to_print(draft: AgreementToFill, saved: Outcome) -> Outcome:
    """Say that the draft is saved and offer to print it now; return the outcome."""
    if has_refusal(saved.findings):
        return saved
    from shelterctl.prompts import printing  # noqa: PLC0415 - loads the code that makes PDFs

    id_ = str(draft.file.id)
    clear_screen()
    for sentence, facts in saved.said:
        print_sentence(sentence, facts, bold=True)
    said = printing.offer_to_print(draft.session, id_, saved.data.get("agreement_id"))
    return Outcome(data={"id": id_}, said=(*saved.said, *(said or (later_notice(draft.form.name, id_),))))
