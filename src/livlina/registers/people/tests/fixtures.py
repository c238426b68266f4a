"""Persons every room tells its tests about."""
