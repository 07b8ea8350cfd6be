"""The migrations, one a file, oldest first. They never change once they are released."""
