"""The alarm receiver: takes alarms off the wire, keeps them, and gets them before a human. Imports no Django."""
