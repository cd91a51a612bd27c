"""The site: Library -> OutputFile*."""
