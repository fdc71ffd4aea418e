"""A claim held against rules and evidence becomes an assessment. Pure."""

from exowatch.assess.judge import assess, assess_alone

__all__ = ["assess", "assess_alone"]
