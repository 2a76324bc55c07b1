"""The stays of invented clients: a bed for each, one after the other, and so many as there is room for."""

from collections import Counter
from datetime import datetime, timedelta
from random import Random

import pytest

from shelterctl.act.invented.clients import StayPlan, count_guests, most_clients, plan_stays
from shelterctl.act.invented.frequency import read_data

NOW = datetime(2026, 12, 1, 12)
DATA = read_data("house")


def planned(clients: int, days: int, houses: int) -> list[StayPlan]:
    return plan_stays(clients, NOW - timedelta(days), NOW, Random(1), houses)  # noqa: S311 - invented people


@pytest.mark.parametrize(("years", "houses"), [(10, 1), (10, 3), (2, 5)])
def test_as_many_clients_as_are_possible_have_a_bed_each(years: int, houses: int) -> None:
    days = years * 365
    clients = most_clients(days, houses)
    stays = planned(clients, days, houses)
    assert {stay.client for stay in stays} == {*range(clients)}
    for number in range(0, days, 7):
        night = NOW - timedelta(number, hours=9)
        slept = Counter(stay.house for stay in stays if stay.covers(night))
        assert max(slept.values(), default=0) <= DATA["residents"], night
    inside = [stay for stay in stays if not stay.turned_away]
    assert {stay.house for stay in inside} == {*range(houses)}
    lengths = [stay.leaving - stay.arrival for stay in inside if stay.leaving]
    assert sum(lengths, timedelta()) / len(lengths) > timedelta(DATA["days_of_stay"] - 2)


def test_one_client_more_has_no_bed() -> None:
    most = most_clients(3650, 1)
    assert most > 2000
    assert most_clients(3650, 3) > 3 * most - 10
    beds = DATA["residents"] * (3650 // DATA["days_of_stay"])
    assert sum(count_guests(most)[1:]) <= beds < sum(count_guests(most + 1)[1:])


def test_what_was_possible_before_is_possible_for_any_days() -> None:
    assert most_clients(7, 1) == most_clients(365, 1) == DATA["always_possible"]


def test_who_comes_again_has_left_long_before() -> None:
    last: dict[int, datetime] = {}
    for stay in planned(2000, 3650, 1):
        if stay.client in last:
            assert stay.arrival - last[stay.client] > timedelta(60)
        if stay.leaving:
            last[stay.client] = stay.leaving
