"""The exit codes: one meaning each, whatever the command. docs/operations.md shows the same; a test compares them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

DONE, FOUND, MALFORMED, UNUSABLE = 0, 1, 2, 3

MEANINGS: Mapping[int, str] = MappingProxyType(
    {
        DONE: "done, and all is well",
        FOUND: "done, and what the command looks for was found",
        MALFORMED: "the arguments, or the file to be read, cannot be used",
        UNUSABLE: "refused: the database, the key ring, a file, a channel or the port cannot be used; the code stands in brackets",
    }
)
FOUND_BY: Mapping[str, str] = MappingProxyType(
    {
        "tick": "a case could not be done; its id and error are shown",
        "runs": "an alarm stands: runs, the account, or messages",
        "verify": "something is missing, surplus or changed",
        "backup": "an attachment is gone or damaged; the rest is in the file",
        "restore": "restored, and something in it is wrong, as it was before",
        "keys rotate": "somebody's key does not open; the rest was moved",
        "rehearse": "what the file expects does not hold",
        "messages check": "a word that tells what the matter is",
        "channels test": "the message did not get through; the reason stands there",
        "policy check": "the pack has problems",
        "policy diff": "a case could not be read",
    }
)
