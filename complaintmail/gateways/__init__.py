"""The rim: IMAP, SMTP, and the guarded reader. Passes see `ports` only."""
