"""The process workshop: what the house can run, for those who keep it and those who lead with it. Counts, never a case."""
