"""Amounts of money: whole minor units and an ISO 4217 currency, Decimal at the edges."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Self

# ISO 4217's own word for it; Babel shows the sign of no currency, ¤.
NO_CURRENCY: Final = "XXX"
# Below this a float tells thousandths apart.
_EXACT: Final = 1e11


@dataclass(frozen=True, slots=True)
class Money:
    """An amount such as 12990 BRL minor units = R$ 129,90."""

    minor: int
    currency: str

    @classmethod
    def of(cls, amount: Decimal | float | str, currency: str) -> Self:
        """Return the amount given in major units (129.9, "129.90") as minor units.

        Floats from JSON are read by their shortest decimal form, so 0.1 is ten cents exactly.
        """
        return cls(to_minor(amount, currency), currency)

    @property
    def major(self) -> Decimal:
        """The amount in major units."""
        return Decimal(self.minor).scaleb(-minor_digits(self.currency))


def to_minor(amount: Decimal | float | str, currency: str) -> int:
    """Return an amount given in major units in minor ones; see `Money.of`.

    Raises:
        ArithmeticError, ValueError: It is no number, or none that an amount can be.
    """
    exponent = minor_digits(currency)
    if type(amount) is float and -_EXACT < amount < _EXACT:
        # What is the float nearest to so many cents was written as so many cents.
        scale: int = 10**exponent
        minor = round(amount * scale)
        if minor / scale == amount:
            return minor
    return int(Decimal(str(amount)).scaleb(exponent).to_integral_value())


def currency_of(country: str) -> str:
    """Return the currency of a country (ISO codes), NO_CURRENCY where there is none."""
    from babel.numbers import get_territory_currencies

    found = get_territory_currencies(country)
    return str(found[0]) if found else NO_CURRENCY


def minor_digits(currency: str) -> int:
    """Return how many decimals `currency` has (2 for BRL and EUR, 0 for JPY)."""
    return _MINOR_DIGITS.get(currency, 2)


# ISO 4217 currencies that do not have two decimals; kept here because Babel's tables would cost
# every start of the desk an import that only a few sellers ever need.
_MINOR_DIGITS = {"CLP": 0, "ISK": 0, "JPY": 0, "KRW": 0, "PYG": 0, "KWD": 3, "TND": 3}
