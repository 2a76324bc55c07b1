"""Every finding that is published under a code of its own, by the code; a rule names it with ``code``."""

from collections.abc import Mapping

from shelterctl.core.wording.agreement import OF_A_PART, OF_AGREEMENTS
from shelterctl.core.wording.monitoring import OF_REPORTS
from shelterctl.core.wording.row import Row
from shelterctl.core.wording.stay import ITEM_FACTS, OF_STAYS

__all__ = ["ITEM_FACTS", "OF_A_PART", "PUBLISHED", "Row"]

PUBLISHED: Mapping[str, Row] = {**OF_AGREEMENTS, **OF_REPORTS, **OF_STAYS}
