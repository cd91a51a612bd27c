"""A help center that was kept elsewhere -> articles as they are kept here."""
