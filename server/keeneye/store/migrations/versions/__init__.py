"""One file a step; the file name begins with the revision."""
