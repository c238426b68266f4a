"""The demo municipality: invented people only, the same for the same day, loaded into a demo database and no other."""
