"""The Selling Partner API of Amazon: tokens, orders, notices, solicitations. It has no inbox."""
