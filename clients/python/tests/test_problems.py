from muster.generated.api.catalogue import list_items
from muster.problems import UNREADABLE_ANSWER, Fault, Problem
from muster.retry import RetryPolicy

from server import Answer, Case, problem, serving


class Problems(Case):
    def failure(self, answer: Answer) -> Problem:
        with serving(lambda *_: answer) as (url, _), self.assertRaises(Problem) as raised:
            list_items.sync(client=self.connect(url, retry=RetryPolicy(attempts=1)))
        return raised.exception

    def test_a_problem_has_its_code_status_faults_and_request_id(self) -> None:
        fault = {"code": "negative", "detail": "The number must not be negative.", "pointer": "/lines/3/quantity"}
        raised = self.failure(problem(422, "values_not_taken", errors=[fault, None], stored_sha256="ab"))
        self.assertEqual((raised.code, raised.status, raised.request_id), ("values_not_taken", 422, "r-1"))
        self.assertEqual((raised.errors, raised.stored_sha256), ((Fault(**fault),), "ab"))
        self.assertTrue(raised.is_about("/lines/3/quantity") and not raised.is_about("/lines"))
        self.assertEqual(str(raised), "422 values_not_taken: It is values_not_taken.")

    def test_pages_of_proxies_are_problems_whatever_their_status(self) -> None:
        broken = self.failure(Answer("<h1>Bad gateway</h1>", 502, {"X-Request-Id": "r-9"}))
        self.assertEqual((broken.code, broken.status, broken.request_id), (UNREADABLE_ANSWER, 502, "r-9"))
        hotel = self.failure(Answer("<h1>Welcome</h1>"))
        self.assertEqual((hotel.code, hotel.status), (UNREADABLE_ANSWER, 200))
