"""A computer that is shut out, and what somebody adds to the list of who may read and write meanwhile."""

from attack.lab import AT, BY, Lab, named
from shelterctl.trust.chain import end_device_in_chain
from shelterctl.trust.memory import StoreMemory


def device_added_where_an_end_was_cut_off(lab: Lab) -> None:
    """The first computer noted the end that it was about to save, and no more; somebody else goes on instead."""
    chain = lab.chain
    longer = end_device_in_chain(chain, str(lab.second.device), (0, "0" * 64), "lost", BY, AT, lab.key)
    StoreMemory(lab.folder / "key.heads", chain.root, lab.key).announce_chain(longer)
    lab.state(lab.next("device", device=named(lab.mallory)), lab.second, lab.mallory)


def two_joined_by_the_found_paper(lab: Lab) -> None:
    """Whoever found the paper lets two computers join; the house hears of one, and shuts it out."""
    for name in ("first", "next"):
        lab.desk().do(f"trust --join --recovery paper --identity {name} --no-passphrase --staff s-aida")
