"""What stands around an agreement in the store; the commands on agreements, and check, share it."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from shelterctl.act import discretion
from shelterctl.act.worded import worded
from shelterctl.core import agreement as rules
from shelterctl.core.asked import read_agreement
from shelterctl.core.finding import Finding, Severity
from shelterctl.core.form import Form
from shelterctl.core.record import Client, Facts
from shelterctl.core.setting import Setting
from shelterctl.desk import Desk
from shelterctl.language import current

REPRESENTATIVES = "agreement/representatives"
OF_THE_SIGNATURE = (REPRESENTATIVES, "agreement/language", "agreement/copies", "agreement/numbered")
"""What is answered on paper and when the signature is recorded."""


def setting_in(here: Desk, her: Client, form: Form, facts: Facts, sign: bool) -> Setting:
    """Everything around the agreement: her other ones, the register of NGOs, whether the number is taken."""
    others = rules.others_of(her, here.shelf.forms, facts.get("id"))
    stay = next((stay for stay in her.stays if stay.id == facts.get("stay")), None)
    around = {"client": her, "stay": stay, "ngos": here.store.ngos, "today": here.today, "signing": sign}
    return rules.setting_of(form, facts, others, taken=_taken(here, her, form, facts, everyone=sign), **around)


def _taken(here: Desk, her: Client, form: Form, facts: Facts, *, everyone: bool) -> bool:
    """Whether another agreement on this form has the number: in her file, and before a signature in all files."""
    number = facts.get("number")
    clients = here.store.clients() if everyone and number else [her]
    return number is not None and any(
        other["form"] == form.name
        and other.get("number") == number
        and (one.id, other["id"]) != (her.id, facts.get("id"))
        for one in clients
        for other in one.agreements
    )


def unsignable(here: Desk, her: Client, form: Form, facts: Facts) -> tuple[Finding, ...]:
    """What would refuse a signature today whatever is written beside it; a name for both parties is there already."""
    today = {"on": here.today.isoformat()}
    named = all(facts.get(name) for name in ("ngo_representative", "iom_representative"))
    later = [code for code in OF_THE_SIGNATURE if not (named and code == REPRESENTATIVES)]
    found = rules.judge(form, setting_in(here, her, form, rules.signed(form, facts, today), True))
    return tuple(one for one in found if one.severity is Severity.REFUSE and one.code not in later)


def page(here: Desk, her: Client | None, setting: Setting, *, words: bool, names: bool = False) -> dict[str, Any]:
    """The agreement as programs and people see it; on a screen a check goes without the words, which load slowly."""
    asked = setting.agreement
    facts = {name: value for name, value in asked.facts.items() if name != "lines"}
    total = asked.total
    return {
        **({"id": her.id} if her else {}),
        "form": asked.form,
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
        setting = replace(setting_in(here, her, form, facts, "signed" in facts), today=None)
        prefix = f"/agreements/{index}"
        found += [replace(one, where=prefix + one.where) for one in rules.judge(form, setting)]
    return worded(here.shelf, found)


COLUMNS = ("client", "id", "number", "form", "date", "total", "signed")


def row(facts: Facts, here: Desk, client_id: str) -> dict[str, Any]:
    """One agreement in a list."""
    total = read_agreement(facts, here.shelf.form(facts["form"])).total
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
