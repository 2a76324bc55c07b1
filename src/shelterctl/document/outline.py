"""Some keys of a document that the program wrote, without the rest: most of a long file is never looked at."""

import re
from collections.abc import Collection, Mapping

_TOP_KEY = re.compile(r"^(?=[^ \n])", re.MULTILINE)
"""The beginning of a key at the top of a document."""

_KEY_OF_ITEM = re.compile(r"^(?=  - |    [^ -])", re.MULTILINE)
"""The beginning of a key of an item in a list that a key at the top holds."""

_OTHER_LAYOUT = re.compile(r"^(?: ?[^ \n]|  [^ \n-]|  -[^ ]|   [^ \n])", re.MULTILINE)
"""A line in such a list that is no item and no part of one."""


def cut_document(text: str, keys: Mapping[str, Collection[str] | None]) -> str | None:
    """Return a document in the layout of `format_document` with only some keys; None if it is laid out otherwise.

    *keys* are those at the top; one that holds a list names the keys that are kept of each item. The first key of an
    item, its id, is always kept.
    """
    kept: list[str] = []
    for section in _TOP_KEY.split(text):
        key, colon, rest = section.partition(":")
        if section and not colon:
            return None
        if key not in keys:
            continue
        inside = keys[key]
        if inside is None:
            kept.append(section)
        elif rest.startswith("\n  - ") and not _OTHER_LAYOUT.search(rest):
            kept += [f"{key}:\n", *(each for each in _KEY_OF_ITEM.split(rest[1:]) if _is_kept(each, inside))]
        else:
            return None
    return "".join(kept) or None


def _is_kept(part: str, keys: Collection[str]) -> bool:
    return part.startswith("  - ") or part.partition(":")[0].strip() in keys
