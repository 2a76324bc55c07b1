"""What 0.1.0 judged of a few hundred invented cases, this version judges alike, but for what has a reason."""

import json
from collections import Counter

from tools import parity
from tools.judge import judging
from tools.parity import differences, reason


def test_it_judges_as_0_1_0_did() -> None:
    answer, found = judging("judged"), Counter[tuple[str, str]]()
    for line, before in parity.read():
        case = json.loads(line)
        found.update(each for each in differences(before, answer(line)) if reason(each, case) is None)
    assert not found


def test_what_is_kept_says_something_of_nearly_every_code() -> None:
    kinds, codes = Counter[str](), set()
    for case, before in parity.read():
        kinds[case.partition('"kind":"')[2].partition('"')[0]] += 1
        codes |= {finding[0] for findings in before["found"].values() for finding in findings}
    assert kinds == parity.COUNTS
    assert len(codes) > 80, sorted(codes)


def test_every_way_to_differ_is_seen() -> None:
    one = ["agreement/over-cap", "refuse", "A5.2b", "/lines/2b/amount", None, {"cap": "2500.00"}]
    other, lighter = ["agreement/stay", *one[1:]], [one[0], "open", *one[2:]]
    said = {"found": {"judged": [one, other]}, "shown": {"total": "1.00"}}
    assert differences(said, said) == set()
    for judged, difference in (
        ([other, one], ("order of judged", "changed")),
        ([one], ("agreement/stay", "gone")),
        ([one, other, lighter], ("agreement/over-cap", "new")),
        ([lighter, other], ("agreement/over-cap", "changed")),
        ([one, one, other], ("agreement/over-cap", "new")),
    ):
        assert differences(said, {**said, "found": {"judged": judged}}) == {difference}
    assert differences(said, {**said, "shown": {"total": "2.00"}}) == {("total", "changed")}
    assert differences(said, {"crash": "KeyError"}) == {("crash: None, KeyError", "changed")}
