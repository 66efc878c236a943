"""
The web application, made of its parts: routers, errors, pages. Holds no globals, so that tests make many.
"""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI

from api import client_files, errors, metrics, openapi, pages, routes
from api.bootstrap import Parts
from api.guard import Guard
from api.load import Load
from api.packing import Packing

VERSION = "2026.11.0"
ABOUT = """
戒毒社会工作个案流程引擎：记录发生的事，推算该做的事、到期日和责任人。

A case-tracking workflow engine for drug-rehabilitation social work: events in, what is owed out.

- 日期是北京时间的日历日。Days are civil days in Asia/Shanghai.
- 编号由客户端生成（UUIDv7），重复提交无害。Ids are made by the client, so sending twice is harmless.
- 一次提交要么全部受理，要么全部不受理。A request is taken or refused whole.
- 错误用 application/problem+json 返回，`code` 稳定，语言随 Accept-Language（默认中文）。
  Errors are problem+json with a stable `code`, in the language of Accept-Language (Chinese by default).
"""


def create_app(parts: Parts, client: Path = client_files.FOLDER) -> FastAPI:
    """The application over these parts, with the web client that was built into a folder."""
    app = FastAPI(
        title="Guitu 归途",
        version=VERSION,
        description=ABOUT,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
    )
    app.state.parts = parts
    app.add_middleware(Packing)
    app.add_middleware(Load, settings=parts.settings)
    metrics.install(app, parts)
    app.add_middleware(Guard, settings=parts.settings)  # the last one added is met first
    errors.install(app)
    routes.install(app)
    pages.install(app)
    client_files.install(app, client)
    openapi.install(app)
    return app
