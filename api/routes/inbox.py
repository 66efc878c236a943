"""One's own inbox: what was delivered, and that one has read it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from api.context import Context, may
from api.paging import BY_INSTANT, DEFAULT, Cursor, Limit, cut, place_of
from api.schemas.inbox import InboxPublic, LetterPublic
from api.schemas.problems import problems
from workflow.services import inboxes
from workflow.services.inboxes import Letter, Place
from workflow.store.unit_of_work import UnitOfWork

router = APIRouter(prefix="/me/inbox", tags=["me 我的"])
Reading = Annotated[Context, may("inbox", "read")]
Writing = Annotated[Context, may("inbox", "write")]
Unread = Annotated[bool, Query(description="只看未读的 Only those that are unread.")]


@router.get("", summary="收件箱 My inbox", responses=problems(401, 403, 422))
def show_inbox(
    here: Reading, unread: Unread = False, cursor: Cursor = None, limit: Limit = DEFAULT
) -> InboxPublic:
    """What was delivered to whoever asks, the newest first, and how many of all are unread."""
    after = place_of(cursor, BY_INSTANT)
    found, waiting = here.read(lambda uow: letters_of(uow, here, limit + 1, after, unread=unread))
    shown, following = cut(found, limit, lambda one: one.place)
    items = [LetterPublic.of(one) for one in shown]
    return InboxPublic(items=items, next=following, unread=waiting)


@router.post(
    "/{message_id}/read",
    summary="标为已读 Mark as read",
    responses=problems(401, 403, 404, 422),
)
def mark_read(message_id: UUID, here: Writing) -> LetterPublic:
    """When one first read it stays; sending it twice is harmless."""
    found = here.write(lambda uow: inboxes.mark_read(uow, here.caller, message_id, here.clock))
    return LetterPublic.of(found)


def letters_of(
    uow: UnitOfWork, here: Context, limit: int, after: Place | None, *, unread: bool = False
) -> tuple[list[Letter], int]:
    """What was delivered to whoever asks, as many as `limit`, and how many of all are unread."""
    found = inboxes.inbox_of(uow, here.caller, unread=unread, limit=limit, after=after)
    return found, inboxes.unread_of(uow, here.caller)
