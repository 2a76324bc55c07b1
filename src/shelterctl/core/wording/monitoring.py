"""The words for what breaks the rules of a monitoring report."""

from collections.abc import Mapping

from shelterctl.core.wording.row import Row
from shelterctl.language import N_

OF_REPORTS: Mapping[str, Row] = {
    "monitoring/not-discharged": Row(
        N_("She has not been discharged; monitoring begins after discharge ({clause})."), where=""
    ),
    "monitoring/before-discharge": Row(
        N_("The report is dated {day}, before her discharge on {left} ({clause}). Correct the date."),
        facts=("day", "left"),
        told=lambda facts: {**facts, "left": facts["bound"]},
    ),
    "monitoring/in-future": Row(
        N_("The report is dated {day}, in the future; today is taken as {today} ({clause}). Correct the date."),
        facts=("day", "today"),
        told=lambda facts: {**facts, "today": facts["bound"]},
    ),
    "monitoring/contradiction": Row(
        N_(
            "Question {printed} is answered although question {before} is answered with no ({clause}). "
            "Correct one of them."
        ),
        facts=("printed", "question", "key", "before"),
    ),
    "monitoring/unanswered": Row(
        N_("Question {printed} is not answered: {question} ({clause})."),
        N_("Write {key}, or write that it is unknown."),
        facts=("printed", "question", "key"),
    ),
    "monitoring/unsigned": Row(N_("The report is not signed; it is kept, and the duty stays open ({clause}).")),
    "monitoring/interim": Row(
        N_("The report is dated before {due}; it is kept as an interim contact, and the duty stays open ({clause})."),
        facts=("due",),
        told=lambda facts: {**facts, "due": facts["bound"]},
    ),
    "monitoring/social-worker": Row(
        N_("The social worker who made the report is not named, or is not registered as one ({clause}).")
    ),
    "monitoring/general-data": Row(
        N_("The general data of the report lack {lacking} ({clause})."),
        N_("Add them to her file under identity."),
        where="",
        facts=("lacking",),
        gathers="lacking",
        told=lambda facts: {**facts, "lacking": [name.removesuffix("_text") for name in facts["lacking"]]},
    ),
}
"""The codes of reports."""
