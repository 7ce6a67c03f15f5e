"""Faults planted in the source, one at a time: the tests of their room have to notice each."""
