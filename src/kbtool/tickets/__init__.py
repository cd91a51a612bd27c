"""Ticket exports -> reports: what customers ask, against what the articles answer."""
