"""
The tables, one file a noun. SQLModel lives here; statements stand in the query files beside this folder.

Rows hold dates, never states. Events, notices and sightings are append-only:
triggers made by the first migration refuse to change or delete them.
"""

from workflow.store.tables.accounts import AccountRow, SessionRow, ThrottleRow
from workflow.store.tables.attachments import AttachmentBodyRow, AttachmentRow
from workflow.store.tables.cases import CaseRow, PlacementRow
from workflow.store.tables.chairs import ChairRow
from workflow.store.tables.columns import Found, Row, UTCDateTime, table_of
from workflow.store.tables.data_keys import DataKeyRow
from workflow.store.tables.events import EventRow
from workflow.store.tables.messages import (
    AttemptRow,
    ContactRow,
    InboxRow,
    MessageItemRow,
    MessageRow,
)
from workflow.store.tables.notices import NoticeRow
from workflow.store.tables.obligations import ObligationRow, RungRow, SightingRow
from workflow.store.tables.offices import OfficeRow, OfficeSpanRow
from workflow.store.tables.outlooks import OutlookRow
from workflow.store.tables.people import PersonMarkRow, PersonMergeRow, PersonRow
from workflow.store.tables.phones import CarriedRow, PhoneRow, QuarantineRow
from workflow.store.tables.policies import CalendarOverrideRow, PackRow, PinRow
from workflow.store.tables.proposals import ProposalRow
from workflow.store.tables.runs import AlarmRow, RunAccountRow, RunFailureRow, RunRow
from workflow.store.tables.staff import LeaveRow, PostingRow, StaffRow
from workflow.store.tables.stamps import StampRow
from workflow.store.tables.stays import StayRow

__all__ = [
    "AccountRow",
    "AlarmRow",
    "AttachmentBodyRow",
    "AttachmentRow",
    "AttemptRow",
    "CalendarOverrideRow",
    "CarriedRow",
    "CaseRow",
    "ChairRow",
    "ContactRow",
    "DataKeyRow",
    "EventRow",
    "Found",
    "InboxRow",
    "LeaveRow",
    "MessageItemRow",
    "MessageRow",
    "NoticeRow",
    "ObligationRow",
    "OfficeRow",
    "OfficeSpanRow",
    "OutlookRow",
    "PackRow",
    "PersonMarkRow",
    "PersonMergeRow",
    "PersonRow",
    "PhoneRow",
    "PinRow",
    "PlacementRow",
    "PostingRow",
    "ProposalRow",
    "QuarantineRow",
    "Row",
    "RunAccountRow",
    "RunFailureRow",
    "RunRow",
    "RungRow",
    "SessionRow",
    "SightingRow",
    "StaffRow",
    "StampRow",
    "StayRow",
    "ThrottleRow",
    "UTCDateTime",
    "table_of",
]
