"""Model packs that live outside the project, as another procuratorate would publish them."""
