"""`mkt-tui reply`: answer a ticket from a script."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from mkt_tui.cache import operations
from mkt_tui.cache.drafts import Draft
from mkt_tui.cache.operations import Outcome
from mkt_tui.cli.channel import enabling
from mkt_tui.cli.finding import find_ticket
from mkt_tui.cli.printing import print_json
from mkt_tui.cli.session import desk_of
from mkt_tui.desk import attaching, conversation, replying
from mkt_tui.desk.conversation import Conversation
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import NotAllowed, SettingsWrong, UserError
from mkt_tui.domain.operation_kinds import OperationState
from mkt_tui.domain.tickets import Audience
from mkt_tui.i18n import N_, _, why

WAIT_SECONDS = 120.0
_LOOK_EVERY = 0.25
_SETTLED = (OperationState.SENT, OperationState.FAILED, OperationState.UNKNOWN)


def reply(
    context: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CODE", help=N_("The ticket's code."))],
    text_file: Annotated[
        str,
        typer.Option(
            "--text-file", metavar="FILE", help=N_("The reply in UTF-8; - reads standard input.")
        ),
    ],
    to: Annotated[Audience, typer.Option("--to", help=N_("Who receives it."))],
    channel: Annotated[
        str | None, typer.Option("--channel", metavar="NAME", help=N_("The ticket's channel."))
    ] = None,
    wait: Annotated[
        bool, typer.Option("--wait", help=N_("Deliver now and wait for the marketplace's word."))
    ] = False,
    attach: Annotated[
        list[str] | None,
        typer.Option("--attach", metavar="FILE", help=N_("A file to go with it; may be repeated.")),
    ] = None,
    replace_draft: Annotated[
        bool, typer.Option("--replace-draft", help=N_("Drop your own draft on the ticket."))
    ] = False,
    json: Annotated[bool, typer.Option("--json", help=N_("Write JSON for scripts."))] = False,
) -> None:
    """Answer a ticket."""
    desk = desk_of(context)
    talk = conversation.load(desk, find_ticket(desk, code, channel).id)
    draft = Draft(read_text(text_file), to)
    for each in attach or ():
        file = attaching.read(desk, talk, to, draft.files, each)
        draft = draft._replace(files=(*draft.files, file))
    _check(talk, draft, wait=wait, replace_draft=replace_draft)
    operation = replying.send(desk, talk, draft)
    if not json:
        typer.echo(_("{operation} is in the outbox.").format(operation=operation))
        if not talk.channel.enabled:
            typer.echo(_("It is sent after: {command}").format(command=enabling(talk.channel)))
    outcome = _wait(desk, talk.channel, operation) if wait else _look(desk, operation)
    if json:
        error = str(outcome.error) if outcome.error else None
        print_json({"operation": operation, "state": outcome.state, "error": error})
    if wait:
        _end(outcome, talk, told=not json)


def read_text(name: str) -> str:
    """Return a message's text from a file, or from standard input for a dash.

    Raises:
        SettingsWrong: It cannot be read.
    """
    try:
        content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return content.decode("utf-8-sig")
    except OSError as error:
        detail = why(error)
    except UnicodeDecodeError:
        detail = _("it is not UTF-8 text")
    raise SettingsWrong(
        what=_("The text {file} cannot be read ({detail})").format(file=name, detail=detail),
        remedy=_("Nothing was sent."),
    )


def _check(talk: Conversation, draft: Draft, *, wait: bool, replace_draft: bool) -> None:
    if wait and not talk.channel.enabled:
        raise NotAllowed(
            what=_("Channel {channel} is disabled").format(channel=talk.channel.name),
            remedy=_("Enable it first: {command}").format(command=enabling(talk.channel)),
        )
    # Sending takes the agent's draft along, for in the desk the draft is what is sent.
    other = talk.draft is not None and talk.draft.text.strip() != draft.text.strip()
    if other and not replace_draft:
        raise NotAllowed(
            what=_("You have another draft on ticket {code}, which would be lost").format(
                code=talk.ticket.code
            ),
            remedy=_("Send or empty it in the desk, or add --replace-draft."),
        )


def _look(desk: Desk, operation: str) -> Outcome:
    found = operations.outcome(desk.database, operation)
    return found or Outcome(OperationState.UNKNOWN, None, None)


def _wait(desk: Desk, channel: Channel, operation: str) -> Outcome:
    """Deliver, unless another process is faster, and return how it went."""
    # Loaded here and not above, for `--help` shall not wait for them.
    import asyncio

    from mkt_tui.sync.engine import Engine

    engine = Engine(desk.database, desk.settings, desk.clock)

    async def deliver() -> Outcome:
        loop = asyncio.get_running_loop()
        until = loop.time() + WAIT_SECONDS
        while True:
            await engine.deliver_now(channel)
            outcome = _look(desk, operation)
            if outcome.state in _SETTLED or loop.time() >= until:
                return outcome
            await asyncio.sleep(_LOOK_EVERY)

    try:
        return asyncio.run(deliver())
    except UserError as error:
        return _look(desk, operation)._replace(error=error)


def _end(outcome: Outcome, talk: Conversation, *, told: bool) -> None:
    if outcome.state is OperationState.SENT:
        if told:
            typer.echo(_("{channel} has the reply.").format(channel=talk.channel.name))
        return
    if told:
        typer.echo(f"mkt-tui: {_sentence(outcome, talk)}", err=True)
    raise typer.Exit(1)


def _sentence(outcome: Outcome, talk: Conversation) -> str:
    if outcome.state in _SETTLED and outcome.error:
        return str(outcome.error)
    stays = _("{channel} has not confirmed the reply; it stays in the outbox.").format(
        channel=talk.channel.name
    )
    return f"{stays} {outcome.error}" if outcome.error else stays
