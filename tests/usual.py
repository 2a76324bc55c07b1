"""The usual entries of somebody who was admitted on 22 November 2026, by which the items of her acts are met."""

from collections.abc import Mapping
from typing import Any

USUAL: Mapping[str, Mapping[str, Any]] = {
    "need": {"need": "тёплая одежда", "class": "primary", "on": "2026-11-23"},
    "clothing": {
        "on": "2026-11-23", "items": ["underwear", "hygiene_set", "everyday_clothes", "footwear"], "season": "winter",
        "signed_by_her": True,
    },
    "pocket-money": {
        "on": "2026-11-24", "span": {"from": "2026-11-22", "to": "2026-11-25"}, "amount": 200, "signed_by_her": True,
    },
    "belonging": {
        "kind": "internal_id_card", "received_on": "2026-11-22", "received_by": "s-gulnara", "signed_by_her": True,
    },
    "health": {"kind": "initial_complete", "on": "2026-11-24", "items": ["physician"], "finding": "none"},
    "examination": {"kind": "primary_interview", "on": "2026-11-23", "by": "s-aida"},
    "plan": {
        "kind": "assistance", "on": "2026-11-24", "span": {"from": "2026-11-24", "to": "2027-02-23"},
        "manager": "manager", "social_worker": "s-gulnara", "psychologist": "s-aida", "her_goals": "жить с сыном",
    },
    "consent": {"kind": "plan", "given_on": "2026-11-24"},
    "opinion": {"kind": "interim_review", "on": "2026-11-24", "by": "s-aida", "outcome": "release"},
}  # fmt: skip
"""By the track of each."""
