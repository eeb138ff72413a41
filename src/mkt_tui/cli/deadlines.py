"""`mkt-tui deadlines`: the rules in force and where their figures come from."""

from datetime import date
from typing import Annotated, Any

import typer

from mkt_tui.cli.printing import Table, print_json
from mkt_tui.cli.session import desk_of
from mkt_tui.config import rule_book
from mkt_tui.desk.deadlines import clock_name, if_missed, in_words
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.deadlines.rules import Rule
from mkt_tui.i18n import N_, _


def deadlines(
    context: typer.Context,
    json: Annotated[bool, typer.Option("--json", help=N_("Write JSON for scripts."))] = False,
    channel: Annotated[
        str | None,
        typer.Option(
            "--channel", metavar="NAME", help=N_("Only rules that hold for this channel.")
        ),
    ] = None,
) -> None:
    """List the deadline rules."""
    desk = desk_of(context)
    where = desk.channel(channel) if channel else None
    rules = [each for each in rule_book(desk.settings).rules if _concerns(each, where)]
    if json:
        print_json([_as_json(each) for each in rules])
        return
    heads = (
        _("RULE"),
        _("CLOCK"),
        _("HOLDS FOR"),
        _("DEADLINE"),
        _("VALID"),
        _("IF MISSED"),
        _("SOURCE"),
    )
    Table(heads).write([_line(each) for each in rules])


def _concerns(rule: Rule, channel: Channel | None) -> bool:
    return channel is None or any(rule.holds_for(channel, kind) for kind in rule.kinds or ("",))


def _line(rule: Rule) -> list[str]:
    holds = [*rule.marketplaces, *rule.channels, *rule.countries, *rule.kinds]
    days = [_day(each) for each in (rule.valid_from, rule.valid_to)]
    return [
        rule.name,
        clock_name(rule.clock),
        ", ".join(holds) or _("everything"),
        in_words(rule),
        " – ".join(days) if any(days) else "",
        if_missed(rule),
        _("the shop's own file: {source}").format(source=rule.source)
        if rule.own
        else _(rule.source),
    ]


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _as_json(rule: Rule) -> dict[str, Any]:
    return {
        "rule": rule.name,
        "clock": rule.clock,
        "amount": rule.amount,
        "unit": rule.unit,
        "start": rule.start,
        "marketplaces": rule.marketplaces,
        "channels": rule.channels,
        "countries": rule.countries,
        "kinds": rule.kinds,
        "place": rule.place,
        "zone": rule.zone,
        "valid_from": _day(rule.valid_from) or None,
        "valid_to": _day(rule.valid_to) or None,
        "own": rule.own,
        "missed": if_missed(rule) or None,
        "source": rule.source,
    }
