"""A seller's first consent: the address, the code traded once, the tokens in a private file."""

import stat
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest

from mkt_tui.adapters.magalu.consent import Consent
from mkt_tui.adapters.testing import run
from mkt_tui.domain.errors import AccessRefused, NotAllowed
from mkt_tui.sandbox.magalu.api import consent_code
from tests.adapters.test_magalu_conforms import MagaluPractice

REDIRECT = "https://shop.example/back"


def consent(practice: MagaluPractice) -> Consent:
    return Consent(practice.channel, practice.secret, REDIRECT, transport=practice.transport)


def kept(practice: MagaluPractice) -> tuple[int, bytes]:
    path = Path(practice.channel.options["token_file"])
    return stat.S_IMODE(path.stat().st_mode), path.read_bytes()


def test_the_code_of_the_address_becomes_tokens_that_work() -> None:
    async def story() -> None:
        practice = MagaluPractice(1)
        asked = consent(practice)
        query = parse_qs(urlsplit(asked.address("a:read b:write")).query)
        assert query["redirect_uri"] == [REDIRECT]
        assert query["scope"] == ["a:read b:write"]
        assert query["response_type"] == ["code"]
        await asked.take(f"{REDIRECT}?code={consent_code(practice.shop)}&state={query['state'][0]}")
        mode, content = kept(practice)
        assert mode & 0o007 == 0
        assert orjson.loads(content)["refresh_token"].startswith("refresh-")
        async with practice.adapter(practice.transport) as adapter:
            await adapter.check()
        with pytest.raises(AccessRefused):
            await consent(practice).take(consent_code(practice.shop))

    run(story())


@pytest.mark.parametrize("answered", [f"{REDIRECT}?code=x&state=other", f"{REDIRECT}?error=denied"])
def test_an_answer_to_another_consent_is_refused(answered: str) -> None:
    async def story() -> None:
        practice = MagaluPractice(1)
        before = kept(practice)
        with pytest.raises(NotAllowed, match="does not answer this consent"):
            await consent(practice).take(answered)
        assert kept(practice) == before

    run(story())
