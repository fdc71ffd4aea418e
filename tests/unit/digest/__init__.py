"""Tests of ExoWatch."""
