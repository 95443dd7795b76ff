"""TAP for the checks in this folder: one case a rule, what breaks it below."""


class Tap:
    def __init__(self):
        self.count = self.failed = 0

    def case(self, title, problems):
        """Passes when there are no problems (lines of text)."""
        self.count += 1
        problems = list(problems)
        self.failed += bool(problems)
        print(f"{'not ok' if problems else 'ok'} {self.count} - {title}")
        for line in problems:
            print("# " + line)

    def skip(self, title, reason):
        self.count += 1
        print(f"ok {self.count} - {title} # SKIP {reason}")

    def note(self, text):
        print("# " + text)

    def end(self):
        """Prints the plan; returns the exit status."""
        print(f"1..{self.count}")
        return 1 if self.failed else 0
