"""The language model behind extraction: any OpenAI-compatible chat endpoint, over httpx.

A call blocks its thread, but runs on an event loop of its own, because only there can a hanging
call be cut short: by the time limit of an attempt, or by `Model.close` from another thread.
"""

from __future__ import annotations

import asyncio
import json
import threading
from concurrent.futures import CancelledError
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import anyio
import httpx

from langmem_server import chat

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from concurrent.futures import Future

    from langmem_server.settings import Settings

TRIES = 3
MAX_ANSWER_BYTES = 10 * 1024 * 1024
MAX_WAIT = 30.0
_BACKOFF = 0.5
_EXCERPT = 200
_NO_ACCESS = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
_BUSY = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS}
_REFUSES_FORMAT = {HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY}


class ModelError(Exception):
    """The model gave no answer; the text says why and never holds the API key.

    Attributes:
        status: The HTTP status, or None when there was no response.
        retry: Whether trying again may help.
        wait: The seconds the endpoint asked to wait before that, or None.
        attempts: How many requests were made.
    """

    def __init__(
        self,
        reason: str,
        *,
        status: int | None = None,
        retry: bool = False,
        wait: float | None = None,
    ) -> None:
        super().__init__(reason)
        self.status = status
        self.retry = retry
        self.wait = wait
        self.attempts = 1


class ModelClosedError(Exception):
    """The model was closed, before or during the call: the service is stopping."""


