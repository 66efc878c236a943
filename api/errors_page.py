"""
Writes docs/errors.md: every stable code with its status, its sentence, and what would allow it.

No table here is kept by hand: the codes are those that the program raises.
"""

from __future__ import annotations

from collections.abc import Iterator

from api.errors import TITLES
from api.refusals import ALL_SENTENCES, statuses
from workflow.services.markdown import section, table

HEAD = """# Errors 错误代码

Written by `guitu docs` from the code; do not edit. 由 `guitu docs` 按代码生成，请勿手改。

Over HTTP a refusal is `application/problem+json` (RFC 9457): `type` is `urn:guitu:` and the code, `code` is stable,
`detail` says why and `would_allow` what would make it possible, in the language of Accept-Language (Chinese by default),
`facts` holds what the sentences show. What a client sent is never repeated beyond that, and `unexpected` tells a number only.
A program decides by `code`, never by a sentence.

On the command line the same sentences stand on the error stream in both languages, the code in brackets behind them, and the
exit code is 3. Codes about keys, backups, files and ports are met there only.
"""
MEANINGS = {
    400: "The request is addressed to another server.",
    401: "Nobody is logged in, or not any more; log in and send it again. A 401 that is no `application/problem+json` with "
    "one of these codes comes from something in between, and says nothing of the login. A phone keeps its people on "
    "`session_expired`, and wipes them on `session_ended`, `session_over` and `login_disabled`; what it has not brought yet "
    "stays sealed on it in every case.",
    403: "The caller is known and may not do this, or the request comes from another site.",
    404: "There is nothing of that name, or nothing that this caller may know of. The two answer alike.",
    405: "The address does not take this method; the header `Allow` says which.",
    408: "The body did not arrive in time.",
    409: "The request is well-formed and not possible as things stand: the record, the pack, the calendar or another "
    "request forbid it. The same request may be taken later.",
    412: "The case has changed since the caller saw the version that `If-Match` names; nothing was recorded.",
    413: "What was sent is larger than is taken; the answer says how large it may be.",
    415: "The file is of a kind that is not kept.",
    422: "The request cannot be read, or a value does not fit the form of its field, whatever the record says. "
    "Sent again unchanged, it is never taken.",
    429: "Too often; the header `Retry-After` says when to try again.",
    500: "A fault of ours or in what is stored; sending it again does not help.",
    503: "Not possible now, and nothing was half-written; the header `Retry-After` says when to try again.",
    507: "There is no room on the disk.",
}
BODY = "`{...}` is filled with a fact; what stands in `[...]` is left out where its fact is not known.\n"


def errors_page() -> str:
    """The whole file."""
    return "\n".join(
        (
            HEAD,
            *section("Statuses 状态码", _statuses()),
            *section("Codes 代码", _codes()),
        )
    )


def _statuses() -> Iterator[str]:
    yield from table(
        ("status", "标题", "title", "meaning"),
        (
            (str(status), *TITLES[status], MEANINGS[status])
            for status in sorted(set(statuses().values()))
        ),
    )


def _codes() -> Iterator[str]:
    yield BODY
    answered = statuses()
    yield from table(
        ("code", "status", "为什么 why", "怎样才可以 what would allow it"),
        (
            (
                f"`{code}`",
                str(answered[code]),
                f"{sentence.zh}<br>{sentence.en}",
                f"{sentence.allow_zh}<br>{sentence.allow_en}",
            )
            for code, sentence in sorted(ALL_SENTENCES.items())
        ),
    )
