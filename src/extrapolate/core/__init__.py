"""What everything else is made of: values, words, expressions, programs, tasks, results. Core knows no method."""
