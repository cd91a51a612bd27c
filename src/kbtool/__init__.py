"""kbtool: help-center articles in, a searchable site out; tickets in, the articles to write next out."""

__version__ = "0.1.0"
