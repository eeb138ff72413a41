"""The hidden hand for tests: makes things happen that only customers and bad luck can do.

It is no part of the contract, lives outside the shops' addresses, and asks for no key because the
sandbox listens on this machine only.
"""

from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response

from mkt_tui.sandbox import forms
from mkt_tui.sandbox.answers import json_answer
from mkt_tui.sandbox.errors import SandboxError, bad_field, not_found
from mkt_tui.sandbox.faults import parse
from mkt_tui.sandbox.records import CUSTOMER, SHOP, Message
from mkt_tui.sandbox.rudeness import Faults
from mkt_tui.sandbox.world import World


async def customer_message(world: World, request: Request) -> Response:
    """Add a customer's message {thread_id, body} to a thread, now."""
    shop = world.shop(request.path_params["shop"])
    if shop is None:
        raise not_found("Shop")
    content = await forms.read_json(request)
    text, thread = forms.read_text(content), shop.threads.get(str(content.get("thread_id")))
    if thread is None:
        raise not_found("Thread")
    if CUSTOMER not in thread.participants:
        raise bad_field("thread_id", "No customer takes part in this thread")
    name = thread.order.customer.name
    message = Message(str(uuid4()), CUSTOMER, name, (SHOP,), text, world.clock())
    shop.add_message(thread, message)
    return json_answer({"message_id": message.id, "thread_id": thread.id}, 201)


async def faults(rude: Faults, request: Request) -> Response:
    """Be rude as {faults: [...]} says from now on (POST), or polite again (DELETE)."""
    specs = (await forms.read_json(request)).get("faults") if request.method == "POST" else []
    if not (isinstance(specs, list) and all(isinstance(each, str) for each in specs)):
        raise bad_field("faults", "The faults must be a list of texts")
    try:
        rude.set(parse(specs))
    except SandboxError as error:
        raise bad_field("faults", str(error)) from error
    return json_answer({"faults": specs})
