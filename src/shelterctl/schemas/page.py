"""The schema of the page that every command prints with --json, and the table of what each command answers in it.

A new command, column or key is a line in COMMAND_ANSWERS. In that table a text names one of ANSWER_KINDS, and ends with
``?`` if it may be null. A tuple lists the only words allowed; a list has the kinds of its items; a mapping has its
keys. In a row every key is present except those that end with ``?``; at the top of a page no key is certain, because an
error page has none. The key ``*`` is any other key, where columns are chosen or come from the rulebook.
"""

from collections.abc import Mapping
from typing import Any

from shelterctl.core.manual.coverage import COVERAGE_STATUSES
from shelterctl.core.manual.field import UNKNOWN_ANSWER
from shelterctl.core.manual.sheet import SHEET_FORMATS
from shelterctl.country import Currency
from shelterctl.immutable import immutable
from shelterctl.language import choose_gender_forms
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.schemas.fields import FORMATS, MONTH_FORMAT, Schema, capitalize_first, closed_object
from shelterctl.schemas.list_rows import COMMANDS_OF_LISTS, list_row_keys
from shelterctl.schemas.stored import SCHEMA_DIALECT


class OneOf(tuple[Any, ...]):
    """A value that has one of several forms, depending on what was asked for."""

    __slots__ = ()


WHOM_PATTERN = f"{FORMATS['id']['pattern']}|{FORMATS['code']['pattern']}"


def _or_unknown(kind: Schema) -> Schema:
    """Return the kind of a day, month or time that may also be unknown."""
    return {"type": "string", "pattern": f"{kind['pattern']}|^{UNKNOWN_ANSWER}$"}


ANSWER_KINDS: Mapping[str, Schema] = {
    **{name: FORMATS[name] for name in ("day", "time", "id", "sheet", "entry_id")},
    "whom": {"type": "string", "pattern": WHOM_PATTERN, "description": "a client's id, or a code of a register"},
    "month": MONTH_FORMAT,
    "text": {"type": "string"},
    "code": {"type": "string", "minLength": 1, "description": "a code; it never changes"},
    "clause": {"type": "string", "minLength": 1, "description": "a clause of the manual, as explain takes it"},
    "whole": {"type": "integer"},
    "number": {"type": "number"},
    "yes_no": {"type": "boolean"},
    "texts": {"type": ["string", "array"], "items": {"type": "string"}, "description": "one text, or several"},
    "figure": {
        "type": ["number", "string", "null"],
        "description": "a number of a report; an amount as text; null where it is hidden or not read",
    },
    "cell": {
        "type": ["string", "number", "boolean", "null", "array"],
        "items": {"type": ["string", "number", "boolean"]},
        "description": "the value of a column",
    },
    "codes": {"type": "array", "items": {"type": "string", "minLength": 1}, "description": "several codes"},
    "answers": {"type": "array", "items": {"type": ["string", "integer", "boolean"]}, "description": "several answers"},
    "scalar": {"type": ["string", "number", "null"], "description": "what a question in SQL may answer in a cell"},
    "any_id": {
        "type": "string",
        "pattern": "^[0-9A-Za-z][0-9A-Za-z-]*$",
        "description": "the id of a client or an entry, or a code of a register",
    },
    "yes_no_or_unknown": {"type": ["boolean", "string"], "enum": [True, False, UNKNOWN_ANSWER]},
    "whole_or_unknown": {"type": ["integer", "string"], "pattern": f"^{UNKNOWN_ANSWER}$"},
    "day_or_unknown": _or_unknown(FORMATS["day"]),
    "month_or_unknown": _or_unknown(MONTH_FORMAT),
    "minute_or_unknown": _or_unknown(FORMATS["time"]),
    "quarter": {"type": "string", "pattern": r"^\d{4}-Q[1-4]$", "description": "a quarter YYYY-Q1"},
    "record": {"type": "object", "description": "a record or a part of one; it has names only with --names"},
    "schema": {"type": "object", "description": "a JSON Schema"},
}
"""Every kind of answer except ``state``, which is one of the rulebook's states, and amounts."""


def _amount_answers(currency: Currency) -> Mapping[str, Schema]:
    """Return the kinds of answers that are amounts, with the decimal places of the currency."""
    places = currency.places
    decimals = rf"\.\d{{{places}}}" if places else ""
    said = f"an amount ({currency.code}) as text, with decimals: {places}"
    return {
        "som": {"type": "string", "pattern": rf"^\d+{decimals}$", "description": said},
        "balance": {
            "type": "string",
            "pattern": rf"^-?\d+{decimals}$",
            "description": f"{said}; negative if too much was spent",
        },
    }


