"""Agreements as acts: read an agreement with its context, judge it, and save it in her file as a draft or signed."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from shelterctl.act.change import Change, drop_unfinished, find_file_errors, replace_entry, write_change
from shelterctl.act.input import refuse_contradiction
from shelterctl.act.worded_findings import word_findings
from shelterctl.core.finding import FilledSentence, Finding, Outcome, Severity, has_refusal
from shelterctl.core.manual.track import Track
from shelterctl.core.money import agreement as rules
from shelterctl.core.money.agreement import TO_SIGN_KEY, Agreement, add_signature, as_draft, find_draft, read_agreement
from shelterctl.core.record.client import Client, Stay
from shelterctl.core.record.sameness import CHANGES_KEY, STAMPED_KEYS, is_same
from shelterctl.core.values.days import read_day
from shelterctl.core.values.facts import Facts
from shelterctl.errors import NotFound
from shelterctl.session import Session
from shelterctl.store.store import StoredFile
from shelterctl.ui_language import N_

WITHOUT_NUMBER = N_("without a number")
AGREEMENT_SAVED = N_("Agreement {number} is saved as a draft: {total} {currency}.")
AGREEMENT_REPLACED = N_("Agreement {number} is saved in place of its draft: {total} {currency}.")
SIGNED_AGREEMENT_SAVED = N_("Agreement {number} is signed on {on}: {total} {currency}.")
SIGNATURE_ANSWERS_KEPT = N_(
    "The answers about the signature are saved with the draft. Sign it with: shelterctl agreement {id} "
    "--form {form} --sign"
)
AGREEMENT_DRAFT_UNKNOWN = N_(
    "There is no such agreement in {her|his} file. Begin it with agreement {id} --form {form}, or give it "
    "with --from FILE."
)
AGREEMENT_TERMINATED = N_(
    "That agreement was terminated on {on} and cannot be changed. {Her|His} agreements: shelterctl agreements {id}."
)
AGREEMENT_UNCHANGED = N_("This agreement is already saved with these answers; nothing changed.")

CODES_OF_WRITING_DAY = ("agreement/date-near", "agreement/code-of-conduct")
"""Codes of findings that count when an agreement is written or signed: ``check`` leaves them out, because its answer
must not change over the years, and a signed paper stays as it is.
"""

REPRESENTATIVES_CODES = ("agreement/representatives", "agreement/one-representative")
CODES_OF_SIGNATURE = (*REPRESENTATIVES_CODES, "agreement/language", "agreement/copies", "agreement/numbered")
"""Codes of findings that are resolved when the paper is signed or the signature is recorded, not in the draft."""


STOPPING_SEVERITIES = (Severity.REFUSE, Severity.OPEN)


def find_agreement(her: Client, entry: str) -> tuple[str, Facts]:
    """Return the JSON pointer to her agreement with that id, and its facts; the agreement must exist."""
    return next((f"/agreements/{n}", one) for n, one in enumerate(her.facts["agreements"]) if one["id"] == entry)


def stay_of_agreement(her: Client, facts: Facts) -> Stay | None:
    """Return the stay that an agreement names; None if it names none of hers."""
    return next((stay for stay in her.stays if stay.id == facts.get("stay")), None)


def agreement_in_context(session: Session, her: Client, form: Track, facts: Facts, sign: bool) -> Agreement:
    """Return an agreement with everything that its rules look at: her other agreements, the registers, all clients'
    files.
    """
    return read_agreement(
        form,
        facts,
        signing=sign,
        client=her,
        stay=stay_of_agreement(her, facts),
        other_entries=rules.read_other_agreements(her, session.rulebook.forms, facts),
        registers=session.store.registers,
        today=session.today,
        tracks=session.rulebook.tracks,
        all_clients=session.store.all_clients,
        read_register=session.store.read_register,
    )


def judge_in_context(
    session: Session, her: Client, form: Track, facts: Facts, sign: bool
) -> tuple[Agreement, tuple[Finding, ...]]:
    """Return an agreement with its context, and its findings in words."""
    agreement = agreement_in_context(session, her, form, facts, sign)
    return agreement, word_findings(session.rulebook, rules.judge_agreement(agreement))


def find_signature_refusals(session: Session, her: Client, form: Track, facts: Facts) -> tuple[Finding, ...]:
    """Return the findings that would refuse a signature today, no matter what else is recorded with it."""
    return tuple(one for one in judge_signature_today(session, her, form, facts) if one.severity is Severity.REFUSE)


def judge_signature_today(session: Session, her: Client, form: Track, facts: Facts) -> tuple[Finding, ...]:
    """Return the findings on a signature today that nothing recorded with the signature can resolve.

    Findings about the two representatives are among them only if the agreement already names both.
    """
    today = {"on": session.today.isoformat()}
    named = all(facts.get(name) for name in ("ngo_representative", "iom_representative"))
    later = [code for code in CODES_OF_SIGNATURE if not (named and code in REPRESENTATIVES_CODES)]
    found = rules.judge_agreement(agreement_in_context(session, her, form, add_signature(form, facts, today), True))
    return tuple(one for one in found if one.severity in STOPPING_SEVERITIES and one.code not in later)


def surrounding_facts(session: Session, her: Client, facts: Facts) -> dict[str, Any]:
    """Return the values that a form prints but the agreement does not hold, as her file and the registers have them
    now.

    They are saved with the signature, so that the signed form is always printed as it was.
    """
    code = facts.get("ngo")
    stay = stay_of_agreement(her, facts)
    house = (session.store.directory.value.get("facilities") or {}).get(stay.facility if stay else None) or {}
    known = {
        "ngo": (session.store.ngos.get(code) or {}).get("name") if code else None,
        "identification_number": her.facts.get("identification_number"),
        "place": facts.get("place") or house.get("city"),
        "edition": session.rulebook.edition,
    }
    return {name: value for name, value in known.items() if value is not None}


def judge_agreements(session: Session, her: Client) -> tuple[Finding, ...]:
    """Return the findings on all agreements of a file, as ``check`` judges them: drafts as drafts, signed ones as
    signed.
    """
    found: list[Finding] = []
    for index, facts in enumerate(her.facts.get("agreements") or ()):
        if "void" in facts or facts["form"] not in session.rulebook.forms:
            continue
        form = session.rulebook.form(facts["form"])
        agreement = agreement_in_context(session, her, form, facts, "signed" in facts)
        prefix = f"/agreements/{index}"
        said = (one for one in rules.judge_agreement(agreement) if one.code not in CODES_OF_WRITING_DAY)
        found += [replace(one, where=prefix + one.where) for one in said]
    return word_findings(session.rulebook, found)


KEYS_OF_PROGRAM = (*STAMPED_KEYS, "stay", "form")


def agreement_content(saved: Facts) -> dict[str, Any]:
    """Return a saved agreement without the keys that the program wrote."""
    return {name: value for name, value in saved.items() if name not in KEYS_OF_PROGRAM}


def draft_agreement(her: Client, form: Track, given: Facts, before: Facts | None) -> dict[str, Any]:
    """Return the agreement as it will be saved in her file as a draft."""
    stay = (before or {}).get("stay", find_stay_id(her, given))
    head = {"id": before["id"]} if before else {}
    return {**head, **({"stay": stay} if stay else {}), "form": form.name, **as_draft(given)}


def find_stay_id(her: Client, given: Facts) -> str | None:
    """Return the id of the stay that an agreement belongs to: that of its date, else her open stay, else her last."""
    on = read_day(given.get("date"))
    stay = (her.stay_on(on) if on else None) or her.stay
    return stay.id if stay else None


def save_agreement(
    session: Session, her: Client, file: StoredFile, facts: Facts, before: Facts | None, data: Mapping[str, object],
    findings: tuple[Finding, ...], agreement: Agreement,
) -> Outcome:  # fmt: skip
    """Save a judged agreement, in place of *before* if given; unfinished answers for it are dropped."""
    signed = facts.get("signed")
    facts = {**facts, "signed": {**signed, "as": surrounding_facts(session, her, facts)}} if signed else facts
    entry, place = session.stamp.stamp_entry(facts), f"/agreements/{len(file.value.get('agreements') or ())}"
    record = drop_unfinished(file.value, facts["form"], f"{facts['form']}-signature")
    if before is None:
        record = {**record, "agreements": [*(record.get("agreements") or ()), entry]}
    else:
        place, stood = find_agreement(her, before["id"])
        if signed:  # once it is signed, the answers prepared for that are not kept as a change
            stood = {name: value for name, value in stood.items() if name != TO_SIGN_KEY}
        record = replace_entry(record, place, session.stamp.keep_changes(stood, entry))
    stamped = ("recorded_at", "recorded_by", CHANGES_KEY)
    same = before and is_same({name: value for name, value in before.items() if name not in stamped}, facts)
    misshapen = () if same else find_file_errors(session, record, {place})
    if has_refusal(misshapen):
        return Outcome(data=data, findings=misshapen)
    told = {"number": facts.get("number") or WITHOUT_NUMBER, "total": agreement.total}
    said: FilledSentence = (AGREEMENT_REPLACED if before else AGREEMENT_SAVED, told)
    if signed:
        said = (SIGNED_AGREEMENT_SAVED, {**told, "on": read_day(signed["on"])})
    kept = ((SIGNATURE_ANSWERS_KEPT, {"id": her.id, "form": facts["form"]}),) if TO_SIGN_KEY in facts else ()
    change = Change(
        held=file,
        record=record,
        did="sign" if signed else "agreement",
        data={**data, "agreement_id": entry["id"]},
        findings=findings,
        changed=not same,
        unchanged=((AGREEMENT_UNCHANGED, {}),),
        written=(said, *kept),
    )
    return write_change(session, change)


def sign_agreement(session: Session, form: Track, facts: Facts, before: Facts | None, on: str | None) -> dict[str, Any]:
    """Return the agreement signed on the day *on*, else on the day prepared in it, else today. Raises UsageError if
    *on* and the prepared day differ.
    """
    prepared = facts.get(TO_SIGN_KEY) or {}
    if "signed" not in (before or {}):  # that an agreement is signed already is reported instead
        refuse_contradiction({"on": on} if on else {}, prepared)
    prepared = {**((before or {}).get(TO_SIGN_KEY) or {}), **prepared}
    day = on or prepared.get("on") or session.today.isoformat()
    return add_signature(form, {**facts, TO_SIGN_KEY: prepared}, {"on": day})


def find_saved_agreement(her: Client, form: Track, number: str | None) -> Facts | None:
    """Return the saved agreement that the user means: by number, else the draft without a number, the only draft, or
    the last signed one.
    """
    stay = find_stay_id(her, {})
    on_it = [facts for facts in her.agreements if facts["form"] == form.name and number is None]
    drafts = [facts for facts in on_it if "signed" not in facts]
    signed = [facts for facts in on_it if "signed" in facts and facts.get("stay") == stay]
    only = drafts[0] if len(drafts) == 1 else signed[-1] if signed and not drafts else None
    return find_draft(her, form.name, number, stay) or find_draft(her, form.name, None, stay) or only


def saved_agreement_content(her: Client, form: Track, saved: Facts | None, number: str | None) -> dict[str, Any]:
    """Return a saved agreement without the keys that the program wrote, with *number* if given. Raises NotFound if
    *saved* is None.
    """
    if saved is None:
        named = (one for one in her.agreements if one["form"] == form.name and number in (None, one.get("number")))
        ended = next((one["terminated"]["on"] for one in named if "terminated" in one), None)
        raise NotFound(
            "agreement/unknown",
            AGREEMENT_TERMINATED if ended else AGREEMENT_DRAFT_UNKNOWN,
            id=her.id,
            form=form.name,
            on=ended,
        )
    return {**agreement_content(saved), **({"number": number} if number else {})}
