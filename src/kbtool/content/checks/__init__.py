"""What a reader will trip over: each rule is a function, and rules.py lists them."""
