"""The shadow: the same pages for reading, on other storage and with another way in, beside the main system and always on."""
