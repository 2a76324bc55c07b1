"""Size limits for everything that is read: no file that a stranger puts into a folder can make a command hang."""

KIB, MIB = 1 << 10, 1 << 20

TRUST_CHAIN_BYTES, TRUST_CHAIN_LINES, TRUST_LINE_BYTES = 512 * KIB, 512, 8 * KIB
"""Limits of the trust chain: its bytes, its lines, and the bytes of one line.

A line may say of every role each track and act that a house takes from it, which is more than 4 KiB with the tracks of
the registers. A shorter line is read as before.
"""

TRUST_CHAIN_BYTES_PER_DEVICE, TRUST_CHAIN_LINES_PER_DEVICE = TRUST_CHAIN_BYTES // 2, TRUST_CHAIN_LINES - 64
"""The part of the trust chain that devices may fill; the rest is kept so that every device can still be shut out."""

JOURNAL_BYTES, JOURNAL_LINE_BYTES = 64 * MIB, 4 * KIB
"""Limits of a journal and of one line of it, in bytes."""

BROKEN_LINES_GUESSED, GUESSES_PER_JOURNAL = 32, 400_000
"""The most broken lines of a journal that are restored by guessing characters, and the most guesses in all.

More broken lines than that are taken for rubbish.
"""

JOURNAL_LINES_SEARCHED = 1024
"""The most journal lines that are read because they sign for broken ones; each takes a tenth of a millisecond."""

SEALED_FILE_BYTES, CLEAR_FILE_BYTES = 8 * MIB, MIB
"""Size limits of an encrypted file and of a plain one, in bytes."""

PADDING_STEP_BYTES = 4 * KIB
"""The smallest step, in bytes, to which a text is padded before it is encrypted.

It is four times what a sealed entry of a few words adds, so most saves leave the size of a file unchanged, whatever
they contain. Only the random bytes that age writes into its header with every save remain: 170 more or fewer.
"""

SEALED_HEADER_BYTES, SEALED_HEADER_STANZAS = 8 * KIB, 64
"""Limits of the header of an encrypted file: twelve people with a key on each of five computers, and the paper.

A stanza takes 98 bytes. Trying one that is not one's own takes 0.06 ms, so the longest header costs 4 ms.
"""

KEY_FILE_BYTES, STORE_NOTE_BYTES = 64 * KIB, 64 * KIB
"""Size limits, in bytes, of a key file and of the notes that this device keeps about a store."""

INDEX_BYTES = 512 * MIB
"""The size limit of the index that is kept beside a key, in bytes; a larger one is made anew."""

MATCHING_LETTER_BYTES = 8 * MIB
"""The largest letter of a blind matching, in bytes: 4096 clients, with 24 points of 32 bytes each."""

HUB_MANIFEST_BYTES, HUB_EXPORT_BYTES, HUB_TABLE_BYTES = 64 * MIB, 512 * MIB, 4096 * MIB
"""Limits of a dataset of many houses: its manifest, one export as it was sent, and what all its tables unpack to."""

HUB_TABLE_ROWS = 20_000_000
"""The most rows of one table of one export."""

HUB_PAGE_BYTES, HUB_PAGE_VALUES, HUB_BATCH_BYTES = 4 * MIB, 1 << 20, 256 * MIB
"""Limits of the Parquet files of an export: one page once it is unpacked, which is written with 1 MiB, the values of
one page, and the rows that are read at a time, if each had the longest value that the dictionary has room for.
"""

LEFTOVER_BYTES = 256 * MIB
"""The most bytes of leftovers of interrupted commands that are read, to tell them from the files of a stranger."""

FOLDER_NAMES = 250_000
"""The most names in a folder that are read: a hundred thousand clients' files, with new versions beside them."""

LARGEST_OPTION_NUMBER = 999_999_999
"""The largest whole number that an option takes; no number of days, people or lines is longer."""


WAIT_SECONDS, LONGEST_WAIT_SECONDS = 5.0, 3600
"""The seconds that a command waits for another one: by default, and at most. More than an hour is a typing mistake."""


def padded_size(size: int) -> int:
    """Return a size rounded up to the larger step of ``PADDING_STEP_BYTES`` and Padmé, which adds at most 12 %.

    Padmé keeps as many leading bits of a size as its exponent has, so there are few sizes however large the files grow.
    Padmé alone would leave steps of 512 bytes at the size of most files.
    """
    exponent = max(size, 2).bit_length() - 1
    step = max(PADDING_STEP_BYTES, 1 << (exponent - exponent.bit_length()))
    return -(-size // step) * step


def largest_file_size(name: str) -> int:
    """Return the size limit of a store file in bytes, by its name."""
    return SEALED_FILE_BYTES if name.endswith(".age") else CLEAR_FILE_BYTES
