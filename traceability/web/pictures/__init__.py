"""Pictures as SVG: geometry and classes from here, paint from the stylesheet. Floats are at home in this room only."""
