"""The seller API of Americanas, once B2W: chats and orders of three sites through SkyHub."""
