"""Criminal cases, custody and community correction (D07, D10, D17)."""
