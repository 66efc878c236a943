"""`guitu create-admin`: the first account, which nobody can make from outside."""

from __future__ import annotations

from typing import Annotated
from uuid import uuid4

import typer

from api.commands.edges import refusals_told


def create_admin(
    handle: Annotated[str, typer.Argument(help="How the administrator logs in 账号.")],
    password_stdin: Annotated[
        bool,
        typer.Option(
            "--password-stdin", help="Read the password from standard input 从标准输入读密码."
        ),
    ] = False,
) -> None:
    """
    Make an administrator 创建系统管理员.

    An administrator makes all other accounts and sees no case. The password is asked for twice, and
    never taken from the command line, where others could read it.

    Examples: guitu create-admin admin1 · guitu create-admin admin1 --password-stdin < secret.txt
    """
    with refusals_told():
        from api.bootstrap import office_parts
        from workflow.services.accounts import NewAccount, create_account

        parts = office_parts()
        password = _read() if password_stdin else _asked()
        new = NewAccount(uuid4(), handle, "administrator", password, must_change=False)
        with parts.uow() as uow:
            create_account(uow, new, passwords=parts.passwords, clock=parts.clock(), by="terminal")
        typer.echo(f"{handle}  系统管理员 administrator")


def _asked() -> str:
    found: str = typer.prompt("密码 Password", hide_input=True, confirmation_prompt=True)
    return found


def _read() -> str:
    return typer.get_text_stream("stdin").readline().rstrip("\r\n")
