"""Photos and scans: what leaves is the picture and nothing else, or a PDF in which nothing runs."""

import zlib
from contextlib import suppress
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from workflow.rules.errors import Refused
from workflow.services import photos
from workflow.services.photos import LARGEST_BYTES, LONG_EDGE, MEGAPIXELS, kind_of, made_safe

MARK = "MARK-9f3a-某处"
BYTES = MARK.encode()
FORMATS = ("JPEG", "PNG", "WebP")
ENDING = b"\nstartxref\n9\n%%EOF\n"
TOP_LEFT = (230, 30, 30)


def picture(width: int = 64, height: int = 48, mode: str = "RGB") -> Image.Image:
    """Grey, with a red corner at the top left."""
    drawn = Image.new("RGB", (width, height), (90, 90, 90))
    drawn.paste(TOP_LEFT, (0, 0, width // 2, height // 2))
    return drawn.convert(mode)


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    whole = BytesIO()
    image.save(whole, format=kind.upper(), **options)
    return whole.getvalue()


def decoded(content: bytes) -> Image.Image:
    found = Image.open(BytesIO(content))
    found.load()
    return found


def refused(content: bytes) -> Refused:
    with pytest.raises(Refused) as found:
        made_safe(content)
    return found.value


def exif(orientation: int = 1) -> Image.Exif:
    """Where it was taken, with what, by whom."""
    found = Image.Exif()
    found[photos.ORIENTATION] = orientation
    found[0x010E] = MARK
    found[0x9286] = MARK
    found.get_ifd(0x8825)[1] = "N"
    found.get_ifd(0x8825)[2] = (26.0, 35.0, 2.0)
    return found


def full_of_marks(kind: str) -> bytes:
    """A photo that carries a marker in every place that its format has for words, and behind its end."""
    options: dict[str, Any] = {"exif": exif(), "icc_profile": b"\0" * 128 + BYTES}
    if kind == "JPEG":
        options |= {"comment": BYTES, "xmp": BYTES}
    elif kind == "WebP":
        options |= {"xmp": BYTES}
    else:
        words = PngImagePlugin.PngInfo()
        words.add_text("Author", "MARK-9f3a")
        words.add_itxt("XML:com.adobe.xmp", MARK)
        words.add_itxt("Comment", MARK, zip=True)
        options["pnginfo"] = words
    return encoded(picture(), kind, **options) + b"PK\x03\x04" + BYTES


# ------------------------------------------------------------------ what a file is


@pytest.mark.parametrize("kind", FORMATS)
def test_a_photo_is_known_by_its_content(kind: str) -> None:
    safe = made_safe(encoded(picture(), kind))
    assert kind_of(safe.content) == kind
    assert safe.media_type == f"image/{kind.lower()}"


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
        (b"\0\0\0\x1cftypavif\0\0\0\0", "AVIF"),
        (b"GIF89a", "GIF"),
        (b"II*\0", "TIFF"),
        (b"PK\x03\x04word/document.xml", "Office/ZIP"),
        (b"<html>", None),
        (b"MZ\x90", None),
        (b"", None),
        (b" %PDF-1.7", None),
    ],
)
def test_what_is_neither_photo_nor_scan_is_refused_with_what_would_be_right(
    content: bytes, found: str | None
) -> None:
    error = refused(content)
    assert error.code == "attachment_type"
    assert error.facts == {"found": found, "right": ["JPEG", "PNG", "WebP", "PDF"]}


# ------------------------------------------------------------------ drawn anew


@pytest.mark.parametrize("kind", FORMATS)
def test_nothing_travels_along_with_the_picture(kind: str) -> None:
    before = full_of_marks(kind)
    assert b"MARK-9f3a" in before
    safe = made_safe(before).content
    found = decoded(safe)
    assert not dict(found.getexif())
    assert not {"exif", "xmp", "icc_profile", "comment", "Author"} & found.info.keys()
    for trace in (
        b"MARK",
        b"Exif",
        b"EXIF",
        b"eXIf",
        b"tEXt",
        b"iTXt",
        b"ICC",
        b"iCCP",
        b"PK\x03\x04",
    ):
        assert trace not in safe
    assert safe.rstrip(b"\0").endswith((b"\xff\xd9", b"IEND\xaeB`\x82")) or kind == "WebP"


def test_the_second_picture_in_a_photo_is_gone() -> None:
    """Telephones put a thumbnail or a depth map behind the first one, with its own EXIF."""
    second = Image.new("RGB", (64, 48), (0, 0, 255))
    both = encoded(picture(), "MPO", save_all=True, append_images=[second])
    safe = made_safe(both).content
    assert (both.count(b"\xff\xd8\xff"), safe.count(b"\xff\xd8\xff")) == (2, 1)
    assert b"MPF" in both
    assert b"MPF" not in safe


