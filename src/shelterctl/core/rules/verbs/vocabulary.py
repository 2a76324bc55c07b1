"""The closed list of verbs; a new verb needs a reason in DECISIONS.md."""

from collections.abc import Mapping

from shelterctl.core.rules.verbs.amounts import Amount
from shelterctl.core.rules.verbs.answers import Is, Needs
from shelterctl.core.rules.verbs.cover import Covers
from shelterctl.core.rules.verbs.days import Dated
from shelterctl.core.rules.verbs.entries import Once, Stands
from shelterctl.core.rules.verbs.persons import By, Suits
from shelterctl.core.rules.verbs.verb import RuleVerb

VERBS: Mapping[str, type[RuleVerb]] = {
    Needs.word: Needs, Is.word: Is, Dated.word: Dated, Amount.word: Amount,
    Once.word: Once, By.word: By, Stands.word: Stands, Suits.word: Suits, Covers.word: Covers,
}  # fmt: skip
"""Every verb by its word in the rulebook."""
