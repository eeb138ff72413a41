"""A chart of sales by month, as characters of the terminal."""

from collections.abc import Sequence

from rich.text import Text

from mkt_tui.domain.money import Money


def chart(months: Sequence[tuple[str, int]], currency: str, width: int, height: int) -> Text:
    """Return bars of so many cells; amounts in minor units."""
    import plotext  # 0.2 s, and only who looks at sales waits for it

    names = [month for month, _amount in months]
    amounts = [float(Money(amount, currency).major) for _month, amount in months]
    plotext.clear_figure()
    plotext.theme("clear")
    plotext.plot_size(width, height)
    plotext.bar(names, amounts, width=0.6)
    plotext.ylim(min(0.0, *amounts), max(1.0, *amounts))
    return Text.from_ansi(plotext.build(), no_wrap=True)
