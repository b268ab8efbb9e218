from hothouse.supervisor.backoff import Backoff


class TestBackoff:
    def test_doubles_up_to_the_most(self):
        backoff = Backoff()

        assert [backoff.after(1) for _ in range(8)] == [0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10, 10]

    def test_starts_over_after_a_healthy_time(self):
        backoff = Backoff()
        backoff.after(1)
        backoff.after(1)

        assert backoff.after(30) == 0.2
        assert backoff.after(1) == 0.4
