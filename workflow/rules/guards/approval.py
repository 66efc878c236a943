"""
The second person's approval: where an event needs one, it comes with the record, never in the event's text.
"""

from __future__ import annotations

from workflow.rules.errors import Refused
from workflow.rules.history import Recorded


def need_approval(rec: Recorded) -> None:
    """
    An approval by a second person stands beside the event.

    Raises:
        Refused: `approval_missing`.
    """
    if not rec.approved_by:
        raise Refused("approval_missing", event=rec.event.name)
