"""Tests read as claims about the study and its parts."""