def test_of_an_animation_the_first_picture_stays() -> None:
    moving = encoded(picture(), "WebP", save_all=True, append_images=[picture(mode="L")])
    assert getattr(decoded(moving), "n_frames", 1) == 2
    assert getattr(decoded(made_safe(moving).content), "n_frames", 1) == 1


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_stands_upright_whichever_way_the_telephone_was_held(
    kind: str, orientation: int
) -> None:
    held = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # what undoes each orientation
    lying = (
        picture() if orientation == 1 else picture().transpose(Image.Transpose(held[orientation]))
    )
    safe = decoded(made_safe(encoded(lying, kind, exif=exif(orientation))).content)
    assert safe.size == (64, 48)
    corners = [safe.convert("RGB").getpixel(at) for at in ((4, 4), (60, 4), (4, 44), (60, 44))]
    reds = [isinstance(c, tuple) and c[0] > 180 and c[1] < 90 for c in corners]
    assert reds == [True, False, False, False]


@pytest.mark.parametrize("kind", FORMATS)
def test_a_large_photo_is_made_smaller_and_a_small_one_is_left(kind: str) -> None:
    large = decoded(made_safe(encoded(picture(2 * LONG_EDGE, 200), kind)).content)
    assert large.size == (LONG_EDGE, 100)
    assert decoded(made_safe(encoded(picture(100, 80), kind)).content).size == (100, 80)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_a_drawing_of_any_mode_keeps_its_looks(mode: str) -> None:
    before = picture(mode=mode)
    after = decoded(made_safe(encoded(before, "PNG")).content)
    assert after.mode in ("L", "RGB", "RGBA")
    assert list(after.convert("RGBA").tobytes()) == list(before.convert("RGBA").tobytes())


def test_a_see_through_colour_stays_see_through() -> None:
    drawn = picture(mode="P")
    red = drawn.getpixel((0, 0))
    after = decoded(made_safe(encoded(drawn, "PNG", transparency=red)).content)
    assert after.mode == "RGBA"
    assert [after.getchannel("A").getpixel(at) for at in ((0, 0), (60, 40))] == [0, 255]


def test_sixteen_bits_of_grey_do_not_become_white() -> None:
    grey = encoded(Image.new("I;16", (8, 8), 30_000), "PNG")
    assert decoded(made_safe(grey).content).getpixel((0, 0)) == 30_000 // 256


def test_a_printed_photo_in_cmyk_becomes_one_that_browsers_show() -> None:
    safe = decoded(made_safe(encoded(picture(mode="CMYK"), "JPEG")).content)
    assert safe.mode == "RGB"


# ------------------------------------------------------------------ too large, or damaged


