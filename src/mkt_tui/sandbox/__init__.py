"""The practice marketplace: two shops that speak the Mirakl seller contract.

It shares no code with the adapters, so that one misreading of the contract cannot hide in both.
"""
