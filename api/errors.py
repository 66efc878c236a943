"""
Refusals as problem+json (RFC 9457): the only place with status codes.

Each has a stable code and says, in the caller's language, why and what would
make it possible. What a client sent is never repeated, and an error of ours
tells nothing but a number that the log has too.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.routing import Match, Mount

from api.context import language_of
from api.protection import protecting
from api.sentences import reason, would_allow
from workflow.rules.errors import (
    Conflict,
    Forbidden,
    GuituError,
    Invalid,
    NotFound,
    Refused,
    Unauthenticated,
    Unavailable,
)
from workflow.rules.sentences import Language
from workflow.services.problems import FileRefused

MEDIA_TYPE = "application/problem+json"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
STATUS: dict[type[GuituError], int] = {
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    Invalid: 422,
    Conflict: 409,
    Refused: 409,
    Unavailable: 503,
}
BY_CODE = {
    "demo_only": 404,
    "no_route": 404,
    "method_not_allowed": 405,
    "precondition_failed": 412,
    "body_too_large": 413,
    "attachment_too_large": 413,
    "attachment_type": 415,
    "attachment_unreadable": 422,
    "attachment_damaged": 500,
    "key_does_not_open": 500,
    "unreadable_event": 500,
    "wrong_host": 400,
    "wrong_origin": 403,
    "malformed_body": 422,
    "password_wrong": 403,
    "too_many_attempts": 429,
    "unexpected": 500,
    "disk_full": 507,
}
TITLES = {
    400: ("请求有误", "Bad request"),
    401: ("没有登录", "Not logged in"),
    403: ("不允许", "Not allowed"),
    404: ("没有找到", "Not found"),
    405: ("方法不对", "Method not allowed"),
    409: ("不予受理", "Refused"),
    412: ("已有变化", "Changed meanwhile"),
    413: ("内容太大", "Too large"),
    415: ("格式不收", "Not a kind that is kept"),
    422: ("内容读不懂", "Malformed"),
    429: ("太频繁", "Too often"),
    500: ("系统出错", "Unexpected error"),
    503: ("暂时无法办理", "Not possible now"),
    507: ("存储空间不足", "Out of storage"),
}

log = structlog.get_logger(__name__)


def install(app: FastAPI) -> None:
    """Hand every error of this app to the functions below; async, so that none of them waits for a thread."""
    app.add_exception_handler(GuituError, _guitu)
    app.add_exception_handler(FileRefused, _pack)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


def status_of(error: GuituError) -> int:
    """The status of a refusal: by its code, else by its family."""
    if error.code in BY_CODE:
        return BY_CODE[error.code]
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def problem(
    error: GuituError,
    language: Language,
    *,
    status: int | None = None,
    headers: Mapping[str, str] | None = None,
    errors: list[dict[str, str]] | None = None,
) -> JSONResponse:
    """A refusal as a response."""
    status = status or status_of(error)
    body = in_words(error, language, status)
    if errors:
        body["errors"] = errors
    own = {"Content-Language": "zh-CN" if language == "zh" else "en", "Vary": "Accept-Language"}
    return JSONResponse(body, status, {**own, **(headers or {})}, MEDIA_TYPE)


def in_words(error: GuituError, language: Language, status: int) -> dict[str, Any]:
    """What a problem says of a refusal."""
    return {
        "type": f"urn:guitu:{error.code}",
        "title": TITLES.get(status, TITLES[400])[language == "en"],
        "status": status,
        "code": error.code,
        "detail": reason(error, language),
        "would_allow": would_allow(error, language),
        "facts": {name: _plain(value) for name, value in error.facts.items()},
    }


async def _guitu(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, GuituError)
    if isinstance(error, Unauthenticated):
        return problem(error, language_of(request), headers={"WWW-Authenticate": "Bearer"})
    if error.code == "too_many_attempts":
        wait = str(error.facts["seconds"])
        return problem(error, language_of(request), headers={"Retry-After": wait})
    if not isinstance(error, Unavailable):
        return problem(error, language_of(request))
    log.error("unavailable", code=error.code, path=request.url.path)
    return problem(error, language_of(request), headers={"Retry-After": "5"})


async def _pack(request: Request, error: Exception) -> JSONResponse:
    """A pack that cannot be used: the sentence is the file's own."""
    assert isinstance(error, FileRefused)
    language = language_of(request)
    first = error.problems[0]
    found = Refused("pack_unusable", detail=first.zh if language == "zh" else first.en)
    return problem(found, language)


async def _malformed(request: Request, error: Exception) -> JSONResponse:
    """Where the body or the address cannot be read; what was sent there is not repeated."""
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0] if error.errors() else {}
    if first.get("loc") == ("query", "limit") and first["type"] == "less_than_equal":
        largest = first["ctx"]["le"]
        return problem(Invalid("page_too_large", largest=largest), language_of(request))
    errors = [
        {"field": _place(each["loc"]), "problem": str(each["type"]), "detail": str(each["msg"])}
        for each in error.errors()[:20]
    ]
    found = Invalid("malformed_body", field=errors[0]["field"] if errors else "")
    return problem(found, language_of(request), errors=errors)


def _place(loc: tuple[int | str, ...]) -> str:
    """`body.events.0.happened_on`; keys that the client made up are cut short."""
    return ".".join(str(part)[:60] for part in loc)


async def _http(request: Request, error: Exception) -> Response:
    """What the framework itself refuses."""
    assert isinstance(error, HTTPException)
    if error.status_code == 405:
        return _other_methods(request)
    if error.status_code == 404:
        return problem(Invalid("no_route"), language_of(request))
    status = None if error.status_code == 400 else error.status_code
    found = Invalid("malformed_body", field="")
    return problem(found, language_of(request), status=status, headers=error.headers)


def _other_methods(request: Request) -> Response:
    """All that the address takes: the framework names the first route's alone. OPTIONS asks for just that."""
    allow = {"Allow": ", ".join(_taken(request)) or "GET, HEAD"}
    if request.method == "OPTIONS":
        return Response(status_code=204, headers=allow)
    return problem(Invalid("method_not_allowed"), language_of(request), headers=allow)


def _taken(request: Request) -> Iterator[str]:
    routes = [each for each in request.app.routes if not isinstance(each, Mount)]
    for method in METHODS:
        asked = {**request.scope, "method": "GET" if method == "HEAD" else method}
        if any(each.matches(asked)[0] is Match.FULL for each in routes):
            yield method


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    number = secrets.token_hex(4)
    log.error(
        "unexpected", id=number, path=request.url.path, error=type(error).__name__, exc_info=error
    )
    headers = protecting(request.url.path)  # it is answered outside of all that would add them
    return problem(Invalid("unexpected", id=number), language_of(request), headers=headers)


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)
