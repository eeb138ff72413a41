"""`mkt-tui doctor`: what is wrong with an installation, and the repairs that are safe."""

import os
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from mkt_tui import i18n
from mkt_tui.cli.printing import print_json_list
from mkt_tui.cli.session import Session, session_of
from mkt_tui.config import Settings, load_settings, rule_book
from mkt_tui.desk.findings import Finding, Treated, followed, treat
from mkt_tui.domain.errors import NotPrivate, SettingsWrong, UserError
from mkt_tui.home import Home, find_home, prepare
from mkt_tui.i18n import N_, _


def doctor(
    context: typer.Context,
    fix: Annotated[
        bool, typer.Option("--fix", help=N_("Carry out the repairs that are safe."))
    ] = False,
    json: Annotated[bool, typer.Option("--json", help=N_("Write JSON for scripts."))] = False,
) -> None:
    """Examine the installation."""
    treated = [_treat(each, fix=fix) for each in _findings(session_of(context))]
    if json:
        print_json_list([each.as_json() for each in treated])
    else:
        _show(treated)
    if any(each.done is None for each in treated):
        raise typer.Exit(1)


def _treat(finding: Finding, *, fix: bool) -> Treated:
    try:
        return treat(finding, repairing=fix)
    except UserError as error:
        return Treated(Finding(finding.check, f"{finding.what} {error}", finding.remedy), None)


def _findings(session: Session) -> Iterator[Finding]:
    """Yield the findings one by one: what is repaired on the way is not found again behind it."""
    home = find_home(session.wanted_home)
    settings = Settings()
    try:
        settings = load_settings(home)
    except SettingsWrong as error:
        yield _of_error("settings", error)
    i18n.set_language(i18n.choose(session.wanted_language or settings.language))
    try:
        # What is not private is named below, one by one.
        with suppress(NotPrivate):
            prepare(home, settings.group)
    except SettingsWrong as error:
        yield _of_error("home", error)
        return
    # Repaired before there is a cache to tell of it.
    repaired: list[str] = []
    for each in _of_home(home, settings):
        yield followed(each, partial(repaired.append, each.check))
    yield from _of_cache(session, home, settings, repaired)


def _of_home(home: Home, settings: Settings) -> Iterator[Finding]:
    from mkt_tui.desk import doctor_home

    yield from doctor_home.permissions(home, settings.group)
    yield from doctor_home.room(home)
    yield from _of_rules(settings)
    if settings.keys or settings.key_style:
        from mkt_tui.own_keys import troubles  # loads every screen

        for each in troubles(settings.key_style, settings.keys):
            yield Finding("settings", each, _("Correct the [keys] of the settings file."))


def _of_rules(settings: Settings) -> Iterator[Finding]:
    try:
        rule_book(settings)
    except SettingsWrong as error:
        yield _of_error("deadlines", error)


def _of_cache(
    session: Session, home: Home, settings: Settings, repaired: list[str]
) -> Iterator[Finding]:
    from mkt_tui.cache import places
    from mkt_tui.desk import doctor_home, doctor_work
    from mkt_tui.desk.desk import utc_now

    place = places.choose(session.wanted_database, settings.database, home.cache_file, os.environ)
    if isinstance(place, Path):
        for each in doctor_home.cache_file(place, utc_now()):
            yield followed(each, partial(repaired.append, each.check))
        if any(each.check == "damage" for each in doctor_home.cache_file(place, utc_now())):
            return
    try:
        desk = session.desk_at(home, settings, place)
        for check in repaired:
            doctor_work.record(desk, check)
        yield from doctor_work.findings(desk)
    except UserError as error:
        yield _of_error("cache", error)


def _of_error(check: str, error: UserError) -> Finding:
    return Finding(check, str(error), "")


def _show(treated: list[Treated]) -> None:
    for each in treated:
        typer.echo(f"{each.finding.check}: {each.finding.what}")
        if each.done:
            typer.echo("  " + _("Done: {what}").format(what=each.done))
        elif each.finding.remedy:
            typer.echo(f"  {each.finding.remedy}")
    if not treated:
        typer.echo(_("Nothing is wrong."))
