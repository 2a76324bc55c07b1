"""What this version says of a case of `random_cases.py`: `agreement`, `report` and `stay`, each a case to what is said.

It is called as 0.2.0 is. Where a call changes, it is written anew here, and `judged_before.py` stays as it is.
"""

from judged_before import agreement, report, stay

__all__ = ["agreement", "report", "stay"]
