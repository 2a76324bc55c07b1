"""What each command answers: what may stand under ``data`` of its page. A new command, column or key is a line here.

A text names a kind of KINDS, and ends with ``?`` where null may stand; words in brackets are the only ones; a list has
what stands in it, rows of one kind or another, and a mapping its keys. In a row every key is there but those that end
with ``?``; at the top none is sure, for a page that says why there is no answer has none. The key ``*`` is any other
one: where columns are chosen, or come from the shelf.
"""

from collections.abc import Mapping
from typing import Any

from shelterctl.contract.format import FORMATS, Schema


class OneOf(tuple[Any, ...]):
    """What stands there is one of these, by what was asked for."""

    __slots__ = ()


KINDS: Mapping[str, Schema] = {
    **{name: FORMATS[name] for name in ("day", "time", "id", "sheet", "entry_id")},
    "month": {"type": "string", "x-is": "month", "pattern": r"^\d{4}-\d{2}$", "description": "a month YYYY-MM"},
    "text": {"type": "string"},
    "code": {"type": "string", "minLength": 1, "description": "a code: it stays, whatever it is called"},
    "clause": {"type": "string", "minLength": 1, "description": "a clause of the manual, as explain takes it"},
    "som": {"type": "string", "pattern": r"^\d+\.\d{2}$", "description": "som with two places"},
    "balance": {
        "type": "string",
        "pattern": r"^-?\d+\.\d{2}$",
        "description": "som, below nothing where too much went",
    },
    "whole": {"type": "integer"},
    "number": {"type": "number"},
    "yes_no": {"type": "boolean"},
    "texts": {"type": ["string", "array"], "items": {"type": "string"}, "description": "one, or several"},
    "cell": {
        "type": ["string", "number", "boolean", "null", "array"],
        "items": {"type": ["string", "number", "boolean"]},
        "description": "what a column says",
    },
    "record": {"type": "object", "description": "a record, or a part of one; names only where --names asks for them"},
    "schema": {"type": "object", "description": "a JSON Schema"},
}
"""Every kind of answer; ``state`` is one of the states of the shelf."""

_CHECKLIST = [
    {"item": "code", "text": "text", "state": ("open", "done", "not_applicable"), "on": "day?", "gate": "yes_no",
     "clause": "clause",
     "begun?": [{"track": "code", "entry": "entry_id?", "on": "day?", "lacks": ["code"]}]},
]  # fmt: skip
_COPIES = {
    "copies": {
        "verified": "whole", "wanted": "whole", "open_to_who_is_out": ["text"],
        "disks": [{"disk": "text", "folder": "text", "on": "day", "number": "whole", "counts": "yes_no"}],
    },
}  # fmt: skip
_KEEPS = {"since": "day", "clients": "whole", "backups": ["text"]}
_SEALED = {"sealed": "whole", "left": ["text"]}
_WAY = {"id": "id", "state": "state", "checklist": _CHECKLIST}
_LINE = {"line": "code", "limit": "text?", "keys": ["text"], "clause": "clause", "text": "text"}
_SPENT = {"agreed": "som", "spent": "som", "left": "balance", "outlays": "whole", "without_document": "whole"}
_ACCOUNT = {
    "agreement": "entry_id?", "number": "text?", "form": "code", "state": ("signed", "terminated", "draft"),
    "line": "code?", "text": "text?", **_SPENT, "months_agreed": "whole?", "months_paid": "whole?",
}  # fmt: skip
_PAPER = {"form": "code", "language": "code", "record": "code?", "code": "sheet?", "pages": "whole?"}
_PRINTED = {"printed": [_PAPER], "text": "text"}
_SHEET = {"store": "code", "words": "text", "number": "whole"}
_COUNTED = {"folder": "text", "clients": "whole", "files": "whole", "bytes": "whole"}
_SLEPT = {"least": "whole?", "most": "whole?"}
_FULL = {**_SLEPT, "average": "number?", "full": "whole?", "nights": "whole?", "unknown?": "whole?"}
_WORD = {"word": "code", "means": "text", "see": ["text"], "also": ["text"]}
_READING = {"reading": "code", "gist": "text", "clauses": ["clause"]}
_DONE: Mapping[str, Any] = {"id": "id", "track": "code", "entry": "entry_id", "act": "code", "on": "day?"}
_NOTED = {"id": "id", "stay": "entry_id", "entry": "entry_id", "on": "day"}

