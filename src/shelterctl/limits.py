"""How large each thing that is read may be: nothing that a stranger puts into a folder makes a command wait."""

KIB, MIB = 1 << 10, 1 << 20

TRUST_CHAIN_BYTES, TRUST_CHAIN_LINES, TRUST_LINE_BYTES = 256 * KIB, 256, 4 * KIB
"""The trust chain: bytes, lines, and bytes of a line."""

TRUST_CHAIN_BYTES_PER_DEVICE, TRUST_CHAIN_LINES_PER_DEVICE = TRUST_CHAIN_BYTES // 2, TRUST_CHAIN_LINES - 64
"""How far a device may fill the trust chain: behind that lies room to shut out every device that there can be."""

JOURNAL_BYTES, JOURNAL_LINE_BYTES = 64 * MIB, 4 * KIB
"""A journal, and one line of it."""

BROKEN_LINES_GUESSED, GUESSES_PER_JOURNAL = 32, 400_000
"""How many broken lines of a journal are guessed at, sign by sign; more are rubbish. And how many guesses in all."""

JOURNAL_LINES_SEARCHED = 1024
"""How many lines of a journal are looked at that sign for broken ones, a tenth of a millisecond each."""

SEALED_FILE_BYTES, CLEAR_FILE_BYTES = 8 * MIB, MIB
"""A file that is sealed, and one that lies in clear."""

PADDING_STEP_BYTES = 4 * KIB
"""The least step to which a sealed text is filled up.

It is four times what a sealed entry of a few words adds, so most saves leave the size of a file as it is, whatever they
say. What remains are the bytes that age writes at random into its header with every save: 170 more or fewer.
"""

SEALED_HEADER_BYTES, SEALED_HEADER_STANZAS = 4 * KIB, 32
"""The header of a sealed file: thirty stanzas cost 10 ms to try, a thousand ten seconds."""

KEY_FILE_BYTES, STORE_NOTE_BYTES = 64 * KIB, 64 * KIB
"""A key file, and what this computer remembers of a store."""

LEFTOVER_BYTES = 256 * MIB
"""How many bytes are read of what interrupted commands left, to tell it from a stranger's."""

FOLDER_NAMES = 100_000
"""How many names of a folder are looked at."""

LARGEST_OPTION_NUMBER = 999_999_999
"""How large a whole number at a flag may be: longer ones are no number of days, of persons or of lines."""


WAIT_SECONDS, LONGEST_WAIT_SECONDS = 5.0, 3600
"""How many seconds another command is waited for, and at most: an hour of waiting is a slip."""


def padded_size(size: int) -> int:
    """A size filled up to a step: the larger of ``PADDING_STEP_BYTES`` and the one of Padmé, which adds 12 % at most.

    Padmé keeps as many of the leading bits of a size as its exponent has, so that there are few sizes however large
    the files grow; it alone would leave steps of 512 bytes at the size of most files.
    """
    exponent = max(size, 2).bit_length() - 1
    step = max(PADDING_STEP_BYTES, 1 << (exponent - exponent.bit_length()))
    return -(-size // step) * step


def largest_file_size(name: str) -> int:
    """How many bytes a file of a store may have, by its name."""
    return SEALED_FILE_BYTES if name.endswith(".age") else CLEAR_FILE_BYTES
