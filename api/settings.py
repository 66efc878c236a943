"""
The settings: read once from the environment, here and nowhere else. Starts with none at all.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

OWN_NAMES = ("127.0.0.1", "localhost")


class Settings(BaseSettings):
    """Each is set by the variable of its name with `GUITU_` before it: `GUITU_DATABASE_URL`."""

    model_config = SettingsConfigDict(env_prefix="GUITU_", frozen=True, extra="ignore")

    database_url: str = Field(default="sqlite:///guitu.db", description="The office's database.")
    keys: SecretStr | None = Field(
        default=None,
        description="The key ring itself, from a store of secrets; goes before a file.",
    )
    keys_file: Path | None = Field(
        default=None, description="The file of the key ring; beside the database without it."
    )
    attachments: Path | None = Field(
        default=None,
        description="A folder for photos and scans, sealed; in the database without it.",
    )
    host: str = Field(default="127.0.0.1", description="Address that the server listens on.")
    port: int = Field(default=8000, ge=1, le=65535, description="Port that the server listens on.")
    hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        default=OWN_NAMES,
        description="Names under which the server may be called, with commas between.",
    )
    tick_seconds: int = Field(
        default=60, ge=5, le=86400, description="How often the calendar is looked at."
    )
    largest_body: int = Field(
        default=1_000_000, ge=1000, description="The most bytes that a request may bring."
    )
    largest_upload: int = Field(
        default=21_000_000,
        ge=1000,
        description="The most bytes that a request with an attachment may bring.",
    )
    threads: int = Field(
        default=3, ge=1, le=100, description="How many requests are worked on at once."
    )
    waiting: int = Field(
        default=100, ge=0, le=10_000, description="How many more may wait for their turn."
    )
    longest_answer: int = Field(
        default=60, ge=1, le=3600, description="The most seconds that anybody waits for an answer."
    )

    session_idle_minutes: int = Field(
        default=30, ge=1, le=1440, description="Minutes after which an unused login ends."
    )
    session_hours: int = Field(
        default=12, ge=1, le=720, description="Hours after which every login ends."
    )

    @field_validator("keys", "keys_file", "attachments", mode="before")
    @classmethod
    def _unless_empty(cls, given: object) -> object:
        return None if given == "" else given

    @field_validator("hosts", mode="before")
    @classmethod
    def _split(cls, given: object) -> object:
        if isinstance(given, str):
            return tuple(name.strip() for name in given.split(",") if name.strip())
        return given
