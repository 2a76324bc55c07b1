"""Every file sealed anew once somebody was shut out, against saving as many files one by one, in one process."""

from collections.abc import Iterator

import crowd
from bench_columns import COUNT
from bench_long import opened
from bench_timing import Ground, Heat, Row, race

from shelterctl.custody.rekey import rekey_files
from shelterctl.identity.keys import create_recovery_key
from shelterctl.session import Options, Session
from shelterctl.store.folder import record_file
from shelterctl.trust.chain import replace_paper_in_chain

TARGET, ROUNDS = 1.2, 3
ACT = {"did": "admit", "by": "manager", "at": "2026-11-25T12:00+06:00"}


def of_rekey(ground: Ground) -> Iterator[Row]:
    """A thousand records saved one by one, and sealed anew for another paper, each time in turn."""
    crowd.settle(str(ground.folder / "house"), str(ground.folder / "key"), COUNT)
    options = Options(store=str(ground.folder / "house"), identity=str(ground.folder / "key"))

    def saved() -> None:
        store = opened(ground)
        for number, id_ in enumerate(list(store.ids())):
            held = store.read(id_)
            store.write(
                [(record_file(id_), {**held.value, "notes": f"an invented note {number}"}, held.version)], **ACT
            )

    def sealed_anew() -> None:
        session = Session(options=options)
        chain, key = session.store.vault.journal.chain, session.store.identity
        session.store.vault.save_chain(replace_paper_in_chain(chain, create_recovery_key(), "manager", ACT["at"], key))
        done = rekey_files(session)
        if done.sealed < COUNT or done.failed:
            raise AssertionError(done)

    heat = Heat(saved, sealed_anew)
    race([heat], ROUNDS)
    yield Row(f"save {COUNT} records one by one", heat.took())
    yield Row(f"rekey of {COUNT} records", heat.took(1), heat.ratio(), TARGET)
