"""Photos, and a place to attach them: a database with one person's case, and a folder for sealed files."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PIL import Image
from sqlalchemy import Engine, select, update

from tests.builders import RING
from tests.databases import new_database
from tests.persons import NOW, case_about, register
from workflow.rules.errors import GuituError
from workflow.services.attaching import (
    Attached,
    Attachment,
    AttachmentEntry,
    attach,
    attachments_of,
    read_attachment,
    sweep_orphans,
)
from workflow.store.sealed_files import SealedFiles
from workflow.store.tables import AttachmentBodyRow, table_of
from workflow.store.unit_of_work import UnitOfWork

MARK = "MARK-7c1e-某甲"
BODIES = table_of(AttachmentBodyRow)
LATER = datetime.now(UTC) + timedelta(days=1)
FIRST = UUID(int=1)


def photo(shade: int = 90, size: int = 8) -> bytes:
    """A photo that says in its EXIF who took it."""
    words = Image.Exif()
    words[0x010E] = MARK
    whole = BytesIO()
    Image.new("L", (size, size), shade).save(whole, "JPEG", exif=words)
    return whole.getvalue()


def settle(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    os.fsync(opened)
    os.close(opened)


@dataclass
class Site:
    """A database with one person's case in it, and a folder for files, which may be left unused."""

    engine: Engine
    files: SealedFiles | None
    case_id: UUID = field(init=False)

    def __post_init__(self) -> None:
        with self.uow() as uow:
            register(uow, 1, name=MARK)
            self.case_id = case_about(uow, 1)

    def uow(self) -> UnitOfWork:
        return UnitOfWork(self.engine, RING)

    def attach(self, attachment_id: UUID = FIRST, **more: Any) -> Attached:
        sent: dict[str, Any] = {
            "case_id": self.case_id,
            "content": photo(),
            "file_name": f"{MARK}.JPEG",
            "caption": f"回执 {MARK}",
        }
        with self.uow() as uow:
            return attach(
                uow, self.files, attachment_id=attachment_id, clock=NOW, by="w1", **sent | more
            )

    def read(self, attachment_id: UUID = FIRST) -> Attachment:
        with self.uow() as uow:
            return read_attachment(uow, self.files, attachment_id)

    def listed(self) -> list[AttachmentEntry]:
        with self.uow() as uow:
            return attachments_of(uow, self.case_id)

    def sweep(self, older_than: datetime = LATER) -> int:
        assert self.files is not None
        with UnitOfWork(self.engine, reading=True) as uow:
            return sweep_orphans(uow, self.files, older_than)

    def on_disk(self) -> list[Path]:
        """Every file below the folder, whatever it is."""
        return sorted(p for p in self.files.folder.rglob("*") if p.is_file()) if self.files else []

    def sealed(self) -> list[bytes]:
        """Every ciphertext, wherever it is kept."""
        if self.files is not None:
            return [path.read_bytes() for path in self.on_disk()]
        with self.uow() as uow:
            return list(uow.session.execute(select(BODIES.c.body)).scalars())

    def change_body(self, body: bytes | None) -> None:
        """Damage or lose the one ciphertext."""
        if self.files is None:
            with self.uow() as uow:
                if body is None:
                    uow.session.execute(BODIES.delete())
                else:
                    uow.session.execute(update(BODIES).values(body=body))
        else:
            (path,) = self.on_disk()
            path.unlink() if body is None else path.write_bytes(body)


def a_site(folder: Path, way: str, settling: Callable[[Path], None] = settle) -> Site:
    (folder / "attachments").mkdir(parents=True)
    (folder / "data").mkdir()
    files = SealedFiles(folder / "attachments", settling) if way == "disk" else None
    return Site(new_database(shared_in=folder / "data"), files)


def refusal(kind: type[GuituError], act: Callable[..., object], *args: Any, **more: Any) -> str:
    with pytest.raises(kind) as caught:
        act(*args, **more)
    assert MARK not in str(caught.value)
    return caught.value.code
