"""The base of every verb, and the binding of a rule to the scope in which it is written.

Binding compiles a rule: its verb asks a `Binding` for the names that it uses and says which kinds they may have. The
shipped rulebook is bound without checking kinds. Where a rulebook is checked, each mistake becomes a `BindingSlip` and
binding goes on, so that all mistakes of a rule are found at once.
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
"""A bound ruling: a function that returns every way in which an entry breaks it."""

Key = tuple[str | int, ...]
"""The keys that lead from a rule to a place in it, such as ``('from', 'of')``."""

DAY_KINDS = ("day", "time", "span", "partial")
NUMBER_KINDS = ("whole", "som", "months")
COUNTABLE_KINDS = ("persons", "sleeping", "places")
"""The values of ``count``: persons of her file, people who sleep in the house, places of the house."""

PRESENCE_ANSWERS = ("there", "absent")

SINGLE_NAME_WANTED = N_("only one name is allowed here")
LABEL_MISSING = N_("{name} has no text to be shown by; give the rule a code that has sentences")
PARAMETER_WANTED = N_("add at least one of these: {keys}")
PARAMETER_NEEDS_OTHER = N_("{key} has an effect only together with {other}")
PARAMETER_IDLE_BESIDE = N_("{key} has no effect together with {other}")
WOULD_OPEN_EVERY_FILE = N_(
    "this would open every file; only rules of acts, of tracks that an act writes, and once may do that"
)


class BindingSlip(NamedTuple):
    """A slip with the keys that lead to it in the rule, and the day of its ruling."""

    key: Key
    slip: Slip
    since: date | None = None


@dataclass(repr=False, eq=False)
class Binding:
    """One rule in one scope; *slips* collects its mistakes, and is None where nothing is checked.

    *track* is the track whose entries the rule binds. A rule *may_open_files* of all clients only if it judges an act;
    it *has_words* where its code or its item has sentences. *since* is the first day of the ruling that is being bound.
    """

    rule: Rule
    scope: Scope
    slips: list[BindingSlip] | None = None
    track: Track | None = None
    may_open_files: bool = False
    has_words: bool = False
    since: date | None = None

    def key_of_name(self, number: int) -> Key:
        """Return the place of one of the names that the rule binds."""
        return (self.rule.verb, number)

    def bind_names(self, *kinds: str, alone: bool = False, label: bool = True) -> tuple[Name, ...]:
        """Return the names that the rule binds."""
        numbered = enumerate(self.rule.names)
        return tuple(self.bind(self.key_of_name(n), name, *kinds, alone=alone, label=label) for n, name in numbered)

    def bind(self, key: Key, text: str, *kinds: str, alone: bool = False, label: bool = False) -> Name:
        """Return the meaning of a name and check its kind; *alone* requires a single value, *label* a text to show."""
        name = self.scope.name(text)
        if self.slips is None:
            return name
        if misfit := self.scope.find_misfit(text, kinds, alone=alone):
            self.slips.append(BindingSlip(key, misfit, self.since))
        elif label and not self.has_words and (one := name.field) and may_lack_text(one) and not one.text:
            self.add_slip(key, LABEL_MISSING, name=text)
        return name

    def bind_answers(self, key: Key, wanted: Answers) -> tuple[tuple[Name, Sequence[str]], ...]:
        """Return names with the answers wanted, which may also be ``there`` or ``absent``."""
        found = []
        for text, answers in wanted.items():
            name = self.bind((*key, text), text)
            self.require_answers((*key, text), answers, [name], *PRESENCE_ANSWERS)
            found.append((name, answers))
        return tuple(found)

    def require_answers(self, key: Key, answers: Iterable[str], names: Iterable[Name], *others: str) -> None:
        """Add a slip for each answer that none of the names may have; an unknown name allows any answer."""
        if self.slips is None:
            return
        fields = [self.scope.field_of(name) for name in names]
        allowed = [each for one in fields if one for each in self.scope.allowed_answers(one)]
        if all(fields):
            self.require_known(key, answers, (*allowed, *others))

    def require_known(self, key: Key, words: str | Iterable[str], known: Collection[str]) -> None:
        """Add a slip for each word that is not among the *known* words."""
        if self.slips is None:
            return
        listed = [(key, words)] if isinstance(words, str) else [((*key, n), word) for n, word in enumerate(words)]
        for at, word in listed:
            if word not in known:
                self.add_unknown_word(at, word, known)

    def add_slip(self, key: Key, message: Marked, /, **facts: object) -> None:
        """Keep a slip, if slips are collected."""
        if self.slips is not None:
            self.slips.append(BindingSlip(key, Slip("", message, facts), self.since))

    def add_unknown_word(self, key: Key, word: str, words: Iterable[str]) -> None:
        """Keep the slip for a word that is not allowed at its place."""
        if self.slips is not None:
            self.slips.append(BindingSlip(key, unknown_word("", word, words), self.since))

    def add_idle(self, key: Key, other: str) -> None:
        """Keep the slip for a parameter that has no effect together with another one."""
        self.add_slip(key, PARAMETER_IDLE_BESIDE, key=key[-1], other=other)


class Way(NamedTuple):
    """One way to break a rule: its sentence, and the names of its facts, separated by spaces.

    It is possible only where the parameter *by* is given and none of those in *unless*.
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
    **{"where": {}, "whose": "7QF2-M9KD", "youngest": 1, "text": "-"},
}
"""Invented facts, with which every sentence is tested."""


@immutable
class RuleVerb(Verb):
    """A verb with its check; the fields of each class are its parameters.

    *WAYS* are the ways to break a rule, by reason; in their sentences a field's label is in quotes, and a number
    follows its noun. The verb needs at least one of the keys in *WANTED*. A key in *BESIDE* has an effect only together
    with its other; the keys that *EXCLUDED* lists have no effect together with theirs. It binds at most *MOST_NAMES*
    names.
    """

    WAYS: ClassVar[Mapping[str, Way]] = {}
    MOST_NAMES: ClassVar[int | None] = None
    WANTED: ClassVar[tuple[str, ...]] = ()
    BESIDE: ClassVar[Mapping[str, str]] = {}
    EXCLUDED: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    @abstractmethod
    def bind(self, binding: Binding) -> Check:
        """Return the check of an entry, with every name resolved and its kind checked."""

    def reasons(self, rule: Rule) -> Iterator[str]:
        """Yield the reasons for which a rule with these parameters may be broken."""
        given = self.facts
        for reason, way in self.WAYS.items():
            if (way.by is None or way.by in given) and not any(key in given for key in way.unless):
                yield reason

    def sample(self, reason: str, name: str, entry: Entry) -> Facts:
        """Return invented facts for a rule that is broken for this reason at a name, to test its sentence."""
        given = {key: value for key, value in self.facts.items() if not isinstance(value, Bound | Measure)}
        own = {"names": [name], "lacking": [name], "key": name, "other_entry": entry, **given}
        facts = {fact: own.get(fact, SAMPLES.get(fact)) for fact in self.WAYS[reason].facts.split()}
        return {**facts, **self.sample_more(reason, name)}

    def sample_more(self, reason: str, name: str) -> Facts:
        """Return the facts of a sentence that depend on the parameters of this verb."""
        return {}

    def find_idle_parameters(self, binding: Binding) -> None:
        """Add slips for missing parameters, and for one without effect beside the others."""
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
