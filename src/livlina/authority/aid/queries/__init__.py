"""Every question about financial aid others may ask, already filtered by access."""
