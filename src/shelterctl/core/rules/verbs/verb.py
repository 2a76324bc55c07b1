"""What every verb has, and how a rule of it is bound to the scope in which it is written.

Binding is how a rule is compiled: its verb asks a `Binding` for the names that it uses, and says of which kinds they
may be. The shipped rulebook is bound without looking at kinds; where a rulebook is checked, what cannot be meant is
kept as a `BindingSlip`, and binding goes on, so that all slips of a rule are found at once.
"""

from abc import abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, NamedTuple

from shelterctl.core.manual.field import Answers
from shelterctl.core.manual.rule import Bound, Measure, Rule, Verb, Violation
from shelterctl.core.manual.slip import Slip, unknown_word
from shelterctl.core.manual.track import Track
from shelterctl.core.record.entries import Entry
from shelterctl.core.record.keyed_groups import may_lack_text
from shelterctl.core.rules.context import Context
from shelterctl.core.rules.names import Name, Scope
from shelterctl.core.values.facts import Facts
from shelterctl.immutable import immutable
from shelterctl.ui_language import N_, Marked

Check = Callable[[Entry, Context], Iterable[Violation]]
"""What a bound ruling does with an entry: every way in which the entry breaks it."""

Key = tuple[str | int, ...]
"""The keys that lead from a rule to a place in it, such as ``("from", "of")``."""

DAY_KINDS = ("day", "time", "span", "partial")
NUMBER_KINDS = ("whole", "som", "months")
COUNTABLE_KINDS = ("persons", "sleeping", "places")
"""What a rule may count."""

PRESENCE_ANSWERS = ("there", "absent")

SINGLE_NAME_WANTED = N_("one name only can stand here")
LABEL_MISSING = N_("{name} has no text of its own to be called by; give the rule a code that has words")
PARAMETER_WANTED = N_("this says nothing without one of these: {keys}")
PARAMETER_NEEDS_OTHER = N_("{key} counts only beside {other}")
PARAMETER_IDLE_BESIDE = N_("{key} does nothing beside {other}")
WOULD_OPEN_EVERY_FILE = N_(
    "this would open every file; only rules of acts, of tracks that an act writes, and once may do that"
)


class BindingSlip(NamedTuple):
    """A slip with the keys that lead to it in the rule, and the day of the ruling in which it is."""

    key: Key
    slip: Slip
    since: date | None = None


@dataclass(repr=False, eq=False)
class Binding:
    """One rule in one scope; *slips* collects what cannot be meant, and is None where nobody looks.

    *track* is the one whose entries the rule binds. A rule *may_open_files* of everybody only if an act is judged by
    it, and *has_words* where its code or its item says what is wrong. *since* is the day of the ruling that is bound at
    the moment.
    """

    rule: Rule
    scope: Scope
    slips: list[BindingSlip] | None = None
    track: Track | None = None
    may_open_files: bool = False
    has_words: bool = False
    since: date | None = None

    def key_of_name(self, number: int) -> Key:
        """Where one of the names that the rule binds is written."""
        return (self.rule.verb, number)

    def bind_names(self, *kinds: str, alone: bool = False, label: bool = True) -> tuple[Name, ...]:
        """The names that the rule binds."""
        numbered = enumerate(self.rule.names)
        return tuple(self.bind(self.key_of_name(n), name, *kinds, alone=alone, label=label) for n, name in numbered)

    def bind(self, key: Key, text: str, *kinds: str, alone: bool = False, label: bool = False) -> Name:
        """What a name means, of one of these kinds if any are given; *alone* wants one value, *label* a text."""
        name = self.scope.name(text)
        if self.slips is None:
            return name
        if misfit := self.scope.find_misfit(text, kinds, alone=alone):
            self.slips.append(BindingSlip(key, misfit, self.since))
        elif label and not self.has_words and (one := name.field) and may_lack_text(one) and not one.text:
            self.add_slip(key, LABEL_MISSING, name=text)
        return name

    def bind_answers(self, key: Key, wanted: Answers) -> tuple[tuple[Name, Sequence[str]], ...]:
        """Names with the answers that are meant, also that there is one, or none."""
        found = []
        for text, answers in wanted.items():
            name = self.bind((*key, text), text)
            self.require_answers((*key, text), answers, [name], *PRESENCE_ANSWERS)
            found.append((name, answers))
        return tuple(found)

    def require_answers(self, key: Key, answers: Iterable[str], names: Iterable[Name], *others: str) -> None:
        """That each of these answers may be given at one of the names; of a name that means nothing any may be."""
        if self.slips is None:
            return
        fields = [self.scope.field_of(name) for name in names]
        allowed = [each for one in fields if one for each in self.scope.allowed_answers(one)]
        if all(fields):
            self.require_known(key, answers, (*allowed, *others))

    def require_known(self, key: Key, words: str | Iterable[str], known: Collection[str]) -> None:
        """That words are among those that may stand there."""
        if self.slips is None:
            return
        listed = [(key, words)] if isinstance(words, str) else [((*key, n), word) for n, word in enumerate(words)]
        for at, word in listed:
            if word not in known:
                self.add_unknown_word(at, word, known)

    def add_slip(self, key: Key, message: Marked, /, **facts: object) -> None:
        """Keep a slip, where slips are looked for."""
        if self.slips is not None:
            self.slips.append(BindingSlip(key, Slip("", message, facts), self.since))

    def add_unknown_word(self, key: Key, word: str, words: Iterable[str]) -> None:
        """Keep the slip of a word that is none of those that may stand there."""
        if self.slips is not None:
            self.slips.append(BindingSlip(key, unknown_word("", word, words), self.since))

    def add_idle(self, key: Key, other: str) -> None:
        """Keep the slip of a parameter that has no effect beside another one."""
        self.add_slip(key, PARAMETER_IDLE_BESIDE, key=key[-1], other=other)


