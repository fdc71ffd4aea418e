"""The night shift: which job is due when, one run at a time, nothing missed and nothing done twice.

``plan`` knows what is due (a pure function), ``shift`` does it, ``serve`` waits for it.
"""
