from muster.generated.api.catalogue import list_items
from muster.problems import Problem
from muster.token import Credentials

from server import Answer, Asked, Case, Clock, Script, problem, serving

CREDENTIALS = Credentials("c", "s", ["stock:read", "counts:write"])
PAGE = Answer({"items": [], "next_cursor": None})
TOKEN = "/api/v1/oauth/token"


def issuing(otherwise: Script) -> Script:
    issued = [0]

    def script(asked: Asked, number: int) -> Answer:
        if asked.path != TOKEN:
            return otherwise(asked, number)
        issued[0] += 1
        return Answer({"access_token": f"t{issued[0]}", "expires_in": 900, "scope": "", "token_type": "Bearer"})

    return script


def bearers(asked: list[Asked]) -> list[str | None]:
    return [one.headers.get("authorization") for one in asked if one.path != TOKEN]


class Token(Case):
    def test_a_token_is_fetched_once_and_again_a_minute_before_it_expires(self) -> None:
        clock = Clock()
        with serving(issuing(lambda *_: PAGE)) as (url, asked):
            muster = self.connect(url, CREDENTIALS, retry=clock.policy())
            for at in (0, 839, 841):
                clock.at = at
                list_items.sync(client=muster)
        self.assertEqual(bearers(asked), ["Bearer t1", "Bearer t1", "Bearer t2"])
        form = b"grant_type=client_credentials&client_id=c&client_secret=s&scope=stock%3Aread+counts%3Awrite"
        self.assertEqual([one.body for one in asked if one.path == TOKEN], [form, form])

    def test_a_token_that_is_no_longer_taken_is_replaced_once(self) -> None:
        def expired(asked: Asked, _: int) -> Answer:
            return problem(401, "token_expired") if asked.headers["authorization"] == "Bearer t1" else PAGE

        with serving(issuing(expired)) as (url, asked):
            list_items.sync(client=self.connect(url, CREDENTIALS))
        self.assertEqual(bearers(asked), ["Bearer t1", "Bearer t2"])
        with serving(issuing(lambda *_: problem(401, "token_invalid"))) as (url, asked):
            with self.assertRaises(Problem) as raised:
                list_items.sync(client=self.connect(url, CREDENTIALS))
        self.assertEqual((raised.exception.code, len(bearers(asked))), ("token_invalid", 2))

    def test_a_busy_service_is_asked_for_the_token_again(self) -> None:
        issue = issuing(lambda *_: PAGE)
        with serving(lambda asked, number: problem(503, "busy") if number == 1 else issue(asked, number)) as (url, asked):
            list_items.sync(client=self.connect(url, CREDENTIALS, retry=Clock().policy()))
        self.assertEqual([one.path.split("?")[0] for one in asked], [TOKEN, TOKEN, "/api/v1/items"])

    def test_a_refusal_of_the_token_is_a_problem_with_its_own_word(self) -> None:
        refusal = Answer({"error": "invalid_client", "error_description": "No such client."}, 401)
        with serving(lambda *_: refusal) as (url, _), self.assertRaises(Problem) as raised:
            list_items.sync(client=self.connect(url, CREDENTIALS))
        self.assertEqual((raised.exception.code, raised.exception.detail), ("invalid_client", "No such client."))
        self.assertNotIn("'s'", repr(CREDENTIALS))
