"""Bridge: our own small contract, for shops whose developers connect a closed portal."""

from mkt_tui.adapters.bridge.adapter import BridgeAdapter

__all__ = ["BridgeAdapter"]
