"""A claim held against rules and evidence becomes an assessment. Pure."""

from exowatch.assess.judge import assess

__all__ = ["assess"]
