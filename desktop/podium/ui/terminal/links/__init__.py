"""Links in a terminal view: found in the lines it shows, marked, and chosen by pointer or keys."""
