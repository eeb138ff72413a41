"""Small files to attach: a picture, a document and a note, made without any library."""

import random
import struct
import zlib


def picture(rng: random.Random) -> bytes:
    """Return a PNG of 64 x 48 dots with a gradient of some colour."""
    red, green, blue = (rng.randrange(192) for _ in range(3))
    rows = [b"\0" + bytes((red + y, green + y, blue)) * 64 for y in range(48)]
    header = struct.pack(">IIBBBBB", 64, 48, 8, 2, 0, 0, 0)
    body = _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(b"".join(rows)))
    return b"\x89PNG\r\n\x1a\n" + body + _chunk(b"IEND", b"")


def document(title: str) -> bytes:
    """Return a PDF of one page with a line of text."""
    shown = title.encode("cp1252", "replace").replace(b"(", b"[").replace(b")", b"]")
    text = b"BT /F1 14 Tf 72 720 Td (" + shown + b") Tj ET"
    return _pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources << /Font << /F1 5 0 R >> >> >>",
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        ]
    )


def note(text: str) -> bytes:
    """Return a plain text file."""
    return f"{text}\n".encode()


def _pdf(objects: list[bytes]) -> bytes:
    content, offsets = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        offsets.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    return content + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (size, table, size, len(content))
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)
