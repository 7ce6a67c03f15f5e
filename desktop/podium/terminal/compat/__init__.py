"""The interface of a pyte.Screen."""
