"""
The tables, one file a noun. SQLModel lives here; statements stand in the query files beside this folder.

Rows hold dates, never states. Events and notices are append-only: triggers made
by the first migration refuse to change or delete them.
"""

from workflow.store.tables.cases import CaseRow
from workflow.store.tables.columns import Found, Row, UTCDateTime, table_of
from workflow.store.tables.events import EventRow
from workflow.store.tables.notices import NoticeRow
from workflow.store.tables.obligations import FallenRow, ObligationRow
from workflow.store.tables.people import PersonRow
from workflow.store.tables.runs import RunFailureRow, RunRow
from workflow.store.tables.stamps import StampRow
from workflow.store.tables.stays import StayRow

__all__ = [
    "CaseRow",
    "EventRow",
    "FallenRow",
    "Found",
    "NoticeRow",
    "ObligationRow",
    "PersonRow",
    "Row",
    "RunFailureRow",
    "RunRow",
    "StampRow",
    "StayRow",
    "UTCDateTime",
    "table_of",
]
