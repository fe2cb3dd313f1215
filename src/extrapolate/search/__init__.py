"""The search: four moves (forward, backward, branch, fit by the language's fits) over one bank of programs."""
