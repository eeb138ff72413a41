"""Mails as they come: badly declared, in HTML only, quoting everything, hostile."""

import time
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkt_tui.adapters import testing
from mkt_tui.adapters.mail.quoting import newest
from mkt_tui.adapters.mail.reading import Mail, read_mail
from mkt_tui.adapters.mail.writing import without_re

WORDS = "Não recebi — è già tardi, ¿dónde?"


def raw(body: bytes, *headers: str) -> Mail:
    head = ["From: Maria <maria@x.example>", "Message-ID: <a@x>", *headers]
    return read_mail("\r\n".join(head).encode() + b"\r\n\r\n" + body)


@pytest.mark.parametrize(
    ("declared", "real"),
    [
        ("utf-8", "utf-8"),
        ("iso-8859-1", "utf-8"),
        ("us-ascii", "utf-8"),
        ("utf-8", "cp1252"),
        ("windows-1252", "cp1252"),
        ("x-unknown", "utf-8"),
        (None, "utf-8"),
    ],
)
def test_words_are_read_whatever_charset_is_declared(declared: str | None, real: str) -> None:
    kind = f"Content-Type: text/plain; charset={declared}" if declared else "X-Other: 1"
    assert raw(WORDS.encode(real), kind, "Content-Transfer-Encoding: 8bit").text == WORDS


def test_quoted_printable_and_base64() -> None:
    encoded = "Content-Transfer-Encoding: quoted-printable"
    kind = "Content-Type: text/plain; charset=utf-8"
    assert raw(b"N=C3=A3o chegou=\r\n ainda", kind, encoded).text == "Não chegou ainda"
    assert raw(b"T2zDoSE=", kind, "Content-Transfer-Encoding: base64").text == "Olá!"


def test_html_alone_is_read_without_its_styles() -> None:
    html = """<html lang="it-IT"><head><title>x</title><style>p {color: red}</style></head>
    <body><p>Buongiorno,<br>quando arriva?</p><script>alert(1)</script>
    <blockquote>Il 3 giugno Casa ha scritto: ciao</blockquote></body></html>"""
    found = raw(html.encode(), "Content-Type: text/html; charset=utf-8")
    assert found.text == "Buongiorno,\nquando arriva?"
    assert found.language == "it"


def test_a_long_html_mail_is_read_by_its_words() -> None:
    rows = "".join(f"<tr><td style='x'>riga {number} &egrave;</td></tr>" for number in range(3000))
    found = raw(f"<table>{rows}</table>".encode(), "Content-Type: text/html")
    assert found.text.split("\n\n")[0] == "riga 0 è"
    assert "riga 2999 è" in found.text


def test_plain_text_wins_over_html_and_files_are_attachments() -> None:
    message = EmailMessage()
    message["From"] = "maria@x.example"
    message.set_content("Segue a foto")
    message.add_alternative("<p>Segue a <b>foto</b></p>", subtype="html")
    message.add_attachment(b"123", maintype="image", subtype="jpeg", filename="foto\x1b[2J.jpg")
    message.add_attachment("texto", filename="nota.txt")
    message["Content-Language"] = "pt-BR, en"
    found = read_mail(message.as_bytes())
    assert (found.text, found.language) == ("Segue a foto", "pt")
    assert [each.size for each in found.attachments] == [3, 6]
    assert found.attachments[1].name == "nota.txt"
    testing.check_texts(found)


def test_headers_are_decoded_and_their_addresses_found_first() -> None:
    found = raw(
        b"x",
        "Subject: =?utf-8?q?Pedido_=C3=A9?= =?iso-8859-1?q?_meu_=E9?=",
        "Reply-To: =?utf-8?q?=3Cevil=40x=2Eexample=3E?= <Right@X.Example>",
    )
    assert found.subject == "Pedido é meu é"
    assert found.sender == "right@x.example"
    assert (found.origin, found.name) == ("maria@x.example", "Maria")


def test_raw_bytes_in_headers() -> None:
    found = read_mail("From: João <j@x.example>\r\nSubject: Não é\r\n\r\nx".encode("latin-1"))
    assert (found.name, found.subject) == ("João", "Não é")


