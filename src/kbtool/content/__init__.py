"""Articles: files -> Library."""
