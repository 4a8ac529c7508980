"""The database: raw mail, what was understood, cases, letters, evidence. One commit for what belongs together."""
