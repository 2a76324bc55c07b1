"""The parts of a store that roles open: in words, and those that the trust list does not name yet."""

from shelterctl.language import LabelledCode
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.trust.chain_state import Chain


def part_text(rulebook: Rulebook, part: str) -> LabelledCode:
    """Return the words for a part of the store."""
    known = rulebook.file_parts.get(part)
    return LabelledCode(part, known.text if known else rulebook.lists["parts"].get(part, {"en": part}))


def find_lacking_parts(rulebook: Rulebook, chain: Chain) -> dict[str, tuple[str, ...]]:
    """Return the parts of the rulebook that a list by which roles decide does not name, each with its readers: those
    that came with a later shelterctl than the one that began it.
    """
    if not (chain.access and chain.readership.is_by_role):
        return {}
    return {part: roles for part, roles in rulebook.readers_by_part.items() if part not in chain.access.parts}
