"""Reading: files and standard input become tasks, tables and words."""
