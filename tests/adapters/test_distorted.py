"""Every contract is read to its end while rows come twice, backwards, or from another day."""

from pathlib import Path
from tempfile import mkdtemp

import pytest

from mkt_tui.adapters.base import ListsTickets
from mkt_tui.adapters.testing import run
from mkt_tui.adapters.testing.stage import Stage
from tests.adapters.amazon import AmazonPractice
from tests.adapters.practice import SandboxPractice
from tests.adapters.test_americanas_conforms import AmericanasPractice
from tests.adapters.test_bookwire_conforms import BookwirePractice
from tests.adapters.test_bridge_conforms import BridgePractice
from tests.adapters.test_buscape_conforms import BuscapePractice
from tests.adapters.test_cnova_conforms import CnovaPractice
from tests.adapters.test_hub2b import Hub2bPractice
from tests.adapters.test_magalu_conforms import MagaluPractice
from tests.adapters.test_mirakl_conforms import MiraklPractice


class Hub2b(Hub2bPractice):
    """With a folder for its token."""

    def __init__(self, tickets: int) -> None:
        super().__init__(tickets, Path(mkdtemp()))

    def tickets(self) -> set[str]:
        return set()


PRACTICES = (
    MiraklPractice, CnovaPractice, MagaluPractice, AmericanasPractice, BridgePractice,
    AmazonPractice, BuscapePractice, Hub2b, BookwirePractice,
)  # fmt: skip
FAULTS = ("duplicated@read", "reordered@read", "clock:-86400@read", "clock:7200@read")


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("kind", PRACTICES, ids=lambda kind: kind.slug)
def test_everything_is_read_and_news_is_heard(kind: type[SandboxPractice], fault: str) -> None:
    async def story() -> None:
        rude = type("Rude", (kind,), {"faults": (fault,)})
        with Stage(rude(12)) as stage:
            practice = stage.practice
            assert (await stage.all_tickets()).keys() == set(practice.tickets())
            assert (await stage.all_orders()).keys() == set(practice.orders())
            await hears_news(stage)

    run(story())


async def hears_news(stage: Stage) -> None:
    async with stage.adapter() as adapter:
        if not isinstance(adapter, ListsTickets) or not stage.practice.tickets():
            return
    pages = [page async for page in stage.tickets(None)]
    code = sorted(each.code for page in pages for each in page.items)[0]
    stage.practice.customer_writes(code, "Alguém aí?")
    found = [each async for page in stage.tickets(pages[-1].cursor) for each in page.items]
    told = [each for each in found if each.code == code]
    assert told
    assert "Alguém aí?" in {each.body for each in told[-1].messages}
