"""Who did what, when; signed, append-only, free of content."""

from shelterctl.journal.book import Journal
from shelterctl.journal.line import Step, Writer

__all__ = ["Journal", "Step", "Writer"]
