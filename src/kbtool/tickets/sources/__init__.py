"""Ticket exports as help desks write them -> rows, one reader a kind of file."""
