"""Instances: their records, the changes of their life, and what carries these out."""
