"""A channel's address and options are set otherwise later; nothing of it is lost by that."""

import pytest

from mkt_tui.cache import channels
from mkt_tui.desk import channel_options, channel_setup, importing
from mkt_tui.desk.channel_setup import Changes
from mkt_tui.desk.channels import NewChannel
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import NotAllowed, SettingsWrong
from mkt_tui.domain.tickets import TicketSnapshot
from tests.desk.test_portals import portal
from tests.worlds import read, ticket

MAIL = {
    "imap": "imaps://mail.shop.example",
    "smtp": "smtps://mail.shop.example",
    "mail_from": "amazon@shop.example",
}


def amazon(desk: Desk) -> Channel:
    wanted = NewChannel("Amazon", "amazon", "IT", "https://spapi.example", "")
    return channel_setup.add(desk, wanted, {"client_id": "a", "client_secret": "b"})


def test_mails_are_added_to_a_channel_that_has_orders_only(desk: Desk) -> None:
    channel_setup.apply(desk, amazon(desk).name, Changes(account="conta", modules=("orders",)))
    done = channel_setup.apply(desk, "Amazon", Changes(options=MAIL))
    assert channel_options.settable(desk, done) == MAIL
    assert done.personal_data.account == "conta", "what is set elsewhere stays"
    noted = desk.database.row("SELECT detail FROM audit WHERE act = 'channel.settings'", {})
    assert noted == ("settings=imap,mail_from,smtp",)


def test_what_the_adapter_cannot_work_with_changes_nothing(desk: Desk) -> None:
    amazon(desk)
    with pytest.raises(SettingsWrong, match="option mail_from of channel Amazon"):
        channel_setup.apply(desk, "Amazon", Changes(options={"imap": MAIL["imap"]}, enabled=True))
    assert dict(desk.channel("Amazon").options) == {}
    assert not desk.channel("Amazon").enabled


def test_from_another_address_all_is_read_anew_and_nothing_is_forgotten(desk: Desk) -> None:
    channel = amazon(desk)
    told: TicketSnapshot = ticket()
    read(desk.database, channel, told)
    assert channels.stream_status(desk.database, channel.id)["tickets"].cursor is not None
    done = channel_setup.apply(desk, "Amazon", Changes(address="https://other.example/"))
    assert done.base_url == "https://other.example"
    assert channels.stream_status(desk.database, channel.id)["tickets"].cursor is None
    assert desk.database.value("SELECT COUNT(*) FROM ticket", {}) == 1


def test_a_portals_link_leads_to_hosts_it_names_only(desk: Desk) -> None:
    channel = portal(desk)
    importing.COLUMNS.remember(desk, channel, {"code": "Caso"})
    link = {"link": "https://evil.example/{order}"}
    with pytest.raises(SettingsWrong, match="does not name"):
        channel_setup.apply(desk, channel.name, Changes(options=link))
    done = channel_setup.apply(desk, channel.name, Changes(options={"runbook": "magalu"}))
    assert channel_options.settable(desk, done) == {"runbook": "magalu"}
    assert "import_columns" in done.options, "what imports remember stays"


@pytest.mark.parametrize(
    "text", ["novalue", "=x", "segredo", "personal_account=a", "marketplace=b"]
)
def test_what_is_no_option_is_told_and_its_value_is_not_repeated(text: str) -> None:
    with pytest.raises(NotAllowed) as caught:
        channel_options.read([text, "imap=imaps://x"])
    assert "segredo" not in str(caught.value)


def test_options_are_written_as_they_are_read() -> None:
    options = {"order_pattern": r"M\d{6} \"x", "mail_name": "Casa Prado"}
    assert channel_options.read(channel_options.written(options)) == options
    assert channel_options.split(r"order_pattern=M\d{6} 'mail_name=Casa Prado'") == [
        r"order_pattern=M\d{6}",
        "mail_name=Casa Prado",
    ]
