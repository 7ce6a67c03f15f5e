"""What Windows alone has: its calls, its Job Objects, its command lines, its open folders."""
