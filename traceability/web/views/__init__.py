"""The pages of the supplier, one file per subject. They translate, and call one service or selector."""
