"""Forms of the supplier: what is asked, section by section, and how a draft is drawn into fields."""
