"""Incidents of orders, which customers open and shops may end (OR64), and the operator's reasons (RE01).

Source: the official OpenAPI file of the seller API, which has no operation that opens an incident.
"""

from typing import Final

from mkt_tui.adapters.acts import KnownReason
from mkt_tui.adapters.fields import Json, Misread, code, line, parts
from mkt_tui.adapters.mirakl.connected import Connected, order_path
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.operation_kinds import Kind
from mkt_tui.domain.operations import Delivery
from mkt_tui.domain.order_operations import EndIncident
from mkt_tui.i18n import N_, _

_OPEN: Final = "INCIDENT_OPEN"
_REASONS: Final = {
    Kind.CANCEL: "CANCELATION",
    Kind.REFUND: "REFUND",
    Kind.INCIDENT: "INCIDENT_CLOSE",
}


class Incidents(Connected):
    """Ends incidents; names reasons."""

    async def end_incident(self, wanted: EndIncident) -> Delivery:
        """End the incident of every line that has one (OR64).

        Raises:
            NotAllowed: No line has one, or no reason is given.
        """
        await self._check_reason(wanted.reason, Kind.INCIDENT)
        lines = self._with_incident(await self._order_now(wanted.order_number))
        if not lines:
            raise NotAllowed(
                what=_("Order {number} has no open incident").format(number=wanted.order_number),
                remedy=N_("Look at it in the marketplace's portal."),
            )
        for each in lines:
            path = order_path(wanted.order_number, f"lines/{each}/resolve_incident")
            await self._put(path, {"reason_code": wanted.reason})
        return Delivery("")

    async def reasons(self, kind: Kind) -> tuple[KnownReason, ...]:
        """Return the reasons of a kind that a shop may name (RE01)."""
        wanted = _REASONS.get(kind)
        if wanted is None:
            return ()
        answer = await self._http.get("/api/reasons", dict(self._shop))
        try:
            return tuple(
                KnownReason(code(each, "code"), line(each, "label") or "")
                for each in parts(answer.data, "reasons")
                if each.get("type") == wanted and each.get("is_shop_right") is not False
            )
        except Misread as error:
            raise self._misread(error) from error

    async def _check_reason(self, reason: str | None, kind: Kind) -> None:
        """Tell the reasons there are when there is none."""
        if reason:
            return
        known = await self.reasons(kind)
        raise NotAllowed(
            what=_("{channel} wants the code of a reason: {codes}").format(
                channel=self._channel.name,
                codes=", ".join(f"{each.code} {each.words}" for each in known),
            ),
            remedy=N_("Ask for it again with one of them."),
        )

    def _with_incident(self, order: Json) -> list[str]:
        try:
            return [
                code(each, "order_line_id")
                for each in parts(order, "order_lines")
                if line(each, "order_line_state") == _OPEN
            ]
        except Misread as error:
            raise self._misread(error) from error
