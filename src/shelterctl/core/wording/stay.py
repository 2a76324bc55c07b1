"""The words for what stops an admission or a discharge besides its items, which have theirs on the shelf."""

from collections.abc import Mapping

from shelterctl.core.wording.row import Row
from shelterctl.language import N_

OF_STAYS: Mapping[str, Row] = {
    "admission/no-stay": Row(
        N_("This client has no open stay ({clause}). A new referral opens one."), N_("With: admit ID --from FILE.")
    ),
    "admission/in-future": Row(
        N_("{day} is in the future; today is taken as {today} ({clause}). Give the day on which it happened."),
        where="/admission",
        facts=("day", "today"),
        told=lambda facts: {**facts, "today": facts["bound"]},
    ),
    "admission/before-referral": Row(
        N_("She was referred on {referred}; she cannot be admitted on {day}, before it ({clause})."),
        where="/admission",
        facts=("day", "referred"),
        told=lambda facts: {**facts, "referred": facts["bound"]},
    ),
    "admission/turned-away": Row(
        N_("It was decided on {on} not to admit her ({clause}). A new referral opens a new stay."),
        where="/admission",
        facts=("on",),
    ),
    "admission/language": Row(
        N_(
            "Her rights were explained in a language that is not on her list, and no interpreter is named ({clause}). "
            "Explain them again in a language she understands, or record who interpreted."
        ),
        where="/admission/rights/language",
    ),
    "admission/dated-after": Row(
        N_(
            "She arrived on {on}, as it is written down, and cannot be admitted on {day}, before it ({clause}). "
            "Correct the time of her arrival, or admit her on a later day."
        ),
        in_file=N_("Correct received, at."),
        where="/received/at",
        facts=("item", "on", "day"),
        told=lambda facts: {**facts, "item": "reception", "on": facts["day"], "day": facts["bound"]},
    ),
    "discharge/no-stay": Row(
        N_("This client has no open stay ({clause}). A new referral opens one."), N_("With: admit ID --from FILE.")
    ),
    "discharge/not-in-house": Row(
        N_(
            "She is not in the house ({clause}): record when she was received, or admit her first. "
            "If she never came, or went before anything began, her stay is struck out."
        ),
        where="/discharge/on",
    ),
    "discharge/before-arrival": Row(
        N_("She came on {arrived}; she cannot leave on {day}, before it ({clause})."),
        where="/discharge/on",
        facts=("arrived", "day"),
        told=lambda facts: {**facts, "arrived": facts["bound"]},
    ),
    "discharge/in-future": Row(
        N_("{day} is in the future; today is taken as {today} ({clause}). Give the day on which it happened."),
        where="/discharge/on",
        facts=("day", "today"),
        told=lambda facts: {**facts, "today": facts["bound"]},
    ),
    "discharge/left-already": Row(
        N_(
            "She left on {left}; that is written down already ({clause}). Take that back first, if it is wrong; if she "
            "came again, a new referral opens a new stay."
        ),
        N_("Take it back with: discharge {id} --undo. A new stay: admit {id} --from FILE."),
        where="/discharge/on",
        facts=("left", "id"),
    ),
    "discharge/reported": Row(
        N_("A monitoring report stands on her discharge ({clause}); it cannot be changed unless the report is voided.")
    ),
}
"""The codes of the acts that are done to a stay."""

ITEM_FACTS: Mapping[str, tuple[str, ...]] = {
    "minor-without-reason": ("minor_under", "youngest"),
    "age-outside": ("at_least", "at_most"),
    "full-house": ("sleeping", "capacity"),
    "still-kept": ("count",),
}
"""What is published of why an item is not met, by the reason, besides item, clause and day."""
