"""Who did what, when; signed, append-only, free of content."""

from shelterctl.journal.announcement import announcement
from shelterctl.journal.book import Journal
from shelterctl.journal.claims import Claim, Mend, wrote
from shelterctl.journal.clock import SLACK
from shelterctl.journal.ending import Ending, wrote_later
from shelterctl.journal.gap import lacking
from shelterctl.journal.line import FileChange, Writer, each
from shelterctl.journal.mending import genuine, joined, laid_out, reached, whole_again
from shelterctl.journal.merging import Head
from shelterctl.journal.order import Copy, covers, lines_beyond, newest
from shelterctl.journal.strand import Strand, doubted, files_in, read
from shelterctl.journal.verdict import WHY_ENDED

__all__ = [
    "SLACK",
    "WHY_ENDED",
    "Claim",
    "Copy",
    "Ending",
    "FileChange",
    "Head",
    "Journal",
    "Mend",
    "Strand",
    "Writer",
    "announcement",
    "covers",
    "doubted",
    "each",
    "files_in",
    "genuine",
    "joined",
    "lacking",
    "laid_out",
    "lines_beyond",
    "newest",
    "reached",
    "read",
    "whole_again",
    "wrote",
    "wrote_later",
]
