"""The daily letter: composed, rendered, kept."""
