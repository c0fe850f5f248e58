"""What the results say together: names, findings, claims. It reads what chapters found and never
judges again."""
