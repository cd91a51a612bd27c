"""The command line: arguments in, words and exit code out."""