_CHECKLIST = [
    {"item": "code", "text": "text", "state": ("open", "done", "not_applicable"), "on": "day?", "gate": "yes_no",
     "clause": "clause",
     "begun?": [{"track": "code", "entry": "entry_id?", "on": "day?", "lacks": ["code"]}],
     "on_paper?": {"entry": "entry_id?", "seen_by": "code?", "seen_on": "day?"}},
]  # fmt: skip
_COPIES = {
    "copies": {
        "verified": "whole", "wanted": "whole", "open_to_who_is_out": ["text"],
        "disks": [{"disk": "text", "folder": "text", "on": "day", "number": "whole", "counts": "yes_no"}],
    },
}  # fmt: skip
_KEEPS = {"since": "day", "clients": "whole", "backups": ["text"]}
_ANEW = {"sealed": "whole", "left": ["text"], "waiting": [{"part": "code", "files": "whole"}]}
_STATE_AND_CHECKLIST = {"id": "id", "state": "state", "checklist": _CHECKLIST}
_LINE = {"line": "code", "limit": "text?", "keys": ["text"], "clause": "clause", "text": "text"}
_SPENT = {"agreed": "som", "spent": "som", "left": "balance", "outlays": "whole", "without_document": "whole"}
_ACCOUNT = {
    "agreement": "entry_id?", "number": "text?", "form": "code", "state": ("signed", "terminated", "draft"),
    "line": "code?", "text": "text?", **_SPENT, "months_agreed": "whole?", "months_paid": "whole?",
}  # fmt: skip
_PAPER = {"form": "code", "language": "code", "record": "code?", "code": "sheet?", "pages": "whole?"}
_PRINTED = {"printed": [_PAPER], "text": "text"}
_SHEET = {"store": "code", "words": "text", "number": "whole"}
_BACKUP_COUNTS = {"folder": "text", "clients": "whole", "files": "whole", "bytes": "whole"}
_SLEPT = {"least": "whole?", "most": "whole?"}
_FULL = {**_SLEPT, "average": "number?", "full": "whole?", "nights": "whole?", "unknown?": "whole?"}
_TERM = {"word": "code", "means": "text", "see": ["text"], "also": ["text"]}
_READING = {"reading": "code", "gist": "text", "clauses": ["clause"]}
_COVERED = {
    "row": "clause", "status": COVERAGE_STATUSES, "answer": "text", "by": ["text"], "in": ["text"], "test": ["text"],
    "reason": "code?",
}  # fmt: skip
_COVERAGE_COUNTS = {"done": "whole", "not_done": "whole", "not_yet": "whole", "total": "whole"}
_CHANGED_FIGURE = {
    "month": "month", "row": "code", "by": "code?", "answer": "text?", "closed": "text?", "now": "text",
}  # fmt: skip
_ROLE_CHANGES = {"changes": [{"kind": "code", "who": "code", "what": "code"}], **_ANEW}
_DONE: Mapping[str, Any] = {"id": "whom", "track": "code", "entry": "entry_id", "act": "code", "on": "day?"}
_NOTED = {"id": "id", "stay": "entry_id", "entry": "entry_id", "on": "day"}

_OWED: Mapping[str, Any] = {
    "id": "whom", "state": ("overdue", "due", "open", "upcoming", "unscheduled"), "what": "code",
    "due_on": "day?", "days_since_due": "whole?", "clause": "clause", "owner": "code?", "row": "code?",
    "stay": "entry_id?", "entry": "entry_id?", "social_worker": "code?", "gaps": "whole?", "gate": "yes_no",
    "due_at": "time?", "minutes_since_due": "whole?", "danger": "code?", "owner_codes": ["code"],
    "text": "text",
}  # fmt: skip
_BEDS = {
    "facility": "code", "kind": "code", "capacity": "whole", "residents": "whole", "children": "whole",
    "others": "whole", "unread?": "whole", "free": "whole",
}  # fmt: skip
IMPACT_KINDS = ("finding", "item", "deadline", "sum", "state", "unreadable")
"""The things in a record that a proposed rulebook may change."""

SEVERITIES = {"refuse": "it stops the act", "open": "it is still to be done", "warn": "a warning, given once"}

_MOVE = {"id": "id", "facility": "code?", "on": "day"}

_OWN_LIMIT = {
    "id": "entry_id", "what": "code", "line": "text?", "limit": "text", "manual": "text?", "clause": "clause",
    "facility": "code?", "since": "day", "until": "day?", "by": "code", "state": "code", "reason": "code",
    "field": "text?", "word": "code", "number": "text",
}  # fmt: skip
EACH_STATUSES = ("ok", "open", "refused", "error")
"""The ways in which one document of several may end."""

