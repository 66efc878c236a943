"""How a refusal looks (RFC 9457), and which of them a route may answer with."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field


class FieldProblem(BaseModel):
    """One place of a malformed request."""

    field: str = Field(examples=["body.events.0.happened_on"])
    problem: str
    detail: str


class Problem(BaseModel):
    """A refusal: `code` is stable, `detail` says why, `would_allow` what would make it possible."""

    type: str = Field(examples=["urn:guitu:not_from_here"])
    title: str = Field(examples=["不予受理"])
    status: int = Field(examples=[409])
    code: str = Field(examples=["not_from_here"])
    detail: str
    would_allow: str
    facts: dict[str, Any] = Field(default_factory=dict)
    errors: list[FieldProblem] | None = None


WORDS = {
    401: "没有登录，或登录已失效。 Nobody is logged in, or no longer.",
    403: "不允许：角色无权，或缺少校验码。 Not allowed: the role may not, or the mark of our pages is missing.",
    404: "没有这一项，或演示以外没有这个地址。 There is no such thing.",
    409: "不予受理：`code` 和 `would_allow` 说明原因与办法。 Refused; nothing was kept.",
    412: "个案已有变化，`If-Match` 里的版本过期。 The case has changed since the version in `If-Match`.",
    413: "内容太大，答复里写明上限。 Too large; the answer says how large it may be.",
    415: "文件不是可以收的格式。 The file is not of a kind that is kept.",
    422: "内容读不懂。 Malformed.",
    429: "太频繁，`Retry-After` 说明要等多久。 Too often; `Retry-After` says how long to wait.",
    503: "暂时无法办理，什么也没有保存一半。 Not possible now; nothing was half-written.",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The refusals of a route, for its documentation."""
    return {
        status: {
            "description": WORDS[status],
            "content": {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
            },
        }
        for status in statuses
    }


NOT_CHANGED: dict[int | str, dict[str, Any]] = {
    304: {"description": "与 If-None-Match 所示相同 The caller has it already."}
}
