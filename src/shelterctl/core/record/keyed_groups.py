"""Lists of groups in an entry that is being filled in: each group has a key, so that its answers keep their place when
groups are added or struck through meanwhile.

The key is the id of a group that is in the file, or a running number for a new group. In a file the groups are a list.
"""

from collections.abc import Mapping
from typing import Any

from shelterctl.core.manual.field import Field, Fields
from shelterctl.core.values.facts import Facts

LONGEST_NEW_KEY = 5
"""The greatest number of digits of a running number; an id is longer."""


def is_list_of_groups(one: Field) -> bool:
    """Return whether a field holds several groups."""
    return one.kind == "group" and one.several


def may_lack_text(one: Field) -> bool:
    """Return whether a field may have no text of its own: a single group, whose fields have texts."""
    return one.kind == "group" and not one.several


def next_key(groups: Facts) -> str:
    """Return the key for one more group."""
    return str(1 + max((int(key) for key in groups if _is_new(key)), default=0))


def key_groups(fields: Fields, facts: Facts) -> dict[str, Any]:
    """Return facts with each list of groups as a mapping by id, without groups that are struck through."""
    return {name: _key_value(fields[name], said) if name in fields else said for name, said in facts.items()}


def _key_value(one: Field, said: Any) -> Any:
    if is_list_of_groups(one) and not one.by_file and isinstance(said, list):
        live = {each["id"]: each for each in said if "void" not in each}
        return {key: key_groups(one.fields, _own_answers(one, each)) for key, each in live.items()}
    return key_groups(one.fields, said) if one.fields and isinstance(said, Mapping) else said


def _own_answers(one: Field, group: Facts) -> dict[str, Any]:
    """Return the answers of a group, without the keys that the program wrote into it."""
    return {name: group[name] for name in one.fields if name in group}


def list_groups(fields: Fields, facts: Facts) -> dict[str, Any]:
    """Return facts as a file has them, with each mapping of groups as a list; a new group without an answer is dropped.

    This is the inverse of key_groups.
    """
    return {name: _list_value(fields[name], said) if name in fields else said for name, said in facts.items()}


def _list_value(one: Field, said: Any) -> Any:
    if not (one.fields and isinstance(said, Mapping)):
        return said
    if not is_list_of_groups(one):
        return list_groups(one.fields, said)
    groups = {key: list_groups(one.fields, each) for key, each in said.items() if each is not None}
    return [each if _is_new(key) else {"id": key, **each} for key, each in groups.items() if each or not _is_new(key)]


def _is_new(key: str) -> bool:
    return key.isdecimal() and len(key) <= LONGEST_NEW_KEY
