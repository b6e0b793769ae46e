"""For authors: files that certify at once, to be changed from there."""