def test_too_many_bytes_are_refused_with_how_many_would_do() -> None:
    error = refused(b"\xff\xd8\xff" + bytes(LARGEST_BYTES))
    assert error.code == "attachment_too_large"
    assert (error.facts["megabytes"], error.facts["largest_mb"]) == (21, 20)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_bomb_is_refused_before_it_is_unpacked(kind: str) -> None:
    side = 100 * (int((MEGAPIXELS[kind] * 1_000_000) ** 0.5) // 100 + 1)
    fast = {"method": 0} if kind == "WebP" else {}
    bomb = encoded(Image.new("L", (side, side)), kind, **fast)
    assert len(bomb) < LARGEST_BYTES // 10
    error = refused(bomb)
    assert error.code == "attachment_too_large"
    assert error.facts["largest_megapixels"] == MEGAPIXELS[kind]


@pytest.mark.parametrize("pixels", [(10_000, 10_000), (20_000, 10_000)])
def test_what_pillow_itself_takes_for_a_bomb_is_refused_alike(pixels: tuple[int, int]) -> None:
    assert refused(encoded(Image.new("1", pixels), "PNG")).code == "attachment_too_large"


def test_a_jpeg_of_a_thousand_passes_is_refused() -> None:
    """Each pass costs the time of the whole picture: 360 kB kept a processor busy for 39 seconds."""
    whole = encoded(picture(), "JPEG", progressive=True)
    last = whole[whole.rindex(b"\xff\xda") : -2]
    slow = whole[:-2] + last * 1000 + whole[-2:]
    assert made_safe(whole).content
    assert refused(slow).code == "attachment_unreadable"


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("part", [0.2, 0.5, 0.9])
def test_a_photo_cut_off_on_its_way_is_refused(kind: str, part: float) -> None:
    whole = encoded(Image.effect_noise((64, 48), 60), kind)
    error = refused(whole[: int(len(whole) * part)])
    assert (error.code, error.facts["found"]) == ("attachment_unreadable", kind)


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow warns about damaged tags and goes on
@settings(max_examples=150)
@given(st.sampled_from(FORMATS), st.data())
def test_no_mutated_photo_breaks_anything(kind: str, data: st.DataObject) -> None:
    content = bytearray(full_of_marks(kind))
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with suppress(Refused):
        assert b"MARK" not in made_safe(bytes(content)).content


# ------------------------------------------------------------------ scans


def pdf(*objects: bytes, ending: bytes = ENDING) -> bytes:
    return b"%PDF-1.7\n" + b"\n".join(objects) + ending


def packed(text: bytes, *, head: bytes = b"/Type/ObjStm/N 1/First 4/Filter/FlateDecode") -> bytes:
    return b"1 0 obj <<" + head + b">>\nstream\r\n" + zlib.compress(text) + b"\nendstream endobj"


def test_a_scan_is_kept_as_it_came() -> None:
    scan = encoded(picture(), "PDF")
    safe = made_safe(scan)
    assert safe.content == scan
    assert safe.media_type == "application/pdf"


def test_a_scan_whose_objects_are_packed_is_kept() -> None:
    assert made_safe(pdf(packed(b"7 0 <</Type/Catalog>>"))).content
    fonts = pdf(b"<</BaseFont/#CB#CE#CC#E5 /Resources<</Launcher 1/EF2 3>> >>")
    assert made_safe(fonts).content == fonts


@pytest.mark.parametrize(
    ("inside", "found"),
    [
        (b"<</S/JavaScript/JS(app.alert(1))>>", "JavaScript"),
        (b"<</S/J#61vaScript/JS(app.alert(1))>>", "JavaScript"),
        (b"<</S /Launch /F (calc.exe)>>", "Launch"),
        (b"<</Names<</EmbeddedFiles 5 0 R>>>>", "EmbeddedFiles"),
        (b"<</Type/Filespec/EF<</F 6 0 R>>>>", "EF"),
        (b"<</Type/Filespec/#45F 6 0 R>>", "EF"),
        (b"<</AcroForm<</XFA [1 0 R]>>>>", "XFA"),
        (b"<</S/SubmitForm/F(http://192.0.2.1)>>", "SubmitForm"),
        (b"<</Subtype/RichMedia>>", "RichMedia"),
        (b"<</S/Rendition/JS 4 0 R>>", "Rendition"),
    ],
)
@pytest.mark.parametrize(
    "wrap", [pdf, lambda text: pdf(b"", packed(text), b"")], ids=["bare", "packed"]
)
def test_a_pdf_that_runs_something_or_holds_a_file_is_refused(
    wrap: Any, inside: bytes, found: str
) -> None:
    error = refused(wrap(inside))
    assert (error.code, error.facts["found"]) == ("attachment_active", [found])


CLOSED = {
    "locked": pdf(b"trailer <</Encrypt 8 0 R>>"),
    "locked, hidden": pdf(b"trailer <</Encr#79pt 8 0 R>>"),
    "cut off": pdf(ending=b""),
    "no table": pdf(b"x" * 5000, ending=b"%%EOF"),
    "two files": pdf(ending=ENDING + b"PK\x03\x04 another file"),
    "packed twice": pdf(packed(b"x", head=b"/First 4/Filter[/ASCIIHexDecode/FlateDecode]")),
    "shuffled": pdf(packed(b"x", head=b"/First 4/Filter/FlateDecode/DecodeParms<</Predictor 12>>")),
    "packed somehow": pdf(packed(b"x", head=b"/F#69rst 4/Filter 9 0 R")),
    "not unpacking": pdf(b"1 0 obj <</First 4/Filter/LZWDecode>>\nstream\nxyz\nendstream"),
    "endless names": pdf(b"/#41 " * (photos.MOST_ESCAPED_NAMES + 1)),
    "endless streams": pdf(b"stream\n" * (photos.MOST_STREAMS + 1)),
}


@pytest.mark.parametrize("content", CLOSED.values(), ids=CLOSED)
def test_a_pdf_that_is_locked_cut_off_or_cannot_be_looked_into_is_refused(content: bytes) -> None:
    assert refused(content).code == "attachment_unreadable"


def test_a_pdf_that_unpacks_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "UNPACKED_BYTES", 2_000_000)
    inside = packed(bytes(1_100_000))
    assert made_safe(pdf(inside)).content
    assert refused(pdf(inside, inside)).code == "attachment_too_large"


@settings(max_examples=50)
@given(st.binary(max_size=300))
def test_whatever_stands_in_a_pdf_it_is_kept_as_it_came_or_refused(inside: bytes) -> None:
    content = pdf(inside)
    with suppress(Refused):
        assert made_safe(content).content == content
