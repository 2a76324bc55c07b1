"""Every file sealed anew once somebody was shut out, against saving as many files one by one, in one process."""

from collections.abc import Iterator

import crowd
from bench_columns import COUNT
from bench_long import opened
from bench_timing import Ground, Heat, Row, race

from shelterctl import identity
from shelterctl.act.rekey import rekey
from shelterctl.desk import Desk
from shelterctl.store import file_of
from shelterctl.trust.root import replaced

TARGET, ROUNDS = 1.2, 3
ACT = {"did": "admit", "by": "manager", "at": "2026-11-25T12:00+06:00"}


def of_rekey(ground: Ground) -> Iterator[Row]:
    """A thousand records saved one by one, and sealed anew for another paper, each time in turn."""
    crowd.settle(str(ground.folder / "house"), str(ground.folder / "key"), COUNT)
    desk = {"shelterctl.store": str(ground.folder / "house"), "shelterctl.identity": str(ground.folder / "key")}

    def saved() -> None:
        store = opened(ground)
        for number, id_ in enumerate(list(store.ids())):
            held = store.read(id_)
            store.write([(file_of(id_), {**held.value, "notes": f"an invented note {number}"}, held.version)], **ACT)

    def sealed_anew() -> None:
        here = Desk(desk)
        chain, key = here.store.vault.journal.chain, here.store.identity
        here.store.vault.extend(replaced(chain, identity.new_paper(), "manager", ACT["at"], key))
        done = rekey(here)
        if done.sealed < COUNT or done.left:
            raise AssertionError(done)

    heat = Heat(saved, sealed_anew)
    race([heat], ROUNDS)
    yield Row(f"save {COUNT} records one by one", heat.took())
    yield Row(f"rekey of {COUNT} records", heat.took(1), heat.ratio(), TARGET)
