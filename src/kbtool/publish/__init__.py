"""Bringing a site to a place: OutputFile* -> a folder, a host."""