COMMAND_ANSWERS: Mapping[str, Mapping[str, Any]] = {
    "menu": {},
    "init": {
        "facility": "code", "kind": "code", "capacity": "whole", "device": "code", "identity": "text", "sheet": _SHEET,
    },
    "facility add": {
        "facility": "code", "kind": "code", "capacity": "whole", "ngo": "code",
        "others": {"number": "whole", "on": "day"}, "*": "cell",
    },
    "facility list": {
        "rows": [{"facility?": "code", "kind?": "code", "capacity?": "whole", "ngo?": "code?", "*": "cell"}],
    },
    "ngo add": {"ngo": "code"},
    "ngo list": {
        "rows": [
            {"ngo?": "code", "legal_form?": "code?", "memorandum_signed_on?": "day?",
             "memorandum_terminated_on?": "day?", "contract_dated?": "day?", "*": "cell"},
        ],
    },
    "staff add": {"staff": "code", "role": "code", "*": "cell"},
    "staff list": {"rows": [{"staff?": "code", "role?": "code", "since?": "day", "until?": "day?", "*": "cell"}]},
    "staff end": {"staff": "code", "until": "day", "ended": ["code"], "kept": ["code"], "keeps": _KEEPS, **_ANEW},
    "staff key": {"staff": "code", "device": "code", "words": "text", "request": "text", "roles": ["code"], **_ANEW},
    "export": {
        "for": "code?", "tables": ["code"], "count": "whole", "exact": "yes_no", "anonymised": "yes_no", "why": "code?",
        "sha256": "text", "standard": "code", "withheld": "whole", "losses": "whole",
        "rows": OneOf((
            [{"table": "code", "title": "text", "of_persons": "yes_no", "columns": "whole"}],
            [{"field": "code", "title": "text", "value": "code?", "reason": "code"}],
            [{"at": "time", "exported_by": "code", "for": "code?", "tables": ["code"], "count": "whole",
              "exact": "yes_no", "anonymised": "yes_no", "why": "code?", "sha256": "text"}],
        )),
    },
    "query": {"rows": [{"*": "scalar"}]},
    "hub init": {"hub": "code", "key": "text", "recipient": "text", "identity": "text"},
    "hub add": {"added": ["text"], "known": ["whole"], "replaced": "whole", "count": "whole"},
    "hub check": {
        "hub": "code", "serial": "whole",
        "rows": [{"file": "text", "state": ("missing", "changed", "extra", "leftover")}],
    },
    "hub query": {"rows": [{"*": "scalar"}]},
    "hub sql": {"rows": [{"table": "code", "sql": "text"}]},
    "hub list": {
        "hub": "code", "key": "text", "recipient": "text",
        "rows": [
            {"sender": "code", "first": "day?", "last": "day?", "house": "code?", "tables": ["code"], "count": "whole",
             "added_at": "time", "replaced_at": "time?", "sha256": "text"}
        ],
    },
    "hub match": {
        "matching": "code", "for": "code", "key": "text", "words": "text", "ends_on": "day", "count": "whole",
        "withheld": "whole", "consent_over": "whole", "incomplete": "whole", "waiting": "whole",
        "rows": OneOf((
            [{"matching": "code", "for": "code", "invited": "yes_no", "ends_on": "day", "done": ["code"],
              "words": "text"}],
            [{"id": "id", "match": ("day", "month", "father", "slip", "year"), "several": "yes_no", "token": "code",
              "id_sent": "yes_no", "other_id": "id?"}],
            [{"at": "time", "by": "code", "step": "code", "matching": "code", "for": "code?", "count": "whole?"}],
        )),
    },
    "import": {
        "rows": [
            {"sheet_row": "whole", "id": "id?", "state": "state?", "status": ("ok", "open", "refused"),
             "written": "yes_no"}
        ],
    },
    "provider add": {"provider": "code"},
    "provider list": {"rows": [{"provider?": "code", "*": "cell"}]},
    "iom-contact add": {"iom-contact": "code"},
    "iom-contact list": {"rows": [{"iom-contact?": "code", "*": "cell"}]},
    "admit": {
        **_STATE_AND_CHECKLIST, "id": "id?", "entry": "entry_id", "entries": {"*": "entry_id"}, "changed": "yes_no",
        "replaced": ["text"], "left_out": ["text"],
        "rows": [
            {"document": "whole", "id": "id?", "state": "state?", "status": EACH_STATUSES, "exit_code": "whole",
             "written": "yes_no", "replaced": ["text"], "left_out": ["text"], "entries": ["entry_id"]},
        ],
    },
    "due": {
        "rows": [
            {**_OWED, "part?": ("overdue", "day", "undated", "recurring"), "day?": "day?", "every?": "code?"},
        ],
    },
    "today": {
        "day": "day", "staff": "code", "rows": [_BEDS],
        "sleeping": [
            {"id": "id", "facility": "code?", "room": "text?", "children": "whole", "since": "day?"},
        ],
        "out": [{"id": "id", "state": "state?", "since": "text", "expected_back_at": "text?"}],
        "danger": [_OWED], "due": [_OWED],
        "medicine": [{"id": "id", "entry": "entry_id", "at": "time"}],
        "coming": [_MOVE], "leaving": [_MOVE],
        "on_duty": [
            {"facility": "code", "staff": ["code"], "from": "time", "until": "time?", "now": "yes_no"},
        ],
        "handovers": [
            {"facility": "code", "track": "code", "entry": "entry_id", "on": "day?", "recorded_at": "time",
             "by": "code", "confirmed": ["code"], "waits": "yes_no", "earlier": "whole"},
        ],
        "since": "time", "news": [{"id": "whom", "track": "code", "new": "whole", "changed": "whole"}],
        "by_number": "yes_no", "registers": "yes_no", "unread": "whole",
    },
    "correct": {"id": "id", "agreement_id": "entry_id", "on": "day", "was": "day"},
    "terminate": {"id": "id", "agreement_id": "entry_id", "on": "day", "replaced": ["text"]},
    "add": {
        "id": "whom", "track": "code", "entry": "entry_id?", "stay": "entry_id?", "left_out": ["text"],
        "facility": "code", "on": "day",
        "rows": OneOf((
            [{"document": "whole", "entry": "entry_id?", "stay": "entry_id?", "status": EACH_STATUSES,
              "exit_code": "whole",
              "written": "yes_no", "left_out": ["text"]}],
            [{"id": "id", "state": "code", "first_day?": "day?", "last_day?": "day?", "days?": "whole?",
              "amount?": "som?", "unpaid_before?": "whole", "entry": "entry_id?", "status": EACH_STATUSES,
              "written": "yes_no"}],
        )),
    },
    "show": {
        "track": "code",
        "rows": [
            {"entry": "entry_id?", "stay": "entry_id?", "on": "day?", "recorded_at": "text?", "recorded_by": "code?",
             "void": "code?", "fields": "record", "was": ["record"]},
        ],
        "id": "whom", "state": "state", "facility": "code?", "since": "day?", "record": "record",
        "named_in": [{"track": "code", "on": "day?", "of": "code", "entry": "entry_id"}],
        "home": "code", "registers": [{"track": "code", "entries": "whole", "last": "day?"}],
        "why": "text", "next": "text", "away": {"state": "text", "since": "text"},
        "on_paper": ["code"],
        "steps": [{"step": "code", "on": "day?", "expected": "yes_no"}],
        "open": {"count": "whole", "gate": "whole"},
        "money": {"agreements": "whole", "drafts": "whole", "total": "som", "spent": "som"},
        "changed": {"at": "text", "by": "code"},
    },
    "list": {
        "rows": [
            {"id?": OneOf(("id", "entry_id")), "of?": "code",
             "state?": "code", "facility?": "code?", "arrived_on?": "day?", "admitted_on?": "day?",
             "discharged_on?": "day?", "agreements?": "whole", "left?": "code?", "monitoring_ended?": "code?",
             "*": "cell"},
        ],
    },
    "find": {
        "rows": [
            {"id": "id", "state": "state", "facility": "code?", "match": ("same", "near", "far"), "arrived_on": "day?",
             "reasons": ["code"]},
            {"id": "id", "same_as": "id", "reasons": ["code"]},
        ],
    },
    "house": {
        "rows": [
            {"day?": "day", "facility": "code", "kind?": "code", "capacity": "whole?", "residents": "whole?",
             "children": "whole?", "others": "whole?", "unread?": "whole", "free": "whole?"},
        ],
        "sleeping": [{"id": "id", "facility": "code?", "since": "day?", "provisional": "yes_no",
                      "away": "code?", "out_since": "text?", "room?": "text", "children?": "whole",
                      "expected_back_at?": "text?"}],
        "by_number": "yes_no",
        "houses": [
            {"facility": "code", "capacity": "whole?", "weeks": [{"week_of": "day", **_SLEPT}],
             "months": [{"month": "month", **_FULL}], "years": [{"year": "whole", **_FULL}]},
        ],
    },
    "check": {
        "records": "whole", "files": [{"kind": "code?", "record": "id?"}], "sheet": {"number": "whole?"},
        "opened": "whole", **_COPIES, "recovery": {"tried_on": "day?", "due_on": "day"},
    },
    "backup": {**_BACKUP_COUNTS, **_COPIES, "sheet": {"number": "whole"}},
    "restore": {
        "from": "text", **_BACKUP_COUNTS, "opened": "whole?", "lacking": "whole?",
        "sheet": {"number": "whole?", "compared": "yes_no"},
        "passed_over": [{"backup": "text", "reason": "code", "place": "text?", "may_be_newer": "yes_no"}],
    },
    "trust": {
        "device": "code", "staff": "code", "files": "whole",
        "sheet": {"store?": "code", "words?": "text", "number": "whole", "moment?": "text", "paper_signed?": "yes_no"},
        "rows": [
            {"device": "code", "staff": "code", "may": ["code"], "lines": "whole",
             "state": ("here", "in_force", "ended")},
        ],
        "accepted": [{"kind": "code", "device": "code?", "by": "code", "at": "day", "kept?": ["code"]}],
    },
    "device list": {
        "rows": [
            {"device": "code", "staff": "code", "may": ["code"], "lines": "whole",
             "state": ("here", "in_force", "ended"), "last": "day?", "ended_on": "day?",
             "why": ("lost", "left", "copied", "undone", None), "ended_by": "code?"},
        ],
    },
    "device end": {
        "device": "code", "staff": "code", "why": ("lost", "left", "copied", "undone"), "ended_on": "day",
        "ended_by": "code?", "lines": "whole", "dropped": "whole", "files": ["text"], "keeps": _KEEPS, **_ANEW,
    },
    "recovery renew": {
        "keeps": _KEEPS, "state": ("noted", "in_force", None), **_ANEW,
        "sheet": {"store": "code", "words": "text", "number": "whole"},
    },
    "repair": {
        "repaired": {
            "place?": "text", "lost?": "whole", "reason?": "code", "aside?": "text", "statements?": "whole",
            "uncounted?": "whole", "kept?": ["code"], "ended?": ["code"], "undone?": ["code"],
            "back?": "whole", "signed?": "whole", "vouched?": ["text"], "unvouched?": ["text"],
            "waiting?": [{"place": "text", "sha256": "text", "device?": "text", "says": ["text"]}],
        },
    },
    "passphrase": {"identity": "text"},
    "roles": {
        "by_role": "yes_no", **_ROLE_CHANGES,
        "rows": [{"role": "code", "who": ["code"], "reads": ["code"], "writes": ["code"], "does": ["code"]}],
    },
    "who-can-read": {
        "id": "whom", "by_role": "yes_no", "late": ["code"], "waiting": ["code"],
        "rows": [{"part": "code", "roles": ["code"], "people": ["code"], "keys": "whole", "writers": ["code"]}],
    },
    "rekey": {**_ANEW,  "rows": [{"file": "text", "saved_on": "day"}]},
    "void": {"id": "whom", "entry": "entry_id"},
    **dict.fromkeys(("approve", "start", "authorise", "permit", "close", "confirm"), _DONE),
    "agreement": {
        "id": "id", "form": "code", "number": "text?", "agreement": "record", "agreement_id": "entry_id",
        "lines": [{"line": "code", "amount": "som?", "cap": "som?", "clause": "clause", "text": "text"}],
        "total": OneOf(("som", {**_SPENT, "drafts": "som"})), "words": "text?", "example": "text",
        "rows": [_LINE, _ACCOUNT], "outside": [{"item": "code?", "spent": "som", "outlays": "whole"}],
        "pocket_money": [
            {"stay": "entry_id?", "facility": "code?", "from": "day?", "to": "day?", "days": "whole",
             "days_covered": "whole", "owed": "som", "paid": "som", "left": "som", "beyond": "som"},
        ],
        "conditions": [
            {"condition": "code", "clause": "clause", "saved": ("refuse", "open", "warn", None),
             "signed": ("refuse", "open", "warn", None)},
        ],
        **_PRINTED,
    },
    "agreements": {
        "rows": [
            {"client?": "id", "id?": "entry_id", "number?": "text?", "form?": "code?", "date?": "day", "total?": "som?",
             "signed?": "day?", "terminated?": "day?", "*": "cell"},
        ],
        "total": {"agreed": "som", "spent": "som", "left": "balance", "over": "som", "lines_over": "whole",
                  "outside": "som", "drafts": "som", "terminated": "balance", "outlays": "whole",
                  "without_document": "whole"},
        "pocket_money": [
            {"client?": "id", "stay": "entry_id?", "facility": "code?", "from": "day?", "to": "day?", "days": "whole",
             "days_covered": "whole", "owed": "som", "paid": "som", "left": "som", "beyond": "som"},
        ],
        "pocket_money_total": {"owed": "som", "paid": "som", "left": "som", "clients": "whole"},
    },
    "publish": {
        "release": "text?", "published": "yes_no", "why": "code?", "tables": {"*": "code"},
        "report": "code", "house": "code?", "month": "month?", "year": "whole?", "from": "day", "to": "day",
        "known_on": "day?", "public": "yes_no", "entry": "entry_id?", "closed_on": "day?", "digest": "text?",
        "rows": OneOf((
            [{"plan": "code", "title": "code", "audience": "code", "grid": "code", "houses": "code", "least": "whole?",
              "rounding": "whole?", "tables": ["code"]}],
            [{"at": "time", "published_by": "code", "release": "text", "plan": "code", "period": "text",
              "scope": "code", "audience": "code?", "least": "whole?", "shown": ["code"],
              "withheld": ["code"], "verified": "whole?", "exception": "code?", "asked_by": "code?",
              "state": ("published", "waits", "incomplete")}],
            [{"row": "code", "by": "code?", "answer": "cell", "number": "figure"}],
        )),
        "lists": {"*": [{"*": "cell"}]}, "words": {"*": "text?"}, "corrections": [_CHANGED_FIGURE],
        "id": "code", "on": "day", "track": "code", "stay": "entry_id?", "left_out": ["text"],
        **_PRINTED,
    },
    "report": {
        "published": "yes_no", "tables": {"*": "code"},
        "report": "code", "house": "code?", "month": "month?", "year": "whole?", "from": "day",
        "to": "day", "known_on": "day?",
        "public": "yes_no", "entry": "entry_id?", "closed_on": "day?", "digest": "text?",
        "rows": [
            {"row": "code", "by": "code?", "answer": "cell", "number": "figure"},
            _CHANGED_FIGURE,
            {"report": "code", "title": "text", "month": "month", "entry": "entry_id?",
             "closed_on": "day?", "submitted_on": "day?"},
        ],
        "lists": {"*": [{"*": "cell"}]}, "words": {"*": "text?"}, "corrections": [_CHANGED_FIGURE],
        "release": "text?",
        "id": "code", "on": "day", "track": "code", "stay": "entry_id?", "left_out": ["text"],
        **_PRINTED,
    },
    "form": {
        "rows": [
            {"form": "code", "title": "text", "kind": ("form", *SHEET_FORMATS),
             "filled_for": "text?"},
        ],
        **_PRINTED,
    },
    "paper": {
        "code": "sheet", "form": "code", "language": "code", "client": "id", "staff": "code", "printed_at": "time",
        "printed_by": "code", "state": ("same", "changed", "struck"), "changed": ["text"],
    },
    "discharge": {
        "id": "id", "state": "state", "discharged_on": "day?", "monitoring_due_on": "day?", "taken_back": "record",
        "replaced": ["text"],
    },
    "monitor due": {
        "rows": [
            {"id": "id", "stay": "entry_id?", "discharged_on": "day?", "due_on": "day?", "days_since_due": "whole?",
             "state": ("due", "upcoming", "unscheduled")},
        ],
    },
    "monitor reports": {"rows": [{"client?": "id", "id?": "entry_id", "*": "cell"}]},
    "monitor record": {
        "id": "id", "stay": "entry_id", "entry": "entry_id", "left_out": ["text"], "monitored": "yes_no",
    },
    "monitor attempt": _NOTED,
    "monitor close": _NOTED,
    "monitor schedule": _NOTED,
    "monitor form": _PRINTED,
    "schema": {"rows": [{"name": "code", "title?": "text", "*": "cell"}], "schema": "schema"},
    "explain": {
        "clause": "clause", "heading": "text", "gist": "text", "text": "text", "code": "code", "means": "text",
        "remedy": "text", "example": "texts", "clauses": ["clause"], "item": "code", "met_by": ["code"],
        "reading": "code", "readings": [_READING], "form": "code", **_LINE, "lines": [{"form": "code", **_LINE}],
        "duties": ["code"], "duty": "code", "row": "code", "months": "whole", "days": "whole",
        "state": "state", "next": "text",
        "report": "code", "rows": [{"row": "code", "kind": "code", "of": "code?", "by": ["code"], "says": "text"}],
        "deadline": "code", "owner": "code?", "track": "code", "home": ["code"], "at": "text", "keeps": "code",
        "fields": ["record"], "rules": ["record"], "due": ["code"], "typed": ["text"],
        "sealed": {"part": "code", "marker": ["text"], "not_for?": "code", "instead?": "code"}, "acts": ["code"],
        "why": "text",
        "codes": ["code"], "places": [{"place": "text", "text": "text", "means": "text"}], "coverage": [_COVERED],
        **_TERM,
    },
    "coverage": {
        "rows": OneOf((
            [{"chapter": "code", "text": "text", **_COVERAGE_COUNTS}], [{**_COVERED, "text": "text"}],
        )),
        "sum": _COVERAGE_COUNTS,
    },
    "rules overlay": {"limit": _OWN_LIMIT, "rows": [_OWN_LIMIT]},
    "rules new": {
        "clause": "clause", "added": ["text"], "rows": [{"place": "text", "kind": "code", "says": "text"}],
    },
    "rules list": {
        "rows": [
            {"of": "code", "part": "code?", "verb": "code", "names": ["text"], "words": "text", "limit": "text?",
             "severity": (*SEVERITIES, None), "act": "code?", "clause": "clause", "reading": "code?", "since": "day?",
             "until": "day?", "then": "text?"},
        ],
    },
    "rules impact": {
        "proposed": {"name": "code", "edition": "text", "digest": "code"}, "records": "whole",
        "changes": [
            {"of": "text", "part": "code?", "verb": "code", "names": ["text"], "clause": "clause?", "before": "text?",
             "after": "text?"},
        ],
        "counts": [
            {"what": IMPACT_KINDS, "clause": "clause?", "new": "whole", "gone": "whole", "changed": "whole"},
        ],
        "rows": [
            {"id": "whom?", "what": IMPACT_KINDS, "where": "text", "code": "code", "clause": "clause?",
             "before": "cell", "after": "cell", "severity_before": "code?", "severity_after": "code?"},
        ],
    },
    "help": {
        "rows": [{"topic": "code", "title": "text"}], "topic": "code", "command": "text", "text": "text", **_TERM,
    },
    "completion": {
        "shell": "code", "script": "text", "kind": "code", "rows": [{"word": "text", "means": "text"}],
    },
    "demo run": {"folder": "text", "forms": ["text"]},
    "demo generate": {
        "folder": "text", "clients": "whole", "staff": "whole", "entries": "whole",
        "rows": [{"track": "code", "count": "whole"}],
    },
}  # fmt: skip
"""Answers by the name of the command on its page; each may also have ``said``, the sentences that a person reads first.
"""

