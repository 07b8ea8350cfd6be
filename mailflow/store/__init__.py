"""What is remembered. The only place that speaks SQL; everything it hands out is a value of the rules or the wires."""
