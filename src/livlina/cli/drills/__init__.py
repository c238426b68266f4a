"""Stories played against a running system or its shadow. A step that could not be played is never said to work."""
