# Derived by scripts/unasync.py from langmem/_async/__init__.py: edit that instead.
"""The synchronous client, in parts."""
