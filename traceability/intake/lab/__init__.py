"""Lab sheets and mill test reports: what their text says of lots, by rules that anybody can follow, with its places."""
