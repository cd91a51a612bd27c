"""Links that leave the site -> which of them still answer."""
