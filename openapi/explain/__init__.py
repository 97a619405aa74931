"""The parts of `explain_check.py`."""
