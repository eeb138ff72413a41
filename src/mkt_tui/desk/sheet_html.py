"""The order sheet as one HTML page, for a browser, an e-mail or an archive (T9)."""

from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from mkt_tui.desk.sheet import Paper
from mkt_tui.i18n import _, language

_STYLE: Final = """
body { font: 10pt/1.4 "DejaVu Sans", Verdana, sans-serif; color: #000; max-width: 48rem;
  margin: 1rem auto; padding: 0 1rem; }
header { border-bottom: 2pt solid #000; display: flex; justify-content: space-between; }
h1 { font-size: 1.4em; margin: .3em 0; } h2 { font-size: 1.1em; margin: 1.2em 0 .3em;
  border-bottom: 1pt solid #999; } header p { font-weight: bold; }
dl { display: grid; grid-template-columns: 13em 1fr; gap: 0 1em; margin: 0; }
dt { color: #444; } dd { margin: 0; overflow-wrap: anywhere; white-space: pre-wrap; }
dd.wide { grid-column: 1 / -1; } section { break-inside: avoid; }
article + article { break-before: page; } p.none { font-style: italic; color: #444; margin: 0; }
"""


def as_html(papers: Sequence[Paper]) -> str:
    """Return the sheets as one page that needs nothing beside itself; a sheet starts a new leaf."""
    return "".join(_page(papers))


def _page(papers: Sequence[Paper]) -> Iterator[str]:
    title = ", ".join(each.sheet.number for each in papers)
    yield f'<!DOCTYPE html>\n<html lang="{language().replace("_", "-")}">\n<head>\n'
    yield '<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n'
    yield f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
    for paper in papers:
        yield from _article(paper)
    yield "</body>\n</html>\n"


def _article(paper: Paper) -> Iterator[str]:
    sheet = paper.sheet
    yield f"<article>\n<header><h1>{escape(sheet.title)}</h1><p>{escape(sheet.channel)}</p></header>\n"
    yield from _lines((each.label, each.value) for each in paper.head)
    for section in sheet.sections:
        yield f"<section>\n<h2>{escape(section.title)}</h2>\n"
        if section.lines:
            yield from _lines((each.label, each.value) for each in section.lines)
        else:
            yield f'<p class="none">{escape(_("No data"))}</p>\n'
        yield "</section>\n"
    yield "</article>\n"


def _lines(pairs: Iterator[tuple[str, str]]) -> Iterator[str]:
    yield "<dl>\n"
    for label, value in pairs:
        if label:
            yield f"<dt>{escape(label)}</dt><dd>{escape(value)}</dd>\n"
        else:
            yield f'<dd class="wide">{escape(value)}</dd>\n'
    yield "</dl>\n"
