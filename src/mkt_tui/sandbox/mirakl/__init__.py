"""The seller API of Mirakl: messages (M10 to M13, OR43) and orders (OR11, OR23, OR24)."""
