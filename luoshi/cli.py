"""The console script: `luoshi COMMAND` runs a management command."""

import os
import sys

ENDED_BY_PIPE = 141  # what a shell reports of a program whose reader went away


def main() -> None:
    """Run the management command named on the command line; a reader that stops early (`| head`) is no error."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(["luoshi", *sys.argv[1:]])
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing is left to flush at exit
        sys.exit(ENDED_BY_PIPE)