def test_a_mail_without_a_number_has_one_of_its_own() -> None:
    first, second = read_mail(b"From: a@x\n\nOi"), read_mail(b"From: a@x\n\nOla")
    assert first.message_id != second.message_id
    assert first.message_id == read_mail(b"From: a@x\n\nOi").message_id


@pytest.mark.parametrize(
    "quote",
    [
        "On Mon, 1 Jun 2026 at 10:00, Casa Prado <a@b.example> wrote:\n> Olá\n> tudo",
        "Em seg., 1 de jun. de 2026 às 10:00, Casa Prado <a@b.example>\nescreveu:\n\n> Olá",
        "Il giorno lun 1 giu 2026 alle ore 10:00 Casa <a@b.example> ha scritto:\n\n> Ciao",
        "Le lun. 1 juin 2026 à 10:00, Casa <a@b.example> a écrit :\n> Bonjour",
        "-----Mensagem original-----\nDe: Casa\nOlá",
        "________________________________\nDe: Casa <a@b.example>\nEnviado: 1 de junho\n"
        "Para: Maria\nAssunto: Pedido\n\nOlá",
        "Da: Casa <a@b.example>\nInviato: lunedì\nA: Maria\nOggetto: Ordine\n\nCiao",
        "> só a citação\n> e nada mais",
    ],
)
def test_the_quoted_mail_is_left_out(quote: str) -> None:
    assert newest(f"E então?\nDe novo nada.\n\n{quote}\n").rstrip("_\n") == (
        "E então?\nDe novo nada."
    )


def test_answers_below_and_between_the_quoted_lines_stay() -> None:
    text = "On Monday, Casa wrote:\n> Qual é a cor?\nAzul\n> E o tamanho?\nGrande"
    assert newest(text) == "Azul\nGrande"


@pytest.mark.parametrize("text", ["> tudo\n> citado", "Em casa, Maria escreveu:", "De: mim"])
def test_when_nothing_would_be_left_everything_stays(text: str) -> None:
    assert newest(text) == text


def test_re_is_not_part_of_a_subject() -> None:
    assert without_re("RE: Re: RIS: Pedido re: 5") == "Pedido re: 5"


def test_a_hostile_text_takes_no_time() -> None:
    start = time.process_time()
    for piece in ("On ", "> ", "From: x\n", "On a b, wrote", "<style", "--", "Em x "):
        newest(piece * 20_000)
        raw(piece.encode() * 20_000, "Content-Type: text/html")
    # A guard against minutes; what is measured otherwise is measured in bench/.
    assert time.process_time() - start < 60


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    testing.check_texts(read_mail(data))


_HEADERS = st.sampled_from(
    [
        "From",
        "To",
        "Subject",
        "Content-Type",
        "Message-ID",
        "References",
        "Reply-To",
        "Content-Disposition",
        "Content-Transfer-Encoding",
        "Content-Language",
        "Auto-Submitted",
    ]
)
_PIECES = st.sampled_from(
    [
        "=?utf-8?b?4?=",
        "=?x?q?=FF?=",
        "<a@b>",
        "multipart/mixed;boundary=b",
        "text/html",
        "\x1b[2J",
        "base64",
        "attachment;filename*=utf-8''%ff",
        "\x80ÿ",
        "message/rfc822",
        "text/plain;",
        "charset=idna",
        "charset=rot13",
        "charset=utf-7",
        "multipart/report",
        "a@b,c@d",
        "\u202e",
    ]
)


@given(
    st.lists(st.tuples(_HEADERS, st.lists(_PIECES, max_size=4)), max_size=6),
    st.lists(
        st.sampled_from(["--b\r\n", "--b--\r\n", "<p>\x9b", "=E9", "&#99999999;"]), max_size=8
    ),
)
def test_no_headers_break_the_reader(headers: list[tuple[str, list[str]]], body: list[str]) -> None:
    lines = "".join(f"{name}: {' '.join(values)}\r\n" for name, values in headers)
    data = (lines + "\r\n" + "\r\n".join(body)).encode("latin-1", "replace")
    testing.check_texts(read_mail(data))
