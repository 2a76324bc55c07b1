"""No name of this manual is in Python: tracks, acts, annexes, reports, forms and clauses are the rulebook's to name.

What Python may name is listed below, each with its reason: what a file of a store has kept since its first version, and
words that are something else and only sound like a track's.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import shelterctl
from shelterctl.core.manual.track import PURPOSES
from shelterctl.rulebook.rulebook import open_rulebook

SOURCE = Path(shelterctl.__file__).parent
RULEBOOK = open_rulebook()

CONTRACT = {
    "stay": "a file holds stays; also a home of tracks and a reach of rules",
    "identity": "a file is nothing without it; its keys are the first that were stored",
    "referral": "a stay begins with it; also an event",
    "admission": "the act, and the key of a stay that it writes; also an event",
    "discharge": "the act, and the key of a stay that it writes; also an event",
    "reception": "a part of the session of admission, under `asks`",
    "agreement": "the family of all forms; also a command",
    "document": "IOM's papers, `iom.documents` of a file; also a document of YAML",
    "instruction": "IOM's instructions, `iom.instructions` of a file; also one of XML",
    "trafficking": "a key of a file that the merge of two files unites",
    "staff": "the register of people: who writes, reads and signs",
    "facility": "the register of houses, and the key of a stay",
    "ngo": "the register of partners; also a home of registers",
    "provider": "a home of registers; also a command",
    "iom-contact": "a command with words of its own, so that help reads no rulebook",
}
"""Names that are the record's and the store's, whatever the manual is."""

OTHER_WORDS = {
    "attempt": ("a command, its schema, and what is recorded of monitoring",
                "act/monitor", "cli/commands", "cli/monitor", "prompts/monitor", "schemas/input"),
    "closing": ("a published schema; a key of annexes", "cli/commands", "schemas/input", "rulebook/derivations"),
    "schedule": ("a published schema", "cli/commands", "schemas/input"),
    "check": ("a command", "cli/commands", "cli/demo", "custody/check", "menu/house", "menu/main",
              "rulebook/lint/commands", "schemas/page"),
    "done": ("the list of days for items in a file, which a purpose names; a state of an item or a row",
             "act/admit", "act/hub_match", "act/typed_track", "cli/hub_match", "core/manual/act",
             "core/manual/coverage", "core/merge/two_files",
             "core/rules/checklist", "explain/coverage", "output/labels", "paper/contents", "prompts/admit",
             "prompts/checklist", "rulebook/lint/acts", "rulebook/lint/coverage", "rulebook/lint/purposes",
             "schemas/page", "terminal/progress", "view/impact"),
    "health": ("a danger; a reason for a limit", "core/manual/track", "custody/overlay", "view/due"),
    "blue": ("a colour of bars", "output/columns"),
    "occupancy": ("a template of paper", "paper/occupancy"),
    "order": ("a key of tracks.yaml; the order of something", "core/people", "core/rules/verbs/answers",
              "rulebook/derivations", "rulebook/lint/whole", "rulebook/reader"),
    "person": ("whom a paper or a message is about", "paper/agreement", "rulebook/derivations", "view/trust"),
    "plan": ("a plan of what is published: a file of the rulebook, a column, a kind of release",
             "act/publish", "cli/publish", "core/manual/plan", "core/tables/ledger", "menu/publications",
             "output/labels", "rulebook/lint/whole", "rulebook/rulebook", "schemas/page"),
    "report": ("a command, a file of the rulebook, a key of its pages; the act that writes a monitoring report",
               "act/report", "cli/commands", "cli/report", "core/manual/report", "core/tables/ledger",
               "explain/report", "menu/reports",
               "output/labels", "paper/report", "rulebook/lint/commands",
               "rulebook/lint/purposes", "rulebook/lint/whole", "rulebook/rulebook", "schemas/page", "view/record",
               "view/report", "view/report_tables"),
    "request": ("a request for a key", "output/labels", "prompts/person_key", "schemas/page"),
    "rules": ("a key of tracks and acts; a command", "cli/commands", "custody/overlay", "explain/page",
              "explain/track", "rulebook/lint/acts", "rulebook/lint/commands", "rulebook/lint/gaps",
              "rulebook/lint/registers", "rulebook/lint/tracks", "rulebook/lint/whole", "schemas/page"),
    "shift": ("a topic of help", "explain/topic"),
}  # fmt: skip
"""Words that are no names of tracks where they are written: the reason, and the modules that may write them."""

EXAMPLES = ("cli/explain", "cli/new_clause", "explain/page", "explain/rules", "rulebook/new_clause")
"""Modules whose help shows a clause as an example of what can be typed."""

CLAUSE = re.compile(r"\b(?:[A-Z]{1,3}\d+(?:\.[A-Za-z0-9]+)+|[TX]\d{2,3})\b")


def written_texts(path: Path) -> Iterator[str]:
    """The texts of a module, without its docstrings."""
    tree = ast.parse(path.read_text("utf-8"))
    prose = {id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Expr)}
    for one in ast.walk(tree):
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and id(one) not in prose:
            yield one.value


def test_no_name_of_this_manual_is_written_in_python() -> None:
    names = {*RULEBOOK.track_names, *RULEBOOK.acts, *RULEBOOK.annex_names, *RULEBOOK.house_reports}
    names |= {f"{kind}/{name}" for kind in ("tracks", "acts", "reports", "annexes") for name in names}
    numbers = {number for form in RULEBOOK.forms.values() for number in form.parts if not number.isdigit()}
    clauses = {*RULEBOOK.clauses, *RULEBOOK.readings, *(str(one["row"]) for one in RULEBOOK.duties.values())}
    used, wrong = set(), []
    for path in sorted(SOURCE.rglob("*.py")):
        module = path.relative_to(SOURCE).with_suffix("").as_posix()
        for text in written_texts(path):
            if text in OTHER_WORDS and module in OTHER_WORDS[text][1:]:
                used.add((text, module))
            elif text in CONTRACT:
                used.add((text, ""))
            elif text in names | numbers:
                wrong.append((module, text))
            if module not in EXAMPLES:
                wrong += [(module, found) for found in CLAUSE.findall(text) if found in clauses]
    assert not wrong
    assert used == {(name, "") for name in CONTRACT} | {(name, m) for name, (_, *ms) in OTHER_WORDS.items() for m in ms}


def test_what_the_program_needs_a_track_for_is_said_in_the_rulebook() -> None:
    assert {*PURPOSES} == {*RULEBOOK.track_order.purposes}
    assert all(RULEBOOK.tracks.serving(purpose) for purpose in PURPOSES)
    assert not {*PURPOSES} & {*RULEBOOK.track_names}, "a purpose is not called like a track"
