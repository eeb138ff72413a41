"""A publisher's tickets in words, for screens, the command line and files."""

from mkt_tui.domain.publishing import Defect, ShopState, Source, Stage
from mkt_tui.i18n import _


def defect_word(defect: Defect) -> str:
    """Return what is wrong with a file (P3)."""
    return {
        Defect.TYPO: _("typos"),
        Defect.TOC: _("contents"),
        Defect.TECHNICAL: _("technical"),
        Defect.METADATA: _("metadata"),
        Defect.COVER: _("cover"),
        Defect.OTHER: _("other"),
    }[defect]


def stage_word(stage: Stage) -> str:
    """Return where a ticket stands, as whose turn it is."""
    return {
        Stage.OPEN: _("to correct"),
        Stage.MANAGER: _("at the manager"),
        Stage.CORRECTED: _("at the shops"),
        Stage.DISPUTED: _("disputed"),
        Stage.CLOSED: _("closed"),
    }[stage]


def shop_state_word(state: ShopState) -> str:
    """Return where a title stands at a shop (P12)."""
    return {
        ShopState.QUEUED: _("queued"),
        ShopState.SENT: _("sent"),
        ShopState.ACCEPTED: _("accepted"),
        ShopState.FAILED: _("not accepted"),
        ShopState.WITHDRAWN: _("withdrawn"),
    }[state]


def source_word(source: Source | None) -> str:
    """Return who found it (P2)."""
    if source is None:
        return ""
    return {
        Source.IMPORT: _("found when the file came in"),
        Source.SHOP: _("found by the shop later"),
        Source.PERSON: _("told by a person"),
    }[source]


def author_word(author: str) -> str:
    """Return what kind of author wrote a note (P10); roles as messages keep them."""
    words = {"customer": _("shop"), "operator": _("manager"), "shop": _("publisher")}
    return words.get(author, author)
