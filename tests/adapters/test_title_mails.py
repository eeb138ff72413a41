"""A publisher whose portal writes mails: a mail that names an ISBN is a ticket about a title (P4)."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from mkt_tui.adapters.acts import carry_out, look_for
from mkt_tui.adapters.bookwire.mail import TitleMailAdapter
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.publishing import Defect, Stage
from tests.adapters.mails import Account, mail, read
from tests.adapters.test_sftp import CONTENT, ISBN, correction
from tests.mailserver import PASSWORD
from tests.sshd import serving

TEXT = "A Kobo informa: o sumário do título 978-65-000-0000-9 tem links que não abrem."


def adapter(account: Account, secret: str = "none", **options: str) -> TitleMailAdapter:
    channel = account.channel(title_shops="Apple Books, Kobo", **options)
    told = json.dumps({"mail_password": PASSWORD, "sftp_secret": secret})
    return TitleMailAdapter(replace(channel, adapter="bookwire-mail"), lambda: told)


async def test_a_mail_that_names_an_isbn_is_about_a_title(account: Account) -> None:
    account.box.deliver(mail(TEXT, subject="Ticket 1001", number="a@x"))
    account.box.deliver(mail("Fatura 9786500000017 em anexo", subject="Fatura", number="b@x"))
    async with adapter(account) as opened:
        tickets, _cursor = await read(opened)
    found = {each.code: each.complaint for each in tickets}
    told = found["a@x"]
    assert told
    assert (told.isbn, told.shop, told.defect) == (ISBN, "Kobo", Defect.TOC)
    assert told.stage is Stage.OPEN
    assert found["b@x"] is None, "a number with a wrong check digit is no ISBN"


async def test_its_corrected_file_leaves_by_sftp_where_there_is_a_server(
    account: Account, tmp_path: Path
) -> None:
    wanted = correction(tmp_path)
    async with adapter(account) as opened:
        with pytest.raises(NotAllowed, match="server for it"):
            await carry_out(opened, wanted)
    with serving(tmp_path) as sshd:
        options = {
            "sftp": sshd.address,
            "sftp_user": sshd.user,
            "sftp_host_key": sshd.fingerprint,
            "assets_folder": str(sshd.assets),
            "xml_folder": str(sshd.xml),
        }
        async with adapter(account, sshd.key, **options) as opened:
            await opened.check()
            await carry_out(opened, wanted)
            assert await look_for(opened, wanted) is not None
        assert (sshd.assets / f"{ISBN}.epub").read_bytes() == CONTENT
