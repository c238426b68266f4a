"""Forms: made from the facts of a process, or plain ones for a single act."""
