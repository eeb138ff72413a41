"""Portals without an API: protocols come by hand and by file, and are answered there (T29-T48, J8)."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkt_tui import i18n
from mkt_tui.cache import audit, queries, threads
from mkt_tui.cache.drafts import Draft
from mkt_tui.cache.queries import QueueRow
from mkt_tui.desk import channels, conversation, history, importing, portals, replying, runbooks
from mkt_tui.desk.channels import NewChannel
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.entries import Setting, safe, snapshot
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import NotAllowed, SettingsWrong, UserError
from mkt_tui.domain.portals import is_allowed, link
from mkt_tui.domain.reasons import Kind, Reason, kind_of, reason_of
from mkt_tui.domain.tickets import Audience, Role
from mkt_tui.sync.engine import Engine
from tests.conftest import Clock
from tests.worlds import NOW

ADDRESS = "https://portal.example.com"


def portal(desk: Desk, name: str = "B2W", **options: str) -> Channel:
    wanted = NewChannel(name, "portal", "BR", ADDRESS, "", options)
    return channels.add(desk, wanted, ["portal", "mirakl"])


def row(desk: Desk, code: str) -> QueueRow:
    (found,) = queries.tickets_by_code(desk.database, code)
    return found


def wrong_portal(desk: Desk, url: str, options: Mapping[str, str] | None = None) -> str:
    with pytest.raises(SettingsWrong) as raised:
        channels.add(desk, NewChannel("X", "portal", "BR", url, "", options or {}), ["portal"])
    return str(raised.value)


class TestChannel:
    """A portal is a channel like any other that nobody asks anything."""

    def test_needs_no_key_and_no_switch(self, desk: Desk) -> None:
        added = portal(desk)
        assert (added.by_hand, added.enabled, added.secret) == (True, True, "")
        with pytest.raises(NotAllowed, match="people read it"):
            channels.set_enabled(desk, "B2W", enabled=False)

    @pytest.mark.parametrize("url", ["http://portal.example.com", "imap://portal.example.com"])
    def test_has_a_safe_address(self, desk: Desk, url: str) -> None:
        assert "https" in wrong_portal(desk, url)

    @pytest.mark.parametrize(
        "template",
        ["https://evil.example/{order}", "javascript:{order}", "{order}", "https://{0}/", "{",
         "https://portal.example.com/{order.__class__}"],
    )  # fmt: skip
    def test_links_only_to_hosts_it_names(self, desk: Desk, template: str) -> None:
        assert "link" in wrong_portal(desk, ADDRESS, {"link": template})

    def test_links_to_the_order(self, desk: Desk) -> None:
        found = portal(desk, hosts="b.example", link="https://b.example/o/{order}?t={code}")
        assert link(found, "1/2 &", "7") == "https://b.example/o/1%2F2%20%26?t=7"
        assert link(found, None, "7") == ADDRESS
        assert not is_allowed(found, "https://user@b.example/")
        assert not is_allowed(found, "https://b.example.evil/")

    async def test_is_never_read(self, desk: Desk) -> None:
        portal(desk)
        assert await Engine(desk.database, desk.settings, desk.clock).once() == []
        assert desk.database.rows("SELECT * FROM sync") == []
        assert desk.database.rows("SELECT * FROM lease") == []


class TestEntering:
    """A protocol typed by hand is a ticket with everything a ticket has."""

    def test_is_in_the_queue_with_its_clocks(self, desk: Desk) -> None:
        channel = portal(desk)
        told = {"code": " 00042 ", "order": "0099", "customer": "Ana", "message": "Cadê?",
                "opened": "09/03/2026 14:30", "reason": "Entrega produto", "kind": "Troca",
                "party": "operador"}  # fmt: skip
        importing.enter(desk, channel, told)
        found = row(desk, "00042")
        assert (found.order_number, found.customer, found.waiting) == ("0099", "Ana", "operator")
        assert (found.reason, found.kind, found.state) == (Reason.DELIVERY, Kind.EXCHANGE, 0)
        assert found.due_at is not None
        assert found.received_at == _ms(datetime(2026, 3, 9, 17, 30, tzinfo=UTC))
        assert [each.body for each in threads.messages(desk.database, found.id)] == ["Cadê?"]
        assert [each.act for each in history.of_ticket(desk, found)] == ["entered by hand"]

    def test_expects_no_order(self, desk: Desk) -> None:
        importing.enter(desk, portal(desk), {"code": "1", "order": "99"})
        assert desk.database.rows("SELECT * FROM order_notice") == []

    def test_the_marketplaces_own_deadline_wins(self, desk: Desk) -> None:
        importing.enter(desk, portal(desk), {"code": "1", "due": "12/03/2026"})
        assert row(desk, "1").due_at == _ms(datetime(2026, 3, 12, 3, tzinfo=UTC))

    @pytest.mark.parametrize(
        ("field", "value", "told"),
        [
            ("code", "", "no number"),
            ("opened", "31/02/2026", "no date"),
            ("opened", "01/01/2030", "future"),
            ("reason", "saudade", "none of the six"),
            ("kind", "zzz", "not known"),
            ("state", "quase", "neither open nor closed"),
            ("party", "vizinho", "neither customer nor operator"),
            ("code", '=HYPERLINK("http://x")', "formula"),
            ("subject", "x" * 501, "longer than"),
        ],
    )
    def test_doubts_are_said(self, desk: Desk, field: str, value: str, told: str) -> None:
        with pytest.raises(NotAllowed, match=told):
            importing.enter(desk, portal(desk), {"code": "1", field: value})
        assert not queries.has_tickets(desk.database, desk.channel("B2W").id)

    def test_only_on_a_portal(self, desk: Desk) -> None:
        other = channels.add(
            desk, NewChannel("L", "mirakl", "BR", ADDRESS, "env:X"), ["portal", "mirakl"]
        )
        with pytest.raises(NotAllowed, match="no portal"):
            importing.enter(desk, other, {"code": "1"})

    @given(st.text(max_size=60))
    def test_no_text_breaks_it(self, text: str) -> None:
        parties = (Role.CUSTOMER, Role.OPERATOR)
        where = Setting(NOW, ZoneInfo("UTC"), parties)
        for field in ("code", "opened", "message", "kind", "state"):
            try:
                found = snapshot({"code": "1", field: text}, where)
            except UserError:
                continue
            assert "\x1b" not in found.code + found.subject
        assert not safe(text).startswith(("=", "@"))


class TestAnswering:
    """Answered there, kept here: when, by whom, to whom; and the clock stops."""

    def test_stops_the_clock_and_keeps_who_and_when(self, desk: Desk, clock: Clock) -> None:
        importing.enter(desk, portal(desk), {"code": "1", "order": "9", "message": "Oi"})
        clock.go(hours=1)
        (result,) = portals.answered(desk, [row(desk, "1").id], "Chega amanhã.\x1b]52;")
        assert result.done
        found = row(desk, "1")
        assert found.state == 1
        answer = threads.messages(desk.database, found.id)[-1]
        assert (answer.author_name, answer.sent_at) == ("ana", _ms(desk.clock()))
        assert answer.body.startswith("Chega amanhã.")
        assert "\x1b" not in answer.body
        (entry,) = [
            each
            for each in audit.of_ticket(desk.database, "B2W", "1")
            if each.act == "portal.answered"
        ]
        assert (entry.agent, entry.detail) == ("ana", "to=both")

    def test_once(self, desk: Desk) -> None:
        importing.enter(desk, portal(desk), {"code": "1"})
        ticket = row(desk, "1").id
        portals.answered(desk, [ticket])
        (again,) = portals.answered(desk, [ticket])
        assert not again.done
        assert len(threads.messages(desk.database, ticket)) == 1

    def test_telling_the_marketplace_only_leaves_the_customer_waiting(self, desk: Desk) -> None:
        importing.enter(desk, portal(desk), {"code": "1", "party": "cliente", "message": "Oi"})
        ticket = row(desk, "1")
        (told,) = portals.answered(desk, [ticket.id], "", Audience.OPERATOR)
        assert not told.done
        (told,) = portals.answered(desk, [ticket.id], "Preciso de ajuda.", Audience.OPERATOR)
        assert (told.done, told.told) == (True, "kept; who waits still waits")
        after = row(desk, "1")
        assert (after.state, after.due_at, after.waiting) == (0, ticket.due_at, "customer")
        said = conversation.load(desk, ticket.id).messages[-1]
        assert (said.body, said.recipients) == ("Preciso de ajuda.", "operator")
        (told,) = portals.answered(desk, [ticket.id], "Chega hoje.", Audience.CUSTOMER)
        assert (told.done, row(desk, "1").state) == (True, 1)

    def test_at_ricardo_eletro_the_operator_hears_it(self, desk: Desk) -> None:
        importing.enter(desk, portal(desk, "Ricardo Eletro"), {"code": "1"})
        assert portals.audiences(desk, row(desk, "1")) == (Audience.OPERATOR,)
        assert portals.answered(desk, [row(desk, "1").id])[0].done

    def test_no_reply_can_be_queued_for_a_portal(self, desk: Desk) -> None:
        importing.enter(desk, portal(desk), {"code": "1"})
        found = conversation.load(desk, row(desk, "1").id)
        draft = Draft("Oi", Audience.BOTH, None)
        with pytest.raises(NotAllowed):
            replying.send(desk, found, draft)


class TestImporting:
    """A file comes in once, however often it is imported, and says what is wrong line by line."""

    def test_twice_is_once(self, desk: Desk, tmp_path: Path) -> None:
        channel = portal(desk)
        path = write(tmp_path, "Protocolo;Pedido;Cliente;Data\n001;9;Zoé;09/03/2026\n", "cp1252")
        first = importing.run(desk, channel, path)
        assert (first.new, first.changed, first.same, first.wrong) == (1, 0, 0, ())
        assert first.told == "CSV, cp1252, ;"
        before = desk.database.rows("SELECT * FROM ticket")
        again = importing.run(desk, channel, path)
        assert (again.new, again.changed, again.same) == (0, 0, 1)
        assert desk.database.rows("SELECT * FROM ticket") == before
        assert row(desk, "001").customer == "Zoé"

    @pytest.mark.parametrize("date", ["09/03/2026", ""])
    def test_a_stale_file_opens_no_answered_ticket(
        self, desk: Desk, clock: Clock, tmp_path: Path, date: str
    ) -> None:
        channel = portal(desk)
        text = f"code,opened,message,state\n1,{date},Oi,pendente\n"
        importing.run(desk, channel, write(tmp_path, text))
        portals.answered(desk, [row(desk, "1").id])
        clock.go(days=1)
        assert importing.run(desk, channel, write(tmp_path, text)).same == 1
        assert row(desk, "1").state == 1

    def test_new_words_after_the_answer_begin_a_new_wait(
        self, desk: Desk, clock: Clock, tmp_path: Path
    ) -> None:
        channel = portal(desk)
        importing.run(desk, channel, write(tmp_path, "code,opened,message\n1,09/03/2026,Oi\n"))
        portals.answered(desk, [row(desk, "1").id])
        clock.go(days=1)
        text = "code,opened,message\n1,09/03/2026,E agora?\n"
        assert importing.run(desk, channel, write(tmp_path, text)).changed == 1
        found = row(desk, "1")
        assert (found.state, found.received_at) == (0, _ms(desk.clock()))
        clock.go(days=1)
        assert importing.run(desk, channel, write(tmp_path, text)).same == 1
        closed = "code,opened,message,state\n1,09/03/2026,E agora?,Finalizado\n"
        assert importing.run(desk, channel, write(tmp_path, closed)).changed == 1
        assert row(desk, "1").state == 1
        assert importing.run(desk, channel, write(tmp_path, closed)).same == 1

    def test_a_dry_run_writes_nothing(self, desk: Desk, tmp_path: Path) -> None:
        path = write(tmp_path, "code\n1\n2\n")
        assert importing.run(desk, portal(desk), path, dry=True).new == 2
        assert not queries.has_tickets(desk.database, desk.channel("B2W").id)

    def test_wrong_lines_are_left_out_and_told(self, desk: Desk, tmp_path: Path) -> None:
        text = 'code,message,opened\n1,"zwei\nZeilen",\n,x,\n3,x,amanhã\n1,other,\n4,ok,\n'
        report = importing.run(desk, portal(desk), write(tmp_path, text))
        assert report.new == 2
        assert [each.line for each in report.wrong] == [4, 5, 6]
        assert "amanhã" in report.wrong[1].told

    def test_columns_are_remembered_per_channel(self, desk: Desk, tmp_path: Path) -> None:
        channel = portal(desk)
        path = write(tmp_path, "Caso\tQuem\n1\tAna\n")
        with pytest.raises(NotAllowed, match="Caso, Quem"):
            importing.run(desk, channel, path)
        importing.run(desk, channel, path, {"code": "Caso", "customer": "quem"})
        again = importing.run(desk, desk.channel("B2W"), path)
        assert (again.same, again.columns) == (1, {"code": "Caso", "customer": "Quem"})
        with pytest.raises(NotAllowed, match="no column Nada"):
            importing.run(desk, channel, path, {"code": "Nada"})
        with pytest.raises(NotAllowed, match="no field zzz"):
            importing.run(desk, channel, path, {"zzz": "Caso"})

    def test_a_spreadsheet(self, desk: Desk, tmp_path: Path) -> None:
        book = openpyxl.Workbook()
        sheet: Any = book.active
        sheet.append(["Protocolo", "Pedido", "Assunto", "Data"])
        sheet.append([42, 4711.0, "=1+1", datetime(2026, 3, 9, 14, 30)])
        sheet.append([1234567890123456789, "x", "y", None])
        sheet.append(["7", "8", "@SUM(A1)", None])
        sheet["A2"].number_format = "00000"
        path = tmp_path / "book.dat"
        book.save(path)
        report = importing.run(desk, portal(desk), path)
        assert [each.line for each in report.wrong] == [3]
        found = row(desk, "00042")
        assert (found.order_number, found.subject) == ("4711", "protocol")
        assert row(desk, "7").subject == "'@SUM(A1)"

    @pytest.mark.parametrize(
        "data",
        [b"", b"\n\n", b"PK\x03\x04 no archive", b"\x00\x01\x02", b'a,b\n"' + b"x" * 200_000],
    )
    def test_what_is_no_table_is_one_sentence(
        self, desk: Desk, tmp_path: Path, data: bytes
    ) -> None:
        path = tmp_path / "file"
        path.write_bytes(data)
        with pytest.raises(UserError):
            importing.run(desk, portal(desk), path)
        with pytest.raises(SettingsWrong):
            importing.run(desk, desk.channel("B2W"), tmp_path)


class TestBothQueues:
    """Ricardo Eletro keeps protocols and instances apart: one look by order finds both (T46)."""

    @pytest.mark.parametrize("kinds", [[], ["atendimento"], ["troca"], ["atendimento", "troca"]])
    def test_one_search_by_order(self, desk: Desk, kinds: list[str]) -> None:
        channel = portal(desk, "Ricardo Eletro")
        importing.enter(desk, channel, {"code": "0", "order": "other"})
        for number, kind in enumerate(kinds, 1):
            importing.enter(desk, channel, {"code": str(number), "order": "88-1", "kind": kind})
        found = queries.tickets_of_order(desk.database, channel.id, "88-1")
        assert sorted(each.kind for each in found) == sorted(str(kind_of(each)) for each in kinds)


class TestInstances:
    """An exchange or a refund has a number, an amount and a protocol of its own (T39, T41)."""

    def test_are_kept_with_their_amount_and_protocol(self, desk: Desk) -> None:
        channel = portal(desk)
        told = {"code": "R-1", "order": "88", "kind": "reembolso", "protocol": "P-1",
                "amount": "R$ 1.234,56"}  # fmt: skip
        importing.enter(desk, channel, told)
        talk = conversation.load(desk, row(desk, "R-1").id)
        (found,) = talk.instances.values()
        assert (found.protocol, found.amount, found.currency) == ("P-1", 123456, "BRL")
        # What an import does not tell any more stays; what it tells anew is a change.
        assert importing.enter(desk, channel, {"code": "R-1", "kind": "reembolso"}).instance is None
        importing.enter(desk, channel, {"code": "R-1", "kind": "reembolso", "amount": "12"})
        talk = conversation.load(desk, row(desk, "R-1").id)
        (found,) = talk.instances.values()
        assert (found.protocol, found.amount) == ("P-1", 1200)

    @pytest.mark.parametrize(
        ("text", "minor"),
        [("129,90", 12990), ("129.90", 12990), ("1.234", 123400), ("€ 5", 500), ("5,5 €", 550),
         ("1,234.56", 123456)],
    )  # fmt: skip
    def test_amounts_are_read_as_people_write_them(self, desk: Desk, text: str, minor: int) -> None:
        told = importing.enter(desk, portal(desk), {"code": "1", "kind": "troca", "amount": text})
        assert told.instance is not None
        assert told.instance.amount == minor

    def test_what_is_no_amount_is_told(self, desk: Desk) -> None:
        with pytest.raises(NotAllowed, match="Amount is no amount: a lot"):
            importing.enter(desk, portal(desk), {"code": "1", "amount": "a lot"})


class TestRunbooks:
    """What to do is data, in three languages, and a shop may have its own."""

    @pytest.mark.parametrize(
        ("name", "book"),
        [("B2W", "b2w"), ("Lojas Americanas", "b2w"), ("Magazine Luiza", "magalu"),
         ("RICARDO ELETRO SP", "ricardo-eletro"), ("Lojinha", "portal")],
    )  # fmt: skip
    @pytest.mark.parametrize("language", ["en", "pt_BR", "it"])
    def test_are_found_by_the_channels_name(
        self, desk: Desk, name: str, book: str, language: str
    ) -> None:
        i18n.set_language(language)
        found = runbooks.of_channel(desk.home, portal(desk, name))
        assert found.name == book
        assert len(found.steps) >= 3

    def test_say_the_same_in_every_language(self, desk: Desk) -> None:
        for name in ("B2W", "Magalu", "Ricardo Eletro", "X"):
            channel = portal(desk, name)
            told = set()
            for language in ("en", "pt_BR", "it"):
                i18n.set_language(language)
                told.add(len(runbooks.of_channel(desk.home, channel).steps))
            assert len(told) == 1

    def test_a_shops_own_stands_in(self, desk: Desk) -> None:
        channel = portal(desk)
        folder = desk.home.settings / "runbooks"
        folder.mkdir()
        own = folder / "b2w.toml"
        own.write_text(
            'names=["b2w"]\nparties=["operator"]\n[pt_BR]\ntitle="N"\ncopy="c"\nsteps=["a"]'
        )
        assert runbooks.of_channel(desk.home, channel).steps == ("a",)
        own.write_text("names = [")
        with pytest.raises(SettingsWrong, match="runbook"):
            runbooks.of_channel(desk.home, portal(desk, "Sub", runbook="b2w"))
        with pytest.raises(SettingsWrong, match="runbook"):
            runbooks.of_channel(desk.home, channel)

    @pytest.mark.parametrize("name", ["../b2w", "nothing"])
    def test_one_that_is_not_there(self, desk: Desk, name: str) -> None:
        with pytest.raises(SettingsWrong, match="runbook"):
            runbooks.of_channel(desk.home, portal(desk, runbook=name))


@pytest.mark.parametrize(
    ("words", "meant"),
    [("Cancelamento", Reason.CANCELLATION), ("dúvidas gerais", Reason.QUESTION),
     ("TROCA", Reason.EXCHANGE), ("entrega produto", Reason.DELIVERY),
     ("Pagamento", Reason.PAYMENT), ("Reclamação", Reason.COMPLAINT), ("x", None)],
)  # fmt: skip
def test_the_six_reasons(words: str, meant: Reason | None) -> None:
    assert reason_of(words) is meant


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "protocols.csv"
    path.write_bytes(text.encode(encoding))
    return path
