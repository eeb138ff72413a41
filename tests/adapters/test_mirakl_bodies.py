"""Bodies, plain or HTML, as an agent reads them."""

import pytest

from mkt_tui.adapters.bodies import plain, wording


@pytest.mark.parametrize(
    "body",
    [
        "",
        "Meu pedido não chegou.",
        "preço < R$ 5 & frete > R$ 2 &amp; nada mais",
        "linha 1\n\n  linha 2\t<3",
        "1. um\n- dois *três* _quatro_ [cinco](seis) \\ # sete",
        "escreva para <maria@example.com>",
    ],
)
def test_plain_text_stays_as_it_is(body: str) -> None:
    assert plain(body) == body


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<p>Ol&aacute;, <b>Maria</b>?</p><p>Tudo&nbsp;bem.</p>", "Olá, Maria?\n\nTudo bem."),
        ("um<br>dois<BR/>três", "um\ndois\ntrês"),
        ("<div>1. primeiro - *a* _b_ \\ [x]</div>", "1. primeiro - *a* _b_ \\ [x]"),
        (
            'veja <a href="https://x.test/?a=1&amp;b=2">aqui</a>',
            "veja aqui (https://x.test/?a=1&b=2)",
        ),
        ('<a href="https://x.test">https://x.test</a>', "https://x.test"),
        ('<a href="mailto:a@x.test">a@x.test</a>', "a@x.test"),
        ("<a name=top>topo</a></a>", "topo"),
        ("linha 1\nlinha <b>2</b>\nlinha 3", "linha 1\nlinha 2\nlinha 3"),
        ("<ul><li>um</li><li>dois</li></ul>", "  * um\n  * dois"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<p>a<script>evil()</script><style>p {}</style>b</p>", "ab"),
        ("<p>a<![if !vml]>b<![endif]>c</p>", "abc"),
        ("<p>&#27;[31m&#x9b;5n</p>", "␛[31m›5n"),
        (f"<p>&#{'9' * 5000};</p>", "�"),
    ],
)
def test_html_becomes_text(body: str, text: str) -> None:
    assert plain(body) == text


@pytest.mark.parametrize("body", ["<p><img src=x></p>", "<br>", "<p></p>"])
def test_html_without_text_is_shown_rather_than_nothing(body: str) -> None:
    assert plain(body) == body


@pytest.mark.parametrize(
    "body",
    ["<p>" + "<ul><li>x" * 7000, "<p>" + "a <b c" * 10_000, "<p>" + "<blockquote>x<br>" * 4000],
)
def test_html_made_to_stall_a_parser_loses_only_its_tags(body: str) -> None:
    # Laid out by html2text, each of these takes many seconds; the suite's time limit would tell.
    assert "<ul>" not in plain(body)


def test_a_body_without_measure_is_cut() -> None:
    assert len(plain("x" * 300_000)) == 200_000


def test_two_copies_of_one_message_have_the_same_wording() -> None:
    assert wording("Olá,\r\n\r\n R$ 5 &amp; frete ") == wording("<p>Olá,</p>R$&nbsp;5 &amp; frete")
    assert wording("Olá") != wording("Olá!")
