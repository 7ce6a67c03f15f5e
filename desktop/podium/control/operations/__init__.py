"""What the API's calls do, on the window's thread: the same commands on the same workspace as the window's."""
