"""How a command says that it cannot: one sentence in each language, and an exit code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from api.commands.exits import UNUSABLE


@contextmanager
def refusals_told() -> Iterator[None]:
    """Say what was refused, and leave with code 3. What the program logs goes to the error stream."""
    from pydantic import ValidationError

    from api.log_lines import configure
    from api.sentences import reason, would_allow
    from workflow.rules.errors import GuituError
    from workflow.services.problems import FileRefused

    configure()
    try:
        yield
    except GuituError as error:
        for language in ("zh", "en"):
            typer.echo(f"{reason(error, language)} {would_allow(error, language)}", err=True)
        typer.echo(f"[{error.code}]", err=True)
        raise typer.Exit(UNUSABLE) from error
    except FileRefused as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(UNUSABLE) from error
    except ValidationError as error:
        for each in error.errors(include_input=False, include_url=False):
            name = "GUITU_" + "_".join(str(part).upper() for part in each["loc"])
            typer.echo(
                f"设置 {name} 有误：{each['msg']} / The setting {name} is wrong: {each['msg']}",
                err=True,
            )
        raise typer.Exit(UNUSABLE) from error