class Model:
    """A chat model behind `POST {base_url}/chat/completions`.

    Args:
        base_url: Where the API begins, such as `http://127.0.0.1:11434/v1`. A query stays at the
            end; a name and password in it are sent as basic authentication if there is no key.
        name: The model's name.
        api_key: Sent as a bearer token; None sends none.
        timeout: Seconds that one attempt may take, connecting and reading included.
        transport: What carries the requests; by default, the network.

    Example:
        >>> model = Model("http://127.0.0.1:11434/v1", "llama3.2", api_key=None, timeout=60.0)
        >>> model.close()
    """

    def __init__(
        self,
        base_url: str,
        name: str,
        *,
        api_key: str | None,
        timeout: float,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.name = name
        place = httpx.URL(base_url)
        self._host = place.netloc.decode()
        # Without name and password, which httpx would write to its log with the URL.
        self._url = place.copy_with(userinfo=b"", path=place.path.rstrip("/") + "/chat/completions")
        auth = (place.username, place.password) if place.userinfo and not api_key else None
        self._api_key = api_key
        self._timeout = timeout
        # Not compressed: a small answer could otherwise become a large one.
        headers = {b"Content-Type": b"application/json", b"Accept-Encoding": b"identity"}
        if api_key:
            headers[b"Authorization"] = b"Bearer " + api_key.encode()
        # No timeouts of httpx: they run between bytes, so a slow drip would never meet one.
        self._client = httpx.AsyncClient(
            headers=headers,
            auth=auth,
            timeout=None,  # noqa: S113
            transport=transport,
        )
        self._lock = threading.Lock()
        self._closed = False
        self._calls: set[Future[chat.Answer]] = set()
        self._loop = asyncio.new_event_loop()
        # A daemon, so that a program that forgets to close its client ends all the same.
        self._thread = threading.Thread(target=self._run, name="langmem-model", daemon=True)
        self._thread.start()

    @classmethod
    def from_settings(
        cls, settings: Settings, transport: httpx.AsyncBaseTransport | None = None
    ) -> Model | None:
        """Make the model the settings name, or None when they name none."""
        if settings.llm_model is None or settings.llm_base_url is None:
            return None
        return cls(
            settings.llm_base_url,
            settings.llm_model,
            api_key=settings.llm_api_key,
            timeout=settings.llm_timeout,
            transport=transport,
        )

    def complete(
        self, messages: Sequence[Mapping[str, str]], schema: Mapping[str, Any], name: str
    ) -> chat.Answer:
        """Ask for one answer in JSON.

        Connection errors, time-outs, 408, 429, 5xx and unreadable answers are tried again, up to
        `TRIES` requests, after the time the endpoint asks for (`Retry-After`, at most `MAX_WAIT`
        seconds) or 0.5 s, then 1 s. An endpoint that refuses the `response_format` (400, 422) is
        asked again without it.

        Args:
            messages: `role` and `content` of each message of the prompt.
            schema: The JSON Schema the answer should follow. Endpoints are free to ignore it, so
                the caller checks the answer.
            name: What the schema describes.

        Returns:
            The answer of the first request that gave one.

        Raises:
            ModelError: No request gave an answer.
            ModelClosedError: `close` was called.
        """
        body = chat.request(self.name, messages, schema, name)
        with self._lock:
            if self._closed:
                raise ModelClosedError
            call = asyncio.run_coroutine_threadsafe(self._complete(body), self._loop)
            self._calls.add(call)
        try:
            return call.result()
        except CancelledError:
            raise ModelClosedError from None
        finally:
            self._calls.discard(call)

    def close(self) -> None:
        """Cut running calls short and free the connections. Closing twice does nothing."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            calls = list(self._calls)
        for call in calls:
            call.cancel()
        asyncio.run_coroutine_threadsafe(self._finish(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    async def _finish(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.wait(others) if others else None
        await self._client.aclose()

    async def _complete(self, body: dict[str, Any]) -> chat.Answer:
        attempts = 0
        while True:
            attempts += 1
            try:
                return replace(await self._attempt(body), attempts=attempts)
            except ModelError as error:
                error.attempts = attempts
                if attempts == TRIES or not error.retry:
                    raise
                if error.status in _REFUSES_FORMAT:
                    body = chat.without_format(body)
                await anyio.sleep(_pause(error))

    async def _attempt(self, body: dict[str, Any]) -> chat.Answer:
        try:
            with anyio.fail_after(self._timeout):
                response, answer = await self._post(json.dumps(body))
        except TimeoutError:
            raise ModelError(
                f"the model at {self._host} did not answer within {self._timeout:g} seconds",
                retry=True,
            ) from None
        except httpx.RequestError as error:
            # Not the error's own text, nor its chain: they may quote a header, and so the key.
            raise ModelError(
                f"the model at {self._host} could not be reached ({type(error).__name__})",
                retry=True,
            ) from None
        if not response.is_success:
            raise self._refusal(response, answer, with_format="response_format" in body)
        try:
            return chat.read_answer(json.loads(answer))
        except (ValueError, RecursionError):
            raise ModelError(
                f"the model at {self._host} answered with something that is no chat completion",
                retry=True,
            ) from None

    async def _post(self, question: str) -> tuple[httpx.Response, bytes]:
        """Send a question and read the answer, no more of it than `MAX_ANSWER_BYTES`."""
        answer = bytearray()
        async with self._client.stream("POST", self._url, content=question) as response:
            async for chunk in response.aiter_bytes():
                answer += chunk
                if len(answer) > MAX_ANSWER_BYTES:
                    raise ModelError(
                        f"the model at {self._host} answered with more than"
                        f" {MAX_ANSWER_BYTES:,} bytes",
                        status=response.status_code,
                    )
        return response, bytes(answer)

    def _refusal(self, response: httpx.Response, answer: bytes, *, with_format: bool) -> ModelError:
        status = response.status_code
        if status in _NO_ACCESS:
            return ModelError(
                f"the model at {self._host} refused the API key (status {status}): "
                "check LANGMEM_LLM_API_KEY",
                status=status,
            )
        refused = with_format and status in _REFUSES_FORMAT
        asked = chat.retry_after(response.headers.get("Retry-After"))
        return ModelError(
            f"the model at {self._host} answered with status {status}: {self._excerpt(answer)}",
            status=status,
            retry=refused or status in _BUSY or response.is_server_error,
            wait=0.0 if refused else asked,
        )

    def _excerpt(self, answer: bytes) -> str:
        text = " ".join(answer.decode(errors="replace").split())
        if self._api_key:
            text = text.replace(self._api_key, "***")
        return text[:_EXCERPT] or "no more was said"


def _pause(error: ModelError) -> float:
    if error.wait is None:
        return float(_BACKOFF * 2 ** (error.attempts - 1))
    return min(error.wait, MAX_WAIT)
