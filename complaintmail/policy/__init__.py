"""The written policy as data: clauses, windows, roles, the calendar. Standard library only, plus holiday tables."""
