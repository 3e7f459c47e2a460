"""The asynchronous client, in parts."""
