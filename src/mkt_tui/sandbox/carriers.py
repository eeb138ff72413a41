"""The carriers that the practice operators have registered."""

from dataclasses import dataclass

BRT = "BRT"


@dataclass(frozen=True, slots=True)
class Carrier:
    """A registered carrier; its tracking address is computed from the number (OR23)."""

    code: str
    name: str
    tracking: str

    def url(self, number: str) -> str:
        """Return where the parcel `number` can be followed."""
        return self.tracking.format(number=number)


def carriers() -> dict[str, Carrier]:
    """Return the registered carriers by code."""
    known = (
        Carrier(
            "CORREIOS", "Correios", "https://rastreamento.correios.com.br/app/index.php?o={number}"
        ),
        Carrier("JADLOG", "Jadlog", "https://www.jadlog.com.br/tracking?cte={number}"),
        Carrier("LOGGI", "Loggi", "https://www.loggi.com/rastreador/{number}"),
        # An Italian carrier among Brazilian ones: the only one that practice can ask for parcels.
        Carrier(BRT, "BRT", "https://vas.brt.it/vas/sped_det_show.hsm?nspediz={number}"),
    )
    return {each.code: each for each in known}
