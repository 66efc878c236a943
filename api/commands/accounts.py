"""`guitu create-admin` and `guitu reset-password`: the first account, which nobody can make from outside, and a way back in."""

from __future__ import annotations

from typing import Annotated
from uuid import uuid4

import typer

from api.commands.edges import refusals_told

FromStdin = Annotated[
    bool,
    typer.Option(
        "--password-stdin", help="Read the password from standard input 从标准输入读密码."
    ),
]


def create_admin(
    handle: Annotated[str, typer.Argument(help="How the administrator logs in 账号.")],
    password_stdin: FromStdin = False,
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
        new = NewAccount(
            uuid4(), handle, "administrator", _password(password_stdin), must_change=False
        )
        with parts.uow() as uow:
            create_account(uow, new, passwords=parts.passwords, clock=parts.clock(), by="terminal")
        typer.echo(f"{handle}  系统管理员 administrator")


def reset_password(
    handle: Annotated[str, typer.Argument(help="Whose password is lost 忘记密码的账号.")],
    password_stdin: FromStdin = False,
) -> None:
    """
    Set a new password for an account 重设密码, such as the only administrator's.

    Every login and token of the account ends; whoever logs in with the new password has to set one of
    their own first. A disabled account stays disabled.

    Examples: guitu reset-password admin1 · guitu reset-password admin1 --password-stdin < secret.txt
    """
    with refusals_told():
        from api.bootstrap import office_parts
        from workflow.services.accounts import account_of
        from workflow.services.new_passwords import reset_password as reset

        parts = office_parts()
        with parts.uow(reading=True) as uow:
            account_id = account_of(uow, handle).id
        reset(
            parts.uow,
            account_id,
            _password(password_stdin),
            passwords=parts.passwords,
            clock=parts.clock(),
            by="terminal",
        )
        typer.echo(f"{handle}  已重设密码 has a new password")


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return typer.get_text_stream("stdin").readline().rstrip("\r\n")
    found: str = typer.prompt("密码 Password", hide_input=True, confirmation_prompt=True)
    return found
