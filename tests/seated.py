"""What the tests of the walk-throughs share: someone at the desk in this process, with a client before her."""

from typing import Any

import system
from conftest import TODAY, Desk

from shelterctl.prompts.client_file import ClientFile
from shelterctl.session import Options
from shelterctl.session import Session as Sitting


def sit(desk: Desk, today: str = TODAY) -> Sitting:
    """Someone sits down at the desk, in this process."""
    system.posix_only("the store is opened by the test itself", "the same by commands")
    return Sitting(options=Options(store=str(desk.store), identity=str(desk.key), as_of=today))


def table(desk: Desk, id_: str | None = None, **how: Any) -> ClientFile:
    return ClientFile(sit(desk, **how), id_)


def received(desk: Desk, **identity: Any) -> ClientFile:
    """Someone new who is in the house, with what is known of her."""
    new = table(desk)
    for name, value in {"sex": "female", **identity}.items():
        assert new.save_answer(f"identity.{name}", value) == ()
    new.facility = "bishkek"
    assert new.save_answer("referral.sources", ["scme"]) == ()
    assert new.save_answer("received.at", "2026-11-24T21:30") == ()
    return new
