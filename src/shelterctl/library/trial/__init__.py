"""Whether a shelf is whole: every word of its tracks and acts is held against the rest before anything rests on it."""

from shelterctl.library.trial.shelf import hold_whole

__all__ = ["hold_whole"]
