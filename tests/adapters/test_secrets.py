"""A channel with several secrets keeps them behind one reference."""

import traceback

import pytest

from mkt_tui.adapters.registry import secret_names
from mkt_tui.adapters.secrets import Secrets
from mkt_tui.domain.errors import SecretMissing
from tests.adapters.marketplace import channel


def secrets(text: str) -> Secrets:
    return Secrets(channel(), lambda: text)


def test_each_secret_is_found_under_its_name() -> None:
    found = secrets('{"client_id": "amzn1.x", "password": "ç 1"}')
    assert found("client_id") == "amzn1.x"
    assert found("password") == "ç 1"


def test_a_secret_changed_on_disk_works_at_once() -> None:
    values = iter(['{"password": "old"}', '{"password": "new"}'])
    found = Secrets(channel(), lambda: next(values))
    assert [found("password"), found("password")] == ["old", "new"]


@pytest.mark.parametrize(
    "text", ["", "hunter2", '{"password": hunter2}', '["hunter2"]', '{"password": ""}', "null"]
)
def test_what_cannot_be_used_is_said_without_being_shown(text: str) -> None:
    with pytest.raises(SecretMissing) as caught:
        secrets(text)("password")
    told = "".join(traceback.format_exception(caught.value))
    assert "env:VIA_KEY" in str(caught.value)
    assert "hunter2" not in told
    assert "hunter2" not in repr(secrets(text))


def test_adapters_say_which_secrets_they_need() -> None:
    assert secret_names("mirakl") == ()
