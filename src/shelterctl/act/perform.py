"""An agreement as an act: read with everything that stands around it, judged, and put down in her file or signed."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from shelterctl import contract
from shelterctl.act.file import finished, save
from shelterctl.act.wording import worded
from shelterctl.core import agreement as rules
from shelterctl.core.agreement import Agreement, read_agreement
from shelterctl.core.days import read_day
from shelterctl.core.finding import Finding, Outcome, Severity, refused
from shelterctl.core.record import Client, Facts
from shelterctl.core.sameness import STAMPED, WAS, same
from shelterctl.core.signature import TO_SIGN, drafted, signed
from shelterctl.core.telltale import telltales
from shelterctl.core.track import Track
from shelterctl.desk import Desk
from shelterctl.language import N_

NUMBERLESS = N_("without a number")
SAVED = N_("Agreement {number} is saved as a draft: {total} som.")
REPLACED = N_("Agreement {number} is saved in place of its draft: {total} som.")
SIGNED = N_("Agreement {number} is signed on {on}: {total} som.")
KEPT = N_("How it is to be signed is kept with it: shelterctl agreement {id} --form {form} --sign uses it.")
SAME = N_("This agreement was saved just so already; nothing changed.")

OF_TODAY = ("agreement/date-near",)
"""What is asked of the day on which it is written alone: years later the same answer must come."""

REPRESENTATIVES = "agreement/representatives"
OF_THE_SIGNATURE = (REPRESENTATIVES, "agreement/language", "agreement/copies", "agreement/numbered")
"""What is answered on paper and when the signature is recorded."""


STOPS = (Severity.REFUSE, Severity.OPEN)


def agreement_in(here: Desk, her: Client, form: Track, facts: Facts, sign: bool) -> Agreement:
    """The agreement with everything around it: her other ones, the registers, and everybody's where it is signed."""
    return read_agreement(
        form,
        facts,
        signing=sign,
        client=her,
        stay=next((stay for stay in her.stays if stay.id == facts.get("stay")), None),
        others=rules.others_of(her, here.shelf.forms, facts),
        registers=here.store.registers,
        today=here.today,
        tracks=here.shelf.tracks,
        everyone=here.store.everyone,
    )


def unsignable(here: Desk, her: Client, form: Track, facts: Facts) -> tuple[Finding, ...]:
    """What would refuse a signature today whatever is written beside it."""
    return tuple(one for one in unsigned(here, her, form, facts) if one.severity is Severity.REFUSE)


def unsigned(here: Desk, her: Client, form: Track, facts: Facts) -> tuple[Finding, ...]:
    """What is found of a signature today whatever is written beside it; a name for both parties is there already."""
    today = {"on": here.today.isoformat()}
    named = all(facts.get(name) for name in ("ngo_representative", "iom_representative"))
    later = [code for code in OF_THE_SIGNATURE if not (named and code == REPRESENTATIVES)]
    found = rules.judge(agreement_in(here, her, form, signed(form, facts, today), True))
    return tuple(one for one in found if one.severity in STOPS and one.code not in later)


def surroundings(here: Desk, her: Client, facts: Facts) -> dict[str, Any]:
    """What a form prints that the agreement itself does not hold, as her file and the registers say it now.

    It is kept with the signature, so that what was signed is printed as it was.
    """
    code = facts.get("ngo")
    stay = next((stay for stay in her.stays if stay.id == facts.get("stay")), None)
    house = (here.store.directory.value.get("facilities") or {}).get(stay.facility if stay else None) or {}
    known = {
        "ngo": (here.store.ngos.get(code) or {}).get("name") if code else None,
        "identification_number": her.facts.get("identification_number"),
        "place": facts.get("place") or house.get("city"),
        "edition": here.shelf.edition,
    }
    return {name: value for name, value in known.items() if value is not None}


def judged(here: Desk, her: Client) -> tuple[Finding, ...]:
    """Every agreement of a file as ``check`` sees it: saved as saved, signed as signed, on its own day."""
    found: list[Finding] = []
    for index, facts in enumerate(her.facts.get("agreements") or ()):
        if "void" in facts or facts["form"] not in here.shelf.forms:
            continue
        form = here.shelf.form(facts["form"])
        agreement = agreement_in(here, her, form, facts, "signed" in facts)
        prefix = f"/agreements/{index}"
        said = (one for one in rules.judge(agreement) if one.code not in OF_TODAY)
        found += [replace(one, where=prefix + one.where) for one in said]
    return worded(here.shelf, found)


OWN = (*STAMPED, "stay", "form")


def content(saved: Facts) -> dict[str, Any]:
    """A saved agreement without what the tool wrote."""
    return {name: value for name, value in saved.items() if name not in OWN}


def standing(her: Client, form: Track, given: Facts, before: Facts | None) -> dict[str, Any]:
    """The agreement as it will stand in her file as a draft."""
    stay = (before or {}).get("stay", stay_id(her, given))
    head = {"id": before["id"]} if before else {}
    return {**head, **({"stay": stay} if stay else {}), "form": form.name, **drafted(given)}


def stay_id(her: Client, given: Facts) -> str | None:
    """The stay that an agreement belongs to: that of its date, else her open stay, else her last."""
    on = read_day(given.get("date"))
    stay = (her.stay_on(on) if on else None) or her.stay
    return stay.id if stay else None


def put_down(
    here: Desk, her: Client, held: Any, facts: dict[str, Any], before: Facts | None, data: Mapping[str, Any],
    findings: tuple[Finding, ...], agreement: Agreement,
) -> Outcome:  # fmt: skip
    """Save a judged agreement in the place of *before*, or beside the others; answers kept for it are done with."""
    if "signed" in facts:
        facts = {**facts, "signed": {**facts["signed"], "as": surroundings(here, her, facts)}}
    told = {"number": facts.get("number") or NUMBERLESS, "total": agreement.total}
    if before is not None and same(_unstamped(before), facts):
        return Outcome(data={**data, "agreement_id": before["id"]}, findings=findings, said=((SAME, {}),))
    entry = here.stamp.entry(facts)
    if before is not None:  # how it was to be signed is no news once it is
        stood = {name: value for name, value in before.items() if not ("signed" in facts and name == TO_SIGN)}
        entry = here.stamp.traced(stood, entry)
    rest = list(held.value.get("agreements") or [])
    agreements = [*rest, entry] if before is None else instead(rest, entry)
    record = {**finished(held.value, facts["form"], f"{facts['form']}-signature"), "agreements": agreements}
    place = next(number for number, each in enumerate(agreements) if each is entry)
    nameless = contract.nameless(here.shelf)
    misshapen = here.store.misshapen(record) or tuple(telltales(record, nameless, {f"/agreements/{place}"}))
    if refused(misshapen):
        return Outcome(data=data, findings=misshapen)
    save(here, record, held.version, "sign" if "signed" in facts else "agreement")
    if "signed" in facts:
        said = (SIGNED, {**told, "on": read_day(facts["signed"]["on"])})
    else:
        said = (SAVED if before is None else REPLACED, told)
    kept = ((KEPT, {"id": her.id, "form": facts["form"]}),) if TO_SIGN in facts else ()
    return Outcome(data={**data, "agreement_id": entry["id"]}, findings=findings, said=(said, *kept))


def instead(agreements: Iterable[Facts], new: Facts) -> list[Facts]:
    """Her agreements, with the one of that id as it stands now."""
    return [new if known["id"] == new["id"] else known for known in agreements]


def _unstamped(entry: Facts) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name not in ("recorded_at", "recorded_by", WAS)}
