"""ExoWatch: what clinics claim about exosomes, held against evidence and law."""

__version__ = "0.1.0"
