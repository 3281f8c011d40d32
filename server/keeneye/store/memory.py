"""What the firm already knows of a message's sender, thread, text and origin: asked before the facts are drawn.

Each part of the memory is a module of its own (relations, fingerprints, visits, catalogue); this one puts them together.
"""
