"""Packs: what a unit needs to go on for two days without the system, made every quarter of an hour, sealed to its code."""
