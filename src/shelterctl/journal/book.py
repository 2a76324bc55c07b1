"""The journals of all devices, read as one; our own is written."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from shelterctl import errors, machine
from shelterctl.identity.key import read_only
from shelterctl.journal.line import Step, Writer, follows, hash_of, last_of, signed, sound, written
from shelterctl.journal.remembered import Remembered
from shelterctl.journal.strand import Strand, edited, read, stamp, trusted
from shelterctl.language import N_
