"""The verbs ``by`` and ``suits``: who did something, by register and role, and who may be admitted, by age and sex."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import ClassVar

from shelterctl.core.manual.field import CLIENTS_REGISTER, Field
from shelterctl.core.manual.rule import Violation
from shelterctl.core.people import find_departure_before, roles_on_day
from shelterctl.core.record.entries import Entry, fold_name_value
from shelterctl.core.rules.context import Context, find_in_register, find_in_registers
from shelterctl.core.rules.names import Name
from shelterctl.core.rules.verbs.answers import as_values
from shelterctl.core.rules.verbs.verb import Binding, Check, RuleVerb, Way
from shelterctl.core.values.days import age_range
from shelterctl.core.values.facts import Facts
from shelterctl.immutable import immutable
from shelterctl.ui_language import N_

CLIENTS_CHECKED_ALWAYS = N_("ids of clients are always checked; leave this rule out, or compare them by not")
ONLY_STAFF_HAVE_ROLE = N_("only staff have a role; leave it out, or use a field of staff")


@immutable
class By(RuleVerb):
    """Who did it: a person with a *role*, or one for *each* of several roles; *not* the person whom another field
    names.

    Where several are named, each must have the role and must not have left before the day. Where a text may be written
    instead of a code, it passes, unless a role is required. With *outside* the person must not be in the register of
    staff. With *registered* only registered people are checked, because another rule reports the others.
    """

    role: tuple[str, ...] = ()
    each: tuple[str, ...] = ()
    not_: str | None = None
    outside: bool = False
    registered: bool = False

    word = "by"
    MOST_NAMES = 1
    WAYS: ClassVar[Mapping[str, Way]] = {
        "unregistered": Way(
            N_("{label}: this code is not registered ({clause})."), unless=("not", "each", "outside", "registered")
        ),
        "gone": Way(
            N_("{label}: {who}. According to the register this person worked here until {bound} ({clause})."),
            "who bound",
            unless=("not", "each", "outside"),
        ),
        "role": Way(N_("{label}: {who}, {role}. Allowed under {clause}: {roles}."), "who role roles", by="role"),
        "each": Way(N_("{label}. Missing: {roles} ({clause})."), "roles", by="each"),
        "inside": Way(
            N_("{label}: {who} works here. It must be somebody from outside ({clause})."), "who", by="outside"
        ),
        "same": Way(N_("{label}, {other}: the same person, {who}. Two are needed ({clause})."), "other who", by="not"),
        "same-name": Way(N_("{label}, {other}: the same name. Two are needed ({clause})."), "other who", by="not"),
    }
    EXCLUDED: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "not": ("role", "each", "outside"),
        "outside": ("role", "each"),
        "each": ("role",),
    }

    def bind(self, binding: Binding) -> Check:
        """Return the check; it reports nothing where nobody is named, and no codes where no register is available."""
        (name,) = binding.bind_names(*(("text", "party") if self.not_ or self.outside else ("party",)))[:1]
        if binding.slips is not None:
            self._require_roles(binding, name)
        if self.not_:
            other = binding.bind(("not",), self.not_, "text", "party", label=True)
            return lambda entry, context: _check_other_person(name, other, entry, context)
        if self.outside:
            return lambda entry, context: _check_outside(name, entry, context)
        return lambda entry, context: self._check_registered(name, entry, context)

    def _require_roles(self, binding: Binding, name: Name) -> None:
        if name.field and CLIENTS_REGISTER in name.field.of and not self.not_:
            binding.add_slip(binding.key_of_name(0), CLIENTS_CHECKED_ALWAYS)
        for key, roles in (("role", self.role), ("each", self.each)):
            if roles and name.field and name.field.kind == "party" and "staff" not in name.field.of:
                binding.add_slip((key,), ONLY_STAFF_HAVE_ROLE)
            binding.require_known((key,), roles, binding.scope.staff_roles)

    def _check_registered(self, name: Name, entry: Entry, context: Context) -> Sequence[Violation]:
        if context.registers is None or (said := name.read(entry, context)) is None:
            return ()
        one = name.field_for(entry, context)
        if one is None or not one.of:
            return ()
        registered = {who: find_in_registers(context, one.of, who) for who in as_values(said)}
        if self.each:
            roles = {role for known in registered.values() if known for role in roles_on_day(known, context.day)}
            lacking = [role for role in self.each if role not in roles]
            return [Violation(name.text, "each", {"roles": lacking})] if registered and lacking else ()
        return [
            found
            for who, known in registered.items()
            if (found := self._check_registration(name.text, one, who, known, context.day)) is not None
        ]

    def _check_registration(
        self, name: str, field: Field, code: object, registered: Facts | None, day: date
    ) -> Violation | None:
        """Return a violation where a person is not registered, had left before the day, or lacks the role; else
        None.
        """
        if registered is None:
            return Violation(name, "unregistered") if not self.registered and (self.role or not field.open) else None
        if (left := find_departure_before(registered, day)) is not None:
            return Violation(name, "gone", {"who": code, "bound": left})
        if self.role and registered.get("role") not in self.role and not roles_on_day(registered, day) & {*self.role}:
            facts = {"who": code, "role": registered.get("role"), "roles": [*self.role]}
            return Violation(name, "role", facts)
        return None


def _check_other_person(name: Name, other: Name, entry: Entry, context: Context) -> Iterable[Violation]:
    others = {fold_name_value(each) for each in as_values(other.read(entry, context))}
    same = [said for said in as_values(name.read(entry, context)) if fold_name_value(said) in others]
    if not same:
        return ()
    one = name.field_for(entry, context)
    return [Violation(name.text, "same" if one and one.of else "same-name", {"other": other.text, "who": same[0]})]


def _check_outside(name: Name, entry: Entry, context: Context) -> Iterator[Violation]:
    for said in as_values(name.read(entry, context)):
        if find_in_register(context, "staff", said) is not None:
            yield Violation(name.text, "inside", {"who": said})


@immutable
class Suits(RuleVerb):
    """Her age in years: not *minor_under* without a reason, an adult only of one *sex*; or *at_least* to *at_most*."""

    minor_under: int | None = None
    at_least: int | None = None
    at_most: int | None = None
    sex: str | None = None

    word = "suits"
    MOST_NAMES = 1
    WAYS: ClassVar[Mapping[str, Way]] = {
        "no-birth-date": Way(N_("No birth date is recorded, and this depends on {her|his} age ({clause}).")),
        "adult-man": Way(N_("Adult men cannot be admitted ({clause})."), by="sex"),
        "minor-without-reason": Way(
            N_("Age: under {minor_under}, or possibly under it. No reason is recorded ({clause})."),
            "minor_under youngest",
            by="minor_under",
        ),
        "age-outside": Way(N_("Age: only from {at_least} to {at_most} ({clause})."), "at_least at_most", by="at_least"),
    }
    WANTED = ("minor_under", "at_least")
    BESIDE: ClassVar[Mapping[str, str]] = {"sex": "minor_under", "at_least": "at_most", "at_most": "at_least"}
    EXCLUDED: ClassVar[Mapping[str, tuple[str, ...]]] = {"minor_under": ("at_least",)}

    def bind(self, binding: Binding) -> Check:
        """Return the check; it reports nothing without a client; ``identity`` means her own birth date."""
        (text, *_) = binding.rule.names
        hers = text == "identity"
        name = binding.scope.name(text) if hers else binding.bind(binding.key_of_name(0), text, "partial", alone=True)
        if self.sex is not None:
            binding.require_known(("sex",), self.sex, binding.scope.lists.get("sexes", {}))
        excuse = binding.scope.name(binding.rule.unless) if binding.rule.unless else None

        def check(entry: Entry, context: Context) -> Iterator[Violation]:
            if context.client is None:
                return
            birth = context.client.birth if hers else name.read(entry, context)
            if birth is None:
                yield Violation(text, "no-birth-date")
                return
            youngest, oldest = age_range(birth, context.day)
            if self.minor_under is not None:
                yield from self._check_grown(text, youngest, excuse, entry, context)
                return
            bounds = {"at_least": self.at_least or 0, "at_most": self.at_most or 0}
            if max(oldest, 0) < bounds["at_least"] or youngest > bounds["at_most"]:  # an unborn child counts as a baby
                yield Violation(text, "age-outside", bounds)

        return check

    def _check_grown(
        self, text: str, youngest: int, excuse: Name | None, entry: Entry, context: Context
    ) -> Iterator[Violation]:
        grown = self.minor_under is not None and youngest >= self.minor_under
        if grown and self.sex is not None and context.client and context.client.sex != self.sex:
            yield Violation(text, "adult-man")
        elif not grown and not (excuse and excuse.read(entry, context)):
            yield Violation(
                text, "minor-without-reason", {"minor_under": self.minor_under, "youngest": max(youngest, 0)}
            )
