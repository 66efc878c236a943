"""
The command line: `guitu demo | serve | worker | migrate | create-admin | tick | runs | policy | verify | backup | restore | keys | ...`.

The commands stand in `api.commands`, what their exit codes mean in `api.commands.exits`.
"""

from __future__ import annotations

import sys

import typer

from api.commands import (
    accounts,
    backups,
    channels,
    database,
    demos,
    documents,
    keys,
    messages,
    policies,
    rehearsals,
    runs,
    serving,
    verifying,
)
from api.commands.exits import MEANINGS

app = typer.Typer(
    name="guitu",
    help="Guitu 归途: a case-tracking workflow engine for drug-rehabilitation social work 戒毒社会工作个案流程引擎.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    epilog="Exit codes: " + " · ".join(f"{code} {said}" for code, said in MEANINGS.items()),
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("demo")(demos.demo)
app.command("serve")(serving.serve)
app.command("worker")(serving.worker)
app.command("migrate")(database.migrate)
app.command("create-admin")(accounts.create_admin)
app.command("reset-password")(accounts.reset_password)
app.command("tick")(database.tick)
app.command("runs")(runs.runs)
app.add_typer(policies.app, name="policy")
app.command("verify")(verifying.verify)
app.command("backup")(backups.backup)
app.command("restore")(backups.restore)
app.add_typer(keys.app, name="keys")
app.add_typer(messages.app, name="messages")
app.add_typer(channels.app, name="channels")
app.command("rehearse")(rehearsals.rehearse)
app.command("openapi")(documents.openapi)
app.command("docs")(documents.docs)


def main() -> None:
    """The command `guitu`; Chinese is written as UTF-8 whatever the terminal claims."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    app()


if __name__ == "__main__":
    main()
