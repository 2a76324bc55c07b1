"""Recording signatures: the facts under a signed agreement, and which of the papers that were just printed are signed,
each named by its title, number and date.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from shelterctl.act.agreement import (
    WITHOUT_NUMBER,
    agreement_content,
    draft_agreement,
    find_signature_refusals,
    judge_in_context,
    save_agreement,
)
from shelterctl.act.permission import refuse_early
from shelterctl.act.worded_findings import word_findings
from shelterctl.core.finding import FilledSentence, FilledSentences, Finding, Outcome, has_refusal
from shelterctl.core.manual.sheet import Annex
from shelterctl.core.manual.track import Track
from shelterctl.core.money import agreement as signatures
from shelterctl.core.rules.permission import SIGN
from shelterctl.core.values.days import read_day
from shelterctl.core.values.facts import Facts
from shelterctl.language import Text, format_fact, lower_capitals
from shelterctl.paper.agreement import reasons_not_to_sign, warn_of_signed_draft
from shelterctl.paper.forms import ClientPaper, papers_to_sign
from shelterctl.paper.request import REPORT_FORM
from shelterctl.prompts import checklist
from shelterctl.prompts.client_file import ClientFile, PendingAnswers
from shelterctl.prompts.fill_in import JudgedAnswers, PaperToFill
from shelterctl.prompts.steps import (
    Dialogue,
    QuestionStep,
    finding_text,
    print_how_to_answer,
    waiting_notice,
    without_commands,
)
from shelterctl.session import Session
from shelterctl.terminal.questions import choose_option
from shelterctl.terminal.screen import fact_text, print_lines, print_sentence, screen_language, sentence_text
from shelterctl.ui_language import N_
from shelterctl.view.agreement import agreement_as_data

PAPER_NUMBERED = N_("{title} {number} of {date}")
PAPER_NOT_NUMBERED = N_("{title} of {date}, no number yet")


def paper_title(one: ClientPaper) -> str:
    """Return the title of a client's paper, with number and date for an agreement."""
    title = title_in_sentence(one.title)
    if one.entry is None or "form" not in one.entry:
        return title
    number = one.entry.get("number")
    facts = {"title": title, "number": number, "date": read_day(one.entry.get("date"))}
    return sentence_text(PAPER_NUMBERED if number else PAPER_NOT_NUMBERED, facts)


def title_in_sentence(title: Text) -> str:
    """Return a title for use inside a sentence; one printed in capitals is put into lower case."""
    return lower_capitals(format_fact(title, screen_language()))


SIGN_TITLE = N_("File {id}: signature of agreement {number}")
SIGN_HEADING = N_("As on the signed paper")
SIGN_RECORD = N_("record it as signed")
SIGN_ANSWERS_KEPT = N_("The answers are kept, but the signature is not recorded yet.")
SIGN_NUMBER_HINT = N_("The number that {issuer} gave it; without one the signature cannot be recorded.")
SIGN_DRAFT_REASON = N_("- {what}")
SIGN_NOT_RECORDED = N_("The signature is not recorded; {her|his} file has not changed.")
SIGN_WRITE_DOWN_LATER = N_("When both sides have signed the paper, record it.")

SIGNER_FIELDS = {"ngo_name": "ngo_representative", "iom_name": "iom_representative"}
"""The representative whose name is offered for each signature."""

FIELDS_WITH_RULES = ("language", "copies")
"""Fields of a signature that are asked only if the form has a rule for them."""


def ask_signature(
    session: Session,
    id_: str,
    form: Track,
    facts: Facts,
    before: Facts,
    on: str | None = None,
    language: str | None = None,
) -> Outcome:
    """Ask for the facts under a signed paper and record them; ask nothing if the signature would be refused anyway.

    *facts* is the agreement to be signed, *before* the draft that it replaces, *on* the day of the signature if known,
    *language* the language of the paper if it was just printed.
    """
    if refused := refuse_early(session, id_, SIGN):
        return refused
    her, _ = session.store.client(id_)
    closed = signatures.refuse_signed_agreement(form, before)
    found = (closed,) if closed else find_signature_refusals(session, her, form, facts)
    if stops := found if closed else word_findings(session.rulebook, found):
        return Outcome(findings=stops)
    marked = warn_of_signed_draft(session, her, form, before)
    reasons = reasons_not_to_sign(session, her, form, before) if marked else ()
    reasons_said = [(SIGN_DRAFT_REASON, {"what": finding_text(session, one)}) for one in reasons]
    doubts: FilledSentences = (*((one.message, one.facts) for one in marked), *reasons_said)
    return _SignatureToFill(session, id_, form, facts, before, on, language, (*marked,), doubts).fill_in(over=True)


def later_notice(form: str, id_: str, number: str | None = None) -> FilledSentence:
    """Return the notice how an agreement is signed later; with its *number* if she has other drafts on the form."""
    which = f" --number {number}" if number else ""
    return waiting_notice(SIGN_WRITE_DOWN_LATER, f"agreement {id_} --form {form}{which} --sign")


