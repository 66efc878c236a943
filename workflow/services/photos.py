"""
Photos and scans: bytes in, safe bytes out. What a file is, is told from its content, never from its name.

A photo is decoded and drawn anew, so that nothing travels along with the picture:
no place, no device, no thumbnail, no second file behind the first. A PDF is taken as
it is or not at all. Knows no database, no disk and no person.
"""

from __future__ import annotations

import logging
import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from itertools import chain
from types import MappingProxyType
from typing import Any

from PIL import Image

from workflow.rules.errors import Refused

MEGABYTE = 1024 * 1024
MEGAPIXEL = 1_000_000
LARGEST_BYTES = 20 * MEGABYTE
"""A photo of 50 megapixels has up to 15 MB, twenty scanned pages about as many."""
MEGAPIXELS = MappingProxyType({"JPEG": 50, "PNG": 36, "WebP": 25})
"""
The most that a picture may have, so that drawing it takes no more than half a gigabyte. JPEG: what
telephones take at most in one ordinary photo, decoded at half its size. PNG: a page of A4 at 600 dots an inch.
"""
LONG_EDGE = 2560
"""Pixels: a page of A4 keeps 220 dots an inch, which small print needs."""
QUALITY = 85
MOST_SCANS = 40
"""
Passes of a JPEG. Cameras write at most a dozen; each costs the time of the whole picture and may have
75 bytes: a file of 360 kB with a thousand of them took 39 seconds to decode.
"""
UNPACKED_BYTES = 128 * MEGABYTE
"""What the streams of one PDF may unpack to while they are searched."""
TAKEN = ("JPEG", "PNG", "WebP", "PDF")

_MAGIC = (
    (re.compile(rb"\xff\xd8\xff"), "JPEG"),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "PNG"),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), "WebP"),
    (re.compile(rb"%PDF-[12]\.\d"), "PDF"),
    (re.compile(rb".{4}ftyp(hei[cfmsx]|hev[cmsx]|mif1|msf1)", re.DOTALL), "HEIC"),
    (re.compile(rb".{4}ftypavi[fs]", re.DOTALL), "AVIF"),
    (re.compile(rb"GIF8"), "GIF"),
    (re.compile(rb"BM"), "BMP"),
    (re.compile(rb"II\*\x00|MM\x00\*"), "TIFF"),
    (re.compile(rb"PK\x03\x04|\xd0\xcf\x11\xe0"), "Office/ZIP"),
)
_MEDIA_TYPES = MappingProxyType(
    {"JPEG": "image/jpeg", "PNG": "image/png", "WebP": "image/webp", "PDF": "application/pdf"}
)
SUFFIXES = MappingProxyType(
    {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "application/pdf": ".pdf"}
)
_SAVING: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {"JPEG": {"quality": QUALITY}, "PNG": {}, "WebP": {"quality": QUALITY}}
)
_UNREADABLE = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    LookupError,
    TypeError,
    ArithmeticError,
    struct.error,
)
"""What Pillow's decoders raise for damaged pictures; 700,000 mutated ones met the first three."""

# Pillow tells its log, at DEBUG, what stands in a photo's EXIF: who took it, and where.
logging.getLogger("PIL").setLevel(logging.WARNING)

ORIENTATION = 0x0112
_TURNS = MappingProxyType(
    {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }
)

