"""One study's title and abstract (or article) → what was done, to whom, with what, and what came of it."""

from exowatch.extract.study.read import study_from_text

__all__ = ["study_from_text"]
