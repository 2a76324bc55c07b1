"""What the house knows already and may offer as an answer: its people, houses and partners; never a client's facts."""

from collections.abc import Mapping
from typing import Any

from shelterctl.desk import Desk
from shelterctl.language import Text


def offers_of(here: Desk) -> dict[str, dict[Any, Text | str]]:
    """The registers of the store by name, each with its codes or names and how they are shown."""
    directory = here.store.directory.value
    people = directory.get("staff") or {}
    roles = here.shelf.places["staff.role"].codes
    staff = {
        code: _named(code, people, roles.get(entry["role"], {"en": entry["role"]}))
        for code, entry in here.store.staff.value["staff"].items()
        if "until" not in entry
    }
    names = {entry["name"]: entry["name"] for entry in people.values() if entry.get("name")}
    providers = {entry["name"]: entry["name"] for entry in (directory.get("providers") or {}).values()}
    return {
        "staff": staff,
        "ngos": {code: _named(code, directory.get("ngos") or {}) for code in here.store.ngos},
        "facilities": {
            code: _named(code, directory.get("facilities") or {}) for code in here.store.shelter.value["facilities"]
        },
        "people": names,
        "providers": providers,
        "drafters": names,
    }


def _named(code: str, entries: Mapping[str, Any], more: Text | None = None) -> Text:
    """A code with the name behind it, and what more is known, in every language."""
    name = (entries.get(code) or {}).get("name")
    head = f"{code} · {name}" if name else code
    return {language: f"{head} · {text}" for language, text in more.items()} if more else {"en": head}
