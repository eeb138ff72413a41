"""Papers of invented orders: a page that any reader of PDF opens."""

from zlib import crc32

from mkt_tui.sandbox.records import Document, Order

_PAGE = (
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R"
    " /Resources << /Font << /F1 4 0 R >> >> >>",
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
)


def invoice(order: Order) -> Document:
    """Return the practice invoice of an order; its number follows from the order's."""
    number = 2001 + crc32(order.id.encode()) % 10**6
    total = sum(each.price + each.shipping for each in order.lines) / 100
    lines = [
        f"DANFE de treino no {number}",
        "Sem valor fiscal.",
        f"Pedido {order.id}",
        *(f"{each.quantity} x {each.title}" for each in order.lines),
        f"Total R$ {total:.2f}",
    ]
    name = f"danfe-{number}.pdf"
    return Document(number, name, "CUSTOMER_INVOICE", _pdf(lines), order.shipped or order.updated)


def _pdf(lines: list[str]) -> bytes:
    text = "BT /F1 12 Tf 18 TL 60 780 Td "
    for each in lines:
        safe = each.replace("\\", "").replace("(", "[").replace(")", "]")
        text += f"({safe}) Tj T* "
    stream = (text + "ET").encode("cp1252", "replace")
    parts = [each.encode() for each in _PAGE]
    parts.append(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream))
    body, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(parts) + 1
    return body + (
        b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<< /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (size, table, size, len(body))
    )
