"""The face of a pyte.Screen."""
