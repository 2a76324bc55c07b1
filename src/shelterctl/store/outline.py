"""The outline of a client's file: who she is, her stays with their days, and her monitoring.

For somebody who left it is all that a list of today needs, and it is read many times faster than the whole file.
"""

from collections.abc import Callable

from shelterctl.core.record.client import Client
from shelterctl.core.record.file_tree import FILE_VERSIONS, STAYS_KEY, UNFINISHED_KEY
from shelterctl.document.outline import cut_document
from shelterctl.document.reading import decode_text, read_document
from shelterctl.document.subset import LARGEST_STORED, Unreadable
from shelterctl.errors import NotFound
from shelterctl.store.folder import record_file
from shelterctl.store.store import Store

KEYS_OF_STAY = frozenset({"void", "facility", "received", "admission", "referral", "discharge", "monitoring"})
KEYS_OF_OUTLINE = {
    **dict.fromkeys(("schema", "id", "identity", "referral", "monitoring", UNFINISHED_KEY)),
    STAYS_KEY: KEYS_OF_STAY,
}
"""The keys of a file that its outline has; None for the whole of one."""


def read_client_as_needed(store: Store, id_: str, is_outline_enough: Callable[[Client, str], bool]) -> Client:
    """Return a client by the outline of her file where that is enough, else by the whole file.

    *is_outline_enough* is asked with the client as the outline has her, and with the text of the whole file. Only the
    whole file is held to its schema, and a file of another version is always read whole. Raises the errors of
    `Store.read`.
    """
    try:
        data, version = store.vault.read(record_file(id_))
    except NotFound:
        return Client(store.read(id_).value)  # it says why there is no file
    try:
        whole = decode_text(data, LARGEST_STORED)
        text = cut_document(whole, KEYS_OF_OUTLINE)
        facts = read_document(text).value if text else {}
    except Unreadable:
        whole, facts = "", {}
    known = facts.get("schema") == FILE_VERSIONS[-1] and facts.get("id") == id_ and STAYS_KEY in facts
    if known and is_outline_enough(her := Client(facts), whole):
        return her
    return Client(store.read(id_, (data, version)).value)
