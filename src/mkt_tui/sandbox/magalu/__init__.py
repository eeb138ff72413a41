"""The open API of Magalu: customer service (SAC), orders, and the sign-in before them."""
