"""How each language writes days and moments; templates name the format, never the signs."""
