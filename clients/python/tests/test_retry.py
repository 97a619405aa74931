import httpx

from muster.generated.api.catalogue import list_items
from muster.generated.api.sign_in import refresh_session
from muster.generated.models import TokenToUse
from muster.problems import NO_ANSWER, Problem

from server import Answer, Case, Clock, problem, serving

PAGE = Answer({"items": [], "next_cursor": None})


def busy(seconds: int) -> Answer:
    return problem(503, "busy", {"Retry-After": str(seconds)})


class Retry(Case):
    def test_a_busy_service_is_asked_again_after_retry_after(self) -> None:
        clock = Clock()
        with serving(lambda _, number: busy(2) if number < 3 else PAGE) as (url, asked):
            list_items.sync(client=self.connect(url, retry=clock.policy()))
        self.assertEqual(len(asked), 3)
        self.assertEqual(clock.waits, [2.125, 2.25])

    def test_a_lost_answer_of_a_put_is_asked_for_again_with_the_same_bytes(self) -> None:
        for lost in (Answer(lost=True), Answer({}, cut=True)):
            with serving(lambda _, number: lost if number == 1 else Answer({})) as (url, asked):
                self.connect(url, retry=Clock().policy()).get_httpx_client().put("/api/v1/counts/b", content=b'{"quantity":0.1}')
            self.assertEqual([one.body for one in asked], [b'{"quantity":0.1}'] * 2)

    def test_a_post_is_sent_again_only_with_an_idempotency_key(self) -> None:
        with serving(lambda *_: busy(1)) as (url, asked):
            muster = self.connect(url, retry=Clock().policy())
            body = TokenToUse(refresh_token="r")
            with self.assertRaises(Problem):
                refresh_session.sync(client=muster, body=body)
            self.assertEqual(len(asked), 1)
            with self.assertRaises(Problem):
                refresh_session.sync(client=muster, body=body, idempotency_key="0198f5a2-7c11-7c3e-9f0a-1f1e5a0f6b11")
            self.assertEqual(len(asked), 1 + 5)

    def test_the_time_is_bounded_also_where_the_service_asks_for_more(self) -> None:
        clock = Clock()
        with serving(lambda *_: busy(3600)) as (url, asked), self.assertRaises(Problem) as raised:
            list_items.sync(client=self.connect(url, retry=clock.policy()))
        self.assertEqual((len(asked), clock.waits, raised.exception.retry_after), (1, [], 3600.0))

    def test_no_answer_at_all_is_a_problem_after_waits_that_grow(self) -> None:
        clock = Clock()
        with serving(lambda *_: Answer(lost=True)) as (url, _), self.assertRaises(Problem) as raised:
            list_items.sync(client=self.connect(url, retry=clock.policy()))
        self.assertEqual((raised.exception.code, raised.exception.status), (NO_ANSWER, 0))
        self.assertEqual(clock.waits, [0.25, 0.5, 1.0, 2.0])

    def test_an_answer_that_takes_too_long_is_none(self) -> None:
        def slow(request: httpx.Request) -> httpx.Response:
            raise httpx.ReadTimeout("too long", request=request)

        muster = self.connect("http://x", retry=Clock().policy(attempts=2), transport=httpx.MockTransport(slow))
        with self.assertRaises(Problem) as raised:
            list_items.sync(client=muster)
        self.assertEqual(raised.exception.code, NO_ANSWER)
