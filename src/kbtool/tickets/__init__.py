"""Ticket exports -> reports: what customers ask, against what the articles answer. The room's place is kept; it is still empty."""
