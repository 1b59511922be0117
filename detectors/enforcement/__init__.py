"""What D21 stands on: a penalty's case, its litigation period, surcharges, the court's duties."""
