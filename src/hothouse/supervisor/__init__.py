"""`hothouse up`: starts the platform's parts on one machine, keeps them running and stops them in order."""
