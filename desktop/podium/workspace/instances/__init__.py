"""What is known of each instance, what becomes of it, and who carries that out."""
