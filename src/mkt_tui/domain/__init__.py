"""The business: words and rules, no input or output at all."""
