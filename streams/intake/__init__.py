"""Intake: changes of an agency table become news about subjects; what is no news is dropped.

``registry`` is the pure core, one per partition of a feed; ``agent`` runs it under Faust;
``quarantine`` is what could not be read, ``orders`` what an operator or the clock asks of a feed,
``statements`` what a feed says of its completeness.
"""