OF_NO_COMMAND = "of no command"
"""The name of the answer if no command was understood."""


LISTS_ON_PAPER_TOO = ("list", "due", "agreements")
"""Commands that list something, or with --out write it into a file and say so."""

COMMANDS_WITH_ROWS = (*COMMANDS_OF_LISTS, "query", "find", "due", "monitor due", "device list")
"""Commands whose page has rows whenever they succeed, if only an empty list."""

_STRING: Schema = {"type": "string"}
_STRING_OR_NULL: Schema = {"type": ["string", "null"]}
_INTEGER_OR_NULL: Schema = {"type": ["integer", "null"]}
STATUSES = {
    "ok": "done, and nothing is open",
    "open": "done, and something is open",
    "refused": "nothing was written: see the findings",
    "error": "the answer is missing or incomplete: see the error",
}


def list_command_answers(rulebook: Rulebook) -> Mapping[str, Mapping[str, Any]]:
    """Return what each command answers, by name; commands of a rulebook's own registers and acts are included."""
    answers = dict(COMMAND_ANSWERS)
    for command in COMMANDS_OF_LISTS:
        answers[command] = {**answers[command], "rows": [_row_of_list(rulebook, command)]}
    for track in rulebook.registers:
        answers.setdefault(f"{track.name} add", {track.name: "code"})
        answers.setdefault(f"{track.name} list", {"rows": [{f"{track.name}?": "code", "*": "cell"}]})
    for name in (name for track in rulebook.tracks.values() for name in track.entry_acts):
        answers.setdefault(name, _DONE)
    if any(track.due for track in rulebook.registers):  # whose it is: a client's id, or a code of a register
        (row,) = answers["due"]["rows"]
        answers["due"] = {"rows": [{**row, "id": "code"}]}
    return answers


