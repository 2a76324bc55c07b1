"""Where the project, its source, its examples, and the data of the tests lie."""

from pathlib import Path

PROJECT = Path(__file__).parents[2]
SOURCE = PROJECT / "src" / "shelterctl"
EXAMPLES = PROJECT / "examples"
ACCEPTED = EXAMPLES / "accepted"
TESTS = PROJECT / "tests"
MADE_BY_0_1_0, MADE_BY_0_2_0 = (TESTS / "stores" / version for version in ("0.1.0", "0.2.0"))
