"""The server's side of the phone: what it is given to carry, and how everything it sends is kept once."""
