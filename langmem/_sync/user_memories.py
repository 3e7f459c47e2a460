# Derived by scripts/unasync.py from langmem/_async/user_memories.py: edit that instead.
"""The memories of users."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

from langmem import _prepare, _waiting

from .waiting import Waiting

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping

    from langmem.schemas import ID_T, RunOutcomes, Weights
    from langmem_api.types import MemoryOutput, QueryUserMemoryResponse, Run


class UserMemories(Waiting):
    """The operations on what is remembered of a user."""

    __slots__ = ()

    def list_user_memory(self, user_id: ID_T) -> list[MemoryOutput]:
        """List everything that memory functions remember of a user.

        Args:
            user_id: The user's id.

        Returns:
            One entry for each output; empty while there is none.

        Raises:
            NotFoundError: There is no such user.
            ValueError: The id is text and not a UUID.

        Example:
            >>> for memory in client.list_user_memory(user_id):
            ...     print(memory["memory_function_name"], memory["output"])
            User Profile {'name': 'Will', 'interests': ['pikas']}
        """
        return self._send(_prepare.list_user_memory(user_id))

    @overload
    def trigger_all_for_user(self, user_id: ID_T, *, wait: None = None) -> None: ...

    @overload
    def trigger_all_for_user(self, user_id: ID_T, *, wait: float) -> RunOutcomes: ...

    def trigger_all_for_user(
        self, user_id: ID_T, *, wait: float | None = None
    ) -> RunOutcomes | None:
        """Process a user's messages now instead of after the service's delay.

        Failed and skipped runs are run again. Memories are made in the background: give `wait` to
        have them made when this returns, or look at `list_user_runs`.

        Args:
            user_id: The user's id.
            wait: Seconds to wait at most until all runs for the user have ended. None returns at
                once.

        Returns:
            What became of the runs, or None where they were not waited for.

        Raises:
            NotFoundError: There is no such user.
            WaitTimeoutError: The runs take longer than `wait`. They go on: `wait_for_memories`
                waits once more.
            ValueError: The id is text and not a UUID, or `wait` is below 0; nothing is sent.

        Example:
            >>> outcomes = client.trigger_all_for_user(user_id, wait=30)
            >>> for run in outcomes.runs:
            ...     print(run["memory_function_name"], run["status"])
            User Profile skipped
        """
        call = _prepare.trigger_all_for_user(user_id)
        span = None if wait is None else _waiting.Span(wait, "wait")
        self._send(call)
        if span is None:
            return None
        return self._wait(_waiting.runs_of_user(user_id), span)

    def delete_user_memory(self, *, user_id: ID_T, memory_function_id: ID_T) -> None:
        """Delete what one memory function remembers of a user. Deleting nothing is no error.

        Args:
            user_id: The user's id.
            memory_function_id: The memory function's id.

        Raises:
            NotFoundError: There is no such user or memory function.
            ValueError: An id is text and not a UUID.

        Example:
            >>> client.delete_user_memory(
            ...     user_id=user_id, memory_function_id=memory_function_id
            ... )
        """
        return self._send(
            _prepare.delete_user_memory(user_id=user_id, memory_function_id=memory_function_id)
        )

    def update_user_memory(
        self, user_id: ID_T, *, memory_function_id: ID_T, state: Mapping[str, Any]
    ) -> None:
        """Replace the state that a `user_state` function keeps for a user.

        Args:
            user_id: The user's id.
            memory_function_id: The memory function's id.
            state: The new state: a dict, a dataclass or a pydantic model, of the function's schema.

        Raises:
            NotFoundError: There is no such user or memory function.
            UnprocessableEntityError: The state does not fit the function's schema.
            ValueError: An id is text and not a UUID.
            TypeError: The state cannot be sent as JSON.

        Example:
            >>> client.update_user_memory(
            ...     user_id, memory_function_id=memory_function_id, state={"name": "Will"}
            ... )
        """
        return self._send(
            _prepare.update_user_memory(user_id, memory_function_id=memory_function_id, state=state)
        )

    def get_user_memory(self, user_id: ID_T, *, memory_function_id: ID_T) -> dict[str, Any] | None:
        """Get the state that a `user_state` function keeps for a user: quicker than a search.

        Args:
            user_id: The user's id.
            memory_function_id: The memory function's id.

        Returns:
            The state, whose keys are the properties of the function's schema; those not known yet
            are missing or None. None while nothing has been computed.

        Raises:
            NotFoundError: There is no such user or memory function.
            ValueError: An id is text and not a UUID.

        Example:
            >>> client.get_user_memory(user_id, memory_function_id=memory_function_id)
            {'name': 'Will', 'interests': ['pikas']}
        """
        return self._send(_prepare.get_user_memory(user_id, memory_function_id=memory_function_id))

    def query_user_memory(
        self,
        user_id: ID_T,
        text: str,
        k: int = 200,
        memory_function_ids: Iterable[ID_T] | ID_T | None = None,
        weights: Weights | Mapping[str, float] | None = None,
        states_to_return: Iterable[ID_T] | ID_T | None = None,
        thread_summaries: Iterable[ID_T] | ID_T | None = None,
        thread_summaries_k: int | None = None,
    ) -> QueryUserMemoryResponse:
        """Search a user's memories, by relevance, recency and importance.

        Lists of ids may be any iterable; a single id is a list of one.

        Args:
            user_id: The user's id. A user not known yet has no memories, which is no error.
            text: What to look for. Empty text leaves the order to recency and importance.
            k: How many memories to return at most; 1 or more.
            memory_function_ids: Search the memories of these functions, of type `user_append_state`
                or `user_semantic_memory`. None searches the unstructured memories alone.
            weights: How much `relevance`, `recency` and `importance` count. None weights them
                equally.
            states_to_return: The `user_state` functions whose states to return besides.
            thread_summaries: The `thread_summary` functions whose summaries to return besides.
            thread_summaries_k: How many threads' summaries to return for each such function.

        Returns:
            The memories found, greatest weighted score first, with the states and summaries asked
            for.

        Raises:
            NotFoundError: There is no such memory function.
            ValueError: An id is text and not a UUID, a weight has an unknown name, or a number is
                below 1.

        Example:
            Search, with recency and importance left out of account:

            >>> found = client.query_user_memory(
            ...     user_id, "pikas", k=10, weights={"recency": 0.0, "importance": 0.0}
            ... )
            >>> for memory in found["memories"]:
            ...     print(memory["text"], memory["scores"]["relevance"])
            Will knows pikas 1.0

            Search what was appended, and fetch the user's profile in the same call:

            >>> found = client.query_user_memory(
            ...     user_id,
            ...     "formative events",
            ...     memory_function_ids=[memory_function_id],
            ...     states_to_return=[memory_function_id],
            ... )
        """
        return self._send(
            _prepare.query_user_memory(
                user_id,
                text,
                k=k,
                memory_function_ids=memory_function_ids,
                weights=weights,
                states_to_return=states_to_return,
                thread_summaries=thread_summaries,
                thread_summaries_k=thread_summaries_k,
            )
        )

    def delete_individual_memories(self, user_id: ID_T, *, memories: Iterable[ID_T] | ID_T) -> None:
        """Delete single memories of a user, unstructured or appended.

        Args:
            user_id: The user's id.
            memories: The ids of the memories, as `query_user_memory` shows them; at least one. A
                single id is a list of one. Ids that name no memory of this user are passed over.

        Raises:
            NotFoundError: There is no such user.
            ValueError: The user's id is text and not a UUID, or there are no memories.

        Example:
            >>> found = client.query_user_memory(user_id, "pikas")
            >>> client.delete_individual_memories(
            ...     user_id, memories=[memory["id"] for memory in found["memories"]]
            ... )
        """
        return self._send(_prepare.delete_individual_memories(user_id, memories=memories))

    def list_user_runs(
        self,
        user_id: ID_T,
        *,
        status: str | None = None,
        page_size: int | None = None,
        limit: int | None = None,
    ) -> Generator[Run, None, None]:
        """List what each memory function did with a user's messages, newest first.

        An empty memory and one that is not computed yet look alike; here they do not. The service
        of 2024 had no such operation.

        Args:
            user_id: The user's id.
            status: Only runs of this status: queued, running, succeeded, failed or skipped.
            page_size: How many runs to fetch at a time; 1 or more.
            limit: How many runs to return at most. No page is fetched that is not needed.

        Returns:
            An iterator over the runs, which fetches page after page.

        Raises:
            NotFoundError: There is no such user.
            PaginationError: The service repeated a page.
            ValueError: The id is text and not a UUID, or a number is too small; at the call.

        Example:
            >>> for run in client.list_user_runs(user_id, limit=1):
            ...     print(run["memory_function_name"], run["status"])
            User Profile skipped
        """
        return self._iterate(
            _prepare.list_user_runs(user_id, status=status, page_size=page_size, limit=limit)
        )