ANSWERS: Mapping[str, Mapping[str, Any]] = {
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
    "staff end": {"staff": "code", "until": "day", "ended": ["code"], "kept": ["code"], "keeps": _KEEPS, **_SEALED},
    "provider add": {"provider": "code"},
    "provider list": {"rows": [{"provider?": "code", "*": "cell"}]},
    "admit": {
        **_WAY, "id": "id?", "entry": "entry_id", "entries": {"*": "entry_id"}, "changed": "yes_no",
        "replaced": ["text"], "left_out": ["text"],
        "rows": [
            {"document": "whole", "id": "id?", "state": "state?", "status": "code", "exit_code": "whole",
             "written": "yes_no", "replaced": ["text"], "left_out": ["text"], "entries": ["entry_id"]},
        ],
    },
    "due": {
        "rows": [
            {"id": "id", "state": ("overdue", "due", "open", "upcoming", "unscheduled"), "what": "code",
             "due_on": "day?", "days_since_due": "whole?", "clause": "clause", "owner": "code?", "row": "code?",
             "stay": "entry_id?", "entry": "entry_id?", "social_worker": "code?", "gaps": "whole?", "gate": "yes_no",
             "due_at": "time?", "minutes_since_due": "whole?", "danger": "code?"},
        ],
    },
    "correct": {"id": "id", "agreement_id": "entry_id", "on": "day", "was": "day"},
    "terminate": {"id": "id", "agreement_id": "entry_id", "on": "day", "replaced": ["text"]},
    "add": {"id": "id", "track": "code", "entry": "entry_id?", "stay": "entry_id?", "left_out": ["text"]},
    "show": {
        "track": "code",
        "rows": [
            {"entry": "entry_id?", "stay": "entry_id?", "on": "day?", "recorded_at": "text?", "recorded_by": "code?",
             "void": "code?", "fields": "record", "was": ["record"]},
        ],
        "id": "id", "state": "state", "facility": "code?", "since": "day?", "record": "record",
        "why": "text", "next": "text", "away": {"state": "text", "since": "text"},
        "steps": [{"step": "code", "on": "day?", "expected": "yes_no"}],
        "open": {"count": "whole", "gate": "whole"},
        "money": {"agreements": "whole", "drafts": "whole", "total": "som", "spent": "som"},
        "changed": {"at": "text", "by": "code"},
    },
    "list": {
        "rows": [
            {"id?": "id", "state?": "code", "facility?": "code?", "arrived_on?": "day?", "admitted_on?": "day?",
             "discharged_on?": "day?", "agreements?": "whole", "left?": "code?", "monitoring_ended?": "code?",
             "*": "cell"},
        ],
    },
    "find": {
        "rows": [
            {"id": "id", "state": "state", "facility": "code?", "match": ("same", "near", "far"), "arrived_on": "day?",
             "reasons": ["code"]},
        ],
    },
    "house": {
        "rows": [
            {"day?": "day", "facility": "code", "kind?": "code", "capacity": "whole?", "residents": "whole?",
             "children": "whole?", "others": "whole?", "unread?": "whole", "free": "whole?"},
        ],
        "sleeping": [{"id": "id", "facility": "code?", "since": "day?", "provisional": "yes_no",
                      "away": "code?", "out_since": "text?"}],
        "houses": [
            {"facility": "code", "capacity": "whole?", "weeks": [{"week_of": "day", **_SLEPT}],
             "months": [{"month": "month", **_FULL}], "years": [{"year": "whole", **_FULL}]},
        ],
    },
    "check": {
        "records": "whole", "files": [{"kind": "code?", "record": "id?"}], "sheet": {"number": "whole?"},
        "opened": "whole", **_COPIES, "recovery": {"tried_on": "day?", "due_on": "day"},
    },
    "backup": {**_COUNTED, **_COPIES, "sheet": {"number": "whole"}},
    "restore": {
        "from": "text", **_COUNTED, "opened": "whole?", "lacking": "whole?",
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
        "ended_by": "code?", "lines": "whole", "dropped": "whole", "files": ["text"], "keeps": _KEEPS, **_SEALED,
    },
    "recovery renew": {
        "keeps": _KEEPS, "state": ("noted", "in_force", None), **_SEALED,
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
    "rekey": {**_SEALED, "rows": [{"file": "text", "saved_on": "day"}]},
    "void": {"id": "id", "entry": "entry_id"},
    **dict.fromkeys(("approve", "start", "authorise", "permit", "close"), _DONE),
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
            {"client?": "id", "id?": "entry_id", "number?": "text?", "form?": "code", "date?": "day", "total?": "som?",
             "signed?": "day?", "terminated?": "day?", "*": "cell"},
        ],
    },
    "form": {
        "rows": [
            {"form": "code", "title": "text", "kind": ("form", "card", "log", "ledger", "letter"),
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
        "deadline": "code", "owner": "code?", "track": "code", "home": ["code"], "at": "text", "keeps": "code",
        "fields": ["record"], "rules": ["record"], "due": ["code"], "typed": ["text"],
        "sealed": {"part": "code", "marker": ["text"]}, "acts": ["code"], "why": "text",
        "codes": ["code"], "places": [{"place": "text", "text": "text", "means": "text"}], **_WORD,
    },
    "help": {
        "rows": [{"topic": "code", "title": "text"}], "topic": "code", "command": "text", "text": "text", **_WORD,
    },
    "completion": {
        "shell": "code", "script": "text", "kind": "code", "rows": [{"word": "text", "means": "text"}],
    },
    "demo run": {"folder": "text", "forms": ["text"]},
}  # fmt: skip
"""By the command as its page names it; of each also ``said``, the sentences that a person would read first."""

NONE = "of no command"
"""What stands there where no command was understood."""
