"""Bytes to values and back: reading mail of any kind, composing our own. No network, no clock, no database."""
