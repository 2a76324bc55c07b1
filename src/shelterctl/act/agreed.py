"""What stands around an agreement in the store; the commands on agreements, and check, share it."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from shelterctl.act import discretion
from shelterctl.act.worded import worded
from shelterctl.core import agreement as rules
from shelterctl.core.agreement import Agreement, read_agreement
from shelterctl.core.finding import Finding, Severity
from shelterctl.core.record import Client, Facts
from shelterctl.core.signature import signed
from shelterctl.core.track import Track
from shelterctl.desk import Desk
from shelterctl.language import current

REPRESENTATIVES = "agreement/representatives"
OF_THE_SIGNATURE = (REPRESENTATIVES, "agreement/language", "agreement/copies", "agreement/numbered")
"""What is answered on paper and when the signature is recorded."""


def agreement_in(here: Desk, her: Client, form: Track, facts: Facts, sign: bool) -> Agreement:
    """The agreement with everything around it: her other ones, the registers, and everybody's where it is signed."""
    return read_agreement(
        form,
        facts,
        signing=sign,
        client=her,
        stay=next((stay for stay in her.stays if stay.id == facts.get("stay")), None),
        others=rules.others_of(her, here.shelf.forms, facts.get("id")),
        registers=here.store.registers,
        today=here.today,
        tracks=here.shelf.tracks,
        everyone=here.store.clients,
    )


def unsignable(here: Desk, her: Client, form: Track, facts: Facts) -> tuple[Finding, ...]:
    """What would refuse a signature today whatever is written beside it; a name for both parties is there already."""
    today = {"on": here.today.isoformat()}
    named = all(facts.get(name) for name in ("ngo_representative", "iom_representative"))
    later = [code for code in OF_THE_SIGNATURE if not (named and code == REPRESENTATIVES)]
    found = rules.judge(agreement_in(here, her, form, signed(form, facts, today), True))
    return tuple(one for one in found if one.severity is Severity.REFUSE and one.code not in later)


def page(here: Desk, her: Client | None, asked: Agreement, *, words: bool, names: bool = False) -> dict[str, Any]:
    """The agreement as programs and people see it; on a screen a check goes without the words, which load slowly."""
    facts = {name: value for name, value in asked.facts.items() if name != "lines"}
    total = asked.total
    return {
        **({"id": her.id} if her else {}),
        "form": asked.form.name,
        "number": facts.get("number"),
        "agreement": discretion.agreement(here.shelf, asked.facts, names=names),
        "lines": list(rules.table(asked)),
        "total": total,
        "words": _in_words(total, "en" if here.json else current()) if words or here.json else None,
    }


def _in_words(total: Decimal, language: str) -> str:
    from shelterctl.words import amount_in_words  # noqa: PLC0415 - costs as much as typer

    return amount_in_words(total, language)


def judged(here: Desk, her: Client) -> tuple[Finding, ...]:
    """Every agreement of a file as ``check`` sees it: saved as saved, signed as signed, on its own day."""
    found: list[Finding] = []
    for index, facts in enumerate(her.facts.get("agreements") or ()):
        if "void" in facts or facts["form"] not in here.shelf.forms:
            continue
        form = here.shelf.form(facts["form"])
        agreement = agreement_in(here, her, form, facts, "signed" in facts)
        agreement = replace(agreement, around=replace(agreement.around, today=None))
        prefix = f"/agreements/{index}"
        found += [replace(one, where=prefix + one.where) for one in rules.judge(agreement)]
    return worded(here.shelf, found)


COLUMNS = ("client", "id", "number", "form", "date", "total", "signed")


def row(facts: Facts, here: Desk, client_id: str) -> dict[str, Any]:
    """One agreement in a list."""
    total = read_agreement(here.shelf.form(facts["form"]), facts).total
    on = (facts.get("signed") or {}).get("on")
    return {
        "client": client_id,
        "id": facts["id"],
        "number": facts.get("number"),
        "form": facts["form"],
        "date": facts["date"],
        "total": total,
        "signed": on,
    }
