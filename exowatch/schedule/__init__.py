"""The night shift: which job is due when, one run at a time, nothing missed and nothing done twice."""
