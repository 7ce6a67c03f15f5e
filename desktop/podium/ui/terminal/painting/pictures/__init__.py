"""Pictures that programs show: fetched, decoded beside the window, and painted row by row."""