def _row_of_list(rulebook: Rulebook, command: str) -> Mapping[str, Any]:
    """Return the row of a list: every column of the rulebook, typed; columns of the table of answers as it has them."""
    (row,) = COMMAND_ANSWERS[command]["rows"]
    made = {f"{name}?": _cell_answer(kinds) for name, kinds in list_row_keys(rulebook, command).items()}
    return {**made, **row}


def _cell_answer(kinds: tuple[str, ...]) -> Any:
    """Return the answer in a cell of one of these kinds; with ``null`` among them it may be empty."""
    mark = "?" if "null" in kinds else ""
    forms = [f"{kind}{mark}" for kind in kinds if kind != "null"]
    return forms[0] if len(forms) == 1 else OneOf(forms)


def make_outcome_schema(rulebook: Rulebook) -> Schema:
    """Return the schema of the page: the keys of all pages, and under ``data`` the answer of the named command."""
    answers = list_command_answers(rulebook)
    known = [_condition_of_command({"const": command}, command) for command in answers]
    unknown = _condition_of_command({"not": {"enum": [*answers]}}, OF_NO_COMMAND)
    page, finding = _properties_of_page(), _properties_of_finding()
    return {
        "$schema": SCHEMA_DIALECT,
        "$id": "urn:shelterctl:schema:outcome:1",
        "title": "What every command prints with --json",
        "description": "One page. The answer of the command is under data; if it fails, as much of it as there is.",
        **closed_object(page, page),
        "allOf": [*known, unknown],
        "$defs": {
            "finding": closed_object(finding, finding),
            **{_definition_name(key): one for key, one in _definitions_of_answers(rulebook).items()},
        },
    }


