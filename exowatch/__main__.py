"""``python -m exowatch`` is the command ``exowatch``."""

from exowatch.cli import main

main()
