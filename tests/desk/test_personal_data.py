"""Personal data that a marketplace opens to an account of its own only (C5-C7)."""

import json

import pytest

from mkt_tui.cache import channels
from mkt_tui.desk import sheet
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import NotAllowed
from tests.worlds import NOW, order, read_orders


def amazon(desk: Desk, **options: str) -> None:
    plain = Channel(0, "Amazon", "amazon", "IT", "https://x", "env:NO", "Europe/Rome", enabled=True)
    channels.add_channel(desk.database, plain, NOW, "ana")
    desk.database.execute("UPDATE channel SET options = :options", {"options": json.dumps(options)})
    read_orders(desk.database, desk.channel("Amazon"), order())


def page(desk: Desk) -> str:
    return sheet.as_text(desk, sheet.find(desk, "100-A"), revealed=False)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({}, "Amazon has no account for them"),
        ({"personal_modules": "orders,invoices"}, "Amazon has no account for them"),
        ({"personal_account": "shop"}, "not matched (orders, invoices)"),
        ({"personal_account": "shop", "personal_modules": "orders"}, "not matched (invoices)"),
    ],
)
def test_without_the_account_they_stay_masked_and_the_reason_is_shown(
    desk: Desk, options: dict[str, str], told: str
) -> None:
    amazon(desk, **options)
    folded = " ".join(page(desk).split())
    assert told in folded
    with pytest.raises(NotAllowed, match="stay masked"):
        sheet.reveal(desk, sheet.find(desk, "100-A"))


def test_with_account_and_modules_they_can_be_revealed(desk: Desk) -> None:
    amazon(desk, personal_account="shop", personal_modules="orders, invoices")
    sheet.reveal(desk, sheet.find(desk, "100-A"))
    assert "stay masked" not in page(desk)