def _condition_of_command(command: Schema, name: str) -> Schema:
    """Return the condition that gives the page of a command the data of that *name*."""
    data = {"$ref": f"#/$defs/{_definition_name(f'data {name}')}"}
    then: Schema = {"properties": {"data": data}}
    if name in COMMANDS_WITH_ROWS:  # they list something, unless they failed
        done = {"properties": {"status": {"enum": ["ok", "open"]}}}
        wanted: Schema = {"required": ["rows"]}
        if name in LISTS_ON_PAPER_TOO:
            wanted = {"anyOf": [wanted, {"required": ["said"]}]}
        then |= {"if": done, "then": {"properties": {"data": wanted}}}
    return {"if": {"properties": {"command": command}}, "then": then}


def _definition_name(key: str) -> str:
    return key.replace(" ", "-")


def _properties_of_page() -> dict[str, Schema]:
    error = {
        "code": ("Code of the error", _STRING),
        "message": ("What went wrong", _STRING),
        "hint": ("What to do", _STRING_OR_NULL),
    }
    manual = {
        "edition": ("Edition of the manual", _STRING_OR_NULL),
        "digest": ("Fingerprint of the rules", _STRING_OR_NULL),
    }
    return {
        "shelterctl": {"title": "Version of the page", "const": 1},
        "command": {
            "title": "Command",
            "description": "With its second word if it belongs to a group; null if no command was understood.",
            **_STRING_OR_NULL,
        },
        "status": {"title": "How it ended", "enum": [*STATUSES], "x-labels": STATUSES},
        "exit_code": {"title": "Exit code", "type": "integer"},
        "manual": {"title": "The manual that was used", **closed_object(_with_titles(manual), manual)},
        "data": {"title": "The answer", "type": "object"},
        "findings": {"title": "What was found", "type": "array", "items": {"$ref": "#/$defs/finding"}},
        "error": {
            "title": "Why there is no answer",
            "anyOf": [{"type": "null"}, closed_object(_with_titles(error), error)],
        },
    }


