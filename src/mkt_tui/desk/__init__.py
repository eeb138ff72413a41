"""What an agent can do: reads and writes the cache, knows no screen and no marketplace."""
