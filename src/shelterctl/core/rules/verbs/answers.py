"""The verbs ``needs`` and ``is``: fields that must be filled in, and answers that are allowed."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from shelterctl.core.manual.rule import Violation
from shelterctl.core.record.client import value_at
from shelterctl.core.record.entries import Entry, field_at_path, is_wanted_answer
from shelterctl.core.rules.context import Context
from shelterctl.core.rules.names import Name
from shelterctl.core.rules.verbs.verb import Binding, Check, RuleVerb, Way
from shelterctl.immutable import immutable
from shelterctl.ui_language import N_


@immutable
class Needs(RuleVerb):
    """Names must be filled in, or *any* of them; *codes* or *exactly* only fill the rule's own sentence."""

    any: bool = False
    codes: tuple[str, ...] = ()
    exactly: int | None = None

    word = "needs"
    WAYS: ClassVar[Mapping[str, Way]] = {
        "": Way(N_("Not filled in: {label} ({clause})."), "names", unless=("any",)),
        "order": Way(N_("{label}: give a first and a last day, in this order ({clause})."), unless=("any",)),
        "letters": Way(N_("{label}: write it in letters, not in figures or signs alone ({clause})."), unless=("any",)),
        "any": Way(N_("Fill in at least one: {label} ({clause})."), "names", by="any"),
    }

    def bind(self, binding: Binding) -> Check:
        """Return the check; it reports a name only where it is asked and its group is not reported already."""
        names = binding.bind_names()
        binding.require_answers(("codes",), self.codes, names)
        wholes = [next((one for one in names if one.text == name.text.rpartition(".")[0]), None) for name in names]

        named = [(name, name.read, whole) for name, whole in zip(names, wholes, strict=True)]

        def check(entry: Entry, context: Context) -> Iterable[Violation]:
            lacking: list[str] = []
            for name, read, whole in named:
                found = read(entry, context)
                if (found is None or _is_empty(found)) and _is_wanted(name, whole, entry, context):
                    lacking.append(name.text)
            if not lacking:
                return ()
            if self.any:
                return [Violation(lacking[0], "any", {"names": lacking})] if len(lacking) == len(names) else ()
            return [Violation(name, _reason_of_lack(name, entry), {"names": [name]}) for name in lacking]

        return check


def _reason_of_lack(name: str, entry: Entry) -> str:
    """Return why a name counts as not filled in although something may be written there."""
    one, written = field_at_path(entry.fields, name), value_at(entry.written, name)
    if one is None or not written:
        return ""
    if one.kind == "span":  # a day is missing, or the last is earlier than the first
        return "order"
    words = written if isinstance(written, list) else [written]
    return "letters" if one.letters and any(isinstance(each, str) and each.strip() for each in words) else ""


_HOLLOW = (str, tuple, list, dict)


def _is_empty(found: Any) -> bool:
    return found is None or (not found and isinstance(found, _HOLLOW))


def _is_wanted(name: Name, whole: Name | None, entry: Entry, context: Context) -> bool:
    """Return whether a missing name is to be reported by itself."""
    return not (whole is not None and whole.read(entry, context) is None) and name.is_asked(entry, context)


@immutable
class Is(RuleVerb):
    """An answer must be one of *codes*, include *all* of some codes, share one with the field *of*, or *contain* a
    text.
    """

    codes: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    of: str | None = None
    contains: str | None = None

    word = "is"
    WAYS: ClassVar[Mapping[str, Way]] = {
        "": Way(N_("{label}: {value}. Allowed here: {codes} ({clause})."), "key codes value", by="codes"),
        "of": Way(
            N_("{label}: {value}. {other}: {others}. They have nothing in common ({clause})."),
            "value others of other",
            by="of",
        ),
        "all": Way(N_("{label}. Not ticked: {lacking} ({clause})."), "lacking", by="all"),
        "contains": Way(N_("{label}. It must contain: {text} ({clause})."), "text", by="contains"),
    }
    WANTED = ("codes", "all", "of", "contains")
    EXCLUDED: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "of": ("contains", "all", "codes"),
        "contains": ("all", "codes"),
        "all": ("codes",),
    }

    def bind(self, binding: Binding) -> Check:
        """Return the check; it reports nothing where no answer is given."""
        text = self.contains is not None
        names = binding.bind_names(*(("text",) if text else ("code", "yes_no", "party")), alone=text)
        binding.require_answers(("codes",), self.codes, names)
        binding.require_answers(("all",), self.all, names)
        other = binding.bind(("of",), self.of, "code", "party", label=True) if self.of else None

        def check(entry: Entry, context: Context) -> Iterable[Violation]:
            found = {name.text: said for name in names if (said := name.read(entry, context)) is not None}
            if not found:
                return ()
            if other is not None:
                others = as_values(other.read(entry, context))
                if others and not {each for said in found.values() for each in as_values(said)} & {*others}:
                    return [Violation(next(iter(found)), "of", {"of": self.of, "other": self.of})]
                return ()
            return [one for name, said in found.items() for one in self._check_answer(name, said)]

        return check

    def _check_answer(self, name: str, said: Any) -> Iterator[Violation]:
        if self.contains is not None:
            if self.contains not in str(said):
                yield Violation(name, "contains", {"text": self.contains})
        elif self.all:
            if lacking := [code for code in self.all if not is_wanted_answer(said, [code])]:
                yield Violation(name, "all", {"lacking": lacking})
        elif any(not is_wanted_answer(each, self.codes) for each in as_values(said)):
            yield Violation(name, facts={"key": name, "codes": [*self.codes]})


def as_values(value: Any) -> tuple[Any, ...]:
    """Return the single values of an answer."""
    return value if isinstance(value, tuple) else () if value is None else (value,)
