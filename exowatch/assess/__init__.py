"""A claim and what evidence and rules there are → what may be said of it, with reasons."""

from exowatch.assess.evidence import asked_keys, evidence_of, index_keys
from exowatch.assess.judge import assess, assess_alone

__all__ = ["asked_keys", "assess", "assess_alone", "evidence_of", "index_keys"]
