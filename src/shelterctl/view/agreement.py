"""An agreement as programs and people see it."""

from decimal import Decimal
from typing import Any

from shelterctl.act import discretion
from shelterctl.core import agreement as rules
from shelterctl.core.agreement import Agreement
from shelterctl.core.record import Client
from shelterctl.desk import Desk
from shelterctl.language import Coded, current


def page(here: Desk, her: Client | None, asked: Agreement, *, words: bool, names: bool = False) -> dict[str, Any]:
    """The agreement as programs and people see it; on a screen a check goes without the words, which load slowly."""
    facts = {name: value for name, value in asked.facts.items() if name != "lines"}
    total = asked.total
    return {
        **({"id": her.id} if her else {}),
        "form": Coded(asked.form.name, asked.form.text),
        "number": facts.get("number"),
        "agreement": discretion.agreement(here.shelf, asked.facts, names=names),
        "lines": list(rules.table(asked)),
        "total": total,
        "words": _in_words(total, "en" if here.json else current()) if words or here.json else None,
    }


def _in_words(total: Decimal, language: str) -> str:
    from shelterctl.words import amount_in_words  # noqa: PLC0415 - costs as much as typer

    return amount_in_words(total, language)
