"""Foreign files of objects, one module a format; ``choose`` tells by its content which one a file is of."""