class _SignatureToFill(PaperToFill):
    """A signature under an agreement, which replaces the draft *before*, while it is filled in.

    *on* is the day of the signature and *language* the language of the paper, if known. *told* holds the findings about
    that draft; *doubts* are the sentences about them.
    """

    def __init__(
        self, session: Session, id_: str, form: Track, facts: Facts, before: Facts, on: str | None,
        language: str | None, told: Sequence[Finding], doubts: FilledSentences,
    ) -> None:  # fmt: skip
        file = ClientFile(session, id_)
        answers = PendingAnswers(file, f"{form.name}-signature", {"on": on} if on else {})
        super().__init__(file, answers, f"agreement {id_} --form {form.name} --sign")
        self._form, self._facts, self._before, self._language, self._told = form, facts, before, language, told
        self.opening = ((SIGN_TITLE, {"number": facts.get("number") or WITHOUT_NUMBER, "id": id_}), *doubts)
        self.kept, self.untouched = (waiting_notice(SIGN_ANSWERS_KEPT, self.command),), ((SIGN_NOT_RECORDED, {}),)

    def draw_steps(self) -> Sequence[QuestionStep]:
        """Return the questions about the signature: a missing number, the day, the names, and the fields with rules."""
        return [*self._draw()]

    def find_at(self, path: str, told: dict[str, Any]) -> Sequence[Finding]:
        """Return the findings of the form about that answer."""
        return [one for one in self._judge(told) if one.where in (f"/signed/{path}", f"/{path}")]

    def judge(self) -> JudgedAnswers:
        """Return the findings that refuse the signature."""
        return JudgedAnswers((SIGN_RECORD, {}), self._judge(self.answers.facts))

    def write(self) -> Outcome:
        """Record the signature."""
        form, answered = self._form, self.answers.facts
        told = ({"language": self._language} if self._language else {}) | self._settled | answered
        numbered = {"number": told.pop("number")} if "number" in told else {}
        day = told.get("on") or self.session.today.isoformat()
        whole = signatures.add_signature(form, {**self._facts, **numbered}, {**told, "on": day})
        her, held = self.session.store.client(str(self.file.id))
        asked, findings = judge_in_context(self.session, her, form, whole, True)
        data = agreement_as_data(self.session, her, asked, words=True)
        if has_refusal(findings):
            return Outcome(data=data, findings=findings)
        return save_agreement(self.session, her, held, whole, self._before, data, (*findings, *self._told), asked)

    def _draw(self) -> Iterator[QuestionStep]:
        file, form, facts = self.file, self._form, self._facts
        head: FilledSentence = (SIGN_HEADING, {})
        prepared = facts.get(signatures.TO_SIGN_KEY) or {}
        offers = {"on": fact_text(self.session.today)}
        offers |= {name: str(prepared.get(name) or facts.get(hers) or "") for name, hers in SIGNER_FIELDS.items()}
        asked_for = {**signatures.signature_defaults(form, facts), **prepared}
        ruled = (name for name in FIELDS_WITH_RULES if signatures.has_signature_rule(form, name))
        if not facts.get("number"):
            number = replace(file.question("agreement.number"), hint=SIGN_NUMBER_HINT)
            yield QuestionStep(
                "number", number, self.answers.answer_at("number"), partial(self.save_answer, "number"), head
            )
        for name in (*offers, *(name for name in ruled if name not in self._settled)):
            question = file.question(f"agreement.signed.{name}")
            if allowed := signatures.signing_languages(form, facts) if name == "language" else ():
                question = replace(question, choices={code: question.choices[code] for code in allowed}, open=False)
            offer = offers.get(name) or (
                question.format_answer(asked_for[name], screen_language()) if name in asked_for else ""
            )
            save = partial(self.save_answer, name)
            yield QuestionStep(name, question, self.answers.answer_at(name), save, head, offer=offer)

    @property
    def _settled(self) -> dict[str, Any]:
        """Answers that need no question: the only signing language of the form, unless another was prepared."""
        allowed = signatures.signing_languages(self._form, self._facts)
        prepared = (self._facts.get(signatures.TO_SIGN_KEY) or {}).get("language")
        return {"language": allowed[0]} if len(allowed) == 1 and prepared in (None, allowed[0]) else {}

    def _judge(self, told: Facts) -> tuple[Finding, ...]:
        """Return the findings about the agreement with this signature."""
        number = {"number": told["number"]} if told.get("number") else {}
        signed = {"on": self.session.today.isoformat(), **told}
        whole = signatures.add_signature(self._form, {**self._facts, **number}, signed)
        return judge_in_context(self.session, self.file.client, self._form, whole, True)[1]


SIGNED_THIS_PAPER = N_("{paper}: is it signed? Enter: later.")
SIGNED_RECORD_NOW = N_("yes, record it now")
SIGNED_WHICH_PAPERS = N_("Which papers are signed? Type a number to record one; Enter: later.")
SIGNED_ROW = N_("{paper}")
SIGNED_TITLE = N_("File {id}: {paper}, signed")
WRITE_DOWN_WHEN_SHE_SIGNED = N_("When {she|he} has signed, record it.")
WRITE_DOWN_WHEN_FILLED_IN = N_("When the form is filled in and signed, record it.")

