"""Reports on what the watch holds as a whole: tables and charts made from what was read."""

from exowatch.report.compose import compose
from exowatch.report.render import as_csv, as_html, as_json, counts_csv

__all__ = ["as_csv", "as_html", "as_json", "compose", "counts_csv"]
