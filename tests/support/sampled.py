"""Of what could be tried place by place: every so many in `make check`, each of them in `make fuzz`.

Of the tests on Windows, too: a part where all of them take too long.
"""

from collections.abc import Iterable
from zlib import crc32

RUN_IN_PART = {
    "whole/test_attacks.py::test_a_broken_check_is_told_by_an_attack": 5,
    "whole/test_attacks.py::test_an_attack_is_seen_by_whom_the_table_says": 4,
    "whole/test_attacks.py::test_an_attack_is_seen_with_an_index_as_without": 30,
    "whole/test_bounded_folder.py": 2,
    "whole/test_bounded_store.py": 5,
    "whole/test_bounded_time.py": 5,
    "whole/test_commands_killed.py": 2,
    "whole/test_recipes.py": 3,
    "whole/test_roles.py": 4,
    "whole/test_transcripts.py::test_a_transcript_with_json_is_pages_that_end_the_same": 3,
    "by_data/test_currency.py": 2,
    "by_data/test_entry_act.py": 2,
    "by_data/test_house_register.py": 2,
    "by_data/test_list_of_groups.py": 2,
    "by_data/test_register.py": 2,
    "custody/test_ended_device.py": 2,
    "custody/test_repair.py": 2,
    "output/test_output.py": 2,
    "paper/test_answers.py": 6,
    "paper/test_further_papers.py": 2,
    "paper/test_sheet.py": 4,
    "press/test_pdf.py": 3,
    "prompts/test_every_item_and_act.py": 5,
    "releases/test_since_0_3_3.py": 2,
    "rulebook/test_gaps.py": 4,
    "rulebook/test_words_of_registers.py": 3,
    "store/test_compatibility.py": 2,
    "terminal/test_screens.py": 2,
    "terminal/test_troubles.py": 6,
    "test_questionnaire.py": 3,
    "typed/test_question.py": 2,
}
"""Files and tests whose cases are many, slow and alike, with one of how many cases the check runs: one at the least.

`make fuzz` runs them all.
"""

EVERY_PLACE = [False]
"""Whether none is left out: the option --every-place of pytest."""


def one_in(number: int, names: Iterable[str]) -> set[str]:
    """One of so many tests by their names, the same ones at each run, and one of each file at the least."""
    found, files = set[str](), set[str]()
    for name in sorted(names, key=lambda name: crc32(name.encode()) % number):
        file = name.partition("::")[0]
        if file not in files or crc32(name.encode()) % number == 0:
            found.add(name)
            files.add(file)
    return found


def is_drawn(number: int, name: str, drawn: set[str]) -> bool:
    """Whether a case runs in the check: one of so many by its name, and the first of each test; *drawn* are the tests
    of which one runs already.
    """
    test = name.partition("[")[0]
    if test in drawn and crc32(name.encode()) % number:
        return False
    drawn.add(test)
    return True


def stride(sampled: int) -> int:
    """One of how many places is tried."""
    return 1 if EVERY_PLACE[0] else sampled
