"""The first whole journey, told in steps that `test_journey.py` puts together."""
