"""Case files of acts: what an admission or a discharge of an invented client is refused for, and what stays open then.

``cases/acts/<act>.yaml`` has a file that is in order, and in groups under a sentence what is different in each case:
``found`` says it as "severity code clause". What a case does not expect must not be found.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from tried import Case, act_judged, each_of, files

FILES = files("acts")
KEYS = {"hers", "stay", "admission", "discharge", "on", "found"}


def cases() -> Iterator[Any]:
    for name, file in FILES.items():
        for number, (group, case) in enumerate(each_of(file)):
            assert not {*case} - KEYS, (name, group, {*case} - KEYS)
            yield pytest.param(name, case, id=f"{name}: {group} ({number + 1})")


@pytest.mark.parametrize(("name", "case"), list(cases()))
def test_what_an_act_is_refused_for_and_what_stays_open(name: str, case: Case) -> None:
    assert act_judged(name, FILES[name], case) == case["found"]
