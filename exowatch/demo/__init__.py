"""A made-up web and the tour through it."""
