"""How one wants to be told."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response

from api.context import Context, may
from api.preconditions import IfMatch, as_seen, tag_of
from api.schemas.contacts import ContactPublic, ContactSet
from api.schemas.problems import problems
from workflow.services import contacts
from workflow.services.contacts import Contact

router = APIRouter(prefix="/me", tags=["me 我的"])
Reading = Annotated[Context, may("contact", "read")]
Writing = Annotated[Context, may("contact", "write")]


@router.get(
    "/contact",
    summary="联系方式 How I am told",
    response_model=ContactPublic,
    responses=problems(401, 403, 404, 409),
)
def show_contact(here: Reading) -> Response:
    """Channels, hour, language and addresses as one set them; version 0 where one never did."""
    staff_id = here.caller.staff_id
    return _shown(here, here.read(lambda uow: contacts.contact_of(uow, staff_id)))


@router.put(
    "/contact",
    summary="设定联系方式 Set how I am told",
    response_model=ContactPublic,
    responses=problems(401, 403, 404, 409, 412, 422),
)
def set_contact(sent: ContactSet, here: Writing, if_match: IfMatch = None) -> Response:
    """All of it anew; addresses are sealed under one's own key. Sending it twice is harmless."""
    found = as_seen(if_match, sent.expected_version, lambda version: _set(here, sent, version))
    return _shown(here, found)


def _set(here: Context, sent: ContactSet, version: int | None) -> Contact:
    staff_id, wishes, by = here.caller.staff_id, sent.read(), here.by
    return here.write(
        lambda uow: contacts.set_contact(
            uow, staff_id, wishes, expected=version, clock=here.clock, by=by
        )
    )


def _shown(here: Context, found: Contact) -> Response:
    assert here.caller.staff_id is not None  # else the service has refused
    answer = ContactPublic.of(here.caller.staff_id, found)
    return here.shown(answer, ETag=tag_of(found.version))
