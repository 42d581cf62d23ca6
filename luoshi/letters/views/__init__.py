"""Pages of letters, their files, their forms."""