class Way(NamedTuple):
    """One way in which a rule may be broken: what is said of it, and which facts it gives, between spaces.

    It is possible only where the parameter *by* is given, and none of those in *unless*.
    """

    says: Marked
    facts: str = ""
    by: str | None = None
    unless: tuple[str, ...] = ()


SAMPLE_DAY = date(2026, 11, 25)
SAMPLES: Mapping[str, Any] = {
    **dict.fromkeys(("day", "bound", "latest", "base", "first", "last", "on"), SAMPLE_DAY),
    **dict.fromkeys(("value", "others", "amount", "at_least", "exactly", "sum"), 2),
    **dict.fromkeys(("months", "count", "cap", "most", "together"), 1),
    **{"outside": ["2026-11"], "other": "today", "who": "s-1", "role": "other", "roles": ["other"]},
    **{"whose": "7QF2-M9KD", "youngest": 1, "text": "-"},
}
"""Invented facts, with which every sentence is tried."""


@immutable
class RuleVerb(Verb):
    """A verb with what it does; the fields of each class are its parameters.

    *WAYS* are the ways in which a rule may be broken, by reason; in a sentence the label of a field stands in quotes,
    and a number behind its noun. Of the keys in *WANTED* the verb needs one at least; each in *BESIDE* counts only
    beside another, and what *EXCLUDED* names has no effect beside its key. It binds no more than *MOST_NAMES*.
    """

    WAYS: ClassVar[Mapping[str, Way]] = {}
    MOST_NAMES: ClassVar[int | None] = None
    WANTED: ClassVar[tuple[str, ...]] = ()
    BESIDE: ClassVar[Mapping[str, str]] = {}
    EXCLUDED: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    @abstractmethod
    def bind(self, binding: Binding) -> Check:
        """How an entry is checked: every name found, and of a kind that can be meant."""

    def reasons(self, rule: Rule) -> Iterator[str]:
        """The ways in which a rule with these parameters may be broken."""
        given = self.facts
        for reason, way in self.WAYS.items():
            if (way.by is None or way.by in given) and not any(key in given for key in way.unless):
                yield reason

    def sample(self, reason: str, name: str, entry: Entry) -> Facts:
        """Invented facts of a rule that is broken so at a name, from which a sentence is tried."""
        given = {key: value for key, value in self.facts.items() if not isinstance(value, Bound | Measure)}
        own = {"names": [name], "lacking": [name], "key": name, "other_entry": entry, **given}
        facts = {fact: own.get(fact, SAMPLES.get(fact)) for fact in self.WAYS[reason].facts.split()}
        return {**facts, **self.sample_more(reason, name)}

    def sample_more(self, reason: str, name: str) -> Facts:
        """Facts of a sentence that come of the parameters of this rule alone."""
        return {}

    def find_idle_parameters(self, binding: Binding) -> None:
        """The slips of its parameters: too few of them to say something, or one without effect beside the rest."""
        given = self.facts
        if self.WANTED and not any(key in given for key in self.WANTED):
            binding.add_slip((), PARAMETER_WANTED, keys=self.WANTED)
        for key, other in self.BESIDE.items():
            if key in given and other not in given:
                binding.add_slip((key,), PARAMETER_NEEDS_OTHER, key=key, other=other)
        for other, idle in self.EXCLUDED.items():
            for key in idle if other in given else ():
                if key in given:
                    binding.add_idle((key,), other)
