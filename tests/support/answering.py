"""Whoever answers at a terminal whatever is asked, and a session with a client's file in this process."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from shelterctl.language import Sentence, format_sentence
from shelterctl.prompts.admit import ADMIT_ITEM_BEGUN as BEGUN_ITEM
from shelterctl.prompts.admit import ADMIT_READY, ADMIT_STILL_OPEN, ADMIT_THINGS_MISSING, ENTER_GOES_ON
from shelterctl.prompts.agreement import AGREEMENT_WHICH_LINE
from shelterctl.prompts.checklist import (
    ITEM_DONE_QUESTION,
    WANTED_ANSWERS_WAIT,
    WANTED_BEGUN,
    WANTED_ENDS_OPEN,
    WANTED_NOT_WRITTEN,
)
from shelterctl.prompts.client_file import ClientFile
from shelterctl.prompts.fill_in import ANSWERS_WHAT_NOW, GO_ON_THOUGH_OPEN
from shelterctl.prompts.steps import SAVED_AND_STAYS_OPEN
from shelterctl.questionnaire import Questionnaire
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.session import Options
from shelterctl.session import Session as Sitting
from shelterctl.terminal.questions import ENTER_TAKES_OFFER
from tests.support import processes
from tests.support.desk import TODAY, Desk
from tests.support.terminal import LiveTerminal, seen_text
from tests.support.typed_words import OFFERS

WORD, DAY, AHEAD = "слово", "25.11.2026", "26.11.2026"
MOST, OFTEN, TRIES, SHORT, LONG = 400, 20, 3, 20, 40
LINE = re.compile(r"^ *(\d+) (.+)$", re.MULTILINE)
YES_OR_NO = re.compile(r" \(1 [^)]*\)$")
"""What a question of yes or no says of its answers."""


LEADING = {
    WANTED_NOT_WRITTEN: "1",
    GO_ON_THOUGH_OPEN: "1",
    WANTED_BEGUN: "1",
    WANTED_ANSWERS_WAIT: "1",
    WANTED_ENDS_OPEN: "1",
    ADMIT_READY: "1",
    ENTER_GOES_ON: "",
}
"""What is answered to questions of whether to go on: what is begun is gone on with."""
FACTS = ("act", "what", "value", "day", "on", "count", "lacks", "item")
"""What sentences name that are looked for on the screen."""


class AnsweringPerson:
    """Somebody who answers each question by its kind, and on each page goes on with what leads on.

    What Enter alone writes down is taken; what would end something has not happened, until that is asked for. Of a
    list the first line is chosen, and where it is asked again the next one; *said* is what is answered to some
    questions, by their labels.
    """

    def __init__(self, rulebook: Rulebook, language: str, said: Mapping[str, str] | None = None) -> None:
        self.language, self.times = language, Counter[str]()
        self.last: str | None = None
        self.ending = False
        self.own = {self.said(rulebook.places["identification_number"].text): "KG-2026-7", **(said or {})}
        asking = Questionnaire(rulebook, OFFERS)
        asked = [
            one
            for path, field in rulebook.places.items()
            for _, one in asking.split_period(asking.for_place(path), field)
        ]
        lines = (part for form in rulebook.forms.values() for part in form.parts.values())
        asked += [asking.for_line(part, name) for part in lines for name in part.fields]
        self.questions = {self.said(each.text).casefold(): each for each in asked}
        self.line = next(iter(rulebook.form("pink").parts))
        papers = rulebook.places["iom.documents.kind"].codes.values()
        self.days = {said.casefold() for said in (self.said(ITEM_DONE_QUESTION), *map(self.said, papers))}
        ends = ((track, name) for track in rulebook.tracks.values() for name in (track.life or ())[1:])
        self.ends = {self.said(track.fields[name].text) for track, name in ends if name in track.fields}
        self.items = [self.said(item.text)[:LONG] for item in rulebook.items.values()]

    def said(self, sentence: Sentence) -> str:
        """A sentence up to the first of its facts."""
        facts = {name: 5 if name == "count" else "¦" for name in FACTS}
        return format_sentence(sentence, facts, self.language).partition("¦")[0]

    def until_it_ends(self, live: LiveTerminal, *ways: Sentence) -> str:
        """Answer until the command ends; what was seen from first to last."""
        for _ in range(MOST):
            if live.over:
                return seen_text(live.raw, self.language)
            live.type(self.goes_on(live.asked, seen_text(live.raw, self.language), *ways))
        raise AssertionError(f"it does not end:\n{seen_text(live.raw, self.language)[-4000:]}")

    def goes_on(self, bold: str, seen: str, *ways: Sentence) -> str:
        """The answer to what is on the screen."""
        asked = YES_OR_NO.sub("", bold.partition("  [")[0]).strip()
        if asked == self.said(ANSWERS_WHAT_NOW):
            self.ending = False
            return self._way(seen[seen.rindex(asked) :], *ways)
        page = seen[seen.rindex(asked[:SHORT]) :]
        if self._wrong(seen):
            return "*"
        known = {self.said(title): said for title, said in LEADING.items()}
        known[self.said(AGREEMENT_WHICH_LINE)] = "" if self.times[AGREEMENT_WHICH_LINE] else self.line
        if (said := next((said for title, said in known.items() if asked.startswith(title)), None)) is not None:
            self.times[AGREEMENT_WHICH_LINE] += said == self.line
            self.ending = asked.startswith(self.said(WANTED_ENDS_OPEN))
            return said
        if any(asked.endswith(self.said(title)[-SHORT:]) for title in (ADMIT_THINGS_MISSING, ADMIT_STILL_OPEN)):
            return self._item(page)
        return "" if self.said(ENTER_TAKES_OFFER) in page and asked not in self.own else self._fits(asked, page)

    def _wrong(self, seen: str) -> bool:
        """Whether the last line chosen of a list is said to be wrong at once, and another one may be right."""
        before, self.last = self.last, None
        told = seen.rpartition("\n> ")[0].rpartition("\n> ")[2]
        return before is not None and self.said(SAVED_AND_STAYS_OPEN)[:SHORT] in told

    def _way(self, page: str, *ways: Sentence) -> str:
        """The number of the first of these lines that stands on a page."""
        lines: list[tuple[str, str]] = LINE.findall(page)
        found = (
            number for way in ways for number, line in lines if line.startswith(self.said(way).partition(" (5")[0])
        )
        if (number := next(found, None)) is None:
            raise AssertionError(f"nothing leads on from here:\n{page}")
        return number

    def _item(self, page: str) -> str:
        """The number of an open item of the checklist that was not chosen too often; else Enter, which ends it."""
        for number, line in re.findall(r"^ *(\d+) [* ]*(.+)$", page, re.MULTILINE):
            open_ = line.removeprefix(self.said(BEGUN_ITEM)).startswith(tuple(self.items))
            if open_ and self.times[line] < TRIES:
                self.times[line] += 1
                return str(number)
        return ""

    def _fits(self, asked: str, page: str) -> str:
        """What fits a question: the next line of its list, or an answer of its kind."""
        if asked in self.own or (asked in self.ends and not self.ending):
            return self.own.get(asked, "")
        if asked.casefold() in self.days:
            return DAY
        question = self.questions[asked.casefold()]
        self.times[asked] += 1
        if listed := len(LINE.findall(page)):
            if question.several:
                return ", ".join(str(number + 1) for number in range(listed))
            self.last = asked if self.times[asked] < listed else None
            return str((self.times[asked] - 1) % listed + 1)
        assert self.times[asked] < OFTEN, f"asked again and again: {asked}"
        day = AHEAD if question.ahead else DAY
        self.times[day] += 1  # what comes later was later
        clock = f"{day} {self.times[day] // 60}:{self.times[day] % 60:02}"
        kinds = {"day": day, "partial": day, "time": clock, "text": WORD, "texts": WORD, "code": WORD}
        return kinds.get(question.kind, "1")


def open_session(desk: Desk, today: str = TODAY) -> Sitting:
    """Someone sits down at the desk, in this process."""
    processes.posix_only("the store is opened by the test itself", "the same by commands")
    return Sitting(options=Options(store=str(desk.store), identity=str(desk.key), as_of=today))


def client_file_of(desk: Desk, id_: str | None = None, **how: Any) -> ClientFile:
    return ClientFile(open_session(desk, **how), id_)


def received_client(desk: Desk, **identity: Any) -> ClientFile:
    """Someone new who is in the house, with what is known of her."""
    new = client_file_of(desk)
    for name, value in {"sex": "female", **identity}.items():
        assert new.save_answer(f"identity.{name}", value) == ()
    new.facility = "bishkek"
    assert new.save_answer("referral.sources", ["scme"]) == ()
    assert new.save_answer("received.at", "2026-11-24T21:30") == ()
    return new