Printout = Sequence[tuple[ClientPaper, str]]
"""Papers of one client that were printed together, each with its language."""


def record_signatures(session: Session, id_: str, printed: Printout) -> FilledSentences:
    """Ask which printed papers are signed by now, and record them; return the sentences for the end.

    Ctrl-C counts as later, because every answer is saved.
    """
    said: dict[tuple[str, str | None], FilledSentences] = {}
    reports = [one for one, _ in printed if one.to_sign and one.form == REPORT_FORM]
    waiting = [
        each for each in printed if each[0].to_sign and each[0] not in reports
    ]  # a report is filled in before it is signed
    try:
        while waiting:
            chosen = _choose_signed_paper(waiting)
            if chosen is None:
                break
            outcome = _record_paper(session, id_, *waiting[chosen])
            # A paper that was left for later may be recorded in a later round.
            said[_key_of_paper(waiting[chosen][0])] = (*without_commands(outcome.said),)
            refusals = outcome.findings if outcome.refused else ()
            print_lines([finding_text(session, finding) for finding in refusals], indent="  ! ")
            waiting = [each for each in waiting if _is_still_unsigned(session, id_, each[0])]
    except KeyboardInterrupt:
        print_lines([""])
    told = (one for each in said.values() for one in each)
    return (*told, *_later_notices(id_, [*(one for one, _ in waiting), *reports]))


def _choose_signed_paper(waiting: Printout) -> int | None:
    if len(waiting) == 1:
        return choose_option(SIGNED_THIS_PAPER, [(SIGNED_RECORD_NOW, {})], {"paper": paper_title(waiting[0][0])})
    return choose_option(SIGNED_WHICH_PAPERS, [(SIGNED_ROW, {"paper": paper_title(one)}) for one, _ in waiting])


def _is_still_unsigned(session: Session, id_: str, before: ClientPaper) -> bool:
    """Whether the paper is still to be signed, by her file as it is now."""
    her, _ = session.store.client(id_)
    return any(_key_of_paper(one) == _key_of_paper(before) for one in papers_to_sign(session, her))


def _key_of_paper(paper: ClientPaper) -> tuple[str, str | None]:
    """Return what identifies a paper even after her file has changed: its form, and the id of its entry."""
    return paper.form, (paper.entry or {}).get("id")


def _record_paper(session: Session, id_: str, one: ClientPaper, language: str) -> Outcome:
    if one.entry is None:
        return _record_annex(session, id_, session.rulebook.annex(one.form), one, language)
    her, _ = session.store.client(id_)
    form = session.rulebook.form(one.form)
    facts = draft_agreement(her, form, agreement_content(one.entry), one.entry)
    return ask_signature(session, id_, form, facts, one.entry, None, language)


def _record_annex(session: Session, id_: str, annex: Annex, one: ClientPaper, language: str) -> Outcome:
    """Record at once that an annex is signed, then ask for the day and the other facts."""
    file = ClientFile(session, id_)
    if found := file.save_answer(f"{annex.recorded_in}.signed", value=True):
        return Outcome(findings=found)
    place = str(annex.recorded_in)
    dialogue = Dialogue(
        session,
        f"admit {id_}",
        lambda: list(_annex_steps(file, place, language)),
        file.refresh,
        file.take_unsaid_findings,
    )
    with dialogue.keep_on_interrupt(lambda: ()), session.own_screen():
        print_sentence(SIGNED_TITLE, {"id": id_, "paper": paper_title(one)}, bold=True)
        print_how_to_answer()
        dialogue.ask_part(lambda step: True)
    still = checklist.findings_at(file, place)
    return Outcome(said=tuple((checklist.ITEM_STAYS_OPEN, {"what": finding_text(session, one)}) for one in still))


def _annex_steps(file: ClientFile, place: str, language: str) -> Iterator[QuestionStep]:
    """Yield the questions of the checklist item about an annex; today and the language of the paper are offered."""
    for step in checklist.checklist_steps(file, "admission"):
        path = step.question.path
        if path == f"{place}.signed_on":
            yield replace(step, offer=fact_text(file.session.today))
        elif path == f"{place}.language":
            yield replace(step, offer=step.question.format_answer(language, screen_language()))
        elif path.startswith(f"{place}.") and path != f"{place}.signed":
            yield step


def _later_notices(id_: str, waiting: Sequence[ClientPaper]) -> Iterator[FilledSentence]:
    """Yield the notices how the remaining papers are recorded later."""
    drafts = [one.form for one in waiting if one.entry]
    if any(one.to_her for one in waiting):
        yield waiting_notice(WRITE_DOWN_WHEN_SHE_SIGNED, f"admit {id_}")
    for one in waiting:
        if one.entry:
            yield later_notice(one.form, id_, one.entry.get("number") if drafts.count(one.form) > 1 else None)
        elif not one.to_her:
            yield waiting_notice(WRITE_DOWN_WHEN_FILLED_IN, f"monitor record {id_}")
