"""The pages of directives: the papers, their review, and the shaping of proposals."""
