"""Bytes to screen operations: parser, dispatch, bulk path, reports to the program."""