ACTIVE = frozenset(
    {"JavaScript", "Launch", "EmbeddedFile", "EmbeddedFiles", "EF", "RichMedia", "Rendition"}
    | {"XFA", "SubmitForm", "ImportData", "GoToE", "GoToR"}
)
"""Names in a PDF of what runs, starts something, calls somewhere, or is another file."""
_ACTIVE = re.compile(
    rb"/(JavaScript|Launch|EmbeddedFiles?|RichMedia|Rendition|SubmitForm|ImportData|GoTo[ER])(?![A-Za-z0-9])"
    rb"|/(EF)\s*(?:<<|\d+\s+\d+\s+R)|/(XFA)\s*(?:\[|\d+\s+\d+\s+R)"
)
"""The short ones with what follows them: three bytes alone stand in every tenth large scan by chance."""
_ENCRYPTED = re.compile(rb"/Encrypt(?![A-Za-z])")
_ENDING = re.compile(rb"startxref\s+\d+\s+%%EOF[\s\0]*\Z")
_ENDING_BYTES = 2 * 1024
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_ESCAPED_NAME = re.compile(rb"/(?=[A-Za-z0-9]*#)([A-Za-z0-9#]{2,70})")
MOST_ESCAPED_NAMES = 10_000
"""Names written with `#`: Chinese fonts have some; a file of nothing else is there to keep us busy."""
MOST_STREAMS = 20_000
_STREAM = re.compile(rb"(?<!end)stream[ \t]*(?:\r\n|\r|\n)")
_PACKED = re.compile(rb"/(\w+Decode)\b")
_HEAD_BYTES = 16 * 1024
_CHUNK = 16 * 1024


@dataclass(frozen=True, slots=True)
class SafeFile:
    """What may be kept of a file, and what it is."""

    content: bytes = field(repr=False)
    media_type: str