def _properties_of_finding() -> dict[str, Schema]:
    return _with_titles(
        {
            "code": ("Code of the finding", _STRING),
            "severity": ("Severity", {"enum": [*SEVERITIES], "x-labels": SEVERITIES}),
            "record": ("Id of the file", _STRING_OR_NULL),
            "where": ("Place, as a JSON pointer", _STRING),
            "line": ("Line", _INTEGER_OR_NULL),
            "column": ("Column", _INTEGER_OR_NULL),
            "message": ("The sentence", _STRING),
            "clause": ("Clause of the manual", _STRING_OR_NULL),
            "facts": ("Facts that fill the sentence", {"type": "object"}),
        }
    )


def _with_titles(keys: dict[str, tuple[str, Schema]]) -> dict[str, Schema]:
    return {key: {"title": title, **schema} for key, (title, schema) in keys.items()}


def _definitions_of_answers(rulebook: Rulebook) -> Schema:
    """Return the schemas of all answers, named ``data`` and the command, and of every kind that they refer to."""
    defs: Schema = {}
    states = {code: choose_gender_forms(state["text"]["en"]) for code, state in rulebook.states.items()}
    kinds = {
        **ANSWER_KINDS,
        **_amount_answers(rulebook.country.currency),
        "state": {"type": "string", "enum": [*states], "x-labels": states},
    }
    named = {
        f"data {command}": _data_schema(_UsedKinds(kinds, defs), keys)
        for command, keys in (*list_command_answers(rulebook).items(), (OF_NO_COMMAND, {}))
    }
    return {**named, **defs}


