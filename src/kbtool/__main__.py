"""`python -m kbtool` is `kbtool`."""

from kbtool.cli.main import main

if __name__ == "__main__":
    main()
