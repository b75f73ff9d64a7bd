"""What customers decide, played through whole turns."""
