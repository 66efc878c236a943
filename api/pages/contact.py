"""How one is told, as a page: a plain form for channels, hour, language and addresses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import time
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from api.context import Allowed, Anybody, Context
from api.errors import status_of
from api.identity import mark_of, shown_by
from api.pages.forms import Fields, admitted, field, fields_of, form, refusal
from api.pages.frame import link
from api.pages.markup import Child, Html, tag
from api.pages.views import PageFor, Reader, framed
from api.pages.words import Words
from api.schemas.contacts import ContactSet
from workflow.rules.contacts import CHANNELS, EARLIEST, INBOX, LATEST, Wishes
from workflow.rules.errors import GuituError, Invalid
from workflow.rules.sentences.labels import in_words
from workflow.services import contacts
from workflow.services.contacts import Contact

ADDRESSED = tuple(channel for channel in CHANNELS if channel != INBOX)
KINDS = {"email": "email", "wecom": "text", "webhook": "url"}
router = APIRouter(include_in_schema=False)
Reading = Annotated[Context, Depends(PageFor("contact"))]


@router.get("/contact")
def contact(here: Reading, language: Reader, request: Request) -> HTMLResponse:
    """The form, with what is set."""
    try:
        found = here.read(lambda uow: contacts.contact_of(uow, here.caller.staff_id))
    except GuituError as error:
        return _shown(here, Words(language), request, refusal(error, Words(language)), error)
    return _page(here, Words(language), request, found, None)


@router.post("/contact")
async def set_contact(here: Anybody, language: Reader, request: Request) -> Response:
    """Set it, and back to the inbox; or the form again, with the reason."""
    fields, words = await fields_of(request), Words(language)
    door = Allowed("contact", "write")
    context = await admitted(request, fields, lambda shown: door.admit(here, shown))
    try:
        await run_in_threadpool(_set, context, fields)
    except GuituError as error:
        sent = Contact(_as_sent(fields), _version(fields), None)
        return await run_in_threadpool(_page, context, words, request, sent, error)
    return RedirectResponse(link("/inbox", words), 303)


# ------------------------------------------------------------------ what it does


def _set(here: Context, fields: Fields) -> None:
    """Set what a form sent; raises Invalid `contact_unreadable` where a field cannot be read."""
    sent = _as_sent(fields)
    try:
        wishes = ContactSet.model_validate(
            {
                "channels": [*sent.channels],
                "digest_at": fields.get("digest_at") or None,
                "language": sent.language,
                "addresses": dict(sent.addresses),
            }
        ).read()
    except ValidationError as error:
        raise Invalid("contact_unreadable") from error
    staff_id, clock, by = here.caller.staff_id, here.clock, here.by
    here.write(
        lambda uow: contacts.set_contact(
            uow, staff_id, wishes, expected=_version(fields), clock=clock, by=by
        )
    )


def _as_sent(fields: Fields) -> Wishes:
    """What a form holds, before anybody looks whether it can be done."""
    places = (fields.get(f"channel_{n}", "") for n in range(len(CHANNELS)))
    addresses = {name: fields.get(name, "").strip() for name in ADDRESSED}
    return Wishes(
        channels=tuple(filter(None, places)),
        digest_at=_hour(fields.get("digest_at", "")),
        language=fields.get("language", "zh"),
        addresses={name: given for name, given in addresses.items() if given},
    )


def _hour(given: str) -> time | None:
    try:
        return time.fromisoformat(given)
    except ValueError:
        return None


def _version(fields: Fields) -> int:
    given = fields.get("version", "")
    return int(given) if given.isdecimal() and len(given) < 10 else -1


# ------------------------------------------------------------------ what it shows


def _page(
    here: Context, words: Words, request: Request, found: Contact, error: GuituError | None
) -> HTMLResponse:
    wishes = found.wishes
    at = wishes.digest_at.strftime("%H:%M") if wishes.digest_at else ""
    part = form(
        words("contact"),
        tag("p", words("contact_about"), class_="quiet"),
        refusal(error, words),
        *_channels(wishes.channels, words),
        *_addresses(wishes.addresses, words),
        field(
            words("digest_at", first=f"{EARLIEST:%H:%M}", last=f"{LATEST:%H:%M}"),
            "digest_at",
            tag(
                "input",
                id="digest_at",
                name="digest_at",
                type="time",
                min=f"{EARLIEST:%H:%M}",
                max=f"{LATEST:%H:%M}",
                value=at,
            ),
        ),
        _choice(
            words("message_language"),
            "language",
            (("zh", "中文"), ("en", "English")),
            wishes.language,
        ),
        tag("input", type="hidden", name="version", value=str(found.version)),
        tag("input", type="hidden", name="csrf", value=mark_of(shown_by(request).secret)),
        action=link("/contact", words),
        send=words("save"),
    )
    return _shown(here, words, request, part, error)


def _shown(
    here: Context, words: Words, request: Request, part: Child, error: GuituError | None
) -> HTMLResponse:
    answer = framed(here, words, words("contact"), request, part)
    answer.status_code = 200 if error is None else status_of(error)
    return answer


def _channels(chosen: Sequence[str], words: Words) -> list[Html]:
    """In which order: as many choices as there are channels; the inbox is one, since it may be wished for first."""
    options = [("", words("no_channel"))]
    options += [(name, in_words(said, words.language)) for name, said in CHANNELS.items()]
    places = (*chosen, *("",) * (len(CHANNELS) - len(chosen)))
    return [
        _choice(words("channel", n=n + 1), f"channel_{n}", options, one)
        for n, one in enumerate(places)
    ]


def _addresses(known: Mapping[str, str], words: Words) -> list[Html]:
    return [
        field(
            words(f"address_{name}"),
            name,
            tag(
                "input",
                id=name,
                name=name,
                type=KINDS[name],
                value=known.get(name, ""),
                autocomplete="off",
            ),
        )
        for name in ADDRESSED
    ]


def _choice(label: str, name: str, options: Sequence[tuple[str, str]], chosen: str) -> Html:
    choices = [
        tag("option", said, value=value, selected=value == chosen) for value, said in options
    ]
    return field(label, name, tag("select", *choices, id=name, name=name))
