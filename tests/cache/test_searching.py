"""Whatever an agent types finds what holds it, on both engines alike."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mkt_tui.cache import channels, indexing, searching
from mkt_tui.cache.channels import remove_channel
from mkt_tui.cache.database import Database
from mkt_tui.cache.searching import BEGINS, EXACT, WORDS, Wanted
from mkt_tui.desk.desk import Desk
from mkt_tui.domain import words
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.orders import Billing, OrderItem, Tracking
from tests.thorough import examples
from tests.worlds import HOUR, NOW, channel, message, order, read, read_orders, ticket


@pytest.fixture
def database(desk: Desk) -> Database:
    shop, other = channel(desk.database), channel(desk.database, "Leroy Merlin")
    read(
        desk.database,
        shop,
        ticket("t-1", subject="Troca de voltagem", customer="João Conceição"),
        ticket("t-2", messages=(message("m", "A nota 000.123-4 não chegou, ÜBER ruim"),)),
        ticket("T/3", order_number=None, customer="Łukasz 山田太郎"),
    )
    read(desk.database, other, ticket("t-4", order_number="200-B", customer=None))
    read_orders(
        desk.database,
        shop,
        order(
            tracking=Tracking(number="BR 123.456-7"),
            billing=Billing(tax_number="11.222.333/0001-81"),
            items=(OrderItem("1", "SKU-9", "Livro açaí", 1, 1, 1, 1, None, "9788535914849"),),
        ),
    )
    return desk.database


def found(database: Database, text: str) -> tuple[list[str], list[str]]:
    hits = searching.search(database, wanted(text))
    return sorted(row.code for _, row in hits.tickets), [row.number for _, row in hits.orders]


def wanted(text: str) -> Wanted:
    whole = words.number(text)
    return Wanted((whole,) if whole else (), tuple(words.words(text)))


@pytest.mark.parametrize(
    ("text", "tickets"),
    [
        ("joao", ["t-1"]),
        ("JOÃO CONCEIÇÃO", ["t-1"]),
        ("conc joã", ["t-1"]),
        ("voltag", ["t-1"]),
        ("nao cheg", ["t-2"]),
        ("uber", ["t-2"]),
        ("0001234", ["t-2"]),
        ("000.123-4", ["t-2"]),
        ("山田", ["T/3"]),
        ("łukasz", ["T/3"]),
        ("t3", ["T/3"]),
        ("t/3", ["T/3"]),
        ("200b", ["t-4"]),
        ("joao voltagem ruim", []),
    ],
)
def test_words_find_their_tickets(database: Database, text: str, tickets: list[str]) -> None:
    assert found(database, text)[0] == tickets


@pytest.mark.parametrize(
    "text",
    [
        "529.982.247-25",
        "52998224725",
        "BR1234567",
        "br 123.456-7",
        "11222333000181",
        "100-A",
        "100a",
        "sp-1",
        "SKU 9",
        "9788535914849",
        "978-85-359-1484-9",
        "52998",
        "acai",
        "maria livro",
    ],
)
def test_any_number_of_an_order_finds_it(database: Database, text: str) -> None:
    assert found(database, text)[1] == ["100-A"]


def test_a_whole_number_comes_before_one_that_begins_so(database: Database) -> None:
    shop = channel(database, "Outra")
    read_orders(database, shop, order("1000"), order("100"), order("100-A"))
    hits = searching.search(database, wanted("100"))
    assert [(rank, row.number) for rank, row in hits.orders][:1] == [(EXACT, "100")]
    assert {rank for rank, _ in hits.orders[1:]} == {BEGINS}
    assert {rank for rank, _ in searching.search(database, wanted("maria")).orders} == {WORDS}


def test_the_newest_comes_first_and_no_more_than_asked(database: Database) -> None:
    hits = searching.search(database, Wanted(words=("meu",)), limit=2)
    assert len(hits.tickets) == 2
    ids = [row.id for _, row in hits.tickets]
    assert ids == sorted(ids, reverse=True)


FAR = (8_191, 8_192, 60_000, 9_000_000)


def test_the_newest_and_the_oldest_are_found_however_many_lie_between(
    database: Database, engine: str
) -> None:
    shop = channel(database, "Outra")
    for far in FAR:
        if engine == "postgresql":
            database.execute("SELECT setval('ticket_id_seq', :far, false)", {"far": far})
        read(database, shop, ticket(str(far), subject="Geladeira", order_number=f"9-{far}"))
    hits = searching.search(database, Wanted(words=("geladei",)), limit=3)
    assert [row.code for _, row in hits.tickets] == ["9000000", "60000", "8192"]
    assert found(database, "geladeira")[0] == sorted(map(str, FAR))
    for far in FAR:
        assert found(database, f"9{far}")[0] == [str(far)]
    assert found(database, "conceicao")[0] == ["t-1"]


def test_what_a_server_finds_comes_from_the_index_of_words(database: Database, engine: str) -> None:
    if engine == "sqlite":
        pytest.skip("FTS5 finds in nothing but its index")
    # A table this small is cheaper to read; the index must be there for the large ones.
    database.execute("SET enable_seqscan = off")
    for table in ("ticket", "order"):
        asked = database.dialect.matching.format(table=table, query="query")
        told = database.rows(f"EXPLAIN {asked} LIMIT 9", {"query": "'_joao':*"})
        assert f"Bitmap Index Scan on {table}_words_index" in "\n".join(row[0] for row in told)


def test_words_follow_what_the_marketplace_tells(database: Database) -> None:
    shop = channel(database, "Outra")
    read(database, shop, ticket("x", subject="Estorno", messages=(message("a", "primeiro"),)))
    later = NOW + HOUR
    read(
        database,
        shop,
        ticket("x", subject="Cancelado", updated_at=later, messages=(message("b", "segundo"),)),
    )
    for text in ("primeiro", "segundo", "cancelado"):
        assert "x" in found(database, text)[0]
    subject = database.value(
        "SELECT words FROM ticket_words WHERE ticket_id = (SELECT id FROM ticket WHERE code = 'x')"
    ).split()
    assert "$cancelado" in subject
    assert "$estorno" not in subject


def test_a_page_read_twice_writes_no_word(database: Database) -> None:
    before = database.rows("SELECT * FROM ticket_words ORDER BY 1")
    shop = channel(database, "Outra")
    for _ in range(2):
        read(database, shop, ticket("x"))
        read_orders(database, shop, order("7"))
    assert len(database.rows("SELECT * FROM ticket_words")) == len(before) + 1
    assert found(database, "7")[1] == ["7"]


def test_a_removed_channel_is_found_no_more(database: Database) -> None:
    remove_channel(database, 1)
    assert found(database, "joao") == ([], [])
    assert found(database, "100-A") == ([], [])
    assert database.value("SELECT COUNT(*) FROM order_words") == 0
    shop = channel(database, "Outra")
    read(database, shop, ticket("new", customer="Bia"))
    assert found(database, "joao") == ([], [])
    assert found(database, "bia")[0] == ["new"]


def test_words_made_anew_are_the_same(database: Database) -> None:
    query = "SELECT 't', ticket_id, words FROM ticket_words UNION ALL SELECT 'o', order_id, words"
    before = sorted(database.rows(f"{query} FROM order_words"))
    database.execute("DELETE FROM ticket_words WHERE ticket_id = 1")
    indexing.rebuild(database)
    assert sorted(database.rows(f"{query} FROM order_words")) == before
    assert found(database, "joao")[0] == ["t-1"]


def test_a_damaged_index_is_noticed_and_made_anew(database: Database, engine: str) -> None:
    assert indexing.is_whole(database)
    if engine == "sqlite":
        database.execute("UPDATE ticket_index_data SET block = x'00' WHERE id > 100")
    else:
        database.execute("DELETE FROM order_words")
    assert not indexing.is_whole(database)
    indexing.rebuild(database)
    assert indexing.is_whole(database)
    assert found(database, "joao")[0] == ["t-1"]
    assert found(database, "52998224725")[1] == ["100-A"]


HOSTILE = ['"', "'", "joao' OR 1=1 --", "NEAR(a b)", "a AND", "*", "-", "^joao", "words:x", "{a}:b",
           ":*", "&|!", "😀", "\x00", "\udc80", "$joao", "@x #y", "é" * 10_000, "a b " * 5_000, "%_",
           "(" * 500, "\\", "\u202e", "١٢٣"]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_text(database: Database, text: str) -> None:
    found(database, text)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=examples(60),
    deadline=None,
)
@given(text=st.text(max_size=40))
def test_no_text_is_an_error_and_every_text_finds_itself(database: Database, text: str) -> None:
    said = text.replace("\x00", "").encode("utf-8", "ignore").decode()
    code = f"h{len(database.rows('SELECT id FROM ticket'))}"
    read(database, carrefour(database), ticket(code, messages=(message("m", said),)))
    asked = tuple(words.words(said))
    if asked:
        hits = searching.search(database, Wanted(words=asked), limit=1000)
        assert code in {row.code for _, row in hits.tickets}


def carrefour(database: Database) -> Channel:
    return channels.find_channel(database, "Carrefour") or channel(database)
