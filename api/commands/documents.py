"""`guitu openapi` and `guitu docs`: what is written from the code."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def openapi() -> None:
    """
    Print the API's description as OpenAPI 打印接口描述.

    Example: guitu openapi > openapi.json
    """
    typer.echo(api_description(), nl=False)


def docs(
    folder: Annotated[Path, typer.Argument(help="The folder of the documents 文档文件夹.")] = Path(
        "docs"
    ),
) -> None:
    """
    Renew docs/openapi.json, docs/rules.md and docs/errors.md from the code 更新由代码生成的文档.

    Example: guitu docs
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in written().items():
        (folder / name).write_text(text, "utf-8")
        typer.echo(str(folder / name))


def written() -> dict[str, str]:
    """Each document that is written from the code, by the name of its file."""
    from api.errors_page import errors_page
    from workflow.services.rules_pages import rules_page

    return {
        "openapi.json": api_description(),
        "rules.md": rules_page(),
        "errors.md": errors_page(),
    }


def api_description() -> str:
    """The API's description, from an app over an empty database in memory."""
    from api.app import create_app
    from api.bootstrap import bare_parts
    from api.openapi import as_text

    return as_text(create_app(bare_parts()))