@immutable(slots=False)
class _UsedKinds:
    """All known kinds, and those that were referred to."""

    known: Mapping[str, Schema]
    used: Schema

    def reference(self, name: str) -> Schema:
        """Return a reference to a kind; with ``?`` it may also be null."""
        kind = self.known[name.removesuffix("?")]
        name = name.replace("?", "_or_null")
        null = {"enum": [*kind["enum"], None]} if "enum" in kind else {}
        types = kind["type"] if isinstance(kind["type"], list) else [kind["type"]]
        self.used[name] = {**kind, "type": [*types, "null"], **null} if name.endswith("_or_null") else kind
        return {"$ref": f"#/$defs/{name}"}


def _data_schema(kinds: _UsedKinds, keys: Mapping[str, Any]) -> Schema:
    return _object_schema(
        kinds, {**{key if key == "*" else f"{key}?": one for key, one in keys.items()}, "said?": ["text"]}
    )


def _object_schema(kinds: _UsedKinds, keys: Mapping[str, Any]) -> Schema:
    named = {key.removesuffix("?"): one for key, one in keys.items() if key != "*"}
    sure = [key for key in named if key in keys]
    titled = {
        key: {"title": capitalize_first(key.replace("_", " ")), **_value_schema(kinds, one)}
        for key, one in named.items()
    }
    return {
        "type": "object",
        "additionalProperties": _value_schema(kinds, keys["*"]) if "*" in keys else False,
        **({"required": sure} if sure else {}),
        **({"properties": titled} if titled else {}),
    }


def _value_schema(kinds: _UsedKinds, one: Any) -> Schema:
    if isinstance(one, Mapping):
        return _object_schema(kinds, one)
    if isinstance(one, list):
        items = _value_schema(kinds, one[0] if len(one) == 1 else OneOf(one))
        chosen = (
            isinstance(one[0], Mapping) and "required" not in items
        )  # a row of chosen columns has at least one of them
        return {"type": "array", "items": {**items, "minProperties": 1} if chosen and "type" in items else items}
    if isinstance(one, OneOf):
        return {"anyOf": [_value_schema(kinds, each) for each in one]}
    return {"enum": [*one]} if isinstance(one, tuple) else kinds.reference(one)
