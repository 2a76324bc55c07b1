"""What a register asks at a terminal of somebody who stands in it already."""

from tests.support.command import one_line
from tests.support.desk import Desk
from tests.support.terminal import Terminal


def test_whoever_left_is_asked_back_also_where_the_role_was_changed_before(desk: Desk) -> None:
    desk.do("staff add s-aida --role social_worker")
    desk.do("staff end s-aida --on 2026-11-25")
    with Terminal(desk, today="2026-11-27").live("staff add s-aida") as live:
        assert "s-aida worked here until 2026-11-25. Does s-aida work here again" in one_line(live.raw.decode())
        live.type("yes")
        live.type(".")
        assert live.over
        assert live.end().code == 0
    (row,) = [one for one in desk.do("staff list").data["rows"] if one["staff"] == "s-aida"]
    assert row["since"] == "2026-11-27"
