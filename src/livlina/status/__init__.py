"""What works right now, measured from outside and told to everyone: stands alone, also when the main system is dead."""
