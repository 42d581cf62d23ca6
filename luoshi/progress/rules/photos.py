"""Photographs without the place where they were taken: the parts of a file that may name it are left out.

JPEG: APP1 (Exif, XMP) and APP13 (IPTC) segments; PNG: eXIf and text chunks; WebP: EXIF and XMP chunks. The picture
itself is copied byte for byte, and how it is turned is kept. Any other file comes back as it is.
"""

import struct
from collections.abc import Iterator

JPEG, PNG, RIFF, WEBP = b"\xff\xd8", b"\x89PNG\r\n\x1a\n", b"RIFF", b"WEBP"
APP1, APP13, START_OF_SCAN = 0xE1, 0xED, 0xDA
BARE = (0x01, *range(0xD0, 0xD8))  # markers without a length
TELLING = {b"eXIf", b"tEXt", b"zTXt", b"iTXt"}
EXIF = b"Exif\0\0"
ORIENTATION = 0x0112
ORIENTATIONS = range(2, 9)  # 1 is upright
WEBP_HAS_EXIF, WEBP_HAS_XMP = 0x08, 0x04


def without_place(data: bytes) -> bytes:
    """The file without what may tell where, when and with what a photograph was taken; unharmed if it is none."""
    try:
        if data.startswith(JPEG):
            return _jpeg(data)
        if data.startswith(PNG):
            return _png(data)
        if data.startswith(RIFF) and data[8:12] == WEBP:
            return _webp(data)
    except (struct.error, IndexError):
        return data
    return data


def _jpeg(data: bytes) -> bytes:
    kept, turned = [], 1
    for marker, segment in _segments(data):
        if marker == APP1 and segment[4:].startswith(EXIF):
            turned = _orientation(segment[10:])
        if marker not in (APP1, APP13):
            kept.append(segment)
    head = _turned(turned) if turned in ORIENTATIONS else b""
    return JPEG + head + b"".join(kept)


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Each segment with its marker; the last one is the picture to the end of the file."""
    at = len(JPEG)
    while at < len(data):
        marker = data[at + 1]
        if data[at] != 0xFF or marker == START_OF_SCAN:
            yield START_OF_SCAN, data[at:]
            return
        if marker == 0xFF or marker in BARE:  # a filling byte, or a marker that stands alone
            length = 1 if marker == 0xFF else 2
        else:
            length = 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
        yield marker, data[at : at + length]
        at += length


def _orientation(tiff: bytes) -> int:
    """How the picture is turned, from the first directory of the Exif block; 1 where it does not say."""
    order = "<" if tiff[:2] == b"II" else ">"
    start = struct.unpack(order + "I", tiff[4:8])[0]
    entries = struct.unpack(order + "H", tiff[start : start + 2])[0]
    for at in range(start + 2, start + 2 + 12 * entries, 12):
        tag = struct.unpack(order + "H", tiff[at : at + 2])[0]
        if tag == ORIENTATION:
            return int(struct.unpack(order + "H", tiff[at + 8 : at + 10])[0])
    return 1


def _turned(orientation: int) -> bytes:
    """An Exif segment that says how the picture is turned and nothing else."""
    directory = struct.pack(">HHHIHHI", 1, ORIENTATION, 3, 1, orientation, 0, 0)
    body = EXIF + b"MM\0*" + struct.pack(">I", 8) + directory
    return bytes((0xFF, APP1)) + struct.pack(">H", len(body) + 2) + body


def _png(data: bytes) -> bytes:
    kept, at = [PNG], len(PNG)
    while at < len(data):
        length = struct.unpack(">I", data[at : at + 4])[0]
        chunk = data[at : at + 12 + length]
        if data[at + 4 : at + 8] not in TELLING:
            kept.append(chunk)
        at += 12 + length
    return b"".join(kept)


def _webp(data: bytes) -> bytes:
    kept: list[bytes] = []
    at = 12
    while at + 8 <= len(data):
        name, length = data[at : at + 4], struct.unpack("<I", data[at + 4 : at + 8])[0]
        chunk = data[at : at + 8 + length + length % 2]
        if name == b"VP8X":
            flags = chunk[8] & ~(WEBP_HAS_EXIF | WEBP_HAS_XMP)
            chunk = chunk[:8] + bytes((flags,)) + chunk[9:]
        if name not in (b"EXIF", b"XMP "):
            kept.append(chunk)
        at += 8 + length + length % 2
    body = WEBP + b"".join(kept)
    return RIFF + struct.pack("<I", len(body)) + body
