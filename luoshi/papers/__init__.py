"""Owns reading and writing official paper (.docx, .txt); not the meaning of what it says. No Django here."""