def made_safe(content: bytes) -> SafeFile:
    """
    The same photo drawn anew, or the same PDF if nothing in it runs.

    Orientation is applied, the long edge is at most `LONG_EDGE`, of an animation the first picture stays.

    Raises:
        Refused: `attachment_too_large` in bytes or pixels; `attachment_type`: it is something else;
            `attachment_unreadable`: damaged, cut off, or locked with a password;
            `attachment_active`: a PDF with scripts, actions that start something, or files inside.
    """
    if len(content) > LARGEST_BYTES:
        raise _too_large(None, megabytes=-(-len(content) // MEGABYTE))
    found = kind_of(content)
    if found not in TAKEN:
        raise Refused("attachment_type", found=found, right=list(TAKEN))
    kept = _checked_pdf(content) if found == "PDF" else _drawn_anew(content, found)
    return SafeFile(kept, _MEDIA_TYPES[found])


def kind_of(content: bytes) -> str | None:
    """What its first bytes say that a file is, in the word that people know; None for what we do not know."""
    return next((kind for magic, kind in _MAGIC if magic.match(content)), None)


def _too_large(kind: str | None, **measured: int) -> Refused:
    return Refused(
        "attachment_too_large",
        largest_mb=LARGEST_BYTES // MEGABYTE,
        largest_megapixels=MEGAPIXELS.get(kind or ""),
        **measured,
    )


def _unreadable(kind: str) -> Refused:
    return Refused("attachment_unreadable", found=kind, right=list(TAKEN))


# ------------------------------------------------------------------ photos


def _drawn_anew(content: bytes, kind: str) -> bytes:
    if kind == "JPEG" and content.count(b"\xff\xda") > MOST_SCANS:
        raise _unreadable(kind)
    try:
        picture = Image.open(BytesIO(content), formats=[kind.upper()])
        width, height = picture.size
        if width * height > MEGAPIXELS[kind] * MEGAPIXEL:
            raise _too_large(kind, megapixels=-(-width * height // MEGAPIXEL))
        return _saved(_drawn(picture), kind)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large(kind) from error
    except _UNREADABLE as error:
        raise _unreadable(kind) from error


def _drawn(picture: Image.Image) -> Image.Image:
    """Only the pixels, upright and not too large, on a new sheet: what hung on the old one stays there."""
    turn = _TURNS.get(picture.getexif().get(ORIENTATION, 1))
    picture.draft(None, (LONG_EDGE, LONG_EDGE))  # a JPEG is decoded no larger than it is needed
    plain = _in_plain_colours(picture)
    plain.thumbnail((LONG_EDGE, LONG_EDGE))
    upright = plain if turn is None else plain.transpose(turn)
    sheet = Image.new(upright.mode, upright.size)
    sheet.paste(upright)
    return sheet


def _in_plain_colours(picture: Image.Image) -> Image.Image:
    """Grey, colour, or colour with transparency, eight bits each: what all three formats can hold."""
    if picture.mode in ("L", "RGB", "RGBA") and "transparency" not in picture.info:
        return picture
    if picture.mode.startswith("I"):
        # Sixteen bits of grey: `convert` alone would clip nearly all of them to white.
        return picture.convert("I").point(lambda value: value / 256).convert("L")
    if picture.mode == "1":
        return picture.convert("L")
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _saved(sheet: Image.Image, kind: str) -> bytes:
    whole = BytesIO()
    sheet.save(whole, format=kind.upper(), **_SAVING[kind])
    return whole.getvalue()


# ------------------------------------------------------------------ scans


def _checked_pdf(content: bytes) -> bytes:
    """
    The PDF as it came, if it is whole, open, and nothing in it runs.

    A search for names, not a reader: it looks into whatever unpacks, too, and refuses objects that it
    cannot look into. Author, software and dates stay in the file.
    """
    if not _ENDING.search(content[-_ENDING_BYTES:]):
        raise _unreadable("PDF")
    for text in chain([content], _unpacked(content)):
        escaped = set(_escaped_names(text))
        if _ENCRYPTED.search(text) or "Encrypt" in escaped:
            raise _unreadable("PDF")
        hit = _ACTIVE.search(text)
        found = {hit[hit.lastindex or 0].decode()} if hit else ACTIVE & escaped
        if found:
            raise Refused("attachment_active", found=sorted(found))
    return content


def _unpacked(content: bytes) -> Iterator[bytes]:
    """What each compressed stream holds: objects may lie in there as well as outside."""
    left = UNPACKED_BYTES
    end = 0
    for count, begin in enumerate(_STREAM.finditer(content)):
        if count == MOST_STREAMS:
            raise _unreadable("PDF")
        head = content[max(end, begin.start() - _HEAD_BYTES) : begin.start()]
        end = begin.end()
        unpacked, read, whole = _inflated(memoryview(content)[end:], left)
        if _hides_objects(head.rpartition(b"obj")[2], whole):
            raise _unreadable("PDF")
        left -= len(unpacked) + read
        yield unpacked


def _hides_objects(head: bytes, whole: bool) -> bool:
    """Whether objects lie in a stream that is packed in a way that cannot be looked into here."""
    names = _ESCAPED.sub(lambda hit: bytes.fromhex(hit[1].decode()), head)
    if b"/First" not in names or b"/Filter" not in names:
        return False
    plainly = _PACKED.findall(names) == [b"FlateDecode"] and b"/DecodeParms" not in names
    return not (whole and plainly)


def _inflated(packed: memoryview, most: int) -> tuple[bytes, int, bool]:
    """What the bytes unpack to, how many were read for it, and whether it came to its end."""
    inflate = zlib.decompressobj()
    unpacked = bytearray()
    for start in range(0, len(packed), _CHUNK):
        try:
            unpacked += inflate.decompress(packed[start : start + _CHUNK])
        except zlib.error:
            return bytes(unpacked), start, False
        if len(unpacked) + start > most:
            raise _too_large("PDF")
        if inflate.eof:
            return bytes(unpacked), start, True
    return bytes(unpacked), len(packed), False


def _escaped_names(text: bytes) -> Iterator[str]:
    """The names written like `/J#61vaScript`, as a reader takes them: `JavaScript`."""
    for count, hit in enumerate(_ESCAPED_NAME.finditer(text)):
        if count == MOST_ESCAPED_NAMES:
            raise _unreadable("PDF")
        name = _ESCAPED.sub(lambda each: bytes.fromhex(each[1].decode()), hit[1])
        yield name.decode("latin-1")
