"""An embedded mail server and a story to watch."""
