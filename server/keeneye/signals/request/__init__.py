"""What the writer asks for, and how exactly; and the ways of asking for nothing in particular."""
