"""A rule of the shelf held against the rest: its names, codes, tracks and reaches are there, and nothing in it is idle.

What the verbs do not look at would be taken for a rule and be none, so it is told as any slip.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import Formatter
from typing import Any

from shelterctl.core.field import Field
from shelterctl.core.sentence import NOUNS, SENTENCES
from shelterctl.core.track import Track
from shelterctl.core.wording import PUBLISHED
from shelterctl.language import N_
from shelterctl.library.file import Written, below
from shelterctl.library.trial.grammar import PARAMETERS
from shelterctl.library.trial.scope import THERE, Scope, field_in

LACKS = N_("this says nothing without one of these: {keys}")
WANTS = N_("{key} counts only beside {other}")
CLASH = N_("{key} does nothing beside {other}")
KIND = N_("{name} is of the kind {kind}, which cannot stand here; these can: {kinds}")
SEVERAL = N_("{name} is a list, and one value is wanted here")
NO_LABEL = N_("{name} has no text of its own to be called by; give the rule a code that has words")
NO_CLAUSE = N_("neither the rule nor the field has a clause")

NEEDED: Mapping[str, tuple[str, ...]] = {
    "is": ("codes", "all", "of", "contains"), "dated": ("from", "to", "in"),
    "amount": ("at_most", "at_least", "exactly"), "once": ("within",), "suits": ("minor_under", "at_least"),
}  # fmt: skip
"""Of these a verb wants one at least."""

BESIDE: Mapping[str, Mapping[str, str]] = {
    "amount": {"within": "at_most", "each": "within", "same": "within", "overlaps": "within", "per": "within"},
    "suits": {"sex": "minor_under", "at_least": "at_most", "at_most": "at_least"},
}
"""What is looked at only where something else stands there."""

NEVER_BESIDE: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "is": {"of": ("contains", "all", "codes"), "contains": ("all", "codes"), "all": ("codes",)},
    "dated": {"in": ("from", "to")},
    "by": {"not": ("role", "each", "outside"), "outside": ("role", "each"), "each": ("role",)},
    "stands": {"none": ("each",)},
    "suits": {"minor_under": ("at_least",)},
}
"""What is not looked at beside something else."""


KNOWN = ("label", "track", "clause", "day")
"""What every sentence of a verb may be filled from."""


@dataclass(frozen=True, repr=False)
class Held:
    """One rule as it is written at a place, and whatever decides what it may say there.

    *acts* are those that a rule may rest on, *far* says that it may open other files, *own_words* that whoever holds it
    has words for it; *clause* is that of what it stands in, *track* whose entries it binds, *part* that of one a part.
    """

    written: Written
    place: str
    rule: Mapping[str, Any]
    scope: Scope
    acts: Collection[str] = ()
    far: bool = False
    track: Track | None = None
    part: bool = False
    own_words: bool = False
    clause: str | None = None

    @property
    def verb(self) -> str:
        """Its verb."""
        return next(verb for verb in PARAMETERS if verb in self.rule)

    @property
    def names(self) -> Sequence[tuple[str, str]]:
        """The names that it binds, each with its place."""
        bound, place = self.rule[self.verb], below(self.place, self.verb)
        if isinstance(bound, Mapping):
            return ()
        return [(bound, place)] if isinstance(bound, str) else [(name, below(place, n)) for n, name in enumerate(bound)]

    def versions(self) -> Iterator[tuple[Mapping[str, Any], Callable[..., str]]]:
        """What it is told at first and since each later day, and where each key of that is written."""
        if not self.rule.get("repealed"):
            yield self.rule, lambda *keys: below(self.place, *keys)
        for number, later in enumerate(self.rule.get("later") or ()):
            if not later.get("repealed"):
                at = below(self.place, "later", number)
                yield {**self.rule, **later}, _placed(self.place, at, later)

    def broken(self, place: str, what: str, **facts: object) -> Exception:
        """The slip at that place."""
        return self.written.broken("rule", place, what, **facts)

    def field(self, place: str, name: str, *kinds: str, alone: bool = False) -> Field:
        """What a name means, which is of one of these kinds if any are named, and one value *alone*."""
        found = self.scope.find(name)
        if found is None:
            raise self.written.unknown(place, name, self.scope.names())
        if kinds and found.kind not in kinds:
            raise self.broken(place, KIND, name=name, kind=found.kind, kinds=kinds)
        if alone and found.several:
            raise self.broken(place, SEVERAL, name=name)
        return found


def _placed(place: str, at: str, later: Mapping[str, Any]) -> Callable[..., str]:
    return lambda *keys: below(at if keys[0] in later else place, *keys)


def hold_frame(held: Held) -> None:
    """Its modifiers: of whom it is asked, what lets it pass, what it rests on and opens, its clause and its words."""
    rule, written, place = held.rule, held.written, held.place
    answers(written, below(place, "when"), rule.get("when") or {}, held.scope)
    if "unless" in rule:
        held.field(below(place, "unless"), rule["unless"])
    if "act" in rule:
        written.known(below(place, "act"), [rule["act"]], held.acts)
    if "opens" in rule:
        _opens(held, below(place, "opens"), rule["opens"])
    named = () if held.verb in ("stands", "suits") else held.names
    clauses = [held.field(at, name).clause for name, at in named]
    if not held.clause and "clause" not in rule and (not clauses or None in clauses):
        raise held.broken(place, NO_CLAUSE)
    _says(held)


def _opens(held: Held, place: str, name: str) -> None:
    track, dot, inside = name.partition(".")
    held.written.known(place, [track], held.scope.tracks)
    if dot and field_in(held.scope.tracks[track].fields, inside) is None:
        raise held.written.unknown(place, name, held.scope.names())


def _says(held: Held) -> None:
    """A code that the program has words for, or words that stand beside it, filled from what the verb gives."""
    rule, written = held.rule, held.written
    if "code" in rule and not held.own_words and rule["code"] not in PUBLISHED and "says" not in rule:
        raise written.unknown(below(held.place, "code"), rule["code"], PUBLISHED)
    ways = {reason: sentence for reason, sentence in SENTENCES.items() if reason.partition(".")[0] == held.verb}
    if held.verb == "once" and len([*held.names]) > 1:  # a beginning and an end come to one way
        ways = {"once": SENTENCES["once"]}
    for key in ("says", "in_file"):
        said = rule.get(key) or {}
        for reason, text in {"": said}.items() if "en" in said else said.items():
            at = below(held.place, key, *([reason] if reason else []))
            meant = [sentence for way, sentence in ways.items() if not reason or way == f"{held.verb}.{reason}"]
            if not meant:
                raise written.unknown(at, reason, [way.partition(".")[2] for way in ways])
            written.filled(at, text, {*KNOWN, *set.intersection(*({*fields_of(each)} for each in meant))})


def fields_of(sentence: str) -> list[str]:
    """The facts from which a sentence is filled."""
    return [name for _, name, _, _ in Formatter().parse(sentence) if name]


def hold_keys(held: Held, asks: Mapping[str, Any], at: Callable[..., str]) -> None:
    """What its verb is told is enough to say something, and nothing of it is idle beside the rest."""
    verb = held.verb
    if NEEDED.get(verb) and not any(key in asks for key in NEEDED[verb]):
        raise held.broken(held.place, LACKS, keys=NEEDED[verb])
    for key, other in BESIDE.get(verb, {}).items():
        if key in asks and other not in asks:
            raise held.broken(at(key), WANTS, key=key, other=other)
    for other, idle in NEVER_BESIDE.get(verb, {}).items():
        for key in idle if other in asks else ():
            if key in asks:
                raise held.broken(at(key), CLASH, key=key, other=other)


def answers(written: Written, place: str, wanted: Mapping[str, Sequence[str]], scope: Scope) -> None:
    """Names with the answers that are meant: each name is known, and each answer may be given there."""
    for name, said in wanted.items():
        found = scope.find(name)
        if found is None:
            raise written.unknown(below(place, name), name, scope.names())
        for number, answer in enumerate(said):
            written.known(below(place, name, number), [answer], scope.answers(found, *THERE))


def labelled(held: Held, place: str, name: str, found: Field) -> None:
    """What a sentence of the verb calls by its label has one; a published code and an item have words of their own."""
    if not held.own_words and "code" not in held.rule and not found.text and name not in NOUNS:
        raise held.broken(place, NO_LABEL, name=name)
