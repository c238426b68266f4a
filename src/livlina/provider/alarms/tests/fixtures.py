"""Alarm units, receivers and alarms that tests of this and other rooms stand on."""
