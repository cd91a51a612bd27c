"""What `kbtool check --fix` mends: each fix is a function, and article.py lists them."""
