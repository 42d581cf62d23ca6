#!/usr/bin/env python
"""Django's usual entry point; `luoshi COMMAND` does the same."""

from luoshi.cli import main

if __name__ == "__main__":
    main()
