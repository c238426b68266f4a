"""What others may read of the room."""
